//! The panes: each as a title and lines, of which one run belongs to what is chosen.

use std::ops::Range;

use ironkeep_parsers::model::{EventTime, Slot};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::paint::{BOLD, Look};
use crate::cli::failure::at_source;
use crate::commands::attention;
use crate::commands::cells::qualified;
use crate::commands::event::columns;
use crate::commands::operation::running::RunningOperation;
use crate::commands::watch::events::{Shown, What};
use crate::commands::watch::picture::{Drive, Picture};
use crate::commands::watch::state::{Pane, Standing, State};
use crate::health::{Finding, Severity};
use crate::map::{Bay, Frame};
use crate::output::{Align, Cell, Column, Tone, human, width, wrap};

/// A pane, laid out for its width.
pub(super) struct Block {
    title: String,
    /// `None` for one without anything to choose.
    pane: Option<Pane>,
    /// Lines that stay at the top.
    heading: Vec<Line<'static>>,
    lines: Vec<Line<'static>>,
    /// The lines that have to be seen.
    chosen: Range<usize>,
}

impl Block {
    /// How many lines it would fill.
    pub(super) fn want(&self) -> usize {
        1 + self.heading.len() + self.lines.len()
    }

    /// Draws it in `place`.
    pub(super) fn draw(&self, state: &State, place: Rect, buffer: &mut Buffer) {
        let look = state.settings.look;
        let focused = self.pane == Some(state.pane);
        let mut y = place.y;
        let mut put = |line: &Line<'static>| {
            if y < place.bottom() {
                buffer.set_line(place.x, y, line, place.width);
            }
            y += 1;
        };
        put(&self.title(look, focused, usize::from(place.width)));
        for line in &self.heading {
            put(line);
        }
        let room = usize::from(place.height).saturating_sub(1 + self.heading.len());
        let first = first_line(&self.chosen, self.lines.len(), room);
        for line in self.lines.iter().skip(first).take(room) {
            put(line);
        }
    }

    /// `── Findings (3) ────`; in thick lines where keys go.
    fn title(&self, look: Look, focused: bool, room: usize) -> Line<'static> {
        let (line, style) = match (look.unicode, focused) {
            (true, true) => ("━", BOLD),
            (true, false) => ("─", look.faint()),
            (false, true) => ("=", BOLD),
            (false, false) => ("-", look.faint()),
        };
        let title = look.fit(&self.title, room.saturating_sub(6));
        let rest = room.saturating_sub(width(&title) + 4);
        Line::from(vec![
            Span::styled(line.repeat(2), style),
            Span::styled(format!(" {title} "), BOLD),
            Span::styled(line.repeat(rest), style),
        ])
    }
}

/// The first of `count` lines that is shown in `room` lines so that `chosen` is seen, in the middle
/// where it can be.
fn first_line(chosen: &Range<usize>, count: usize, room: usize) -> usize {
    let free = room.saturating_sub(chosen.len());
    let ideal = chosen.start.saturating_sub(free / 2);
    ideal.min(count.saturating_sub(room)).min(chosen.start)
}

/// A sign in front of what is chosen.
fn mark(state: &State, pane: Pane, index: usize) -> &'static str {
    let is_chosen = state.pane == pane && state.index(pane) == index;
    match (is_chosen, state.settings.look.unicode) {
        (true, true) => "› ",
        (true, false) => "> ",
        (false, _) => "  ",
    }
}

/// Highlights the line of what is chosen.
fn highlight(state: &State, pane: Pane, index: usize, line: Line<'static>) -> Line<'static> {
    if state.pane == pane && state.index(pane) == index {
        line.patch_style(Style::new().add_modifier(Modifier::BOLD))
    } else {
        line
    }
}

/// The style of `tone`. What may be no longer so is not shown as good.
fn tone(state: &State, tone: Tone) -> Style {
    let look = state.settings.look;
    match (state.standing(), tone) {
        (Standing::Stale(_), Tone::Good | Tone::Neutral) => look.faint(),
        (_, tone) => look.tone(tone),
    }
}

/// A sentence in place of a list.
fn sentence(state: &State, words: &str, good: Tone, width: u16) -> Vec<Line<'static>> {
    let look = state.settings.look;
    let room = usize::from(width).saturating_sub(2);
    wrap(&look.text(words), room)
        .into_iter()
        .map(|line| Line::styled(format!("  {line}"), tone(state, good)))
        .collect()
}

