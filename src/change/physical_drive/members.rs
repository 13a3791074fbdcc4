//! Checks of what is done to members of drive groups, and to drives that become some.

use ironkeep_parsers::model::{DriveState, OperationKind, PhysicalDrive, VirtualDriveState};

use super::{Control, EmptyPlace, unconfigured};
use crate::change::drive_checks::{
    idle, in_state, name_of, no_preserved_cache, not_foreign, sound, spare_of, unlocked,
};
use crate::change::{Check, Scene, fits};
use crate::health::redundancy;
use crate::membership::{self, Membership};
use crate::reading::{Controller, Part};

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
    let state = in_state(drive, &[DriveState::Offline, DriveState::Failed], what);
    checks.push(if drive.state == Some(DriveState::Online) {
        state.possible("take it off line first: ironkeep pd offline")
    } else {
        state
    });
    checks.push(no_preserved_cache(scene.controller));
    checks.push(idle(scene.controller, drive, &[]));
    checks
}

pub(super) fn replace_missing(
    scene: &Scene<'_>,
    drive: &PhysicalDrive,
    place: EmptyPlace,
) -> Vec<Check> {
    let at = scene.controller;
    let what = "only a drive that is usable and belongs to nothing can take an empty place";
    let mut checks = vec![
        is_empty(scene, place),
        in_state(drive, &[DriveState::UnconfiguredGood], what),
        not_foreign(drive),
        unlocked(drive),
        no_preserved_cache(at),
    ];
    checks.extend(fits_place(at, drive, place));
    checks.push(sound(drive));
    checks.push(idle(at, drive, &[]));
    checks
}

/// Whether the drive is what the empty place needs.
fn fits_place(at: &Controller, drive: &PhysicalDrive, place: EmptyPlace) -> Vec<Check> {
    const CODE: &str = "members";
    let reference = place.span_reference;
    if at.drive_groups.is_none() {
        return vec![Check::unread(CODE, at, Part::DriveGroups)];
    }
    let Some(span) = fits::span(at, reference) else {
        let observed = format!("array {reference} is in no drive group");
        let why = "nobody can say what a drive needs there";
        return vec![Check::refuses(CODE, observed, why)];
    };
    let mut rows = at.missing_drives.iter().flatten();
    let row = rows.find(|row| (row.span_reference, row.arm) == (reference, place.arm));
    let least = row.map(|row| row.expected_size);
    let name = format!("arm {} of array {reference}", place.arm);
    fits::place(at, drive, &fits::members(at, span), least, &name)
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
            let state = in_state(drive, &[DriveState::Offline, DriveState::Failed], what);
            let mut checks = vec![if drive.state == Some(DriveState::UnconfiguredGood) {
                state.possible("put it into an empty place first: ironkeep pd replace-missing")
            } else {
                state
            }];
            checks.extend(sources(scene.controller, drive));
            checks.push(sound(drive));
            checks.push(idle(scene.controller, drive, &[]));
            checks
        }
        Control::Stop => {
            let what = "only a rebuild that runs can be stopped";
            let state = in_state(drive, &[DriveState::Rebuild], what);
            let runs = Check::warns(
                "redundancy",
                "the drive's virtual drives lack it until a rebuild is done",
                "a rebuild that is stopped begins anew, from nothing",
            );
            vec![state, runs]
        }
        Control::Suspend | Control::Resume => {
            let what = "only a rebuild that has begun can be suspended or resumed";
            vec![in_state(drive, &[DriveState::Rebuild], what)]
        }
    }
}

/// Whether there is something to rebuild the drive from: one check for each span that it belongs to.
fn sources(at: &Controller, drive: &PhysicalDrive) -> Vec<Check> {
    const CODE: &str = "redundancy";
    if at.virtual_drives.is_none() {
        return vec![Check::unread(CODE, at, Part::VirtualDrives)];
    }
    let places = membership::of(at, drive);
    if places.is_empty() {
        let why = "there is nothing to rebuild on it";
        let observed = "the drive belongs to no virtual drive that was read";
        return vec![Check::refuses(CODE, observed, why)];
    }
    places.iter().map(source).collect()
}

fn source(place: &Membership<'_>) -> Check {
    const CODE: &str = "redundancy";
    let it = place.virtual_drive;
    let name = name_of(place);
    if it.state == Some(VirtualDriveState::Offline) {
        let why = "too many of its drives are gone for anything to be restored from the others";
        return Check::forbids(CODE, format!("{name} is off line"), why)
            .possible("what it lacks: ironkeep health");
    }
    match it.raid_level.as_ref().and_then(redundancy::tolerance) {
        Some(0) => Check::forbids(
            CODE,
            format!("{name} has no redundancy"),
            "there is nothing to restore the drive's data from",
        )
        .possible("restore the data from a backup"),
        Some(_) => Check::holds(
            CODE,
            format!("{name} has what the drive's data is restored from"),
        ),
        None => Check::refuses(
            CODE,
            format!("how much redundancy {name} has is not known"),
            "there may be nothing to restore the drive's data from",
        ),
    }
}

pub(super) fn download_firmware(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let at = scene.controller;
    // While it starts anew, a member is as good as lost.
    let mut checks = spare_of(at, drive);
    if drive.state == Some(DriveState::Jbod) {
        checks.push(unconfigured::host_use(scene, drive));
    }
    checks.push(idle(at, drive, &[]));
    let model = drive.model().unwrap_or("unknown");
    let firmware = drive.firmware.as_deref().unwrap_or("unknown");
    checks.push(Check::warns(
        "firmware",
        format!("the drive is a {model} with firmware {firmware}"),
        "firmware for another model, or a power cut while it is written, can end the drive",
    ));
    checks
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
