//! Simulated hosts for a stand-in.

use std::path::Path;

use ironkeep_sim::saved::{Saved, StateFile};
use ironkeep_sim::{scenario, time};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The host of a scenario in a file, with the clock of this one; its time stands still.
pub(crate) fn save(scenario: &str, path: &Path) {
    let now = Timestamp::now();
    let mut host = scenario::build(scenario).unwrap();
    let here = now.to_zoned(TimeZone::UTC).datetime();
    let seconds = here.duration_since(time::EPOCH).as_secs();
    for controller in &mut host.controllers {
        controller.info.time = u32::try_from(seconds).unwrap();
    }
    let saved = Saved::new(scenario, host, 0, now);
    StateFile::lock(path).unwrap().save(&saved).unwrap();
}
