//! `-LDInfo` and `-LdPdInfo`: the virtual drives of each controller, the latter with their members.

use super::answer::line;
use super::virtual_drive::{self, Configuration};
use super::{Answer, Arguments, drive, opcode, selected, targets};
use crate::state::{Controller, Host, VirtualDrive};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if controller.fault(opcode::VIRTUAL_DRIVE_LIST).is_some() {
            targets::not_listed(answer, number);
            continue;
        }
        line!(answer);
        line!(answer, "Adapter {number} -- Virtual Drive Information:");
        if controller.virtual_drives.is_empty() {
            line!(answer, "Adapter {number}: No Virtual Drive Configured.");
            continue;
        }
        if !targets::can_be_read(controller) {
            return answer.crash();
        }
        for drive in targets::wanted(controller, arguments) {
            match drive {
                Ok(drive) => put(answer, controller, drive),
                Err(target) => targets::missing(answer, number, target),
            }
        }
    }
}

fn put(answer: &mut Answer, controller: &Controller, drive: &VirtualDrive) {
    let configuration = Configuration::of(controller);
    virtual_drive::block(answer, configuration, usize::from(drive.target), drive);
    line!(answer);
    line!(answer);
    dedicated_spares(answer, controller, drive);
}

/// The dedicated spares that serve a drive group of `drive`.
fn dedicated_spares(answer: &mut Answer, controller: &Controller, drive: &VirtualDrive) {
    let serves = |array: &u16| drive.spans.iter().any(|span| span.array == *array);
    let spares: Vec<_> = controller
        .spares
        .iter()
        .filter(|spare| spare.is_dedicated() && spare.arrays.iter().any(serves))
        .filter_map(|spare| controller.drive(spare.device_id))
        .collect();
    if spares.is_empty() {
        return;
    }
    line!(answer, "Number of Dedicated Hot Spares: {}", spares.len());
    for (index, spare) in spares.into_iter().enumerate() {
        line!(
            answer,
            "    {index} : EnclId - {} SlotId - {} ",
            drive::enclosure(spare),
            spare.slot
        );
    }
}

/// `-LdPdInfo`.
pub(super) fn with_members(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if !targets::can_be_read(controller) {
            line!(answer, "Failed to get Disk Group list");
            answer.status = 1;
            continue;
        }
        line!(answer, "Adapter #{number}");
        line!(answer);
        let drives = &controller.virtual_drives;
        line!(answer, "Number of Virtual Disks: {}", drives.len());
        for drive in drives {
            let configuration = Configuration::of(controller);
            virtual_drive::block(answer, configuration, usize::from(drive.target), drive);
            line!(answer, "Number of Spans: {}", drive.spans.len());
            for (index, span) in drive.spans.iter().enumerate() {
                members(answer, controller, index, span.array);
            }
        }
    }
}

fn members(answer: &mut Answer, controller: &Controller, span: usize, array: u16) {
    let members = controller
        .array(array)
        .map(|array| array.members.as_slice());
    let members = members.unwrap_or_default();
    line!(answer, "Span: {span} - Number of PDs: {}", members.len());
    for (arm, member) in members.iter().enumerate() {
        line!(answer);
        line!(answer, "PD: {arm} Information");
        match member.and_then(|member| controller.drive(member)) {
            Some(member) => drive::block(answer, controller, member),
            None => drive::blank(answer),
        }
    }
}
