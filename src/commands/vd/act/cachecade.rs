//! `vd cachecade`: caches on flash in front of virtual drives.

use super::create::{controller_of, named};
use super::set::Write;
use super::{Level, read, verbs_on_virtual_drives};
use crate::act::{self, ConsentArgs};
use crate::change::Request;
use crate::change::virtual_drive::{NewVirtualDrive, Purpose, Setting, VirtualDriveAction};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::resolve::Resolver;
use crate::commands::{Run, verbs};
use crate::selector::{DriveSelector, VirtualDriveSelector};

/// Make, delete and assign CacheCade drives: caches on flash
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { Create(Create), Delete(Delete), Assign(Assign), Remove(Remove) }

/// Make a cache of solid state drives
///
/// The drives must be Unconfigured(good) and solid state. With write-back the cache holds writes that
/// are nowhere else: use RAID 1 then.
///
/// Example: ironkeep vd cachecade create 252:6 252:7 --level raid1 --serve vd0
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Create {
    /// The drives: 252:3, sn=SERIAL, wwn=WWN
    #[arg(required = true, value_name = "DRIVE")]
    drives: Vec<DriveSelector>,
    /// RAID level of the cache
    #[arg(
        long,
        value_name = "LEVEL",
        ignore_case = true,
        default_value = "raid0"
    )]
    level: Level,
    /// Its name, at most 15 characters
    #[arg(long)]
    name: Option<String>,
    /// When a write counts as done
    #[arg(long, value_name = "POLICY")]
    write: Option<Write>,
    /// Virtual drives that it serves from the beginning
    #[arg(long, value_name = "VD", num_args = 1..)]
    serve: Vec<VirtualDriveSelector>,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Create {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let more = super::create::NEEDED;
        let (reading, join) = read(context, &self.serve, more.iter().copied())?;
        let resolver = Resolver::new(&reading, &join);
        let controller = controller_of(&resolver, &self.drives)?;
        let mut serves = Vec::new();
        for selector in &self.serve {
            let found = resolver.virtual_drive(selector)?;
            if found.controller.id != Some(controller) {
                let words = format!("{selector} is on another controller than the drives");
                return Err(Failure::new(Kind::Usage, words));
            }
            serves.push(found.value.target_id.ok_or_else(super::untold)?);
        }
        let write = self.write.map(|it| Setting::Write(it.policy()));
        let new = NewVirtualDrive {
            purpose: Purpose::CacheCade {
                name: self.name,
                serves,
            },
            level: self.level.raid(),
            spans: vec![named(&resolver, &self.drives, Some(controller))?],
            size: None,
            strip: None,
            settings: write.into_iter().collect(),
            spares: Vec::new(),
            after: None,
            afterwards: Vec::new(),
        };
        let request = Request {
            controller,
            change: new.into(),
        };
        let command = "vd cachecade create";
        act::carry_out(context, command, &self.consent, &reading, &[request])
    }
}

verbs_on_virtual_drives! {
    /// Delete CacheCade drives
    ///
    /// The virtual drives that it serves get slower. Agree with --yes=vd1.
    /// Example: ironkeep vd cachecade delete vd1
    Delete = "vd cachecade delete", VirtualDriveAction::Delete { cachecade: true };
    /// Put CacheCade before virtual drives
    ///
    /// There has to be a CacheCade drive. Example: ironkeep vd cachecade assign vd0
    Assign = "vd cachecade assign", VirtualDriveAction::Cache(true);
    /// Take CacheCade away from virtual drives
    ///
    /// What the cache holds for them is written first.
    /// Example: ironkeep vd cachecade remove vd0
    Remove = "vd cachecade remove", VirtualDriveAction::Cache(false);
}
