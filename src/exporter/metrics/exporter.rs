//! The exporter itself: whether what it shows can be believed, and what it costs.

use std::fmt::Display;

use super::Maybe;
use crate::exporter::exposition::Exposition;
use crate::exporter::family::families;
use crate::exporter::snapshot::{CollectorStatus, ProcessFacts, RunResult, Snapshot};

families! {
    UP = "megaraid_up", Gauge, [],
        "1 if the last collection read all that is essential of every controller it found.";
    BUILD = "megaraid_exporter_build_info", Info, ["version"],
        "The version of the exporter.";
    BACKEND = "megaraid_backend_info", Info, ["controller", "backend", "version", "source"],
        "Where the readings come from, and the version of the vendor's tool, empty where it does not tell. The source is the tool, or for a trial the capture.";
    SUCCESS = "megaraid_collector_success", Gauge, ["controller", "collector"],
        "1 if a part of the host was read and understood at its last turn and is still fresh. Of a part that was not, all families are absent.";
    DURATION = "megaraid_collector_duration_seconds", Gauge, ["collector"],
        "How long the tool took for a part at its last turn, for all controllers together.";
    LAST_SUCCESS = "megaraid_collector_last_success_timestamp_seconds", Gauge, ["controller", "collector"],
        "When a part was last read: what is shown of it is as old as that.";
    INTERVAL = "megaraid_collector_interval_seconds", Gauge, ["collector"],
        "The time between two turns of a part that is in force now: longer while the tool is slow.";
    SYSTEM_SUCCESS = "ironkeep_collector_success", Gauge, ["collector"],
        "1 if a part of the host beside its controllers (dimm, memory) was read at its last turn and is still fresh. Of one that was not, all families are absent.";
    SYSTEM_DURATION = "ironkeep_collector_duration_seconds", Gauge, ["collector"],
        "How long the last reading of such a part took.";
    SYSTEM_LAST_SUCCESS = "ironkeep_collector_last_success_timestamp_seconds", Gauge, ["collector"],
        "When such a part was last read: what is shown of it is as old as that.";
    SYSTEM_INTERVAL = "ironkeep_collector_interval_seconds", Gauge, ["collector"],
        "The time between two readings of such a part that is in force now: longer while a reading takes long.";
    COLLECTIONS = "megaraid_collections_total", Counter, [],
        "Collections that ended, however they ended.";
    COLLECTION_DURATION = "megaraid_collection_duration_seconds", Gauge, [],
        "How long the last collection took.";
    COLLECTION_END = "megaraid_collection_last_end_timestamp_seconds", Gauge, [],
        "When the last collection ended.";
    TOOL_RUNS = "megaraid_tool_runs_total", Counter, ["result"]
        of &["ok", "exit_error", "timeout", "parse_error", "spawn_error", "lock_timeout"],
        "How often the vendor's tool was run, by how the run ended.";
    TOOL_RUN_SECONDS = "megaraid_tool_run_seconds_total", Counter, [],
        "Time spent in the vendor's tool.";
    UNKNOWN = "megaraid_parse_unknown_total", Counter, ["collector"],
        "Words that no table knows and lines that were not understood, since the start. Where it grows, firmware or tool print something new: please send a capture.";
    CONFIGURATION = "megaraid_exporter_configuration_valid", Gauge, [],
        "1 if the configuration that was read last is valid; 0 if the one before is still in force.";
    REPEATED = "megaraid_exporter_repeated_series", Gauge, [],
        "Samples that were left out of this page because their series was there already: the tool printed something twice.";
    CPU = "process_cpu_seconds_total", Counter, [],
        "CPU time of the exporter, without the tool, as of the last collection. In the textfile all families of the process are absent.";
    RESIDENT = "process_resident_memory_bytes", Gauge, [],
        "Resident memory of the exporter.";
    VIRTUAL = "process_virtual_memory_bytes", Gauge, [],
        "Virtual memory of the exporter.";
    OPEN_FILES = "process_open_fds", Gauge, [],
        "Open file descriptors.";
    OPEN_FILES_LIMIT = "process_max_fds", Gauge, [],
        "The limit on open file descriptors.";
    STARTED = "process_start_time_seconds", Gauge, [],
        "When the exporter started.";
}

pub(super) fn describe(snapshot: &Snapshot, metrics: &mut Exposition) {
    metrics.add(&UP, &[], snapshot.up);
    metrics.add(&BUILD, &[&env!("CARGO_PKG_VERSION")], true);
    for controller in &snapshot.reading.controllers {
        let labels: [&dyn Display; 4] = [
            &Maybe(controller.id),
            &"megacli",
            &Maybe(snapshot.tool_version.as_ref()),
            &snapshot.reading.source,
        ];
        metrics.add(&BACKEND, &labels, true);
    }
    for (collector, status) in &snapshot.collectors {
        self::collector(collector.name(), status, metrics);
    }
    for (collector, status) in &snapshot.system.collectors {
        system(collector.name(), status, metrics);
    }
    let collections = &snapshot.collections;
    metrics.add(&COLLECTIONS, &[], collections.count);
    metrics.add_some(&COLLECTION_DURATION, &[], collections.last_duration);
    metrics.add_some(&COLLECTION_END, &[], collections.last_end);
    for result in RunResult::ALL {
        let runs = snapshot.tool.runs.get(&result).copied().unwrap_or(0);
        metrics.add(&TOOL_RUNS, &[&result.name()], runs);
    }
    metrics.add(&TOOL_RUN_SECONDS, &[], snapshot.tool.time);
    for (collector, count) in &snapshot.unknown {
        metrics.add(&UNKNOWN, &[collector], *count);
    }
    metrics.add(&CONFIGURATION, &[], snapshot.configuration_valid);
    if let Some(facts) = &snapshot.process {
        process(facts, metrics);
    }
    let repeated = metrics.repeated();
    metrics.add(&REPEATED, &[], repeated);
}

fn collector(name: &str, status: &CollectorStatus, metrics: &mut Exposition) {
    metrics.add(&INTERVAL, &[&name], status.interval);
    metrics.add_some(&DURATION, &[&name], status.duration);
    for (controller, outcome) in &status.controllers {
        let at: [&dyn Display; 2] = [&Maybe(*controller), &name];
        metrics.add(&SUCCESS, &at, outcome.success);
        metrics.add_some(&LAST_SUCCESS, &at, outcome.last_success);
    }
}

fn system(name: &str, status: &CollectorStatus, metrics: &mut Exposition) {
    metrics.add(&SYSTEM_INTERVAL, &[&name], status.interval);
    metrics.add_some(&SYSTEM_DURATION, &[&name], status.duration);
    for outcome in status.controllers.values() {
        metrics.add(&SYSTEM_SUCCESS, &[&name], outcome.success);
        metrics.add_some(&SYSTEM_LAST_SUCCESS, &[&name], outcome.last_success);
    }
}

fn process(facts: &ProcessFacts, metrics: &mut Exposition) {
    metrics.add(&CPU, &[], facts.cpu);
    metrics.add(&STARTED, &[], facts.started);
    for (family, number) in [
        (&RESIDENT, facts.resident),
        (&VIRTUAL, facts.virtual_memory),
        (&OPEN_FILES, facts.open_files),
        (&OPEN_FILES_LIMIT, facts.open_files_limit),
    ] {
        metrics.add(family, &[], number);
    }
}
