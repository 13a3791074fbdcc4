//! `export serve` as a process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::program;
use crate::stand_in::StandIn;

/// Longer than anything takes that works.
const FOREVER: Duration = Duration::from_mins(2);

/// Waits until `look` finds something.
#[track_caller]
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < FOREVER, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The exporter. It ends with this.
pub(crate) struct Daemon {
    child: Child,
    address: String,
    stderr: Arc<Mutex<Vec<String>>>,
}

impl Daemon {
    /// Starts it against a stand-in.
    pub(crate) fn start(stand_in: &StandIn, flags: &[&str]) -> Self {
        Self::start_with(stand_in, flags, &[])
    }

    /// The same, with variables of the environment.
    pub(crate) fn start_with(
        stand_in: &StandIn,
        flags: &[&str],
        environment: &[(&str, &Path)],
    ) -> Self {
        let serve = ["export", "serve", "--web.listen-address", "127.0.0.1:0"];
        let words = [serve.as_slice(), flags].concat();
        let mut command = program::ironkeep(&[]);
        command.args(program::arguments(stand_in, &words));
        for (name, value) in environment {
            command.env(name, value);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr: Arc<Mutex<Vec<String>>> = Arc::default();
        let (lines, pipe) = (Arc::clone(&stderr), child.stderr.take().unwrap());
        thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                lines.lock().unwrap().push(line);
            }
        });
        let mut daemon = Self {
            child,
            address: String::new(),
            stderr,
        };
        daemon.address = wait_for("the address", || {
            let lines = daemon.lines();
            let line = lines.iter().find_map(|it| it.split_once("http://"))?;
            let is_part = |it: &char| matches!(it, '.' | ':' | '0'..='9');
            Some(line.1.chars().take_while(is_part).collect())
        });
        daemon
    }

    /// What it said on standard error.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.stderr.lock().unwrap().clone()
    }

    /// The status and the body of an answer.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }

    /// The metrics.
    pub(crate) fn metrics(&self) -> String {
        let (status, body) = self.get("/metrics");
        assert_eq!(status, 200);
        body
    }

    /// The metrics, once they are as `expected`.
    #[track_caller]
    pub(crate) fn metrics_when(&self, what: &str, expected: impl Fn(&str) -> bool) -> String {
        wait_for(what, || Some(self.metrics()).filter(|it| expected(it)))
    }

    /// Waits until a collection has ended.
    #[track_caller]
    pub(crate) fn ready(&self) {
        wait_for("readiness", || {
            (self.get("/-/ready").0 == 200).then_some(())
        });
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn ended(mut self) -> ExitStatus {
        wait_for("the end", || self.child.try_wait().unwrap())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Whether a process runs.
pub(crate) fn is_alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}
