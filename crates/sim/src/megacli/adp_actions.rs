//! What is done to a controller as a whole: its clock, its cache, its factory defaults, its end, its
//! self-test.

use super::answer::line;
use super::{Answer, Arguments, firmware_status, opcode, selected, selected_mut};
use crate::firmware::control;
use crate::state::Host;
use crate::time;

/// `-AdpSetTime YYYYMMDD HH:MM:SS`.
pub(super) fn set_time(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let Some(seconds) = time::of_words(&arguments.word(1), &arguments.word(2)) else {
        answer.misread();
        return;
    };
    for (number, controller) in selected_mut(host, arguments) {
        control::set_time(controller, seconds);
        line!(answer, "New date/time is set on Adapter {number}");
    }
}

/// `-AdpCacheFlush`. The simulated cache is always written already, but for what is kept of lost virtual
/// drives, and that has nowhere to go.
pub(super) fn flush_cache(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if let Some(status) = controller.fault(opcode::FLUSH_CACHE) {
            firmware_status::not_sent(number, status, answer);
            continue;
        }
        line!(
            answer,
            "Cache Flush is successfully done on adapter {number}."
        );
    }
}

/// `-AdpFacDefSet`.
pub(super) fn restore_defaults(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if let Some(status) = controller.fault(opcode::SET_DEFAULTS) {
            firmware_status::not_sent(number, status, answer);
            continue;
        }
        controller.at_restart.factory_defaults = true;
        line!(
            answer,
            "Adapter {number}: Factory Default Set Successfully. "
        );
        line!(
            answer,
            "Please reboot the system for the changes to take effect"
        );
    }
}

/// `-AdpShutDown`.
pub(super) fn shut_down(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if let Some(status) = controller.fault(opcode::SHUTDOWN) {
            firmware_status::not_sent(number, status, answer);
            continue;
        }
        control::shut_down(controller);
        line!(answer, "Adapter {number}: ShutDown Successfully");
    }
}

/// `-AdpDiag [SECONDS]`. No captured firmware does it, whatever it says it can.
pub(super) fn diagnose(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let seconds = arguments.number(1).unwrap_or(20);
    for (number, _) in selected(host, arguments) {
        line!(answer, "Performing Diagnostic on Controller {number}.");
        line!(
            answer,
            " It will take {seconds} seconds to complete. Please wait..."
        );
        line!(
            answer,
            "Error Occured when Performing Diagnostic on Controller {number}."
        );
        line!(answer, "Please view event log for details.");
        firmware_status::explain(firmware_status::INVALID_COMMAND, answer);
    }
}

/// `-AdpSetVerify -f FILE`: compares the settings with those of a file. Nobody ever published such a
/// file: whatever it holds, it is none.
pub(super) fn verify_settings(_: &mut Host, _: &Arguments, answer: &mut Answer) {
    answer.misread();
}

/// Commands that no captured firmware knows: `-AdpSetConnectorMode`, `-Perfmon`, `-DpmStat -Clear`. The
/// words are those of `-AdpGetConnectorMode`.
pub(super) fn unknown_to_firmware(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    if let Some((number, _)) = selected(host, arguments).first() {
        line!(answer, "Adapter {number}: Operation Failed.");
        firmware_status::explain(firmware_status::INVALID_COMMAND, answer);
    }
}
