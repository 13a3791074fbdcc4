//! How faithful the simulator's MegaCLI is: for every captured scenario the same state is built, every
//! captured command is run on it, and text, files and exit status are compared byte for byte.
//!
//! `FIDELITY.md` lists the pairs that differ, with the reason. A pair that differs and is not listed
//! fails the test, and so does one that is listed and does not differ.
//!
//! To look at differences: `SHOW=degraded_base SHOW_COMMAND=-PDList cargo test -p ironkeep-sim --test
//! fidelity -- --nocapture`.

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

mod captured;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ironkeep_sim::megacli;
use ironkeep_sim::state::Host;

/// At least so many of 100 pairs are equal.
const BAR: f64 = 95.0;

/// A captured run.
struct Run {
    scenario: String,
    file: String,
    arguments: String,
    text: Vec<u8>,
    status: u8,
    events: Option<Vec<u8>>,
}

fn runs(folder: &Path) -> Vec<Run> {
    let scenario = folder.file_name().expect("a name").to_string_lossy();
    let scenario = scenario.strip_prefix("8.07.14-").unwrap_or(&scenario);
    let list = std::fs::read_to_string(folder.join("commands.tsv")).expect("commands.tsv");
    list.lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (file, arguments, status) = (columns.next()?, columns.next()?, columns.next()?);
            let text = std::fs::read(folder.join(format!("{file}.txt"))).ok()?;
            Some(Run {
                scenario: scenario.to_owned(),
                file: file.to_owned(),
                arguments: arguments.to_owned(),
                text,
                status: status.parse().expect("a status"),
                events: std::fs::read(folder.join(format!("{file}.events"))).ok(),
            })
        })
        .collect()
}

/// What differs, in words; `None` if nothing does.
fn difference(host: &Host, run: &Run) -> Option<String> {
    let line: Vec<&str> = run.arguments.split_ascii_whitespace().collect();
    let answer = megacli::run(&mut host.clone(), &line);
    let text = answer.text();
    if text.as_bytes() != run.text {
        return Some(unlike(&text, &run.text));
    }
    let files: Vec<_> = answer.files.iter().map(|(_, text)| text.as_str()).collect();
    let events = run.events.as_deref().unwrap_or_default();
    if files.concat().as_bytes() != events {
        return Some(format!("the file: {}", unlike(&files.concat(), events)));
    }
    (answer.process_status() != run.status).then(|| {
        format!(
            "status {} instead of {}",
            answer.process_status(),
            run.status
        )
    })
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

/// `scenario command` patterns of `FIDELITY.md`: lines `| scenario | command | reason |`, where `*` is
/// every scenario.
fn listed() -> Vec<(String, String)> {
    let list = include_str!("../FIDELITY.md");
    list.lines()
        .filter_map(|line| {
            let mut cells = line
                .strip_prefix('|')?
                .split('|')
                .map(|cell| cell.trim().trim_matches('`'));
            let (scenario, command) = (cells.next()?, cells.next()?);
            let is_row =
                !scenario.is_empty() && scenario != "scenario" && !scenario.starts_with("--");
            is_row.then(|| (scenario.to_owned(), command.to_owned()))
        })
        .collect()
}

#[test]
fn every_captured_pair_is_equal_or_listed() {
    let show = std::env::var("SHOW").ok();
    let show_command = std::env::var("SHOW_COMMAND").ok();
    let listed = listed();
    let mut used = vec![false; listed.len()];
    let mut by_command: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut unlisted = Vec::new();
    // Without all captures beside the repository, some scenarios of the list are absent.
    let mut played = BTreeSet::new();
    for folder in captured::scenarios() {
        let dump = std::fs::read_to_string(folder.join("state.txt")).expect("state.txt");
        let host = captured::host(&dump);
        for run in runs(&folder) {
            played.insert(run.scenario.clone());
            let key: Vec<&str> = run.arguments.split(' ').take(2).collect();
            let key = key.join(" ");
            let key = key.split(" -a").next().unwrap_or_default().to_owned();
            let (equal, all) = by_command.entry(key).or_default();
            *all += 1;
            let difference = difference(&host, &run);
            *equal += usize::from(difference.is_none());
            let row = listed.iter().position(|(scenario, command)| {
                (scenario == "*" || *scenario == run.scenario)
                    && run.arguments.starts_with(command.as_str())
            });
            let Some(difference) = difference else {
                continue;
            };
            let wanted = show
                .as_ref()
                .is_some_and(|it| run.scenario.contains(it.as_str()))
                || show_command
                    .as_ref()
                    .is_some_and(|it| run.arguments.starts_with(it.as_str()));
            if wanted {
                println!("{} {}: {difference}", run.scenario, run.file);
            }
            match row {
                Some(row) => used[row] = true,
                None => unlisted.push(format!("{} {}: {difference}", run.scenario, run.arguments)),
            }
        }
    }
    let (mut equal, mut all) = (0, 0);
    for (command, (same, of)) in &by_command {
        equal += same;
        all += of;
        if same < of {
            println!("{same:5} of {of:5}  {command}");
        }
    }
    let percent = 100.0 * f64::from(u32::try_from(equal).expect("few"))
        / f64::from(u32::try_from(all).expect("few"));
    println!("{equal} of {all} pairs are equal byte for byte: {percent:.2} %");
    assert!(percent >= BAR, "fewer than {BAR} %");
    assert!(
        unlisted.is_empty(),
        "{} differ and are not listed, the first: {:#?}",
        unlisted.len(),
        &unlisted[..unlisted.len().min(5)]
    );
    let unused: Vec<_> = listed
        .iter()
        .zip(used)
        .filter(|((scenario, _), used)| !used && (scenario == "*" || played.contains(scenario)))
        .collect();
    assert!(unused.is_empty(), "listed, but equal: {unused:?}");
}
