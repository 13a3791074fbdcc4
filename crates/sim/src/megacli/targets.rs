//! The virtual drives that a command line names.

use super::answer::line;
use super::{Answer, Arguments, Selection, opcode};
use crate::state::{Controller, VirtualDrive};

/// The virtual drives that `-L` names; `Err` is a target that is not there.
pub(super) fn wanted<'a>(
    controller: &'a Controller,
    arguments: &Arguments,
) -> Vec<Result<&'a VirtualDrive, u32>> {
    let drives = controller.virtual_drives.iter();
    let Some(Selection::These(targets)) = &arguments.virtual_drives else {
        return drives.map(Ok).collect();
    };
    let find = |target: &u32| {
        let mut drives = drives.clone();
        let drive = drives.find(|drive| u32::from(drive.target) == *target);
        drive.ok_or(*target)
    };
    targets.iter().map(find).collect()
}

/// The targets that `-L` names and that are there; what is wrong with the others is said. Where there is
/// no virtual drive at all, that is said as well.
pub(super) fn chosen(
    answer: &mut Answer,
    number: u32,
    controller: &Controller,
    arguments: &Arguments,
) -> Vec<u16> {
    if controller.fault(opcode::VIRTUAL_DRIVE_LIST).is_some() {
        not_listed(answer, number);
        return Vec::new();
    }
    if controller.virtual_drives.is_empty() {
        line!(answer, "Adapter {number}: No Virtual Drive Configured.");
        answer.status = 1;
    }
    let mut found = Vec::new();
    for it in wanted(controller, arguments) {
        match it {
            Ok(it) => found.push(it.target),
            Err(target) => missing(answer, number, target),
        }
    }
    found
}

/// Says that the target is not there, and fails.
pub(super) fn missing(answer: &mut Answer, number: u32, target: u32) {
    say_missing(answer, number, target);
    answer.status = 1;
}

/// Says that the target is not there.
pub(super) fn say_missing(answer: &mut Answer, number: u32, target: u32) {
    line!(
        answer,
        "Adapter {number}: Virtual Drive {target} Does not Exist."
    );
}

/// Says that the firmware does not list the virtual drives.
pub(super) fn not_listed(answer: &mut Answer, number: u32) {
    line!(answer, "Failed to get VD count on adapter {number}.");
    answer.status = 1;
}

/// Whether the tool can look at a virtual drive. It reads the configuration and the list of the drives
/// for that, and crashes when it is refused one of them.
pub(super) fn can_be_read(controller: &Controller) -> bool {
    [opcode::CONFIGURATION, opcode::DRIVE_LIST]
        .iter()
        .all(|operation| controller.fault(*operation).is_none())
}
