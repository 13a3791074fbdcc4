//! The metrics of captures and of simulated hosts: what they say, and that servers take them.
//!
//! The whole page of some captures stands in `tests/snapshots/metrics`; `INSTA_UPDATE=always` writes it
//! anew, to be read beside what MegaCLI printed. Both text formats are read back here by the rules of
//! their specifications. Two judges from outside: `promtool check metrics`, for the text format 0.0.4
//! (run with `--ignored`, as `tests/ci.sh` does where promtool is), and the Prometheus server that scrapes
//! the exporter in another test, which asks for OpenMetrics first.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers are tests too"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use ironkeep::backend::Backend;
use ironkeep::backend::capture::Capture;
use ironkeep::backend::megacli::MegaCli;
use ironkeep::demo::{Choice, Demo};
use ironkeep::dimm;
use ironkeep::exporter::collector::Collector;
use ironkeep::exporter::exposition::{Exposition, TextFormat};
use ironkeep::exporter::family::{Family, Kind};
use ironkeep::exporter::metrics::label::LABELS;
use ironkeep::exporter::metrics::{describe, families};
use ironkeep::exporter::snapshot::{
    Collections, CollectorStatus, NamedDevice, Outcome, ProcessFacts, RunResult, Snapshot,
    ToolTotals,
};
use ironkeep::exporter::system::{Memory, MemorySettings, System, SystemCollector, Top};
use ironkeep::health::{self, Thresholds, Verdict};
use ironkeep::map::layout;
use ironkeep::memory::balance::balance;
use ironkeep::memory::group::By;
use ironkeep::memory::host;
use ironkeep::memory::proc::Proc;
use ironkeep::reading::{Part, Reading};
use ironkeep_parsers::model::{
    ControllerId, DiskCachePolicy, Element, ElementStatus, EventClass, NextStart, TargetId,
    VoltageSensor,
};
use ironkeep_parsers::units::{Bytes, Celsius, Millivolts};
use ironkeep_sim::scenario;
use jiff::{SignedDuration, Timestamp};

/// When everything was read.
fn then() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn parts() -> Vec<Part> {
    let all = Collector::ALL.iter().flat_map(|it| it.parts());
    all.copied().filter(|&part| part != Part::Events).collect()
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/megacli");
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("LdPdInfo_aALL.txt").exists())
        .filter(|folder| !folder.ends_with("8.07.14-no_controller"))
        .collect();
    folders.sort();
    folders
}

fn name(folder: &Path) -> &str {
    folder.file_name().unwrap().to_str().unwrap()
}

fn captured(folder: &Path) -> Reading {
    let mut capture = Capture::open(&[folder.to_owned()], &mut std::io::empty()).unwrap();
    let mut reading = capture.read(&parts()).unwrap();
    reading.source = format!("capture {}", name(folder));
    reading
}

fn simulated(scenario: &str) -> Reading {
    let choice = Choice {
        scenario: Some(scenario.to_owned()),
        ..Choice::default()
    };
    let demo = Demo::open(&choice).unwrap();
    let mut host = MegaCli::new(demo, "the simulated host".to_owned()).simulated();
    host.read(&parts()).unwrap()
}

