//! `-AdpAutoRbld -Dsply`: whether failed members are rebuilt on spares by themselves.

use super::answer::line;
use super::words::enabled;
use super::{Answer, Arguments, opcode, selected};
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
