//! Every capture through its parser: nothing may be left over.
//!
//! The captures stand in `../fixtures/megacli` and, where the folder exists, in the shared capture
//! collection beside the repository; without it those tests say that they were skipped.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ironkeep_parsers::megacli::Output;
use ironkeep_parsers::megacli::outcome::outcome;
use ironkeep_parsers::model::Verdict;

/// The capture collection beside the repository or, for a work tree of it, further up. Never copied
/// into it as a whole.
fn shared() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here
        .ancestors()
        .map(|folder| folder.join("shared/captures"))
        .find(|folder| folder.is_dir());
    if found.is_none() {
        println!("skipped: no shared/captures above {}", here.display());
    }
    found
}

/// Lines that their publishers changed or added: the parser must not understand them.
const DAMAGED: &[(&str, &str)] = &[("pdlist-ibm-masked-serials.txt", "SAS Address(0): 0xXXXX")];

/// Reads `text` as the output of `arguments` and adds what is wrong with it to `faults`.
fn check(file: &Path, arguments: &[&str], bytes: &[u8], faults: &mut Faults) {
    let Some(output) = Output::of_arguments(arguments) else {
        faults
            .unread
            .entry(arguments.first().copied().unwrap_or_default().to_owned())
            .or_default()
            .push(file.to_owned());
        return;
    };
    check_output(file, output, bytes, faults);
}

/// Reads `bytes` as `output` and adds what is wrong with it to `faults`.
fn check_output(file: &Path, output: Output, bytes: &[u8], faults: &mut Faults) {
    let parsed = output.read(&String::from_utf8_lossy(bytes));
    faults.read += 1;
    for leftover in parsed.leftovers() {
        let damaged = DAMAGED
            .iter()
            .any(|(name, text)| file.ends_with(name) && leftover.text.starts_with(text));
        if damaged {
            continue;
        }
        let _ = writeln!(
            faults.text,
            "{}:{}: {:?}: {:?}",
            file.display(),
            leftover.line,
            leftover.reason,
            leftover.text
        );
    }
}

/// What a run over captures found.
#[derive(Default)]
struct Faults {
    read: usize,
    text: String,
    unread: BTreeMap<String, Vec<PathBuf>>,
}

impl Faults {
    fn report(&self, only: Option<&str>) {
        let lines: Vec<&str> = self
            .text
            .lines()
            .filter(|line| only.is_none_or(|only| line.contains(only)))
            .collect();
        println!("{} outputs read", self.read);
        for (command, files) in &self.unread {
            println!("not read: {command}: {} files", files.len());
        }
        assert!(
            lines.is_empty(),
            "{} leftovers:\n{}",
            lines.len(),
            lines
                .iter()
                .take(60)
                .copied()
                .collect::<Vec<_>>()
                .join("\n")
        );
    }
}

/// Splits a command line as it stands in `commands.tsv`.
fn words(line: &str) -> Vec<&str> {
    line.split_ascii_whitespace().collect()
}

/// Every `*.txt` that a `commands.tsv` below `folder` names.
fn walk(folder: &Path, faults: &mut Faults) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in &entries {
        if path.is_dir() {
            walk(path, faults);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "events")
        {
            check_output(path, Output::EventFile, &fs::read(path).unwrap(), faults);
        }
    }
    let Ok(table) = fs::read_to_string(folder.join("commands.tsv")) else {
        return;
    };
    for line in table.lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(name), Some(arguments)) = (columns.next(), columns.next()) else {
            continue;
        };
        let file = folder.join(format!("{name}.txt"));
        let Ok(bytes) = fs::read(&file) else { continue };
        check(&file, &words(arguments), &bytes, faults);
    }
}

#[test]
fn nothing_is_left_over_in_the_real_tool_s_outputs() {
    let Some(shared) = shared() else { return };
    let mut faults = Faults::default();
    walk(&shared.join("megacli-8.07.14"), &mut faults);
    faults.report(
        std::env::var_os("ONLY")
            .as_deref()
            .and_then(|only| only.to_str()),
    );
}

#[test]
fn nothing_is_left_over_in_published_outputs() {
    let Some(shared) = shared() else { return };
    let index = fs::read_to_string(shared.join("public/INDEX.tsv")).unwrap();
    let mut faults = Faults::default();
    for line in index.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [path, _, tool, arguments, .., quality] = columns[..] else {
            continue;
        };
        if !matches!(tool, "megacli" | "cmdtool2") || quality != "complete" {
            continue;
        }
        let file = shared.join("public").join(path);
        let bytes = fs::read(&file).unwrap();
        check(&file, &words(arguments), &bytes, &mut faults);
    }
    faults.report(
        std::env::var_os("ONLY")
            .as_deref()
            .and_then(|only| only.to_str()),
    );
}

#[test]
fn the_words_of_every_firmware_status_are_understood() {
    const READINGS: [&str; 6] = [
        "AdpAllInfo",
        "BbuStatus",
        "CfgForeignScan",
        "EventInfo",
        "LDInfo",
        "PDList",
    ];
    let Some(shared) = shared() else { return };
    let table = shared.join("megacli-8.07.14/actions/mfi_status/SUMMARY.tsv");
    let mut seen = 0;
    for row in fs::read_to_string(table).unwrap().lines() {
        let columns: Vec<&str> = row.split('\t').collect();
        let [name, status, exit, words] = columns[..] else {
            panic!("{row}")
        };
        if READINGS.contains(&name) {
            continue;
        }
        // The table folds each output into one line; the breaks stand before these words.
        let text = words
            .replace(" FW error description:", "\n\nFW error description:\n")
            .replace(" Exit Code:", "\n\nExit Code:")
            .replace(" Adapter 0: Configured the", "\nAdapter 0: Configured the")
            .replace("operation. Adapter 0:", "operation.\nAdapter 0:")
            .replace("- Adapter 0:", "-\nAdapter 0:");
        let report = outcome(&text);
        assert_eq!(report.leftovers, [], "{name} {status}");
        let said = report.value.claims.len() + report.complaints.len();
        assert!(said > 0, "{name} {status}: nothing said");
        assert_eq!(
            report.verdict() == Verdict::Claimed,
            exit == "rc=0",
            "{name} {status}: {:?}",
            report.verdict()
        );
        seen += 1;
    }
    assert!(seen > 3000, "{seen}");
}
