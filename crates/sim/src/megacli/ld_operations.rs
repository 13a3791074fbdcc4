//! `-LDInit`, `-LDCC` and `-LDBI`: operations on virtual drives are begun, ended, and let wait.

use super::answer::line;
use super::firmware_status::explain;
use super::{Answer, Arguments, opcode, selected_mut, targets};
use crate::firmware::drives::Outcome;
use crate::firmware::virtual_drives::{self, Property, Waiting};
use crate::state::bits::operations2;
use crate::state::{Controller, Host};

/// Does `act` for every virtual drive that the command line names.
fn each(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    act: impl Fn(&mut Controller, u32, u16, &mut Answer),
) {
    for (number, controller) in selected_mut(host, arguments) {
        for target in targets::chosen(answer, number, controller, arguments) {
            act(controller, number, target, answer);
        }
    }
}

/// `Start Initialization on Virtual Drive 0 (target id: 0) Success.`
fn say(answer: &mut Answer, what: &str, target: u16, done: Outcome) {
    let on = format!("on Virtual Drive {target} (target id: {target})");
    match done {
        Ok(()) => line!(answer, "{what} {on} Success."),
        Err(why) => {
            line!(answer, "{what} {on} Failed.");
            explain(why, answer);
        }
    }
}

/// `-LDInit -Start [-full]`.
pub(super) fn begin_initialization(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let is_full = arguments.has("-full");
    each(host, arguments, answer, |controller, _, target, answer| {
        let done = controller
            .allows(opcode::INITIALIZATION_START)
            .and_then(|()| virtual_drives::begin_initialization(controller, target, is_full));
        say(answer, "Start Initialization", target, done);
    });
}

/// `-LDInit -Abort`.
pub(super) fn abort_initialization(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |controller, _, target, answer| {
        let running = controller.virtual_drive(target).map(|it| it.activities);
        if running.is_none_or(|on| on.foreground_initialization.is_none()) {
            line!(answer, "Initialization on VD #{target} is not in progress.");
            return;
        }
        let done = controller.allows(opcode::INITIALIZATION_ABORT);
        if done.is_ok() {
            virtual_drives::abort_initialization(controller, target);
        }
        say(answer, "Abort Initialization", target, done);
    });
}

/// `-LDCC -Start [-force]`.
pub(super) fn begin_check(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |controller, _, target, answer| {
        let done = controller
            .allows(opcode::CHECK_START)
            .and_then(|()| virtual_drives::begin_check(controller, target));
        say(answer, "Start Check Consistency", target, done);
    });
}

/// `-LDCC -Abort`.
pub(super) fn abort_check(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |controller, _, target, answer| {
        let running = controller.virtual_drive(target).map(|it| it.activities);
        if running.is_none_or(|on| on.consistency_check.is_none()) {
            let words = "is not in progress.";
            line!(answer, "Check Consistency on VD #{target} {words}");
            return;
        }
        let done = controller.allows(opcode::CHECK_ABORT);
        if done.is_ok() {
            virtual_drives::abort_check(controller, target);
        }
        say(answer, "Abort Check Consistency", target, done);
    });
}

/// `-LDCC -Suspend`.
pub(super) fn suspend_check(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let words = ("Suspend", "Check Consistency", "progress");
    wait(
        host,
        arguments,
        answer,
        Waiting::ConsistencyCheck,
        true,
        words,
    );
}

/// `-LDCC -Resume`.
pub(super) fn resume_check(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let words = ("Resume", "Check Consistency", "progress");
    wait(
        host,
        arguments,
        answer,
        Waiting::ConsistencyCheck,
        false,
        words,
    );
}

/// `-LDBI -Suspend`.
pub(super) fn suspend_background(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let what = Waiting::BackgroundInitialization;
    let words = ("Suspend", "Background Initialization", "Progress");
    wait(host, arguments, answer, what, true, words);
}

/// `-LDBI -Resume`.
pub(super) fn resume_background(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let what = Waiting::BackgroundInitialization;
    let words = ("Resume", "Background Initialization", "Progress");
    wait(host, arguments, answer, what, false, words);
}

/// Lets an operation wait or go on. Where the controller can do that, no capture shows it: the words are
/// those of the other verbs.
fn wait(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    what: Waiting,
    waits: bool,
    (verb, name, running): (&str, &str, &str),
) {
    for (number, controller) in selected_mut(host, arguments) {
        if controller.info.operations2 & operations2::SUSPEND_RESUME == 0 {
            line!(answer, "FW Not Allowed Suspend-Resume on BG Operations.");
            answer.status = 1;
            continue;
        }
        for target in targets::chosen(answer, number, controller, arguments) {
            if virtual_drives::suspend(controller, target, what, waits) {
                say(answer, &format!("{verb} {name}"), target, Ok(()));
            } else {
                line!(answer, "{name} on VD #{target} is not in {running}.");
            }
        }
    }
}

/// `-LDBI -Enbl`.
pub(super) fn enable_background(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    switch_background(host, arguments, answer, true);
}

/// `-LDBI -Dsbl`.
pub(super) fn disable_background(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    switch_background(host, arguments, answer, false);
}

fn switch_background(host: &mut Host, arguments: &Arguments, answer: &mut Answer, is_on: bool) {
    let setting = if is_on { "Enabled" } else { "Disabled" };
    each(
        host,
        arguments,
        answer,
        |controller, number, target, answer| {
            let property = Property::BackgroundInitialization(is_on);
            let done = controller
                .allows(opcode::SET_VIRTUAL_DRIVE)
                .and_then(|()| virtual_drives::set(controller, target, &property));
            let name = "Background Initialization";
            match done {
                Ok(()) => line!(
                    answer,
                    "{name} is {setting} on VD {target} (target id: {target}) on Adapter {number}"
                ),
                Err(why) => {
                    // No capture shows it.
                    let place = format!("on Adapter {number}, VD {target}.");
                    line!(answer, "Failed to set {name} to {setting} {place}");
                    explain(why, answer);
                }
            }
        },
    );
}

/// `-LDBI -Abort`.
pub(super) fn abort_background(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |controller, _, target, answer| {
        let running = controller.virtual_drive(target).map(|it| it.activities);
        if running.is_none_or(|on| on.background_initialization.is_none()) {
            let words = "is not in Progress.";
            line!(answer, "Background Initialization on VD #{target} {words}");
            return;
        }
        let done = controller.allows(opcode::BACKGROUND_ABORT);
        if done.is_ok() {
            virtual_drives::abort_background(controller, target);
        }
        say(answer, "Abort Background Initialization", target, done);
    });
}
