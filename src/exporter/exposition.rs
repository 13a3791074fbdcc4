//! Numbers as text: the Prometheus text format 0.0.4 and OpenMetrics 1.0.
//!
//! A sample is the same line in both, so samples are written once, as they come; the formats differ in
//! the lines around them. The `prometheus-client` crate writes OpenMetrics alone.
//!
//! Whatever comes in, what goes out is a page that a server takes: a series comes once, labels hold any
//! text, and a value is a finite number.

use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Display, Write as _};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

use super::family::{Family, Kind};
pub use super::value::Value;

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

    /// What stands after all samples.
    pub fn end(self) -> &'static str {
        match self {
            Self::Prometheus => "",
            Self::OpenMetrics => "# EOF\n",
        }
    }
}

/// Samples by family.
#[derive(Debug, Default)]
pub struct Exposition {
    families: BTreeMap<&'static str, Samples>,
    /// The samples, as they came, a line each.
    lines: String,
    /// What the labels of each line hash to: a series that comes twice would make a server refuse the
    /// whole page.
    seen: HashSet<u64>,
    repeated: u64,
}

#[derive(Debug)]
struct Samples {
    family: &'static Family,
    /// Where its lines are.
    places: Vec<Range<usize>>,
}

impl Samples {
    fn lines<'a>(&self, all: &'a str) -> impl Iterator<Item = &'a str> {
        self.places
            .iter()
            .filter_map(|place| all.get(place.clone()))
    }

    /// Whether a line of these labels is there.
    fn has(&self, all: &str, series: &str) -> bool {
        self.lines(all).flat_map(str::lines).any(|line| {
            let value = line.strip_prefix(series);
            value.is_some_and(|value| value.starts_with(' '))
        })
    }

    /// Adds what is between `start` and `end`.
    fn add(&mut self, start: usize, end: usize) {
        match self.places.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => self.places.push(start..end),
        }
    }
}

