//! `pd offline`, `pd online` and the other changes of physical drives.

use crate::act::{self, ConsentArgs};
use crate::change::physical_drive::{NamedDrive, PhysicalDriveAction};
use crate::change::{PhysicalDriveChange, Request};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::join::Join;
use crate::commands::resolve::{Found, Resolver};
use crate::reading::{Part, Reading};
use crate::selector::{DriveName, DriveSelector};

use ironkeep_parsers::model::PhysicalDrive;

/// The drives that a command acts on, and somebody's consent.
#[derive(Debug, clap::Args)]
pub(super) struct Drives {
    /// The drives: 252:3, sn=SERIAL, wwn=WWN, /dev/sdX
    #[arg(required = true, value_name = "DRIVE")]
    drives: Vec<DriveSelector>,
    #[command(flatten)]
    pub(super) consent: ConsentArgs,
}

impl Drives {
    /// Carries out `action` on each of the drives.
    pub(super) fn act(
        self,
        context: &mut Context<'_>,
        command: &str,
        action: &PhysicalDriveAction,
    ) -> Result<Code, Failure> {
        on_each(context, command, &self.drives, &self.consent, action)
    }
}

/// Carries out `action` on each drive that `selectors` name.
pub(super) fn on_each(
    context: &mut Context<'_>,
    command: &str,
    selectors: &[DriveSelector],
    consent: &ConsentArgs,
    action: &PhysicalDriveAction,
) -> Result<Code, Failure> {
    let (reading, join) = read(context, selectors, action.parts())?;
    let resolver = Resolver::new(&reading, &join);
    let mut requests = Vec::new();
    for selector in selectors {
        let request = request(resolver.drive(selector)?, action.clone())?;
        if !requests.contains(&request) {
            requests.push(request);
        }
    }
    act::carry_out(context, command, consent, &reading, &requests)
}

/// Reads what selectors need, and `more`.
pub(crate) fn read(
    context: &mut Context<'_>,
    selectors: &[DriveSelector],
    more: &[Part],
) -> Result<(Reading, Join), Failure> {
    let mut parts = vec![Part::PhysicalDrives];
    parts.extend(more.iter().filter(|&&part| part != Part::PhysicalDrives));
    let mut reading = context.read(&act::parts(&parts))?;
    let by_node = |it: &DriveSelector| matches!(it.name, DriveName::BlockDevice(_));
    let by_node = selectors.iter().any(by_node);
    let join = Join::read(context, &mut reading, |_| by_node)?;
    Ok((reading, join))
}

/// The request to do `action` to the drive that was found.
pub(crate) fn request(
    found: Found<'_, PhysicalDrive>,
    action: PhysicalDriveAction,
) -> Result<Request, Failure> {
    let named = NamedDrive::of(found.value).zip(found.controller.id);
    let (drive, controller) = named.ok_or_else(|| {
        let words = "the tool does not tell where this drive sits, so nothing can be done to it";
        Failure::new(Kind::Hardware, words).hint("what is known of it: ironkeep pd list")
    })?;
    Ok(Request {
        controller,
        change: PhysicalDriveChange { drive, action }.into(),
    })
}

/// Declares the verbs that take drives alone and do one thing to each.
macro_rules! verbs_on_drives {
    ($( $(#[doc = $doc:literal])+ $name:ident = $command:literal, $action:expr; )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, clap::Args)]
            pub(in crate::commands) struct $name {
                #[command(flatten)]
                drives: $crate::commands::pd::act::Drives,
            }

            impl $crate::commands::Run for $name {
                fn run(
                    self,
                    context: &mut $crate::cli::context::Context<'_>,
                ) -> Result<$crate::cli::exit::Code, $crate::cli::failure::Failure> {
                    self.drives.act(context, $command, &$action)
                }
            }
        )+
    };
}
pub(super) use verbs_on_drives;
