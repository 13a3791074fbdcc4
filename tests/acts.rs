//! Changes, from the command line to the simulated host and back: what is done, what is refused, and
//! what becomes of it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers are tests too"
)]

#[path = "acts/foreign.rs"]
mod foreign;
#[path = "acts/pd.rs"]
mod pd;
#[path = "acts/spare.rs"]
mod spare;

use std::ffi::OsString;

use ironkeep::cli::{self, Surroundings, exit::Code};
use ironkeep_sim::play;
use ironkeep_sim::saved::{Saved, StateFile};
use ironkeep_sim::scenario;
use ironkeep_sim::state::{Controller, Drive};
use jiff::Timestamp;
use tempfile::TempDir;

/// A simulated host whose time stands still.
struct Host {
    folder: TempDir,
}

impl Host {
    /// The host of a scenario.
    fn new(scenario: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let host = scenario::build(scenario).unwrap();
        let saved = Saved::new(scenario, host, 0, Timestamp::UNIX_EPOCH);
        let it = Self { folder };
        it.file().save(&saved).unwrap();
        it
    }

    fn file(&self) -> StateFile {
        StateFile::lock(&self.folder.path().join("state")).unwrap()
    }

    /// Lets `step` happen: `fail 252:3`.
    fn happens(&self, step: &str) {
        let file = self.file();
        let mut saved = file.load().unwrap().unwrap();
        play::play(&mut saved.host, 0, step).unwrap();
        file.save(&saved).unwrap();
    }

    /// Its first controller.
    fn controller(&self) -> Controller {
        let saved = self.file().load().unwrap().unwrap();
        saved.host.controllers.into_iter().next().unwrap()
    }

    /// The drive in that slot of its first controller.
    fn drive(&self, slot: u8) -> Drive {
        let drives = self.controller().drives;
        let mut drives = drives.into_iter();
        let found = drives.find(|it| u32::from(it.slot) == u32::from(slot));
        found.unwrap_or_else(|| panic!("slot {slot} is empty"))
    }

    /// Types a command.
    fn types(&self, command: &str) -> (Code, String, String) {
        let before = ["ironkeep", "--config", "/dev/null", "--format", "plain"];
        let state = self.folder.path().join("state");
        let arguments = before
            .into_iter()
            .chain(["--demo-state"])
            .map(OsString::from)
            .chain([state.into()])
            .chain(command.split(' ').map(OsString::from));
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let code = cli::execute(
            arguments,
            &Surroundings::default(),
            &mut stdout,
            &mut stderr,
        );
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (code, text(stdout), text(stderr))
    }

    /// Types a command that has to work; gives its output.
    fn does(&self, command: &str) -> String {
        let (code, stdout, stderr) = self.types(command);
        assert_eq!(code, Code::Done, "{command}: {stdout}{stderr}");
        stdout
    }

    /// Types a command that has to be refused for the reason `code`, which `--dry-run` names; nothing
    /// may have changed.
    fn refuses(&self, command: &str, reason: &str) {
        let before = self.controller();
        let (code, stdout, stderr) = self.types(command);
        assert_eq!(code, Code::Refused, "{command}: {stdout}{stderr}");
        let (_, checks, _) = self.types(&format!("{command} --dry-run"));
        let mut rows = checks.lines().map(|line| line.split('\t'));
        let first = rows.find_map(|mut row| {
            let (check, ruling) = (row.nth(1)?, row.next()?);
            (ruling == "refuses").then(|| check.to_owned())
        });
        assert_eq!(
            first.as_deref(),
            Some(reason),
            "{command}: {checks}{stderr}"
        );
        assert!(before == self.controller(), "{command} changed something");
    }
}
