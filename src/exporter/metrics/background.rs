//! What the controller does by itself from time to time: patrol reads and consistency checks.

use std::fmt::Display;

use ironkeep_parsers::model::{
    ActivityState, ConsistencyCheckMode, ConsistencyCheckSchedule, PatrolRead, PatrolReadMode,
};

use super::next_start;
use crate::exporter::exposition::Exposition;
use crate::exporter::family::families;
use crate::reading::{Controller, Reading};

const STATES: &[&str] = &[
    "active", "stopped", "disabled", "ready", "aborted", "unknown",
];
const MODES: &[&str] = &["auto", "manual", "disabled", "unknown"];

families! {
    PATROL_STATE = "megaraid_patrol_read_state", Gauge, ["controller", "state"] of STATES,
        "What the patrol read is doing, which reads all drives in search of bad media. Disabled where it never runs; drives then rot unseen.";
    PATROL_MODE = "megaraid_patrol_read_mode", Gauge, ["controller", "mode"] of MODES,
        "Whether patrol reads start by themselves, only when somebody starts one, or never.";
    PATROL_ITERATIONS = "megaraid_patrol_read_iterations_total", Counter, ["controller"],
        "Patrol reads that were completed.";
    PATROL_NEXT = "megaraid_patrol_read_next_start_timestamp_seconds", Gauge, ["controller"],
        "When the next patrol read starts, to the minute: the time until then on the controller's clock, from now on. Absent where none is planned.";
    PATROL_DRIVES = "megaraid_patrol_read_drives_completed", Gauge, ["controller"],
        "Drives that the running patrol read is through with. Absent while none runs.";
    CHECK_ENABLED = "megaraid_consistency_check_enabled", Gauge, ["controller"],
        "1 if scheduled consistency checks run, which compare redundancy with the data.";
    CHECK_STATE = "megaraid_consistency_check_state", Gauge, ["controller", "state"] of STATES,
        "What the scheduled consistency check is doing. Disabled where none runs.";
    CHECK_ITERATIONS = "megaraid_consistency_check_iterations_total", Counter, ["controller"],
        "Scheduled consistency checks that were completed.";
    CHECK_NEXT = "megaraid_consistency_check_next_start_timestamp_seconds", Gauge, ["controller"],
        "When the next scheduled consistency check starts, to the minute: the time until then on the controller's clock, from now on. Absent where none is planned.";
}

pub(super) fn describe(
    known: &Controller,
    reading: &Reading,
    controller: &dyn Display,
    metrics: &mut Exposition,
) {
    let info = known.info.as_ref();
    if let Some(patrol) = &known.patrol_read {
        patrol_read(patrol, controller, metrics);
        let next = next_start(patrol.next_start.as_ref(), info, reading);
        metrics.add_some(&PATROL_NEXT, &[controller], next);
    }
    if let Some(check) = &known.consistency_schedule {
        consistency_check(check, controller, metrics);
        let next = next_start(check.next_start.as_ref(), info, reading);
        metrics.add_some(&CHECK_NEXT, &[controller], next);
    }
}

fn patrol_read(patrol: &PatrolRead, controller: &dyn Display, metrics: &mut Exposition) {
    let disabled = patrol.mode == Some(PatrolReadMode::Disabled);
    if let Some(state) = state(disabled, patrol.state.as_ref()) {
        metrics.add_states(&PATROL_STATE, &[controller], state);
    }
    if let Some(mode) = &patrol.mode {
        metrics.add_states(&PATROL_MODE, &[controller], mode.token());
    }
    metrics.add_some(&PATROL_ITERATIONS, &[controller], patrol.iterations);
    metrics.add_some(&PATROL_DRIVES, &[controller], patrol.drives_completed);
}

fn consistency_check(
    check: &ConsistencyCheckSchedule,
    controller: &dyn Display,
    metrics: &mut Exposition,
) {
    let enabled = match &check.mode {
        Some(ConsistencyCheckMode::Sequential | ConsistencyCheckMode::Concurrent) => Some(true),
        Some(ConsistencyCheckMode::Disabled) => Some(false),
        Some(ConsistencyCheckMode::Invalid | ConsistencyCheckMode::Other(_) | _) | None => None,
    };
    metrics.add_some(&CHECK_ENABLED, &[controller], enabled);
    if let Some(state) = state(enabled == Some(false), check.state.as_ref()) {
        metrics.add_states(&CHECK_STATE, &[controller], state);
    }
    metrics.add_some(&CHECK_ITERATIONS, &[controller], check.iterations);
}

/// Firmware calls what is disabled `Stopped`. A run that somebody started by hand is active all the same.
fn state(disabled: bool, state: Option<&ActivityState>) -> Option<&str> {
    match state {
        Some(ActivityState::Active) => Some("active"),
        _ if disabled => Some("disabled"),
        state => state.map(ActivityState::token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_disabled_is_not_merely_stopped() {
        assert_eq!(state(true, Some(&ActivityState::Stopped)), Some("disabled"));
        assert_eq!(state(true, Some(&ActivityState::Active)), Some("active"));
        assert_eq!(state(false, Some(&ActivityState::Ready)), Some("ready"));
        assert_eq!(state(false, None), None);
    }
}
