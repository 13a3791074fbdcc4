//! The exporter and whoever supervises it: systemd, signals, the configuration.

use std::fs;
use std::os::unix::net::UnixDatagram;

use rustix::process::Signal;

use crate::daemon::{Daemon, wait_for};
use crate::program::is_root;
use crate::{host, value};

fn is_up(metrics: &str) -> bool {
    value(metrics, "megaraid_up") == Some(1.0)
}

#[test]
fn systemd_hears_of_the_start_of_life_of_reloads_and_of_the_end() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    let socket = stand_in.path("notify");
    let systemd = UnixDatagram::bind(&socket).unwrap();
    systemd.set_nonblocking(true).unwrap();
    let mut heard = String::new();
    let mut hears = |words: &str| {
        wait_for(words, || {
            let mut message = [0; 4096];
            while let Ok(size) = systemd.recv(&mut message) {
                heard.push_str(&String::from_utf8_lossy(&message[..size]));
                heard.push('\n');
            }
            let at = heard.find(words)?;
            Some(heard.drain(..at).collect::<String>())
        })
    };
    let environment = [("NOTIFY_SOCKET", socket.as_path())];
    let daemon = Daemon::start_with(&stand_in, &["--interval", "1h"], &environment);
    let before = hears("READY=1");
    assert!(before.contains("WATCHDOG=1"), "{before}");
    assert!(before.contains("EXTEND_TIMEOUT_USEC="), "{before}");
    // When it says so, a collection has ended.
    assert!(!stand_in.calls().is_empty());
    hears("STATUS=healthy; the next collection begins in 3");
    daemon.signal(Signal::HUP);
    let before = hears("MONOTONIC_USEC=");
    assert!(before.contains("RELOADING=1"), "{before}");
    hears("READY=1");
    daemon.signal(Signal::TERM);
    hears("STOPPING=1");
    assert!(daemon.ended().success());
}

#[test]
fn a_configuration_that_is_not_valid_changes_nothing() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    let config = stand_in.path("ironkeep.toml");
    fs::write(&config, "[export]\ninterval_seconds = 3600\n").unwrap();
    let path = config.display().to_string();
    let daemon = Daemon::start(&stand_in, &["--config", &path]);
    daemon.metrics_when("a healthy host", is_up);
    let said = |words: &str| {
        wait_for(words, || {
            daemon.lines().into_iter().find(|it| it.contains(words))
        })
    };
    fs::write(&config, "[export]\ninterval_seconds = 0\n").unwrap();
    let calls = stand_in.calls().len();
    daemon.signal(Signal::HUP);
    let why = said("the configuration stays as it was");
    assert!(why.contains("must be more than 0"), "{why}");
    let valid = |metrics: &str| value(metrics, "megaraid_exporter_configuration_valid");
    daemon.metrics_when("a mark on it", |it| valid(it) == Some(0.0));
    assert_eq!(stand_in.calls().len(), calls, "nothing begins anew");
    // A tool that is not there is looked for at once.
    let text = "[export]\ninterval_seconds = 3600\nevents = false\n";
    fs::write(&config, text).unwrap();
    daemon.signal(Signal::HUP);
    said("the configuration was read again");
    wait_for("a collection", || {
        (stand_in.calls().len() > calls).then_some(())
    });
    let is_new = |it: &str| valid(it) == Some(1.0) && !it.contains("megaraid_events_total{");
    let metrics = daemon.metrics_when("the new settings", is_new);
    assert!(is_up(&metrics));
}

#[test]
fn counts_outlast_the_process_and_a_damaged_file_is_said_once() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    let total = |metrics: &str| crate::runs(metrics, "ok");
    let start = || {
        let daemon = Daemon::start(&stand_in, &["--interval", "1h"]);
        daemon.ready();
        let metrics = daemon.metrics_when("a healthy host", is_up);
        let lines = daemon.lines();
        daemon.signal(Signal::TERM);
        assert!(daemon.ended().success());
        (total(&metrics), lines)
    };
    let (first, _) = start();
    let (second, lines) = start();
    assert!(second > first, "{first} {second}");
    let warnings = |lines: &[String]| {
        let is_it = |line: &&String| line.contains("exporter.json");
        lines.iter().filter(is_it).count()
    };
    assert_eq!(warnings(&lines), 0);
    let state = stand_in.path("exporter.json");
    fs::write(&state, "{\"version\":1").unwrap();
    let (third, lines) = start();
    assert!(third <= first, "{first} {third}");
    assert_eq!(warnings(&lines), 1, "{lines:#?}");
    // What cannot be written costs the counts and nothing else.
    fs::remove_file(&state).unwrap();
    fs::create_dir(&state).unwrap();
    let (_, lines) = start();
    assert_eq!(warnings(&lines), 2, "{lines:#?}");
}
