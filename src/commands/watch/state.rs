//! What the view knows and what its keys do to it. No terminal, no clock, no thread: times, readings
//! and keys come from outside.

use ironkeep_parsers::model::ControllerId;
use ironkeep_parsers::units::Seconds;
use jiff::{SignedDuration, Timestamp};

use super::events::Tail;
use super::picture::{Drive, Picture, Sort};
use super::progress::Progress;
use super::screen::Key;
use super::view::{self, Look};
use crate::commands::operation::running::RunningOperation;
use crate::follow::News;
use crate::health::{Finding, Thresholds};
use crate::reading::Reading;

/// What a key asks of those around the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// End.
    Quit,
    /// Read now.
    Refresh,
    /// Stop reading, or go on with it.
    Pause(bool),
    /// Give the terminal back to the shell for a while.
    Suspend,
}

/// The parts of the screen with something to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pane {
    Findings,
    Drives,
    Operations,
    Events,
}

impl Pane {
    /// All of them, in the order of Tab.
    pub(super) const ALL: [Self; 4] =
        [Self::Findings, Self::Drives, Self::Operations, Self::Events];

    fn step(self, steps: usize) -> Self {
        let all = Self::ALL.into_iter().cycle();
        let mut from = all.skip_while(|pane| *pane != self).skip(steps);
        from.next().unwrap_or(self)
    }
}

/// What lies over the panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlay {
    Help,
    Details,
}

/// What is chosen in a list. It stays on the same thing where the list changes under it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The place in the list.
    pub(super) index: usize,
    name: Option<String>,
}

impl Cursor {
    /// Moves to `index`, or as near as the list of `names` lets it.
    fn put(&mut self, index: usize, names: &[String]) {
        self.index = index.min(names.len().saturating_sub(1));
        self.name = names.get(self.index).cloned();
    }

    /// Finds its thing again in `names`.
    fn settle(&mut self, names: &[String]) {
        let known = self.name.as_ref();
        let found = known.and_then(|name| names.iter().position(|it| it == name));
        self.put(found.unwrap_or(self.index), names);
    }
}

/// What does not change while the view runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// The limits of the health judgement.
    pub(super) limits: Thresholds,
    /// The pause between two readings.
    pub(super) interval: SignedDuration,
    /// The source does not move: it is read once.
    pub(super) once: bool,
    /// The flags that name the source, for commands to type.
    pub(super) source_flags: String,
    /// What the terminal can show.
    pub(super) look: Look,
}

/// How far what is shown can be trusted to be so now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing was read yet.
    Nothing,
    /// A capture: it says what was, and that does not change.
    Still,
    /// Read so long ago, as planned.
    Fresh(Seconds),
    /// Read so long ago, and nobody knows what is by now.
    Stale(Seconds),
}

/// A reading younger than this is never stale for its age alone.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// Everything that the screen shows.
#[derive(Debug)]
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) now: Timestamp,
    /// Columns and lines of the terminal.
    pub(super) size: (u16, u16),
    pub(super) picture: Option<Picture>,
    /// Why the last attempt to read yielded nothing.
    pub(super) failure: Option<String>,
    /// When the reading that runs began.
    pub(super) begun: Option<Timestamp>,
    /// When the next one begins.
    pub(super) next: Option<Timestamp>,
    /// How long the last good reading took.
    took: SignedDuration,
    pub(super) paused: bool,
    pub(super) progress: Progress,
    pub(super) tail: Tail,
    pub(super) pane: Pane,
    pub(super) sort: Sort,
    pub(super) overlay: Option<Overlay>,
    /// The first line of the overlay that is shown.
    pub(super) scroll: usize,
    findings: Cursor,
    drives: Cursor,
    operations: Cursor,
    events: Cursor,
}

impl State {
    pub(super) fn new(settings: Settings, now: Timestamp, size: (u16, u16)) -> Self {
        Self {
            settings,
            now,
            size,
            picture: None,
            failure: None,
            begun: None,
            next: None,
            took: SignedDuration::ZERO,
            paused: false,
            progress: Progress::default(),
            tail: Tail::default(),
            pane: Pane::Findings,
            sort: Sort::default(),
            overlay: None,
            scroll: 0,
            findings: Cursor::default(),
            drives: Cursor::default(),
            operations: Cursor::default(),
            events: Cursor::default(),
        }
    }

