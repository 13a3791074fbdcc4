//! The columns of `pd list`.

use ironkeep_parsers::model::PhysicalDrive;

use super::list::{Entry, Row};
use crate::commands::cells::{self, word};
use crate::output::{Align, Cell, Column, Tabular};

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        shown("drive", "DRIVE", Align::Left, |row| {
            of_drive(row, |drive| drive.address().map(|at| at.to_string()).into())
        }),
        shown("controller", "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        shown("state", "STATE", Align::Left, |row| match &row.value {
            Entry::Drive(listed) => cells::drive_state(listed.drive.state.as_ref()),
            Entry::Empty(_) => cells::missing(),
        }),
        // Of a place that lacks its drive: what a replacement needs.
        shown("size", "SIZE", Align::Right, |row| match &row.value {
            Entry::Drive(listed) => listed.drive.coerced_size.into(),
            Entry::Empty(empty) => empty.place.expected_size.into(),
        }),
        shown("model", "MODEL", Align::Left, |row| {
            of_drive(row, |drive| drive.model().or(raw_inquiry(drive)).into())
        }),
        shown("serial", "SERIAL", Align::Left, |row| {
            of_drive(row, |drive| drive.serial().into())
        }),
        shown("virtual_drives", "VD", Align::Left, |row| {
            cells::targets(row.value.virtual_drives())
        }),
        shown("position", "DG/SPAN/ARM", Align::Left, |row| {
            row.value.position().map(|at| at.to_string()).into()
        }),
        shown("media_errors", "MEDIA ERR", Align::Right, |row| {
            of_drive(row, |drive| drive.media_errors.into())
        }),
        shown("predictive_failures", "PRED FAIL", Align::Right, |row| {
            of_drive(row, |drive| drive.predictive_failures.into())
        }),
        shown("smart_alert", "SMART ALERT", Align::Left, |row| {
            of_drive(row, |drive| cells::alarm(drive.smart_alert))
        }),
        shown("temperature", "TEMP", Align::Right, |row| {
            of_drive(row, |drive| drive.temperature.into())
        }),
        shown("interface", "INTERFACE", Align::Left, |row| {
            of_drive(row, |drive| word!(drive.interface))
        }),
        shown("media", "MEDIA", Align::Left, |row| {
            of_drive(row, cells::media)
        }),
        shown("foreign", "FOREIGN", Align::Left, |row| {
            of_drive(row, |drive| drive.foreign.into())
        }),
        shown("firmware", "FIRMWARE", Align::Left, |row| {
            of_drive(row, |drive| drive.firmware.as_ref().into())
        }),
        shown("link_speed", "LINK", Align::Right, |row| {
            of_drive(row, |drive| drive.link_speed.into())
        }),
        shown(
            "block_device",
            "BLOCK DEVICE",
            Align::Left,
            |row| match &row.value {
                Entry::Drive(listed) => listed.block_device.as_ref().into(),
                Entry::Empty(_) => Cell::Absent,
            },
        ),
        hidden("power", "POWER", Align::Left, |row| {
            of_drive(row, |drive| word!(drive.power))
        }),
        hidden("other_errors", "OTHER ERR", Align::Right, |row| {
            of_drive(row, |drive| drive.other_errors.into())
        }),
        hidden("raw_size", "RAW SIZE", Align::Right, |row| {
            of_drive(row, |drive| drive.raw_size.into())
        }),
        hidden("sector_size", "SECTOR", Align::Right, |row| {
            of_drive(row, |drive| drive.logical_sector_size.into())
        }),
        hidden("device_speed", "DEVICE SPEED", Align::Right, |row| {
            of_drive(row, |drive| drive.device_speed.into())
        }),
        hidden("device_id", "DEVICE ID", Align::Right, |row| {
            of_drive(row, |drive| drive.device_id.map(|id| id.0).into())
        }),
        hidden("wwn", "WWN", Align::Left, |row| {
            of_drive(row, |drive| drive.wwn.map(|wwn| wwn.to_string()).into())
        }),
        hidden("span_reference", "ARRAY", Align::Right, |row| {
            match &row.value {
                Entry::Drive(_) => Cell::Absent,
                Entry::Empty(empty) => empty.place.span_reference.into(),
            }
        }),
        hidden("arm", "ARM", Align::Right, |row| match &row.value {
            Entry::Drive(listed) => listed.drive.position.map(|at| at.arm).into(),
            Entry::Empty(empty) => empty.place.arm.0.into(),
        }),
    ];
}

/// A column that is shown without being asked for.
const fn shown(
    key: &'static str,
    header: &'static str,
    align: Align,
    cell: fn(&Row) -> Cell,
) -> Column<Row> {
    Column {
        key,
        header,
        align,
        default: true,
        cell,
    }
}

/// A column that is shown to those who ask.
const fn hidden(
    key: &'static str,
    header: &'static str,
    align: Align,
    cell: fn(&Row) -> Cell,
) -> Column<Row> {
    Column {
        default: false,
        ..shown(key, header, align, cell)
    }
}

/// A cell of a drive; absent for a place that lacks its drive.
fn of_drive(row: &Row, cell: fn(&PhysicalDrive) -> Cell) -> Cell {
    row.value.drive().map_or(Cell::Absent, cell)
}

/// What a drive calls itself, where nothing proves which part of it is the model.
fn raw_inquiry(drive: &PhysicalDrive) -> Option<&str> {
    drive.inquiry.as_ref().map(|inquiry| inquiry.raw.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_well_named() {
        crate::output::tests::check_columns::<Row>();
    }
}
