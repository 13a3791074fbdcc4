use ironkeep_parsers::model::{
    ControllerInfo, DriveState, EventLogInfo, PciLocation, PhysicalDrive, Slot, TargetId,
    VirtualDrive,
};

use super::*;
use crate::cli::failure::Kind;
use crate::cli::{ProcessEnd, RunEnd};
use crate::exporter::collector::Pace;
use crate::exporter::snapshot::RunResult;
use crate::exporter::system::SystemSettings;
use crate::health::{Code, Severity, Thresholds};
use crate::host::tests::Fake;
use crate::map::layout;
use crate::reading::Asked;

const SECOND: Duration = Duration::from_secs(1);
const ID: Option<ControllerId> = Some(ControllerId(0));

fn settings() -> Settings {
    Settings {
        interval: SECOND * 60,
        slow_interval: SECOND * 300,
        collectors: Collector::ALL.to_vec(),
        limits: Thresholds::default(),
        host: None,
        map: layout::Settings::default(),
        metrics_path: None,
        system: SystemSettings::default(),
    }
}

fn store() -> Store {
    Store::new(settings())
}

/// A moment, on a wall whose clock is `set` seconds off.
fn moment(seconds: u32, set: i64) -> Moment {
    let wall = 1_800_000_000 + i64::from(seconds) + set;
    Moment {
        since_boot: SECOND * seconds,
        wall: Timestamp::from_second(wall).unwrap(),
    }
}

fn at(seconds: u32) -> Moment {
    moment(seconds, 0)
}

/// A controller of which every part was read.
fn whole(id: Option<ControllerId>) -> Controller {
    Controller {
        id,
        info: Some(ControllerInfo {
            serial: Some("a".to_owned()),
            ..ControllerInfo::default()
        }),
        virtual_drives: Some(Vec::new()),
        physical_drives: Some(Vec::new()),
        missing_drives: Some(Vec::new()),
        cache_protection: Some(None),
        enclosures: Some(Vec::new()),
        patrol_read: Some(ironkeep_parsers::model::PatrolRead::default()),
        pci: Some(PciLocation::default()),
        foreign: Some(Vec::new()),
        preserved_cache: Some(Vec::new()),
        consistency_schedule: Some(ironkeep_parsers::model::ConsistencyCheckSchedule::default()),
        drive_operations: Some(Vec::new()),
        consistency: Some(BTreeMap::new()),
        event_positions: Some(EventLogInfo::default()),
        ..Controller::default()
    }
}

/// The same, where `part` was not read.
fn lacking(part: Part, why: Unread) -> Controller {
    let mut controller = whole(ID);
    clear(&mut controller, part, why);
    controller
}

fn failed() -> Unread {
    Unread::Failed("it crashed".to_owned())
}

fn reading(controllers: Vec<Controller>, at: Moment) -> Reading {
    Reading {
        taken: at.wall,
        source: "MegaCLI".to_owned(),
        live: false,
        narrowed: false,
        controllers,
        asked: Vec::new(),
    }
}

fn asked(part: Part, gap: Option<&str>, leftovers: usize) -> Asked {
    Asked {
        part,
        source: "-PDList -aALL".to_owned(),
        exit_code: Some(0),
        complaints: Vec::new(),
        gaps: gap.map(str::to_owned).into_iter().collect(),
        leftovers: vec!["line 1: what".to_owned(); leftovers],
    }
}

fn run(end: RunEnd, seconds: u32) -> ToolRun {
    ToolRun {
        arguments: vec!["-PDList".to_owned(), "-aALL".to_owned()],
        end,
        elapsed: SECOND * seconds,
    }
}

const OK: RunEnd = RunEnd::Ended(ProcessEnd::Exited(0));

/// Makes a collection at a moment, with one run of the tool. Which collectors ran.
fn collect(
    store: &mut Store,
    at: Moment,
    end: RunEnd,
    result: Result<Reading, Failure>,
) -> Vec<Collector> {
    let (due, parts) = store.due(at);
    assert!(!parts.contains(&Part::Events));
    if let Ok(reading) = &result {
        drop(store.event_request(reading));
    }
    let collected = Collected {
        due: due.clone(),
        begun: at,
        ended: at,
        runs: vec![run(end, 1)],
        result,
    };
    drop(store.take(collected));
    due
}

fn reads(store: &mut Store, seconds: u32, controllers: Vec<Controller>) -> Vec<Collector> {
    let at = at(seconds);
    collect(store, at, OK, Ok(reading(controllers, at)))
}

