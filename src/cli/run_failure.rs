//! What to tell a person when the tool could not be run, and what to type next.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use super::failure::{Failure, Kind};
use crate::runner::RunError;

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        use RunError as E;
        let kind = kind(&error);
        match error {
            E::NotFound { ref searched } => {
                let places = format!("looked at {}", list(searched));
                Self::because(kind, error.to_string(), places)
                    .hint("name it: --megacli PATH, or IRONKEEP_MEGACLI=PATH in the environment")
            }
            E::Start {
                ref program,
                ref source,
            } => {
                let program = program.display();
                // The file is there: what is missing is the interpreter that it names.
                let hint = if source.kind() == io::ErrorKind::NotFound {
                    format!("a 32-bit program on a host without 32-bit libraries? file {program}")
                } else {
                    format!("ls -l {program}; findmnt -T {program}")
                };
                Self::new(kind, error).hint(hint)
            }
            E::MissingLibrary { ref program, .. } => {
                let hint = format!(
                    "ldd {}, then install what it says is not found",
                    program.display()
                );
                Self::new(kind, error).hint(hint)
            }
            E::NotRoot => Self::new(kind, error)
                .hint("run it again with sudo")
                .hint("or let ironkeep start only MegaCLI with sudo: --sudo"),
            E::SudoRefused { ref program, .. } => {
                let hint = format!("allow it in sudoers: NOPASSWD: {}", program.display());
                Self::new(kind, error)
                    .hint(hint)
                    .hint("see what is allowed: sudo -n -l")
            }
            E::TimedOut { killed: true, .. } => Self::new(kind, error)
                .hint("allow more time: --timeout SECONDS")
                .hint(KERNEL_LOG),
            E::TimedOut { killed: false, .. } => Self::new(kind, error).hint(KERNEL_LOG),
            E::Locked {
                ref holder,
                ref path,
                ..
            } => {
                let hint = format!("see who holds it: fuser -v {}", path.display());
                let message = error.to_string();
                match holder {
                    Some(holder) => Self::because(kind, message, format!("held by {holder}")),
                    None => Self::new(kind, message),
                }
                .hint(hint)
            }
            E::UnsafeController { .. } => Self::new(kind, error)
                .hint("use storcli64 (on Dell: perccli64) for this controller")
                .hint("to run MegaCLI all the same: --force-unsafe-controller"),
            E::Interrupted | E::Os { .. } => Self::new(kind, error),
        }
    }
}

const KERNEL_LOG: &str = "what the driver says about the controller: dmesg | grep megaraid_sas";

fn kind(error: &RunError) -> Kind {
    match error {
        RunError::TimedOut { .. } => Kind::Hardware,
        RunError::UnsafeController { .. } => Kind::Refused,
        RunError::Interrupted => Kind::Interrupted,
        RunError::NotFound { .. }
        | RunError::Start { .. }
        | RunError::MissingLibrary { .. }
        | RunError::NotRoot
        | RunError::SudoRefused { .. }
        | RunError::Locked { .. }
        | RunError::Os { .. } => Kind::Environment,
    }
}

fn list(paths: &[PathBuf]) -> String {
    // `$PATH` may name a folder twice.
    let mut seen = BTreeSet::new();
    let paths: Vec<String> = paths
        .iter()
        .filter(|path| seen.insert(*path))
        .map(|path| path.display().to_string())
        .collect();
    if paths.is_empty() {
        "no place at all".to_owned()
    } else {
        paths.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cli::exit::Code;

    #[test]
    fn a_missing_tool_names_the_places_and_the_way_out() {
        let searched = vec![PathBuf::from("/opt/a"), PathBuf::from("/usr/bin")];
        let failure = Failure::from(RunError::NotFound { searched });
        assert_eq!(
            failure.chain(),
            ["MegaCLI was not found", "looked at /opt/a, /usr/bin"]
        );
        assert!(failure.hints()[0].contains("--megacli PATH"));
        assert_eq!(failure.kind().code(), Code::Failed);
    }

    #[test]
    fn a_lock_names_its_holder() {
        let failure = Failure::from(RunError::Locked {
            path: PathBuf::from("/run/lock/ironkeep.lock"),
            waited: Duration::from_secs(5),
            holder: Some("ironkeep (pid 7)".to_owned()),
        });
        assert_eq!(
            failure.chain(),
            [
                "MegaCLI is in use: waited 5 s for /run/lock/ironkeep.lock",
                "held by ironkeep (pid 7)"
            ]
        );
    }

    #[test]
    fn a_missing_interpreter_is_not_taken_for_a_missing_program() {
        let failure = Failure::from(RunError::Start {
            program: PathBuf::from("/opt/MegaCli"),
            source: io::Error::from(io::ErrorKind::NotFound),
        });
        assert_eq!(failure.chain()[0], "cannot start /opt/MegaCli");
        assert!(failure.hints()[0].contains("32-bit"));
    }

    #[test]
    fn a_tool_that_cannot_be_killed_is_not_said_to_be_gone() {
        let timed_out = |killed| {
            Failure::from(RunError::TimedOut {
                program: PathBuf::from("/opt/MegaCli64"),
                limit: Duration::from_mins(1),
                killed,
                stdout: Vec::new(),
            })
        };
        assert_eq!(
            timed_out(true).chain(),
            ["/opt/MegaCli64 did not end within 60 s and was killed"]
        );
        assert_eq!(
            timed_out(false).chain(),
            ["/opt/MegaCli64 did not end within 60 s and cannot be killed: it is still running"]
        );
    }

    #[test]
    fn an_unsafe_controller_is_a_refusal_and_an_interrupt_its_own_exit_code() {
        let (address, model) = ("0000:18:00.0".to_owned(), "SAS39xx".to_owned());
        let refused = Failure::from(RunError::UnsafeController { address, model });
        assert_eq!(refused.kind().code(), Code::Refused);
        assert_eq!(
            Failure::from(RunError::Interrupted).kind().code(),
            Code::Interrupted
        );
    }
}
