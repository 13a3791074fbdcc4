//! The state that each captured folder of `actions/` started from.

use std::path::{Path, PathBuf};

use ironkeep_sim::state::{DriveState, Host, Progress, ScheduleState, switches};

use crate::captured;

/// A folder of `actions/`, and the state that it started from.
pub(crate) struct Start {
    /// The folder; commands in `single/…` run on a fresh state each.
    pub(crate) folder: &'static str,
    /// The captured scenario.
    scenario: &'static str,
    /// What was different from that scenario; none of these states was dumped.
    change: fn(&mut Host),
    /// Records of a dump that the state had besides.
    more: &'static str,
}

const fn like(folder: &'static str, scenario: &'static str) -> Start {
    Start {
        folder,
        scenario,
        change: |_| {},
        more: "",
    }
}

const fn changed(folder: &'static str, scenario: &'static str, change: fn(&mut Host)) -> Start {
    Start {
        folder,
        scenario,
        change,
        more: "",
    }
}

const fn with(folder: &'static str, scenario: &'static str, more: &'static str) -> Start {
    Start {
        folder,
        scenario,
        change: |_| {},
        more,
    }
}

/// A foreign configuration on the bad drive of 252:5.
const ONE_FOREIGN: &str = r#"
foreign guid="LSI     ABCD0000"
array ref=0 size=584843264 pds=13
ld tgt=0 seq=1 name="old" defcache=0x35 curcache=0x35 prl=0 rlq=0 srl=0 stripe=7 ndrv=1 spandepth=1 state=3 init=0 consistent=1 size=584843264 spans=0:0:584843264
endforeign
"#;

/// Two foreign configurations, on five of eight drives.
const TWO_FOREIGN: &str = r#"
foreign guid="LSI     ABCD0000"
array ref=0 size=584843264 pds=11,12
ld tgt=0 seq=1 name="mirror" defcache=0x35 curcache=0x35 prl=1 rlq=0 srl=0 stripe=7 ndrv=2 spandepth=1 state=3 init=0 consistent=1 size=584843264 spans=0:0:584843264
endforeign
foreign guid="LSI     ABCD0001"
array ref=1 size=584843264 pds=13,14,15
ld tgt=1 seq=1 name="r5" defcache=0x35 curcache=0x35 prl=5 rlq=3 srl=0 stripe=7 ndrv=3 spandepth=1 state=3 init=0 consistent=1 size=1169686528 spans=1:0:584843264
endforeign
"#;

/// Every folder, with the scenario whose readings its first readings equal.
pub(crate) const STARTS: &[Start] = &[
    like("alarm", "alarm_on_degraded"),
    like("bbu_learn", "healthy_raid5_hs"),
    like("cc", "healthy_raid5_hs"),
    like("cfg_save_restore", "unconfigured"),
    like("clear", "unconfigured"),
    like("eventlog", "alarm_on_degraded"),
    with("foreign_fix", "foreign_drive_bad", ONE_FOREIGN),
    Start {
        more: TWO_FOREIGN,
        ..changed("foreign_import", "jbod", two_foreign)
    },
    like("hotspare", "unconfigured"),
    changed("jbod", "unconfigured", allow_jbod),
    like("make_vd", "unconfigured"),
    like("props", "healthy_raid5_hs"),
    changed(
        "replace_failed_drive_direct",
        "degraded_raid5_failed",
        by_hand,
    ),
    changed("replace_full", "degraded_base", by_hand),
    changed("replmiss_aall", "foreign_drive", two_missing),
    changed("replmiss_foreign", "foreign_drive", two_missing),
    changed("replmiss_missing_args", "foreign_drive", two_missing),
    changed("replmiss_no_such_adapter", "foreign_drive", two_missing),
    changed("replmiss_no_such_encl", "foreign_drive", two_missing),
    changed("replmiss_no_such_slot", "foreign_drive", two_missing),
    changed("replmiss_ok_first", "foreign_drive", two_missing),
    changed("replmiss_online_drive", "foreign_drive", two_missing),
    changed("replmiss_row_oob", "foreign_drive", two_missing),
    changed("replmiss_wrong_array", "foreign_drive", two_missing),
    like("single/alarm_absent", "alarm_absent"),
    like("single/bbu_absent", "bbu_absent"),
    like("single/bbu_learning", "bbu_learning"),
    like("single/copyback_running", "copyback_running"),
    like("single/degraded_raid5_failed", "degraded_raid5_failed"),
    changed(
        "single/degraded_raid5_offline",
        "degraded_raid5_failed",
        |host| {
            host.controllers[0].drives[2].state = DriveState::Offline;
        },
    ),
    like("single/direct_attached", "direct_attached"),
    like("single/empty_controller", "empty_controller"),
    like("single/foreign_drive", "foreign_drive"),
    like("single/foreign_incomplete", "foreign_incomplete"),
    Start {
        more: TWO_FOREIGN,
        ..changed("single/foreign_multi", "jbod", two_foreign)
    },
    like("single/healthy_raid5_hs", "healthy_raid5_hs"),
    like("single/jbod", "jbod"),
    like("single/no_controller", "no_controller"),
    changed("single/ops_running", "jbod", everything_runs),
    like("single/pinned_cache", "pinned_cache"),
    like("single/raid10_8", "raid10_8"),
    like("single/rebuilding", "rebuilding"),
    changed("single/sizes", "raid10_8", sizes),
    like("single/two_controllers", "two_controllers"),
    changed("single/unconfigured", "unconfigured", allow_jbod),
];

