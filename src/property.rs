//! The properties of a controller that can be read and set one by one: the one table of them.
//!
//! [`Property`] names them, [`Property::facts`] tells everything about one: how people call it and
//! how MegaCLI does, which values it takes, how it reads back, and what to know before it is set. Pure.

mod table;

use std::fmt;

use ironkeep_parsers::model::{ControllerProperty, Settings};
use serde::Serialize;

pub use table::Property;

use crate::reading::{Controller, Part};

/// Everything about a property.
#[derive(Debug)]
pub struct Facts {
    /// How people call it: `rebuild-rate`.
    pub name: &'static str,
    /// What it is, in one line.
    pub help: &'static str,
    /// MegaCLI's word for it behind `-AdpGetProp`.
    pub asked: &'static str,
    /// The arguments that ask for it.
    pub question: &'static [&'static str],
    /// How MegaCLI sets it.
    pub setter: Setter,
    /// The values that it takes.
    pub kind: Kind,
    /// Its value in an answer about one property.
    pub answer: fn(&ControllerProperty) -> Option<Value>,
    /// Its value among the settings of `-AdpAllInfo`; none for what is not there.
    pub setting: fn(&Settings) -> Option<Value>,
    /// What to know before it is set.
    pub caution: Option<Caution>,
}

/// The values that a property takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On or off.
    Switch,
    /// A number.
    Number {
        /// The smallest.
        least: u64,
        /// The largest.
        most: u64,
        /// What it counts.
        unit: Unit,
    },
    /// One of these words.
    Word(&'static [&'static str]),
    /// A number of hours of each day and when they begin: `2@03:00`.
    Pause,
}

/// A share in percent, 0 to 100.
pub(crate) const RATE: Kind = number(0, 100, Unit::Percent);

/// A number from `least` to `most`.
pub(crate) const fn number(least: u64, most: u64, unit: Unit) -> Kind {
    Kind::Number { least, most, unit }
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Things.
    Count,
    /// Hundredths.
    Percent,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
}

impl Unit {
    /// What stands behind a number.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Count => "",
            Self::Percent => " %",
            Self::Seconds => " s",
            Self::Minutes => " min",
        }
    }
}

