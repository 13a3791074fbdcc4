//! Errors that somebody wrote down one by one, put together by where they were.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Recorded;

/// Where the driver placed an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    /// What the place was called then.
    pub(super) label: String,
    pub(super) mc: Option<u32>,
    /// The numbers of the location that were known.
    pub(super) layers: Vec<u32>,
    /// The address; `None` where the driver did not know it.
    pub(super) address: Option<u64>,
}

/// The errors of each place.
pub(super) type Events = BTreeMap<Origin, Recorded>;

impl Recorded {
    /// Adds other errors of the same module.
    pub(super) fn add(&mut self, other: Self) {
        let earlier = |a: Option<Timestamp>, b: Option<Timestamp>| a.into_iter().chain(b).min();
        self.corrected = self.corrected.saturating_add(other.corrected);
        self.uncorrected = self.uncorrected.saturating_add(other.uncorrected);
        self.first = earlier(self.first, other.first);
        self.last = self.last.max(other.last);
    }
}
