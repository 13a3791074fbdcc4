//! Every capture through its parser: nothing may be left over.

#![cfg(test)]

mod captures;

use std::collections::BTreeMap;
use std::fs;

use captures::Capture;
use ironkeep_parsers::megacli::Output;
use ironkeep_parsers::megacli::outcome::outcome;
use ironkeep_parsers::model::Verdict;

/// Lines that their publishers changed or added: the parser must not understand them.
const DAMAGED: &[(&str, &str)] = &[("pdlist-ibm-masked-serials.txt", "SAS Address(0): 0xXXXX")];

/// Commands whose output is kept as it is: see COVERAGE.md.
const RAW: &[&str] = &["adpalilog", "bogus", "elf", "fwtermlog", "help"];

/// Reads every capture. With `ONLY=text` in the environment only leftovers whose file or line
/// contains that text count.
fn nothing_is_left_over(captures: &[Capture]) {
    let only = std::env::var_os("ONLY");
    let only = only.as_deref().and_then(|only| only.to_str());
    let mut faults = Vec::new();
    let mut unread: BTreeMap<String, usize> = BTreeMap::new();
    for capture in captures {
        match capture.output() {
            Some(output) => faults.extend(leftovers(capture, output)),
            // A published error of which nobody wrote down the command: any parser must know it.
            None if capture.command() == "(any" => {
                let all = Output::ALL
                    .iter()
                    .filter(|&&output| output != Output::Outcome);
                faults.extend(all.flat_map(|&output| leftovers(capture, output)));
            }
            None => *unread.entry(capture.command()).or_default() += 1,
        }
        if let Some(events) = capture.events() {
            faults.extend(leftovers(&events, Output::EventFile));
        }
    }
    faults.retain(|fault| only.is_none_or(|only| fault.contains(only)));
    println!("{} captures; kept as they are: {unread:?}", captures.len());
    let first: Vec<&str> = faults.iter().take(60).map(String::as_str).collect();
    assert!(
        faults.is_empty(),
        "{} leftovers:\n{}",
        faults.len(),
        first.join("\n")
    );
    unread.retain(|command, _| !RAW.contains(&command.as_str()));
    assert!(unread.is_empty(), "no parser for {unread:?}");
}

/// The lines of `capture` that nobody takes, as `file:line: reason: text`.
fn leftovers(capture: &Capture, output: Output) -> Vec<String> {
    let file = &capture.file;
    output
        .read(&capture.text())
        .leftovers()
        .iter()
        .filter(|leftover| {
            !DAMAGED
                .iter()
                .any(|(name, text)| file.ends_with(name) && leftover.text.starts_with(text))
        })
        .map(|leftover| {
            format!(
                "{}:{}: {:?}: {:?}",
                file.display(),
                leftover.line,
                leftover.reason,
                leftover.text
            )
        })
        .collect()
}

#[test]
fn nothing_is_left_over_in_the_fixtures() {
    nothing_is_left_over(&captures::fixtures());
}

#[test]
fn nothing_is_left_over_in_the_real_tool_s_outputs() {
    nothing_is_left_over(&captures::shared());
}

#[test]
fn nothing_is_left_over_in_published_outputs() {
    nothing_is_left_over(&captures::published());
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
    let Some(collection) = captures::collection() else {
        return;
    };
    let table = collection.join("megacli-8.07.14/actions/mfi_status/SUMMARY.tsv");
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
