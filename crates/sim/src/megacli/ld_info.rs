//! `-LDInfo`: the virtual drives of each controller.

use super::answer::line;
use super::virtual_drive::{self, Configuration};
use super::{Answer, Arguments, Selection, drive, opcode, selected};
use crate::state::{Controller, Host, VirtualDrive};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let Some(controllers) = selected(host, arguments, answer) else {
        return;
    };
    for (number, controller) in controllers {
        if controller.fault(opcode::VIRTUAL_DRIVE_LIST).is_some() {
            line!(answer, "Failed to get VD count on adapter {number}.");
            answer.status = 1;
            continue;
        }
        line!(answer);
        line!(answer, "Adapter {number} -- Virtual Drive Information:");
        if controller.virtual_drives.is_empty() {
            line!(answer, "Adapter {number}: No Virtual Drive Configured.");
            continue;
        }
        let is_known = [opcode::CONFIGURATION, opcode::DRIVE_LIST]
            .iter()
            .all(|operation| controller.fault(*operation).is_none());
        if !is_known {
            return answer.crash();
        }
        match &arguments.virtual_drives {
            Some(Selection::These(targets)) => {
                for target in targets {
                    let mut drives = controller.virtual_drives.iter();
                    if let Some(drive) = drives.find(|it| u32::from(it.target) == *target) {
                        put(answer, controller, drive);
                    } else {
                        line!(
                            answer,
                            "Adapter {number}: Virtual Drive {target} Does not Exist."
                        );
                        answer.status = 1;
                    }
                }
            }
            Some(Selection::All) | None => {
                for drive in &controller.virtual_drives {
                    put(answer, controller, drive);
                }
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
