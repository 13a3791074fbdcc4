//! Giving a replacement up: what can be undone is undone.

use ironkeep_parsers::model::{Arm, DriveState, PhysicalDrive, Power};
use jiff::Timestamp;

use super::leave::{copy_target, other_copy_targets};
use super::memory::{Duty, Light, Memory, Place};
use super::next::{the_light_is_off, works};
use super::policy::Policy;
use super::spares;
use super::step::{Fact, Step};
use super::view::{self, Holder, View};
use crate::change::physical_drive::{Control, Copyback, EmptyPlace, PhysicalDriveAction as Action};
use crate::reading::Controller;

/// What comes next to undo a replacement, by what `at` shows now. A member that was taken out comes back
/// by a rebuild, never as it is: what it holds is old.
pub fn undo_step(at: &Controller, memory: &Memory, policy: &Policy, now: Timestamp) -> Step {
    let view = View {
        at,
        memory,
        policy,
        now,
    };
    let old = view.old().filter(|old| old.address() == Some(memory.bay));
    old.and_then(|old| turns(&view, old).or_else(|| belongs(&view, old)))
        .or_else(|| the_light_is_off(&view))
        .unwrap_or_else(|| Step::Done(facts(&view)))
}

/// The drive that was spun down turns again.
fn turns(view: &View<'_>, old: &PhysicalDrive) -> Option<Step> {
    let is_still = view::is_unconfigured(old) && old.power == Some(Power::SpunDown);
    is_still
        .then(|| view.act(old, Action::UndoPrepareRemoval, "it stays"))
        .flatten()
}

/// The drive does again what it was there for.
fn belongs(view: &View<'_>, old: &PhysicalDrive) -> Option<Step> {
    match &view.memory.duty {
        Duty::Member(place) => member(view, place, old),
        Duty::Spare(duty) if old.state == Some(DriveState::UnconfiguredGood) => {
            spares::make(view, old, duty)
        }
        Duty::Spare(_) | Duty::Free | Duty::Jbod => None,
    }
}

fn member(view: &View<'_>, place: &Place, old: &PhysicalDrive) -> Option<Step> {
    if view.is_lost(place) {
        return None;
    }
    match view.holder(place) {
        Holder::Drive(holder) if view.is_old(holder) => match &old.state {
            Some(DriveState::Offline) => {
                let why = "it comes back with what the others know, not with what it held";
                view.act(old, Action::Rebuild(Control::Start), why)
            }
            state if works(state.as_ref()) => {
                let target = copy_target(view)?;
                view.act(target, Action::Copyback(Copyback::Stop), "the drive stays")
            }
            _ => None,
        },
        Holder::Empty if old.state == Some(DriveState::UnconfiguredGood) => {
            let action = Action::ReplaceMissing(EmptyPlace {
                span_reference: place.reference,
                arm: Arm(place.arm),
            });
            view.act(old, action, "it gets its place back")
        }
        Holder::Drive(_) | Holder::Empty | Holder::Unknown => None,
    }
}

/// How things are left.
fn facts(view: &View<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |code, good, observed| {
        facts.push(Fact {
            code,
            good,
            observed,
        });
    };
    match view.old() {
        Some(old) => {
            let bad = [DriveState::Failed, DriveState::UnconfiguredBad];
            let good = old.state.as_ref().is_some_and(|state| !bad.contains(state));
            add(
                "old_drive",
                good,
                format!("{} is {}", view::name(old), view::state(old)),
            );
        }
        None => add(
            "old_drive",
            false,
            "the old drive is not there any more".to_owned(),
        ),
    }
    if let Some(place) = view.memory.place() {
        let (good, words) = match view.holder(place) {
            Holder::Drive(drive) => (true, format!("{} holds its place", view::name(drive))),
            Holder::Empty => (false, "its place in the drive group is empty".to_owned()),
            Holder::Unknown => (false, "its drive group is not there any more".to_owned()),
        };
        add("place", good, words);
    }
    for target in other_copy_targets(view) {
        let words = format!(
            "the copyback to {} goes on, which this replacement did not begin",
            view::name(target)
        );
        add("copyback", true, words);
    }
    if view.memory.light == Light::On {
        add(
            "light",
            false,
            "the light of the bay could not be switched off".to_owned(),
        );
    }
    facts
}
