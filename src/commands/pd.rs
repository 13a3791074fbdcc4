//! `pd`: physical drives.

pub(crate) mod act;
pub(super) mod clear;
mod columns;
pub(super) mod copyback;
pub(super) mod erase;
pub(super) mod firmware;
pub(super) mod list;
pub(super) mod locate;
pub(super) mod place;
pub(super) mod rebuild;
pub(super) mod record;
pub(super) mod replace;
pub(crate) mod show;
pub(super) mod state;

use super::verbs;

/// List physical drives, show all that is known of some, or change them
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    List(list::Args),
    Show(show::Args),
    Locate(locate::Args),
    Offline(state::Offline),
    Online(state::Online),
    Missing(state::Missing),
    PrepareRemoval(state::PrepareRemoval),
    MakeGood(state::MakeGood),
    MakeJbod(state::MakeJbod),
    ReplaceMissing(place::Args),
    Rebuild(rebuild::Args),
    Copyback(copyback::Args),
    Clear(clear::Args),
    SecureErase(erase::Args),
    FirmwareDownload(firmware::Args),
    Replace(replace::Args),
}
