//! JSON: the model in an envelope, two blanks per level, one newline at the end.

use serde::Serialize;

use crate::cli::failure::{Failure, Kind};

/// The version of the JSON form. Goes up when a key changes its name, type or meaning.
pub const SCHEMA: u32 = 1;

/// The JSON form of a result: what was asked, the data, and what belongs beside it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Envelope<'a, D: ?Sized, E = ()> {
    /// The version of this form. Goes up when a key changes its name, type or meaning.
    schema: u32,
    /// The program and its version.
    tool: &'static str,
    /// The command that was given, noun and verb.
    command: &'a str,
    /// The result.
    data: &'a D,
    #[serde(flatten)]
    extra: E,
}

impl<'a, D: Serialize + ?Sized> Envelope<'a, D> {
    /// The answer to `command` (noun and verb: `pd list`).
    pub fn new(command: &'a str, data: &'a D) -> Self {
        Self {
            schema: SCHEMA,
            tool: concat!("ironkeep ", env!("CARGO_PKG_VERSION")),
            command,
            data,
            extra: (),
        }
    }

    /// Adds the fields of `extra`, a struct, beside `data`: `reading`, `leftovers`.
    pub fn with<E: Serialize>(self, extra: E) -> Envelope<'a, D, E> {
        Envelope {
            schema: self.schema,
            tool: self.tool,
            command: self.command,
            data: self.data,
            extra,
        }
    }
}

impl<D: Serialize + ?Sized, E: Serialize> Envelope<'_, D, E> {
    /// The text, complete before a byte of it is written.
    pub(super) fn render(&self) -> Result<String, Failure> {
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|error| Failure::because(Kind::Internal, "cannot make JSON", error))?;
        text.push('\n');
        Ok(text)
    }
}

/// A value as one line of JSON, with the newline.
pub(super) fn line(value: &impl Serialize) -> Result<String, Failure> {
    let mut text = serde_json::to_string(value)
        .map_err(|error| Failure::because(Kind::Internal, "cannot make JSON", error))?;
    text.push('\n');
    Ok(text)
}

/// A failure as one line of JSON, without the newline.
pub(crate) fn error(failure: &Failure) -> String {
    let chain = failure.chain();
    let report = Report {
        schema: SCHEMA,
        error: Error {
            kind: failure.kind().token(),
            message: chain.first().map_or("", String::as_str),
            causes: chain.get(1..).unwrap_or_default(),
            hints: failure.hints(),
        },
    };
    // Strings and numbers alone: nothing that could fail.
    serde_json::to_string(&report).unwrap_or_default()
}

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    error: Error<'a>,
}

#[derive(Serialize)]
struct Error<'a> {
    kind: &'a str,
    message: &'a str,
    causes: &'a [String],
    hints: &'a [String],
}
