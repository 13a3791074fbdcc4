//! Completion in the shell: what may stand at the end of a command line, looked up on the host or in
//! the capture that the line names.
//!
//! The shells' scripts, in `completions/`, hand over the words and get a candidate a line, with its
//! explanation behind a tab. Whatever goes wrong, nothing is printed: nobody asked a question.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command, CommandFactory};
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter, complete,
};
use ironkeep_parsers::model::{Enclosure, PhysicalDrive, VirtualDrive};
use ironkeep_sim::scenario;

use crate::cli::{Brief, Cli};
use crate::explain::{Subject, glossary};
use crate::health;
use crate::output::escape;
use crate::reading::{Controller, Part};

/// The candidates for the last of `words`, a line each.
pub(super) fn lines(words: &[OsString], brief: &Brief) -> String {
    let mut command = with_values(Cli::command(), brief);
    let Some(position) = words.len().checked_sub(1) else {
        return String::new();
    };
    let folder = std::path::Path::new(".");
    let found = complete(&mut command, words.to_vec(), position, Some(folder)).unwrap_or_default();
    // Options are for those who have begun to type one.
    let is_option = |it: &&CompletionCandidate| it.get_value().as_encoded_bytes().starts_with(b"-");
    let begun = words.last().is_some_and(|word| !word.is_empty());
    let shown = found.iter().filter(|it| begun || !is_option(it));
    let mut lines = String::new();
    for candidate in shown {
        let help = candidate.get_help().map(ToString::to_string);
        let help = help.as_deref().and_then(|help| help.lines().next());
        // A tab or a new line in a name would make two candidates of one.
        lines.push_str(&escape::terminal(
            &candidate.get_value().to_string_lossy(),
            true,
        ));
        if let Some(help) = help {
            lines.push('\t');
            lines.push_str(&escape::terminal(help, true));
        }
        lines.push('\n');
    }
    lines
}

/// Gives each argument that names something its candidates.
fn with_values(command: Command, brief: &Brief) -> Command {
    command
        .mut_args(|argument| match kind(&argument) {
            Some(kind) => {
                let brief = brief.clone();
                let completer = move |typed: &OsStr| kind.candidates(typed, &brief);
                argument.add(ArgValueCompleter::new(completer))
            }
            None => argument,
        })
        .mut_subcommands(|verb| with_values(verb, brief))
}

/// What an argument names.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Controller,
    PhysicalDrive,
    VirtualDrive,
    Enclosure,
    DriveState,
    Scenario,
    Word,
}

/// By the name of its value in the help, which is the same everywhere.
fn kind(argument: &Arg) -> Option<Kind> {
    let value = argument.get_value_names()?.first()?;
    match (value.as_str(), argument.get_id().as_str()) {
        ("NUMBER", "controller" | "number") => Some(Kind::Controller),
        ("DRIVE", _) => Some(Kind::PhysicalDrive),
        ("VD", _) => Some(Kind::VirtualDrive),
        ("ENCLOSURE", _) => Some(Kind::Enclosure),
        ("STATE", _) => Some(Kind::DriveState),
        ("SCENARIO", _) => Some(Kind::Scenario),
        ("WORDS", _) => Some(Kind::Word),
        _ => None,
    }
}

impl Kind {
    fn candidates(self, typed: &OsStr, brief: &Brief) -> Vec<CompletionCandidate> {
        let Some(text) = typed.to_str() else {
            return Vec::new();
        };
        let is_path = text.starts_with("/d") || text.starts_with("./");
        let found = match self {
            Self::PhysicalDrive | Self::VirtualDrive if is_path => {
                return PathCompleter::any().complete(typed);
            }
            Self::Controller => things(brief, Part::Controllers, |it| vec![number(it)]),
            Self::PhysicalDrive => things(brief, Part::PhysicalDrives, |it| {
                let drives = it.physical_drives.iter().flatten();
                drives
                    .filter_map(|drive| physical_drive(drive, text))
                    .collect()
            }),
            Self::VirtualDrive => things(brief, Part::VirtualDrives, |it| {
                let drives = it.virtual_drives.iter().flatten();
                drives
                    .filter_map(|drive| virtual_drive(drive, text))
                    .collect()
            }),
            Self::Enclosure => things(brief, Part::Enclosures, |it| {
                it.enclosures
                    .iter()
                    .flatten()
                    .filter_map(enclosure)
                    .collect()
            }),
            Self::DriveState => states(),
            Self::Scenario => scenarios(),
            Self::Word => explained(),
        };
        let matching = found.into_iter().filter(|(name, _)| name.starts_with(text));
        matching
            .map(|(name, help)| CompletionCandidate::new(name).help(Some(help.into())))
            .collect()
    }
}

