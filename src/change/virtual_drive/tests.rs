use ironkeep_parsers::model::{
    Arm, ControllerId, DriveState, EnclosureId, Inquiry, Interface, MediaType, Member, Mix,
    Operation, OperationKind, Position, PreservedCache, PreservedCacheState, Progress, RaidLevel,
    Slot, Span, TargetId, VirtualDrive, VirtualDriveState,
};
use ironkeep_parsers::units::{Bytes, Minutes, Percent};
use jiff::Timestamp;

use super::*;
use crate::change::physical_drive::NamedDrive;
use crate::change::{Ruling, Usage};
use crate::host::Target;
use crate::reading::Reading;

fn drive(slot: u32, state: DriveState) -> PhysicalDrive {
    let is_member = state == DriveState::Online;
    PhysicalDrive {
        enclosure: Some(EnclosureId(252)),
        slot: Some(Slot(slot)),
        state: Some(state),
        interface: Some(Interface::Sas),
        media_type: Some(MediaType::HardDisk),
        logical_sector_size: Some(Bytes(512)),
        coerced_size: Some(Bytes(100 << 30)),
        position: is_member.then_some(Position {
            drive_group: 0,
            span: 0,
            arm: slot,
        }),
        inquiry: Some(Inquiry {
            serial: Some(format!("S{slot}").into()),
            ..Inquiry::default()
        }),
        ..PhysicalDrive::default()
    }
}

fn virtual_drive(target: u32, level: RaidLevel, slots: &[u32]) -> VirtualDrive {
    let member = |(arm, &slot): (u32, &u32)| Member {
        arm: Arm(arm),
        drive: Some(drive(slot, DriveState::Online)),
    };
    VirtualDrive {
        target_id: Some(TargetId(target)),
        raid_level: Some(level),
        state: Some(VirtualDriveState::Optimal),
        size: Some(Bytes(50 << 30)),
        drives_per_span: slots.len().try_into().ok(),
        span_depth: Some(1),
        spans: vec![Span {
            number: 0,
            members: (0..).zip(slots).map(member).collect(),
        }],
        ..VirtualDrive::default()
    }
}

/// vd0, RAID 5 of the drives 0 to 2, and the free drives 3 to 5. Everything was read.
fn controller() -> Controller {
    let members = (0..3).map(|slot| drive(slot, DriveState::Online));
    let free = (3..6).map(|slot| drive(slot, DriveState::UnconfiguredGood));
    let mut info = ironkeep_parsers::model::ControllerInfo::default();
    info.capabilities.mixing = Some(Vec::new());
    Controller {
        id: Some(ControllerId(0)),
        info: Some(info),
        virtual_drives: Some(vec![virtual_drive(0, RaidLevel::Raid5, &[0, 1, 2])]),
        physical_drives: Some(members.chain(free).collect()),
        cache_protection: Some(None),
        foreign: Some(Vec::new()),
        preserved_cache: Some(Vec::new()),
        drive_operations: Some(Vec::new()),
        ..Controller::default()
    }
}

fn named(at: &Controller, slots: &[u32]) -> Vec<NamedDrive> {
    let drives = at.physical_drives.iter().flatten();
    let wanted = drives.filter(|drive| drive.slot.is_some_and(|slot| slots.contains(&slot.0)));
    wanted.filter_map(NamedDrive::of).collect()
}

fn change(at: &Controller, action: VirtualDriveAction) -> VirtualDriveChange {
    let drive = NamedVirtualDrive::of(&at.virtual_drives.as_ref().unwrap()[0]).unwrap();
    VirtualDriveChange { drive, action }
}

fn new(at: &Controller, slots: &[u32]) -> NewVirtualDrive {
    NewVirtualDrive {
        purpose: Purpose::Data,
        level: RaidLevel::Raid5,
        spans: vec![named(at, slots)],
        size: None,
        strip: None,
        settings: Vec::new(),
        spares: Vec::new(),
        after: None,
        afterwards: Vec::new(),
    }
}

/// The codes of the checks that refuse, and whether one may insist.
fn refused(
    act: &dyn Act,
    at: &Controller,
    usage: &dyn Fn(Target) -> Usage,
) -> Vec<(&'static str, bool)> {
    let reading = Reading {
        taken: Timestamp::UNIX_EPOCH,
        source: String::new(),
        live: true,
        narrowed: false,
        controllers: vec![at.clone()],
        asked: Vec::new(),
    };
    let scene = Scene {
        reading: &reading,
        controller: at,
        usage,
    };
    let checks = act.checks(&scene).into_iter();
    let refusing = checks.filter_map(|check| match check.ruling {
        Ruling::Refuses { overridable, .. } => Some((check.code, overridable)),
        Ruling::Holds | Ruling::Warns { .. } => None,
    });
    refusing.collect()
}

fn free(_: Target) -> Usage {
    Usage::Free("/dev/sda".to_owned())
}

const DELETE: VirtualDriveAction = VirtualDriveAction::Delete { cachecade: false };

