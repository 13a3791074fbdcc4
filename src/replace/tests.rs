//! The next step, over readings that are made by hand.

use std::time::Duration;

use ironkeep_parsers::model::{
    Arm, ControllerId, ControllerInfo, DriveAddress, DriveGroup, DriveGroupKind, DriveGroupSpan,
    DriveState, EnclosureId, HotSpare, HotSpareKind, Inquiry, Interface, MediaType, Member,
    MissingDrive, PhysicalDrive, Position, Power, RaidLevel, Slot, Span, TargetId, VirtualDrive,
    VirtualDriveState,
};
use ironkeep_parsers::units::Bytes;
use jiff::Timestamp;

use super::*;
use crate::reading::Controller;
use crate::who::Who;

fn bay(slot: u32) -> DriveAddress {
    DriveAddress {
        enclosure: Some(EnclosureId(252)),
        slot: Slot(slot),
    }
}

fn drive(slot: u32, serial: &str, state: DriveState) -> PhysicalDrive {
    PhysicalDrive {
        enclosure: Some(EnclosureId(252)),
        slot: Some(Slot(slot)),
        state: Some(state),
        power: Some(Power::SpunUp),
        coerced_size: Some(Bytes(1000)),
        interface: Some(Interface::Sas),
        media_type: Some(MediaType::HardDisk),
        logical_sector_size: Some(Bytes(512)),
        inquiry: Some(Inquiry {
            serial: Some(serial.into()),
            ..Inquiry::default()
        }),
        ..PhysicalDrive::default()
    }
}

