//! The exporter as a process, against a stand-in for MegaCLI that misbehaves: the metrics say so each time,
//! and nobody who scrapes them waits.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the helpers are tests too"
)]

#[path = "exporter/daemon.rs"]
mod daemon;
#[path = "exporter/faults.rs"]
mod faults;
#[path = "fakes/host.rs"]
mod hosts;
#[path = "exporter/memory.rs"]
mod memory;
#[path = "fakes/program.rs"]
mod program;
#[path = "exporter/service.rs"]
mod service;
#[path = "fakes/stand_in.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod stand_in;
#[path = "exporter/textfile.rs"]
mod textfile;

use std::fs;

use stand_in::StandIn;

/// A stand-in that answers for a simulated host of its own.
fn host(scenario: &str) -> StandIn {
    let stand_in = StandIn::new("");
    let state = stand_in.path("host.json");
    hosts::save(scenario, &state);
    becomes(&stand_in, "");
    stand_in
}

/// From the next run on, the stand-in does as `rules` say, and answers everything else.
fn becomes(stand_in: &StandIn, rules: &str) {
    let state = stand_in.path("host.json").display().to_string();
    let new = stand_in.path("plan.new");
    fs::write(&new, format!("state = {state:?}\n{rules}\n")).unwrap();
    fs::rename(new, stand_in.path("megacli.toml")).unwrap();
}

/// A rule for every command.
fn always(steps: &str) -> String {
    format!("rule = [{{ steps = [{steps}] }}]")
}

/// A rule for the commands with `word`.
fn at(word: &str, steps: &str) -> String {
    format!("rule = [{{ when = {word:?}, steps = [{steps}] }}]")
}

/// The value of a series; `None` if it is not there.
fn value(metrics: &str, series: &str) -> Option<f64> {
    let mut lines = metrics.lines();
    let line = lines.find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
    Some(line.parse().unwrap())
}

/// How many runs ended so.
fn runs(metrics: &str, result: &str) -> f64 {
    value(
        metrics,
        &format!("megaraid_tool_runs_total{{result=\"{result}\"}}"),
    )
    .unwrap()
}

/// The names of the families, without those of the process.
fn families(metrics: &str) -> Vec<String> {
    let lines = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "));
    let names = lines.map(|line| line.split(' ').next().unwrap().to_owned());
    names.filter(|name| !name.starts_with("process_")).collect()
}
