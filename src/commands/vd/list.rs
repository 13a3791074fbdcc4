//! `vd list`: one row a virtual drive.

use ironkeep_parsers::model::{CachePolicy, DriveState, VirtualDrive};
use serde::Serialize;

use super::policies;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::cells;
use crate::commands::fields::ToCell;
use crate::commands::join::Join;
use crate::commands::parts::{self, OfController};
use crate::commands::{Provenance, Run, host_use};
use crate::health::redundancy;
use crate::host::{BlockDevice, Target};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Tabular};
use crate::reading::{Controller, Part};

/// List the virtual drives, what they survive and what lives on them
///
/// CAN LOSE is how many more drives may fail, whichever they are, until data are lost: the least
/// over all spans. The block device is shown where it is certain.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// A virtual drive of the list.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Listed {
    /// The virtual drive.
    #[serde(flatten)]
    drive: VirtualDrive,
    /// How many more drives may fail, whichever they are, until data are lost; absent where that is
    /// not known.
    remaining_failures: Option<u32>,
    /// The block device, with all that is built on it; absent where the host has none, or none for
    /// certain.
    block_device: Option<BlockDevice>,
}

pub(crate) type Row = OfController<Listed>;

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Row>(&context.output)?;
        let mut reading = context.read(&[Part::VirtualDrives])?;
        let join = Join::read(context, &mut reading, |target| {
            matches!(target, Target::VirtualDrive(_))
        })?;
        let found = parts::of(context, &reading, Part::VirtualDrives, |controller| {
            controller.virtual_drives.as_ref()
        })?;
        for obstacle in join.obstacles(&reading) {
            parts::note(context, &obstacle)?;
        }
        let rows: Vec<Row> = found
            .iter()
            .flat_map(|(controller, drives)| {
                drives.iter().map(|drive| OfController {
                    controller: controller.id,
                    value: listed(controller, drive, &join),
                })
            })
            .collect();
        let envelope = Envelope::new("vd list", &rows).with(Provenance::of(&reading));
        output::print_list_as(context, &envelope, &rows, "No virtual drives.")?;
        Ok(Code::Done)
    }
}

fn listed(controller: &Controller, drive: &VirtualDrive, join: &Join) -> Listed {
    Listed {
        block_device: drive
            .target_id
            .and_then(|target| join.device(controller, Target::VirtualDrive(target)))
            .cloned(),
        ..Listed::alone(drive)
    }
}

impl Listed {
    /// `drive`, where nothing is known of block devices.
    pub(crate) fn alone(drive: &VirtualDrive) -> Self {
        Self {
            drive: drive.clone(),
            remaining_failures: redundancy::remaining(drive),
            block_device: None,
        }
    }
}

/// How many members are there: `3`, or `2 of 3`. Without members read, how many there should be.
fn drives(drive: &VirtualDrive) -> Cell {
    let members = || drive.spans.iter().flat_map(|span| &span.members);
    if drive.spans.is_empty() {
        return drive.drive_count().into();
    }
    let all = members().count();
    let there = members().filter(|member| member.drive.is_some()).count();
    if there == all {
        return all.into();
    }
    let number = u32::try_from(there).unwrap_or(u32::MAX);
    Cell::quantity(number, format!("{there} of {all}"))
}

/// What runs on it: `Background Initialization 12 %, Rebuild`.
fn operations(drive: &VirtualDrive) -> Cell {
    let mut running: Vec<String> = drive
        .operations
        .iter()
        .filter_map(|operation| {
            let progress = operation.progress?;
            Some(format!("{} {}", operation.kind, progress.done))
        })
        .collect();
    let rebuilding = drive
        .spans
        .iter()
        .flat_map(|span| &span.members)
        .filter_map(|member| member.drive.as_ref()?.state.as_ref())
        .any(|state| *state == DriveState::Rebuild);
    if rebuilding {
        running.push(DriveState::Rebuild.to_string());
    }
    (!running.is_empty()).then(|| running.join(", ")).into()
}

/// The cache policy that holds now.
fn now(row: &Row) -> Option<&CachePolicy> {
    row.value.drive.current_cache.as_ref()
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("virtual_drive", "VD", Align::Right, |row| {
            row.value.drive.target_id.map(|target| target.0).into()
        }),
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("state", "STATE", Align::Left, |row| {
            row.value.drive.state.to_cell()
        }),
        Column::new("raid_level", "RAID LEVEL", Align::Left, |row| {
            row.value.drive.raid_level.to_cell()
        }),
        Column::new("size", "SIZE", Align::Right, |row| {
            row.value.drive.size.into()
        }),
        Column::new("remaining_failures", "CAN LOSE", Align::Right, |row| {
            cells::remaining(row.value.remaining_failures)
        }),
        Column::new("drives", "DRIVES", Align::Right, |row| {
            drives(&row.value.drive)
        }),
        Column::new("name", "NAME", Align::Left, |row| {
            row.value.drive.name.as_ref().into()
        }),
        Column::new("write_policy", "WRITE NOW", Align::Left, |row| {
            policies::write_now(&row.value.drive)
        }),
        Column::new("block_device", "BLOCK DEVICE", Align::Left, |row| {
            let device = row.value.block_device.as_ref();
            device.map(|device| format!("/dev/{}", device.name)).into()
        }),
        Column::new("operations", "RUNNING", Align::Left, |row| {
            operations(&row.value.drive)
        }),
        Column::new("strip_size", "STRIP", Align::Right, |row| {
            row.value.drive.strip_size.into()
        }),
        Column::new("mounts", "MOUNTS", Align::Prose, |row| {
            host_use::mounts_cell(row.value.block_device.as_ref())
        }),
        Column::new("read_policy", "READ NOW", Align::Left, |row| {
            now(row).and_then(|policy| policy.read.as_ref()).to_cell()
        }),
        Column::new("io_policy", "I/O NOW", Align::Left, |row| {
            now(row).and_then(|policy| policy.io.as_ref()).to_cell()
        }),
        Column::on_request("access", "ACCESS", Align::Left, |row| {
            row.value.drive.access_policy().to_cell()
        }),
        Column::on_request("disk_cache", "DISK CACHE", Align::Left, |row| {
            row.value.drive.disk_cache.to_cell()
        }),
        Column::on_request("bad_blocks", "BAD BLOCKS", Align::Left, |row| {
            cells::alarm(row.value.drive.bad_blocks)
        }),
        Column::on_request("sector_size", "SECTOR", Align::Right, |row| {
            row.value.drive.sector_size.into()
        }),
        Column::on_request("spans", "SPANS", Align::Right, |row| {
            row.value.drive.span_depth.into()
        }),
        Column::on_request("cachecade", "CACHECADE", Align::Left, |row| {
            row.value.drive.is_cachecade.into()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_well_named() {
        output::tests::check_columns::<Row>();
    }
}
