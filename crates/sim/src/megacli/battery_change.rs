//! `-AdpBbuCmd`, what changes the battery: learn cycles and their schedule.

use super::answer::line;
use super::{Answer, Arguments, opcode, selected, selected_mut};
use crate::firmware::control;
use crate::state::{BatteryProperties, Host};

/// The longest delay of a learn cycle, hours: seven days, as the vendor's manual says.
const LONGEST_DELAY: u32 = 7 * 24;

/// `-BbuLearn`. The tool says no status of the firmware.
pub(super) fn learn(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        let is_refused = controller.fault(opcode::BATTERY_LEARN).is_some();
        if !is_refused && control::learn(controller) {
            line!(answer, "Adapter {number}: BBU Learn Succeeded.");
        } else {
            line!(answer, "Adapter {number}: BBU Learn Failed");
            answer.status = 1;
        }
    }
}

/// `-BbuMfgSleep`: the battery sleeps. No captured firmware does it.
pub(super) fn sleep(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    fail("MFG Sleep", host, arguments, answer);
}

/// `-BbuMfgSeal`: the battery's gauge is sealed for ever. No captured firmware does it.
pub(super) fn seal(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    fail("MFG SEAL", host, arguments, answer);
}

fn fail(what: &str, host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, _) in selected(host, arguments) {
        line!(answer, "Adapter {number}: BBU {what} Failed");
        answer.status = 1;
    }
}

/// `-SetBbuProperties -f FILE`. No capture shows it: what it says is made after `-BbuLearn`; the file is
/// the one of the vendor's manual.
pub(super) fn set_properties(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let text = arguments
        .file
        .as_ref()
        .and_then(|file| std::fs::read_to_string(file).ok());
    let wanted = text.as_deref().and_then(settings);
    for (number, controller) in selected_mut(host, arguments) {
        let is_refused = controller.fault(opcode::SET_BATTERY_PROPERTIES).is_some();
        let is_set = match &wanted {
            Some(wanted) if !is_refused => control::set_battery(controller, |properties| {
                for setting in wanted {
                    setting.apply(properties);
                }
            }),
            _ => false,
        };
        if is_set {
            line!(answer, "Adapter {number}: Set BBU Properties Succeeded.");
        } else {
            line!(answer, "Adapter {number}: Set BBU Properties Failed.");
            answer.status = 1;
        }
    }
}

/// A line of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    Period(u32),
    Next(u32),
    Delay(u8),
    Mode(u8),
    BatteryMode(u8),
}

impl Setting {
    fn apply(self, to: &mut BatteryProperties) {
        match self {
            Self::Period(seconds) => to.period = seconds,
            Self::Next(seconds) => to.next = seconds,
            Self::Delay(hours) => to.delay = hours,
            Self::Mode(mode) => to.mode = mode,
            Self::BatteryMode(mode) => to.battery_mode = mode,
        }
    }
}

/// Reads `autoLearnPeriod = 2592000Sec` and its like; `None` where a line is something else.
fn settings(text: &str) -> Option<Vec<Setting>> {
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    let read = |line: &str| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim();
        let end = value.find(|c: char| !c.is_ascii_digit());
        let (digits, _) = value.split_at_checked(end.unwrap_or(value.len()))?;
        let value: u32 = digits.parse().ok()?;
        let byte = u8::try_from(value);
        match name.trim().to_ascii_lowercase().as_str() {
            "autolearnperiod" => Some(Setting::Period(value)),
            "nextlearntime" => Some(Setting::Next(value)),
            "learndelayinterval" if value <= LONGEST_DELAY => byte.ok().map(Setting::Delay),
            "autolearnmode" if value <= 2 => byte.ok().map(Setting::Mode),
            "bbumode" if value <= 5 => byte.ok().map(Setting::BatteryMode),
            _ => None,
        }
    };
    lines.map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of the vendor's manual.
    #[test]
    fn a_file_of_properties_is_read() {
        let text = "autoLearnPeriod = 1800Sec\nnextLearnTime = 12345678Sec\n\
                    learnDelayInterval = 24hours\nautoLearnMode = 1\n";
        let read = settings(text).unwrap();
        let wanted = [
            Setting::Period(1800),
            Setting::Next(12_345_678),
            Setting::Delay(24),
            Setting::Mode(1),
        ];
        assert_eq!(read, wanted);
        assert_eq!(settings("learnDelayInterval = 200"), None);
        assert_eq!(settings("autoLearnMode = 3"), None);
        assert_eq!(settings("hello"), None);
    }
}
