//! How the bays of an enclosure are taken to lie. MegaCLI numbers them and tells nothing of their
//! order, so the layout is an assumption until somebody says it: on the command line or in the
//! configuration.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// In which direction the numbers of the bays run.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Numbering {
    /// Row by row, from the left.
    #[default]
    Across,
    /// Column by column, the left column first.
    Down,
}

/// In which row the numbers begin.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// In the top row.
    #[default]
    Top,
    /// In the bottom row, and upwards.
    Bottom,
}

macro_rules! named {
    ($type:ident { $( $variant:ident = $name:literal ),+ }) => {
        impl $type {
            /// What it is called on the command line and in the configuration.
            pub const NAMES: &'static [&'static str] = &[$( $name ),+];
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(name: &str) -> Result<Self, String> {
                match name {
                    $( $name => Ok(Self::$variant), )+
                    _ => Err(format!("expected {}", Self::NAMES.join(" or "))),
                }
            }
        }
    };
}

named!(Numbering { Across = "across", Down = "down" });
named!(Start { Top = "top", Bottom = "bottom" });

/// What somebody says of a layout. What is left out is assumed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wish {
    /// In how many rows the bays lie.
    pub rows: Option<NonZeroU32>,
    /// In which direction they are numbered.
    pub numbering: Option<Numbering>,
    /// In which row the numbers begin.
    pub from: Option<Start>,
}

impl Wish {
    /// This one, and what `other` says where this one says nothing.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            rows: self.rows.or(other.rows),
            numbering: self.numbering.or(other.numbering),
            from: self.from.or(other.from),
        }
    }
}

/// `[map]` of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The numbering of the enclosures that are not named.
    pub numbering: Option<Numbering>,
    /// Where the numbers of those begin.
    pub from: Option<Start>,
    /// What is known of single enclosures, by their device id (`252`, `c0/252`) or model.
    pub enclosures: BTreeMap<String, Wish>,
}

/// Where a bay lies in its enclosure. Both count from 1; the row from the top, the column from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Place {
    /// The row, from 1 at the top.
    pub row: u32,
    /// The column, from 1 at the left.
    pub column: u32,
}

/// The layout of a number of bays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Layout {
    /// Rows of bays.
    pub rows: u32,
    /// Columns of bays.
    pub columns: u32,
    /// In which direction they are numbered.
    pub numbering: Numbering,
    /// In which row the numbers begin.
    pub from: Start,
    /// Whether nobody told in how many rows the bays lie, or how several rows are numbered.
    pub assumed: bool,
}

impl Layout {
    /// The layout of `bays` bays: what `wish` says, and the usual for what it leaves out.
    pub fn new(bays: u32, wish: Wish) -> Self {
        let rows = wish.rows.map_or_else(|| usual_rows(bays), NonZeroU32::get);
        let rows = rows.min(bays).max(1);
        Self {
            rows,
            columns: bays.div_ceil(rows).max(1),
            numbering: wish.numbering.unwrap_or_default(),
            from: wish.from.unwrap_or_default(),
            assumed: wish.rows.is_none() || (rows > 1 && wish.numbering.is_none()),
        }
    }

    /// Where the bay with this place in the numbering, from 0, lies.
    pub fn place(&self, index: u32) -> Place {
        let (row, column) = match self.numbering {
            Numbering::Across => (index / self.columns, index % self.columns),
            Numbering::Down => (index % self.rows, index / self.rows),
        };
        Place {
            row: match self.from {
                Start::Top => row + 1,
                Start::Bottom => self.rows.saturating_sub(row),
            },
            column: column + 1,
        }
    }
}

