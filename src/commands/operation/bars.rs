//! How far something is, while a person or a log waits: bars on a terminal, lines elsewhere.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use ironkeep_parsers::units::Percent;

use super::running::RunningOperation;
use crate::cli::context::Context;
use crate::cli::failure::Failure;

/// The progress of several operations on standard error.
pub(in crate::commands) struct Bars {
    /// `None` where standard error is no terminal.
    terminal: Option<MultiProgress>,
    shown: Vec<Shown>,
}

struct Shown {
    row: RunningOperation,
    percent: Option<Percent>,
    bar: Option<ProgressBar>,
}

impl Bars {
    pub(in crate::commands) fn new(context: &Context<'_>) -> Self {
        let is_terminal = context.output.stderr_width.is_some();
        Self {
            terminal: is_terminal.then(MultiProgress::new),
            shown: Vec::new(),
        }
    }

    /// Shows how far `row` is.
    pub(in crate::commands) fn show(
        &mut self,
        context: &mut Context<'_>,
        row: &RunningOperation,
    ) -> Result<(), Failure> {
        let place = self.shown.iter().position(|it| it.row.is_same(row));
        let known = place.and_then(|at| self.shown.get(at));
        let is_news = known.is_none_or(|it| it.percent != row.percent);
        if self.terminal.is_none() && is_news {
            context.say("", &line(row))?;
        }
        let bar = match place {
            Some(at) => self.shown.remove(at).bar,
            None => self.terminal.as_ref().map(|all| all.add(bar(context))),
        };
        if let Some(bar) = &bar {
            bar.set_position(row.percent.map_or(0, |percent| percent.0.into()));
            bar.set_message(line(row));
        }
        self.shown.push(Shown {
            row: row.clone(),
            percent: row.percent,
            bar,
        });
        Ok(())
    }

    /// Says how `row` ended.
    pub(in crate::commands) fn end(
        &mut self,
        context: &mut Context<'_>,
        row: &RunningOperation,
        seen: &str,
    ) -> Result<(), Failure> {
        let place = self.shown.iter().position(|it| it.row.is_same(row));
        let shown = place.map(|at| self.shown.remove(at));
        if let (Some(all), Some(bar)) = (&self.terminal, shown.and_then(|it| it.bar)) {
            all.remove(&bar);
        }
        self.say(
            context,
            &format!("{} of {} ended: {seen}", row.kind, row.object()),
        )
    }

    /// Says `words` above the bars.
    pub(in crate::commands) fn say(
        &mut self,
        context: &mut Context<'_>,
        words: &str,
    ) -> Result<(), Failure> {
        match &self.terminal {
            Some(all) => all.suspend(|| context.say("", words)),
            None => context.say("", words),
        }
    }

    /// Takes the bars away.
    pub(in crate::commands) fn clear(&mut self) {
        for shown in self.shown.drain(..) {
            if let Some(bar) = shown.bar {
                bar.finish_and_clear();
            }
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.clear();
    }
}

fn bar(context: &Context<'_>) -> ProgressBar {
    let bar = ProgressBar::new(100);
    let style = ProgressStyle::with_template("[{bar:25}] {wide_msg}");
    let marks = if context.output.unicode {
        "█▌░"
    } else {
        "#>-"
    };
    if let Ok(style) = style {
        bar.set_style(style.progress_chars(marks));
    }
    bar
}

/// `Rebuild of pd 252:3: 42 %, about 1 h 3 min left`.
fn line(row: &RunningOperation) -> String {
    let mut line = format!("{} of {}", row.kind, row.object());
    line.push_str(": ");
    match row.percent {
        Some(percent) => line.push_str(&percent.to_string()),
        None => line.push_str("running"),
    }
    if let Some(left) = row.remaining() {
        line.push_str(", ");
        line.push_str(&left);
        line.push_str(" left");
    }
    line
}
