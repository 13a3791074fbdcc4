//! `export textfile`: one collection, written as a whole.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::daemon::Daemon;
use crate::program::{against, finish, ironkeep, is_root};
use crate::{always, becomes, families, host, runs, value};

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn both_modes_have_the_same_families() {
    if !is_root() {
        return;
    }
    for scenario in ["healthy", "failed-drive", "battery-learning"] {
        let stand_in = host(scenario);
        let daemon = Daemon::start(&stand_in, &["--interval", "1h"]);
        daemon.ready();
        let served = daemon.metrics_when("a host that is up", |it| {
            value(it, "megaraid_up") == Some(1.0) && it.contains("ironkeep_dimm_")
        });
        let written = against(&stand_in, &["export", "textfile"]);
        assert_eq!(written.status, 0, "{written:#?}");
        assert_eq!(families(&written.stdout), families(&served), "{scenario}");
        assert!(written.stderr.is_empty(), "{written:#?}");
    }
}

#[test]
fn a_tool_that_fails_is_written_down_and_fails_the_timer() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy");
    let output = stand_in.path("megaraid.prom");
    let path = output.display().to_string();
    let write = || against(&stand_in, &["export", "textfile", "--output", &path]);
    let good = write();
    assert_eq!(good.status, 0, "{good:#?}");
    let first = fs::read_to_string(&output).unwrap();
    assert_eq!(value(&first, "megaraid_up"), Some(1.0));
    assert_eq!(
        fs::metadata(&output).unwrap().permissions().mode() & 0o7777,
        0o644
    );
    becomes(&stand_in, &always("\"crash\""));
    let run = write();
    run.fails(1, "could not read the controllers", "dmesg");
    let metrics = fs::read_to_string(&output).unwrap();
    assert_eq!(value(&metrics, "megaraid_up"), Some(0.0));
    assert!(runs(&metrics, "ok") >= runs(&first, "ok"), "counts go on");
    assert!(runs(&metrics, "exit_error") >= 1.0);
    fs::remove_file(stand_in.program()).unwrap();
    write().fails(1, "MegaC", "--megacli");
    let metrics = fs::read_to_string(&output).unwrap();
    assert_eq!(value(&metrics, "megaraid_up"), Some(0.0));
    assert!(runs(&metrics, "spawn_error") >= 1.0);
}

/// `export textfile` of a simulated host into a file, as a shell runs it after `before`.
fn shell(before: &str, output: &Path) -> Command {
    let mut command = Command::new("sh");
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .arg("-c")
        .arg(format!("{before}\nexec \"$0\" \"$@\""))
        .arg(env!("CARGO_BIN_EXE_ironkeep"))
        .args(["--demo=failed-drive", "export", "textfile", "--output"])
        .arg(output);
    command
}

#[test]
fn where_the_disk_is_full_the_old_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("megaraid.prom");
    fs::write(&output, "old\n").unwrap();
    fs::set_permissions(&output, Permissions::from_mode(0o640)).unwrap();
    // No file may grow beyond half a kilobyte: as good as a full disk, and nobody has to be root for it.
    let run = finish(&mut shell("trap '' XFSZ; ulimit -f 1", &output));
    run.fails(1, "cannot write", "what was there before is there still");
    assert_eq!(fs::read_to_string(&output).unwrap(), "old\n");
    assert_eq!(names(folder.path()), ["megaraid.prom"]);
    let run = finish(&mut shell("", &output));
    assert_eq!(run.status, 0, "{run:#?}");
    assert!(
        fs::read_to_string(&output)
            .unwrap()
            .contains("megaraid_up 1")
    );
    assert_eq!(
        fs::metadata(&output).unwrap().permissions().mode() & 0o7777,
        0o640
    );
}

#[test]
fn a_stream_that_is_full_fails() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = ironkeep(&["--demo=healthy", "export", "textfile"]);
    let status = command.stdout(full).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(1));
    // Something else than a file is not replaced by one.
    let arguments = [
        "--demo=healthy",
        "export",
        "textfile",
        "--output",
        "/dev/null",
    ];
    finish(&mut ironkeep(&arguments)).fails(1, "no regular file", "hint");
}

#[test]
fn killed_at_any_time_it_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("megaraid.prom");
    let whole = |text: &str| {
        assert!(text.ends_with('\n') && text.contains("\nmegaraid_up 1\n"));
        text.lines().count()
    };
    assert_eq!(finish(&mut shell("", &output)).status, 0);
    let lines = whole(&fs::read_to_string(&output).unwrap());
    // Two at once, each killed a little later than the last.
    for step in 0..60_u64 {
        let mut writers: Vec<_> = (0..2)
            .map(|_| shell("", &output).stderr(Stdio::null()).spawn().unwrap())
            .collect();
        for (writer, after) in writers.iter_mut().zip([step * 2, 3]) {
            thread::sleep(Duration::from_millis(after));
            writer.kill().unwrap();
            writer.wait().unwrap();
            let text = fs::read_to_string(&output).unwrap();
            assert_eq!(whole(&text), lines);
        }
    }
    // What they left behind, node_exporter does not read, and the next one that is not killed clears.
    let is_read = |name: &&String| Path::new(name).extension().is_some_and(|it| it == "prom");
    assert_eq!(names(folder.path()).iter().filter(is_read).count(), 1);
    assert_eq!(finish(&mut shell("", &output)).status, 0);
    assert_eq!(names(folder.path()), ["megaraid.prom"]);
}
