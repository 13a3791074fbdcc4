//! `foreign show`: foreign configurations in full.

use ironkeep_parsers::model::{
    Arm, ControllerId, ForeignConfiguration, PhysicalDrive, VirtualDrive,
};
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::cells;
use crate::commands::fields::ToCell;
use crate::commands::parts::{self, OfController};
use crate::commands::{Provenance, Run};
use crate::output::{self, Align, Cell, Column, Envelope, Format, Section, Tabular};
use crate::reading::{Controller, Part};

/// Show foreign configurations: their virtual drives, members, and what is missing
///
/// Importing a configuration whose drives were away while the host went on writing puts old data in
/// the place of newer ones. Compare with what is there before anything is imported or cleared.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only the configurations with this index
    #[arg(value_name = "INDEX")]
    index: Option<u32>,
}

/// What is foreign on a controller.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct Foreign {
    /// The drives that say they are foreign; absent where the drives were not read.
    drives: Option<Vec<PhysicalDrive>>,
    /// The foreign configurations; absent where they were not read.
    configurations: Option<Vec<ForeignConfiguration>>,
}

impl Foreign {
    /// What an import would make of configurations.
    pub(super) fn previewed(configurations: Vec<ForeignConfiguration>) -> Self {
        Self {
            drives: None,
            configurations: Some(configurations),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.drives.as_ref().is_none_or(Vec::is_empty)
            && self.configurations.as_ref().is_none_or(Vec::is_empty)
    }
}

const WARNING: &str = "importing stale data overwrites newer ones: a drive that was away holds what \
                       it held then";

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let reading = super::read(context)?;
        if let Some(index) = self.index {
            let all = parts::of(
                context,
                &reading,
                Part::ForeignConfigurations,
                |controller| controller.foreign.as_ref(),
            )?;
            has_index(all.into_iter().flat_map(|(_, found)| found), index)?;
        }
        let foreign: Vec<OfController<Foreign>> = reading
            .controllers
            .iter()
            .map(|controller| foreign(controller, self.index))
            .filter(|it| !it.value.is_empty())
            .collect();
        let envelope = Envelope::new("foreign show", &foreign).with(Provenance::of(&reading));
        if foreign.is_empty() && context.output.format == Format::Table {
            context.say("", super::nothing(&reading))?;
            return Ok(Code::Done);
        }
        let several = reading.controllers.len() > 1;
        let mut sections = Vec::new();
        if !foreign.is_empty() {
            sections.push(Section::new("Import", vec![("Warning", WARNING.into())]));
        }
        for controller in &foreign {
            sections.extend(self::sections(controller, several));
        }
        output::print_record(context, &envelope, &sections)?;
        Ok(Code::Done)
    }
}

/// What is foreign on `controller`; with an index, that configuration and its drives alone.
fn foreign(controller: &Controller, index: Option<u32>) -> OfController<Foreign> {
    let configurations = controller.foreign.as_ref().map(|all| {
        all.iter()
            .filter(|it| index.is_none() || it.index == index)
            .cloned()
            .collect::<Vec<_>>()
    });
    let drives = controller.physical_drives.as_ref().map(|_| {
        let of_index = |drive: &&PhysicalDrive| {
            index.is_none()
                || configurations
                    .iter()
                    .flatten()
                    .flat_map(super::members)
                    .filter_map(|member| member.drive.as_ref())
                    .any(|member| member.address() == drive.address())
        };
        super::drives(controller)
            .filter(of_index)
            .cloned()
            .collect()
    });
    OfController {
        controller: controller.id,
        value: Foreign {
            drives,
            configurations,
        },
    }
}

fn has_index<'a>(
    all: impl Iterator<Item = &'a ForeignConfiguration>,
    index: u32,
) -> Result<(), Failure> {
    let indexes: Vec<u32> = all.filter_map(|it| it.index).collect();
    if indexes.contains(&index) {
        return Ok(());
    }
    let failure = Failure::new(
        Kind::Usage,
        format!("there is no foreign configuration {index}"),
    );
    Err(if indexes.is_empty() {
        failure.hint("what is foreign: ironkeep foreign list")
    } else {
        failure.hint(format!("there is: {}", cells::list(&indexes, "")))
    })
}