#[test]
fn what_the_host_uses_is_not_destroyed() {
    let at = controller();
    let full = VirtualDriveAction::Work(Work::Initialize { full: true });
    for action in [DELETE, full] {
        let act = change(&at, action);
        assert_eq!(refused(&act, &at, &free), []);
        assert_eq!(refused(&act, &at, &|_| Usage::NoDevice), []);
        let used = |_| Usage::Used("/dev/sda".to_owned(), vec!["/ is mounted".to_owned()]);
        assert_eq!(refused(&act, &at, &used), [("in_use", true)]);
        let unknown = |_| Usage::Unknown("no sysfs".to_owned());
        assert_eq!(refused(&act, &at, &unknown), [("in_use", true)]);
    }
}

#[test]
fn a_virtual_drive_of_other_drives_is_another_one() {
    let before = controller();
    let act = change(&before, DELETE);
    let mut at = before.clone();
    at.virtual_drives = Some(vec![virtual_drive(0, RaidLevel::Raid5, &[3, 4, 5])]);
    assert_eq!(refused(&act, &at, &free), [("same_virtual_drive", false)]);
    // It is deleted, and another one has its number.
    assert!(matches!(act.seen(&before, &at), Seen::Done(_)));
    // One rebuilt member does not make it another one.
    at.virtual_drives = Some(vec![virtual_drive(0, RaidLevel::Raid5, &[0, 1, 5])]);
    assert_eq!(refused(&act, &at, &free), []);
    assert!(matches!(act.seen(&before, &at), Seen::Otherwise(_)));
    at.virtual_drives = None;
    assert_eq!(refused(&act, &at, &free), [("same_virtual_drive", false)]);
    assert!(matches!(act.seen(&before, &at), Seen::Invisible(_)));
}

#[test]
fn unwritten_data_is_not_deleted_along_the_way() {
    let mut at = controller();
    at.preserved_cache = Some(vec![PreservedCache {
        target_id: TargetId(0),
        number: None,
        name: None,
        size: None,
        state: PreservedCacheState::Offline,
    }]);
    assert_eq!(
        refused(&change(&at, DELETE), &at, &free),
        [("preserved_cache", true)]
    );
    assert_eq!(
        refused(&new(&at, &[3, 4, 5]), &at, &free),
        [("preserved_cache", false)]
    );
    at.preserved_cache = None;
    assert_eq!(
        refused(&change(&at, DELETE), &at, &free),
        [("preserved_cache", true)]
    );
}

#[test]
fn drives_that_differ_do_not_go_together() {
    type Spoil = fn(&mut PhysicalDrive);
    let table: [(&str, bool, Spoil); 8] = [
        ("interface", false, |it| {
            it.interface = Some(Interface::Sata);
        }),
        ("media_type", false, |it| {
            it.media_type = Some(MediaType::SolidState);
        }),
        ("sector_size", false, |it| {
            it.logical_sector_size = Some(Bytes(4096));
        }),
        ("protection", false, |it| {
            it.protection_formatted = Some(true);
        }),
        ("foreign", false, |it| it.foreign = Some(true)),
        ("locked", false, |it| it.locked = Some(true)),
        ("size", true, |it| it.coerced_size = None),
        ("state", false, |it| it.state = Some(DriveState::Jbod)),
    ];
    for (code, overridable, spoil) in table {
        let mut at = controller();
        for drive in at.physical_drives.iter_mut().flatten() {
            if drive.protection_formatted.is_none() {
                drive.protection_formatted = Some(false);
            }
        }
        assert_eq!(refused(&new(&at, &[3, 4, 5]), &at, &free), []);
        spoil(&mut at.physical_drives.as_mut().unwrap()[4]);
        if code == "size" {
            for drive in at.physical_drives.iter_mut().flatten() {
                drive.coerced_size = None;
            }
        }
        let found = refused(&new(&at, &[3, 4, 5]), &at, &free);
        assert_eq!(found, [(code, overridable)], "{code}");
    }
}

#[test]
fn what_the_controller_mixes_goes_together_and_what_is_not_known_is_refused() {
    let refused_where = |mixing: Option<Vec<Mix>>| {
        let mut at = controller();
        if let Some(info) = &mut at.info {
            info.capabilities.mixing = mixing;
        }
        at.physical_drives.as_mut().unwrap()[4].interface = Some(Interface::Sata);
        refused(&new(&at, &[3, 4, 5]), &at, &free)
    };
    assert_eq!(refused_where(Some(Vec::new())), [("interface", false)]);
    assert_eq!(refused_where(Some(vec![Mix::HardDisks])), []);
    assert_eq!(
        refused_where(Some(vec![Mix::SolidState])),
        [("interface", false)]
    );
    assert_eq!(refused_where(None), [("interface", true)]);
}

