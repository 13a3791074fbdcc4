//! What becomes of the host when virtual drives are made, changed and deleted by MegaCLI's commands.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

use ironkeep_sim::firmware::{advance, next_end};
use ironkeep_sim::megacli;
use ironkeep_sim::play::play;
use ironkeep_sim::state::bits::{operations, operations2, security_key, virtual_drive_operations};
use ironkeep_sim::state::{
    Array, Battery, BatteryKind, Controller, Drive, DriveState, Host, VirtualDrive, VirtualState,
    cache,
};
use proptest::prelude::*;

/// GiB of each drive, in sectors.
const SECTORS: u64 = 100 << 21;

/// A controller with eight unconfigured drives in enclosure 252, bays 0 to 7.
struct Bench {
    host: Host,
}

impl Bench {
    fn new() -> Self {
        let drive = |slot: u8| Drive {
            device_id: 8 + u16::from(slot),
            enclosure: 252,
            slot,
            serial: format!("S{slot}"),
            raw_size: SECTORS + 4096,
            non_coerced_size: SECTORS + 2048,
            coerced_size: SECTORS,
            ..Drive::default()
        };
        let mut controller = Controller {
            drives: (0..8).map(drive).collect(),
            ..Controller::default()
        };
        "SV1".clone_into(&mut controller.info.serial);
        controller.info.time = 1000;
        controller.info.background_rate = 30;
        controller.info.consistency_rate = 30;
        controller.info.reconstruction_rate = 30;
        controller.defaults.write_back = 1;
        controller.defaults.read_ahead = 1;
        controller.enclosures.push(ironkeep_sim::state::Enclosure {
            device_id: 252,
            slots: 8,
            ..Default::default()
        });
        Self {
            host: Host {
                controllers: vec![controller],
                ..Host::default()
            },
        }
    }

    fn controller(&mut self) -> &mut Controller {
        &mut self.host.controllers[0]
    }

    fn it(&mut self, target: u16) -> VirtualDrive {
        let it = self.controller().virtual_drive(target);
        it.expect("a virtual drive").clone()
    }

    fn array(&mut self, reference: u16) -> Array {
        let array = self.controller().array(reference);
        array.expect("a drive group").clone()
    }

    fn state(&mut self, slot: u8) -> DriveState {
        let drive = self.controller().drive_at(252, slot);
        drive.expect("a drive").state
    }

    /// Runs a command; gives its text between the first line and the exit line.
    fn run(&mut self, line: &str) -> (String, u16) {
        let words: Vec<&str> = line.split(' ').collect();
        let answer = megacli::run(&mut self.host, &words);
        let text = answer.text();
        let (body, _) = text.rsplit_once("\nExit Code").expect("an exit line");
        let (_, body) = body.split_once('\n').expect("a first line");
        (body.to_owned(), answer.status)
    }

    /// Runs a command that goes well.
    fn does(&mut self, line: &str) {
        let (text, status) = self.run(line);
        assert_eq!(status, 0, "{line}: {text}");
    }

    /// Runs a command that fails with this status.
    fn refuses(&mut self, line: &str, wanted: u16) {
        let before = self.host.clone();
        let (text, status) = self.run(line);
        assert_eq!(status, wanted, "{line}: {text}");
        assert_eq!(self.host, before, "{line} changes something");
    }

    fn finish(&mut self) {
        while let Some(next) = next_end(&self.host) {
            advance(&mut self.host, next);
        }
    }

    /// The last event.
    fn event(&mut self) -> String {
        let last = self.controller().events.entries.last();
        last.expect("an event").description.clone()
    }
}

