//! `spare`: hot spares, and whether they fit what they should protect.

mod fit;
pub(super) mod list;

use super::Run;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;

/// List hot spares and the drive groups that they protect
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    List(list::Args),
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        match self.verb {
            Verb::List(args) => args.run(context),
        }
    }
}
