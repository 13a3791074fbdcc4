//! `vd show`: everything that is known of a virtual drive.

use ironkeep_parsers::model::{
    Arm, DriveAddress, DriveState, PhysicalDrive, Position, Span, VirtualDrive,
};
use ironkeep_parsers::units::Bytes;
use jiff::Zoned;
use serde::Serialize;

use super::policies;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::cells;
use crate::commands::fields::ToCell;
use crate::commands::join::Join;
use crate::commands::operation::running::{self, RunningOperation};
use crate::commands::parts::{self, OfController};
use crate::commands::resolve::{Found, Resolver};
use crate::commands::{Run, host_use, show};
use crate::health::redundancy;
use crate::host::{BlockDevice, Target};
use crate::membership::{self, EmptyPlace};
use crate::output::{Align, Cell, Column, Section, Tabular};
use crate::reading::{Part, Reading};
use crate::selector::VirtualDriveSelector;

/// Show all that is known of virtual drives
///
/// Every span with what it survives, every member or empty place, the policies, what runs, and what
/// lives on the block device.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The virtual drives: a target id (0, c0/0, /c0/v0), name=NAME or /dev/sdX
    #[arg(value_name = "VD", required = true)]
    drives: Vec<VirtualDriveSelector>,
}

/// A virtual drive and what hangs on it.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct Shown {
    /// The virtual drive.
    #[serde(flatten)]
    drive: VirtualDrive,
    /// The drive group that it is cut from; absent where no member names it.
    drive_group: Option<u32>,
    /// How many more drives may fail, whichever they are, until data are lost; absent where that is
    /// not known.
    remaining_failures: Option<u32>,
    /// What each span survives.
    redundancy: Vec<SpanRow>,
    /// The places that lack their drive.
    missing_drives: Vec<EmptyPlace>,
    /// What runs on it, and rebuilds and copybacks of its members.
    running: Vec<RunningOperation>,
    /// The block device, with all that is built on it; absent where the host has none, or none for
    /// certain.
    block_device: Option<BlockDevice>,
    /// Why there is no block device; absent where nothing is known of the host.
    no_block_device: Option<String>,
}

/// What a span survives.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
struct SpanRow {
    /// The span.
    span: u32,
    /// Its members, missing ones included.
    members: usize,
    /// Members that hold no data at present.
    lost: u32,
    /// Of those, members that are being rebuilt.
    rebuilding: u32,
    /// How many more may fail; absent where that is not known.
    remaining_failures: Option<u32>,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let mut reading = context.read(&[Part::VirtualDrives])?;
        let join = Join::read(context, &mut reading, |_| true)?;
        read_what_is_needed(context, &mut reading)?;
        parts::of(context, &reading, Part::VirtualDrives, |controller| {
            controller.virtual_drives.as_ref()
        })?;
        let taken = running::taken(context, &reading);
        let resolver = Resolver::new(&reading, &join);
        let found = self.drives.iter().map(|it| resolver.virtual_drive(it));
        let shown = |found| shown(found, &join, taken.as_ref());
        show::each(context, "vd show", &reading, found, shown, sections)
    }
}

/// Asks for the missing drives only where a member is missing, and for progress only where a member
/// is being rebuilt or copied to.
fn read_what_is_needed(context: &mut Context<'_>, reading: &mut Reading) -> Result<(), Failure> {
    let members = || {
        reading
            .controllers
            .iter()
            .flat_map(|controller| controller.virtual_drives.iter().flatten())
            .flat_map(|drive| &drive.spans)
            .flat_map(|span| &span.members)
    };
    let missing = members().any(|member| member.drive.is_none());
    let busy = members()
        .filter_map(|member| member.drive.as_ref()?.state.as_ref())
        .any(|state| matches!(state, DriveState::Rebuild | DriveState::Copyback));
    let mut needed = Vec::new();
    if missing {
        needed.push(Part::MissingDrives);
    }
    if busy {
        needed.extend([Part::PhysicalDrives, Part::DriveOperations]);
    }
    if needed.is_empty() {
        return Ok(());
    }
    context.read_more(reading, &needed)?;
    // The members are there; the list of all drives served the progress alone.
    for part in [Part::MissingDrives, Part::DriveOperations] {
        parts::mention(context, reading, part)?;
    }
    Ok(())
}

