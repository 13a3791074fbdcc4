//! `event list --follow` as a process of its own, with a stand-in for MegaCLI whose log grows.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

#[path = "fakes/stand_in.rs"]
#[expect(dead_code, reason = "other tests ask it for more")]
mod stand_in;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use stand_in::StandIn;

/// Longer than anything takes that works.
const FOREVER: Duration = Duration::from_mins(1);

/// Without root the tool is refused before it runs.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A rule of the plan: what `word` is answered with, once or for ever.
fn rule(word: &str, once: bool, steps: &str) -> String {
    let times = if once { "times = 1\n" } else { "" };
    format!("[[rule]]\nwhen = \"{word}\"\n{times}steps = [{steps}]\n")
}

const SUCCESS: &str = r#"{ print = "\nSuccess in AdpEventLog\n\nExit Code: 0x00\n" }"#;

/// Where the log stands.
fn positions(newest: u64, oldest: u64, clear: u64, reboot: u64) -> String {
    format!(
        r#"{{ print = "\nAdapter #0\n\nNewest Seqnum: {newest:#010x}\nOldest Seqnum: {oldest:#010x}\nClear Seqnum: {clear:#010x}\nShutdown Seqnum: 0x00000000\nReboot Seqnum: {reboot:#010x}\n" }}, {SUCCESS}"#
    )
}

/// The file with the newest events, the newest first.
fn latest(numbers: impl DoubleEndedIterator<Item = u64>) -> String {
    let mut text = String::new();
    for number in numbers.rev() {
        let class = number % 3;
        let _ = write!(
            text,
            r"\n\nseqNum: {number:#010x}\nTime: Thu Dec 14 12:46:20 2023\n\nCode: 0x00000051\nClass: {class}\nLocale: 0x01\nEvent Description: event {number}\nEvent Data:\n===========\nNone\n"
        );
    }
    format!(r#"{{ file = "{text}" }}, {SUCCESS}"#)
}

/// A log that is as the rules say, the first that applies.
fn log(rules: &[String]) -> StandIn {
    StandIn::new(&rules.concat())
}

struct Follow {
    child: Child,
    lines: Receiver<String>,
}

/// Starts the program.
fn start(stand_in: &StandIn, interval: &str, flags: &[&str]) -> Child {
    #[expect(clippy::disallowed_methods, reason = "the program under test")]
    let mut command = Command::new(env!("CARGO_BIN_EXE_ironkeep"));
    command
        .args(["event", "list", "--follow", "--interval", interval])
        .args(flags)
        .arg("--megacli")
        .arg(stand_in.program())
        .arg("--run-dir")
        .arg(stand_in.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Starts following.
fn follow(stand_in: &StandIn, flags: &[&str]) -> Follow {
    let mut child = start(stand_in, "0.05", flags);
    let stdout = child.stdout.take().unwrap();
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines() {
            if sender.send(line.unwrap()).is_err() {
                break;
            }
        }
    });
    Follow { child, lines }
}

impl Follow {
    /// The next line of standard output, which must not wait for more to come.
    fn line(&self) -> String {
        self.lines.recv_timeout(FOREVER).unwrap()
    }

    /// Presses Ctrl-C. The exit status as a shell sees it, the rest of standard output, and standard error.
    fn interrupt(mut self) -> (Option<i32>, Vec<String>, String) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        self.end()
    }

    fn end(&mut self) -> (Option<i32>, Vec<String>, String) {
        let mut stderr = String::new();
        let mut stream = self.child.stderr.take().unwrap();
        stream.read_to_string(&mut stderr).unwrap();
        let status = self.child.wait().unwrap();
        let code = status.code().or(status.signal().map(|signal| 128 + signal));
        (code, self.lines.iter().collect(), stderr)
    }
}

/// The number of the event in a line of plain output.
fn number(line: &str) -> u64 {
    line.split('\t').nth(1).unwrap().parse().unwrap()
}

const INFO: &str = "-GetEventLogInfo";
const LATEST: &str = "-GetLatest";
const PLAIN: &[&str] = &["--format", "plain"];

#[test]
fn events_come_one_by_one_each_once_and_ctrl_c_ends_it() {
    if !is_root() {
        return;
    }
    let stand_in = log(&[
        rule(INFO, true, &positions(20, 1, 0, 1)),
        rule(LATEST, true, &latest(18..=20)),
        rule(INFO, true, &positions(20, 1, 0, 1)),
        rule(INFO, false, &positions(22, 1, 0, 1)),
        rule(LATEST, true, &latest(21..=22)),
    ]);
    let following = follow(&stand_in, &["-n", "3", "--format", "plain"]);
    let numbers: Vec<u64> = (0..5).map(|_| number(&following.line())).collect();
    assert_eq!(numbers, [18, 19, 20, 21, 22]);
    let (code, rest, stderr) = following.interrupt();
    assert_eq!((code, rest, &*stderr), (Some(130), Vec::new(), ""));
    // Only what was new was asked for, and nothing where nothing was.
    let calls = stand_in.calls();
    let latest: Vec<_> = calls
        .iter()
        .filter(|call| call.arguments[1] == LATEST)
        .map(|call| (call.arguments[2].clone(), call.arguments[5].clone()))
        .collect();
    let asked = |count: &str| (count.to_owned(), "-a0".to_owned());
    assert_eq!(latest, [asked("3"), asked("2")]);
}

