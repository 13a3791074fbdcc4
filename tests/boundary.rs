//! The boundary between the program and MegaCLI. A stand-in answers for a simulated host: what the
//! program says across the boundary is what it says of the host itself. Then the stand-in misbehaves,
//! and nothing that it does wrong makes the host healthy.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the helpers are tests too"
)]

#[path = "boundary/changes.rs"]
mod changes;
#[path = "boundary/concurrency.rs"]
mod concurrency;
#[path = "fakes/host.rs"]
mod host;
#[path = "fakes/stand_in.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod stand_in;

#[path = "fakes/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::fs;

use ironkeep::backend::Backend;
use ironkeep::backend::megacli::MegaCli;
use ironkeep::demo::{Choice, Demo};
use ironkeep::health::{self, Thresholds, Verdict};
use ironkeep::runner::{Invocation, RawOutput, RunError, Runner};
use program::{Run, against, finish, ironkeep, is_root};
use serde_json::Value;
use stand_in::StandIn;

/// The commands of `health`, by their first words.
const COMMANDS: [&str; 8] = [
    "-AdpAllInfo",
    "-LdPdInfo",
    "-PDList",
    "-PdGetMissing",
    "-AdpBbuCmd",
    "-EncInfo",
    "-AdpPR",
    "-GetPreservedCacheList",
];

/// A stand-in that answers for the host of `scenario`, except where `rules` say otherwise.
fn stand_in(scenario: &str, rules: &str) -> StandIn {
    let stand_in = StandIn::new("");
    let state = stand_in.path("host.json");
    host::save(scenario, &state);
    let plan = format!("state = {:?}\n{rules}", state.display().to_string());
    fs::write(stand_in.path("megacli.toml"), plan).unwrap();
    stand_in
}

/// One that misbehaves where a command begins with `word`.
fn wayward(scenario: &str, word: &str, steps: &str) -> StandIn {
    let rules = format!("rule = [{{ when = {word:?}, steps = [{steps}] }}]");
    stand_in(scenario, &rules)
}

fn data(run: &Run) -> Value {
    let mut json: Value = serde_json::from_str(&run.stdout).unwrap();
    json["data"].take()
}

#[test]
fn across_the_boundary_it_is_the_same_host() {
    if !is_root() {
        return;
    }
    for scenario in [
        "healthy",
        "failed-drive",
        "copyback",
        "raid6-two-failed",
        "foreign-own",
        "battery-learning",
        "several-controllers",
        "enclosure-lost",
        "cachevault",
        "missing-drive",
        "jbod",
        "empty-controller",
    ] {
        let stand_in = stand_in(scenario, "");
        let state = stand_in.path("host.json").display().to_string();
        for command in [["health"].as_slice(), &["event", "list"]] {
            let words = [&["--format", "json"], command].concat();
            let there = against(&stand_in, &words);
            let here = [&["--demo-state", &state], words.as_slice()].concat();
            let here = finish(&mut ironkeep(&here));
            assert_eq!(data(&there), data(&here), "{scenario}: {command:?}");
            assert_eq!(there.status, here.status, "{scenario}: {command:?}");
        }
    }
}

#[test]
fn a_healthy_host_is_healthy_across_the_boundary_even_if_it_is_slow() {
    if !is_root() {
        return;
    }
    let plain = against(&stand_in("healthy", ""), &["health"]);
    assert_eq!(plain.status, 0, "{plain:#?}");
    for command in COMMANDS {
        let slow = wayward("healthy", command, "{ answer-slowly = 0.0002 }");
        let run = against(&slow, &["health"]);
        assert_eq!(run.status, 0, "{command}: {run:#?}");
    }
}

#[test]
fn a_build_without_exit_codes_is_no_fault_and_one_answer_without_is() {
    if !is_root() {
        return;
    }
    let step = "\"answer-without-exit-code\"";
    let build = stand_in("healthy", &format!("rule = [{{ steps = [{step}] }}]"));
    let run = against(&build, &["health"]);
    assert_eq!(run.status, 0, "{run:#?}");
    is_noticed(step);
}

