//! Orders to the firmware: which drives they go to, and whether the firmware takes them.

use super::answer::line;
use super::{Answer, Arguments, Bay, drive, firmware_status, selected_mut};
use crate::firmware::drives::Outcome;
use crate::state::{Controller, Drive, Host};

/// An order to one drive.
pub(super) struct Order<'a> {
    /// Number of the controller.
    pub(super) number: u32,
    /// The controller.
    pub(super) controller: &'a mut Controller,
    /// The drive as it was before.
    pub(super) drive: Drive,
}

impl Order<'_> {
    /// Has the firmware do `act`, the operation `opcode`, which a scenario can make fail.
    pub(super) fn give(
        &mut self,
        opcode: u32,
        act: impl FnOnce(&mut Controller, u16) -> Outcome,
    ) -> Outcome {
        match self.controller.fault(opcode) {
            Some(status) => Err(status),
            None => act(self.controller, self.drive.device_id),
        }
    }

    /// `EnclId-252 SlotId-1`.
    pub(super) fn place(&self) -> String {
        let enclosure = drive::enclosure(&self.drive);
        format!("EnclId-{enclosure} SlotId-{}", self.drive.slot)
    }

    /// `device(Encl-252 Slot-1)`.
    pub(super) fn device(&self) -> String {
        let enclosure = drive::enclosure(&self.drive);
        format!("device(Encl-{enclosure} Slot-{})", self.drive.slot)
    }

    /// `Enclosure - 252, Slot - 1`.
    pub(super) fn bay(&self) -> String {
        let enclosure = drive::enclosure(&self.drive);
        format!("Enclosure - {enclosure}, Slot - {}", self.drive.slot)
    }
}

/// Does `order` for every drive that the command line names, on every controller that it names, up to the
/// first of a controller that is not there or that fails: that is what `order` says with `false`.
pub(super) fn each(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    order: impl FnMut(&mut Answer, Order<'_>) -> bool,
) {
    each_or(host, arguments, answer, not_found, order);
}

/// As [`each`], with other words for a bay without a drive.
pub(super) fn each_or(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    missing: impl Fn(&mut Answer, u32, Bay),
    mut order: impl FnMut(&mut Answer, Order<'_>) -> bool,
) {
    for (number, controller) in selected_mut(host, arguments) {
        for bay in arguments.drives.as_deref().unwrap_or_default() {
            let Ok(drive) = drive::in_bay(controller, *bay).cloned() else {
                missing(answer, number, *bay);
                answer.status = 1;
                break;
            };
            let given = Order {
                number,
                controller,
                drive,
            };
            if !order(answer, given) {
                break;
            }
        }
    }
}

fn not_found(answer: &mut Answer, number: u32, bay: Bay) {
    drive::not_found(answer, number, bay);
}

/// Says that the order was carried out, or why not: `done` or `failed`, and the firmware's sentence.
/// `false` if it was not.
pub(super) fn say(answer: &mut Answer, outcome: Outcome, done: &str, failed: &str) -> bool {
    match outcome {
        Ok(()) => line!(answer, "{done}"),
        Err(status) => {
            line!(answer, "{failed}");
            firmware_status::explain(status, answer);
        }
    }
    outcome.is_ok()
}
