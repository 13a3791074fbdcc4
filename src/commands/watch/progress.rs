//! How fast operations advance, and when they will end: from what was seen of them in successive
//! readings.

use std::collections::{BTreeMap, VecDeque};

use ironkeep_parsers::units::{Percent, Seconds};
use jiff::Timestamp;

/// How many steps of an operation are kept: enough to be steady, few enough to follow a load that
/// changes.
const STEPS: usize = 12;

/// The operations that run, by their names.
#[derive(Debug, Default)]
pub(super) struct Progress {
    tracks: BTreeMap<String, Track>,
}

/// When which percentage was seen first. The newest is at the end.
#[derive(Debug, Default)]
struct Track {
    steps: VecDeque<(Timestamp, u32)>,
}

impl Progress {
    /// Takes what a reading at `now` says: every operation that runs, and how far it is. An operation
    /// that is not among them has ended.
    pub(super) fn observe(
        &mut self,
        now: Timestamp,
        running: impl Iterator<Item = (String, Option<Percent>)>,
    ) {
        let mut before = std::mem::take(&mut self.tracks);
        for (name, percent) in running {
            let mut track = before.remove(&name).unwrap_or_default();
            if let Some(percent) = percent {
                track.observe(now, percent.0);
            }
            self.tracks.insert(name, track);
        }
    }

    /// How long the operation called `name` will still take if it goes on as it was seen to, from
    /// `now` on. `None` until it was seen to advance.
    pub(super) fn remaining(&self, name: &str, now: Timestamp) -> Option<Seconds> {
        self.tracks.get(name)?.remaining(now)
    }
}

impl Track {
    fn observe(&mut self, now: Timestamp, percent: u32) {
        match self.steps.back() {
            Some(&(_, last)) if last == percent => return,
            // It fell back: this is another run of the same operation.
            Some(&(_, last)) if last > percent => self.steps.clear(),
            _ => {}
        }
        self.steps.push_back((now, percent));
        // Nobody saw when the first percentage was reached: it goes as soon as there are others.
        if self.steps.len() > STEPS || self.steps.len() == 4 {
            self.steps.pop_front();
        }
    }

    fn remaining(&self, now: Timestamp) -> Option<Seconds> {
        let (&(first, from), &(last, to)) = (self.steps.front()?, self.steps.back()?);
        let points = i64::from(to.checked_sub(from).filter(|points| *points > 0)?);
        let left = i64::from(100_u32.checked_sub(to)?);
        let milliseconds = |from: Timestamp, to: Timestamp| {
            i64::try_from(to.duration_since(from).as_millis()).ok()
        };
        // A step that takes longer than those before it slows the whole estimate down.
        let step = milliseconds(first, last)?.checked_div(points)?;
        let since = milliseconds(last, now)?.max(0);
        let took = milliseconds(first, last)? + (since - step).max(0);
        let remaining = took.checked_mul(left)? / points - since.min(step);
        Some(Seconds(u64::try_from(remaining.max(0) / 1000).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// What remains of an operation after it was seen at each of `readings`.
    fn remaining(readings: &[(i64, u32)], now: i64) -> Option<u64> {
        let mut progress = Progress::default();
        for &(second, percent) in readings {
            let running = [("rebuild".to_owned(), Some(Percent(percent)))];
            progress.observe(at(second), running.into_iter());
        }
        progress.remaining("rebuild", at(now)).map(|it| it.0)
    }

    #[test]
    fn nothing_is_known_until_two_readings_differ() {
        assert_eq!(remaining(&[(0, 10)], 0), None);
        assert_eq!(remaining(&[(0, 10), (60, 10), (120, 10)], 120), None);
        assert_eq!(remaining(&[(0, 10), (60, 20)], 60), Some(480));
    }

    #[test]
    fn the_estimate_runs_down_between_two_steps_and_up_when_a_step_is_late() {
        let seen = [(0, 10), (100, 20)];
        assert_eq!(remaining(&seen, 100), Some(800));
        assert_eq!(remaining(&seen, 105), Some(795));
        assert_eq!(remaining(&seen, 110), Some(790));
        // 1 % took 10 s so far, and now already 60 s: 10 points in 150 s.
        assert_eq!(remaining(&seen, 160), Some(1190));
    }

    #[test]
    fn the_first_percentage_stops_counting_once_there_are_better_ones() {
        // Seen at 10 % just before it became 11 %.
        let seen = [(0, 10), (1, 11), (61, 12), (121, 13)];
        assert_eq!(remaining(&seen, 121), Some(87 * 60));
    }

    #[test]
    fn an_operation_that_falls_back_or_ends_is_a_new_one() {
        assert_eq!(remaining(&[(0, 50), (10, 60), (20, 5)], 20), None);
        let mut progress = Progress::default();
        let running = |percent| [("a".to_owned(), Some(Percent(percent)))].into_iter();
        progress.observe(at(0), running(1));
        progress.observe(at(10), running(2));
        progress.observe(at(20), [].into_iter());
        progress.observe(at(30), running(3));
        assert_eq!(progress.remaining("a", at(30)), None);
    }

    #[test]
    fn an_operation_without_a_percentage_has_no_end() {
        let mut progress = Progress::default();
        progress.observe(at(0), [("a".to_owned(), None)].into_iter());
        assert_eq!(progress.remaining("a", at(5)), None);
    }

    #[test]
    fn a_clock_that_is_set_back_is_no_progress() {
        assert_eq!(remaining(&[(100, 10), (50, 20)], 50), Some(0));
        assert_eq!(remaining(&[(0, 99), (60, 100)], 60), Some(0));
    }
}
