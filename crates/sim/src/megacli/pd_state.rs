//! `-PDOffline`, `-PDOnline`, `-PDMakeGood`, `-PDMakeJBOD` and `-PDMarkMissing`: states of drives.

use super::answer::{line, put};
use super::order::{Order, each, say};
use super::{Answer, Arguments, firmware_status, opcode};
use crate::firmware::drives::{self, Outcome};
use crate::state::{DriveState, Host};

/// The one status of which these commands give the firmware's reason: too many drives were converted.
const TOO_MANY_CONVERTED: u16 = 0x5f;

/// `-PDOffline`.
pub(super) fn take_offline(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::DRIVE_STATE, drives::take_offline);
        let words = "OffLine";
        tell(
            answer,
            &order,
            outcome,
            &format!("Adapter: {}: ", order.number),
            words,
        )
    });
}

/// `-PDOnline`.
pub(super) fn put_online(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::DRIVE_STATE, drives::put_online);
        tell(answer, &order, outcome, "", "OnLine")
    });
}

/// `-PDMakeGood`. A drive that the host has is made good with `-Force` only.
pub(super) fn make_good(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let forced = arguments.has("-force");
    each(host, arguments, answer, |answer, mut order| {
        if order.drive.state == DriveState::Jbod && !forced {
            put!(
                answer,
                "To prevent data loss and adverse effect on system, please stop all the IOs to this drive.\
                 If it is a file system drive, please unmount it.\n\n \
                 use -force option if you are sure to perform this operation\n"
            );
            answer.status = 1;
            return false;
        }
        let outcome = order.give(opcode::DRIVE_STATE, drives::make_good);
        if outcome == Err(TOO_MANY_CONVERTED) {
            let words = "The drive cannot be converted from JBOD to Unconfigured Good because, \
                         Maximum allowed drive conversion has been reached.";
            return say(answer, outcome, "", words);
        }
        let words = "Unconfigured-Good";
        tell(
            answer,
            &order,
            outcome,
            &format!("Adapter: {}: ", order.number),
            words,
        )
    });
}

/// `-PDMakeJBOD`.
pub(super) fn make_jbod(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::DRIVE_STATE, drives::make_jbod);
        let words = "JBOD";
        tell(
            answer,
            &order,
            outcome,
            &format!("Adapter: {}: ", order.number),
            words,
        )
    });
}

/// `-PDMarkMissing`, the one of them that gives the firmware's reason.
pub(super) fn mark_missing(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::DRIVE_STATE, drives::mark_missing);
        let done = format!("{} is marked Missing.", order.place());
        say(answer, outcome, &done, &failure(&order))
    });
}

fn failure(order: &Order<'_>) -> String {
    let place = order.place();
    format!(
        "Adapter: {}: Failed to change PD state at {place}.",
        order.number
    )
}

/// Tells the new state, behind `who`; of a failure the reason is not told.
fn tell(answer: &mut Answer, order: &Order<'_>, outcome: Outcome, who: &str, state: &str) -> bool {
    match outcome {
        Ok(()) => line!(answer, "{who}{} state changed to {state}.", order.place()),
        Err(status) => {
            line!(answer, "{}", failure(order));
            if status == TOO_MANY_CONVERTED {
                firmware_status::explain(status, answer);
            } else {
                answer.status = 1;
            }
        }
    }
    outcome.is_ok()
}
