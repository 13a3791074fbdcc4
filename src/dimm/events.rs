//! Errors that somebody wrote down one by one, put together by where they were.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Record, Recorded};

/// Where an error was: as a driver placed it, or as the firmware named it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    /// What the driver called the place then.
    pub(super) label: String,
    pub(super) mc: Option<u32>,
    /// The numbers of the location that were known.
    pub(super) layers: Vec<u32>,
    /// What the firmware called the module; nothing of an error that a driver placed.
    pub(super) names: Names,
    /// The address; `None` where it was not known.
    pub(super) address: Option<u64>,
}

/// The names by which firmware tells the kernel of a module.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Names {
    /// The handle of its slot in the board's table.
    pub(super) handle: Option<u16>,
    /// The bank and the slot of that table, which the kernel looked up.
    pub(super) location: Option<String>,
    /// The text that the firmware has for the part.
    pub(super) fru: Option<String>,
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

impl Record {
    /// How many errors it has that belong to no module for certain.
    pub(crate) fn sum(&self, of: fn(&Recorded) -> u64) -> u64 {
        let errors = self.elsewhere.iter().map(|it| of(&it.recorded));
        errors.fold(0, u64::saturating_add)
    }
}
