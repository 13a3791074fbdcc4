//! The program as a process, against a stand-in for MegaCLI: what tests say to it and hear from it.

use std::process::{Command, Stdio};

use crate::stand_in::StandIn;

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// One error, at least one hint, no panic.
    #[track_caller]
    pub(crate) fn fails(&self, status: i32, error: &str, hint: &str) {
        assert_eq!(self.status, status, "{self:#?}");
        assert!(self.stderr.contains(error), "no “{error}” in {self:#?}");
        assert!(self.stderr.contains(hint), "no “{hint}” in {self:#?}");
        assert_eq!(self.stderr.matches("error: ").count(), 1, "{self:#?}");
        assert!(self.stderr.contains("hint: "), "{self:#?}");
        self.is_calm();
    }

    #[track_caller]
    pub(crate) fn is_calm(&self) {
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
    }
}

/// The program, with nothing of this process's environment.
pub(crate) fn ironkeep(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ironkeep"));
    command
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .args(arguments);
    command
}

pub(crate) fn finish(command: &mut Command) -> Run {
    let output = command.stdin(Stdio::null()).output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Arguments that run against a stand-in. Everything that is not the stand-in's is empty: no PCI
/// devices, no block devices, its own lock.
pub(crate) fn arguments(stand_in: &StandIn, command: &[&str]) -> Vec<String> {
    let folder = stand_in.path("").display().to_string();
    let program = stand_in.program().display().to_string();
    let flags = [
        "--megacli",
        &program,
        "--run-dir",
        &folder,
        "--host-root",
        &folder,
    ];
    flags
        .iter()
        .chain(command)
        .map(|&word| word.to_owned())
        .collect()
}

pub(crate) fn against(stand_in: &StandIn, command: &[&str]) -> Run {
    let arguments = arguments(stand_in, command);
    finish(ironkeep(&[]).args(arguments))
}

/// Without root the tool is refused before it runs, which is another test's matter.
pub(crate) fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        println!("skipped: not root");
    }
    root
}
