//! Everything between a terminal and a command: flags, environment, streams, exit codes. The only
//! place that reads the environment, asks whether a stream is a terminal, and looks at the clock.

pub mod context;
pub mod exit;
pub mod failure;
pub mod report;
pub mod terminal;
mod run_failure;

use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    exit::Code::Done.into()
}
