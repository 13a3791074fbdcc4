//! Checks of copybacks.

use ironkeep_parsers::model::{DriveState, PhysicalDrive};

use super::NamedDrive;
use crate::change::drive_checks::{idle, in_state};
use crate::change::{Check, Scene};

pub(super) fn start(scene: &Scene<'_>, drive: &PhysicalDrive, to: &NamedDrive) -> Vec<Check> {
    let mut checks = vec![to.check(scene.controller)];
    let Some(target) = to.find(scene.controller) else {
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
    checks.push(idle(scene.controller, drive, &[]));
    checks
}

pub(super) fn control(drive: &PhysicalDrive) -> Vec<Check> {
    let what = "a copyback is stopped, suspended or resumed by the drive that it writes to";
    vec![in_state(drive, &[DriveState::Copyback], what)]
}
