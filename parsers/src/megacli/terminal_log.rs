//! `-FwTermLog -Dsply -aALL`: the firmware's terminal log, and `-FwTermLog -BBUGet -aALL`: whether the
//! battery keeps it.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{ControllerId, Section, TerminalLine};
use crate::report::Reason;
use crate::scan::Scan;
use crate::text::Line;

/// Reads the log of every controller. Below the heading every line is a line of the log, but for the
/// tool's own and the next heading.
pub fn terminal_log(text: &str) -> Report<Vec<Section<Vec<TerminalLine>>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<Vec<TerminalLine>>> = Vec::new();
    while let Some(line) = scan.next() {
        if let Some(controller) = heading(line.text) {
            section::begin(&mut sections, controller);
            continue;
        }
        match sections.last_mut() {
            Some(section) if !is_tools_own(&line) => {
                section.value.push(terminal_line(line.text));
            }
            // Excerpts lack the heading.
            None if grammar::log_time(line.text).is_some() => sections.push(Section {
                controller: None,
                value: vec![terminal_line(line.text)],
            }),
            _ => scan.frame(line),
        }
    }
    scan.finish(sections)
}

/// The few lines that the tool itself may print below a controller's log.
fn is_tools_own(line: &Line<'_>) -> bool {
    matches!(line.key, "Exit Code" | "FW error description")
        || line.text.starts_with("Failed sending command to Adapter ")
        || line.text.starts_with("Segmentation fault")
}

/// `Firmware Term Log Information on controller 0:`.
fn heading(text: &str) -> Option<ControllerId> {
    let controller = text.strip_prefix("Firmware Term Log Information on ")?;
    match grammar::adapter_prefix(controller) {
        Some((controller, "")) => Some(controller),
        _ => None,
    }
}

/// `11/06/21  3:32:08: C0:EVT#55239-11/06/21  3:32:08:  58=Consistency Check done on VD 00/0`. What
/// does not look like a part of the prefix belongs to the text.
fn terminal_line(text: &str) -> TerminalLine {
    let (time, rest) = match grammar::log_time(text) {
        Some((time, rest)) => (Some(time), rest.trim_ascii_start()),
        None => (None, text),
    };
    let (core, rest) = match core(rest) {
        Some((core, rest)) if time.is_some() => (Some(core), rest),
        _ => (None, rest),
    };
    let (event, code, rest) = match event(rest) {
        Some((event, code, rest)) => (Some(event), Some(code), rest),
        None => (None, None, rest),
    };
    TerminalLine {
        time,
        core,
        event,
        code,
        text: rest.to_owned(),
    }
}

/// `C0:` and the rest.
fn core(text: &str) -> Option<(u32, &str)> {
    let (core, rest) = text.strip_prefix('C')?.split_once(':')?;
    Some((grammar::small(core)?, rest))
}

/// `EVT#55239-11/06/21  3:32:08:  58=` and the rest. The time is the line's.
fn event(text: &str) -> Option<(u64, u64, &str)> {
    let (number, rest) = text.strip_prefix("EVT#")?.split_once('-')?;
    let (_, rest) = grammar::log_time(rest)?;
    let (code, rest) = rest.split_once('=')?;
    Some((
        grammar::decimal(number)?,
        grammar::decimal(code.trim_ascii())?,
        rest,
    ))
}

/// Reads whether the battery keeps the log of every controller: `Battery is OFF for TTY history on
/// Adapter 0`.
pub fn terminal_log_battery(text: &str) -> Report<Vec<Section<bool>>> {
    let mut scan = Scan::new(text);
    let mut sections = Vec::new();
    while let Some(line) = scan.next() {
        let found = line
            .text
            .strip_prefix("Battery is ")
            .and_then(|rest| rest.split_once(" for TTY history on "))
            .and_then(|(state, adapter)| Some((state, grammar::adapter_prefix(adapter)?.0)));
        let Some((state, controller)) = found else {
            scan.frame(line);
            continue;
        };
        match grammar::yes_no(state) {
            Some(value) => sections.push(Section {
                controller: Some(controller),
                value,
            }),
            None => scan.leave(&line, Reason::Unreadable),
        }
    }
    scan.finish(sections)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EventTime;
    use crate::units::Seconds;

    #[test]
    fn lines_have_time_core_and_event() {
        assert_eq!(
            terminal_line(
                "12/02/17  7:39:32: C0:EVT#00753-12/02/17  7:39:32: 148=Battery is discharging"
            ),
            TerminalLine {
                time: Some(EventTime::Clock(
                    jiff::civil::date(2017, 12, 2).at(7, 39, 32, 0)
                )),
                core: Some(0),
                event: Some(753),
                code: Some(148),
                text: "Battery is discharging".to_owned(),
            }
        );
        let early = terminal_line("T17: PHY4: Port=0, PortFlags=1");
        assert_eq!(early.time, Some(EventTime::SinceBootSeconds(Seconds(17))));
        assert_eq!(
            (early.core, early.text.as_str()),
            (None, "PHY4: Port=0, PortFlags=1")
        );
    }

    #[test]
    fn a_line_without_a_time_keeps_its_text() {
        let line = terminal_line("but stop sent! count 0000, master transmitted 0000");
        assert_eq!((line.time, line.event), (None, None));
        assert!(line.text.starts_with("but stop sent!"));
    }

    #[test]
    fn sentences_in_the_log_are_the_firmware_s_and_no_complaints() {
        let report = terminal_log(
            "Firmware Term Log Information on controller 0:\nT0:   DM_REC_INIT_STATE\n\
             Adapter 0: Reset failed.\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete() && report.complaints.is_empty());
        assert_eq!(report.value[0].controller, Some(ControllerId(0)));
        assert_eq!(report.value[0].value[0].text, "DM_REC_INIT_STATE");
        assert_eq!(report.value[0].value[1].text, "Adapter 0: Reset failed.");
    }

    #[test]
    fn a_controller_that_gives_no_log_is_a_complaint() {
        let report = terminal_log(
            "Firmware Term Log Information on controller 0:\nT0:   DM_REC_INIT_STATE\n\
             Failed sending command to Adapter 1\nFW error description: \n \
             The requested command is invalid.  \n\nExit Code: 0x01\n",
        );
        assert_eq!(report.value[0].value.len(), 1);
        assert_eq!(report.complaints[0].controller, Some(ControllerId(1)));
        assert_eq!(
            report.complaints[0].firmware.as_deref(),
            Some("The requested command is invalid.")
        );
    }

    #[test]
    fn an_excerpt_without_heading_has_no_controller() {
        let report = terminal_log("11/06/21  3:32:08: pii ccisue ld pii=1 ld=0\n");
        assert_eq!(report.value[0].controller, None);
        assert_eq!(report.value[0].value.len(), 1);
    }

    #[test]
    fn the_battery_keeps_the_log_or_not() {
        let report = terminal_log_battery(
            "Battery is OFF for TTY history on Adapter 0\n\nExit Code: 0x00\n",
        );
        assert_eq!(
            report.value,
            [Section {
                controller: Some(ControllerId(0)),
                value: false,
            }]
        );
    }
}
