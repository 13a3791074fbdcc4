//! `--since`: from when on, by which clock, and which events are certainly of then.

use std::fmt;
use std::str::FromStr;

use ironkeep_parsers::model::{Event, EventTime};
use jiff::Span;
use jiff::civil::DateTime;

/// From when on.
#[derive(Debug, Clone)]
pub(crate) enum Since {
    /// A time on the controller's clock.
    At(DateTime),
    /// So long before now, with the words as typed.
    Ago(Span, String),
}

impl FromStr for Since {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        if let Ok(time) = typed.parse() {
            return Ok(Self::At(time));
        }
        match typed.parse::<Span>() {
            Ok(span) if span.is_positive() => Ok(Self::Ago(span, typed.to_owned())),
            _ => Err("expected a date (2026-11-20), a time (2026-11-20T03:00) or a time span (2d, 12h, 30min)".to_owned()),
        }
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(time) => write!(f, "{time}"),
            Self::Ago(_, typed) => f.write_str(typed),
        }
    }
}

/// What a time span goes back from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference {
    /// The controller's clock.
    Clock(DateTime),
    /// The newest event that has a date.
    Newest(DateTime),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock(_) => f.write_str("its clock"),
            Self::Newest(_) => f.write_str("its newest event (its clock was not read)"),
        }
    }
}

impl Since {
    /// Whether it is a time span, for which somebody must say what time it is.
    pub(super) fn is_relative(&self) -> bool {
        matches!(self, Self::Ago(..))
    }

    /// The time from which on; `None` where nobody says what time it is.
    pub(crate) fn limit(&self, reference: Option<&Reference>) -> Option<DateTime> {
        match self {
            Self::At(time) => Some(*time),
            Self::Ago(span, _) => {
                let (Reference::Clock(now) | Reference::Newest(now)) = reference?;
                // What reaches back beyond all calendars is everything.
                Some(now.checked_sub(*span).unwrap_or(DateTime::MIN))
            }
        }
    }
}

/// The date of an event that has one.
pub(super) fn clock_of(event: &Event) -> Option<DateTime> {
    match event.time {
        Some(EventTime::Clock(time)) => Some(time),
        Some(EventTime::SinceBootSeconds(_)) | None => None,
    }
}

/// The events from `limit` on, and how many events without a date may or may not be of then.
///
/// An event without a date is certainly of then where an older one is, and certainly older where a
/// newer one is older; numbers tell which is older.
pub(super) fn from(limit: DateTime, events: Vec<&Event>) -> (Vec<&Event>, usize) {
    let numbered = events.iter().all(|event| event.sequence.is_some());
    let is_since = |event: &Event| clock_of(event).is_some_and(|time| time >= limit);
    let is_before = |event: &Event| clock_of(event).is_some_and(|time| time < limit);
    let first_since = events.iter().position(|event| is_since(event));
    let last_before = events.iter().rposition(|event| is_before(event));
    let mut kept = Vec::new();
    let mut undated = 0;
    for (position, event) in events.into_iter().enumerate() {
        let after = numbered && first_since.is_some_and(|first| first < position);
        let before = numbered && last_before.is_some_and(|last| position < last);
        match clock_of(event) {
            Some(time) if time >= limit => kept.push(event),
            Some(_) => {}
            None if after && !before => kept.push(event),
            None if before && !after => {}
            None => undated += 1,
        }
    }
    (kept, undated)
}
