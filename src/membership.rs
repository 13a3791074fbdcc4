//! Which drives belong to which virtual drives, and which of their places are empty.

use ironkeep_parsers::model::{
    Arm, DriveAddress, MissingDrive, PhysicalDrive, Position, Span, TargetId, VirtualDrive,
};
use ironkeep_parsers::units::Bytes;
use serde::Serialize;

use crate::reading::Controller;

/// A drive's place in a virtual drive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Membership<'a> {
    pub(crate) virtual_drive: &'a VirtualDrive,
    pub(crate) span: &'a Span,
    pub(crate) arm: Arm,
}

/// The virtual drives that `drive` belongs to: all that share its drive group.
pub(crate) fn of<'a>(controller: &'a Controller, drive: &PhysicalDrive) -> Vec<Membership<'a>> {
    let mut found = Vec::new();
    let Some(address) = drive.address() else {
        return found;
    };
    for virtual_drive in controller.virtual_drives.iter().flatten() {
        for span in &virtual_drive.spans {
            let member = span
                .members
                .iter()
                .find(|member| address_of(member.drive.as_ref()) == Some(address));
            found.extend(member.map(|member| Membership {
                virtual_drive,
                span,
                arm: member.arm,
            }));
        }
    }
    found
}

fn address_of(drive: Option<&PhysicalDrive>) -> Option<DriveAddress> {
    drive?.address()
}

/// Whether the members of every virtual drive were read: otherwise a drive that is in none of the
/// lists may yet belong to one.
pub(crate) fn is_known(controller: &Controller) -> bool {
    controller
        .virtual_drives
        .as_ref()
        .is_some_and(|drives| drives.iter().all(|drive| !drive.spans.is_empty()))
}

/// The target ids of the virtual drives that `drive` belongs to; `None` where they are not known.
pub(crate) fn targets(controller: &Controller, drive: &PhysicalDrive) -> Option<Vec<TargetId>> {
    let mut targets: Vec<_> = of(controller, drive)
        .iter()
        .filter_map(|membership| membership.virtual_drive.target_id)
        .collect();
    targets.dedup();
    (is_known(controller) || !targets.is_empty()).then_some(targets)
}

/// An empty place of a drive group.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct EmptyPlace {
    /// The place, in the numbers that drives print; absent where nothing tells the drive group.
    pub(crate) position: Option<Position>,
    /// The controller's own number of the span (`-PdReplaceMissing -ArrayN`); absent where it is not
    /// certain which one it is.
    pub(crate) span_reference: Option<u32>,
    /// The place in the span.
    pub(crate) arm: Arm,
    /// The virtual drives that lack the member; absent where they are not known.
    pub(crate) virtual_drives: Option<Vec<TargetId>>,
    /// What a replacement needs at least; absent where it was not read.
    #[serde(rename = "expected_size_bytes")]
    pub(crate) expected_size: Option<Bytes>,
}

/// The empty places of a controller. The virtual drives' members tell the position, the table of
/// missing drives the size; they are joined only where it is certain which is which.
pub(crate) fn empty_places(controller: &Controller) -> Vec<EmptyPlace> {
    let table = controller.missing_drives.as_deref().unwrap_or_default();
    let members = empty_members(controller);
    let mut arms: Vec<Arm> = table
        .iter()
        .map(|row| row.arm)
        .chain(members.iter().map(|place| place.arm))
        .collect();
    arms.sort_unstable();
    arms.dedup();
    let mut places = Vec::new();
    for arm in arms {
        let rows: Vec<_> = table.iter().filter(|row| row.arm == arm).collect();
        let members: Vec<_> = members.iter().filter(|place| place.arm == arm).collect();
        if rows.len() > members.len() {
            places.extend(rows.into_iter().map(table_row));
            continue;
        }
        let same = rows.len() == members.len();
        let size = rows.first().map(|row| row.expected_size);
        let size = size.filter(|size| same && rows.iter().all(|row| row.expected_size == *size));
        let reference = match rows.as_slice() {
            [only] if same => Some(only.span_reference),
            _ => None,
        };
        places.extend(members.into_iter().map(|place| EmptyPlace {
            expected_size: size,
            span_reference: reference,
            ..place.clone()
        }));
    }
    places.sort_by_key(|place| (place.position, place.span_reference, place.arm));
    places
}

fn table_row(row: &MissingDrive) -> EmptyPlace {
    EmptyPlace {
        position: None,
        span_reference: Some(row.span_reference),
        arm: row.arm,
        virtual_drives: None,
        expected_size: Some(row.expected_size),
    }
}

/// The empty places in the spans of virtual drives. Virtual drives of one drive group share them.
fn empty_members(controller: &Controller) -> Vec<EmptyPlace> {
    let mut places: Vec<EmptyPlace> = Vec::new();
    for drive in controller.virtual_drives.iter().flatten() {
        let group = drive_group(drive);
        for span in &drive.spans {
            for member in span.members.iter().filter(|member| member.drive.is_none()) {
                let position = group.map(|drive_group| Position {
                    drive_group,
                    span: span.number,
                    arm: member.arm.0,
                });
                let known = places
                    .iter_mut()
                    .find(|place| position.is_some() && place.position == position);
                if let Some(EmptyPlace {
                    virtual_drives: Some(targets),
                    ..
                }) = known
                {
                    targets.extend(drive.target_id);
                    continue;
                }
                places.push(EmptyPlace {
                    position,
                    span_reference: None,
                    arm: member.arm,
                    virtual_drives: Some(drive.target_id.into_iter().collect()),
                    expected_size: None,
                });
            }
        }
    }
    places
}

