//! The exporter and whoever supervises it: systemd, signals, the configuration.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixDatagram;

use rustix::process::Signal;

use crate::daemon::{Daemon, wait_for};
use crate::program::{against, is_root};
use crate::stand_in::Call;
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
fn the_tool_is_asked_for_its_version_once_and_again_when_it_is_another() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    let asked = || {
        let calls = stand_in.calls();
        let is_it = |call: &&Call| call.arguments.iter().any(|word| word == "-v");
        calls.iter().filter(is_it).count()
    };
    let shown = |metrics: &str| metrics.contains(r#"backend="megacli",version="8.07.14","#);
    let start = || {
        let daemon = Daemon::start(&stand_in, &["--interval", "0.2s"]);
        daemon.metrics_when("some collections", |it| {
            shown(it) && value(it, "megaraid_collections_total") >= Some(3.0)
        });
        daemon
    };
    drop(start());
    assert_eq!(asked(), 1);
    let daemon = start();
    assert_eq!(asked(), 1, "it is known from the process before");
    let other = stand_in.path("other");
    fs::copy(stand_in.program(), &other).unwrap();
    fs::rename(&other, stand_in.program()).unwrap();
    wait_for("another question", || (asked() == 2).then_some(()));
    let collections = |it: &str| value(it, "megaraid_collections_total").unwrap();
    let before = collections(&daemon.metrics());
    daemon.metrics_when("more collections", |it| collections(it) > before + 2.0);
    assert_eq!(asked(), 2);
}

#[test]
fn a_virtual_drive_is_shown_with_its_block_device() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    let info = || {
        let written = against(&stand_in, &["export", "textfile"]);
        assert_eq!(written.status, 0, "{written:#?}");
        let mut lines = written.stdout.lines();
        let line = lines.find(|it| it.starts_with("megaraid_virtual_drive_info{"));
        line.unwrap().to_owned()
    };
    assert!(info().contains(r#"device="",wwn="""#), "{}", info());
    let write = |path: &str, text: &str| {
        let path = stand_in.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let link = |path: &str, to: &str| {
        let path = stand_in.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(stand_in.path(to), path).unwrap();
    };
    // Where the simulated controller says that it is.
    let host = "sys/devices/pci0000:00/0000:00:00.0/host0";
    let unit = format!("{host}/target0:2:0/0:2:0:0");
    let class = format!("{host}/scsi_host/host0");
    write(&format!("{class}/proc_name"), "megaraid_sas\n");
    write(
        &format!("{unit}/wwid"),
        "naa.600605b00a5f3c901d7f1a2b3c4d5e6f\n",
    );
    write(&format!("{unit}/block/sda/dev"), "8:0\n");
    link(&format!("{class}/device"), host);
    link("sys/class/scsi_host/host0", &class);
    link(&format!("{unit}/block/sda/device"), &unit);
    link("sys/class/block/sda", &format!("{unit}/block/sda"));
    let named = r#"device="sda",wwn="600605b00a5f3c901d7f1a2b3c4d5e6f""#;
    assert!(info().contains(named), "{}", info());
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
