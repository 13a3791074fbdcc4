//! `-LDGetNum`: how many virtual drives each controller has. The last number is the exit status.

use super::answer::line;
use super::{Answer, Arguments, opcode, selected, targets};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if controller.fault(opcode::VIRTUAL_DRIVE_LIST).is_some() {
            targets::not_listed(answer, number);
            continue;
        }
        let count = controller.virtual_drives.len();
        line!(
            answer,
            " Number of Virtual Drives Configured on Adapter {number}: {count}"
        );
        answer.status = u16::try_from(count).unwrap_or(u16::MAX);
    }
}