fn shown(found: Found<'_, VirtualDrive>, join: &Join, taken: Option<&Zoned>) -> Shown {
    let (controller, drive) = (found.controller, found.value);
    let members: Vec<Option<DriveAddress>> = drive
        .spans
        .iter()
        .flat_map(|span| &span.members)
        .filter_map(|member| member.drive.as_ref())
        .map(PhysicalDrive::address)
        .collect();
    let of_members = running::on_drives(controller, taken)
        .into_iter()
        .filter(|it| it.physical_drive().is_some() && members.contains(&it.physical_drive()));
    let mut running = running::of_operations(controller, &drive.operations, taken);
    running.extend(of_members);
    let device = drive
        .target_id
        .and_then(|target| join.look_up(controller, Target::VirtualDrive(target)));
    let (block_device, no_block_device) = match device {
        Some(Ok(device)) => (Some(device.clone()), None),
        Some(Err(why)) => (None, Some(why.to_string())),
        None => (None, None),
    };
    Shown {
        drive_group: membership::drive_group(drive),
        remaining_failures: redundancy::remaining(drive),
        redundancy: drive
            .spans
            .iter()
            .zip(redundancy::spans(drive))
            .map(|(span, redundancy)| SpanRow {
                span: span.number,
                members: span.members.len(),
                lost: redundancy.lost,
                rebuilding: redundancy.rebuilding,
                remaining_failures: redundancy.remaining,
            })
            .collect(),
        missing_drives: membership::empty_places(controller)
            .into_iter()
            .filter(|place| {
                let targets = place.virtual_drives.as_deref().unwrap_or_default();
                drive
                    .target_id
                    .is_some_and(|target| targets.contains(&target))
            })
            .collect(),
        running,
        block_device,
        no_block_device,
        drive: drive.clone(),
    }
}

/// The sections of one virtual drive. With several, each title names its virtual drive.
fn sections(shown: &OfController<Shown>, several: bool) -> Vec<Section> {
    let drive = &shown.value.drive;
    let title = |title: &str| {
        if several {
            format!(
                "{} {}",
                cells::virtual_drive_title(drive),
                title.to_lowercase()
            )
        } else {
            title.to_owned()
        }
    };
    let host = shown.value.block_device.as_ref().map(host_use::of);
    vec![
        Section::new(title("Virtual drive"), identity(shown)),
        Section::new(title("Layout"), layout(&shown.value)),
        Section::rows(title("Spans"), &shown.value.redundancy),
        Section::rows(title("Drives"), &members(&shown.value)),
        Section::rows(title("Running"), &shown.value.running),
        Section::rows(title("Policies"), &policies::of(drive)),
        Section::new(title("Other"), others(drive)),
        Section::rows(title("Host"), &host.unwrap_or_default()),
    ]
}

fn identity(shown: &OfController<Shown>) -> Vec<(&'static str, Cell)> {
    let Shown {
        drive,
        remaining_failures,
        block_device,
        no_block_device,
        ..
    } = &shown.value;
    let device = match (block_device, no_block_device) {
        (Some(device), _) => Some(format!("/dev/{}", device.name)),
        (None, Some(why)) => Some(format!("not known: {why}")),
        (None, None) => None,
    };
    vec![
        ("Target id", drive.target_id.map(|target| target.0).into()),
        ("Controller", shown.controller.map(|id| id.0).into()),
        ("Name", drive.name.as_ref().into()),
        ("State", drive.state.to_cell()),
        ("Can lose", cells::remaining(*remaining_failures)),
        ("RAID level", drive.raid_level.to_cell()),
        ("Size", drive.size.into()),
        ("Block device", device.into()),
        ("Mounts", host_use::mounts_cell(block_device.as_ref())),
        ("Bad blocks", cells::alarm(drive.bad_blocks)),
    ]
}

fn layout(shown: &Shown) -> Vec<(&'static str, Cell)> {
    let drive = &shown.drive;
    let layout = drive.layout.map(|layout| layout.to_string());
    vec![
        ("Drive group", shown.drive_group.into()),
        ("As printed", layout.into()),
        ("Spans", drive.span_depth.into()),
        ("Drives per span", drive.drives_per_span.into()),
        ("Strip size", drive.strip_size.into()),
        ("Sector size", drive.sector_size.into()),
        ("Parity size", drive.parity_size.into()),
        ("Mirror size", drive.mirror_size.into()),
        (
            "Dedicated hot spares",
            cells::list(&drive.dedicated_hot_spares, "none listed").into(),
        ),
    ]
}