/// `3 rows of 4, numbered across from the top left`.
impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, columns, .. } = self;
        let corner = match self.from {
            Start::Top => "top left",
            Start::Bottom => "bottom left",
        };
        match (rows, self.numbering) {
            (1, _) => write!(f, "one row of {columns}, numbered from the left"),
            (_, _) if *columns == 1 => {
                let end = corner.split(' ').next().unwrap_or_default();
                write!(f, "one column of {rows}, numbered from the {end}")
            }
            (_, Numbering::Across) => {
                write!(
                    f,
                    "{rows} rows of {columns}, numbered across from the {corner}"
                )
            }
            (_, Numbering::Down) => {
                let way = match self.from {
                    Start::Top => "down",
                    Start::Bottom => "up",
                };
                write!(
                    f,
                    "{rows} rows of {columns}, numbered {way} from the {corner}"
                )
            }
        }
    }
}

/// The rows that enclosures with so many bays commonly have: up to ten bays, and 24 small ones, side by
/// side; twelve and sixteen large ones in rows of four; more in rows of twelve, as seen from above.
fn usual_rows(bays: u32) -> u32 {
    match bays {
        0..=10 | 17..=26 => 1,
        11..=16 => bays.div_ceil(4),
        _ => bays.div_ceil(12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(rows: u32, numbering: Numbering, from: Start) -> Wish {
        Wish {
            rows: NonZeroU32::new(rows),
            numbering: Some(numbering),
            from: Some(from),
        }
    }

    /// The numbers as they lie.
    fn drawn(bays: u32, wish: Wish) -> Vec<Vec<u32>> {
        let layout = Layout::new(bays, wish);
        let mut rows = vec![Vec::new(); usize::try_from(layout.rows).unwrap()];
        let mut places: Vec<_> = (0..bays).map(|it| (layout.place(it), it)).collect();
        places.sort();
        for (place, index) in places {
            rows[usize::try_from(place.row).unwrap() - 1].push(index);
        }
        rows
    }

    #[test]
    fn usual_enclosures_have_their_usual_rows() {
        let shape = |bays| {
            let layout = Layout::new(bays, Wish::default());
            (layout.rows, layout.columns)
        };
        assert_eq!(shape(8), (1, 8));
        assert_eq!(shape(12), (3, 4));
        assert_eq!(shape(16), (4, 4));
        assert_eq!(shape(24), (1, 24));
        assert_eq!(shape(60), (5, 12));
        assert_eq!(shape(84), (7, 12));
        assert_eq!(shape(0), (1, 1));
    }

    #[test]
    fn numbers_run_as_told() {
        use {
            Numbering::{Across, Down},
            Start::{Bottom, Top},
        };
        assert_eq!(drawn(6, wish(2, Across, Top)), [[0, 1, 2], [3, 4, 5]]);
        assert_eq!(drawn(6, wish(2, Across, Bottom)), [[3, 4, 5], [0, 1, 2]]);
        assert_eq!(drawn(6, wish(2, Down, Top)), [[0, 2, 4], [1, 3, 5]]);
        assert_eq!(drawn(6, wish(2, Down, Bottom)), [[1, 3, 5], [0, 2, 4]]);
        assert_eq!(drawn(5, wish(2, Across, Top)), [vec![0, 1, 2], vec![3, 4]]);
        assert_eq!(drawn(2, wish(9, Down, Top)), [[0], [1]]);
    }

    #[test]
    fn a_layout_is_assumed_until_rows_and_numbering_are_told() {
        let told = |rows, numbering| {
            let wish = Wish {
                rows: NonZeroU32::new(rows),
                numbering,
                from: None,
            };
            !Layout::new(12, wish).assumed
        };
        assert!(!told(0, Some(Numbering::Down)));
        assert!(!told(3, None));
        assert!(told(1, None));
        assert!(told(3, Some(Numbering::Across)));
    }

    #[test]
    fn a_layout_is_said_in_words() {
        let words = |bays, wish| Layout::new(bays, wish).to_string();
        assert_eq!(
            words(8, Wish::default()),
            "one row of 8, numbered from the left"
        );
        assert_eq!(
            words(12, wish(3, Numbering::Down, Start::Bottom)),
            "3 rows of 4, numbered up from the bottom left"
        );
        assert_eq!(
            words(4, wish(4, Numbering::Across, Start::Bottom)),
            "one column of 4, numbered from the bottom"
        );
    }
}
