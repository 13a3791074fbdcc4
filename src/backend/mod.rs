//! Where a reading comes from. A backend says what it can read; commands ask for parts.

mod assembly;
pub mod capture;
pub mod megacli;
mod question;

use std::fmt;

use crate::cli::failure::{Failure, Kind};
use crate::reading::{Part, Reading};

/// A source of readings: MegaCLI on this host, or a saved capture. Others slot in here.
pub trait Backend {
    /// What it is, for people: `MegaCLI at /usr/sbin/megacli`, `capture in DIR`.
    fn describe(&self) -> String;

    /// The parts that it can read. It is asked for no others.
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

/// There is nothing to show: why, as far as the outputs say.
fn no_controller(reading: &Reading) -> Failure {
    let message = format!("{} shows no controller", reading.source);
    let gaps = reading.asked.iter().flat_map(|asked| &asked.gaps);
    let complaints = reading.asked.iter().flat_map(|asked| &asked.complaints);
    let failure = match gaps.chain(complaints).next() {
        Some(words) => Failure::because(Kind::Hardware, message, words.clone()),
        None => Failure::new(Kind::Hardware, message),
    };
    if reading.live {
        failure
            .hint("lspci -nn -d 1000: shows whether the host sees one")
            .hint("lsmod | grep megaraid_sas shows whether its driver is loaded")
    } else {
        failure.hint("record the host again, as root: megacli -LdPdInfo -aALL -NoLog > FILE")
    }
}