/// What the exporter would know of `reading`, with a time that does not pass.
fn snapshot(mut reading: Reading) -> Snapshot {
    reading.taken = then();
    let findings = health::judge(&reading, &Thresholds::default());
    let ids: Vec<Option<ControllerId>> = reading.controllers.iter().map(|it| it.id).collect();
    let status = |collector: Collector| CollectorStatus {
        interval: Duration::from_mins(1),
        duration: Some(Duration::from_millis(1250)),
        controllers: reading
            .controllers
            .iter()
            .map(|controller| {
                let success = collector.parts().iter().all(|&part| controller.has(part));
                let outcome = Outcome {
                    success,
                    last_success: success.then(then),
                    why: None,
                };
                (controller.id, outcome)
            })
            .collect(),
    };
    Snapshot {
        now: then(),
        host: None,
        map: layout::Settings::default(),
        metrics_path: None,
        verdict: Verdict::over(&findings),
        findings,
        up: true,
        failure: None,
        collectors: Collector::ALL.iter().map(|&it| (it, status(it))).collect(),
        collections: Collections {
            count: 7,
            last_duration: Some(Duration::from_millis(2500)),
            last_end: Some(then()),
        },
        tool: ToolTotals {
            runs: [(RunResult::Ok, 91), (RunResult::Timeout, 1)].into(),
            time: Duration::from_millis(65_536),
        },
        unknown: [("controller", 0)].into(),
        events: ids
            .first()
            .map(|&id| [((id, EventClass::Critical), 2)].into()),
        recent_events: Vec::new(),
        process: Some(ProcessFacts {
            started: then() - SignedDuration::from_hours(1),
            cpu: Duration::from_millis(1500),
            resident: 9_000_000,
            virtual_memory: 80_000_000,
            open_files: 12,
            open_files_limit: 1024,
        }),
        configuration_valid: true,
        system: System::default(),
        tool_version: Some("8.07.14".to_owned()),
        block_devices: ids
            .iter()
            .map(|&id| {
                let device = NamedDevice {
                    name: "sda".to_owned(),
                    wwn: Some("600605b00a5f3c901d7f1a2b3c4d5e6f".to_owned()),
                };
                ((id, TargetId(0)), device)
            })
            .collect(),
        reading,
    }
}

/// Every capture and every simulated host.
fn everything() -> Vec<(String, Snapshot)> {
    let captures = fixtures()
        .into_iter()
        .map(|folder| (name(&folder).to_owned(), captured(&folder)));
    let hosts = scenario::list()
        .into_iter()
        .map(|(name, _)| (format!("--demo={name}"), simulated(name)));
    let all = captures.chain(hosts);
    all.map(|(name, reading)| (name, snapshot(reading)))
        .collect()
}

#[test]
fn the_whole_page_of_some_captures_says_what_it_said_before() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots/metrics");
    for which in [
        "8.07.14-rebuilding",
        "8.07.14-missing_drives",
        "8.07.14-enclosure_faults",
        "8.07.14-bbu_cachevault",
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/megacli");
        let page = describe(&snapshot(captured(&folder.join(which))));
        let text = page.encode(TextFormat::Prometheus);
        settings.bind(|| insta::assert_snapshot!(which, text));
    }
}

/// A sample: its name, its labels in order, its value.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    name: String,
    labels: Vec<(String, String)>,
    value: f64,
}

/// A family as a page shows it.
#[derive(Debug, Default, PartialEq)]
struct Shown {
    kind: String,
    help: String,
    unit: Option<String>,
    samples: Vec<Sample>,
}

/// Reads a page by the rules that both formats share, and OpenMetrics by its stricter ones.
fn read(text: &str, format: TextFormat) -> BTreeMap<String, Shown> {
    let open = format == TextFormat::OpenMetrics;
    let body = match text.strip_suffix("# EOF\n") {
        Some(body) if open => body,
        None if !open => text,
        _ => panic!("the end of the page is wrong"),
    };
    assert!(body.is_empty() || body.ends_with('\n'));
    let mut families: BTreeMap<String, Shown> = BTreeMap::new();
    let mut current = String::new();
    for line in body.lines() {
        assert_eq!(line, line.trim(), "blanks at an end");
        let Some(comment) = line.strip_prefix("# ") else {
            let sample = sample(line);
            let family = families.get_mut(&current).unwrap();
            let suffix = sample.name.strip_prefix(&current).unwrap();
            let expected = match (open, family.kind.as_str()) {
                (true, "counter") => "_total",
                (true, "info") => "_info",
                _ => "",
            };
            assert_eq!(suffix, expected, "{line}");
            family.samples.push(sample);
            continue;
        };
        let mut words = comment.splitn(3, ' ');
        let (what, name, rest) = (
            words.next().unwrap(),
            words.next().unwrap(),
            words.next().unwrap(),
        );
        if what == "HELP" {
            // A family begins with its help, and comes once: none is interrupted by another.
            assert!(!families.contains_key(name), "{name} comes twice");
            name.clone_into(&mut current);
        }
        assert_eq!(name, current, "{line}");
        let family = families.entry(name.to_owned()).or_default();
        assert!(family.samples.is_empty(), "{line}");
        match what {
            "HELP" => rest.clone_into(&mut family.help),
            "TYPE" => rest.clone_into(&mut family.kind),
            "UNIT" if open => family.unit = Some(rest.to_owned()),
            other => panic!("{other}"),
        }
    }
    families
}

