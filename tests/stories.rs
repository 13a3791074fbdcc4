//! Stories: a simulated host that changes under the program, judged after every step.
//!
//! A story is a file of `tests/stories/`: a host as a scenario file describes it, a line `---`, and a
//! table of steps. Each row has the step (`ironkeep sim --help` lists them), the verdict that a person
//! would expect after it, and the codes of all findings: one that is not named must not be there.
//! `pd.failed*2` are two of them. `1:pd.failed` is about controller 1; those of controller 0 have no
//! number before them.
//!
//! The program itself plays the steps and judges (`sim`, `health`), with a state file in between: the
//! whole way from the state to MegaCLI's text, through the parsers, to verdict and exit code. Every line
//! of the text must be understood (`--strict`).
//!
//! A new story begins as steps alone: `STORIES=write` writes what health says beside them, for a person
//! to read, row by row, whether it is right.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers are tests too"
)]

mod in_process;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use in_process::Run;
use ironkeep::cli::Surroundings;
use ironkeep_sim::saved::{Saved, StateFile};
use ironkeep_sim::scenario;
use jiff::Timestamp;
use serde_json::Value;

/// Steps that a story has at least.
const LEAST: usize = 30;

/// What health says: verdict and codes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Judgement {
    verdict: String,
    /// In order, those that occur several times with their count.
    codes: Vec<String>,
}

struct Row<'a> {
    step: &'a str,
    expected: Judgement,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories")
}

/// A row of the table: `fail 252:3 | critical | pd.failed vd.degraded`; a step alone expects nothing yet.
fn row(line: &str) -> Row<'_> {
    let mut cells = line.splitn(3, '|').map(str::trim);
    let mut cell = || cells.next().unwrap_or_default();
    Row {
        step: cell(),
        expected: Judgement {
            verdict: cell().to_owned(),
            codes: cell().split_whitespace().map(str::to_owned).collect(),
        },
    }
}

/// Whether the line of a table is one of its rows: others are empty, or comments.
fn is_row(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

/// The program's answer to a command line about the host in the file `state`.
fn ironkeep(state: &Path, words: &[&str]) -> Run {
    let arguments = ["--config", "/dev/null", "--demo-state"].map(OsString::from);
    let arguments = arguments
        .into_iter()
        .chain([state.into()])
        .chain(words.iter().map(OsString::from));
    in_process::ironkeep(arguments, &Surroundings::default())
}

/// What `ironkeep health` says of the host in the file `state`.
fn judge(state: &Path) -> Judgement {
    let run = ironkeep(state, &["--strict", "--format", "json", "health"]);
    let json: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
    let data = &json["data"];
    let verdict = data["verdict"].as_str().unwrap().to_owned();
    let expected = if verdict == "healthy" { 0 } else { 4 };
    assert_eq!(run.code, expected, "exit code of {verdict}");
    let mut counts = BTreeMap::new();
    for finding in data["findings"].as_array().unwrap() {
        let code = finding["code"].as_str().unwrap();
        let code = match finding["controller"].as_u64() {
            Some(0) => code.to_owned(),
            Some(number) => format!("{number}:{code}"),
            None => format!("host:{code}"),
        };
        *counts.entry(code).or_insert(0) += 1;
    }
    let codes = counts.into_iter().map(|(code, count)| match count {
        1 => code,
        _ => format!("{code}*{count}"),
    });
    Judgement {
        codes: codes.collect(),
        verdict,
    }
}

/// The row as it should be written.
fn written(step: &str, judgement: &Judgement) -> String {
    let codes: Vec<&str> = judgement.codes.iter().map(String::as_str).collect();
    let row = format!(
        "{step:<28} | {:<8} | {}",
        judgement.verdict,
        codes.join(" ")
    );
    row.trim_end().to_owned()
}

/// Plays a story and compares every judgement with the expected one.
fn play(name: &str) {
    let file = folder().join(name).with_added_extension("story");
    let text = fs::read_to_string(&file).unwrap();
    let (host_text, table) = text.split_once("\n---\n").unwrap();
    let rows = table.lines().filter(|line| is_row(line)).count();
    assert!(rows >= LEAST, "{name}: only {rows} steps");
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let host = scenario::of_text(name, host_text).unwrap();
    // Its time stands still between the steps.
    let saved = Saved::new(name, host, 0, Timestamp::UNIX_EPOCH);
    StateFile::lock(&state).unwrap().save(&saved).unwrap();
    let mut wrong = String::new();
    let mut rewritten = format!("{host_text}\n---\n");
    for (number, line) in (1..).zip(table.lines()) {
        if !is_row(line) {
            writeln!(rewritten, "{line}").unwrap();
            continue;
        }
        let Row { step, expected } = row(line);
        // `on 1: fail 32:2` names the controller, as `-c 1` does.
        let (controller, words) = match step.strip_prefix("on ").and_then(|on| on.split_once(':')) {
            Some((controller, words)) => (controller, words),
            None => ("0", step),
        };
        let words: Vec<&str> = words.split_whitespace().collect();
        let flags = ["sim", "-c", controller];
        let run = ironkeep(&state, &[&flags, words.as_slice()].concat());
        assert_eq!(run.code, 0, "{name}, row {number}, {step}: {}", run.stderr);
        let found = judge(&state);
        if found != expected {
            let expected = written(step, &expected);
            let found = written("", &found);
            writeln!(wrong, "row {number}:\n  {expected}\n  {found}").unwrap();
        }
        writeln!(rewritten, "{}", written(step, &found)).unwrap();
    }
    if std::env::var_os("STORIES").is_some_and(|what| what == "write") {
        fs::write(&file, rewritten).unwrap();
    }
    assert!(wrong.is_empty(), "{name}: expected, and found:\n{wrong}");
}

/// Declares a test for each story.
macro_rules! stories {
    ($($test:ident = $name:literal,)+) => {
        const STORIES: &[&str] = &[$($name),+];
        $(
            #[test]
            fn $test() {
                play($name);
            }
        )+
    };
}

stories! {
    a_failure_with_a_hot_spare = "failure-with-spare",
    a_failure_without_a_hot_spare = "failure-without-spare",
    a_predicted_failure_and_its_copyback = "predictive-failure",
    two_failures_in_a_raid_6 = "double-failure-raid6",
    an_import_of_foreign_drives = "foreign-import",
    a_learn_cycle_of_the_battery = "battery-learn",
    a_patrol_read = "patrol",
    an_expansion = "expansion",
    two_controllers_of_one_host = "two-controllers",
    the_loss_of_an_enclosure = "enclosure-loss",
}

#[test]
fn no_story_is_forgotten() {
    let files = fs::read_dir(folder()).unwrap();
    let found: BTreeSet<String> = files
        .map(|entry| entry.unwrap().path().with_extension(""))
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let known: BTreeSet<String> = STORIES.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(found, known);
}
