//! A real Prometheus scrapes the daemon on every scenario of the simulator, loads the rules as they are
//! shipped, and has the alerts that a person would expect. Then it answers every question of the
//! dashboards. `tests/ci.sh` runs this where Prometheus is installed.

#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "a test starts Prometheus and the program"
)]

mod monitoring;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use ironkeep_sim::saved::{Saved, StateFile};
use ironkeep_sim::scenario;
use ironkeep_sim::state::{Controller, Host, PatrolMode, cache};
use jiff::Timestamp;
use serde_json::Value;

/// The alerts of each scenario, pending or firing, and how often where it is not once. What a person
/// would say to each stands beside it. No alert is there for what mends itself or has to be so.
const EXPECTED: &[(&str, &[&str])] = &[
    // All is well, in as many ways as there are.
    ("healthy", &[]),
    ("raid1-pair", &[]),
    ("raid6-two-spares", &[]),
    ("raid10", &[]),
    ("raid50", &[]),
    ("raid60-two-enclosures", &[]),
    ("all-flash", &[]),
    ("big-sata", &[]),
    ("4k-sectors", &[]),
    ("two-volumes", &[]),
    ("direct-attached", &[]),
    ("cachecade", &[]),
    ("jbod", &[]),
    ("unconfigured", &[]),
    ("empty-bays", &[]),
    ("empty-controller", &[]),
    // Work that the controller does by itself.
    ("copyback", &[]),
    ("cachevault", &[]),
    ("patrol", &[]),
    ("check", &[]),
    ("expansion", &[]),
    // Pending for two days: a learn cycle that does not end would be told then. Nobody is called for this one.
    ("battery-learning", &["MegaraidLearnCycleEndless"]),
    // Redundancy is gone, and nobody but a person brings it back.
    (
        "failed-drive",
        &["MegaraidDriveFailed", "MegaraidNoRedundancyAndNoRebuild"],
    ),
    (
        "raid10-failed",
        &["MegaraidDriveFailed", "MegaraidNoRedundancyAndNoRebuild"],
    ),
    (
        "raid6-two-failed",
        &["MegaraidDriveFailed 2", "MegaraidNoRedundancyAndNoRebuild"],
    ),
    (
        "user-offline",
        &["MegaraidDriveFailed", "MegaraidNoRedundancyAndNoRebuild"],
    ),
    (
        "missing-drive",
        &["MegaraidDriveMissing", "MegaraidNoRedundancyAndNoRebuild"],
    ),
    (
        "replaced-too-small",
        &["MegaraidDriveMissing", "MegaraidNoRedundancyAndNoRebuild"],
    ),
    (
        "no-auto-rebuild",
        &["MegaraidDriveMissing", "MegaraidNoRedundancyAndNoRebuild"],
    ),
    (
        "replaced-foreign",
        &[
            "MegaraidDriveMissing",
            "MegaraidForeign",
            "MegaraidNoRedundancyAndNoRebuild",
        ],
    ),
    // A RAID 6 lost a drive and survives another: no page.
    (
        "several-controllers",
        &["MegaraidDriveFailed", "MegaraidPartiallyDegraded"],
    ),
    // A rebuild runs: no page. The drive that failed wants to be replaced; without redundancy for half a
    // day, a ticket says so.
    (
        "rebuilding",
        &["MegaraidDegradedRebuilding", "MegaraidDriveFailed"],
    ),
    (
        "emergency-spare",
        &["MegaraidDegradedRebuilding", "MegaraidDriveFailed"],
    ),
    ("replaced-rebuilding", &["MegaraidDegradedRebuilding"]),
    ("rebuilt", &["MegaraidDriveFailed"]),
    // Three RAID 6 are being rebuilt and survive another loss: of them only the failed drives are told. The
    // third was pulled.
    (
        "fleet",
        &["MegaraidDriveFailed 2", "MegaraidPredictiveFailure"],
    ),
    // It still works. That its data are being copied away does not make it a good drive.
    ("predictive-failure", &["MegaraidPredictiveFailure"]),
    ("smart-copyback", &["MegaraidPredictiveFailure"]),
    // Data are out of reach. Of three drives, one failed first, one failed during the rebuild, and one was
    // its target.
    (
        "second-failure",
        &[
            "MegaraidDriveFailed 3",
            "MegaraidPreservedCache",
            "MegaraidVirtualDriveOffline",
        ],
    ),
    (
        "offline-raid0",
        &[
            "MegaraidDriveFailed",
            "MegaraidPreservedCache",
            "MegaraidVirtualDriveOffline",
        ],
    ),
    (
        "foreign-own",
        &[
            "MegaraidDriveMissing",
            "MegaraidForeign",
            "MegaraidPreservedCache",
            "MegaraidVirtualDriveOffline",
        ],
    ),
    // A RAID 10 across two enclosures lost a drive in each of its three spans; a RAID 6 lost them all.
    (
        "enclosure-lost",
        &[
            "MegaraidDriveMissing",
            "MegaraidNoRedundancyAndNoRebuild 3",
            "MegaraidPreservedCache",
            "MegaraidVirtualDriveOffline",
        ],
    ),
    // The RAID 10 rebuilds itself, the RAID 6 waits for its import.
    (
        "enclosure-back",
        &[
            "MegaraidDegradedRebuilding 3",
            "MegaraidDriveMissing",
            "MegaraidForeign",
            "MegaraidPreservedCache",
            "MegaraidVirtualDriveOffline",
        ],
    ),
    ("foreign-drive", &["MegaraidForeign"]),
    ("foreign-incomplete", &["MegaraidForeign"]),
    // The media errors that punctured it are old: no growth.
    ("punctured", &["MegaraidBadBlocks", "MegaraidDriveFailed"]),
    // Some sectors, mended from redundancy, and no growth since the exporter looks: on the dashboard.
    ("media-errors", &[]),
    ("hot-drive", &["MegaraidDriveHot"]),
    ("enclosure-faults", &["MegaraidEnclosureFault"]),
    (
        "battery-failed",
        &[
            "MegaraidBatteryDegraded",
            "MegaraidBatteryReplace",
            "MegaraidWriteCacheDegraded",
        ],
    ),
    // The controller says that it has one, and none answers.
    ("battery-absent", &["MegaraidBatteryReplace"]),
    // Beyond the scenarios: see `beyond`.
    (
        "second-suspect",
        &[
            "MegaraidDriveFailed",
            "MegaraidNoRedundancyAndNoRebuild",
            "MegaraidSecondDriveSuspect",
        ],
    ),
    // Errors that could not be corrected, seen for the first time.
    (
        "memory",
        &["MegaraidMemoryErrors", "MegaraidMemoryUncorrectable"],
    ),
    ("patrol-off", &["MegaraidPatrolStale"]),
    // It goes on caching without a battery: both that it would and that it does.
    (
        "unprotected",
        &[
            "MegaraidBatteryDegraded",
            "MegaraidBatteryReplace",
            "MegaraidCacheUnprotected",
            "MegaraidUnsafeCache",
        ],
    ),
    // More media errors than the configuration allows, however old.
    ("worn", &["MegaraidMediaErrors"]),
    // A server with a module that fails: errors that were not corrected are seen for the first time.
    (
        SERVER,
        &[
            "IronkeepDimmCorrectableRising",
            "IronkeepDimmErrors",
            "IronkeepDimmUncorrectable",
        ],
    ),
];