fn fails(store: &mut Store, seconds: u32, end: RunEnd) -> Vec<Collector> {
    let failure = Failure::because(Kind::Hardware, "no answer", "it hangs");
    collect(store, at(seconds), end, Err(failure))
}

fn outcome(store: &Store, collector: Collector) -> Outcome {
    store.snapshot.collectors[&collector].controllers[&ID].clone()
}

fn controller(store: &Store) -> &Controller {
    &store.snapshot.reading.controllers[0]
}

fn words(store: &mut Store) -> Vec<String> {
    store.take_news().into_iter().map(|it| it.words).collect()
}

fn severities(store: &Store, code: Code) -> Vec<Severity> {
    let findings = store.snapshot.findings.iter();
    findings
        .filter(|it| it.code == code)
        .map(|it| it.severity)
        .collect()
}

#[test]
fn before_the_first_collection_nothing_is_known_and_nothing_is_healthy() {
    let store = store();
    assert_eq!(store.snapshot.verdict, Verdict::Unknown);
    assert!(!store.snapshot.up);
    assert_eq!(store.snapshot.collectors.len(), Collector::ALL.len());
    assert_eq!(store.next_collection(), Duration::ZERO);
}

#[test]
fn a_first_collection_that_fails_is_seen_without_a_controller() {
    let mut store = store();
    let due = fails(&mut store, 10, RunEnd::NotStarted);
    assert_eq!(due, Collector::ALL);
    let snapshot = &store.snapshot;
    assert_eq!(snapshot.failure.as_deref(), Some("no answer: it hangs"));
    assert_eq!(snapshot.verdict, Verdict::Unknown);
    assert!(!snapshot.up);
    for status in snapshot.collectors.values() {
        let outcome = &status.controllers[&None];
        assert!(!outcome.success && outcome.last_success.is_none());
    }
    let said = words(&mut store);
    assert_eq!(said.len(), 2, "{said:?}");
    // The next one reads everything, and nobody fails any more who was never there.
    assert_eq!(reads(&mut store, 70, vec![whole(ID)]), Collector::ALL);
    assert!(store.snapshot.up);
    for status in store.snapshot.collectors.values() {
        assert_eq!(status.controllers.keys().collect::<Vec<_>>(), [&ID]);
    }
}

#[test]
fn a_part_that_fails_keeps_the_others_and_is_dropped_itself() {
    let mut store = store();
    reads(&mut store, 0, vec![whole(ID)]);
    assert_eq!(store.snapshot.verdict, Verdict::Healthy);
    words(&mut store);
    let broken = lacking(Part::MissingDrives, failed());
    reads(&mut store, 60, vec![broken]);
    assert!(!controller(&store).has(Part::MissingDrives));
    assert!(controller(&store).has(Part::PhysicalDrives));
    let missing = outcome(&store, Collector::MissingDrives);
    assert_eq!(missing.why.as_deref(), Some("it crashed"));
    assert_eq!(missing.last_success, Some(at(0).wall));
    let drives = outcome(&store, Collector::PhysicalDrives);
    assert_eq!(drives.last_success, Some(at(60).wall));
    assert!(store.snapshot.up, "it is not essential");
    assert_eq!(store.snapshot.verdict, Verdict::Unknown);
    let said = words(&mut store);
    assert_eq!(
        said[0],
        "controller 0: cannot read missing_drives: it crashed"
    );
    assert_eq!(said.len(), 2, "{said:?}");
    // Said once.
    reads(
        &mut store,
        120,
        vec![lacking(Part::MissingDrives, failed())],
    );
    assert!(words(&mut store).is_empty());
    reads(&mut store, 180, vec![whole(ID)]);
    assert!(words(&mut store)[0].contains("reads missing_drives again"));
    assert_eq!(store.snapshot.verdict, Verdict::Healthy);
}

#[test]
fn without_what_is_essential_it_is_not_up() {
    for part in [Part::Controllers, Part::VirtualDrives, Part::PhysicalDrives] {
        for why in [
            failed(),
            Unread::Unsupported("no".to_owned()),
            Unread::NotAvailable,
        ] {
            let mut store = store();
            reads(&mut store, 0, vec![lacking(part, why)]);
            assert!(!store.snapshot.up, "{part:?}");
        }
    }
}