#[test]
fn several_virtual_drives_share_a_drive_group() {
    let mut bench = Bench::new();
    bench.does("-CfgLdAdd -r5[252:0,252:1,252:2] WB RA Direct -sz10240 -sz20480 -strpsz128 -a0");
    let (one, two) = (bench.it(0), bench.it(1));
    assert_eq!((one.primary_level, one.level_qualifier), (5, 3));
    assert_eq!(one.strip_size, 8);
    assert_eq!((one.spans[0].start, one.spans[0].size), (0, 5120 << 11));
    assert_eq!(two.spans[0].start, 5120 << 11);
    assert_eq!(one.size, 10240 << 11);
    assert_eq!(one.default_cache, 0x25);
    assert_eq!(bench.array(0).size, SECTORS);
    assert_eq!(bench.state(2), DriveState::Online);

    // The rest of the group, and then what a deletion leaves free in the middle.
    bench.does("-CfgLdAdd -r5[252:0,252:1,252:2] -a0");
    assert_eq!(bench.it(2).spans[0].size, SECTORS - (15360 << 11));
    bench.refuses("-CfgLdAdd -r5[252:0,252:1,252:2] -a0", 0x0d);
    bench.does("-CfgLdDel -L1 -a0");
    bench.refuses("-CfgLdAdd -r5[252:0,252:1,252:2] -afterLd2 -a0", 0x0d);
    bench.does("-CfgLdAdd -r5[252:0,252:1,252:2] -afterLd0 WT NORA -a0");
    assert_eq!(bench.it(1).spans, two.spans);
    assert_eq!(bench.it(1).default_cache, cache::ALLOW_WRITE);

    // The group ends with the last of them.
    bench.does("-CfgLdDel -L0,1 -a0");
    assert_eq!(bench.state(0), DriveState::Online);
    bench.does("-CfgLdDel -LALL -a0");
    assert_eq!(bench.state(0), DriveState::UnconfiguredGood);
    assert!(bench.controller().arrays.is_empty());
}

#[test]
fn spans_lie_on_a_drive_group_each() {
    let mut bench = Bench::new();
    let groups = "-Array0[252:0,252:1,252:2] -Array1[252:3,252:4,252:5]";
    bench.does(&format!("-CfgSpanAdd -r50 {groups} -a0"));
    let it = bench.it(0);
    assert_eq!((it.span_depth, it.drives_per_span), (2, 3));
    assert_eq!((it.primary_level, it.secondary_level), (5, 3));
    assert_eq!(it.size, 4 * SECTORS);
    assert_eq!(it.spans[1].array, 1);
    bench.refuses("-CfgSpanAdd -r10 -Array0[252:6,252:7] -a0", 0x03);
    bench.does("-CfgClr -Force -a0");
    bench.does("-CfgSpanAdd -r10 -Array0[252:6,252:7] -Array1[252:0,252:1] -Hsp[252:2] -a0");
    let it = bench.it(0);
    assert_eq!((it.primary_level, it.secondary_level), (1, 0));
    assert_eq!(it.size, 2 * SECTORS);
    assert_eq!(bench.controller().spares[0].arrays, [0, 1]);
    assert_eq!(bench.state(2), DriveState::HotSpare);
    bench.does("-CfgLdDel -L0 -a0");
    assert_eq!(bench.state(2), DriveState::UnconfiguredGood);
}

#[test]
fn what_does_not_go_together_is_refused() {
    let mut bench = Bench::new();
    bench.controller().drives[1].solid_state = true;
    bench.controller().drives[2].sector_size = 4096;
    bench.controller().drives[4].state = DriveState::UnconfiguredBad;
    bench.refuses("-CfgLdAdd -r0[252:0,252:1] -a0", 0x26);
    bench.refuses("-CfgLdAdd -r0[252:0,252:2] -a0", 0x65);
    bench.refuses("-CfgLdAdd -r0[252:0,252:4] -a0", 0x26);
    bench.refuses("-CfgLdAdd -r0[252:0,252:9] -a0", 0x0c);
    bench.refuses("-CfgLdAdd -r6[252:5,252:6] -a0", 0x1e);
    bench.controller().preserved_cache = vec![7];
    bench.refuses("-CfgLdAdd -r0[252:0] -a0", 0x54);
}

