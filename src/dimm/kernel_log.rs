//! The memory errors of which the firmware told the kernel, by the kernel's log (`/dev/kmsg`).
//!
//! Where no EDAC driver is loaded, they are nowhere else. `ghes.c` numbers the records, as lines of several
//! may come between each other, and `cper.c` prints a record section by section:
//!
//! ```text
//! {1}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 4
//! {1}[Hardware Error]: event severity: corrected
//! {1}[Hardware Error]:  Error 0, type: corrected
//! {1}[Hardware Error]:  fru_text: B1
//! {1}[Hardware Error]:   section_type: memory error
//! {1}[Hardware Error]:   physical_address: 0x000000207fb8c440
//! {1}[Hardware Error]:   DIMM location: NODE 1 CPU1_DIMM_B1
//! ```
//!
//! The kernel leaves out what repeats within ten seconds, and what comes too fast: there are at least as
//! many errors.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rustix::fs::OFlags;

use super::events::{Events, Names, Origin};
use super::source::{attribute, is_absent, unread as told};
use super::{Recorded, Sources};

/// What the log tells.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) events: Events,
    /// When its oldest message was written; `None` where the system does not say how long it runs.
    pub(super) begins: Option<Timestamp>,
    /// Whether it goes back to the start of the system.
    pub(super) is_whole: bool,
}

/// Reads the log; `None` where there is none, or it cannot be read. That is told in `unread` only where it
/// `matters`.
pub(super) fn read(sources: &Sources, matters: bool, unread: &mut Vec<String>) -> Option<Log> {
    let path = sources.dev.as_deref()?.join("kmsg");
    let mut reader = Reader {
        started: started(&sources.procfs, sources.now),
        since: sources.since,
        ..Reader::default()
    };
    let read = open(&path).and_then(|file| lines(file, &mut |line| reader.line(line)));
    match read {
        Ok(is_all) => {
            let log = reader.end()?;
            if !is_all {
                let path = path.display();
                unread.push(format!(
                    "{path}: is too large; only its oldest part was read"
                ));
            }
            if log.begins.is_none() && !log.events.is_empty() {
                let path = sources.procfs.join("uptime");
                let words = "it is not known when the kernel logged memory errors";
                unread.push(format!("{}: cannot be read: {words}", path.display()));
            }
            Some(log)
        }
        Err(error) => {
            if matters && !is_absent(&error) {
                unread.push(told(&path, &error));
            }
            None
        }
    }
}

/// When the system started: the log counts from there, but for the time that it was suspended.
fn started(procfs: &Path, now: Timestamp) -> Option<Timestamp> {
    let text = attribute(&procfs.join("uptime")).ok()??;
    let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    let hundredths = hundredths.get(..2)?.parse::<i64>().ok()?;
    let milliseconds = seconds.parse::<i64>().ok()?.checked_mul(1000)? + hundredths * 10;
    now.checked_sub(SignedDuration::from_millis(milliseconds))
        .ok()
}

fn open(path: &Path) -> io::Result<File> {
    // Without it, the end of the log is waited for.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    File::options()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

/// Hands over line by line what `log` holds now, without their ends; whether that was all of it.
///
/// The kernel gives a message for each call, and none to a buffer that is too small for it.
fn lines(log: impl Read, each: &mut dyn FnMut(&[u8])) -> io::Result<bool> {
    /// `CONSOLE_EXT_LOG_MAX`, and more than `PRINTK_MESSAGE_MAX`.
    const LONGEST: usize = 8 << 10;
    /// Twice the largest buffer that a kernel is built with. One that is written all the time has no end.
    const MOST: u64 = 64 << 20;
    let mut log = BufReader::with_capacity(2 * LONGEST, log);
    let (mut line, mut is_inside) = (Vec::new(), false);
    let mut left = MOST;
    while left > 0 {
        line.clear();
        let read = log
            .by_ref()
            .take(LONGEST as u64)
            .read_until(b'\n', &mut line);
        match read {
            Ok(0) => return Ok(true),
            Ok(read) => left = left.saturating_sub(read as u64),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
            // Messages were overwritten before they could be read: their numbers will tell.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                left -= 1;
                continue;
            }
            Err(error) => return Err(error),
        }
        // Half a line may hold half a number.
        let whole = line.strip_suffix(b"\n");
        if let (Some(line), false) = (whole, is_inside) {
            each(line);
        }
        is_inside = whole.is_none();
    }
    Ok(false)
}

