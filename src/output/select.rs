//! `--columns` and `--sort`: which columns, and in which order the rows.

use std::cmp::Ordering;

use super::grid::Head;
use super::{Align, Cell, Column, Format, Grid, Tabular};
use crate::cli::context::OutputSettings;
use crate::cli::failure::{Failure, Kind};

/// What a person asked of a list of `T`.
pub(super) struct Request<T: 'static> {
    columns: Vec<&'static Column<T>>,
    explicit: bool,
    sort: Vec<SortKey<T>>,
}

struct SortKey<T: 'static> {
    column: &'static Column<T>,
    reverse: bool,
}

impl<T: Tabular> Request<T> {
    /// Reads the settings; `None` for `--columns help`.
    pub(super) fn new(settings: &OutputSettings) -> Result<Option<Self>, Failure> {
        let asked = settings.columns.as_deref();
        if asked.is_some_and(|names| names.iter().any(|name| name == HELP)) {
            return Ok(None);
        }
        if settings.format == Format::Json && (asked.is_some() || settings.sort.is_some()) {
            return Err(Failure::new(
                Kind::Usage,
                "--columns and --sort do not apply to --format json, which is always whole",
            )
            .hint("choose from the JSON with jq, or use --format plain"));
        }
        Ok(Some(Self {
            columns: columns(asked)?,
            explicit: asked.is_some(),
            sort: settings.sort.as_deref().map_or(Ok(Vec::new()), sort_keys)?,
        }))
    }

    /// True when a person named the columns: then none may be dropped.
    pub(super) fn is_explicit(&self) -> bool {
        self.explicit
    }

    /// The cells asked for, in the order asked for.
    pub(super) fn grid(&self, rows: &[T]) -> Grid {
        let mut keyed: Vec<(Vec<Cell>, &T)> = rows
            .iter()
            .map(|row| {
                (
                    self.sort.iter().map(|key| (key.column.cell)(row)).collect(),
                    row,
                )
            })
            .collect();
        keyed.sort_by(|(a, _), (b, _)| self.compare(a, b));
        Grid::new(&self.columns, keyed.into_iter().map(|(_, row)| row))
    }

    fn compare(&self, a: &[Cell], b: &[Cell]) -> Ordering {
        self.sort
            .iter()
            .zip(a.iter().zip(b))
            .map(|(key, (a, b))| match a.order(b) {
                // Absent stays last in both directions: nobody looks for what is not there.
                order if a.is_absent() || b.is_absent() => order,
                order if key.reverse => order.reverse(),
                order => order,
            })
            .fold(Ordering::Equal, Ordering::then)
    }
}

/// The columns of `T` as rows: the answer to `--columns help`.
pub(super) fn column_help<T: Tabular>() -> Grid {
    let heads = [
        ("column", "COLUMN"),
        ("header", "HEADER"),
        ("default", "DEFAULT"),
    ];
    Grid {
        heads: heads
            .map(|(key, header)| Head {
                key,
                header,
                align: Align::Left,
            })
            .to_vec(),
        rows: T::COLUMNS
            .iter()
            .map(|column| {
                vec![
                    column.key.into(),
                    column.header.into(),
                    column.default.into(),
                ]
            })
            .collect(),
    }
}

/// The candidate that `word` is most likely a misspelling of, if any is near.
fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(score, _)| *score > NEAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

fn columns<T: Tabular>(asked: Option<&[String]>) -> Result<Vec<&'static Column<T>>, Failure> {
    let Some(names) = asked else {
        return Ok(T::COLUMNS.iter().filter(|column| column.default).collect());
    };
    let mut columns = Vec::new();
    for name in names {
        if name == ALL {
            columns.extend(T::COLUMNS);
        } else {
            columns.push(column(name)?);
        }
    }
    Ok(columns)
}

fn sort_keys<T: Tabular>(sort: &str) -> Result<Vec<SortKey<T>>, Failure> {
    sort.split(',')
        .map(|name| {
            let reversed = name.strip_prefix('-');
            Ok(SortKey {
                column: column(reversed.unwrap_or(name))?,
                reverse: reversed.is_some(),
            })
        })
        .collect()
}

fn column<T: Tabular>(name: &str) -> Result<&'static Column<T>, Failure> {
    if let Some(column) = T::COLUMNS.iter().find(|column| column.key == name) {
        return Ok(column);
    }
    let keys = || T::COLUMNS.iter().map(|column| column.key);
    let failure = Failure::new(Kind::Usage, format!("there is no column “{name}”"));
    // What stands above the column in a table is what people type.
    let as_header = name.replace('_', " ");
    let mut columns = T::COLUMNS.iter();
    let headed = columns.find(|column| column.header.eq_ignore_ascii_case(&as_header));
    let meant = headed.map(|column| column.key);
    let failure = match meant.or_else(|| nearest(name, keys())) {
        Some(key) => failure.hint(format!("did you mean {key}?")),
        None => failure,
    };
    Err(failure.hint(format!(
        "columns: {}",
        keys().collect::<Vec<_>>().join(", ")
    )))
}

/// The word for every column.
const ALL: &str = "all";
/// The word for the list of columns.
const HELP: &str = "help";
/// From this Jaro-Winkler similarity on, a word counts as a misspelling (clap uses the same).
const NEAR: f64 = 0.7;
