//! `fleet status` of a real Prometheus, with TLS and a password, that scrapes pages of hosts which get
//! into trouble. Needs `prometheus`: tests/ci.sh runs it where that is installed.

#![expect(
    clippy::disallowed_methods,
    reason = "tests start programs without the runner"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::http::{Answer, Server};
use crate::material::{Authority, Folder, TLS};
use crate::{Run, findings, status};

/// How long to wait for what Prometheus will know. Nothing is measured.
const LONGEST: Duration = Duration::from_mins(2);
const HOSTS: &[&str] = &[
    "degraded", "down", "failed", "gone", "ok", "silent", "stale",
];

/// The page of a host: how long ago all was read, and what else stands on it.
fn page(age: i64, verdict: &str, more: &[&str]) -> String {
    let read = Timestamp::now().as_second() - age;
    let mut page =
        format!("megaraid_up 1\nmegaraid_collection_last_end_timestamp_seconds {read}\n");
    for known in ["healthy", "warning", "unknown", "critical"] {
        let is_it = u8::from(known == verdict);
        let _ = writeln!(
            page,
            "megaraid_health_verdict{{verdict=\"{known}\"}} {is_it}"
        );
    }
    page.push_str("megaraid_controller_info{controller=\"0\",product=\"SAS 9271-8i\"} 1\n");
    page.push_str("megaraid_collector_interval_seconds{collector=\"battery\"} 300\n");
    let _ = writeln!(
        page,
        "megaraid_collector_last_success_timestamp_seconds{{controller=\"0\",collector=\"battery\"}} {read}"
    );
    for line in more {
        let _ = writeln!(page, "{line}");
    }
    page
}

type Pages = Arc<Mutex<BTreeMap<String, String>>>;

/// A Prometheus of its own, until the end of the test.
struct Prometheus {
    child: Child,
    folder: Folder,
    url: String,
    exporter: String,
    password: String,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Prometheus {
    fn start(exporter: &Server, hosts: &[&str]) -> Self {
        let folder = Folder::new();
        let of = |name: &str| folder.path().join(name);
        let authority = Authority::new();
        folder.write_identity(&authority.server());
        folder.write("ca.pem", &authority.pem);
        let hash = bcrypt::hash("open sesame", 4).unwrap();
        folder.write(
            "web.yml",
            &format!("{TLS}basic_auth_users: {{anna: {hash}}}\n"),
        );
        folder.write("password", "open sesame\n");
        targets(folder.path(), &exporter.address, hosts);
        let config = "global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: megaraid\n  file_sd_configs: [{files: [targets.json], refresh_interval: 1s}]\n";
        folder.write("prometheus.yml", config);
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", of("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", of("data").display()))
            .arg(format!("--web.config.file={}", folder.config().display()))
            .arg(format!("--web.listen-address={address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let password = of("password").display().to_string();
        Self {
            child,
            folder,
            url: format!("https://{}", address.replace("127.0.0.1", "localhost")),
            exporter: exporter.address.clone(),
            password,
        }
    }

    fn ask(&self, words: &[&str]) -> Run {
        let authority = self.folder.path().join("ca.pem").display().to_string();
        let who = ["--username", "anna", "--password-file", &self.password];
        let trust = ["--ca-file", &authority];
        let all = who.iter().chain(&trust).chain(words);
        status(&self.url, &all.copied().collect::<Vec<_>>())
    }

    /// Asks until the findings are these.
    #[track_caller]
    fn comes_to(&self, expected: &[&str]) -> Run {
        let begun = Instant::now();
        loop {
            let run = self.ask(&["--format", "json"]);
            let found = if run.stdout.is_empty() {
                vec![run.stderr.clone()]
            } else {
                findings(&run)
            };
            if found == expected {
                return run;
            }
            assert!(begun.elapsed() < LONGEST, "{found:#?}");
            thread::sleep(Duration::from_millis(300));
        }
    }
}

/// Tells Prometheus which hosts there are.
fn targets(folder: &Path, exporter: &str, hosts: &[&str]) {
    let targets = hosts.iter().map(|host| {
        serde_json::json!({
            "targets": [exporter],
            "labels": {"instance": format!("{host}:10876"), "__metrics_path__": format!("/{host}")}
        })
    });
    let text = targets.collect::<serde_json::Value>().to_string();
    let new = folder.join("targets.new");
    fs::write(&new, text).unwrap();
    fs::rename(new, folder.join("targets.json")).unwrap();
}

#[test]
#[ignore = "needs prometheus"]
fn what_happens_to_hosts_is_seen_through_a_real_prometheus() {
    let well = || page(5, "healthy", &[]);
    let pages: Pages = Arc::default();
    for host in HOSTS {
        pages.lock().unwrap().insert(format!("/{host}"), well());
    }
    let shown = Arc::clone(&pages);
    let exporter = Server::plain(
        move |request| match shown.lock().unwrap().get(&request.target) {
            Some(page) => Answer::text(200, page),
            None => Answer::text(404, "not found\n"),
        },
    );
    let prometheus = Prometheus::start(&exporter, HOSTS);
    prometheus.comes_to(&[]);
    // It takes two scrapes until all hosts are known.
    let begun = Instant::now();
    loop {
        let run = prometheus.ask(&["--format", "json"]);
        if run.json()["data"]["summary"]["healthy"] == HOSTS.len() {
            assert_eq!(run.status, 0);
            break;
        }
        assert!(begun.elapsed() < LONGEST, "{run:#?}");
        thread::sleep(Duration::from_millis(300));
    }

    let finding = |code: &str, severity: &str, object: &str| {
        format!(
            "megaraid_finding{{code=\"{code}\",severity=\"{severity}\",controller=\"0\",object=\"{object}\"}} 1"
        )
    };
    let failed = finding("pd.failed", "critical", "pd 252:4");
    let unread = finding("reading.unread", "unknown", "controller");
    let no_success = "megaraid_collector_success{controller=\"0\",collector=\"battery\"} 0";
    let mut now = pages.lock().unwrap();
    now.insert("/degraded".to_owned(), page(5, "critical", &[&failed]));
    now.insert(
        "/failed".to_owned(),
        page(5, "unknown", &[&unread, no_success]),
    );
    now.insert("/stale".to_owned(), page(5000, "healthy", &[]));
    now.insert("/silent".to_owned(), "node_load1 0.5\n".to_owned());
    now.remove("/down");
    drop(now);
    let left: Vec<&str> = HOSTS
        .iter()
        .copied()
        .filter(|host| *host != "gone")
        .collect();
    targets(prometheus.folder.path(), &prometheus.exporter, &left);

    let run = prometheus.comes_to(&[
        "critical degraded pd 252:4 pd.failed",
        "unknown down host host.down",
        "unknown failed controller reading.unread",
        "unknown gone host host.gone",
        "unknown silent host host.silent",
        "unknown stale controller host.stale",
    ]);
    assert_eq!(run.status, 4);
    let summary = &run.json()["data"]["summary"];
    assert_eq!(summary["healthy"], 1, "{summary}");
    assert_eq!(summary["without_data"], 3, "{summary}");
    let some = prometheus.ask(&[
        "--selector",
        r#"instance=~"ok.*|stale.*""#,
        "--format",
        "plain",
    ]);
    assert_eq!(some.stdout.lines().count(), 1, "{some:#?}");
}
