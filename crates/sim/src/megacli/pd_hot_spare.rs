//! `-PDHSP`: hot spares.

use super::answer::line;
use super::order::{Order, each, say};
use super::{Answer, Arguments, opcode};
use crate::firmware::{drives, status};
use crate::state::{Host, Spare};

/// `-PDHSP -Set`, with `-Dedicated -Array0`, `-EnclAffinity` and `-nonRevertible`.
pub(super) fn set(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let bit = |is: bool, bit: u8| if is { bit } else { 0 };
    let is_dedicated = arguments.has("-dedicated");
    let kind = bit(is_dedicated, Spare::DEDICATED)
        | bit(!arguments.has("-nonrevertible"), Spare::REVERTIBLE)
        | bit(arguments.has("-enclaffinity"), Spare::ENCLOSURE_AFFINITY);
    each(host, arguments, answer, |answer, mut order| {
        let known = order.controller.arrays.iter().map(|array| array.reference);
        // Without -Array it serves all that there are.
        let arrays = if is_dedicated {
            let wanted = arguments.numbers("-array");
            wanted.unwrap_or_else(|| known.collect())
        } else {
            Vec::new()
        };
        let is_unknown = |array: &u16| order.controller.array(*array).is_none();
        if arrays.iter().any(is_unknown) {
            return refuse(answer, order.number, status::NO_SUCH_ARRAY);
        }
        if is_member(&order) {
            return refuse(answer, order.number, status::IN_USE);
        }
        let outcome = order.give(opcode::SPARE_MAKE, |controller, device_id| {
            let spare = Spare {
                device_id,
                kind,
                arrays,
            };
            drives::make_spare(controller, spare)
        });
        tell(answer, &order, outcome, "Set")
    });
}

/// `-PDHSP -Rmv`.
pub(super) fn remove(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        if is_member(&order) {
            return refuse(answer, order.number, status::IN_USE);
        }
        let outcome = order.give(opcode::SPARE_REMOVE, drives::remove_spare);
        tell(answer, &order, outcome, "Remove")
    });
}

fn is_member(order: &Order<'_>) -> bool {
    order.controller.seat(order.drive.device_id).is_some()
}

/// The tool itself refuses, and does not say why.
fn refuse(answer: &mut Answer, number: u32, status: u16) -> bool {
    let words = "Failed to Perform PD hotspare Operation.";
    line!(answer, "Adapter #{number}: {words}");
    answer.status = status;
    false
}

fn tell(answer: &mut Answer, order: &Order<'_>, outcome: drives::Outcome, verb: &str) -> bool {
    let (number, place) = (order.number, order.place());
    let what = format!("Adapter: {number}: {verb} Physical Drive at {place} as Hot Spare");
    say(
        answer,
        outcome,
        &format!("{what} Success."),
        &format!("{what} Failed."),
    )
}
