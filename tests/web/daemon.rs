//! The daemon as a process: its flags, its sockets, its signals.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, prlimit};

use crate::material::Folder;
use crate::server::{connect, ends, get, try_get, wait_until};

/// A daemon over a simulated host.
struct Daemon {
    child: Child,
    addresses: Vec<SocketAddr>,
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

fn command(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ironkeep"));
    command
        .args(["--demo=healthy", "export", "serve"])
        .args(flags);
    command
}

impl Daemon {
    fn start(mut command: Command, listeners: usize) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let addresses = (0..listeners).map(|_| Self::address(&mut stderr)).collect();
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let collected = Arc::clone(&lines);
        let reader = std::thread::spawn(move || {
            for line in stderr.lines() {
                collected.lock().unwrap().push(line.unwrap());
            }
        });
        Self {
            child,
            addresses,
            lines,
            reader: Some(reader),
        }
    }

    fn address(stderr: &mut BufReader<ChildStderr>) -> SocketAddr {
        loop {
            let mut line = String::new();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "it has ended");
            if let Some((_, address)) = line.trim().split_once("listening on http://") {
                return address.parse().unwrap();
            }
        }
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Stops it, and returns its exit status.
    fn stop(&mut self) -> i32 {
        kill_process(self.pid(), Signal::TERM).unwrap();
        let status = self.child.wait().unwrap();
        self.reader.take().unwrap().join().unwrap();
        status.code().unwrap()
    }

