//! `-PDList`: the physical drives of each controller; and `-pdInfo`: some of them.

use super::answer::line;
use super::{Answer, Arguments, drive, firmware_status, opcode, selected};
use crate::state::{Array, Controller, Drive, DriveState, Host, NO_ENCLOSURE};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
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
/// A missing member's row stands where the drive was. Where the state does not know the bay, it stands
/// before the next member of its group, or else after the last one: so it is in every capture.
fn rows(controller: &Controller) -> Vec<Option<&Drive>> {
    let drives = controller
        .drives
        .iter()
        .filter(|drive| {
            !matches!(
                drive.state,
                DriveState::ShieldUnconfigured | DriveState::ShieldHotSpare
            )
        })
        .map(|drive| ((drive.enclosure, drive.slot, AT), Some(drive)));
    let mut rows: Vec<_> = drives.collect();
    let is_known = controller.fault(opcode::CONFIGURATION).is_none();
    for array in controller.arrays.iter().filter(|_| is_known) {
        let members = array.members.iter().enumerate();
        for (arm, _) in members.filter(|(_, member)| member.is_none()) {
            rows.push((bay_of_missing(controller, array, arm), None));
        }
    }
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, drive)| drive).collect()
}

/// Before, at and after the drive in a bay.
const BEFORE: u8 = 0;
const AT: u8 = 1;
const AFTER: u8 = 2;

fn bay_of_missing(controller: &Controller, array: &Array, arm: usize) -> (u16, u8, u8) {
    if let Some((enclosure, slot)) = array.home(arm) {
        return (enclosure, slot, AFTER);
    }
    let members = || {
        let members = array.members.iter().enumerate();
        members.filter_map(|(at, member)| Some((at, controller.drive((*member)?)?)))
    };
    let next = members().find(|(at, _)| *at > arm);
    let place = next.map(|(_, drive)| (drive.enclosure, drive.slot, BEFORE));
    let last = || {
        let (_, drive) = members().next_back()?;
        Some((drive.enclosure, drive.slot, AFTER))
    };
    place
        .or_else(last)
        .unwrap_or((NO_ENCLOSURE, u8::MAX, AFTER))
}

/// `-pdInfo`.
pub(super) fn info(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        for found in drive::in_bays(controller, arguments) {
            match found {
                Ok(drive) => drive::block(answer, controller, drive),
                Err(bay) => drive::not_found(answer, number, bay),
            }
        }
    }
}
