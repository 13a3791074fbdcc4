//! `-FwTermLog`: the firmware's own log.

use super::answer::line;
use super::{Answer, Arguments, firmware_status, selected, selected_mut};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        line!(
            answer,
            "Firmware Term Log Information on controller {number}:"
        );
        for entry in &controller.terminal_log {
            line!(answer, "{entry}");
        }
    }
}

/// `-FwTermLog -BBUGet`: whether the battery keeps it while there is no power.
pub(super) fn battery(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let is = if controller.keeps_terminal_log {
            "ON"
        } else {
            "OFF"
        };
        line!(
            answer,
            "Battery is {is} for TTY history on Adapter {number}"
        );
    }
}

/// `-FwTermLog -Clear`.
pub(super) fn clear(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        controller.terminal_log.clear();
        line!(answer, "Firmware termlog is cleared on Adapter {number}");
    }
}

/// `-FwTermLog -BBUon`, `-BBUoff` and `-BBUoffTemp`: no captured firmware lets the battery keep the log.
pub(super) fn set_battery(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, _) in selected(host, arguments) {
        firmware_status::not_sent(number, firmware_status::INVALID_COMMAND, answer);
    }
}
