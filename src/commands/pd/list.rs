//! `pd list`: one row a drive, and one for every place that lacks its drive.

use std::str::FromStr;

use ironkeep_parsers::model::{DriveState, PhysicalDrive, Position, TargetId, VirtualDrive};
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::cells;
use crate::commands::join::Join;
use crate::commands::parts::{self, OfController};
use crate::commands::resolve::{Found, Resolver};
use crate::commands::{Provenance, Run};
use crate::host::Target;
use crate::membership::{self, EmptyPlace};
use crate::output::{self, Envelope};
use crate::reading::{Controller, Part, Reading};
use crate::selector::{
    DriveName, DriveSelector, EnclosureSelector, VirtualDriveName, VirtualDriveSelector,
};

/// List the physical drives, and the places of drive groups that lack one
///
/// A place without its drive is a row of its own, in state `missing`, with the size that a
/// replacement needs. Filters add up; several selectors or several states widen the choice.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only these drives: 252:4, c0/252:4, sn=SERIAL, wwn=WWN, id=DEVICE-ID, /dev/sdX
    #[arg(value_name = "DRIVE")]
    drives: Vec<DriveSelector>,

    /// Only drives in this state; may be given several times
    ///
    /// `online`, `rebuild`, `copyback`, `failed`, `offline`, `hot_spare`, `unconfigured_good`,
    /// `unconfigured_bad`, `jbod`, `missing`, `unknown`; `unconfigured` and `shielded` stand for all
    /// states of that kind.
    #[arg(long, value_name = "STATE")]
    state: Vec<StateFilter>,

    /// Only drives in this enclosure (252, c0/252)
    #[arg(long, value_name = "ENCLOSURE")]
    enclosure: Option<EnclosureSelector>,

    /// Only drives of this virtual drive (0, c0/0, name=NAME, /dev/sdX)
    #[arg(long, value_name = "VD")]
    vd: Option<VirtualDriveSelector>,

    /// Only drives that carry a foreign configuration
    #[arg(long)]
    foreign: bool,
}

/// A drive of the list.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct Listed {
    /// The drive.
    #[serde(flatten)]
    pub(super) drive: PhysicalDrive,
    /// The virtual drives that it belongs to; absent where they are not known.
    pub(super) virtual_drives: Option<Vec<TargetId>>,
    /// The block device that the host sees it as, such as `/dev/sdb`; absent for the members of
    /// virtual drives, and where it is not certain.
    pub(super) block_device: Option<String>,
}

/// A place of the list that lacks its drive.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct Empty {
    /// Always `missing`.
    state: &'static str,
    /// The place.
    #[serde(flatten)]
    pub(super) place: EmptyPlace,
}

/// An element of the list.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(in crate::commands) enum Entry {
    Drive(Box<Listed>),
    Empty(Empty),
}

pub(in crate::commands) type Row = OfController<Entry>;

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Row>(&context.output)?;
        let mut reading = context.read(&[
            Part::PhysicalDrives,
            Part::VirtualDrives,
            Part::MissingDrives,
        ])?;
        let names_device = self.names_block_device();
        let join = Join::read(context, &mut reading, |target| {
            names_device || matches!(target, Target::PhysicalDrive(_))
        })?;
        let found = parts::of(context, &reading, Part::PhysicalDrives, known_drives)?;
        parts::mention(context, &reading, Part::VirtualDrives)?;
        if found
            .iter()
            .any(|(controller, _)| !membership::is_known(controller))
        {
            parts::mention(context, &reading, Part::MissingDrives)?;
        }
        for obstacle in join.obstacles(&reading) {
            parts::note(context, &obstacle)?;
        }
        if let Some(words) = self.empty_enclosure(&reading) {
            parts::note(context, &words)?;
        }
        let filter = Filter::new(&self, &Resolver::new(&reading, &join))?;
        let rows: Vec<Row> = found
            .iter()
            .flat_map(|(controller, drives)| rows(controller, drives, &join, &filter))
            .collect();
        let envelope = Envelope::new("pd list", &rows).with(Provenance::of(&reading));
        let nothing = if filter.is_empty() {
            "No physical drives."
        } else {
            "No physical drive matches."
        };
        output::print_list_as(context, &envelope, &rows, nothing)?;
        Ok(Code::Done)
    }
}

