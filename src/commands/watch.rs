//! `watch`: a live view of the whole host. It reads on a thread of its own (`source`), so that keys never
//! wait for MegaCLI. All that is known and what keys do to it is `state`, without terminal, clock or
//! thread; a screen is a function of that (`view`).

mod details;
mod events;
mod picture;
mod progress;
pub(super) mod screen;
mod source;
mod state;
pub(super) mod view;

use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use self::screen::{Input, Screen};
use self::source::{News, Order, Plan, Question};
use self::state::{Effect, Settings, State};
use self::view::Look;
use super::Run;
use crate::cli::Interrupt;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::output::Format;

/// Watch health, bays, operations and new events on the whole screen
///
/// Reads the host again and again and says how old the last reading is. While it cannot be read, what
/// was read last is shown as what it is: old, and never healthy. `?` lists the keys, `q` quits.
///
/// The remaining time of an operation is an estimate from the percentages that were seen while the view
/// ran, and unknown until two of them differ.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The pause between two readings, at least 1
    ///
    /// It begins when a reading has ended, which on a large host takes many seconds itself.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = interval)]
    interval: Duration,
}

/// The shortest and the longest pause, in seconds.
const INTERVALS: std::ops::RangeInclusive<f64> = 1.0..=86_400.0;

pub(super) fn interval(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| INTERVALS.contains(seconds))
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "expected seconds, from 1 to 86400 (a day)".to_owned())
}

/// How long to wait for keys before looking for news.
pub(super) const TICK: Duration = Duration::from_millis(100);

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        check_screen(context, "watch", "ironkeep health")?;
        let interrupt = context.session.hold_signals()?;
        let settings = Settings {
            limits: context.session.config().health.clone(),
            interval: SignedDuration::try_from(self.interval).unwrap_or(SignedDuration::MAX),
            once: context.session.replays(),
            source_flags: context.session.source_flags(),
            look: Look {
                unicode: context.output.unicode,
                color: context.output.color,
            },
        };
        let plan = Plan {
            interval: self.interval,
            once: settings.once,
        };
        let (tell, news) = mpsc::channel();
        let (orders, ordered) = mpsc::channel();
        let session = &mut context.session;
        let stdout = &mut *context.stdout;
        thread::scope(|scope| {
            // However this ends, a MegaCLI that runs is stopped, and the reader with it.
            let _end = End(interrupt.clone());
            let read = move |question: Question<'_>| match question {
                Question::Parts(parts) => session.read(parts),
                Question::Events(request) => session.read_events(request),
            };
            scope.spawn(move || source::run(read, plan, &tell, &ordered));
            let color = settings.look.color;
            let mut screen = Screen::enter(stdout, color).map_err(no_terminal)?;
            let state = State::new(settings, Timestamp::now(), screen.size());
            show(&mut screen, state, &news, orders, &interrupt)
        })
    }
}

/// Whether `command` can draw on the screen; `once` prints the same without one.
///
/// # Errors
/// If there is no screen, or another format was asked for.
pub(super) fn check_screen(
    context: &Context<'_>,
    command: &str,
    once: &str,
) -> Result<(), Failure> {
    if let Some(why) = context.no_screen {
        let words = format!("{command} needs a whole terminal");
        return Err(Failure::because(Kind::Environment, words, why)
            .hint(format!("the same, printed once: {once}")));
    }
    if context.output.format != Format::Table {
        let words = format!("{command} draws on the screen and has no --format");
        return Err(Failure::new(Kind::Usage, words)
            .hint(format!("the same, printed once: {once} --format json")));
    }
    Ok(())
}

/// Stops a reading that runs.
struct End(Interrupt);

impl Drop for End {
    fn drop(&mut self) {
        self.0.ask();
    }
}

pub(super) fn no_terminal(error: std::io::Error) -> Failure {
    Failure::because(Kind::Environment, "cannot draw on the terminal", error)
}

/// Shows what is read until somebody quits.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the reader ends when nobody can order anything any more"
)]
fn show(
    screen: &mut Screen<'_>,
    mut state: State,
    news: &Receiver<News>,
    orders: Sender<Order>,
    interrupt: &Interrupt,
) -> Result<Code, Failure> {
    let mut changed = true;
    loop {
        if interrupt.is_asked() {
            return Err(Failure::new(Kind::Interrupted, "interrupted"));
        }
        loop {
            match news.try_recv() {
                Ok(it) => take(&mut state, it)?,
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    return Err(Failure::new(Kind::Internal, "the reader ended by itself"));
                }
            }
            changed = true;
        }
        if changed {
            screen
                .draw(|buffer| view::draw(&state, buffer))
                .map_err(no_terminal)?;
        }
        let input = screen::wait(TICK).map_err(no_terminal)?;
        changed = input.is_some();
        changed |= tick(&mut state, Timestamp::now());
        let effect = match input {
            Some(Input::Key(key)) => state.key(key),
            Some(Input::Resize(size)) => {
                state.resize(size);
                Effect::None
            }
            Some(Input::Redraw) => {
                screen
                    .redraw(|buffer| view::draw(&state, buffer))
                    .map_err(no_terminal)?;
                Effect::None
            }
            Some(Input::Gone) => Effect::Quit,
            None => Effect::None,
        };
        match effect {
            Effect::None => {}
            Effect::Quit => return Ok(Code::Done),
            // A reader that is gone is noticed at the next look at its news.
            Effect::Refresh => drop(orders.send(Order::Now)),
            Effect::Pause(yes) => drop(orders.send(Order::Pause(yes))),
            Effect::Suspend => screen.suspend().map_err(no_terminal)?,
        }
    }
}

/// Moves the clock on. Whether that is seen: seconds are, of what moves.
fn tick(state: &mut State, now: Timestamp) -> bool {
    let seen = now.as_second() != state.now.as_second() && !state.settings.once;
    state.now = now;
    seen
}

/// Takes news over.
///
/// # Errors
/// If the first reading of all failed: there is nothing to show.
fn take(state: &mut State, news: News) -> Result<(), Failure> {
    let words = |failure: &Failure| failure.chain().join(": ");
    match news {
        News::Begun => state.begin(),
        News::Resting => state.rest(),
        News::Read(result) => match *result {
            Ok(reading) => state.read(&reading),
            Err(failure) if state.picture.is_none() => return Err(failure),
            Err(failure) => state.fail(words(&failure)),
        },
        News::Events(result) => match *result {
            Ok(reading) => state.begin_events(&reading),
            Err(failure) => state.fail_events(&words(&failure)),
        },
        News::Followed(Ok(news)) => state.follow_events(news),
        News::Followed(Err(failure)) => state.fail_events(&words(&failure)),
    }
    Ok(())
}
