//! `-AdpCcSched -Info`: the scheduled consistency check.

use crate::Report;
use crate::grammar;
use crate::megacli::next_start;
use crate::megacli::sections::Sections;
use crate::model::{
    ActivityState, ConsistencyCheckMode, ConsistencyCheckSchedule, Section, TargetId,
};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the schedule of every controller.
pub fn adp_cc_sched(text: &str) -> Report<Vec<Section<ConsistencyCheckSchedule>>> {
    let mut scan = Scan::new(text);
    let mut controllers: Sections<ConsistencyCheckSchedule> = Sections::default();
    while let Some(line) = scan.next() {
        if let Some((controller, "")) = grammar::adapter_prefix(line.text) {
            controllers.begin(Some(controller));
        } else if !take(&mut controllers, &mut scan, &line) {
            scan.frame(line);
        }
    }
    scan.finish(controllers.finish())
}

fn take<'a>(
    controllers: &mut Sections<ConsistencyCheckSchedule>,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    match line.key {
        "Operation Mode" => {
            scan.set(
                &mut controllers.current().mode,
                line,
                ConsistencyCheckMode::read,
            );
        }
        "Execution Delay" => {
            scan.set(&mut controllers.current().delay, line, grammar::delay_hours);
        }
        "Next start time" => next_start::set(&mut controllers.current().next_start, scan, line),
        "Current State" => scan.set(&mut controllers.current().state, line, ActivityState::read),
        "Number of iterations" => {
            scan.set(
                &mut controllers.current().iterations,
                line,
                grammar::decimal,
            );
        }
        "Number of VD completed" => {
            let completed = &mut controllers.current().virtual_drives_completed;
            scan.set(completed, line, grammar::small);
        }
        "Excluded VDs" => {
            // No line feed stands before the next controller: "NoneAdapter #1".
            let (drives, next) = line
                .value
                .find("Adapter")
                .and_then(|at| line.value.split_at_checked(at))
                .unwrap_or((line.value, ""));
            scan.set_value(&mut controllers.current().excluded, line, drives, excluded);
            if let Some((controller, "")) = grammar::adapter_prefix(next) {
                controllers.begin(Some(controller));
            }
        }
        _ => return false,
    }
    true
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
    use crate::model::{ControllerId, NextStart};
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
