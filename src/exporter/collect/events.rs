//! New events of the controllers' logs, counted by class behind a cursor that outlasts the process. Pure.
//!
//! The logs are read only where their newest number has moved, and never as a whole.

use std::collections::{BTreeMap, VecDeque};

use ironkeep_parsers::model::{ControllerId, Event, EventClass};
use serde::{Deserialize, Serialize};

use crate::follow::{EventRequest, Follower, News, Notice};
use crate::reading::{Controller, Part, Reading, Unread};

/// How many of the newest events of each controller are kept for people.
const RECENT: u64 = 20;

/// How many new events of a controller are read at once at most: the tool takes its time for each, and must
/// come to its end within its limit. A flood of more is news of its own, and said.
const AT_ONCE: u64 = 1000;

/// Counts by controller and class.
pub(super) type Counts = BTreeMap<(Option<ControllerId>, EventClass), u64>;

/// What is known of the logs.
#[derive(Debug, Default)]
pub(super) struct EventLogs {
    follower: Follower,
    counts: Counts,
    recent: BTreeMap<Option<ControllerId>, VecDeque<Event>>,
    /// The serial numbers of the controllers whose logs these are.
    serials: BTreeMap<Option<ControllerId>, String>,
    /// Why a controller's log could not be read last time.
    unread: BTreeMap<Option<ControllerId>, String>,
}

/// What outlasts the process, of one controller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedLog {
    controller: Option<ControllerId>,
    serial: Option<String>,
    /// The greatest number of an event that is counted.
    counted: Option<u64>,
    events: BTreeMap<EventClass, u64>,
}

impl EventLogs {
    /// Goes on behind what was counted before.
    pub(super) fn resume(saved: Vec<SavedLog>) -> Self {
        let told = saved
            .iter()
            .filter_map(|log| Some((log.controller, log.counted?)));
        let follower = Follower::resume(told);
        let (mut counts, mut serials) = (Counts::new(), BTreeMap::new());
        for log in saved {
            let of_class = |(class, count)| ((log.controller, class), count);
            counts.extend(log.events.into_iter().map(of_class));
            serials.extend(log.serial.map(|serial| (log.controller, serial)));
        }
        Self {
            follower,
            counts,
            serials,
            ..Self::default()
        }
    }

    /// What has to outlast the process.
    pub(super) fn saved(&self) -> Vec<SavedLog> {
        let mut logs: BTreeMap<Option<ControllerId>, SavedLog> = BTreeMap::new();
        for (&(controller, class), &count) in &self.counts {
            let log = logs.entry(controller).or_insert_with(|| SavedLog {
                controller,
                serial: self.serials.get(&controller).cloned(),
                counted: self.follower.told(controller),
                events: BTreeMap::new(),
            });
            log.events.insert(class, count);
        }
        logs.into_values().collect()
    }

    /// The counts.
    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The newest events of each controller, the newest last.
    pub(super) fn recent(&self) -> Vec<(Option<ControllerId>, Event)> {
        let of = |(&id, events): (&Option<ControllerId>, &VecDeque<Event>)| {
            events
                .iter()
                .map(|event| (id, event.clone()))
                .collect::<Vec<_>>()
        };
        self.recent.iter().flat_map(of).collect()
    }

    /// What to read, now that the logs stand where `reading` says; `None` where nothing is new. What is
    /// worth saying about it goes into `news`.
    pub(super) fn request(
        &mut self,
        reading: &Reading,
        news: &mut Vec<String>,
    ) -> Option<EventRequest> {
        let mut wanted = BTreeMap::new();
        let mut is_new = false;
        for controller in &reading.controllers {
            self.recognise(controller, news);
            let positions = controller.event_positions.as_ref();
            let Some(newest) = positions.and_then(|it| it.newest) else {
                continue;
            };
            let told = self.follower.told(controller.id);
            let shown = newest.saturating_sub(RECENT);
            let from = match told {
                // The first time, the newest are only shown.
                None => shown,
                // A log that began anew is new as a whole.
                Some(told) if newest < told => 0,
                // After a start, some that were counted before are shown again.
                Some(told) if !self.recent.contains_key(&controller.id) => told.min(shown),
                Some(told) => told,
            };
            let bound = newest.saturating_sub(AT_ONCE);
            if from < bound {
                news.push(format!(
                    "{}: more than {AT_ONCE} new events: those with the numbers {} to {bound} are not counted",
                    name(controller.id),
                    from + 1
                ));
            }
            let from = from.max(bound);
            is_new |= told != Some(newest) || from < newest;
            wanted.insert(controller.id, from);
        }
        is_new.then_some(EventRequest::After(wanted))
    }

