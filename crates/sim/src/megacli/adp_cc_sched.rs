//! `-AdpCcSched -Info`: the schedule of consistency checks.

use super::answer::{line, put};
use super::{Answer, Arguments, selected};
use crate::state::{Host, ScheduleState};
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
