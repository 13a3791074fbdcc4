//! `operation wait`: until what runs is done.

use std::time::{Duration, Instant};

use ironkeep_parsers::model::{
    ControllerId, DriveState, OperationKind, PhysicalDrive, VirtualDrive, VirtualDriveState,
};
use serde::Serialize;

use super::bars::Bars;
use super::list::{NEEDED, rows};
use super::running::RunningOperation;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Pause, duration};
use crate::commands::Run;
use crate::commands::fields::ToCell;
use crate::commands::join::Join;
use crate::commands::resolve::Resolver;
use crate::output::{self, Align, CONTROLLER, Cell, Column, Tabular, Tone};
use crate::reading::{Controller, Reading};
use crate::selector::{DriveSelector, VirtualDriveSelector};

/// Wait until rebuilds, copybacks, checks and initializations are done
///
/// Waits for what runs when it begins, and for what follows on the same drive or virtual drive. Shows
/// how far it is: as a bar on a terminal, otherwise a line on standard error for each step. Patrol
/// reads and learn cycles, which come by themselves, are waited for with --all only.
///
/// Ends with 0 if all went well, with 1 if something did not (a drive failed, a virtual drive is worse
/// than before), and with 5 if the time is over.
#[derive(Debug, Clone, clap::Args)]
pub(in crate::commands) struct Args {
    /// Only what runs on this drive; may be repeated
    #[arg(long, value_name = "DRIVE")]
    pd: Vec<DriveSelector>,

    /// Only what runs on this virtual drive, or on its drives; may be repeated
    #[arg(long, value_name = "VIRTUAL-DRIVE")]
    vd: Vec<VirtualDriveSelector>,

    /// Also for patrol reads and learn cycles
    #[arg(long)]
    all: bool,

    /// How long to wait at most: 90s, 15m, 2h (default: as long as it takes)
    #[arg(long, value_name = "TIME", value_parser = duration)]
    limit: Option<Duration>,

    /// How long to wait between two looks
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "10s")]
    interval: Duration,
}

/// What became of an operation.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct Ended {
    /// The controller.
    controller: Option<ControllerId>,
    /// What ran.
    operation: OperationKind,
    /// On what: `pd 252:3`.
    object: String,
    /// How it ended.
    outcome: Outcome,
    /// What is seen now.
    seen: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// Well.
    Done,
    /// Not well.
    Failed,
    /// It still runs: the time was over.
    Running,
}

impl Tabular for Ended {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("object", "OBJECT", Align::Left, |it| {
            it.object.as_str().into()
        }),
        Column::new("operation", "OPERATION", Align::Left, |it| {
            it.operation.to_cell()
        }),
        Column::new("outcome", "OUTCOME", Align::Left, |it| match it.outcome {
            Outcome::Done => Cell::state("done", "done", Tone::Good),
            Outcome::Failed => Cell::state("failed", "failed", Tone::Bad),
            Outcome::Running => Cell::state("running", "running", Tone::Warn),
        }),
        Column::new("seen", "SEEN", Align::Prose, |it| it.seen.as_str().into()),
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |it| {
            it.controller.map(|id| id.0).into()
        }),
    ];
}

/// An operation that is waited for.
#[derive(Debug)]
struct Awaited {
    row: RunningOperation,
    /// The serial number of the drive that it runs on.
    serial: Option<String>,
    /// The state of the virtual drive that it runs on, when it was first seen.
    state: Option<VirtualDriveState>,
}

/// A controller, and something of it as `pd 252:3` or `vd 0`.
type Object = (Option<ControllerId>, String);

/// How many readings in a row may fail: a controller that is busy does not answer at times.
const FAILURES: usize = 5;

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        self.run_as(context, "operation wait")
    }
}

