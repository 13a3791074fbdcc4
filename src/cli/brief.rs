//! Readings for the completion of a command line: brief, or none.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches};

use super::config::Config;
use super::{Cli, Globals, Session};
use crate::reading::{Part, Reading};

/// A source that somebody is about to name on a command line. A person waits with a finger on the tab
/// key, and may only be looking: it never asks for a password, waits for nobody and gives up soon.
#[derive(Debug, Clone)]
pub(crate) struct Brief {
    /// `None` where the line does not tell from where to read.
    globals: Option<Globals>,
    folders: Vec<PathBuf>,
}

/// How long MegaCLI may take.
const SOON: Duration = Duration::from_secs(1);

impl Brief {
    /// The source that the flags among `words`, an unfinished line, name.
    pub(super) fn of(words: &[OsString], folders: &[PathBuf]) -> Self {
        let cli = Cli::command().ignore_errors(true);
        let finished = words.split_last().map_or(words, |(_, finished)| finished);
        let matches = cli.try_get_matches_from(finished).ok();
        let globals = matches.and_then(|it| Globals::from_arg_matches(&it).ok());
        // What stands behind an error was not read: the host must not pass for the capture.
        let names = |word: &OsString| word.as_encoded_bytes().starts_with(b"--replay");
        let names_capture = finished.iter().any(names);
        Self {
            globals: globals.filter(|it| it.replay.is_empty() != names_capture),
            folders: folders.to_vec(),
        }
    }

    /// Reads `parts`; `None` where that is not possible, or not at once.
    pub(crate) fn read(&self, parts: &[Part]) -> Option<Reading> {
        let globals = self.globals.as_ref()?;
        let replay = &globals.replay;
        let is_root = rustix::process::geteuid().is_root();
        let is_pipe = replay.iter().any(|path| path == Path::new("-"));
        if is_pipe || (replay.is_empty() && !is_root) {
            return None;
        }
        let mut config = Config::load(globals.config.as_deref()).ok()?;
        config.megacli.lock_wait_seconds = 0;
        let globals = Globals {
            timeout: Some(SOON),
            verbose: false,
            strict: false,
            ..globals.clone()
        };
        let mut session = Session::new(globals, config, self.folders.clone());
        session.read(parts).ok()
    }
}
