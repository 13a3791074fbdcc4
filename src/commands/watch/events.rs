//! The newest events of all controllers, and which of them are new.

use std::collections::BTreeMap;

use ironkeep_parsers::model::{ControllerId, Event};

use crate::commands::event::oldest_first;
use crate::commands::parts;
use crate::follow::News;
use crate::reading::{Part, Reading};

/// How many lines are kept for scrolling back.
const KEPT: usize = 500;

/// How many events of before the first reading are shown, of each controller.
pub(super) const BEFORE: u64 = 50;

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) controller: Option<ControllerId>,
    pub(super) what: What,
    /// Whether it came after the first reading.
    pub(super) is_new: bool,
    /// The same line has the same number in every reading.
    pub(super) number: usize,
}

/// What a line tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// An event.
    Event(Event),
    /// What happened to the log: it was cleared, its controller started again.
    Notice(String),
}

/// The end of the event logs.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// The newest at the end.
    pub(super) shown: Vec<Shown>,
    /// How many events have come since the first reading.
    pub(super) new: usize,
    /// How many lines there were.
    count: usize,
    /// Why nothing could be read the last time.
    failure: Option<String>,
    /// Why a controller's log could not be read the last time.
    unread: BTreeMap<Option<ControllerId>, String>,
}

impl Tail {
    /// Takes the events of before: what the first reading has.
    pub(super) fn begin(&mut self, reading: &Reading) {
        self.failure = None;
        for controller in &reading.controllers {
            let Some(log) = &controller.events else {
                let mut notes = parts::unread_notes(reading, Part::Events).into_iter();
                let why = notes.next();
                let why = why.unwrap_or_else(|| "the event log was not read".to_owned());
                self.unread.insert(controller.id, why);
                continue;
            };
            for event in oldest_first(&log.events) {
                self.push(controller.id, What::Event(event.clone()), false);
            }
        }
        self.forget();
    }

    /// Takes what came since.
    pub(super) fn follow(&mut self, news: Vec<(Option<ControllerId>, News)>) {
        self.failure = None;
        for (id, news) in news {
            match news {
                News::Event(event) => {
                    self.new += 1;
                    self.push(id, What::Event(event), true);
                }
                News::Notice(notice) => self.push(id, What::Notice(notice.to_string()), true),
                News::Unreadable(why) => {
                    let words = format!("could not read the event log: {why}");
                    self.unread.insert(id, words);
                }
                News::Readable => drop(self.unread.remove(&id)),
            }
        }
        self.forget();
    }

    /// Nothing could be read, for the reason `words`.
    pub(super) fn fail(&mut self, words: &str) {
        self.failure = Some(format!("could not read the event logs: {words}"));
    }

    /// What could not be read the last time, and why.
    pub(super) fn unread(&self) -> Option<&str> {
        let one = || self.unread.values().next();
        self.failure.as_ref().or_else(one).map(String::as_str)
    }

    fn push(&mut self, controller: Option<ControllerId>, what: What, is_new: bool) {
        self.count += 1;
        self.shown.push(Shown {
            controller,
            what,
            is_new,
            number: self.count,
        });
    }

    fn forget(&mut self) {
        let surplus = self.shown.len().saturating_sub(KEPT);
        self.shown.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::EventLog;
    use jiff::Timestamp;

    use super::*;
    use crate::follow::Notice;
    use crate::reading::{Controller, Unread};

    fn event(number: u64) -> Event {
        Event {
            sequence: Some(number),
            ..Event::default()
        }
    }

    fn reading(controllers: Vec<Controller>) -> Reading {
        Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: String::new(),
            live: true,
            narrowed: false,
            controllers,
            asked: Vec::new(),
        }
    }

    fn with_log(numbers: &[u64]) -> Reading {
        reading(vec![Controller {
            id: Some(ControllerId(0)),
            events: Some(EventLog {
                logged: None,
                events: numbers.iter().copied().map(event).collect(),
            }),
            ..Controller::default()
        }])
    }

    fn shown(tail: &Tail) -> Vec<(u64, bool)> {
        let number = |shown: &Shown| match &shown.what {
            What::Event(event) => event.sequence.unwrap(),
            What::Notice(_) => 0,
        };
        let shown = tail.shown.iter();
        shown.map(|it| (number(it), it.is_new)).collect()
    }

    const ID: Option<ControllerId> = Some(ControllerId(0));

    #[test]
    fn only_what_comes_after_the_first_reading_is_new() {
        let mut tail = Tail::default();
        tail.begin(&with_log(&[3, 1, 2]));
        assert_eq!(shown(&tail), [(1, false), (2, false), (3, false)]);
        let restarted = News::Notice(Notice::Restarted { sequence: 4 });
        tail.follow(vec![(ID, restarted), (ID, News::Event(event(4)))]);
        assert_eq!(shown(&tail)[3..], [(0, true), (4, true)]);
        assert_eq!(tail.new, 1);
    }

    #[test]
    fn a_long_log_is_not_kept_whole_and_lines_keep_their_numbers() {
        let mut tail = Tail::default();
        tail.begin(&with_log(&[1, 2]));
        let news = (3..=2002).map(|number| (ID, News::Event(event(number))));
        tail.follow(news.collect());
        assert_eq!((tail.shown.len(), tail.new), (KEPT, 2000));
        assert_eq!(tail.shown.last().map(|it| it.number), Some(2002));
        assert_eq!(shown(&tail).last(), Some(&(2002, true)));
    }

    #[test]
    fn what_could_not_be_read_is_said_until_it_is_read_again() {
        let mut tail = Tail::default();
        let mut controller = Controller {
            id: ID,
            ..Controller::default()
        };
        let why = Unread::Failed("it hung".to_owned());
        controller.unread.insert(Part::Events, why);
        tail.begin(&reading(vec![controller]));
        assert_eq!(tail.unread(), Some("could not read the event log: it hung"));
        tail.follow(vec![(ID, News::Readable)]);
        assert_eq!(tail.unread(), None);
        tail.fail("MegaCLI is in use");
        assert_eq!(
            tail.unread(),
            Some("could not read the event logs: MegaCLI is in use")
        );
        tail.follow(vec![(ID, News::Unreadable("no".to_owned()))]);
        assert_eq!(tail.unread(), Some("could not read the event log: no"));
    }
}