#[test]
fn sectors_of_4096_bytes_are_counted_as_such() {
    let mut bench = Bench::new();
    for drive in &mut bench.controller().drives {
        drive.sector_size = 4096;
    }
    bench.does("-CfgLdAdd -r0[252:0] -sz1024 -strpsz64 -a0");
    let it = bench.it(0);
    assert_eq!((it.strip_size, it.size), (4, 1024 << 8));
}

#[test]
fn new_virtual_drives_are_initialized_in_the_background() {
    let mut bench = Bench::new();
    bench.does("-CfgLdAdd -r1[252:0,252:1] -a0");
    bench.does("-CfgLdAdd -r5[252:2,252:3,252:4] -a0");
    advance(&mut bench.host, 299);
    let running = |bench: &mut Bench, target| {
        let activities = bench.it(target).activities;
        activities.background_initialization.is_some()
    };
    assert!(!running(&mut bench, 0));
    advance(&mut bench.host, 1);
    assert!(running(&mut bench, 0));
    assert_eq!(
        bench.event(),
        "Background Initialization started on VD 00/0"
    );
    assert!(!running(&mut bench, 1), "RAID 5 wants five drives for it");

    bench.does("-LDBI -Abort -L0 -a0");
    assert!(!running(&mut bench, 0));
    advance(&mut bench.host, 300);
    assert!(running(&mut bench, 0));
    bench.does("-LDBI -Dsbl -L0 -a0");
    assert!(!running(&mut bench, 0));
    bench.does("-LDBI -Enbl -L0 -a0");
    advance(&mut bench.host, 300);
    bench.finish();
    let it = bench.it(0);
    assert!(it.is_consistent && it.initialized == 2);
}

#[test]
fn operations_begin_end_and_wait() {
    let mut bench = Bench::new();
    bench.does("-CfgLdAdd -r1[252:0,252:1] -a0");
    bench.does("-CfgLdAdd -r0[252:2] -a0");
    bench.does("-LDInit -Start -full -L0 -a0");
    bench.refuses("-LDInit -Start -L0 -a0", 0x18);
    bench.refuses("-LDCC -Start -L0 -a0", 0x18);
    bench.refuses("-LDCC -Start -L1 -a0", 0x1e);
    bench.finish();
    assert!(bench.it(0).is_consistent);
    bench.does("-LDInit -Start -L1 -a0");
    assert_eq!(bench.event(), "Initialization complete on VD 01/1");

    bench.refuses("-LDCC -Suspend -L0 -a0", 1);
    bench.controller().info.operations2 = operations2::SUSPEND_RESUME;
    bench.does("-LDCC -Start -L0 -a0");
    bench.does("-LDCC -Suspend -L0 -a0");
    assert_eq!(next_end(&bench.host), None);
    bench.does("-LDCC -Resume -L0 -a0");
    advance(&mut bench.host, 1);
    bench.does("-LDCC -Abort -L0 -a0");
    assert_eq!(bench.event(), "Consistency Check aborted on VD 00/0");
    play(&mut bench.host, 0, "fail 252:1").expect("a step");
    bench.refuses("-LDCC -Start -L0 -a0", 0x1b);
    play(&mut bench.host, 0, "fail 252:2").expect("a step");
    bench.refuses("-LDInit -Start -L1 -a0", 0x33);
}

