//! `spare`: hot spares, and whether they fit what they should protect.

pub(super) mod list;

use super::verbs;

/// List hot spares and the drive groups that they protect
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { List(list::Args) }
