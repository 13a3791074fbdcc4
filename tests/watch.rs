//! `ironkeep watch` in a pseudo-terminal: what it draws, which keys it takes, and how it leaves the
//! terminal, however it ends.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the helpers are tests too"
)]

#[path = "fakes/stand_in.rs"]
#[expect(dead_code, reason = "other tests look closer at how it was called")]
mod stand_in;

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use stand_in::StandIn;

/// Longer than anything takes that works.
const FOREVER: Duration = Duration::from_mins(1);

/// What a terminal gets to hear when a full-screen program leaves.
const LEAVES: &str = "\u{1b}[?1049l";

/// The program in a terminal of its own.
struct Terminal {
    child: Child,
    keys: File,
    /// The program's side, to look at how it is set.
    inside: File,
    output: Receiver<Vec<u8>>,
    printed: Vec<u8>,
}

impl Terminal {
    /// Starts `ironkeep` with `arguments` in a terminal of 80 columns and 24 lines.
    fn new(arguments: &[&str]) -> Self {
        let outside = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&outside).unwrap();
        unlockpt(&outside).unwrap();
        let name = ptsname(&outside, Vec::new()).unwrap();
        let inside = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(OFlags::NOCTTY.bits().cast_signed())
            .open(name.to_str().unwrap())
            .unwrap();
        let size = Winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&inside, size).unwrap();
        let stream = || Stdio::from(inside.try_clone().unwrap());
        let child = Command::new(env!("CARGO_BIN_EXE_ironkeep"))
            .args(arguments)
            .env_clear()
            .env("LANG", "C.UTF-8")
            .env("TERM", "xterm")
            .stdin(stream())
            .stdout(stream())
            .stderr(stream())
            .spawn()
            .unwrap();
        let keys = File::from(outside);
        let mut reader = keys.try_clone().unwrap();
        let (print, output) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0 || print.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            keys,
            inside,
            output,
            printed: Vec::new(),
        }
    }

    /// Waits until `words` stand on the screen.
    fn wait_for(&mut self, words: &str) {
        self.wait_until(words, |printed| {
            screen(printed).iter().any(|line| line.contains(words))
        });
    }

    fn wait_until(&mut self, what: &str, is_there: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + FOREVER;
        while !is_there(&self.text()) {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else {
                panic!("no {what:?} in\n{}", screen(&self.text()).join("\n"));
            };
            self.printed.extend(bytes);
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.printed).into_owned()
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    fn is_raw(&self) -> bool {
        let modes = tcgetattr(&self.inside).unwrap().local_modes;
        !modes.intersects(LocalModes::ICANON | LocalModes::ECHO)
    }

    /// Waits for the end, and holds that the terminal is as it was.
    fn end(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        self.wait_until("leaving", |printed| printed.contains(LEAVES));
        assert!(!self.is_raw());
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.printed.extend(bytes);
        }
        let text = self.text();
        let (_, after) = text.split_once(LEAVES).unwrap();
        assert!(after.contains("\u{1b}[?25h"), "the cursor is hidden");
        (status, after.to_owned())
    }
}

/// What stands on a screen after `printed`, as far as ratatui needs a terminal: places, and letters one
/// column wide.
fn screen(printed: &str) -> Vec<String> {
    let mut rows = vec![vec![' '; 100]; 40];
    let (mut row, mut column) = (0, 0);
    let mut letters = printed.chars();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            rows[row][column] = letter;
            column += 1;
            continue;
        }
        match letters.next() {
            Some(letter) => assert_eq!(letter, '[', "only such sequences are sent"),
            // The rest is still to come.
            None => break,
        }
        let is_last = |letter: &char| letter.is_ascii_alphabetic();
        let mut parameters = String::new();
        let last = loop {
            match letters.next() {
                None => break ' ',
                Some(letter) if is_last(&letter) => break letter,
                Some(letter) => parameters.push(letter),
            }
        };
        match last {
            'H' => {
                let (y, x) = parameters.split_once(';').unwrap();
                let place = |text: &str| text.parse::<usize>().unwrap() - 1;
                (row, column) = (place(y), place(x));
            }
            'J' => rows.iter_mut().for_each(|row| row.fill(' ')),
            _ => {}
        }
    }
    rows.into_iter().map(String::from_iter).collect()
}

fn fixture(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/megacli");
    fixtures.join(format!("8.07.14-{name}"))
}

/// A stand-in that answers from a capture, after the `rules`.
fn host(name: &str, rules: &str) -> StandIn {
    let capture = fixture(name);
    StandIn::new(&format!("capture = \"{}\"\n{rules}", capture.display()))
}

fn live(stand_in: &StandIn, more: &[&str]) -> Terminal {
    let (program, folder) = (stand_in.program(), stand_in.path(""));
    let root = stand_in.path("no-host");
    let mut arguments = vec![
        "--megacli",
        program.to_str().unwrap(),
        "--run-dir",
        folder.to_str().unwrap(),
        "--host-root",
        root.to_str().unwrap(),
    ];
    arguments.push("watch");
    arguments.extend(more);
    Terminal::new(&arguments)
}