#[test]
fn properties_stay_as_they_were_set() {
    let mut bench = Bench::new();
    bench.controller().battery = Some(Battery {
        kind: BatteryKind::Bbu,
        relative_charge: 10,
        ..Battery::default()
    });
    bench.does("-CfgLdAdd -r0[252:0] WT NORA Direct -a0");
    bench.does("-LDSetProp WB -L0 -a0");
    let it = bench.it(0);
    assert_eq!(it.default_cache & cache::WRITE_BACK, cache::WRITE_BACK);
    assert_eq!(
        it.current_cache & cache::WRITE_BACK,
        0,
        "its battery is empty"
    );
    bench.does("-LDSetProp ForcedWB -L0 -a0");
    assert_eq!(
        bench.it(0).current_cache & cache::WRITE_BACK,
        cache::WRITE_BACK
    );
    bench.does("-LDSetProp ADRA -L0 -a0");
    bench.does("-LDSetProp Cached -L0 -a0");
    assert_eq!(bench.it(0).default_cache, 0x7d);
    bench.does("-LDSetProp NoCachedBadBBU -L0 -a0");
    bench.does("-LDSetProp NORA -L0 -a0");
    bench.does("-LDSetProp Direct -L0 -a0");
    assert_eq!(bench.it(0).default_cache, 0x21);
    assert_eq!(
        bench.event(),
        "Policy change on VD 00/0 to [ID=00,dcp=21,ccp=20,ap=0,dc=0,dbgi=0] from \
         [ID=00,dcp=61,ccp=60,ap=0,dc=0,dbgi=0]"
    );
    for (word, access) in [("RO", 2), ("Blocked", 3), ("RemoveBlocked", 0)] {
        bench.does(&format!("-LDSetProp {word} -L0 -a0"));
        assert_eq!(bench.it(0).access, access);
    }
    bench.does("-LDSetProp -EnDskCache -L0 -a0");
    assert_eq!(bench.it(0).disk_cache, 1);
    bench.does("-LDSetProp -Name averylongnamethatistoolong -L0 -a0");
    assert_eq!(bench.it(0).name, "averylongnameth");
    bench.refuses("-LDSetProp Nonsense -L0 -a0", 1);
    bench.refuses("-LDSetPowerPolicy -Maximum -L0 -a0", 1);
    bench.controller().info.virtual_drive_operations = virtual_drive_operations::POWER_SAVINGS;
    bench.does("-LDSetPowerPolicy -Maximum -L0 -a0");
    assert!(bench.run("-LDInfo -L0 -a0").0.contains("Policy: Maximum\n"));
}

#[test]
fn a_saved_configuration_comes_back_as_it_was() {
    let mut bench = Bench::new();
    bench.does("-CfgLdAdd -r1[252:0,252:1] -sz1024 -sz2048 -Hsp[252:6] -a0");
    bench.does("-CfgLdAdd -r6[252:2,252:3,252:4,252:5] -a0");
    bench.does("-LDSetProp -Name web -L1 -a0");
    advance(&mut bench.host, 10_000);
    bench.finish();
    let before = bench.host.clone();
    bench.does("-CfgSave -f saved.bin -a0");
    bench.refuses("-CfgRestore -f saved.bin -a0", 1);
    bench.does("-CfgClr -a0");
    assert_eq!(bench.state(6), DriveState::UnconfiguredGood);
    bench.refuses("-CfgRestore -f other.bin -a0", 1);
    bench.does("-CfgRestore -f saved.bin -a0");
    let after = bench.host.controllers[0].clone();
    let before = &before.controllers[0];
    assert_eq!(after.arrays, before.arrays);
    assert_eq!(after.virtual_drives, before.virtual_drives);
    assert_eq!(after.spares, before.spares);
    let states = |it: &Controller| it.drives.iter().map(|it| it.state).collect::<Vec<_>>();
    assert_eq!(states(&after), states(before));
    // Of drives that are used otherwise it takes nothing.
    bench.does("-CfgClr -a0");
    bench.does("-CfgLdAdd -r0[252:0] -a0");
    bench.refuses("-CfgRestore -f saved.bin -a0", 1);
}

