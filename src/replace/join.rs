//! The new drive arrives, is made usable, and takes up its duty.

use ironkeep_parsers::model::{
    Arm, DriveState, ForeignConfiguration, OperationKind, PhysicalDrive,
};

use super::fit;
use super::memory::{Duty, Identity, Place};
use super::policy::{ForeignPolicy, Given, SparePolicy};
use super::spares;
use super::step::{Question, Refusal, Step, WaitFor};
use super::view::{self, Holder, View};
use crate::change::foreign::{ForeignAction, ForeignChange, NamedForeign, Which, drives};
use crate::change::physical_drive::{
    Control, Copyback, EmptyPlace, NamedDrive, PhysicalDriveAction as Action,
};

/// A drive that is not the old one sits in the bay.
pub(super) fn a_new_drive_is_there(view: &View<'_>) -> Option<Step> {
    if view.new_drive().is_some() {
        return None;
    }
    let bay = view.memory.new_bay;
    let words = if view.in_bay(bay).is_some() {
        format!(
            "the drive in bay {bay} tells neither its serial number nor its WWN: pull it, whether it is the old one or a new one, and insert a drive that tells them"
        )
    } else {
        format!("insert the new drive into bay {bay}")
    };
    Some(view.wait(WaitFor::Drive, words, Some(view.policy.wait_for_drive)))
}

/// The new drive fits and can be configured. Whether it fits comes before anything is written to it.
pub(super) fn the_new_drive_is_usable(view: &View<'_>) -> Option<Step> {
    let new = view.new_drive()?;
    if is_in_duty(view, new) {
        return None;
    }
    fit::misfit(view, new)
        .map(Step::from)
        .or_else(|| match &new.state {
            Some(DriveState::UnconfiguredBad) => {
                let why = "a new drive that the controller calls bad: mostly it was used elsewhere";
                view.act(new, Action::MakeGood { force: false }, why)
            }
            Some(DriveState::Jbod) if view.memory.duty == Duty::Jbod => None,
            Some(DriveState::Jbod) => jbod(view, new),
            Some(DriveState::UnconfiguredGood) if new.foreign == Some(true) => {
                Some(foreign(view, new))
            }
            Some(DriveState::UnconfiguredGood) => None,
            // A controller may make a hot spare of a drive that it knows as one.
            Some(DriveState::HotSpare) if matches!(view.memory.duty, Duty::Spare(_)) => None,
            Some(DriveState::HotSpare) => {
                let why = "the controller made a hot spare of it, and it is needed as a member";
                spares::remove(view, new, why)
            }
            _ => Some(
                Refusal::new(
                    "state",
                    format!("the new {} is {}", view::name(new), view::state(new)),
                    "only a drive that belongs to nothing can take the place of another",
                )
                .possible(format!("what it is: ironkeep pd show {}", view::bay(new)))
                .into(),
            ),
        })
}

/// Whether the new drive is where it belongs, or on its way there.
fn is_in_duty(view: &View<'_>, new: &PhysicalDrive) -> bool {
    match &view.memory.duty {
        Duty::Member(place) => {
            let holds = matches!(view.holder(place), Holder::Drive(drive) if view.is_new(drive));
            // Copied back to, or standing by for the spare that stays.
            let copied = new.state == Some(DriveState::Copyback);
            let keeps = view.policy.spare == SparePolicy::Keep
                && new.state == Some(DriveState::HotSpare)
                && matches!(view.holder(place), Holder::Drive(drive) if !view.is_old(drive));
            holds || copied || keeps
        }
        Duty::Spare(_) => new.state == Some(DriveState::HotSpare),
        // The controller found a use for it.
        Duty::Free => matches!(
            new.state,
            Some(DriveState::Rebuild | DriveState::Copyback | DriveState::Online)
        ),
        Duty::Jbod => new.state == Some(DriveState::Jbod),
    }
}

/// The host has the new drive as it is.
fn jbod(view: &View<'_>, new: &PhysicalDrive) -> Option<Step> {
    let observed = format!(
        "the new {} was given to the host as it is (JBOD)",
        view::name(new)
    );
    match view.policy.jbod {
        Given::Ask => Some(Step::Ask(Question::Jbod { observed })),
        Given::Chosen(false) => Some(
            Refusal::new(
                "jbod",
                observed,
                "what the host has on it is lost when the drive group takes it",
            )
            .possible("agree to that: add --jbod take")
            .possible("insert a drive that holds nothing")
            .into(),
        ),
        Given::Chosen(true) => {
            let why = "the controller gives new drives to the host; the drive group needs this one";
            view.act(new, Action::MakeGood { force: true }, why)
                .map(chosen)
        }
    }
}

