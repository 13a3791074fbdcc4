//! What outlasts the process: up to where events are counted, and the counts. A file, replaced as a whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::events::SavedLog;
use crate::backend::Tool;
use crate::exporter::snapshot::ToolTotals;
use crate::files;

/// The version of the form below. Another one is not read.
const VERSION: u32 = 1;

/// More than any such file has.
const LONGEST: u64 = 1 << 20;

/// What outlasts the process.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    version: u32,
    /// The runs of the tool.
    pub(super) tool: ToolTotals,
    /// Which tool it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) program: Option<Tool>,
    /// Lines that were not understood, by collector.
    pub(super) unknown: BTreeMap<String, u64>,
    /// The controllers' event logs.
    pub(super) event_logs: Vec<SavedLog>,
}

impl State {
    pub(super) fn new(
        tool: ToolTotals,
        program: Option<Tool>,
        unknown: BTreeMap<String, u64>,
        event_logs: Vec<SavedLog>,
    ) -> Self {
        Self {
            version: VERSION,
            tool,
            program,
            unknown,
            event_logs,
        }
    }

    /// What the file at `path` holds; nothing if there is none yet.
    ///
    /// # Errors
    /// If it cannot be read, or holds something else.
    pub(super) fn load(path: &Path) -> io::Result<Self> {
        let mut text = String::new();
        let read = File::open(path).and_then(|it| it.take(LONGEST).read_to_string(&mut text));
        match read {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        }
        let state: Self = serde_json::from_str(&text)?;
        if state.version == VERSION {
            Ok(state)
        } else {
            let words = format!("it is of version {}, not {VERSION}", state.version);
            Err(io::Error::other(words))
        }
    }

    /// Puts this in the place of what the file at `path` holds.
    ///
    /// # Errors
    /// If it cannot be written: then the file is as it was.
    pub(super) fn save(&self, path: &Path) -> io::Result<()> {
        files::replace(path, &serde_json::to_vec(self)?, 0o644)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::exporter::snapshot::RunResult;

    #[test]
    fn it_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("exporter.json");
        assert_eq!(State::load(&path).unwrap(), State::default());
        let tool = ToolTotals {
            runs: [(RunResult::Ok, 7), (RunResult::Timeout, 1)].into(),
            time: Duration::from_millis(1500),
        };
        let program = Tool {
            program: None,
            version: Some("8.07.14".to_owned()),
        };
        let state = State::new(
            tool,
            Some(program),
            [("battery".to_owned(), 2)].into(),
            Vec::new(),
        );
        state.save(&path).unwrap();
        assert_eq!(State::load(&path).unwrap(), state);
    }

    #[test]
    fn what_is_damaged_or_of_another_version_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("exporter.json");
        let good = serde_json::to_string(&State::new(
            ToolTotals::default(),
            None,
            BTreeMap::new(),
            Vec::new(),
        ));
        let good = good.unwrap();
        for text in [
            "",
            "{",
            "[]",
            good.trim_end_matches('}'),
            &good.replace("\"version\":1", "\"version\":2"),
            &good.replace("unknown", "unheard"),
        ] {
            std::fs::write(&path, text).unwrap();
            assert!(State::load(&path).is_err(), "{text}");
        }
    }
}
