//! `-PDInstantSecureErase` and `-SecureErase` of physical drives.
//!
//! No capture shows these commands: their words are made like those of `-PDHSP` and `-PDClear`.

use super::order::{each, say};
use super::pd_operation::tell_progress;
use super::{Answer, Arguments, opcode, pd_progress};
use crate::firmware::drives;
use crate::state::Host;

/// `-PDInstantSecureErase`.
pub(super) fn instantly(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::ERASE_INSTANTLY, drives::erase_instantly);
        let (number, place) = (order.number, order.place());
        let what = format!("Adapter: {number}: Instant Secure Erase of Physical Drive at {place}");
        say(
            answer,
            outcome,
            &format!("{what} Success."),
            &format!("{what} Failed."),
        )
    });
}

/// `-SecureErase Start Simple|Normal|Thorough`.
pub(super) fn start(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::ERASE_START, drives::start_erase);
        tell_progress(answer, &order, outcome, ("Started", "start"), "erase")
    });
}

/// `-SecureErase Stop`.
pub(super) fn stop(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::ERASE_STOP, drives::stop_erase);
        tell_progress(answer, &order, outcome, ("Stopped", "stop"), "erase")
    });
}

/// `-SecureErase ShowProg`.
pub(super) fn progress(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    pd_progress::erase(host, arguments, answer);
}
