//! `vd`: virtual drives.

mod act;
pub(crate) mod list;
mod policies;
pub(super) mod show;

use super::verbs;

/// List, show, make, change and delete virtual drives
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    List(list::Args),
    Show(show::Args),
    Create(act::Create),
    Delete(act::Delete),
    Rename(act::Rename),
    Set(act::Set),
    Init(act::Init),
    Check(act::Check),
    BackgroundInit(act::Background),
    Reconstruct(act::Reconstruct),
    Expand(act::Expand),
    MakeSecure(act::MakeSecure),
    ClearBadBlocks(act::ClearBadBlocks),
    DiscardPreservedCache(act::Discard),
    #[command(name = "cachecade")]
    CacheCade(act::CacheCade),
}
