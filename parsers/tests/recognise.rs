//! Every capture is recognised by its text alone, and dumps of several captures are taken apart.

#![cfg(test)]

mod captures;

use std::sync::LazyLock;

use captures::Capture;
use ironkeep_parsers::megacli::Output;
use ironkeep_parsers::megacli::recognise::{recognise, split};
use ironkeep_parsers::text::Lines;
use proptest::prelude::*;

/// The value that `output` reads from `text`.
fn value(output: Output, text: &str) -> serde_json::Value {
    let mut report = serde_json::to_value(output.read(text)).unwrap();
    report["value"].take()
}

/// Whether `text`, read as `output`, holds nothing but what many commands print.
fn says_nothing_of_its_own(output: Output, text: &str) -> bool {
    let parsed = output.read(text);
    let mut in_sentence = false;
    Lines::new(text).all(|line| {
        let complaint = parsed
            .complaints()
            .iter()
            .any(|complaint| complaint.line == line.number);
        in_sentence |= line.key == "FW error description";
        let exit = line.key == "Exit Code";
        // Printed by -CfgForeign -Dsply, -Import and -Clear.
        let shared = line
            .text
            .starts_with("Foreign configuration 5 does not exist");
        let heading = line.text.starts_with("Adapter #") && line.text.len() < 12;
        let echo = !line.text.contains(|letter: char| letter.is_alphanumeric());
        complaint || in_sentence || exit || shared || heading || echo
    })
}

/// Sentences that two commands print alike: what the command was, and as what its text is read.
const ALIKE: &[(Output, &[Output])] = &[
    (Output::CfgForeignDsply, &[Output::CfgForeignScan]),
    (Output::CfgForeignPreview, &[Output::CfgForeignScan]),
    (Output::EventLogInfo, &[Output::EventExport]),
    (Output::RetentionModes, &[Output::CacheProtection]),
    (
        Output::Outcome,
        &[
            Output::AdpGetProp,
            Output::CfgForeignScan,
            Output::EventExport,
            Output::LdBackgroundInitialization,
            Output::LdProgress,
            Output::PdProgress,
            Output::PreservedCacheList,
            Output::SecurityKey,
        ],
    ),
];

