//! How the collection is doing: what is read when, and what could not be.

use std::time::Duration;

use ironkeep_parsers::model::ControllerId;
use ironkeep_parsers::units::Seconds;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::Page;
use super::parts::{age, grid, note, nothing, table, text};
use crate::commands::cells::qualified;
use crate::exporter::snapshot::{Outcome, RunResult};
use crate::output::{Align, CONTROLLER, Cell, Column, Tabular, Tone, human};

/// A collector on a controller.
struct Row {
    collector: &'static str,
    controller: Option<ControllerId>,
    interval: Duration,
    duration: Option<Duration>,
    /// `None` where it has not run yet.
    outcome: Option<Outcome>,
}

impl Page<'_> {
    pub(super) fn collection(&self) -> Markup {
        let rows = self.collectors();
        let failing: Vec<&Row> = rows.iter().filter(|row| row.fails()).collect();
        let keys = self.keys(
            "collector",
            &["result", "last_success", "interval", "duration", "why"],
        );
        html! {
            @if self.snapshot.collections.count == 0 {
                (nothing("Nothing has been collected yet."))
            } @else if self.snapshot.failure.is_some() {
                (nothing("The last collection failed as a whole."))
            } @else if failing.is_empty() {
                (nothing("No collector fails."))
            }
            @for row in failing { (note(Tone::Warn, &self.failure(row))) }
            (self.tool())
            @if !rows.is_empty() {
                details #collectors {
                    summary { "Every collector" }
                    (table(None, &grid(&rows, &keys)))
                }
            }
            @if !self.snapshot.reading.source.is_empty() {
                p .dim {
                    "Source: " (text(&self.snapshot.reading.source))
                    @if let Some(end) = self.snapshot.collections.last_end {
                        "; the last collection ended " (age(end, &self.zone))
                    }
                }
            }
        }
    }

    fn collectors(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let collectors = self.snapshot.collectors.iter();
        let collectors = collectors.map(|(it, status)| (it.name(), status));
        let system = self.snapshot.system.collectors.iter();
        let system = system.map(|(it, status)| (it.name(), status));
        for (name, status) in collectors.chain(system) {
            let row = |controller, outcome| Row {
                collector: name,
                controller,
                interval: status.interval,
                duration: status.duration,
                outcome,
            };
            if status.controllers.is_empty() {
                rows.push(row(None, None));
            }
            let controllers = status.controllers.iter();
            rows.extend(controllers.map(|(id, outcome)| row(*id, Some(outcome.clone()))));
        }
        rows
    }

    /// `battery: the tool hung; last read 2026-11-22 03:00:00`.
    fn failure(&self, row: &Row) -> String {
        let name = qualified(self.several, row.controller, row.collector);
        let outcome = row.outcome.as_ref();
        let why = outcome.and_then(|it| it.why.as_deref());
        let last = match outcome.and_then(|it| it.last_success) {
            Some(time) => format!("last read {}", clock(time)),
            None => "never read".to_owned(),
        };
        format!("{name}: {}; {last}", why.unwrap_or("could not be read"))
    }

    /// How the tool was run so far.
    fn tool(&self) -> Markup {
        let tool = &self.snapshot.tool;
        let all: u64 = tool.runs.values().sum();
        let results = RunResult::ALL.iter().filter_map(|result| {
            let number = tool.runs.get(result).filter(|number| **number > 0)?;
            Some(format!("{} {number}", result.name().replace('_', " ")))
        });
        let results = results.collect::<Vec<_>>().join(", ");
        html! {
            @if all > 0 {
                (nothing(&format!(
                    "MegaCLI ran {} for {} in all: {results}.",
                    human::count(all, "time", "times"),
                    human::duration(Seconds(tool.time.as_secs()))
                )))
            }
        }
    }
}

impl Row {
    fn fails(&self) -> bool {
        self.outcome.as_ref().is_some_and(|it| !it.success)
    }
}

/// By the host's clock.
fn clock(time: Timestamp) -> String {
    let time = time.to_zoned(TimeZone::system());
    time.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

/// `2.4 s`.
fn took(duration: Duration) -> Cell {
    Cell::quantity(
        duration.as_secs_f64(),
        format!("{:.1} s", duration.as_secs_f64()),
    )
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("collector", "COLLECTOR", Align::Left, |row| {
            row.collector.into()
        }),
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("result", "RESULT", Align::Left, |row| match &row.outcome {
            None => "not run yet".into(),
            Some(outcome) if outcome.success => Cell::state("ok", "ok", Tone::Good),
            Some(_) => Cell::state("failed", "failed", Tone::Bad),
        }),
        Column::new("last_success", "LAST READ", Align::Left, |row| {
            let last = row.outcome.as_ref().and_then(|it| it.last_success);
            last.map(clock).into()
        }),
        Column::new("interval", "EVERY", Align::Right, |row| {
            Seconds(row.interval.as_secs()).into()
        }),
        Column::new("duration", "TOOK", Align::Right, |row| {
            row.duration.map_or(Cell::Absent, took)
        }),
        Column::new("why", "WHY", Align::Prose, |row| {
            let why = row.outcome.as_ref().and_then(|it| it.why.as_ref());
            why.into()
        }),
    ];
}