/// A RAID 5 of three members in bays 0 to 2, of which arm 1 is `member`; `others` are no members.
fn host(
    state: VirtualDriveState,
    member: Option<PhysicalDrive>,
    others: Vec<PhysicalDrive>,
) -> Controller {
    let is_missing = member.is_none();
    let mut members = vec![
        Some(drive(0, "A", DriveState::Online)),
        member,
        Some(drive(2, "C", DriveState::Online)),
    ];
    for (arm, member) in (0..).zip(&mut members) {
        if let Some(member) = member {
            member.position = Some(Position {
                drive_group: 0,
                span: 0,
                arm,
            });
        }
    }
    let seats: Vec<Member> = (0..)
        .zip(&members)
        .map(|(arm, drive)| Member {
            arm: Arm(arm),
            drive: drive.clone(),
        })
        .collect();
    let virtual_drive = VirtualDrive {
        target_id: Some(TargetId(0)),
        raid_level: Some(RaidLevel::Raid5),
        state: Some(state),
        spans: vec![Span {
            number: 0,
            members: seats.clone(),
        }],
        ..VirtualDrive::default()
    };
    let missing = is_missing.then_some(MissingDrive {
        index: 0,
        span_reference: 7,
        arm: Arm(1),
        expected_size: Bytes(1000),
    });
    let mut info = ControllerInfo {
        serial: Some("SV1".to_owned()),
        ..ControllerInfo::default()
    };
    info.settings.auto_rebuild = Some(true);
    info.capabilities.mixing = Some(Vec::new());
    Controller {
        id: Some(ControllerId(0)),
        info: Some(info),
        physical_drives: Some(members.into_iter().flatten().chain(others).collect()),
        drive_groups: Some(vec![DriveGroup {
            number: 0,
            kind: DriveGroupKind::Plain,
            spans: vec![DriveGroupSpan {
                number: 0,
                reference: Some(7),
                virtual_drives: vec![virtual_drive.clone()],
                members: seats,
                ..DriveGroupSpan::default()
            }],
        }]),
        virtual_drives: Some(vec![virtual_drive]),
        missing_drives: Some(missing.into_iter().collect()),
        foreign: Some(Vec::new()),
        preserved_cache: Some(Vec::new()),
        drive_operations: Some(Vec::new()),
        ..Controller::default()
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn start(at_first: &Controller) -> Memory {
    let who = Who::default();
    match begin(at_first, bay(1), &Policy::default(), &who, at(0)) {
        Beginning::Memory(memory) => *memory,
        other @ (Beginning::Ask(_) | Beginning::Refuse(_)) => panic!("{other:?}"),
    }
}

/// The next step in a word: the change, `wait for …`, `refused: …`.
fn next(at_now: &Controller, memory: &Memory, policy: &Policy) -> String {
    match next_step(at_now, memory, policy, at(0)) {
        Step::Act { request, .. } => request.change.act().name().to_owned(),
        Step::Wait(wait) => format!("wait for {}", wait.what.token()),
        Step::Ask(question) => format!("ask {question:?}"),
        Step::Refuse(refusal) => format!("refused: {}", refusal.code),
        Step::Done(_) => "done".to_owned(),
    }
}

fn healthy() -> Controller {
    let member = drive(1, "B", DriveState::Online);
    host(VirtualDriveState::Optimal, Some(member), Vec::new())
}

fn lit(mut memory: Memory) -> Memory {
    memory.light = Light::On;
    memory
}

#[test]
fn each_step_follows_from_what_is_seen_whoever_did_the_one_before() {
    use DriveState::{Failed, Offline, Online, Rebuild, UnconfiguredBad, UnconfiguredGood};
    let degraded = VirtualDriveState::Degraded;
    let memory = lit(start(&healthy()));
    let policy = Policy {
        auto_rebuild_wait: Duration::ZERO,
        ..Policy::default()
    };
    let with = |state| host(degraded.clone(), Some(drive(1, "B", state)), Vec::new());
    let beside = |old: PhysicalDrive| host(degraded.clone(), None, vec![old]);
    let new = |state| host(degraded.clone(), Some(drive(1, "N", state)), Vec::new());
    let mut still = drive(1, "B", UnconfiguredGood);
    still.power = Some(Power::SpunDown);
    let optimal = host(
        VirtualDriveState::Optimal,
        Some(drive(1, "N", Online)),
        Vec::new(),
    );
    for (seen, expected) in vec![
        (healthy(), "pd.offline"),
        (with(Offline), "pd.missing"),
        (with(Failed), "pd.missing"),
        (with(Rebuild), "refused: operation_running"),
        (
            beside(drive(1, "B", UnconfiguredGood)),
            "pd.prepare_removal",
        ),
        (beside(still), "wait for pull"),
        (host(degraded.clone(), None, Vec::new()), "wait for drive"),
        (beside(drive(1, "N", UnconfiguredBad)), "pd.make_good"),
        (
            beside(drive(1, "N", UnconfiguredGood)),
            "pd.replace_missing",
        ),
        (new(Offline), "pd.rebuild_start"),
        (new(Rebuild), "wait for rebuild"),
        (new(Failed), "refused: new_drive_failed"),
        (optimal, "pd.locate_off"),
    ] {
        assert_eq!(next(&seen, &memory, &policy), expected);
    }
}

#[test]
fn the_light_comes_before_the_first_change_and_a_refusal_before_the_light() {
    let memory = start(&healthy());
    let policy = Policy::default();
    assert_eq!(next(&healthy(), &memory, &policy), "pd.locate_on");
    let mut seen = healthy();
    let member = Some(drive(1, "B", DriveState::Online));
    let mut degraded = host(VirtualDriveState::Degraded, member, Vec::new());
    if let Some(members) = degraded.physical_drives.as_mut() {
        members[0].state = Some(DriveState::Failed);
    }
    for member in degraded.virtual_drives.iter_mut().flatten() {
        let first = &mut member.spans[0].members[0];
        first.drive.as_mut().unwrap().state = Some(DriveState::Failed);
    }
    assert_eq!(next(&degraded, &memory, &policy), "refused: redundancy");
    seen.drive_groups = None;
    assert_eq!(next(&seen, &memory, &policy), "refused: unread");
}

#[test]
fn nothing_is_written_to_a_drive_that_does_not_fit() {
    let memory = lit(start(&healthy()));
    let policy = Policy::default();
    let check = |change: fn(&mut PhysicalDrive)| {
        let mut new = drive(1, "N", DriveState::UnconfiguredBad);
        change(&mut new);
        next(
            &host(VirtualDriveState::Degraded, None, vec![new]),
            &memory,
            &policy,
        )
    };
    assert_eq!(check(|_| {}), "pd.make_good");
    assert_eq!(
        check(|it| it.coerced_size = Some(Bytes(999))),
        "refused: size"
    );
    assert_eq!(
        check(|it| it.interface = Some(Interface::Sata)),
        "refused: interface"
    );
    assert_eq!(
        check(|it| it.media_type = Some(MediaType::SolidState)),
        "refused: media_type"
    );
    assert_eq!(
        check(|it| it.logical_sector_size = Some(Bytes(4096))),
        "refused: sector_size"
    );
    assert_eq!(check(|it| it.locked = Some(true)), "refused: encryption");
    assert_eq!(
        check(|it| it.predictive_failures = Some(1)),
        "refused: predictive_failure"
    );
}

#[test]
fn a_drive_that_works_is_copied_to_a_spare_and_not_again_if_that_failed() {
    let spare = PhysicalDrive {
        hot_spare: Some(HotSpare {
            kind: Some(HotSpareKind::Global),
            ..HotSpare::default()
        }),
        ..drive(5, "S", DriveState::HotSpare)
    };
    let member = drive(1, "B", DriveState::Online);
    let seen = host(VirtualDriveState::Optimal, Some(member), vec![spare]);
    let mut memory = lit(start(&seen));
    let policy = Policy::default();
    assert_eq!(next(&seen, &memory, &policy), "pd.copyback_start");
    let without = Policy {
        copy_first: false,
        ..Policy::default()
    };
    assert_eq!(next(&seen, &memory, &without), "pd.offline");
    memory.waiting = Some(Waiting {
        what: WaitFor::Copy,
        since: at(-9),
    });
    assert_eq!(next(&seen, &memory, &policy), "refused: copy_failed");
}

#[test]
fn the_controller_gets_its_time_and_no_more() {
    let memory = lit(start(&healthy()));
    let new = drive(1, "N", DriveState::UnconfiguredGood);
    let seen = host(VirtualDriveState::Degraded, None, vec![new]);
    let mut memory = memory;
    let policy = Policy::default();
    assert_eq!(next(&seen, &memory, &policy), "wait for auto_rebuild");
    memory.waiting = Some(Waiting {
        what: WaitFor::AutoRebuild,
        since: at(-120),
    });
    assert_eq!(next(&seen, &memory, &policy), "pd.replace_missing");
}

#[test]
fn lost_data_stops_everything() {
    let memory = lit(start(&healthy()));
    let new = drive(1, "N", DriveState::Rebuild);
    let seen = host(VirtualDriveState::Offline, Some(new), Vec::new());
    assert_eq!(
        next(&seen, &memory, &Policy::default()),
        "refused: second_failure"
    );
}

#[test]
fn what_is_remembered_comes_back_as_it_was() {
    let memory = lit(start(&healthy()));
    let text = serde_json::to_string(&memory).unwrap();
    assert_eq!(serde_json::from_str::<Memory>(&text).unwrap(), memory);
    assert!(text.contains("\"bay\":\"252:1\""), "{text}");
    // A memory of the time before copies were remembered.
    let earlier = text.replace("\"copy\":null,", "");
    assert_ne!(earlier, text);
    assert_eq!(serde_json::from_str::<Memory>(&earlier).unwrap(), memory);
}

#[test]
fn a_copyback_is_its_own_only_if_it_began_it_from_this_drive_to_that_one() {
    let target = drive(5, "S", DriveState::Copyback);
    let member = drive(1, "B", DriveState::Online);
    let seen = host(
        VirtualDriveState::Optimal,
        Some(member),
        vec![target.clone()],
    );
    let identity = |serial| Identity::of(&drive(9, serial, DriveState::Online)).unwrap();
    let with = |copy: Option<(&'static str, &'static str)>| Memory {
        copy: copy.map(|(source, target)| Copied {
            source: identity(source),
            target: identity(target),
        }),
        ..start(&seen)
    };
    let policy = Policy::default();
    for (copy, expected) in [
        (Some(("B", "S")), ("wait for copy", "pd.copyback_stop")),
        (Some(("B", "T")), ("wait for other_copy", "nothing")),
        (Some(("A", "S")), ("wait for other_copy", "nothing")),
        (None, ("wait for other_copy", "nothing")),
    ] {
        let memory = with(copy);
        let undone = undo(&seen, &memory);
        assert_eq!((&*next(&seen, &memory, &policy), undone), expected);
    }
}

fn undo(seen: &Controller, memory: &Memory) -> &'static str {
    match undo_step(seen, memory, &Policy::default(), at(0)) {
        Step::Act { request, .. } => request.change.act().name(),
        Step::Wait(_) | Step::Ask(_) | Step::Refuse(_) | Step::Done(_) => "nothing",
    }
}

#[test]
fn giving_up_never_puts_old_data_on_line() {
    let memory = lit(start(&healthy()));
    let undo = |seen: &Controller| undo(seen, &memory);
    let offline = drive(1, "B", DriveState::Offline);
    let seen = host(VirtualDriveState::Degraded, Some(offline), Vec::new());
    assert_eq!(undo(&seen), "pd.rebuild_start");
    let free = drive(1, "B", DriveState::UnconfiguredGood);
    let seen = host(VirtualDriveState::Degraded, None, vec![free]);
    assert_eq!(undo(&seen), "pd.replace_missing");
    assert_eq!(undo(&healthy()), "pd.locate_off");
}

/// A drive that is so dead that it does not even tell its serial number.
fn mute(slot: u32, state: DriveState) -> PhysicalDrive {
    PhysicalDrive {
        inquiry: None,
        ..drive(slot, "", state)
    }
}

#[test]
fn a_drive_that_tells_nothing_of_itself_is_not_taken_for_the_new_one() {
    let memory = lit(start(&healthy()));
    let policy = Policy::default();
    let member = mute(1, DriveState::Failed);
    let seen = host(VirtualDriveState::Degraded, Some(member), Vec::new());
    assert_eq!(next(&seen, &memory, &policy), "refused: identity");
    for state in [DriveState::UnconfiguredBad, DriveState::UnconfiguredGood] {
        let seen = host(VirtualDriveState::Degraded, None, vec![mute(1, state)]);
        assert_eq!(next(&seen, &memory, &policy), "wait for drive");
    }
}
