//! Checks of what is done to members of drive groups, and to drives that become some.

use ironkeep_parsers::model::{DriveState, OperationKind, PhysicalDrive};

use super::{Control, EmptyPlace};
use crate::change::drive_checks::{idle, in_state, spare_of};
use crate::change::{Check, Scene};
use crate::reading::Part;

pub(super) fn offline(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a member that works can be taken off line";
    let mut checks = spare_of(scene.controller, drive);
    checks.push(in_state(
        drive,
        &[DriveState::Online, DriveState::Rebuild],
        what,
    ));
    checks.push(idle(scene.controller, drive, &[OperationKind::Rebuild]));
    checks
}

pub(super) fn online(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a member that was taken off line can be put on line";
    vec![
        in_state(drive, &[DriveState::Offline, DriveState::Failed], what),
        stale(drive),
        idle(scene.controller, drive, &[]),
    ]
}

pub(super) fn missing(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a member that is off line or failed can be taken out of its drive group";
    let mut checks = spare_of(scene.controller, drive);
    checks.push(
        in_state(drive, &[DriveState::Offline, DriveState::Failed], what)
            .possible("take it off line first: ironkeep pd offline DRIVE"),
    );
    checks.push(idle(scene.controller, drive, &[]));
    checks
}

pub(super) fn replace_missing(
    scene: &Scene<'_>,
    drive: &PhysicalDrive,
    place: EmptyPlace,
) -> Vec<Check> {
    let what = "only a drive that is usable and belongs to nothing can take an empty place";
    vec![
        is_empty(scene, place),
        in_state(drive, &[DriveState::UnconfiguredGood], what),
    ]
}

/// Whether the place is in the table of missing drives.
fn is_empty(scene: &Scene<'_>, place: EmptyPlace) -> Check {
    const CODE: &str = "empty_place";
    let EmptyPlace {
        span_reference,
        arm,
    } = place;
    let Some(table) = &scene.controller.missing_drives else {
        return Check::unread(CODE, scene.controller, Part::MissingDrives);
    };
    let mut rows = table.iter();
    match rows.find(|row| (row.span_reference, row.arm) == (span_reference, arm)) {
        Some(_) => Check::holds(
            CODE,
            format!("arm {arm} of array {span_reference} is empty"),
        ),
        None => Check::forbids(
            CODE,
            format!("arm {arm} of array {span_reference} is not in the table of missing drives"),
            "only an empty place can take a drive",
        )
        .possible("which places are empty: ironkeep pd list"),
    }
}

pub(super) fn rebuild(scene: &Scene<'_>, drive: &PhysicalDrive, control: Control) -> Vec<Check> {
    match control {
        Control::Start => {
            let what = "only a member that is off line or failed can be rebuilt";
            vec![
                in_state(drive, &[DriveState::Offline, DriveState::Failed], what),
                idle(scene.controller, drive, &[]),
            ]
        }
        Control::Stop | Control::Suspend | Control::Resume => {
            let what = "only a rebuild that runs can be stopped, suspended or resumed";
            vec![in_state(drive, &[DriveState::Rebuild], what)]
        }
    }
}

pub(super) fn download_firmware(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    vec![idle(scene.controller, drive, &[])]
}

/// A member that comes back as it was holds old data.
fn stale(drive: &PhysicalDrive) -> Check {
    const CODE: &str = "stale_data";
    let state = drive
        .state
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    Check::refuses(
        CODE,
        format!("the drive is {state}, and its virtual drives may have been written to since"),
        "put on line, its old data is taken for good: files get damaged without a word",
    )
    .possible("bring it up to date instead: ironkeep pd rebuild start")
}
