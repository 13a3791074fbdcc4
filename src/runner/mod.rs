//! Starting the vendor's tool. [`process`] is the only place in the project that starts a program.

mod controllers;
pub mod interrupt;
pub(crate) mod lock;
pub mod process;
mod search;
pub mod tally;
mod watch;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One run of the tool, before it happens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invocation {
    /// The arguments, without the program's name and without `-NoLog`, which every run gets.
    pub arguments: Vec<String>,
    /// The argument (one of `arguments`) that names a file which the tool writes and which is the
    /// answer: `-AdpEventLog … -f FILE`. It is created in the private folder of the run.
    pub file: Option<String>,
    /// A file that the tool reads: one of `arguments` is its name. It is laid into the private folder of
    /// the run, so that what was checked is what is used, whatever its own name and place are.
    pub input: Option<Input>,
    /// Whether it changes something. Such a run is not broken off when somebody asks to stop: what it
    /// had done by then nobody would know.
    pub changes: bool,
    /// Which of the arguments nobody may see: a passphrase.
    pub secret: Vec<usize>,
    /// The time that it may take where that is more than others get: writing firmware.
    pub at_least: Duration,
}

/// A file that the tool reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The name that it has in the private folder.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl Input {
    /// Lays it into `folder`.
    ///
    /// # Errors
    /// If it cannot be written there.
    pub fn lay_into(&self, folder: &Path) -> Result<PathBuf, RunError> {
        let path = folder.join(&self.name);
        let what = format!("cannot write {}", path.display());
        std::fs::write(&path, &self.bytes).map_err(RunError::os(what))?;
        Ok(path)
    }
}

impl Invocation {
    /// The arguments as they may be shown and kept: `***` in the place of a secret.
    pub fn shown(&self) -> Vec<String> {
        let word = |(at, word): (usize, &String)| {
            if self.secret.contains(&at) {
                "***".to_owned()
            } else {
                word.clone()
            }
        };
        self.arguments.iter().enumerate().map(word).collect()
    }
}

/// How the tool's process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessEnd {
    /// With a status.
    Exited(u8),
    /// By a signal: a crash, or with [`RawOutput::truncated`] our own doing. What it printed before
    /// is kept.
    Signalled(i32),
}

/// What came back, untouched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawOutput {
    /// How the process ended.
    pub end: ProcessEnd,
    /// Standard output, at most as much as the limit allows.
    pub stdout: Vec<u8>,
    /// The file of [`Invocation::file`]; empty if there is none.
    pub file: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Whether the limit on output was reached: the tool was stopped there, and what it had not
    /// printed by then is unknown.
    pub truncated: bool,
    /// How long it took.
    pub elapsed: Duration,
}

/// Runs the tool. One at a time on a host, across processes. It may run on another thread than the one
/// that made it.
pub trait Runner: Send {
    /// Runs `invocation`.
    ///
    /// # Errors
    /// If the tool could not be run to its end: see [`RunError`]. A tool that ran and failed is no
    /// error here.
    fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError>;

    /// Keeps everybody else from running the tool until [`Self::release`], so that nothing changes
    /// between two runs but by itself. A runner that is nobody else's has nothing to do.
    ///
    /// # Errors
    /// If somebody else runs it for longer than one waits.
    fn hold(&mut self) -> Result<(), RunError> {
        Ok(())
    }

    /// Ends what [`Self::hold`] began; nothing, if it began nothing.
    fn release(&mut self) {}

    /// Which program the next run would start, to tell when another has taken its place. `None` where it
    /// is always the same, or cannot be told.
    fn program(&self) -> Option<Program> {
        None
    }
}

/// A program as a file: another version of it is another file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    path: String,
    stamp: Option<Stamp>,
}

/// What differs after a file was written anew: which file it is, its size, and when it was last changed.
type Stamp = (u64, u64, i64, i64);

#[cfg(test)]
impl Program {
    /// The one at `path`, for tests.
    pub(crate) fn at(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            stamp: None,
        }
    }
}

/// Why there is no output.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// No such program in any of the places looked at.
    #[error("MegaCLI was not found")]
    NotFound {
        /// The files and the folders that were looked at, in order.
        searched: Vec<PathBuf>,
    },
    /// The program exists and could not be started.
    #[error("cannot start {}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The program started and lacks a shared library.
    #[error("{} cannot run: {message}", program.display())]
    MissingLibrary {
        /// The program.
        program: PathBuf,
        /// The dynamic loader's words.
        message: String,
    },
    /// The tool needs root, and this process is not.
    #[error("MegaCLI needs root")]
    NotRoot,
    /// sudo did not start the tool.
    #[error("sudo refused to run {}: {message}", program.display())]
    SudoRefused {
        /// The program that it should have started.
        program: PathBuf,
        /// Its words.
        message: String,
    },
    /// It did not end in time.
    #[error(
        "{} did not end within {} s {}",
        program.display(),
        limit.as_secs_f32(),
        if *killed { "and was killed" } else { "and cannot be killed: it is still running" }
    )]
    TimedOut {
        /// The program.
        program: PathBuf,
        /// The limit.
        limit: Duration,
        /// Whether it is gone, with everything it had started. A process that waits inside the
        /// kernel for a dead controller outlives SIGKILL; so does one that sudo started.
        killed: bool,
        /// What it had printed by then.
        stdout: Vec<u8>,
    },
    /// A person or the service manager asked this program to stop while the tool ran. It was
    /// stopped first.
    #[error("interrupted")]
    Interrupted,
    /// Another process of this host is running the tool.
    #[error("MegaCLI is in use: waited {} s for {}", waited.as_secs(), path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// How long was waited.
        waited: Duration,
        /// Who holds it, where the file says.
        holder: Option<String>,
    },
    /// A controller of this host stalls under this tool.
    #[error("{model} at {address} is known to stall or crash under MegaCLI")]
    UnsafeController {
        /// PCI address.
        address: String,
        /// Which controller.
        model: String,
    },
    /// The operating system failed.
    #[error("{what}")]
    Os {
        /// What was tried.
        what: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
}

impl RunError {
    /// For `map_err`: the operating system failed while `what` was tried.
    fn os(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        |source| Self::Os { what, source }
    }
}
