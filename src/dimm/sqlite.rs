//! Reading the rows of a table in a file of SQLite, without a lock.
//!
//! rasdaemon loses the event that it cannot write at once (`ras_store_mc_event` does not try again when
//! the database is busy), and SQLite's own library locks a database even for reading. So this reads
//! pages as they are, as a copy of the file would be read, and looks whether somebody wrote meanwhile.
//! The format is <https://www.sqlite.org/fileformat2.html>: B-trees of tables, and the write-ahead log.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Integer(i64),
    Text(String),
    /// Null, a number with a fraction, bytes: what no column that is asked for holds.
    Other,
}

impl Value {
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Text(_) | Self::Other => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Integer(_) | Self::Other => None,
        }
    }
}

/// More pages than this are not read of a table: 256 MiB of the usual size.
const MOST_PAGES: usize = 1 << 16;

/// An open database.
pub(super) struct Database {
    file: File,
    path: PathBuf,
    page: usize,
    /// Bytes at the end of a page that are no content.
    reserved: usize,
    /// The pages that the write-ahead log has in a newer version.
    log: HashMap<u32, Vec<u8>>,
    changes: [u8; 4],
    /// The length of the log, and when it was written.
    log_state: Option<(u64, SystemTime)>,
}

/// A table: the page of its root, and the names of its columns.
pub(super) struct Table {
    root: u32,
    columns: Vec<String>,
}

impl Table {
    /// The place of a column in a row.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|it| it.eq_ignore_ascii_case(name))
    }
}

fn damaged(words: &str) -> io::Error {
    io::Error::new(
        ErrorKind::InvalidData,
        format!("the database is damaged: {words}"),
    )
}

fn big<const N: usize>(bytes: &[u8], at: usize) -> io::Result<[u8; N]> {
    let found = bytes.get(at..).and_then(|it| it.first_chunk());
    found
        .copied()
        .ok_or_else(|| damaged("a field lies outside of its page"))
}

fn word(bytes: &[u8], at: usize) -> io::Result<usize> {
    big(bytes, at).map(|it| usize::from(u16::from_be_bytes(it)))
}

fn double(bytes: &[u8], at: usize) -> io::Result<u32> {
    big(bytes, at).map(u32::from_be_bytes)
}

