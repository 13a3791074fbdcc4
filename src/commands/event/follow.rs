//! `event list --follow`: events as they come.

use std::time::Duration;

use ironkeep_parsers::model::{ControllerId, Event, EventArea, EventClass, EventTime};
use jiff::civil::date;
use serde::Serialize;

use super::{ListArgs, Row, controller_name};
use crate::cli::Pause;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::parts::{self, OfController};
use crate::follow::{Follower, News, Notice};
use crate::output::{self, SCHEMA, Stream};

/// How many of the events that are there already are shown, where nobody says.
pub(super) const BEFORE: usize = 10;

/// A line of JSON.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct Line {
    /// The version of this form. Goes up when a key changes its name, type or meaning.
    schema: u32,
    /// What it tells.
    #[serde(flatten)]
    told: Told,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
enum Told {
    /// An event.
    Event(OfController<Event>),
    /// Something about an event log, which is on standard error in other formats.
    Notice(OfController<Notice>),
}

impl Line {
    fn event(row: &Row) -> Self {
        Self {
            schema: SCHEMA,
            told: Told::Event(row.clone()),
        }
    }
}

/// A reading that fails again and again.
#[derive(Debug, Default)]
struct Failing {
    times: usize,
    said: Option<String>,
}

/// Shows the events that are there, then those that come, until somebody ends it.
pub(super) fn run(args: &ListArgs, context: &mut Context<'_>) -> Result<Code, Failure> {
    let Some(mut stream) = Stream::new(context, &[typical()])? else {
        return Ok(Code::Done);
    };
    let mut reading = args.read(context)?;
    let mut follower = Follower::start(&mut reading);
    let (rows, _) = args.rows(context, &reading)?;
    stream.print(context, &rows, Line::event)?;
    if context.session.replays() {
        parts::note(context, "saved output does not change: nothing to follow")?;
        return Ok(Code::Done);
    }
    let interval = args.interval.unwrap_or(INTERVAL);
    let mut failing = Failing::default();
    loop {
        // Not while something is printed: a reader that does not read could keep the program.
        let attention = context.session.attend()?;
        match context.session.pause(interval)? {
            Pause::Over => {}
            Pause::Interrupted => return Ok(Code::Interrupted),
            Pause::Closed => return Ok(Code::Done),
        }
        let reading = context.read_events(&follower.request());
        drop(attention);
        match reading {
            Ok(reading) => {
                failing.end(context)?;
                for (id, news) in follower.take(reading) {
                    tell(args, context, &mut stream, id, news)?;
                }
            }
            Err(failure) if failure.kind() == Kind::Interrupted => return Ok(Code::Interrupted),
            Err(failure) if context.session.is_strict() => return Err(failure),
            Err(failure) => failing.again(context, failure, args.failures)?,
        }
    }
}

/// How long to wait between two looks, where nobody says.
const INTERVAL: Duration = Duration::from_secs(5);

fn tell(
    args: &ListArgs,
    context: &mut Context<'_>,
    stream: &mut Stream<Row>,
    id: Option<ControllerId>,
    news: News,
) -> Result<(), Failure> {
    let name = controller_name(id);
    match news {
        News::Event(event) if args.wants(&event) => {
            let row = OfController {
                controller: id,
                value: event,
            };
            stream.print(context, &[row], Line::event)
        }
        News::Event(_) => Ok(()),
        News::Notice(notice) => {
            parts::note(context, &format!("{name}: {notice}"))?;
            let told = Told::Notice(OfController {
                controller: id,
                value: notice,
            });
            output::print_json_line(
                context,
                &Line {
                    schema: SCHEMA,
                    told,
                },
            )
        }
        News::Unreadable(why) => {
            let words =
                format!("{name}: the event log could not be read and is tried again: {why}");
            parts::note(context, &words)
        }
        News::Readable => parts::note(context, &format!("{name}: the event log is read again")),
    }
}

impl Failing {
    /// Says a failure that was not said before.
    ///
    /// # Errors
    /// If it was as often as somebody wanted to see it: the failure.
    fn again(
        &mut self,
        context: &mut Context<'_>,
        failure: Failure,
        limit: Option<usize>,
    ) -> Result<(), Failure> {
        self.times += 1;
        if limit.is_some_and(|limit| self.times >= limit) {
            return Err(failure);
        }
        let words = failure.chain().join(": ");
        if self.said.as_ref() != Some(&words) {
            parts::note(
                context,
                &format!("a reading failed and is tried again: {words}"),
            )?;
            self.said = Some(words);
        }
        Ok(())
    }

    /// Says that readings work again, where one failed before.
    fn end(&mut self, context: &mut Context<'_>) -> Result<(), Failure> {
        if self.times > 0 {
            let words = format!("read again after {} failed readings", self.times);
            *self = Self::default();
            parts::note(context, &words)?;
        }
        Ok(())
    }
}

/// An event as wide as most, for the widths of the columns.
fn typical() -> Row {
    OfController {
        controller: Some(ControllerId(0)),
        value: Event {
            sequence: Some(100_000),
            time: Some(EventTime::Clock(date(2026, 11, 20).at(3, 0, 0, 0))),
            code: Some(0),
            class: Some(EventClass::Information),
            areas: Some(vec![EventArea::PhysicalDrive]),
            description: Some(
                "State change on PD 08(e0xfc/s0) from ONLINE(18) to FAILED(11)".into(),
            ),
            data: Vec::new(),
        },
    }
}