impl Args {
    /// Waits; `command` is how it was called.
    pub(in crate::commands) fn run_as(
        self,
        context: &mut Context<'_>,
        command: &str,
    ) -> Result<Code, Failure> {
        output::check_request::<Ended>(&context.output)?;
        let begun = Instant::now();
        let mut reading = context.read(NEEDED)?;
        let scope = self.scope(context, &mut reading)?;
        let mut awaited: Vec<Awaited> = Vec::new();
        let mut ended: Vec<Ended> = Vec::new();
        let mut bars = Bars::new(context);
        let mut failures = 0;
        loop {
            let running = self.running(context, &reading, scope.as_deref());
            let (on, off): (Vec<_>, Vec<_>) = awaited
                .into_iter()
                .partition(|it| running.iter().any(|row| row.is_same(&it.row)));
            awaited = on;
            for it in off {
                let end = it.end(&reading);
                bars.end(context, &it.row, &end.seen)?;
                ended.push(end);
            }
            for row in running {
                bars.show(context, &row)?;
                match awaited.iter_mut().find(|it| it.row.is_same(&row)) {
                    Some(known) => known.row = row,
                    None => awaited.push(Awaited::new(row, &reading)),
                }
            }
            let is_over = self.limit.is_some_and(|limit| begun.elapsed() >= limit);
            if awaited.is_empty() || is_over || context.session.replays() {
                break;
            }
            let left = self
                .limit
                .map(|limit| limit.saturating_sub(begun.elapsed()));
            let attention = context.session.attend()?;
            match context
                .session
                .pause(left.map_or(self.interval, |it| it.min(self.interval)))?
            {
                Pause::Over => {}
                Pause::Interrupted => {
                    return Err(Failure::new(
                        Kind::Interrupted,
                        "interrupted; what runs goes on",
                    ));
                }
                Pause::Closed => return Ok(Code::Done),
            }
            match context.read(NEEDED) {
                Ok(new) => (reading, failures) = (new, 0),
                Err(failure) if failure.kind() == Kind::Hardware && failures < FAILURES => {
                    failures += 1;
                    bars.say(context, &failure.chain().join(": "))?;
                }
                Err(failure) => return Err(failure),
            }
            drop(attention);
        }
        bars.clear();
        ended.extend(awaited.iter().map(Awaited::unfinished));
        output::print_list(context, command, &ended, "Nothing is running.")?;
        let is = |outcome| ended.iter().any(|it| it.outcome == outcome);
        Ok(if is(Outcome::Failed) {
            Code::Failed
        } else if is(Outcome::Running) {
            Code::TimedOut
        } else {
            Code::Done
        })
    }
}

impl Args {
    /// The controllers and objects that were named; `None` where none was.
    fn scope(
        &self,
        context: &mut Context<'_>,
        reading: &mut Reading,
    ) -> Result<Option<Vec<Object>>, Failure> {
        if self.pd.is_empty() && self.vd.is_empty() {
            return Ok(None);
        }
        let join = Join::read(context, reading, |_| true)?;
        let resolver = Resolver::new(reading, &join);
        let name = |drive: &PhysicalDrive| drive.address().map(|it| format!("pd {it}"));
        let mut scope = Vec::new();
        for selector in &self.pd {
            let found = resolver.drive(selector)?;
            scope.extend(name(found.value).map(|name| (found.controller.id, name)));
        }
        for selector in &self.vd {
            let found = resolver.virtual_drive(selector)?;
            let id = found.controller.id;
            scope.extend(found.value.target_id.map(|it| (id, format!("vd {it}"))));
            let members = found.value.spans.iter().flat_map(|span| &span.members);
            let drives = members.filter_map(|member| member.drive.as_ref());
            scope.extend(drives.filter_map(name).map(|name| (id, name)));
        }
        Ok(Some(scope))
    }

    /// What runs and is waited for.
    fn running(
        &self,
        context: &Context<'_>,
        reading: &Reading,
        scope: Option<&[Object]>,
    ) -> Vec<RunningOperation> {
        let by_itself = |kind: &OperationKind| {
            matches!(kind, OperationKind::PatrolRead | OperationKind::LearnCycle)
        };
        let mut running = rows(context, reading);
        running.retain(|row| {
            let is_in = |(controller, object): &Object| {
                *controller == row.controller && *object == row.object()
            };
            let in_scope = scope.is_none_or(|scope| scope.iter().any(is_in));
            in_scope && (self.all || !by_itself(&row.kind))
        });
        running
    }
}

