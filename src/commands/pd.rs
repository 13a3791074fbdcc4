//! `pd`: physical drives.

pub(crate) mod act;
mod columns;
pub(super) mod list;
pub(super) mod record;
pub(super) mod show;

use super::verbs;

/// List physical drives, or show all that is known of some
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    List(list::Args),
    Show(show::Args),
    Offline(act::Offline),
    Online(act::Online),
}
