//! What is new in the event logs: requests for some of the events, and a follower that tells each
//! event once, and what happened to the logs meanwhile. Pure: somebody else reads and waits.
//!
//! ```text
//! Follower::start(&mut reading) -> request() -> read -> take(reading) -> request() -> …
//! ```

use std::collections::BTreeMap;

use ironkeep_parsers::model::{ControllerId, Event, EventLog, EventLogInfo};
use serde::Serialize;

use crate::reading::{Controller, Part, Reading, Unread};

/// Which events of each controller's log are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventRequest {
    /// The newest so many.
    Newest(u64),
    /// Those with a greater number than the controller's; none of a controller that is not listed.
    /// Where the numbers went back below it, the log began anew and all of it is wanted.
    After(BTreeMap<Option<ControllerId>, u64>),
}

impl EventRequest {
    /// The number of the first event that is wanted of a controller whose log stands at
    /// `positions`; `None` where there is none, or where the positions do not say.
    pub fn first(&self, id: Option<ControllerId>, positions: &EventLogInfo) -> Option<u64> {
        let newest = positions.newest.filter(|&newest| newest > 0)?;
        // What was cleared can be older than what the log calls its oldest.
        let oldest = positions.oldest.unwrap_or(1).max(1);
        match self {
            Self::Newest(0) => None,
            Self::Newest(count) => Some(newest.saturating_sub(count - 1).max(oldest)),
            Self::After(known) => {
                let known = *known.get(&id)?;
                let from = if newest < known { 0 } else { known };
                (newest > from).then(|| from.saturating_add(1).max(oldest))
            }
        }
    }

    /// Leaves the wanted events in the log of `controller`, all of which was read.
    pub(crate) fn choose(&self, controller: &mut Controller) {
        let id = controller.id;
        let Some(log) = &mut controller.events else {
            return;
        };
        let greatest = greatest(log);
        let positions = controller.event_positions.as_ref();
        let newest = positions.and_then(|it| it.newest).max(greatest);
        match self {
            Self::Newest(count) => {
                let count = usize::try_from(*count).unwrap_or(usize::MAX);
                // Not every excerpt begins with the oldest.
                if log.events.iter().all(|event| event.sequence.is_some()) {
                    log.events.sort_by_key(|event| event.sequence);
                }
                log.events.drain(..log.events.len().saturating_sub(count));
            }
            Self::After(known) => match known.get(&id) {
                Some(&known) if newest.is_none_or(|newest| newest >= known) => {
                    log.events
                        .retain(|event| event.sequence.is_some_and(|number| number > known));
                }
                Some(_) => {}
                None => log.events.clear(),
            },
        }
    }
}

/// The greatest number in a log.
fn greatest(log: &EventLog) -> Option<u64> {
    log.events.iter().filter_map(|event| event.sequence).max()
}

/// What is new.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// An event, told once.
    Event(Event),
    /// Something about the log.
    Notice(Notice),
    /// The log cannot be read: why. Told once, and again when the reason changes.
    Unreadable(String),
    /// It can be read again.
    Readable,
}

/// What happened to a log while it was followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", tag = "notice")]
pub enum Notice {
    /// The controller started again; the event with this number is the first since.
    Restarted {
        /// The number.
        sequence: u64,
    },
    /// Somebody cleared the log.
    Cleared {
        /// The newest event that was cleared.
        sequence: u64,
    },
    /// Events are gone that were not read: the log was cleared, or its oldest events made room.
    Lost {
        /// The number of the first.
        from: u64,
        /// The number of the last.
        to: u64,
    },
    /// The numbers went back: the log began anew, as after a replacement of the controller.
    Renumbered {
        /// The newest number so far.
        was: u64,
        /// The newest number now.
        newest: u64,
    },
    /// A controller that was not read before. It is followed from here on.
    Appeared {
        /// Its newest event, which is not shown.
        newest: u64,
    },
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Restarted { sequence } => write!(f, "it restarted at event {sequence}"),
            Self::Cleared { sequence } => {
                write!(f, "its event log was cleared up to event {sequence}")
            }
            Self::Lost { from, to } if from == to => {
                write!(f, "event {from} was gone before it could be read")
            }
            Self::Lost { from, to } => {
                write!(
                    f,
                    "events {from} to {to} were gone before they could be read"
                )
            }
            Self::Renumbered { was, newest } => write!(
                f,
                "its event log began anew: the newest event was {was} and is {newest}"
            ),
            Self::Appeared { newest } => {
                write!(f, "it was not read before; followed from event {newest} on")
            }
        }
    }
}

