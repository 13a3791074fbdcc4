//! `pd secure-erase`: destroying the data of drives.

use super::act::Drives;
use crate::change::physical_drive::{Passes, PhysicalDriveAction as Action};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::Run;

/// Destroy the data of drives that belong to nothing, for good
///
/// By destroying the key of a drive that encrypts by itself (--instant, done in a moment), or by
/// overwriting it, which takes hours. One of --instant, --passes and --stop has to be given.
///
/// Example: ironkeep pd secure-erase 252:3 --instant --yes=252:3
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(flatten)]
    drives: Drives,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct How {
    /// Destroy the key of drives that encrypt by themselves
    #[arg(long)]
    instant: bool,
    /// Overwrite them: simple is once, normal three times, thorough nine times
    #[arg(long, value_name = "HOW", value_parser = ["simple", "normal", "thorough"])]
    passes: Option<String>,
    /// Stop overwriting them
    #[arg(long)]
    stop: bool,
}

impl How {
    fn action(&self) -> Action {
        match self.passes.as_deref() {
            Some("normal") => Action::SecureErase(Passes::Normal),
            Some("thorough") => Action::SecureErase(Passes::Thorough),
            Some(_) => Action::SecureErase(Passes::Simple),
            None if self.stop => Action::StopSecureErase,
            None => Action::InstantSecureErase,
        }
    }
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        self.drives
            .act(context, "pd secure-erase", &self.how.action())
    }
}