impl Database {
    /// Opens the database at `path`, for reading alone.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let mut head = [0; 100];
        file.read_exact_at(&mut head, 0)
            .map_err(|_| damaged("it is too short"))?;
        if !head.starts_with(b"SQLite format 3\0") {
            return Err(damaged("it is no database of SQLite"));
        }
        let page = match word(&head, 16)? {
            1 => 1 << 16,
            page if page >= 512 && page.is_power_of_two() => page,
            _ => return Err(damaged("its pages have no size")),
        };
        if double(&head, 56)? != 1 {
            return Err(io::Error::new(
                ErrorKind::Unsupported,
                "its texts are not UTF-8",
            ));
        }
        let reserved = head.get(20).map_or(0, |it| usize::from(*it));
        let mut database = Self {
            file,
            path: path.to_owned(),
            page,
            reserved,
            log: HashMap::new(),
            changes: big(&head, 24)?,
            log_state: None,
        };
        database.log_state = database.log_state();
        database.log = database.read_log()?;
        Ok(database)
    }

    /// Whether somebody wrote since it was opened, or is about to: then what was read may be of two times.
    pub(super) fn has_changed(&self) -> io::Result<bool> {
        let mut changes = [0; 4];
        self.file.read_exact_at(&mut changes, 24)?;
        let journal = std::fs::metadata(self.beside("-journal"));
        let is_writing = journal.is_ok_and(|it| it.len() > 0);
        Ok(changes != self.changes || is_writing || self.log_state() != self.log_state)
    }

    fn log_state(&self) -> Option<(u64, SystemTime)> {
        let log = std::fs::metadata(self.beside("-wal")).ok()?;
        Some((log.len(), log.modified().ok()?))
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(suffix);
        path.into()
    }

    /// The pages of the write-ahead log up to its last whole transaction.
    fn read_log(&self) -> io::Result<HashMap<u32, Vec<u8>>> {
        const HEAD: usize = 24;
        let bytes = match std::fs::read(self.beside("-wal")) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(HashMap::new()),
            Err(error) => return Err(error),
        };
        let mut whole = HashMap::new();
        let Some((head, mut rest)) = bytes.split_at_checked(32) else {
            return Ok(whole);
        };
        let little = match double(head, 0)? {
            0x377F_0682 => true,
            0x377F_0683 => false,
            _ => return Ok(whole),
        };
        let mut sum = checksum((0, 0), head.get(..24).unwrap_or_default(), little);
        if sum != (double(head, 24)?, double(head, 28)?)
            || usize::try_from(double(head, 8)?) != Ok(self.page)
        {
            return Ok(whole);
        }
        let mut begun = Vec::new();
        // A frame that does not continue the sums is left from before the log was begun anew.
        while let Some((frame, further)) = rest.split_at_checked(HEAD + self.page) {
            let (info, page) = frame.split_at(HEAD);
            sum = checksum(sum, info.get(..8).unwrap_or_default(), little);
            sum = checksum(sum, page, little);
            if info.get(8..16) != head.get(16..24) || sum != (double(info, 16)?, double(info, 20)?)
            {
                break;
            }
            begun.push((double(info, 0)?, page.to_vec()));
            if double(info, 4)? != 0 {
                whole.extend(begun.drain(..));
            }
            rest = further;
        }
        Ok(whole)
    }

    fn page(&self, number: u32) -> io::Result<Vec<u8>> {
        if let Some(page) = self.log.get(&number) {
            return Ok(page.clone());
        }
        let index = u64::from(number)
            .checked_sub(1)
            .ok_or_else(|| damaged("page 0 is named"))?;
        let mut page = vec![0; self.page];
        self.file
            .read_exact_at(&mut page, index * self.page as u64)
            .map_err(|_| damaged("a page is missing"))?;
        Ok(page)
    }

    /// The table called `name`; `None` if there is none.
    pub(super) fn table(&self, name: &str) -> io::Result<Option<Table>> {
        let mut found = None;
        self.rows(1, &mut |row| {
            // type, name, tbl_name, rootpage, sql
            if let [kind, called, _, root, sql] = row
                && kind.text() == Some("table")
                && called.text() == Some(name)
            {
                found = root
                    .integer()
                    .and_then(|it| u32::try_from(it).ok())
                    .map(|root| Table {
                        root,
                        columns: columns(sql.text().unwrap_or_default()),
                    });
            }
        })?;
        Ok(found)
    }

    /// Visits the rows of `table`, the newest first; returns whether those were all. The column that is
    /// the row's number is `Other`.
    pub(super) fn visit(&self, table: &Table, visit: &mut dyn FnMut(&[Value])) -> io::Result<bool> {
        self.rows(table.root, visit)
    }

    fn rows(&self, root: u32, visit: &mut dyn FnMut(&[Value])) -> io::Result<bool> {
        let mut left = MOST_PAGES;
        let mut waiting = vec![root];
        while let Some(number) = waiting.pop() {
            if left == 0 {
                return Ok(false);
            }
            left -= 1;
            let page = self.page(number)?;
            // The header of the file stands on the first page.
            let head = if number == 1 { 100 } else { 0 };
            let cells = word(&page, head + 3)?;
            match page.get(head) {
                Some(0x05) => {
                    for cell in 0..cells {
                        let at = word(&page, head + 12 + 2 * cell)?;
                        waiting.push(double(&page, at)?);
                    }
                    waiting.push(double(&page, head + 8)?);
                }
                Some(0x0D) => {
                    for cell in (0..cells).rev() {
                        let at = word(&page, head + 8 + 2 * cell)?;
                        let payload = self.payload(&page, at, &mut left)?;
                        visit(&record(&payload)?);
                    }
                }
                _ => return Err(damaged("a page is of no table")),
            }
        }
        Ok(true)
    }

    /// The content of the cell at `at`, with what of it stands on other pages.
    fn payload(&self, page: &[u8], at: usize, left: &mut usize) -> io::Result<Vec<u8>> {
        let cell = page.get(at..).unwrap_or_default();
        let (length, cell) = varint(cell)?;
        let (_, cell) = varint(cell)?;
        let length = usize::try_from(length).map_err(|_| damaged("a row has no length"))?;
        let usable = self.page.saturating_sub(self.reserved).max(480);
        let (most, least) = (usable - 35, (usable - 12) * 32 / 255 - 23);
        let local = if length <= most {
            length
        } else {
            let fitting = least + (length - least) % (usable - 4);
            if fitting <= most { fitting } else { least }
        };
        let outside = || damaged("a row lies outside of its page");
        let mut payload = cell.get(..local).ok_or_else(outside)?.to_vec();
        if local == length {
            return Ok(payload);
        }
        let mut next = double(cell, local)?;
        while payload.len() < length {
            *left = left.checked_sub(1).ok_or_else(outside)?;
            let page = self.page(next)?;
            next = double(&page, 0)?;
            let wanted = (length - payload.len()).min(usable - 4);
            payload.extend(page.get(4..4 + wanted).ok_or_else(outside)?);
        }
        Ok(payload)
    }
}

