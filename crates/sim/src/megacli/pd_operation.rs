//! `-PDRbld`, `-PDClear` and `-PDCpyBk` with `-Start`, `-Stop`, `-Suspend` and `-Resume`.

use super::answer::{line, put};
use super::order::{Order, each, say};
use super::{Answer, Arguments, drive, opcode, selected_mut};
use crate::firmware::drives::{self, Outcome};
use crate::firmware::status;
use crate::state::bits::operations2;
use crate::state::{Controller, Host};

/// The sequence number of the drive was not the firmware's.
const WRONG_SEQUENCE: u16 = 0x04;

/// `-PDRbld -Start`.
pub(super) fn start_rebuild(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::REBUILD_START, drives::start_rebuild);
        let refused = format!("Cannot Rebuild Physical Drive at {}.", order.bay());
        tell_rebuild(answer, &order, outcome, "Started", &refused)
    });
}

/// `-PDRbld -Stop`.
pub(super) fn stop_rebuild(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::REBUILD_STOP, drives::stop_rebuild);
        tell_rebuild(answer, &order, outcome, "Stopped", &not_rebuilding(&order))
    });
}

fn not_rebuilding(order: &Order<'_>) -> String {
    format!("Device at {} is not in Rebuild state.", order.bay())
}

/// The tool has words of its own for three failures. Of any other it says that it worked, and then the
/// firmware's reason why it did not.
fn tell_rebuild(
    answer: &mut Answer,
    order: &Order<'_>,
    outcome: Outcome,
    verb: &str,
    refused: &str,
) -> bool {
    let done = format!("{verb} rebuild progress on {}", order.device());
    let failed = match outcome {
        Err(WRONG_SEQUENCE) => "Invalid sequence number was provided.".to_owned(),
        Err(status::NO_SUCH_DEVICE) => {
            format!(
                "Adapter {}: Device at {} is not found.",
                order.number,
                order.bay()
            )
        }
        Err(status::WRONG_STATE) => refused.to_owned(),
        _ => done.clone(),
    };
    say(answer, outcome, &done, &failed)
}

/// `-PDRbld -Suspend`.
pub(super) fn suspend_rebuild(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let what = ("Suspended", opcode::SUSPEND, true);
    change_rebuild(host, arguments, answer, what);
}

/// `-PDRbld -Resume`.
pub(super) fn resume_rebuild(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    change_rebuild(host, arguments, answer, ("Resumed", opcode::RESUME, false));
}

/// No capture shows this on a controller that can do it: the words are those of `-Start` and `-Stop`.
fn change_rebuild(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    (verb, opcode, suspended): (&str, u32, bool),
) {
    each(host, arguments, answer, |answer, mut order| {
        if !can_wait(order.controller) {
            put!(answer, "FW not Supported BG Suspend Resume Operations.");
            return false;
        }
        let outcome = order.give(opcode, |controller, id| {
            drives::suspend_rebuild(controller, id, suspended)
        });
        tell_rebuild(answer, &order, outcome, verb, &not_rebuilding(&order))
    });
}

fn can_wait(controller: &Controller) -> bool {
    controller.info.operations2 & operations2::SUSPEND_RESUME != 0
}

/// `-PDClear -Start`.
pub(super) fn start_clear(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::CLEAR_START, drives::start_clear);
        tell_progress(answer, &order, outcome, ("Started", "start"), "clear")
    });
}

/// `-PDClear -Stop`.
pub(super) fn stop_clear(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::CLEAR_STOP, drives::stop_clear);
        tell_progress(answer, &order, outcome, ("Stopped", "stop"), "clear")
    });
}

/// `Started clear progress on …`, or `Failed to start clear progress on …`.
pub(super) fn tell_progress(
    answer: &mut Answer,
    order: &Order<'_>,
    outcome: Outcome,
    (did, to_do): (&str, &str),
    what: &str,
) -> bool {
    let device = order.device();
    let done = format!("{did} {what} progress on {device}");
    let failed = format!("Failed to {to_do} {what} progress on {device}");
    say(answer, outcome, &done, &failed)
}

/// `-PDCpyBk -Start`: from the first drive to the second.
pub(super) fn start_copyback(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let &[from, to] = arguments.drives.as_deref().unwrap_or_default() else {
        return refuse_drives(host, arguments, answer);
    };
    for (number, controller) in selected_mut(host, arguments) {
        let source = drive::in_bay(controller, from).map(|drive| drive.device_id);
        let target = drive::in_bay(controller, to).map(|drive| drive.device_id);
        let (source, target) = match (source, target) {
            (Ok(source), Ok(target)) => (source, target),
            (Err(bay), _) | (_, Err(bay)) => {
                drive::not_found(answer, number, bay);
                answer.status = 1;
                continue;
            }
        };
        let outcome = match controller.fault(opcode::COPYBACK_START) {
            Some(status) => Err(status),
            None => drives::start_copyback(controller, source, target),
        };
        let failed = "Cannot Start Copyback on specified Physical Drive.";
        tell_copyback(answer, outcome, "Started", failed);
    }
}

/// `-PDCpyBk -Stop`.
pub(super) fn stop_copyback(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    change_copyback(host, arguments, answer, "Stopped", |order| {
        order.give(opcode::COPYBACK_STOP, drives::stop_copyback)
    });
}

/// `-PDCpyBk -Suspend`.
pub(super) fn suspend_copyback(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    wait_copyback(
        host,
        arguments,
        answer,
        ("Suspended", opcode::SUSPEND, true),
    );
}

/// `-PDCpyBk -Resume`.
pub(super) fn resume_copyback(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    wait_copyback(host, arguments, answer, ("Resumed", opcode::RESUME, false));
}

/// No capture shows this on a controller that can do it: the words are those of `-Start` and `-Stop`.
fn wait_copyback(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    (verb, opcode, suspended): (&str, u32, bool),
) {
    let controllers = selected_mut(host, arguments);
    if controllers
        .iter()
        .any(|(_, controller)| !can_wait(controller))
    {
        line!(answer, "FW Not Allowed Suspend-Resume on BG Operations.");
        answer.status = 1;
        return;
    }
    change_copyback(host, arguments, answer, verb, |order| {
        order.give(opcode, |controller, id| {
            drives::suspend_copyback(controller, id, suspended)
        })
    });
}

fn change_copyback(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    verb: &str,
    act: impl Fn(&mut Order<'_>) -> Outcome,
) {
    if arguments.drives.as_ref().is_some_and(|bays| bays.len() > 1) {
        return refuse_drives(host, arguments, answer);
    }
    each(host, arguments, answer, |answer, mut order| {
        let outcome = act(&mut order);
        let failed = "Physical Drive is not in Copyback state.";
        tell_copyback(answer, outcome, verb, failed)
    });
}

fn tell_copyback(answer: &mut Answer, outcome: Outcome, verb: &str, failed: &str) -> bool {
    let done = format!("{verb} Copyback Operation Successfully. ");
    say(answer, outcome, &done, failed)
}

fn refuse_drives(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    if !selected_mut(host, arguments).is_empty() {
        line!(answer, "Invalid Physical drive(s) specified.");
        answer.status = 1;
    }
}
