//! What MegaCLI does wrong, and what the metrics say of it.

use std::fs;

use rustix::process::Signal;

use crate::daemon::{Daemon, is_alive, wait_for};
use crate::program::{against, is_root};
use crate::{always, at, becomes, host, runs, value};

const UP: &str = "megaraid_up";

/// Metrics that a collection at an interval of 0.2 s keeps fresh.
const QUICK: &[&str] = &["--interval", "0.2s"];

fn is_up(metrics: &str) -> bool {
    value(metrics, UP) == Some(1.0)
}

/// A host that was up, and whose tool then does as `rules` say: the metrics once it is not up any more.
#[track_caller]
fn goes_down(rules: &str, flags: &[&str]) -> String {
    let stand_in = host("healthy");
    let daemon = Daemon::start(&stand_in, &[QUICK, flags].concat());
    daemon.metrics_when("a healthy host", is_up);
    becomes(&stand_in, rules);
    let metrics = daemon.metrics_when("a host that is down", |it| !is_up(it));
    // What is wrong with it is mended, and somebody asks for a collection at once.
    becomes(&stand_in, "");
    daemon.signal(Signal::HUP);
    daemon.metrics_when("a healthy host again", is_up);
    assert!(!stand_in.path("megacli.overlap").exists());
    metrics
}

#[test]
fn a_tool_that_hangs_is_killed_and_counted() {
    if !is_root() {
        return;
    }
    let metrics = goes_down(&always("\"hang\""), &["--timeout", "3"]);
    assert!(runs(&metrics, "timeout") >= 1.0, "{metrics}");
}

#[test]
fn a_scrape_ends_before_the_run_that_hangs() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    let daemon = Daemon::start(&stand_in, QUICK);
    daemon.metrics_when("a healthy host", is_up);
    becomes(&stand_in, &always("\"ignore-term\", \"hang\""));
    let pid = wait_for("a run that hangs", || {
        // The log says which rule applied; a healthy run has none.
        let log = fs::read_to_string(stand_in.path("megacli.log")).ok()?;
        let line = log.lines().find(|line| line.contains("\"rule\":0,"))?;
        let call: serde_json::Value = serde_json::from_str(line).ok()?;
        i32::try_from(call.get("pid")?.as_i64()?).ok()
    });
    for _ in 0..20 {
        assert!(is_up(&daemon.metrics()), "what is known is fresh still");
        assert_eq!(daemon.get("/-/healthy").0, 200);
        assert_eq!(daemon.get("/").0, 200);
    }
    assert!(is_alive(pid), "the run ended before the scrapes did");
    // A request to stop does not wait for it either: it would run for a minute.
    daemon.signal(Signal::TERM);
    assert!(daemon.ended().success());
    assert!(!is_alive(pid));
}

#[test]
fn a_first_run_that_hangs_delays_no_scrape_and_nothing_is_healthy() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    becomes(&stand_in, &always("\"hang\""));
    let daemon = Daemon::start(&stand_in, &[]);
    let pid = wait_for("a run", || Some(stand_in.calls().first()?.pid));
    let metrics = daemon.metrics_when("a page", |it| !it.is_empty());
    assert!(!is_up(&metrics));
    assert_eq!(daemon.get("/-/ready").0, 503);
    assert!(is_alive(pid));
}

#[test]
fn a_slow_tool_delays_no_scrape_and_is_asked_less_often() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    becomes(&stand_in, &always("{ sleep = 0.1 }, \"answer\""));
    let daemon = Daemon::start(&stand_in, &["--interval", "0.1s"]);
    let metrics = daemon.metrics_when("a healthy host", is_up);
    let seconds = value(&metrics, "megaraid_tool_run_seconds_total").unwrap();
    assert!(seconds >= 1.0, "{seconds}");
    // Ten times the interval and more have passed in the tool, which now rests for four times as long.
    let interval = "megaraid_collector_interval_seconds{collector=\"physical_drives\"}";
    let interval = value(&metrics, interval).unwrap();
    assert!(interval >= 4.0, "{interval}");
    let calls = stand_in.calls().len();
    for _ in 0..50 {
        assert!(is_up(&daemon.metrics()));
    }
    assert_eq!(stand_in.calls().len(), calls);
}

#[test]
fn a_tool_that_crashes_is_counted_and_nothing_it_said_is_shown() {
    if !is_root() {
        return;
    }
    let metrics = goes_down(&always("\"crash\""), &[]);
    assert!(runs(&metrics, "exit_error") >= 1.0, "{metrics}");
    let metrics = goes_down(&at("-PDList", "{ answer-start = 900 }, \"crash\""), &[]);
    assert!(runs(&metrics, "exit_error") >= 1.0, "{metrics}");
    assert!(!metrics.contains("megaraid_physical_drive_media_errors_total{"));
}

