//! `-ELF`: advanced software options, which keys unlock. No firmware that was ever captured answers
//! for them.

use super::answer::line;
use super::{Answer, Arguments, firmware_status, selected};
use crate::state::Host;
use crate::state::bits::operations;

pub(super) fn features(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    fail("Advanced Software Option(s)", host, arguments, answer);
}

pub(super) fn safe_id(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    fail("Safe ID", host, arguments, answer);
}

/// `-Applykey`, `-TransferToVault`, `-DeactivateTrialKey`, `-ReHostInfo`, `-ReHostComplete`. No capture
/// shows what is said where keys are supported.
pub(super) fn change(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    fail("Advanced Software Option(s)", host, arguments, answer);
}

fn fail(what: &str, host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let controllers = selected(host, arguments);
    let Some((_, controller)) = controllers.first() else {
        return;
    };
    if controller.info.operations & operations::PREMIUM_FEATURES == 0 {
        line!(answer, "This Feature is not supported");
        answer.status = 1;
        return;
    }
    line!(answer, "Failed to Get {what}");
    firmware_status::explain(firmware_status::INVALID_COMMAND, answer);
}
