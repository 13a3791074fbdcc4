//! How results are shown. Commands build rows or model values; this module alone knows formats.
//!
//! * [`print_list`]: rows of one type; JSON is the rows themselves.
//! * [`print_list_as`]: rows whose JSON is a richer value, or has fields beside `data`.
//! * [`print_list_in`]: the same, where what the rows hold decides which columns matter.
//! * [`Stream`]: rows that are printed as they come.
//! * [`print_record`]: one thing in titled sections, for `show`.
//! * [`print_drawing`]: lines that the caller has drawn; rows where a table is asked for.

mod cell;
pub mod escape;
mod grid;
pub mod human;
mod json;
mod plain;
mod record;
mod select;
mod stream;
mod styled;
mod table;
pub(crate) mod text;

use serde::Serialize;

pub use self::cell::{Cell, Tone};
pub(crate) use self::grid::Body;
pub use self::grid::{Grid, Section};
pub(crate) use self::json::error as json_error;
pub use self::json::{Envelope, SCHEMA};
use self::select::Request;
pub use self::stream::Stream;
pub use self::styled::{Line, Span};
pub(crate) use self::text::{width, wrap};
use crate::cli::context::{Context, OutputSettings};
use crate::cli::failure::Failure;

/// What notes on standard error begin with.
pub const NOTE: &str = "note: ";

/// Breaks `text` between words so that it fits into `width`, where that is known: the first line begins
/// in column `first`, the others stand `further` in.
pub fn fold(text: &str, first: usize, further: usize, width: Option<u16>) -> String {
    text::fold(text, first, further, width)
}

/// The column that says which controller a row is about. Where there is one controller, tables leave
/// it out unless it was asked for; plain output always has it.
pub const CONTROLLER: &str = "controller";

/// The output formats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table fitted to the terminal.
    #[default]
    Table,
    /// Tab-separated, raw values, for awk and cut.
    Plain,
    /// The whole model, with a versioned schema.
    Json,
}

/// How a column is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text: to the left, never broken.
    Left,
    /// Numbers: to the right, never broken.
    Right,
    /// Sentences: to the left, broken between words where the terminal is narrow.
    Prose,
}

/// One column of a table of `T`.
pub struct Column<T: 'static> {
    /// The name in `--columns` and `--sort`, and the header of plain output. Never changes.
    pub key: &'static str,
    /// The header of the table.
    pub header: &'static str,
    /// How it is laid out.
    pub align: Align,
    /// Shown without being asked for. The others need `--columns`.
    pub default: bool,
    /// Makes the cell.
    pub cell: fn(&T) -> Cell,
}

impl<T> Column<T> {
    /// A column that is shown without being asked for.
    pub const fn new(
        key: &'static str,
        header: &'static str,
        align: Align,
        cell: fn(&T) -> Cell,
    ) -> Self {
        Self {
            key,
            header,
            align,
            default: true,
            cell,
        }
    }

    /// A column that needs `--columns`.
    pub const fn on_request(
        key: &'static str,
        header: &'static str,
        align: Align,
        cell: fn(&T) -> Cell,
    ) -> Self {
        Self {
            default: false,
            ..Self::new(key, header, align, cell)
        }
    }
}

/// Rows that can be shown as a table. The JSON form is the type's own `Serialize`.
pub trait Tabular: Sized + 'static {
    /// The columns, most important first: on a narrow terminal the last default ones go first.
    const COLUMNS: &'static [Column<Self>];
}

/// Prints `rows`, whose JSON form is their own. `nothing` is the sentence for no rows at all:
/// `No foreign configurations.`
///
/// # Errors
///
/// Unknown names in `--columns` or `--sort`; a stream that cannot be written.
pub fn print_list<T: Tabular + Serialize>(
    context: &mut Context<'_>,
    command: &str,
    rows: &[T],
    nothing: &str,
) -> Result<(), Failure> {
    print_list_as(context, &Envelope::new(command, rows), rows, nothing)
}

