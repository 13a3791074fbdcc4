//! Checks of what is done to drives that belong to no drive group.

use ironkeep_parsers::model::{DriveState, Fde, OperationKind, PhysicalDrive};

use super::NamedDrive;
use crate::change::drive_checks::{belongs_nowhere, idle, in_state, not_foreign, sound, unlocked};
use crate::change::{Check, Risk, Scene, in_use};
use crate::host::Target;
use crate::reading::{Controller, Part};

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

/// The states of drives that belong to nothing.
const UNCONFIGURED: &[DriveState] = &[DriveState::UnconfiguredGood, DriveState::UnconfiguredBad];

pub(super) fn prepare_removal(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a drive that belongs to nothing can be spun down to be pulled";
    let state = in_state(drive, UNCONFIGURED, what);
    let state = match &drive.state {
        Some(DriveState::Online) => {
            state.possible("take it out of its drive group first: ironkeep pd offline, pd missing")
        }
        Some(DriveState::Offline | DriveState::Failed) => {
            state.possible("take it out of its drive group first: ironkeep pd missing")
        }
        Some(DriveState::HotSpare) => {
            state.possible("let it be a spare no longer: ironkeep spare remove")
        }
        _ => state.possible("which drives belong to nothing: ironkeep pd list"),
    };
    vec![
        state,
        belongs_nowhere(scene.controller, drive),
        idle(scene.controller, drive, &[]),
    ]
}

pub(super) fn undo_prepare_removal(drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a drive that belongs to nothing can have been spun down to be pulled";
    vec![in_state(drive, UNCONFIGURED, what)]
}

pub(super) fn make_good(scene: &Scene<'_>, drive: &PhysicalDrive, force: bool) -> Vec<Check> {
    let what = "only a bad unconfigured drive, or one given to the host, can be made usable";
    let wanted = &[DriveState::UnconfiguredBad, DriveState::Jbod];
    let mut checks = vec![in_state(drive, wanted, what)];
    if drive.state == Some(DriveState::Jbod) {
        checks.push(host_use(scene, drive));
        if !force {
            checks.push(
                Check::forbids(
                    "jbod",
                    "the drive is given to the host as it is (JBOD)",
                    "the host loses it and all data on it, so this has to be said twice",
                )
                .possible("say so: add --force"),
            );
        }
    }
    if drive.foreign == Some(true) {
        checks.push(Check::warns(
            "foreign",
            "the drive carries a foreign configuration",
            "it stays there, and the drive is of no use until it is imported or cleared: \
             ironkeep foreign list",
        ));
    }
    checks.push(sound(drive));
    checks
}

pub(super) fn make_jbod(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a usable drive that belongs to nothing can be given to the host";
    vec![
        in_state(drive, &[DriveState::UnconfiguredGood], what),
        not_foreign(drive),
        jbod_mode(scene.controller),
        idle(scene.controller, drive, &[]),
    ]
}

/// Whether the controller gives drives to the host at all.
fn jbod_mode(at: &Controller) -> Check {
    const CODE: &str = "jbod_mode";
    let Some(info) = &at.info else {
        return Check::unread(CODE, at, Part::Controllers);
    };
    match info.physical_drive_operations.jbod {
        Some(true) => Check::holds(CODE, "the controller gives drives to the host (JBOD mode)"),
        Some(false) => Check::forbids(
            CODE,
            "the controller gives no drives to the host (JBOD mode is off)",
            "the firmware refuses it",
        )
        .possible("look at the setting: ironkeep controller show"),
        None => Check::warns(
            CODE,
            "whether the controller gives drives to the host is not told",
            "without JBOD mode the firmware refuses it",
        ),
    }
}

/// What the host does with a drive that is given to it.
pub(super) fn host_use(scene: &Scene<'_>, drive: &PhysicalDrive) -> Check {
    let why = "the host loses what is on it";
    let what = drive
        .address()
        .map_or_else(|| "the drive".to_owned(), |at| format!("drive {at}"));
    match drive.device_id {
        Some(id) => in_use::check(scene, Target::PhysicalDrive(id), &what, why),
        None => Check::refuses(
            "in_use",
            format!("the device id of {what} is not told"),
            why,
        ),
    }
}

pub(super) fn overwrite(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a usable drive that belongs to nothing can be overwritten";
    vec![
        belongs_nowhere(scene.controller, drive),
        in_state(drive, &[DriveState::UnconfiguredGood], what),
        not_foreign(drive),
        unlocked(drive),
        idle(scene.controller, drive, &[]),
    ]
}

pub(super) fn instant_secure_erase(scene: &Scene<'_>, drive: &PhysicalDrive) -> Vec<Check> {
    let what = "only a usable drive that belongs to nothing can be erased";
    vec![
        belongs_nowhere(scene.controller, drive),
        in_state(drive, &[DriveState::UnconfiguredGood], what),
        encrypts(drive),
        idle(scene.controller, drive, &[]),
    ]
}

fn encrypts(drive: &PhysicalDrive) -> Check {
    const CODE: &str = "encryption";
    match &drive.fde {
        Some(Fde::Capable) => Check::holds(CODE, "the drive encrypts by itself"),
        Some(_) => Check::forbids(
            CODE,
            "the drive does not encrypt by itself",
            "there is no key whose loss would destroy the data",
        )
        .possible("overwrite it instead: ironkeep pd secure-erase start"),
        None => Check::refuses(
            CODE,
            "whether the drive encrypts by itself is not told",
            "without a key to destroy its data stays",
        ),
    }
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