fn block(title: String, pane: Option<Pane>, lines: Vec<Line<'static>>) -> Block {
    Block {
        title,
        pane,
        heading: Vec::new(),
        lines,
        chosen: 0..0,
    }
}

const NOTHING_YET: &str = "reading…";

/// The findings, one line each; the chosen one whole, with the command to type next.
pub(super) fn findings(state: &State, width: u16) -> Block {
    let pane = Some(Pane::Findings);
    let Some(picture) = &state.picture else {
        let lines = sentence(state, NOTHING_YET, Tone::Neutral, width);
        return block("Findings".to_owned(), pane, lines);
    };
    let title = format!("Findings ({})", picture.findings.len());
    if picture.findings.is_empty() {
        let words = match state.standing() {
            Standing::Stale(_) => "There were none when it was read last.",
            Standing::Nothing | Standing::Still | Standing::Fresh(_) => {
                "None: everything that was read is as it should be."
            }
        };
        return block(title, pane, sentence(state, words, Tone::Good, width));
    }
    let mut lines = Vec::new();
    let mut chosen = 0..0;
    for (index, finding) in picture.findings.iter().enumerate() {
        let is_chosen = index == state.index(Pane::Findings);
        let start = lines.len();
        lines.extend(finding_lines(
            state,
            picture,
            (index, finding),
            is_chosen,
            width,
        ));
        if is_chosen {
            chosen = start..lines.len();
        }
    }
    Block {
        chosen,
        ..block(title, pane, lines)
    }
}

fn finding_lines(
    state: &State,
    picture: &Picture,
    (index, finding): (usize, &Finding),
    whole: bool,
    width: u16,
) -> Vec<Line<'static>> {
    const INDENT: usize = 4;
    let look = state.settings.look;
    let room = usize::from(width);
    let severity = format!("{:<9}", finding.severity.token());
    let style = tone(state, attention::tone(finding.severity));
    let object = finding.object.to_string();
    let object = look.text(&qualified(picture.several, finding.controller, &object));
    let lead = format!("{}{severity}{object}: ", mark(state, Pane::Findings, index));
    let reason = look.text(&finding.reason);
    let line = |reason: String| {
        Line::from(vec![
            Span::raw(mark(state, Pane::Findings, index)),
            Span::styled(severity.clone(), style),
            Span::raw(format!("{object}: {reason}")),
        ])
    };
    let left = room.saturating_sub(self::width(&lead));
    if !whole {
        let mut line = line(reason);
        cut(&mut line, look, room);
        return vec![line];
    }
    let first = wrap(&reason, left.max(10)).into_iter().next();
    let first = first.unwrap_or_default();
    let rest = reason.strip_prefix(first.as_str()).unwrap_or("").trim();
    let mut first = line(first);
    cut(&mut first, look, room);
    let mut lines = vec![highlight(state, Pane::Findings, index, first)];
    let indented = |text: String| format!("{}{text}", " ".repeat(INDENT));
    if !rest.is_empty() {
        let wrapped = wrap(rest, room.saturating_sub(INDENT));
        lines.extend(wrapped.into_iter().map(|text| Line::raw(indented(text))));
    }
    if finding.severity > Severity::Info {
        let next = at_source(&finding.next, &state.settings.source_flags);
        let next = look.text(&format!("next: {next}"));
        // A command is whole, or it is of no use.
        let wrapped = wrap(&next, room.saturating_sub(INDENT));
        lines.extend(
            wrapped
                .into_iter()
                .map(|text| Line::styled(indented(text), BOLD)),
        );
    }
    lines
}

/// Cuts the last span of `line` so that the line fits into `room`.
fn cut(line: &mut Line<'static>, look: Look, room: usize) {
    if let Some(last) = line.spans.pop() {
        let left = room.saturating_sub(line.width());
        let text = look.fit(&last.content, left);
        line.spans.push(Span::styled(text, last.style));
    }
}

