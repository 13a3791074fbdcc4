//! What is told of changes: planned ones, and those that were made.

use ironkeep_parsers::model::{ControllerId, Verdict};
use serde::Serialize;

use super::audit;
use crate::backend::applied::Applied;
use crate::change::{Check, Request, Risk, Ruling, Seen};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::output::{self, Align, Cell, Column, Envelope, Tabular, Tone};

/// A change that `--dry-run` shows.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Planned {
    /// The controller.
    pub controller: ControllerId,
    /// What: `pd.offline`.
    pub change: &'static str,
    /// What it is done to: `252:3`.
    pub object: String,
    /// What it may cost.
    pub risk: Risk,
    /// The tool's arguments, without secrets.
    pub command: Vec<String>,
    /// What was looked at.
    pub checks: Vec<Check>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Act {
    /// The controller.
    pub controller: ControllerId,
    /// What: `pd.offline`.
    pub change: &'static str,
    /// What it is done to: `252:3`.
    pub object: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What a reading shows, or why none does.
    pub seen: String,
    /// The state before.
    pub before: Option<String>,
    /// The state afterwards; absent where it could not be read.
    pub after: Option<String>,
    /// The tool's arguments, without secrets.
    pub command: Vec<String>,
    /// The tool's status.
    pub exit_code: Option<u32>,
    /// What the tool's words come to; absent if it did not run to its end.
    pub verdict: Option<Verdict>,
    /// The tool's words.
    pub said: String,
    /// What it does, in words.
    #[serde(skip)]
    words: String,
    /// Whether `seen` is what a reading shows; otherwise it is why none does.
    #[serde(skip)]
    is_shown: bool,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A reading shows it.
    Done,
    /// A reading shows that it goes on by itself.
    Running,
    /// The tool says that it is done, and no reading can show it.
    Claimed,
    /// It did not take place.
    Failed,
    /// Nobody knows: it was cut off, or could not be read afterwards.
    Unknown,
}

impl Outcome {
    /// The word for scripts.
    pub fn token(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Running => "running",
            Self::Claimed => "claimed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl Act {
    fn new(request: &Request, applied: Applied) -> Self {
        let act = request.change.act();
        Self {
            controller: request.controller,
            change: act.name(),
            object: act.object(),
            outcome: Outcome::Unknown,
            seen: String::new(),
            before: None,
            after: None,
            exit_code: applied.exit_code,
            verdict: Some(applied.verdict),
            said: applied.said(),
            command: applied.arguments,
            words: act.words(),
            is_shown: false,
        }
    }

    /// What became of it, by what the tool said and a reading shows.
    pub(super) fn judged(
        request: &Request,
        (before, after): (Option<String>, Option<String>),
        applied: Applied,
        seen: Seen,
    ) -> Self {
        let good = applied.verdict == Verdict::Claimed;
        let is_silent = applied.verdict == Verdict::Silent;
        let was_cut_off = is_silent && applied.exit_code.is_none();
        let silent = is_silent && matches!(applied.exit_code, None | Some(0));
        let is_shown = !matches!(seen, Seen::Invisible(_));
        let (outcome, seen) = match seen {
            Seen::Done(seen) => (Outcome::Done, seen),
            Seen::Running(seen) => (Outcome::Running, seen),
            // The firmware may be at it still.
            Seen::Otherwise(seen) if was_cut_off => (Outcome::Unknown, seen),
            Seen::Otherwise(seen) => (Outcome::Failed, seen),
            Seen::Invisible(why) if good => (Outcome::Claimed, why.to_owned()),
            // It ended well, with words that are not known, or it was cut off.
            Seen::Invisible(why) if silent => (Outcome::Unknown, why.to_owned()),
            Seen::Invisible(why) => (Outcome::Failed, why.to_owned()),
        };
        Self {
            outcome,
            seen,
            before,
            after,
            is_shown,
            ..Self::new(request, applied)
        }
    }

    /// The tool ran, and then the state could not be read.
    pub(super) fn unread(
        request: &Request,
        before: Option<String>,
        applied: Applied,
        why: &Failure,
    ) -> Self {
        Self {
            seen: format!("not read: {}", why.chain().join(": ")),
            before,
            ..Self::new(request, applied)
        }
    }

    /// The tool did not run to its end.
    pub(super) fn unfinished(request: &Request, before: Option<String>, why: &Failure) -> Self {
        let applied = Applied {
            arguments: Vec::new(),
            exit_code: None,
            verdict: Verdict::Silent,
            words: vec![why.chain().join(": ")],
        };
        Self {
            before,
            verdict: None,
            ..Self::new(request, applied)
        }
    }

    /// Whether one may go on.
    pub fn is_good(&self) -> bool {
        match self.outcome {
            Outcome::Done | Outcome::Running | Outcome::Claimed => true,
            Outcome::Failed | Outcome::Unknown => false,
        }
    }

    /// What became of it, as a sentence for people. Where no reading shows it, the tool's word is told as
    /// what it is.
    pub(super) fn told(&self) -> String {
        if self.is_shown {
            return format!("seen: {}", self.seen);
        }
        match self.outcome {
            Outcome::Done | Outcome::Running | Outcome::Claimed => {
                format!("done, says MegaCLI; not seen: {}", self.seen)
            }
            Outcome::Failed | Outcome::Unknown => {
                format!("{}; not seen: {}", self.what_the_tool_said(), self.seen)
            }
        }
    }

    /// `MegaCLI says: Device is not there`.
    pub(super) fn what_the_tool_said(&self) -> String {
        if self.said.is_empty() {
            "MegaCLI says nothing".to_owned()
        } else {
            format!("MegaCLI says: {}", self.said)
        }
    }

    /// Why a change that is not good is none.
    pub fn failure(&self) -> Failure {
        let what = match self.outcome {
            Outcome::Unknown => "nobody knows whether it worked to",
            Outcome::Done | Outcome::Running | Outcome::Claimed | Outcome::Failed => "could not",
        };
        let message = match (self.is_shown, self.outcome) {
            (true, _) => format!("{what} {}: seen afterwards: {}", self.words, self.seen),
            // Why no reading shows it does not matter where the tool says that it failed.
            (false, Outcome::Failed) => format!("{what} {}", self.words),
            (false, _) => format!("{what} {}: {}", self.words, self.seen),
        };
        let failure = Failure::because(Kind::Hardware, message, self.said.clone());
        let failure = match self.exit_code {
            Some(code) if code != 0 => failure.hint(format!(
                "what the number means: ironkeep explain {code:#04x}"
            )),
            _ => failure,
        };
        failure.hint("how things are now: ironkeep health")
    }
}

impl Tabular for Act {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("object", "OBJECT", Align::Left, |it| {
            it.object.as_str().into()
        }),
        Column::new("change", "CHANGE", Align::Left, |it| it.change.into()),
        Column::new("outcome", "OUTCOME", Align::Left, |it| {
            let tone = match it.outcome {
                Outcome::Done | Outcome::Running => Tone::Good,
                Outcome::Claimed => Tone::Neutral,
                Outcome::Unknown => Tone::Warn,
                Outcome::Failed => Tone::Bad,
            };
            Cell::state(it.outcome.token(), it.outcome.token(), tone)
        }),
        Column::new("seen", "SEEN AFTERWARDS", Align::Prose, |it| {
            it.seen.as_str().into()
        }),
        Column::new("before", "BEFORE", Align::Prose, |it| {
            it.before.clone().into()
        }),
        Column::on_request("after", "AFTER", Align::Prose, |it: &Self| {
            it.after.clone().into()
        }),
        Column::new(output::CONTROLLER, "CONTROLLER", Align::Right, |it| {
            Cell::Number(it.controller.0.into())
        }),
        Column::on_request("command", "COMMAND", Align::Left, |it: &Self| {
            it.command.join(" ").into()
        }),
        Column::on_request("exit_code", "EXIT CODE", Align::Right, |it: &Self| {
            it.exit_code
                .map_or(Cell::Absent, |code| Cell::Number(code.into()))
        }),
        Column::on_request("verdict", "VERDICT", Align::Left, |it: &Self| {
            it.verdict
                .map_or(Cell::Absent, |it| audit::verdict(it).into())
        }),
        Column::on_request("said", "MEGACLI SAID", Align::Prose, |it: &Self| {
            it.said.as_str().into()
        }),
    ];
}

