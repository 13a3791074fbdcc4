//! One value of a row: what people see, what machines read, and how it sorts.

use std::cmp::Ordering;

use anstyle::{AnsiColor, Style};
use ironkeep_parsers::units::{
    BitsPerSecond, Bytes, Celsius, Days, Farads, Hours, Joules, Microseconds, MilliampHours,
    Milliamps, Millivolts, Milliwatts, Minutes, Percent, Seconds,
};

use super::{human, text};

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

impl Tone {
    pub(super) fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Neutral => Style::new(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
        }
    }

    /// `text` in the colour of this tone.
    pub(super) fn paint(self, text: &str) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

/// One value in a row: what people see and what sorting and plain output use.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not printed by the tool, or not applicable. Shown as `-`, plain output leaves it empty.
    Absent,
    /// Text. Device strings are escaped by the printer.
    Text(String),
    /// A whole number: a count or an id.
    Number(i128),
    /// A size: `3.64 TiB` for people, bytes in plain output.
    Size(Bytes),
    /// A size of which only bounds are known: `≤ 12 GiB`, `3.1–3.4 GiB`. Plain output leaves it empty: it
    /// has exact figures alone.
    Bounds {
        /// It is no less.
        at_least: Bytes,
        /// It is no more.
        at_most: Bytes,
    },
    /// A number with its unit for people (`32 °C`) and bare in plain output.
    Quantity {
        /// The bare number.
        value: f64,
        /// What people see.
        shown: String,
    },
    /// A state with its token for machines. Sorts from good to bad, then by token.
    State {
        /// What people see.
        shown: String,
        /// The token.
        token: String,
        /// How good it is.
        tone: Tone,
    },
}

impl Cell {
    /// A state: what people see, the token for machines, and how good it is.
    pub fn state(shown: impl Into<String>, token: impl Into<String>, tone: Tone) -> Self {
        Self::State {
            shown: shown.into(),
            token: token.into(),
            tone,
        }
    }

    /// A size between two bounds; a plain one where they meet.
    pub fn bounds(at_least: Bytes, at_most: Bytes) -> Self {
        if at_least == at_most {
            Self::Size(at_most)
        } else {
            Self::Bounds { at_least, at_most }
        }
    }

    /// A number with its unit for people.
    pub fn quantity(value: impl Into<f64>, shown: impl Into<String>) -> Self {
        Self::Quantity {
            value: value.into(),
            shown: shown.into(),
        }
    }

    /// What people see, not yet escaped.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Absent => "-".to_owned(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Size(size) => human::bytes(*size),
            Self::Bounds { at_least, at_most } => human::bytes_between(*at_least, *at_most),
            Self::Quantity { shown, .. } | Self::State { shown, .. } => shown.clone(),
        }
    }

    /// What machines read, not yet escaped.
    pub(super) fn raw(&self) -> String {
        match self {
            Self::Absent | Self::Bounds { .. } => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Size(size) => size.0.to_string(),
            Self::Quantity { value, .. } => value.to_string(),
            Self::State { token, .. } => token.clone(),
        }
    }

    /// How good the value is; neutral for everything but states.
    pub(crate) fn tone(&self) -> Tone {
        match self {
            Self::State { tone, .. } => *tone,
            Self::Absent
            | Self::Text(_)
            | Self::Number(_)
            | Self::Size(_)
            | Self::Bounds { .. }
            | Self::Quantity { .. } => Tone::Neutral,
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The order of raw values. Different kinds in one column keep apart, absent ones last.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (
                Self::Size(a) | Self::Bounds { at_most: a, .. },
                Self::Size(b) | Self::Bounds { at_most: b, .. },
            ) => a.cmp(b),
            (Self::Quantity { value: a, .. }, Self::Quantity { value: b, .. }) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => text::natural_order(a, b),
            (
                Self::State { token: a, tone, .. },
                Self::State {
                    token: b,
                    tone: other,
                    ..
                },
            ) => tone.cmp(other).then_with(|| text::natural_order(a, b)),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Size(_) | Self::Bounds { .. } => 1,
            Self::Quantity { .. } => 2,
            Self::State { .. } => 3,
            Self::Text(_) => 4,
            Self::Absent => 5,
        }
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<bool> for Cell {
    fn from(yes: bool) -> Self {
        Self::Text(if yes { "yes" } else { "no" }.to_owned())
    }
}

impl From<Bytes> for Cell {
    fn from(size: Bytes) -> Self {
        Self::Size(size)
    }
}

macro_rules! whole_numbers {
    ($($number:ty),+) => {$(
        impl From<$number> for Cell {
            fn from(number: $number) -> Self {
                Self::Number(number.into())
            }
        }
    )+};
}
whole_numbers!(u8, u16, u32, u64, i8, i16, i32, i64);

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        // No platform has a usize beyond 64 bits.
        Self::Number(number as i128)
    }
}

macro_rules! quantities {
    ($($unit:ty => $shown:expr),+ $(,)?) => {$(
        impl From<$unit> for Cell {
            fn from(quantity: $unit) -> Self {
                let shown: fn($unit) -> String = $shown;
                Self::Quantity { value: float(quantity.0.into()), shown: shown(quantity) }
            }
        }
    )+};
}
quantities! {
    BitsPerSecond => human::speed,
    Celsius => |it| it.to_string(),
    Percent => |it| it.to_string(),
    Millivolts => |it| it.to_string(),
    Milliamps => |it| it.to_string(),
    MilliampHours => |it| it.to_string(),
    Joules => |it| it.to_string(),
    Milliwatts => |it| it.to_string(),
    Farads => |it| it.to_string(),
    Microseconds => |it| it.to_string(),
    Seconds => human::duration,
    Minutes => |it| human::duration(Seconds(it.0.saturating_mul(60))),
    Hours => |it| human::duration(Seconds(it.0.saturating_mul(3600))),
    Days => |it| human::duration(Seconds(it.0.saturating_mul(86400))),
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no quantity of a drive or a battery reaches 2^53 of its unit"
)]
fn float(number: i128) -> f64 {
    number as f64
}
