//! What operators do by hand from their cheat sheet, on controllers that rebuild nothing by themselves:
//! through the friendly commands, and word by word through `raw`. Both end in the same state.

use ironkeep_sim::scenario;
use ironkeep_sim::state::{self, Controller, DriveState, EventLog, VirtualState};

use crate::host::Host;

/// A step of a sequence, which is taken on each controller.
enum Step {
    /// The friendly command; and MegaCLI's, without the controller.
    Act(&'static str, &'static str),
    /// Somebody's hands.
    Happens(&'static str),
}

use Step::{Act, Happens};

/// How a sequence is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With the friendly commands.
    Friendly,
    /// With `raw`, and `-aN`.
    Each,
    /// With `raw`, and `-aALL` at once.
    All,
}

/// A host with one controller.
fn one() -> state::Host {
    let mut host = scenario::build("raid1-pair").unwrap();
    assert_eq!(host.controllers.len(), 1);
    switch_rebuilds_off(&mut host);
    host
}

/// A host with two. The drive in bay 252:1 is row 1 of array 0 on both.
fn two() -> state::Host {
    let mut host = scenario::build("several-controllers").unwrap();
    host.controllers.remove(1);
    assert_eq!(host.controllers.len(), 2);
    switch_rebuilds_off(&mut host);
    host
}

/// As the cheat sheet assumes.
fn switch_rebuilds_off(host: &mut state::Host) {
    for controller in &mut host.controllers {
        controller.info.no_auto_rebuild = 1;
    }
}

/// The host after `steps`, without what merely tells that time went by.
fn after(host: state::Host, steps: &[Step], way: Way) -> state::Host {
    let controllers = host.controllers.len();
    let host = Host::of("healthy", host);
    for step in steps {
        match (step, way) {
            (Act(_, raw), Way::All) => {
                host.does(&format!("raw --yes=raw -- {raw} -aALL"));
            }
            (Act(_, raw), Way::Each) => {
                for number in 0..controllers {
                    host.does(&format!("raw --yes=raw -- {raw} -a{number}"));
                }
            }
            (Act(friendly, _), Way::Friendly) => {
                for number in 0..controllers {
                    host.done(&format!("--controller {number} {friendly}"));
                }
            }
            (Happens(what), _) => {
                for number in 0..controllers {
                    host.happens(&format!("on {number}: {what}"));
                }
            }
        }
    }
    assert!(!host.audit().to_ascii_lowercase().contains("-aall"));
    let mut end = host.all();
    for controller in &mut end.controllers {
        controller.info.time = 0;
        controller.events = EventLog::default();
        controller.terminal_log.clear();
    }
    end
}

/// Plays `steps` in every way on hosts with one controller and with two; gives every controller at its
/// end, which does not depend on the way.
fn play(steps: &[Step]) -> Vec<Controller> {
    let mut ends = Vec::new();
    for host in [one(), two()] {
        let friendly = after(host.clone(), steps, Way::Friendly);
        for way in [Way::Each, Way::All] {
            let raw = after(host.clone(), steps, way);
            for (friendly, raw) in friendly.controllers.iter().zip(&raw.controllers) {
                assert_eq!(friendly.drives, raw.drives, "{way:?}");
                assert_eq!(friendly.arrays, raw.arrays, "{way:?}");
            }
            assert!(friendly == raw, "{way:?} ends otherwise");
        }
        ends.extend(friendly.controllers);
    }
    assert_eq!(ends.len(), 3);
    ends
}

/// The state of the drive that the sequences are about.
fn second_drive(controller: &Controller) -> DriveState {
    controller.drive_at(252, 1).unwrap().state
}

/// The states of a controller's virtual drives.
fn virtual_drives(controller: &Controller) -> Vec<VirtualState> {
    let drives = controller.virtual_drives.iter();
    drives.map(|it| it.state).collect()
}

#[test]
fn a_drive_is_replaced() {
    let steps = [
        Act("pd offline 252:1 --yes", "-PDOffline -PhysDrv [252:1]"),
        Act("pd missing 252:1 --yes", "-PDMarkMissing -PhysDrv [252:1]"),
        Act(
            "pd prepare-removal 252:1 --yes",
            "-PDPrpRmv -PhysDrv [252:1]",
        ),
        Happens("pull 252:1"),
        Happens("insert 252:1 blank"),
        Act(
            "pd replace-missing 252:1 --yes",
            "-PdReplaceMissing -PhysDrv [252:1] -Array0 -row1",
        ),
        Act(
            "pd rebuild start 252:1 --yes",
            "-PDRbld -Start -PhysDrv [252:1]",
        ),
        Happens("finish"),
    ];
    let (_, unfinished) = steps.split_last().unwrap();
    for controller in play(unfinished) {
        assert_eq!(second_drive(&controller), DriveState::Rebuild);
        assert_eq!(virtual_drives(&controller), [VirtualState::Degraded]);
    }
    for controller in play(&steps) {
        assert_eq!(second_drive(&controller), DriveState::Online);
        assert_eq!(virtual_drives(&controller), [VirtualState::Optimal]);
    }
}

#[test]
fn a_foreign_drive_is_made_good_and_cleared() {
    let steps = [
        Happens("pull 252:1"),
        Happens("insert 252:1 foreign"),
        // Bad, it shows what it carries only afterwards.
        Happens("fail 252:1"),
        Happens("pull 252:1"),
        Happens("insert 252:1 back"),
        Act("pd make-good 252:1 --yes", "-PDMakeGood -PhysDrv [252:1]"),
        Act("foreign clear 0 --yes=foreign0", "-CfgForeign -Clear"),
    ];
    let (_, before) = steps.split_last().unwrap();
    let (_, bad) = before.split_last().unwrap();
    for controller in play(bad) {
        assert_eq!(second_drive(&controller), DriveState::UnconfiguredBad);
        assert_eq!(controller.foreign, []);
    }
    for controller in play(before) {
        assert_eq!(controller.foreign.len(), 1);
    }
    for controller in play(&steps) {
        assert_eq!(second_drive(&controller), DriveState::UnconfiguredGood);
        assert_eq!(controller.foreign, []);
    }
}

#[test]
fn the_alarm_is_switched_off_for_good() {
    let steps = [Act(
        "controller alarm disable --yes",
        "-AdpSetProp AlarmDsbl",
    )];
    let alarms = |controllers: &[Controller]| -> Vec<u32> {
        let alarms = controllers.iter();
        alarms.map(|it| it.info.alarm).collect()
    };
    assert_eq!(alarms(&play(&[])), [1; 3]);
    assert_eq!(alarms(&play(&steps)), [0; 3]);
}
