//! The judgement: findings and the verdict over them.

use std::collections::BTreeMap;

use super::Maybe;
use crate::exporter::exposition::Exposition;
use crate::exporter::family::families;
use crate::exporter::snapshot::Snapshot;
use crate::health::Verdict;

const VERDICTS: &[&str] = &["healthy", "warning", "unknown", "critical"];

families! {
    FINDING = "megaraid_finding", Gauge, ["code", "severity", "controller", "object"],
        "Things that are not as they should be, or are worth knowing: how many findings there are of this kind about this object. There is no series where nothing was found.";
    VERDICT = "megaraid_health_verdict", Gauge, ["verdict"] of VERDICTS,
        "The verdict over all findings: the series of the one that holds is 1. Unknown where a part could not be read, or nothing at all.";
}

pub(super) fn describe(snapshot: &Snapshot, metrics: &mut Exposition) {
    let mut found: BTreeMap<_, u64> = BTreeMap::new();
    for finding in &snapshot.findings {
        let about = (
            finding.controller,
            finding.object.nameless(),
            finding.code,
            finding.severity,
        );
        *found.entry(about).or_default() += 1;
    }
    for ((controller, object, code, severity), count) in found {
        let labels: [&dyn std::fmt::Display; 4] =
            [&code.name(), &severity.token(), &Maybe(controller), &object];
        metrics.add(&FINDING, &labels, count);
    }
    let verdict = match snapshot.verdict {
        Verdict::Healthy => "healthy",
        Verdict::Warning => "warning",
        Verdict::Unknown => "unknown",
        Verdict::Critical => "critical",
    };
    metrics.add_states(&VERDICT, &[], verdict);
}
