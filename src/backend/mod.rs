//! Where a reading comes from. A backend says what it can read; commands ask for parts.

pub mod capture;

use std::fmt;

use crate::cli::failure::Failure;
use crate::reading::{Part, Reading};

/// A source of readings: `MegaCLI` on this host, or a saved capture. Others slot in here.
pub trait Backend {
    /// What it is, for people: `MegaCLI at /usr/sbin/megacli`, `capture in DIR`.
    fn describe(&self) -> String;

    /// The parts that it can read.
    fn capabilities(&self) -> &[Part];

    /// Reads `parts`. A part that cannot be read does not fail the others: the reading says so.
    ///
    /// # Errors
    /// If nothing can be read at all.
    fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure>;
}

impl fmt::Debug for dyn Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe())
    }
}