/// A simulated host whose memory is that of a saved server.
const SERVER: &str = "server";

/// Hosts with troubles that no scenario has.
fn beyond() -> Vec<(&'static str, Host)> {
    let suspect = r#"
        title = "No redundancy left, and another drive has media errors"
        then = ["wear 252:4 3", "patrol", "wait 1d", "fail 252:2", "wait 20m"]

        [[controller]]
        enclosure = [{ id = 252, make = "backplane-8" }]
        drives = [{ bays = "252:0-4", make = "ST3300657SS" }]
        group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
    "#;
    let like = |scenario: &str, change: fn(&mut Controller)| {
        let mut host = scenario::build(scenario).unwrap();
        change(&mut host.controllers[0]);
        host
    };
    let memory = |it: &mut Controller| {
        it.info.ecc_correctable = 5;
        it.info.ecc_uncorrectable = 2;
    };
    let unprotected = |it: &mut Controller| {
        let policy = cache::WRITE_BACK | cache::WRITE_WITHOUT_BATTERY;
        it.virtual_drives[0].default_cache |= policy;
        it.virtual_drives[0].current_cache |= policy;
    };
    vec![
        (
            "second-suspect",
            scenario::of_text("second-suspect", suspect).unwrap(),
        ),
        ("memory", like("healthy", memory)),
        (
            "patrol-off",
            like("healthy", |it| it.patrol.mode = PatrolMode::Disabled),
        ),
        ("unprotected", like("battery-failed", unprotected)),
        (
            "worn",
            like("healthy", |it| it.drives[3].media_errors = 150),
        ),
    ]
}

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Waits until `done` says something; how long is no matter of the test, as long as it ends.
fn until<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_mins(10);
    loop {
        if let Some(it) = done() {
            return it;
        }
        assert!(Instant::now() < end, "not in time: {what}");
        thread::sleep(Duration::from_millis(200));
    }
}

