//! Changes from the command line to the state of a simulated host and back: what is asked for, what
//! MegaCLI says of it, and what a reading shows afterwards.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers are tests too"
)]

#[path = "acts/controller.rs"]
mod controller;
#[path = "acts/foreign.rs"]
mod foreign;
#[path = "acts/host.rs"]
mod host;
#[path = "acts/logs.rs"]
mod logs;
#[path = "acts/pd.rs"]
mod pd;
#[path = "acts/schedules.rs"]
mod schedules;
#[path = "acts/security.rs"]
mod security;
#[path = "acts/spare.rs"]
mod spare;
#[path = "acts/vd.rs"]
mod vd;

use std::ffi::OsString;
use std::path::PathBuf;

use ironkeep::cli::{self, Surroundings};
use ironkeep_sim::saved::{Saved, StateFile};
use serde_json::Value;
use tempfile::TempDir;

/// A simulated host.
struct Host {
    folder: TempDir,
}

/// The program's answer.
struct Answer {
    status: u8,
    stdout: String,
    stderr: String,
}

impl Host {
    /// A host at the beginning of `scenario`.
    fn new(scenario: &str) -> Self {
        let host = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let answer = host.run(&["sim", "start", scenario]);
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        host
    }

    /// A file in a folder that goes with the host.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same, as a word of a command line.
    fn word(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Runs the program on it.
    fn run(&self, words: &[&str]) -> Answer {
        let state = self.word("state");
        let given = ["ironkeep", "--config", "/dev/null", "--demo-state", &state];
        let arguments = given.iter().chain(words).map(OsString::from);
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let code = cli::execute(
            arguments,
            &Surroundings::default(),
            &mut stdout,
            &mut stderr,
        );
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Answer {
            status: code.number(),
            stdout: text(stdout),
            stderr: text(stderr),
        }
    }

    /// The data of the program's JSON.
    fn json(&self, words: &[&str]) -> Value {
        let answer = self.run(&[&["--format", "json"], words].concat());
        let json: Value = serde_json::from_str(&answer.stdout)
            .unwrap_or_else(|_| panic!("{words:?}: {}{}", answer.stdout, answer.stderr));
        json["data"].clone()
    }

    /// A change that takes place: its row.
    #[track_caller]
    fn done(&self, words: &[&str]) -> Value {
        let answer = self.run(&[&["--format", "json"], words].concat());
        assert_eq!(answer.status, 0, "{words:?}: {}", answer.stderr);
        let json: Value = serde_json::from_str(&answer.stdout).unwrap();
        let rows = json["data"].as_array().unwrap();
        for row in rows {
            let outcome = row["outcome"].as_str().unwrap();
            assert!(["done", "running", "claimed"].contains(&outcome), "{row}");
        }
        rows.last().unwrap().clone()
    }

    /// A change that is refused before anything is done: what is said.
    #[track_caller]
    fn refused(&self, words: &[&str]) -> String {
        let answer = self.run(words);
        assert_eq!(
            answer.status, 3,
            "{words:?}: {}{}",
            answer.stdout, answer.stderr
        );
        answer.stderr
    }

    /// Changes the state behind the program's back.
    fn tamper(&self, change: impl FnOnce(&mut Saved)) {
        let file = StateFile::lock(&self.path("state")).unwrap();
        let mut saved = file.load().unwrap().unwrap();
        change(&mut saved);
        file.save(&saved).unwrap();
    }

    /// The record of changes.
    fn audit(&self) -> String {
        std::fs::read_to_string(self.path("state.audit")).unwrap_or_default()
    }
}