/// Whether MegaCLI may be run by whoever runs the tests.
fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        println!("skipped: only root may run MegaCLI");
    }
    root
}

#[test]
fn a_capture_is_shown_once_and_q_quits() {
    let capture = fixture("degraded_raid5_failed");
    let mut terminal = Terminal::new(&["--replay", capture.to_str().unwrap(), "watch"]);
    terminal.wait_for("does not move");
    terminal.wait_for("CRITICAL");
    assert!(terminal.is_raw());
    terminal.press("?");
    terminal.wait_for("Shift-Tab");
    terminal.press("\u{1b}");
    thread::sleep(Duration::from_millis(300));
    terminal.press("q");
    let (status, after) = terminal.end();
    assert_eq!(status.code(), Some(0));
    assert!(!after.contains("panic"), "{after}");
}

#[test]
fn another_size_is_drawn_anew_and_ctrl_c_quits() {
    let capture = fixture("healthy_raid5_hs");
    let mut terminal = Terminal::new(&["--replay", capture.to_str().unwrap(), "watch"]);
    terminal.wait_for("healthy");
    let size = Winsize {
        ws_row: 9,
        ws_col: 40,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&terminal.inside, size).unwrap();
    // Only a terminal that controls the program sends this by itself.
    let pid = Pid::from_child(&terminal.child);
    kill_process(pid, Signal::WINCH).unwrap();
    terminal.wait_for("too small");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().0.code(), Some(0));
}

#[test]
fn what_cannot_be_read_at_first_ends_the_view_with_its_reason() {
    let mut terminal = Terminal::new(&["--replay", "/nowhere", "watch"]);
    terminal.wait_until("leaving", |printed| printed.contains(LEAVES));
    let (status, after) = terminal.end();
    assert_eq!(status.code(), Some(1));
    assert!(after.contains("cannot read /nowhere"), "{after}");
}

#[test]
fn a_signal_stops_a_slow_megacli_and_gives_the_terminal_back() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy_raid5_hs", "[[rule]]\nsteps = [\"hang\"]\n");
    let mut runs = 0;
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut terminal = live(&stand_in, &[]);
        terminal.wait_for("reading");
        runs += 1;
        let deadline = Instant::now() + FOREVER;
        while stand_in.calls().len() < runs && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        let pid = Pid::from_child(&terminal.child);
        kill_process(pid, signal).unwrap();
        assert_eq!(terminal.end().0.code(), Some(130), "{signal:?}");
        for call in stand_in.calls() {
            let gone = !Path::new(&format!("/proc/{}", call.pid)).exists();
            assert!(gone, "MegaCLI still runs after {signal:?}");
        }
    }
}

#[test]
fn keys_work_while_a_reading_hangs_and_old_news_are_not_healthy() {
    if !is_root() {
        return;
    }
    let stand_in = host("healthy_raid5_hs", "");
    let mut terminal = live(&stand_in, &["--interval", "1", "--timeout", "2"]);
    terminal.wait_for("1 warning");
    let plan = "rule = [{ steps = [\"hang\"] }]";
    fs::write(stand_in.path("megacli.toml"), plan).unwrap();
    terminal.wait_for("could not read");
    terminal.wait_for("UNKNOWN");
    terminal.press("?");
    terminal.wait_for("Shift-Tab");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().0.code(), Some(0));
}

#[test]
fn without_a_terminal_it_says_what_else_to_type() {
    let capture = fixture("healthy_raid5_hs");
    let output = Command::new(env!("CARGO_BIN_EXE_ironkeep"))
        .args(["--replay", capture.to_str().unwrap(), "watch"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("standard output is no terminal"), "{words}");
    assert!(words.contains(" health\n"), "{words}");
}

#[test]
fn memory_is_ranked_and_grouped_by_keys() {
    let mut terminal = Terminal::new(&["mem", "--watch=1"]);
    terminal.wait_for("by PSS; all together");
    assert!(terminal.is_raw());
    terminal.press("r");
    terminal.wait_for("by RSS; all together");
    terminal.press("b");
    terminal.wait_for("b group: program");
    terminal.press("q");
    let (status, after) = terminal.end();
    assert_eq!(status.code(), Some(0));
    assert!(!after.contains("panic"), "{after}");
}

#[test]
fn a_failing_module_stands_above_the_processes() {
    let host = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/epyc-cgroup2");
    let host = format!("--host-root={}", host.display());
    let mut terminal = Terminal::new(&[&host, "mem", "--watch"]);
    terminal.wait_for("by PSS; all together");
    terminal.wait_for("more: ironkeep mem dimm");
    terminal.press("q");
    assert_eq!(terminal.end().0.code(), Some(0));
}

#[test]
fn a_procfs_that_is_not_there_ends_the_view_of_memory() {
    let mut terminal = Terminal::new(&["mem", "--watch", "--procfs", "/nowhere/proc"]);
    terminal.wait_until("leaving", |printed| printed.contains(LEAVES));
    let (status, after) = terminal.end();
    assert_eq!(status.code(), Some(1));
    assert!(after.contains("/nowhere/proc"), "{after}");
}
