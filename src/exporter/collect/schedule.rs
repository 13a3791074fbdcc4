//! When which collector runs. Pure.
//!
//! Collections begin at an interval, measured from start to start. It grows where the tool is slow, so that
//! the tool runs at most a quarter of the time: it shares the controller's firmware with the host's own
//! work. And it grows where the tool answers nothing at all, because every try may leave a process behind
//! that waits in the kernel. One collection that reads something brings it back at once.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::exporter::collect::Settings;
use crate::exporter::collector::{Collector, Pace};

/// The longest interval that failures lead to, unless a longer one is configured.
const LONGEST: Duration = Duration::from_mins(15);

/// The interval is at least so many times what the tool took.
const IDLE_FACTOR: u32 = 4;

/// How a collection fared, as far as the next one depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fared {
    /// Something was read, or the tool was not even started: the next one costs what it always costs.
    Well,
    /// The tool ran and answered nothing.
    InVain,
}

/// When which collector runs.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    interval: Duration,
    slow_interval: Duration,
    /// The interval in force, after backing off.
    in_force: Duration,
    /// How many collections in a row were in vain.
    in_vain: u32,
    /// When each collector ran last, since the host started.
    ran: BTreeMap<Collector, Duration>,
    /// When the next collection begins.
    next: Duration,
    /// The settings have changed since the last collection began.
    is_new: bool,
}

