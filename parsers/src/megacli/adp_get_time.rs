//! `-AdpGetTime`: the controller's clock.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{ControllerClock, Section};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the clock of every controller.
pub fn adp_get_time(text: &str) -> Report<Vec<Section<ControllerClock>>> {
    let mut scan = Scan::new(text);
    let mut controllers = Vec::new();
    while let Some(line) = scan.next() {
        if let Some(controller) = section::heading(&line) {
            section::begin(&mut controllers, controller);
        } else if !section::offer(&mut controllers, |clock| take(clock, &mut scan, &line)) {
            scan.frame(line);
        }
    }
    scan.finish(controllers)
}

fn take<'a>(clock: &mut ControllerClock, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "Date" => scan.set(&mut clock.date, line, grammar::date),
        "Time" => scan.set(&mut clock.time, line, grammar::time),
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::ControllerId;

    #[test]
    fn date_and_time_make_a_wall_clock() {
        let report = adp_get_time(
            "\n\nAdapter 0:\n    Date: 08/14/2016\n    Time: 19:35:46\n\n\
             Adapter 1:\n    Date: 08/14/2016\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(report.value[0].controller, Some(ControllerId(0)));
        assert_eq!(
            report.value[0].value.date_time(),
            Some(date(2016, 8, 14).at(19, 35, 46, 0))
        );
        assert_eq!(report.value[1].controller, Some(ControllerId(1)));
        assert_eq!(report.value[1].value.date_time(), None);
    }
}
