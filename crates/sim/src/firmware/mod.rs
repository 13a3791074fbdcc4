//! What the firmware does by itself: it lets operations run, reacts to drives that fail, go and come,
//! and writes events.
//!
//! Everything is a function over [`Host`] or [`Controller`]; nothing reads
//! a real clock, so that a story runs the same way every time, at any speed.
//!
//! * [`advance`] lets time pass.
//! * [`happenings`] and [`enclosures`] are what people and hardware do from outside: pull, insert, fail.
//! * [`drives`], [`configuration`], [`creation`], [`virtual_drives`], [`reconstruction`] and
//!   [`saved_configuration`] are what somebody asks for, and `control` what somebody asks of the
//!   controller itself; a [`status`] is the firmware's no.
//! * `policy` decides what follows, with `spares`, `copyback` and `foreign`.
//!
//! What real firmware would do is known from the vendor's manuals and from logs that people
//! published; where neither says, a comment says what was chosen.

mod battery;
pub mod configuration;
pub(crate) mod control;
mod copyback;
pub mod creation;
pub mod drives;
pub mod enclosures;
mod events;
mod foreign;
pub mod happenings;
mod operations;
mod policy;
mod raid_level;
pub mod reconstruction;
mod redundancy;
pub mod saved_configuration;
mod schedule;
mod spares;
pub mod status;
pub mod virtual_drives;

pub use raid_level::RaidLevel;
pub use redundancy::{Level, Redundancy};

use crate::state::{Controller, Host};

/// Lets `seconds` pass on all controllers.
pub fn advance(host: &mut Host, seconds: u64) {
    for controller in &mut host.controllers {
        advance_controller(controller, seconds);
    }
}

/// The host shuts down and starts again, which takes all controllers two minutes.
pub fn restart(host: &mut Host) {
    for controller in &mut host.controllers {
        control::restart(controller);
    }
}

/// Seconds until something that runs ends or turns; `None` if nothing runs.
pub fn next_end(host: &Host) -> Option<u64> {
    let ends = host.controllers.iter().flat_map(|controller| {
        let battery = battery::next_turn(controller);
        operations::next_end(controller).into_iter().chain(battery)
    });
    ends.min()
}

impl Controller {
    /// Writes the events of a start of the firmware, as every log begins.
    pub(crate) fn boot(&mut self) {
        events::log_boot(self);
    }
}

/// Time passes from one turning point to the next: an operation ends, a schedule is due.
fn advance_controller(controller: &mut Controller, seconds: u64) {
    let mut left = seconds;
    loop {
        schedule::begin_due(controller);
        battery::begin_due(controller);
        // The clock has 32 bits: it ends in the year 2136, and with it the time.
        let left_on_clock = u64::from(u32::MAX - controller.info.time);
        left = left.min(left_on_clock);
        if left == 0 {
            return;
        }
        let next = operations::next_end(controller)
            .into_iter()
            .chain(schedule::next_due(controller))
            .chain(battery::next_turn(controller))
            .chain(battery::next_due(controller))
            .min()
            .unwrap_or(left);
        let step = next.clamp(1, left);
        let clock = u64::from(controller.info.time).saturating_add(step);
        controller.info.time = u32::try_from(clock).unwrap_or(u32::MAX);
        operations::run(controller, step);
        battery::run(controller, step);
        left -= step;
    }
}
