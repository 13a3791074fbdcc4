//! `operation`: everything that takes long and runs at present.

use clap::Subcommand;
use ironkeep_parsers::model::{
    ActivityState, BatteryState, ControllerId, DriveAddress, DriveState, Operation, OperationKind,
    Progress, TargetId,
};
use ironkeep_parsers::units::{Minutes, Percent, Seconds};
use serde::Serialize;

use super::fields::ToCell;
use super::{Provenance, Run, parts};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Tabular, human};
use crate::reading::{Controller, Part, Unread};

/// Show what is running: rebuilds, checks, initializations, patrol reads
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List all running operations with their progress
    ///
    /// The remaining time is an estimate from the time so far: other work on the drives changes it.
    List,
}

/// An operation that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RunningOperation {
    /// The controller's number; absent where no output named it.
    controller: Option<ControllerId>,
    /// What is done.
    kind: OperationKind,
    /// The virtual drive it runs on; absent where it runs on something else.
    virtual_drive: Option<TargetId>,
    /// The physical drive it runs on; absent where it runs on something else.
    physical_drive: Option<DriveAddress>,
    /// The part that is done; absent where nobody says.
    percent: Option<Percent>,
    /// Time since it started; absent where nobody says.
    elapsed_minutes: Option<Minutes>,
    /// How long it may still take, computed from the two before; absent where they say too little.
    estimated_remaining_minutes: Option<Minutes>,
}

const NEEDED: &[Part] = &[
    Part::VirtualDrives,
    Part::PhysicalDrives,
    Part::DriveOperations,
    Part::PatrolRead,
    Part::ConsistencySchedule,
    Part::CacheProtection,
];

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let Verb::List = self.verb;
        output::check_request::<RunningOperation>(&context.output)?;
        let reading = context.read(NEEDED)?;
        let has = |part| reading.controllers.iter().any(|it| it.has(part));
        if !has(Part::VirtualDrives) && !has(Part::PhysicalDrives) {
            parts::of(context, &reading, Part::VirtualDrives, |it| {
                it.virtual_drives.as_ref()
            })?;
        }
        let rows: Vec<_> = reading.controllers.iter().flat_map(running).collect();
        let unsaid = |row: &RunningOperation| row.physical_drive.is_some() && row.percent.is_none();
        for &part in NEEDED {
            // Nobody misses the progress where no drive is in such a state.
            if part != Part::DriveOperations || rows.iter().any(unsaid) {
                parts::mention(context, &reading, part)?;
            }
        }
        let envelope = Envelope::new("operation list", &rows).with(Provenance::of(&reading));
        let mut controllers = reading.controllers.iter();
        let nothing = if controllers.all(says_all) {
            "Nothing is running."
        } else {
            "Nothing is running in what was read."
        };
        output::print_list_as(context, &envelope, &rows, nothing)?;
        Ok(Code::Done)
    }
}

/// Whether what was read of `controller` shows everything that may run.
fn says_all(controller: &Controller) -> bool {
    NEEDED.iter().all(|&part| {
        let unread = controller.unread.get(&part);
        // What the controller does not support does not run, and the progress has no say of its own.
        part == Part::DriveOperations
            || !matches!(
                unread,
                Some(Unread::NotAvailable | Unread::Failed(_) | Unread::Partial(_))
            )
    })
}

/// Everything that runs on a controller: on virtual drives, on drives, on the controller itself.
fn running(controller: &Controller) -> Vec<RunningOperation> {
    let mut running: Vec<_> = controller
        .virtual_drives
        .iter()
        .flatten()
        .flat_map(|drive| &drive.operations)
        .map(|operation| RunningOperation::new(controller.id, operation))
        .collect();
    running.extend(on_drives(controller));
    let mut add = |kind| running.push(RunningOperation::of_controller(controller.id, kind));
    let patrol = controller.patrol_read.as_ref();
    if patrol.and_then(|it| it.state.as_ref()) == Some(&ActivityState::Active) {
        add(OperationKind::PatrolRead);
    }
    if is_learning(controller) {
        add(OperationKind::LearnCycle);
    }
    let schedule = controller.consistency_schedule.as_ref();
    let checks = running
        .iter()
        .any(|it| it.kind == OperationKind::ConsistencyCheck);
    if !checks && schedule.and_then(|it| it.state.as_ref()) == Some(&ActivityState::Active) {
        let kind = OperationKind::ConsistencyCheck;
        running.push(RunningOperation::of_controller(controller.id, kind));
    }
    running
}

/// What runs on physical drives: what the tool says of their progress, and drives whose state says
/// that something runs although nothing says how far it is.
pub(super) fn on_drives(controller: &Controller) -> Vec<RunningOperation> {
    let operations = controller.drive_operations.iter().flatten();
    let mut running: Vec<_> = operations
        .filter(|operation| operation.is_running())
        .map(|operation| RunningOperation::new(controller.id, operation))
        .collect();
    for drive in controller.physical_drives.iter().flatten() {
        let kind = match drive.state {
            Some(DriveState::Rebuild) => OperationKind::Rebuild,
            Some(DriveState::Copyback) => OperationKind::Copyback,
            _ => continue,
        };
        let address = drive.address();
        let known = running
            .iter()
            .any(|it| it.kind == kind && it.physical_drive == address);
        if !known {
            running.push(RunningOperation {
                physical_drive: address,
                ..RunningOperation::of_controller(controller.id, kind)
            });
        }
    }
    running
}

fn is_learning(controller: &Controller) -> bool {
    let Some(Some(protection)) = &controller.cache_protection else {
        return false;
    };
    let flags = protection.flags.as_ref();
    protection.state == Some(BatteryState::Learning)
        || flags.and_then(|flags| flags.learn_active) == Some(true)
}