fn get(url: &str) -> Option<String> {
    let mut answer = ureq::get(url).call().ok()?;
    answer
        .body_mut()
        .with_config()
        .limit(1 << 30)
        .read_to_string()
        .ok()
}

/// The daemon on a simulated host.
struct Daemon {
    scenario: String,
    address: String,
    process: Process,
}

impl Daemon {
    /// On a scenario.
    fn of(scenario: &str, folder: &Path) -> Self {
        Self::start(scenario, &[&format!("--demo={scenario}")], &[], folder)
    }

    /// On a healthy host with the memory of a saved server.
    fn on_server(folder: &Path) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/xeon-cgroup1");
        let root = format!("--host-root={}", root.display());
        let host = ["--demo=healthy", &root];
        Self::start(SERVER, &host, &["--memory=unit"], folder)
    }

    /// On another host, whose time stands still.
    fn on(name: &str, host: Host, folder: &Path) -> Self {
        let path = folder.join(format!("{name}.json"));
        let saved = Saved::new(name, host, 0, Timestamp::now());
        StateFile::lock(&path).unwrap().save(&saved).unwrap();
        Self::start(
            name,
            &[&format!("--demo-state={}", path.display())],
            &[],
            folder,
        )
    }

    fn start(scenario: &str, host: &[&str], flags: &[&str], folder: &Path) -> Self {
        let log = folder.join(format!("{scenario}.log"));
        let process = Command::new(env!("CARGO_BIN_EXE_ironkeep"))
            .args(host)
            .args(["export", "serve", "--web.listen-address", "127.0.0.1:0"])
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let address = until("an address", || {
            let said = BufReader::new(File::open(&log).unwrap());
            let mut lines = said.lines().map_while(Result::ok);
            lines.find_map(|line| {
                let (_, address) = line.split_once("listening on http://")?;
                Some(address.to_owned())
            })
        });
        Self {
            scenario: scenario.to_owned(),
            address,
            process: Process(process),
        }
    }

    /// Waits for the first collection.
    fn ready(&self) {
        until(&format!("{}: the first collection", self.scenario), || {
            get(&format!("http://{}/metrics", self.address))
                .filter(|page| page.lines().any(|line| line == "megaraid_up 1"))
        });
    }
}

/// Prometheus, which scrapes some daemons every second.
struct Prometheus {
    url: String,
    _process: Process,
}

