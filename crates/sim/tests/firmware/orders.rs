//! What MegaCLI's changing commands do to physical drives, and what follows.

use ironkeep_sim::megacli;
use ironkeep_sim::state::DriveState::{
    Copyback, HotSpare, Jbod, Offline, Online, Rebuild, UnconfiguredGood,
};
use ironkeep_sim::state::VirtualState::{Degraded, Optimal};
use ironkeep_sim::state::{Host, Power};
use proptest::prelude::*;

use crate::stories::{Story, check_invariants};

/// Runs a command line; gives what it prints.
pub(super) fn run(host: &mut Host, line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    megacli::run(host, &words).text()
}

/// Commands about the drive in a bay, written `#`.
pub(super) fn an_order() -> impl Strategy<Value = String> {
    let commands = [
        "-PDOffline -PhysDrv [#] -a0",
        "-PDOnline -PhysDrv [#] -a0",
        "-PDMarkMissing -PhysDrv [#] -a0",
        "-PdReplaceMissing -PhysDrv [#] -Array0 -row1 -a0",
        "-PdReplaceMissing -PhysDrv [#] -Array1 -row0 -a0",
        "-PDPrpRmv -PhysDrv [#] -a0",
        "-PDPrpRmv -UnDo -PhysDrv [#] -a0",
        "-PDMakeGood -PhysDrv [#] -Force -a0",
        "-PDMakeJBOD -PhysDrv [#] -a0",
        "-PDHSP -Set -PhysDrv [#] -a0",
        "-PDHSP -Set -Dedicated -Array0 -nonRevertible -PhysDrv [#] -a0",
        "-PDHSP -Rmv -PhysDrv [#] -a0",
        "-PDRbld -Start -PhysDrv [#] -a0",
        "-PDRbld -Stop -PhysDrv [#] -a0",
        "-PDRbld -Suspend -PhysDrv [#] -a0",
        "-PDRbld -Resume -PhysDrv [#] -a0",
        "-PDClear -Start -PhysDrv [#] -a0",
        "-PDClear -Stop -PhysDrv [#] -a0",
        "-PDCpyBk -Start -PhysDrv [252:1,#] -a0",
        "-PDCpyBk -Stop -PhysDrv [#] -a0",
        "-SecureErase Start Simple -PhysDrv [#] -a0",
        "-SecureErase Stop -PhysDrv [#] -a0",
        "-PDInstantSecureErase -PhysDrv [#] -a0",
        "-PdLocate -PhysDrv [#] -a0",
    ];
    prop::sample::select(commands.to_vec()).prop_map(|command| format!("megacli {command}"))
}

impl Story {
    /// Runs a command line that prints `words`.
    fn asks(&mut self, line: &str, words: &str) -> &mut Self {
        let before = self.host.clone();
        let text = run(&mut self.host, line);
        assert!(text.contains(words), "{line}: {text}");
        check_invariants(&before, &self.host).unwrap_or_else(|why| panic!("{line}: {why}"));
        self
    }
}

#[test]
fn a_member_is_replaced_step_by_step() {
    let mut story = Story::build("user-offline");
    let bay = "252:3";
    story.is(bay, Offline).volume(0, Degraded);
    story.asks("-PDMarkMissing -PhysDrv [252:3] -a0", "is marked Missing.");
    story
        .is(bay, UnconfiguredGood)
        .said("marked missing at array 0 row 3");
    story.asks(
        "-PDPrpRmv -PhysDrv [252:3] -a0",
        "Prepare for removal Success",
    );
    assert_eq!(story.drive(bay).power, Power::SpunDown);
    let undo = "-PDPrpRmv -UnDo -PhysDrv [252:3] -a0";
    story.asks(undo, "Undo Prepare for removal Success");
    story.asks(undo, "Undo Prepare for removal Failed");
    let replace = "-PdReplaceMissing -PhysDrv [252:3] -Array0 -row3 -a0";
    story.asks(replace, "Missing PD at Array 0, Row 3 is replaced.");
    story.is(bay, Offline).volume(0, Degraded);
    story.asks(replace, "Exit Code: 0x0a");
    story.asks(
        "-PDRbld -Start -PhysDrv [252:3] -a0",
        "Started rebuild progress",
    );
    story.is(bay, Rebuild).play(&["finish"]);
    story.is(bay, Online).volume(0, Optimal);
}

