//! What became of a command that changes something, as far as the tool tells.

use ironkeep_parsers::Report;
use ironkeep_parsers::megacli::outcome::outcome;
use ironkeep_parsers::model::{Outcome, Verdict};
use serde::Serialize;

use crate::cli::failure::Failure;
use crate::runner::{Invocation, ProcessEnd, RawOutput};

/// How a run that was to change something ended. Whether it changed anything shows in a reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Applied {
    /// The arguments, without secrets.
    pub arguments: Vec<String>,
    /// The status that the tool printed, or that its process ended with; absent if it was killed.
    pub exit_code: Option<u32>,
    /// What its words, the firmware's sentence and the status say together.
    pub verdict: Verdict,
    /// Its sentences, trimmed: claims, complaints, what the firmware said.
    pub words: Vec<String>,
}

impl Applied {
    /// Reads what `invocation` printed.
    pub(crate) fn of(invocation: &Invocation, output: &RawOutput) -> Self {
        let text = String::from_utf8_lossy(&output.stdout);
        let report = outcome(&text);
        let process = match output.end {
            ProcessEnd::Exited(status) => Some(u32::from(status)),
            ProcessEnd::Signalled(_) => None,
        };
        let verdict = match (report.verdict(), output.end) {
            (Verdict::Claimed, ProcessEnd::Signalled(_)) => Verdict::Contradicted,
            (verdict, _) => verdict,
        };
        Self {
            arguments: invocation.shown(),
            exit_code: report.ending.code().or(process),
            verdict,
            words: words(&report),
        }
    }

    /// A run with `arguments` that did not end by itself: `why`.
    pub(crate) fn cut_off(arguments: &[String], why: &Failure) -> Self {
        Self {
            arguments: arguments.to_vec(),
            exit_code: None,
            verdict: Verdict::Silent,
            words: vec![why.chain().join(": ")],
        }
    }

    /// The tool's words in one line; what stands for them where it said nothing.
    pub fn said(&self) -> String {
        match (self.words.as_slice(), self.exit_code) {
            ([], None) => "MegaCLI said nothing and was killed".to_owned(),
            ([], Some(code)) => format!("MegaCLI said nothing and ended with {code:#04x}"),
            (words, _) => words.join(" "),
        }
    }
}

fn words(report: &Report<Outcome>) -> Vec<String> {
    let claims = report.value.claims.iter();
    let claims = claims.flat_map(|it| [Some(&it.words), it.firmware.as_ref()]);
    let complaints = report.complaints.iter();
    let complaints = complaints.flat_map(|it| [Some(&it.text), it.firmware.as_ref()]);
    let advice = report.value.advice.iter().map(|it| Some(&it.words));
    let leftovers = report.leftovers.iter().map(|it| Some(&it.text));
    let all = claims.chain(complaints).chain(advice).chain(leftovers);
    all.flatten().cloned().collect()
}
