//! How a command fails: what failed, why, and what to type next. The kind alone picks the exit code.

use std::error::Error;
use std::fmt;

use super::exit::Code;
use crate::reading::Reading;

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The command line asks for something that does not exist or is ambiguous.
    Usage,
    /// The configuration file is wrong.
    Config,
    /// The surroundings are wrong: no tool, no permission, no file.
    Environment,
    /// A precondition does not hold, or consent is missing.
    Refused,
    /// The tool, the firmware or the hardware failed.
    Hardware,
    /// The reader of our output went away: not an error.
    ClosedPipe,
    /// Somebody asked the program to stop.
    Interrupted,
    /// A bug.
    Internal,
}

impl Kind {
    /// The exit code of this kind.
    pub fn code(self) -> Code {
        match self {
            Self::Usage => Code::Usage,
            Self::Config | Self::Environment | Self::Hardware => Code::Failed,
            Self::Refused => Code::Refused,
            Self::ClosedPipe => Code::Done,
            Self::Interrupted => Code::Interrupted,
            Self::Internal => Code::Internal,
        }
    }

    /// The word in JSON errors.
    pub fn token(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Config => "config",
            Self::Environment => "environment",
            Self::Refused => "refused",
            Self::Hardware => "hardware",
            Self::ClosedPipe => "closed_pipe",
            Self::Interrupted => "interrupted",
            Self::Internal => "internal",
        }
    }
}

/// A failed command. Lower layers have error types of their own; commands turn them into this.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    error: Box<dyn Error + Send + Sync>,
    hints: Vec<String>,
    reading: Option<Box<Reading>>,
}

impl Failure {
    /// A failure whose message is `error`: lower case, no full stop, in the user's terms.
    pub fn new(kind: Kind, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            error: error.into(),
            hints: Vec::new(),
            reading: None,
        }
    }

    /// A failure that says `message` and names `source` as its cause.
    pub fn because(
        kind: Kind,
        message: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::new(
            kind,
            Caused {
                message: message.into(),
                source: source.into(),
            },
        )
    }

    /// Adds a hint: a command to type, or a file to look at. At most two are shown.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Keeps what was read before it failed, for `--verbose`.
    #[must_use]
    pub fn after(mut self, reading: Reading) -> Self {
        self.reading = Some(Box::new(reading));
        self
    }

    /// What was read before it failed; `None` where nothing was asked.
    pub fn reading(&self) -> Option<&Reading> {
        self.reading.as_deref()
    }

    /// Makes the hints that are commands of this program read the same source again, which `flags` name.
    #[must_use]
    pub(super) fn at(mut self, flags: &str) -> Self {
        for hint in &mut self.hints {
            *hint = at_source(hint, flags);
        }
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The hints, most useful first.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The message and the causes below it, outermost first.
    pub fn chain(&self) -> Vec<String> {
        let mut chain = vec![self.error.to_string()];
        let mut source = self.error.source();
        while let Some(error) = source {
            chain.push(error.to_string());
            source = error.source();
        }
        chain
    }
}

/// The command of this program with which a sentence ends, behind `WHAT FOR: ` or alone, with `flags`
/// behind the program's name; any other sentence as it is.
pub fn at_source(sentence: &str, flags: &str) -> String {
    match sentence.split_once("ironkeep ") {
        Some((before, command))
            if (before.is_empty() || before.ends_with(": ")) && reads(command) =>
        {
            format!("{before}ironkeep{flags} {command}")
        }
        Some(_) | None => sentence.to_owned(),
    }
}

/// Whether a command reads a host, and does not name it itself.
fn reads(command: &str) -> bool {
    let others = ["--", "explain ", "help", "sim list", "util "];
    !others.iter().any(|other| command.starts_with(other))
}

impl From<std::io::Error> for Failure {
    /// For errors of writing results: a closed pipe ends quietly.
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Self::new(Kind::ClosedPipe, error)
        } else {
            Self::because(Kind::Environment, "cannot write the result", error)
        }
    }
}

#[derive(Debug)]
struct Caused {
    message: String,
    source: Box<dyn Error + Send + Sync>,
}

impl fmt::Display for Caused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Caused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_in_hints_read_the_same_source_again() {
        let flags = " --replay 'a b'";
        for (hint, shown) in [
            ("ironkeep vd show 0", "ironkeep --replay 'a b' vd show 0"),
            (
                "all of them: ironkeep pd list",
                "all of them: ironkeep --replay 'a b' pd list",
            ),
            (
                "see more: ironkeep explain --list",
                "see more: ironkeep explain --list",
            ),
            (
                "let ironkeep start only MegaCLI",
                "let ironkeep start only MegaCLI",
            ),
        ] {
            assert_eq!(at_source(hint, flags), shown);
        }
    }
}
