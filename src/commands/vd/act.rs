//! `vd delete`, `vd rename` and the other changes of virtual drives.

mod background;
mod cachecade;
mod check;
mod create;
mod discard;
mod init;
mod reshape;
mod set;

use crate::act::{self, ConsentArgs};
use crate::change::virtual_drive::{NamedVirtualDrive, VirtualDriveAction};
use crate::change::{Request, VirtualDriveChange};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::commands::join::Join;
use crate::commands::resolve::{Found, Resolver};
use crate::reading::{Part, Reading};
use crate::selector::{VirtualDriveName, VirtualDriveSelector};

use ironkeep_parsers::model::VirtualDrive;

pub(super) use background::Args as Background;
pub(super) use cachecade::Args as CacheCade;
pub(super) use check::Args as Check;
pub(super) use create::Args as Create;
use create::Level;
pub(super) use discard::Args as Discard;
pub(super) use init::Args as Init;
pub(super) use reshape::{Expand, Reconstruct};
pub(super) use set::Args as Set;

/// The virtual drives that a command acts on, and somebody's consent.
#[derive(Debug, clap::Args)]
struct VirtualDrives {
    /// The virtual drives: 0, c0/0, name=NAME, /dev/sdX
    #[arg(required = true, value_name = "VD")]
    drives: Vec<VirtualDriveSelector>,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl VirtualDrives {
    /// Carries out `actions` on each of the virtual drives.
    fn act(
        &self,
        context: &mut Context<'_>,
        command: &str,
        actions: &[VirtualDriveAction],
    ) -> Result<Code, Failure> {
        let more = actions.iter().flat_map(VirtualDriveAction::parts);
        let (reading, join) = read(context, &self.drives, more.copied())?;
        let resolver = Resolver::new(&reading, &join);
        let mut requests = Vec::new();
        for selector in &self.drives {
            let found = resolver.virtual_drive(selector)?;
            for action in actions {
                let request = request(found, action.clone())?;
                if !requests.contains(&request) {
                    requests.push(request);
                }
            }
        }
        act::carry_out(context, command, &self.consent, &reading, &requests)
    }
}

/// Reads what selectors need, and `more`.
fn read(
    context: &mut Context<'_>,
    selectors: &[VirtualDriveSelector],
    more: impl IntoIterator<Item = Part>,
) -> Result<(Reading, Join), Failure> {
    let mut parts = vec![Part::VirtualDrives];
    for part in more {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let mut reading = context.read(&act::parts(&parts))?;
    let by_node = |it: &VirtualDriveSelector| matches!(it.name, VirtualDriveName::BlockDevice(_));
    let by_node = selectors.iter().any(by_node);
    let join = Join::read(context, &mut reading, |_| by_node)?;
    Ok((reading, join))
}

/// The request to do `action` to the virtual drive that was found.
fn request(found: Found<'_, VirtualDrive>, action: VirtualDriveAction) -> Result<Request, Failure> {
    let named = NamedVirtualDrive::of(found.value).zip(found.controller.id);
    let (drive, controller) = named.ok_or_else(untold)?;
    Ok(Request {
        controller,
        change: VirtualDriveChange { drive, action }.into(),
    })
}

/// Nothing can be named.
fn untold() -> Failure {
    let words =
        "the tool does not tell the target id of this virtual drive, so nothing can be done to it";
    Failure::new(Kind::Hardware, words).hint("what is known of it: ironkeep vd list")
}

/// Declares the verbs that take virtual drives alone and do one thing to each.
macro_rules! verbs_on_virtual_drives {
    ($( $(#[doc = $doc:literal])+ $name:ident = $command:literal, $action:expr; )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, clap::Args)]
            pub(in crate::commands) struct $name {
                #[command(flatten)]
                drives: $crate::commands::vd::act::VirtualDrives,
            }

            impl $crate::commands::Run for $name {
                fn run(
                    self,
                    context: &mut $crate::cli::context::Context<'_>,
                ) -> Result<$crate::cli::exit::Code, $crate::cli::failure::Failure> {
                    self.drives.act(context, $command, &[$action])
                }
            }
        )+
    };
}
use verbs_on_virtual_drives;

verbs_on_virtual_drives! {
    /// Delete virtual drives, and all data on them
    ///
    /// Refused while the host uses one: mounted, swap, LVM, md or anything else built on it. The drives
    /// are free then, and the data is lost. Agree with --yes=vd0. A reboot may give other virtual drives
    /// other numbers.
    ///
    /// Example: ironkeep vd delete vd1
    Delete = "vd delete", VirtualDriveAction::Delete { cachecade: false };
    /// Secure virtual drives with the controller's key, for good
    ///
    /// All drives must encrypt by themselves, and the controller must have a key. It cannot be undone
    /// but by deleting the virtual drive: who loses key and controller loses the data.
    ///
    /// Example: ironkeep vd make-secure vd0
    MakeSecure = "vd make-secure", VirtualDriveAction::MakeSecure;
    /// Forget which blocks of virtual drives are known to be lost
    ///
    /// Refused because the list is the only witness of lost data: restore the data first, then clear it
    /// with the --override that the refusal names.
    ///
    /// Example: ironkeep vd clear-bad-blocks vd0 --dry-run
    ClearBadBlocks = "vd clear-bad-blocks", VirtualDriveAction::ClearBadBlocks;
}

/// Give a virtual drive a name
///
/// At most 15 characters, without blanks: MegaCLI damages its own request with a longer one. Harmless;
/// nothing on the host depends on the name.
///
/// Example: ironkeep vd rename vd0 data
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Rename {
    /// The virtual drive: 0, c0/0, name=NAME, /dev/sdX
    #[arg(value_name = "VD")]
    drive: VirtualDriveSelector,
    /// The name
    name: String,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Rename {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let drives = VirtualDrives {
            drives: vec![self.drive],
            consent: self.consent,
        };
        let action = VirtualDriveAction::Rename(self.name);
        drives.act(context, "vd rename", &[action])
    }
}
