//! What a controller does by itself from time to time: patrol reads and scheduled consistency checks.

use ironkeep_parsers::model::{
    ActivityState, ConsistencyCheckMode, ConsistencyCheckSchedule, ControllerId, NextStart,
    PatrolRead, PatrolReadMode, TargetId,
};
use ironkeep_parsers::units::Hours;
use jiff::civil::DateTime;

use super::controller::virtual_drive;
use super::{Act, Check, Risk, Scene, Seen, whole};
use crate::reading::{Controller, Part};

/// A change of what a controller does by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatrolChange {
    /// The controller.
    pub controller: ControllerId,
    /// What is done.
    pub action: PatrolAction,
}

/// What is done to patrol reads and scheduled checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatrolAction {
    /// Starts a patrol read.
    Start,
    /// Ends the one that runs.
    Stop,
    /// Lets the one that runs wait.
    Suspend,
    /// Lets one that waits go on.
    Resume,
    /// Sets when patrol reads start.
    Mode(PatrolReadMode),
    /// Sets the time from the end of one to the start of the next, in hours.
    Delay(u64),
    /// Sets when the next one starts: a full hour of the controller's clock.
    StartAt(DateTime),
    /// Sets how many drives are read at one time.
    Drives(u32),
    /// Lets them read solid state drives, or not.
    SolidState(bool),
    /// Sets whether and how scheduled consistency checks run.
    CheckMode {
        /// How.
        mode: ConsistencyCheckMode,
        /// The virtual drives that are left out.
        exclude: Vec<TargetId>,
    },
    /// Sets the time from the end of one check to the start of the next, in hours.
    CheckDelay(u64),
    /// Sets when the next check starts: a full hour of the controller's clock.
    CheckStartAt(DateTime),
}

use PatrolAction as Action;

impl PatrolChange {
    /// Whether it is about consistency checks.
    fn is_check(&self) -> bool {
        match self.action {
            Action::CheckMode { .. } | Action::CheckDelay(_) | Action::CheckStartAt(_) => true,
            Action::Start
            | Action::Stop
            | Action::Suspend
            | Action::Resume
            | Action::Mode(_)
            | Action::Delay(_)
            | Action::StartAt(_)
            | Action::Drives(_)
            | Action::SolidState(_) => false,
        }
    }
}

fn at(time: DateTime) -> String {
    time.strftime("%Y-%m-%d %H:00").to_string()
}

fn list(targets: &[TargetId]) -> String {
    let all: Vec<String> = targets.iter().map(ToString::to_string).collect();
    all.join(", ")
}

