//! The next step: the first thing that is not as it should be.

use ironkeep_parsers::model::{DriveState, VirtualDriveState};
use jiff::Timestamp;

use super::memory::{Duty, Light, Memory, Place};
use super::policy::Policy;
use super::step::{Refusal, Step};
use super::view::{Holder, View};
use super::{PARTS, join, leave, spares, verify};
use crate::change::lacking;
use crate::change::physical_drive::PhysicalDriveAction;
use crate::reading::{Controller, Part, Unread};

/// What comes next, by what `at` shows now.
///
/// Each line of it is a state of affairs that a replacement needs, the first ones first; the first that
/// does not hold yet yields the step that brings it about. Whoever brought about the others does not
/// matter.
pub fn next_step(at: &Controller, memory: &Memory, policy: &Policy, now: Timestamp) -> Step {
    let view = View {
        at,
        memory,
        policy,
        now,
    };
    everything_is_read(at)
        .or_else(|| no_data_is_lost(&view))
        .or_else(|| no_cache_is_preserved(&view))
        .or_else(|| leave::the_old_drive_holds_nothing(&view))
        .or_else(|| leave::the_old_drive_is_out(&view))
        .or_else(|| join::a_new_drive_is_there(&view))
        .or_else(|| join::the_new_drive_is_usable(&view))
        .or_else(|| join::the_new_drive_does_its_duty(&view))
        .or_else(|| spares::all_stand_by(&view))
        .or_else(|| the_light_is_off(&view))
        .unwrap_or_else(|| Step::Done(verify::facts(&view)))
}

/// What is not read may be anything.
fn everything_is_read(at: &Controller) -> Option<Step> {
    let part = PARTS.iter().find(|&&part| !is_known(at, part))?;
    let refusal = Refusal::new(
        "unread",
        lacking(at, *part),
        "without it nobody can say what is safe",
    );
    Some(
        refusal
            .possible("see what can be read: ironkeep health")
            .into(),
    )
}

fn is_known(at: &Controller, part: Part) -> bool {
    at.has(part) && !matches!(at.unread.get(&part), Some(Unread::Partial(_)))
}

/// A virtual drive that worked when the replacement began, and is lost now.
fn no_data_is_lost(view: &View<'_>) -> Option<Step> {
    let lost = view.memory.virtual_drives.iter().find(|before| {
        let was_lost = before.state.as_deref() == Some("Offline");
        let now = view.at.virtual_drives.iter().flatten();
        let mut now = now.filter(|it| it.target_id.is_some_and(|id| id.0 == before.target));
        !was_lost && now.any(|it| it.state == Some(VirtualDriveState::Offline))
    })?;
    // Somebody wanted it that way: it was said before.
    let wanted = view.policy.overrides("redundancy") && view.memory.is_on(lost.target);
    if wanted {
        return None;
    }
    let name = lost.name.as_deref().unwrap_or_default();
    let refusal = Refusal::new(
        "second_failure",
        format!("virtual drive {} {name} is off line since the replacement began", lost.target),
        "another drive failed or was pulled: what it held cannot be restored from the others, and every further change may cost what could still be saved",
    )
    .possible("which drives are lost: ironkeep health")
    .possible("put back what was pulled last, and ask a specialist before anything else: ironkeep event list");
    Some(refusal.into())
}

/// Unwritten data of a virtual drive that is off line or missing.
fn no_cache_is_preserved(view: &View<'_>) -> Option<Step> {
    let kept = view.at.preserved_cache.iter().flatten().next()?;
    if let Duty::Member(place) = &view.memory.duty
        && let Holder::Drive(drive) = view.holder(place)
        && view.is_new(drive)
    {
        return None;
    }
    if view.policy.overrides("preserved_cache") {
        return None;
    }
    let refusal = Refusal::new(
        "preserved_cache",
        format!(
            "the controller keeps unwritten data of virtual drive {} ({})",
            kept.target_id, kept.state
        ),
        "it is written once the drives of that virtual drive are back, and lost if they are not",
    )
    .possible("bring back the drives that it lacks: ironkeep vd list")
    .overridable();
    Some(refusal.into())
}

/// The light that was switched on is switched off again.
pub(super) fn the_light_is_off(view: &View<'_>) -> Option<Step> {
    if view.memory.light != Light::On {
        return None;
    }
    let drive = view.in_bay(view.memory.bay).or_else(|| view.new_drive())?;
    let action = PhysicalDriveAction::Locate { on: false };
    view.act(drive, action, "all is done there")
}

/// The light of the bay is on, as long as the old drive sits there.
pub(super) fn the_light_is_on(view: &View<'_>) -> Option<Step> {
    if view.memory.light != Light::Off {
        return None;
    }
    let old = view.old()?;
    if old.address() != Some(view.memory.bay) {
        return None;
    }
    let action = PhysicalDriveAction::Locate { on: true };
    view.act(old, action, "so that the right drive is pulled")
}

impl Memory {
    /// The place of a member.
    pub fn place(&self) -> Option<&Place> {
        match &self.duty {
            Duty::Member(place) => Some(place),
            Duty::Spare(_) | Duty::Free | Duty::Jbod => None,
        }
    }

    fn is_on(&self, target: u32) -> bool {
        self.place()
            .is_some_and(|place| place.virtual_drives.contains(&target))
    }
}

/// Whether a drive works as a member.
pub(super) fn works(state: Option<&DriveState>) -> bool {
    matches!(
        state,
        Some(DriveState::Online | DriveState::ConfiguredShielded)
    )
}
