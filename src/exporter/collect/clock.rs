//! Time, twice: as it passes, which decides, and as the clock on the wall shows it, which is only told.

use std::time::Duration;

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// The time since the host started, also that in which it was suspended. Nobody sets this clock.
    pub(super) since_boot: Duration,
    /// The time on the wall.
    pub(super) wall: Timestamp,
}

impl Moment {
    /// Now.
    pub(super) fn now() -> Self {
        let since_boot = Duration::try_from(clock_gettime(ClockId::Boottime));
        Self {
            // It is never negative.
            since_boot: since_boot.unwrap_or_default(),
            wall: Timestamp::now(),
        }
    }
}
