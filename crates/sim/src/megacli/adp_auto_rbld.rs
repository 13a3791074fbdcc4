//! `-AdpAutoRbld`: whether failed members are rebuilt on spares by themselves.

use super::answer::line;
use super::words::enabled;
use super::{Answer, Arguments, firmware_status, opcode, selected, selected_mut};
use crate::firmware::control;
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if controller.fault(opcode::PROPERTIES).is_some() {
            answer.crash();
            return;
        }
        let is = enabled(controller.info.no_auto_rebuild == 0);
        line!(answer, "Adapter {number}: AutoRebuild is {is}.");
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

fn set(to: bool, host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if let Some(status) = controller.fault(opcode::SET_PROPERTIES) {
            firmware_status::not_sent(number, status, answer);
            continue;
        }
        control::set_properties(controller, |info| info.no_auto_rebuild = u32::from(!to));
        let is = enabled(to);
        line!(answer, "Adapter {number}: AutoRebuild is {is}.");
    }
}