/// Reads a line with a sample.
fn sample(line: &str) -> Sample {
    let (series, value) = line.rsplit_once(' ').unwrap();
    let (name, mut rest) = match series.split_once('{') {
        Some((name, rest)) => (name, rest.strip_suffix('}').unwrap()),
        None => (series, ""),
    };
    let mut labels = Vec::new();
    while !rest.is_empty() {
        let (label, after) = rest.split_once("=\"").unwrap();
        let (mut text, mut escaped, mut end) = (String::new(), false, None);
        for (at, character) in after.char_indices() {
            match (escaped, character) {
                (true, '\\' | '"') => text.push(character),
                (true, 'n') => text.push('\n'),
                (true, other) => panic!("\\{other} in {line}"),
                (false, '\\') => {}
                (false, '"') => {
                    end = Some(at);
                    break;
                }
                (false, other) => text.push(other),
            }
            escaped = !escaped && character == '\\';
        }
        labels.push((label.to_owned(), text));
        let after = after.get(end.unwrap() + 1..).unwrap();
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    Sample {
        name: name.to_owned(),
        labels,
        value: value.parse().unwrap(),
    }
}

/// Checks one page in both formats: the rules of the formats, and ours.
fn check(page: &Exposition) {
    let [plain, open] = [TextFormat::Prometheus, TextFormat::OpenMetrics]
        .map(|format| read(&page.encode(format), format));
    let declared: BTreeMap<&str, &Family> = families().map(|it| (it.name, it)).collect();
    assert_eq!(plain.len(), open.len());
    for (name, shown) in &plain {
        let family = declared[name.as_str()];
        let kind = match family.kind {
            Kind::Gauge => ["gauge", "gauge"],
            Kind::Counter => ["counter", "counter"],
            Kind::Info => ["gauge", "info"],
        };
        let other = &open[family.base()];
        assert_eq!([shown.kind.as_str(), other.kind.as_str()], kind, "{name}");
        assert_eq!(shown.help, family.help);
        assert_eq!(shown.samples, other.samples, "{name}");
        if let Some(unit) = &other.unit {
            assert!(family.base().ends_with(&format!("_{unit}")), "{name}");
            assert_ne!(family.kind, Kind::Info, "{name}");
        }
        samples(family, &shown.samples);
    }
}

/// Labels whose values the vocabulary lists, although not all of them are there always.
const LISTED: [&str; 4] = ["property", "task", "operation", "kind"];

/// Checks the samples of a family.
fn samples(family: &Family, samples: &[Sample]) {
    let name = family.name;
    let mut series = BTreeSet::new();
    let mut ones: BTreeMap<Vec<(String, String)>, (usize, f64)> = BTreeMap::new();
    for sample in samples {
        let labels: Vec<&str> = sample
            .labels
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(labels, family.labels, "{name}");
        assert!(series.insert(&sample.labels), "{name} {:?}", sample.labels);
        assert!(sample.value.is_finite(), "{name}");
        for (label, value) in &sample.labels {
            let meaning = LABELS.iter().find(|(name, _)| name == label).unwrap().1;
            let listed = !LISTED.contains(&label.as_str()) || meaning.contains(value.as_str());
            assert!(listed, "{label} {value}");
        }
        match family.kind {
            Kind::Info => assert!((sample.value - 1.0).abs() < f64::EPSILON, "{name}"),
            Kind::Counter => assert!(sample.value >= 0.0, "{name}"),
            Kind::Gauge => {}
        }
        if let Some((last, rest)) = sample
            .labels
            .split_last()
            .filter(|_| !family.values.is_empty())
        {
            assert!(
                family.values.contains(&last.1.as_str()),
                "{name} {}",
                last.1
            );
            let (count, sum) = ones.entry(rest.to_vec()).or_default();
            (*count, *sum) = (*count + 1, *sum + sample.value);
        }
    }
    let one_hot = ["state", "policy", "mode", "verdict"];
    let counts = [
        "megaraid_controller_virtual_drives",
        "megaraid_controller_physical_drives",
    ];
    for (object, (count, sum)) in ones {
        assert_eq!(count, family.values.len(), "{name} {object:?}");
        let is_state = family
            .labels
            .last()
            .is_some_and(|last| one_hot.contains(last));
        if is_state && !counts.contains(&name) {
            assert!((sum - 1.0).abs() < f64::EPSILON, "{name} {object:?}: {sum}");
        }
    }
}

#[test]
fn every_page_keeps_the_rules_of_both_formats() {
    for (name, snapshot) in everything() {
        println!("{name}");
        let page = describe(&snapshot);
        check(&page);
        assert_eq!(page.repeated(), 0, "{name}");
    }
}

/// A host with what no capture and no simulated host has.
fn rarities() -> Reading {
    let mut reading = captured(&fixtures()[0]);
    reading.live = true;
    let controller = &mut reading.controllers[0];
    let hardware = &mut controller.info.as_mut().unwrap().hardware;
    hardware.roc_temperature = Some(Celsius(71));
    hardware.controller_temperature = Some(Celsius(44));
    controller.virtual_drives.as_mut().unwrap()[0].disk_cache = Some(DiskCachePolicy::Disabled);
    let drive = &mut controller.physical_drives.as_mut().unwrap()[0];
    drive.physical_sector_size = Some(Bytes(4096));
    let enclosure = &mut controller.enclosures.as_mut().unwrap()[0];
    let ok = || Some(ElementStatus::Ok);
    enclosure.voltage_sensors = vec![VoltageSensor {
        number: 0,
        voltage: Some(Millivolts(12_050)),
        status: ok(),
    }];
    let element = |status| Element { number: 0, status };
    enclosure.sim_modules = vec![element(ok())];
    enclosure.alarms = vec![element(Some(ElementStatus::Critical))];
    let at = "2026-11-23T03:00:00".parse().unwrap();
    let protection = controller.cache_protection.as_mut().unwrap();
    let learn = &mut protection.as_mut().unwrap().learn;
    learn.get_or_insert_default().next = Some(at);
    controller.patrol_read.as_mut().unwrap().next_start = Some(NextStart::At(at));
    let check = controller.consistency_schedule.as_mut();
    check.unwrap().next_start = Some(NextStart::At(at));
    reading
}

/// A saved host that says all there is of its memory.
fn memory() -> System {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/epyc-cgroup2");
    let settings = MemorySettings {
        by: By::Unit,
        groups: 2,
        budget: Duration::from_mins(10),
        largest: u64::MAX,
    };
    let mut proc = Proc::open(&root.join("proc")).unwrap();
    let survey = proc.survey(&settings.request()).unwrap();
    let host = host::read(&root.join("proc"), &root.join("sys"));
    let memory = Memory::new(&settings, survey, &balance(&host), &mut Top::default());
    let modules = dimm::read(&dimm::Sources::below(&root, None, then()));
    let outcome = Outcome {
        success: true,
        last_success: Some(then()),
        why: None,
    };
    let status = CollectorStatus {
        interval: Duration::from_mins(1),
        duration: Some(Duration::from_millis(40)),
        controllers: [(None, outcome)].into(),
    };
    System {
        memory: Some(memory),
        modules: Some(modules),
        collectors: SystemCollector::ALL.map(|it| (it, status.clone())).into(),
    }
}

#[test]
fn the_memory_of_a_host_says_what_it_said_before() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots/metrics");
    let text = describe(&Snapshot {
        system: memory(),
        ..snapshot(captured(&fixtures()[0]))
    })
    .encode(TextFormat::Prometheus);
    let ours: Vec<&str> = text.lines().filter(|it| it.contains("ironkeep_")).collect();
    settings.bind(|| insta::assert_snapshot!("memory", ours.join("\n")));
}

