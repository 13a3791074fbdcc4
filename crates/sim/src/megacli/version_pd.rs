//! `-Version -Pd`: the firmware of the physical drives.

use super::answer::line;
use super::{Answer, Arguments, drive, opcode, selected};
use crate::state::{Controller, Drive, DriveState, Host, Interface};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (_, controller) in selected(host, arguments) {
        if controller.fault(opcode::DRIVE_LIST).is_some() {
            answer.crash();
            return;
        }
        line!(answer, "Location\tModel\t        Fw Version");
        if controller.fault(opcode::DRIVE_INFO).is_some() {
            continue;
        }
        for drive in rows(controller) {
            let Drive {
                enclosure, slot, ..
            } = drive;
            line!(answer, "{enclosure} {slot} \t\t{}", inquiry(drive));
        }
    }
}

/// First the drives that belong to nothing and the hot spares, without those that are being diagnosed;
/// then those that are given to the host as they are; then the members of the drive groups.
fn rows(controller: &Controller) -> Vec<&Drive> {
    let is_known = controller.fault(opcode::CONFIGURATION).is_none();
    let arrays = controller.arrays.iter().filter(|_| is_known);
    let members: Vec<_> = arrays
        .flat_map(|array| array.members.iter().flatten())
        .filter_map(|&member| controller.drive(member))
        .collect();
    let others = controller.drives.iter().filter(|drive| {
        let is_member = members.iter().any(|it| it.device_id == drive.device_id);
        let states = [DriveState::ShieldUnconfigured, DriveState::ShieldHotSpare];
        !is_member && !states.contains(&drive.state)
    });
    let (jbods, mut rows): (Vec<_>, Vec<_>) =
        others.partition(|drive| drive.state == DriveState::Jbod);
    rows.extend(jbods);
    rows.extend(members);
    rows
}

/// What the drive's INQUIRY holds behind the vendor: 16 characters of the model, 4 of the revision, and
/// 60 of which 20 are the serial number.
fn inquiry(drive: &Drive) -> String {
    let Drive { model, serial, .. } = drive;
    let revision = drive::firmware_level(drive);
    let serial = if drive.interface == Interface::Sata {
        format!("{serial:>20.20}")
    } else {
        format!("{serial:.20}")
    };
    format!("{model:<16.16}{revision:<4}{serial:<60}")
}