/// The list of drives.
pub(super) fn drives(state: &State, width: u16) -> Block {
    let pane = Some(Pane::Drives);
    let Some(picture) = &state.picture else {
        let lines = sentence(state, NOTHING_YET, Tone::Neutral, width);
        return block("Drives".to_owned(), pane, lines);
    };
    let title = format!(
        "Drives ({}, by {})",
        picture.drives.len(),
        state.sort.words()
    );
    let unread = picture.drives_unread.as_ref();
    let unread = unread.map(|words| sentence(state, words, Tone::Warn, width));
    if picture.drives.is_empty() {
        let none = || sentence(state, "No physical drives.", Tone::Neutral, width);
        return block(title, pane, unread.unwrap_or_else(none));
    }
    let rows: Vec<Vec<Cell>> = state
        .sorted_drives()
        .into_iter()
        .map(|drive| {
            let columns = Drive::COLUMNS.iter();
            columns.map(|column| (column.cell)(drive)).collect()
        })
        .collect();
    let widths = column_widths(state.settings.look, &rows, usize::from(width));
    let heading = Line::styled(
        format!("  {}", headers(state.settings.look, &widths)),
        state.settings.look.faint(),
    );
    let mut lines: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| drive_line(state, index, row, &widths))
        .collect();
    let at = state.index(Pane::Drives);
    lines.extend(unread.into_iter().flatten());
    Block {
        heading: vec![heading],
        chosen: at..at + 1,
        ..block(title, pane, lines)
    }
}

/// The columns that fit into `room`, the most important first, with their widths.
fn column_widths(
    look: Look,
    rows: &[Vec<Cell>],
    room: usize,
) -> Vec<(&'static Column<Drive>, usize)> {
    const GAP: usize = 2;
    let mut used = 0;
    let mut widths = Vec::new();
    for (index, column) in Drive::COLUMNS.iter().enumerate() {
        let cells = rows.iter().filter_map(|row| row.get(index));
        let widest = cells.map(|cell| width(&look.text(&cell.shown()))).max();
        let wide = widest.unwrap_or(0).max(column.header.len());
        used += GAP + wide;
        if used > room {
            break;
        }
        widths.push((column, wide));
    }
    widths
}

fn aligned(look: Look, text: &str, align: Align, wide: usize) -> String {
    match align {
        Align::Right => look.pad_left(text, wide),
        Align::Left | Align::Prose => look.pad(text, wide),
    }
}

fn headers(look: Look, widths: &[(&Column<Drive>, usize)]) -> String {
    let headers = widths.iter();
    let headers: Vec<String> = headers
        .map(|(column, wide)| aligned(look, column.header, column.align, *wide))
        .collect();
    headers.join("  ")
}

fn drive_line(
    state: &State,
    index: usize,
    row: &[Cell],
    widths: &[(&Column<Drive>, usize)],
) -> Line<'static> {
    let look = state.settings.look;
    let mut spans = vec![Span::raw(mark(state, Pane::Drives, index))];
    for (at, (cell, (column, wide))) in row.iter().zip(widths).enumerate() {
        if at > 0 {
            spans.push(Span::raw("  "));
        }
        let text = aligned(look, &cell.shown(), column.align, *wide);
        spans.push(Span::styled(text, tone(state, cell.tone())));
    }
    highlight(state, Pane::Drives, index, Line::from(spans))
}

/// The bays of the enclosures; the bay of the chosen drive is marked.
pub(super) fn bays(state: &State, width: u16) -> Block {
    let title = || "Bays".to_owned();
    let Some(picture) = &state.picture else {
        let lines = sentence(state, NOTHING_YET, Tone::Neutral, width);
        return block(title(), None, lines);
    };
    if picture.frames.is_empty() {
        let words = "No bays are known.";
        return block(title(), None, sentence(state, words, Tone::Neutral, width));
    }
    let chosen_drive = state.drive().filter(|_| state.pane == Pane::Drives);
    let name = |frame: &Frame| {
        let id = frame.enclosure.map(|id| format!("enc {id}"));
        let name = id.unwrap_or_else(|| "direct".to_owned());
        qualified(picture.several, frame.controller, &name)
    };
    let names = picture.frames.iter().map(|it| name(it).len());
    let wide = names.max().unwrap_or(0);
    let mut lines = Vec::new();
    let mut chosen = 0..0;
    for frame in &picture.frames {
        let slot = chosen_drive
            .filter(|it| it.controller == frame.controller)
            .filter(|it| it.known.enclosure == frame.enclosure)
            .and_then(|it| it.known.slot);
        let start = lines.len();
        let label = format!("  {:<wide$}  ", name(frame));
        lines.extend(bay_lines(state, &label, &frame.bays, slot, width));
        if slot.is_some() {
            chosen = start..lines.len();
        }
    }
    Block {
        chosen,
        ..block(title(), None, lines)
    }
}

