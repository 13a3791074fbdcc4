//! The state as a screen: a pure function of the state, the size and what the terminal can show.

mod overlay;
mod paint;
mod panes;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

pub(super) use self::overlay::overflow;
use self::paint::BOLD;
pub(in crate::commands) use self::paint::Look;
use self::panes::Block;
use super::state::{Pane, Standing, State};
use crate::health::Verdict;
use crate::output::{Line as Drawn, Tone, human, wrap};

/// Columns and lines below which nothing useful fits.
const LEAST: (u16, u16) = (50, 15);

/// From so many columns on the panes stand side by side.
const WIDE: u16 = 100;

/// Draws `state` on all of `buffer`.
pub(super) fn draw(state: &State, buffer: &mut Buffer) {
    let area = buffer.area;
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(buffer);
        return;
    }
    let header = header(state, area.width, area.height);
    let mut y = area.y;
    for line in &header {
        buffer.set_line(area.x, y, line, area.width);
        y += 1;
    }
    let body = Rect {
        y,
        height: area.bottom().saturating_sub(y + 1),
        ..area
    };
    for (block, place) in arrange(state, body) {
        block.draw(state, place, buffer);
    }
    let footer = footer(state, area.width);
    buffer.set_line(area.x, area.bottom() - 1, &footer, area.width);
    overlay::draw(state, buffer);
}

/// Draws `lines`, escaped already, on all of `buffer`; what has no room is cut off.
pub(super) fn lines(lines: &[Drawn], look: Look, buffer: &mut Buffer) {
    let area = buffer.area;
    for (line, y) in lines.iter().zip(area.y..area.bottom()) {
        let spans = line.spans.iter().map(|span| {
            let style = look.tone(span.tone);
            let style = if span.strong {
                style.patch(BOLD)
            } else {
                style
            };
            Span::styled(span.text.as_str(), style)
        });
        buffer.set_line(area.x, y, &spans.collect(), area.width);
    }
}

fn too_small(buffer: &mut Buffer) {
    let area = buffer.area;
    let lines = [
        "terminal too small".to_owned(),
        format!(
            "{}x{}, needs {}x{}",
            area.width, area.height, LEAST.0, LEAST.1
        ),
        "q quits".to_owned(),
    ];
    for (line, y) in lines.iter().zip(area.y..area.bottom()) {
        let room = usize::from(area.width);
        buffer.set_stringn(area.x, y, line, room, Style::new());
    }
}

/// The verdict, how old it is, and what was judged.
fn header(state: &State, width: u16, height: u16) -> Vec<Line<'static>> {
    let look = state.settings.look;
    let room = usize::from(width);
    let mut lines = vec![verdict(state, room)];
    lines.extend(reading(state, room));
    // On a small screen every line counts.
    let places = match height {
        0..24 => 0,
        24..40 => 1,
        _ => 4,
    };
    let titles = state.picture.iter().flat_map(|it| &it.controllers);
    let shown: Vec<_> = titles.clone().take(places).collect();
    let hidden = titles.count() - shown.len();
    for (index, title) in shown.iter().enumerate() {
        let more = if hidden > 0 && index + 1 == shown.len() {
            format!(" (and {hidden} more)")
        } else {
            String::new()
        };
        let title = look.fit(&format!("{title}{more}"), room);
        lines.push(Line::styled(title, look.faint()));
    }
    lines
}

/// The verdict. What is not known to be so now is never called healthy.
fn verdict(state: &State, room: usize) -> Line<'static> {
    let look = state.settings.look;
    let Some(picture) = &state.picture else {
        return Line::styled(look.fit("nothing read yet", room), BOLD);
    };
    let (words, tone) = match state.standing() {
        Standing::Stale(age) => (
            format!("UNKNOWN ({} ago: {})", human::duration(age), picture.counts),
            tone(picture.verdict).max(Tone::Warn),
        ),
        Standing::Nothing | Standing::Still | Standing::Fresh(_) => {
            (picture.counts.clone(), tone(picture.verdict))
        }
    };
    let words = look.fit(&words, room);
    let source = look.text(&picture.source);
    let gap = room.checked_sub(crate::output::width(&words) + crate::output::width(&source));
    let mut line = Line::from(Span::styled(
        words,
        look.tone(tone).add_modifier(Modifier::BOLD),
    ));
    if let Some(gap) = gap.filter(|gap| *gap > 1) {
        line.push_span(Span::raw(" ".repeat(gap)));
        line.push_span(Span::styled(source, look.faint()));
    }
    line
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Healthy => Tone::Good,
        Verdict::Warning | Verdict::Unknown => Tone::Warn,
        Verdict::Critical => Tone::Bad,
    }
}

/// How old the reading is, what goes on, and what went wrong.
fn reading(state: &State, room: usize) -> Vec<Line<'static>> {
    let look = state.settings.look;
    let seconds = |from: jiff::Timestamp, to: jiff::Timestamp| {
        let seconds = to.duration_since(from).as_secs();
        human::duration(ironkeep_parsers::units::Seconds(
            u64::try_from(seconds).unwrap_or(0),
        ))
    };
    let mut parts = Vec::new();
    match state.standing() {
        Standing::Nothing => {}
        Standing::Still => parts.push("a capture does not move: it was read once".to_owned()),
        Standing::Fresh(age) => parts.push(format!("read {} ago", human::duration(age))),
        Standing::Stale(age) => {
            parts.push(format!("last good reading {} ago", human::duration(age)));
        }
    }
    if let Some(begun) = state.begun.filter(|_| state.standing() != Standing::Still) {
        parts.push(format!("reading… {}", seconds(begun, state.now)));
    } else if let (Some(next), None, false) = (state.next, &state.failure, state.paused) {
        parts.push(format!("again in {}", seconds(state.now, next)));
    }
    if state.paused {
        parts.push("PAUSED, p goes on".to_owned());
    }
    let mut style = look.faint();
    if let Some(failure) = &state.failure {
        parts.push(format!("could not read: {failure}"));
        style = look.tone(Tone::Bad);
    } else if state.paused {
        style = look.tone(Tone::Warn);
    }
    // Why it failed is worth a second line.
    let mut wrapped = wrap(&look.text(&parts.join("; ")), room).into_iter();
    let first = wrapped.next().unwrap_or_default();
    let rest: Vec<String> = wrapped.collect();
    let mut lines = vec![Line::styled(first, style)];
    if !rest.is_empty() {
        lines.push(Line::styled(look.fit(&rest.join(" "), room), style));
    }
    lines
}

