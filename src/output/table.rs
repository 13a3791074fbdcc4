//! Tables, fitted to the terminal: whole columns go, words are never broken to make room.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::cell::{Cell, Tone};
use super::{Align, Grid, escape, record, text};
use crate::cli::context::OutputSettings;

/// A table as text, and the keys of the columns that found no room.
pub(super) struct Drawn {
    pub(super) text: String,
    pub(super) dropped: Vec<&'static str>,
}

/// Draws `grid`. Where the terminal is too narrow, the last columns go; where `keep_all` forbids
/// that, or where hardly any would stay, each row becomes a record of its own.
pub(super) fn draw(grid: &Grid, settings: &OutputSettings, keep_all: bool) -> Drawn {
    let sheet = Sheet::new(grid, settings, TABLE);
    let all = grid.heads.len();
    let fitting = sheet.fitting(settings.width);
    if fitting < all && (keep_all || fitting < LEAST_COLUMNS.min(all)) {
        return Drawn {
            text: record::rows(grid, settings),
            dropped: Vec::new(),
        };
    }
    Drawn {
        text: sheet.draw(fitting, settings),
        dropped: grid
            .heads
            .iter()
            .skip(fitting)
            .map(|head| head.key)
            .collect(),
    }
}

/// The columns of a grid, escaped and measured.
pub(super) struct Sheet {
    columns: Vec<Measured>,
    rows: usize,
    spacing: Spacing,
}

/// What stands between the cells of a table, and how narrow sentences may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spacing {
    /// Before the first cell.
    pub(super) border: usize,
    /// For each cell, beside its content.
    pub(super) between: usize,
    /// Sentences need no less than this.
    pub(super) least_prose: usize,
}

/// A line before the first cell; a blank on each side of a cell and the line behind it.
const TABLE: Spacing = Spacing {
    border: 1,
    between: 3,
    least_prose: 24,
};

struct Measured {
    align: Align,
    header: String,
    cells: Vec<(String, Tone)>,
    /// The width that shows everything on one line.
    natural: usize,
    /// The least width that does no harm.
    least: usize,
}

impl Sheet {
    pub(super) fn new(grid: &Grid, settings: &OutputSettings, spacing: Spacing) -> Self {
        let columns = grid.heads.iter().enumerate().map(|(position, head)| {
            let header = escape::terminal(head.header, settings.unicode);
            let cells: Vec<_> = grid
                .rows
                .iter()
                .map(|row| row.get(position).unwrap_or(&Cell::Absent))
                .map(|cell| {
                    (
                        escape::terminal(&cell.shown(), settings.unicode),
                        cell.tone(),
                    )
                })
                .collect();
            let widest = cells.iter().map(|(shown, _)| text::width(shown)).max();
            let natural = text::width(&header).max(widest.unwrap_or(0));
            let least = match head.align {
                Align::Left | Align::Right => natural,
                Align::Prose => natural.min(spacing.least_prose.max(text::width(&header))),
            };
            Measured {
                align: head.align,
                header,
                cells,
                natural,
                least,
            }
        });
        Self {
            columns: columns.collect(),
            rows: grid.rows.len(),
            spacing,
        }
    }

    /// How many columns, from the first on, fit into `room`.
    pub(super) fn fitting(&self, room: Option<u16>) -> usize {
        let Some(room) = room else {
            return self.columns.len();
        };
        let mut used = self.spacing.border;
        self.columns
            .iter()
            .take_while(|column| {
                used += column.least + self.spacing.between;
                used <= usize::from(room)
            })
            .count()
    }

    /// Draws the first `count` columns.
    fn draw(&self, count: usize, settings: &OutputSettings) -> String {
        let widths = self.widths(count, settings.width);
        let mut table = Table::new();
        table.load_style(if settings.unicode {
            presets::UTF8_FULL_CONDENSED
        } else {
            presets::ASCII_FULL_CONDENSED
        });
        // Every width is settled here: the crate pads, aligns and draws.
        table.set_content_arrangement(ContentArrangement::Disabled);
        let columns = || self.columns.iter().take(count);
        table.set_header(columns().map(|column| {
            comfy_table::Cell::new(&column.header).set_alignment(alignment(column.align))
        }));
        for row in 0..self.rows {
            table.add_row(columns().zip(&widths).map(|(column, &width)| {
                let content = column
                    .cells
                    .get(row)
                    .map_or_else(String::new, |(shown, tone)| {
                        let lines = text::wrap(shown, width);
                        let lines: Vec<_> = lines.iter().map(|line| mark(line, *tone)).collect();
                        lines.join("\n")
                    });
                comfy_table::Cell::new(content).set_alignment(alignment(column.align))
            }));
        }
        let mut text = color_marks(&table.to_string(), settings.color);
        text.push('\n');
        text
    }

    /// The width of each of the first `count` columns: sentences share the room that is left.
    pub(super) fn widths(&self, count: usize, room: Option<u16>) -> Vec<usize> {
        let columns = || self.columns.iter().take(count);
        let Some(room) = room else {
            return columns().map(|column| column.natural).collect();
        };
        let used: usize = columns()
            .map(|column| column.least + self.spacing.between)
            .sum();
        let mut spare = usize::from(room).saturating_sub(used + self.spacing.border);
        columns()
            .map(|column| {
                let more = spare.min(column.natural - column.least);
                spare -= more;
                column.least + more
            })
            .collect()
    }
}

fn alignment(align: Align) -> CellAlignment {
    match align {
        Align::Left | Align::Prose => CellAlignment::Left,
        Align::Right => CellAlignment::Right,
    }
}

/// Puts `text` between marks that the layout does not see: they have no width, and
/// [`escape::terminal`] lets none of them through from outside.
fn mark(text: &str, tone: Tone) -> String {
    match start_mark(tone) {
        Some(start) => format!("{start}{text}{END_MARK}"),
        None => text.to_owned(),
    }
}

/// Turns the marks of a finished table into colours, or takes them out.
fn color_marks(table: &str, color: bool) -> String {
    let mut text = table.to_owned();
    for tone in [Tone::Good, Tone::Warn, Tone::Bad] {
        if let Some(start) = start_mark(tone) {
            let style = if color {
                tone.style().render().to_string()
            } else {
                String::new()
            };
            text = text.replace(start, &style);
        }
    }
    let reset = if color {
        anstyle::Reset.render().to_string()
    } else {
        String::new()
    };
    text.replace(END_MARK, &reset)
}

/// The mark that begins a tone; none where there is nothing to colour.
fn start_mark(tone: Tone) -> Option<char> {
    match tone {
        Tone::Good => Some('\u{2061}'),
        Tone::Neutral => None,
        Tone::Warn => Some('\u{2062}'),
        Tone::Bad => Some('\u{2063}'),
    }
}

/// The mark that ends any tone.
const END_MARK: char = '\u{2064}';
/// With fewer columns than this a table says too little.
const LEAST_COLUMNS: usize = 3;