/// A message of the log: `priority,sequence,microseconds,flags;text`.
struct Message<'a> {
    priority: u64,
    sequence: u64,
    microseconds: u64,
    text: &'a str,
}

impl<'a> Message<'a> {
    /// `None` for a line that adds something to a message: it begins with a blank.
    fn of(line: &'a [u8]) -> Option<Self> {
        // What is not ASCII was escaped.
        let (head, text) = str::from_utf8(line).ok()?.split_once(';')?;
        let mut numbers = head.split(',').map(|it| it.parse().ok());
        let mut next = || numbers.next().flatten();
        Some(Self {
            priority: next()?,
            sequence: next()?,
            microseconds: next()?,
            text,
        })
    }

    /// The number of a record and what it says, if the kernel itself wrote it: anybody who may write to the
    /// log can write the same, but not in the kernel's name.
    fn hardware_error(&self) -> Option<(u64, &'a str)> {
        let is_of_kernel = self.priority >> 3 == 0;
        let (number, words) = self.text.strip_prefix('{')?.split_once('}')?;
        let words = words.strip_prefix("[Hardware Error]:")?.trim();
        Some((number.parse().ok().filter(|_| is_of_kernel)?, words))
    }
}

/// A section of a record: one error.
#[derive(Debug, Default)]
struct Section {
    microseconds: u64,
    errors: Recorded,
    is_memory: bool,
    names: Names,
    address: Option<u64>,
}

impl Section {
    /// The section that begins with these words.
    fn begun(words: &str, microseconds: u64) -> Option<Self> {
        // `Error 0, type: corrected`; older kernels print `section: 0, severity: 2, corrected`.
        let (_, severity) = if let Some(rest) = words.strip_prefix("Error ") {
            rest.split_once(", type: ")?
        } else {
            words.strip_prefix("section: ")?.rsplit_once(", ")?
        };
        let (corrected, uncorrected) = match severity {
            "corrected" => (1, 0),
            "recoverable" | "fatal" => (0, 1),
            // `info`, `unknown`.
            _ => (0, 0),
        };
        let errors = Recorded {
            corrected,
            uncorrected,
            ..Recorded::default()
        };
        Some(Self {
            microseconds,
            errors,
            ..Self::default()
        })
    }

    /// Takes in a line of the section.
    fn line(&mut self, words: &str) {
        let Some((key, value)) = words.split_once(": ") else {
            return;
        };
        match key {
            "section_type" => self.is_memory = value == "memory error",
            "fru_text" => self.names.fru = text(value),
            "physical_address" => self.address = hexadecimal(value),
            "physical_address_mask" => {
                let mask = hexadecimal(value).unwrap_or(0);
                self.address = self.address.filter(|it| is_exact(*it, mask));
            }
            "DIMM location" => match value.strip_prefix("not present. DMI handle: ") {
                Some(handle) => {
                    let handle = hexadecimal(handle).and_then(|it| u16::try_from(it).ok());
                    // Firmware that knows no handle hands over a 0.
                    self.names.handle = handle.filter(|it| *it != 0);
                }
                None => self.names.location = text(value),
            },
            _ => {}
        }
    }
}

