//! A MegaCLI 8.07.14 that answers for a simulated host, byte for byte as the real one prints.
//!
//! [`COMMANDS`] is the one list of what it knows: an entry per command, with the function that
//! answers. One file per output holds those functions, named as in `ironkeep-parsers`. How faithful
//! they are is measured against real captures by `tests/fidelity.rs`.

mod adp_get_time;
mod answer;
mod arguments;
mod drive;
mod firmware_status;
mod ld_info;
mod opcode;
mod pd_list;
mod virtual_drive;
mod words;

pub use answer::Answer;
pub use arguments::{Arguments, Bay, Selection};

use crate::state::{Controller, Host};
use answer::line;

/// What a command does.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// It only looks.
    Read(fn(&Host, &Arguments, &mut Answer)),
    /// It changes the host.
    Change(fn(&mut Host, &Arguments, &mut Answer)),
}

/// A command that MegaCLI knows.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// The words by which it is known, in any case of letters.
    pub words: &'static [&'static str],
    /// What it does.
    pub action: Action,
}

const fn reads(
    words: &'static [&'static str],
    answer: fn(&Host, &Arguments, &mut Answer),
) -> Command {
    Command {
        words,
        action: Action::Read(answer),
    }
}

/// Every command, in the order of the alphabet. The longest one that fits is meant.
pub const COMMANDS: &[Command] = &[
    reads(&["-AdpGetTime"], adp_get_time::answer),
    reads(&["-LDInfo"], ld_info::answer),
    reads(&["-PDList"], pd_list::answer),
];

/// Whether a command line changes the host.
pub fn changes(line: &[&str]) -> bool {
    let arguments = Arguments::of_words(line.iter().copied());
    let command = command(&arguments);
    command.is_some_and(|command| matches!(command.action, Action::Change(_)))
}

/// The command that the words mean: the longest one that fits.
fn command(arguments: &Arguments) -> Option<&'static Command> {
    COMMANDS
        .iter()
        .filter(|command| arguments.begin_with(command.words))
        .max_by_key(|command| command.words.len())
}

/// Runs a command line on `host`.
pub fn run(host: &mut Host, line: &[&str]) -> Answer {
    let arguments = Arguments::of_words(line.iter().copied());
    let mut answer = Answer::default();
    match command(&arguments).map(|command| command.action) {
        Some(Action::Read(read)) => read(host, &arguments, &mut answer),
        Some(Action::Change(change)) => change(host, &arguments, &mut answer),
        None => {
            line!(
                answer,
                "Invalid input at or near token {}",
                arguments.words.first().map_or("", String::as_str)
            );
            answer.status = 1;
        }
    }
    answer
}

/// The controllers that a command line names, with their numbers. `None` if one is not there: then
/// `answer` says so. A controller that does not tell what it is, is not there.
fn selected<'a>(
    host: &'a Host,
    arguments: &Arguments,
    answer: &mut Answer,
) -> Option<Vec<(u32, &'a Controller)>> {
    let answering = |it: &&Controller| it.fault(opcode::CONTROLLER_INFO).is_none();
    let all = (0_u32..).zip(host.controllers.iter().filter(answering));
    let Some(Selection::These(wanted)) = &arguments.controllers else {
        return Some(all.collect());
    };
    let found: Vec<_> = all.filter(|(number, _)| wanted.contains(number)).collect();
    if found.len() == wanted.len() {
        return Some(found);
    }
    line!(answer, "User specified controller is not present.");
    line!(answer, "Failed to get CpController object.");
    answer.status = 1;
    None
}
