//! A change during which MegaCLI, or somebody, misbehaves: what became of it is read and told all the
//! same, and both lines of the record are there.

use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::program::{Run, against, arguments, ironkeep, is_root};
use crate::stand_in::{Call, StandIn};

const OFFLINE: [&str; 6] = ["--timeout", "2", "pd", "offline", "252:2", "--yes"];

fn host(rules: &str) -> StandIn {
    crate::stand_in("healthy", &format!("rule = [{rules}]"))
}

fn offline(stand_in: &StandIn) -> Run {
    against(stand_in, &OFFLINE)
}

/// The outcome in the last line of the record, which is that of the end.
#[track_caller]
fn recorded(stand_in: &StandIn) -> String {
    let text = fs::read_to_string(stand_in.path("audit.jsonl")).unwrap();
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["phase"], "end", "{text}");
    last["outcome"].as_str().unwrap().to_owned()
}

#[test]
fn what_hung_is_looked_at() {
    if !is_root() {
        return;
    }
    let done = host("{ when = \"-PDOffline\", steps = [\"answer\", \"hang\"] }");
    let run = offline(&done);
    assert_eq!(run.status, 0, "{run:#?}");
    assert!(run.stdout.contains("took its place"), "{run:#?}");
    assert_eq!(recorded(&done), "done");
    let none = host("{ when = \"-PDOffline\", steps = [\"hang\"] }");
    let run = offline(&none);
    run.fails(1, "nobody knows", "how things are now");
    assert!(run.stderr.contains("seen afterwards: Online"), "{run:#?}");
    assert!(run.stderr.contains("did not end within"), "{run:#?}");
    assert_eq!(recorded(&none), "unknown");
}

#[test]
fn what_cannot_be_read_afterwards_is_not_told_as_gone_or_done() {
    if !is_root() {
        return;
    }
    for word in ["-PDList", "-AdpAllInfo", "-LdPdInfo"] {
        let crashes = host(&format!(
            "{{ when = {word:?}, times = 2, steps = [\"answer\"] }}, {{ when = {word:?}, steps = [\"crash\"] }}"
        ));
        let run = offline(&crashes);
        run.fails(1, "nobody knows", "how things are now");
        assert!(run.stderr.contains("not read"), "{run:#?}");
        assert_eq!(recorded(&crashes), "unknown", "{word}");
    }
}

#[test]
fn who_interrupts_a_change_is_told_what_became_of_it() {
    if !is_root() {
        return;
    }
    let slow = host("{ when = \"-PDOffline\", steps = [{ sleep = 1.5 }, \"answer\"] }");
    let mut child = ironkeep(&[])
        .args(arguments(&slow, &["pd", "offline", "252:2", "--yes"]))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !slow.calls().iter().any(is_offline) {
        assert!(child.try_wait().unwrap().is_none());
        sleep(Duration::from_millis(20));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("took its place"), "{output:?}");
    assert_eq!(recorded(&slow), "done");
}

fn is_offline(call: &Call) -> bool {
    call.arguments.iter().any(|it| it == "-PDOffline")
}

#[test]
fn a_list_that_breaks_off_is_no_proof_that_a_drive_is_free_to_go() {
    if !is_root() {
        return;
    }
    for bytes in [600, 1500, 4000] {
        let cut = format!("{{ when = \"-LdPdInfo\", steps = [{{ answer-start = {bytes} }}] }}");
        let cut = host(&cut);
        let run = offline(&cut);
        assert_eq!(run.status, 3, "{bytes}: {run:#?}");
        let calls = cut.calls();
        assert!(!calls.iter().any(is_offline), "{bytes}");
    }
}

#[test]
fn what_a_raw_command_did_on_the_controllers_before_the_one_that_failed_is_told() {
    if !is_root() {
        return;
    }
    let silenced = |when| {
        let rules = format!("rule = [{{ when = {when:?}, steps = [\"hang\"] }}]");
        let host = crate::stand_in("several-controllers", &rules);
        let raw = ["raw", "--yes", "--", "-AdpSetProp", "AlarmSilence", "-aALL"];
        let run = against(
            &host,
            &[&["--timeout", "2", "--format", "json"], &raw[..]].concat(),
        );
        (host, run)
    };
    let fails = |run: &Run, hint: &str| {
        assert_eq!(run.status, 1, "{run:#?}");
        assert!(run.stderr.contains("did not end within"), "{run:#?}");
        assert!(run.stderr.contains(hint), "{run:#?}");
    };
    let (host, run) = silenced("-a1");
    fails(&run, "it failed on c1; nothing was run on c2");
    let runs = crate::data(&run);
    assert_eq!(runs.as_array().map(Vec::len), Some(1), "{run:#?}");
    assert_eq!(runs[0]["controller"], 0);
    assert_eq!(runs[0]["exit_code"], 0);
    assert_eq!(recorded(&host), "unknown");
    let (_, run) = silenced("-a0");
    fails(&run, "it failed on c0; nothing was run on c1, c2");
    assert_eq!(run.stdout, "");
}
