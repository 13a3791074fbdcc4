//! The old drive leaves: first its drive group, then its bay.

use ironkeep_parsers::model::{DriveState, OperationKind, PhysicalDrive, Power};

use super::memory::{Duty, Place};
use super::next::{the_light_is_on, works};
use super::spares;
use super::step::{Refusal, Step, WaitFor};
use super::view::{self, Holder, View};
use crate::change::drive_checks::{idle, spare_of};
use crate::change::physical_drive::{Copyback, PhysicalDriveAction as Action};

/// The old drive is no member any more.
pub(super) fn the_old_drive_holds_nothing(view: &View<'_>) -> Option<Step> {
    let place = view.memory.place()?;
    let old = match view.holder(place) {
        Holder::Drive(drive) if view.is_old(drive) => drive,
        Holder::Drive(drive) if view.may_be_old(drive) => return Some(nameless(drive)),
        Holder::Drive(_) | Holder::Empty => return None,
        Holder::Unknown => return Some(unknown_place(place)),
    };
    match &old.state {
        state if works(state.as_ref()) => copied(view, place, old).or_else(|| offline(view, old)),
        Some(DriveState::Failed | DriveState::Offline) => missing(view, place, old),
        Some(DriveState::Rebuild) => Some(rebuilt(old)),
        _ => Some(
            Refusal::new(
                "state",
                format!("{} is {}", view::name(old), view::state(old)),
                "nobody knows how to take such a member out safely",
            )
            .possible(format!("what it is: ironkeep pd show {}", view::bay(old)))
            .into(),
        ),
    }
}

fn unknown_place(place: &Place) -> Step {
    Refusal::new(
        "place",
        format!(
            "the configuration does not show arm {} of array {}",
            place.arm, place.reference
        ),
        "the drive group was changed or deleted since the replacement began",
    )
    .possible("which drive groups there are: ironkeep vd list")
    .possible("give this replacement up: ironkeep pd replace --abort")
    .into()
}

/// The place is held by a drive that tells nothing of itself.
fn nameless(drive: &PhysicalDrive) -> Step {
    let bay = view::bay(drive);
    Refusal::new(
        "identity",
        format!(
            "{}, which is {}, tells neither its serial number nor its WWN any more",
            view::name(drive),
            view::state(drive)
        ),
        "nobody can say whether it is the old drive or another one",
    )
    .possible(format!(
        "if it is the old one, take it out by hand, and go on with the same command: ironkeep pd missing {bay}"
    ))
    .possible(format!("what it is: ironkeep pd show {bay}"))
    .into()
}

/// Somebody, or the controller, restores data onto the old drive.
fn rebuilt(old: &PhysicalDrive) -> Step {
    Refusal::new(
        "operation_running",
        format!("{} is being rebuilt", view::name(old)),
        "the old drive itself gets its data back: it was put back, or a rebuild was started on it",
    )
    .possible(format!(
        "stop that, if it is to be replaced: ironkeep pd rebuild stop {}",
        view::bay(old)
    ))
    .possible("or let it finish, and keep the drive: ironkeep operation list")
    .into()
}

/// The old drive, which still works, is copied to a spare: the drive group keeps its redundancy.
fn copied(view: &View<'_>, place: &Place, old: &PhysicalDrive) -> Option<Step> {
    if let Some(target) = copy_target(view) {
        let words = format!(
            "drive {} is being copied to drive {}",
            view::bay(old),
            view::bay(target)
        );
        return Some(view.watch(WaitFor::Copy, target, &OperationKind::Copyback, words));
    }
    if let Some(target) = other_copy_targets(view).next() {
        let words = format!(
            "a copyback to drive {} is running, which may be that of drive {}",
            view::bay(target),
            view::bay(old)
        );
        return Some(view.watch(WaitFor::OtherCopy, target, &OperationKind::Copyback, words));
    }
    if !view.policy.copy_first {
        return None;
    }
    if view.memory.was_copied() {
        if view.policy.overrides("copy_failed") {
            return None;
        }
        let refusal = Refusal::new(
            "copy_failed",
            format!(
                "{} was being copied to a hot spare, and that ended before its time",
                view::name(old)
            ),
            "it was stopped, or one of the two drives could not be read or written",
        )
        .possible("what happened: ironkeep event list")
        .possible("go on without a copy, by taking the drive off line: add --no-copy")
        .overridable();
        return Some(refusal.into());
    }
    let to = spares::for_copy(view, place)?;
    busy(view, old)
        .or_else(|| the_light_is_on(view))
        .or_else(|| {
            let named = crate::change::physical_drive::NamedDrive::of(to)?;
            let why = format!(
                "it still works: copied to the hot spare {}, nothing loses its redundancy",
                view::bay(to)
            );
            view.act(old, Action::Copyback(Copyback::Start { to: named }), why)
        })
}

