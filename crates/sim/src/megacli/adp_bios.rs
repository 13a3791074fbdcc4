//! `-AdpBIOS -Dsply`: the controller's BIOS at boot.

use super::answer::line;
use super::words::enabled;
use super::{Answer, Arguments, selected};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let boot = &controller.boot;
        line!(
            answer,
            "BIOS on Adapter {number} is {}.",
            enabled(boot.bios)
        );
        let handling = if boot.continues_on_error {
            "Bypass"
        } else {
            "Stop on"
        };
        line!(answer, "    BIOS will {handling} error.");
        let is = enabled(boot.selects_drive);
        line!(answer, "Auto select Boot on Adapter {number} is {is}.");
    }
}
