//! Patrol reads and consistency checks.

use serde::{Deserialize, Serialize};

use super::codes::codes;

codes! {
    /// When patrol reads run.
    PatrolMode: u8 {
        /// By schedule.
        #[default]
        Automatic = 0 "automatic",
        /// On command.
        Manual = 1 "manual",
        /// Never.
        Disabled = 2 "disabled",
    }
}

codes! {
    /// Whether a patrol read or a scheduled check runs.
    ScheduleState: u8 {
        /// Not running.
        #[default]
        Stopped = 0 "stopped",
        /// About to run.
        Ready = 1 "ready",
        /// Running.
        Active = 2 "active",
        /// Ended by somebody. A check calls 3 what a patrol read calls 0xff.
        Aborted = 0xff "aborted",
    }
}

/// The schedule of patrol reads, and the one that runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PatrolSchedule {
    /// When they run.
    pub mode: PatrolMode,
    /// Drives read at the same time; 0 for as many as there are.
    #[serde(alias = "maxpd")]
    pub most_drives: u8,
    /// Seconds between two.
    #[serde(alias = "freq")]
    pub period: u32,
    /// When the next begins.
    pub next: u32,
    /// Whether one runs.
    pub state: ScheduleState,
    /// How many have ended.
    pub iterations: u32,
    /// Drives that the running one has finished.
    pub drives_done: u8,
    /// Whether the running one is suspended.
    pub is_suspended: bool,
    /// Targets of virtual drives that are left out.
    pub excluded: Vec<u16>,
}

/// The schedule of consistency checks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsistencySchedule {
    /// 0 disabled, 1 one virtual drive after the other, 2 all at once, 3 manual.
    pub mode: u8,
    /// Seconds between two.
    #[serde(alias = "freq")]
    pub period: u32,
    /// When the next begins.
    pub next: u32,
    /// Whether one runs.
    pub state: ScheduleState,
    /// How many have ended.
    pub iterations: u32,
    /// Virtual drives that the running one has finished.
    pub virtual_drives_done: u8,
    /// Targets of virtual drives that are left out.
    pub excluded: Vec<u16>,
}
