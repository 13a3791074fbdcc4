//! What is verified at the end.

use ironkeep_parsers::model::{DriveState, PhysicalDrive, VirtualDriveState};

use super::memory::{Duty, Identity, Light, Place};
use super::step::Fact;
use super::view::{self, Holder, View};
use crate::output::human;

fn fact(code: &'static str, good: bool, observed: impl Into<String>) -> Fact {
    Fact {
        code,
        good,
        observed: observed.into(),
    }
}

/// Everything that should be as it was, or as it was wanted.
pub(super) fn facts(view: &View<'_>) -> Vec<Fact> {
    let mut facts = vec![duty(view)];
    if let Duty::Member(place) = &view.memory.duty {
        facts.extend(view.virtual_drives(place).map(|it| {
            let state = it
                .state
                .as_ref()
                .map_or_else(|| "unknown".to_owned(), ToString::to_string);
            let target = human::or_unknown(it.target_id);
            let good = it.state == Some(VirtualDriveState::Optimal);
            let then = if it.state == Some(VirtualDriveState::Offline) {
                ": its data is lost; delete it and create it anew, and restore a backup"
            } else {
                ""
            };
            fact(
                "virtual_drive",
                good,
                format!("virtual drive {target} is {state}{then}"),
            )
        }));
    }
    facts.extend(write_policies(view));
    facts.extend(spares(view));
    facts.push(foreign(view));
    facts.push(match view.memory.light {
        Light::Off => fact("light", true, "the light of the bay is off"),
        Light::Unable => fact("light", true, "the light of the bay was not used"),
        Light::On => fact(
            "light",
            false,
            "the light of the bay could not be switched off",
        ),
    });
    if let Some(old) = view.old() {
        let words = format!(
            "the old {} is still there, unused: it can be pulled",
            view::name(old)
        );
        facts.push(fact("old_drive", true, words));
    }
    facts
}

/// The new drive does what the old one did.
fn duty(view: &View<'_>) -> Fact {
    const CODE: &str = "new_drive";
    let Some(new) = view.new_drive() else {
        return fact(
            CODE,
            false,
            format!("bay {} has no new drive", view.memory.new_bay),
        );
    };
    let name = view::name(new);
    let state = view::state(new);
    let good = match &view.memory.duty {
        Duty::Member(place) => return member(view, place, new),
        Duty::Spare(duty) => {
            let does = new.hot_spare.as_ref().is_some_and(|it| duty.is_done_by(it));
            new.state == Some(DriveState::HotSpare) && does
        }
        Duty::Free => matches!(
            new.state,
            Some(DriveState::UnconfiguredGood | DriveState::Online)
        ),
        Duty::Jbod => new.state == Some(DriveState::Jbod),
    };
    fact(CODE, good, format!("the new {name} is {state}"))
}

fn member(view: &View<'_>, place: &Place, new: &PhysicalDrive) -> Fact {
    const CODE: &str = "new_drive";
    let there = format!(
        "arm {} of span {} of drive group {}",
        place.arm, place.span, place.drive_group
    );
    let (name, state) = (view::name(new), view::state(new));
    match view.holder(place) {
        Holder::Drive(holder) if view.is_new(holder) => {
            let good = new.state == Some(DriveState::Online);
            fact(CODE, good, format!("the new {name} is {state} as {there}"))
        }
        Holder::Drive(spare) => {
            let good =
                new.state == Some(DriveState::HotSpare) && spare.state == Some(DriveState::Online);
            let words = format!(
                "{} is {} as {there}, and the new {name} is {state}",
                view::name(spare),
                view::state(spare)
            );
            fact(CODE, good, words)
        }
        Holder::Empty | Holder::Unknown => fact(
            CODE,
            false,
            format!("the new {name} is {state}, and {there} has no drive"),
        ),
    }
}

fn write_policies(view: &View<'_>) -> Vec<Fact> {
    let changed = view.memory.virtual_drives.iter().filter_map(|before| {
        let mut now = view.at.virtual_drives.iter().flatten();
        let now = now.find(|it| it.target_id.is_some_and(|id| id.0 == before.target))?;
        let was = before.write_policy.as_ref()?;
        let is = now.default_cache.as_ref()?.write.as_ref()?.to_string();
        (is != *was).then(|| {
            let words = format!(
                "virtual drive {} is set to {is}, and was set to {was}",
                before.target
            );
            fact("write_policy", false, words)
        })
    });
    let changed: Vec<Fact> = changed.collect();
    if changed.is_empty() {
        vec![fact(
            "write_policy",
            true,
            "the write policies are as they were",
        )]
    } else {
        changed
    }
}

fn spares(view: &View<'_>) -> Vec<Fact> {
    const CODE: &str = "spare";
    let lacking = view.memory.spares.iter().filter_map(|before| {
        let stands_by = |drive: &PhysicalDrive| {
            drive
                .hot_spare
                .as_ref()
                .is_some_and(|it| before.is_done_by(it))
        };
        let now = view.drive(&before.drive);
        // The new drive stands by where the spare stays.
        if now.is_some_and(stands_by) || view.new_drive().is_some_and(stands_by) {
            return None;
        }
        let is = now.map_or_else(|| "gone".to_owned(), view::state);
        let words = format!(
            "the hot spare of bay {} (serial number {}) is {is}",
            before.bay,
            before.drive.name()
        );
        Some(fact(CODE, false, words))
    });
    let lacking: Vec<Fact> = lacking.collect();
    if lacking.is_empty() {
        let words = match view.memory.spares.len() {
            0 => "there is no other hot spare, as before".to_owned(),
            count => format!("hot spares stand by as before ({count})"),
        };
        vec![fact(CODE, true, words)]
    } else {
        lacking
    }
}

fn foreign(view: &View<'_>) -> Fact {
    const CODE: &str = "foreign";
    let drives = view.drives().filter(|drive| drive.foreign == Some(true));
    let more: Vec<String> = drives
        .filter(|drive| {
            let name = Identity::of(drive);
            name.is_none_or(|it| !view.memory.foreign.iter().any(|known| known == it.name()))
        })
        .map(view::bay)
        .collect();
    if more.is_empty() {
        fact(CODE, true, "no foreign configuration came with it")
    } else {
        fact(
            CODE,
            false,
            format!(
                "foreign configurations came with drives {}",
                more.join(", ")
            ),
        )
    }
}
