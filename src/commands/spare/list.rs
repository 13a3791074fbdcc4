//! `spare list`: one row a hot spare.

use ironkeep_parsers::model::{DriveState, HotSpareKind, PhysicalDrive};
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::cells;
use crate::commands::fields::ToCell;
use crate::commands::parts::{self, OfController};
use crate::commands::{Provenance, Run};
use crate::fit::{self, Fit, Groups};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Tabular, Tone};
use crate::reading::{Controller, Part};

/// List the hot spares, what they serve, and whether they fit
///
/// FITS names the drive groups that a spare can stand in for, and those that it cannot: it is too
/// small, or of another interface or media than the controller allows. A drive group without
/// redundancy has nothing to be rebuilt from, so it is left out.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Why a drive stands by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Duty {
    /// For any drive group.
    Global,
    /// For named drive groups.
    Dedicated,
    /// A hot spare; the tool does not say for whom.
    HotSpare,
    /// A hot spare that took the place of a failed drive.
    Commissioned,
    /// An unconfigured drive that the firmware took for a failed one.
    Emergency,
}

impl Duty {
    fn of(drive: &PhysicalDrive) -> Self {
        match drive.hot_spare.as_ref().and_then(|it| it.kind.as_ref()) {
            Some(HotSpareKind::Global) => Self::Global,
            Some(HotSpareKind::Dedicated) => Self::Dedicated,
            _ if drive.hot_spare.is_some() || stands_by(drive) => Self::HotSpare,
            _ if drive.commissioned_spare == Some(true) => Self::Commissioned,
            _ => Self::Emergency,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Dedicated => "dedicated",
            Self::HotSpare => "hot_spare",
            Self::Commissioned => "commissioned",
            Self::Emergency => "emergency",
        }
    }
}

fn stands_by(drive: &PhysicalDrive) -> bool {
    matches!(
        drive.state,
        Some(DriveState::HotSpare | DriveState::HotSpareShielded)
    )
}

/// A hot spare of the list.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct Spare {
    /// The drive.
    #[serde(flatten)]
    drive: PhysicalDrive,
    /// Why it stands by.
    duty: Duty,
    /// Whether it fits the drive groups that it serves; empty for a spare that is in use.
    fits: Vec<Fit>,
}

pub(in crate::commands) type Row = OfController<Spare>;

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Row>(&context.output)?;
        let reading =
            context.read(&[Part::PhysicalDrives, Part::VirtualDrives, Part::Controllers])?;
        let found = parts::of(context, &reading, Part::PhysicalDrives, |controller| {
            controller.physical_drives.as_ref()
        })?;
        parts::mention(context, &reading, Part::VirtualDrives)?;
        let mut rows: Vec<Row> = Vec::new();
        for (controller, drives) in found {
            let groups = Groups::of(controller);
            let spares: Vec<Row> = spares(controller, drives, &groups);
            for group in unprotected(&groups, &spares) {
                let whose = controller
                    .id
                    .map_or_else(String::new, |id| format!(" of controller {id}"));
                let words = format!("no hot spare fits drive group {group}{whose}");
                parts::note(context, &words)?;
            }
            rows.extend(spares);
        }
        let envelope = Envelope::new("spare list", &rows).with(Provenance::of(&reading));
        output::print_list_as(context, &envelope, &rows, "No hot spares.")?;
        Ok(Code::Done)
    }
}

fn spares(controller: &Controller, drives: &[PhysicalDrive], groups: &Groups<'_>) -> Vec<Row> {
    drives
        .iter()
        .filter(|drive| fit::is_spare(drive))
        .map(|drive| {
            let duty = Duty::of(drive);
            OfController {
                controller: controller.id,
                value: Spare {
                    drive: drive.clone(),
                    duty,
                    fits: if drive.position.is_some() {
                        Vec::new()
                    } else {
                        groups.fits(drive)
                    },
                },
            }
        })
        .collect()
}

