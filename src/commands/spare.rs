//! `spare`: hot spares, and whether they fit what they should protect.

pub(super) mod act;
pub(super) mod list;

use super::verbs;

/// List hot spares and the drive groups that they protect, add or remove some
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { List(list::Args), Add(act::Add), Remove(act::Remove) }
