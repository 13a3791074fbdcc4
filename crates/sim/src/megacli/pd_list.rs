//! `-PDList`: the physical drives of each controller.

use super::answer::line;
use super::{Answer, Arguments, drive, firmware_status, opcode, selected};
use crate::state::{Controller, Drive, DriveState, Host, NO_ENCLOSURE};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let Some(controllers) = selected(host, arguments, answer) else {
        return;
    };
    for (number, controller) in controllers {
        if let Some(status) = controller.fault(opcode::DRIVE_LIST) {
            line!(
                answer,
                "Adapter #{number}: Failed to Perform get PD list Operation."
            );
            firmware_status::explain(status, answer);
            continue;
        }
        line!(answer, "Adapter #{number}");
        line!(answer);
        for row in rows(controller) {
            match row {
                Some(drive) => drive::block(answer, controller, drive),
                None => drive::blank(answer),
            }
        }
    }
}

/// The drives in the order of their bays, and among them an empty row per missing member of a drive
/// group. Unconfigured drives and hot spares that are being diagnosed are left out, as the tool does.
///
/// The firmware remembers a missing member's bay. The state does not: its row stands before the next
/// member of its group, or else after the last one, as in every capture.
fn rows(controller: &Controller) -> Vec<Option<&Drive>> {
    let key = |drive: &Drive, order: u8| (drive.enclosure, drive.slot, order);
    let drives = controller
        .drives
        .iter()
        .filter(|drive| {
            !matches!(
                drive.state,
                DriveState::ShieldUnconfigured | DriveState::ShieldHotSpare
            )
        })
        .map(|drive| (key(drive, 1), Some(drive)));
    let mut rows: Vec<_> = drives.collect();
    let is_known = controller.fault(opcode::CONFIGURATION).is_none();
    for array in controller.arrays.iter().filter(|_| is_known) {
        let members = || array.members.iter().enumerate();
        for (arm, _) in members().filter(|(_, member)| member.is_none()) {
            let present = |(at, member): (usize, &Option<_>)| {
                controller.drive((*member)?).map(|drive| (at, drive))
            };
            let place = match members().filter_map(present).find(|(at, _)| *at > arm) {
                Some((_, next)) => key(next, 0),
                None => match members().filter_map(present).next_back() {
                    Some((_, last)) => key(last, 2),
                    None => (NO_ENCLOSURE, u8::MAX, 2),
                },
            };
            rows.push((place, None));
        }
    }
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, drive)| drive).collect()
}