/// The drive groups for which there are spares, none of which fits. Without any spare, the empty list
/// says it all; where something is not known, nothing is claimed.
fn unprotected(groups: &Groups<'_>, spares: &[Row]) -> Vec<u32> {
    let fits = || spares.iter().flat_map(|row| &row.value.fits);
    // The numbers of a dedicated spare may not be those of drive groups.
    let is_vague = fits().any(|fit| fit.unknown.contains(&fit::Trait::Members));
    if spares.is_empty() || is_vague {
        return Vec::new();
    }
    groups
        .protectable()
        .filter(|&group| {
            !fits()
                .filter(|fit| fit.drive_group == group)
                .any(|fit| fit.fits != Some(false))
        })
        .collect()
}

/// `all`, or the numbers that a dedicated spare names; of a spare in use, its drive group.
fn serves(spare: &Spare) -> Cell {
    if let Some(position) = spare.drive.position {
        return position.drive_group.to_string().into();
    }
    match (spare.duty, &spare.drive.hot_spare) {
        (Duty::Global, _) => "all".into(),
        (Duty::Dedicated, Some(duties)) if !duties.drive_groups.is_empty() => {
            cells::list(&duties.drive_groups, "").into()
        }
        _ => Cell::Absent,
    }
}

/// `0, 1, not 2 (too small)`.
fn fits(spare: &Spare) -> Cell {
    if spare.fits.is_empty() {
        return Cell::Absent;
    }
    let tone = if spare.fits.iter().all(|fit| fit.fits == Some(true)) {
        Tone::Good
    } else {
        Tone::Warn
    };
    let words: Vec<String> = spare.fits.iter().map(Fit::words).collect();
    let words = words.join(", ");
    Cell::state(words.clone(), words, tone)
}

fn of_spare(row: &Row) -> &PhysicalDrive {
    &row.value.drive
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("drive", "DRIVE", Align::Left, |row| {
            of_spare(row).address().map(|at| at.to_string()).into()
        }),
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("duty", "DUTY", Align::Left, |row| {
            let token = row.value.duty.word();
            Cell::state(token.replace('_', " "), token, Tone::Neutral)
        }),
        Column::new("serves", "SERVES", Align::Left, |row| serves(&row.value)),
        Column::new("fits", "FITS", Align::Prose, |row| fits(&row.value)),
        Column::new("state", "STATE", Align::Left, |row| {
            of_spare(row).state.to_cell()
        }),
        Column::new("size", "SIZE", Align::Right, |row| {
            of_spare(row).coerced_size.into()
        }),
        Column::new("interface", "INTERFACE", Align::Left, |row| {
            of_spare(row).interface.to_cell()
        }),
        Column::new("media", "MEDIA", Align::Left, |row| {
            cells::media(of_spare(row))
        }),
        Column::new("model", "MODEL", Align::Left, |row| {
            of_spare(row).model().into()
        }),
        Column::new("serial", "SERIAL", Align::Left, |row| {
            of_spare(row).serial().into()
        }),
        Column::new("enclosure_affinity", "AFFINITY", Align::Left, |row| {
            let duties = of_spare(row).hot_spare.as_ref();
            duties.map(|it| it.enclosure_affinity).into()
        }),
        Column::new("revertible", "REVERTIBLE", Align::Left, |row| {
            let duties = of_spare(row).hot_spare.as_ref();
            duties.map(|it| it.revertible).into()
        }),
        Column::on_request("power", "POWER", Align::Left, |row| {
            of_spare(row).power.to_cell()
        }),
        Column::on_request("commissioned", "COMMISSIONED", Align::Left, |row| {
            of_spare(row).commissioned_spare.into()
        }),
        Column::on_request("emergency", "EMERGENCY", Align::Left, |row| {
            of_spare(row).emergency_spare.into()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::lookup;

    #[test]
    fn columns_are_well_named() {
        output::tests::check_columns::<Row>();
    }

    #[test]
    fn every_duty_is_explained() {
        use Duty::{Commissioned, Dedicated, Emergency, Global, HotSpare};
        for duty in [Global, Dedicated, HotSpare, Commissioned, Emergency] {
            let found = lookup(duty.word(), &[]).explanations;
            assert!(!found.is_empty(), "{}", duty.word());
        }
    }
}