fn others(drive: &VirtualDrive) -> Vec<(&'static str, Cell)> {
    let mut fields = vec![
        ("Place in the controller's list", drive.number.into()),
        ("Encryption", drive.encryption.to_cell()),
        ("PI", drive.protection.to_cell()),
        ("Emulated", drive.emulated.into()),
        (
            "Spins up in one minute",
            drive.spins_up_in_one_minute.into(),
        ),
        ("T10 power conditions", drive.t10_power_conditions.into()),
        (
            "Power saving with cached writes",
            drive.power_saving_with_cached_writes.into(),
        ),
        ("Cached by CacheCade", drive.cached.into()),
        ("CacheCade drive", drive.is_cachecade.into()),
    ];
    if drive.is_cachecade {
        fields.push(("CacheCade type", drive.cachecade_type.to_cell()));
        fields.push(("Serves", cells::targets(Some(&drive.associated))));
    }
    fields
}

/// A member's row, or that of an empty place.
#[derive(Debug, Clone, PartialEq)]
struct MemberRow {
    span: u32,
    arm: Arm,
    drive: Option<PhysicalDrive>,
    /// What a replacement needs, where the place is empty.
    expected_size: Option<Bytes>,
}

fn members(shown: &Shown) -> Vec<MemberRow> {
    let expected = |span: &Span, arm: Arm| {
        let position = Position {
            drive_group: shown.drive_group?,
            span: span.number,
            arm: arm.0,
        };
        let place = |place: &&EmptyPlace| place.position == Some(position);
        shown.missing_drives.iter().find(place)?.expected_size
    };
    let spans = shown.drive.spans.iter();
    spans
        .flat_map(|span| {
            span.members.iter().map(move |member| MemberRow {
                span: span.number,
                arm: member.arm,
                drive: member.drive.clone(),
                expected_size: expected(span, member.arm),
            })
        })
        .collect()
}

impl Tabular for SpanRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("span", "SPAN", Align::Right, |it| it.span.into()),
        Column::new("members", "DRIVES", Align::Right, |it| it.members.into()),
        Column::new("lost", "LOST", Align::Right, |it| it.lost.into()),
        Column::new("rebuilding", "REBUILDING", Align::Right, |it| {
            it.rebuilding.into()
        }),
        Column::new("remaining_failures", "CAN LOSE", Align::Right, |it| {
            cells::remaining(it.remaining_failures)
        }),
    ];
}

/// A cell of a drive; absent for an empty place.
fn of_drive(row: &MemberRow, cell: fn(&PhysicalDrive) -> Cell) -> Cell {
    row.drive.as_ref().map_or(Cell::Absent, cell)
}

impl Tabular for MemberRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("span", "SPAN", Align::Right, |it| it.span.into()),
        Column::new("arm", "ARM", Align::Right, |it| it.arm.0.into()),
        Column::new("drive", "DRIVE", Align::Left, |it| {
            of_drive(it, |drive| drive.address().map(|at| at.to_string()).into())
        }),
        Column::new("state", "STATE", Align::Left, |it| match &it.drive {
            Some(drive) => drive.state.to_cell(),
            None => cells::missing(),
        }),
        Column::new("size", "SIZE", Align::Right, |it| match &it.drive {
            Some(drive) => drive.coerced_size.into(),
            None => it.expected_size.into(),
        }),
        Column::new("serial", "SERIAL", Align::Left, |it| {
            of_drive(it, |drive| drive.serial().into())
        }),
        Column::new("media_errors", "MEDIA ERR", Align::Right, |it| {
            of_drive(it, |drive| drive.media_errors.into())
        }),
        Column::new("predictive_failures", "PRED FAIL", Align::Right, |it| {
            of_drive(it, |drive| drive.predictive_failures.into())
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::check_columns;

    #[test]
    fn columns_are_well_named() {
        check_columns::<SpanRow>();
        check_columns::<MemberRow>();
    }
}