    /// Another controller in the place of one that is known has another log: it is followed from where it
    /// stands.
    fn recognise(&mut self, controller: &Controller, news: &mut Vec<String>) {
        let serial = controller.info.as_ref().and_then(|it| it.serial.as_ref());
        let Some(serial) = serial else {
            return;
        };
        let known = self.serials.insert(controller.id, serial.clone());
        if known.is_some_and(|known| known != *serial) {
            self.follower.forget(controller.id);
            self.recent.remove(&controller.id);
            news.push(format!(
                "{}: it is another one than before, with the serial number {serial}; its events are counted from here on",
                name(controller.id)
            ));
        }
    }

    /// Counts what is new in `reading`, the answer to [`Self::request`].
    pub(super) fn take(&mut self, reading: Reading, news: &mut Vec<String>) {
        for controller in &reading.controllers {
            if controller.has(Part::Events) {
                self.unread.remove(&controller.id);
                for class in EventClass::ALL {
                    self.counts.entry((controller.id, class)).or_default();
                }
                self.keep(controller);
            }
        }
        for (id, told) in self.follower.take(reading) {
            match told {
                News::Event(event) => {
                    if let Some(class) = event.class {
                        let count = self.counts.entry((id, class)).or_default();
                        *count = count.saturating_add(1);
                    }
                }
                News::Notice(Notice::Appeared { .. }) => {}
                News::Notice(notice) => news.push(format!("{}: {notice}", name(id))),
                News::Unreadable(why) => {
                    self.unread.insert(id, why);
                }
                News::Readable => {
                    self.unread.remove(&id);
                }
            }
        }
    }

    /// Keeps the newest events for people.
    fn keep(&mut self, controller: &Controller) {
        let recent = self.recent.entry(controller.id).or_default();
        let Some(log) = &controller.events else {
            return;
        };
        let mut events: Vec<&Event> = log.events.iter().collect();
        events.sort_by_key(|event| event.sequence);
        let newest = recent.back().and_then(|event| event.sequence);
        let last = events.last().and_then(|event| event.sequence);
        // The numbers went back: what was shown is of a log that is gone.
        if last < newest && last.is_some() {
            recent.clear();
        }
        let known = recent.back().and_then(|event| event.sequence);
        let new = events.into_iter().filter(|event| event.sequence > known);
        recent.extend(new.cloned());
        let kept = usize::try_from(RECENT).unwrap_or(usize::MAX);
        recent.drain(..recent.len().saturating_sub(kept));
    }

    /// What the new events of every controller could not be read for.
    pub(super) fn cannot_read(&mut self, reading: &Reading, why: &str) {
        for controller in &reading.controllers {
            self.unread.insert(controller.id, why.to_owned());
        }
    }

    /// Whether the new events of `controller` are counted, or why not.
    pub(super) fn fared(&self, controller: &Controller) -> Result<(), String> {
        if let Some(why) = self.unread.get(&controller.id) {
            return Err(why.clone());
        }
        match controller.unread.get(&Part::EventPositions) {
            _ if controller.has(Part::EventPositions) => Ok(()),
            Some(Unread::Unsupported(_)) => Ok(()),
            Some(Unread::Failed(words) | Unread::Partial(words)) => Err(words.clone()),
            Some(Unread::NotAsked | Unread::NotAvailable) | None => {
                Err("nothing says where the event log stands".to_owned())
            }
        }
    }
}

