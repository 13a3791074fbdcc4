//! What a command may touch: its streams, the clock, the output settings.

use std::io::Write;

use jiff::Timestamp;

use crate::output::Format;

/// Settings of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputSettings {
    /// Which format.
    pub format: Format,
    /// Colour on standard output.
    pub color: bool,
    /// Box-drawing characters and other non-ASCII signs on standard output.
    pub unicode: bool,
    /// Columns of the terminal; `None` where standard output is no terminal.
    pub width: Option<u16>,
    /// `--columns`, split at commas, in the order given. `all` stands for every column, `help`
    /// for a list of them.
    pub columns: Option<Vec<String>>,
    /// `--sort`: columns between commas, most important first; a leading `-` reverses one.
    pub sort: Option<String>,
    /// `--header`: a header line in plain output.
    pub header: bool,
}

/// What a command gets.
pub struct Context<'a> {
    /// Results, and nothing else.
    pub stdout: &'a mut dyn Write,
    /// Everything else.
    pub stderr: &'a mut dyn Write,
    /// Now, fixed for the whole run (and in tests).
    pub now: Timestamp,
    /// Settings of the output.
    pub output: OutputSettings,
}
