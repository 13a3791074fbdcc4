//! How results are shown. Commands build rows or model values; this module alone knows formats.

pub mod escape;
pub mod human;
mod json;
mod plain;
mod table;

use ironkeep_parsers::units::Bytes;

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

/// How good a state is: decides the colour, never alone the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Neither good nor bad.
    Neutral,
    /// Needs attention.
    Warn,
    /// Needs a person now.
    Bad,
}

/// One value in a row: what people see and what sorting and plain output use.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not printed by the tool, or not applicable. Shown as `-`, plain output leaves it empty.
    Absent,
    /// Text. Device strings are escaped by the printer.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A size: `3.6 TiB` for people, bytes in plain output.
    Size(Bytes),
    /// A number with its unit for people (`32 °C`) and bare in plain output.
    Quantity {
        /// The bare number.
        value: f64,
        /// What people see.
        shown: String,
    },
    /// A state with its token for machines.
    State {
        /// What people see.
        shown: String,
        /// The token.
        token: String,
        /// How good it is.
        tone: Tone,
    },
}

/// Which side a column leans to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// One column of a table of `T`.
pub struct Column<T: 'static> {
    /// The name in `--columns` and `--sort`, and the header of plain output. Never changes.
    pub key: &'static str,
    /// The header of the table.
    pub header: &'static str,
    /// Which side it leans to.
    pub align: Align,
    /// Shown without being asked for. The others need `--columns`.
    pub default: bool,
    /// Makes the cell.
    pub cell: fn(&T) -> Cell,
}

/// Rows that can be shown as a table. The JSON form is the type's own `Serialize`.
pub trait Tabular: Sized + 'static {
    /// The columns, most important first: on a narrow terminal the last default ones go first.
    const COLUMNS: &'static [Column<Self>];
}