impl Args {
    /// What to say where no drive at all is in the enclosure that was named.
    fn empty_enclosure(&self, reading: &Reading) -> Option<String> {
        let wanted = self.enclosure.as_ref()?;
        let drives = || {
            reading.controllers.iter().flat_map(|controller| {
                let drives = controller.physical_drives.iter().flatten();
                drives.map(|drive| (controller.id, drive.enclosure))
            })
        };
        let is_there = drives().any(|(id, enclosure)| wanted.is(id, enclosure));
        let mut others: Vec<String> = drives()
            .filter_map(|(_, it)| Some(it?.to_string()))
            .collect();
        others.sort();
        others.dedup();
        (!is_there).then(|| {
            let number = wanted.enclosure;
            format!(
                "no physical drive is in enclosure {number}; there are drives in: {}",
                others.join(", ")
            )
        })
    }

    /// Whether a selector names a block device.
    fn names_block_device(&self) -> bool {
        let names = |drive: &DriveSelector| matches!(drive.name, DriveName::BlockDevice(_));
        let vd = self.vd.as_ref().map(|vd| &vd.name);
        self.drives.iter().any(names) || matches!(vd, Some(VirtualDriveName::BlockDevice(_)))
    }
}

/// The drives of `controller`; where only the places without a drive were read, none.
fn known_drives(controller: &Controller) -> Option<&[PhysicalDrive]> {
    let no_drives = || {
        let missing = controller.missing_drives.as_ref()?;
        (!missing.is_empty()).then_some(&[][..])
    };
    controller.physical_drives.as_deref().or_else(no_drives)
}

/// The rows of one controller: its drives by place, then the places that lack theirs.
fn rows(
    controller: &Controller,
    drives: &[PhysicalDrive],
    join: &Join,
    filter: &Filter<'_>,
) -> Vec<Row> {
    let mut drives: Vec<_> = drives
        .iter()
        .filter(|drive| filter.keeps(controller, drive))
        .collect();
    drives.sort_by_key(|drive| (drive.enclosure, drive.slot));
    let drives = drives.into_iter().map(|drive| {
        Entry::Drive(Box::new(Listed {
            drive: drive.clone(),
            virtual_drives: membership::targets(controller, drive),
            block_device: drive
                .device_id
                .and_then(|id| join.device(controller, Target::PhysicalDrive(id)))
                .map(|device| format!("/dev/{}", device.name)),
        }))
    });
    let empty = membership::empty_places(controller)
        .into_iter()
        .filter(|place| filter.keeps_empty(controller, place))
        .map(|place| {
            let state = cells::MISSING;
            Entry::Empty(Empty { state, place })
        });
    drives
        .chain(empty)
        .map(|value| OfController {
            controller: controller.id,
            value,
        })
        .collect()
}

/// What was asked for, resolved.
struct Filter<'a> {
    states: &'a [StateFilter],
    enclosure: Option<EnclosureSelector>,
    virtual_drive: Option<Found<'a, VirtualDrive>>,
    foreign: bool,
    drives: Vec<Found<'a, PhysicalDrive>>,
}

impl<'a> Filter<'a> {
    fn new(args: &'a Args, resolver: &Resolver<'a>) -> Result<Self, Failure> {
        let virtual_drive = match &args.vd {
            Some(vd) => Some(resolver.virtual_drive(vd)?),
            None => None,
        };
        if let Some(vd) = virtual_drive
            && vd.value.spans.is_empty()
        {
            let title = cells::virtual_drive_title(vd.value);
            let failure = Failure::new(
                Kind::Hardware,
                format!("the members of {title} were not read"),
            );
            return Err(failure.hint("all of them: ironkeep pd list"));
        }
        Ok(Self {
            states: &args.state,
            enclosure: args.enclosure.clone(),
            virtual_drive,
            foreign: args.foreign,
            drives: args
                .drives
                .iter()
                .map(|drive| resolver.drive(drive))
                .collect::<Result<_, _>>()?,
        })
    }

    fn is_empty(&self) -> bool {
        self.states.is_empty()
            && self.enclosure.is_none()
            && self.virtual_drive.is_none()
            && !self.foreign
            && self.drives.is_empty()
    }

