//! `pd clear`: overwriting drives.

use super::act::verbs_on_drives;
use crate::change::physical_drive::{PhysicalDriveAction as Action, Switch};
use crate::commands::verbs;

/// Overwrite drives that belong to nothing, or stop it
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { Start(Start), Stop(Stop) }

verbs_on_drives! {
    /// Overwrite drives with zeros: everything on them is lost
    ///
    /// Only usable drives that belong to nothing and carry no foreign configuration. It takes hours, and
    /// goes on by itself.
    ///
    /// Example: ironkeep pd clear start 252:3 --yes=252:3
    Start = "pd clear start", Action::Clear(Switch::Start);
    /// Stop overwriting drives
    ///
    /// What was overwritten so far stays lost.
    ///
    /// Example: ironkeep pd clear stop 252:3
    Stop = "pd clear stop", Action::Clear(Switch::Stop);
}
