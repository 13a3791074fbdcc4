//! `foreign list`: one row a foreign configuration, and one for the foreign drives without any.

use ironkeep_parsers::model::{
    ForeignConfiguration, PhysicalDrive, RaidLevel, VirtualDrive, VirtualDriveState,
};
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::parts::OfController;
use crate::commands::{Provenance, Run, cells};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Tabular, Tone, human};
use crate::reading::Controller;

/// List foreign configurations, and foreign drives that none of them lists
///
/// Foreign drives that no configuration lists are a row without an index: what they carry is not
/// known, because they failed, are locked, or the configurations could not be read.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// A foreign configuration, or drives without one.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct Foreign {
    /// The configuration; absent for foreign drives that no configuration lists.
    #[serde(flatten)]
    configuration: Option<ForeignConfiguration>,
    /// Foreign drives that no configuration lists.
    unlisted_drives: Vec<PhysicalDrive>,
}

pub(in crate::commands) type Row = OfController<Foreign>;

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Row>(&context.output)?;
        let reading = super::read(context)?;
        let rows: Vec<Row> = reading.controllers.iter().flat_map(rows).collect();
        let envelope = Envelope::new("foreign list", &rows).with(Provenance::of(&reading));
        output::print_list_as(context, &envelope, &rows, super::nothing(&reading))?;
        Ok(Code::Done)
    }
}

fn rows(controller: &Controller) -> Vec<Row> {
    let row = |value| OfController {
        controller: controller.id,
        value,
    };
    let configurations = controller.foreign.iter().flatten();
    let mut rows: Vec<Row> = configurations
        .map(|configuration| {
            row(Foreign {
                configuration: Some(configuration.clone()),
                unlisted_drives: Vec::new(),
            })
        })
        .collect();
    let unlisted = super::unlisted_drives(controller);
    if !unlisted.is_empty() {
        rows.push(row(Foreign {
            configuration: None,
            unlisted_drives: unlisted.into_iter().cloned().collect(),
        }));
    }
    rows
}

impl Foreign {
    fn drives(&self) -> Vec<String> {
        let members = self.configuration.iter().flat_map(super::members);
        members
            .filter_map(|member| member.drive.as_ref())
            .chain(&self.unlisted_drives)
            .map(|drive| human::or_unknown(drive.address()))
            .collect()
    }

    /// `None` where there is no configuration that would say it.
    fn missing(&self) -> Option<usize> {
        let members = super::members(self.configuration.as_ref()?);
        Some(members.filter(|member| member.drive.is_none()).count())
    }
}

/// `old5 (RAID 5, Offline)`.
fn summary(drive: &VirtualDrive) -> String {
    let name = match (&drive.name, drive.target_id) {
        (Some(name), _) => name.clone(),
        (None, Some(target)) => format!("vd {target}"),
        (None, None) => "?".to_owned(),
    };
    let facts: Vec<&str> = [
        drive.raid_level.as_ref().map(RaidLevel::as_str),
        drive.state.as_ref().map(VirtualDriveState::as_str),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("{name} ({})", facts.join(", "))
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("index", "INDEX", Align::Right, |row| {
            let configuration = row.value.configuration.as_ref();
            configuration.and_then(|it| it.index).into()
        }),
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("drives", "DRIVES", Align::Prose, |row| {
            cells::list(&row.value.drives(), "none").into()
        }),
        Column::new("missing", "MISSING", Align::Right, |row| {
            match row.value.missing() {
                Some(count) if count > 0 => {
                    Cell::state(count.to_string(), count.to_string(), Tone::Bad)
                }
                count => count.into(),
            }
        }),
        Column::new(
            "virtual_drives",
            "VIRTUAL DRIVES",
            Align::Prose,
            |row| match &row.value.configuration {
                Some(configuration) => {
                    let drives: Vec<String> = super::virtual_drives(configuration)
                        .into_iter()
                        .map(|(_, drive)| summary(drive))
                        .collect();
                    cells::list(&drives, "none").into()
                }
                None => Cell::state("unknown", "unknown", Tone::Warn),
            },
        ),
        Column::new("drive_groups", "DRIVE GROUPS", Align::Right, |row| {
            let configuration = row.value.configuration.as_ref();
            configuration.map(|it| it.drive_groups.len()).into()
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
