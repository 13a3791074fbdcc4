//! Many at once: fifty processes read and change one host. Never do two MegaCLI run at a time, no change
//! is lost, nobody waits for ever, and who dies with the lock frees it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use ironkeep_sim::saved::{Saved, StateFile};
use ironkeep_sim::scenario;
use ironkeep_sim::state::DriveState;
use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process};

use crate::program::{arguments, ironkeep, is_root};
use crate::stand_in::StandIn;

/// A RAID 1, and two dozen drives to make spares of.
const HOST: &str = r#"
title = "Many bays"

[[controller]]
enclosure = [{ id = 32, make = "SAS2X28-24" }, { id = 33, make = "SAS2X28-12" }]
drives = [
  { bays = "32:0-23", make = "ST3300657SS" },
  { bays = "33:0-1", make = "ST3300657SS" },
]
group = [{ level = "raid1", bays = "33:0-1" }]
"#;

/// Processes that change something.
const WRITERS: u8 = 24;
/// Processes that only look.
const READERS: usize = 26;

/// A stand-in over a simulated host whose time stands still.
fn host() -> (StandIn, PathBuf) {
    let stand_in = StandIn::new("");
    let state = stand_in.path("host.json");
    let plan = format!("state = \"{}\"\n", state.display());
    fs::write(stand_in.path("megacli.toml"), plan).unwrap();
    let host = scenario::of_text("many", HOST).unwrap();
    let saved = Saved::new("many", host, 0, Timestamp::now());
    StateFile::lock(&state).unwrap().save(&saved).unwrap();
    (stand_in, state)
}

fn load(state: &Path) -> Saved {
    StateFile::lock(state).unwrap().load().unwrap().unwrap()
}

fn start(stand_in: &StandIn, words: &[&str]) -> Child {
    let mut command: Command = ironkeep(&[]);
    command.args(arguments(stand_in, words));
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped());
    piped.stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn fifty_processes_at_once_lose_nothing() {
    if !is_root() {
        return;
    }
    let (stand_in, state) = host();
    // Fifty wait for one another: on a busy machine for longer than anybody would by default.
    let config = stand_in.path("ironkeep.toml");
    fs::write(&config, "[megacli]\nlock_wait_seconds = 600\n").unwrap();
    let config = config.display().to_string();
    let mut running = Vec::new();
    for slot in 0..WRITERS {
        let drive = format!("32:{slot}");
        running.push(start(
            &stand_in,
            &["--config", &config, "spare", "add", &drive, "--yes"],
        ));
    }
    for reader in 0..READERS {
        let words: &[&str] = match reader % 3 {
            0 => &["health"],
            1 => &["pd", "list"],
            _ => &["event", "list", "-n", "3"],
        };
        let words: Vec<&str> = ["--config", &config].iter().chain(words).copied().collect();
        running.push(start(&stand_in, &words));
    }
    for (number, child) in running.into_iter().enumerate() {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_writer = number < usize::from(WRITERS);
        let code = output.status.code().unwrap();
        assert!(
            code == 0 || (code == 4 && !is_writer),
            "{number}: {code}: {said}"
        );
    }

    let saved = load(&state);
    let controller = saved.host.controllers.first().unwrap();
    assert_eq!(controller.spares.len(), usize::from(WRITERS));
    let spares = controller
        .drives
        .iter()
        .filter(|it| it.state == DriveState::HotSpare);
    assert_eq!(spares.count(), usize::from(WRITERS));
    assert!(
        !stand_in.path("megacli.overlap").exists(),
        "two MegaCLI ran at a time"
    );

    // Each change has its two lines in the record, and no two are mixed up.
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for line in fs::read_to_string(stand_in.path("audit.jsonl"))
        .unwrap()
        .lines()
    {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        *lines
            .entry(entry["id"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    assert_eq!(lines.len(), usize::from(WRITERS));
    assert!(lines.values().all(|&count| count == 2), "{lines:?}");
}

#[test]
fn who_dies_with_the_lock_frees_it() {
    if !is_root() {
        return;
    }
    let (stand_in, state) = host();
    let plan = fs::read_to_string(stand_in.path("megacli.toml")).unwrap();
    let slow = format!(
        "{plan}\n[[rule]]\nwhen = \"-PDHSP\"\ntimes = 1\nsteps = [{{ sleep = 1.0 }}, \"answer\"]\n"
    );
    fs::write(stand_in.path("megacli.toml"), slow).unwrap();
    let mut first = start(&stand_in, &["spare", "add", "32:0", "--yes"]);
    let is_changing = || {
        let calls = stand_in.calls();
        calls
            .iter()
            .any(|call| call.arguments.iter().any(|word| word == "-PDHSP"))
    };
    while !is_changing() {
        sleep(Duration::from_millis(20));
    }
    let pid = Pid::from_child(&first);
    kill_process(pid, Signal::KILL).unwrap();
    first.wait().unwrap();

    // MegaCLI outlives it for a second, and holds the lock as long as it does.
    let second = start(&stand_in, &["spare", "add", "32:1", "--yes"]);
    let output = second.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        !stand_in.path("megacli.overlap").exists(),
        "two MegaCLI ran at a time"
    );
    assert_eq!(
        load(&state).host.controllers.first().unwrap().spares.len(),
        2
    );

    // The record shows the change that was cut off.
    let list = start(&stand_in, &["audit", "list", "--format", "plain"]);
    let list = String::from_utf8(list.wait_with_output().unwrap().stdout).unwrap();
    let results: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split('\t').nth(4))
        .collect();
    assert_eq!(results, ["interrupted", "done"], "{list}");
}