impl RunningOperation {
    /// The physical drive it runs on; `None` where it runs on something else.
    pub(super) fn physical_drive(&self) -> Option<DriveAddress> {
        self.physical_drive
    }

    pub(super) fn new(controller: Option<ControllerId>, operation: &Operation) -> Self {
        let progress = operation.progress.as_ref();
        Self {
            virtual_drive: operation.virtual_drive,
            physical_drive: operation.physical_drive,
            percent: progress.map(|progress| progress.done),
            elapsed_minutes: progress.map(|progress| progress.elapsed),
            estimated_remaining_minutes: progress.and_then(remaining),
            ..Self::of_controller(controller, operation.kind.clone())
        }
    }

    fn of_controller(controller: Option<ControllerId>, kind: OperationKind) -> Self {
        Self {
            controller,
            kind,
            virtual_drive: None,
            physical_drive: None,
            percent: None,
            elapsed_minutes: None,
            estimated_remaining_minutes: None,
        }
    }

    /// What it runs on, as selectors name it.
    fn object(&self) -> String {
        match (self.virtual_drive, self.physical_drive) {
            (Some(target), _) => format!("vd {target}"),
            (None, Some(address)) => format!("pd {address}"),
            (None, None) if self.kind == OperationKind::LearnCycle => "bbu".to_owned(),
            (None, None) => "controller".to_owned(),
        }
    }
}

/// How long it may still take if it goes on as so far. `None` where nothing is done yet, or where
/// rounding hides what is left.
fn remaining(progress: &Progress) -> Option<Minutes> {
    let (done, elapsed) = (u64::from(progress.done.0), progress.elapsed.0);
    if elapsed == 0 || !(1..100).contains(&done) {
        return None;
    }
    Some(Minutes(elapsed.checked_mul(100 - done)? / done))
}

/// `about 2 h 13 min`.
fn estimate(minutes: Minutes) -> Cell {
    let seconds = minutes.0.saturating_mul(60);
    let shown = format!("about {}", human::duration(Seconds(seconds)));
    // Beyond 2^32 minutes nobody compares.
    let value = u32::try_from(minutes.0).unwrap_or(u32::MAX);
    Cell::quantity(value, shown)
}

impl Tabular for RunningOperation {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("object", "OBJECT", Align::Left, |row| row.object().into()),
        Column::new("operation", "OPERATION", Align::Left, |row| {
            row.kind.to_cell()
        }),
        Column::new("percent", "DONE", Align::Right, |row| row.percent.into()),
        Column::new("elapsed_minutes", "ELAPSED", Align::Right, |row| {
            row.elapsed_minutes.into()
        }),
        Column::new("remaining_minutes", "REMAINING", Align::Right, |row| {
            row.estimated_remaining_minutes
                .map_or(Cell::Absent, estimate)
        }),
    ];
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{EnclosureId, PatrolRead, PhysicalDrive, Slot};

    use super::*;
    use crate::output::tests::check_columns;

    fn progress(done: u32, elapsed: u64) -> Progress {
        Progress {
            done: Percent(done),
            elapsed: Minutes(elapsed),
        }
    }

    #[test]
    fn columns_are_well_named() {
        check_columns::<RunningOperation>();
    }

    #[test]
    fn the_remaining_time_is_estimated_only_where_there_is_something_to_go_by() {
        assert_eq!(remaining(&progress(25, 60)), Some(Minutes(180)));
        assert_eq!(remaining(&progress(99, 99)), Some(Minutes(1)));
        assert_eq!(remaining(&progress(0, 60)), None);
        assert_eq!(remaining(&progress(100, 60)), None);
        assert_eq!(remaining(&progress(50, 0)), None);
        assert_eq!(remaining(&progress(1, u64::MAX)), None);
        assert_eq!(estimate(Minutes(133)).shown(), "about 2 h 13 min");
    }

    #[test]
    fn a_drive_is_listed_once_with_or_without_its_progress() {
        let address = |slot| DriveAddress {
            enclosure: Some(EnclosureId(252)),
            slot: Slot(slot),
        };
        let drive = |slot| PhysicalDrive {
            enclosure: Some(EnclosureId(252)),
            slot: Some(Slot(slot)),
            state: Some(DriveState::Rebuild),
            ..PhysicalDrive::default()
        };
        let operation = |slot, progress| Operation {
            kind: OperationKind::Rebuild,
            physical_drive: Some(address(slot)),
            virtual_drive: None,
            progress,
        };
        let controller = Controller {
            physical_drives: Some(vec![drive(2), drive(3)]),
            drive_operations: Some(vec![
                operation(2, Some(progress(40, 20))),
                operation(4, None),
            ]),
            ..Controller::default()
        };
        let found: Vec<_> = running(&controller)
            .into_iter()
            .map(|it| (it.object(), it.percent, it.estimated_remaining_minutes))
            .collect();
        assert_eq!(
            found,
            [
                ("pd 252:2".to_owned(), Some(Percent(40)), Some(Minutes(30))),
                ("pd 252:3".to_owned(), None, None),
            ]
        );
    }

    #[test]
    fn what_the_controller_does_by_itself_is_listed_while_it_is_active() {
        let with = |state| Controller {
            patrol_read: Some(PatrolRead {
                state: Some(state),
                ..PatrolRead::default()
            }),
            ..Controller::default()
        };
        assert_eq!(running(&with(ActivityState::Ready)), []);
        let active = running(&with(ActivityState::Active));
        assert_eq!(active.len(), 1);
        assert_eq!(active[0].kind, OperationKind::PatrolRead);
        assert_eq!(active[0].object(), "controller");
    }
}
