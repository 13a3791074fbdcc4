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
use std::mem;

use hyper::body::Bytes;

use super::family::{Family, Kind};
use super::pieces::{Pieces, exact};
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

/// Samples of fewer bytes than this are copied.
const FEW: usize = 4096;

/// How many bytes the samples of each family are.
pub type Sizes = BTreeMap<&'static str, usize>;

/// Samples by family.
#[derive(Debug, Default)]
pub struct Exposition {
    families: BTreeMap<&'static str, Samples>,
    /// How much room each family gets at first.
    rooms: Sizes,
    /// What the labels of each line hash to: a series that comes twice would make a server refuse the
    /// whole page.
    seen: HashSet<u64>,
    repeated: u64,
}

#[derive(Debug)]
struct Samples {
    family: &'static Family,
    lines: String,
}

impl Exposition {
    /// One that has room for a little more than samples of `sizes`: room that has to grow leaves holes.
    pub fn with_room_for(sizes: Sizes) -> Self {
        Self {
            rooms: sizes,
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
        let Samples { lines, .. } = self.families.entry(family.name).or_insert_with(|| {
            let room = self.rooms.get(family.name).map_or(0, |it| it + it / 16);
            Samples {
                family,
                lines: String::with_capacity(room),
            }
        });
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
        // Equal hashes alone are no proof.
        if !self.seen.insert(hasher.finish()) && has(before, series) {
            lines.truncate(start);
            self.repeated += 1;
            return;
        }
        let _ = writeln!(lines, " {value}");
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

    /// How many bytes the samples of each family are.
    pub fn sizes(&self) -> Sizes {
        let families = self.families.iter();
        families.map(|(&name, it)| (name, it.lines.len())).collect()
    }

    /// The whole as text.
    pub fn encode(&self, format: TextFormat) -> String {
        let samples = self.families.values();
        let size: usize = samples.clone().map(|it| it.lines.len() + 300).sum();
        let mut text = String::with_capacity(size);
        for Samples { family, lines } in samples {
            head(&mut text, family, format);
            text.push_str(lines);
        }
        text.push_str(format.end());
        text
    }

    /// The whole in each of `formats`. Samples are there once, but for those of families that have few:
    /// many small pieces cost more to send than they save.
    pub fn share<const N: usize>(self, formats: [TextFormat; N]) -> [Pieces; N] {
        let samples = self.families.into_values();
        let samples: Vec<_> = samples
            .map(|it| (it.family, Bytes::from(it.lines)))
            .collect();
        formats.map(|format| {
            let (mut pieces, mut between) = (Vec::new(), Vec::new());
            for (family, lines) in &samples {
                let mut text = String::new();
                head(&mut text, family, format);
                between.extend_from_slice(text.as_bytes());
                if lines.len() < FEW {
                    between.extend_from_slice(lines);
                } else {
                    pieces.push(exact(mem::take(&mut between)));
                    pieces.push(lines.clone());
                }
            }
            between.extend_from_slice(format.end().as_bytes());
            pieces.push(exact(between));
            pieces.into_iter().collect()
        })
    }
}

/// Whether one of `lines` is a sample of `series`.
fn has(lines: &str, series: &str) -> bool {
    lines.lines().any(|line| {
        let value = line.strip_prefix(series);
        value.is_some_and(|value| value.starts_with(' '))
    })
}

/// Writes what stands before the samples of `family`.
fn head(text: &mut String, family: &Family, format: TextFormat) {
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
    use hyper::body::Buf as _;

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
    fn what_is_shared_is_what_each_format_is_alone() {
        let mut page = Exposition::default();
        for slot in 0..1000 {
            page.add(&ERRORS, &[&slot, &"of many"], 3_u64);
        }
        page.add(&HEAT, &[], 0.5);
        let formats = [TextFormat::Prometheus, TextFormat::OpenMetrics];
        let texts = formats.map(|format| page.encode(format));
        let shared = page.share(formats).map(|mut it| {
            let all = it.copy_to_bytes(it.remaining());
            String::from_utf8(all.to_vec()).unwrap()
        });
        assert_eq!(shared, texts);
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
        let lines = &page.families[ERRORS.name].lines;
        assert!(has(lines, "t_errors_total{slot=\"1\",name=\"\"}"));
        assert!(!has(lines, "t_errors_total{slot=\"2\",name=\"\"}"));
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