/// The bays behind `label`, in groups of four, in as many lines as they need.
fn bay_lines(
    state: &State,
    label: &str,
    bays: &[Bay],
    chosen: Option<Slot>,
    width: u16,
) -> Vec<Line<'static>> {
    const GROUP: usize = 4;
    /// A symbol, and the alarm or a blank behind it.
    const CELL: usize = 2;
    let unicode = state.settings.look.unicode;
    let indent = label.len();
    let room = usize::from(width).saturating_sub(indent);
    let per_line = room / (GROUP * CELL + 1) * GROUP;
    let mut lines = Vec::new();
    for (index, row) in bays.chunks(per_line.max(GROUP)).enumerate() {
        let lead = if index == 0 {
            label.to_owned()
        } else {
            " ".repeat(indent)
        };
        let mut spans = vec![Span::raw(lead)];
        for (at, bay) in row.iter().enumerate() {
            let symbol = bay.symbol(unicode);
            let group_ends = usize::from(at % GROUP == GROUP - 1);
            let gap = (CELL + group_ends).saturating_sub(self::width(&symbol));
            let mut style = tone(state, bay.tone());
            if chosen == Some(bay.slot) {
                style = style.add_modifier(Modifier::REVERSED);
            }
            spans.push(Span::styled(symbol, style));
            spans.push(Span::raw(" ".repeat(gap)));
        }
        lines.push(Line::from(spans));
    }
    lines
}

/// What runs, how far it is and when it will end.
pub(super) fn operations(state: &State, width: u16) -> Block {
    let pane = Some(Pane::Operations);
    let look = state.settings.look;
    let Some(picture) = &state.picture else {
        let lines = sentence(state, NOTHING_YET, Tone::Neutral, width);
        return block("Operations".to_owned(), pane, lines);
    };
    let title = format!("Operations ({})", picture.operations.len());
    let unread = picture.operations_unread.as_ref();
    let unread = unread.map(|words| sentence(state, words, Tone::Warn, width));
    let unread = unread.unwrap_or_default();
    if picture.operations.is_empty() {
        let words = if unread.is_empty() {
            "Nothing is running."
        } else {
            "Nothing is known to be running."
        };
        let mut lines = sentence(state, words, Tone::Neutral, width);
        lines.extend(unread);
        return block(title, pane, lines);
    }
    let rows = picture.operations.iter();
    let rows: Vec<_> = rows
        .map(|it| {
            let name = picture.operation_name(it);
            let ends = ends(state, picture, it, &name);
            (name, it.percent.map(|percent| percent.0), ends)
        })
        .collect();
    let room = usize::from(width);
    let widest = rows.iter().map(|(name, ..)| name.len()).max();
    let wide = widest.unwrap_or(0).min(room / 2);
    let last = rows.iter().map(|(.., ends)| ends.len()).max();
    let mut lines: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(index, (name, percent, ends))| {
            let mark = mark(state, Pane::Operations, index);
            let mut spans = vec![Span::raw(mark), Span::raw(look.pad(name, wide))];
            if let Some(percent) = *percent {
                // The bar takes what is left beside the words.
                let words = 2 + wide + 2 + " 100 %  ".len() + last.unwrap_or(0);
                spans.push(Span::raw("  "));
                spans.extend(look.bar(percent, room.saturating_sub(words).min(30)));
                spans.push(Span::raw(format!(" {percent:>3} %")));
            }
            spans.push(Span::raw(format!("  {ends}")));
            let mut line = Line::from(spans);
            cut(&mut line, look, room);
            highlight(state, Pane::Operations, index, line)
        })
        .collect();
    lines.extend(unread);
    let at = state.index(Pane::Operations);
    Block {
        chosen: at..at + 1,
        ..block(title, pane, lines)
    }
}