impl Prometheus {
    fn start(daemons: &[Daemon], folder: &Path) -> Self {
        let rules =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/prometheus/ironkeep.rules.yml");
        let mut configuration = format!(
            "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 1s\n\
             rule_files: ['{}']\n\
             scrape_configs:\n  - job_name: ironkeep\n    static_configs:\n",
            rules.display()
        );
        for daemon in daemons {
            let (address, scenario) = (&daemon.address, &daemon.scenario);
            // A page of 1920 drives, on a machine that is busy with other tests.
            let slower = if scenario == "fleet" {
                ", __scrape_interval__: 5s, __scrape_timeout__: 5s"
            } else {
                ""
            };
            writeln!(
                configuration,
                "      - targets: ['{address}']\n        labels: {{instance: '{scenario}'{slower}}}"
            )
            .unwrap();
        }
        let file = folder.join("prometheus.yml");
        fs::write(&file, configuration).unwrap();
        // Prometheus does not say which port it got, so it is given one that was free just now.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let log = File::create(folder.join("prometheus.log")).unwrap();
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.join("data").display()
            ))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--log.level=warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("Prometheus is installed");
        let it = Self {
            url: format!("http://127.0.0.1:{port}"),
            _process: Process(process),
        };
        until("Prometheus", || get(&format!("{}/-/ready", it.url)));
        it
    }

    /// What its API says.
    fn api(&self, path: &str) -> Value {
        let text = get(&format!("{}/api/v1/{path}", self.url));
        let text = text.unwrap_or_else(|| panic!("no answer: {path}"));
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(answer["status"], "success", "{path}: {text}");
        answer["data"].clone()
    }

    /// The series that a query finds; what is wrong with it.
    fn query(&self, expr: &str) -> Result<Vec<Value>, String> {
        let mut answer = ureq::post(format!("{}/api/v1/query", self.url))
            .config()
            .http_status_as_error(false)
            .build()
            .send_form([("query", expr)])
            .map_err(|error| error.to_string())?;
        let text = answer
            .body_mut()
            .read_to_string()
            .map_err(|error| error.to_string())?;
        let answer: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        if answer["status"] != "success" {
            return Err(answer["error"].to_string());
        }
        Ok(answer["data"]["result"]
            .as_array()
            .cloned()
            .unwrap_or_default())
    }

    /// Waits until every rule was evaluated with what was scraped after now, three times over, since
    /// groups read what others record.
    fn settle(&self) {
        for _ in 0..3 {
            let scraped = self.latest("targets", |data| {
                let targets = data["activeTargets"].as_array().unwrap();
                targets.iter().map(|it| it["lastScrape"].clone()).collect()
            });
            until("scrapes", || {
                let now = self.latest("targets", |data| {
                    let targets = data["activeTargets"].as_array().unwrap();
                    targets.iter().map(|it| it["lastScrape"].clone()).collect()
                });
                now.iter()
                    .zip(&scraped)
                    .all(|(now, then)| now != then)
                    .then_some(())
            });
            let groups = |data: &Value| -> Vec<Value> {
                let groups = data["groups"].as_array().unwrap();
                groups
                    .iter()
                    .map(|it| it["lastEvaluation"].clone())
                    .collect()
            };
            let evaluated = self.latest("rules", groups);
            until("evaluations", || {
                let now = self.latest("rules", groups);
                now.iter()
                    .zip(&evaluated)
                    .all(|(now, then)| now != then)
                    .then_some(())
            });
        }
    }

    fn latest(&self, path: &str, times: impl Fn(&Value) -> Vec<Value>) -> Vec<Value> {
        times(&self.api(path))
    }

    /// The alerts by instance: name and how often.
    fn alerts(&self) -> BTreeMap<String, BTreeMap<String, usize>> {
        let mut found: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for alert in self.api("alerts")["alerts"].as_array().unwrap() {
            let text = |label: &str| {
                alert["labels"][label]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            };
            let names = found.entry(text("instance")).or_default();
            *names.entry(text("alertname")).or_default() += 1;
        }
        found
    }
}

#[test]
#[ignore = "needs Prometheus and takes a minute: tests/ci.sh runs it"]
fn every_scenario_raises_the_alerts_that_it_should() {
    let folder = tempfile::tempdir().unwrap();
    let scenarios = scenario::list();
    let scenarios = scenarios
        .iter()
        .map(|(name, _)| Daemon::of(name, folder.path()));
    let others = beyond()
        .into_iter()
        .map(|(name, host)| Daemon::on(name, host, folder.path()));
    let server = Daemon::on_server(folder.path());
    let mut daemons: Vec<Daemon> = scenarios.chain(others).chain([server]).collect();
    daemons.iter().for_each(Daemon::ready);
    let prometheus = Prometheus::start(&daemons, folder.path());
    until("a scrape of every daemon", || {
        let up = prometheus.query("count(megaraid_up == 1)").unwrap();
        let count = up.first()?["value"][1].as_str()?.parse::<usize>().ok()?;
        (count == daemons.len()).then_some(())
    });
    prometheus.settle();

    no_scrape_failed(&prometheus);
    every_rule_is_well(&prometheus);
    the_alerts_are_those_expected(&prometheus);
    every_query_finds_something(&prometheus);
    a_page_outlives_the_exporter(&prometheus, &mut daemons);
}

fn no_scrape_failed(prometheus: &Prometheus) {
    let failed = prometheus.query("min_over_time(up[1h]) == 0").unwrap();
    assert!(failed.is_empty(), "{failed:#?}");
    for target in prometheus.api("targets")["activeTargets"]
        .as_array()
        .unwrap()
    {
        assert_eq!(target["lastError"], "", "{target:#}");
    }
}

fn every_rule_is_well(prometheus: &Prometheus) {
    let rules = prometheus.api("rules");
    let groups = rules["groups"].as_array().unwrap();
    let rules: Vec<&Value> = groups
        .iter()
        .flat_map(|it| it["rules"].as_array().unwrap())
        .collect();
    assert!(rules.len() > 60, "{}", rules.len());
    for rule in rules {
        assert_eq!(rule["health"], "ok", "{rule:#}");
    }
}