#[test]
fn what_the_firmware_lacks_is_no_failure() {
    let mut store = store();
    let why = Unread::Unsupported("no such feature".to_owned());
    reads(&mut store, 0, vec![lacking(Part::PatrolRead, why)]);
    let patrol = outcome(&store, Collector::PatrolRead);
    assert!(patrol.success && patrol.last_success.is_some());
    assert!(!controller(&store).has(Part::PatrolRead));
    assert_eq!(severities(&store, Code::NotRead), [Severity::Info]);
}

#[test]
fn what_is_not_all_is_shown_as_far_as_it_goes_and_is_no_success() {
    let mut store = store();
    let mut partial = whole(ID);
    let why = Unread::Partial("only the members".to_owned());
    partial.unread.insert(Part::PhysicalDrives, why);
    reads(&mut store, 0, vec![partial]);
    assert!(controller(&store).has(Part::PhysicalDrives));
    let drives = outcome(&store, Collector::PhysicalDrives);
    assert_eq!(drives.why.as_deref(), Some("only the members"));
    assert!(!store.snapshot.up);
    store.expire(at(151));
    assert!(!controller(&store).has(Part::PhysicalDrives));
}

#[test]
fn an_answer_that_breaks_off_is_dropped_and_is_one_finding() {
    let mut store = store();
    let mut broken = reading(vec![whole(ID)], at(0));
    broken.asked = vec![asked(
        Part::PhysicalDrives,
        Some("line 9: it breaks off"),
        3,
    )];
    collect(&mut store, at(0), OK, Ok(broken));
    assert!(!controller(&store).has(Part::PhysicalDrives));
    assert_eq!(severities(&store, Code::NotRead).len(), 1);
    assert!(severities(&store, Code::Incomplete).is_empty());
    assert_eq!(store.snapshot.unknown["physical_drives"], 3);
    assert_eq!(store.snapshot.tool.runs[&RunResult::ParseError], 1);
    // Of the next reading nothing is doubted.
    reads(&mut store, 60, vec![whole(ID)]);
    assert_eq!(store.snapshot.verdict, Verdict::Healthy);
}

#[test]
fn what_failed_with_the_drives_of_virtual_drives_in_its_place_is_dropped() {
    let mut store = store();
    let mut members = whole(ID);
    members.unread.insert(Part::PhysicalDrives, failed());
    members.physical_drives = Some(vec![PhysicalDrive {
        slot: Some(Slot(1)),
        state: Some(DriveState::Online),
        ..PhysicalDrive::default()
    }]);
    reads(&mut store, 0, vec![members]);
    assert!(!controller(&store).has(Part::PhysicalDrives));
    assert!(!outcome(&store, Collector::PhysicalDrives).success);
}

#[test]
fn a_failure_as_a_whole_drops_what_was_due_and_the_rest_gets_too_old() {
    let mut store = store();
    reads(&mut store, 0, vec![whole(ID)]);
    let due = fails(&mut store, 60, RunEnd::TimedOut);
    assert!(due.iter().all(|it| it.pace() == Pace::Often));
    assert!(!controller(&store).has(Part::PhysicalDrives));
    assert!(controller(&store).has(Part::Enclosures));
    assert!(!store.snapshot.up);
    assert_eq!(store.snapshot.verdict, Verdict::Unknown);
    assert_eq!(store.snapshot.tool.runs[&RunResult::Timeout], 1);
    // That it backs off now gives nobody a longer life.
    store.expire(at(630));
    assert!(controller(&store).has(Part::Enclosures));
    store.expire(at(631));
    assert!(!controller(&store).has(Part::Enclosures));
    let enclosures = outcome(&store, Collector::Enclosures);
    assert!(!enclosures.success);
    assert_eq!(enclosures.last_success, Some(at(0).wall));
    // Once it answers, everything is read again, and at the old pace.
    assert_eq!(reads(&mut store, 700, vec![whole(ID)]), Collector::ALL);
    assert!(store.snapshot.up && store.snapshot.failure.is_none());
    assert_eq!(store.snapshot.verdict, Verdict::Healthy);
    assert_eq!(store.next_collection(), SECOND * 760);
}

#[test]
fn a_tool_that_hangs_leaves_nothing_old_on_the_page() {
    let mut store = store();
    reads(&mut store, 0, vec![whole(ID)]);
    // A second collection has begun, and does not end.
    drop(store.due(at(60)));
    assert_eq!(store.next_expiry(), Some(SECOND * 150));
    store.expire(at(150));
    assert!(store.snapshot.up && controller(&store).has(Part::VirtualDrives));
    let version = store.version();
    store.expire(at(151));
    assert!(store.version() > version);
    assert!(!store.snapshot.up);
    assert!(!controller(&store).has(Part::VirtualDrives));
    assert!(controller(&store).has(Part::Enclosures));
    assert_eq!(store.snapshot.verdict, Verdict::Unknown);
    assert_eq!(store.next_expiry(), Some(SECOND * 630));
}

