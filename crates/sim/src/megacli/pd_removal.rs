//! `-PDPrpRmv`: a drive is stopped, so that it can be pulled.

use super::answer::line;
use super::order::{Order, each_or, say};
use super::{Answer, Arguments, opcode};
use crate::firmware::drives::{self, Outcome};
use crate::state::Host;

/// `-PDPrpRmv`.
pub(super) fn prepare(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    all(host, arguments, answer, "Prepare", |order| {
        order.give(opcode::REMOVAL_PREPARE, drives::prepare_removal)
    });
}

/// `-PDPrpRmv -UnDo`.
pub(super) fn undo(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    all(host, arguments, answer, "Undo Prepare", |order| {
        order.give(opcode::REMOVAL_UNDO, drives::undo_removal)
    });
}

fn all(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    verb: &str,
    act: impl Fn(&mut Order<'_>) -> Outcome,
) {
    let missing = |answer: &mut Answer, number, _| {
        let words = "Failed to Perform prepare for removal Operation.";
        line!(answer, "Adapter #{number}: {words}");
    };
    each_or(host, arguments, answer, missing, |answer, mut order| {
        let outcome = act(&mut order);
        line!(answer);
        let done = format!("{verb} for removal Success");
        let failed = format!("Adapter: {}: {verb} for removal Failed", order.number);
        say(answer, outcome, &done, &failed)
    });
}
