//! `pd`: physical drives.

mod columns;
pub(super) mod list;
mod record;
pub(super) mod show;

use super::Run;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;

/// List physical drives, or show all that is known of some
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    List(list::Args),
    Show(show::Args),
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        match self.verb {
            Verb::List(args) => args.run(context),
            Verb::Show(args) => args.run(context),
        }
    }
}
