//! The families of metrics, and how they are filled from what is known. One file per object, the table of
//! its families first.

mod exporter;

use super::exposition::Exposition;
use super::family::Family;
use super::snapshot::Snapshot;

/// Every family, for the manual page and tests.
pub fn families() -> impl Iterator<Item = &'static Family> {
    [exporter::FAMILIES].into_iter().flatten().copied()
}

/// The metrics that `snapshot` shows.
pub fn describe(snapshot: &Snapshot) -> Exposition {
    let mut metrics = Exposition::default();
    exporter::describe(snapshot, &mut metrics);
    metrics
}