    fn wait_until_ready(&self) {
        for &address in &self.addresses {
            wait_until("a collection has ended", || {
                try_get(&mut connect(address), "/-/ready", "").is_some_and(|it| it.status == 200)
            });
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn it_listens_in_several_places() {
    let flags = ["127.0.0.1:0", "localhost:0", "[::1]:0", ":0"]
        .map(|it| format!("--web.listen-address={it}"));
    let flags: Vec<&str> = flags
        .iter()
        .map(String::as_str)
        .chain(["--web.telemetry-path=/m"])
        .collect();
    let mut daemon = Daemon::start(command(&flags), 4);
    assert!(daemon.addresses[..3].iter().all(|it| it.ip().is_loopback()));
    assert!(daemon.addresses[3].ip().is_unspecified());
    daemon.wait_until_ready();
    for &address in &daemon.addresses {
        let reply = get(&mut connect(address), "/m", "");
        assert_eq!(reply.status, 200);
        assert!(reply.text().contains("megaraid_up"));
        assert_eq!(get(&mut connect(address), "/metrics", "").status, 404);
    }
    let report = get(&mut connect(daemon.addresses[0]), "/-/healthy", "").text();
    assert!(report.contains(r#""status":"ok""#), "{report}");
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn it_takes_sockets_from_systemd() {
    let listeners = [
        TcpListener::bind("127.0.0.1:0").unwrap(),
        TcpListener::bind("127.0.0.1:0").unwrap(),
    ];
    let addresses = listeners.each_ref().map(|it| it.local_addr().unwrap());
    // What systemd does: the sockets are descriptors 3 and up, and the process id says whose they are.
    let [first, second] = listeners.map(OwnedFd::from);
    let mut shell = Command::new("sh");
    shell
        .args([
            "-c",
            r#"LISTEN_PID=$$ LISTEN_FDS=2 exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2"#,
        ])
        .arg(env!("CARGO_BIN_EXE_ironkeep"))
        .args([
            "--demo=healthy",
            "export",
            "serve",
            "--web.systemd-socket",
            "--web.listen-address=192.0.2.1:1",
        ])
        .stdin(first)
        .stdout(second);
    let mut daemon = Daemon::start(shell, 2);
    assert_eq!(daemon.addresses, addresses);
    daemon.wait_until_ready();
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn what_it_cannot_do_ends_it_at_once() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = format!("--web.listen-address={}", taken.local_addr().unwrap());
    let missing = format!("--web.config.file={}", folder.config().display());
    let any = "--web.listen-address=127.0.0.1:0";
    for (flags, code, word) in [
        (vec![taken.as_str()], 1, "cannot listen on 127.0.0.1:"),
        (
            vec!["--web.listen-address=name.invalid:1"],
            1,
            "cannot listen on name.invalid:1",
        ),
        (vec!["--web.systemd-socket"], 1, "systemd passes no socket"),
        (vec![any, &missing], 1, "cannot be read: No such file"),
        (vec!["--web.listen-address=10876"], 2, "no port"),
        (vec!["--web.listen-address=::1:10876"], 2, "brackets"),
        (vec!["--web.telemetry-path=metrics"], 2, "begins with /"),
        (vec!["--web.telemetry-path=/a b"], 2, "blanks"),
        (vec!["--web.telemetry-path=/-/ready"], 2, "/-/"),
        (vec!["--web.max-connections=0"], 2, "0 is not in"),
    ] {
        let output = command(&flags).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{flags:?}: {said}");
        assert!(said.contains(word), "{flags:?}: {said}");
        assert!(!said.contains("listening on"), "{flags:?}: {said}");
    }
}

#[test]
fn a_signal_ends_it_whatever_clients_do() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut daemon = Daemon::start(command(&["--web.listen-address=127.0.0.1:0"]), 1);
        daemon.wait_until_ready();
        let mut idle = connect(daemon.addresses[0]);
        assert_eq!(get(&mut idle, "/metrics", "").status, 200);
        let mut half = connect(daemon.addresses[0]);
        std::io::Write::write_all(&mut half, b"GET /metrics HTTP/1.1\r\n").unwrap();
        kill_process(daemon.pid(), signal).unwrap();
        assert_eq!(daemon.child.wait().unwrap().code(), Some(0));
        assert!(ends(&mut idle) && ends(&mut half));
    }
}

#[test]
fn no_lack_of_files_ends_it() {
    let mut daemon = Daemon::start(command(&["--web.listen-address=127.0.0.1:0"]), 1);
    daemon.wait_until_ready();
    let (pid, address) = (daemon.pid(), daemon.addresses[0]);
    let open = fs::read_dir(format!("/proc/{}/fd", daemon.child.id()))
        .unwrap()
        .count();
    let enough = getrlimit(Resource::Nofile);
    let few = Rlimit {
        current: Some(u64::try_from(open).unwrap() + 4),
        ..enough
    };
    prlimit(Some(pid), Resource::Nofile, few).unwrap();
    let crowd: Vec<TcpStream> = (0..50).map(|_| connect(address)).collect();
    let count = |word: &str| {
        let lines = daemon.lines.lock().unwrap();
        lines.iter().filter(|line| line.contains(word)).count()
    };
    wait_until("it says that it cannot let anybody in", || {
        count("cannot accept connections") == 1
    });
    drop(crowd);
    wait_until("it lets people in again", || {
        TcpStream::connect(address).is_ok_and(|mut it| try_get(&mut it, "/metrics", "").is_some())
    });
    prlimit(Some(pid), Resource::Nofile, enough).unwrap();
    wait_until("it says so", || count("accepted again") >= 1);
    assert_eq!(get(&mut connect(address), "/metrics", "").status, 200);
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn few_files_mean_few_connections() {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", r#"ulimit -n 70 && exec "$0" "$@""#])
        .arg(env!("CARGO_BIN_EXE_ironkeep"))
        .args([
            "--demo=healthy",
            "export",
            "serve",
            "--web.listen-address=127.0.0.1:0",
        ]);
    let mut daemon = Daemon::start(shell, 1);
    daemon.wait_until_ready();
    let mut crowd: Vec<TcpStream> = (0..50).map(|_| connect(daemon.addresses[0])).collect();
    let let_in = crowd
        .iter_mut()
        .filter_map(|it| try_get(it, "/metrics", ""))
        .count();
    assert!(
        let_in <= 1,
        "a quarter of what is left when the rest has what it needs"
    );
    let lines = daemon.lines.lock().unwrap().clone();
    assert!(
        !lines.iter().any(|line| line.contains("cannot accept")),
        "nothing runs out: {lines:?}"
    );
    drop(crowd);
    daemon.wait_until_ready();
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn nothing_is_written_to_standard_output() {
    let mut command = command(&["--web.listen-address=127.0.0.1:0"]);
    command.stdout(Stdio::piped());
    let mut daemon = Daemon::start(command, 1);
    daemon.wait_until_ready();
    assert_eq!(daemon.stop(), 0);
    let mut said = String::new();
    daemon
        .child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(said, "");
}
