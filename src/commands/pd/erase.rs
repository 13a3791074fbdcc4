//! `pd secure-erase`: destroying the data of drives.

use super::act::{Drives, verbs_on_drives};
use crate::change::physical_drive::{Passes, PhysicalDriveAction as Action};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::{Run, verbs};

/// Destroy the data of drives that belong to nothing, or stop it
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { Start(Start), Stop(Stop) }

/// Destroy the data of drives that belong to nothing, for good
///
/// By overwriting them, which takes hours and goes on by itself, or by destroying the key of drives that
/// encrypt by themselves (--instant), which is done in a moment.
///
/// Example: ironkeep pd secure-erase start 252:3 --instant --yes=252:3
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Start {
    #[command(flatten)]
    drives: Drives,
    /// How often to overwrite them: simple is once, normal three times, thorough nine times
    #[arg(
        long, value_name = "HOW", value_parser = ["simple", "normal", "thorough"],
        default_value = "simple"
    )]
    passes: String,
    /// Destroy the key of drives that encrypt by themselves instead
    #[arg(long, conflicts_with = "passes")]
    instant: bool,
}

impl Run for Start {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let action = match self.passes.as_str() {
            _ if self.instant => Action::InstantSecureErase,
            "normal" => Action::SecureErase(Passes::Normal),
            "thorough" => Action::SecureErase(Passes::Thorough),
            _ => Action::SecureErase(Passes::Simple),
        };
        self.drives.act(context, "pd secure-erase start", &action)
    }
}

verbs_on_drives! {
    /// Stop overwriting drives
    ///
    /// What was overwritten so far stays lost.
    ///
    /// Example: ironkeep pd secure-erase stop 252:3
    Stop = "pd secure-erase stop", Action::StopSecureErase;
}
