//! What is told of a replacement: lines of JSON for scripts, sentences for a person.

use ironkeep_parsers::model::{ControllerId, DriveAddress, Progress};
use jiff::Timestamp;
use serde::Serialize;

use crate::act::ActRow;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::output::{self, SCHEMA};
use crate::replace::{Fact, Identity, Memory, Refusal, Verdict, Wait, WaitFor};

/// A line of JSON.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Line {
    /// The version of this form. Goes up when a key changes its name, type or meaning.
    schema: u32,
    /// When.
    time: Timestamp,
    /// The controller.
    controller: ControllerId,
    /// The bay of the drive that is replaced.
    bay: String,
    /// What it tells.
    #[serde(flatten)]
    told: Told,
}

impl Line {
    /// A line about the replacement of the drive in `bay`.
    pub(super) fn new(controller: ControllerId, bay: DriveAddress, told: Told) -> Self {
        Self {
            schema: SCHEMA,
            time: Timestamp::now(),
            controller,
            bay: bay.to_string(),
            told,
        }
    }
}

/// What a line tells.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Told {
    /// It begins, or goes on after an interruption.
    Begins {
        /// Whether it was begun before.
        resumed: bool,
        /// The drive that is replaced; absent where it is gone already.
        old: Option<Identity>,
        /// Whether it may be pulled as things are.
        verdict: Verdict,
    },
    /// Something is about to be done.
    Acts {
        /// What: `pd.offline`.
        change: &'static str,
        /// What it is done to: `252:3`.
        object: String,
        /// In words.
        words: String,
        /// Why now.
        why: String,
    },
    /// Something was done.
    Acted {
        /// What became of it.
        act: Box<ActRow>,
    },
    /// Something is waited for.
    Waits {
        /// For what.
        #[serde(rename = "for")]
        what: WaitFor,
        /// In words.
        words: String,
        /// Until when at the longest; absent for as long as it takes.
        until: Option<Timestamp>,
        /// How far it is, where something runs.
        progress: Option<Progress>,
    },
    /// It does not go on.
    Refused(Refusal),
    /// What was waited for did not come in time, or nobody wants to wait.
    TimedOut {
        /// What was waited for.
        #[serde(rename = "for")]
        what: WaitFor,
        /// In words.
        words: String,
    },
    /// Something to know.
    Note {
        /// In words.
        words: String,
    },
    /// It is done, or given up.
    Done {
        /// Whether it was given up.
        aborted: bool,
        /// Whether all is as it should be.
        good: bool,
        /// What was verified.
        facts: Vec<Fact>,
    },
}

/// Tells of one replacement.
#[derive(Debug)]
pub(super) struct Teller {
    /// Lines of JSON on standard output, or sentences on standard error.
    pub(super) json: bool,
    /// What was said last of a wait: what, and the percentage.
    said: Option<(WaitFor, Option<u64>)>,
    /// Whether a line of progress stands there that the next words have to end.
    is_open: bool,
}

impl Teller {
    pub(super) fn new(json: bool) -> Self {
        Self {
            json,
            said: None,
            is_open: false,
        }
    }

    /// Tells it.
    pub(super) fn tell(
        &mut self,
        context: &mut Context<'_>,
        memory: &Memory,
        told: Told,
    ) -> Result<(), Failure> {
        if !matches!(told, Told::Waits { .. }) {
            self.said = None;
            self.close(context)?;
        }
        if self.json {
            return output::write_json_line(
                context,
                &Line::new(memory.controller, memory.bay, told),
            );
        }
        match told {
            Told::Begins {
                resumed, verdict, ..
            } => begins(context, memory, resumed, &verdict),
            Told::Acts { words, why, .. } => context.say("now: ", &format!("{words} ({why})")),
            Told::Acted { act } => context.say("  ", &act.told()),
            Told::Waits {
                words, progress, ..
            } => self.waits(context, &words, progress.as_ref()),
            Told::TimedOut { words, .. } => context.say("still waiting: ", &words),
            Told::Note { words } => context.say("note: ", &words),
            Told::Refused(_) => Ok(()),
            Told::Done { facts, .. } => {
                for fact in facts {
                    let lead = if fact.good { "ok: " } else { "NOT OK: " };
                    context.say(lead, &fact.observed)?;
                }
                Ok(())
            }
        }
    }

    /// Tells of a wait, if there is news.
    pub(super) fn wait(
        &mut self,
        context: &mut Context<'_>,
        memory: &Memory,
        wait: &Wait,
    ) -> Result<(), Failure> {
        let percent = wait.progress.map(|it| u64::from(it.done.0));
        let news = (wait.what, percent);
        if self.said == Some(news) {
            return Ok(());
        }
        let told = Told::Waits {
            what: wait.what,
            words: wait.words.clone(),
            until: wait.until,
            progress: wait.progress,
        };
        self.tell(context, memory, told)?;
        self.said = Some(news);
        Ok(())
    }

    /// On a terminal the line of progress is written again and again in the same place.
    fn waits(
        &mut self,
        context: &mut Context<'_>,
        words: &str,
        progress: Option<&Progress>,
    ) -> Result<(), Failure> {
        let words = match progress {
            Some(it) => format!("{words}: {} after {}", it.done, it.elapsed),
            None => words.to_owned(),
        };
        if context.output.stderr_width.is_none() || progress.is_none() {
            return context.say("waiting: ", &words);
        }
        write!(context.stderr, "\r\x1b[Kwaiting: {words}")?;
        context.stderr.flush()?;
        self.is_open = true;
        Ok(())
    }

    fn close(&mut self, context: &mut Context<'_>) -> Result<(), Failure> {
        if self.is_open {
            writeln!(context.stderr)?;
            self.is_open = false;
        }
        Ok(())
    }
}

fn begins(
    context: &mut Context<'_>,
    memory: &Memory,
    resumed: bool,
    verdict: &Verdict,
) -> Result<(), Failure> {
    let begun = if resumed { "goes on with" } else { "begins" };
    let what = match &memory.old {
        Some(old) => format!(
            "drive {} ({}, serial number {})",
            memory.bay,
            old.model.as_deref().unwrap_or("unknown model"),
            old.name()
        ),
        None => format!("the drive that bay {} lacks", memory.bay),
    };
    context.say("", &format!("{begun} the replacement of {what}"))?;
    let because = crate::replace::because(verdict);
    let lead = if verdict.safe_to_pull {
        "safe to pull: yes, because "
    } else {
        "safe to pull: NO, because "
    };
    context.say(lead, &because)?;
    for warning in crate::replace::warnings(verdict) {
        context.say("warning: ", &warning)?;
    }
    Ok(())
}
