//! Patrol reads and the schedule of consistency checks.

use ironkeep_parsers::model::{ConsistencyCheckMode, PatrolReadMode};
use jiff::civil::DateTime;

use super::{virtual_drives, words};
use crate::change::PatrolChange;
use crate::change::patrol::PatrolAction as Action;
use crate::runner::Invocation;

const PATROL: &str = "-AdpPR";
const CHECK: &str = "-AdpCcSched";

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the command line knows no other modes"
)]
pub(super) fn invocation(change: &PatrolChange) -> Invocation {
    match &change.action {
        Action::Start => words([PATROL, "-Start"]),
        Action::Stop => words([PATROL, "-Stop"]),
        Action::Suspend => words([PATROL, "-Suspend"]),
        Action::Resume => words([PATROL, "-Resume"]),
        Action::Mode(PatrolReadMode::Disabled) => words([PATROL, "-Dsbl"]),
        Action::Mode(PatrolReadMode::Manual) => words([PATROL, "-EnblMan"]),
        // The command line knows no other.
        Action::Mode(_) => words([PATROL, "-EnblAuto"]),
        Action::Delay(hours) => words([PATROL, "-SetDelay", &hours.to_string()]),
        Action::StartAt(time) => start(PATROL, *time),
        Action::Drives(count) => words([PATROL, "-maxConcurrentPD", &count.to_string()]),
        Action::SolidState(true) => words([PATROL, "-SSDPatrolReadEnbl"]),
        Action::SolidState(false) => words([PATROL, "-SSDPatrolReadDsbl"]),
        Action::CheckMode { mode, exclude } => {
            let mode = match mode {
                ConsistencyCheckMode::Disabled => "-Dsbl",
                ConsistencyCheckMode::Concurrent => "-ModeConc",
                _ => "-ModeSeq",
            };
            let mut arguments = vec![CHECK.to_owned(), mode.to_owned()];
            if !exclude.is_empty() {
                arguments.extend(["-ExcludeLD".to_owned(), virtual_drives(exclude)]);
            }
            words(arguments)
        }
        Action::CheckDelay(hours) => words([CHECK, "-SetDelay", &hours.to_string()]),
        Action::CheckStartAt(time) => start(CHECK, *time),
    }
}

fn start(command: &str, time: DateTime) -> Invocation {
    words([
        command.to_owned(),
        "-SetStartTime".to_owned(),
        time.strftime("%Y%m%d").to_string(),
        time.strftime("%H").to_string(),
    ])
}
