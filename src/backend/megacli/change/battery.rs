//! The battery.

use super::{reading, words};
use crate::change::BatteryChange;
use crate::change::battery::BatteryAction as Action;
use crate::runner::Invocation;

pub(super) fn invocation(change: &BatteryChange) -> Invocation {
    const COMMAND: &str = "-AdpBbuCmd";
    const FILE: &str = "battery";
    match &change.action {
        Action::Learn => words([COMMAND, "-BbuLearn"]),
        Action::Set(settings) => {
            let text = settings.file().unwrap_or_default();
            reading(
                [COMMAND, "-SetBbuProperties", "-f", FILE],
                FILE,
                text.as_bytes(),
            )
        }
        Action::LearnOn { day, hour } => words([
            COMMAND,
            "-ScheduleLearn",
            "-STARTTIME",
            day,
            &format!("{hour:02}"),
        ]),
        Action::LearnAnytime => words([COMMAND, "-ScheduleLearn", "-Dsbl"]),
    }
}
