//! COVERAGE.md is true: each command is read as it says, and each proof is read to its last line.

#![cfg(test)]

mod captures;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ironkeep_parsers::megacli::Output;

/// A row of the page.
struct Row {
    /// The command with its arguments, without the tool's name.
    command: String,
    /// The output that reads it; `None` for `raw` and `not read`.
    output: Option<Output>,
    /// The fixture, below `fixtures/megacli`.
    proof: Option<String>,
    /// What else stands in the last column.
    reason: String,
}

/// The text between the first two backquotes of `cell`, and what follows.
fn quoted(cell: &str) -> Option<(&str, &str)> {
    cell.strip_prefix('`')?.split_once('`')
}

fn rows() -> Vec<Row> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("COVERAGE.md");
    let page = fs::read_to_string(page).unwrap();
    let rows: Vec<Row> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_end_matches('|').split(" | ").collect();
            let [command, how, last] = cells[..] else {
                panic!("{line}")
            };
            let name = quoted(how).map(|(name, _)| name);
            let output = name.and_then(Output::of_name);
            assert!(
                output.is_some() || matches!(how, "`raw`" | "not read"),
                "{line}"
            );
            let (proof, reason) = match quoted(last.trim()) {
                Some((file, rest)) => (Some(file.to_owned()), rest),
                None => (None, last),
            };
            Row {
                command: command.trim_end_matches('`').to_owned(),
                output,
                proof,
                reason: reason.trim_matches([' ', ';']).to_owned(),
            }
        })
        .collect();
    assert!(rows.len() > 300, "{}", rows.len());
    rows
}

fn words(command: &str) -> Vec<&str> {
    command.split_ascii_whitespace().collect()
}

/// The first word of a command, in lower case and without its dash.
fn first_word(command: &str) -> String {
    let first = words(command).first().copied().unwrap_or_default();
    first.trim_start_matches('-').to_ascii_lowercase()
}

#[test]
fn every_command_is_read_as_the_page_says() {
    for row in rows() {
        assert_eq!(
            Output::of_arguments(&words(&row.command)),
            row.output,
            "{}",
            row.command
        );
    }
}

#[test]
fn every_proof_exists_and_is_read_to_its_last_line() {
    let fixtures = captures::fixtures();
    for row in rows() {
        let Some(proof) = &row.proof else {
            assert!(!row.reason.is_empty(), "{} has no reason", row.command);
            continue;
        };
        let capture = fixtures
            .iter()
            .find(|capture| capture.file.ends_with(proof))
            .unwrap_or_else(|| panic!("{}: {proof} is not there", row.command));
        assert_eq!(capture.command(), first_word(&row.command), "{proof}");
        assert_eq!(capture.output(), row.output, "{proof}");
        let output = row.output.unwrap_or_else(|| panic!("{}", row.command));
        let parsed = output.read(&capture.text());
        assert_eq!(parsed.leftovers(), [], "{proof}");
    }
}

/// Whether the friendly commands that are named exist is for the program's own tests.
#[test]
fn every_change_has_a_friendly_command_or_a_reason() {
    for row in rows() {
        if row.output != Some(Output::Outcome) {
            continue;
        }
        let how = row.reason.strip_prefix("no capture; ");
        let how = how.unwrap_or(&row.reason);
        let is_friendly = quoted(how).is_some_and(|(command, rest)| {
            command.starts_with("ironkeep ")
                && !command.starts_with("ironkeep raw")
                && rest.is_empty()
        });
        let why = how.strip_prefix("`raw` only: ");
        assert!(
            is_friendly || why.is_some_and(|why| why.contains(' ')),
            "{}: {how}",
            row.command
        );
    }
}

#[test]
fn every_output_is_on_the_page() {
    // It is read from a file that the tool wrote, or from text as it is.
    const OF_NO_COMMAND: [Output; 1] = [Output::EventFile];
    let rows = rows();
    for output in Output::ALL {
        let listed = rows.iter().any(|row| row.output == Some(*output));
        assert!(listed || OF_NO_COMMAND.contains(output), "{output:?}");
    }
}

#[test]
fn every_command_of_the_help_is_on_the_page() {
    let Some(collection) = captures::collection() else {
        return;
    };
    let help = fs::read(collection.join("megacli-8.07.14/help.txt")).unwrap();
    let listed: BTreeSet<String> = rows().iter().map(|row| first_word(&row.command)).collect();
    let missing: BTreeSet<String> = String::from_utf8_lossy(&help)
        .lines()
        .filter_map(|line| line.strip_prefix("MegaCli "))
        .map(|line| first_word(line.split('|').next().unwrap_or_default()))
        .filter(|word| !listed.contains(word))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
