//! The columns of `pd list`.

use ironkeep_parsers::model::PhysicalDrive;

use super::list::{Entry, Row};
use crate::commands::cells;
use crate::commands::fields::ToCell;
use crate::output::{Align, CONTROLLER, Cell, Column, Tabular};

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("drive", "DRIVE", Align::Left, |row| {
            of_drive(row, |drive| drive.address().map(|at| at.to_string()).into())
        }),
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("state", "STATE", Align::Left, |row| match &row.value {
            Entry::Drive(listed) => listed.drive.state.to_cell(),
            Entry::Empty(_) => cells::missing(),
        }),
        // Of a place that lacks its drive: what a replacement needs.
        Column::new("size", "SIZE", Align::Right, |row| match &row.value {
            Entry::Drive(listed) => listed.drive.coerced_size.into(),
            Entry::Empty(empty) => empty.place.expected_size.into(),
        }),
        Column::new("model", "MODEL", Align::Left, |row| {
            of_drive(row, |drive| drive.model().or(raw_inquiry(drive)).into())
        }),
        Column::new("serial", "SERIAL", Align::Left, |row| {
            of_drive(row, |drive| drive.serial().into())
        }),
        Column::new("virtual_drives", "VD", Align::Left, |row| {
            cells::targets(row.value.virtual_drives())
        }),
        Column::new("position", "DG/SPAN/ARM", Align::Left, |row| {
            row.value.position().map(|at| at.to_string()).into()
        }),
        Column::new("media_errors", "MEDIA ERR", Align::Right, |row| {
            of_drive(row, |drive| drive.media_errors.into())
        }),
        Column::new("predictive_failures", "PRED FAIL", Align::Right, |row| {
            of_drive(row, |drive| drive.predictive_failures.into())
        }),
        Column::new("smart_alert", "SMART ALERT", Align::Left, |row| {
            of_drive(row, |drive| cells::alarm(drive.smart_alert))
        }),
        Column::new("temperature", "TEMP", Align::Right, |row| {
            of_drive(row, |drive| drive.temperature.into())
        }),
        Column::new("interface", "INTERFACE", Align::Left, |row| {
            of_drive(row, |drive| drive.interface.to_cell())
        }),
        Column::new("media", "MEDIA", Align::Left, |row| {
            of_drive(row, cells::media)
        }),
        Column::new("foreign", "FOREIGN", Align::Left, |row| {
            of_drive(row, |drive| drive.foreign.into())
        }),
        Column::new("firmware", "FIRMWARE", Align::Left, |row| {
            of_drive(row, |drive| drive.firmware.as_deref().into())
        }),
        Column::new("link_speed", "LINK", Align::Right, |row| {
            of_drive(row, |drive| drive.link_speed.into())
        }),
        Column::new(
            "block_device",
            "BLOCK DEVICE",
            Align::Left,
            |row| match &row.value {
                Entry::Drive(listed) => listed.block_device.as_ref().into(),
                Entry::Empty(_) => Cell::Absent,
            },
        ),
        Column::on_request("power", "POWER", Align::Left, |row| {
            of_drive(row, |drive| drive.power.to_cell())
        }),
        Column::on_request("other_errors", "OTHER ERR", Align::Right, |row| {
            of_drive(row, |drive| drive.other_errors.into())
        }),
        Column::on_request("raw_size", "RAW SIZE", Align::Right, |row| {
            of_drive(row, |drive| drive.raw_size.into())
        }),
        Column::on_request("sector_size", "SECTOR", Align::Right, |row| {
            of_drive(row, |drive| drive.logical_sector_size.into())
        }),
        Column::on_request("device_speed", "DEVICE SPEED", Align::Right, |row| {
            of_drive(row, |drive| drive.device_speed.into())
        }),
        Column::on_request("device_id", "DEVICE ID", Align::Right, |row| {
            of_drive(row, |drive| drive.device_id.map(|id| id.0).into())
        }),
        Column::on_request("wwn", "WWN", Align::Left, |row| {
            of_drive(row, |drive| drive.wwn.map(|wwn| wwn.to_string()).into())
        }),
        Column::on_request("span_reference", "ARRAY", Align::Right, |row| {
            match &row.value {
                Entry::Drive(_) => Cell::Absent,
                Entry::Empty(empty) => empty.place.span_reference.into(),
            }
        }),
        Column::on_request("arm", "ARM", Align::Right, |row| match &row.value {
            Entry::Drive(listed) => listed.drive.position.map(|at| at.arm).into(),
            Entry::Empty(empty) => empty.place.arm.0.into(),
        }),
    ];
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
