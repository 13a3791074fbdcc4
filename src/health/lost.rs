//! Whether a drive that is lost can wait until the day, or a person must look at once.

use ironkeep_parsers::model::{
    Member, MissingDrive, PhysicalDrive, Span, VirtualDrive, VirtualDriveState,
};

use super::Severity;
use super::redundancy;
use crate::membership;
use crate::reading::{Controller, Part};

/// Why a lost drive can wait, in rising order of how near the danger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CanWait {
    /// It belongs to nothing, and nothing that is short of a drive could be what it left.
    ServesNothing,
    /// Every span that it belongs to survives the loss of another drive.
    Survives,
    /// A span that it belongs to has no redundancy left and gets it back: a rebuild is running.
    Mends,
}

impl CanWait {
    /// `why` as words at the end of a reason, and how bad the loss is. What is not known is as bad as can be.
    pub(super) fn told(why: Option<Self>) -> (Severity, &'static str) {
        match why {
            Some(Self::ServesNothing) => (Severity::Warning, "; it serves no virtual drive"),
            Some(Self::Survives) => (
                Severity::Warning,
                "; the data survive the loss of another drive",
            ),
            Some(Self::Mends) => (
                Severity::Warning,
                "; a running rebuild restores the redundancy",
            ),
            None => (Severity::Critical, ""),
        }
    }
}

/// Why `drive`, which failed or is off line, can wait. `None` where it cannot, or nobody knows.
pub(super) fn drive(controller: &Controller, drive: &PhysicalDrive) -> Option<CanWait> {
    if !members_known(controller) {
        return None;
    }
    let places = membership::of(controller, drive);
    if places.is_empty() {
        // The firmware may have dropped it from a group: the place is empty there now.
        let in_order = |it: &VirtualDrive| {
            it.state == Some(VirtualDriveState::Optimal)
                && redundancy::spans(it).iter().all(|span| span.lost == 0)
                || it.spans.iter().all(|of| span(it, of).is_some())
        };
        let mut all = controller.virtual_drives.iter().flatten();
        return all.all(in_order).then_some(CanWait::ServesNothing);
    }
    worst(places.iter().map(|place| {
        // Where the lists were read at different moments, the redundancy may be that of before.
        let same = |member: &&Member| {
            let listed = member.drive.as_ref();
            listed.is_some_and(|it| it.address() == drive.address() && it.state == drive.state)
        };
        place.span.members.iter().find(same)?;
        span(place.virtual_drive, place.span)
    }))
}

/// Why the empty place in the row `missing` of the table of missing drives can wait. The table counts drive
/// groups by numbers of its own, so the arm alone tells which places it may be: the worst of them counts.
pub(super) fn place(controller: &Controller, missing: &MissingDrive) -> Option<CanWait> {
    let mut places = membership::empty_places(controller).into_iter();
    if !members_known(controller)
        || places.any(|place| place.arm == missing.arm && place.virtual_drives.is_none())
    {
        return None;
    }
    let empty = |span: &&Span| {
        let mut members = span.members.iter();
        members.any(|member| member.arm == missing.arm && member.drive.is_none())
    };
    let drives = controller.virtual_drives.iter().flatten();
    worst(drives.flat_map(|drive| {
        let spans = drive.spans.iter().filter(empty);
        spans.map(|of| span(drive, of))
    }))
}

/// Why a drive that `of`, a span of `drive`, has lost can wait.
pub(super) fn span(drive: &VirtualDrive, of: &Span) -> Option<CanWait> {
    if !matches!(
        drive.state,
        Some(
            VirtualDriveState::Optimal
                | VirtualDriveState::PartiallyDegraded
                | VirtualDriveState::Degraded
        )
    ) {
        return None;
    }
    let mut spans = redundancy::spans(drive).into_iter();
    let left = spans.find(|it| it.span == of.number)?;
    match left.remaining? {
        0 => {
            // More than it is sure to survive: which of them are rebuilt decides, and that is not known.
            let bearable = redundancy::tolerance(drive.raid_level.as_ref()?)? >= left.lost;
            (left.rebuilding > 0 && bearable).then_some(CanWait::Mends)
        }
        _ => Some(CanWait::Survives),
    }
}

