//! `pd show`: everything that is known of a drive, and what becomes of the data if it is pulled.

use std::cmp::Reverse;

use ironkeep_parsers::model::{DriveState, PhysicalDrive, RaidLevel, TargetId, VirtualDriveState};
use jiff::Zoned;
use serde::Serialize;

use super::record;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::cells;
use crate::commands::fields::{ToCell, capitalised};
use crate::commands::join::Join;
use crate::commands::operation::running::{self, RunningOperation};
use crate::commands::parts::{self, OfController};
use crate::commands::resolve::{Found, Resolver};
use crate::commands::{Run, host_use, show};
use crate::health::redundancy::{self, Pulled};
use crate::host::{BlockDevice, Target};
use crate::membership::{self, Membership};
use crate::output::{Align, Cell, Column, Section, Tabular, Tone, human};
use crate::reading::Part;
use crate::selector::DriveSelector;

/// Show all that is known of physical drives
///
/// Says which virtual drives a drive belongs to, and whether their data survive if it is pulled. That
/// is what the states tell, no promise: compare the serial number with the label before pulling.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The drives: 252:4, c0/252:4, sn=SERIAL, wwn=WWN, id=DEVICE-ID, /dev/sdX
    #[arg(value_name = "DRIVE", required = true)]
    drives: Vec<DriveSelector>,
}

/// A drive and what hangs on it.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct Shown {
    /// The drive.
    #[serde(flatten)]
    drive: PhysicalDrive,
    /// Its places in virtual drives; absent where they are not known.
    virtual_drives: Option<Vec<Place>>,
    /// What becomes of the data if it is pulled, in words.
    if_pulled: String,
    /// Rebuilds and copybacks of it that run.
    operations: Vec<RunningOperation>,
    /// What the host sees it as; absent where it does not, or not for certain.
    block_device: Option<BlockDevice>,
}

/// A drive's place in a virtual drive.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
struct Place {
    /// Target id.
    target_id: Option<TargetId>,
    /// Name.
    name: Option<String>,
    /// State.
    state: Option<VirtualDriveState>,
    /// RAID level.
    raid_level: Option<RaidLevel>,
    /// The span.
    span: u32,
    /// The arm.
    arm: u32,
    /// What becomes of the data if the drive is pulled.
    if_pulled: Pulled,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let mut reading = context.read(&[
            Part::PhysicalDrives,
            Part::VirtualDrives,
            Part::DriveOperations,
        ])?;
        let join = Join::read(context, &mut reading, |_| true)?;
        parts::of(context, &reading, Part::PhysicalDrives, |controller| {
            controller.physical_drives.as_ref()
        })?;
        parts::mention(context, &reading, Part::VirtualDrives)?;
        let taken = running::taken(context, &reading);
        let resolver = Resolver::new(&reading, &join);
        let found = self.drives.iter().map(|it| resolver.drive(it));
        let shown = |found| shown(found, &join, taken.as_ref());
        show::each(context, "pd show", &reading, found, shown, sections)
    }
}

fn shown(found: Found<'_, PhysicalDrive>, join: &Join, taken: Option<&Zoned>) -> Shown {
    let (controller, drive) = (found.controller, found.value);
    let memberships = membership::of(controller, drive);
    let places: Vec<Place> = memberships.iter().map(place).collect();
    let known = membership::is_known(controller);
    Shown {
        if_pulled: if_pulled(drive, &places, known),
        virtual_drives: (known || !places.is_empty()).then_some(places),
        operations: running::on_drives(controller, taken)
            .into_iter()
            .filter(|it| it.physical_drive().is_some() && it.physical_drive() == drive.address())
            .collect(),
        block_device: drive
            .device_id
            .and_then(|id| join.device(controller, Target::PhysicalDrive(id)))
            .cloned(),
        drive: drive.clone(),
    }
}

fn place(membership: &Membership<'_>) -> Place {
    let drive = membership.virtual_drive;
    let member = membership
        .span
        .members
        .iter()
        .find(|member| member.arm == membership.arm);
    Place {
        target_id: drive.target_id,
        name: drive.name.clone(),
        state: drive.state.clone(),
        raid_level: drive.raid_level.clone(),
        span: membership.span.number,
        arm: membership.arm.0,
        if_pulled: member.map_or(Pulled::Unknown, |member| {
            redundancy::pulled(drive, membership.span, member)
        }),
    }
}

/// What becomes of the data if a drive is pulled, in words.
pub(crate) fn cost(found: Found<'_, PhysicalDrive>) -> String {
    let memberships = membership::of(found.controller, found.value);
    let places: Vec<Place> = memberships.iter().map(place).collect();
    if_pulled(found.value, &places, membership::is_known(found.controller))
}