#[test]
fn the_life_of_what_is_shown_follows_the_interval_in_force() {
    let mut store = store();
    let (due, _) = store.due(at(0));
    let collected = Collected {
        due,
        begun: at(0),
        ended: at(140),
        runs: vec![run(OK, 140)],
        result: Ok(reading(vec![whole(ID)], at(0))),
    };
    assert!(store.take(collected).is_none());
    let interval = |collector| store.snapshot.collectors[&collector].interval.as_secs();
    assert_eq!(interval(Collector::PhysicalDrives), 560);
    assert_eq!(interval(Collector::Battery), 560);
    assert_eq!(store.next_expiry(), Some(SECOND * (2 * 560 + 30)));
    let drives = &store.snapshot.collectors[&Collector::PhysicalDrives];
    assert_eq!(drives.duration, Some(SECOND * 140));
}

#[test]
fn a_clock_that_is_set_changes_no_life_and_no_turn() {
    for set in [-86_400 * 365, 86_400 * 365] {
        let mut store = store();
        reads(&mut store, 0, vec![whole(ID)]);
        store.expire(moment(150, set));
        assert!(store.snapshot.up);
        let late = moment(60, set);
        let due = collect(&mut store, late, OK, Ok(reading(vec![whole(ID)], late)));
        assert!(due.contains(&Collector::PhysicalDrives));
        assert!(!due.contains(&Collector::Battery));
        assert_eq!(store.snapshot.collections.last_end, Some(late.wall));
        store.expire(moment(211, set));
        assert!(!store.snapshot.up);
    }
}

#[test]
fn a_controller_that_is_gone_fails_until_it_is_back() {
    let other = Some(ControllerId(1));
    let mut store = store();
    reads(&mut store, 0, vec![whole(ID), whole(other)]);
    assert!(store.snapshot.up);
    reads(&mut store, 60, vec![whole(ID)]);
    assert!(!store.snapshot.up);
    let gone = &store.snapshot.collectors[&Collector::PhysicalDrives].controllers[&other];
    assert!(!gone.success);
    assert!(controller(&store).has(Part::PhysicalDrives));
    assert!(!store.snapshot.reading.controllers[1].has(Part::PhysicalDrives));
    reads(&mut store, 120, vec![whole(ID), whole(other)]);
    assert!(store.snapshot.up);
}

#[test]
fn a_controller_that_appears_is_read_as_a_whole_at_the_next_collection() {
    let other = Some(ControllerId(1));
    let mut store = store();
    reads(&mut store, 0, vec![whole(ID)]);
    let mut often = whole(other);
    often.enclosures = None;
    reads(&mut store, 60, vec![whole(ID), often]);
    let due = reads(&mut store, 120, vec![whole(ID), whole(other)]);
    assert_eq!(due, Collector::ALL);
    assert!(store.snapshot.reading.controllers[1].has(Part::Enclosures));
}

#[test]
fn a_controller_without_a_number_stays_as_long_as_it_is_read() {
    let mut store = store();
    reads(&mut store, 0, vec![whole(ID), whole(None)]);
    assert_eq!(store.snapshot.reading.controllers.len(), 2);
    reads(&mut store, 60, vec![whole(ID)]);
    assert_eq!(store.snapshot.reading.controllers.len(), 1);
    assert!(store.snapshot.up);
}

#[test]
fn the_clock_of_the_controllers_is_compared_with_the_time_of_their_own_reading() {
    let mut store = store();
    reads(&mut store, 0, vec![whole(ID)]);
    reads(&mut store, 60, vec![whole(ID)]);
    // It is read at every collection, so that no older clock stands beside this time.
    assert_eq!(Collector::Controller.pace(), Pace::Often);
    assert_eq!(store.snapshot.reading.taken, at(60).wall);
}

/// A controller with the virtual drives 0 to 2, at a place on the PCI bus.
fn with_virtual_drives(id: u32, bus: Option<u32>) -> Controller {
    let drive = |target| VirtualDrive {
        target_id: Some(TargetId(target)),
        ..VirtualDrive::default()
    };
    Controller {
        virtual_drives: Some((0..3).map(drive).collect()),
        pci: bus.map(|bus| PciLocation {
            bus: Some(bus),
            device: Some(0),
            function: Some(0),
        }),
        ..whole(Some(ControllerId(id)))
    }
}

