//! The command line of every change.

use std::path::PathBuf;

use ironkeep_parsers::model::{Arm, ControllerId, DriveAddress, EnclosureId, Slot};

use super::invocation;
use crate::change::foreign::{ForeignAction, NamedForeign, Which};
use crate::change::physical_drive::{
    Control, Copyback, EmptyPlace, NamedDrive, Passes, PhysicalDriveAction as Action, Switch,
};
use crate::change::spare::{Duties, Protects, SpareAction};
use crate::change::{Change, ForeignChange, PhysicalDriveChange, Request, SpareChange};

fn named(enclosure: Option<u32>, slot: u32) -> NamedDrive {
    NamedDrive {
        address: DriveAddress {
            enclosure: enclosure.map(EnclosureId),
            slot: Slot(slot),
        },
        serial: Some("S1".to_owned()),
    }
}

/// The arguments of a change, as one line.
fn line(change: impl Into<Change>) -> String {
    let request = Request {
        controller: ControllerId(1),
        change: change.into(),
    };
    let invocation = invocation(&request);
    assert!(invocation.changes);
    invocation.arguments.join(" ")
}

#[test]
fn drives() {
    let place = EmptyPlace {
        span_reference: 2,
        arm: Arm(1),
    };
    let to = named(Some(252), 7);
    let file = PathBuf::from("/root/ES66.lod");
    let expected = [
        (Action::Offline, "-PDOffline -PhysDrv[252:3] -a1"),
        (Action::Online, "-PDOnline -PhysDrv[252:3] -a1"),
        (Action::MarkMissing, "-PdMarkMissing -PhysDrv[252:3] -a1"),
        (Action::PrepareRemoval, "-PdPrpRmv -PhysDrv[252:3] -a1"),
        (
            Action::UndoPrepareRemoval,
            "-PdPrpRmv -UnDo -PhysDrv[252:3] -a1",
        ),
        (
            Action::MakeGood { force: false },
            "-PDMakeGood -PhysDrv[252:3] -a1",
        ),
        (
            Action::MakeGood { force: true },
            "-PDMakeGood -PhysDrv[252:3] -Force -a1",
        ),
        (Action::MakeJbod, "-PDMakeJBOD -PhysDrv[252:3] -a1"),
        (
            Action::ReplaceMissing(place),
            "-PdReplaceMissing -PhysDrv[252:3] -Array2 -row1 -a1",
        ),
        (
            Action::Locate { on: true },
            "-PdLocate -start -PhysDrv[252:3] -a1",
        ),
        (
            Action::Locate { on: false },
            "-PdLocate -stop -PhysDrv[252:3] -a1",
        ),
        (
            Action::Rebuild(Control::Start),
            "-PDRbld -Start -PhysDrv[252:3] -a1",
        ),
        (
            Action::Rebuild(Control::Suspend),
            "-PDRbld -Suspend -PhysDrv[252:3] -a1",
        ),
        (
            Action::Clear(Switch::Stop),
            "-PDClear -Stop -PhysDrv[252:3] -a1",
        ),
        (
            Action::Copyback(Copyback::Start { to }),
            "-PDCpyBk -Start -PhysDrv[252:3,252:7] -a1",
        ),
        (
            Action::Copyback(Copyback::Resume),
            "-PDCpyBk -Resume -PhysDrv[252:3] -a1",
        ),
        (
            Action::InstantSecureErase,
            "-PDInstantSecureErase -PhysDrv[252:3] -a1",
        ),
        (
            Action::SecureErase(Passes::Normal),
            "-SecureErase Start Normal -PhysDrv[252:3] -a1",
        ),
        (
            Action::StopSecureErase,
            "-SecureErase Stop -PhysDrv[252:3] -a1",
        ),
        (
            Action::DownloadFirmware { file },
            "-PdFwDownload -PhysDrv[252:3] -f /root/ES66.lod -a1",
        ),
    ];
    for (action, expected) in expected {
        let drive = named(Some(252), 3);
        assert_eq!(line(PhysicalDriveChange { drive, action }), expected);
    }
    let direct = PhysicalDriveChange {
        drive: named(None, 4),
        action: Action::Offline,
    };
    assert_eq!(line(direct), "-PDOffline -PhysDrv[:4] -a1");
}

#[test]
fn spares() {
    let add = |protects, enclosure_affinity, revertible| {
        line(SpareChange {
            drive: named(Some(252), 7),
            action: SpareAction::Add(Duties {
                protects,
                enclosure_affinity,
                revertible,
            }),
        })
    };
    assert_eq!(
        add(Protects::All, false, true),
        "-PDHSP -Set -PhysDrv[252:7] -a1"
    );
    assert_eq!(
        add(Protects::Arrays(vec![0, 2]), true, false),
        "-PDHSP -Set -Dedicated -Array0,2 -EnclAffinity -nonRevertible -PhysDrv[252:7] -a1"
    );
    let remove = SpareChange {
        drive: named(Some(252), 7),
        action: SpareAction::Remove,
    };
    assert_eq!(line(remove), "-PDHSP -Rmv -PhysDrv[252:7] -a1");
}

#[test]
fn foreign_configurations() {
    let one = || NamedForeign {
        index: 1,
        serials: vec![Some("S1".to_owned())],
    };
    let of = |which, action| line(ForeignChange { which, action });
    assert_eq!(
        of(Which::One(one()), ForeignAction::Clear),
        "-CfgForeign -Clear 1 -a1"
    );
    assert_eq!(
        of(Which::One(one()), ForeignAction::Import),
        "-CfgForeign -Import 1 -a1"
    );
    assert_eq!(
        of(Which::All(vec![one()]), ForeignAction::Clear),
        "-CfgForeign -Clear -a1"
    );
}
