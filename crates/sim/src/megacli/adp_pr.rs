//! `-AdpPR -Info`: the schedule of patrol reads.

use super::answer::line;
use super::words::enabled;
use super::{Answer, Arguments, opcode, selected};
use crate::state::bits::{operations2, switches};
use crate::state::{Host, PatrolMode, ScheduleState};
use crate::time;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let (patrol, info) = (&controller.patrol, &controller.info);
        let mode = match patrol.mode {
            PatrolMode::Automatic => "Auto",
            PatrolMode::Manual => "Manual",
            PatrolMode::Disabled => "Disabled",
            PatrolMode::Code(_) => {
                answer.status = 1;
                "Unknown"
            }
        };
        let state = match patrol.state {
            ScheduleState::Stopped => "Stopped",
            ScheduleState::Ready => "Ready",
            ScheduleState::Active => "Active",
            ScheduleState::Aborted => "Aborted",
            ScheduleState::Code(_) => "Unknown",
        };
        line!(answer, "Adapter {number}: Patrol Read Information:");
        line!(answer);
        line!(answer, "Patrol Read Mode: {mode}");
        line!(
            answer,
            "Patrol Read Execution Delay: {} hours",
            patrol.period / 3600
        );
        line!(
            answer,
            "Number of iterations completed: {} ",
            patrol.iterations
        );
        line!(answer, "Next start time: {}", time::next(patrol.next));
        line!(answer, "Current State: {state}");
        if patrol.state == ScheduleState::Active {
            let done = patrol.drives_done;
            line!(answer, "Adapter {number}: Number of PDs completed: {done}");
        }
        if controller.fault(opcode::PROPERTIES).is_none() {
            // A controller that does not support it has it off, whatever the property says.
            let is = info.operations2 & operations2::SSD_PATROL_READ != 0
                && info.switches & switches::SSD_PATROL_READ != 0;
            line!(answer, "Patrol Read on SSD Devices: {}", enabled(is));
        }
    }
}
