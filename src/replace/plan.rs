//! What will be done, as far as one can see.

use ironkeep_parsers::model::DriveState;
use jiff::Timestamp;
use serde::Serialize;

use super::memory::{Duty, Memory};
use super::next::works;
use super::policy::{Given, Policy, SparePolicy};
use super::spares;
use super::view::{self, Holder, View};
use crate::reading::Controller;

/// A step of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PlanStep {
    /// Its number, from 1.
    pub number: usize,
    /// Who does it: `ironkeep`, `person` or `controller`.
    pub who: &'static str,
    /// What.
    pub what: String,
    /// Under which circumstances; absent where it is done for certain.
    pub only_if: Option<String>,
}

#[derive(Debug, Default)]
struct Plan(Vec<PlanStep>);

impl Plan {
    fn add(&mut self, who: &'static str, what: impl Into<String>, only_if: Option<&str>) {
        self.0.push(PlanStep {
            number: self.0.len() + 1,
            who,
            what: what.into(),
            only_if: only_if.map(str::to_owned),
        });
    }
}

const US: &str = "ironkeep";
const PERSON: &str = "person";
const CONTROLLER: &str = "controller";

/// The steps from how things are to the end. What is done already is left out.
pub fn plan(at: &Controller, memory: &Memory, policy: &Policy, now: Timestamp) -> Vec<PlanStep> {
    let view = View {
        at,
        memory,
        policy,
        now,
    };
    let mut plan = Plan::default();
    if let Some(old) = view.old().filter(|old| old.address() == Some(memory.bay)) {
        plan.add(
            US,
            format!("switch on the light of bay {}", memory.bay),
            None,
        );
        plan.add(
            PERSON,
            format!(
                "confirm that the drive in bay {} is {}",
                memory.bay,
                view::name(old)
            ),
            Some("somebody is at the terminal"),
        );
        let leaves = match &memory.duty {
            Duty::Member(place) => leaves_group(&view, place, &mut plan),
            Duty::Spare(_) => {
                plan.add(
                    US,
                    format!("let drive {} be a hot spare no longer", memory.bay),
                    None,
                );
                true
            }
            Duty::Free => true,
            Duty::Jbod => false,
        };
        if leaves && old.power != Some(ironkeep_parsers::model::Power::SpunDown) {
            plan.add(
                US,
                format!("spin drive {} down, to be pulled", memory.bay),
                None,
            );
        }
        if memory.new_bay == memory.bay {
            plan.add(PERSON, format!("pull {}", view::name(old)), None);
        }
    }
    if view.new_drive().is_none() {
        plan.add(
            PERSON,
            format!("insert the new drive into bay {}", memory.new_bay),
            None,
        );
    }
    joins(&view, &mut plan);
    plan.add(US, "verify the drive, its virtual drives, hot spares, foreign configurations and write policies", None);
    if view.old().is_some() {
        plan.add(
            US,
            format!("switch off the light of bay {}", memory.bay),
            None,
        );
    }
    plan.0
}

/// How a member leaves its drive group. Whether it can be spun down then.
fn leaves_group(view: &View<'_>, place: &super::Place, plan: &mut Plan) -> bool {
    let bay = view.memory.bay;
    let Holder::Drive(old) = view.holder(place) else {
        return true;
    };
    if !view.is_old(old) {
        return true;
    }
    if view.is_lost(place) {
        return false;
    }
    if works(old.state.as_ref()) {
        if let Some(to) = spares::for_copy(view, place).filter(|_| view.policy.copy_first) {
            plan.add(
                CONTROLLER,
                format!(
                    "copy drive {bay} to the hot spare {}, which takes its place",
                    view::bay(to)
                ),
                None,
            );
            return true;
        }
        plan.add(US, format!("take drive {bay} off line"), None);
    }
    if old.state != Some(DriveState::Rebuild) {
        plan.add(
            US,
            format!("take drive {bay} out of its drive group"),
            Some("no hot spare took its place"),
        );
    }
    true
}

fn joins(view: &View<'_>, plan: &mut Plan) {
    let bay = view.memory.new_bay;
    let compared =
        "size, interface, media type, sector size, protection information and encryption";
    plan.add(
        US,
        format!("check that the new drive is another one, and that it fits: {compared}"),
        None,
    );
    plan.add(
        US,
        format!("make drive {bay} usable"),
        Some("the controller calls it bad"),
    );
    let jbod = match view.policy.jbod {
        Given::Chosen(true) => "take it",
        Given::Chosen(false) => "stop",
        Given::Ask => "ask whether it may be taken",
    };
    plan.add(US, jbod, Some("the controller gives it to the host (JBOD)"));
    let foreign = match view.policy.foreign {
        Given::Chosen(it) => match it {
            super::ForeignPolicy::Clear => "clear it, and only it",
            super::ForeignPolicy::Import => "import it, and only it",
            super::ForeignPolicy::Refuse => "stop",
        },
        Given::Ask => "show it, and ask whether it may be cleared",
    };
    plan.add(US, foreign, Some("it brings a foreign configuration"));
    match &view.memory.duty {
        Duty::Member(place) => member(view, place, plan),
        Duty::Spare(duty) => {
            let whom = if duty.arrays.is_empty() {
                "all drive groups".to_owned()
            } else {
                let list: Vec<String> = duty.arrays.iter().map(ToString::to_string).collect();
                format!("array {}", list.join(", "))
            };
            plan.add(US, format!("make drive {bay} a hot spare for {whom}"), None);
        }
        Duty::Jbod => plan.add(
            US,
            format!("give drive {bay} to the host"),
            Some("the controller does not do so by itself"),
        ),
        Duty::Free => {}
    }
}

fn member(view: &View<'_>, place: &super::Place, plan: &mut Plan) {
    let bay = view.memory.new_bay;
    if view.is_lost(place) {
        return;
    }
    let stands_in = match view.holder(place) {
        Holder::Drive(drive) => {
            let is_other = !view.is_old(drive) && !view.is_new(drive);
            is_other || (view.is_old(drive) && spares::for_copy(view, place).is_some())
        }
        Holder::Empty | Holder::Unknown => false,
    };
    if stands_in {
        match view.policy.spare {
            SparePolicy::Return => {
                plan.add(
                    CONTROLLER,
                    format!("copy the data back to drive {bay}; the spare stands by again"),
                    None,
                );
            }
            SparePolicy::Keep => plan.add(US, format!("make drive {bay} the hot spare"), None),
        }
        return;
    }
    if view.memory.auto_rebuild != Some(false) && view.memory.new_bay == view.memory.bay {
        plan.add(
            CONTROLLER,
            format!("begin the rebuild of drive {bay} by itself"),
            None,
        );
    }
    let otherwise = Some("the rebuild did not begin by itself");
    plan.add(
        US,
        format!(
            "put drive {bay} into arm {} of array {}",
            place.arm, place.reference
        ),
        otherwise,
    );
    plan.add(US, format!("rebuild drive {bay}"), otherwise);
    plan.add(CONTROLLER, "rebuild it to the end", None);
}
