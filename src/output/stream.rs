//! Rows that are printed as they come: a table without an end, plain output, and JSON with one object
//! per line.

use serde::Serialize;

use super::select::Request;
use super::table::{Sheet, Spacing};
use super::{Align, CONTROLLER, Cell, Format, Grid, Tabular, escape, json, plain, text, write_out};
use crate::cli::context::{Context, OutputSettings};
use crate::cli::failure::{Failure, Kind};

/// A list without an end.
pub struct Stream<T: Tabular> {
    request: Request<T>,
    /// Rows that are as wide as most will be.
    typical: Grid,
    /// What was settled with the first rows; `None` before them.
    layout: Option<Layout>,
}

/// Which columns a table has and how wide they are: the same from the first row to the last.
struct Layout {
    /// Without the column that names the controller.
    hides_controller: bool,
    /// The widths of the columns that find room.
    widths: Vec<usize>,
}

impl<T: Tabular> Stream<T> {
    /// A stream of rows most of which are no wider than `typical`. `None` where a person asked for
    /// the list of columns, which is printed.
    ///
    /// # Errors
    /// Unknown names in `--columns`; `--sort`, which nobody can obey here.
    pub fn new(context: &mut Context<'_>, typical: &[T]) -> Result<Option<Self>, Failure> {
        let Some(request) = Request::<T>::new(&context.output)? else {
            super::print_columns::<T>(context)?;
            return Ok(None);
        };
        if context.output.sort.is_some() {
            let words = "--sort does not apply to rows that are printed as they come";
            return Err(Failure::new(Kind::Usage, words));
        }
        Ok(Some(Self {
            typical: request.grid(typical),
            request,
            layout: None,
        }))
    }

    /// Prints `rows`; in JSON, what `line` makes of each is a line of its own.
    ///
    /// # Errors
    /// A stream that cannot be written.
    pub fn print<L: Serialize>(
        &mut self,
        context: &mut Context<'_>,
        rows: &[T],
        line: impl Fn(&T) -> L,
    ) -> Result<(), Failure> {
        if rows.is_empty() {
            return Ok(());
        }
        let is_first = self.layout.is_none();
        let grid = self.request.grid(rows);
        let layout = match self.layout.take() {
            Some(layout) => layout,
            None => self.settle(context, &grid)?,
        };
        let settings = &context.output;
        let text = match settings.format {
            Format::Json => rows
                .iter()
                .map(|row| json::line(&line(row)))
                .collect::<Result<_, _>>()?,
            Format::Plain => plain::rows(&grid, settings.header && is_first),
            Format::Table => layout.draw(grid, settings, is_first),
        };
        self.layout = Some(layout);
        write_out(context, &text)
    }

    /// Settles the columns. Says on standard error which of them find no room.
    fn settle(&self, context: &mut Context<'_>, first: &Grid) -> Result<Layout, Failure> {
        let is_explicit = self.request.is_explicit();
        let hides_controller = !is_explicit && context.session.controllers_on_host() <= 1;
        let mut grid = self.typical.clone();
        grid.rows.extend(first.rows.iter().cloned());
        if hides_controller {
            grid = grid.without(CONTROLLER);
        }
        let sheet = Sheet::new(&grid, &context.output, LINES);
        let all = grid.heads.len();
        let room = context.output.width;
        let fitting = if is_explicit {
            all
        } else {
            sheet.fitting(room).max(1)
        };
        if context.output.format == Format::Table {
            let dropped: Vec<_> = grid.heads.iter().skip(fitting).map(|it| it.key).collect();
            super::say_dropped(context, &dropped)?;
        }
        Ok(Layout {
            hides_controller,
            widths: sheet.widths(fitting, room),
        })
    }
}

impl Layout {
    /// The rows as lines, below a head where `is_first`.
    fn draw(&self, grid: Grid, settings: &OutputSettings, is_first: bool) -> String {
        let grid = if self.hides_controller {
            grid.without(CONTROLLER)
        } else {
            grid
        };
        let aligns: Vec<Align> = grid.heads.iter().map(|head| head.align).collect();
        let mut lines = String::new();
        if is_first {
            let head: Vec<Cell> = grid.heads.iter().map(|head| head.header.into()).collect();
            self.push_row(&mut lines, &head, &aligns, settings);
        }
        for row in &grid.rows {
            self.push_row(&mut lines, row, &aligns, settings);
        }
        lines
    }

    /// Appends a row. What is wider than its column pushes the rest of its line to the right; only
    /// sentences are broken, where the terminal has a width.
    fn push_row(
        &self,
        lines: &mut String,
        row: &[Cell],
        aligns: &[Align],
        settings: &OutputSettings,
    ) {
        let broken: Vec<Vec<String>> = row
            .iter()
            .zip(aligns)
            .zip(&self.widths)
            .map(|((cell, align), &width)| {
                let shown = escape::terminal(&cell.shown(), settings.unicode);
                match align {
                    Align::Prose if settings.width.is_some() => text::wrap(&shown, width),
                    Align::Prose | Align::Left | Align::Right => vec![shown],
                }
            })
            .collect();
        for number in 0..broken.iter().map(Vec::len).max().unwrap_or(0) {
            // Blanks wait until something follows them.
            let mut blanks = 0;
            let columns = broken.iter().zip(&self.widths).zip(row.iter().zip(aligns));
            for ((parts, &width), (cell, align)) in columns {
                let part = parts.get(number).map_or("", String::as_str);
                let room = width.saturating_sub(text::width(part));
                let (before, after) = match align {
                    Align::Right => (room, 0),
                    Align::Left | Align::Prose => (0, room),
                };
                if part.is_empty() {
                    blanks += room + LINES.between;
                    continue;
                }
                lines.extend(std::iter::repeat_n(' ', blanks + before));
                if settings.color {
                    lines.push_str(&cell.tone().paint(part));
                } else {
                    lines.push_str(part);
                }
                blanks = after + LINES.between;
            }
            lines.push('\n');
        }
    }
}

/// Two blanks behind each cell.
const LINES: Spacing = Spacing {
    border: 0,
    between: 2,
    least_prose: 16,
};
