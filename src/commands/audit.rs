//! `audit`: the record of what was changed on this host.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Run, verbs};
use crate::act::audit::{Entry, Phase};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Tabular, Tone};

/// Show what was changed here: when, by whom, from which state to which
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { List(ListArgs) }

/// List the changes that ironkeep made or tried on this host, the newest last
///
/// The record is a file with a line of JSON before each change and one after it, which is only
/// appended to: /var/log/ironkeep/audit.jsonl, or what the configuration names. A change without its
/// second line was cut off: `ironkeep health` shows what became of it.
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// The newest so many only
    #[arg(short = 'n', long, value_name = "NUMBER")]
    newest: Option<usize>,
}

/// A change, from its two lines.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Recorded {
    /// The line after it; the one before it, where it was cut off.
    #[serde(flatten)]
    entry: Entry,
    /// When it began.
    began: jiff::Timestamp,
    /// What became of it: done, running, claimed, failed, unknown, or interrupted.
    result: String,
}

impl Tabular for Recorded {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("time", "TIME", Align::Left, |it| {
            it.began.strftime("%Y-%m-%d %H:%M:%SZ").to_string().into()
        }),
        Column::new("user", "USER", Align::Left, |it| user(&it.entry).into()),
        Column::new("object", "OBJECT", Align::Left, |it| {
            it.entry.object.as_str().into()
        }),
        Column::new("change", "CHANGE", Align::Left, |it| {
            it.entry.change.as_str().into()
        }),
        Column::new("result", "RESULT", Align::Left, |it| {
            let tone = match it.result.as_str() {
                "done" | "running" => Tone::Good,
                "claimed" => Tone::Neutral,
                "failed" => Tone::Bad,
                _ => Tone::Warn,
            };
            Cell::state(it.result.as_str(), it.result.as_str(), tone)
        }),
        Column::new("before", "BEFORE", Align::Prose, |it| {
            it.entry.before.clone().into()
        }),
        Column::new("after", "AFTER", Align::Prose, |it| {
            it.entry.after.clone().into()
        }),
        Column::new("drive_serial", "DRIVE SERIAL", Align::Left, |it| {
            it.entry.drive_serial.clone().into()
        }),
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |it| {
            it.entry.controller.map(|id| id.0).into()
        }),
        Column::on_request(
            "controller_serial",
            "CONTROLLER SERIAL",
            Align::Left,
            |it: &Self| it.entry.controller_serial.clone().into(),
        ),
        Column::on_request("command", "COMMAND", Align::Left, |it: &Self| {
            it.entry.command.join(" ").into()
        }),
        Column::on_request("exit_code", "EXIT CODE", Align::Right, |it: &Self| {
            it.entry.exit_code.into()
        }),
        Column::on_request("overrides", "OVERRIDES", Align::Left, |it: &Self| {
            it.entry.overrides.join(" ").into()
        }),
        Column::on_request("host", "HOST", Align::Left, |it: &Self| {
            it.entry.host.clone().into()
        }),
        Column::on_request("id", "ID", Align::Left, |it: &Self| {
            it.entry.id.as_str().into()
        }),
    ];
}

/// `root`, `anna (sudo)`; the number where no name is known.
fn user(entry: &Entry) -> String {
    let who = &entry.who;
    match (&who.sudo_user, &who.user) {
        (Some(name), _) => format!("{name} (sudo)"),
        (None, Some(name)) => name.clone(),
        (None, None) => format!("uid {}", who.uid),
    }
}

impl Run for ListArgs {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Recorded>(&context.output)?;
        let Some(log) = context.session.audit_log() else {
            let words = "changes of a simulated host in memory are not recorded";
            return Err(
                Failure::new(Kind::Usage, words).hint("keep the host in a file: --demo-state FILE")
            );
        };
        let what = || format!("cannot read the record {}", log.path().display());
        let (entries, unread) = log
            .read()
            .map_err(|why| Failure::because(Kind::Environment, what(), why))?;
        let mut rows = joined(entries);
        if let Some(newest) = self.newest {
            rows.drain(..rows.len().saturating_sub(newest));
        }
        if let Some(first) = unread.first() {
            let lines = unread.len();
            let words = format!(
                "{lines} lines of {} are no entries; the first is line {first}",
                log.path().display()
            );
            context.say("warning: ", &words)?;
        }
        let nothing = format!("No changes are recorded in {}.", log.path().display());
        output::print_list(context, "audit list", &rows, &nothing)?;
        Ok(Code::Done)
    }
}

/// The two lines of each change as one, in the order in which they began.
fn joined(entries: Vec<Entry>) -> Vec<Recorded> {
    let mut rows: Vec<Recorded> = Vec::new();
    // Numbers of processes come again: the latest beginning is meant.
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        let known = open.get(&entry.id).and_then(|&at| rows.get_mut(at));
        match (entry.phase, known) {
            (Phase::End, Some(row)) => {
                row.result = entry
                    .outcome
                    .clone()
                    .unwrap_or_else(|| "unknown".to_owned());
                open.remove(&entry.id);
                row.entry = entry;
            }
            (phase, _) => {
                let result = match phase {
                    Phase::Begin => "interrupted".to_owned(),
                    Phase::End => entry
                        .outcome
                        .clone()
                        .unwrap_or_else(|| "unknown".to_owned()),
                };
                if phase == Phase::Begin {
                    open.insert(entry.id.clone(), rows.len());
                }
                rows.push(Recorded {
                    began: entry.time,
                    result,
                    entry,
                });
            }
        }
    }
    rows
}