impl Schedule {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            interval: settings.interval,
            slow_interval: settings.slow_interval,
            in_force: settings.interval,
            in_vain: 0,
            ran: BTreeMap::new(),
            next: Duration::ZERO,
            is_new: true,
        }
    }

    /// The time between two runs of a collector now.
    pub(super) fn interval(&self, collector: Collector) -> Duration {
        match collector.pace() {
            Pace::Often => self.in_force,
            Pace::Rarely => self.slow_interval.max(self.in_force),
        }
    }

    /// Those of `collectors` whose turn it is now.
    pub(super) fn due(&mut self, collectors: &[Collector], now: Duration) -> Vec<Collector> {
        self.is_new = false;
        // A thread wakes when it wakes: what is nearly due is due.
        let slack = (self.in_force / 2).min(Duration::from_secs(1));
        let is_due = |collector: &Collector| {
            let last = self.ran.get(collector);
            collector.pace() == Pace::Often
                || last.is_none_or(|&last| now + slack >= last + self.interval(*collector))
        };
        let due: Vec<_> = collectors.iter().copied().filter(is_due).collect();
        self.ran.extend(due.iter().map(|&it| (it, now)));
        due
    }

    /// Takes note of a collection, in which the tool ran for `busy`.
    pub(super) fn ended(&mut self, begun: Duration, ended: Duration, busy: Duration, fared: Fared) {
        if self.is_new {
            // It began under other settings: the first one under these is still to come.
            return;
        }
        self.in_vain = match fared {
            Fared::Well => 0,
            Fared::InVain => self.in_vain.saturating_add(1),
        };
        let doubled = 1_u32.checked_shl(self.in_vain).unwrap_or(u32::MAX);
        let patient = self.interval.saturating_mul(doubled);
        self.in_force = patient
            .min(LONGEST.max(self.interval))
            .max(busy.saturating_mul(IDLE_FACTOR));
        // After a long wait for the lock, too, the tool rests as long as it has to.
        let rested = ended.saturating_add(busy.saturating_mul(IDLE_FACTOR - 1));
        self.next = begun.saturating_add(self.in_force).max(rested);
    }

    /// What changes rarely is read again at the next collection: there is something new.
    pub(super) fn forget(&mut self) {
        self.ran.clear();
    }

    /// Begins anew with other settings, at once.
    pub(super) fn reset(&mut self, settings: &Settings) {
        *self = Self::new(settings);
    }

    /// When the next collection begins, since the host started.
    pub(super) fn next(&self) -> Duration {
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exporter::system::SystemSettings;
    use crate::health::Thresholds;
    use crate::map::layout;

    const SECOND: Duration = Duration::from_secs(1);

    fn settings(interval: u32, slow_interval: u32) -> Settings {
        Settings {
            interval: SECOND * interval,
            slow_interval: SECOND * slow_interval,
            collectors: Collector::ALL.to_vec(),
            limits: Thresholds::default(),
            host: None,
            map: layout::Settings::default(),
            metrics_path: None,
            system: SystemSettings::default(),
        }
    }

    fn at(seconds: u32) -> Duration {
        SECOND * seconds
    }

    #[test]
    fn what_changes_rarely_is_read_at_the_slow_interval_also_with_a_little_jitter() {
        let mut schedule = Schedule::new(&settings(60, 300));
        let mut rarely = Vec::new();
        for tick in 0..12_u32 {
            let jitter = Duration::from_millis(u64::from(tick % 3) * 30);
            let due = schedule.due(Collector::ALL, at(tick * 60) + jitter);
            assert!(due.contains(&Collector::PhysicalDrives));
            // Its answer is asked of the drives that the same reading shows.
            assert!(due.contains(&Collector::DriveOperations));
            if due.contains(&Collector::Battery) {
                rarely.push(tick);
            }
        }
        assert_eq!(rarely, [0, 5, 10]);
    }

    #[test]
    fn the_tool_runs_at_most_a_quarter_of_the_time() {
        let mut schedule = Schedule::new(&settings(60, 300));
        schedule.due(Collector::ALL, at(0));
        schedule.ended(at(0), at(140), at(140), Fared::Well);
        assert_eq!(schedule.next(), at(560));
        assert_eq!(schedule.interval(Collector::PhysicalDrives), at(560));
        assert_eq!(schedule.interval(Collector::Battery), at(560));
        // Most of it was a wait for the lock.
        schedule.ended(at(560), at(680), at(20), Fared::Well);
        assert_eq!(schedule.next(), at(740));
        assert_eq!(schedule.interval(Collector::PhysicalDrives), at(80));
        assert_eq!(schedule.interval(Collector::Battery), at(300));
        schedule.ended(at(740), at(745), at(5), Fared::Well);
        assert_eq!(schedule.next(), at(800));
    }

    #[test]
    fn in_vain_the_interval_doubles_up_to_a_quarter_of_an_hour_and_recovers_at_once() {
        let mut schedule = Schedule::new(&settings(60, 300));
        schedule.due(Collector::ALL, at(0));
        let mut intervals = Vec::new();
        for _ in 0..40 {
            schedule.ended(at(0), at(1), at(1), Fared::InVain);
            intervals.push(schedule.interval(Collector::PhysicalDrives).as_secs());
        }
        assert_eq!(intervals[..5], [120, 240, 480, 900, 900]);
        assert_eq!(intervals[39], 900);
        schedule.ended(at(0), at(1), at(1), Fared::Well);
        assert_eq!(schedule.next(), at(60));
    }

    #[test]
    fn with_new_settings_it_begins_at_once_also_where_a_collection_is_under_way() {
        let mut schedule = Schedule::new(&settings(60, 300));
        schedule.due(Collector::ALL, at(0));
        schedule.reset(&settings(120, 300));
        schedule.ended(at(0), at(100), at(100), Fared::InVain);
        assert_eq!(schedule.next(), Duration::ZERO);
        assert_eq!(schedule.due(Collector::ALL, at(101)), Collector::ALL);
        schedule.ended(at(101), at(102), at(1), Fared::Well);
        assert_eq!(schedule.next(), at(221));
    }

    #[test]
    fn a_longer_interval_than_the_longest_stays() {
        let mut schedule = Schedule::new(&settings(3600, 3600));
        schedule.due(Collector::ALL, at(0));
        schedule.ended(at(0), at(1), at(1), Fared::InVain);
        assert_eq!(schedule.next(), at(3600));
    }
}
