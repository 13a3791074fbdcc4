//! Checks about a whole controller, for changes that concern everything on it.

use ironkeep_parsers::model::{
    ActivityState, BatteryState, ControllerId, DriveState, Operation, PhysicalDrive,
    PreservedCache, VirtualDrive,
};

use super::{Check, Scene, in_use};
use crate::host::Target;
use crate::output::human;
use crate::reading::{Controller, Part};

/// How a person names a controller to agree to a change of it: `controller0`.
pub(super) fn name(controller: ControllerId) -> String {
    format!("controller{controller}")
}

/// Whether nothing runs on the drives and virtual drives of the controller.
pub(super) fn idle(at: &Controller, why: &str) -> Check {
    const CODE: &str = "operation_running";
    for part in [Part::VirtualDrives, Part::PhysicalDrives] {
        if !at.has(part) {
            return Check::unread(CODE, at, part);
        }
    }
    let on_virtual = at.virtual_drives.iter().flatten();
    let on_virtual = on_virtual.flat_map(|drive| {
        let running = drive.operations.iter().filter(|it| it.is_running());
        running.map(move |it| format!("{} of virtual drive {}", words(it), target(drive)))
    });
    let on_drives = at.drive_operations.iter().flatten();
    let on_drives = on_drives.filter(|it| it.is_running()).map(|it| {
        let place = it.physical_drive.map(|place| format!(" of drive {place}"));
        format!("{}{}", words(it), place.unwrap_or_default())
    });
    let patrol = at.patrol_read.iter();
    let patrol = patrol.filter(|it| it.state == Some(ActivityState::Active));
    let running: Vec<String> = on_virtual
        .chain(on_drives)
        .chain(patrol.map(|_| "patrol read".to_owned()))
        .collect();
    if running.is_empty() {
        Check::holds(CODE, "nothing runs on the controller")
    } else {
        Check::refuses(CODE, format!("running: {}", running.join(", ")), why)
            .possible("wait until it is done: ironkeep controller wait")
    }
}

fn words(operation: &Operation) -> String {
    operation.kind.to_string().to_lowercase()
}

fn target(drive: &VirtualDrive) -> String {
    human::or_unknown(drive.target_id)
}

/// Whether no virtual drive has unwritten data in the cache.
pub(super) fn no_preserved_cache(at: &Controller, why: &str) -> Check {
    const CODE: &str = "preserved_cache";
    let Some(kept) = &at.preserved_cache else {
        return Check::unread(CODE, at, Part::PreservedCache);
    };
    if kept.is_empty() {
        return Check::holds(CODE, "no unwritten data waits in the cache");
    }
    let of = |it: &PreservedCache| format!("virtual drive {}", it.target_id);
    let of: Vec<String> = kept.iter().map(of).collect();
    Check::refuses(
        CODE,
        format!("unwritten data of {} waits in the cache", of.join(", ")),
        why,
    )
    .possible("bring its drives back, so that it is written; what waits: ironkeep vd list")
}

/// Whether the host uses any of the controller's virtual drives, or of the drives that it was given as they
/// are: one check for each.
pub(super) fn unused(scene: &Scene<'_>, why: &str) -> Vec<Check> {
    const CODE: &str = "in_use";
    let at = scene.controller;
    let Some(drives) = &at.virtual_drives else {
        return vec![Check::unread(CODE, at, Part::VirtualDrives)];
    };
    let Some(physical) = &at.physical_drives else {
        return vec![Check::unread(CODE, at, Part::PhysicalDrives)];
    };
    let jbod = |drive: &&PhysicalDrive| drive.state == Some(DriveState::Jbod);
    let jbod: Vec<_> = physical.iter().filter(jbod).collect();
    if drives.is_empty() && jbod.is_empty() {
        return vec![Check::holds(CODE, "there is no virtual drive")];
    }
    let given = |drive: &&PhysicalDrive| {
        let address = drive.address().map(|it| it.to_string());
        let what = format!("drive {}", address.as_deref().unwrap_or("?"));
        match drive.device_id {
            Some(id) => in_use::check(scene, Target::PhysicalDrive(id), &what, why),
            None => Check::refuses(CODE, format!("the device id of {what} is not told"), why),
        }
    };
    let one = |drive: &VirtualDrive| match drive.target_id {
        Some(id) => {
            let what = format!("virtual drive {id}");
            in_use::check(scene, Target::VirtualDrive(id), &what, why)
        }
        None => Check::refuses(CODE, "a virtual drive whose number is not told", why),
    };
    let all = drives.iter().map(one);
    all.chain(jbod.iter().map(given)).collect()
}

/// Whether every virtual drive is as it should be.
pub(super) fn optimal(at: &Controller, why: &str) -> Check {
    const CODE: &str = "redundancy";
    let Some(drives) = &at.virtual_drives else {
        return Check::unread(CODE, at, Part::VirtualDrives);
    };
    let is_well = |it: &&VirtualDrive| {
        use ironkeep_parsers::model::VirtualDriveState;
        it.state != Some(VirtualDriveState::Optimal)
    };
    let shown = |it: &VirtualDrive| {
        let state = it
            .state
            .as_ref()
            .map_or_else(|| "in an unknown state".to_owned(), ToString::to_string);
        format!("virtual drive {} is {state}", target(it))
    };
    let ill: Vec<String> = drives.iter().filter(is_well).map(shown).collect();
    if ill.is_empty() {
        Check::holds(CODE, "every virtual drive is optimal")
    } else {
        Check::refuses(CODE, ill.join(", "), why).possible("what it lacks: ironkeep health")
    }
}

/// Whether what keeps the cache works: a warning where it does not.
pub(super) fn battery(at: &Controller, why: &str) -> Check {
    const CODE: &str = "battery";
    match &at.cache_protection {
        None => Check::warns(CODE, "the battery could not be read", why),
        Some(None) => Check::holds(CODE, "the controller has no battery"),
        Some(Some(battery)) => match &battery.state {
            Some(BatteryState::Optimal) => Check::holds(CODE, "the battery is optimal"),
            Some(state) => Check::warns(CODE, format!("the battery is {state}"), why),
            None => Check::warns(CODE, "the state of the battery is not told", why),
        },
    }
}

/// Whether the controller answers at all.
pub(super) fn is_there(at: &Controller) -> Check {
    const CODE: &str = "controller";
    match &at.info {
        Some(info) => {
            let product = info.product_name.as_deref().unwrap_or("of unknown kind");
            let serial = info.serial.as_deref().unwrap_or("unknown");
            Check::holds(CODE, format!("{product}, serial number {serial}"))
        }
        None => Check::unread(CODE, at, Part::Controllers),
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::DeviceId;
    use jiff::Timestamp;

    use super::*;
    use crate::change::Usage;
    use crate::reading::Reading;

    #[test]
    fn drives_that_were_given_to_the_host_are_used_too() {
        let drive = PhysicalDrive {
            state: Some(DriveState::Jbod),
            device_id: Some(DeviceId(4)),
            ..PhysicalDrive::default()
        };
        let reading = Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: "a test".to_owned(),
            live: true,
            narrowed: false,
            controllers: vec![Controller {
                virtual_drives: Some(Vec::new()),
                physical_drives: Some(vec![drive]),
                ..Controller::default()
            }],
            asked: Vec::new(),
        };
        let scene = Scene {
            reading: &reading,
            controller: reading.controllers.first().unwrap(),
            usage: &|_| Usage::Used("/dev/sdb".to_owned(), vec!["it is mounted".to_owned()]),
        };
        let checks = unused(&scene, "it is lost");
        assert!(checks.iter().any(|check| check.stands_against(&[])));
    }
}
