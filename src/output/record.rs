//! Records: labels on the left, values on the right, long values wrapped under their column.

use super::cell::Cell;
use super::grid::{Body, Grid, Section};
use super::{escape, table, text};
use crate::cli::context::OutputSettings;

/// Titled sections with their labels aligned throughout.
pub(super) fn sections(sections: &[Section], settings: &OutputSettings) -> String {
    let fields = sections.iter().flat_map(Section::fields);
    let layout = Layout::new(INDENT, fields.map(|(label, _)| label.as_str()), settings);
    let parts = sections.iter().filter(|section| !section.is_empty());
    let parts = parts.map(|section| {
        let mut part = String::new();
        for line in layout.wrap(&escape::terminal(&section.title, settings.unicode), 0) {
            part.push_str(&line);
            part.push('\n');
        }
        match &section.body {
            Body::Fields(fields) => {
                for (label, cell) in fields {
                    layout.push_field(&mut part, label, cell);
                }
            }
            Body::Rows(grid) => part.push_str(&table::draw(grid, settings, true).text),
        }
        part
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// Each row of a grid as a record: what a table becomes where the terminal is too narrow for it.
pub(super) fn rows(grid: &Grid, settings: &OutputSettings) -> String {
    let layout = Layout::new(0, grid.heads.iter().map(|head| head.header), settings);
    let records = grid.rows.iter().map(|row| {
        let mut record = String::new();
        for (head, cell) in grid.heads.iter().zip(row) {
            layout.push_field(&mut record, head.header, cell);
        }
        record
    });
    records.collect::<Vec<_>>().join("\n")
}

/// Where labels and values stand.
struct Layout<'a> {
    indent: usize,
    label: usize,
    settings: &'a OutputSettings,
}

impl<'a> Layout<'a> {
    fn new<'l>(
        indent: usize,
        labels: impl Iterator<Item = &'l str>,
        settings: &'a OutputSettings,
    ) -> Self {
        let widths = labels.map(|label| text::width(&escape::terminal(label, settings.unicode)));
        Self {
            indent,
            label: widths.max().unwrap_or(0),
            settings,
        }
    }

    /// Appends a field: label and value side by side, or below each other where there is no room.
    fn push_field(&self, out: &mut String, label: &str, cell: &Cell) {
        let label = escape::terminal(label, self.settings.unicode);
        let value = escape::terminal(&cell.shown(), self.settings.unicode);
        let beside = self.indent + self.label + GAP;
        let mut lead = " ".repeat(self.indent);
        let mut column = beside;
        if self.room(beside).is_some_and(|room| room < LEAST_VALUE) {
            for line in self.wrap(&label, self.indent) {
                out.extend([lead.as_str(), &line, "\n"]);
            }
            column = self.indent + INDENT;
            lead = " ".repeat(column);
        } else {
            text::push_padded(&mut lead, &label, self.label + GAP);
        }
        for line in self.wrap(&value, column) {
            let line = if self.settings.color {
                cell.tone().paint(&line)
            } else {
                line
            };
            out.push_str(format!("{lead}{line}").trim_end());
            out.push('\n');
            lead = " ".repeat(column);
        }
    }

    /// The columns of the terminal from `column` on; at least one.
    fn room(&self, column: usize) -> Option<usize> {
        let width = usize::from(self.settings.width?);
        Some(width.saturating_sub(column).max(1))
    }

    fn wrap(&self, text: &str, column: usize) -> Vec<String> {
        match self.room(column) {
            Some(room) => text::wrap(text, room),
            None => vec![text.to_owned()],
        }
    }
}

/// How far fields stand in from their title.
const INDENT: usize = 2;
/// The blanks between label and value.
const GAP: usize = 2;
/// Values need no less than this beside their label.
const LEAST_VALUE: usize = 12;