#[test]
fn every_capture_is_recognised_or_says_nothing_of_its_own() {
    let mut recognised = 0;
    let mut faults = Vec::new();
    for capture in captures::all() {
        let Some(expected) = capture.output() else {
            continue;
        };
        let text = capture.text();
        let found = recognise(&text);
        let fits = match found {
            None => says_nothing_of_its_own(expected, &text),
            Some(found) => {
                found == expected
                    || value(found, &text) == value(expected, &text)
                    || ALIKE
                        .iter()
                        .any(|(output, others)| *output == expected && others.contains(&found))
            }
        };
        recognised += usize::from(found.is_some());
        if !fits {
            faults.push(format!(
                "{}: {expected:?} read as {:?}",
                capture.file.display(),
                split(&text)
                    .parts
                    .iter()
                    .map(|part| part.output)
                    .collect::<Vec<_>>()
            ));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(recognised > 1000, "{recognised}");
}

/// Fixtures with something to say, each with what it is recognised as.
static POOL: LazyLock<Vec<(Output, String)>> = LazyLock::new(|| {
    captures::fixtures()
        .iter()
        .map(Capture::text)
        .filter_map(|text| Some((recognise(&text)?, text)))
        .collect()
});

/// Outputs that consist of lines of any kind.
const LOGS: [Output; 3] = [
    Output::TerminalLog,
    Output::SupportLog,
    Output::FeatureLicences,
];

/// How a dump puts an output between others.
#[derive(Debug, Clone, Copy)]
enum Join {
    /// Nothing: the tool's own first and last lines are there.
    Plain,
    /// The exit line is lost; the line of blanks before the next output is there.
    NoExit,
    /// The line of blanks is lost; the exit line is there.
    NoBlanks,
    /// A heading of the dump before it.
    Heading,
    /// A prompt line before it, exit line and line of blanks lost.
    Prompt,
}

/// `text` without its exit line.
fn without_exit(text: &str) -> String {
    text.split_inclusive('\n')
        .filter(|line| !line.starts_with("Exit Code"))
        .collect()
}

/// `text` without the line of blanks at its beginning.
fn without_blanks(text: &str) -> String {
    match text.split_once('\n') {
        Some((first, rest)) if first.trim().is_empty() => rest.to_owned(),
        _ => text.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_dump_is_taken_apart_into_what_it_was_made_of(
        picks in prop::collection::vec(
            (any::<prop::sample::Index>(), prop_oneof![
                Just(Join::Plain), Just(Join::NoExit), Just(Join::NoBlanks), Just(Join::Heading),
                Just(Join::Prompt),
            ]),
            1..8,
        ),
    ) {
        let mut dump = String::new();
        let mut expected = Vec::new();
        let mut after_exit = true;
        for (pick, join) in picks {
            let (output, text) = pick.get(&POOL);
            let body = match join {
                // Without the line of blanks only an exit line before it keeps them apart.
                Join::NoBlanks if after_exit => without_blanks(text),
                // A log takes every line: only its exit line says where it ends.
                Join::NoExit | Join::Prompt if LOGS.contains(output) => text.clone(),
                Join::NoExit => without_exit(text),
                Join::Heading => format!("##### and now the next #####\n{text}"),
                Join::Prompt => {
                    format!("[root@h ~]# MegaCli64 -x\n{}", without_exit(&without_blanks(text)))
                }
                Join::Plain | Join::NoBlanks => text.clone(),
            };
            after_exit = body.trim_end().lines().last().is_some_and(|line| line.starts_with("Exit Code"));
            dump.push_str(&body);
            if !body.ends_with('\n') {
                dump.push('\n');
            }
            expected.push((*output, text));
        }
        let split = split(&dump);
        let outputs: Vec<_> = split.parts.iter().map(|part| part.output).collect();
        let wanted: Vec<_> = expected.iter().map(|(output, _)| *output).collect();
        prop_assert_eq!(outputs, wanted, "{}", dump);
        for (part, (output, text)) in split.parts.iter().zip(expected) {
            // A claim names its line, which counts from the part's beginning.
            if output != Output::Outcome {
                prop_assert_eq!(value(output, part.text), value(output, text));
            }
            let line = dump.lines().nth(part.first_line as usize - 1).unwrap();
            prop_assert_eq!(Some(line), part.text.lines().next());
        }
        for stretch in &split.unknown {
            prop_assert!(stretch.text.starts_with("#####"), "{:?}", stretch);
        }
    }
}

#[test]
fn outputs_that_begin_differently_need_no_mark_between_them() {
    let pick = |wanted: Output| {
        let (output, text) = POOL.iter().find(|(output, _)| *output == wanted).unwrap();
        (*output, without_exit(&without_blanks(text)))
    };
    let parts = [
        Output::LdPdInfo,
        Output::AdpAllInfo,
        Output::PdList,
        Output::LdInfo,
        Output::CfgDsply,
        Output::CacheProtection,
        Output::EnclosureInfo,
        Output::AdpPr,
        Output::PdMissing,
        Output::ShowSummary,
        Output::CfgForeignScan,
        Output::PdList,
    ]
    .map(pick);
    let dump: String = parts.iter().map(|(_, text)| text.as_str()).collect();
    let split = split(&dump);
    let outputs: Vec<_> = split.parts.iter().map(|part| part.output).collect();
    assert_eq!(outputs, parts.each_ref().map(|(output, _)| *output));
    for (part, (output, text)) in split.parts.iter().zip(&parts) {
        assert_eq!(value(*output, part.text), value(*output, text));
    }
}
