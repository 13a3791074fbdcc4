//! The exit codes of the program: part of its interface, listed in `ironkeep(8)`.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Done; for `health` and `fleet status`: healthy.
    Done,
    /// The operation failed: tool, firmware, input or output.
    Failed,
    /// The command line was wrong.
    Usage,
    /// Refused: it needs consent, or a precondition does not hold.
    Refused,
    /// `health` or `fleet status` found something that needs attention, or could not read everything;
    /// `export healthcheck`: stuck, or too old; `capture` recorded only a part; `pd replace` is done, and
    /// not all is as it was before.
    Unhealthy,
    /// What was waited for did not come in time; `pd replace`: a drive, or with `--no-wait` anything.
    TimedOut,
    /// A number of another program's convention: `health --nagios`.
    Plugin(u8),
    /// A bug in this program.
    Internal,
    /// Interrupted from the keyboard.
    Interrupted,
}

impl Code {
    /// The number that the shell sees.
    pub fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Unhealthy => 4,
            Self::TimedOut => 5,
            Self::Plugin(number) => number,
            Self::Internal => 70,
            Self::Interrupted => 130,
        }
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code.number())
    }
}
