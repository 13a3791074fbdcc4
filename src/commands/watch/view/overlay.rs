//! What lies over the panes: the help, and everything about what is chosen.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::paint::{BOLD, Look};
use crate::commands::watch::details::{self, Paragraph};
use crate::commands::watch::state::{Overlay, State};
use crate::map::{Bay, Sign};
use crate::output::{width, wrap};

/// The widest that sentences are still easy to read.
const WIDEST: u16 = 90;

/// Draws what lies over the panes, if anything does.
pub(super) fn draw(state: &State, buffer: &mut Buffer) {
    let area = buffer.area;
    let Some((title, lines)) = content(state, text_width(area.width)) else {
        return;
    };
    let look = state.settings.look;
    let place = place(area, lines.len());
    for y in place.y..place.bottom() {
        let blank = " ".repeat(usize::from(place.width));
        buffer.set_stringn(place.x, y, blank, usize::from(place.width), Style::reset());
    }
    frame(look, &title, place, buffer);
    let room = usize::from(place.height).saturating_sub(2);
    let first = state.scroll.min(lines.len().saturating_sub(room));
    for (line, y) in lines.iter().skip(first).take(room).zip(place.y + 1..) {
        buffer.set_line(place.x + 2, y, line, place.width.saturating_sub(4));
    }
    let below = lines.len().saturating_sub(first + room);
    let hint = match (first, below) {
        (0, 0) => "Esc closes".to_owned(),
        (_, 0) => "the end; Esc closes".to_owned(),
        (_, below) => format!("{below} more lines below; Esc closes"),
    };
    let hint = look.fit(
        &format!(" {hint} "),
        usize::from(place.width).saturating_sub(4),
    );
    let x = place
        .right()
        .saturating_sub(2 + u16::try_from(width(&hint)).unwrap_or(0));
    buffer.set_stringn(
        x,
        place.bottom() - 1,
        hint,
        usize::from(place.width),
        look.faint(),
    );
}

/// By how many lines the text is longer than the room for it.
pub(in crate::commands::watch) fn overflow(state: &State) -> usize {
    let (columns, lines) = state.size;
    let Some((_, text)) = content(state, text_width(columns)) else {
        return 0;
    };
    let place = place(Rect::new(0, 0, columns, lines), text.len());
    text.len()
        .saturating_sub(usize::from(place.height).saturating_sub(2))
}

fn text_width(columns: u16) -> usize {
    // Below the least size nothing is drawn, but lines are counted.
    let columns = columns.clamp(super::LEAST.0, WIDEST + 4);
    usize::from(columns - 8)
}

/// Where a text of `lines` lines stands: in the middle.
fn place(area: Rect, lines: usize) -> Rect {
    let width = area.width.saturating_sub(4).min(WIDEST);
    let wanted = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let height = wanted.min(area.height.saturating_sub(2));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

fn frame(look: Look, title: &str, place: Rect, buffer: &mut Buffer) {
    let [top_left, top_right, bottom_left, bottom_right, across, down] = if look.unicode {
        ["┌", "┐", "└", "┘", "─", "│"]
    } else {
        ["+", "+", "+", "+", "-", "|"]
    };
    let inside = usize::from(place.width).saturating_sub(2);
    let room = usize::from(place.width);
    let line = |left: &str, right: &str| format!("{left}{}{right}", across.repeat(inside));
    let last = place.bottom() - 1;
    buffer.set_stringn(
        place.x,
        place.y,
        line(top_left, top_right),
        room,
        Style::new(),
    );
    buffer.set_stringn(
        place.x,
        last,
        line(bottom_left, bottom_right),
        room,
        Style::new(),
    );
    for y in place.y + 1..last {
        buffer.set_string(place.x, y, down, Style::new());
        buffer.set_string(place.right() - 1, y, down, Style::new());
    }
    let title = look.fit(&format!(" {title} "), inside.saturating_sub(2));
    buffer.set_stringn(place.x + 2, place.y, title, inside, BOLD);
}

/// The title and the lines, broken at `room` columns.
fn content(state: &State, room: usize) -> Option<(String, Vec<Line<'static>>)> {
    let look = state.settings.look;
    let (title, paragraphs) = match state.overlay? {
        Overlay::Help => ("Help".to_owned(), help(state)),
        Overlay::Details => details::of(state)?,
    };
    let lines = paragraphs
        .iter()
        .flat_map(|paragraph| lay_out(look, paragraph, room))
        .collect();
    Some((title, lines))
}

/// Names of fields take so many columns.
const NAMES: usize = 31;

fn lay_out(look: Look, paragraph: &Paragraph, room: usize) -> Vec<Line<'static>> {
    let broken = |text: &str, indent: usize, style: Style| -> Vec<Line<'static>> {
        wrap(&look.text(text), room.saturating_sub(indent))
            .into_iter()
            .map(|line| Line::styled(format!("{}{line}", " ".repeat(indent)), style))
            .collect()
    };
    match paragraph {
        Paragraph::Gap => vec![Line::default()],
        Paragraph::Title(title) => vec![Line::styled(look.fit(title, room), BOLD)],
        Paragraph::Prose(text) => broken(text, 2, Style::new()),
        Paragraph::Judged(text, tone) => broken(text, 0, look.tone(*tone)),
        Paragraph::Command(text) => broken(text, 2, BOLD),
        Paragraph::Field(name, cell) => {
            let names = NAMES.min(room * 2 / 5);
            let style = look.tone(cell.tone());
            let values = wrap(&look.text(&cell.shown()), room.saturating_sub(names + 2));
            let mut name = look.pad(name, names - 1);
            let mut lines = Vec::new();
            for value in values {
                lines.push(Line::from(vec![
                    Span::styled(format!("  {name} "), look.faint()),
                    Span::styled(value, style),
                ]));
                name = " ".repeat(names - 1);
            }
            lines
        }
    }
}

/// The keys and the signs.
fn help(state: &State) -> Vec<Paragraph> {
    let key = |keys: &str, words: &str| Paragraph::Field(keys.to_owned(), words.into());
    let mut help = vec![
        Paragraph::Title("keys".to_owned()),
        key("Tab, Shift-Tab", "the next pane, the one before"),
        key("arrows, j, k", "up and down"),
        key("PgUp, PgDn, g, G", "by ten, to the first, to the last"),
        key("Enter, d", "everything about what is chosen"),
        key("s", "sort the drives: place, worst, temperature, errors"),
    ];
    if !state.settings.once {
        help.push(key("r", "read now"));
        help.push(key("p", "stop reading; once more: go on"));
    }
    help.extend([
        key("?, h", "this help"),
        key("Esc, q", "close what lies on top; else quit"),
        key("Ctrl-C", "quit"),
        Paragraph::Gap,
        Paragraph::Title("bays".to_owned()),
    ]);
    let frames = state.picture.iter().flat_map(|picture| &picture.frames);
    let signs: BTreeSet<Sign> = frames
        .flat_map(|frame| frame.bays.iter().map(Bay::sign))
        .collect();
    for sign in signs {
        let symbol = sign.symbol(state.settings.look.unicode);
        help.push(key(&symbol.to_string(), sign.meaning()));
    }
    help.push(key("!", "behind a sign: health says worse of the drive"));
    help.extend([
        Paragraph::Gap,
        Paragraph::Title("events".to_owned()),
        key("*", "came after the view was started"),
        Paragraph::Gap,
        Paragraph::Prose(
            "The end of an operation is an estimate from the percentages seen while this view runs; it \
             is unknown until two readings differ. Times of events are those of the controller's clock."
                .to_owned(),
        ),
    ]);
    help
}