#[test]
fn reconstruction_ends_in_the_new_level_and_size() {
    let mut bench = Bench::new();
    bench.does("-CfgLdAdd -r0[252:0] -a0");
    bench.does("-LDRecon -Start -r1 -Add -PhysDrv[252:1] -L0 -a0");
    assert_eq!(bench.it(0).primary_level, 0);
    bench.refuses("-LDRecon -Start -r5 -Add -PhysDrv[252:2] -L0 -a0", 0x1d);
    bench.refuses("-CfgLdDel -L0 -a0", 0x1d);
    bench.finish();
    let it = bench.it(0);
    assert_eq!(
        (it.primary_level, it.drives_per_span, it.size),
        (1, 2, SECTORS)
    );
    bench.does("-LDRecon -Start -r5 -Add -PhysDrv[252:2] -L0 -a0");
    bench.finish();
    let it = bench.it(0);
    assert_eq!((it.primary_level, it.level_qualifier), (5, 3));
    assert_eq!((it.drives_per_span, it.size), (3, 2 * SECTORS));
    // A fourth for a second parity, and a fifth for room.
    bench.refuses("-LDRecon -Start -r6 -L0 -a0", 0x0d);
    bench.does("-LDRecon -Start -r6 -Add -PhysDrv[252:3] -L0 -a0");
    bench.finish();
    bench.does("-LDRecon -Start -r6 -Add -PhysDrv[252:4] -L0 -a0");
    bench.finish();
    let it = bench.it(0);
    assert_eq!((it.primary_level, it.size), (6, 3 * SECTORS));
    bench.refuses("-LDRecon -Start -r6 -Add -PhysDrv[252:4] -L0 -a0", 0x32);
    bench.refuses("-LDRecon -Start -r10 -L0 -a0", 0x1e);
    play(&mut bench.host, 0, "fail 252:0").expect("a step");
    bench.refuses("-LDRecon -Start -r5 -L0 -a0", 0x1b);
}

#[test]
fn a_virtual_drive_grows_where_the_controller_can() {
    let mut bench = Bench::new();
    bench.does("-CfgLdAdd -r1[252:0,252:1] -sz10240 -a0");
    let before = bench.it(0);
    let (text, _) = bench.run("-LdExpansion -p50 -L0 -a0");
    assert!(text.contains("is not supported"));
    bench.controller().info.operations = operations::EXPANSION_IN_PLACE;
    bench.does("-LdExpansion -p50 -dontExpandArray -L0 -a0");
    assert_eq!(bench.it(0).size, before.size + (SECTORS - before.size) / 2);
    bench.does("-LdExpansion -p100 -dontExpandArray -L0 -a0");
    assert_eq!(bench.it(0).size, SECTORS);
    bench.refuses("-LdExpansion -p100 -L0 -a0", 0x0d);
    for drive in bench.controller().drives.iter_mut().take(2) {
        drive.coerced_size *= 2;
    }
    bench.refuses("-LdExpansion -p100 -dontExpandArray -L0 -a0", 0x0d);
    bench.does("-LdExpansion -p100 -L0 -a0");
    assert_eq!(bench.it(0).size, 2 * SECTORS);
    assert_eq!(bench.array(0).size, 2 * SECTORS);
}

#[test]
fn solid_state_drives_cache_what_is_assigned() {
    let mut bench = Bench::new();
    bench.controller().drives[7].solid_state = true;
    bench.does("-CfgLdAdd -r0[252:0] -a0");
    bench.does("-CfgLdAdd -r0[252:1] -a0");
    bench.refuses("-CfgCacheCadeAdd -PhysDrv[252:2] -a0", 0x26);
    bench.refuses("-Cachecade -assign -L0 -a0", 0x23);
    bench.does("-CfgCacheCadeAdd -PhysDrv[252:7] -Name fast -assign -L0 -a0");
    let cached = |bench: &mut Bench| [0, 1].map(|target| !bench.it(target).is_uncached);
    assert_eq!(cached(&mut bench), [true, false]);
    assert!(bench.it(2).is_cachecade);
    assert_eq!(bench.it(2).name, "fast");
    let shown = bench.run("-LDInfo -L2 -a0").0;
    assert!(shown.contains("Associated LDs : 0\n"), "{shown}");
    bench.refuses("-CfgLdDel -L0 -a0", 1);
    bench.does("-Cachecade -remove -L0 -a0");
    bench.does("-Cachecade -assign -L1 -a0");
    assert_eq!(cached(&mut bench), [false, true]);
    bench.does("-CfgLdDel -L0 -a0");
    bench.does("-CfgLdDel -L1 -Force -a0");
    bench.does("-CfgCacheCadeDel -L2 -a0");
    assert_eq!(bench.state(7), DriveState::UnconfiguredGood);
}

