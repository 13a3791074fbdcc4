//! Starting the vendor's tool. [`process`] is the only place in the project that starts a program.

pub mod process;

use std::time::Duration;

/// One run of the tool, before it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The arguments, without the program's name and without `-NoLog`, which every run gets.
    pub arguments: Vec<String>,
    /// The argument (one of `arguments`) that names a file which the tool writes and which is the
    /// answer: `-AdpEventLog … -f FILE`. It is created in the private folder of the run.
    pub file: Option<String>,
}

/// How the tool's process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessEnd {
    /// With a status.
    Exited(u8),
    /// By a signal: a crash. What it printed before is kept.
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
    /// Whether the limit on output was reached: what follows was thrown away.
    pub truncated: bool,
    /// How long it took.
    pub elapsed: Duration,
}

/// Runs the tool. One at a time on a host, across processes.
pub trait Runner {
    /// Runs `invocation`.
    ///
    /// # Errors
    /// If the tool could not be run to its end: see [`RunError`]. A tool that ran and failed is no
    /// error here.
    fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError>;
}

/// Why there is no output.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// No such program in any of the places looked at.
    #[error("MegaCLI was not found")]
    NotFound {
        /// Where it was looked for.
        searched: Vec<std::path::PathBuf>,
    },
    /// The program exists and could not be started.
    #[error("cannot start {}", program.display())]
    Start {
        /// The program.
        program: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The tool needs root, and this process is not.
    #[error("MegaCLI needs root")]
    NotRoot,
    /// It did not end in time and was killed with everything it had started.
    #[error("{program} did not end within {} s and was killed", limit.as_secs_f32())]
    TimedOut {
        /// The program.
        program: String,
        /// The limit.
        limit: Duration,
        /// What it had printed by then.
        stdout: Vec<u8>,
    },
    /// Another process of this host holds the lock.
    #[error("another ironkeep holds the lock {} for {} s", path.display(), waited.as_secs())]
    Locked {
        /// The lock file.
        path: std::path::PathBuf,
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
