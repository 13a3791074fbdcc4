//! The memory errors that rasdaemon recorded: table `mc_event` of `ras-mc_event.db`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::strtime;

use super::Recorded;
use super::source::{is_absent, unread as told};
use super::sqlite::{Database, Value};

/// Where the driver placed an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    /// What the place was called then.
    pub(super) label: String,
    pub(super) mc: Option<u32>,
    /// The numbers of the location that were known.
    pub(super) layers: Vec<u32>,
    /// The address; `None` where the driver did not know it.
    pub(super) address: Option<u64>,
}

/// The errors of each place.
pub(super) type Events = BTreeMap<Origin, Recorded>;

/// Reads what was recorded since `since`; `None` where there is no database or it cannot be read.
pub(super) fn read(
    var: &Path,
    since: Option<Timestamp>,
    unread: &mut Vec<String>,
) -> Option<Events> {
    const TRIES: u32 = 5;
    const PAUSE: Duration = Duration::from_millis(20);
    let path = var.join("lib/rasdaemon/ras-mc_event.db");
    for attempt in 1..=TRIES {
        match events(&path, since) {
            // What was read while somebody wrote may look damaged, and is whole a moment later.
            Ok((_, true)) | Err(_) if attempt < TRIES && path.exists() => std::thread::sleep(PAUSE),
            Ok((events, is_torn)) => {
                if is_torn {
                    let words = "is being written all the time, or its writer died; some events may be missing";
                    unread.push(format!("{}: {words}", path.display()));
                }
                return Some(events);
            }
            Err(error) if is_absent(&error) => return None,
            Err(error) => {
                unread.push(told(&path, &error));
                return None;
            }
        }
    }
    None
}

/// What the database holds, and whether it was written meanwhile.
fn events(path: &Path, since: Option<Timestamp>) -> io::Result<(Events, bool)> {
    let database = Database::open(path)?;
    let mut events = Events::new();
    let Some(table) = database.table("mc_event")? else {
        return Ok((events, database.has_changed()?));
    };
    let column = |name| table.column(name);
    let places = [
        "timestamp",
        "err_count",
        "err_type",
        "label",
        "mc",
        "top_layer",
        "middle_layer",
        "lower_layer",
        "address",
    ]
    .map(column);
    database.visit(&table, &mut |row| {
        let found = places.map(|place| place.and_then(|it| row.get(it)));
        if let Some((origin, recorded)) = event(found)
            && (since.is_none() || recorded.last >= since)
        {
            events.entry(origin).or_default().add(recorded);
        }
    })?;
    Ok((events, database.has_changed()?))
}

/// The event of a row; `None` for one that is no error.
fn event(
    [time, count, kind, label, mc, top, middle, lower, address]: [Option<&Value>; 9],
) -> Option<(Origin, Recorded)> {
    let integer = |value: Option<&Value>| value.and_then(Value::integer);
    let text = |value: Option<&Value>| {
        value
            .and_then(Value::text)
            .map(str::trim)
            .unwrap_or_default()
            .to_owned()
    };
    // Some firmware reports an error and counts 0.
    let count = integer(count)
        .and_then(|it| u64::try_from(it).ok())
        .unwrap_or(1)
        .max(1);
    let (corrected, uncorrected) = match text(kind).as_str() {
        "Corrected" => (count, 0),
        "Info" => return None,
        // Uncorrected, Fatal, Deferred.
        _ => (0, count),
    };
    let time = strtime::parse("%Y-%m-%d %H:%M:%S %z", text(time))
        .and_then(|it| it.to_timestamp())
        .ok();
    let layers = [top, middle, lower].map(|it| integer(it).and_then(|it| u32::try_from(it).ok()));
    let origin = Origin {
        label: text(label),
        mc: integer(mc).and_then(|it| u32::try_from(it).ok()),
        layers: layers.into_iter().map_while(|it| it).collect(),
        // Written as a signed number.
        address: integer(address)
            .map(i64::cast_unsigned)
            .filter(|&it| it != 0),
    };
    let recorded = Recorded {
        corrected,
        uncorrected,
        first: time,
        last: time,
    };
    Some((origin, recorded))
}

impl Recorded {
    /// Adds other errors of the same module.
    pub(super) fn add(&mut self, other: Self) {
        let earlier = |a: Option<Timestamp>, b: Option<Timestamp>| a.into_iter().chain(b).min();
        self.corrected = self.corrected.saturating_add(other.corrected);
        self.uncorrected = self.uncorrected.saturating_add(other.uncorrected);
        self.first = earlier(self.first, other.first);
        self.last = self.last.max(other.last);
    }
}
