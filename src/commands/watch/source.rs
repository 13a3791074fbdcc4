//! Reading again and again, on a thread of its own: a reading takes seconds, and keys do not wait.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use ironkeep_parsers::model::ControllerId;

use super::events::BEFORE;
use super::picture;
use crate::cli::failure::Failure;
use crate::follow::{self, EventRequest, Follower};
use crate::reading::{Part, Reading};

/// What the reader tells.
#[derive(Debug)]
pub(super) enum News {
    /// A reading begins.
    Begun,
    /// It ended: all but the event logs.
    Read(Box<Result<Reading, Failure>>),
    /// The ends of the event logs, as they are at first.
    Events(Box<Result<Reading, Failure>>),
    /// What is new in the event logs.
    Followed(Result<Vec<(Option<ControllerId>, follow::News)>, Failure>),
    /// It rests until the next reading.
    Resting,
}

/// What the reader is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Do not wait.
    Now,
    /// Stop reading, or go on.
    Pause(bool),
}

/// What is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Question<'a> {
    /// These parts.
    Parts(&'a [Part]),
    /// Some of the events.
    Events(&'a EventRequest),
}

/// When to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// The pause between the end of a reading and the next one.
    pub(super) interval: Duration,
    /// Once is enough: the source does not move.
    pub(super) once: bool,
}

/// Reads with `read` until nobody listens any more. The pause begins when a reading has ended, so that a
/// slow controller is not kept busy without end.
pub(super) fn run(
    mut read: impl FnMut(Question<'_>) -> Result<Reading, Failure>,
    plan: Plan,
    news: &Sender<News>,
    orders: &Receiver<Order>,
) {
    let parts = picture::parts();
    let mut follower = None;
    let mut paused = false;
    loop {
        let tell = |it| news.send(it).is_ok();
        if !tell(News::Begun) {
            return;
        }
        let reading = read(Question::Parts(&parts));
        // What does not answer is not asked for more.
        let answers = reading.is_ok();
        if !tell(News::Read(Box::new(reading))) {
            return;
        }
        if answers && !tell(events(&mut follower, &mut read)) {
            return;
        }
        // What was ordered while it read was done by then.
        for order in orders.try_iter() {
            if let Order::Pause(yes) = order {
                paused = yes;
            }
        }
        if !tell(News::Resting) || !rest(plan, &mut paused, orders) {
            return;
        }
    }
}

/// Reads the event logs: their ends at first, then what is new in them.
fn events(
    follower: &mut Option<Follower>,
    read: &mut impl FnMut(Question<'_>) -> Result<Reading, Failure>,
) -> News {
    if let Some(follower) = follower {
        let reading = read(Question::Events(&follower.request()));
        return News::Followed(reading.map(|reading| follower.take(reading)));
    }
    let mut reading = read(Question::Events(&EventRequest::Newest(BEFORE)));
    if let Ok(reading) = &mut reading {
        *follower = Some(Follower::start(reading));
    }
    News::Events(Box::new(reading))
}

/// Waits until the next reading is due. Whether somebody still listens.
fn rest(plan: Plan, paused: &mut bool, orders: &Receiver<Order>) -> bool {
    let due = Instant::now() + plan.interval;
    loop {
        let order = if *paused || plan.once {
            orders.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            orders.recv_timeout(due.saturating_duration_since(Instant::now()))
        };
        match order {
            Ok(Order::Pause(yes)) => {
                let goes_on = *paused && !yes;
                *paused = yes;
                if goes_on {
                    return true;
                }
            }
            Ok(Order::Now) | Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use jiff::Timestamp;

    use super::*;
    use crate::cli::failure::Kind;

    fn reading() -> Reading {
        Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: String::new(),
            live: true,
            narrowed: false,
            controllers: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// The news in letters, until the reader has rested `rests` times; `steer` gets to know how often.
    fn told(
        interval: Duration,
        rests: usize,
        fails: bool,
        steer: impl Fn(usize, &Sender<Order>),
    ) -> String {
        let (tell, news) = mpsc::channel();
        let (orders, ordered) = mpsc::channel();
        let plan = Plan {
            interval,
            once: false,
        };
        let read = move |_: Question<'_>| {
            if fails {
                Err(Failure::new(Kind::Hardware, "it hung"))
            } else {
                Ok(reading())
            }
        };
        let reader = thread::spawn(move || run(read, plan, &tell, &ordered));
        let mut letters = String::new();
        let mut rested = 0;
        for it in &news {
            letters.push(match it {
                News::Begun => 'b',
                News::Read(result) if result.is_err() => 'f',
                News::Read(_) => 'r',
                News::Events(_) => 'e',
                News::Followed(_) => 'n',
                News::Resting => '.',
            });
            if letters.ends_with('.') {
                rested += 1;
                if rested == rests {
                    break;
                }
                steer(rested, &orders);
            }
        }
        drop((news, orders));
        reader.join().unwrap();
        letters
    }

    const NEVER: Duration = Duration::from_hours(1);

    #[test]
    fn it_reads_again_after_the_pause_and_on_demand() {
        assert_eq!(told(Duration::ZERO, 2, false, |_, _| {}), "bre.brn.");
        let now = |_, orders: &Sender<Order>| orders.send(Order::Now).unwrap();
        assert_eq!(told(NEVER, 3, false, now), "bre.brn.brn.");
    }

    #[test]
    fn what_does_not_answer_is_not_asked_for_its_events() {
        assert_eq!(told(Duration::ZERO, 2, true, |_, _| {}), "bf.bf.");
    }

    #[test]
    fn going_on_after_a_pause_reads_at_once() {
        let pause = |_, orders: &Sender<Order>| {
            orders.send(Order::Pause(true)).unwrap();
            orders.send(Order::Pause(false)).unwrap();
        };
        assert_eq!(told(NEVER, 2, false, pause), "bre.brn.");
    }

    #[test]
    fn a_pause_lasts_and_still_reads_on_demand() {
        let steer = |rested, orders: &Sender<Order>| {
            if rested == 1 {
                orders.send(Order::Pause(true)).unwrap();
            }
            orders.send(Order::Now).unwrap();
        };
        assert_eq!(told(NEVER, 3, false, steer), "bre.brn.brn.");
    }
}
