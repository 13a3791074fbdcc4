//! Readings for the completion of a command line: brief, or none.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches};

use super::config::Config;
use super::{Cli, Globals, Session};
use crate::act::audit::Who;
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
        // What stands behind an error was not read: this host must not pass for another.
        let names = |word: &OsString| {
            let word = word.as_encoded_bytes();
            word.starts_with(b"--replay") || word.starts_with(b"--demo")
        };
        let names_other = finished.iter().any(names);
        let is_other =
            |it: &Globals| !it.replay.is_empty() || it.demo.is_some() || it.demo_state.is_some();
        Self {
            globals: globals.filter(|it| is_other(it) == names_other),
            folders: folders.to_vec(),
        }
    }

    /// Reads `parts`; `None` where that is not possible, or not at once.
    pub(crate) fn read(&self, parts: &[Part]) -> Option<Reading> {
        let globals = self.globals.as_ref()?;
        let replay = &globals.replay;
        let is_root = rustix::process::geteuid().is_root();
        let is_pipe = replay.iter().any(|path| path == Path::new("-"));
        // A file that is not there yet would be made.
        let state = globals.demo_state.as_ref().filter(|path| path.is_file());
        let is_live = replay.is_empty() && globals.demo.is_none() && globals.demo_state.is_none();
        let is_absent = globals.demo_state.is_some() && state.is_none() && globals.demo.is_none();
        if is_pipe || is_absent || (is_live && !is_root) {
            return None;
        }
        let mut config = Config::load(globals.config.as_deref()).ok()?;
        config.megacli.lock_wait_seconds = 0;
        let globals = Globals {
            timeout: Some(SOON),
            // What a file holds is read as it is.
            demo: globals.demo.clone().filter(|_| state.is_none()),
            demo_state: state.cloned(),
            demo_speed: None,
            verbose: false,
            strict: false,
            ..globals.clone()
        };
        let mut session = Session::new(globals, config, self.folders.clone(), Who::default());
        session.read(parts).ok()
    }
}
