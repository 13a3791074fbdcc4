//! The battery or capacitor that protects the write cache.

use super::Findings;
use crate::reading::Controller;

/// What the write cache can count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// It protects the cache.
    Working,
    /// It is in a learn cycle: no fault.
    Learning,
    /// It is being charged: no fault.
    Charging,
    /// It does not work.
    Broken,
    /// There is none.
    Absent,
    /// Nobody says.
    Unknown,
}

/// What the write cache of `controller` can count on.
pub(super) fn condition(controller: &Controller) -> Condition {
    match controller.has_battery() {
        Some(false) => Condition::Absent,
        Some(true) | None => Condition::Unknown,
    }
}

pub(super) fn judge(_about: &mut Findings<'_>) {}
