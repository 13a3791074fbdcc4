//! `-AdpPR -Info`: the patrol read.

use crate::Report;
use crate::grammar;
use crate::megacli::{next_start, section};
use crate::model::{ActivityState, PatrolRead, PatrolReadMode, Section};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the patrol read of every controller.
pub fn adp_pr(text: &str) -> Report<Vec<Section<PatrolRead>>> {
    let mut scan = Scan::new(text);
    let mut controllers: Vec<Section<PatrolRead>> = Vec::new();
    while let Some(line) = scan.next() {
        match grammar::adapter_prefix(line.text) {
            Some((controller, "Patrol Read Information:")) => {
                section::begin(&mut controllers, controller);
            }
            // Only a running one has this line, and only this line names the controller again.
            Some((controller, rest)) => match rest.strip_prefix("Number of PDs completed:") {
                Some(count) => {
                    if let Some(patrol) = section::of(&mut controllers, Some(controller)) {
                        let count = count.trim_ascii();
                        scan.set_value(&mut patrol.drives_completed, &line, count, grammar::small);
                    }
                }
                None => scan.frame(line),
            },
            None => {
                if !section::offer(&mut controllers, |patrol| take(patrol, &mut scan, &line)) {
                    scan.frame(line);
                }
            }
        }
    }
    scan.finish(controllers)
}

fn take<'a>(patrol: &mut PatrolRead, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "Patrol Read Mode" => scan.set(&mut patrol.mode, line, PatrolReadMode::read),
        "Patrol Read Execution Delay" => scan.set(&mut patrol.delay, line, grammar::delay_hours),
        "Number of iterations completed" => {
            scan.set(&mut patrol.iterations, line, grammar::decimal);
        }
        "Next start time" => next_start::set(&mut patrol.next_start, scan, line),
        "Current State" => scan.set(&mut patrol.state, line, ActivityState::read),
        "Patrol Read on SSD Devices" => scan.set(&mut patrol.solid_state, line, grammar::yes_no),
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::{ControllerId, NextStart};
    use crate::units::Hours;

    #[test]
    fn a_running_patrol_read_names_its_controller_twice() {
        let report = adp_pr(
            "Adapter 0: Patrol Read Information:\n\nPatrol Read Mode: Auto\n\
             Patrol Read Execution Delay: 168 hours\nNumber of iterations completed: 448 \n\
             Next start time: 11/20/2021, 02:00:00\nCurrent State: Active\n\
             Adapter 0: Number of PDs completed: 3\n\
             Patrol Read on SSD Devices: Disabled\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.value,
            [Section {
                controller: Some(ControllerId(0)),
                value: PatrolRead {
                    mode: Some(PatrolReadMode::Auto),
                    delay: Some(Hours(168)),
                    iterations: Some(448),
                    next_start: Some(NextStart::At(date(2021, 11, 20).at(2, 0, 0, 0))),
                    state: Some(ActivityState::Active),
                    solid_state: Some(false),
                    drives_completed: Some(3),
                }
            }]
        );
    }

    #[test]
    fn a_sentence_that_it_failed_is_no_patrol_read() {
        let report = adp_pr("Adapter 1: Failed to get Patrol Read information.\n");
        assert_eq!((report.value, report.complaints.len()), (vec![], 1));
    }
}