/// Prints `rows` in tables and plain output, and `envelope` in JSON.
///
/// # Errors
///
/// Unknown names in `--columns` or `--sort`; a stream that cannot be written.
pub fn print_list_as<T: Tabular, D: Serialize + ?Sized, E: Serialize>(
    context: &mut Context<'_>,
    envelope: &Envelope<'_, D, E>,
    rows: &[T],
    nothing: &str,
) -> Result<(), Failure> {
    let several = context.session.controllers_on_host() > 1;
    print_rows(context, envelope, rows, nothing, |grid| {
        if several {
            grid
        } else {
            grid.without_uniform(CONTROLLER)
        }
    })
}

/// As [`print_list_as`], with the columns of a table as `layout` says where nobody named any.
///
/// # Errors
///
/// Unknown names in `--columns` or `--sort`; a stream that cannot be written.
pub fn print_list_in<T: Tabular, D: Serialize + ?Sized, E: Serialize>(
    context: &mut Context<'_>,
    envelope: &Envelope<'_, D, E>,
    rows: &[T],
    nothing: &str,
    layout: &Layout,
) -> Result<(), Failure> {
    print_rows(context, envelope, rows, nothing, |grid| layout.apply(grid))
}

/// The lines of the table that [`print_list_in`] prints, without colour.
///
/// # Errors
///
/// Unknown names in `--columns` or `--sort`.
pub fn table_lines<T: Tabular>(
    settings: &OutputSettings,
    rows: &[T],
    layout: &Layout,
) -> Result<Vec<String>, Failure> {
    let Some(request) = Request::<T>::new(settings)? else {
        return Ok(Vec::new());
    };
    let explicit = request.is_explicit();
    let grid = request.grid(rows);
    let grid = if explicit { grid } else { layout.apply(grid) };
    let settings = OutputSettings {
        color: false,
        ..settings.clone()
    };
    let drawn = table::draw(&grid, &settings, explicit);
    Ok(drawn.text.lines().map(str::to_owned).collect())
}

/// Which columns of a table matter, by what its rows hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// The column that comes first, so that it goes last where the terminal is narrow.
    pub first: Option<&'static str>,
    /// Columns that say nothing here.
    pub without: Vec<&'static str>,
}

impl Layout {
    fn apply(&self, grid: Grid) -> Grid {
        let grid = self
            .without
            .iter()
            .fold(grid, |grid, key| grid.without(key));
        match self.first {
            Some(key) => grid.led_by(key),
            None => grid,
        }
    }
}

fn print_rows<T: Tabular, D: Serialize + ?Sized, E: Serialize>(
    context: &mut Context<'_>,
    envelope: &Envelope<'_, D, E>,
    rows: &[T],
    nothing: &str,
    arrange: impl FnOnce(Grid) -> Grid,
) -> Result<(), Failure> {
    let Some(request) = Request::<T>::new(&context.output)? else {
        return print_columns::<T>(context);
    };
    match context.output.format {
        Format::Json => write_out(context, &envelope.render()?),
        Format::Plain => {
            let text = plain::rows(&request.grid(rows), context.output.header);
            write_out(context, &text)
        }
        Format::Table if rows.is_empty() => context.say("", nothing),
        Format::Table => {
            let explicit = request.is_explicit();
            let grid = request.grid(rows);
            let grid = if explicit { grid } else { arrange(grid) };
            print_table(context, &grid, explicit)
        }
    }
}

/// Prints one thing: `sections` in tables and plain output, and `envelope` in JSON.
///
/// # Errors
///
/// A stream that cannot be written.
pub fn print_record<D: Serialize + ?Sized, E: Serialize>(
    context: &mut Context<'_>,
    envelope: &Envelope<'_, D, E>,
    sections: &[Section],
) -> Result<(), Failure> {
    let text = match context.output.format {
        Format::Json => envelope.render()?,
        Format::Plain => plain::sections(sections, context.output.header),
        Format::Table => record::sections(sections, &context.output),
    };
    write_out(context, &text)
}

