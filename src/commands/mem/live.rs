//! `mem --watch`: the same on the whole screen, again and again. It is read on a thread of its own, so that
//! keys do not wait; that thread ends with the program.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::flags::{Flags, GROUPINGS};
use super::machine::Page;
use super::order::Order;
use super::place::Place;
use super::{Memory, gaps, group_rows, title};
use crate::cli::Interrupt;
use crate::cli::context::{Context, OutputSettings};
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::watch::screen::{self, Input, Key, Screen};
use crate::commands::watch::view::Look;
use crate::commands::watch::{TICK, no_terminal};
use crate::memory::survey::{self, Pss, Request};
use crate::output::human::seconds;
use crate::output::{self, Line, Tone};

/// What was asked and what was found.
type News = Result<(Request, Memory), Failure>;

/// Shows the memory until somebody quits.
pub(super) fn run(
    context: &mut Context<'_>,
    place: Place,
    flags: &Flags,
    request: Request,
    interval: Duration,
) -> Result<Code, Failure> {
    let interrupt = context.session.hold_signals()?;
    let (tell, news) = mpsc::channel();
    let (orders, ordered) = mpsc::channel();
    let look = Look {
        unicode: context.output.unicode,
        color: context.output.color,
    };
    let mut screen = Screen::enter(&mut *context.stdout, look.color).map_err(no_terminal)?;
    let (columns, lines) = screen.size();
    let mut view = View {
        settings: OutputSettings {
            width: Some(columns),
            sort: None,
            ..context.output.clone()
        },
        height: usize::from(lines),
        flags,
        request,
        interval,
        shown: None,
        trouble: None,
    };
    view.fill();
    let first = view.request.clone();
    let now = context.now;
    thread::spawn(move || read(&place, now, first, interval, &tell, &ordered));
    show(&mut screen, &mut view, look, &news, &orders, &interrupt)
}

