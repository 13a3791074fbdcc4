//! `patrol`: what the controllers do by themselves from time to time: patrol reads, which look for
//! bad media, and scheduled consistency checks.

pub(super) mod act;

use clap::Subcommand;
use ironkeep_parsers::model::{ConsistencyCheckSchedule, ControllerId, PatrolRead, PatrolReadMode};
use serde::Serialize;

use super::fields::{ToCell, fields, list};
use super::parts::{self, OfController};
use super::{Provenance, Run};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Section, Tabular, Tone};
use crate::reading::{Controller, Part, Reading};

/// Show and set patrol reads and the schedule of consistency checks
///
/// A patrol read reads all drives in search of bad media. A consistency check compares redundancy
/// with data. All times are the controller's.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the patrol read and the scheduled consistency check of each controller
    List,
    /// Show the patrol read and the scheduled consistency check of a controller
    Show {
        /// The controller's number (needed only where there are several)
        number: Option<u32>,
    },
    Start(act::Start),
    Stop(act::Stop),
    Suspend(act::Suspend),
    Resume(act::Resume),
    Set(act::Set),
    Check(act::check::Args),
}

/// What a controller does by itself from time to time.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Patrol {
    /// The patrol read; absent where it was not read.
    patrol_read: Option<PatrolRead>,
    /// The scheduled consistency check; absent where it was not read.
    consistency_check: Option<ConsistencyCheckSchedule>,
}

const NEEDED: &[Part] = &[Part::PatrolRead, Part::ConsistencySchedule];

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        match self.verb {
            Verb::List => {
                output::check_request::<Row>(&context.output)?;
                let reading = context.read(NEEDED)?;
                let data = data(context, &reading)?;
                let rows: Vec<Row> = data.iter().flat_map(Row::of).collect();
                let envelope = Envelope::new("patrol list", &data).with(Provenance::of(&reading));
                output::print_list_as(context, &envelope, &rows, "Nothing is scheduled.")?;
            }
            Verb::Start(arguments) => return arguments.run(context),
            Verb::Stop(arguments) => return arguments.run(context),
            Verb::Suspend(arguments) => return arguments.run(context),
            Verb::Resume(arguments) => return arguments.run(context),
            Verb::Set(arguments) => return arguments.run(context),
            Verb::Check(arguments) => return arguments.run(context),
            Verb::Show { number } => {
                let reading = parts::only(context.read(NEEDED)?, number)?;
                for data in data(context, &reading)? {
                    let envelope =
                        Envelope::new("patrol show", &data).with(Provenance::of(&reading));
                    output::print_record(context, &envelope, &sections(&data.value))?;
                }
            }
        }
        Ok(Code::Done)
    }
}

/// What was read of every controller. Either of the two is worth showing without the other.
fn data(
    context: &mut Context<'_>,
    reading: &Reading,
) -> Result<Vec<OfController<Patrol>>, Failure> {
    let has = |part| reading.controllers.iter().any(|it| it.has(part));
    if NEEDED.iter().any(|&part| has(part)) {
        for &part in NEEDED {
            parts::mention(context, reading, part)?;
        }
    } else {
        parts::of(context, reading, Part::PatrolRead, |it| {
            it.patrol_read.as_ref()
        })?;
    }
    let of = |controller: &Controller| OfController {
        controller: controller.id,
        value: Patrol {
            patrol_read: controller.patrol_read.clone(),
            consistency_check: controller.consistency_schedule.clone(),
        },
    };
    Ok(reading.controllers.iter().map(of).collect())
}

/// When patrol reads start by themselves. Without them bad media is found only when it is needed.
fn patrol_mode(mode: Option<&PatrolReadMode>) -> Cell {
    let Some(mode) = mode else {
        return Cell::Absent;
    };
    let tone = if *mode == PatrolReadMode::Disabled {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    Cell::state(mode.as_str(), mode.token(), tone)
}

fn sections(patrol: &Patrol) -> Vec<Section> {
    let read = patrol.patrol_read.as_ref().map(|read| {
        fields!(read, PatrolRead {
            mode => patrol_mode(mode.as_ref()),
            state,
            next_start,
            delay,
            iterations: "Completed",
            drives_completed,
            solid_state: "Solid state drives",
        })
    });
    let check = patrol.consistency_check.as_ref().map(|check| {
        fields!(check, ConsistencyCheckSchedule {
            mode,
            state,
            next_start,
            delay,
            iterations: "Completed",
            virtual_drives_completed,
            excluded: "Excluded virtual drives" => match excluded {
                Some(excluded) => list(excluded.iter().map(ToString::to_string)),
                None => Cell::Absent,
            },
        })
    });
    let read = read.map(|fields| Section::new("Patrol read", fields));
    let check = check.map(|fields| Section::new("Consistency check", fields));
    read.into_iter().chain(check).collect()
}

/// A line of the list.
struct Row {
    controller: Option<ControllerId>,
    activity: Cell,
    mode: Cell,
    state: Cell,
    next_start: Cell,
    delay: Cell,
    iterations: Cell,
    completed: Cell,
}

impl Row {
    fn of(data: &OfController<Patrol>) -> Vec<Self> {
        let read = data.value.patrol_read.as_ref().map(|read| Self {
            controller: data.controller,
            activity: Cell::state("patrol read", "patrol_read", Tone::Neutral),
            mode: patrol_mode(read.mode.as_ref()),
            state: read.state.to_cell(),
            next_start: read.next_start.to_cell(),
            delay: read.delay.to_cell(),
            iterations: read.iterations.to_cell(),
            completed: read.drives_completed.to_cell(),
        });
        let check = data.value.consistency_check.as_ref().map(|check| Self {
            controller: data.controller,
            activity: Cell::state("consistency check", "consistency_check", Tone::Neutral),
            mode: check.mode.to_cell(),
            state: check.state.to_cell(),
            next_start: check.next_start.to_cell(),
            delay: check.delay.to_cell(),
            iterations: check.iterations.to_cell(),
            completed: check.virtual_drives_completed.to_cell(),
        });
        read.into_iter().chain(check).collect()
    }
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("activity", "ACTIVITY", Align::Left, |row| {
            row.activity.clone()
        }),
        Column::new("mode", "MODE", Align::Left, |row| row.mode.clone()),
        Column::new("state", "STATE", Align::Left, |row| row.state.clone()),
        Column::new("next_start", "NEXT START", Align::Left, |row| {
            row.next_start.clone()
        }),
        Column::new("delay", "EVERY", Align::Right, |row| row.delay.clone()),
        Column::new("iterations", "RUNS DONE", Align::Right, |row| {
            row.iterations.clone()
        }),
        Column::new("completed", "DRIVES DONE", Align::Right, |row| {
            row.completed.clone()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::check_columns;

    #[test]
    fn columns_are_well_named() {
        check_columns::<Row>();
    }

    #[test]
    fn only_a_patrol_read_that_is_off_is_coloured() {
        let shown = |mode: PatrolReadMode| patrol_mode(Some(&mode));
        assert_eq!(
            shown(PatrolReadMode::Disabled),
            Cell::state("Disabled", "disabled", Tone::Warn)
        );
        assert_eq!(
            shown(PatrolReadMode::Manual),
            Cell::state("Manual", "manual", Tone::Neutral)
        );
        assert_eq!(patrol_mode(None), Cell::Absent);
    }
}
