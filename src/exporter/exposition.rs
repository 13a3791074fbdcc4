//! Numbers as text: the Prometheus text format 0.0.4 and OpenMetrics 1.0.
//!
//! A sample is the same line in both, so samples are written once, as they come; the formats differ in
//! the lines around them. The `prometheus-client` crate writes OpenMetrics alone.

use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Display, Write as _};

use super::family::{Family, Kind};

/// A text format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// The Prometheus text format, version 0.0.4.
    Prometheus,
    /// OpenMetrics, version 1.0.0.
    OpenMetrics,
}

impl TextFormat {
    /// The media type, as `Content-Type` names it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Samples by family.
#[derive(Debug, Default)]
pub struct Exposition {
    families: BTreeMap<&'static str, Samples>,
    repeated: u64,
}

#[derive(Debug)]
struct Samples {
    family: &'static Family,
    lines: String,
    /// The labels of each line: a series that comes twice would make a server refuse the whole page.
    seen: HashSet<String>,
}

impl Exposition {
    /// Adds a sample. `labels` are the values of the family's labels, in their order. A series that is
    /// there already stays as it is.
    pub fn add(
        &mut self,
        family: &'static Family,
        labels: &[&dyn Display],
        value: impl Into<Value>,
    ) {
        debug_assert_eq!(family.labels.len(), labels.len(), "{}", family.name);
        let samples = self.families.entry(family.name).or_insert_with(|| Samples {
            family,
            lines: String::new(),
            seen: HashSet::new(),
        });
        let mut set = String::new();
        for (name, label) in family.labels.iter().zip(labels) {
            let lead = if set.is_empty() { '{' } else { ',' };
            // Writing to a string cannot fail.
            let _ = write!(set, "{lead}{name}=\"");
            let _ = write!(Escaped(&mut set), "{label}");
            set.push('"');
        }
        if !set.is_empty() {
            set.push('}');
        }
        if samples.seen.contains(&set) {
            self.repeated += 1;
            return;
        }
        let _ = writeln!(samples.lines, "{}{set} {}", family.name, value.into());
        samples.seen.insert(set);
    }

    /// Adds a sample where there is a value.
    pub fn add_some(
        &mut self,
        family: &'static Family,
        labels: &[&dyn Display],
        value: Option<impl Into<Value>>,
    ) {
        if let Some(value) = value {
            self.add(family, labels, value);
        }
    }

    /// Adds a series for each of `states`, of which `current` is 1 and the others 0. The last label is
    /// the state.
    pub fn add_states(
        &mut self,
        family: &'static Family,
        labels: &[&dyn Display],
        states: &[&str],
        current: &str,
    ) {
        for state in states {
            let labels: Vec<&dyn Display> = labels.iter().copied().chain([state as _]).collect();
            self.add(family, &labels, *state == current);
        }
    }

    /// How many samples were left out because their series was there already.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// The families that have samples, by name.
    pub fn families(&self) -> impl Iterator<Item = &'static Family> {
        self.families.values().map(|samples| samples.family)
    }

    /// The whole as text.
    pub fn encode(&self, format: TextFormat) -> String {
        let samples = self.families.values();
        let size: usize = samples.clone().map(|it| it.lines.len() + 300).sum();
        let mut text = String::with_capacity(size);
        for Samples { family, lines, .. } in samples {
            let (name, kind) = match (format, family.kind) {
                (_, Kind::Gauge) => (family.name, "gauge"),
                (TextFormat::Prometheus, Kind::Info) => (family.name, "gauge"),
                (TextFormat::Prometheus, Kind::Counter) => (family.name, "counter"),
                (TextFormat::OpenMetrics, Kind::Counter) => (family.base(), "counter"),
                (TextFormat::OpenMetrics, Kind::Info) => (family.base(), "info"),
            };
            // Help has neither quotes nor backslashes: a test holds that.
            let _ = writeln!(text, "# HELP {name} {}\n# TYPE {name} {kind}", family.help);
            if let (TextFormat::OpenMetrics, Some(unit)) = (format, family.unit()) {
                let _ = writeln!(text, "# UNIT {name} {unit}");
            }
            text.push_str(lines);
        }
        if format == TextFormat::OpenMetrics {
            text.push_str("# EOF\n");
        }
        text
    }
}

/// A number of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A whole number.
    Whole(u64),
    /// Any other.
    Real(f64),
}

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(f),
            Self::Real(number) => number.fmt(f),
        }
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Whole(number.into())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Whole(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Whole(yes.into())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

/// Writes the value of a label: what both formats escape, escaped.
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '\\' => self.0.push_str("\\\\"),
                '"' => self.0.push_str("\\\""),
                '\n' => self.0.push_str("\\n"),
                other => self.0.push(other),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static ERRORS: Family = Family {
        name: "t_errors_total",
        kind: Kind::Counter,
        labels: &["slot", "name"],
        help: "Errors.",
    };
    static HEAT: Family = Family {
        name: "t_heat_celsius",
        kind: Kind::Gauge,
        labels: &[],
        help: "Heat.",
    };

    #[test]
    fn a_sample_is_the_same_in_both_formats() {
        let mut page = Exposition::default();
        page.add(&HEAT, &[], 0.5);
        page.add(&ERRORS, &[&4, &"a\"\\\nb"], 3_u64);
        let sample = "t_errors_total{slot=\"4\",name=\"a\\\"\\\\\\nb\"} 3\n";
        assert_eq!(
            page.encode(TextFormat::Prometheus),
            format!(
                "# HELP t_errors_total Errors.\n# TYPE t_errors_total counter\n{sample}\
                 # HELP t_heat_celsius Heat.\n# TYPE t_heat_celsius gauge\nt_heat_celsius 0.5\n"
            )
        );
        assert_eq!(
            page.encode(TextFormat::OpenMetrics),
            format!(
                "# HELP t_errors Errors.\n# TYPE t_errors counter\n{sample}\
                 # HELP t_heat_celsius Heat.\n# TYPE t_heat_celsius gauge\n\
                 # UNIT t_heat_celsius celsius\nt_heat_celsius 0.5\n# EOF\n"
            )
        );
    }

    #[test]
    fn a_series_comes_once() {
        let mut page = Exposition::default();
        page.add(&HEAT, &[], 1.0);
        page.add(&HEAT, &[], 2.0);
        assert_eq!(page.repeated(), 1);
        assert!(
            page.encode(TextFormat::Prometheus)
                .ends_with("\nt_heat_celsius 1\n")
        );
    }
}
