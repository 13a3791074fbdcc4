//! The event log.

use serde::{Deserialize, Serialize};

/// An entry of the event log.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Event {
    /// Sequence number.
    pub sequence: u32,
    /// Seconds since 2000; seconds since boot where the top byte is 0xff.
    pub time: u32,
    /// Code.
    pub code: u32,
    /// Locale: bits that say what kind of thing it is about.
    pub locale: u16,
    /// Class: -2 debug, -1 progress, 0 information, 1 warning, 2 critical, 3 fatal, 4 dead.
    pub class: i8,
    /// Description.
    #[serde(alias = "desc")]
    pub description: String,
    /// Type of the arguments.
    #[serde(alias = "argtype")]
    pub argument_type: u8,
    /// The arguments, as the firmware stores them.
    pub arguments: Vec<u8>,
}

/// The event log with its marks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventLog {
    /// The entries, oldest first.
    pub entries: Vec<Event>,
    /// Sequence number up to which the log was cleared.
    pub cleared: u32,
    /// Sequence number of the last boot.
    pub boot: u32,
    /// Sequence number of the last clean shutdown.
    pub shutdown: u32,
}

impl EventLog {
    /// Sequence number of the newest event; 0 for an empty log.
    pub fn newest(&self) -> u32 {
        self.entries.last().map_or(0, |event| event.sequence)
    }

    /// The last sequence number that was given, to an event that was cleared as well.
    pub fn last_number(&self) -> u32 {
        self.newest().max(self.cleared)
    }

    /// Sequence number of the oldest event that was not cleared; 0 for an empty log.
    pub fn oldest(&self) -> u32 {
        let kept = self.since(self.cleared.saturating_add(1)).next();
        kept.map_or(0, |event| event.sequence)
    }

    /// The events from the one with the number `first`.
    pub fn since(&self, first: u32) -> impl DoubleEndedIterator<Item = &Event> {
        let start = self.entries.partition_point(|event| event.sequence < first);
        self.entries.iter().skip(start)
    }
}
