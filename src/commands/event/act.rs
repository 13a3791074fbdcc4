//! `event export` and `event clear`.

use std::path::{Path, PathBuf};

use ironkeep_parsers::model::ControllerId;
use serde::Serialize;

use crate::act::{self, ConsentArgs};
use crate::backend::HandOut;
use crate::change::event_log::Exported;
use crate::change::{EventLogClear, Request};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::{Run, whole};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Tabular};
use crate::reading::Part;

/// Write the event log of a controller into a file, as MegaCLI writes it
///
/// Changes nothing. The file can be read again: ironkeep --replay FILE event list
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Export {
    /// The file to write
    file: PathBuf,
    /// Write events that were cleared and are not overwritten yet as well
    #[arg(long)]
    include_deleted: bool,
    /// Replace the file if there is one
    #[arg(long)]
    overwrite: bool,
}

/// Clear the event log of a controller
///
/// What it says of drives that failed is gone then. Refused unless all of it stands in a file that
/// --export writes first. Example: ironkeep event clear --export events.txt --yes=controller0
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Clear {
    /// Write the log into this file first
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// Replace the file if there is one
    #[arg(long, requires = "export")]
    overwrite: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// An event log that was written into a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct ExportedLog {
    /// The controller.
    controller: ControllerId,
    /// The file.
    file: String,
    /// Its size.
    size_bytes: usize,
}

impl Run for Export {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<ExportedLog>(&context.output)?;
        whole::is_free(&self.file, self.overwrite)?;
        let (_, controller) = whole::read(context, &[])?;
        let what = if self.include_deleted {
            HandOut::EventsWithDeleted
        } else {
            HandOut::Events
        };
        let size_bytes = write(context, what, controller, &self.file, self.overwrite)?;
        let row = ExportedLog {
            controller,
            file: self.file.display().to_string(),
            size_bytes,
        };
        output::print_list(context, "event export", &[row], "Nothing was exported.")?;
        Ok(Code::Done)
    }
}

/// Writes the log into a file; its size.
fn write(
    context: &mut Context<'_>,
    what: HandOut,
    controller: ControllerId,
    file: &Path,
    overwrite: bool,
) -> Result<usize, Failure> {
    let bytes = context.session.hand_out(what, controller)?;
    whole::store(file, &bytes, overwrite)?;
    Ok(bytes.len())
}

impl Run for Clear {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        if let Some(file) = &self.export {
            whole::is_free(file, self.overwrite)?;
        }
        let (reading, controller) = whole::read(context, &[Part::EventPositions])?;
        let exported = match &self.export {
            None => None,
            Some(file) => {
                // The numbers were read first: what they count is in what is written now.
                if !self.consent.dry_run {
                    write(context, HandOut::Events, controller, file, self.overwrite)?;
                }
                let at = whole::of(&reading, controller);
                let positions = at.and_then(|it| it.event_positions.as_ref());
                Some(Exported {
                    file: file.display().to_string(),
                    newest: positions.and_then(|it| it.newest),
                })
            }
        };
        let change = EventLogClear {
            controller,
            exported,
        };
        let request = Request {
            controller,
            change: change.into(),
        };
        act::carry_out(context, "event clear", &self.consent, &reading, &[request])
    }
}

impl Tabular for ExportedLog {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            Cell::Number(row.controller.0.into())
        }),
        Column::new("file", "FILE", Align::Left, |row| row.file.as_str().into()),
        Column::new("size_bytes", "BYTES", Align::Right, |row| {
            Cell::Number(i128::try_from(row.size_bytes).unwrap_or(i128::MAX))
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::check_columns;

    #[test]
    fn columns_are_well_named() {
        check_columns::<ExportedLog>();
    }
}