#[test]
fn every_family_is_shown_by_some_host() {
    let rare = Snapshot {
        system: memory(),
        ..snapshot(rarities())
    };
    let rare = ("rarities".to_owned(), rare);
    let mut shown = BTreeSet::new();
    for (_, snapshot) in everything().into_iter().chain([rare]) {
        let page = describe(&snapshot);
        check(&page);
        shown.extend(page.families().map(|it| it.name));
    }
    let never: Vec<&str> = families()
        .map(|it| it.name)
        .filter(|name| !shown.contains(name))
        .collect();
    assert_eq!(never, [""; 0]);
}

#[test]
fn nothing_that_was_read_shows_the_exporter_alone() {
    let mut reading = captured(&fixtures()[0]);
    for controller in &mut reading.controllers {
        let id = controller.id;
        *controller = ironkeep::reading::Controller {
            id,
            ..Default::default()
        };
    }
    let snapshot = Snapshot {
        events: None,
        findings: Vec::new(),
        verdict: Verdict::Unknown,
        ..snapshot(reading)
    };
    let page = describe(&snapshot);
    check(&page);
    let about_the_host = page.families().filter(|family| {
        let own = [
            "collect", "exporter", "tool", "parse", "up", "backend", "health",
        ];
        let name = family.name.strip_prefix("megaraid_");
        name.is_some_and(|name| !own.iter().any(|own| name.starts_with(own)))
    });
    assert_eq!(
        about_the_host.map(|it| it.name).collect::<Vec<_>>(),
        [""; 0]
    );
    let text = page.encode(TextFormat::Prometheus);
    assert!(text.contains("megaraid_health_verdict{verdict=\"unknown\"} 1\n"));
}