/// A step that was agreed to by a choice.
fn chosen(step: Step) -> Step {
    match step {
        Step::Act { request, why, .. } => Step::Act {
            request,
            why,
            chosen: true,
        },
        Step::Wait(_) | Step::Ask(_) | Step::Refuse(_) | Step::Done(_) => step,
    }
}

/// The new drive brings a configuration. Only the one that is on it, and on nothing else, is touched.
fn foreign(view: &View<'_>, new: &PhysicalDrive) -> Step {
    let all = view.at.foreign.as_deref().unwrap_or_default();
    let Some(found) = all.iter().find(|it| holds(it, new)) else {
        let refusal = Refusal::new(
            "foreign",
            format!(
                "the new {} is foreign, and no foreign configuration names it",
                view::name(new)
            ),
            "without its number nobody knows what would be cleared with it",
        )
        .possible("what is there: ironkeep foreign list")
        .possible("insert another drive");
        return refusal.into();
    };
    let others: Vec<String> = drives(found)
        .filter(|drive| drive.address() != new.address())
        .map(view::bay)
        .collect();
    let index = found.index;
    let observed = format!(
        "the new {} carries a foreign configuration ({})",
        view::name(new),
        index.map_or_else(
            || "without a number".to_owned(),
            |it| format!("number {it}")
        ),
    );
    if !others.is_empty() {
        let refusal = Refusal::new(
            "foreign_shared",
            format!("{observed}, which is on {} too", others.join(", ")),
            "cleared or imported, it is cleared or imported on those drives as well",
        )
        .possible("see what it is: ironkeep foreign show")
        .possible("insert a drive that holds nothing");
        return refusal.into();
    }
    let action = match view.policy.foreign {
        Given::Ask => return Step::Ask(Question::Foreign { observed }),
        Given::Chosen(ForeignPolicy::Clear) => ForeignAction::Clear,
        Given::Chosen(ForeignPolicy::Import) => ForeignAction::Import,
        Given::Chosen(ForeignPolicy::Refuse) => {
            let refusal = Refusal::new(
                "foreign",
                observed,
                "it was a member elsewhere: what it held is lost when it is cleared",
            )
            .possible("see what it is: ironkeep foreign show")
            .possible("agree to lose it: add --foreign clear");
            return refusal.into();
        }
    };
    let Some(which) = NamedForeign::of(found) else {
        let refusal = Refusal::new("foreign", observed, "only one with a number can be chosen");
        return refusal.into();
    };
    let which = Which::One(which);
    let why = "it is on the new drive and on no other";
    chosen(view.change(ForeignChange { which, action }, why))
}

fn holds(it: &ForeignConfiguration, drive: &PhysicalDrive) -> bool {
    let identity = Identity::of(drive);
    drives(it).any(|member| {
        let same = identity.as_ref().is_some_and(|it| it.is(member));
        same || (drive.address().is_some() && member.address() == drive.address())
    })
}

/// The new drive does what the old one was there for.
pub(super) fn the_new_drive_does_its_duty(view: &View<'_>) -> Option<Step> {
    let new = view.new_drive()?;
    match &view.memory.duty {
        Duty::Member(place) => member(view, place, new),
        Duty::Spare(duty) if new.state == Some(DriveState::UnconfiguredGood) => {
            spares::make(view, new, duty)
        }
        Duty::Jbod if new.state == Some(DriveState::UnconfiguredGood) => view.act(
            new,
            Action::MakeJbod,
            "the host had the old drive as it was",
        ),
        Duty::Free => busy(view, new),
        Duty::Spare(_) | Duty::Jbod => None,
    }
}

/// What the controller does by itself with a drive that nobody wanted to use.
fn busy(view: &View<'_>, new: &PhysicalDrive) -> Option<Step> {
    let bay = view::bay(new);
    let (what, kind, words) = match &new.state {
        Some(DriveState::Rebuild) => {
            let words = format!("drive {bay} is being rebuilt");
            (WaitFor::Rebuild, OperationKind::Rebuild, words)
        }
        Some(DriveState::Copyback) => {
            let words = format!("data is being copied to drive {bay}");
            (WaitFor::Copyback, OperationKind::Copyback, words)
        }
        _ => return None,
    };
    Some(view.watch(what, new, &kind, words))
}

fn member(view: &View<'_>, place: &Place, new: &PhysicalDrive) -> Option<Step> {
    match view.holder(place) {
        Holder::Drive(holder) if view.is_new(holder) => rebuilt(view, place, new),
        Holder::Drive(spare) => stood_in(view, place, spare, new),
        Holder::Empty if view.is_lost(place) => None,
        Holder::Empty => put_in(view, place, new),
        Holder::Unknown => None,
    }
}

