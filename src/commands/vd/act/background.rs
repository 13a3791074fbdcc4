//! `vd background-init`: writing redundancy while a virtual drive is in use.

use super::verbs_on_virtual_drives;
use crate::change::virtual_drive::{Step, VirtualDriveAction, Work};
use crate::commands::verbs;

/// Allow, forbid or pause the writing of redundancy in the background
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    Enable(Enable),
    Disable(Disable),
    Stop(Stop),
    Suspend(Suspend),
    Resume(Resume),
}

const fn background(step: Step) -> VirtualDriveAction {
    VirtualDriveAction::Work(Work::Background(step))
}

verbs_on_virtual_drives! {
    /// Allow background initialisation
    ///
    /// The firmware begins by itself, some minutes after a virtual drive was made.
    /// Example: ironkeep vd background-init enable vd0
    Enable = "vd background-init enable", VirtualDriveAction::Work(Work::AllowBackground(true));
    /// Forbid background initialisation
    ///
    /// A consistency check then finds redundancy that was never written.
    /// Example: ironkeep vd background-init disable vd0
    Disable = "vd background-init disable", VirtualDriveAction::Work(Work::AllowBackground(false));
    /// Stop a background initialisation that runs
    ///
    /// The firmware begins again by itself after a while, unless it is disabled.
    /// Example: ironkeep vd background-init stop vd0
    Stop = "vd background-init stop", background(Step::Stop);
    /// Suspend a background initialisation that runs
    ///
    /// Not all firmware can. MegaCLI does not show whether it did: compare two readings.
    /// Example: ironkeep vd background-init suspend vd0
    Suspend = "vd background-init suspend", background(Step::Suspend);
    /// Resume a background initialisation that is suspended
    ///
    /// Not all firmware can. MegaCLI does not show whether it did: compare two readings.
    /// Example: ironkeep vd background-init resume vd0
    Resume = "vd background-init resume", background(Step::Resume);
}
