//! `-PDGetNum`: how many physical drives each controller has. The last number is the exit status.

use super::answer::line;
use super::{Answer, Arguments, opcode, selected};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if controller.fault(opcode::DRIVE_LIST).is_some() {
            line!(answer, "Adapter {number}: Failed to get PD Count");
            answer.status = 1;
            continue;
        }
        let count = controller.drives.len();
        line!(
            answer,
            " Number of Physical Drives on Adapter {number}: {count}"
        );
        answer.status = u16::try_from(count).unwrap_or(u16::MAX);
    }
}
