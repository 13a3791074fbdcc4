//! `-AdpBootDrive`: the drive that the host boots from.

use super::answer::line;
use super::{Answer, Arguments, Bay, drive, opcode, selected, selected_mut, targets};
use crate::state::{Controller, DeviceId, DriveState, Host};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let needed = [opcode::CONFIGURATION, opcode::DRIVE_LIST];
        if needed.iter().any(|it| controller.fault(*it).is_some()) {
            line!(
                answer,
                "Adapter {number}: Failed to get Boot Virtual Drive."
            );
            answer.status = 1;
            return;
        }
        let mut drives = controller.virtual_drives.iter().map(|it| it.target);
        let position = drives.position(|target| Some(target) == controller.boot.virtual_drive);
        if let (Some(position), Some(target)) = (position, controller.boot.virtual_drive) {
            line!(
                answer,
                "Adapter {number}: Boot Virtual Drive - #{position} (target id - {target})."
            );
        } else if let Some(drive) = controller.boot.drive.and_then(|id| controller.drive(id)) {
            // No capture shows one.
            let (enclosure, slot) = (drive.enclosure, drive.slot);
            line!(
                answer,
                "Adapter {number}: Boot Physical Drive - Enclosure - {enclosure}, Slot - {slot}."
            );
        } else {
            line!(
                answer,
                "Adapter {number}: No Virtual drive or Physical Drive is configured as boot drive."
            );
        }
    }
}

/// `-Set -L0` or `-Set -PhysDrv[252:0]`.
pub(super) fn set(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if let Some(bay) = arguments.drives.as_ref().and_then(|bays| bays.first()) {
            set_drive(number, controller, *bay, answer);
            continue;
        }
        let wanted = targets::wanted(controller, arguments).into_iter().next();
        let target = match wanted {
            Some(Ok(it)) => it.target,
            Some(Err(target)) => {
                targets::missing(answer, number, target);
                continue;
            }
            None => continue,
        };
        let mut drives = controller.virtual_drives.iter();
        let position = drives.position(|it| it.target == target);
        controller.boot.virtual_drive = Some(target);
        controller.boot.drive = None;
        line!(
            answer,
            "Boot Virtual Drive is set to #{} (target id #{target}) on Adapter {number}",
            position.unwrap_or_default()
        );
    }
}

fn set_drive(number: u32, controller: &mut Controller, bay: Bay, answer: &mut Answer) {
    let Some(id) = jbod(number, controller, bay, answer) else {
        return;
    };
    controller.boot.virtual_drive = None;
    controller.boot.drive = Some(id);
    // No capture shows a drive that can be booted from.
    line!(
        answer,
        "Boot Physical Drive is set to Enclosure - {}, Slot - {} on Adapter {number}",
        bay.enclosure.map(|it| it.to_string()).unwrap_or_default(),
        bay.slot
    );
}

/// The JBOD drive in a bay; else says that there is none.
fn jbod(number: u32, controller: &Controller, bay: Bay, answer: &mut Answer) -> Option<DeviceId> {
    let drive = drive::in_bay(controller, bay).ok();
    let drive = drive.filter(|drive| drive.state == DriveState::Jbod);
    if drive.is_none() {
        line!(
            answer,
            "Adapter {number}: Physical Device at Enclosure - {}, Slot - {} is not a JBOD disk .",
            bay.enclosure.map(|it| it.to_string()).unwrap_or_default(),
            bay.slot
        );
        answer.status = 1;
    }
    drive.map(|drive| drive.device_id)
}

/// `-Unset`. No capture shows it.
pub(super) fn unset(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if let Some(bay) = arguments.drives.as_ref().and_then(|bays| bays.first()) {
            if jbod(number, controller, *bay, answer).is_none() {
                continue;
            }
            controller.boot.drive = None;
            line!(answer, "Boot Physical Drive is unset on Adapter {number}");
            continue;
        }
        let wanted = targets::wanted(controller, arguments).into_iter().next();
        if let Some(Err(target)) = wanted {
            targets::missing(answer, number, target);
            continue;
        }
        controller.boot.virtual_drive = None;
        line!(answer, "Boot Virtual Drive is unset on Adapter {number}");
    }
}
