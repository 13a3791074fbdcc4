//! The memory of the host, in the metrics: of a saved host, beside a stand-in for MegaCLI.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use rustix::process::Signal;

use crate::daemon::Daemon;
use crate::program::{against, is_root};
use crate::stand_in::StandIn;
use crate::{always, becomes, host, value};

/// A simulated host whose memory is that of a saved one.
fn with_memory() -> StandIn {
    let stand_in = host("healthy");
    let saved = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/epyc-cgroup2");
    for name in ["proc", "sys", "etc", "var"] {
        symlink(saved.join(name), stand_in.path(name)).unwrap();
    }
    stand_in
}

/// What is said of the memory.
fn of_memory(metrics: &str) -> Vec<&str> {
    let ours = ["ironkeep_mem_", "ironkeep_dimm_", "megaraid_finding{"];
    let lines = metrics.lines();
    lines
        .filter(|line| ours.iter().any(|it| line.starts_with(it)))
        .collect()
}

fn has_groups(metrics: &str) -> bool {
    metrics.contains("ironkeep_mem_group_pss_bytes{")
}

fn success(metrics: &str, collector: &str) -> Option<f64> {
    let series = format!("ironkeep_collector_success{{collector=\"{collector}\"}}");
    value(metrics, &series)
}

#[test]
fn both_modes_say_the_same_of_it() {
    if !is_root() {
        return;
    }
    let stand_in = with_memory();
    for by in ["unit", "program"] {
        let daemon = Daemon::start(&stand_in, &["--interval", "1h", "--memory", by]);
        let served = daemon.metrics_when("memory, modules and a host that is up", |it| {
            value(it, "megaraid_up") == Some(1.0)
                && success(it, "memory") == Some(1.0)
                && success(it, "dimm") == Some(1.0)
        });
        let written = against(&stand_in, &["export", "textfile", "--memory", by]);
        assert_eq!(written.status, 0, "{written:#?}");
        assert_eq!(of_memory(&written.stdout), of_memory(&served), "{by}");
        assert!(has_groups(&served) && served.contains("ironkeep_dimm_info{"));
        assert!(served.contains("code=\"memory."), "{served}");
    }
}

#[test]
fn a_tool_that_hangs_does_not_delay_it() {
    if !is_root() {
        return;
    }
    let stand_in = with_memory();
    becomes(&stand_in, &always("\"hang\""));
    let daemon = Daemon::start(&stand_in, &["--memory", "unit"]);
    let metrics = daemon.metrics_when("memory and modules", |it| {
        has_groups(it) && it.contains("ironkeep_dimm_info{")
    });
    assert_eq!(value(&metrics, "megaraid_up"), Some(0.0));
    assert_eq!(value(&metrics, "megaraid_collections_total"), Some(0.0));
}

#[test]
fn what_cannot_be_read_is_taken_down_and_said_and_comes_back() {
    if !is_root() {
        return;
    }
    let stand_in = with_memory();
    let daemon = Daemon::start(&stand_in, &["--interval", "0.2s", "--memory", "program"]);
    daemon.metrics_when("memory", has_groups);
    let proc = stand_in.path("proc");
    let saved = fs::read_link(&proc).unwrap();
    fs::remove_file(&proc).unwrap();
    let metrics = daemon.metrics_when("no memory", |it| !has_groups(it));
    assert_eq!(success(&metrics, "memory"), Some(0.0));
    assert!(!metrics.contains("ironkeep_mem_"), "{metrics}");
    assert!(metrics.contains("ironkeep_dimm_info{"), "{metrics}");
    symlink(saved, proc).unwrap();
    let metrics = daemon.metrics_when("memory again", has_groups);
    assert_eq!(success(&metrics, "memory"), Some(1.0));
    let said = daemon.lines().join("\n");
    assert!(said.contains("the host: cannot read memory: "), "{said}");
    assert!(said.contains("the host: reads memory again"), "{said}");
}

#[test]
fn who_uses_it_is_shown_only_where_that_is_switched_on_also_by_a_reload() {
    if !is_root() {
        return;
    }
    let stand_in = with_memory();
    let config = stand_in.path("ironkeep.toml");
    fs::write(&config, "").unwrap();
    let path = config.display().to_string();
    let daemon = Daemon::start(&stand_in, &["--config", &path, "--interval", "1h"]);
    daemon.ready();
    let metrics = daemon.metrics_when("modules", |it| it.contains("ironkeep_dimm_info{"));
    assert!(!metrics.contains("ironkeep_mem_"), "{metrics}");
    let export = "[export]\nmemory = \"unit\"\nmemory_groups = 1\ndimms = false\n";
    fs::write(&config, export).unwrap();
    daemon.signal(Signal::HUP);
    let metrics = daemon.metrics_when("memory", has_groups);
    assert!(!metrics.contains("ironkeep_dimm_"), "{metrics}");
    let pss = "ironkeep_mem_group_pss_bytes{";
    let groups = metrics.lines().filter(|it| it.starts_with(pss));
    // One, and all others.
    assert_eq!(groups.count(), 2, "{metrics}");
}