impl Act for PatrolChange {
    fn name(&self) -> &'static str {
        match self.action {
            Action::Start => "patrol.start",
            Action::Stop => "patrol.stop",
            Action::Suspend => "patrol.suspend",
            Action::Resume => "patrol.resume",
            Action::Mode(_) => "patrol.mode",
            Action::Delay(_) => "patrol.delay",
            Action::StartAt(_) => "patrol.start_time",
            Action::Drives(_) => "patrol.drives",
            Action::SolidState(_) => "patrol.solid_state",
            Action::CheckMode { .. } => "patrol.check_mode",
            Action::CheckDelay(_) => "patrol.check_delay",
            Action::CheckStartAt(_) => "patrol.check_start_time",
        }
    }

    fn words(&self) -> String {
        let it = self.controller;
        match &self.action {
            Action::Start => format!("start a patrol read on controller {it}"),
            Action::Stop => format!("stop the patrol read on controller {it}"),
            Action::Suspend => format!("suspend the patrol read on controller {it}"),
            Action::Resume => format!("resume the patrol read on controller {it}"),
            Action::Mode(mode) => {
                format!(
                    "set the patrol reads of controller {it} to {}",
                    mode.token()
                )
            }
            Action::Delay(hours) => {
                format!("start patrol reads of controller {it} {hours} h after the last one")
            }
            Action::StartAt(time) => {
                format!(
                    "start the next patrol read of controller {it} at {}",
                    at(*time)
                )
            }
            Action::Drives(count) => {
                format!("let patrol reads of controller {it} read {count} drives at one time")
            }
            Action::SolidState(true) => {
                format!("let patrol reads of controller {it} read solid state drives")
            }
            Action::SolidState(false) => {
                format!("let patrol reads of controller {it} leave out solid state drives")
            }
            Action::CheckMode { mode, exclude } if exclude.is_empty() => {
                format!(
                    "set the consistency checks of controller {it} to {}",
                    mode.token()
                )
            }
            Action::CheckMode { mode, exclude } => format!(
                "set the consistency checks of controller {it} to {}, without virtual drive {}",
                mode.token(),
                list(exclude)
            ),
            Action::CheckDelay(hours) => {
                format!("start consistency checks of controller {it} {hours} h after the last one")
            }
            Action::CheckStartAt(time) => {
                format!(
                    "start the next consistency check of controller {it} at {}",
                    at(*time)
                )
            }
        }
    }

    fn object(&self) -> String {
        whole::name(self.controller)
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        Risk::Change
    }

    fn parts(&self) -> &'static [Part] {
        if self.is_check() {
            &[
                Part::Controllers,
                Part::ConsistencySchedule,
                Part::VirtualDrives,
            ]
        } else {
            &[Part::Controllers, Part::PatrolRead]
        }
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let controller = scene.controller;
        if self.is_check() {
            return match &controller.consistency_schedule {
                Some(schedule) => self.check_checks(controller, schedule),
                None => vec![Check::unread(
                    "state",
                    controller,
                    Part::ConsistencySchedule,
                )],
            };
        }
        match &controller.patrol_read {
            Some(patrol) => self.patrol_checks(controller, patrol),
            None => vec![Check::unread("state", controller, Part::PatrolRead)],
        }
    }

    fn seen(&self, _: &Controller, after: &Controller) -> Seen {
        if self.is_check() {
            return match &after.consistency_schedule {
                Some(schedule) => self.check_seen(schedule),
                None => Seen::Invisible("the schedule could not be read"),
            };
        }
        match &after.patrol_read {
            Some(patrol) => self.patrol_seen(patrol),
            None => Seen::Invisible("patrol read could not be read"),
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        if self.is_check() {
            at.consistency_schedule.as_ref().map(schedule_words)
        } else {
            at.patrol_read.as_ref().map(patrol_words)
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most actions have the same check, and the others are named"
)]
impl PatrolChange {
    fn patrol_checks(&self, controller: &Controller, patrol: &PatrolRead) -> Vec<Check> {
        const CODE: &str = "state";
        let observed = patrol_words(patrol);
        let runs = patrol.state == Some(ActivityState::Active);
        let is_off = patrol.mode == Some(PatrolReadMode::Disabled);
        let holds = || Check::holds(CODE, observed.clone());
        let first = match &self.action {
            Action::Start if is_off => {
                Check::forbids(CODE, observed, "patrol reads are disabled, and none starts")
                    .possible("switch them on: ironkeep patrol set --mode manual")
            }
            Action::Start if runs => Check::forbids(CODE, observed, "one runs already")
                .possible("how far it is: ironkeep patrol show"),
            Action::Stop | Action::Suspend if !runs => {
                Check::forbids(CODE, observed, "no patrol read runs")
            }
            Action::Mode(PatrolReadMode::Disabled) => Check::warns(
                CODE,
                observed,
                "without patrol reads bad media is found only when its data is needed: in a rebuild",
            ),
            _ => holds(),
        };
        let mut checks = vec![first];
        if let Action::StartAt(time) = &self.action {
            checks.push(in_future(controller, *time));
        }
        checks
    }

    fn check_checks(
        &self,
        controller: &Controller,
        schedule: &ConsistencyCheckSchedule,
    ) -> Vec<Check> {
        const CODE: &str = "state";
        let observed = schedule_words(schedule);
        let mut checks = Vec::new();
        match &self.action {
            Action::CheckMode { mode, exclude } => {
                if *mode == ConsistencyCheckMode::Disabled {
                    let why =
                        "redundancy that is wrong is found only when it is needed: in a rebuild";
                    checks.push(Check::warns(CODE, observed, why));
                } else {
                    checks.push(Check::holds(CODE, observed));
                }
                checks.extend(exclude.iter().map(|&it| virtual_drive(controller, it)));
                if !exclude.is_empty() {
                    let observed = format!("virtual drive {} is to be left out", list(exclude));
                    let why = "nobody looks after its redundancy any more";
                    checks.push(Check::warns("effect", observed, why));
                }
            }
            Action::CheckStartAt(time) => {
                checks.push(Check::holds(CODE, observed));
                checks.push(in_future(controller, *time));
            }
            _ => checks.push(Check::holds(CODE, observed)),
        }
        checks
    }

    fn patrol_seen(&self, patrol: &PatrolRead) -> Seen {
        let words = patrol_words(patrol);
        let is_active = patrol.state.as_ref().map(|it| *it == ActivityState::Active);
        let is_so = match &self.action {
            Action::Start if is_active == Some(true) => return Seen::Running(words),
            Action::Start => is_active,
            Action::Stop => is_active.map(|it| !it),
            Action::Suspend | Action::Resume => {
                return Seen::Invisible(
                    "MegaCLI does not tell a patrol read that waits from one that runs",
                );
            }
            Action::Mode(mode) => patrol.mode.as_ref().map(|it| it == mode),
            Action::Delay(hours) => patrol.delay.map(|it| it == Hours(*hours)),
            Action::StartAt(time) => starts(patrol.next_start, *time),
            Action::SolidState(to) => patrol.solid_state.map(|it| it == *to),
            Action::Drives(_) => {
                return Seen::Invisible(
                    "MegaCLI does not tell how many drives are read at one time",
                );
            }
            Action::CheckMode { .. } | Action::CheckDelay(_) | Action::CheckStartAt(_) => None,
        };
        judged(is_so, words)
    }

    fn check_seen(&self, schedule: &ConsistencyCheckSchedule) -> Seen {
        let words = schedule_words(schedule);
        let is_so = match &self.action {
            Action::CheckMode { mode, exclude } => {
                let is_mode = schedule.mode.as_ref().map(|it| it == mode);
                match (&schedule.excluded, exclude.is_empty()) {
                    (_, true) | (None, false) => is_mode,
                    (Some(excluded), false) => {
                        let all = exclude.iter().all(|it| excluded.contains(it));
                        is_mode.map(|is| is && all)
                    }
                }
            }
            Action::CheckDelay(hours) => schedule.delay.map(|it| it == Hours(*hours)),
            Action::CheckStartAt(time) => starts(schedule.next_start, *time),
            _ => None,
        };
        judged(is_so, words)
    }
}

fn judged(is_so: Option<bool>, words: String) -> Seen {
    match is_so {
        Some(true) => Seen::Done(words),
        Some(false) => Seen::Otherwise(words),
        None => Seen::Invisible("MegaCLI does not tell it on this controller"),
    }
}

/// Whether it starts in the hour of `time`. The tool may cut the time off the date.
fn starts(next: Option<NextStart>, time: DateTime) -> Option<bool> {
    match next? {
        NextStart::At(is) => Some(is.date() == time.date() && is.hour() == time.hour()),
        NextStart::On(is) => Some(is == time.date()),
        NextStart::Unset(_) | NextStart::None => Some(false),
    }
}

/// Whether `time` is still to come by the controller's clock.
fn in_future(controller: &Controller, time: DateTime) -> Check {
    const CODE: &str = "clock";
    let clock = controller
        .info
        .as_ref()
        .and_then(|it| it.settings.current_time);
    let Some(now) = clock else {
        return Check::warns(
            CODE,
            "the controller's clock could not be read",
            "whether that time is still to come is not known",
        );
    };
    let observed = format!(
        "the controller's clock shows {}",
        now.strftime("%Y-%m-%d %H:%M")
    );
    if time > now {
        Check::holds(CODE, observed)
    } else {
        Check::refuses(
            CODE,
            observed,
            "that time has passed on the controller's clock",
        )
        .possible("set its clock: ironkeep controller time set now")
    }
}

fn patrol_words(patrol: &PatrolRead) -> String {
    let mut words = vec![format!(
        "patrol read {}, {}",
        patrol
            .mode
            .as_ref()
            .map_or("of unknown mode", |it| it.as_str())
            .to_lowercase(),
        patrol
            .state
            .as_ref()
            .map_or("state not told", |it| it.as_str())
            .to_lowercase()
    )];
    words.extend(patrol.delay.map(|it| format!("every {it}")));
    words.extend(next(patrol.next_start));
    words.extend(patrol.solid_state.map(|it| {
        let is = if it { "read" } else { "left out" };
        format!("solid state drives {is}")
    }));
    words.join(", ")
}

fn schedule_words(schedule: &ConsistencyCheckSchedule) -> String {
    let mut words = vec![format!(
        "consistency check {}",
        schedule
            .mode
            .as_ref()
            .map_or("of unknown mode", |it| it.as_str())
            .to_lowercase()
    )];
    words.extend(schedule.delay.map(|it| format!("every {it}")));
    words.extend(next(schedule.next_start));
    let excluded = schedule.excluded.as_ref().filter(|it| !it.is_empty());
    words.extend(excluded.map(|it| format!("without virtual drive {}", list(it))));
    words.join(", ")
}

fn next(start: Option<NextStart>) -> Option<String> {
    match start? {
        NextStart::At(time) => Some(format!("next {}", time.strftime("%Y-%m-%d %H:%M"))),
        NextStart::On(date) => Some(format!("next {date}")),
        NextStart::Unset(_) | NextStart::None => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn change(action: PatrolAction) -> PatrolChange {
        PatrolChange {
            controller: ControllerId(0),
            action,
        }
    }

    fn patrol(mode: PatrolReadMode, state: ActivityState) -> Controller {
        Controller {
            patrol_read: Some(PatrolRead {
                mode: Some(mode),
                state: Some(state),
                delay: Some(Hours(168)),
                ..PatrolRead::default()
            }),
            ..Controller::default()
        }
    }

    fn refuses(action: PatrolAction, at: &Controller) -> bool {
        let change = change(action);
        let patrol = at.patrol_read.as_ref().unwrap();
        let checks = change.patrol_checks(at, patrol);
        checks.iter().any(|it| it.stands_against(&[]))
    }

    #[test]
    fn a_patrol_read_starts_only_where_it_may_and_stops_only_where_one_runs() {
        let idle = patrol(PatrolReadMode::Auto, ActivityState::Stopped);
        let off = patrol(PatrolReadMode::Disabled, ActivityState::Stopped);
        let active = patrol(PatrolReadMode::Auto, ActivityState::Active);
        assert!(!refuses(Action::Start, &idle));
        assert!(refuses(Action::Start, &off));
        assert!(refuses(Action::Start, &active));
        assert!(refuses(Action::Stop, &idle));
        assert!(!refuses(Action::Stop, &active));
    }

    #[test]
    fn each_setting_is_judged_by_its_own_field() {
        let before = Controller::default();
        let at = patrol(PatrolReadMode::Manual, ActivityState::Active);
        let seen = |action| change(action).seen(&before, &at);
        assert!(matches!(seen(Action::Start), Seen::Running(_)));
        assert!(matches!(seen(Action::Stop), Seen::Otherwise(_)));
        assert!(matches!(
            seen(Action::Mode(PatrolReadMode::Manual)),
            Seen::Done(_)
        ));
        assert!(matches!(seen(Action::Delay(100)), Seen::Otherwise(_)));
        assert!(matches!(seen(Action::Drives(2)), Seen::Invisible(_)));
    }

    #[test]
    fn a_start_is_seen_in_its_hour_or_on_its_day() {
        let wanted = date(2026, 11, 22).at(3, 0, 0, 0);
        assert_eq!(starts(Some(NextStart::At(wanted)), wanted), Some(true));
        assert_eq!(
            starts(Some(NextStart::On(date(2026, 11, 22))), wanted),
            Some(true)
        );
        assert_eq!(starts(Some(NextStart::None), wanted), Some(false));
        assert_eq!(starts(None, wanted), None);
    }

    #[test]
    fn a_virtual_drive_that_is_left_out_must_be_there_and_stay_out() {
        let exclude = change(Action::CheckMode {
            mode: ConsistencyCheckMode::Sequential,
            exclude: vec![TargetId(1)],
        });
        let schedule = ConsistencyCheckSchedule {
            mode: Some(ConsistencyCheckMode::Sequential),
            excluded: Some(Vec::new()),
            ..ConsistencyCheckSchedule::default()
        };
        assert!(matches!(exclude.check_seen(&schedule), Seen::Otherwise(_)));
        let at = Controller {
            virtual_drives: Some(Vec::new()),
            ..Controller::default()
        };
        let checks = exclude.check_checks(&at, &schedule);
        assert!(checks.iter().any(|it| it.stands_against(&[])));
    }
}
