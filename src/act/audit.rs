//! The record of changes: who changed what, from which state to which. One line of JSON for what is
//! about to happen and one for what became of it, so that a change that was cut off shows too.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ironkeep_parsers::model::{ControllerId, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use crate::who::Who;

/// Where changes of this host are recorded when nothing else is configured.
pub const DEFAULT_PATH: &str = "/var/log/ironkeep/audit.jsonl";

/// A line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Entry {
    /// When.
    pub time: Timestamp,
    /// The number that the two lines of a change share: process and count.
    pub id: String,
    /// Before or after.
    pub phase: Phase,
    /// Who.
    #[serde(flatten)]
    pub who: Who,
    /// The host's name.
    pub host: Option<String>,
    /// The controller's number; absent where the command names none, or several.
    pub controller: Option<ControllerId>,
    /// The controller's serial number.
    pub controller_serial: Option<String>,
    /// The drive's serial number.
    pub drive_serial: Option<String>,
    /// What: `pd.offline`.
    pub change: String,
    /// What it is done to: `252:3`.
    pub object: String,
    /// The tool's arguments, without secrets.
    pub command: Vec<String>,
    /// Checks that somebody insisted to pass over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// The state before.
    pub before: Option<String>,
    /// The state afterwards.
    pub after: Option<String>,
    /// The tool's status.
    pub exit_code: Option<u32>,
    /// What the tool's words come to.
    pub tool: Option<String>,
    /// What became of it, judged by a reading; absent before.
    pub outcome: Option<String>,
}

/// Which of the two lines of a change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It is about to happen.
    Begin,
    /// It happened, or failed.
    End,
}

/// The verdict on the tool's words, as the record has it.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Claimed => "claimed",
        Verdict::Contradicted => "contradicted",
        Verdict::Denied => "denied",
        Verdict::Silent => "silent",
    }
}

/// The record, a file that is only appended to.
#[derive(Debug, Clone)]
pub struct Log {
    path: PathBuf,
}

impl Log {
    /// The record in the file at `path`. It and its folder are made with the first line.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line, and waits until the disk has it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn append(&self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o640)
            .open(&self.path)?;
        // One write: lines of several processes do not mix.
        file.write_all(&line)?;
        file.sync_data()
    }

    /// All lines, oldest first, and the numbers of lines that are no entries.
    ///
    /// # Errors
    /// If it cannot be read. A record that does not exist has no lines.
    pub fn read(&self) -> io::Result<(Vec<Entry>, Vec<usize>)> {
        let text = match std::fs::read(&self.path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let (mut entries, mut unread) = (Vec::new(), Vec::new());
        for (number, line) in (1..).zip(text.lines()) {
            match serde_json::from_str(line) {
                Ok(entry) => entries.push(entry),
                Err(_) => unread.push(number),
            }
        }
        Ok((entries, unread))
    }
}