/// How MegaCLI sets a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setter {
    /// `-AdpSetProp NAME -1` switches it on, and a number sets it.
    Value(&'static str),
    /// `-AdpSetProp NAME -1` switches it off.
    Inverse(&'static str),
    /// `-AdpSetProp NAME -PLACE`: the place of a word among those of [`Kind::Word`].
    Place(&'static str),
    /// `-AdpSetProp NAME -WORD`: for each word of [`Kind::Word`] this one.
    Option(&'static str, &'static [&'static str]),
    /// These arguments switch it on, and those off.
    Words(&'static [&'static str], &'static [&'static str]),
    /// `-AdpSetProp NAME -interval HOURS -time MINUTE`.
    Pause(&'static str),
    /// MegaCLI cannot; why, and what to do instead.
    None(&'static str),
}

/// What to know before a property is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caution {
    /// Which value it is about; `None` for any.
    pub of: Option<bool>,
    /// What it brings.
    pub why: &'static str,
}

/// What to know before a switch is set to `to`.
#[expect(clippy::unnecessary_wraps, reason = "it stands in the table as it is")]
pub(crate) const fn when(to: bool, why: &'static str) -> Option<Caution> {
    Some(Caution { of: Some(to), why })
}

/// What to know before it is set at all.
#[expect(clippy::unnecessary_wraps, reason = "it stands in the table as it is")]
pub(crate) const fn always(why: &'static str) -> Option<Caution> {
    Some(Caution { of: None, why })
}

/// The value of a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// On or off.
    Switch(bool),
    /// A number; the unit stands with the property.
    Number(u64),
    /// A word.
    Word(String),
    /// So many hours of each day, from this minute of it on.
    Pause {
        /// How many hours.
        hours: u64,
        /// When they begin, in minutes after midnight of the controller's clock; absent where it was not
        /// read.
        from_minute: Option<u64>,
    },
}

impl Value {
    /// A word of the tool in the spelling of this program: `128_mib` is `128-mib`.
    pub(crate) fn token(token: &str) -> Self {
        Self::Word(token.to_lowercase().replace(['_', ' '], "-"))
    }

    /// As a person types it.
    pub fn typed(&self) -> String {
        match self {
            Self::Switch(true) => "on".to_owned(),
            Self::Switch(false) => "off".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Word(word) => word.clone(),
            Self::Pause {
                hours,
                from_minute: Some(from),
            } => format!("{hours}@{:02}:{:02}", from / 60, from % 60),
            Self::Pause {
                hours,
                from_minute: None,
            } => hours.to_string(),
        }
    }
}

impl Kind {
    /// Reads a value as a person typed it.
    ///
    /// # Errors
    /// If it is none of this kind: which ones are.
    pub fn read(self, typed: &str) -> Result<Value, String> {
        let lower = typed.trim().to_lowercase();
        let value = match self {
            Self::Switch => match lower.as_str() {
                "on" | "yes" | "true" | "enabled" | "enable" | "1" => Some(Value::Switch(true)),
                "off" | "no" | "false" | "disabled" | "disable" | "0" => Some(Value::Switch(false)),
                _ => None,
            },
            Self::Number { least, most, unit } => {
                let digits = match unit {
                    Unit::Percent => lower.trim_end_matches('%').trim_end(),
                    Unit::Seconds => lower.trim_end_matches('s').trim_end(),
                    Unit::Minutes => lower.trim_end_matches("min").trim_end(),
                    Unit::Count => lower.as_str(),
                };
                let number = digits.parse().ok();
                number
                    .filter(|number| (least..=most).contains(number))
                    .map(Value::Number)
            }
            Self::Word(words) => {
                let word = lower.replace(['_', ' '], "-");
                let known = words.iter().find(|known| **known == word);
                known.map(|&known| Value::Word(known.to_owned()))
            }
            Self::Pause => pause(&lower),
        };
        value.ok_or_else(|| format!("expected {}", self.expected()))
    }

    /// The values in words: `on or off`, `0 to 100 (percent)`.
    pub fn expected(self) -> String {
        match self {
            Self::Switch => "on or off".to_owned(),
            Self::Number { least, most, unit } => {
                let unit = match unit {
                    Unit::Count => "",
                    Unit::Percent => " percent",
                    Unit::Seconds => " seconds",
                    Unit::Minutes => " minutes",
                };
                format!("{least} to {most}{unit}")
            }
            Self::Word(words) => match words {
                [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
                words => words.join(", "),
            },
            Self::Pause => "HOURS@HH:MM, such as 2@03:00 (0@00:00 for none)".to_owned(),
        }
    }

    /// What the numbers of this kind count; `None` where it has none.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Self::Number { unit, .. } => Some(unit),
            Self::Switch | Self::Word(_) | Self::Pause => None,
        }
    }
}

/// `2@03:00`.
fn pause(typed: &str) -> Option<Value> {
    let (hours, from) = typed.split_once('@')?;
    let (hour, minute) = from.split_once(':')?;
    let hours = hours.parse::<u64>().ok().filter(|hours| *hours <= 24_u64)?;
    let hour = hour.parse::<u64>().ok().filter(|hour| *hour < 24_u64)?;
    let minute = minute
        .parse::<u64>()
        .ok()
        .filter(|minute| *minute < 60_u64)?;
    Some(Value::Pause {
        hours,
        from_minute: Some(hour * 60 + minute),
    })
}

impl Property {
    /// The property that people call `name`, or MegaCLI: its word is often what they know.
    pub fn named(name: &str) -> Option<Self> {
        let bare = name.trim_start_matches('-');
        let all = || Self::ALL.iter().copied();
        let wanted = bare.to_lowercase().replace('_', "-");
        all().find(|it| it.facts().name == wanted).or_else(|| {
            all().find(|it| {
                let facts = it.facts();
                let set = facts.setter.words();
                facts.asked.eq_ignore_ascii_case(bare)
                    || set.into_iter().any(|word| word.eq_ignore_ascii_case(bare))
            })
        })
    }

    /// The parts that show it.
    pub fn parts(self) -> &'static [Part] {
        if self == Self::PowerSavePause {
            const PAUSE: &[Part] = &[
                Part::Property(Property::PowerSavePause),
                Part::Property(Property::PowerSavePauseStart),
            ];
            return PAUSE;
        }
        self.own_part()
    }

    /// Its value, as the reading shows it: what was asked for it alone, or else among the settings.
    pub fn of(self, controller: &Controller) -> Option<Value> {
        let facts = self.facts();
        let asked = |property: Self| {
            let mut answers = controller.properties.iter();
            answers.find_map(|answer| (property.facts().answer)(answer))
        };
        if self == Self::PowerSavePause {
            let Some(Value::Number(hours)) = asked(self) else {
                return None;
            };
            let from_minute = match asked(Self::PowerSavePauseStart) {
                Some(Value::Number(minute)) => Some(minute),
                _ => None,
            };
            return Some(Value::Pause { hours, from_minute });
        }
        asked(self).or_else(|| (facts.setting)(&controller.info.as_ref()?.settings))
    }

    /// Whether an answer about this property was read.
    pub fn is_read(self, controller: &Controller) -> bool {
        let mut answers = controller.properties.iter();
        answers.any(|answer| (self.facts().answer)(answer).is_some())
    }

    /// `value` as people read it: `30 %`, `on`.
    pub fn shown(self, value: &Value) -> String {
        let symbol = self.facts().kind.unit().map_or("", Unit::symbol);
        match value {
            Value::Number(number) => format!("{number}{symbol}"),
            Value::Switch(_) | Value::Word(_) | Value::Pause { .. } => value.typed(),
        }
    }
}