#[test]
fn an_answer_that_is_garbled_or_broken_off_is_not_understood() {
    if !is_root() {
        return;
    }
    for steps in [
        "{ answer-garbled = 7 }",
        "{ answer-start = 900 }",
        "\"answer-without-exit-code\"",
        "{ print = \"\" }",
    ] {
        let metrics = goes_down(&at("-PDList", steps), &[]);
        assert!(runs(&metrics, "parse_error") >= 1.0, "{steps}: {metrics}");
        assert!(!metrics.contains("megaraid_physical_drive_media_errors_total{"));
    }
}

#[test]
fn one_part_that_fails_costs_only_its_own() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    becomes(&stand_in, &at("-EncInfo", "\"crash\""));
    let daemon = Daemon::start(&stand_in, QUICK);
    let metrics = daemon.metrics_when("a host that is up", is_up);
    assert!((runs(&metrics, "exit_error") - 1.0).abs() < f64::EPSILON);
    let success = |collector: &str| {
        let series =
            format!("megaraid_collector_success{{controller=\"0\",collector=\"{collector}\"}}");
        value(&metrics, &series)
    };
    assert_eq!(success("enclosures"), Some(0.0));
    assert_eq!(success("physical_drives"), Some(1.0));
    assert!(!metrics.contains("megaraid_enclosure_info{"));
    assert!(
        daemon
            .lines()
            .iter()
            .any(|line| line.starts_with("controller 0: cannot read enclosures: MegaCLI crashed")),
        "{:#?}",
        daemon.lines()
    );
}

#[test]
fn a_tool_that_is_gone_or_may_not_run_is_not_started() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    let daemon = Daemon::start(&stand_in, QUICK);
    daemon.metrics_when("a healthy host", is_up);
    let (program, aside) = (stand_in.program(), stand_in.path("aside"));
    fs::rename(&program, &aside).unwrap();
    let metrics = daemon.metrics_when("a host that is down", |it| !is_up(it));
    assert!(runs(&metrics, "spawn_error") >= 1.0);
    // There again, and nobody may run it.
    fs::write(&program, "").unwrap();
    let before = runs(&daemon.metrics(), "spawn_error");
    daemon.metrics_when("more such runs", |it| {
        runs(it, "spawn_error") > before + 1.0
    });
    assert!(!is_up(&daemon.metrics()));
    fs::rename(&aside, &program).unwrap();
    // Nothing that costs nothing is put off: it recovers by itself at the next interval.
    daemon.metrics_when("a healthy host again", is_up);
    let said = daemon.lines();
    let cannot = said
        .iter()
        .filter(|line| line.contains("cannot read"))
        .count();
    assert!((1..=4).contains(&cannot), "{said:#?}");
}

#[test]
fn who_types_a_command_waits_for_one_run_and_not_for_a_collection() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    becomes(&stand_in, &always("{ sleep = 0.4 }, \"answer\""));
    let daemon = Daemon::start(&stand_in, &["--interval", "1h"]);
    wait_for("a run", || (!stand_in.calls().is_empty()).then_some(()));
    let run = against(&stand_in, &["raw", "--", "-AdpBIOS", "-Dsply", "-aALL"]);
    assert_eq!(run.status, 0, "{run:#?}");
    daemon.ready();
    let calls = stand_in.calls();
    let place = |word: &str| {
        let mut calls = calls.iter();
        calls.position(|call| call.arguments.iter().any(|it| it == word))
    };
    let (theirs, last) = (place("-AdpBIOS").unwrap(), place("-AdpGetPciInfo").unwrap());
    assert!(theirs < last, "{calls:#?}");
    assert!(!stand_in.path("megacli.overlap").exists());
}

#[test]
fn a_thousand_scrapes_run_nothing() {
    if !is_root() {
        return;
    }
    let stand_in = host("failed-drive");
    let daemon = Daemon::start(&stand_in, &["--interval", "1h"]);
    daemon.ready();
    let calls = stand_in.calls().len();
    let first = daemon.metrics_when("a page", |it| !it.is_empty());
    for _ in 0..1000 {
        assert_eq!(daemon.metrics(), first);
    }
    assert_eq!(stand_in.calls().len(), calls);
    // The event log was read once, behind its newest number.
    let latest = |calls: &[crate::stand_in::Call]| {
        let is_it = |it: &&crate::stand_in::Call| it.arguments.iter().any(|it| it == "-GetLatest");
        calls.iter().filter(is_it).count()
    };
    assert_eq!(latest(&stand_in.calls()), 1);
}