/// The new drive is put into the empty place.
fn put_in(view: &View<'_>, place: &Place, new: &PhysicalDrive) -> Option<Step> {
    let settings = view.at.info.as_ref().map(|info| &info.settings);
    let by_itself = settings.and_then(|it| it.auto_rebuild) != Some(false)
        && view.memory.new_bay == view.memory.bay;
    if by_itself {
        let words = "the controller should begin the rebuild by itself";
        if let Some(wait) = view.patience(WaitFor::AutoRebuild, words) {
            return Some(wait);
        }
    }
    let table = view.at.missing_drives.as_deref().unwrap_or_default();
    let is_it = |row: &&_| is_row(row, place);
    if !table.iter().any(|row| is_it(&row)) {
        let refusal = Refusal::new(
            "empty_place",
            format!(
                "arm {} of array {} is empty, and the table of missing drives does not name it",
                place.arm, place.reference
            ),
            "the controller does not want a drive there",
        )
        .possible("how things are: ironkeep health");
        return Some(refusal.into());
    }
    let action = Action::ReplaceMissing(EmptyPlace {
        span_reference: place.reference,
        arm: Arm(place.arm),
    });
    let why = if by_itself {
        "the controller did not take it by itself"
    } else {
        "the controller does not take it by itself"
    };
    view.act(new, action, why)
}

fn is_row(row: &ironkeep_parsers::model::MissingDrive, place: &Place) -> bool {
    (row.span_reference, row.arm) == (place.reference, Arm(place.arm))
}

/// The new drive has its place: it gets its data.
fn rebuilt(view: &View<'_>, place: &Place, new: &PhysicalDrive) -> Option<Step> {
    let bay = view::bay(new);
    match &new.state {
        Some(DriveState::Online | DriveState::ConfiguredShielded) => None,
        Some(DriveState::Rebuild | DriveState::Copyback) => busy(view, new),
        Some(DriveState::Offline) if view.is_lost(place) => None,
        Some(DriveState::Offline) => {
            let why = "it has its place, and no data yet";
            view.act(new, Action::Rebuild(Control::Start), why)
        }
        _ => Some(
            Refusal::new(
                "new_drive_failed",
                format!("the new {} is {}", view::name(new), view::state(new)),
                "it did not bear the rebuild",
            )
            .possible("what happened: ironkeep event list")
            .possible(format!(
                "pull it, insert yet another one into bay {bay}, and go on with the same command"
            ))
            .into(),
        ),
    }
}

/// A spare stepped in: either the data goes back, or the new drive becomes the spare.
fn stood_in(
    view: &View<'_>,
    place: &Place,
    spare: &PhysicalDrive,
    new: &PhysicalDrive,
) -> Option<Step> {
    if new.state == Some(DriveState::Copyback) {
        return busy(view, new);
    }
    let is_free = new.state == Some(DriveState::UnconfiguredGood);
    if view.policy.spare == SparePolicy::Keep && is_free {
        return spares::make(view, new, &spares::duty_of(view, place, spare)?);
    }
    match &spare.state {
        Some(DriveState::Rebuild) => {
            let words = format!("the spare {} is being rebuilt", view::bay(spare));
            Some(view.watch(WaitFor::SpareRebuild, spare, &OperationKind::Rebuild, words))
        }
        state if super::next::works(state.as_ref()) => {
            if !is_free {
                return None;
            }
            let info = view.at.info.as_ref();
            let disabled = info.and_then(|it| it.physical_drive_operations.disable_copyback);
            if disabled != Some(true) && view.memory.new_bay == view.memory.bay {
                let words = "the controller should begin by itself to copy the data back";
                if let Some(wait) = view.patience(WaitFor::AutoCopyback, words) {
                    return Some(wait);
                }
            }
            let to = NamedDrive::of(new)?;
            let why = "the data goes back to its bay, and the spare stands by again";
            view.act(spare, Action::Copyback(Copyback::Start { to }), why)
        }
        _ => Some(
            Refusal::new(
                "second_failure",
                format!(
                    "{}, which stepped in, is {}",
                    view::name(spare),
                    view::state(spare)
                ),
                "it failed while it was to hold the place of the old drive",
            )
            .possible("how things are: ironkeep health")
            .possible(format!(
                "replace it as well: ironkeep pd replace {}",
                view::bay(spare)
            ))
            .into(),
        ),
    }
}
