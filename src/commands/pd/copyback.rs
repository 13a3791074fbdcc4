//! `pd copyback`: copying members onto other drives.

use super::act::{read, request, verbs_on_drives};
use crate::act::{self, ConsentArgs};
use crate::change::physical_drive::{Copyback, NamedDrive, PhysicalDriveAction as Action};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::resolve::Resolver;
use crate::commands::{Run, verbs};
use crate::reading::Part;
use crate::selector::DriveSelector;

/// Copy a member onto another drive, or stop, suspend, resume it
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { Start(Start), Stop(Stop), Suspend(Suspend), Resume(Resume) }

/// Copy a member onto another drive, which takes its place then
///
/// The better way to take a failing drive out while it can still be read: redundancy stays all the
/// time. The other drive is a hot spare or belongs to nothing, and fits: as large, and of the same kind.
/// What is on it is overwritten. Afterwards the first drive belongs to nothing.
///
/// Example: ironkeep pd copyback start 252:3 --to 252:7
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Start {
    /// The member to copy: 252:3, sn=SERIAL, wwn=WWN, /dev/sdX
    #[arg(value_name = "DRIVE")]
    drive: DriveSelector,
    /// The drive to copy it to
    #[arg(long, value_name = "DRIVE")]
    to: DriveSelector,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Start {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let selectors = [self.drive, self.to];
        let parts = [Part::VirtualDrives, Part::DriveOperations];
        let (reading, join) = read(context, &selectors, &parts)?;
        let resolver = Resolver::new(&reading, &join);
        let [from, to] = &selectors;
        let (from, to) = (resolver.drive(from)?, resolver.drive(to)?);
        if from.controller.id != to.controller.id {
            let words =
                "the two drives are on different controllers, which copy nothing to each other";
            return Err(Failure::new(Kind::Usage, words).hint("where they are: ironkeep pd list"));
        }
        let to = NamedDrive::of(to.value)
            .ok_or_else(|| Failure::new(Kind::Hardware, "where the target sits is not told"))?;
        let request = request(from, Action::Copyback(Copyback::Start { to }))?;
        let command = "pd copyback start";
        act::carry_out(context, command, &self.consent, &reading, &[request])
    }
}

verbs_on_drives! {
    /// Stop copybacks, named by the drives that they write to
    ///
    /// The members stay where they are, and nothing is lost but the time.
    ///
    /// Example: ironkeep pd copyback stop 252:7
    Stop = "pd copyback stop", Action::Copyback(Copyback::Stop);
    /// Let copybacks pause, named by the drives that they write to
    ///
    /// Not every firmware can do it.
    ///
    /// Example: ironkeep pd copyback suspend 252:7
    Suspend = "pd copyback suspend", Action::Copyback(Copyback::Suspend);
    /// Let copybacks go on that pause, named by the drives that they write to
    ///
    /// Example: ironkeep pd copyback resume 252:7
    Resume = "pd copyback resume", Action::Copyback(Copyback::Resume);
}