/// A name, and what helps to know the thing.
type Named = (String, String);

/// What `name` finds on each controller. Where there are several, the name says on which it is.
fn things(brief: &Brief, part: Part, name: impl Fn(&Controller) -> Vec<Named>) -> Vec<Named> {
    let Some(reading) = brief.read(&[part]) else {
        return Vec::new();
    };
    let several = reading.controllers.len() > 1 && part != Part::Controllers;
    let of_one = |controller: &Controller| {
        let prefix = match controller.id {
            Some(id) if several => format!("c{id}/"),
            Some(_) | None => String::new(),
        };
        let named = name(controller).into_iter();
        named
            .map(|(name, help)| {
                // Serial numbers and names are the same wherever the thing is.
                let name = if name.contains('=') {
                    name
                } else {
                    format!("{prefix}{name}")
                };
                (name, help)
            })
            .collect::<Vec<_>>()
    };
    reading.controllers.iter().flat_map(of_one).collect()
}

fn number(controller: &Controller) -> Named {
    let id = controller.id.map_or_else(String::new, |id| id.to_string());
    let product = controller.info.as_ref();
    let product = product.and_then(|info| info.product_name.clone());
    (id, product.unwrap_or_default())
}

/// `252:4`, or by the serial number where that has been begun.
fn physical_drive(drive: &PhysicalDrive, typed: &str) -> Option<Named> {
    let serial = drive.serial();
    let address = drive.address().map(|address| address.to_string());
    let state = drive.state.as_ref().map(|state| state.as_str().to_owned());
    let model = drive
        .inquiry
        .as_ref()
        .and_then(|it| it.model.as_ref())
        .map(ToString::to_string);
    if typed.starts_with("sn") {
        let help = [address, state, model];
        return Some((format!("sn={}", serial?), joined(help)));
    }
    Some((address?, joined([state, model, serial.map(str::to_owned)])))
}

/// The target id, or the name where that has been begun.
fn virtual_drive(drive: &VirtualDrive, typed: &str) -> Option<Named> {
    let target = drive.target_id.map(|target| target.to_string());
    let level = drive.raid_level.as_ref().map(|it| it.as_str().to_owned());
    let state = drive.state.as_ref().map(|it| it.as_str().to_owned());
    if typed.starts_with('n') {
        let name = drive.name.as_ref().filter(|name| !name.is_empty())?;
        return Some((format!("name={name}"), joined([target, level, state])));
    }
    Some((target?, joined([drive.name.clone(), level, state])))
}

fn enclosure(enclosure: &Enclosure) -> Option<Named> {
    let status = enclosure.status.as_ref().map(|it| it.as_str().to_owned());
    let help = joined([enclosure.model.clone(), status, None]);
    Some((enclosure.id?.to_string(), help))
}

fn joined(words: [Option<String>; 3]) -> String {
    let words: Vec<String> = words
        .into_iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .collect();
    words.join(", ")
}

/// What `pd list --state` takes.
fn states() -> Vec<Named> {
    let all = glossary().filter(|word| word.subject == Subject::DriveState);
    let mut states: Vec<Named> = all
        .map(|word| (word.token.to_owned(), word.meaning.to_owned()))
        .collect();
    for (group, meaning) in [
        ("unconfigured", "All unconfigured states"),
        ("shielded", "All states of a drive under diagnosis"),
    ] {
        states.push((group.to_owned(), meaning.to_owned()));
    }
    states
}

fn scenarios() -> Vec<Named> {
    let all = scenario::list().into_iter();
    all.map(|(name, what)| (name.to_owned(), what)).collect()
}

/// What `explain` takes, as far as it is one word.
fn explained() -> Vec<Named> {
    let words = glossary()
        .filter(|word| !word.token.contains(' '))
        .map(|word| (word.token.to_owned(), word.subject.as_str().to_owned()));
    let codes = health::Code::ALL.iter();
    let codes = codes.map(|code| (code.name().to_owned(), Subject::Finding.as_str().to_owned()));
    let mut all: Vec<Named> = words.chain(codes).collect();
    all.sort();
    all.dedup_by(|a, b| a.0 == b.0);
    all
}
