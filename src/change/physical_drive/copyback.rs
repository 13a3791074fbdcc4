//! Checks of copybacks.

use ironkeep_parsers::model::{DriveState, HotSpareKind, PhysicalDrive};

use super::NamedDrive;
use crate::change::drive_checks::{idle, in_state, not_foreign, sound, unlocked};
use crate::change::{Check, Risk, Scene, fits};
use crate::membership;
use crate::reading::{Controller, Part};

pub(super) fn start(scene: &Scene<'_>, drive: &PhysicalDrive, to: &NamedDrive) -> Vec<Check> {
    let at = scene.controller;
    let mut checks = vec![to.check(at, Risk::Change)];
    let Some(target) = to.find(at) else {
        return checks;
    };
    let what = "only a member that works can be copied";
    checks.push(in_state(drive, &[DriveState::Online], what));
    let what = "only a hot spare, or a usable drive that belongs to nothing, can take a copy";
    checks.push(in_state(
        target,
        &[DriveState::HotSpare, DriveState::UnconfiguredGood],
        what,
    ));
    checks.push(not_foreign(target));
    checks.push(unlocked(target));
    checks.extend(room(at, drive, target));
    checks.push(idle(at, drive, &[]));
    checks.push(idle(at, target, &[]));
    checks.push(sound(target));
    checks.extend(duty(target));
    checks
}

/// Whether the target can take the place of the source.
fn room(at: &Controller, drive: &PhysicalDrive, target: &PhysicalDrive) -> Vec<Check> {
    const CODE: &str = "members";
    if at.virtual_drives.is_none() {
        return vec![Check::unread(CODE, at, Part::VirtualDrives)];
    }
    let places = membership::of(at, drive);
    let Some(place) = places.first() else {
        let why = "only a member of a drive group can be copied";
        let observed = "the drive belongs to no virtual drive that was read";
        return vec![Check::refuses(CODE, observed, why)];
    };
    let members: Vec<_> = place.span.members.iter().collect();
    let members: Vec<_> = members.iter().filter_map(|it| it.drive.as_ref()).collect();
    let name = match drive.address() {
        Some(address) => format!("the place of drive {address}"),
        None => "the drive's place".to_owned(),
    };
    fits::place(at, target, &members, None, &name)
}

/// What a hot spare leaves undone afterwards.
fn duty(target: &PhysicalDrive) -> Option<Check> {
    let spare = target.hot_spare.as_ref()?;
    let observed = match &spare.kind {
        Some(HotSpareKind::Dedicated) => "the target is a dedicated hot spare",
        _ => "the target is a hot spare",
    };
    let why = "until there is another one, nothing stands by for a drive that fails";
    Some(Check::warns("spare", observed, why))
}

pub(super) fn control(drive: &PhysicalDrive) -> Vec<Check> {
    let what = "a copyback is stopped, suspended or resumed by the drive that it writes to";
    vec![
        in_state(drive, &[DriveState::Copyback], what)
            .possible("what runs, and on which drive: ironkeep operation list"),
    ]
}