/// The keys, as many as fit.
fn footer(state: &State, width: u16) -> Line<'static> {
    let look = state.settings.look;
    let sort = format!("sort: {}", state.sort.words());
    let mut keys = vec![
        ("?", "help"),
        ("q", "quit"),
        ("Tab", "pane"),
        ("Enter", "details"),
        ("s", sort.as_str()),
    ];
    if !state.settings.once {
        keys.extend([("r", "read now"), ("p", "pause")]);
    }
    let mut line = Line::default();
    for (key, words) in keys {
        let gap = if line.width() == 0 { "" } else { "  " };
        let needed = gap.len() + key.len() + 1 + words.len();
        if line.width() + needed > usize::from(width) {
            break;
        }
        line.push_span(Span::raw(gap));
        line.push_span(Span::styled(key.to_owned(), BOLD));
        line.push_span(Span::styled(format!(" {words}"), look.faint()));
    }
    line
}

/// The panes and where each stands in `body`.
fn arrange(state: &State, body: Rect) -> Vec<(Block, Rect)> {
    let focus = Pane::ALL.iter().position(|it| *it == state.pane);
    if body.width < WIDE {
        let blocks = vec![
            panes::findings(state, body.width),
            panes::drives(state, body.width),
            panes::bays(state, body.width),
            panes::operations(state, body.width),
            panes::events(state, body.width),
        ];
        // The bays stand between the drives and the operations, and are nothing to choose from.
        let focus = focus.map_or(0, |at| if at > 1 { at + 1 } else { at });
        return stack(blocks, body, &[focus, 0, 3, 2, 4, 1]);
    }
    side_by_side(state, body)
}

/// Findings and drives at the left, bays and operations at the right, the events below them.
fn side_by_side(state: &State, body: Rect) -> Vec<(Block, Rect)> {
    let middle = body.width * 3 / 5;
    let left = Rect {
        width: middle - 1,
        ..body
    };
    let right = Rect {
        x: body.x + middle + 1,
        width: body.width - middle - 1,
        ..body
    };
    let lefts = vec![
        panes::findings(state, left.width),
        panes::drives(state, left.width),
    ];
    let rights = vec![
        panes::bays(state, right.width),
        panes::operations(state, right.width),
    ];
    let events = panes::events(state, body.width);
    let want = |blocks: &[Block]| blocks.iter().map(Block::want).sum::<usize>();
    let wanted = want(&lefts).max(want(&rights));
    let height = usize::from(body.height);
    // The events get what the others leave, and never less than a quarter.
    let least = height / if state.pane == Pane::Events { 2 } else { 4 };
    let below = height.saturating_sub(wanted).max(least);
    let above = u16::try_from(height - below).unwrap_or(body.height);
    let bottom = Rect {
        y: body.y + above,
        height: body.height - above,
        ..body
    };
    let [left, right] = [left, right].map(|side| Rect {
        height: above,
        ..side
    });
    let order: &[usize] = if state.pane == Pane::Drives {
        &[1, 0]
    } else {
        &[0, 1]
    };
    let mut placed = stack(lefts, left, order);
    placed.extend(stack(rights, right, &[1, 0]));
    placed.push((events, bottom));
    placed
}

/// `blocks` below each other in `area`. Those that come first in `order` get the room that they want.
fn stack(blocks: Vec<Block>, area: Rect, order: &[usize]) -> Vec<(Block, Rect)> {
    let wants: Vec<usize> = blocks.iter().map(Block::want).collect();
    let mut y = area.y;
    let heights = share(area.height, &wants, order);
    let places = heights.into_iter().map(|height| {
        let place = Rect { y, height, ..area };
        y += height;
        place
    });
    blocks.into_iter().zip(places).collect()
}

/// The heights of blocks that want `wants` lines and share `total`: at least two for each, up to a fair
/// share for those that want it, and the rest in `order`. What nobody wants stays empty at the end.
fn share(total: u16, wants: &[usize], order: &[usize]) -> Vec<u16> {
    let count = wants.len().max(1);
    let mut heights: Vec<usize> = wants.iter().map(|_| 2).collect();
    let total = usize::from(total);
    let mut left = total.saturating_sub(2 * heights.len());
    for limit in [total / count, total] {
        for &index in order {
            if let (Some(height), Some(want)) = (heights.get_mut(index), wants.get(index)) {
                let more = want.min(&limit).saturating_sub(*height).min(left);
                *height += more;
                left -= more;
            }
        }
    }
    if let Some(last) = heights.last_mut() {
        *last += left;
    }
    let height = |height| u16::try_from(height).unwrap_or(u16::MAX);
    heights.into_iter().map(height).collect()
}

#[cfg(test)]
mod tests;
