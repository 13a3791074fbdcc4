//! Command lines of MegaCLI as somebody typed them, run and recorded.

use std::time::Duration;

use ironkeep_parsers::model::{ControllerId, Verdict};
use jiff::Timestamp;
use serde::Serialize;

use super::audit::{Entry, Phase, verdict};
use super::{Consent, Outcome, entry_of, record};
use crate::backend::applied::Applied;
use crate::change::raw::Raw;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::output::Format;
use crate::runner::Invocation;

/// How long a run that writes firmware may take: killed halfway, it leaves a controller or a drive
/// without any.
const FIRMWARE: Duration = Duration::from_mins(30);

/// A run, in JSON.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct RawRun {
    /// The controller, where the run names one.
    pub controller: Option<ControllerId>,
    /// The arguments.
    pub command: Vec<String>,
    /// The status that the tool printed or ended with; absent where it would be run only, or was killed.
    pub exit_code: Option<u32>,
    /// What it printed; absent where it would be run only.
    pub output: Option<String>,
}

/// Runs one line, records it if it changes something, and prints what it printed.
///
/// # Errors
/// If it could not be run to its end, or not be recorded and must be.
pub fn run(
    context: &mut Context<'_>,
    raw: &Raw,
    controller: Option<u32>,
    arguments: Vec<String>,
    agreed: &Consent,
) -> Result<RawRun, Failure> {
    let invocation = Invocation {
        arguments,
        changes: raw.risk.is_some(),
        secret: raw.secrets(),
        at_least: if raw.writes_firmware() {
            FIRMWARE
        } else {
            Duration::ZERO
        },
        ..Invocation::default()
    };
    let controller = controller.map(ControllerId);
    let object = invocation.arguments.first().cloned().unwrap_or_default();
    let entry = entry_of(context, "raw", &object, &invocation, controller);
    if raw.risk.is_some() {
        record(context, &entry)?;
    }
    let result = context.session.pass(&invocation, agreed);
    let applied = result
        .as_ref()
        .map(|out| Applied::of(&invocation, out))
        .ok();
    if raw.risk.is_some() {
        let outcome = match applied.as_ref().map(|it| it.verdict) {
            Some(Verdict::Claimed) => Outcome::Claimed,
            Some(Verdict::Denied) => Outcome::Failed,
            Some(Verdict::Contradicted | Verdict::Silent) | None => Outcome::Unknown,
        };
        let end = Entry {
            time: Timestamp::now(),
            phase: Phase::End,
            exit_code: applied.as_ref().and_then(|it| it.exit_code),
            tool: applied.as_ref().map(|it| verdict(it.verdict).to_owned()),
            outcome: Some(outcome.token().to_owned()),
            ..entry
        };
        record(context, &end)?;
    }
    let output = result?;
    if context.output.format != Format::Json {
        context.stdout.write_all(&output.stdout)?;
        context.stdout.flush()?;
        context.stderr.write_all(&output.stderr)?;
    }
    Ok(RawRun {
        controller,
        command: invocation.shown(),
        exit_code: applied.and_then(|it| it.exit_code),
        output: Some(String::from_utf8_lossy(&output.stdout).into_owned()),
    })
}
