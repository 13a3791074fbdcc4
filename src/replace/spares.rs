//! Hot spares: which could step in, and which have to stand by again.

use ironkeep_parsers::model::{DriveState, HotSpareKind, PhysicalDrive};

use super::fit;
use super::memory::{Identity, Place, SpareDuty};
use super::step::Step;
use super::view::View;
use crate::change::physical_drive::NamedDrive;
use crate::change::spare::{Duties, Protects, SpareAction, SpareChange};

/// The hot spare to copy a member of `place` to: it fits, and is not about to fail. One that is
/// dedicated goes before one that serves all.
pub(super) fn for_copy<'a>(view: &View<'a>, place: &Place) -> Option<&'a PhysicalDrive> {
    let spares = view.drives().filter(|drive| {
        drive.state == Some(DriveState::HotSpare)
            && serves(drive, place) == Some(true)
            && !view.is_new(drive)
            && fit::fits(view, place, drive)
    });
    spares.min_by_key(|drive| !is_dedicated(drive))
}

/// The hot spare that should step in for `place` by itself.
pub(super) fn stepping_in<'a>(view: &View<'a>, place: &Place) -> Option<&'a PhysicalDrive> {
    for_copy(view, place)
}

fn is_dedicated(drive: &PhysicalDrive) -> bool {
    let duty = drive.hot_spare.as_ref();
    duty.is_some_and(|it| it.kind == Some(HotSpareKind::Dedicated))
}

/// Whether the hot spare serves the place; `None` where it does not tell.
fn serves(drive: &PhysicalDrive, place: &Place) -> Option<bool> {
    let duty = drive.hot_spare.as_ref()?;
    match duty.kind.as_ref()? {
        HotSpareKind::Global => Some(true),
        HotSpareKind::Dedicated => Some(duty.drive_groups.contains(&place.reference)),
        HotSpareKind::Other(_) | _ => None,
    }
}

/// What the drive, which stepped in for `place`, stood by for before. Where it had stepped in already when
/// the replacement began, only that it served this place is certain.
pub(super) fn duty_of(view: &View<'_>, place: &Place, drive: &PhysicalDrive) -> Option<SpareDuty> {
    let mut all = view.memory.spares.iter();
    all.find(|duty| duty.drive.is(drive)).cloned().or_else(|| {
        Some(SpareDuty {
            drive: Identity::of(drive)?,
            bay: drive.address()?,
            arrays: vec![place.reference],
            enclosure_affinity: false,
            revertible: true,
        })
    })
}

/// The drives that stood by before stand by again, unless they are used.
pub(super) fn all_stand_by(view: &View<'_>) -> Option<Step> {
    view.memory.spares.iter().find_map(|duty| {
        let drive = view.drive(&duty.drive)?;
        let is_idle =
            drive.state == Some(DriveState::UnconfiguredGood) && drive.foreign != Some(true);
        is_idle.then(|| make(view, drive, duty)).flatten()
    })
}

/// `drive` becomes a hot spare with `duty`.
pub(super) fn make(view: &View<'_>, drive: &PhysicalDrive, duty: &SpareDuty) -> Option<Step> {
    let protects = if duty.arrays.is_empty() {
        Protects::All
    } else {
        Protects::Arrays(duty.arrays.clone())
    };
    let duties = Duties {
        protects,
        enclosure_affinity: duty.enclosure_affinity,
        revertible: duty.revertible,
    };
    let change = SpareChange {
        drive: NamedDrive::of(drive)?,
        action: SpareAction::Add(duties),
    };
    let why = format!("as the drive in bay {} stood by before", duty.bay);
    Some(view.change(change, why))
}

/// `drive` is no hot spare any more.
pub(super) fn remove(view: &View<'_>, drive: &PhysicalDrive, why: &str) -> Option<Step> {
    let change = SpareChange {
        drive: NamedDrive::of(drive)?,
        action: SpareAction::Remove,
    };
    Some(view.change(change, why))
}