/// When an operation ends, as far as it was seen to advance: `about 12 min`.
fn ends(state: &State, picture: &Picture, operation: &RunningOperation, name: &str) -> String {
    let Some(percent) = operation.percent else {
        return "nobody says how far it is".to_owned();
    };
    match state.progress.remaining(name, picture.taken) {
        Some(left) if left.0 == 0 || percent.0 >= 100 => "ends any time".to_owned(),
        Some(left) => format!("about {}", human::duration(left)),
        None => "end unknown".to_owned(),
    }
}

/// The newest events, the last at the bottom.
pub(super) fn events(state: &State, width: u16) -> Block {
    let pane = Some(Pane::Events);
    let tail = &state.tail;
    let title = if state.settings.once {
        format!("Events (the last {})", tail.shown.len())
    } else {
        format!("Events ({} new since the start)", tail.new)
    };
    let mut lines: Vec<_> = tail
        .shown
        .iter()
        .enumerate()
        .map(|(index, shown)| {
            let line = event_line(state, index, shown, width);
            highlight(state, Pane::Events, index, line)
        })
        .collect();
    let at = state.index(Pane::Events);
    let mut chosen = at..(at + 1).min(lines.len());
    if let Some(words) = tail.unread() {
        lines.extend(sentence(state, words, Tone::Warn, width));
        if state.pane != Pane::Events {
            chosen.end = lines.len();
        }
    } else if lines.is_empty() {
        let words = if state.begun.is_some() {
            NOTHING_YET
        } else {
            "No events are logged."
        };
        lines.extend(sentence(state, words, Tone::Neutral, width));
    }
    Block {
        chosen,
        ..block(title, pane, lines)
    }
}

fn event_line(state: &State, index: usize, shown: &Shown, width: u16) -> Line<'static> {
    let look = state.settings.look;
    let style = if shown.is_new || state.settings.once {
        Style::new()
    } else {
        look.faint()
    };
    let several = state.picture.as_ref().is_some_and(|it| it.several);
    let whose = match shown.controller {
        Some(id) if several => format!("c{id}: "),
        _ => String::new(),
    };
    let news = if shown.is_new { "* " } else { "  " };
    let mut line = Line::from(vec![
        Span::raw(mark(state, Pane::Events, index)),
        Span::styled(news, BOLD),
    ]);
    match &shown.what {
        What::Notice(words) => {
            let words = look.text(&format!("{whose}{words}"));
            line.push_span(Span::styled(words, look.tone(Tone::Warn)));
        }
        What::Event(event) => {
            let time = event.time.map_or_else(|| "-".to_owned(), short_time);
            let class = event.class.map_or(Cell::Absent, columns::class);
            let class_style = if class.tone() == Tone::Neutral {
                style
            } else {
                look.tone(class.tone())
            };
            let description = event.description.as_deref().unwrap_or("-");
            let description = look.text(&format!("{whose}{description}"));
            let class = look.pad(&class.shown(), "information".len());
            line.push_span(Span::styled(format!("{time}  "), style));
            line.push_span(Span::styled(class, class_style));
            line.push_span(Span::styled(format!("  {description}"), style));
        }
    }
    cut(&mut line, look, usize::from(width));
    line
}

/// A time without its year, which is no news.
fn short_time(time: EventTime) -> String {
    match time {
        EventTime::Clock(time) => time.strftime("%m-%d %H:%M:%S").to_string(),
        EventTime::SinceBootSeconds(_) => columns::time(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_always_seen() {
        assert_eq!(first_line(&(0..3), 10, 4), 0);
        assert_eq!(first_line(&(5..6), 10, 4), 4);
        assert_eq!(first_line(&(9..10), 10, 4), 6);
        assert_eq!(first_line(&(2..8), 10, 3), 2);
        assert_eq!(first_line(&(1..2), 3, 5), 0);
    }
}
