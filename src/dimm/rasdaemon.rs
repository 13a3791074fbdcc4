//! The memory errors that rasdaemon recorded: table `mc_event` of `ras-mc_event.db`.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::strtime;

use super::Recorded;
use super::events::{Events, Names, Origin};
use super::source::{is_absent, unread as told};
use super::sqlite::{Database, Value};

fn path(var: &Path) -> PathBuf {
    var.join("lib/rasdaemon/ras-mc_event.db")
}

/// How large the database is, with what was written and is not in its place yet.
pub(super) fn size(var: &Path) -> u64 {
    let database = path(var);
    let log = database.with_extension("db-wal");
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |it| it.len());
    size(&database).saturating_add(size(&log))
}

/// Reads what was recorded since `since`; `None` where there is no database or it cannot be read.
pub(super) fn read(
    var: &Path,
    since: Option<Timestamp>,
    unread: &mut Vec<String>,
) -> Option<Events> {
    const TRIES: u32 = 5;
    const PAUSE: Duration = Duration::from_millis(20);
    let path = path(var);
    let mut result = events(&path, since);
    for _ in 1..TRIES {
        let again = match &result {
            Ok(read) => read.is_torn,
            // What was read while somebody wrote may look damaged, and is whole a moment later.
            Err(error) => error.kind() == io::ErrorKind::InvalidData,
        };
        if !again {
            break;
        }
        std::thread::sleep(PAUSE);
        result = events(&path, since);
    }
    match result {
        Ok(read) => {
            let notes = [
                (
                    read.is_torn,
                    "is being written all the time, or its writer died; some events may be missing",
                ),
                (
                    !read.is_whole,
                    "is too large; only its newest events were read",
                ),
            ];
            let notes = notes.into_iter().filter(|(applies, _)| *applies);
            unread.extend(notes.map(|(_, words)| format!("{}: {words}", path.display())));
            Some(read.events)
        }
        Err(error) if is_absent(&error) => None,
        Err(error) => {
            unread.push(told(&path, &error));
            None
        }
    }
}

/// What was read of a database.
struct Read {
    events: Events,
    /// Whether it was written meanwhile.
    is_torn: bool,
    /// Whether there was nothing more.
    is_whole: bool,
}

/// What the database holds.
fn events(path: &Path, since: Option<Timestamp>) -> io::Result<Read> {
    let database = Database::open(path)?;
    let mut events = Events::new();
    let Some(table) = database.table("mc_event")? else {
        return Ok(Read {
            events,
            is_torn: database.has_changed()?,
            is_whole: true,
        });
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
    let is_whole = database.visit(&table, &mut |row| {
        let found = places.map(|place| place.and_then(|it| row.get(it)));
        if let Some((origin, recorded)) = event(found)
            && (since.is_none() || recorded.last >= since)
        {
            events.entry(origin).or_default().add(recorded);
        }
    })?;
    Ok(Read {
        events,
        is_torn: database.has_changed()?,
        is_whole,
    })
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
        names: Names::default(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn var(host: &str) -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        root.join("fixtures/host").join(host).join("var")
    }

    fn sums(events: &Events) -> (u64, u64) {
        let sum = |of: fn(&Recorded) -> u64| events.values().map(of).sum();
        (sum(|it| it.corrected), sum(|it| it.uncorrected))
    }

    #[test]
    fn all_rows_are_read_also_those_of_many_pages_and_of_the_log() {
        // 302 rows on pages of 512 bytes, one of them of 2,800 bytes, and the last two in the log alone.
        let mut unread = Vec::new();
        let events = read(&var("ghes"), None, &mut unread).unwrap();
        assert_eq!(sums(&events), (300 + 32, 1));
        assert_eq!(unread, [""; 0]);
        let (origin, recorded) = events.iter().next().unwrap();
        assert_eq!(origin.label, "Not Specified PROC 1 DIMM 10");
        assert_eq!((origin.mc, origin.address), (Some(0), Some(0x10000)));
        assert_eq!(origin.layers, [9]);
        assert_eq!(
            recorded.first,
            Some("2026-11-01T00:05:07Z".parse().unwrap())
        );
    }

    #[test]
    fn since_then_and_no_information() {
        let since = "2026-11-18T23:00:00Z".parse().unwrap();
        let events = read(&var("epyc-cgroup2"), Some(since), &mut Vec::new()).unwrap();
        assert_eq!(sums(&events), (2, 0), "a count of 0 is one error");
        let events = read(&var("epyc-cgroup2"), None, &mut Vec::new()).unwrap();
        assert_eq!(sums(&events), (5, 0));
    }

    #[test]
    fn a_damaged_database_is_told_and_none_is_none() {
        let mut unread = Vec::new();
        assert_eq!(read(&var("malformed"), None, &mut unread), None);
        let told = unread.concat();
        assert!(
            told.ends_with("the database is damaged: a page is missing"),
            "{told}"
        );
        unread.clear();
        assert_eq!(read(&var("virtual"), None, &mut unread), None);
        assert_eq!(unread, [""; 0]);
    }

    #[test]
    fn no_damage_is_too_odd() {
        let whole = std::fs::read(var("ghes").join("lib/rasdaemon/ras-mc_event.db")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("damaged.db");
        for step in 0..400_usize {
            let mut bytes = whole.clone();
            let within = if step % 2 == 0 { bytes.len() } else { 1024 };
            for place in 0..4 {
                let at = (step * 7919 + place * 104_729) % within;
                bytes[at] = u8::try_from((step * 31 + place * 101) % 256).unwrap();
            }
            bytes.truncate(whole.len() - (step % 5) * 700);
            std::fs::write(&path, bytes).unwrap();
            drop(events(&path, None));
        }
    }

    #[test]
    fn a_writer_at_work_is_waited_for_and_then_told() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("lib/rasdaemon");
        std::fs::create_dir_all(&below).unwrap();
        let database = var("epyc-cgroup2").join("lib/rasdaemon/ras-mc_event.db");
        std::fs::copy(database, below.join("ras-mc_event.db")).unwrap();
        std::fs::write(below.join("ras-mc_event.db-journal"), [0xD9; 512]).unwrap();
        let mut unread = Vec::new();
        assert_eq!(
            sums(&read(folder.path(), None, &mut unread).unwrap()),
            (5, 0)
        );
        assert!(unread.concat().contains("its writer died"), "{unread:?}");
    }
}
