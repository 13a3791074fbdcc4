//! What runs on a controller, and how long it may still take. The one place that says so.

use ironkeep_parsers::model::{
    ActivityState, BatteryState, ControllerId, DriveAddress, DriveState, Operation, OperationKind,
    Progress, TargetId,
};
use ironkeep_parsers::units::{Minutes, Percent, Seconds};
use jiff::{Span, Zoned};
use serde::{Serialize, Serializer};

use crate::cli::context::Context;
use crate::commands::fields::{ToCell, list};
use crate::membership;
use crate::output::{Align, CONTROLLER, Cell, Column, Tabular, human};
use crate::reading::{Controller, Reading};

/// An operation that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct RunningOperation {
    /// The controller's number; absent where no output named it.
    pub(crate) controller: Option<ControllerId>,
    /// What is done.
    pub(crate) kind: OperationKind,
    /// The virtual drive it runs on; absent where it runs on something else.
    virtual_drive: Option<TargetId>,
    /// The physical drive it runs on; absent where it runs on something else.
    physical_drive: Option<DriveAddress>,
    /// The part that is done; absent where nobody says.
    pub(crate) percent: Option<Percent>,
    /// Time since it started; absent where nobody says.
    pub(crate) elapsed_minutes: Option<Minutes>,
    /// How long it may still take, computed from the two before; absent where they say too little.
    estimated_remaining_minutes: Option<Minutes>,
    /// When it may end, by the host's clock: 2026-11-20T03:00:00+01:00. Absent where the time before is,
    /// and where nobody knows when the reading was taken, as of saved output.
    #[serde(serialize_with = "with_offset")]
    #[schemars(with = "Option<String>")]
    estimated_end: Option<Zoned>,
    /// The share of the controller's power that it may take; absent where the controller was not asked,
    /// and for what has no such setting.
    rate_percent: Option<Percent>,
    /// How many drives a patrol read has finished; absent for everything else.
    drives_completed: Option<u32>,
    /// The virtual drives that the physical drive is a member of, by target id; absent where it runs on
    /// something else, and where the members were not read.
    member_of: Option<Vec<TargetId>>,
}

/// `2026-11-20T03:00:00+01:00`.
#[expect(clippy::ref_option, reason = "serde hands over the field")]
fn with_offset<S: Serializer>(time: &Option<Zoned>, to: S) -> Result<S::Ok, S::Error> {
    let text = |time: &Zoned| time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    time.as_ref().map(text).serialize(to)
}

/// When `reading` was taken, by the host's clock; `None` where it is saved output, which may be of any
/// time.
pub(crate) fn taken(context: &Context<'_>, reading: &Reading) -> Option<Zoned> {
    let zone = context.output.zone;
    reading.live.then(|| reading.taken.to_zoned(zone.find()))
}

/// Everything that runs on a controller: on virtual drives, on drives, on the controller itself.
/// `taken` is when the reading was taken.
pub(crate) fn all(controller: &Controller, taken: Option<&Zoned>) -> Vec<RunningOperation> {
    let drives = controller.virtual_drives.iter().flatten();
    let mut running: Vec<_> = drives
        .flat_map(|drive| of_operations(controller, &drive.operations, taken))
        .collect();
    running.extend(on_drives(controller, taken));
    let patrol = controller.patrol_read.as_ref();
    if let Some(patrol) = patrol.filter(|it| it.state == Some(ActivityState::Active)) {
        running.push(RunningOperation {
            drives_completed: patrol.drives_completed,
            ..RunningOperation::of(controller, OperationKind::PatrolRead)
        });
    }
    if is_learning(controller) {
        running.push(RunningOperation::of(controller, OperationKind::LearnCycle));
    }
    let schedule = controller.consistency_schedule.as_ref();
    let kind = OperationKind::ConsistencyCheck;
    let checks = running.iter().any(|it| it.kind == kind);
    if !checks && schedule.and_then(|it| it.state.as_ref()) == Some(&ActivityState::Active) {
        running.push(RunningOperation::of(controller, kind));
    }
    running
}

/// Those of `operations` that run.
pub(crate) fn of_operations(
    controller: &Controller,
    operations: &[Operation],
    taken: Option<&Zoned>,
) -> Vec<RunningOperation> {
    let running = operations.iter().filter(|operation| operation.is_running());
    running
        .map(|operation| RunningOperation::new(controller, operation, taken))
        .collect()
}