/// Follows the event logs from reading to reading.
#[derive(Debug, Clone, Default)]
pub struct Follower {
    cursors: BTreeMap<Option<ControllerId>, Cursor>,
    /// Why a controller's log cannot be read.
    unreadable: BTreeMap<Option<ControllerId>, String>,
}

/// How far a log is told.
#[derive(Debug, Clone, Default)]
struct Cursor {
    /// The greatest number that was told.
    told: u64,
    positions: EventLogInfo,
}

impl Follower {
    /// Begins where `reading` ends: with what is newer than its events and positions. Events newer
    /// than the positions leave the reading: nobody knows whether it holds all of them, and the next
    /// one will.
    pub fn start(reading: &mut Reading) -> Self {
        let mut follower = Self::default();
        for controller in &mut reading.controllers {
            let positions = controller.event_positions.clone().unwrap_or_default();
            let greatest = controller.events.as_ref().and_then(greatest);
            let Some(told) = positions.newest.or(greatest) else {
                continue;
            };
            if let Some(log) = &mut controller.events {
                log.events
                    .retain(|it| it.sequence.is_none_or(|number| number <= told));
            }
            follower
                .cursors
                .insert(controller.id, Cursor { told, positions });
        }
        follower
    }

    /// Begins behind what was told before, in another run: the greatest number of each controller.
    pub fn resume(told: impl IntoIterator<Item = (Option<ControllerId>, u64)>) -> Self {
        let cursor = |told| Cursor {
            told,
            positions: EventLogInfo::default(),
        };
        let cursors = told.into_iter().map(|(id, told)| (id, cursor(told)));
        Self {
            cursors: cursors.collect(),
            unreadable: BTreeMap::new(),
        }
    }

    /// The greatest number that was told of a controller; `None` where none is followed.
    pub fn told(&self, id: Option<ControllerId>) -> Option<u64> {
        Some(self.cursors.get(&id)?.told)
    }

    /// Forgets a controller: another one has its number now, with a log of its own.
    pub fn forget(&mut self, id: Option<ControllerId>) {
        self.cursors.remove(&id);
        self.unreadable.remove(&id);
    }

    /// What to read next.
    pub fn request(&self) -> EventRequest {
        let told = self.cursors.iter().map(|(&id, cursor)| (id, cursor.told));
        EventRequest::After(told.collect())
    }

    /// What the answer to [`Self::request`] tells: the events of each controller by their number,
    /// what happened to its log before them.
    pub fn take(&mut self, reading: Reading) -> Vec<(Option<ControllerId>, News)> {
        let mut news = Vec::new();
        let mut absent: Vec<_> = self.cursors.keys().copied().collect();
        for mut controller in reading.controllers {
            let id = controller.id;
            absent.retain(|it| *it != id);
            let known = self.cursors.get(&id).and_then(|it| it.positions.newest);
            if let Some(why) = unread(&controller, known.is_some()) {
                self.cannot_read(id, why, &mut news);
                continue;
            }
            if self.unreadable.remove(&id).is_some() {
                news.push((id, News::Readable));
            }
            let told = self.advance(&mut controller);
            news.extend(told.into_iter().map(|it| (id, it)));
        }
        // A reading of some controllers only says nothing about the others.
        if !reading.narrowed {
            for id in absent {
                let why = "the controller does not answer any more".to_owned();
                self.cannot_read(id, why, &mut news);
            }
        }
        news
    }

    fn cannot_read(
        &mut self,
        id: Option<ControllerId>,
        why: String,
        news: &mut Vec<(Option<ControllerId>, News)>,
    ) {
        let before = self.unreadable.insert(id, why.clone());
        if before.as_ref() != Some(&why) {
            news.push((id, News::Unreadable(why)));
        }
    }

    /// What is new of one controller, whose log was read.
    fn advance(&mut self, controller: &mut Controller) -> Vec<News> {
        let positions = controller.event_positions.take().unwrap_or_default();
        let mut events = controller
            .events
            .take()
            .map_or_else(Vec::new, |it| it.events);
        events.sort_by_key(|event| event.sequence);
        let greatest = events.iter().filter_map(|event| event.sequence).max();
        let newest = positions.newest.max(greatest);
        let Some(cursor) = self.cursors.get_mut(&controller.id) else {
            let newest = newest.unwrap_or(0);
            let cursor = Cursor {
                told: newest,
                positions,
            };
            self.cursors.insert(controller.id, cursor);
            return vec![News::Notice(Notice::Appeared { newest })];
        };
        let mut news = Vec::new();
        notices(cursor, &positions, newest, &mut news);
        let anew = newest.is_some_and(|newest| newest < cursor.told);
        let told = if anew { 0 } else { cursor.told };
        let is_new = |event: &Event| event.sequence.is_none_or(|number| number > told);
        news.extend(events.into_iter().filter(is_new).map(News::Event));
        cursor.told = newest.unwrap_or(told);
        cursor.positions = positions;
        news
    }
}