/// The block devices of `controllers`, as the store names them on a host with two disks at bus 3 and, if it
/// has a second SCSI host, one at bus 4.
fn named(controllers: Vec<Controller>, second: bool) -> Vec<String> {
    let fake = Fake::new();
    let (first, other) = ("0000:03:00.0", "0000:04:00.0");
    fake.controller(0, first, "megaraid_sas");
    fake.disk(first, "0:2:0:0", "sda", "8:0");
    fake.disk(first, "0:2:1:0", "sdb", "8:16");
    let unit = "sys/devices/pci0000:00/0000:00:03.0/0000:03:00.0/host0/target0:2:0/0:2:0:0";
    fake.write(
        &format!("{unit}/wwid"),
        "naa.600605b00a5f3c901d7f1a2b3c4d5e6f\n",
    );
    if second {
        fake.controller(1, other, "megaraid_sas");
        fake.disk(other, "1:2:0:0", "sdc", "8:32");
    }
    let mut store = store();
    let join = Join::of(Some(fake.host()), controllers.len());
    reads(&mut store, 0, controllers);
    store.name_block_devices(&join);
    let words = |((id, target), device): (&(Option<ControllerId>, TargetId), &NamedDevice)| {
        let wwn = device.wwn.as_deref().unwrap_or("-");
        format!("c{}/{target} {} {wwn}", id.unwrap(), device.name)
    };
    store.snapshot.block_devices.iter().map(words).collect()
}

#[test]
fn a_virtual_drive_is_a_block_device_only_where_that_is_certain() {
    let first = ["c0/0 sda 600605b00a5f3c901d7f1a2b3c4d5e6f", "c0/1 sdb -"];
    assert_eq!(named(vec![with_virtual_drives(0, None)], false), first);
    let nothing = [""; 0];
    // Two controllers of which nothing says where they are, or that are elsewhere.
    for (one, other) in [(None, None), (Some(7), Some(8))] {
        let both = vec![with_virtual_drives(0, one), with_virtual_drives(1, other)];
        assert_eq!(named(both.clone(), true), nothing);
        assert_eq!(named(both, false), nothing);
    }
    let both = vec![
        with_virtual_drives(0, Some(4)),
        with_virtual_drives(1, Some(3)),
    ];
    let crossed = [
        "c0/0 sdc -".to_owned(),
        first[0].replace("c0", "c1"),
        first[1].replace("c0", "c1"),
    ];
    assert_eq!(named(both, true), crossed);
}

#[test]
fn without_a_host_no_block_device_is_named() {
    let mut store = store();
    reads(&mut store, 0, vec![with_virtual_drives(0, Some(3))]);
    store.name_block_devices(&Join::of(None, 1));
    assert!(store.snapshot.block_devices.is_empty());
}

#[test]
fn a_collector_that_is_switched_off_is_not_there_any_more() {
    let mut store = store();
    reads(&mut store, 0, vec![whole(ID)]);
    assert!(store.snapshot.events.is_some());
    let mut less = settings();
    less.interval = SECOND * 10;
    let is_left = |it: &Collector| !matches!(it, Collector::Events | Collector::Enclosures);
    less.collectors.retain(is_left);
    store.reconfigure(less);
    assert!(!controller(&store).has(Part::Enclosures));
    assert!(store.snapshot.events.is_none());
    assert!(!store.snapshot.collectors.contains_key(&Collector::Events));
    assert_eq!(store.snapshot.verdict, Verdict::Healthy);
    assert_eq!(store.next_collection(), Duration::ZERO);
    let drives = &store.snapshot.collectors[&Collector::PhysicalDrives];
    assert_eq!(drives.interval, SECOND * 10);
    assert!(outcome(&store, Collector::PhysicalDrives).success);
}

#[test]
fn counts_go_on_in_the_next_process() {
    let mut before = store();
    let mut odd = reading(vec![whole(ID)], at(0));
    odd.asked = vec![asked(Part::PhysicalDrives, None, 2)];
    collect(&mut before, at(0), OK, Ok(odd));
    let mut store = store();
    store.resume(before.state());
    reads(&mut store, 0, vec![whole(ID)]);
    assert_eq!(store.snapshot.tool.runs[&RunResult::Ok], 2);
    assert_eq!(store.snapshot.tool.time, SECOND * 2);
    assert_eq!(store.snapshot.unknown["physical_drives"], 2);
    assert_eq!(store.snapshot.collections.count, 1);
}