/// The worst of `all`; `None` where one is not known, or there is none.
fn worst(all: impl Iterator<Item = Option<CanWait>>) -> Option<CanWait> {
    all.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// Whether every virtual drive is known, with its members.
fn members_known(controller: &Controller) -> bool {
    membership::is_known(controller) && !controller.unread.contains_key(&Part::VirtualDrives)
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{
        Arm, DriveState, EnclosureId, Position, RaidLevel, Slot, TargetId,
    };
    use ironkeep_parsers::units::Bytes;

    use super::*;
    use crate::health::Code;
    use crate::health::example::found;
    use crate::reading::Unread;
    use DriveState::{Failed, Offline, Online, Rebuild};
    use RaidLevel::{Raid0, Raid1, Raid5, Raid6, Raid10, Raid50, Raid60};
    use VirtualDriveState::{Degraded, Optimal, PartiallyDegraded};

    /// Members in slots of their own: `None` is an empty place.
    fn virtual_drive(
        level: RaidLevel,
        state: VirtualDriveState,
        spans: &[&[Option<DriveState>]],
    ) -> VirtualDrive {
        let mut slots = 0..;
        let mut member = |span: u32, arm: u32, state: Option<DriveState>| {
            let slot = slots.next().map(Slot);
            let position = Some(Position {
                drive_group: 0,
                span,
                arm,
            });
            let drive = state.map(|state| PhysicalDrive {
                enclosure: Some(EnclosureId(252)),
                slot,
                state: Some(state),
                position,
                ..PhysicalDrive::default()
            });
            Member {
                arm: Arm(arm),
                drive,
            }
        };
        VirtualDrive {
            target_id: Some(TargetId(0)),
            raid_level: Some(level),
            state: Some(state),
            spans: (0..)
                .zip(spans)
                .map(|(number, members)| Span {
                    number,
                    members: (0..)
                        .zip(members.iter().cloned())
                        .map(|(arm, state)| member(number, arm, state))
                        .collect(),
                })
                .collect(),
            ..VirtualDrive::default()
        }
    }

    /// A controller with `drives`, which lists their members, and a row for each empty place.
    fn controller(drives: Vec<VirtualDrive>) -> Controller {
        let members = || {
            let spans = drives.iter().flat_map(|drive| &drive.spans);
            spans.flat_map(|span| &span.members)
        };
        let empty = members().filter(|member| member.drive.is_none());
        let missing_drives = (0..).zip(empty).map(|(index, member)| MissingDrive {
            index,
            span_reference: 0,
            arm: member.arm,
            expected_size: Bytes(1 << 30),
        });
        Controller {
            missing_drives: Some(missing_drives.collect()),
            physical_drives: Some(members().filter_map(|it| it.drive.clone()).collect()),
            virtual_drives: Some(drives),
            ..Controller::default()
        }
    }

    /// How bad each lost drive is.
    fn lost(controller: Controller) -> Vec<Severity> {
        let lost = [Code::DriveFailed, Code::DriveOffline, Code::DriveMissing];
        let found = found(controller).into_iter();
        let found = found.filter(|(code, _)| lost.contains(code));
        found.map(|(_, severity)| severity).collect()
    }

    /// The same of a controller with the one virtual drive.
    fn judged(
        level: RaidLevel,
        state: VirtualDriveState,
        spans: &[&[Option<DriveState>]],
    ) -> Vec<Severity> {
        lost(controller(vec![virtual_drive(level, state, spans)]))
    }

    const ON: Option<DriveState> = Some(Online);
    const FAILED: Option<DriveState> = Some(Failed);
    const REBUILD: Option<DriveState> = Some(Rebuild);
    const GONE: Option<DriveState> = None;
    const CRITICAL: Severity = Severity::Critical;
    const WARNING: Severity = Severity::Warning;

    #[test]
    fn raid_6_with_one_lost_can_wait_and_with_two_cannot() {
        for lost in [FAILED, Some(Offline), GONE] {
            let one: &[_] = &[ON, lost.clone(), ON, ON];
            assert_eq!(judged(Raid6, PartiallyDegraded, &[one]), [WARNING]);
            let two: &[_] = &[ON, lost, ON, FAILED];
            assert_eq!(judged(Raid6, Degraded, &[two]), [CRITICAL, CRITICAL]);
        }
    }

    #[test]
    fn a_span_without_redundancy_cannot_wait() {
        for lost in [FAILED, Some(Offline), GONE] {
            for level in [Raid1, Raid5] {
                let members: &[_] = &[ON, lost.clone()];
                assert_eq!(judged(level, Degraded, &[members]), [CRITICAL]);
            }
            let gone = judged(Raid0, VirtualDriveState::Offline, &[&[ON, lost]]);
            assert_eq!(gone, [CRITICAL]);
        }
    }

    #[test]
    fn the_drives_own_span_counts() {
        let whole: &[_] = &[ON, ON, ON, ON];
        let one: &[_] = &[ON, FAILED, ON, ON];
        let two: &[_] = &[FAILED, GONE, ON, ON];
        assert_eq!(judged(Raid50, Degraded, &[one, whole]), [CRITICAL]);
        assert_eq!(
            judged(Raid10, Degraded, &[&[ON, FAILED], &[ON, ON]]),
            [CRITICAL]
        );
        assert_eq!(judged(Raid60, PartiallyDegraded, &[one, whole]), [WARNING]);
        // The place that is empty may be of the span that lost two: the worst first.
        let mixed = judged(Raid60, Degraded, &[one, two]);
        assert_eq!(mixed, [CRITICAL, CRITICAL, WARNING]);
    }

    #[test]
    fn a_lost_virtual_drive_cannot_wait_in_any_span() {
        let lost: &[_] = &[FAILED, FAILED, FAILED, ON];
        let one: &[_] = &[ON, FAILED, ON, ON];
        let all = judged(Raid60, VirtualDriveState::Offline, &[one, lost]);
        assert_eq!(all, [CRITICAL; 4]);
    }

    #[test]
    fn a_running_rebuild_of_the_same_span_lets_it_wait() {
        let mends: &[_] = &[ON, FAILED, REBUILD, ON];
        let bare: &[_] = &[ON, FAILED, FAILED, ON];
        assert_eq!(judged(Raid6, Degraded, &[mends]), [WARNING]);
        let of_another = judged(Raid60, Degraded, &[bare, mends]);
        assert_eq!(of_another, [CRITICAL, CRITICAL, WARNING]);
        // RAID 5 cannot have lost both: whatever the firmware calls it, that is no comfort.
        assert_eq!(judged(Raid5, Degraded, &[mends]), [CRITICAL]);
    }

    /// A failed drive in no group, beside `drive`.
    fn stray(drive: VirtualDrive) -> Controller {
        let mut controller = controller(vec![drive]);
        controller.missing_drives = Some(Vec::new());
        let drives = controller.physical_drives.get_or_insert_default();
        drives.push(PhysicalDrive {
            enclosure: Some(EnclosureId(252)),
            slot: Some(Slot(99)),
            state: Some(Failed),
            ..PhysicalDrive::default()
        });
        controller
    }

    #[test]
    fn a_failed_drive_that_serves_nothing_can_wait_unless_a_place_may_be_its_own() {
        let beside = |level, state, members: &[_]| {
            let stray = stray(virtual_drive(level, state, &[members]));
            lost(stray)
        };
        assert_eq!(beside(Raid5, Optimal, &[ON, ON, ON]), [WARNING]);
        assert_eq!(beside(Raid0, Optimal, &[ON]), [WARNING]);
        assert_eq!(beside(Raid5, Degraded, &[ON, REBUILD, ON]), [WARNING]);
        assert_eq!(
            beside(Raid6, PartiallyDegraded, &[ON, GONE, ON, ON]),
            [WARNING]
        );
        assert_eq!(beside(Raid5, Degraded, &[ON, GONE, ON]), [CRITICAL]);
        let offline = VirtualDriveState::Offline;
        assert_eq!(beside(Raid0, offline, &[GONE]), [CRITICAL]);
        // The firmware calls it optimal although a place is empty.
        assert_eq!(beside(Raid5, Optimal, &[ON, GONE, ON]), [CRITICAL]);
    }

    #[test]
    fn what_is_not_known_is_never_milder() {
        let changed = |change: &dyn Fn(&mut Controller)| {
            let members: &[_] = &[ON, FAILED, ON, ON];
            let mut controller =
                controller(vec![virtual_drive(Raid6, PartiallyDegraded, &[members])]);
            change(&mut controller);
            lost(controller)
        };
        let drive = |change: &dyn Fn(&mut VirtualDrive)| {
            changed(&|it| it.virtual_drives.iter_mut().flatten().for_each(change))
        };
        assert_eq!(changed(&|_| {}), [WARNING]);
        assert_eq!(changed(&|it| it.virtual_drives = None), [CRITICAL]);
        let unread = Unread::Partial("only some".to_owned());
        let some = changed(&|it| {
            it.unread.insert(Part::VirtualDrives, unread.clone());
        });
        assert_eq!(some, [CRITICAL]);
        assert_eq!(drive(&|it| it.spans.clear()), [CRITICAL]);
        assert_eq!(drive(&|it| it.raid_level = None), [CRITICAL]);
        let other = || Some(VirtualDriveState::Other("Odd".to_owned()));
        for state in [None, other()] {
            assert_eq!(drive(&|it| it.state.clone_from(&state)), [CRITICAL]);
        }
        // The virtual drive was read before the drive failed.
        let before = drive(&|it| {
            it.state = Some(Optimal);
            let failed = it.spans[0].members[1].drive.as_mut();
            failed.unwrap().state = Some(Online);
        });
        assert_eq!(before, [CRITICAL]);
        // Nothing shows which place the row of the table is about.
        let row = MissingDrive {
            index: 0,
            span_reference: 0,
            arm: Arm(2),
            expected_size: Bytes(1 << 30),
        };
        let missing = changed(&|it| it.missing_drives = Some(vec![row]));
        assert_eq!(missing, [CRITICAL, WARNING]);
    }

    #[test]
    fn without_the_table_the_members_tell_of_empty_places() {
        let empty = |level, state| {
            let drive = virtual_drive(level, state, &[&[ON, GONE, ON, ON]]);
            let mut controller = controller(vec![drive]);
            controller.missing_drives = None;
            lost(controller)
        };
        assert_eq!(empty(Raid6, PartiallyDegraded), [WARNING]);
        assert_eq!(empty(Raid5, Degraded), [CRITICAL]);
    }

    #[test]
    fn every_virtual_drive_of_a_group_counts() {
        let part = |level, state| virtual_drive(level, state, &[&[ON, FAILED, ON, ON]]);
        let both = |level, state| {
            let mut controller =
                controller(vec![part(Raid6, PartiallyDegraded), part(level, state)]);
            // The members of both are the same drives.
            if let Some(drives) = &mut controller.physical_drives {
                drives.truncate(4);
            }
            lost(controller)
        };
        assert_eq!(both(Raid6, PartiallyDegraded), [WARNING]);
        assert_eq!(both(Raid5, Degraded), [CRITICAL]);
    }
}