#[test]
fn a_suspended_rebuild_waits() {
    let mut story = Story::build("rebuilding");
    story.host.controllers[0].info.operations2 |= 1 << 7;
    let rebuilding = story
        .controller()
        .drives
        .iter()
        .find(|it| it.state == Rebuild);
    let slot = rebuilding.expect("a rebuild").slot;
    let bay = format!("252:{slot}");
    let fraction = |story: &Story| story.drive(&bay).activities.rebuild.map(|it| it.fraction);
    let before = fraction(&story);
    story.asks(
        &format!("-PDRbld -Suspend -PhysDrv [{bay}] -a0"),
        "Suspended rebuild",
    );
    story.play(&["wait 3h"]);
    assert_eq!(fraction(&story), before);
    story.asks(
        &format!("-PDRbld -Resume -PhysDrv [{bay}] -a0"),
        "Resumed rebuild",
    );
    story.play(&["finish"]).is(&bay, Online);
}

#[test]
fn a_hot_spare_serves_at_once() {
    let mut story = Story::build("failed-drive");
    let (spare, small) = ("252:6", "252:7");
    story.play(&["insert 252:6 blank", "insert 252:7 small"]);
    let dedicated = |bay: &str| format!("-PDHSP -Set -Dedicated -Array0 -PhysDrv [{bay}] -a0");
    story.asks(&dedicated(small), "Exit Code: 0x0d");
    story.asks(&dedicated(spare), "as Hot Spare Success.");
    story
        .said("(ded,rev,ac=1)")
        .is(spare, Rebuild)
        .play(&["finish"]);
    story.volume(0, Optimal);
}

#[test]
fn a_member_is_copied_by_hand() {
    let mut story = Story::build("raid6-two-spares");
    let spare = story.controller().spares[0].device_id;
    let spare = story.controller().drive(spare).expect("a spare");
    let bay = format!("{}:{}", spare.enclosure, spare.slot);
    let member = format!("{}:0", spare.enclosure);
    let start = format!("-PDCpyBk -Start -PhysDrv [{member},{bay}] -a0");
    story.asks(&start, "Started Copyback Operation Successfully.");
    story.is(&bay, Copyback).asks(&start, "Exit Code: 0x32");
    let stop = format!("-PDCpyBk -Stop -PhysDrv [{bay}] -a0");
    story.asks(&stop, "Stopped Copyback").is(&bay, HotSpare);
    story.asks(&start, "Started Copyback").play(&["wait 1h"]);
    story.is(&member, Online).play(&["finish"]).is(&bay, Online);
}

#[test]
fn what_is_cleared_forgets_and_jbod_wants_force() {
    let mut story = Story::build("unconfigured");
    let drive = story
        .controller()
        .drives
        .iter()
        .find(|it| it.state == UnconfiguredGood);
    let bay = format!("252:{}", drive.expect("a drive").slot);
    story.asks(
        &format!("-PDClear -Start -PhysDrv [{bay}] -a0"),
        "Started clear",
    );
    story.asks(
        &format!("-PDHSP -Set -PhysDrv [{bay}] -a0"),
        "Exit Code: 0x25",
    );
    story.play(&["finish"]).said("Clear completed");
    let make = format!("-PDMakeJBOD -PhysDrv [{bay}] -a0");
    story.host.controllers[0].info.switches &= !(1 << 13);
    story.asks(&make, "Failed to change PD state");
    story.host.controllers[0].info.switches |= 1 << 13;
    story.asks(&make, "state changed to JBOD").is(&bay, Jbod);
    story.asks(
        &format!("-PDMakeGood -PhysDrv [{bay}] -a0"),
        "use -force option",
    );
    let force = format!("-PDMakeGood -PhysDrv [{bay}] -Force -a0");
    story
        .asks(&force, "Unconfigured-Good.")
        .is(&bay, UnconfiguredGood);
}
