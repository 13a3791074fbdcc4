//! The terminal: taken over, drawn on, and given back as it was, whatever happens.

use std::io::{self, Write};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::style::{ResetColor, force_color_output};
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, size,
};
use ratatui::crossterm::{execute, queue};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, kill_current_process_group};

use super::view::{self, Look};
use crate::output;

/// A key, whatever the terminal calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Key {
    Char(char),
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Tab,
    BackTab,
    Enter,
    Escape,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-Z.
    Suspend,
}

/// What came from the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Input {
    /// A key that means something.
    Key(Key),
    /// Ctrl-L: draw everything anew.
    Redraw,
    /// It has another size.
    Resize((u16, u16)),
    /// It is gone.
    Gone,
}

/// What a serial console is taken for, which does not say how large it is.
const UNSIZED: (u16, u16) = (80, 24);

/// Whether the terminal is ours at present.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, taken over until this is dropped.
pub(in crate::commands) struct Screen<'a> {
    terminal: Terminal<CrosstermBackend<&'a mut dyn Write>>,
}

impl<'a> Screen<'a> {
    /// Takes the terminal over; `out` is its stream.
    pub(in crate::commands) fn enter(out: &'a mut dyn Write, color: bool) -> io::Result<Self> {
        give_back_on_panic();
        // Whether there is colour is decided already.
        force_color_output(color);
        let (columns, lines) = size()?;
        let viewport = if columns == 0 || lines == 0 {
            Viewport::Fixed(Rect::new(0, 0, UNSIZED.0, UNSIZED.1))
        } else {
            Viewport::Fullscreen
        };
        let backend = CrosstermBackend::new(out);
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport })?;
        let mut screen = Self { terminal };
        screen.take()?;
        Ok(screen)
    }

    fn take(&mut self) -> io::Result<()> {
        TAKEN.store(true, Ordering::SeqCst);
        enable_raw_mode()?;
        execute!(self.terminal.backend_mut(), EnterAlternateScreen, Hide)?;
        self.wipe()
    }

    /// Has everything drawn anew. Not with `Terminal::clear`, which asks the terminal where its cursor
    /// is: a serial console does not answer.
    fn wipe(&mut self) -> io::Result<()> {
        let area = self.terminal.get_frame().area();
        self.terminal.resize(area)
    }

    /// Columns and lines.
    pub(in crate::commands) fn size(&mut self) -> (u16, u16) {
        let area = self.terminal.get_frame().area();
        (area.width, area.height)
    }

    /// Shows what `paint` paints. Only what differs from what is there is written.
    pub(super) fn draw(&mut self, paint: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        // A panic on another thread has given the terminal back.
        if TAKEN.load(Ordering::SeqCst) {
            self.terminal.draw(|frame| paint(frame.buffer_mut()))?;
        }
        Ok(())
    }

    /// Draws everything anew, over whatever others have written there.
    pub(super) fn redraw(&mut self, paint: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        self.wipe()?;
        self.draw(paint)
    }

    /// Shows `lines` from the top; `anew` over whatever others have written there.
    pub(in crate::commands) fn show(
        &mut self,
        lines: &[output::Line],
        look: Look,
        anew: bool,
    ) -> io::Result<()> {
        if anew {
            self.wipe()?;
        }
        self.draw(|buffer| view::lines(lines, look, buffer))
    }

    /// Gives the terminal back and stops until the shell lets this program go on.
    pub(in crate::commands) fn suspend(&mut self) -> io::Result<()> {
        give_back();
        kill_current_process_group(Signal::TSTP)?;
        self.take()
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        give_back();
    }
}

/// Waits up to `patience` for something from the terminal.
pub(in crate::commands) fn wait(patience: Duration) -> io::Result<Option<Input>> {
    if event::poll(Duration::ZERO)? {
        return Ok(input(&event::read()?));
    }
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    let patience = Timespec::try_from(patience).map_err(io::Error::other)?;
    match poll(&mut fds, Some(&patience)) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    let [stdin] = fds;
    // Crossterm would read from a terminal that is gone for ever.
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    if stdin.revents().intersects(gone) {
        return Ok(Some(Input::Gone));
    }
    if event::poll(Duration::ZERO)? {
        return Ok(input(&event::read()?));
    }
    Ok(None)
}
/// Gives the terminal back, once. Written past all buffers and locks: in a panic another thread may
/// hold them.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = Vec::new();
    // Nobody is left to tell if any of this fails.
    drop(queue!(bytes, ResetColor, LeaveAlternateScreen, Show));
    drop(rustix::io::write(io::stdout(), &bytes).map_err(io::Error::from));
    drop(disable_raw_mode());
}

/// Has the terminal given back before a panic is reported on it.
fn give_back_on_panic() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            give_back();
            report(panic);
        }));
    });
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the mouse, pasted text and the focus are not asked for"
)]
fn input(event: &Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => input_of_key(*key),
        // A size of nothing is no size.
        Event::Resize(columns, lines) if *columns > 0 && *lines > 0 => {
            Some(Input::Resize((*columns, *lines)))
        }
        _ => None,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "keyboards have many more keys than this view"
)]
fn input_of_key(key: KeyEvent) -> Option<Input> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let key = match key.code {
        KeyCode::Char('c') if control => Key::Interrupt,
        KeyCode::Char('z') if control => Key::Suspend,
        KeyCode::Char('l') if control => return Some(Input::Redraw),
        KeyCode::Char(_) if control => return None,
        KeyCode::Char(letter) => Key::Char(letter),
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        _ => return None,
    };
    Some(Input::Key(key))
}
