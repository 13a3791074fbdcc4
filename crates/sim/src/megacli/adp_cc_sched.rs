//! `-AdpCcSched`: the schedule of consistency checks.

use super::answer::{line, put};
use super::{Answer, Arguments, selected, selected_mut, targets};
use crate::firmware::control;
use crate::state::{Controller, Host, ScheduleState};
use crate::time;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let schedule = &controller.consistency;
        let mode = match schedule.mode {
            0 => "Disabled",
            1 => "Sequential",
            2 => "Concurrent",
            _ => "Invalid",
        };
        let state = match schedule.state {
            ScheduleState::Stopped => "Stopped",
            ScheduleState::Ready => "Ready",
            ScheduleState::Active => "Active",
            ScheduleState::Aborted | ScheduleState::Code(3) => "Aborted",
            ScheduleState::Code(_) => "Unknown",
        };
        line!(answer, "Adapter #{number}");
        line!(answer);
        line!(answer, "Operation Mode: {mode}");
        line!(answer, "Execution Delay: {}", schedule.period / 3600);
        line!(answer, "Next start time: {}", time::next(schedule.next));
        line!(answer, "Current State: {state}");
        line!(answer, "Number of iterations: {}", schedule.iterations);
        line!(
            answer,
            "Number of VD completed: {}",
            schedule.virtual_drives_done
        );
        let excluded: Vec<_> = schedule.excluded.iter().map(u16::to_string).collect();
        let excluded = if excluded.is_empty() {
            "None".to_owned()
        } else {
            excluded.join(", ")
        };
        // The tool forgets the line feed.
        put!(answer, "Excluded VDs          : {excluded}");
    }
}

/// `-Dsbl`.
pub(super) fn disable(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(host, arguments, answer, Some((0, "Disabled")));
}

/// `-ModeSeq`, with `-ExcludeLD`, `-SetStartTime` and `-SetDelay` where they are wanted.
pub(super) fn one_by_one(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(host, arguments, answer, Some((1, "Sequential")));
}

/// `-ModeConc`, as [`one_by_one`].
pub(super) fn at_once(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(host, arguments, answer, Some((2, "Concurrent")));
}

/// `-SetStartTime` and `-SetDelay` alone.
pub(super) fn set_times(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(host, arguments, answer, None);
}

fn set(host: &mut Host, arguments: &Arguments, answer: &mut Answer, mode: Option<(u8, &str)>) {
    let start = arguments.place_of("-SetStartTime").map(|at| {
        let (day, hour) = (arguments.word(at + 1), arguments.word(at + 2));
        time::of_words(&day, &hour)
    });
    let delay = arguments.place_of("-SetDelay").map(|at| {
        let hours = arguments.number(at + 1)?;
        hours.checked_mul(3600)
    });
    if start == Some(None) || delay == Some(None) {
        answer.misread();
        return;
    }
    let (start, delay) = (start.flatten(), delay.flatten());
    let excludes = arguments.has("-ExcludeLD");
    for (number, controller) in selected_mut(host, arguments) {
        let excluded = match excluded(controller, arguments) {
            Ok(excluded) => excluded,
            Err(target) => {
                targets::missing(answer, number, target);
                continue;
            }
        };
        control::set_checks(controller, |schedule| {
            if let Some((mode, _)) = mode {
                schedule.mode = mode;
                schedule.excluded = if excludes { excluded } else { Vec::new() };
            }
            schedule.next = start.unwrap_or(schedule.next);
            schedule.period = delay.unwrap_or(schedule.period);
        });
        if let Some((_, name)) = mode {
            line!(
                answer,
                "Adapter {number}: Scheduled CC mode is set to {name}."
            );
        }
        if start.is_some() {
            line!(answer, "Adapter {number}: Scheduled CC start time is set.");
        }
        if let Some(seconds) = delay {
            let hours = seconds / 3600;
            line!(
                answer,
                "Adapter {number}: Scheduled CC execution delay is set to {hours} hours."
            );
        }
    }
}

/// The targets that the command line names; `Err` is one that is not there.
fn excluded(controller: &Controller, arguments: &Arguments) -> Result<Vec<u16>, u32> {
    let wanted = targets::wanted(controller, arguments).into_iter();
    wanted.map(|it| it.map(|drive| drive.target)).collect()
}