#[test]
fn a_live_host_s_plans_are_told_in_its_own_time() {
    let mut reading = captured(&fixtures()[0]);
    reading.live = true;
    let mut snapshot = snapshot(reading);
    let info = snapshot.reading.controllers[0].info.as_mut().unwrap();
    // Half an hour ahead of UTC.
    info.settings.current_time = Some("2026-11-22T12:30:20".parse().unwrap());
    let patrol = snapshot.reading.controllers[0].patrol_read.as_mut();
    patrol.unwrap().next_start = Some(NextStart::At("2026-11-23T03:00:00".parse().unwrap()));
    let text = describe(&snapshot).encode(TextFormat::Prometheus);
    let value = |name: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("{name}{{")));
        line.and_then(|line| line.rsplit_once(' '))
            .unwrap()
            .1
            .to_owned()
    };
    assert_eq!(value("megaraid_controller_time_offset_seconds"), "1820");
    let due: Timestamp = "2026-11-23T02:30:00Z".parse().unwrap();
    let shown = value("megaraid_patrol_read_next_start_timestamp_seconds");
    assert_eq!(shown, due.as_second().to_string());
}

#[test]
fn labels_of_any_text_and_repeated_objects_leave_a_page_valid() {
    let ugly = "a\"b\\c\nd\re\u{0}f\u{fffd}{g=\"h\"} 1 # EOF\u{2028}";
    let mut reading = captured(&fixtures()[0]);
    reading.source = ugly.to_owned();
    let controller = &mut reading.controllers[0];
    let info = controller.info.as_mut().unwrap();
    info.product_name = Some(ugly.to_owned());
    let drives = controller.virtual_drives.as_mut().unwrap();
    drives[0].name = Some(ugly.to_owned());
    let again = drives.clone();
    drives.extend(again);
    let drives = controller.physical_drives.as_mut().unwrap();
    let again = drives.clone();
    drives.extend(again);
    let page = describe(&snapshot(reading));
    assert!(page.repeated() > 0);
    let text = page.encode(TextFormat::OpenMetrics);
    let shown = read(&text, TextFormat::OpenMetrics);
    let info = &shown["megaraid_controller"].samples[0].labels;
    assert_eq!(info[1], ("product".to_owned(), ugly.to_owned()));
    let line = format!("megaraid_exporter_repeated_series {}\n", page.repeated());
    assert!(text.contains(&line));
}

#[test]
#[ignore = "needs promtool"]
#[expect(clippy::disallowed_methods, reason = "the judge is another program")]
fn promtool_has_nothing_to_say() {
    let memory = Snapshot {
        system: memory(),
        ..snapshot(captured(&fixtures()[0]))
    };
    let memory = ("memory".to_owned(), memory);
    for (name, snapshot) in everything().into_iter().chain([memory]) {
        let mut promtool = std::process::Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let text = describe(&snapshot).encode(TextFormat::Prometheus);
        let mut input = promtool.stdin.take().unwrap();
        input.write_all(text.as_bytes()).unwrap();
        drop(input);
        let output = promtool.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(output.status.success() && said.is_empty(), "{name}: {said}");
    }
}
