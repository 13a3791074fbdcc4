//! `vd init`: overwriting virtual drives with zeros.

use super::verbs_on_virtual_drives;
use crate::act::ConsentArgs;
use crate::change::virtual_drive::{VirtualDriveAction, Work};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::{Run, verbs};
use crate::selector::VirtualDriveSelector;

/// Overwrite virtual drives with zeros, or stop that
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { Start(Start), Stop(Stop) }

/// Overwrite virtual drives: all data on them is lost
///
/// Refused while the host uses one, and while something runs on it. Without --full only the beginning
/// and the end are overwritten, which takes a moment. Agree with --yes=vd0.
///
/// Example: ironkeep vd init start --full vd1
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Start {
    /// The virtual drives: 0, c0/0, name=NAME, /dev/sdX
    #[arg(required = true, value_name = "VD")]
    drives: Vec<VirtualDriveSelector>,
    /// Overwrite all of it, which takes hours
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Start {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let drives = super::VirtualDrives {
            drives: self.drives,
            consent: self.consent,
        };
        let action = VirtualDriveAction::Work(Work::Initialize { full: self.full });
        drives.act(context, "vd init start", &[action])
    }
}

verbs_on_virtual_drives! {
    /// Stop an initialisation that runs
    ///
    /// What is overwritten by then stays so.
    /// Example: ironkeep vd init stop vd0
    Stop = "vd init stop", VirtualDriveAction::Work(Work::StopInitialization);
}
