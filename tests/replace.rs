//! Replacements of drives on simulated hosts: a person pulls and inserts drives where the program waits
//! for it, and time passes where something runs.

#![expect(
    clippy::disallowed_methods,
    clippy::format_push_string,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers are tests too"
)]

mod replacing;

use replacing::{Hand, Story, crash, host, play_out, run};

/// Five drives, and nothing else.
const RAID5: &str = r#"
title = ""
[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-4", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
"#;

const RAID5_SPARE: &str = r#"
title = ""
[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-5", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
spare = [{ bay = "252:5" }]
"#;

const NO_AUTO_REBUILD: &str = r#"
title = ""
[[controller]]
auto_rebuild_disabled = true
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-4", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", virtual_drives = [
  { name = "system", percent = 10 },
  { name = "data", percent = 90 },
] }]
"#;

const JBOD: &str = r#"
title = ""
[[controller]]
auto_rebuild_disabled = true
switches = ["jbod"]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-4", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
"#;

const RAID6: &str = r#"
title = ""
[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-5", make = "ST3300657SS" }]
group = [{ level = "raid6", bays = "252:0-5", name = "data" }]
"#;

const RAID10: &str = r#"
title = ""
[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [{ level = "raid10", bays = "252:0-7", spans = 4, name = "db" }]
"#;

const RAID50: &str = r#"
title = ""
[[controller]]
auto_rebuild_disabled = true
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [{ level = "raid50", bays = "252:0-7", spans = 2, name = "mail" }]
"#;

const RAID60: &str = r#"
title = ""
[[controller]]
enclosure = [{ id = 32, make = "SAS2X28-12" }, { id = 33, make = "SAS2X28-12" }]
drives = [
  { bays = "32:0-11", make = "ST2000NM0033" },
  { bays = "33:0-11", make = "ST2000NM0033" },
]
group = [{ level = "raid60", bays = "32:0-10 33:0-10", spans = 2, name = "backup" }]
spare = [{ bay = "32:11", affinity = true }, { bay = "33:11", affinity = true }]
"#;

const RAID0: &str = r#"
title = ""
[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-4", make = "ST3300657SS" }]
group = [{ level = "raid0", bays = "252:0-3", name = "scratch" }]
"#;

const SEVERAL: &str = r#"
title = ""
[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-3", make = "ST3300657SS" }]
group = [{ level = "raid10", bays = "252:0-3", spans = 2, name = "db" }]
[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-5", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
spare = [{ bay = "252:5", groups = [0] }]
"#;

/// Two drive groups, each with a hot spare of its own.
const TWO_GROUPS: &str = r#"
title = ""
[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [
  { level = "raid5", bays = "252:0-3", name = "data" },
  { level = "raid1", bays = "252:4-5", name = "system" },
]
spare = [{ bay = "252:6", groups = [1] }, { bay = "252:7", groups = [0] }]
"#;

const DIRECT: &str = r#"
title = ""
[[controller]]
make = "9260-4i"
drives = [{ bays = ":0-3", make = "ST2000NM0033" }]
group = [{ level = "raid10", bays = ":0-3", spans = 2, name = "data" }]
"#;

const EMERGENCY: &str = r#"
title = ""
[[controller]]
emergency_spares = true
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-5", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
"#;

const JBODS: &str = r#"
title = ""
[[controller]]
switches = ["jbod"]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-4", make = "ST3300657SS", state = "jbod" }]
"#;

/// Declares stories: each is a test of its own.
macro_rules! stories {
    ($( $(#[doc = $doc:literal])* $name:ident: $story:expr; )+) => {
        $( $(#[doc = $doc])* #[test] fn $name() { play_out(&$story); } )+

        /// Every story, by its name.
        fn all() -> Vec<(&'static str, Story)> {
            vec![ $( (stringify!($name), $story) ),+ ]
        }
    };
}

const FOREIGN: &[Hand] = &[hand("drive", &["insert 252:3 foreign"])];
const SMALL: &[Hand] = &[hand("drive", &["insert 252:3 small"])];
const WRONG_TYPE: &[Hand] = &[hand("drive", &["insert 252:3 wrong-type"])];

const fn hand(wait: &'static str, steps: &'static [&'static str]) -> Hand {
    Hand { wait, steps }
}

stories! {
    /// The drive still works, and there is no spare.
    healthy: Story { changes: "pd.locate_on pd.offline pd.missing pd.prepare_removal <pull> <drive> <rebuild> pd.locate_off", ..Story::of(RAID5) };
    healthy_with_a_spare: Story { changes: "pd.locate_on pd.copyback_start <copy> pd.prepare_removal <pull> <drive> pd.copyback_start <copyback> spare.add pd.locate_off", ..Story::of(RAID5_SPARE) };
    healthy_with_a_spare_not_copied: Story { flags: &["--no-copy"], changes: "pd.locate_on pd.offline pd.prepare_removal <pull> <drive> <spare_rebuild> pd.locate_off", ..Story::of(RAID5_SPARE) };
    /// It failed, and there is no spare.
    failed: Story { before: &["fail 252:3"], changes: "pd.locate_on pd.missing pd.prepare_removal <pull> <drive> <rebuild> pd.locate_off", ..Story::of(RAID5) };
    /// Somebody pulled it before anybody typed a command.
    gone: Story { before: &["fail 252:3", "pull 252:3"], changes: "<drive> <rebuild>", ..Story::of(RAID5) };
    /// Somebody swapped it, and the controller does nothing by itself.
    swapped: Story { before: &["fail 252:3", "pull 252:3", "insert 252:3 blank"], flags: &["--inserted"], changes: "pd.replace_missing pd.rebuild_start <rebuild>", ..Story::of(NO_AUTO_REBUILD) };
    swapped_or_not: Story { before: &["fail 252:3", "pull 252:3", "insert 252:3 blank"], code: 3, reason: "inserted", ..Story::of(NO_AUTO_REBUILD) };
    /// A spare stepped in.
    failed_with_a_spare: Story { before: &["fail 252:3"], changes: "pd.locate_on pd.prepare_removal <pull> <drive> <spare_rebuild> pd.locate_off", ..Story::of(RAID5_SPARE) };
    failed_with_a_spare_that_stays: Story { before: &["fail 252:3"], flags: &["--spare", "keep"], changes: "pd.locate_on pd.prepare_removal <pull> <drive> spare.add <spare_rebuild> pd.locate_off", ..Story::of(RAID5_SPARE) };
    failed_and_rebuilt: Story { before: &["fail 252:3", "finish"], changes: "pd.locate_on pd.prepare_removal <pull> <drive> <copyback> pd.locate_off", ..Story::of(RAID5_SPARE) };
    an_emergency: Story { before: &["fail 252:3"], changes: "pd.locate_on pd.prepare_removal <pull> <drive> <spare_rebuild> pd.locate_off", ..Story::of(EMERGENCY) };
    /// It is about to fail: its data goes to the spare first.
    predicted: Story { before: &["predict 252:3"], changes: "pd.locate_on pd.copyback_start <copy> pd.prepare_removal <pull> <drive> pd.copyback_start <copyback> spare.add pd.locate_off", ..Story::of(RAID5_SPARE) };
    /// A copyback in another drive group: it may be that of this drive, and is not stopped.
    another_copyback: Story { before: ANOTHER_COPYBACK, changes: "<other_copy> pd.locate_on pd.copyback_start <copy> pd.prepare_removal <pull> <drive> pd.copyback_start <copyback> spare.add pd.locate_off", ..Story::of(TWO_GROUPS) };
    no_auto_rebuild: Story { before: &["fail 252:3"], changes: "pd.locate_on pd.missing pd.prepare_removal <pull> <drive> pd.replace_missing pd.rebuild_start <rebuild> pd.locate_off", ..Story::of(NO_AUTO_REBUILD) };
    jbod_refused: Story { before: &["fail 252:3"], code: 3, reason: "jbod", changes: "pd.locate_on pd.missing pd.prepare_removal <pull> <drive>", ..Story::of(JBOD) };
    jbod: Story { before: &["fail 252:3"], flags: &["--jbod", "take"], changes: "pd.locate_on pd.missing pd.prepare_removal <pull> <drive> pd.make_good pd.replace_missing pd.rebuild_start <rebuild> pd.locate_off", ..Story::of(JBOD) };
    foreign_refused: Story { hands: FOREIGN, code: 3, reason: "foreign", changes: "pd.locate_on pd.offline pd.missing pd.prepare_removal <pull> <drive>", ..Story::of(RAID5) };
    foreign: Story { hands: FOREIGN, flags: &["--foreign", "clear"], changes: "pd.locate_on pd.offline pd.missing pd.prepare_removal <pull> <drive> foreign.clear <rebuild> pd.locate_off", ..Story::of(RAID5) };
    small: Story { hands: SMALL, code: 3, reason: "size", changes: "pd.locate_on pd.offline pd.missing pd.prepare_removal <pull> <drive>", ..Story::of(RAID5) };
    wrong_type: Story { hands: WRONG_TYPE, code: 1, changes: "pd.locate_on pd.offline pd.missing pd.prepare_removal <pull> <drive> pd.replace_missing", ..Story::of(RAID5) };
    raid6_with_two_failed: Story { before: &["fail 252:3", "fail 252:4"], code: 4, changes: "pd.locate_on pd.missing pd.prepare_removal <pull> <drive> <rebuild> pd.locate_off", ..Story::of(RAID6) };
    raid10: Story { before: &["fail 252:3"], changes: "pd.locate_on pd.missing pd.prepare_removal <pull> <drive> <rebuild> pd.locate_off", ..Story::of(RAID10) };
    raid10_the_other_half: Story { before: &["fail 252:2"], code: 3, reason: "redundancy", ..Story::of(RAID10) };
    raid50: Story { before: &["fail 252:6"], code: 4, changes: "pd.locate_on pd.offline pd.missing pd.prepare_removal <pull> <drive> pd.replace_missing pd.rebuild_start <rebuild> pd.locate_off", ..Story::of(RAID50) };
    raid60: Story { before: &["predict 33:4"], drive: "33:4", changes: "pd.locate_on pd.copyback_start <copy> pd.prepare_removal <pull> <drive> pd.copyback_start <copyback> spare.add pd.locate_off", ..Story::of(RAID60) };
    raid0: Story { code: 3, reason: "redundancy", ..Story::of(RAID0) };
    raid0_dead: Story { before: &["fail 252:3"], code: 3, reason: "preserved_cache", ..Story::of(RAID0) };
    raid0_dead_and_given_up: Story { before: &["fail 252:3"], flags: &["--override", "redundancy", "--override", "preserved_cache"], code: 4, changes: "pd.locate_on <pull> <drive> pd.locate_off", ..Story::of(RAID0) };
    several_controllers: Story { before: &["on 1: fail 252:3"], drive: "c1/252:3", changes: "pd.locate_on pd.prepare_removal <pull> <drive> <spare_rebuild> pd.locate_off", ..Story::of(SEVERAL) };
    direct_attached: Story { before: &["fail :3"], drive: ":3", changes: "pd.locate_on pd.missing pd.prepare_removal <pull> <drive> <rebuild> pd.locate_off", ..Story::of(DIRECT) };
    a_hot_spare: Story { drive: "252:5", changes: "pd.locate_on spare.remove pd.prepare_removal <pull> <drive> spare.add pd.locate_off", ..Story::of(RAID5_SPARE) };
    an_unused_drive: Story { drive: "252:4", changes: "pd.locate_on pd.prepare_removal <pull> <drive> pd.locate_off", ..Story::of(RAID0) };
    a_drive_of_the_host: Story { changes: "pd.locate_on <pull> <drive> pd.locate_off", ..Story::of(JBODS) };
    in_another_bay: Story { hands: OTHER_BAY, before: &["fail 252:3"], flags: &["--new-drive-in", "252:6"], changes: "pd.locate_on pd.missing pd.prepare_removal <drive> pd.replace_missing pd.rebuild_start <rebuild> pd.locate_off", ..Story::of(RAID5) };
    a_second_failure: Story { hands: SECOND, before: &["fail 252:3"], code: 3, reason: "second_failure", changes: "pd.locate_on pd.missing pd.prepare_removal <pull> <drive> <rebuild>", ..Story::of(RAID5) };
    finished_by_hand: Story { hands: BY_HAND, before: &["fail 252:3"], changes: "pd.locate_on pd.missing pd.prepare_removal <pull> <drive> <rebuild> pd.locate_off", ..Story::of(NO_AUTO_REBUILD) };
}

/// The drive in bay 4 failed and was replaced: its data come back from the spare.
const ANOTHER_COPYBACK: &[&str] = &["fail 252:4", "finish", "pull 252:4", "insert 252:4 blank"];
const OTHER_BAY: &[Hand] = &[hand("drive", &["insert 252:6 blank"])];
const SECOND: &[Hand] = &[hand("rebuild", &["fail 252:1"])];
const BY_HAND: &[Hand] = &[hand(
    "drive",
    &[
        "insert 252:3 blank",
        "megacli -PdReplaceMissing -PhysDrv[252:3] -Array0 -row3 -a0 -NoLog",
        "megacli -PDRbld -Start -PhysDrv[252:3] -a0 -NoLog",
    ],
)];

/// What was taken out comes back by a rebuild, and the same command says nothing is under way.
#[test]
fn a_replacement_that_is_given_up_is_undone() {
    let story = Story::of(RAID5);
    let stage = story.stage();
    assert_eq!(run(&story, &stage.state, None).waits_for(), Some("pull"));
    let abort = Story {
        flags: &["--abort"],
        ..story
    };
    let given_up = run(&abort, &stage.state, None);
    assert_eq!(given_up.code, 0, "{given_up:?}");
    let changes: Vec<&str> = given_up.changes().collect();
    let expected = [
        "pd.undo_prepare_removal",
        "pd.replace_missing",
        "pd.rebuild_start",
        "pd.locate_off",
    ];
    assert_eq!(changes, expected);
    story.hand("rebuild", &stage.state);
    let drives = &host(&stage.state)["controllers"][0]["drives"];
    assert!(
        drives
            .as_array()
            .unwrap()
            .iter()
            .all(|drive| drive["state"] == "online")
    );
    assert_eq!(run(&abort, &stage.state, None).code, 2);
}

/// A replacement that is given up stops the copyback that it began, and no other.
#[test]
fn a_copyback_that_somebody_else_began_goes_on() {
    const NOTHING: &[Hand] = &[hand("other_copy", &[])];
    const BY_HAND: &[Hand] = &[hand(
        "copy",
        &["megacli -PDCpyBk -Start -PhysDrv[252:4,252:6] -a0 -NoLog"],
    )];
    let copies_after_abort = |before: &'static [&'static str], wait, meanwhile| {
        let story = Story {
            before,
            hands: meanwhile,
            ..Story::of(TWO_GROUPS)
        };
        let stage = story.stage();
        assert_eq!(run(&story, &stage.state, None).waits_for(), Some(wait));
        story.hand(wait, &stage.state);
        let abort = Story {
            flags: &["--abort"],
            ..story
        };
        let given_up = run(&abort, &stage.state, None);
        assert_eq!(given_up.code, 0, "{given_up:?}");
        let changes: Vec<String> = given_up.changes().map(str::to_owned).collect();
        let host = host(&stage.state);
        let drives = host["controllers"][0]["drives"].as_array().unwrap();
        let copies = drives.iter().filter(|drive| drive["state"] == "copyback");
        let slots: Vec<u64> = copies.map(|it| it["slot"].as_u64().unwrap()).collect();
        (changes.join(" "), slots)
    };
    let before = copies_after_abort(ANOTHER_COPYBACK, "other_copy", NOTHING);
    assert_eq!(before, (String::new(), vec![4]));
    let during = copies_after_abort(&[], "copy", BY_HAND);
    assert_eq!(
        during,
        ("pd.copyback_stop pd.locate_off".to_owned(), vec![6])
    );
}

/// The same command again, after all is done, does not take the new drive out.
#[test]
fn what_is_done_is_not_done_again() {
    let story = all()
        .into_iter()
        .find(|(name, _)| *name == "failed")
        .unwrap()
        .1;
    let (stage, _) = play_out(&story);
    let before = host(&stage.state);
    let again = run(&story, &stage.state, None);
    assert_eq!((again.code, again.changes().count()), (0, 0), "{again:?}");
    assert_eq!(
        again.lines.last().unwrap()["facts"][0]["code"],
        "already_done"
    );
    assert_eq!(host(&stage.state), before);
}

/// Killed after any run of MegaCLI and started again, a replacement comes to where it would have come.
#[test]
fn a_replacement_survives_being_killed_anywhere() {
    crash::everywhere(&all());
}

/// Not a test by itself: the process that is killed.
#[test]
fn killed() {
    crash::child(&all());
}
