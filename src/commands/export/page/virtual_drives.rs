//! The virtual drives: state, what they survive, and how they cache.

use ironkeep_parsers::model::VirtualDrive;
use maud::{Markup, html};

use super::Page;
use super::parts::{grid, nothing, table};
use crate::commands::cells;
use crate::commands::parts::OfController;
use crate::commands::vd::list::{Listed, Row};
use crate::health::redundancy;
use crate::output::Cell;
use crate::reading::Part;

/// The column that says what a virtual drive survives.
const CAN_LOSE: &str = "remaining_failures";

impl Page<'_> {
    pub(super) fn virtual_drives(&self) -> Markup {
        let controllers = self.snapshot.reading.controllers.iter();
        let drives: Vec<(&VirtualDrive, Row)> = controllers
            .flat_map(|controller| {
                let drives = controller.virtual_drives.iter().flatten();
                drives.map(|drive| {
                    let row = OfController {
                        controller: controller.id,
                        value: Listed::alone(drive),
                    };
                    (drive, row)
                })
            })
            .collect();
        let (drives, rows): (Vec<_>, Vec<_>) = drives.into_iter().unzip();
        let keys = self.keys(
            "virtual_drive",
            &[
                "name",
                "state",
                "raid_level",
                "size",
                CAN_LOSE,
                "drives",
                "write_policy",
                "read_policy",
                "io_policy",
                "disk_cache",
                "operations",
            ],
        );
        let mut grid = grid(&rows, &keys);
        let column = grid.heads.iter().position(|head| head.key == CAN_LOSE);
        for (row, drive) in grid.rows.iter_mut().zip(drives) {
            if let Some(cell) = column.and_then(|at| row.get_mut(at)) {
                *cell = survives(drive, cell);
            }
        }
        html! {
            (self.unread(Part::VirtualDrives))
            @if rows.is_empty() { (nothing("No virtual drives are known.")) }
            @else { (table(None, &grid)) }
        }
    }
}

/// What a virtual drive survives, and span by span where there are several: `1 in each of 2 spans`,
/// `0 (span 0: 1, span 1: 0)`.
fn survives(drive: &VirtualDrive, least: &Cell) -> Cell {
    let spans = redundancy::spans(drive);
    let (Some(first), true) = (spans.first(), spans.len() > 1) else {
        return least.clone();
    };
    let words = if spans.iter().all(|it| it.remaining == first.remaining) {
        format!("{} in each of {} spans", least.shown(), spans.len())
    } else {
        let each = spans.iter().map(|span| {
            let left = cells::remaining(span.remaining).shown();
            format!("span {}: {left}", span.span)
        });
        let each = each.collect::<Vec<_>>().join(", ");
        format!("{} ({each})", least.shown())
    };
    Cell::state(words.clone(), words, least.tone())
}
