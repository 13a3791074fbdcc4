//! The exporter itself: whether what it shows can be believed, and what it costs.

use crate::exporter::exposition::Exposition;
use crate::exporter::family::families;
use crate::exporter::snapshot::{RunResult, Snapshot};

families! {
    UP = "megaraid_up", Gauge, [],
        "1 if the last collection read all that is essential of every controller it found.";
    TOOL_RUNS = "megaraid_tool_runs_total", Counter, ["result"],
        "How often the vendor's tool was run, by how the run ended.";
    TOOL_RUN_SECONDS = "megaraid_tool_run_seconds_total", Counter, [],
        "Time spent in the vendor's tool.";
}

pub(super) fn describe(snapshot: &Snapshot, metrics: &mut Exposition) {
    metrics.add(&UP, &[], snapshot.up);
    for result in RunResult::ALL {
        let runs = snapshot.tool.runs.get(&result).copied().unwrap_or(0);
        metrics.add(&TOOL_RUNS, &[&result.name()], runs);
    }
    metrics.add(&TOOL_RUN_SECONDS, &[], snapshot.tool.time.as_secs_f64());
}