#[test]
fn discarded_cache_takes_the_lost_virtual_drive_with_it() {
    let mut bench = Bench::new();
    bench.does("-CfgLdAdd -r0[252:0] WB -a0");
    bench.does("-CfgLdAdd -r0[252:1] -a0");
    play(&mut bench.host, 0, "pull 252:0").expect("a step");
    assert_eq!(bench.controller().preserved_cache, [0]);
    bench.refuses("-DiscardPreservedCache -L0 -a0", 0);
    bench.does("-DiscardPreservedCache -L0 -force -a0");
    assert_eq!(bench.event(), "Deleted VD 00/0");
    assert_eq!(bench.controller().virtual_drives.len(), 1);
    // The drive brings the configuration back; another group has its number by then.
    bench.does("-CfgLdAdd -r1[252:2,252:3] -a0");
    assert_eq!(bench.it(0).spans[0].array, 0);
    play(&mut bench.host, 0, "insert 252:0 back").expect("a step");
    assert_eq!(bench.controller().foreign.len(), 1);
    bench.does("-CfgForeign -Import -a0");
    assert_eq!(bench.it(2).state, VirtualState::Optimal);
    assert_eq!(bench.it(0).primary_level, 1);
}

#[test]
fn encryption_wants_a_key_and_drives_that_can() {
    let mut bench = Bench::new();
    bench.does("-CfgLdAdd -r0[252:0] -a0");
    bench.refuses("-LDMakeSecure -L0 -a0", 0x02);
    bench.controller().info.operations = operations::SECURITY;
    bench.refuses("-LDMakeSecure -L0 -a0", 0x42);
    bench.controller().info.security_key = security_key::ASSIGNED;
    bench.refuses("-LDMakeSecure -L0 -a0", 0x4e);
    bench.controller().drives[0].security = 1;
    bench.does("-LDMakeSecure -L0 -a0");
    assert_eq!(bench.it(0).encryption, 1);
}

#[test]
fn every_controller_is_changed() {
    let mut bench = Bench::new();
    let again = bench.host.controllers[0].clone();
    bench.host.controllers.push(again);
    bench.does("-CfgEachDskRaid0 WT -aALL");
    for controller in &bench.host.controllers {
        assert_eq!(controller.virtual_drives.len(), 8);
    }
    bench.does("-CfgClr -a1");
    assert_eq!(bench.host.controllers[0].virtual_drives.len(), 8);
    assert!(bench.host.controllers[1].virtual_drives.is_empty());
    bench.does("-CfgAllFreeDrv -r5 -SpanCount 2 -HspCount 2 -a1");
    let it = &bench.host.controllers[1].virtual_drives[0];
    assert_eq!((it.span_depth, it.drives_per_span), (2, 3));
    assert_eq!(bench.host.controllers[1].spares.len(), 2);
}

