//! Checks of what is done to drives that belong to no drive group.

use ironkeep_parsers::model::{DriveState, OperationKind, PhysicalDrive};

use super::NamedDrive;
use crate::change::drive_checks::{belongs_nowhere, idle, in_state, unused};
use crate::change::{Check, Risk, Scene, Usage};
use crate::host::Target;
use crate::reading::Part;

/// A drive that was given to the host loses the data that the host has on it.
pub(super) fn risk_of_make_good(drive: &NamedDrive, scene: &Scene<'_>) -> Risk {
    match drive
        .in_place(scene.controller)
        .and_then(|it| it.state.as_ref())
    {
        Some(DriveState::UnconfiguredBad | DriveState::UnconfiguredGood) => Risk::Change,
        _ => Risk::Destroy,
    }
}

pub(super) fn prepare_removal(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a drive that belongs to nothing can be spun down to be pulled";
    vec![
        in_state(
            drive,
            &[DriveState::UnconfiguredGood, DriveState::UnconfiguredBad],
            what,
        ),
        idle(scene.controller, drive, &[]),
    ]
}

pub(super) fn undo_prepare_removal(drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a drive that belongs to nothing can have been spun down to be pulled";
    vec![in_state(
        drive,
        &[DriveState::UnconfiguredGood, DriveState::UnconfiguredBad],
        what,
    )]
}

pub(super) fn make_good(scene: &Scene<'_>, drive: &PhysicalDrive, force: bool) -> Vec<Check> {
    let what = "only a bad unconfigured drive, or one given to the host, can be made usable";
    let mut checks = vec![in_state(
        drive,
        &[DriveState::UnconfiguredBad, DriveState::Jbod],
        what,
    )];
    if drive.state == Some(DriveState::Jbod) {
        checks.push(host_use(scene, drive));
        if !force {
            checks.push(
                Check::forbids(
                    "jbod",
                    "the drive is given to the host as it is (JBOD)",
                    "its data is lost to the host, so the controller wants to be told twice",
                )
                .possible("insist: add --force"),
            );
        }
    }
    checks
}

pub(super) fn make_jbod(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a usable drive that belongs to nothing can be given to the host";
    vec![
        in_state(drive, &[DriveState::UnconfiguredGood], what),
        idle(scene.controller, drive, &[]),
    ]
}

/// What the host does with a drive that is given to it.
fn host_use(scene: &Scene<'_>, drive: &PhysicalDrive) -> Check {
    let what = drive
        .address()
        .map_or_else(|| "the drive".to_owned(), |at| format!("drive {at}"));
    let usage = drive.device_id.map_or_else(
        || Usage::Unknown("its device id is not told".to_owned()),
        |id| (scene.usage)(Target::PhysicalDrive(id)),
    );
    unused(&what, usage)
}

pub(super) fn overwrite(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a usable drive that belongs to nothing can be overwritten";
    vec![
        belongs_nowhere(scene.controller, drive),
        in_state(drive, &[DriveState::UnconfiguredGood], what),
        idle(scene.controller, drive, &[]),
    ]
}

pub(super) fn instant_secure_erase(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    overwrite(scene, drive)
}

pub(super) fn stop_clear(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    const CODE: &str = "state";
    let Some(operations) = &scene.controller.drive_operations else {
        return vec![Check::unread(CODE, scene.controller, Part::DriveOperations)];
    };
    let mut those = operations.iter().filter(|it| it.is_running());
    let runs =
        those.any(|it| it.kind == OperationKind::Clear && it.physical_drive == drive.address());
    vec![if runs {
        Check::holds(CODE, "the drive is being overwritten")
    } else {
        let why = "there is nothing to stop";
        Check::refuses(CODE, "the drive is not being overwritten", why)
    }]
}
