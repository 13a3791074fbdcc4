//! What the simulated firmware does: a story for each rule, and random stories that must keep what is
//! always true.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test"
)]

#[path = "firmware/orders.rs"]
mod orders;
mod stories;

use ironkeep_sim::firmware;
use ironkeep_sim::play::{self, play};
use ironkeep_sim::scenario;
use ironkeep_sim::state::DriveState::{
    Copyback, Failed, HotSpare, Jbod, Offline, Online, Rebuild, UnconfiguredBad, UnconfiguredGood,
};
use ironkeep_sim::state::{ScheduleState, VirtualState};
use proptest::prelude::*;
use stories::{Story, check_invariants};

const RAID5: &str = r#"
drives = [{ bays = "252:0-4", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
"#;

const RAID5_SPARE: &str = r#"
drives = [{ bays = "252:0-5", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
spare = [{ bay = "252:5" }]
"#;

// Rebuilds.

#[test]
fn a_hot_spare_takes_over_and_gives_back() {
    let mut story = Story::on(RAID5_SPARE);
    story.play(&["fail 252:2"]);
    story.is("252:2", UnconfiguredBad).is("252:5", Rebuild);
    story.volume(0, VirtualState::Degraded);
    story.play(&["finish"]).is("252:5", Online);
    story.volume(0, VirtualState::Optimal);
    story.play(&["pull 252:2", "insert 252:2 blank"]);
    story.is("252:2", Copyback).is("252:5", Online);
    story.play(&["finish"]);
    story.is("252:2", Online).is("252:5", HotSpare);
    story.play(&["fail 252:0"]).is("252:5", Rebuild);
}

#[test]
fn a_spare_that_does_not_revert_stays() {
    let mut story =
        Story::on(&RAID5_SPARE.replace("\"252:5\" }", "\"252:5\", revertible = false }"));
    story.play(&[
        "fail 252:2",
        "finish",
        "pull 252:2",
        "insert 252:2 blank",
        "finish",
    ]);
    story.is("252:5", Online).is("252:2", UnconfiguredGood);
}

#[test]
fn without_copyback_the_spare_stays() {
    let mut story = Story::on(&format!("switches = [\"no_copyback\"]\n{RAID5_SPARE}"));
    story.play(&[
        "fail 252:2",
        "finish",
        "pull 252:2",
        "insert 252:2 blank",
        "finish",
    ]);
    story.is("252:5", Online).is("252:2", UnconfiguredGood);
}

#[test]
fn a_new_drive_in_the_bay_of_a_failed_one_is_rebuilt() {
    let mut story = Story::on(RAID5);
    story.play(&["fail 252:3", "wait 1h"]).is("252:3", Failed);
    story
        .play(&["pull 252:3", "insert 252:3 blank"])
        .is("252:3", Rebuild);
    story.play(&["finish"]).is("252:3", Online);
    story.volume(0, VirtualState::Optimal);
}

#[test]
fn in_another_bay_nothing_is_rebuilt() {
    let mut story = Story::on(RAID5);
    story.play(&["fail 252:3", "pull 252:3", "insert 252:6 blank"]);
    story.is("252:6", UnconfiguredGood);
    story.volume(0, VirtualState::Degraded);
}

#[test]
fn nothing_is_rebuilt_where_that_is_switched_off() {
    let mut story = Story::on(&format!("auto_rebuild_disabled = true\n{RAID5_SPARE}"));
    story
        .play(&["fail 252:3", "wait 1h"])
        .is("252:3", Failed)
        .is("252:5", HotSpare);
    story.play(&["pull 252:3", "insert 252:3 blank", "wait 1h"]);
    story.is("252:3", UnconfiguredGood);
}

#[test]
fn a_drive_that_does_not_fit_is_not_rebuilt_and_the_log_says_why() {
    for (what, why) in [("small", "too small"), ("wrong-type", "SAS/SATA")] {
        let mut story = Story::on(RAID5);
        let insert = format!("insert 252:3 {what}");
        story.play(&["fail 252:3", "pull 252:3", &insert]);
        story.is("252:3", UnconfiguredGood).said(why);
    }
}

#[test]
fn a_failed_drive_that_is_put_back_is_still_bad() {
    let mut story = Story::on(RAID5);
    story.play(&["fail 252:3", "pull 252:3", "insert 252:3 back", "wait 1h"]);
    story.is("252:3", UnconfiguredBad);
    story.volume(0, VirtualState::Degraded);
}

#[test]
fn a_good_member_that_is_put_back_is_rebuilt() {
    let mut story = Story::on(RAID5);
    story.play(&["pull 252:3", "wait 1m", "insert 252:3 back"]);
    story.is("252:3", Rebuild);
    story.play(&["finish"]).volume(0, VirtualState::Optimal);
}

#[test]
fn when_a_spare_fails_in_duty_both_bays_take_a_replacement() {
    for bay in ["252:2", "252:5"] {
        let mut story = Story::on(RAID5_SPARE);
        story.play(&["fail 252:2", "finish", "fail 252:5"]);
        story.volume(0, VirtualState::Degraded);
        story.play(&[&format!("pull {bay}"), &format!("insert {bay} blank")]);
        story.is(bay, Rebuild);
    }
}

#[test]
fn a_dedicated_spare_is_taken_first_and_only_where_it_serves() {
    let mut story = Story::on(
        r#"
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [
  { level = "raid1", bays = "252:0-1", name = "one" },
  { level = "raid1", bays = "252:2-3", name = "two" },
]
spare = [{ bay = "252:6" }, { bay = "252:7", groups = [1] }]
"#,
    );
    story
        .play(&["fail 252:2"])
        .is("252:7", Rebuild)
        .is("252:6", HotSpare);
    story.play(&["fail 252:0"]).is("252:6", Rebuild);
    let mut story = Story::on(
        r#"
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [
  { level = "raid1", bays = "252:0-1", name = "one" },
  { level = "raid1", bays = "252:2-3", name = "two" },
]
spare = [{ bay = "252:7", groups = [1] }]
"#,
    );
    story
        .play(&["fail 252:0"])
        .is("252:7", HotSpare)
        .is("252:0", Failed);
}

#[test]
fn a_spare_prefers_its_enclosure_and_helps_elsewhere_all_the_same() {
    let mut story = Story::build("raid60-two-enclosures");
    story
        .play(&["fail 33:4"])
        .is("33:11", Rebuild)
        .is("32:11", HotSpare);
    story.play(&["pull 33:5"]).is("32:11", Rebuild);
}

#[test]
fn an_unconfigured_drive_steps_in_only_if_it_may() {
    let drives = RAID5.replace("252:0-4\", make", "252:0-5\", make");
    let mut story = Story::on(&drives);
    story.play(&["fail 252:1"]).is("252:5", UnconfiguredGood);
    let mut story = Story::on(&format!("emergency_spares = true\n{drives}"));
    story.play(&["fail 252:1"]).is("252:5", Rebuild);
    story.play(&["finish", "pull 252:1", "insert 252:1 blank", "finish"]);
    story.is("252:1", Online).is("252:5", UnconfiguredGood);
}

#[test]
fn a_second_failure_during_the_rebuild_ends_it_and_keeps_the_cache() {
    let mut story = Story::on(RAID5_SPARE);
    story.play(&["fail 252:2", "wait 20m", "fail 252:4"]);
    story.volume(0, VirtualState::Offline).is("252:5", Offline);
    story.said("Rebuild failed on PD 0d(e0xfc/s5) due to source drive error");
    assert_eq!(story.controller().preserved_cache, [0]);
    story
        .play(&["online 252:4"])
        .volume(0, VirtualState::Degraded);
    assert_eq!(story.controller().preserved_cache, [0_u16; 0]);
}

#[test]
fn raid6_bears_two_failures_and_no_third() {
    let mut story = Story::build("raid6-two-failed");
    story.volume(0, VirtualState::Degraded);
    story.play(&["fail 32:0"]).volume(0, VirtualState::Offline);
}

#[test]
fn raid10_bears_a_failure_of_each_mirror() {
    let mut story = Story::build("raid10");
    story.play(&["fail 252:0", "fail 252:3", "fail 252:4", "fail 252:7"]);
    story.volume(0, VirtualState::Degraded);
    story.play(&["fail 252:1"]).volume(0, VirtualState::Offline);
}

#[test]
fn a_rebuild_without_redundancy_punctures_what_it_cannot_read() {
    let mut story = Story::on(RAID5_SPARE);
    story
        .play(&["wear 252:4 3", "fail 252:2", "finish"])
        .said("Puncturing bad block on PD 0c");
    assert!(story.controller().virtual_drives[0].has_bad_blocks);
    assert_eq!(story.drive("252:4").media_errors, 3);
    let mut story = Story::build("raid6-two-spares");
    story
        .play(&["wear 32:4 3", "fail 32:2", "finish"])
        .said("Corrected medium error");
    assert!(!story.controller().virtual_drives[0].has_bad_blocks);
}

#[test]
fn a_drive_taken_offline_by_hand_has_not_failed() {
    let mut story = Story::on(RAID5);
    story.play(&["offline 252:3"]).is("252:3", Offline);
    story.said("State change by user on PD 0b(e0xfc/s3) from ONLINE(18) to OFFLINE(10)");
    story.volume(0, VirtualState::Degraded);
    story
        .play(&["online 252:3"])
        .volume(0, VirtualState::Optimal);
    let mut story = Story::on(RAID5_SPARE);
    story
        .play(&["offline 252:3"])
        .is("252:5", Rebuild)
        .is("252:3", UnconfiguredBad);
}

// Copybacks.

#[test]
fn a_drive_that_predicts_its_failure_is_copied_if_so_set() {
    let mut story = Story::on(RAID5_SPARE);
    story
        .play(&["predict 252:1", "wait 5h"])
        .is("252:1", Online)
        .is("252:5", HotSpare);
    let mut story = Story::on(&format!("switches = [\"smart_copyback\"]\n{RAID5_SPARE}"));
    story
        .play(&["predict 252:1"])
        .is("252:1", Online)
        .is("252:5", Copyback);
    story.volume(0, VirtualState::Optimal);
    story
        .play(&["finish"])
        .is("252:1", UnconfiguredBad)
        .is("252:5", Online);
    story.play(&["pull 252:1", "insert 252:1 blank", "finish"]);
    story.is("252:1", Online).is("252:5", HotSpare);
}

#[test]
fn a_copyback_gives_the_spare_up_when_a_member_fails() {
    let mut story = Story::on(&format!("switches = [\"smart_copyback\"]\n{RAID5_SPARE}"));
    story.play(&["predict 252:1", "wait 10m", "fail 252:3"]);
    story
        .is("252:5", Rebuild)
        .said("hot spare needed for rebuild");
    story.play(&["finish"]).volume(0, VirtualState::Optimal);
}

#[test]
fn a_copyback_waits_for_rebuilds() {
    let two = RAID5_SPARE.replace("252:0-5", "252:0-6").replace(
        "spare = [{ bay = \"252:5\" }]",
        "spare = [{ bay = \"252:5\" }, { bay = \"252:6\" }]",
    );
    let mut story = Story::on(&two.replace("raid5", "raid6"));
    story.play(&[
        "fail 252:0",
        "finish",
        "fail 252:1",
        "pull 252:0",
        "insert 252:0 blank",
    ]);
    story.is("252:0", UnconfiguredGood);
    story.play(&["wait 3h"]).is("252:0", Copyback);
    story.play(&["fail 252:3"]);
    story.is("252:0", Copyback);
}

#[test]
fn when_the_source_of_a_copyback_fails_its_target_is_rebuilt() {
    let mut story = Story::build("copyback");
    story.play(&["fail 252:5"]).said("CopyBack failed on PD 0a");
    story
        .volume(0, VirtualState::Degraded)
        .is("252:2", UnconfiguredGood);
}

// Drives that come and go.

#[test]
fn what_is_pulled_comes_back_as_it_was() {
    let mut story = Story::build("unconfigured");
    story
        .play(&["pull 252:1", "insert 252:1 back"])
        .is("252:1", UnconfiguredGood);
    story.play(&["fail 252:1"]).is("252:1", UnconfiguredBad);
    story
        .play(&["pull 252:1", "insert 252:1 back"])
        .is("252:1", UnconfiguredBad);
    let mut story = Story::build("jbod");
    story
        .play(&["pull 252:1", "insert 252:1 back"])
        .is("252:1", Jbod);
    story
        .play(&["pull 252:1", "insert 252:1 blank"])
        .is("252:1", Jbod);
    let mut story = Story::build("foreign-drive");
    story.play(&["pull 252:6"]);
    assert!(story.controller().foreign.is_empty());
    story.play(&["insert 252:6 back"]);
    assert!(story.drive("252:6").foreign);
    assert_eq!(story.controller().foreign.len(), 1);
}

#[test]
fn a_pulled_hot_spare_is_one_again_only_if_so_set() {
    let mut story = Story::on(RAID5_SPARE);
    story
        .play(&["pull 252:5", "insert 252:5 back"])
        .is("252:5", UnconfiguredGood);
    let mut story = Story::on(RAID5_SPARE);
    story.host.controllers[0]
        .info
        .restore_hot_spare_on_insertion = 1;
    story
        .play(&["pull 252:5", "insert 252:5 back"])
        .is("252:5", HotSpare);
    story.play(&["fail 252:0"]).is("252:5", Rebuild);
}

#[test]
fn in_jbod_mode_a_new_drive_is_not_rebuilt() {
    let mut story = Story::on(&format!("switches = [\"jbod\"]\n{RAID5}"));
    story
        .play(&["fail 252:3", "pull 252:3", "insert 252:3 blank"])
        .is("252:3", Jbod);
}

#[test]
fn a_used_drive_is_foreign_until_somebody_decides() {
    let mut story = Story::on(RAID5);
    story.play(&[
        "fail 252:3",
        "pull 252:3",
        "insert 252:3 foreign",
        "wait 1h",
    ]);
    story
        .is("252:3", UnconfiguredGood)
        .said("Foreign Configuration Detected");
    assert!(story.drive("252:3").foreign);
    let mut imported = story.clone();
    imported
        .play(&["import"])
        .is("252:3", Online)
        .volume(1, VirtualState::Optimal);
    story.play(&["clear-foreign"]).is("252:3", Rebuild);
}

#[test]
fn an_incomplete_configuration_is_imported_with_holes() {
    let mut story = Story::build("foreign-incomplete");
    assert_eq!(
        story.controller().foreign[0].virtual_drives[0].state,
        VirtualState::Offline
    );
    story.play(&["import"]).volume(1, VirtualState::Offline);
    assert_eq!(story.controller().preserved_cache, [0_u16; 0]);
}

#[test]
fn a_lost_virtual_drive_comes_back_with_its_last_drives() {
    let mut story = Story::build("foreign-own");
    story.volume(0, VirtualState::Offline).play(&["import"]);
    // The one that left first missed what was written meanwhile.
    story.is("252:1", Rebuild).is("252:2", Online);
    story.play(&["finish"]).volume(0, VirtualState::Optimal);
    let mut story = Story::on(&RAID5.replace("raid5", "raid0"));
    story.play(&["pull 252:1", "insert 252:1 back", "import"]);
    story.is("252:1", Online).volume(0, VirtualState::Optimal);
}

#[test]
fn a_spanned_volume_moves_to_another_controller() {
    let mut story = Story::build("several-controllers");
    // Its RAID 1 is on controller 2, and controller 0 has no free bay: it moves to controller 1.
    story.play(&["on 2: pull 252:0", "on 2: pull 252:1"]);
    let serials: Vec<String> = story
        .host
        .shelf
        .iter()
        .map(|it| it.serial.clone())
        .collect();
    story.play(&[
        &format!("on 1: insert 32:11 {}", serials[0]),
        "on 1: pull 32:10",
        &format!("on 1: insert 32:10 {}", serials[1]),
    ]);
    let foreign = &story.host.controllers[1].foreign;
    assert_eq!(foreign.len(), 1);
    assert_eq!(foreign[0].virtual_drives[0].state, VirtualState::Optimal);
    story.play(&["on 1: import"]);
    let drives = &story.host.controllers[1].virtual_drives;
    assert_eq!(drives[1].name, "system");
    assert_eq!(
        drives[1].state,
        VirtualState::Degraded,
        "the first left before the second"
    );
}

// Enclosures.

#[test]
fn a_lost_enclosure_comes_back_with_its_drives() {
    let mut story = Story::build("enclosure-lost");
    story
        .volume(0, VirtualState::Degraded)
        .volume(1, VirtualState::Offline);
    story.play(&["wait 1h", "restore-enclosure 33"]);
    story.is("33:0", Rebuild);
    assert!(story.drive("33:7").foreign);
    story.play(&["import", "finish"]);
    // All of the second virtual drive left at once: nothing on it is out of date.
    story
        .volume(0, VirtualState::Optimal)
        .volume(1, VirtualState::Optimal);
    assert_eq!(story.controller().preserved_cache, [0_u16; 0]);
}

#[test]
fn what_lies_on_the_shelf_does_not_come_back_with_an_enclosure() {
    let mut story = Story::build("raid60-two-enclosures");
    story.play(&["pull 33:11", "lose-enclosure 33", "restore-enclosure 33"]);
    assert_eq!(story.host.shelf.len(), 1);
    assert!(story.controller().drive_at(33, 11).is_none());
}

#[test]
fn sensors_warn_and_calm_down() {
    let mut story = Story::build("raid6-two-spares");
    story
        .play(&["warm 32 1 47"])
        .said("temperature sensor 1 above warning threshold");
    assert_eq!(story.controller().enclosures[0].status, 1);
    story
        .play(&["warm 32 1 60"])
        .said("temperature sensor 1 above error threshold");
    story
        .play(&["warm 32 1 30"])
        .said("temperature sensor 1 returned to normal");
    assert_eq!(story.controller().enclosures[0].status, 0);
    assert!(play(&mut story.host, 0, "fail-fan 32 4").is_err());
}

// Batteries.

#[test]
fn without_charge_writes_go_through() {
    let mut story = Story::on(RAID5);
    story.play(&["learn", "wait 30m"]);
    assert!(story.writes_back());
    story
        .play(&["wait 1h"])
        .said("changing WB virtual disks to WT");
    assert!(!story.writes_back());
    story
        .play(&["finish"])
        .said("changing WT virtual disks to WB")
        .said("relearn completed");
    assert!(story.writes_back());
    story.play(&["fail-battery"]);
    assert!(!story.writes_back());
    assert!(
        play(&mut story.host, 0, "learn").is_err(),
        "a failed pack cannot learn"
    );
}

#[test]
fn a_cachevault_learns_without_a_gap() {
    let mut story = Story::on(&format!("battery = \"cachevault\"\n{RAID5}"));
    story.play(&["learn"]);
    while play::is_busy(&story.host) {
        story.play(&["wait 10s"]);
        assert!(story.writes_back());
    }
    story.said("Battery relearn completed");
}

// Schedules.

#[test]
fn schedules_go_on_for_a_year() {
    let mut story = Story::on(RAID5_SPARE);
    story.play(&["wait 365d"]);
    let controller = story.controller();
    assert!(
        (45..=52).contains(&controller.patrol.iterations),
        "{:?}",
        controller.patrol
    );
    assert!((45..=52).contains(&controller.consistency.iterations));
    let cycles = controller.battery.as_ref().unwrap().capacity.cycles;
    assert!((33..=36).contains(&cycles), "{cycles}");
    // At once and in steps is the same.
    let mut steps = Story::on(RAID5_SPARE);
    for _ in 0..365 {
        steps.play(&["wait 24h"]);
    }
    let texts = |story: &Story| -> Vec<(u32, String)> {
        let entries = story.controller().events.entries.iter();
        entries
            .map(|it| (it.time, it.description.clone()))
            .collect()
    };
    assert!(texts(&story) == texts(&steps));
}

#[test]
fn a_patrol_ends_though_its_last_drive_is_pulled() {
    let mut story = Story::on(RAID5);
    story.play(&["patrol", "wait 1m"]);
    story.play(&[
        "pull 252:0",
        "pull 252:1",
        "pull 252:2",
        "pull 252:3",
        "pull 252:4",
    ]);
    assert_eq!(story.controller().patrol.state, ScheduleState::Stopped);
    story.play(&["patrol"]).said("Patrol Read can't be started");
}

#[test]
fn a_check_ends_when_redundancy_is_gone() {
    let mut story = Story::on(RAID5);
    story
        .play(&["check 0", "wait 5m", "fail 252:1"])
        .said("Consistency Check aborted on VD 00/0");
    assert!(!play::is_busy(&story.host));
    assert!(play(&mut story.host, 0, "check 0").is_err());
}

#[test]
fn an_expansion_adds_capacity_at_its_end_and_holds_rebuilds_back() {
    let mut story = Story::on(&RAID5_SPARE.replace("252:0-5", "252:0-6"));
    let before = story.controller().virtual_drives[0].size;
    story.play(&["expand 0 252:6", "wait 1h", "fail 252:1"]);
    story
        .is("252:5", HotSpare)
        .volume(0, VirtualState::Degraded);
    assert_eq!(story.controller().virtual_drives[0].size, before);
    story.play(&["wait 2h"]).is("252:5", Rebuild);
    assert_eq!(story.controller().virtual_drives[0].size, before / 4 * 5);
}

// Time, and the log.

#[test]
fn the_log_keeps_the_newest_eight_thousand() {
    let mut story = Story::on(RAID5);
    for _ in 0..1500 {
        story.play(&["offline 252:3", "online 252:3"]);
    }
    let events = &story.controller().events;
    assert_eq!(events.entries.len(), 8000);
    assert_eq!(events.newest() - events.oldest(), 7999);
    assert!(events.oldest() > 1);
}

#[test]
fn the_clock_may_reach_its_end() {
    let mut story = Story::on(RAID5);
    firmware::advance(&mut story.host, u64::MAX);
    assert_eq!(story.controller().info.time, u32::MAX);
}

#[test]
fn a_month_passes_quickly_on_a_fleet() {
    let mut story = Story::build("fleet");
    let begin = std::time::Instant::now();
    story.play(&["wait 30d"]);
    let passed = begin.elapsed();
    assert!(passed.as_secs() < 20, "{passed:?}");
}

// What is always true.

fn a_step() -> impl Strategy<Value = String> {
    let bay = || {
        (prop_oneof![Just(252_u16), Just(32), Just(33)], 0_u8..12)
            .prop_map(|(enclosure, slot)| format!("{enclosure}:{slot}"))
    };
    let new = prop_oneof![
        4 => Just("blank"), 6 => Just("back"), 1 => Just("small"), 1 => Just("wrong-type"),
        1 => Just("foreign"), 1 => Just("foreign-part"),
    ];
    let fixed = prop_oneof![
        Just("learn"),
        Just("patrol"),
        Just("import"),
        Just("clear-foreign"),
        Just("check 0"),
        Just("fail-battery"),
        Just("lose-enclosure 33"),
        Just("restore-enclosure 33"),
        Just("lose-enclosure 252"),
        Just("restore-enclosure 252"),
        Just("import 1"),
    ];
    prop_oneof![
        4 => prop_oneof![Just("1s"), Just("10m"), Just("2h"), Just("9d")].prop_map(|it| format!("wait {it}")),
        4 => bay().prop_map(|bay| format!("pull {bay}")),
        5 => (bay(), new).prop_map(|(bay, new)| format!("insert {bay} {new}")),
        2 => bay().prop_map(|bay| format!("fail {bay}")),
        1 => bay().prop_map(|bay| format!("predict {bay}")),
        1 => bay().prop_map(|bay| format!("wear {bay} 2")),
        1 => bay().prop_map(|bay| format!("offline {bay}")),
        1 => bay().prop_map(|bay| format!("online {bay}")),
        1 => bay().prop_map(|bay| format!("expand 0 {bay}")),
        6 => (orders::an_order(), bay()).prop_map(|(order, bay)| order.replace('#', &bay)),
        3 => fixed.prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_story_breaks_what_is_always_true(
        name in prop_oneof![
            Just("healthy"), Just("smart-copyback"), Just("raid60-two-enclosures"), Just("raid10"),
            Just("enclosure-back"), Just("emergency-spare"), Just("jbod"), Just("two-volumes"),
            Just("foreign-own"), Just("raid50"),
        ],
        steps in prop::collection::vec(a_step(), 1..40),
    ) {
        let mut host = scenario::build(name).expect("a scenario");
        let mut told = String::new();
        for step in steps {
            let before = host.clone();
            told = format!("{told}\n{step}");
            if let Some(order) = step.strip_prefix("megacli ") {
                orders::run(&mut host, order);
            } else if play(&mut host, 0, &step).is_err() {
                prop_assert!(host == before, "a step that cannot be played changes nothing: {}", told);
            }
            check_invariants(&before, &host).map_err(|why| {
                TestCaseError::fail(format!("{name}: {told}\n{why}"))
            })?;
        }
    }
}
