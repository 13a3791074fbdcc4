//! What every part of the page is made of: text, cells, tables, times.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::Page;
use crate::commands::fields::capitalised;
use crate::commands::parts;
use crate::output::{Align, Body, Cell, Column, Grid, Section, Tabular, Tone, escape};
use crate::reading::{Part, Unread};

/// Text as it may come from a device: what would change the order of reading, or not be seen at all, is
/// shown as an escape.
pub(super) fn text(text: &str) -> String {
    escape::terminal(text, true)
}

/// The class of a tone. The style says the same with a sign where the class `s` stands beside it.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "g",
        Tone::Neutral => "n",
        Tone::Warn => "w",
        Tone::Bad => "b",
    }
}

/// A value, with its tone.
pub(super) fn value(cell: &Cell) -> Markup {
    let shown = match cell {
        Cell::Absent => "–".to_owned(),
        Cell::Text(_)
        | Cell::Number(_)
        | Cell::Size(_)
        | Cell::Bounds { .. }
        | Cell::Quantity { .. }
        | Cell::State { .. } => text(&cell.shown()),
    };
    html! {
        @if cell.tone() == Tone::Neutral { (shown) }
        @else { span class={ "s " (class(cell.tone())) } { (shown) } }
    }
}

/// A command to type: one click marks all of it.
pub(super) fn command(command: &str) -> Markup {
    html! { code { (text(command)) } }
}

/// A sentence of its own that must not be overlooked.
pub(super) fn note(tone: Tone, words: &str) -> Markup {
    html! { p class={ "note " (class(tone)) } { (text(words)) } }
}

/// A sentence where there is nothing to show.
pub(super) fn nothing(words: &str) -> Markup {
    html! { p .dim { (text(words)) } }
}

/// Labels and values; what is absent is left out.
pub(super) fn fields<'a>(fields: impl IntoIterator<Item = (&'a str, Cell)>) -> Markup {
    html! {
        dl {
            @for (label, cell) in fields {
                @if cell != Cell::Absent { dt { (text(label)) } dd { (value(&cell)) } }
            }
        }
    }
}

/// The cells of the columns called `keys`, in that order, without those that are absent in every row.
pub(super) fn grid<T: Tabular>(rows: &[T], keys: &[&str]) -> Grid {
    let is_known = |key: &&str| T::COLUMNS.iter().any(|column| column.key == *key);
    debug_assert!(keys.iter().all(is_known), "{keys:?}");
    let column = |key: &&str| T::COLUMNS.iter().find(|column| column.key == *key);
    let is_used = |column: &&Column<T>| rows.iter().any(|row| (column.cell)(row) != Cell::Absent);
    let columns: Vec<_> = keys.iter().filter_map(column).filter(is_used).collect();
    Grid::new(&columns, rows)
}

/// A table. The first column names the rows.
pub(super) fn table(caption: Option<&str>, grid: &Grid) -> Markup {
    let class = |align: Align| match align {
        Align::Left => None,
        Align::Right => Some("num"),
        Align::Prose => Some("prose"),
    };
    html! {
        div .scroll { table {
            @if let Some(caption) = caption { caption { (text(caption)) } }
            thead {
                tr {
                    @for head in &grid.heads {
                        th scope="col" class=[class(head.align)] { (head.header) }
                    }
                }
            }
            tbody {
                @for row in &grid.rows {
                    tr {
                        @for (number, (head, cell)) in grid.heads.iter().zip(row).enumerate() {
                            @if number == 0 {
                                th scope="row" class=[class(head.align)] data-h=(head.header) { (value(cell)) }
                            } @else if *cell == Cell::Absent {
                                td {}
                            } @else {
                                td class=[class(head.align)] data-h=(head.header) { (value(cell)) }
                            }
                        }
                    }
                }
            }
        } }
    }
}

/// A section of a record.
pub(super) fn section(section: &Section) -> Markup {
    match &section.body {
        Body::Rows(grid) => table(Some(&section.title), grid),
        Body::Fields(of) => fields(
            of.iter()
                .map(|(label, cell)| (label.as_str(), cell.clone())),
        ),
    }
}

/// A time, with its zone; the script says behind it how long ago that was.
pub(super) fn age(time: Timestamp, zone: &TimeZone) -> Markup {
    let time = time.to_zoned(zone.clone());
    html! {
        time datetime=(time.strftime("%Y-%m-%dT%H:%M:%S%:z")) data-age { (time.strftime("%Y-%m-%d %H:%M:%S %Z")) }
        span {}
    }
}

impl Page<'_> {
    /// Why a part was not read of every controller.
    pub(super) fn unread(&self, part: Part) -> Markup {
        let reading = &self.snapshot.reading;
        let whys = reading.controllers.iter();
        let mut whys = whys.filter_map(|it| it.unread.get(&part));
        // What a controller cannot do is no fault.
        let tone = if whys.all(|why| matches!(why, Unread::Unsupported(_))) {
            Tone::Neutral
        } else {
            Tone::Warn
        };
        let notes = parts::unread_notes(reading, part);
        html! { @for words in &notes { (note(tone, &capitalised(words))) } }
    }

    /// `keys`, and in front of it that of the controllers where there are several.
    pub(super) fn keys<'k>(&self, key: &'k str, others: &[&'k str]) -> Vec<&'k str> {
        let mut keys = vec![key];
        if self.several {
            keys.push(crate::output::CONTROLLER);
        }
        keys.extend(others);
        keys
    }
}
