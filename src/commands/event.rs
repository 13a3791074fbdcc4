//! `event`: the controllers' event logs.

pub(super) mod act;
pub(crate) mod columns;
pub(super) mod follow;
pub(super) mod since;

use std::time::Duration;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ironkeep_parsers::model::{ControllerId, Event, EventClass};
use ironkeep_parsers::units::Seconds;

use self::since::{Reference, Since};
use super::fields::clock;
use super::parts::{self, OfController};
use super::{Provenance, Run};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::follow::EventRequest;
use crate::output::{self, Envelope, Format, human};
use crate::reading::{Controller, Part, Reading};

/// Show, export and clear the event logs of the controllers
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List events, oldest first
    ///
    /// All times are the controller's, whose clock has no zone. Before its clock is set a controller
    /// counts the seconds since it started; such times are shown as they are. Reading a long log takes
    /// a while.
    List(ListArgs),
    Export(act::Export),
    Clear(act::Clear),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Only events from then on: 2026-11-20, 2026-11-20T03:00, 2d, 12h
    ///
    /// A time span goes back from the controller's clock, or from the newest event where the clock was
    /// not read; which of them is said on standard error. Events without a date stay only where their
    /// neighbours prove that they belong here.
    #[arg(long, value_name = "TIME")]
    since: Option<Since>,

    /// Only events of this class and worse ones
    #[arg(long, value_name = "CLASS", value_parser = class_parser())]
    class: Option<EventClass>,

    /// Only events with one of these codes, decimal or 0x…
    #[arg(long, value_name = "CODE,…", value_delimiter = ',', value_parser = code)]
    code: Vec<u64>,

    /// Only the newest so many of the events of each controller
    ///
    /// With no other filter, only so many are read, and those of the classes progress and debug are
    /// among them, which MegaCLI leaves out of the whole log.
    #[arg(short = 'n', long = "newest", value_name = "NUMBER", value_parser = count)]
    newest: Option<usize>,

    /// Show the data of the events as well
    #[arg(long)]
    data: bool,

    /// Go on, and print new events as they come
    ///
    /// Begins with the newest 10 events, or with those that -n and --since choose. Each event is
    /// printed once. What happens to a log or a controller meanwhile (cleared, restarted, events lost)
    /// is said on standard error. A reading that fails is said once and tried again. With
    /// --format json, each line is an object. Ctrl-C ends it.
    #[arg(short, long)]
    follow: bool,

    /// How long to wait between two looks at the logs (default 5)
    #[arg(long, value_name = "SECONDS", value_parser = crate::cli::seconds, requires = "follow")]
    interval: Option<Duration>,

    /// End after so many failed readings in a row, instead of trying for ever
    #[arg(long = "max-failures", value_name = "NUMBER", requires = "follow",
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    failures: Option<usize>,
}

fn count(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| "expected a count of events".to_owned())
}

/// The classes, in order, with their words.
const CLASSES: &[(&str, EventClass)] = &[
    ("debug", EventClass::Debug),
    ("progress", EventClass::Progress),
    ("information", EventClass::Information),
    ("warning", EventClass::Warning),
    ("critical", EventClass::Critical),
    ("fatal", EventClass::Fatal),
    ("dead", EventClass::Dead),
];

fn class_parser() -> impl TypedValueParser<Value = EventClass> {
    PossibleValuesParser::new(CLASSES.iter().map(|(word, _)| *word)).try_map(|typed| {
        let found = CLASSES.iter().find(|(word, _)| *word == typed);
        found.map(|(_, class)| *class).ok_or("not a class")
    })
}

fn class_word(class: EventClass) -> &'static str {
    let found = CLASSES.iter().find(|(_, known)| *known == class);
    found.map_or("", |(word, _)| word)
}

fn code(text: &str) -> Result<u64, String> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let read = digits.map_or_else(|| text.parse(), |digits| u64::from_str_radix(digits, 16));
    read.map_err(|_| "expected a number: 81 or 0x51".to_owned())
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let args = match self.verb {
            Verb::List(args) => args,
            Verb::Export(arguments) => return arguments.run(context),
            Verb::Clear(arguments) => return arguments.run(context),
        };
        // JSON has the data in any case.
        if args.data && context.output.format != Format::Json {
            output::show_also::<Row>(&mut context.output, columns::DATA);
        }
        if args.follow {
            return follow::run(&args, context);
        }
        output::check_request::<Row>(&context.output)?;
        let reading = args.read(context)?;
        let (rows, logged) = args.rows(context, &reading)?;
        let nothing = if logged == 0 {
            "No events are logged.".to_owned()
        } else {
            let logged = u64::try_from(logged).unwrap_or(u64::MAX);
            format!(
                "None of {} matches.",
                human::count(logged, "event", "events")
            )
        };
        let envelope = Envelope::new("event list", &rows).with(Provenance::of(&reading));
        output::print_list_as(context, &envelope, &rows, &nothing)?;
        Ok(Code::Done)
    }
}

type Row = OfController<Event>;

