//! The families of metrics, and how they are filled from what is known. One file per object, the table of
//! its families first.
//!
//! A family shows what the firmware says, and nothing where it says nothing: absent is never 0. Text that
//! names a thing stands in a family of its own that ends in `_info`, never beside a number, so that a
//! new drive in a slot changes one series. States have a series for each value they can have.

mod background;
mod battery;
mod controller;
mod dimm;
mod enclosure;
mod events;
mod exporter;
mod health;
pub mod label;
mod memory;
mod physical_drive;
mod virtual_drive;

use std::fmt::{self, Display};

use ironkeep_parsers::model::{ControllerInfo, NextStart, OperationKind, Progress};
use jiff::civil::DateTime;

use super::exposition::Exposition;
use super::family::Family;
use super::snapshot::Snapshot;
use super::value::Value;
use crate::reading::Reading;

/// The families of one object.
#[derive(Debug)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// What holds for all of them.
    pub about: &'static str,
    /// The families.
    pub families: &'static [&'static Family],
}

/// Every family, by the object that it is about.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Health",
        about: "What ironkeep health finds, judged of the same reading as all the rest.",
        families: health::FAMILIES,
    },
    Group {
        title: "Controllers",
        about: "Identity, settings and errors of a controller, and what it has.",
        families: controller::FAMILIES,
    },
    Group {
        title: "Virtual drives",
        about: "A virtual drive is named by its target id.",
        families: virtual_drive::FAMILIES,
    },
    Group {
        title: "Physical drives",
        about: "A physical drive is named by its place, which a new drive in the same slot takes over.",
        families: physical_drive::FAMILIES,
    },
    Group {
        title: "Enclosures",
        about: "Enclosures that the controller talks to, with their sensors.",
        families: enclosure::FAMILIES,
    },
    Group {
        title: "Battery",
        about: "The battery or the capacitor that keeps the write cache when the power fails.",
        families: battery::FAMILIES,
    },
    Group {
        title: "Background work",
        about: "What the controller does by itself from time to time.",
        families: background::FAMILIES,
    },
    Group {
        title: "Events",
        about: "The event log of the controller.",
        families: events::FAMILIES,
    },
    Group {
        title: "Memory modules",
        about: "The memory modules of the host, from EDAC and the board's table. Switched off by dimms = false in the configuration.",
        families: dimm::FAMILIES,
    },
    Group {
        title: "Who uses the memory",
        about: "The largest units or programs, and all others in one sum. Switched on by memory = \"unit\" or \"program\" in the configuration or by --memory.",
        families: memory::FAMILIES,
    },
    Group {
        title: "The exporter itself",
        about: "Whether what is shown can be believed, and what it costs.",
        families: exporter::FAMILIES,
    },
];

/// Every family, for the manual page and tests.
pub fn families() -> impl Iterator<Item = &'static Family> {
    GROUPS.iter().flat_map(|group| group.families).copied()
}

/// The metrics that `snapshot` shows.
pub fn describe(snapshot: &Snapshot) -> Exposition {
    let mut metrics = Exposition::default();
    fill(&mut metrics, snapshot);
    metrics
}

/// Adds to `metrics` what `snapshot` shows.
pub fn fill(metrics: &mut Exposition, snapshot: &Snapshot) {
    health::describe(snapshot, metrics);
    for known in &snapshot.reading.controllers {
        let controller = Maybe(known.id);
        controller::describe(known, &snapshot.reading, &controller, metrics);
        virtual_drive::describe(known, snapshot, &controller, metrics);
        physical_drive::describe(known, &controller, metrics);
        enclosure::describe(known, &controller, metrics);
        battery::describe(known, &snapshot.reading, &controller, metrics);
        background::describe(known, &snapshot.reading, &controller, metrics);
        events::positions(known, &controller, metrics);
    }
    events::counts(snapshot, metrics);
    if let Some(modules) = &snapshot.system.modules {
        dimm::describe(modules, metrics);
    }
    if let Some(memory) = &snapshot.system.memory {
        memory::describe(memory, metrics);
    }
    // Last: it tells of the page itself.
    exporter::describe(snapshot, metrics);
}

/// The value of a label: empty where there is none, which to a server is a label that is not there.
#[derive(Debug, Clone, Copy)]
struct Maybe<T>(Option<T>);

impl<T: Display> Display for Maybe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |it| it.fmt(f))
    }
}

/// What the controller's clock will show at `planned`, as a time of this host. The clock has no zone and
/// may be wrong, so the time until then is counted on it. Only of a live reading, and to the minute: clock
/// and host are not read at the same instant.
fn host_time(planned: DateTime, info: Option<&ControllerInfo>, reading: &Reading) -> Option<Value> {
    const MINUTE: i64 = 60;
    let shown = info?.settings.current_time.filter(|_| reading.live)?;
    let until = planned.duration_since(shown).as_secs();
    let at = reading.taken.as_second().checked_add(until)?;
    Some(Value::Decimal(
        (at + MINUTE / 2).div_euclid(MINUTE) * MINUTE,
        0,
    ))
}

/// [`host_time`] of the next start of a scheduled activity.
fn next_start(
    next: Option<&NextStart>,
    info: Option<&ControllerInfo>,
    reading: &Reading,
) -> Option<Value> {
    match next? {
        NextStart::At(planned) => host_time(*planned, info, reading),
        NextStart::On(_) | NextStart::Unset(_) | NextStart::None => None,
    }
}

/// The running operations that `operations` names, by the value of the label `operation`.
fn running<'a>(
    operations: impl Iterator<Item = &'a ironkeep_parsers::model::Operation>,
) -> impl Iterator<
    Item = (
        &'a ironkeep_parsers::model::Operation,
        &'static str,
        Progress,
    ),
