//! What the controller does by itself from time to time: patrol reads and consistency checks.

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::{TargetId, words};
use crate::units::Hours;

words! {
    /// Whether patrol reads start by themselves.
    PatrolReadMode {
        /// They do.
        Auto = "auto": "Auto",
        /// Only when somebody starts one.
        Manual = "manual": "Manual",
        /// Never.
        Disabled = "disabled": "Disabled",
        /// The tool does not know the firmware's number.
        Unknown = "unknown": "Unknown",
    }
}

words! {
    /// Whether scheduled consistency checks run, and how.
    ConsistencyCheckMode {
        /// One virtual drive after the other.
        Sequential = "sequential": "Sequential",
        /// All virtual drives at once.
        Concurrent = "concurrent": "Concurrent",
        /// Not at all.
        Disabled = "disabled": "Disabled",
        /// The firmware's number means nothing to the tool.
        Invalid = "invalid": "Invalid",
    }
}

words! {
    /// What a scheduled activity is doing.
    ActivityState {
        /// Nothing.
        Stopped = "stopped": "Stopped",
        /// Waiting for its turn.
        Ready = "ready": "Ready",
        /// Running.
        Active = "active": "Active",
        /// Given up before its end.
        Aborted = "aborted": "Aborted",
        /// The tool does not know the firmware's number.
        Unknown = "unknown": "Unknown",
    }
}

/// When a scheduled activity starts next, by the controller's clock, which has no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NextStart {
    /// At this time.
    At(DateTime),
    /// On this day. The tool cut the time short; what it printed stands in the report's gaps.
    On(Date),
    /// No time that is meant: the firmware's counter of seconds since 2000 ends in 2136, and a
    /// schedule that is off was seen with "07/28/2135".
    Unset(DateTime),
    /// The tool says that there is none.
    None,
}

impl NextStart {
    /// Years from here on are the end of the firmware's counter, not a plan.
    const UNSET_FROM_YEAR: i16 = 2100;

    /// A complete time.
    pub fn from_time(time: DateTime) -> Self {
        if time.year() >= Self::UNSET_FROM_YEAR {
            Self::Unset(time)
        } else {
            Self::At(time)
        }
    }
}

/// `-AdpPR -Info`: the patrol read, which reads all drives in search of bad media.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PatrolRead {
    /// `Patrol Read Mode`.
    pub mode: Option<PatrolReadMode>,
    /// `Patrol Read Execution Delay`: from the end of one to the start of the next.
    #[serde(rename = "delay_hours")]
    pub delay: Option<Hours>,
    /// `Number of iterations completed`.
    pub iterations: Option<u64>,
    /// `Next start time`.
    pub next_start: Option<NextStart>,
    /// `Current State`.
    pub state: Option<ActivityState>,
    /// `Patrol Read on SSD Devices`.
    pub solid_state: Option<bool>,
    /// `Number of PDs completed` in the running one; absent while none runs.
    pub drives_completed: Option<u32>,
}

/// `-AdpCcSched -Info`: the scheduled consistency check, which compares redundancy with data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsistencyCheckSchedule {
    /// `Operation Mode`.
    pub mode: Option<ConsistencyCheckMode>,
    /// `Execution Delay`: from the end of one to the start of the next.
    #[serde(rename = "delay_hours")]
    pub delay: Option<Hours>,
    /// `Next start time`.
    pub next_start: Option<NextStart>,
    /// `Current State`.
    pub state: Option<ActivityState>,
    /// `Number of iterations`.
    pub iterations: Option<u64>,
    /// `Number of VD completed` in the running one.
    pub virtual_drives_completed: Option<u32>,
    /// `Excluded VDs`; empty for `None`.
    pub excluded: Option<Vec<TargetId>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_the_tool_prints_for_the_firmware_s_numbers_is_known() {
        for (number, words, mode) in [
            (0, "Auto", PatrolReadMode::Auto),
            (1, "Manual", PatrolReadMode::Manual),
            (2, "Disabled", PatrolReadMode::Disabled),
            (3, "Unknown", PatrolReadMode::Unknown),
        ] {
            assert_eq!(PatrolReadMode::from_words(words), mode, "{number}");
        }
        for (number, words, mode) in [
            (0, "Disabled", ConsistencyCheckMode::Disabled),
            (1, "Sequential", ConsistencyCheckMode::Sequential),
            (2, "Concurrent", ConsistencyCheckMode::Concurrent),
            (3, "Invalid", ConsistencyCheckMode::Invalid),
        ] {
            assert_eq!(ConsistencyCheckMode::from_words(words), mode, "{number}");
        }
        for (number, words, state) in [
            (0, "Stopped", ActivityState::Stopped),
            (1, "Ready", ActivityState::Ready),
            (2, "Active", ActivityState::Active),
            (3, "Aborted", ActivityState::Aborted),
            (4, "Unknown", ActivityState::Unknown),
        ] {
            assert_eq!(ActivityState::from_words(words), state, "{number}");
        }
    }
}
