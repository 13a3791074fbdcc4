//! `-AdpCcSched -Info`: the scheduled consistency check.

use crate::Report;
use crate::grammar;
use crate::megacli::{next_start, section};
use crate::model::{
    ActivityState, ConsistencyCheckMode, ConsistencyCheckSchedule, ControllerId, Section, TargetId,
};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the schedule of every controller.
pub fn adp_cc_sched(text: &str) -> Report<Vec<Section<ConsistencyCheckSchedule>>> {
    let mut scan = Scan::new(text);
    let mut controllers = Vec::new();
    while let Some(line) = scan.next() {
        if let Some(controller) = section::heading(&line) {
            section::begin(&mut controllers, controller);
        } else if !section::offer(&mut controllers, |check| take(check, &mut scan, &line)) {
            scan.frame(line);
        } else if let (_, Some(controller)) = unglued(line.value) {
            section::begin(&mut controllers, controller);
        }
    }
    scan.finish(controllers)
}

fn take<'a>(check: &mut ConsistencyCheckSchedule, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "Operation Mode" => scan.set(&mut check.mode, line, ConsistencyCheckMode::read),
        "Execution Delay" => scan.set(&mut check.delay, line, grammar::delay_hours),
        "Next start time" => next_start::set(&mut check.next_start, scan, line),
        "Current State" => scan.set(&mut check.state, line, ActivityState::read),
        "Number of iterations" => scan.set(&mut check.iterations, line, grammar::decimal),
        "Number of VD completed" => {
            scan.set(&mut check.virtual_drives_completed, line, grammar::small);
        }
        "Excluded VDs" => {
            let (drives, _) = unglued(line.value);
            scan.set_value(&mut check.excluded, line, drives, excluded);
        }
        _ => return false,
    }
    true
}

/// The last value of a controller's part, and the next controller, before which the tool forgets the
/// line feed: `NoneAdapter #1`.
fn unglued(value: &str) -> (&str, Option<ControllerId>) {
    let glued = value
        .find("Adapter")
        .and_then(|at| value.split_at_checked(at))
        .and_then(|(value, rest)| match grammar::adapter_prefix(rest) {
            Some((controller, "")) => Some((value, Some(controller))),
            _ => None,
        });
    glued.unwrap_or((value, None))
}

/// `None`, or the numbers of virtual drives.
fn excluded(text: &str) -> Option<Vec<TargetId>> {
    if text.eq_ignore_ascii_case("None") {
        return Some(Vec::new());
    }
    grammar::list(text.trim_end_matches([',', ' ']), |number| {
        grammar::small(number).map(TargetId)
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::NextStart;
    use crate::units::Hours;

    #[test]
    fn the_next_controller_is_glued_to_the_last_value() {
        let report = adp_cc_sched(
            "Adapter #0\n\nOperation Mode: Sequential\nExecution Delay: 168\n\
             Next start time: 12/19/2023, 16:00:00\nCurrent State: Stopped\n\
             Number of iterations: 109\nNumber of VD completed: 1\n\
             Excluded VDs          : NoneAdapter #1\n\nOperation Mode: Concurrent\n\
             Excluded VDs          : None\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.value,
            [
                Section {
                    controller: Some(ControllerId(0)),
                    value: ConsistencyCheckSchedule {
                        mode: Some(ConsistencyCheckMode::Sequential),
                        delay: Some(Hours(168)),
                        next_start: Some(NextStart::At(date(2023, 12, 19).at(16, 0, 0, 0))),
                        state: Some(ActivityState::Stopped),
                        iterations: Some(109),
                        virtual_drives_completed: Some(1),
                        excluded: Some(vec![]),
                    }
                },
                Section {
                    controller: Some(ControllerId(1)),
                    value: ConsistencyCheckSchedule {
                        mode: Some(ConsistencyCheckMode::Concurrent),
                        excluded: Some(vec![]),
                        ..ConsistencyCheckSchedule::default()
                    }
                }
            ]
        );
    }

    #[test]
    fn a_time_that_is_cut_short_keeps_its_day_and_is_a_gap() {
        let report = adp_cc_sched(
            "Adapter #0\nNext start time: 08/13/2016, 10:00:\n\nCurrent State: Active\n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(
            report.value[0].value.next_start,
            Some(NextStart::On(date(2016, 8, 13)))
        );
        assert_eq!(report.value[0].value.state, Some(ActivityState::Active));
        assert_eq!(report.gaps.len(), 1);
        assert_eq!(
            (report.gaps[0].line, report.gaps[0].what.as_str()),
            (
                2,
                "the next start time is cut short: \"08/13/2016, 10:00:\""
            )
        );
    }

    #[test]
    fn the_end_of_the_firmware_s_counter_is_no_plan() {
        let report = adp_cc_sched("Adapter #0\nNext start time: 07/28/2135, 02:00:00\n");
        assert_eq!(
            report.value[0].value.next_start,
            Some(NextStart::Unset(date(2135, 7, 28).at(2, 0, 0, 0)))
        );
        let report = adp_cc_sched("Adapter #0\nNext start time: None\n");
        assert_eq!(report.value[0].value.next_start, Some(NextStart::None));
        let report = adp_cc_sched("Adapter #0\nNext start time: \n");
        assert_eq!(report.value[0].value.next_start, None);
    }
}
