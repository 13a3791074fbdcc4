//! `vd reconstruct` and `vd expand`: another level, more drives, more room.

use ironkeep_parsers::units::Percent;

use super::{Level, read, request};
use crate::act::{self, ConsentArgs};
use crate::change::virtual_drive::{Reshape, VirtualDriveAction};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::commands::resolve::Resolver;
use crate::reading::Part;
use crate::selector::{DriveSelector, VirtualDriveSelector};

/// Rewrite a virtual drive with another RAID level, or on more drives
///
/// RAID 0, 1, 5 and 6 of one span, alone on their drives, while all drives work. It goes on in the
/// background for hours to days, can neither be stopped nor undone, and a power cut without a working
/// battery may lose everything: have a backup.
///
/// Example: ironkeep vd reconstruct vd0 --level raid6 --add 252:4
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Reconstruct {
    /// The virtual drive: 0, c0/0, name=NAME, /dev/sdX
    #[arg(value_name = "VD")]
    drive: VirtualDriveSelector,
    /// The RAID level afterwards; the same as now unless given
    #[arg(long, value_name = "LEVEL", ignore_case = true)]
    level: Option<Level>,
    /// Drives to add: 252:3, sn=SERIAL, wwn=WWN
    #[arg(long, value_name = "DRIVE", num_args = 1..)]
    add: Vec<DriveSelector>,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Reconstruct {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let more = [
            Part::PhysicalDrives,
            Part::DriveOperations,
            Part::CacheProtection,
        ];
        let selectors = [self.drive.clone()];
        let (reading, join) = read(context, &selectors, more)?;
        let resolver = Resolver::new(&reading, &join);
        let found = resolver.virtual_drive(&self.drive)?;
        let level = self.level.map(Level::raid);
        let level = level.or_else(|| found.value.raid_level.clone());
        let level = level.ok_or_else(|| {
            let words = "the tool does not tell the RAID level of this virtual drive";
            Failure::new(Kind::Usage, words).hint("name the level: --level")
        })?;
        let add = super::create::named(&resolver, &self.add, found.controller.id)?;
        let action = Reshape::Reconstruct { level, add };
        let request = request(found, VirtualDriveAction::Reshape(action))?;
        let command = "vd reconstruct";
        act::carry_out(context, command, &self.consent, &reading, &[request])
    }
}

/// Let a virtual drive have more of the room that its drives have left
///
/// For drives that were replaced by larger ones. Not all firmware can. File systems on it do not grow by
/// themselves.
///
/// Example: ironkeep vd expand vd0 --percent 100
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Expand {
    #[command(flatten)]
    drives: super::VirtualDrives,
    /// How much of the room that is left
    #[arg(long, value_name = "1-100", value_parser = clap::value_parser!(u32).range(1..=100))]
    percent: u32,
}

impl Run for Expand {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let part = Percent(self.percent);
        let action = VirtualDriveAction::Reshape(Reshape::Expand { part });
        self.drives.act(context, "vd expand", &[action])
    }
}