impl Awaited {
    fn new(row: RunningOperation, reading: &Reading) -> Self {
        let serial = drive(&row, reading).and_then(|drive| drive.serial().map(str::to_owned));
        let state = virtual_drive(&row, reading).and_then(|drive| drive.state.clone());
        Self { row, serial, state }
    }

    fn told(&self, outcome: Outcome, seen: impl Into<String>) -> Ended {
        Ended {
            controller: self.row.controller,
            operation: self.row.kind.clone(),
            object: self.row.object(),
            outcome,
            seen: seen.into(),
        }
    }

    fn unfinished(&self) -> Ended {
        let done = self.row.percent.map(|percent| format!("{percent} done"));
        self.told(
            Outcome::Running,
            done.unwrap_or_else(|| "still running".to_owned()),
        )
    }

    /// It does not run any more: how it ended, by the state of what it ran on.
    fn end(&self, reading: &Reading) -> Ended {
        let (outcome, seen) = if self.row.physical_drive().is_some() {
            self.end_on_drive(reading)
        } else if self.row.virtual_drive().is_some() {
            self.end_on_virtual_drive(reading)
        } else {
            (Outcome::Done, "not running any more".to_owned())
        };
        self.told(outcome, seen)
    }

    fn end_on_drive(&self, reading: &Reading) -> (Outcome, String) {
        let Some(drive) = drive(&self.row, reading) else {
            return (Outcome::Failed, "the drive is gone".to_owned());
        };
        if drive.serial() != self.serial.as_deref() {
            return (Outcome::Failed, "another drive is in the bay".to_owned());
        }
        let Some(state) = &drive.state else {
            return (Outcome::Failed, "the drive tells no state".to_owned());
        };
        let empties = matches!(
            self.row.kind,
            OperationKind::Clear | OperationKind::SecureErase
        );
        let is_good = if empties {
            *state == DriveState::UnconfiguredGood
        } else {
            matches!(state, DriveState::Online | DriveState::HotSpare)
        };
        let outcome = if is_good {
            Outcome::Done
        } else {
            Outcome::Failed
        };
        (outcome, format!("the drive is {state}"))
    }

    fn end_on_virtual_drive(&self, reading: &Reading) -> (Outcome, String) {
        let Some(drive) = virtual_drive(&self.row, reading) else {
            return (Outcome::Failed, "the virtual drive is gone".to_owned());
        };
        let Some(state) = &drive.state else {
            return (
                Outcome::Failed,
                "the virtual drive tells no state".to_owned(),
            );
        };
        // What was degraded before is no fault of a check.
        let as_before = self.state.as_ref() == Some(state) && *state != VirtualDriveState::Offline;
        let outcome = if *state == VirtualDriveState::Optimal || as_before {
            Outcome::Done
        } else {
            Outcome::Failed
        };
        (outcome, format!("the virtual drive is {state}"))
    }
}

fn controller<'a>(row: &RunningOperation, reading: &'a Reading) -> Option<&'a Controller> {
    let mut all = reading.controllers.iter();
    all.find(|controller| controller.id == row.controller)
}

fn drive<'a>(row: &RunningOperation, reading: &'a Reading) -> Option<&'a PhysicalDrive> {
    let address = row.physical_drive()?;
    let mut drives = controller(row, reading)?.physical_drives.iter().flatten();
    drives.find(|drive| drive.address() == Some(address))
}

fn virtual_drive<'a>(row: &RunningOperation, reading: &'a Reading) -> Option<&'a VirtualDrive> {
    let target = row.virtual_drive()?;
    let mut drives = controller(row, reading)?.virtual_drives.iter().flatten();
    drives.find(|drive| drive.target_id == Some(target))
}