/// The worst that becomes of any virtual drive, in a sentence. Information, no promise.
fn if_pulled(drive: &PhysicalDrive, places: &[Place], known: bool) -> String {
    if let Some(worst) = places.iter().max_by_key(|place| severity(place.if_pulled)) {
        let target = human::or_unknown(worst.target_id);
        return format!("virtual drive {target} {}", words(worst.if_pulled));
    }
    if drive.state == Some(DriveState::Jbod) {
        return "the host loses the drive and what is on it".to_owned();
    }
    if !known {
        return "not known: the members of the virtual drives were not read".to_owned();
    }
    match &drive.state {
        Some(DriveState::HotSpare | DriveState::HotSpareShielded) => {
            "no data are lost; drive groups lose their hot spare"
        }
        Some(DriveState::Copyback) => "the copyback to it ends; no virtual drive uses it yet",
        Some(
            DriveState::UnconfiguredGood
            | DriveState::UnconfiguredBad
            | DriveState::UnconfiguredShielded,
        ) if drive.foreign == Some(true) => {
            "no virtual drive uses it; its foreign configuration goes with it"
        }
        _ => "no virtual drive uses it",
    }
    .to_owned()
}

/// How bad it is, rising; of two that survive, the one that survives less then.
fn severity(pulled: Pulled) -> (u8, Reverse<u32>) {
    match pulled {
        Pulled::HoldsNothing => (0, Reverse(0)),
        Pulled::Survives(more) => (1, Reverse(more)),
        Pulled::Unknown => (2, Reverse(0)),
        Pulled::MayLose => (3, Reverse(0)),
        Pulled::OffLine => (4, Reverse(0)),
        Pulled::Loses => (5, Reverse(0)),
    }
}

fn words(pulled: Pulled) -> String {
    match pulled {
        Pulled::HoldsNothing => "loses nothing: the drive holds none of its data now".to_owned(),
        Pulled::Survives(0) => "survives, but no further loss".to_owned(),
        Pulled::Survives(more) => format!("survives, and then the loss of {more} more"),
        Pulled::Unknown => "may or may not survive: the states do not tell".to_owned(),
        Pulled::MayLose => "may lose its data: it depends on which drives hold copies".to_owned(),
        Pulled::OffLine => "is off line; the drive may be needed to get it back".to_owned(),
        Pulled::Loses => "would lose its data".to_owned(),
    }
}

fn tone(pulled: Pulled) -> Tone {
    match pulled {
        Pulled::HoldsNothing => Tone::Neutral,
        Pulled::Survives(_) => Tone::Good,
        Pulled::Unknown => Tone::Warn,
        Pulled::MayLose | Pulled::OffLine | Pulled::Loses => Tone::Bad,
    }
}

/// The sections of one drive. With several drives, each title names its drive.
fn sections(drive: &OfController<Shown>, several: bool) -> Vec<Section> {
    let shown = &drive.value;
    let address = shown.drive.address();
    let lead = match address {
        Some(address) if several => format!("{address} "),
        _ => String::new(),
    };
    let title = |title: &str| {
        if lead.is_empty() {
            capitalised(title)
        } else {
            format!("{lead}{title}")
        }
    };
    let titled = |fields: Vec<(&'static str, record::Fields)>| {
        let sections = fields.into_iter();
        sections.map(|(name, fields)| Section::new(title(name), fields))
    };
    let mut sections: Vec<Section> =
        titled(record::foremost(&shown.drive, drive.controller)).collect();
    sections.push(Section::new(
        title("virtual drives"),
        vec![
            (
                "Belongs to",
                match &shown.virtual_drives {
                    None => Cell::state("unknown", "unknown", Tone::Warn),
                    Some(places) if places.is_empty() => "none".into(),
                    Some(places) => {
                        let targets: Vec<_> =
                            places.iter().filter_map(|place| place.target_id).collect();
                        cells::list(&targets, "").into()
                    }
                },
            ),
            ("If pulled", shown.if_pulled.as_str().into()),
        ],
    ));
    let places = shown.virtual_drives.as_deref().unwrap_or_default();
    sections.push(Section::rows(title("places"), places));
    sections.push(Section::rows(title("running"), &shown.operations));
    if let Some(device) = &shown.block_device {
        sections.push(Section::rows(title("host"), &host_use::of(device)));
    }
    sections.extend(titled(record::others(&shown.drive)));
    sections
}

impl Tabular for Place {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("virtual_drive", "VD", Align::Right, |it| {
            it.target_id.map(|target| target.0).into()
        }),
        Column::new("name", "NAME", Align::Left, |it| it.name.as_ref().into()),
        Column::new("state", "STATE", Align::Left, |it| it.state.to_cell()),
        Column::new("raid_level", "RAID LEVEL", Align::Left, |it| {
            it.raid_level.to_cell()
        }),
        Column::new("span", "SPAN", Align::Right, |it| it.span.into()),
        Column::new("arm", "ARM", Align::Right, |it| it.arm.into()),
        Column::new(
            "if_pulled",
            "IF THE DRIVE IS PULLED IT…",
            Align::Prose,
            |it| {
                let words = words(it.if_pulled);
                Cell::state(words.clone(), words, tone(it.if_pulled))
            },
        ),
    ];
}
