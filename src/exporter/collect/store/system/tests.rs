use std::path::Path;

use jiff::Timestamp;

use super::*;
use crate::dimm::{self, Errors, Sources};
use crate::exporter::collect::Settings;
use crate::exporter::collector::Collector;
use crate::exporter::system::SystemSettings;
use crate::health::{Code, Thresholds};
use crate::map::layout;
use crate::memory::group::{Bounds, By, Group};
use crate::memory::host::HostMemory;

const SECOND: Duration = Duration::from_secs(1);

fn at(seconds: u32) -> Moment {
    Moment {
        since_boot: SECOND * seconds,
        wall: Timestamp::from_second(1_800_000_000 + i64::from(seconds)).unwrap(),
    }
}

fn memory(by: By) -> MemorySettings {
    MemorySettings {
        by,
        groups: 2,
        budget: SECOND,
        largest: u64::MAX,
    }
}

fn settings(memory: Option<MemorySettings>, modules: bool) -> Settings {
    Settings {
        interval: SECOND * 60,
        slow_interval: SECOND * 300,
        collectors: Collector::ALL.to_vec(),
        limits: Thresholds::default(),
        host: None,
        map: layout::Settings::default(),
        metrics_path: None,
        system: SystemSettings { memory, modules },
    }
}

/// What was read of processes, all of them one group.
fn survey(name: &str) -> Done {
    let group = Group {
        name: Some(name.to_owned()),
        processes: 1,
        pss: Bounds::exactly(4096),
        ..Group::default()
    };
    let survey = Survey {
        total: group.clone(),
        groups: vec![group],
        ..Survey::default()
    };
    let balance = crate::memory::balance::balance(&HostMemory::default());
    Done::Memory(Box::new((survey, balance)))
}

/// The modules of a saved host, with errors that could not be corrected.
fn modules() -> Modules {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/epyc-cgroup2");
    let mut modules = dimm::read(&Sources::below(&root, None, at(0).wall));
    modules.unplaced = Errors {
        uncorrected: Some(1),
        ..Errors::default()
    };
    modules
}

fn success(store: &Store, collector: SystemCollector) -> Option<bool> {
    let status = store.snapshot.system.collectors.get(&collector)?;
    status.controllers.get(&None).map(|it| it.success)
}

#[test]
fn it_is_read_at_its_interval_which_grows_where_that_takes_long() {
    let mut store = Store::new(settings(Some(memory(By::Unit)), true));
    let work = Work::Memory(memory(By::Unit));
    assert_eq!(store.system_due(at(10)), [work.clone(), Work::Modules]);
    store.take_system(&work, at(10), at(11), Ok(survey("a.service")));
    store.take_system(
        &Work::Modules,
        at(11),
        at(11),
        Ok(Done::Modules(Box::new(modules()))),
    );
    assert_eq!(store.system_next(), Some(SECOND * 70));
    assert_eq!(store.system_due(at(69)), []);
    assert_eq!(store.system_due(at(70)), std::slice::from_ref(&work));
    // Ten seconds: it rests for nineteen times as long.
    store.take_system(&work, at(70), at(80), Ok(survey("a.service")));
    assert_eq!(store.system_next_of(SystemCollector::Memory), SECOND * 270);
    assert_eq!(store.system_next_of(SystemCollector::Modules), SECOND * 311);
    let interval = store.snapshot.system.collectors[&SystemCollector::Memory].interval;
    assert_eq!(interval, SECOND * 200);
}

#[test]
fn what_is_too_old_or_failed_is_taken_down() {
    let mut store = Store::new(settings(Some(memory(By::Unit)), true));
    let work = Work::Memory(memory(By::Unit));
    store.take_system(&work, at(0), at(1), Ok(survey("a.service")));
    assert_eq!(store.next_expiry(), Some(SECOND * 150));
    store.expire(at(150));
    assert!(store.snapshot.system.memory.is_some());
    store.expire(at(151));
    assert_eq!(store.snapshot.system.memory, None);
    assert_eq!(success(&store, SystemCollector::Memory), Some(false));
    store.take_news();
    store.take_system(&work, at(152), at(152), Ok(survey("a.service")));
    assert_eq!(success(&store, SystemCollector::Memory), Some(true));
    store.take_system(&work, at(212), at(212), Err("no procfs".to_owned()));
    assert_eq!(store.snapshot.system.memory, None);
    assert_eq!(store.next_expiry(), None);
    // Said once, and once that it works again.
    store.take_system(&work, at(272), at(272), Err("no procfs".to_owned()));
    store.take_system(&work, at(332), at(332), Ok(survey("a.service")));
    let said: Vec<String> = store.take_news().into_iter().map(|it| it.words).collect();
    let of_memory: Vec<&String> = said.iter().filter(|it| it.contains("memory")).collect();
    assert_eq!(
        of_memory,
        [
            "the host: reads memory again",
            "the host: cannot read memory: no procfs",
            "the host: reads memory again"
        ]
    );
}

#[test]
fn what_was_read_under_other_settings_is_not_shown() {
    let mut store = Store::new(settings(Some(memory(By::Unit)), false));
    let work = Work::Memory(memory(By::Unit));
    store.take_system(&work, at(0), at(1), Ok(survey("a.service")));
    store.reconfigure(settings(Some(memory(By::Program)), false));
    assert_eq!(store.snapshot.system.memory, None);
    store.take_system(&work, at(2), at(3), Ok(survey("a.service")));
    assert_eq!(store.snapshot.system.memory, None);
    assert_eq!(store.system_due(at(4)), [Work::Memory(memory(By::Program))]);
    store.reconfigure(settings(None, false));
    assert_eq!(store.system_next(), None);
    assert!(store.snapshot.system.collectors.is_empty());
}

#[test]
fn findings_about_modules_are_there_without_a_controller_too() {
    let mut store = Store::new(settings(None, true));
    store.take_system(
        &Work::Modules,
        at(0),
        at(1),
        Ok(Done::Modules(Box::new(modules()))),
    );
    let codes: Vec<Code> = store.snapshot.findings.iter().map(|it| it.code).collect();
    assert_eq!(codes.first(), Some(&Code::MemoryUncorrectable));
    // Of the controllers nothing is known.
    assert_eq!(store.snapshot.verdict, crate::health::Verdict::Unknown);
    store.expire(at(10_000));
    assert!(store.snapshot.findings.is_empty());
}