    fn keeps(&self, controller: &Controller, drive: &PhysicalDrive) -> bool {
        let states = || {
            let state = drive.state.as_ref();
            state.is_some_and(|state| self.states.iter().any(|filter| filter.fits(state)))
        };
        let named = |found: &Found<'_, PhysicalDrive>| std::ptr::eq(found.value, drive);
        let in_enclosure = |wanted: &EnclosureSelector| wanted.is(controller.id, drive.enclosure);
        let in_virtual_drive = |wanted: Found<'_, VirtualDrive>| {
            std::ptr::eq(wanted.controller, controller)
                && membership::of(controller, drive)
                    .iter()
                    .any(|membership| std::ptr::eq(membership.virtual_drive, wanted.value))
        };
        (self.states.is_empty() || states())
            && self.enclosure.as_ref().is_none_or(in_enclosure)
            && self.virtual_drive.is_none_or(in_virtual_drive)
            && (!self.foreign || drive.foreign == Some(true))
            && (self.drives.is_empty() || self.drives.iter().any(named))
    }

    /// A place without its drive has no slot and no configuration of its own.
    fn keeps_empty(&self, controller: &Controller, place: &EmptyPlace) -> bool {
        let in_virtual_drive = |wanted: Found<'_, VirtualDrive>| {
            std::ptr::eq(wanted.controller, controller)
                && place.virtual_drives.as_ref().is_some_and(|targets| {
                    wanted
                        .value
                        .target_id
                        .is_some_and(|target| targets.contains(&target))
                })
        };
        (self.states.is_empty() || self.states.contains(&StateFilter::Missing))
            && self.enclosure.is_none()
            && self.virtual_drive.is_none_or(in_virtual_drive)
            && !self.foreign
            && self.drives.is_empty()
    }
}

/// What `--state` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum StateFilter {
    /// A state of the firmware.
    Is(DriveState),
    /// A place without its drive.
    Missing,
    /// All unconfigured states.
    Unconfigured,
    /// All states of a drive under diagnosis.
    Shielded,
}

impl StateFilter {
    fn fits(&self, state: &DriveState) -> bool {
        match self {
            Self::Is(DriveState::Unknown) => {
                matches!(state, DriveState::Unknown | DriveState::Other(_))
            }
            Self::Is(wanted) => wanted == state,
            Self::Missing => false,
            Self::Unconfigured => matches!(
                state,
                DriveState::UnconfiguredGood
                    | DriveState::UnconfiguredBad
                    | DriveState::UnconfiguredShielded
            ),
            Self::Shielded => matches!(
                state,
                DriveState::ConfiguredShielded
                    | DriveState::HotSpareShielded
                    | DriveState::UnconfiguredShielded
            ),
        }
    }
}

impl FromStr for StateFilter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let token = text.to_ascii_lowercase().replace(['-', ' '], "_");
        let known = DriveState::KNOWN.iter();
        match token.as_str() {
            cells::MISSING => Ok(Self::Missing),
            "unconfigured" => Ok(Self::Unconfigured),
            "shielded" => Ok(Self::Shielded),
            "hotspare" | "spare" => Ok(Self::Is(DriveState::HotSpare)),
            token => known
                .clone()
                .find(|state| state.token() == token)
                .map(|state| Self::Is(state.clone()))
                .ok_or_else(|| {
                    let tokens: Vec<_> = known.map(DriveState::token).collect();
                    format!(
                        "expected {}, {}, unconfigured or shielded",
                        tokens.join(", "),
                        cells::MISSING
                    )
                }),
        }
    }
}

impl Entry {
    pub(super) fn drive(&self) -> Option<&PhysicalDrive> {
        match self {
            Self::Drive(listed) => Some(&listed.drive),
            Self::Empty(_) => None,
        }
    }

    pub(super) fn position(&self) -> Option<Position> {
        match self {
            Self::Drive(listed) => listed.drive.position,
            Self::Empty(empty) => empty.place.position,
        }
    }

    pub(super) fn virtual_drives(&self) -> Option<&[TargetId]> {
        match self {
            Self::Drive(listed) => listed.virtual_drives.as_deref(),
            Self::Empty(empty) => empty.place.virtual_drives.as_deref(),
        }
    }
}
