//! `pd offline`, `online`, `missing`, `prepare-removal`, `make-good`, `make-jbod`: the state of drives.

use super::act::{Drives, verbs_on_drives};
use crate::change::physical_drive::PhysicalDriveAction as Action;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::Run;

verbs_on_drives! {
    /// Take drives off line, as if they had failed
    ///
    /// A hot spare that fits begins to rebuild at once. Refused where a span would lose data, where it
    /// is not known whether it would, where something else runs, and for drives that are not on line.
    ///
    /// Example: ironkeep pd offline 252:3
    Offline = "pd offline", Action::Offline;
    /// Put drives that were taken off line back to work
    ///
    /// The controller does not ask how old the data on them is. Refused because of that: a rebuild is
    /// nearly always what is wanted.
    ///
    /// Example: ironkeep pd rebuild start 252:3
    Online = "pd online", Action::Online;
    /// Take drives that are off line or failed out of their drive groups
    ///
    /// Their places are empty then, and wait for other drives (`pd replace-missing`). The drives
    /// themselves belong to nothing any more. Refused for a drive that still works, where a span would
    /// lose data, and while the cache holds data that could not be written.
    ///
    /// Example: ironkeep pd offline 252:3 && ironkeep pd missing 252:3
    Missing = "pd missing", Action::MarkMissing;
    /// Give drives to the host as they are
    ///
    /// Only usable drives that belong to nothing, and only where the controller's JBOD mode is on. The
    /// controller protects nothing on them.
    ///
    /// Example: ironkeep pd make-jbod 252:5
    MakeJbod = "pd make-jbod", Action::MakeJbod;
}

/// Spin drives down that belong to nothing, so that they can be pulled
///
/// Refused for members of drive groups and for hot spares: take them out first (`pd offline` and
/// `pd missing`, `spare remove`).
///
/// Example: ironkeep pd prepare-removal 252:3
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct PrepareRemoval {
    #[command(flatten)]
    drives: Drives,
    /// Spin them up again: they stay
    #[arg(long)]
    undo: bool,
}

impl Run for PrepareRemoval {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let action = if self.undo {
            Action::UndoPrepareRemoval
        } else {
            Action::PrepareRemoval
        };
        self.drives.act(context, "pd prepare-removal", &action)
    }
}

/// Make drives usable that are bad, or that were given to the host
///
/// A bad drive is one that the controller gave up on, or that came with the data of another
/// controller: that shows only afterwards (`foreign list`). With --force also a drive that was given
/// to the host (JBOD), whose data is lost then: refused while anything is mounted or built on it.
///
/// Example: ironkeep pd make-good 252:3
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct MakeGood {
    #[command(flatten)]
    drives: Drives,
    /// Also a drive that was given to the host: what is on it is lost
    #[arg(long)]
    force: bool,
}

impl Run for MakeGood {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let action = Action::MakeGood { force: self.force };
        self.drives.act(context, "pd make-good", &action)
    }
}
