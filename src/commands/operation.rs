//! `operation`: everything that takes long and runs at present.

pub(super) mod list;
pub(super) mod running;

use super::verbs;

/// Show what is running: rebuilds, checks, initializations, patrol reads
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { List(list::Args) }
