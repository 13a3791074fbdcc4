//! `raw`: any command line of MegaCLI, under the same care as every other.

use std::path::{Path, absolute};

use ironkeep_parsers::model::ControllerId;

use super::Run;
use crate::act::raw::{self, RawRun};
use crate::act::{self, ConsentArgs};
use crate::change::Risk;
use crate::change::raw::Raw;
use crate::cli::consent::Question;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::shell_word;
use crate::output::{self, Format};
use crate::reading::Part;

/// Pass anything else to MegaCLI under the same lock, limit and record
///
/// For what has no command of its own: `ironkeep raw -- -AdpDiag 10 -a0`. Everything behind -- goes to
/// MegaCLI, and `-NoLog` with it. What it prints is printed as it came, and its exit status is the status
/// of this command.
///
/// What changes something needs somebody to agree, and what destroys data needs --yes=raw. A change
/// that names all controllers (-aALL) is run once for each of them. Nothing is checked beforehand: the
/// commands of ironkeep do that. A command that ironkeep does not know is taken for a change.
/// Example: `ironkeep raw --dry-run -- -AdpDiag 10 -a0`
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    consent: ConsentArgs,

    /// The arguments of MegaCLI, behind --
    #[arg(required = true, last = true, value_name = "ARGUMENT")]
    arguments: Vec<String>,
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
        if raw.risk.is_some() && raw.names_controllers_twice() {
            let words =
                "several arguments name controllers, and nobody can say which MegaCLI takes";
            return Err(Failure::new(Kind::Usage, words).hint("name them once: -a0"));
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
            let mut result = Ok(Code::Done);
            let numbers: Vec<_> = lines.iter().filter_map(|(number, _)| *number).collect();
            for (controller, line) in lines {
                match raw::run(context, &raw, controller, line, &agreed) {
                    Ok(run) => {
                        result = result.map(|code| worse(code, run.exit_code));
                        runs.push(run);
                    }
                    Err(failure) => {
                        let behind = numbers.get(runs.len() + 1..).unwrap_or_default();
                        result = Err(cut_short(failure, controller, behind));
                        break;
                    }
                }
            }
            // What was done on some controllers is told although another one failed.
            if context.output.format == Format::Json && !(runs.is_empty() && result.is_err()) {
                let envelope = output::Envelope::new("raw", &runs);
                output::print_record(context, &envelope, &[])?;
            }
            result
        })
    }
}

/// The exit code after one more run.
fn worse(code: Code, status: Option<u32>) -> Code {
    match status {
        Some(0) => code,
        Some(status) => Code::Plugin(u8::try_from(status).unwrap_or(u8::MAX)),
        None => Code::Failed,
    }
}

/// The failure of one of several runs, with the controllers on which nothing was run: those `behind` it.
fn cut_short(failure: Failure, controller: Option<u32>, behind: &[u32]) -> Failure {
    let Some(controller) = controller else {
        return failure;
    };
    let behind: Vec<_> = behind.iter().map(|it| format!("c{it}")).collect();
    if behind.is_empty() {
        failure.hint(format!("it failed on c{controller}, the last one"))
    } else {
        let behind = behind.join(", ");
        failure.hint(format!(
            "it failed on c{controller}; nothing was run on {behind}"
        ))
    }
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
