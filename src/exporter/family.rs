//! What a family of metrics is. The families themselves stand in [`super::metrics`], beside the code that
//! fills them.

/// What kind of numbers a family has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A level, which rises and falls.
    Gauge,
    /// A count, which only rises until it begins anew. Its name ends in `_total`.
    Counter,
    /// Texts as labels of a constant 1. Its name ends in `_info`.
    Info,
}

/// A family of metrics: a name, what it means, and the labels that tell its series apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    /// The name of every sample, with its unit and `_total` or `_info`.
    pub name: &'static str,
    /// What kind.
    pub kind: Kind,
    /// The labels, in the order in which their values are given.
    pub labels: &'static [&'static str],
    /// All values that the last label can have, where there is a closed list of them. Each object then
    /// has a series for every one.
    pub values: &'static [&'static str],
    /// What it means, for people: one sentence or two.
    pub help: &'static str,
}

impl Family {
    /// The name by which OpenMetrics calls the family: without `_total` and `_info`.
    pub fn base(&self) -> &'static str {
        let ending = match self.kind {
            Kind::Gauge => "",
            Kind::Counter => "_total",
            Kind::Info => "_info",
        };
        self.name.strip_suffix(ending).unwrap_or(self.name)
    }

    /// The base unit at the end of the name; `None` for a plain number.
    pub fn unit(&self) -> Option<&'static str> {
        const UNITS: &[&str] = &[
            "bytes_per_second",
            "seconds",
            "bytes",
            "celsius",
            "ratio",
            "volts",
            "amperes",
            "coulombs",
            "joules",
        ];
        let ends = |unit: &&&str| self.base().ends_with(&format!("_{unit}"));
        let units = UNITS.iter().filter(|_| self.kind != Kind::Info);
        units.copied().find(|unit| ends(&unit))
    }
}

/// Declares families and the list of them: `NAME = "name", Kind, ["label", …], "help";`. With
/// `["label", …] of VALUES` the last label has only those values.
macro_rules! families {
    (@values) => { &[] };
    (@values $values:expr) => { $values };
    ($(
        $name:ident = $text:literal, $kind:ident, [$($label:literal),*] $(of $values:expr)?, $help:literal;
    )+) => {
        $(
            #[doc = concat!("`", $text, "`")]
            pub(crate) static $name: $crate::exporter::family::Family =
                $crate::exporter::family::Family {
                    name: $text,
                    kind: $crate::exporter::family::Kind::$kind,
                    labels: &[$($label),*],
                    values: $crate::exporter::family::families!(@values $($values)?),
                    help: $help,
                };
        )+

        /// The families of this file.
        pub(crate) static FAMILIES: &[&$crate::exporter::family::Family] = &[$( &$name ),+];
    };
}
pub(crate) use families;