impl Exposition {
    /// One that holds samples of so many bytes without growing.
    pub fn with_room(bytes: usize) -> Self {
        Self {
            lines: String::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// Adds a sample. `labels` are the values of the family's labels, in their order. A series that is
    /// there already stays as it is, and what is no number is left out.
    pub fn add(
        &mut self,
        family: &'static Family,
        labels: &[&dyn Display],
        value: impl Into<Value>,
    ) {
        debug_assert_eq!(family.labels.len(), labels.len(), "{}", family.name);
        let value = value.into();
        if !value.is_number() {
            return;
        }
        let lines = &mut self.lines;
        let start = lines.len();
        lines.push_str(family.name);
        for (position, (name, label)) in family.labels.iter().zip(labels).enumerate() {
            lines.push(if position == 0 { '{' } else { ',' });
            lines.push_str(name);
            lines.push_str("=\"");
            // Writing to a string cannot fail.
            let _ = write!(Escaped(lines), "{label}");
            lines.push('"');
        }
        if !family.labels.is_empty() {
            lines.push('}');
        }
        let (before, series) = lines.split_at_checked(start).unwrap_or_default();
        let mut hasher = DefaultHasher::new();
        series.hash(&mut hasher);
        let samples = self.families.entry(family.name).or_insert_with(|| Samples {
            family,
            places: Vec::new(),
        });
        // Equal hashes alone are no proof.
        if !self.seen.insert(hasher.finish()) && samples.has(before, series) {
            lines.truncate(start);
            self.repeated += 1;
            return;
        }
        let _ = writeln!(lines, " {value}");
        samples.add(start, lines.len());
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

    /// Adds a series for each value of the family's last label, of which `current` is 1 and the others
    /// 0. A state that is none of them is `unknown`.
    pub fn add_states(&mut self, family: &'static Family, labels: &[&dyn Display], current: &str) {
        let known = family.values.contains(&current);
        let current = if known { current } else { "unknown" };
        debug_assert!(family.values.contains(&current), "{}", family.name);
        let mut all = labels.to_vec();
        all.push(&"");
        for state in family.values {
            if let Some(last) = all.last_mut() {
                *last = state;
            }
            self.add(family, &all, *state == current);
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

    /// How many bytes the samples are.
    pub fn size(&self) -> usize {
        self.lines.len()
    }

    /// The whole as text.
    pub fn encode(&self, format: TextFormat) -> String {
        self.encode_marked(format).0
    }

    /// The whole as text, and where in it the samples of each family are.
    pub fn encode_marked(&self, format: TextFormat) -> (String, Vec<Range<usize>>) {
        let (heads, places) = self.heads(format);
        let size = heads.len() + self.lines.len() + format.end().len();
        let mut text = String::with_capacity(size);
        let families = self.families.values().zip(places);
        let samples = families.map(|(samples, head)| {
            text.push_str(heads.get(head).unwrap_or_default());
            let start = text.len();
            text.extend(samples.lines(&self.lines));
            start..text.len()
        });
        let samples = samples.collect();
        text.push_str(format.end());
        (text, samples)
    }

    /// What stands before the samples of each family, and where in it each of these is.
    pub fn heads(&self, format: TextFormat) -> (String, Vec<Range<usize>>) {
        let mut text = String::new();
        let heads = self.families().map(|family| {
            let start = text.len();
            let (name, kind) = match (format, family.kind) {
                (_, Kind::Gauge) | (TextFormat::Prometheus, Kind::Info) => (family.name, "gauge"),
                (TextFormat::Prometheus, Kind::Counter) => (family.name, "counter"),
                (TextFormat::OpenMetrics, Kind::Counter) => (family.base(), "counter"),
                (TextFormat::OpenMetrics, Kind::Info) => (family.base(), "info"),
            };
            // Help has neither quotes nor backslashes: a test holds that.
            let _ = writeln!(text, "# HELP {name} {}\n# TYPE {name} {kind}", family.help);
            if let (TextFormat::OpenMetrics, Some(unit)) = (format, family.unit()) {
                let _ = writeln!(text, "# UNIT {name} {unit}");
            }
            start..text.len()
        });
        let heads = heads.collect();
        (text, heads)
    }
}

/// Writes the value of a label: what both formats escape, escaped.
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Almost no label needs it.
        if !text.contains(['\\', '"', '\n']) {
            self.0.push_str(text);
            return Ok(());
        }
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
        values: &[],
        help: "Errors.",
    };
    static HEAT: Family = Family {
        name: "t_heat_celsius",
        kind: Kind::Gauge,
        labels: &[],
        values: &[],
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

    #[test]
    fn equal_hashes_alone_do_not_hide_a_series() {
        let mut page = Exposition::default();
        page.add(&ERRORS, &[&1, &""], 1_u64);
        let samples = &page.families[ERRORS.name];
        assert!(samples.has(&page.lines, "t_errors_total{slot=\"1\",name=\"\"}"));
        assert!(!samples.has(&page.lines, "t_errors_total{slot=\"2\",name=\"\"}"));
    }

    #[test]
    fn what_is_no_number_is_not_shown() {
        let mut page = Exposition::default();
        page.add(&HEAT, &[], f64::NAN);
        page.add(&HEAT, &[], f64::INFINITY);
        assert_eq!(page.encode(TextFormat::Prometheus), "");
        assert_eq!(page.encode(TextFormat::OpenMetrics), "# EOF\n");
    }

    #[test]
    fn one_of_the_states_is_1_and_an_unknown_one_is_unknown() {
        static STATE: Family = Family {
            name: "t_state",
            kind: Kind::Gauge,
            labels: &["slot", "state"],
            values: &["good", "bad", "unknown"],
            help: "State.",
        };
        let mut page = Exposition::default();
        page.add_states(&STATE, &[&1], "bad");
        page.add_states(&STATE, &[&2], "Sleeping");
        let text = page.encode(TextFormat::Prometheus);
        let ones: Vec<&str> = text.lines().filter(|line| line.ends_with(" 1")).collect();
        assert_eq!(
            ones,
            [
                "t_state{slot=\"1\",state=\"bad\"} 1",
                "t_state{slot=\"2\",state=\"unknown\"} 1"
            ]
        );
        assert_eq!(text.lines().filter(|line| line.ends_with(" 0")).count(), 4);
    }
}