pub(super) fn sections(foreign: &OfController<Foreign>, several: bool) -> Vec<Section> {
    let title = |title: String| match foreign.controller {
        Some(ControllerId(id)) if several => format!("{title} of controller {id}"),
        _ => title,
    };
    let mut sections = Vec::new();
    let drives: Vec<MemberRow> = foreign
        .value
        .drives
        .iter()
        .flatten()
        .map(|drive| MemberRow {
            place: None,
            drive: Some(drive.clone()),
        })
        .collect();
    if foreign.value.drives.is_some() {
        sections.push(Section::rows(title("Foreign drives".to_owned()), &drives));
    }
    for configuration in foreign.value.configurations.iter().flatten() {
        let name = match configuration.index {
            Some(index) => format!("Foreign configuration {index}"),
            None => "Foreign configuration".to_owned(),
        };
        let members = super::members(configuration);
        let missing = members.filter(|member| member.drive.is_none()).count();
        sections.push(Section::new(
            title(name.clone()),
            vec![
                ("Drive groups", configuration.drive_groups.len().into()),
                ("Missing drives", missing.into()),
                ("As after an import", configuration.after_import.into()),
            ],
        ));
        let virtual_drives: Vec<VirtualDriveRow> = super::virtual_drives(configuration)
            .into_iter()
            .map(|(group, drive)| VirtualDriveRow {
                drive_group: group.number,
                drive: drive.clone(),
            })
            .collect();
        sections.push(Section::rows(
            title(format!("{name}: virtual drives")),
            &virtual_drives,
        ));
        sections.push(Section::rows(
            title(format!("{name}: members")),
            &members_of(configuration),
        ));
    }
    sections
}

/// A member's row, or that of an empty place.
#[derive(Debug, Clone, PartialEq)]
struct MemberRow {
    /// Drive group, span and arm.
    place: Option<(u32, u32, Arm)>,
    drive: Option<PhysicalDrive>,
}

fn members_of(configuration: &ForeignConfiguration) -> Vec<MemberRow> {
    let mut rows = Vec::new();
    for group in &configuration.drive_groups {
        for span in &group.spans {
            rows.extend(span.members.iter().map(|member| MemberRow {
                place: Some((group.number, span.number, member.arm)),
                drive: member.drive.clone(),
            }));
        }
    }
    rows
}

/// A foreign virtual drive.
#[derive(Debug, Clone, PartialEq)]
struct VirtualDriveRow {
    drive_group: u32,
    drive: VirtualDrive,
}

impl Tabular for VirtualDriveRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("virtual_drive", "VD", Align::Right, |it| {
            it.drive.target_id.map(|target| target.0).into()
        }),
        Column::new("name", "NAME", Align::Left, |it| {
            it.drive.name.as_ref().into()
        }),
        Column::new("state", "STATE", Align::Left, |it| it.drive.state.to_cell()),
        Column::new("raid_level", "RAID LEVEL", Align::Left, |it| {
            it.drive.raid_level.to_cell()
        }),
        Column::new("size", "SIZE", Align::Right, |it| it.drive.size.into()),
        Column::new("drive_group", "GROUP", Align::Right, |it| {
            it.drive_group.into()
        }),
        Column::new("import_obstacle", "OBSTACLE", Align::Prose, |it| {
            it.drive.import_obstacle.to_cell()
        }),
    ];
}

/// A cell of a drive; absent for an empty place.
fn of_drive(row: &MemberRow, cell: fn(&PhysicalDrive) -> Cell) -> Cell {
    row.drive.as_ref().map_or(Cell::Absent, cell)
}

impl Tabular for MemberRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("place", "DG/SPAN/ARM", Align::Left, |it| {
            let place = it.place;
            place
                .map(|(group, span, arm)| format!("{group}/{span}/{arm}"))
                .into()
        }),
        Column::new("drive", "DRIVE", Align::Left, |it| {
            of_drive(it, |drive| drive.address().map(|at| at.to_string()).into())
        }),
        Column::new("state", "STATE", Align::Left, |it| match &it.drive {
            Some(drive) => drive.state.to_cell(),
            None => cells::missing(),
        }),
        Column::new("size", "SIZE", Align::Right, |it| {
            of_drive(it, |drive| drive.coerced_size.into())
        }),
        Column::new("model", "MODEL", Align::Left, |it| {
            of_drive(it, |drive| drive.model().into())
        }),
        Column::new("serial", "SERIAL", Align::Left, |it| {
            of_drive(it, |drive| drive.serial().into())
        }),
        Column::new("locked", "LOCKED", Align::Left, |it| {
            of_drive(it, |drive| drive.foreign_locked.or(drive.locked).into())
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_well_named() {
        output::tests::check_columns::<VirtualDriveRow>();
        output::tests::check_columns::<MemberRow>();
    }
}
