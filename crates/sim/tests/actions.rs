//! How faithful the simulator's changing commands are: every captured story and every captured single
//! command is replayed on the state that it started from; text and exit status are compared byte for
//! byte.
//!
//! A story is a folder of numbered files in order, with `*.note` for what happened outside the tool. A
//! folder of single commands runs each of them on a fresh state. Which state that is stands in
//! [`starts::STARTS`].
//!
//! Rows of `FIDELITY.md` whose scenario begins with `actions/` list what differs, with the reason.
//!
//! To look at differences: `SHOW=replace_full SHOW_COMMAND=-PDOffline cargo test -p ironkeep-sim --test
//! actions -- --nocapture`; `SHOW=` shows all.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads what to show from the environment"
)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test"
)]

#[path = "actions/notes.rs"]
mod notes;
#[path = "actions/starts.rs"]
mod starts;
#[path = "actions/status.rs"]
mod status;

mod captured;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ironkeep_sim::megacli;
use ironkeep_sim::state::Host;
use starts::{Start, folder_of, state_of};

/// What a folder holds, in order.
enum Step {
    /// A command, what it printed, and its exit status.
    Command {
        line: String,
        text: Vec<u8>,
        status: u8,
    },
    /// Something that happened outside the tool.
    Note(String),
}

fn steps(folder: &Path) -> Vec<(String, Step)> {
    let list = std::fs::read_to_string(folder.join("commands.tsv")).expect("commands.tsv");
    let commands: BTreeMap<&str, (&str, &str)> = list
        .lines()
        .skip(1)
        .filter_map(|row| {
            let mut columns = row.split('\t');
            Some((columns.next()?, (columns.next()?, columns.next()?)))
        })
        .collect();
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    files.sort();
    let read = |file: &String| {
        let bytes = std::fs::read(folder.join(file)).expect("a file");
        let (stem, extension) = file.rsplit_once('.')?;
        let step = match extension {
            "txt" => {
                let &(line, status) = commands.get(stem)?;
                let status = status.parse().expect("a status");
                Step::Command {
                    // Some machines have such a folder.
                    line: line.replace("/nonexistent/", "/dev/null/"),
                    text: bytes,
                    status,
                }
            }
            "note" => Step::Note(String::from_utf8(bytes).expect("words")),
            _ => return None,
        };
        Some((stem.to_owned(), step))
    };
    files.iter().filter_map(read).collect()
}

/// The command and its verb: what is counted together.
fn key(line: &str) -> String {
    let mut words = line.split(' ');
    let command = words.next().unwrap_or_default();
    let verb = words.next().unwrap_or_default();
    let is_selector = ["-PhysDrv", "-L0", "-L1", "-a", "-NoLog", "["]
        .iter()
        .any(|start| verb.starts_with(start));
    let verb = verb.split(['[', '=']).next().unwrap_or_default();
    let verb = if is_selector { "" } else { verb };
    format!("{command} {verb}").trim().to_owned()
}

/// What differs, in words; `None` if nothing does.
fn difference(host: &mut Host, line: &str, text: &[u8], status: u8) -> Option<String> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let answer = megacli::run(host, &words);
    let ours = answer.text();
    if ours.as_bytes() != text {
        return Some(unlike(&ours, text));
    }
    let own = answer.process_status();
    (own != status).then(|| format!("status {own} instead of {status}"))
}

/// The first lines that differ.
fn unlike(ours: &str, theirs: &[u8]) -> String {
    let theirs = String::from_utf8_lossy(theirs);
    let (mut one, mut other) = (ours.split('\n'), theirs.split('\n'));
    let mut number = 0;
    loop {
        number += 1;
        match (one.next(), other.next()) {
            (a, b) if a == b && a.is_some() => {}
            (a, b) => return format!("line {number}: {a:?} instead of {b:?}"),
        }
    }
}

/// Rows `| actions/folder | command | reason |` of `FIDELITY.md`.
fn listed() -> Vec<(String, String)> {
    let list = include_str!("../FIDELITY.md");
    list.lines()
        .filter_map(|line| {
            let mut cells = line
                .strip_prefix('|')?
                .split('|')
                .map(|cell| cell.trim().trim_matches('`'));
            let (folder, command) = (cells.next()?, cells.next()?);
            let folder = folder.strip_prefix("actions/")?;
            Some((folder.to_owned(), command.to_owned()))
        })
        .collect()
}

/// A pair that differs.
struct Difference {
    folder: String,
    step: String,
    line: String,
    what: String,
}

/// Replays a folder; gives what differs, and counts by command.
fn replay(
    start: &Start,
    folder: &Path,
    fresh: &Host,
    counts: &mut BTreeMap<String, (usize, usize)>,
) -> Vec<Difference> {
    let mut host = fresh.clone();
    let mut found = Vec::new();
    for (name, step) in steps(folder) {
        match step {
            Step::Note(note) => notes::apply(&mut host, &note),
            Step::Command { line, text, status } => {
                if start.folder.starts_with("single/") {
                    host = fresh.clone();
                }
                let what = difference(&mut host, &line, &text, status);
                let (equal, all) = counts.entry(key(&line)).or_default();
                *all += 1;
                *equal += usize::from(what.is_none());
                found.extend(what.map(|what| Difference {
                    folder: start.folder.to_owned(),
                    step: name,
                    line,
                    what,
                }));
            }
        }
    }
    found
}

#[test]
fn every_captured_action_is_equal_or_listed() {
    let show = std::env::var("SHOW").ok();
    let show_command = std::env::var("SHOW_COMMAND").ok();
    let listed = listed();
    let mut used = vec![false; listed.len()];
    let mut counts = BTreeMap::new();
    let mut played = BTreeSet::new();
    let mut unlisted = Vec::new();
    for start in starts::STARTS {
        let (Some(folder), Some(host)) = (folder_of(start), state_of(start)) else {
            println!("skipped, not beside the repository: {}", start.folder);
            continue;
        };
        played.insert(start.folder);
        for it in replay(start, &folder, &host, &mut counts) {
            let shown = show.as_ref().is_some_and(|part| it.folder.contains(part))
                && show_command.is_none()
                || show_command
                    .as_ref()
                    .is_some_and(|part| it.line.starts_with(part));
            if shown {
                println!("{} {}: {}", it.folder, it.step, it.what);
            }
            let row = listed.iter().position(|(folder, command)| {
                *folder == it.folder && it.line.starts_with(command.as_str())
            });
            match row {
                Some(row) => used[row] = true,
                None => unlisted.push(format!("{} {}: {}", it.folder, it.line, it.what)),
            }
        }
    }
    let (mut equal, mut all) = (0, 0);
    for (command, (same, of)) in &counts {
        equal += same;
        all += of;
        println!("{same:5} of {of:5}  {command}");
    }
    println!("{equal} of {all} actions are equal byte for byte");
    assert!(
        unlisted.is_empty(),
        "{} differ and are not listed, the first: {:#?}",
        unlisted.len(),
        &unlisted[..unlisted.len().min(5)]
    );
    let unused: Vec<_> = listed
        .iter()
        .zip(used)
        .filter(|((folder, _), used)| !used && played.contains(folder.as_str()))
        // The fixtures hold not every command of a folder.
        .filter(|((_, command), _)| counts.keys().any(|it| command.starts_with(it.as_str())))
        .collect();
    assert!(unused.is_empty(), "listed, but equal: {unused:?}");
}