/// Reads until nobody listens any more. Of the modules, `now` tells only when their counters began, which
/// is not shown.
fn read(
    place: &Place,
    now: Timestamp,
    mut request: Request,
    interval: Duration,
    news: &Sender<News>,
    orders: &Receiver<Request>,
) {
    loop {
        let memory = Memory::read(place, &request).map(|mut memory| {
            memory.look_at_modules(place, &request, now);
            (request.clone(), memory)
        });
        if news.send(memory).is_err() {
            return;
        }
        match orders.recv_timeout(interval) {
            // Of several orders, the last one counts.
            Ok(order) => request = orders.try_iter().last().unwrap_or(order),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn show(
    screen: &mut Screen<'_>,
    view: &mut View<'_>,
    look: Look,
    news: &Receiver<News>,
    orders: &Sender<Request>,
    interrupt: &Interrupt,
) -> Result<Code, Failure> {
    let mut anew = false;
    let mut changed = true;
    loop {
        if interrupt.is_asked() {
            return Err(Failure::new(Kind::Interrupted, "interrupted"));
        }
        match news.try_recv() {
            Ok(it) => {
                view.take(it)?;
                changed = true;
            }
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => {
                return Err(Failure::new(Kind::Internal, "the reader ended by itself"));
            }
        }
        if changed {
            let lines = view.lines()?;
            screen.show(&lines, look, anew).map_err(no_terminal)?;
            anew = false;
        }
        let input = screen::wait(TICK).map_err(no_terminal)?;
        changed = input.is_some();
        match input {
            Some(Input::Key(Key::Char('q') | Key::Escape | Key::Interrupt) | Input::Gone) => {
                return Ok(Code::Done);
            }
            Some(Input::Key(Key::Suspend)) => screen.suspend().map_err(no_terminal)?,
            Some(Input::Key(key)) if view.key(key) => {
                // A reader that is gone is noticed at the next look at its news.
                drop(orders.send(view.request.clone()));
            }
            Some(Input::Resize((columns, lines))) => {
                view.settings.width = Some(columns);
                view.height = usize::from(lines);
                view.fill();
                drop(orders.send(view.request.clone()));
            }
            Some(Input::Redraw) => anew = true,
            Some(Input::Key(_)) | None => {}
        }
    }
}

/// What is on the screen.
struct View<'a> {
    settings: OutputSettings,
    height: usize,
    flags: &'a Flags,
    /// What is asked for now.
    request: Request,
    interval: Duration,
    /// What was found last, and what was asked then.
    shown: Option<(Request, Memory)>,
    /// Why there is nothing newer.
    trouble: Option<String>,
}

impl View<'_> {
    /// Asks for as many as have room.
    fn fill(&mut self) {
        let wanted = self.flags.top.filter(|&top| top > 0);
        self.request.top = Some(wanted.unwrap_or(usize::MAX).min(self.height));
    }

    /// Takes over what was read.
    ///
    /// # Errors
    /// If it was the first, and nothing could be read.
    fn take(&mut self, news: News) -> Result<(), Failure> {
        match news {
            Ok(found) => {
                self.shown = Some(found);
                self.trouble = None;
            }
            Err(failure) if self.shown.is_none() => return Err(failure),
            Err(failure) => self.trouble = Some(failure.chain().join(": ")),
        }
        Ok(())
    }

    /// Does what a key asks. Whether something else is to be read.
    fn key(&mut self, key: Key) -> bool {
        let Key::Char(letter) = key else {
            return false;
        };
        let is_off = self.request.pss == Pss::Off;
        self.request.key = match letter {
            'p' if !is_off => survey::Key::Pss,
            'u' if !is_off => survey::Key::Uss,
            's' => survey::Key::Swap,
            'r' => survey::Key::Rss,
            'b' => {
                let here = |(_, by): &&(_, _)| *by != self.request.by;
                let mut after = GROUPINGS.iter().cycle().skip_while(here);
                self.request.by = after.nth(1).and_then(|(_, by)| *by);
                return true;
            }
            _ => return false,
        };
        true
    }

    /// The whole screen.
    fn lines(&self) -> Result<Vec<Line>, Failure> {
        let mut page = Page::new(&self.settings);
        let Some((request, memory)) = &self.shown else {
            page.say("reading …", Tone::Neutral);
            return Ok(page.lines());
        };
        page.headline(&memory.balance);
        page.pressure(&memory.host.pressure);
        page.swap(&memory.host);
        let gaps = gaps::gaps(memory, self.flags);
        if let Some(trouble) = &self.trouble {
            page.say(
                &format!("old, as it cannot be read any more: {trouble}"),
                Tone::Bad,
            );
        }
        // Where all is well with them, the rows have more to say.
        if let Some(ecc) = memory.ecc.as_ref().filter(|it| it.tone != Tone::Neutral) {
            page.say(&ecc.line(), ecc.tone);
        }
        for gap in gaps.iter().take(2) {
            page.say(gap, Tone::Warn);
        }
        let found = memory.survey.processes.len() + memory.survey.groups.len();
        let titled = |shown| {
            let mut titled = Page::new(&self.settings);
            titled.say(&title(&memory.survey, request, shown), Tone::Neutral);
            titled.lines()
        };
        let mut lines = page.lines();
        // Beside the rows a table has its head, its foot and three lines; below it stand the keys.
        let taken = lines.len() + titled(found).len() + 5;
        let room = self.height.saturating_sub(taken).min(found);
        lines.extend(titled(room));
        let table = self.table(request, memory, room)?;
        lines.extend(table.into_iter().map(Line::plain));
        lines.truncate(self.height.saturating_sub(1));
        lines.resize(self.height.saturating_sub(1), Line::default());
        lines.push(Line::plain(self.keys(request)));
        Ok(lines)
    }

    fn table(
        &self,
        request: &Request,
        memory: &Memory,
        room: usize,
    ) -> Result<Vec<String>, Failure> {
        let layout = memory.layout(request);
        if request.by.is_some() {
            let rows = group_rows(memory);
            let rows = rows.get(..room).unwrap_or(&rows);
            return output::table_lines(&self.settings, rows, &layout);
        }
        let rows = &memory.survey.processes;
        let rows = rows.get(..room).unwrap_or(rows);
        output::table_lines(&self.settings, rows, &layout)
    }

    fn keys(&self, request: &Request) -> String {
        let by = GROUPINGS.iter().find(|(_, by)| *by == request.by);
        format!(
            "q quit  p u s r rank: {}  b group: {}  every {}",
            Order::words(request.key),
            by.map_or("process", |(word, _)| word),
            seconds(self.interval.as_secs_f64()),
        )
    }
}
