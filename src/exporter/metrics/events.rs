//! The event log: where it stands, and what came since the exporter began to count.

use std::collections::BTreeSet;
use std::fmt::Display;

use ironkeep_parsers::model::EventClass;

use super::Maybe;
use crate::exporter::exposition::Exposition;
use crate::exporter::family::families;
use crate::exporter::snapshot::Snapshot;
use crate::reading::Controller;

/// The classes with the values of their label, from the least grave on.
const CLASSES: [(EventClass, &str); 7] = [
    (EventClass::Debug, "debug"),
    (EventClass::Progress, "progress"),
    (EventClass::Information, "info"),
    (EventClass::Warning, "warning"),
    (EventClass::Critical, "critical"),
    (EventClass::Fatal, "fatal"),
    (EventClass::Dead, "dead"),
];

families! {
    NEWEST = "megaraid_events_newest_sequence", Gauge, ["controller"],
        "The number of the newest event in the log. It rises by one with every event, over restarts of the controller too.";
    EVENTS = "megaraid_events_total", Counter, ["controller", "class"]
        of &["debug", "progress", "info", "warning", "critical", "fatal", "dead"],
        "Events that came since the exporter was first started, as the firmware classes them. What the log held before is not counted. Switched off by events = false in the section export of the configuration.";
}

pub(super) fn positions(known: &Controller, controller: &dyn Display, metrics: &mut Exposition) {
    let newest = known.event_positions.as_ref().and_then(|it| it.newest);
    metrics.add_some(&NEWEST, &[controller], newest);
}

pub(super) fn counts(snapshot: &Snapshot, metrics: &mut Exposition) {
    let Some(counts) = &snapshot.events else {
        return;
    };
    // A class of which nothing came yet begins with 0, so that the first one is a rise.
    let controllers: BTreeSet<_> = counts.keys().map(|(controller, _)| *controller).collect();
    for controller in controllers {
        for (class, name) in CLASSES {
            let count = counts.get(&(controller, class)).copied().unwrap_or(0);
            metrics.add(&EVENTS, &[&Maybe(controller), &name], count);
        }
    }
}
