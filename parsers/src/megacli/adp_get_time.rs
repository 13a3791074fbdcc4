//! `-AdpGetTime`: the controller's clock.

use crate::Report;
use crate::grammar;
use crate::megacli::sections::Sections;
use crate::model::{ControllerClock, Section};
use crate::scan::Scan;

/// Reads the clock of every controller.
pub fn adp_get_time(text: &str) -> Report<Vec<Section<ControllerClock>>> {
    let mut scan = Scan::new(text);
    let mut controllers: Sections<ControllerClock> = Sections::default();
    while let Some(line) = scan.next() {
        match line.key {
            "Date" => scan.set(&mut controllers.current().date, &line, grammar::date),
            "Time" => scan.set(&mut controllers.current().time, &line, grammar::time),
            _ => match grammar::adapter_prefix(line.text) {
                Some((controller, "")) => {
                    controllers.begin(Some(controller));
                }
                _ => scan.frame(line),
            },
        }
    }
    scan.finish(controllers.finish())
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