#[test]
fn what_happens_to_the_log_is_said_and_is_a_line_of_json() {
    if !is_root() {
        return;
    }
    let stand_in = log(&[
        rule(INFO, true, &positions(20, 1, 0, 1)),
        rule(INFO, false, &positions(31, 30, 29, 31)),
        rule(LATEST, true, &latest(30..=31)),
    ]);
    let following = follow(&stand_in, &["-n", "0", "--format", "json"]);
    let told: Vec<String> = (0..5)
        .map(|_| {
            let line: serde_json::Value = serde_json::from_str(&following.line()).unwrap();
            assert_eq!(
                (&line["schema"], &line["controller"]),
                (&1.into(), &0.into())
            );
            match line["kind"].as_str().unwrap() {
                "event" => line["sequence"].to_string(),
                _ => line["notice"].as_str().unwrap().to_owned(),
            }
        })
        .collect();
    assert_eq!(told, ["cleared", "lost", "restarted", "30", "31"]);
    let (_, _, stderr) = following.interrupt();
    assert_eq!(
        stderr,
        "note: controller 0: its event log was cleared up to event 29\n\
         note: controller 0: events 21 to 29 were gone before they could be read\n\
         note: controller 0: it restarted at event 31\n"
    );
}

#[test]
fn a_reading_that_fails_is_said_once_and_tried_again() {
    if !is_root() {
        return;
    }
    let failing = r#"{ print = "\nAdpEventLog failed\n\nExit Code: 0x01\n" }, { exit = 1 }"#;
    let fail = |word| rule(word, true, failing);
    let stand_in = log(&[
        rule(INFO, true, &positions(20, 1, 0, 1)),
        fail(INFO),
        fail("-GetEvents"),
        fail(INFO),
        fail("-GetEvents"),
        rule(INFO, false, &positions(21, 1, 0, 1)),
        rule(LATEST, false, &latest(21..=21)),
    ]);
    let following = follow(&stand_in, &["-n", "0", "--format", "plain"]);
    assert_eq!(number(&following.line()), 21);
    let (code, rest, stderr) = following.interrupt();
    assert_eq!((code, rest), (Some(130), Vec::new()));
    assert_eq!(
        stderr,
        "note: a reading failed and is tried again: could not read the event log: \
         AdpEventLog failed (exit code 0x01)\n\
         note: read again after 2 failed readings\n"
    );
}

#[test]
fn a_limit_on_failures_ends_it() {
    if !is_root() {
        return;
    }
    let failing = r#"{ print = "\nAdpEventLog failed\n\nExit Code: 0x01\n" }, { exit = 1 }"#;
    let stand_in = log(&[
        rule(INFO, true, &positions(20, 1, 0, 1)),
        rule(INFO, false, failing),
        rule("-GetEvents", false, failing),
    ]);
    let mut following = follow(&stand_in, &["-n", "0", "--max-failures", "3"]);
    let (code, rest, stderr) = following.end();
    assert_eq!((code, rest), (Some(1), Vec::new()));
    assert!(
        stderr.contains("\nerror: could not read the event log\n"),
        "{stderr}"
    );
    let calls = stand_in.calls();
    let readings = calls.iter().filter(|call| call.arguments[1] == INFO);
    assert_eq!(readings.count(), 4);
}

#[test]
fn the_filters_choose_of_the_new_events_too() {
    if !is_root() {
        return;
    }
    let stand_in = log(&[
        rule(INFO, true, &positions(3, 1, 0, 1)),
        rule("-GetEvents", true, &latest(1..=3)),
        rule(INFO, false, &positions(8, 1, 0, 1)),
        rule(LATEST, false, &latest(4..=8)),
    ]);
    // Every third event is critical.
    let flags = [
        &["--class", "critical", "-n", "1", "--controller", "0"],
        PLAIN,
    ]
    .concat();
    let following = follow(&stand_in, &flags);
    let numbers: Vec<u64> = (0..3).map(|_| number(&following.line())).collect();
    assert_eq!(numbers, [2, 5, 8]);
    following.interrupt();
}

#[test]
fn a_reader_that_goes_away_ends_it_even_where_nothing_comes() {
    if !is_root() {
        return;
    }
    let stand_in = log(&[
        rule(INFO, false, &positions(20, 1, 0, 1)),
        rule(LATEST, false, &latest(20..=20)),
    ]);
    let mut child = start(&stand_in, "600", &["-n", "1"]);
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut String::new()).unwrap();
    drop(stdout);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