    /// A reading begins.
    pub(super) fn begin(&mut self) {
        self.begun = Some(self.now);
        self.next = None;
    }

    /// A reading came.
    pub(super) fn read(&mut self, reading: &Reading) {
        let picture = Picture::of(reading, &self.settings.limits);
        let running = picture.operations.iter();
        let running = running.map(|it| (picture.operation_name(it), it.percent));
        self.progress.observe(picture.taken, running);
        if let Some(begun) = self.begun {
            self.took = self.now.duration_since(begun);
        }
        self.picture = Some(picture);
        self.failure = None;
        self.settle();
    }

    /// The ends of the event logs came, with the events of before.
    pub(super) fn begin_events(&mut self, reading: &Reading) {
        self.take_events(|tail| tail.begin(reading));
    }

    /// What is new in the event logs came.
    pub(super) fn follow_events(&mut self, news: Vec<(Option<ControllerId>, News)>) {
        self.take_events(|tail| tail.follow(news));
    }

    fn take_events(&mut self, take: impl FnOnce(&mut Tail)) {
        let was_at_end = self.events.index + 1 >= self.tail.shown.len();
        take(&mut self.tail);
        self.settle();
        if was_at_end {
            self.move_to(Pane::Events, usize::MAX);
        }
    }

    /// The event logs could not be read, for the reason `words`.
    pub(super) fn fail_events(&mut self, words: &str) {
        self.tail.fail(words);
    }

    /// A reading yielded nothing, for the reason `words`.
    pub(super) fn fail(&mut self, words: String) {
        self.failure = Some(words);
    }

    /// No reading runs; the next one begins after the pause.
    pub(super) fn rest(&mut self) {
        self.begun = None;
        let next = self.now.checked_add(self.settings.interval);
        self.next = next.ok().filter(|_| !self.settings.once);
    }