/// The drive group that a virtual drive is cut from, as its members print it.
pub(crate) fn drive_group(drive: &VirtualDrive) -> Option<u32> {
    let mut groups = drive
        .spans
        .iter()
        .flat_map(|span| &span.members)
        .filter_map(|member| Some(member.drive.as_ref()?.position?.drive_group));
    let first = groups.next()?;
    groups.all(|group| group == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{DriveState, EnclosureId, Member, Slot};

    use super::*;

    fn drive(slot: u32, group: u32, arm: u32) -> PhysicalDrive {
        PhysicalDrive {
            enclosure: Some(EnclosureId(252)),
            slot: Some(Slot(slot)),
            state: Some(DriveState::Online),
            position: Some(Position {
                drive_group: group,
                span: 0,
                arm,
            }),
            ..PhysicalDrive::default()
        }
    }

    fn virtual_drive(target: u32, members: &[Option<PhysicalDrive>]) -> VirtualDrive {
        let members = (0..)
            .zip(members)
            .map(|(arm, drive)| Member {
                arm: Arm(arm),
                drive: drive.clone(),
            })
            .collect();
        VirtualDrive {
            target_id: Some(TargetId(target)),
            spans: vec![Span { number: 0, members }],
            ..VirtualDrive::default()
        }
    }

    fn row(span_reference: u32, arm: u32, size: u64) -> MissingDrive {
        MissingDrive {
            index: 0,
            span_reference,
            arm: Arm(arm),
            expected_size: Bytes(size),
        }
    }

    fn controller(
        virtual_drives: Vec<VirtualDrive>,
        missing: Option<Vec<MissingDrive>>,
    ) -> Controller {
        Controller {
            virtual_drives: Some(virtual_drives),
            missing_drives: missing,
            ..Controller::default()
        }
    }

    #[test]
    fn a_place_that_only_one_row_fits_gets_its_size() {
        let drives = vec![
            virtual_drive(0, &[Some(drive(0, 0, 0)), None]),
            virtual_drive(1, &[None, Some(drive(2, 1, 1))]),
        ];
        let places = empty_places(&controller(
            drives,
            Some(vec![row(0, 1, 10), row(1, 0, 20)]),
        ));
        let shown: Vec<_> = places
            .iter()
            .map(|place| {
                (
                    place.position.map(|at| (at.drive_group, at.arm)),
                    place.span_reference,
                    place.expected_size,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (Some((0, 1)), Some(0), Some(Bytes(10))),
                (Some((1, 0)), Some(1), Some(Bytes(20))),
            ]
        );
    }

    #[test]
    fn rows_that_fit_several_places_are_not_attributed() {
        let drives = || {
            vec![
                virtual_drive(0, &[Some(drive(0, 0, 0)), None]),
                virtual_drive(1, &[Some(drive(2, 1, 0)), None]),
            ]
        };
        let sizes = |rows| -> Vec<_> {
            empty_places(&controller(drives(), Some(rows)))
                .iter()
                .map(|place| (place.span_reference, place.expected_size))
                .collect()
        };
        assert_eq!(
            sizes(vec![row(0, 1, 10), row(1, 1, 20)]),
            [(None, None), (None, None)]
        );
        assert_eq!(
            sizes(vec![row(0, 1, 10), row(1, 1, 10)]),
            [(None, Some(Bytes(10))), (None, Some(Bytes(10)))]
        );
    }

    #[test]
    fn without_members_the_table_alone_speaks_and_the_other_way_round() {
        let table = empty_places(&controller(Vec::new(), Some(vec![row(3, 1, 10)])));
        assert_eq!((table.len(), table[0].position), (1, None));
        assert_eq!(table[0].span_reference, Some(3));
        let members = virtual_drive(7, &[Some(drive(0, 2, 0)), None]);
        let members = empty_places(&controller(vec![members], None));
        assert_eq!(members[0].position.map(|at| at.drive_group), Some(2));
        assert_eq!(members[0].virtual_drives, Some(vec![TargetId(7)]));
    }

    #[test]
    fn virtual_drives_of_one_drive_group_share_its_empty_place() {
        let drives = vec![
            virtual_drive(0, &[Some(drive(0, 0, 0)), None]),
            virtual_drive(1, &[Some(drive(0, 0, 0)), None]),
        ];
        let places = empty_places(&controller(drives, None));
        assert_eq!(places.len(), 1);
        assert_eq!(
            places[0].virtual_drives,
            Some(vec![TargetId(0), TargetId(1)])
        );
    }

    #[test]
    fn membership_is_unknown_where_members_were_not_read() {
        let stranger = drive(9, 5, 0);
        let mut controller = controller(vec![virtual_drive(0, &[Some(drive(0, 0, 0))])], None);
        assert_eq!(targets(&controller, &stranger), Some(Vec::new()));
        assert_eq!(
            targets(&controller, &drive(0, 0, 0)),
            Some(vec![TargetId(0)])
        );
        controller
            .virtual_drives
            .iter_mut()
            .flatten()
            .for_each(|drive| drive.spans.clear());
        assert_eq!(targets(&controller, &stranger), None);
        controller.virtual_drives = None;
        assert_eq!(targets(&controller, &stranger), None);
    }
}
