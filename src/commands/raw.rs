//! `raw`: any command line of MegaCLI, under the same care as every other.

use std::path::{Path, absolute};

use ironkeep_parsers::model::{ControllerId, Verdict};
use jiff::Timestamp;
use serde::Serialize;

use super::Run;
use crate::act::audit::{Entry, Phase, verdict};
use crate::act::consent::Question;
use crate::act::{self, Consent, ConsentArgs, Outcome};
use crate::backend::applied::Applied;
use crate::change::Risk;
use crate::change::raw::Raw;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::shell_word;
use crate::output::{self, Format};
use crate::reading::Part;
use crate::runner::Invocation;

/// Pass anything else to MegaCLI, under the same lock, time limit and record
///
/// For what has no command of its own: `ironkeep raw -- -AdpDiag 10 -a0`. Everything behind -- goes to
/// MegaCLI, and `-NoLog` with it. What it prints is printed as it came, and its exit status is the status
/// of this command.
///
/// What changes something needs somebody to agree, and what destroys data needs --yes=raw. A change
/// that names all controllers (-aALL) is run once for each of them. Nothing is checked beforehand: the
/// commands of ironkeep do that. A command that ironkeep does not know is taken for a change.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    consent: ConsentArgs,

    /// The arguments of MegaCLI, behind --
    #[arg(required = true, last = true, value_name = "ARGUMENT")]
    arguments: Vec<String>,
}

/// A run, in JSON.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct RawRun {
    /// The controller, where the run names one.
    controller: Option<ControllerId>,
    /// The arguments.
    command: Vec<String>,
    /// The status that the tool printed or ended with; absent where it would be run only, or was killed.
    exit_code: Option<u32>,
    /// What it printed; absent where it would be run only.
    output: Option<String>,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let raw = Raw::of(&with_absolute_file(self.arguments));
        if raw.is_screen() {
            let words = "-ProgDsply paints a screen until a key is pressed, and there is none here";
            return Err(Failure::new(Kind::Refused, words)
                .hint("how far everything is: ironkeep operation list")
                .hint("wait for it: ironkeep operation wait"));
        }
        let present = if raw.means_all() && raw.risk.is_some() {
            numbers(context)?
        } else {
            Vec::new()
        };
        let lines = raw.for_each(&present);
        if self.consent.dry_run {
            return planned(context, &raw, &lines);
        }
        let question = Question {
            risk: raw.risk.unwrap_or(Risk::None),
            words: format!("run MegaCLI {}", shell(&raw.shown())),
            object: "raw".to_owned(),
        };
        if !raw.is_known {
            let words = "ironkeep does not know this command and takes it for a change";
            context.say(output::NOTE, words)?;
        }
        let agreed = self.consent.obtain(context, &[question])?;
        act::held(context, |context| {
            let mut runs = Vec::new();
            let mut code = Code::Done;
            for (controller, line) in lines {
                let run = one(context, &raw, controller, line, &agreed)?;
                code = match run.exit_code {
                    Some(0) => code,
                    Some(status) => Code::Plugin(u8::try_from(status).unwrap_or(u8::MAX)),
                    None => Code::Failed,
                };
                runs.push(run);
            }
            if context.output.format == Format::Json {
                let envelope = output::Envelope::new("raw", &runs);
                output::print_record(context, &envelope, &[])?;
            }
            Ok(code)
        })
    }
}

/// Runs one line, records it if it changes something, and prints what it printed.
fn one(
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
        ..Invocation::default()
    };
    let controller = controller.map(ControllerId);
    let object = invocation.arguments.first().cloned().unwrap_or_default();
    let entry = act::entry_of(context, "raw", &object, &invocation, controller);
    if raw.risk.is_some() {
        act::record(context, &entry)?;
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
        act::record(context, &end)?;
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

/// The numbers of the controllers that there are.
fn numbers(context: &mut Context<'_>) -> Result<Vec<u32>, Failure> {
    let reading = context.read(&[Part::Controllers])?;
    let ids = reading.controllers.iter().filter_map(|it| it.id);
    Ok(ids.map(|id| id.0).collect())
}

/// The tool stands in a folder of its own while it runs: a file that is named is named from ours.
fn with_absolute_file(mut arguments: Vec<String>) -> Vec<String> {
    let at = arguments
        .iter()
        .position(|word| word.eq_ignore_ascii_case("-f"));
    let file = at.and_then(|at| arguments.get_mut(at + 1));
    if let Some(file) = file
        && let Ok(path) = absolute(Path::new(file.as_str()))
    {
        *file = path.to_string_lossy().into_owned();
    }
    arguments
}

fn planned(
    context: &mut Context<'_>,
    raw: &Raw,
    lines: &[(Option<u32>, Vec<String>)],
) -> Result<Code, Failure> {
    let runs: Vec<_> = lines
        .iter()
        .map(|(controller, line)| RawRun {
            controller: controller.map(ControllerId),
            command: raw.shown_line(line),
            exit_code: None,
            output: None,
        })
        .collect();
    if context.output.format == Format::Json {
        let envelope = output::Envelope::new("raw", &runs);
        output::print_record(context, &envelope, &[])?;
        return Ok(Code::Done);
    }
    for run in &runs {
        writeln!(
            context.stdout,
            "would run: MegaCLI {} -NoLog",
            shell(&run.command)
        )?;
    }
    Ok(Code::Done)
}

/// Arguments as a shell takes them.
fn shell(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| shell_word(word)).collect();
    words.join(" ")
}