    /// How far what is shown can be trusted.
    pub(super) fn standing(&self) -> Standing {
        let Some(picture) = &self.picture else {
            return Standing::Nothing;
        };
        if self.settings.once {
            return Standing::Still;
        }
        let age = self.now.duration_since(picture.taken);
        let expected = self
            .settings
            .interval
            .saturating_mul(2)
            .saturating_add(self.took)
            .max(GRACE);
        let seconds = Seconds(u64::try_from(age.as_secs()).unwrap_or(0));
        if self.failure.is_some() || age > expected {
            Standing::Stale(seconds)
        } else {
            Standing::Fresh(seconds)
        }
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Effect {
        match (key, self.overlay) {
            (Key::Suspend, _) => return Effect::Suspend,
            (Key::Char('?' | 'h'), Some(Overlay::Help))
            | (Key::Char('d') | Key::Enter, Some(Overlay::Details))
            | (Key::Char('q') | Key::Escape, Some(_)) => self.overlay = None,
            (Key::Char('q') | Key::Escape, None) | (Key::Interrupt, _) => return Effect::Quit,
            (Key::Char('?' | 'h'), _) => self.open(Overlay::Help),
            (Key::Char('d') | Key::Enter, _) if self.has_choice() => self.open(Overlay::Details),
            (Key::Char('r'), _) if !self.settings.once => return Effect::Refresh,
            (Key::Char('p'), _) if !self.settings.once => {
                self.paused = !self.paused;
                return Effect::Pause(self.paused);
            }
            (Key::Char('s'), None) => {
                self.sort = self.sort.next();
                // Whoever sorts wants to see what comes first.
                self.move_to(Pane::Drives, 0);
            }
            (Key::Tab, None) => self.pane = self.pane.step(1),
            (Key::BackTab, None) => self.pane = self.pane.step(Pane::ALL.len() - 1),
            (key, overlay) => self.travel(key, overlay.is_some()),
        }
        Effect::None
    }

    /// The terminal has another size now.
    pub(super) fn resize(&mut self, size: (u16, u16)) {
        self.size = size;
        self.scroll = self.scroll.min(view::overflow(self));
    }

    /// The finding under the cursor.
    pub(super) fn finding(&self) -> Option<&Finding> {
        let findings = &self.picture.as_ref()?.findings;
        findings.get(self.findings.index)
    }

    /// The drives in their order.
    pub(super) fn sorted_drives(&self) -> Vec<&Drive> {
        let picture = self.picture.as_ref();
        picture.map_or_else(Vec::new, |picture| self.sort.sort(&picture.drives))
    }

    /// The drive under the cursor.
    pub(super) fn drive(&self) -> Option<&Drive> {
        self.sorted_drives().get(self.drives.index).copied()
    }

    /// The operation under the cursor.
    pub(super) fn operation(&self) -> Option<&RunningOperation> {
        let operations = &self.picture.as_ref()?.operations;
        operations.get(self.operations.index)
    }

    /// The place of the cursor in `pane`.
    pub(super) fn index(&self, pane: Pane) -> usize {
        match pane {
            Pane::Findings => self.findings.index,
            Pane::Drives => self.drives.index,
            Pane::Operations => self.operations.index,
            Pane::Events => self.events.index,
        }
    }

    /// Whether there is something under the cursor.
    fn has_choice(&self) -> bool {
        !self.names(self.pane).is_empty()
    }

    fn open(&mut self, overlay: Overlay) {
        self.overlay = Some(overlay);
        self.scroll = 0;
    }

    /// Moves the cursor, or the text of the overlay.
    fn travel(&mut self, key: Key, overlaid: bool) {
        const PAGE: usize = 10;
        let end = view::overflow(self);
        let at = if overlaid {
            self.scroll
        } else {
            self.index(self.pane)
        };
        let to = match key {
            Key::Up | Key::Char('k') => at.saturating_sub(1),
            Key::Down | Key::Char('j') => at.saturating_add(1),
            Key::PageUp => at.saturating_sub(PAGE),
            Key::PageDown => at.saturating_add(PAGE),
            Key::Home | Key::Char('g') => 0,
            Key::End | Key::Char('G') => usize::MAX,
            Key::Char(_)
            | Key::Tab
            | Key::BackTab
            | Key::Enter
            | Key::Escape
            | Key::Interrupt
            | Key::Suspend => return,
        };
        if overlaid {
            self.scroll = to.min(end);
        } else {
            self.move_to(self.pane, to);
        }
    }

    fn move_to(&mut self, pane: Pane, index: usize) {
        let names = self.names(pane);
        self.cursor(pane).put(index, &names);
    }

    /// Puts every cursor on its thing again.
    fn settle(&mut self) {
        for pane in Pane::ALL {
            let names = self.names(pane);
            self.cursor(pane).settle(&names);
        }
        // What was shown in detail may have ended.
        if self.overlay == Some(Overlay::Details) && !self.has_choice() {
            self.overlay = None;
        }
        self.scroll = self.scroll.min(view::overflow(self));
    }

    fn cursor(&mut self, pane: Pane) -> &mut Cursor {
        match pane {
            Pane::Findings => &mut self.findings,
            Pane::Drives => &mut self.drives,
            Pane::Operations => &mut self.operations,
            Pane::Events => &mut self.events,
        }
    }

    /// What tells the things of a pane apart, in their order.
    fn names(&self, pane: Pane) -> Vec<String> {
        let picture = self.picture.as_ref();
        match pane {
            Pane::Findings => picture
                .iter()
                .flat_map(|picture| &picture.findings)
                .map(|it| format!("{:?} {} {}", it.controller, it.code.name(), it.object))
                .collect(),
            Pane::Drives => {
                let drives = self.sorted_drives();
                drives.into_iter().map(|it| it.name.clone()).collect()
            }
            Pane::Operations => picture
                .iter()
                .flat_map(|picture| {
                    picture
                        .operations
                        .iter()
                        .map(|it| picture.operation_name(it))
                })
                .collect(),
            Pane::Events => {
                let shown = self.tail.shown.iter();
                shown.map(|it| it.number.to_string()).collect()
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