/// Prints what `draw` draws, where a table of `rows` was not asked for by `--columns` or `--sort`;
/// otherwise `rows`, as [`print_list_as`] does.
///
/// # Errors
///
/// Unknown names in `--columns` or `--sort`; a stream that cannot be written.
pub fn print_drawing<T: Tabular, D: Serialize + ?Sized, E: Serialize>(
    context: &mut Context<'_>,
    envelope: &Envelope<'_, D, E>,
    rows: &[T],
    nothing: &str,
    draw: impl FnOnce(&OutputSettings) -> Vec<Line>,
) -> Result<(), Failure> {
    let settings = &context.output;
    let is_asked = settings.columns.is_some() || settings.sort.is_some();
    if settings.format != Format::Table || is_asked || rows.is_empty() {
        return print_list_as(context, envelope, rows, nothing);
    }
    let mut text = String::new();
    for line in draw(settings) {
        text.push_str(&line.render(settings));
        text.push('\n');
    }
    write_out(context, &text)
}

/// Checks `--columns` and `--sort` against the columns of `T`, so that a slow reading of hardware
/// is not wasted on a typing error. [`print_list`] checks again.
///
/// # Errors
///
/// Unknown names in `--columns` or `--sort`.
pub fn check_request<T: Tabular>(settings: &OutputSettings) -> Result<(), Failure> {
    Request::<T>::new(settings).map(|_| ())
}

/// Adds the column called `key` to those that are shown, by default or because they were asked for.
pub fn show_also<T: Tabular>(settings: &mut OutputSettings, key: &str) {
    let columns = settings.columns.get_or_insert_with(|| {
        let shown = T::COLUMNS.iter().filter(|column| column.default);
        shown.map(|column| column.key.to_owned()).collect()
    });
    if !columns.iter().any(|shown| shown == key) {
        columns.push(key.to_owned());
    }
}

/// The answer to `--columns help`: a list of the columns, in the format asked for.
///
/// # Errors
///
/// A stream that cannot be written.
pub fn print_columns<T: Tabular>(context: &mut Context<'_>) -> Result<(), Failure> {
    let grid = select::column_help::<T>();
    if context.output.format == Format::Plain {
        let text = plain::rows(&grid, context.output.header);
        return write_out(context, &text);
    }
    print_table(context, &grid, true)
}

/// Prints a table, and says on standard error which columns had to go.
fn print_table(context: &mut Context<'_>, grid: &Grid, keep_all: bool) -> Result<(), Failure> {
    let drawn = table::draw(grid, &context.output, keep_all);
    write_out(context, &drawn.text)?;
    say_dropped(context, &drawn.dropped)
}

/// Says on standard error which columns found no room.
fn say_dropped(context: &mut Context<'_>, keys: &[&str]) -> Result<(), Failure> {
    if !keys.is_empty() {
        let width = context.output.width.unwrap_or_default();
        let dropped = keys.join(", ");
        let words =
            format!("no room in {width} columns for: {dropped} (--columns all shows everything)");
        context.say(NOTE, &words)?;
    }
    Ok(())
}

/// Prints `value` as a line of JSON, where that is the format. Other formats say it on standard error.
///
/// # Errors
///
/// A stream that cannot be written.
pub fn print_json_line(context: &mut Context<'_>, value: &impl Serialize) -> Result<(), Failure> {
    if context.output.format == Format::Json {
        write_json_line(context, value)?;
    }
    Ok(())
}

/// Prints `value` as a line of JSON, whatever the format: for output that is made for scripts.
///
/// # Errors
///
/// A stream that cannot be written.
pub fn write_json_line(context: &mut Context<'_>, value: &impl Serialize) -> Result<(), Failure> {
    write_out(context, &json::line(value)?)
}

fn write_out(context: &mut Context<'_>, text: &str) -> Result<(), Failure> {
    context.stdout.write_all(text.as_bytes())?;
    context.stdout.flush()?;
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests;