/// The events in the order in which they happened, where every one has its number; otherwise in the
/// order of the text.
pub(super) fn oldest_first(events: &[Event]) -> Vec<&Event> {
    let mut events: Vec<&Event> = events.iter().collect();
    if events.iter().all(|event| event.sequence.is_some()) {
        events.sort_by_key(|event| event.sequence);
    }
    events
}

impl ListArgs {
    /// Reads what is needed to choose: the newest events alone, where no filter needs more.
    fn read(&self, context: &mut Context<'_>) -> Result<Reading, Failure> {
        let newest = self.newest.or(self.follow.then_some(follow::BEFORE));
        let filters = self.class.is_some() || !self.code.is_empty();
        // Of none, the whole log says how many there are to choose from.
        let newest = newest.filter(|&newest| newest > 0 || self.follow);
        if let (Some(newest), None, false) = (newest, &self.since, filters) {
            let newest = u64::try_from(newest).unwrap_or(u64::MAX);
            return context.read_events(&EventRequest::Newest(newest));
        }
        let mut needed = vec![Part::Events];
        // The clock is asked for only where it is needed.
        if self.since.as_ref().is_some_and(Since::is_relative) {
            needed.insert(0, Part::Controllers);
        }
        // The numbers before the events: what they count is among them.
        if self.follow {
            needed.insert(0, Part::EventPositions);
        }
        context.read(&needed)
    }

    /// The events that were asked for, and how many there were to choose from.
    fn rows(
        &self,
        context: &mut Context<'_>,
        reading: &Reading,
    ) -> Result<(Vec<Row>, usize), Failure> {
        let logs = parts::of(context, reading, Part::Events, |it| it.events.as_ref())?;
        let mut rows = Vec::new();
        let mut logged = 0;
        for (controller, log) in logs {
            logged += log.events.len();
            let chosen = self.choose(context, controller, oldest_first(&log.events))?;
            rows.extend(chosen.into_iter().map(|event| OfController {
                controller: controller.id,
                value: event.clone(),
            }));
        }
        Ok((rows, logged))
    }

    /// Whether `event` is of a class and code that was asked for. An event without a class or code may
    /// be the one that somebody looks for, but cannot be told to be: only a class that is known to be
    /// better leaves an event out.
    fn wants(&self, event: &Event) -> bool {
        let bad_enough = match (self.class, event.class) {
            (Some(least), Some(class)) => class >= least,
            _ => true,
        };
        let coded =
            self.code.is_empty() || event.code.is_some_and(|code| self.code.contains(&code));
        bad_enough && coded
    }

    /// The events that were asked for.
    fn choose<'a>(
        &self,
        context: &mut Context<'_>,
        controller: &Controller,
        events: Vec<&'a Event>,
    ) -> Result<Vec<&'a Event>, Failure> {
        let mut events = match &self.since {
            None => events,
            Some(since) => since_then(context, controller, since, events)?,
        };
        events.retain(|event| self.wants(event));
        // All that came since then are wanted, if nobody says how many.
        let shown = self.follow && self.since.is_none();
        if let Some(newest) = self.newest.or(shown.then_some(follow::BEFORE)) {
            events.drain(..events.len().saturating_sub(newest));
        }
        Ok(events)
    }
}

/// The events from `since` on. Says from when on that is, and what could not be dated.
fn since_then<'a>(
    context: &mut Context<'_>,
    controller: &Controller,
    since: &Since,
    events: Vec<&'a Event>,
) -> Result<Vec<&'a Event>, Failure> {
    let name = controller_name(controller.id);
    let own_clock = controller.info.as_ref();
    let own_clock = own_clock.and_then(|info| info.settings.current_time);
    let newest = events
        .iter()
        .filter_map(|event| since::clock_of(event))
        .max();
    let reference = own_clock
        .map(Reference::Clock)
        .or_else(|| newest.map(Reference::Newest));
    let Some(limit) = since.limit(reference.as_ref()) else {
        if !events.is_empty() {
            let words = format!(
                "{name}: neither its clock nor a dated event was read: --since does not apply, all {} events are shown",
                events.len()
            );
            parts::note(context, &words)?;
        }
        return Ok(events);
    };
    if let (true, Some(reference)) = (since.is_relative(), &reference) {
        let words = format!(
            "{name}: events since {}, {since} before {reference}",
            clock(limit)
        );
        parts::note(context, &words)?;
    }
    let (kept, undated) = since::from(limit, events);
    if undated > 0 {
        let undated = u64::try_from(undated).unwrap_or(u64::MAX);
        let events = human::count(undated, "event", "events");
        let words = format!("{name}: {events} without a date left out, of before or after then");
        parts::note(context, &words)?;
    }
    Ok(kept)
}

fn controller_name(id: Option<ControllerId>) -> String {
    id.map_or_else(|| "controller".to_owned(), |id| format!("controller {id}"))
}

/// `1 min 5 s after start`: a time of before the controller's clock was set.
fn since_boot(seconds: Seconds) -> String {
    format!("{} after start", human::duration(seconds))
}

#[cfg(test)]
mod tests;
