//! The controllers' clocks: seconds since the beginning of the year 2000.

use jiff::SignedDuration;
use jiff::civil::{DateTime, date};

/// The moment at which the clock counts 0.
pub const EPOCH: DateTime = date(2000, 1, 1).at(0, 0, 0, 0);

/// Date and time of `seconds` on the clock.
pub fn civil(seconds: u32) -> DateTime {
    EPOCH.saturating_add(SignedDuration::from_secs(i64::from(seconds)))
}

/// When something begins, as MegaCLI writes it: `12/19/2023, 16:00:00`. Only the hour counts.
pub fn next(seconds: u32) -> String {
    civil(seconds).strftime("%m/%d/%Y, %H:00:00").to_string()
}

/// `seconds` on the clock as C programs write them: `Fri Dec  1 16:32:00 2023`.
pub fn ctime(seconds: u32) -> String {
    civil(seconds).strftime("%a %b %e %H:%M:%S %Y").to_string()
}