/// What is always so, whatever was commanded.
fn check(controller: &Controller) {
    let mut seen = Vec::new();
    for array in &controller.arrays {
        for id in array.members.iter().flatten() {
            assert!(!seen.contains(id), "drive {id} is a member twice");
            seen.push(*id);
            let drive = controller.drive(*id).expect("a member that is there");
            assert!(!drive.foreign, "member {id} is foreign");
            assert_ne!(drive.state, DriveState::UnconfiguredGood, "member {id}");
        }
        let mut stretches: Vec<_> = controller
            .virtual_drives
            .iter()
            .flat_map(|it| &it.spans)
            .filter(|span| span.array == array.reference)
            .map(|span| (span.start, span.start + span.size))
            .collect();
        assert!(!stretches.is_empty(), "an empty drive group");
        stretches.sort_unstable();
        assert!(stretches.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        assert!(stretches.iter().all(|it| it.0 < it.1 && it.1 <= array.size));
    }
    for drive in &controller.drives {
        let is_member = seen.contains(&drive.device_id);
        let is_spare = controller
            .spares
            .iter()
            .any(|it| it.device_id == drive.device_id);
        assert_eq!(is_spare, drive.state == DriveState::HotSpare);
        assert!(is_member || drive.state != DriveState::Online);
    }
    let targets = controller.virtual_drives.iter().map(|it| it.target);
    let targets: Vec<u16> = targets.collect();
    assert!(
        targets.windows(2).all(|pair| pair[0] < pair[1]),
        "{targets:?}"
    );
    for it in &controller.virtual_drives {
        let arrays = it.spans.iter().map(|span| controller.array(span.array));
        assert!(arrays.clone().count() == usize::from(it.span_depth));
        assert!(arrays.clone().all(|array| array.is_some()));
    }
}

fn command() -> impl Strategy<Value = String> {
    let bays = prop::sample::subsequence((0..8).collect::<Vec<_>>(), 1..5).prop_map(|slots| {
        let bays: Vec<String> = slots.iter().map(|slot| format!("252:{slot}")).collect();
        format!("[{}]", bays.join(","))
    });
    let level = prop::sample::select(vec![0, 1, 5, 6]);
    let size = prop::sample::select(vec!["", " -sz1024", " -sz5000 -sz300", " -afterLd1"]);
    let target = 0..4_u8;
    let verb = prop::sample::select(vec![
        "-CfgLdDel",
        "-LDInit -Start -full",
        "-LDInit -Start",
        "-LDCC -Start",
        "-LDBI -Abort",
        "-LDInit -Abort",
        "-LDRecon -Start -r0",
        "-LDRecon -Start -r6",
        "-LdExpansion -p50",
        "-DiscardPreservedCache -force",
    ]);
    let all = prop::sample::select(vec![
        "-CfgClr -a0",
        "-CfgSave -f x -a0",
        "-CfgRestore -f x -a0",
        "-CfgEachDskRaid0 -a0",
        "-CfgAllFreeDrv -r5 -a0",
        "-CfgAllFreeDrv -r1 -SpanCount 2 -HspCount 1 -a0",
        "-CfgForeign -Import -a0",
        "-CfgForeign -Clear -a0",
    ]);
    let step = prop_oneof![
        (0..8_u8).prop_map(|slot| format!("fail 252:{slot}")),
        (0..8_u8).prop_map(|slot| format!("pull 252:{slot}")),
        (0..8_u8).prop_map(|slot| format!("insert 252:{slot} back")),
        Just("wait 10m".to_owned()),
        Just("wait 6h".to_owned()),
    ];
    prop_oneof![
        4 => (level.clone(), bays.clone(), size)
            .prop_map(|(level, bays, size)| format!("-CfgLdAdd -r{level}{bays}{size} -a0")),
        2 => (bays.clone(), bays.clone())
            .prop_map(|(one, two)| format!("-CfgSpanAdd -r10 -Array0{one} -Array1{two} -a0")),
        2 => (level, bays, target.clone()).prop_map(|(level, bays, target)| {
            format!("-LDRecon -Start -r{level} -Add -PhysDrv{bays} -L{target} -a0")
        }),
        4 => (verb, target).prop_map(|(verb, target)| format!("{verb} -L{target} -a0")),
        2 => all.prop_map(str::to_owned),
        4 => step,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_commands_tear_the_configuration(lines in prop::collection::vec(command(), 1..40)) {
        let mut bench = Bench::new();
        bench.controller().info.operations = operations::EXPANSION_IN_PLACE;
        for line in &lines {
            if line.starts_with('-') {
                bench.run(line);
            } else {
                // A bay may be empty.
                drop(play(&mut bench.host, 0, line));
            }
            check(&bench.host.controllers[0]);
        }
    }
}