/// The sums of the write-ahead log, continued over `bytes`, whose length is a multiple of 8.
fn checksum((mut a, mut b): (u32, u32), bytes: &[u8], little: bool) -> (u32, u32) {
    let number = |bytes: [u8; 4]| {
        if little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        }
    };
    for pair in bytes.chunks_exact(8) {
        if let &[p, q, r, s, t, u, v, w] = pair {
            a = a.wrapping_add(number([p, q, r, s])).wrapping_add(b);
            b = b.wrapping_add(number([t, u, v, w])).wrapping_add(a);
        }
    }
    (a, b)
}

/// A number of 1 to 9 bytes, and what follows it.
fn varint(bytes: &[u8]) -> io::Result<(u64, &[u8])> {
    let mut number = 0_u64;
    for (index, &byte) in bytes.iter().enumerate().take(9) {
        let rest = bytes.get(index + 1..).unwrap_or_default();
        if index == 8 {
            return Ok((number << 8 | u64::from(byte), rest));
        }
        number = number << 7 | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Ok((number, rest));
        }
    }
    Err(damaged("a number has no end"))
}

/// The values of a row.
fn record(payload: &[u8]) -> io::Result<Vec<Value>> {
    let (length, _) = varint(payload)?;
    let split = usize::try_from(length)
        .ok()
        .and_then(|it| payload.split_at_checked(it));
    let (head, mut body) = split.ok_or_else(|| damaged("a row has no values"))?;
    let (_, mut head) = varint(head)?;
    let mut values = Vec::new();
    while !head.is_empty() {
        let (code, rest) = varint(head)?;
        head = rest;
        let length = match code {
            0 | 8 | 9 => 0,
            1..=4 => code,
            5 => 6,
            6 | 7 => 8,
            _ => code.saturating_sub(12) / 2,
        };
        let split = usize::try_from(length)
            .ok()
            .and_then(|it| body.split_at_checked(it));
        let (bytes, rest) = split.ok_or_else(|| damaged("a row is cut off"))?;
        body = rest;
        values.push(match code {
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            1..=6 => Value::Integer(integer(bytes)),
            code if code >= 13 && code % 2 == 1 => {
                Value::Text(String::from_utf8_lossy(bytes).into_owned())
            }
            _ => Value::Other,
        });
    }
    Ok(values)
}

/// A signed number, its highest byte first.
fn integer(bytes: &[u8]) -> i64 {
    let sign = bytes
        .first()
        .map_or(0, |&byte| if byte & 0x80 == 0 { 0 } else { -1 });
    bytes
        .iter()
        .fold(sign, |number, &byte| number << 8 | i64::from(byte))
}

/// The names of columns in `CREATE TABLE mc_event (id INTEGER PRIMARY KEY, timestamp TEXT)`. rasdaemon
/// makes its tables without any commas or brackets inside of a column's definition.
fn columns(sql: &str) -> Vec<String> {
    let inside = sql.split_once('(').map_or("", |(_, inside)| inside);
    let names = inside
        .split(',')
        .filter_map(|column| column.split_whitespace().next());
    names
        .map(|name| name.trim_matches(['"', '`', '[', ']', ')']).to_owned())
        .collect()
}