> {
    operations.filter_map(|it| Some((it, operation(&it.kind), it.progress?)))
}

/// The values of the label `operation`.
fn operation(kind: &OperationKind) -> &'static str {
    match kind {
        OperationKind::Rebuild => "rebuild",
        OperationKind::Copyback => "copyback",
        OperationKind::Clear => "clear",
        OperationKind::SecureErase => "erase",
        OperationKind::ConsistencyCheck => "consistency_check",
        OperationKind::BackgroundInitialization => "background_initialization",
        OperationKind::ForegroundInitialization => "initialization",
        OperationKind::Reconstruction => "reconstruction",
        OperationKind::PatrolRead => "patrol_read",
        OperationKind::LearnCycle => "learn_cycle",
        OperationKind::Other(_) | _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::label::LABELS;
    use super::*;
    use crate::exporter::family::Kind;

    fn is_name(name: &str) -> bool {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(plain)
            && !name.contains("__")
            && !name.ends_with('_')
    }

    #[test]
    fn names_are_well_formed_and_come_once_in_both_formats() {
        let (mut names, mut bases) = (BTreeSet::new(), BTreeSet::new());
        for family in families() {
            assert!(is_name(family.name), "{}", family.name);
            let ours = ["megaraid_", "ironkeep_"];
            let ours = ours.iter().any(|it| family.name.starts_with(it));
            assert!(
                ours || family.name.starts_with("process_"),
                "{}",
                family.name
            );
            assert!(names.insert(family.name), "{} comes twice", family.name);
            assert!(bases.insert(family.base()), "{} comes twice", family.base());
        }
        // What OpenMetrics appends to a family must be no other family.
        for base in &bases {
            for suffix in ["_total", "_created", "_info", "_count", "_sum", "_bucket"] {
                let clash = format!("{base}{suffix}");
                assert!(!bases.contains(clash.as_str()), "{clash}");
            }
        }
    }

    #[test]
    fn the_end_of_a_name_tells_its_kind_and_its_unit() {
        for family in families() {
            let name = family.name;
            assert_eq!(
                name.ends_with("_total"),
                family.kind == Kind::Counter,
                "{name}"
            );
            assert_eq!(name.ends_with("_info"), family.kind == Kind::Info, "{name}");
            for bad in [
                "percent", "milli", "kilo", "minutes", "hours", "days", "mb", "gb", "count", "bits",
            ] {
                assert!(!name.split('_').any(|word| word == bad), "{name}");
            }
            let last = family.base().rsplit('_').next();
            let unit = family.unit().and_then(|unit| unit.rsplit('_').next());
            let units = [
                "seconds", "bytes", "celsius", "ratio", "volts", "amperes", "coulombs", "joules",
            ];
            if last.is_some_and(|last| units.contains(&last)) {
                assert_eq!(unit, last, "{name}");
            }
            assert_eq!(
                name.contains("timestamp"),
                name.ends_with("_timestamp_seconds"),
                "{name}"
            );
        }
    }

    #[test]
    fn help_is_a_sentence_that_needs_no_escaping() {
        for Family { name, help, .. } in families() {
            assert!(help.ends_with('.') && help.len() >= 8, "{name}");
            assert!(
                help.starts_with(|c: char| c.is_ascii_uppercase() || c == '1'),
                "{name}"
            );
            assert!(
                !help.contains(['"', '\\', '\n']) && !help.contains("  "),
                "{name}"
            );
        }
    }

    #[test]
    fn labels_are_of_the_vocabulary_and_every_word_of_it_is_used() {
        let known: BTreeSet<&str> = LABELS.iter().map(|(name, _)| *name).collect();
        assert_eq!(known.len(), LABELS.len());
        let used: BTreeSet<&str> = families().flat_map(|it| it.labels).copied().collect();
        assert_eq!(used, known);
        for family in families() {
            let labels: BTreeSet<_> = family.labels.iter().collect();
            assert_eq!(labels.len(), family.labels.len(), "{}", family.name);
            assert!(
                family.labels.iter().all(|label| is_name(label)),
                "{}",
                family.name
            );
        }
    }

    #[test]
    fn texts_stand_beside_no_number_and_states_in_no_information() {
        // What a new drive, a new name or new firmware changes.
        let texts = [
            "serial",
            "name",
            "product",
            "vendor_model",
            "model",
            "firmware",
            "device_id",
            "wwn",
        ];
        for family in families() {
            let has = |labels: &[&str]| family.labels.iter().any(|it| labels.contains(it));
            match family.kind {
                Kind::Info => assert!(!has(&["state", "policy", "mode"]), "{}", family.name),
                Kind::Gauge | Kind::Counter => assert!(!has(&texts), "{}", family.name),
            }
        }
    }

    #[test]
    fn closed_lists_have_each_value_once_and_states_an_unknown() {
        for family in families() {
            let values: BTreeSet<_> = family.values.iter().collect();
            assert_eq!(values.len(), family.values.len(), "{}", family.name);
            assert!(
                family.values.iter().all(|value| is_name(value)),
                "{}",
                family.name
            );
            let is_state = family
                .labels
                .last()
                .is_some_and(|last| ["state", "policy", "mode", "verdict"].contains(last));
            assert_eq!(
                is_state,
                family.values.contains(&"unknown") && !family.labels.contains(&"scope"),
                "{}",
                family.name
            );
        }
    }

    #[test]
    fn the_label_operation_says_what_the_model_says_but_for_two_words() {
        for kind in OperationKind::KNOWN {
            let differs = operation(kind) != kind.token();
            let known = matches!(
                kind,
                OperationKind::SecureErase | OperationKind::ForegroundInitialization
            );
            assert_eq!(differs, known, "{kind}");
        }
    }
}