/// A text without the escapes of the log (`\x5c`), and without blanks around it.
fn text(escaped: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut parts = escaped.split("\\x");
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let split = part.split_at_checked(2);
        match split.and_then(|(code, rest)| Some((u8::from_str_radix(code, 16).ok()?, rest))) {
            Some((byte, rest)) => {
                bytes.push(byte);
                bytes.extend(rest.bytes());
            }
            // The kernel escapes its own backslash, so that there is no such text.
            None => bytes.extend(part.bytes()),
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_matches(|it: char| it.is_whitespace() || it == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}

fn hexadecimal(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

/// Whether `mask`, the valid bits of `address`, tells it well enough for the range of a module: to a
/// mebibyte. Some firmware has the valid bit of a mask that is 0.
fn is_exact(address: u64, mask: u64) -> bool {
    const MEBIBYTE: u32 = 20;
    mask.trailing_zeros() <= MEBIBYTE && (address & !mask) >> MEBIBYTE == 0
}

/// Puts records together, with no more in memory than those that are open.
#[derive(Debug, Default)]
struct Reader {
    started: Option<Timestamp>,
    since: Option<Timestamp>,
    /// The number and the time of the oldest message.
    oldest: Option<(u64, u64)>,
    /// The number of the next message.
    next: u64,
    /// The section of each record that more lines may belong to.
    open: BTreeMap<u64, Section>,
    events: Events,
}

impl Reader {
    /// Takes in a line of the log.
    fn line(&mut self, line: &[u8]) {
        /// More than there are processors that print records at the same moment.
        const MOST_OPEN: usize = 64;
        let Some(message) = Message::of(line) else {
            return;
        };
        self.oldest
            .get_or_insert((message.sequence, message.microseconds));
        if message.sequence != self.next {
            // A line that begins a section may be among those that are lost.
            self.close_all();
        }
        self.next = message.sequence.wrapping_add(1);
        let Some((number, words)) = message.hardware_error() else {
            return;
        };
        let begun = Section::begun(words, message.microseconds);
        if begun.is_some() || words.starts_with("Hardware error from ") {
            let ended = self.open.remove(&number);
            self.close(ended);
        }
        if let Some(section) = begun {
            self.open.insert(number, section);
            if self.open.len() > MOST_OPEN {
                let (_, ended) = self.open.pop_first().unzip();
                self.close(ended);
            }
        } else if let Some(section) = self.open.get_mut(&number) {
            section.line(words);
        }
        // Otherwise its beginning is lost, and with it whether the error was corrected.
    }

    fn close_all(&mut self) {
        for section in std::mem::take(&mut self.open).into_values() {
            self.close(Some(section));
        }
    }

    /// Counts the error of a section, if it is one of memory.
    fn close(&mut self, section: Option<Section>) {
        /// Where addresses, and then names, are no longer told apart.
        const MOST_PLACES: usize = 4096;
        let Some(section) = section.filter(|it| it.is_memory) else {
            return;
        };
        let time = self.time(section.microseconds);
        let is_error = section.errors.corrected > 0 || section.errors.uncorrected > 0;
        if !is_error || self.since.is_some() && time < self.since {
            return;
        }
        let mut origin = Origin {
            names: section.names,
            address: section.address,
            ..Origin::default()
        };
        if self.events.len() >= MOST_PLACES && !self.events.contains_key(&origin) {
            origin.address = None;
        }
        if self.events.len() >= 2 * MOST_PLACES && !self.events.contains_key(&origin) {
            origin = Origin::default();
        }
        self.events.entry(origin).or_default().add(Recorded {
            first: time,
            last: time,
            ..section.errors
        });
    }

    fn time(&self, microseconds: u64) -> Option<Timestamp> {
        let since_start = SignedDuration::from_micros(i64::try_from(microseconds).ok()?);
        self.started?.checked_add(since_start).ok()
    }

    /// What was read; `None` if there was no message at all, which is no log.
    fn end(mut self) -> Option<Log> {
        let (sequence, microseconds) = self.oldest?;
        self.close_all();
        Some(Log {
            begins: self.time(microseconds),
            is_whole: sequence == 0,
            events: self.events,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "Hardware error from APEI Generic Hardware Error Source: 4";

    fn host(since: Option<&str>) -> Sources {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/ghes-log");
        let since = since.map(|it| it.parse().unwrap());
        Sources::below(&root, since, "2026-11-22T12:00:00Z".parse().unwrap())
    }

    fn of(lines: &[u8]) -> Reader {
        let mut reader = Reader::default();
        super::lines(lines, &mut |line| reader.line(line)).unwrap();
        reader
    }

    /// A log with one message for each number of a record and what it says.
    fn log(messages: &[(u64, &str)]) -> String {
        let mut log = String::new();
        for (sequence, (number, words)) in messages.iter().enumerate() {
            let _ = writeln!(
                log,
                "4,{sequence},7,-;{{{number}}}[Hardware Error]: {words}"
            );
        }
        log
    }

    /// Corrected and uncorrected errors by the text for the part.
    fn told(log: &str) -> Vec<(String, u64, u64)> {
        let events = of(log.as_bytes()).end().unwrap().events.into_iter();
        events
            .map(|(origin, it)| {
                (
                    origin.names.fru.unwrap_or_default(),
                    it.corrected,
                    it.uncorrected,
                )
            })
            .collect()
    }

    #[test]
    fn a_log_is_read_with_what_it_names_and_when() {
        let mut unread = Vec::new();
        let log = read(&host(None), true, &mut unread).unwrap();
        assert_eq!(unread, [""; 0]);
        assert!(!log.is_whole);
        assert_eq!(log.begins, Some("2026-11-20T13:00:00Z".parse().unwrap()));
        let sum = |of: fn(&Recorded) -> u64| log.events.values().map(of).sum::<u64>();
        assert_eq!((sum(|it| it.corrected), sum(|it| it.uncorrected)), (8, 2));
        let of = |names: Names| {
            let mut events = log.events.iter();
            let (origin, recorded) = events.find(|(origin, _)| origin.names == names).unwrap();
            (origin.address, recorded.last.unwrap().to_string())
        };
        let fru = Names {
            fru: Some("B1".to_owned()),
            ..Names::default()
        };
        let time = "2026-11-20T23:06:40Z".to_owned();
        assert_eq!(of(fru), (Some(0x20_7fb8_c440), time));
        let handle = Names {
            handle: Some(0x1102),
            ..Names::default()
        };
        assert_eq!(of(handle), (None, "2026-11-21T15:46:40Z".to_owned()));
        let location = Names {
            location: Some("NODE 2 B2".to_owned()),
            ..Names::default()
        };
        assert_eq!(of(location).0, Some(0x8_a398_a400));
        let hostile = Names {
            fru: Some("\u{1b}[31mB1\n{14}\u{fffd}\\".to_owned()),
            ..Names::default()
        };
        assert_eq!(of(hostile).0, None);
    }

    #[test]
    fn since_then() {
        let log = read(&host(Some("2026-11-22T05:40:00Z")), true, &mut Vec::new()).unwrap();
        let errors = log.events.values().map(|it| it.corrected + it.uncorrected);
        assert_eq!(errors.sum::<u64>(), 5);
    }

    #[test]
    fn without_a_time_errors_count_and_the_lack_is_told() {
        let sources = Sources {
            procfs: PathBuf::from("/nowhere"),
            ..host(None)
        };
        let mut unread = Vec::new();
        let log = read(&sources, true, &mut unread).unwrap();
        assert!(!log.events.is_empty() && log.events.values().all(|it| it.last.is_none()));
        assert!(
            unread.concat().starts_with("/nowhere/uptime: "),
            "{unread:?}"
        );
    }

    #[test]
    fn no_log_is_none_and_one_that_cannot_be_read_is_told_where_it_matters() {
        let folder = tempfile::tempdir().unwrap();
        let sources = Sources::below(folder.path(), None, Timestamp::UNIX_EPOCH);
        let mut unread = Vec::new();
        assert!(read(&sources, true, &mut unread).is_none());
        std::fs::create_dir(folder.path().join("dev")).unwrap();
        let path = folder.path().join("dev/kmsg");
        // As a container's, which is another name for /dev/null.
        std::fs::write(&path, "").unwrap();
        assert!(read(&sources, true, &mut unread).is_none());
        assert_eq!(unread, [""; 0]);
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert!(read(&sources, false, &mut unread).is_none());
        assert_eq!(unread, [""; 0]);
        assert!(read(&sources, true, &mut unread).is_none());
        assert!(unread.concat().contains("dev/kmsg: "), "{unread:?}");
    }

    #[test]
    fn severities() {
        for (words, corrected, uncorrected) in [
            ("Error 0, type: corrected", 1, 0),
            ("Error 3, type: recoverable", 0, 1),
            ("Error 0, type: fatal", 0, 1),
            ("section: 0, severity: 2, corrected", 1, 0),
            ("section: 1, severity: 1, fatal", 0, 1),
        ] {
            let log = log(&[(1, HEAD), (1, words), (1, "  section_type: memory error")]);
            assert_eq!(
                told(&log),
                [(String::new(), corrected, uncorrected)],
                "{words}"
            );
        }
        for words in [
            "Error 0, type: info",
            "Error 0, type: unknown",
            "event severity: fatal",
        ] {
            let log = log(&[(1, HEAD), (1, words), (1, "section_type: memory error")]);
            assert_eq!(told(&log), [], "{words}");
        }
    }

    #[test]
    fn sections_of_records_between_each_other_are_kept_apart() {
        let log = log(&[
            (1, " Error 0, type: corrected"),
            (2, " Error 0, type: fatal"),
            (2, " fru_text: A2"),
            (1, " fru_text: A1"),
            (1, "  section_type: memory error"),
            (2, "  section_type: PCIe error"),
            (1, " Error 1, type: recoverable"),
            (2, " Error 1, type: corrected"),
            (1, " fru_text: A3"),
            (1, "  section_type: memory error"),
            (2, "  section_type: memory error"),
            // The next one of the same number.
            (1, HEAD),
            (1, " fru_text: A4"),
        ]);
        let expected = [("", 1, 0), ("A1", 1, 0), ("A3", 0, 1)];
        assert_eq!(
            told(&log),
            expected.map(|(fru, a, b)| (fru.to_owned(), a, b))
        );
    }

    #[test]
    fn what_is_behind_lost_messages_belongs_to_nothing_before_them() {
        let whole = log(&[
            (1, " Error 0, type: corrected"),
            (1, "  section_type: memory error"),
            (1, " Error 1, type: corrected"),
            (1, " fru_text: A1"),
        ]);
        let lost: Vec<&str> = whole.lines().filter(|it| !it.contains("Error 1")).collect();
        assert_eq!(told(&(lost.join("\n") + "\n")), [(String::new(), 1, 0)]);
    }

    #[test]
    fn an_address_is_one_only_as_far_as_its_mask_goes() {
        for (address, mask, expected) in [
            (0x8_a398_a400, u64::MAX, true),
            (0x8_a398_a400, 0xffff_ffff_ffff_f000, true),
            (0x8_a398_a400, 0x0000_3fff_ffff_ffff, true),
            (0x8_a398_a400, 0, false),
            (0x8_a398_a400, 0xffff_ffff, false),
            (0x8_0000_0000, 0xffff_ffff_8000_0000, false),
        ] {
            assert_eq!(is_exact(address, mask), expected, "{address:x} {mask:x}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_with_all_of_its_parts() {
        let good = log(&[
            (1, "Error 0, type: fatal"),
            (1, "section_type: memory error"),
        ]);
        let long = "x".repeat(8 << 10);
        let text = format!("{long}4,0,7,-;{{1}}[Hardware Error]: Error 0, type: fatal\n{good}");
        assert_eq!(told(&text), [(String::new(), 0, 1)]);
        // Nor is one without its end.
        let half = good.trim_end();
        assert_eq!(told(half), []);
    }

    #[test]
    fn overwritten_messages_are_passed_over_and_the_end_is_not_waited_for() {
        struct Ring(Vec<Result<&'static str, i32>>);
        impl Read for Ring {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                match self.0.remove(0) {
                    Ok(text) => {
                        buffer[..text.len()].copy_from_slice(text.as_bytes());
                        Ok(text.len())
                    }
                    Err(code) => Err(io::Error::from_raw_os_error(code)),
                }
            }
        }
        const EPIPE: i32 = 32;
        const EAGAIN: i32 = 11;
        let ring = || {
            Ring(vec![
                Ok("a\n"),
                Err(EPIPE),
                Ok("b\n"),
                Ok("c\n"),
                Err(EAGAIN),
            ])
        };
        let mut seen = Vec::new();
        let is_all = lines(ring(), &mut |line| seen.extend(line.iter().copied())).unwrap();
        assert_eq!((is_all, seen.as_slice()), (true, &b"abc"[..]));
    }

    #[test]
    fn many_records_and_many_places_need_no_more_memory() {
        let mut messages = String::new();
        for number in 0..20_000_u64 {
            let head = |step| format!("4,{},7,-;{{{number}}}[Hardware Error]:", number * 3 + step);
            let _ = writeln!(messages, "{} Error 0, type: corrected", head(0));
            let _ = writeln!(messages, "{} section_type: memory error", head(1));
            let _ = writeln!(messages, "{} physical_address: {number:#x}", head(2));
        }
        let reader = of(messages.as_bytes());
        assert!(reader.open.len() <= 64);
        let events = reader.end().unwrap().events;
        assert!(events.len() <= 8192);
        assert_eq!(events.values().map(|it| it.corrected).sum::<u64>(), 20_000);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            drop(of(&bytes).end());
        }

        #[test]
        fn no_lines_are_too_odd(
            lines in proptest::collection::vec((any::<(u64, u64, u64)>(), 0..9_usize, ".*"), 0..60),
        ) {
            let mut log = String::new();
            for ((sequence, time, number), key, value) in lines {
                let key = [
                    "Error 0, type: corrected", "Error 1, type: ", "section: ", "fru_text: ",
                    "section_type: memory error", "physical_address: 0x", "physical_address_mask: 0x",
                    "DIMM location: ", "DIMM location: not present. DMI handle: 0x",
                ][key];
                let number = number % 3;
                let _ = writeln!(log, "4,{sequence},{time},-;{{{number}}}[Hardware Error]: {key}{value}");
            }
            let mut reader = Reader { started: Some(Timestamp::UNIX_EPOCH), ..Reader::default() };
            super::lines(log.as_bytes(), &mut |line| reader.line(line)).unwrap();
            drop(reader.end());
        }
    }
}