/// What runs on physical drives: what the tool says of their progress, and drives whose state says
/// that something runs although nothing says how far it is.
pub(crate) fn on_drives(controller: &Controller, taken: Option<&Zoned>) -> Vec<RunningOperation> {
    let operations = controller.drive_operations.as_deref().unwrap_or_default();
    let mut running = of_operations(controller, operations, taken);
    for drive in controller.physical_drives.iter().flatten() {
        let address = drive.address();
        let kind = match drive.state {
            Some(DriveState::Rebuild) => Some(OperationKind::Rebuild),
            Some(DriveState::Copyback) => Some(OperationKind::Copyback),
            _ => None,
        };
        let known = |it: &RunningOperation| {
            it.physical_drive == address && kind.as_ref().is_none_or(|kind| it.kind == *kind)
        };
        if let Some(kind) = kind.clone().filter(|_| !running.iter().any(known)) {
            running.push(RunningOperation {
                physical_drive: address,
                ..RunningOperation::of(controller, kind)
            });
        }
        for operation in running.iter_mut().filter(|it| known(it)) {
            operation.member_of = membership::targets(controller, drive);
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
    pub(crate) fn physical_drive(&self) -> Option<DriveAddress> {
        self.physical_drive
    }

    /// The virtual drive it runs on; `None` where it runs on something else.
    pub(crate) fn virtual_drive(&self) -> Option<TargetId> {
        self.virtual_drive
    }

    /// Whether it is the same operation, further on.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.controller == other.controller
            && self.kind == other.kind
            && self.virtual_drive == other.virtual_drive
            && self.physical_drive == other.physical_drive
    }

    /// How long it may still take, in words: `about 2 h 13 min`.
    pub(crate) fn remaining(&self) -> Option<String> {
        Some(estimate(self.estimated_remaining_minutes?).shown())
    }

    /// Whether it runs on a drive and nobody says how far it is.
    pub(crate) fn misses_progress(&self) -> bool {
        self.physical_drive.is_some() && self.percent.is_none()
    }

    fn new(controller: &Controller, operation: &Operation, taken: Option<&Zoned>) -> Self {
        let progress = operation.progress.as_ref();
        let left = progress.and_then(remaining);
        Self {
            virtual_drive: operation.virtual_drive,
            physical_drive: operation.physical_drive,
            percent: progress.map(|progress| progress.done),
            elapsed_minutes: progress.map(|progress| progress.elapsed),
            estimated_remaining_minutes: left,
            estimated_end: left.zip(taken).and_then(|(left, taken)| end(left, taken)),
            ..Self::of(controller, operation.kind.clone())
        }
    }

    /// Of the controller as a whole, or before it is said of what.
    fn of(controller: &Controller, kind: OperationKind) -> Self {
        Self {
            controller: controller.id,
            rate_percent: rate(controller, &kind),
            kind,
            virtual_drive: None,
            physical_drive: None,
            percent: None,
            elapsed_minutes: None,
            estimated_remaining_minutes: None,
            estimated_end: None,
            drives_completed: None,
            member_of: None,
        }
    }

    /// What it runs on, as selectors name it.
    pub(crate) fn object(&self) -> String {
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

/// When it may end, if it takes `left` from `taken` on. `None` beyond all calendars.
fn end(left: Minutes, taken: &Zoned) -> Option<Zoned> {
    let span = Span::new().try_minutes(i64::try_from(left.0).ok()?).ok()?;
    taken.checked_add(span).ok()
}

/// The firmware's setting for operations of this kind.
fn rate(controller: &Controller, kind: &OperationKind) -> Option<Percent> {
    let settings = &controller.info.as_ref()?.settings;
    match kind {
        OperationKind::Rebuild => settings.rebuild_rate,
        OperationKind::PatrolRead => settings.patrol_read_rate,
        OperationKind::BackgroundInitialization => settings.background_initialization_rate,
        OperationKind::ConsistencyCheck => settings.consistency_check_rate,
        OperationKind::Reconstruction => settings.reconstruction_rate,
        OperationKind::Copyback
        | OperationKind::Clear
        | OperationKind::SecureErase
        | OperationKind::ForegroundInitialization
        | OperationKind::LearnCycle
        | OperationKind::Other(_)
        | _ => None,
    }
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
        Column::new("estimated_end", "ETA", Align::Left, |row| {
            let end = row.estimated_end.as_ref();
            end.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string())
                .into()
        }),
        Column::new("rate_percent", "RATE", Align::Right, |row| {
            row.rate_percent.into()
        }),
        Column::new("member_of", "MEMBER OF", Align::Left, |row| {
            let targets = row.member_of.as_ref().filter(|it| !it.is_empty());
            let named = |targets: &Vec<_>| list(targets.iter().map(|it| format!("vd {it}")));
            targets.map(named).into()
        }),
        Column::on_request("drives_completed", "DRIVES DONE", Align::Right, |row| {
            row.drives_completed.into()
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
        let found: Vec<_> = all(&controller, None)
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
    fn the_end_is_estimated_by_the_hosts_clock_where_the_time_of_the_reading_is_known() {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(1));
        let taken = jiff::Timestamp::UNIX_EPOCH.to_zoned(zone);
        let operation = Operation {
            kind: OperationKind::ConsistencyCheck,
            physical_drive: None,
            virtual_drive: Some(TargetId(0)),
            progress: Some(progress(25, 60)),
        };
        let controller = Controller::default();
        let of = |taken| of_operations(&controller, std::slice::from_ref(&operation), taken);
        let json = serde_json::to_value(&of(Some(&taken))[0]).unwrap();
        assert_eq!(json["estimated_end"], "1970-01-01T04:00:00+01:00");
        assert_eq!(of(None)[0].estimated_end, None);
        assert_eq!(end(Minutes(u64::MAX), &taken), None);
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
        assert_eq!(all(&with(ActivityState::Ready), None), []);
        let active = all(&with(ActivityState::Active), None);
        assert_eq!(active.len(), 1);
        assert_eq!(active[0].kind, OperationKind::PatrolRead);
        assert_eq!(active[0].object(), "controller");
    }
}
