//! The stand-in for MegaCLI in a folder of its own: what tests say to it and hear from it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder with the program `megacli` in it, and whatever else a test of it needs.
pub(crate) struct StandIn {
    folder: TempDir,
}

/// One start of the program, as it saw it.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Call {
    pub(crate) arguments: Vec<String>,
    pub(crate) directory: PathBuf,
    pub(crate) directory_mode: u32,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) stdin: PathBuf,
    pub(crate) pid: i32,
    pub(crate) grandchild: Option<i32>,
}

impl StandIn {
    /// With a plan (see `tests/fakes/megacli.rs`) for `megacli`.
    pub(crate) fn new(plan: &str) -> Self {
        let stand_in = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        stand_in.add("megacli", plan);
        stand_in
    }

    /// Adds the program under another name, with a plan of its own.
    pub(crate) fn add(&self, name: &str, plan: &str) -> PathBuf {
        let program = self.path(name);
        // A link: a copy could be refused as "text file busy" while another thread starts programs.
        symlink(env!("CARGO_BIN_EXE_fake-megacli"), &program).unwrap();
        fs::write(program.with_added_extension("toml"), plan).unwrap();
        program
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program `megacli`.
    pub(crate) fn program(&self) -> PathBuf {
        self.path("megacli")
    }

    /// How `megacli` was started so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls_of("megacli")
    }

    /// How a program of [`StandIn::add`] was started so far.
    pub(crate) fn calls_of(&self, name: &str) -> Vec<Call> {
        let log = fs::read_to_string(self.path(name).with_added_extension("log"));
        let log = log.unwrap_or_default();
        // The last line may be half written while a test looks.
        let lines = log
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}
