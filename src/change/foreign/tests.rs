use ironkeep_parsers::model::{
    Arm, DriveGroup, DriveGroupKind, DriveGroupSpan, EnclosureId, Inquiry, Member, RaidLevel, Slot,
    TargetId, VirtualDrive, VirtualDriveState,
};
use ironkeep_parsers::units::Bytes;

use super::*;
use crate::change::Ruling;

fn drive(slot: u32, serial: &str) -> PhysicalDrive {
    PhysicalDrive {
        enclosure: Some(EnclosureId(252)),
        slot: Some(Slot(slot)),
        inquiry: Some(Inquiry {
            serial: Some(serial.into()),
            ..Inquiry::default()
        }),
        ..PhysicalDrive::default()
    }
}

fn foreign(index: u32, drives: &[Option<PhysicalDrive>]) -> ForeignConfiguration {
    let members = (0..).zip(drives).map(|(arm, drive)| Member {
        arm: Arm(arm),
        drive: drive.clone(),
    });
    ForeignConfiguration {
        index: Some(index),
        after_import: false,
        drive_groups: vec![DriveGroup {
            number: 0,
            kind: DriveGroupKind::Plain,
            spans: vec![DriveGroupSpan {
                virtual_drives: vec![data(None)],
                members: members.collect(),
                ..DriveGroupSpan::default()
            }],
        }],
    }
}

fn data(state: Option<VirtualDriveState>) -> VirtualDrive {
    VirtualDrive {
        target_id: Some(TargetId(0)),
        name: Some("data".to_owned()),
        raid_level: Some(RaidLevel::Raid5),
        size: Some(Bytes(1000)),
        drives_per_span: Some(3),
        state,
        ..VirtualDrive::default()
    }
}

fn controller(foreign: Vec<ForeignConfiguration>) -> Controller {
    Controller {
        foreign: Some(foreign),
        physical_drives: Some(Vec::new()),
        virtual_drives: Some(Vec::new()),
        preserved_cache: Some(Vec::new()),
        ..Controller::default()
    }
}

fn one(it: &ForeignConfiguration, action: ForeignAction) -> ForeignChange {
    ForeignChange {
        which: Which::One(NamedForeign::of(it).unwrap()),
        action,
    }
}

fn refuses(check: &Check) -> bool {
    matches!(check.ruling, Ruling::Refuses { .. })
}

#[test]
fn an_index_that_means_other_drives_now_is_refused() {
    let looked_at = foreign(0, &[Some(drive(3, "A"))]);
    let change = one(&looked_at, ForeignAction::Clear);
    assert!(!refuses(&change.same(&controller(vec![looked_at]))));
    let other = foreign(0, &[Some(drive(3, "B"))]);
    assert!(refuses(&change.same(&controller(vec![other]))));
    let moved = foreign(1, &[Some(drive(3, "A"))]);
    assert!(refuses(&change.same(&controller(vec![moved]))));
    assert!(refuses(&change.same(&controller(Vec::new()))));
}

#[test]
fn one_more_configuration_is_not_all_that_were_looked_at() {
    let first = foreign(0, &[Some(drive(3, "A"))]);
    let change = ForeignChange {
        which: Which::All(vec![NamedForeign::of(&first).unwrap()]),
        action: ForeignAction::Clear,
    };
    assert!(!refuses(&change.same(&controller(vec![first.clone()]))));
    let second = foreign(1, &[Some(drive(4, "B"))]);
    assert!(refuses(&change.same(&controller(vec![first, second]))));
}

#[test]
fn drives_without_serial_numbers_are_told_apart_by_nobody() {
    let mut nameless = drive(3, "A");
    nameless.inquiry = None;
    let it = foreign(0, &[Some(nameless)]);
    let change = one(&it, ForeignAction::Clear);
    assert!(refuses(&change.same(&controller(vec![it]))));
}

#[test]
fn an_old_member_is_known_by_what_lives_on_without_it() {
    let it = foreign(0, &[None, Some(drive(3, "A")), None]);
    let mut at = controller(vec![it.clone()]);
    let refused = |at: &Controller| -> Vec<&'static str> {
        let all = checks::import(at, &it);
        all.iter()
            .filter(|it| refuses(it))
            .map(|it| it.code)
            .collect()
    };
    assert_eq!(refused(&at), ["incomplete"]);
    at.virtual_drives = Some(vec![data(Some(VirtualDriveState::Degraded))]);
    assert_eq!(refused(&at), ["stale_data", "incomplete"]);
    at.virtual_drives = Some(vec![data(Some(VirtualDriveState::Offline))]);
    assert_eq!(refused(&at), ["incomplete"]);
    at.virtual_drives = None;
    assert!(refused(&at).contains(&"stale_data"));
}

#[test]
fn it_is_done_when_its_drives_are_no_longer_foreign() {
    let it = foreign(0, &[Some(drive(3, "A"))]);
    let other = foreign(0, &[Some(drive(4, "B"))]);
    let before = controller(vec![it.clone(), other.clone()]);
    let change = one(&it, ForeignAction::Clear);
    let seen = |after: Vec<ForeignConfiguration>| change.seen(&before, &controller(after));
    assert!(matches!(seen(vec![other]), Seen::Done(_)));
    assert!(matches!(seen(vec![it.clone()]), Seen::Otherwise(_)));
    let unread = Controller::default();
    assert!(matches!(change.seen(&before, &unread), Seen::Invisible(_)));
}