/// What happened to a log since `cursor`, told up to there.
fn notices(cursor: &Cursor, now: &EventLogInfo, newest: Option<u64>, news: &mut Vec<News>) {
    let (before, told) = (&cursor.positions, cursor.told);
    let mut add = |notice| news.push(News::Notice(notice));
    if let Some(newest) = newest.filter(|&newest| newest < told) {
        add(Notice::Renumbered { was: told, newest });
        return;
    }
    // 0 means that there was no such event.
    let changed = |before: Option<u64>, now: Option<u64>| {
        let now = now.filter(|&number| number > 0)?;
        before.is_some_and(|before| before != now).then_some(now)
    };
    if let Some(sequence) = changed(before.clear, now.clear) {
        add(Notice::Cleared { sequence });
    }
    if let Some(oldest) = now.oldest.filter(|&oldest| oldest > told.saturating_add(1)) {
        add(Notice::Lost {
            from: told.saturating_add(1),
            to: oldest - 1,
        });
    }
    if let Some(sequence) = changed(before.reboot, now.reboot) {
        add(Notice::Restarted { sequence });
    }
}

/// Why the log of `controller` was not read. Without the positions that it told before, nobody knows
/// whether events are gone.
fn unread(controller: &Controller, told_positions: bool) -> Option<String> {
    let tells = controller.has(Part::EventPositions) || !told_positions;
    if controller.has(Part::Events) && tells {
        return None;
    }
    let why = [Part::Events, Part::EventPositions]
        .iter()
        .find_map(|part| controller.unread.get(part));
    Some(match why {
        Some(Unread::Failed(words) | Unread::Unsupported(words) | Unread::Partial(words)) => {
            words.clone()
        }
        Some(Unread::NotAsked | Unread::NotAvailable) | None => "it was not read".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    const ID: Option<ControllerId> = Some(ControllerId(0));

    fn positions(oldest: u64, newest: u64) -> EventLogInfo {
        EventLogInfo {
            newest: Some(newest),
            oldest: Some(oldest),
            clear: Some(0),
            shutdown: Some(0),
            reboot: Some(1),
        }
    }

    fn log(numbers: impl IntoIterator<Item = u64>) -> EventLog {
        let event = |sequence| Event {
            sequence: Some(sequence),
            ..Event::default()
        };
        EventLog {
            logged: None,
            events: numbers.into_iter().map(event).collect(),
        }
    }

    fn reading(positions: EventLogInfo, numbers: impl IntoIterator<Item = u64>) -> Reading {
        let controller = Controller {
            id: ID,
            event_positions: Some(positions),
            events: Some(log(numbers)),
            ..Controller::default()
        };
        of(vec![controller])
    }

    fn of(controllers: Vec<Controller>) -> Reading {
        Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: "a test".to_owned(),
            live: true,
            narrowed: false,
            controllers,
            asked: Vec::new(),
        }
    }

    /// A follower that has told everything up to `told`.
    fn follower(told: u64) -> Follower {
        Follower::start(&mut reading(positions(1, told), []))
    }

    /// The news in few words.
    fn told(follower: &mut Follower, reading: Reading) -> Vec<String> {
        let words = |news| match news {
            News::Event(event) => event.sequence.unwrap().to_string(),
            News::Notice(notice) => notice.to_string(),
            News::Unreadable(why) => why,
            News::Readable => "readable".to_owned(),
        };
        let news = follower.take(reading);
        news.into_iter().map(|(_, news)| words(news)).collect()
    }

    fn after(told: u64) -> EventRequest {
        EventRequest::After([(ID, told)].into())
    }

    #[test]
    fn the_first_wanted_event_is_never_older_than_the_log() {
        let first =
            |request: &EventRequest, oldest, newest| request.first(ID, &positions(oldest, newest));
        assert_eq!(first(&EventRequest::Newest(3), 1, 50), Some(48));
        assert_eq!(first(&EventRequest::Newest(300), 10, 50), Some(10));
        assert_eq!(first(&EventRequest::Newest(0), 1, 50), None);
        assert_eq!(first(&EventRequest::Newest(3), 0, 0), None);
        assert_eq!(first(&after(47), 1, 50), Some(48));
        assert_eq!(first(&after(50), 1, 50), None);
        assert_eq!(first(&after(20), 30, 50), Some(30));
        // The log began anew.
        assert_eq!(first(&after(500), 1, 3), Some(1));
        assert_eq!(
            EventRequest::After(BTreeMap::new()).first(ID, &positions(1, 9)),
            None
        );
    }

    #[test]
    fn of_a_whole_log_only_the_wanted_events_stay() {
        let chosen = |request: &EventRequest, newest| {
            let mut read = reading(positions(1, newest), 1..=newest);
            let controller = &mut read.controllers[0];
            request.choose(controller);
            let events = &controller.events.as_ref().unwrap().events;
            events
                .iter()
                .filter_map(|it| it.sequence)
                .collect::<Vec<_>>()
        };
        assert_eq!(chosen(&EventRequest::Newest(2), 9), [8, 9]);
        assert_eq!(chosen(&after(6), 9), [7, 8, 9]);
        assert_eq!(chosen(&after(9), 3), [1, 2, 3]);
        assert!(chosen(&EventRequest::After(BTreeMap::new()), 3).is_empty());
    }

    #[test]
    fn each_event_is_told_once_in_the_order_of_the_numbers() {
        let mut follower = follower(10);
        assert_eq!(follower.request(), after(10));
        let first = told(&mut follower, reading(positions(1, 12), [12, 11]));
        assert_eq!(first, ["11", "12"]);
        // The same answer again, as a backend that reads the whole log may give it.
        assert!(told(&mut follower, reading(positions(1, 12), 1..=12)).is_empty());
        // One came between the reading of the number and that of the events.
        let more = told(&mut follower, reading(positions(1, 13), [14, 13]));
        assert_eq!(more, ["13", "14"]);
        assert_eq!(follower.request(), after(14));
    }

    #[test]
    fn what_is_newer_than_the_positions_is_left_to_the_next_reading() {
        let mut first = reading(positions(1, 10), 8..=11);
        let mut follower = Follower::start(&mut first);
        assert_eq!(first.controllers[0].events, Some(log(8..=10)));
        assert_eq!(told(&mut follower, reading(positions(1, 11), [11])), ["11"]);
    }

    #[test]
    fn an_event_that_the_tool_does_not_print_is_not_asked_for_again() {
        let mut follower = follower(10);
        assert_eq!(told(&mut follower, reading(positions(1, 12), [11])), ["11"]);
        assert_eq!(follower.request(), after(12));
    }

    #[test]
    fn a_cleared_log_is_said_with_what_was_lost() {
        let mut follower = follower(10);
        let cleared = EventLogInfo {
            clear: Some(14),
            ..positions(15, 15)
        };
        assert_eq!(
            told(&mut follower, reading(cleared.clone(), [15])),
            [
                "its event log was cleared up to event 14",
                "events 11 to 14 were gone before they could be read",
                "15"
            ]
        );
        assert!(told(&mut follower, reading(cleared, [])).is_empty());
    }

    #[test]
    fn a_log_that_wrapped_is_said() {
        let mut follower = follower(10);
        assert_eq!(
            told(&mut follower, reading(positions(12, 13), [12, 13])),
            ["event 11 was gone before it could be read", "12", "13"]
        );
    }

    #[test]
    fn a_restart_and_a_log_that_begins_anew_are_said() {
        let mut follower = follower(10);
        let restarted = EventLogInfo {
            reboot: Some(11),
            ..positions(1, 11)
        };
        assert_eq!(
            told(&mut follower, reading(restarted, [11])),
            ["it restarted at event 11", "11"]
        );
        assert_eq!(
            told(&mut follower, reading(positions(1, 2), [1, 2])),
            [
                "its event log began anew: the newest event was 11 and is 2",
                "1",
                "2"
            ]
        );
    }

    #[test]
    fn a_log_that_cannot_be_read_is_said_once_and_nothing_is_lost() {
        let mut follower = follower(10);
        let failing = || {
            let why = Unread::Failed("AdpEventLog failed".to_owned());
            of(vec![Controller {
                id: ID,
                unread: [(Part::Events, why)].into(),
                ..Controller::default()
            }])
        };
        assert_eq!(told(&mut follower, failing()), ["AdpEventLog failed"]);
        assert!(told(&mut follower, failing()).is_empty());
        assert_eq!(
            told(&mut follower, of(Vec::new())),
            ["the controller does not answer any more"]
        );
        assert_eq!(
            told(&mut follower, reading(positions(1, 11), [11])),
            ["readable", "11"]
        );
    }

    #[test]
    fn a_controller_that_appears_is_followed_from_then_on() {
        let mut follower = Follower::default();
        let first = told(&mut follower, reading(positions(1, 10), []));
        assert_eq!(first, ["it was not read before; followed from event 10 on"]);
        assert_eq!(told(&mut follower, reading(positions(1, 11), [11])), ["11"]);
    }
}