/// A check of a planned change, for the table.
#[derive(Debug)]
struct PlannedCheck {
    controller: ControllerId,
    object: String,
    check: Check,
}

impl Tabular for PlannedCheck {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("object", "OBJECT", Align::Left, |it| {
            it.object.as_str().into()
        }),
        Column::new("check", "CHECK", Align::Left, |it| it.check.code.into()),
        Column::new("ruling", "RULING", Align::Left, |it| {
            match it.check.ruling {
                Ruling::Holds => Cell::state("holds", "holds", Tone::Good),
                Ruling::Warns { .. } => Cell::state("warns", "warns", Tone::Warn),
                Ruling::Refuses { .. } => Cell::state("refuses", "refuses", Tone::Bad),
            }
        }),
        Column::new("observed", "OBSERVED", Align::Prose, |it| {
            it.check.observed.as_str().into()
        }),
        Column::new("why", "WHY IT MATTERS", Align::Prose, |it| {
            match &it.check.ruling {
                Ruling::Holds => Cell::Absent,
                Ruling::Warns { why } | Ruling::Refuses { why, .. } => why.as_str().into(),
            }
        }),
        Column::new(output::CONTROLLER, "CONTROLLER", Align::Right, |it| {
            Cell::Number(it.controller.0.into())
        }),
    ];
}

/// Prints what would be checked and run.
pub(super) fn planned(
    context: &mut Context<'_>,
    command: &str,
    planned: &[Planned],
) -> Result<(), Failure> {
    let rows: Vec<_> = planned
        .iter()
        .flat_map(|plan| {
            plan.checks.iter().map(|check| PlannedCheck {
                controller: plan.controller,
                object: plan.object.clone(),
                check: check.clone(),
            })
        })
        .collect();
    let envelope = Envelope::new(command, planned);
    output::print_list_as(context, &envelope, &rows, "Nothing to check.")?;
    if context.output.format == output::Format::Table {
        for plan in planned {
            let line = format!("would run: MegaCLI {} -NoLog\n", shell(&plan.command));
            context.stdout.write_all(line.as_bytes())?;
        }
    }
    Ok(())
}

/// Arguments as a shell takes them.
fn shell(words: &[String]) -> String {
    let words: Vec<_> = words
        .iter()
        .map(|word| crate::cli::shell_word(word))
        .collect();
    words.join(" ")
}

/// Prints what became of changes; nothing if there were none.
pub(super) fn done(context: &mut Context<'_>, command: &str, done: &[Act]) -> Result<(), Failure> {
    if done.is_empty() {
        return Ok(());
    }
    output::print_list(context, command, done, "Nothing was changed.")
}