/// The emulated controller never began a rebuild by itself.
fn by_hand(host: &mut Host) {
    host.controllers[0].info.no_auto_rebuild = 1;
}

/// The emulated controller made JBOD drives whether that was switched on or not; a real one refuses.
fn allow_jbod(host: &mut Host) {
    host.controllers[0].info.switches |= switches::JBOD;
}

/// Array 0 without its rows 1 and 3; 252:1 is unconfigured, 252:7 foreign.
fn two_missing(host: &mut Host) {
    by_hand(host);
    let it = &mut host.controllers[0];
    for row in [1, 3] {
        it.arrays[0].members[row] = None;
        it.drives[row].state = DriveState::UnconfiguredGood;
    }
    it.drives[5].slot = 7;
}

/// A RAID 5 of three drives; five more are unconfigured and foreign.
fn two_foreign(host: &mut Host) {
    let it = &mut host.controllers[0];
    it.arrays[0].members.pop();
    it.virtual_drives[0].drives_per_span = 3;
    it.virtual_drives[0].size = 2 * it.arrays[0].size;
    for drive in it.drives.iter_mut().skip(3) {
        drive.state = DriveState::UnconfiguredGood;
        drive.foreign = true;
    }
}

/// A consistency check, a background and a foreground initialization and a reconstruction on virtual
/// drives 0 to 3, a clear on 252:6, and a patrol read.
fn everything_runs(host: &mut Host) {
    let it = &mut host.controllers[0];
    let running = Some(Progress {
        fraction: 0x4000,
        elapsed: 600,
        ..Progress::default()
    });
    let first = it.virtual_drives[0].clone();
    for target in 1..4 {
        let mut next = first.clone();
        next.target = target;
        it.virtual_drives.push(next);
    }
    it.virtual_drives[0].activities.consistency_check = running;
    it.virtual_drives[1].activities.background_initialization = running;
    it.virtual_drives[2].activities.foreground_initialization = running;
    it.virtual_drives[3].activities.reconstruction = running;
    it.drives[6].state = DriveState::UnconfiguredGood;
    it.drives[6].activities.clear = running;
    it.drives[0].activities.patrol = running;
    it.patrol.state = ScheduleState::Active;
}

/// Nine unconfigured drives, the first of them smaller than a strip.
fn sizes(host: &mut Host) {
    let it = &mut host.controllers[0];
    it.virtual_drives.clear();
    it.arrays.clear();
    let mut ninth = it.drives[7].clone();
    ninth.device_id += 1;
    ninth.slot += 1;
    it.drives.push(ninth);
    for drive in &mut it.drives {
        drive.state = DriveState::UnconfiguredGood;
    }
    it.drives[0].coerced_size = 1;
}

/// Where the captures lie: beside the repository, or what the project's fixtures hold of them.
pub(crate) fn captures() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.ancestors()
        .map(|folder| folder.join("shared/captures/megacli-8.07.14"))
        .find(|folder| folder.is_dir())
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/megacli")
}

/// The folder with the captured commands; `None` where it is absent.
pub(crate) fn folder_of(start: &Start) -> Option<PathBuf> {
    let beside = captures().map(|folder| folder.join("actions").join(start.folder));
    // The fixtures know a folder by its last name; of two with the same one they hold one.
    let name = match start.folder {
        "single/healthy_raid5_hs" => "single",
        "jbod" | "unconfigured" => "",
        folder => folder.trim_start_matches("single/"),
    };
    let fixture = fixtures().join(format!("8.07.14-actions-{name}"));
    beside
        .into_iter()
        .chain([fixture])
        .find(|folder| folder.is_dir())
}

/// The state that a folder started from; `None` where its scenario is absent. The project's fixtures
/// keep the dump of that scenario in the folder itself.
pub(crate) fn state_of(start: &Start) -> Option<Host> {
    let beside = folder_of(start).map(|folder| folder.join("state.txt"));
    let own = beside.filter(|dump| dump.is_file());
    let scenario = || {
        let mut folders = captured::scenarios().into_iter();
        let folder = folders.find(|folder| {
            let found = folder.file_name().map(|it| it.to_string_lossy());
            found.is_some_and(|it| it.strip_prefix("8.07.14-").unwrap_or(&it) == start.scenario)
        });
        folder.map(|folder| folder.join("state.txt"))
    };
    let dump = std::fs::read_to_string(own.or_else(scenario)?).expect("state.txt");
    let mut host = captured::host(&format!("{dump}\n{}", start.more));
    (start.change)(&mut host);
    Some(host)
}