/// A controller in a line of the log.
fn name(id: Option<ControllerId>) -> String {
    id.map_or_else(
        || "a controller without a number".to_owned(),
        |id| format!("controller {id}"),
    )
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{ControllerInfo, EventLog, EventLogInfo};
    use jiff::Timestamp;

    use super::*;

    const ID: Option<ControllerId> = Some(ControllerId(0));

    fn reading(newest: u64, serial: &str, numbers: impl IntoIterator<Item = u64>) -> Reading {
        let event = |sequence| Event {
            sequence: Some(sequence),
            class: Some(EventClass::Warning),
            ..Event::default()
        };
        let controller = Controller {
            id: ID,
            info: Some(ControllerInfo {
                serial: Some(serial.to_owned()),
                ..ControllerInfo::default()
            }),
            event_positions: Some(EventLogInfo {
                newest: Some(newest),
                oldest: Some(1),
                ..EventLogInfo::default()
            }),
            events: Some(EventLog {
                logged: None,
                events: numbers.into_iter().map(event).collect(),
            }),
            ..Controller::default()
        };
        Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: "a test".to_owned(),
            live: true,
            narrowed: false,
            controllers: vec![controller],
            asked: Vec::new(),
        }
    }

    /// Lets the log stand at `newest`, of which all of 1 to `newest` could be read. The first number that
    /// was asked for, what was counted by then, and what was said.
    fn stands(logs: &mut EventLogs, newest: u64, serial: &str) -> (Option<u64>, u64, Vec<String>) {
        let mut news = Vec::new();
        let request = logs.request(&reading(newest, serial, []), &mut news);
        let first = request.and_then(|request| {
            let full = reading(newest, serial, []);
            let positions = full.controllers[0].event_positions.clone().unwrap();
            let first = request.first(ID, &positions);
            let numbers = first.map_or(0..0, |first| first..newest + 1);
            logs.take(reading(newest, serial, numbers), &mut news);
            first
        });
        let counted = logs.counts().get(&(ID, EventClass::Warning)).copied();
        (first, counted.unwrap_or(0), news)
    }

    fn shown(logs: &EventLogs) -> Vec<u64> {
        let numbers = logs.recent().into_iter();
        numbers.filter_map(|(_, event)| event.sequence).collect()
    }

    #[test]
    fn the_first_time_the_newest_are_shown_and_none_is_counted() {
        let mut logs = EventLogs::default();
        let (first, counted, _) = stands(&mut logs, 50, "a");
        assert_eq!((first, counted), (Some(31), 0));
        assert_eq!(shown(&logs), (31..=50).collect::<Vec<_>>());
        assert_eq!(logs.counts().len(), EventClass::ALL.len());
    }

    #[test]
    fn nothing_is_read_where_the_number_has_not_moved() {
        let mut logs = EventLogs::default();
        stands(&mut logs, 50, "a");
        assert_eq!(stands(&mut logs, 50, "a"), (None, 0, vec![]));
        assert_eq!(stands(&mut logs, 52, "a").0, Some(51));
        assert_eq!(stands(&mut logs, 52, "a"), (None, 2, vec![]));
        assert_eq!(shown(&logs), (33..=52).collect::<Vec<_>>());
    }

    #[test]
    fn an_empty_log_is_read_once_and_then_as_it_grows() {
        let mut logs = EventLogs::default();
        assert_eq!(stands(&mut logs, 0, "a").1, 0);
        assert_eq!(stands(&mut logs, 0, "a").0, None);
        assert_eq!(stands(&mut logs, 1, "a").1, 1);
    }

    #[test]
    fn after_a_start_what_was_counted_is_shown_and_not_counted_again() {
        let mut before = EventLogs::default();
        stands(&mut before, 50, "a");
        stands(&mut before, 53, "a");
        let saved = serde_json::to_string(&before.saved()).unwrap();
        let mut logs = EventLogs::resume(serde_json::from_str(&saved).unwrap());
        assert_eq!(logs.counts(), before.counts());
        assert_eq!(stands(&mut logs, 54, "a").1, 4);
        assert_eq!(shown(&logs), (35..=54).collect::<Vec<_>>());
        let mut logs = EventLogs::resume(serde_json::from_str(&saved).unwrap());
        assert_eq!(stands(&mut logs, 53, "a"), (Some(34), 3, vec![]));
    }

    #[test]
    fn a_log_that_begins_anew_is_counted_from_its_beginning() {
        let mut logs = EventLogs::default();
        stands(&mut logs, 50, "a");
        stands(&mut logs, 52, "a");
        let (first, counted, news) = stands(&mut logs, 3, "a");
        assert_eq!((first, counted), (Some(1), 5));
        assert_eq!(shown(&logs), [1, 2, 3]);
        assert_eq!(news.len(), 1);
    }

    #[test]
    fn another_controller_is_followed_from_where_it_stands_whatever_its_number() {
        for newest in [10, 52, 5000] {
            let mut logs = EventLogs::default();
            stands(&mut logs, 50, "a");
            stands(&mut logs, 52, "a");
            let (_, counted, news) = stands(&mut logs, newest, "b");
            assert_eq!(counted, 2, "{newest}");
            assert!(news[0].contains("another one"), "{news:?}");
            assert_eq!(shown(&logs).last(), Some(&newest));
            assert_eq!(stands(&mut logs, newest + 1, "b").1, 3);
        }
    }

    #[test]
    fn of_a_flood_the_newest_are_counted_and_the_rest_is_said() {
        let mut logs = EventLogs::default();
        stands(&mut logs, 50, "a");
        let (first, counted, news) = stands(&mut logs, 5050, "a");
        assert_eq!((first, counted), (Some(4051), AT_ONCE));
        assert!(news[0].contains("51 to 4050"), "{news:?}");
    }

    #[test]
    fn a_log_that_cannot_be_read_fails_until_it_can() {
        let mut logs = EventLogs::default();
        let full = reading(50, "a", []);
        logs.cannot_read(&full, "it hangs");
        let controller = &full.controllers[0];
        assert_eq!(logs.fared(controller), Err("it hangs".to_owned()));
        stands(&mut logs, 50, "a");
        assert_eq!(logs.fared(controller), Ok(()));
    }
}
