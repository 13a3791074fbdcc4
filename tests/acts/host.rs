//! A simulated host that is acted on.

use std::ffi::OsString;
use std::path::PathBuf;

use ironkeep::cli::{self, Surroundings};
use ironkeep_sim::saved::{Saved, StateFile};
use ironkeep_sim::{play, scenario, state};
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
        Self::of(name, host)
    }

    /// A host that began as the scenario `name`.
    pub(crate) fn of(name: &str, host: state::Host) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let it = Self { folder };
        let saved = Saved::new(name, host, 0, Timestamp::UNIX_EPOCH);
        StateFile::lock(&it.state()).unwrap().save(&saved).unwrap();
        it
    }

    fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// A file in a folder that goes with the host.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same, as a word of a command line.
    pub(crate) fn word(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The record of changes.
    pub(crate) fn audit(&self) -> String {
        std::fs::read_to_string(self.path("state.audit")).unwrap_or_default()
    }

    /// Runs `ironkeep` with these words, between which there is white space.
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

    /// Lets `step` happen: `fail 252:3`, `on 1: fail 252:3`.
    pub(crate) fn happens(&self, step: &str) {
        self.tamper(|saved| play::play(&mut saved.host, 0, step).unwrap());
    }

    /// Changes the state behind the program's back.
    pub(crate) fn tamper(&self, change: impl FnOnce(&mut Saved)) {
        let file = StateFile::lock(&self.state()).unwrap();
        let mut saved = file.load().unwrap().unwrap();
        change(&mut saved);
        file.save(&saved).unwrap();
    }

    /// All of its state.
    pub(crate) fn all(&self) -> state::Host {
        let file = StateFile::lock(&self.state()).unwrap();
        file.load().unwrap().unwrap().host
    }

    /// Its first controller.
    pub(crate) fn controller(&self) -> state::Controller {
        self.all().controllers.remove(0)
    }

    /// The drive in that slot of its first controller.
    pub(crate) fn drive(&self, slot: u8) -> state::Drive {
        let mut drives = self.controller().drives.into_iter();
        let found = drives.find(|it| u32::from(it.slot) == u32::from(slot));
        found.unwrap_or_else(|| panic!("slot {slot} is empty"))
    }

    /// Runs a command that has to work; gives its plain output.
    #[track_caller]
    pub(crate) fn does(&self, words: &str) -> String {
        let answer = self.run(&format!("--format plain {words}"));
        assert_eq!(answer.code, 0, "{words}: {answer:?}");
        answer.stdout
    }

    /// Runs a change that has to take place: the row of the last thing that was done.
    #[track_caller]
    pub(crate) fn done(&self, words: &str) -> Value {
        let answer = self.run(&format!("--format json {words}"));
        assert_eq!(answer.code, 0, "{words}: {answer:?}");
        let data = answer.data();
        let rows = data.as_array().unwrap();
        for row in rows {
            let outcome = row["outcome"].as_str().unwrap();
            assert!(["done", "running", "claimed"].contains(&outcome), "{row}");
        }
        rows.last().unwrap().clone()
    }

    /// Runs a command that has to be refused before anything changes: what is said.
    #[track_caller]
    pub(crate) fn refused(&self, words: &str) -> String {
        let before = self.all();
        let answer = self.run(words);
        assert_eq!(answer.code, 3, "{words}: {answer:?}");
        assert!(before == self.all(), "{words} changed something");
        answer.stderr
    }

    /// The same, first of all for the reason `code`.
    #[track_caller]
    pub(crate) fn refuses(&self, words: &str, code: &str) {
        let said = self.refused(words);
        let refusals = self.refusals(words);
        let first = refusals.first().map(String::as_str);
        assert_eq!(first, Some(code), "{words}: {said}");
    }

    /// The data of a reading, or of whatever says something in JSON.
    pub(crate) fn data(&self, words: &str) -> Value {
        self.run(&format!("--format json {words}")).data()
    }
}
