//! Plain output: one row per line, tabs between raw values, stable for awk and cut.

use super::escape;
use super::grid::{Body, Grid, Section};

/// The rows of a list.
pub(super) fn rows(grid: &Grid, header: bool) -> String {
    let mut text = String::new();
    if header {
        push_row(&mut text, grid.heads.iter().map(|head| head.key.to_owned()));
    }
    for row in &grid.rows {
        push_row(&mut text, row.iter().map(|cell| escape::plain(&cell.raw())));
    }
    text
}

/// The fields of a record, one per line: section, field, value. The rows of a section count from
/// 0 between the two: `drives.0`.
pub(super) fn sections(sections: &[Section], header: bool) -> String {
    let mut text = String::new();
    if header {
        push_row(&mut text, ["section", "field", "value"].map(str::to_owned));
    }
    for section in sections {
        let title = key(&section.title);
        match &section.body {
            Body::Fields(fields) => {
                for (label, cell) in fields {
                    let value = escape::plain(&cell.raw());
                    push_row(&mut text, [title.clone(), key(label), value]);
                }
            }
            Body::Rows(grid) => {
                for (number, row) in grid.rows.iter().enumerate() {
                    for (head, cell) in grid.heads.iter().zip(row) {
                        let value = escape::plain(&cell.raw());
                        let title = format!("{title}.{number}");
                        push_row(&mut text, [title, head.key.to_owned(), value]);
                    }
                }
            }
        }
    }
    text
}

fn push_row(text: &mut String, values: impl IntoIterator<Item = String>) {
    for (position, value) in values.into_iter().enumerate() {
        if position > 0 {
            text.push('\t');
        }
        text.push_str(&value);
    }
    text.push('\n');
}

/// The key of a title or label: its letters and digits in lower case, joined by underscores.
fn key(label: &str) -> String {
    label
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join("_")
}
