//! A simulated host that is acted on.

use std::ffi::OsString;
use std::path::PathBuf;

use ironkeep::cli::{self, Surroundings};
use ironkeep_sim::saved::{Saved, StateFile};
use ironkeep_sim::{scenario, state};
use jiff::Timestamp;
use serde_json::Value;

/// A host in a state file whose time stands still between the commands.
pub(crate) struct Host {
    folder: tempfile::TempDir,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    /// The data of its JSON.
    pub(crate) fn data(&self) -> Value {
        let json: Value = serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{self:?}"));
        json["data"].clone()
    }
}

impl Host {
    /// A host as the scenario has it.
    pub(crate) fn new(name: &str) -> Self {
        Self::with(name, |_| {})
    }

    /// The same, with its first controller changed.
    pub(crate) fn with(name: &str, change: impl FnOnce(&mut state::Controller)) -> Self {
        let mut host = scenario::build(name).unwrap();
        change(&mut host.controllers[0]);
        let folder = tempfile::tempdir().unwrap();
        let it = Self { folder };
        let saved = Saved::new(name, host, 0, Timestamp::UNIX_EPOCH);
        StateFile::lock(&it.state()).unwrap().save(&saved).unwrap();
        it
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Runs `ironkeep` with these words.
    pub(crate) fn run(&self, words: &str) -> Answer {
        let fixed = ["ironkeep", "--config", "/dev/null", "--demo-state"].map(OsString::from);
        let arguments = fixed
            .into_iter()
            .chain([self.state().into()])
            .chain(words.split_whitespace().map(OsString::from));
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let surroundings = Surroundings::default();
        let code = cli::execute(arguments, &surroundings, &mut stdout, &mut stderr);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Answer {
            code: code.number(),
            stdout: text(stdout),
            stderr: text(stderr),
        }
    }

    /// Carries out a change: `object change outcome` of everything that was done.
    pub(crate) fn act(&self, words: &str) -> Vec<String> {
        let answer = self.run(&format!("--format json {words}"));
        let data = answer.data();
        let word = |act: &Value, key: &str| act[key].as_str().unwrap().to_owned();
        let keys = ["object", "change", "outcome"];
        let row = |act: &Value| keys.map(|key| word(act, key)).join(" ");
        data.as_array().unwrap().iter().map(row).collect()
    }

    /// The codes of the checks that refuse it.
    pub(crate) fn refusals(&self, words: &str) -> Vec<String> {
        let answer = self.run(&format!("--format json {words} --dry-run"));
        let mut codes = Vec::new();
        for plan in answer.data().as_array().unwrap() {
            for check in plan["checks"].as_array().unwrap() {
                if check["ruling"] == "refuses" {
                    codes.push(check["code"].as_str().unwrap().to_owned());
                }
            }
        }
        codes
    }

    /// What MegaCLI would be run with, one line for each run.
    pub(crate) fn commands(&self, words: &str) -> Vec<String> {
        let answer = self.run(&format!("--format json {words} --dry-run"));
        let data = answer.data();
        let plans = data.as_array().unwrap().iter();
        let words = |plan: &Value| {
            let words = plan["command"].as_array().unwrap().iter();
            let words: Vec<_> = words.map(|word| word.as_str().unwrap()).collect();
            words.join(" ")
        };
        plans.map(words).collect()
    }

    /// The data of a listing.
    pub(crate) fn data(&self, words: &str) -> Value {
        self.run(&format!("--format json {words}")).data()
    }
}