#[test]
fn a_new_one_is_the_one_that_was_not_there() {
    let before = controller();
    let act = new(&before, &[3, 4, 5]);
    let mut after = before.clone();
    assert!(matches!(act.seen(&before, &after), Seen::Otherwise(_)));
    let all = after.virtual_drives.as_mut().unwrap();
    all.push(virtual_drive(1, RaidLevel::Raid0, &[3, 4, 5]));
    assert!(
        matches!(act.seen(&before, &after), Seen::Otherwise(_)),
        "another level"
    );
    let all = after.virtual_drives.as_mut().unwrap();
    all.push(virtual_drive(2, RaidLevel::Raid5, &[3, 4, 5]));
    let words = "vd2, RAID 5, 50 GiB, Optimal".to_owned();
    assert_eq!(act.seen(&before, &after), Seen::Done(words));
    // A spare that was asked for and is none.
    let act = NewVirtualDrive {
        spares: named(&before, &[0]),
        ..act
    };
    assert!(matches!(act.seen(&before, &after), Seen::Otherwise(_)));
}

#[test]
fn running_operations_stand_in_the_way() {
    let mut at = controller();
    let running = Operation {
        kind: OperationKind::Reconstruction,
        physical_drive: None,
        virtual_drive: Some(TargetId(0)),
        progress: Some(Progress {
            done: Percent(12),
            elapsed: Minutes(3),
        }),
    };
    at.virtual_drives.as_mut().unwrap()[0].operations = vec![running];
    let start = VirtualDriveAction::Work(Work::Check {
        step: Step::Start,
        force: false,
    });
    let init = VirtualDriveAction::Work(Work::Initialize { full: false });
    for action in [DELETE, start, init] {
        let found = refused(&change(&at, action), &at, &free);
        assert_eq!(found, [("operation_running", false)]);
    }
    let add = named(&at, &[3]);
    let level = RaidLevel::Raid6;
    let action = VirtualDriveAction::Reshape(Reshape::Reconstruct { level, add });
    let act = change(&at, action);
    let words = "reconstruction 12 %".to_owned();
    assert_eq!(act.seen(&at, &at), Seen::Running(words));
}

type Refused = &'static [(&'static str, bool)];

#[test]
fn a_reconstruction_keeps_what_there_is() {
    let at = controller();
    let reshape = |level: RaidLevel, slots: &[u32]| {
        let add = named(&at, slots);
        change(
            &at,
            VirtualDriveAction::Reshape(Reshape::Reconstruct { level, add }),
        )
    };
    let table: [(RaidLevel, &[u32], Refused); 6] = [
        (RaidLevel::Raid6, &[3], &[]),
        (RaidLevel::Raid5, &[3, 4], &[]),
        (RaidLevel::Raid6, &[], &[("size", false)]),
        (RaidLevel::Raid5, &[], &[("level", false)]),
        (RaidLevel::Raid0, &[], &[("redundancy", true)]),
        (RaidLevel::Raid10, &[3], &[("level", false)]),
    ];
    for (level, slots, expected) in table {
        let act = reshape(level.clone(), slots);
        assert_eq!(refused(&act, &at, &free), expected, "{level} {slots:?}");
    }
    let mut shared = at.clone();
    let all = shared.virtual_drives.as_mut().unwrap();
    all.push(virtual_drive(1, RaidLevel::Raid5, &[0, 1, 2]));
    let found = refused(&reshape(RaidLevel::Raid6, &[3]), &shared, &free);
    assert_eq!(found, [("drive_group", false)]);
}

#[test]
fn names_that_damage_the_request_are_refused() {
    let at = controller();
    for (name, is_good) in [
        ("data", true),
        ("fifteen-letters", true),
        ("sixteen-letters-", false),
        ("two words", false),
        ("-L1", false),
        ("", false),
        ("größe", false),
    ] {
        let act = change(&at, VirtualDriveAction::Rename(name.to_owned()));
        assert_eq!(refused(&act, &at, &free).is_empty(), is_good, "{name}");
    }
}

#[test]
fn always_write_back_is_shown_in_two_ways() {
    use ironkeep_parsers::model::{CachePolicy, WritePolicy};
    let mut at = controller();
    let act = change(
        &at,
        VirtualDriveAction::Set(Setting::Write(WritePolicy::AlwaysWriteBack)),
    );
    let mut with = |write: WritePolicy, without: Option<bool>| {
        at.virtual_drives.as_mut().unwrap()[0].default_cache = Some(CachePolicy {
            write: Some(write),
            write_cache_with_bad_battery: without,
            ..CachePolicy::default()
        });
        act.seen(&at, &at)
    };
    assert!(matches!(
        with(WritePolicy::AlwaysWriteBack, None),
        Seen::Done(_)
    ));
    assert!(matches!(
        with(WritePolicy::WriteBack, Some(true)),
        Seen::Done(_)
    ));
    assert!(matches!(
        with(WritePolicy::WriteBack, Some(false)),
        Seen::Otherwise(_)
    ));
    at.virtual_drives.as_mut().unwrap()[0].default_cache = None;
    assert!(matches!(act.seen(&at, &at), Seen::Invisible(_)));
}