/// The drive that the old one is being copied to, if that was begun here.
pub(super) fn copy_target<'a>(view: &View<'a>) -> Option<&'a PhysicalDrive> {
    copy_targets(view).find(|drive| is_own_copy(view, drive))
}

/// The targets of copybacks that were not begun here. Nothing tells from which drives they come: the
/// controller begins one by itself where a drive predicts its failure, or is back in its bay.
pub(super) fn other_copy_targets<'a>(view: &View<'a>) -> impl Iterator<Item = &'a PhysicalDrive> {
    copy_targets(view).filter(|drive| !is_own_copy(view, drive) && !view.is_old(drive))
}

fn copy_targets<'a>(view: &View<'a>) -> impl Iterator<Item = &'a PhysicalDrive> {
    let copies = |drive: &&PhysicalDrive| drive.state == Some(DriveState::Copyback);
    view.drives().filter(copies)
}

fn is_own_copy(view: &View<'_>, target: &PhysicalDrive) -> bool {
    let copy = view.memory.own_copy();
    copy.is_some_and(|copy| copy.target.is(target))
}

fn offline(view: &View<'_>, old: &PhysicalDrive) -> Option<Step> {
    busy(view, old)
        .or_else(|| redundancy(view, old))
        .or_else(|| the_light_is_on(view))
        .or_else(|| {
            let why = "the others have all that it holds";
            view.act(old, Action::Offline, why)
        })
}

fn missing(view: &View<'_>, place: &Place, old: &PhysicalDrive) -> Option<Step> {
    let refused = redundancy(view, old);
    if refused.is_some() {
        return refused;
    }
    if view.is_lost(place) {
        // Nothing can be rebuilt: the drive group stays as it is, for whoever wants to rescue data.
        return None;
    }
    if view.memory.auto_rebuild != Some(false)
        && let Some(spare) = spares::stepping_in(view, place)
    {
        let words = format!("the hot spare {} should step in", view::bay(spare));
        if let Some(wait) = view.patience(WaitFor::Spare, &words) {
            return Some(wait);
        }
    }
    busy(view, old)
        .or_else(|| the_light_is_on(view))
        .or_else(|| {
            let why = "its place becomes free for the new drive";
            view.act(old, Action::MarkMissing, why)
        })
}

/// What runs there and would be disturbed.
fn busy(view: &View<'_>, old: &PhysicalDrive) -> Option<Step> {
    let check = idle(view.at, old, &[]);
    refused(view, &check)
}

/// A span that would lose data.
fn redundancy(view: &View<'_>, old: &PhysicalDrive) -> Option<Step> {
    let checks = spare_of(view.at, old);
    checks.iter().find_map(|check| refused(view, check))
}

fn refused(view: &View<'_>, check: &crate::change::Check) -> Option<Step> {
    check
        .stands_against(&view.policy.overrides)
        .then(|| Refusal::of(check))
        .flatten()
        .map(Step::from)
}

/// The old drive does not sit where the new one is to sit.
pub(super) fn the_old_drive_is_out(view: &View<'_>) -> Option<Step> {
    let old = view.old()?;
    if old.address() != Some(view.memory.bay) {
        return None;
    }
    stopped(view, old).or_else(|| {
        (view.memory.new_bay == view.memory.bay).then(|| {
            let words = format!("pull {}", view::name(old));
            view.wait(WaitFor::Pull, words, Some(view.policy.wait_for_drive))
        })
    })
}

/// The old drive does nothing and does not turn.
fn stopped(view: &View<'_>, old: &PhysicalDrive) -> Option<Step> {
    match &old.state {
        Some(DriveState::UnconfiguredGood | DriveState::UnconfiguredBad) => {
            let is_still = old.power == Some(Power::SpunDown) || view.memory.asked_to_stop;
            if is_still {
                return None;
            }
            the_light_is_on(view).or_else(|| {
                let why = "it stops turning, and can be pulled without harm";
                view.act(old, Action::PrepareRemoval, why)
            })
        }
        Some(DriveState::Copyback) => {
            let why = "data is being copied onto the very drive that is to leave";
            view.act(old, Action::Copyback(Copyback::Stop), why)
        }
        Some(DriveState::HotSpare) => the_light_is_on(view).or_else(|| {
            spares::remove(view, old, "a hot spare could be called while it is pulled")
        }),
        // It is in the drive group still, and that is lost.
        Some(DriveState::Failed | DriveState::Offline) => the_light_is_on(view),
        Some(DriveState::Jbod) if view.memory.duty == Duty::Jbod => the_light_is_on(view),
        _ => Some(
            Refusal::new(
                "state",
                format!("{} is {}", view::name(old), view::state(old)),
                "it is used for something else since the replacement began",
            )
            .possible(format!("what it is: ironkeep pd show {}", view::bay(old)))
            .possible("give this replacement up: ironkeep pd replace --abort")
            .into(),
        ),
    }
}
