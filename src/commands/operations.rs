//! Long operations as rows.

use ironkeep_parsers::model::{DriveAddress, Operation};

use super::cells::word;
use crate::output::{Align, Cell, Column, Tabular};
use crate::reading::Controller;

/// The operations that run on `drives`.
pub(super) fn running_on(controller: &Controller, drives: &[DriveAddress]) -> Vec<Operation> {
    controller
        .drive_operations
        .iter()
        .flatten()
        .filter(|operation| operation.is_running())
        .filter(|operation| {
            operation
                .physical_drive
                .is_some_and(|drive| drives.contains(&drive))
        })
        .cloned()
        .collect()
}

impl Tabular for Operation {
    const COLUMNS: &'static [Column<Self>] = &[
        Column {
            key: "operation",
            header: "OPERATION",
            align: Align::Left,
            default: true,
            cell: |it| word!(Some(&it.kind)),
        },
        Column {
            key: "on",
            header: "ON",
            align: Align::Left,
            default: true,
            cell: |it| match (it.physical_drive, it.virtual_drive) {
                (Some(address), _) => format!("drive {address}").into(),
                (None, Some(target)) => format!("vd {target}").into(),
                (None, None) => Cell::Absent,
            },
        },
        Column {
            key: "percent",
            header: "DONE",
            align: Align::Right,
            default: true,
            cell: |it| it.progress.map(|progress| progress.done).into(),
        },
        Column {
            key: "elapsed",
            header: "ELAPSED",
            align: Align::Right,
            default: true,
            cell: |it| it.progress.map(|progress| progress.elapsed).into(),
        },
    ];
}
