//! `vd`: virtual drives.

pub(super) mod list;
mod policies;
pub(super) mod show;

use super::verbs;

/// List virtual drives, or show all that is known of some
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { List(list::Args), Show(show::Args) }