fn the_alerts_are_those_expected(prometheus: &Prometheus) {
    let found = prometheus.alerts();
    let mut differs = String::new();
    let listed: BTreeSet<&str> = EXPECTED.iter().map(|(name, _)| *name).collect();
    for (scenario, _) in scenario::list() {
        if !listed.contains(scenario) {
            writeln!(differs, "{scenario}: not in the table").unwrap();
        }
    }
    for (scenario, expected) in EXPECTED {
        let found = found.get(*scenario).into_iter().flatten();
        let found: Vec<String> = found
            .map(|(name, count)| {
                if *count == 1 {
                    name.clone()
                } else {
                    format!("{name} {count}")
                }
            })
            .collect();
        if found[..] != **expected {
            writeln!(
                differs,
                "{scenario}:\n  expected {expected:?}\n  found    {found:?}"
            )
            .unwrap();
        }
    }
    for instance in found.keys().filter(|it| !listed.contains(it.as_str())) {
        writeln!(
            differs,
            "of no scenario: {instance:?} {:?}",
            found[instance]
        )
        .unwrap();
    }
    assert!(differs.is_empty(), "{differs}");
    for alert in prometheus.api("alerts")["alerts"].as_array().unwrap() {
        for (key, text) in alert["annotations"].as_object().unwrap() {
            let text = text.as_str().unwrap();
            let well =
                !text.contains("<error") && !text.contains("<no value>") && !text.contains("%!");
            assert!(well, "{key}: {text}");
        }
    }
}

/// Queries and records that find nothing on hosts of the simulator, and why.
const EMPTY: &[(&str, &str)] = &[
    ("1 - megaraid_collector_success", "nothing fails there"),
    ("1 - ironkeep_collector_success", "nothing fails there"),
    (
        "increase(drive:megaraid_physical_drive_media_errors:total",
        "no drive gets worse while the test runs",
    ),
    (
        "megaraid_controller_temperature_celsius",
        "the controllers of the catalogue have no sensor",
    ),
    (
        "time() - instance:megaraid_last_seen:timestamp_seconds",
        "every host is seen",
    ),
];

/// `expr` as Grafana would ask it, of all hosts.
fn asked(expr: &str) -> String {
    ["$job", "$instance", "$controller"]
        .iter()
        .fold(expr.to_owned(), |expr, variable| {
            expr.replace(variable, ".*")
        })
        .replace("$__rate_interval", "1m")
}

fn every_query_finds_something(prometheus: &Prometheus) {
    let mut questions: BTreeMap<String, String> = BTreeMap::new();
    for dashboard in monitoring::dashboards() {
        for query in dashboard.queries() {
            questions.insert(asked(&query.expr), query.place);
        }
    }
    for group in prometheus.api("rules")["groups"].as_array().unwrap() {
        for rule in group["rules"].as_array().unwrap() {
            if rule["type"] == "recording" {
                let name = rule["name"].as_str().unwrap().to_owned();
                questions.insert(name, "recording rule".to_owned());
            }
        }
    }
    assert!(questions.len() > 80, "{}", questions.len());
    let mut wrong = String::new();
    let mut empty = BTreeSet::new();
    for (expr, place) in &questions {
        match prometheus.query(expr) {
            Ok(found) => {
                let known = EMPTY.iter().find(|(part, _)| expr.contains(part));
                match (found.is_empty(), known) {
                    (true, None) => writeln!(wrong, "{place}: finds nothing: {expr}").unwrap(),
                    (true, Some((part, _))) => drop(empty.insert(*part)),
                    (false, _) => {}
                }
            }
            Err(error) => writeln!(wrong, "{place}: {expr}: {error}").unwrap(),
        }
    }
    for (part, why) in EMPTY {
        if !empty.contains(part) {
            writeln!(wrong, "finds something after all: {part} ({why})").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The exporter of a host that pages dies: the page stays, and the others stay as they are.
fn a_page_outlives_the_exporter(prometheus: &Prometheus, daemons: &mut Vec<Daemon>) {
    let page = "MegaraidVirtualDriveOffline";
    let dying = daemons
        .iter()
        .position(|it| it.scenario == "offline-raid0")
        .unwrap();
    let Daemon {
        scenario, process, ..
    } = daemons.remove(dying);
    let before = prometheus.alerts();
    assert_eq!(before[&scenario].get(page), Some(&1));
    drop(process);
    let down = format!("up{{instance=\"{scenario}\"}} == 0");
    until("a scrape that fails", || {
        prometheus.query(&down).unwrap().pop()
    });
    prometheus.settle();
    let after = prometheus.alerts();
    assert_eq!(after[&scenario].get(page), Some(&1), "{after:#?}");
    let others = |all: &BTreeMap<String, BTreeMap<String, usize>>| {
        let mut all = all.clone();
        all.remove(&scenario);
        all
    };
    assert_eq!(others(&before), others(&after));
}
