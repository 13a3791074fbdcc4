//! `vd check`: comparing redundancy with the data.

use super::verbs_on_virtual_drives;
use crate::act::ConsentArgs;
use crate::change::virtual_drive::{Step, VirtualDriveAction, Work};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::{Run, verbs};
use crate::selector::VirtualDriveSelector;

/// Compare redundancy with the data: start, stop, suspend, resume
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { Start(Start), Stop(Stop), Suspend(Suspend), Resume(Resume) }

/// Start a consistency check
///
/// Reads all of a virtual drive and mends redundancy that does not agree with the data. Harmless; it
/// slows the host down for hours. Refused where a drive is lost, and while something else runs.
///
/// Example: ironkeep vd check start vd0
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Start {
    /// The virtual drives: 0, c0/0, name=NAME, /dev/sdX
    #[arg(required = true, value_name = "VD")]
    drives: Vec<VirtualDriveSelector>,
    /// Also where redundancy was never written: it is written then
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Start {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let drives = super::VirtualDrives {
            drives: self.drives,
            consent: self.consent,
        };
        let (step, force) = (Step::Start, self.force);
        let action = VirtualDriveAction::Work(Work::Check { step, force });
        drives.act(context, "vd check start", &[action])
    }
}

const fn check(step: Step) -> VirtualDriveAction {
    VirtualDriveAction::Work(Work::Check { step, force: false })
}

verbs_on_virtual_drives! {
    /// Stop a consistency check that runs
    ///
    /// The next one begins anew.
    /// Example: ironkeep vd check stop vd0
    Stop = "vd check stop", check(Step::Stop);
    /// Suspend a consistency check that runs
    ///
    /// Not all firmware can. MegaCLI does not show whether it did: compare two readings.
    /// Example: ironkeep vd check suspend vd0
    Suspend = "vd check suspend", check(Step::Suspend);
    /// Resume a consistency check that is suspended
    ///
    /// Not all firmware can. MegaCLI does not show whether it did: compare two readings.
    /// Example: ironkeep vd check resume vd0
    Resume = "vd check resume", check(Step::Resume);
}
