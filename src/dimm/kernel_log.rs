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
mod tests;
