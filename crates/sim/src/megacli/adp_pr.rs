//! `-AdpPR`: patrol reads and their schedule.

use super::answer::line;
use super::words::enabled;
use super::{Answer, Arguments, firmware_status, opcode, selected, selected_mut};
use crate::firmware::{control, status};
use crate::state::bits::{operations2, switches};
use crate::state::{Host, PatrolMode, PatrolSchedule, ScheduleState};
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

/// `-Start`.
pub(super) fn start(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        let started = match controller.fault(opcode::PATROL_START) {
            Some(status) => Err(status),
            None => control::start_patrol(controller),
        };
        match started {
            Ok(()) => line!(answer, "Adapter {number}: Patrol Read is started."),
            Err(code) => {
                let words = if code == status::NO_PATROL_DRIVES {
                    "Patrol Read can't be started, as PDs are either not ONLINE, or are in a VD with an \
                     active process, or are in an excluded VD"
                } else {
                    "Failed to start Patrol Read."
                };
                line!(answer, "Adapter {number}: {words}");
                firmware_status::explain(code, answer);
            }
        }
    }
}

/// `-Stop`.
pub(super) fn stop(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if let Some(status) = controller.fault(opcode::PATROL_STOP) {
            // No capture shows it.
            line!(answer, "Adapter {number}: Failed to stop Patrol Read.");
            firmware_status::explain(status, answer);
        } else if control::stop_patrol(controller) {
            line!(answer, "Adapter {number}: Patrol Read is stopped.");
        } else {
            line!(answer, "No Patrol Read is in progress");
        }
    }
}

/// `-Suspend`.
pub(super) fn suspend(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set_suspended(true, host, arguments, answer);
}

/// `-Resume`.
pub(super) fn resume(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set_suspended(false, host, arguments, answer);
}

fn set_suspended(to: bool, host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if controller.info.operations2 & operations2::SUSPEND_RESUME == 0 {
            line!(answer, "FW Not Allowed Suspend-Resume on BG Operations.");
            answer.status = 1;
            return;
        }
        // No capture shows a controller that can.
        if control::suspend_patrol(controller, to) {
            let done = if to { "suspended" } else { "resumed" };
            line!(answer, "Adapter {number}: Patrol Read is {done}.");
        } else {
            line!(answer, "No Patrol Read is in progress");
        }
    }
}

/// `-Dsbl`.
pub(super) fn disable(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let said = "Mode is set to DISABLED";
    set(host, arguments, answer, said, |it| {
        it.mode = PatrolMode::Disabled;
    });
}

/// `-EnblAuto`.
pub(super) fn automatic(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(host, arguments, answer, "Mode is set to AUTO", |it| {
        it.mode = PatrolMode::Automatic;
    });
}

/// `-EnblMan`.
pub(super) fn manual(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(host, arguments, answer, "Mode is set to MANUAL", |it| {
        it.mode = PatrolMode::Manual;
    });
}

/// `-SetDelay HOURS`.
pub(super) fn set_delay(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let hours = arguments.number(2);
    let Some((hours, seconds)) = hours.and_then(|it| Some((it, it.checked_mul(3600)?))) else {
        answer.misread();
        return;
    };
    let said = format!("Execution Delay is set to {hours} hours");
    set(host, arguments, answer, &said, |it| it.period = seconds);
}

/// `-SetStartTime YYYYMMDD HH`.
pub(super) fn set_start(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let Some(next) = time::of_words(&arguments.word(2), &arguments.word(3)) else {
        answer.misread();
        return;
    };
    let said = "start time is set";
    set(host, arguments, answer, said, |it| it.next = next);
}

/// Sets the schedule of each controller.
fn set(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    said: &str,
    change: impl Fn(&mut PatrolSchedule),
) {
    for (number, controller) in selected_mut(host, arguments) {
        if let Some(status) = controller.fault(opcode::SET_PATROL) {
            firmware_status::not_sent(number, status, answer);
            continue;
        }
        control::set_patrol(controller, &change);
        line!(answer, "Adapter {number}: Patrol Read {said}.");
    }
}

/// `-maxConcurrentPD COUNT`.
pub(super) fn set_most_drives(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let most = arguments.number(2).and_then(|it| u8::try_from(it).ok());
    let Some(most) = most else {
        answer.misread();
        return;
    };
    for (number, controller) in selected_mut(host, arguments) {
        if let Some(status) = controller.fault(opcode::SET_PATROL) {
            firmware_status::not_sent(number, status, answer);
            continue;
        }
        control::set_patrol(controller, |it| it.most_drives = most);
        line!(
            answer,
            "Adapter {number}: max concurrent PD value for Patrol Read is set."
        );
    }
}

/// `-SSDPatrolReadEnbl`.
pub(super) fn read_solid_state(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set_solid_state(true, host, arguments, answer);
}

/// `-SSDPatrolReadDsbl`.
pub(super) fn spare_solid_state(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set_solid_state(false, host, arguments, answer);
}

fn set_solid_state(to: bool, host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        let can = controller.info.operations2 & operations2::SSD_PATROL_READ != 0;
        if !can || controller.fault(opcode::SET_PROPERTIES).is_some() {
            line!(
                answer,
                "Adapter {number}: Failed to set Patrol Read on SSD devices"
            );
            answer.status = 1;
            continue;
        }
        control::set_properties(controller, |info| {
            if to {
                info.switches |= switches::SSD_PATROL_READ;
            } else {
                info.switches &= !switches::SSD_PATROL_READ;
            }
        });
        // No capture shows a controller that can; the words are those by which it is read.
        let is = enabled(to);
        line!(answer, "Adapter {number}: Patrol Read on SSD Devices: {is}");
    }
}
