//! The `ironkeep` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ironkeep::cli::main()
}
