//! `operation`: everything that takes long and runs at present.

pub(super) mod bars;
pub(crate) mod list;
pub(crate) mod running;
pub(super) mod wait;

use super::verbs;

/// Show what is running, or wait for it: rebuilds, checks, initializations
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { List(list::Args), Wait(wait::Args) }