/// No command of `health` can go wrong in the way of `steps` without being noticed.
#[track_caller]
fn is_noticed(steps: &str) {
    if !is_root() {
        return;
    }
    for command in COMMANDS {
        let run = against(
            &wayward("healthy", command, steps),
            &["--timeout", "2", "health"],
        );
        run.is_calm();
        assert_eq!(run.status, 4, "{command} {steps}: {run:#?}");
        assert!(
            run.stdout.contains("UNKNOWN"),
            "{command} {steps}: {run:#?}"
        );
    }
}

#[test]
fn a_hang_is_noticed() {
    is_noticed(r#"{ answer-start = 60 }, "hang""#);
}

#[test]
fn a_crash_is_noticed() {
    is_noticed(r#""crash""#);
    is_noticed(r#"{ answer-start = 60 }, "crash""#);
}

#[test]
fn a_truncated_answer_is_noticed() {
    is_noticed("{ answer-start = 60 }");
}

#[test]
fn a_garbled_answer_is_noticed() {
    is_noticed("{ answer-garbled = 23 }");
}

#[test]
fn a_failure_is_noticed_whatever_the_status() {
    for status in [0, 1, 12, 50, 255] {
        is_noticed(&format!("{{ exit = {status} }}"));
    }
}

/// Answers with what was recorded, one of them cut short.
struct Cut<'a> {
    answers: &'a BTreeMap<Vec<String>, RawOutput>,
    at: (&'a [String], usize),
}

impl Runner for Cut<'_> {
    fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
        let mut output = self.answers[&invocation.arguments].clone();
        if self.at.0 == invocation.arguments {
            output.stdout.truncate(self.at.1);
        }
        Ok(output)
    }
}

/// Records what another runner answers.
struct Recorder<'a> {
    demo: Demo,
    answers: &'a mut BTreeMap<Vec<String>, RawOutput>,
}

impl Runner for Recorder<'_> {
    fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
        let output = self.demo.run(invocation)?;
        let arguments = invocation.arguments.clone();
        self.answers.insert(arguments, output.clone());
        Ok(output)
    }
}

fn verdict(runner: impl Runner) -> Verdict {
    let mut backend = MegaCli::new(runner, "test".to_owned()).simulated();
    let reading = backend.read(health::NEEDED);
    reading.map_or(Verdict::Unknown, |reading| {
        Verdict::over(&health::judge(&reading, &Thresholds::default()))
    })
}

#[test]
fn an_answer_that_is_cut_anywhere_is_noticed() {
    let demo = Demo::open(&Choice {
        scenario: Some("healthy".to_owned()),
        speed: Some(0),
        ..Choice::default()
    });
    let mut answers = BTreeMap::new();
    let recorder = Recorder {
        demo: demo.unwrap(),
        answers: &mut answers,
    };
    assert_eq!(verdict(recorder), Verdict::Healthy);
    let mut healthy = Vec::new();
    for (arguments, output) in &answers {
        let text = &output.stdout;
        // The last line, and what is blank before it, are not missed.
        let end = text
            .trim_ascii_end()
            .iter()
            .rposition(|&byte| byte == b'\n');
        let content = text[..end.unwrap()].trim_ascii_end().len();
        let lines = (0..content).filter(|&at| text[at] == b'\n');
        for at in lines.flat_map(|line| [line, line + 1, line + 4]) {
            let cut = Cut {
                answers: &answers,
                at: (arguments, at.min(content)),
            };
            if verdict(cut) == Verdict::Healthy {
                let before = String::from_utf8_lossy(&text[..at]);
                let last = before.lines().last().unwrap_or_default().to_owned();
                healthy.push(format!("{} after “{last}”", arguments.join(" ")));
            }
        }
    }
    assert!(
        healthy.is_empty(),
        "{}:\n{}",
        healthy.len(),
        healthy.join("\n")
    );
}
