//! `foreign`: drives that carry the configuration of another controller.

pub(super) mod act;
pub(super) mod list;
pub(super) mod preview;
pub(super) mod show;

use ironkeep_parsers::model::{
    DriveGroup, ForeignConfiguration, Member, PhysicalDrive, VirtualDrive,
};

use super::{parts, verbs};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::reading::{Controller, Part, Reading};

/// List, show, preview, import or clear foreign configurations
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    List(list::Args),
    Show(show::Args),
    Preview(preview::Args),
    Import(act::Import),
    Clear(act::Clear),
}

/// The sentence where there is nothing foreign in what was read.
fn nothing(reading: &Reading) -> &'static str {
    let all = |part| {
        reading
            .controllers
            .iter()
            .all(|it: &Controller| it.has(part))
    };
    match (all(Part::ForeignConfigurations), all(Part::PhysicalDrives)) {
        (true, true) => "No foreign configurations and no foreign drives.",
        (true, false) => "No foreign configurations.",
        (false, true) => "No foreign drives.",
        (false, false) => "Nothing foreign in what was read.",
    }
}

/// Reads what is foreign. Either the configurations or the drives are enough to say something.
fn read(context: &mut Context<'_>) -> Result<Reading, Failure> {
    const PARTS: [Part; 2] = [Part::ForeignConfigurations, Part::PhysicalDrives];
    let reading = context.read(&PARTS)?;
    let was_read = |part| {
        reading
            .controllers
            .iter()
            .any(|it: &Controller| it.has(part))
    };
    if !PARTS.into_iter().any(was_read) {
        parts::of(
            context,
            &reading,
            Part::ForeignConfigurations,
            |controller| controller.foreign.as_ref(),
        )?;
    }
    for part in PARTS {
        parts::mention(context, &reading, part)?;
    }
    Ok(reading)
}

/// The drives of `controller` that say they are foreign.
fn drives(controller: &Controller) -> impl Iterator<Item = &PhysicalDrive> {
    let drives = controller.physical_drives.iter().flatten();
    drives.filter(|drive| drive.foreign == Some(true))
}

/// The foreign drives of `controller` that no foreign configuration lists: what they carry was not
/// read, or cannot be (a failed drive, a locked one).
fn unlisted_drives(controller: &Controller) -> Vec<&PhysicalDrive> {
    let listed: Vec<_> = controller
        .foreign
        .iter()
        .flatten()
        .flat_map(members)
        .filter_map(|member| member.drive.as_ref()?.address())
        .collect();
    drives(controller)
        .filter(|drive| drive.address().is_none_or(|at| !listed.contains(&at)))
        .collect()
}

/// The members of a foreign configuration, missing ones included.
fn members(configuration: &ForeignConfiguration) -> impl Iterator<Item = &Member> {
    configuration
        .drive_groups
        .iter()
        .flat_map(|group| &group.spans)
        .flat_map(|span| &span.members)
}

/// The virtual drives of a foreign configuration, each once.
fn virtual_drives(configuration: &ForeignConfiguration) -> Vec<(&DriveGroup, &VirtualDrive)> {
    let mut found: Vec<(&DriveGroup, &VirtualDrive)> = Vec::new();
    for group in &configuration.drive_groups {
        for drive in group.spans.iter().flat_map(|span| &span.virtual_drives) {
            // Each is printed under all of its spans.
            let known = found.iter().any(|(other, known)| {
                std::ptr::eq(*other, group)
                    && (known.number, known.target_id) == (drive.number, drive.target_id)
            });
            if !known {
                found.push((group, drive));
            }
        }
    }
    found
}
