//! `pd rebuild`: rebuilds of drives.

use super::act::verbs_on_drives;
use crate::change::physical_drive::{Control, PhysicalDriveAction as Action};
use crate::commands::verbs;

/// Start, stop, suspend or resume the rebuild of drives
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { Start(Start), Stop(Stop), Suspend(Suspend), Resume(Resume) }

verbs_on_drives! {
    /// Rebuild members that are off line or failed, from the others
    ///
    /// Refused where nothing is left to restore their data from. What is on the drives is overwritten.
    /// It goes on by itself; see how far it is with `operation list`.
    ///
    /// Example: ironkeep pd rebuild start 252:3
    Start = "pd rebuild start", Action::Rebuild(Control::Start);
    /// Stop rebuilds: the drives are off line then
    ///
    /// What was done so far is lost: a rebuild begins anew.
    ///
    /// Example: ironkeep pd rebuild stop 252:3
    Stop = "pd rebuild stop", Action::Rebuild(Control::Stop);
    /// Let rebuilds pause
    ///
    /// Meanwhile the virtual drives have no more redundancy than before. Not every firmware can do it.
    ///
    /// Example: ironkeep pd rebuild suspend 252:3
    Suspend = "pd rebuild suspend", Action::Rebuild(Control::Suspend);
    /// Let rebuilds go on that pause
    ///
    /// Example: ironkeep pd rebuild resume 252:3
    Resume = "pd rebuild resume", Action::Rebuild(Control::Resume);
}
