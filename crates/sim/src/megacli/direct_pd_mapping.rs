//! `-DirectPdMapping`: whether slots have device ids of their own.

use super::answer::line;
use super::{Answer, Arguments, firmware_status, opcode, selected, selected_mut};
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

/// `-Enbl`.
pub(super) fn enable(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(true, host, arguments, answer);
}

/// `-Dsbl`.
pub(super) fn disable(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(false, host, arguments, answer);
}

/// The setting is read back at once. The device ids that it means stay as they are: no capture shows
/// how the firmware would number them.
fn set(to: bool, host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if let Some(status) = controller.fault(opcode::SET_DEFAULTS) {
            firmware_status::not_sent(number, status, answer);
            continue;
        }
        controller.defaults.direct_drive_mapping = to;
        line!(
            answer,
            "Adapter {number}: Direct Pd Mapping is Set Successfully. "
        );
        line!(answer, "This change requires reboot.");
    }
}