impl Setter {
    /// MegaCLI's words for it.
    fn words(self) -> Vec<&'static str> {
        match self {
            Self::Value(word)
            | Self::Inverse(word)
            | Self::Place(word)
            | Self::Option(word, _)
            | Self::Pause(word) => vec![word],
            Self::Words(on, off) => on.iter().chain(off).copied().collect(),
            Self::None(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.facts().name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_kebab_case() {
        let mut names: Vec<_> = Property::ALL.iter().map(|it| it.facts().name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for name in names {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(name.chars().all(plain), "{name}");
            assert_eq!(Property::named(name).map(|it| it.facts().name), Some(name));
        }
    }

    #[test]
    fn megacli_s_own_words_are_names_too() {
        assert_eq!(Property::named("RebuildRate"), Some(Property::RebuildRate));
        assert_eq!(Property::named("-copybackdsbl"), Some(Property::Copyback));
        assert_eq!(Property::named("rebuild_rate"), Some(Property::RebuildRate));
        assert_eq!(Property::named("nonsense"), None);
    }

    #[test]
    fn values_are_read_as_people_write_them() {
        assert_eq!(RATE.read("60"), Ok(Value::Number(60)));
        assert_eq!(RATE.read("60 %"), Ok(Value::Number(60)));
        assert!(RATE.read("101").unwrap_err().contains("0 to 100"));
        assert_eq!(Kind::Switch.read("Enabled"), Ok(Value::Switch(true)));
        assert_eq!(
            Kind::Pause.read("2@03:30"),
            Ok(Value::Pause {
                hours: 2,
                from_minute: Some(210)
            })
        );
        assert!(Kind::Pause.read("25@03:00").is_err());
        let coercion = Property::CoercionMode.facts().kind;
        assert_eq!(
            coercion.read("128_MiB"),
            Ok(Value::Word("128-mib".to_owned()))
        );
        assert!(coercion.read("2gib").is_err());
    }

    #[test]
    fn what_is_typed_is_what_is_shown() {
        for typed in ["2@03:30", "0@00:00"] {
            assert_eq!(Kind::Pause.read(typed).unwrap().typed(), typed);
        }
    }
}
