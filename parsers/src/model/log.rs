//! Logs that the tool prints as they are.

use serde::Serialize;

use super::EventTime;

/// A line of the firmware's terminal log. The firmware writes it for its own developers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TerminalLine {
    /// `11/06/21  3:32:08:`, or `T17:` before the clock is set. `None` where a line begins without:
    /// it continues the one before it.
    pub time: Option<EventTime>,
    /// `C0:`: which of the firmware's processor cores wrote it.
    pub core: Option<u32>,
    /// `EVT#55239-11/06/21  3:32:08:  58=`: the number of the event that the line announces, in the
    /// event log.
    pub event: Option<u64>,
    /// That event's code.
    pub code: Option<u64>,
    /// The rest of the line.
    pub text: String,
}

/// A log that is kept as it is printed, without the tool's own frame around it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextLog {
    /// The lines, blank ones between them included; carriage returns and blanks at their ends are
    /// not.
    pub lines: Vec<String>,
}
