//! `-DirectPdMapping -Dsply`: whether slots have device ids of their own.

use super::answer::line;
use super::{Answer, Arguments, opcode, selected};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if controller.fault(opcode::DEFAULTS).is_some() {
            line!(answer, "Failed to get data on Adapter {number}");
            answer.status = 1;
            continue;
        }
        let setting = if controller.defaults.direct_drive_mapping {
            "Enabled"
        } else {
            "Disabled"
        };
        line!(answer, "Adapter {number}: Direct Pd Mapping is: {setting} ");
    }
}
