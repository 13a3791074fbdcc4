//! Whether a drive can stand in for a member of a drive group: as its hot spare, or in an empty place of
//! it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use ironkeep_parsers::model::{
    DriveState, Fde, HotSpareKind, MediaType, Mix, PhysicalDrive, ProtectionType, VirtualDrive,
};
use ironkeep_parsers::units::Bytes;
use serde::Serialize;

use crate::health::redundancy;
use crate::membership;
use crate::reading::Controller;

/// What a drive and the members of a drive group are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Trait {
    /// The coerced size.
    Size,
    /// SAS or SATA.
    Interface,
    /// Hard disk or solid state.
    Media,
    /// The logical sector size.
    SectorSize,
    /// Protection information (T10).
    Protection,
    /// Whether the drive can encrypt.
    Encryption,
    /// Which drives the group has.
    Members,
}

impl Trait {
    /// What is wrong with it.
    fn fault(self) -> &'static str {
        match self {
            Self::Size => "too small",
            Self::Interface => "other interface",
            Self::Media => "other media",
            Self::SectorSize => "other sector size",
            Self::Protection => "no protection information",
            Self::Encryption => "cannot encrypt",
            Self::Members => "other members",
        }
    }

    /// Its name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Interface => "interface",
            Self::Media => "media",
            Self::SectorSize => "sector size",
            Self::Protection => "protection information",
            Self::Encryption => "encryption",
            Self::Members => "members",
        }
    }
}

/// Whether a spare fits a drive group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Fit {
    /// The drive group.
    pub(crate) drive_group: u32,
    /// Whether it can stand in; absent where that is not known.
    pub(crate) fits: Option<bool>,
    /// What does not fit.
    pub(crate) faults: Vec<Trait>,
    /// What could not be compared.
    pub(crate) unknown: Vec<Trait>,
}

impl Fit {
    fn new(drive_group: u32, faults: Vec<Trait>, unknown: Vec<Trait>) -> Self {
        let fits = match (faults.is_empty(), unknown.is_empty()) {
            (false, _) => Some(false),
            (true, false) => None,
            (true, true) => Some(true),
        };
        Self {
            drive_group,
            fits,
            faults,
            unknown,
        }
    }

    /// `0`, `not 1 (too small)`, `2 unknown (size)`.
    pub(crate) fn words(&self) -> String {
        let list = |traits: &[Trait], word: fn(Trait) -> &'static str| {
            traits
                .iter()
                .map(|&it| word(it))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match self.fits {
            Some(true) => self.drive_group.to_string(),
            Some(false) => format!(
                "not {} ({})",
                self.drive_group,
                list(&self.faults, Trait::fault)
            ),
            None => format!(
                "{} unknown ({})",
                self.drive_group,
                list(&self.unknown, Trait::word)
            ),
        }
    }
}

/// The drive groups of a controller.
pub(crate) struct Groups<'a> {
    members: BTreeMap<u32, Vec<&'a PhysicalDrive>>,
    /// Groups all of whose virtual drives have no redundancy: nothing could be rebuilt there.
    hopeless: BTreeSet<u32>,
    /// Groups of several spans. The numbers of a dedicated spare count spans, so that they tell the
    /// drive group only where each has one.
    has_spanned: bool,
    controller: &'a Controller,
}

impl<'a> Groups<'a> {
    pub(crate) fn of(controller: &'a Controller) -> Self {
        let mut members: BTreeMap<u32, Vec<&PhysicalDrive>> = BTreeMap::new();
        let mut has_spanned = false;
        for drive in controller.physical_drives.iter().flatten() {
            if let Some(position) = drive.position {
                members.entry(position.drive_group).or_default().push(drive);
                has_spanned |= position.span > 0;
            }
        }
        let hopeless = |group: &u32| {
            let mut drives = virtual_drives(controller, *group).peekable();
            drives.peek().is_some()
                && drives.all(|drive| {
                    drive.raid_level.as_ref().and_then(redundancy::tolerance) == Some(0)
                })
        };
        Self {
            hopeless: members.keys().copied().filter(|it| hopeless(it)).collect(),
            members,
            has_spanned,
            controller,
        }
    }

    /// The drive groups that could be rebuilt onto a spare.
    pub(crate) fn protectable(&self) -> impl Iterator<Item = u32> {
        let groups = self.members.keys().copied();
        groups.filter(|group| !self.hopeless.contains(group))
    }

    /// Whether `spare` fits the drive groups that it serves.
    pub(crate) fn fits(&self, spare: &PhysicalDrive) -> Vec<Fit> {
        let duties = spare.hot_spare.as_ref();
        if duties.and_then(|it| it.kind.as_ref()) != Some(&HotSpareKind::Dedicated) {
            return self
                .protectable()
                .map(|group| self.fit(spare, group))
                .collect();
        }
        duties
            .map_or(&[][..], |it| &it.drive_groups)
            .iter()
            .map(|&group| {
                if self.has_spanned || !self.members.contains_key(&group) {
                    Fit::new(group, Vec::new(), vec![Trait::Members])
                } else {
                    self.fit(spare, group)
                }
            })
            .collect()
    }

    /// Whether `spare` fits the drive group with that number.
    pub(crate) fn fit(&self, spare: &PhysicalDrive, group: u32) -> Fit {
        let members = self.members.get(&group).map_or(&[][..], Vec::as_slice);
        let checks = compare(spare, &Needs::of(self.controller, members));
        let those = |wanted| {
            let found = checks.iter().filter(move |(_, result)| *result == wanted);
            found.map(|&(it, _)| it).collect()
        };
        Fit::new(group, those(Some(false)), those(None))
    }
}

/// What the controller lets stand together in one drive group; `None` where it was not read.
#[derive(Clone, Copy)]
pub(crate) struct Mixing<'a>(Option<&'a [Mix]>);

impl<'a> Mixing<'a> {
    pub(crate) fn of(controller: &'a Controller) -> Self {
        let info = controller.info.as_ref();
        Self(info.and_then(|info| info.capabilities.mixing.as_deref()))
    }

    /// Whether drives of different interfaces, `drives` among them, may stand together.
    pub(crate) fn interfaces(self, drives: &[&PhysicalDrive]) -> Option<bool> {
        let solid = |drive: &&PhysicalDrive| drive.media_type == Some(MediaType::SolidState);
        let mix = if drives.iter().any(solid) {
            Mix::SolidState
        } else {
            Mix::HardDisks
        };
        self.allows(&mix)
    }

    /// Whether hard disks and solid-state drives may stand together.
    pub(crate) fn media(self) -> Option<bool> {
        self.allows(&Mix::HardDisksAndSolidState)
    }

    fn allows(self, mix: &Mix) -> Option<bool> {
        Some(self.0?.contains(mix))
    }
}

/// What a place in a drive group needs of the drive that takes it.
pub(crate) struct Needs<'a> {
    /// The coerced size, at least; `None` where it is not known.
    pub(crate) size: Option<Bytes>,
    /// The members that are there.
    members: &'a [&'a PhysicalDrive],
    /// What may differ from them.
    mixing: Mixing<'a>,
    /// Whether virtual drives of it keep protection information; `None` where that is not known.
    protected: Option<bool>,
}

impl<'a> Needs<'a> {
    /// What a drive group with these members needs. It uses no more of any member than the smallest
    /// has, so a drive as large as one of them is large enough.
    pub(crate) fn of(controller: &'a Controller, members: &'a [&'a PhysicalDrive]) -> Self {
        Self {
            size: members.iter().filter_map(|it| it.coerced_size).min(),
            members,
            mixing: Mixing::of(controller),
            protected: is_protected(controller, members),
        }
    }

    /// One of the members.
    pub(crate) fn example(&self) -> Option<&'a PhysicalDrive> {
        self.members.first().copied()
    }

    /// What differs does no harm where the controller allows the mix.
    fn same_interface(&self, drive: &PhysicalDrive) -> Option<bool> {
        let same = same(drive.interface.as_ref(), self.members, |it| {
            it.interface.as_ref()
        });
        match same {
            Some(false) => self.mixing.interfaces(&[drive]),
            known => known,
        }
    }

    fn same_media(&self, drive: &PhysicalDrive) -> Option<bool> {
        let same = same(drive.media_type.as_ref(), self.members, |it| {
            it.media_type.as_ref()
        });
        match same {
            Some(false) => self.mixing.media(),
            known => known,
        }
    }

    /// Builds that tell no sector size at all are of a time when there was only one.
    fn same_sectors(&self, drive: &PhysicalDrive) -> Option<bool> {
        let mut all = self.members.iter().chain([&drive]);
        if all.all(|it| it.logical_sector_size.is_none()) {
            return Some(true);
        }
        same(drive.logical_sector_size.as_ref(), self.members, |it| {
            it.logical_sector_size.as_ref()
        })
    }

    fn can_protect(&self, drive: &PhysicalDrive) -> Option<bool> {
        match self.protected {
            Some(true) => drive.protection_eligible,
            known => known.map(|_| true),
        }
    }

    /// A member that is secured needs a drive that can be.
    fn can_encrypt(&self, drive: &PhysicalDrive) -> Option<bool> {
        if !self.members.iter().any(|it| it.secured == Some(true)) {
            return Some(true);
        }
        drive.fde.as_ref().map(|fde| *fde == Fde::Capable)
    }
}

/// How `drive` compares with what a place needs; `None` where that is not known.
pub(crate) fn compare(drive: &PhysicalDrive, needs: &Needs<'_>) -> [(Trait, Option<bool>); 6] {
    let sizes = drive.coerced_size.zip(needs.size);
    [
        (Trait::Size, sizes.map(|(has, needs)| has >= needs)),
        (Trait::Interface, needs.same_interface(drive)),
        (Trait::Media, needs.same_media(drive)),
        (Trait::SectorSize, needs.same_sectors(drive)),
        (Trait::Protection, needs.can_protect(drive)),
        (Trait::Encryption, needs.can_encrypt(drive)),
    ]
}

/// Whether a virtual drive that has one of `members` keeps protection information. Builds that tell
/// nothing of it know of none.
fn is_protected(controller: &Controller, members: &[&PhysicalDrive]) -> Option<bool> {
    let all = controller.virtual_drives.as_ref()?;
    let is_member = |drive: &PhysicalDrive| {
        let mut members = members.iter();
        drive.address().is_some() && members.any(|it| it.address() == drive.address())
    };
    let uses_them = |it: &&VirtualDrive| {
        let members = it.spans.iter().flat_map(|span| &span.members);
        members.filter_map(|it| it.drive.as_ref()).any(is_member)
    };
    let mut kinds = all
        .iter()
        .filter(uses_them)
        .map(|it| it.protection.as_ref());
    Some(kinds.any(|kind| kind.is_some_and(|kind| *kind != ProtectionType::None)))
}

/// Whether all members are as the spare is; `None` where one does not say and none differs.
fn same<T: PartialEq>(
    wanted: Option<&T>,
    members: &[&PhysicalDrive],
    get: impl Fn(&PhysicalDrive) -> Option<&T>,
) -> Option<bool> {
    let wanted = wanted?;
    if members
        .iter()
        .any(|member| get(member).is_some_and(|it| it != wanted))
    {
        return Some(false);
    }
    let all_known = members.iter().all(|member| get(member).is_some());
    (all_known && !members.is_empty()).then_some(true)
}

fn virtual_drives(controller: &Controller, group: u32) -> impl Iterator<Item = &VirtualDrive> {
    controller
        .virtual_drives
        .iter()
        .flatten()
        .filter(move |drive| membership::drive_group(drive) == Some(group))
}

/// Whether the drive stands by for others.
pub(crate) fn is_spare(drive: &PhysicalDrive) -> bool {
    matches!(
        drive.state,
        Some(DriveState::HotSpare | DriveState::HotSpareShielded)
    ) || drive.hot_spare.is_some()
        || drive.commissioned_spare == Some(true)
        || drive.emergency_spare == Some(true)
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{
        Arm, ControllerInfo, HotSpare, Interface, Member, Position, RaidLevel, Span,
    };

    use super::*;

    fn drive(size: u64, interface: Interface, group: Option<(u32, u32)>) -> PhysicalDrive {
        PhysicalDrive {
            coerced_size: Some(Bytes(size)),
            interface: Some(interface),
            media_type: Some(MediaType::HardDisk),
            position: group.map(|(drive_group, span)| Position {
                drive_group,
                span,
                arm: 0,
            }),
            ..PhysicalDrive::default()
        }
    }

    fn spare(size: u64, groups: &[u32]) -> PhysicalDrive {
        let kind = if groups.is_empty() {
            HotSpareKind::Global
        } else {
            HotSpareKind::Dedicated
        };
        PhysicalDrive {
            hot_spare: Some(HotSpare {
                kind: Some(kind),
                drive_groups: groups.to_vec(),
                ..HotSpare::default()
            }),
            ..drive(size, Interface::Sas, None)
        }
    }

    fn controller(drives: Vec<PhysicalDrive>, mixing: Option<Vec<Mix>>) -> Controller {
        let mut info = ControllerInfo::default();
        info.capabilities.mixing = mixing;
        Controller {
            info: Some(info),
            physical_drives: Some(drives),
            virtual_drives: Some(Vec::new()),
            ..Controller::default()
        }
    }

    fn words(controller: &Controller, spare: &PhysicalDrive) -> Vec<String> {
        let fits = Groups::of(controller).fits(spare);
        fits.iter().map(Fit::words).collect()
    }

    #[test]
    fn a_spare_as_large_as_the_smallest_member_is_large_enough() {
        let members = vec![
            drive(100, Interface::Sas, Some((0, 0))),
            drive(120, Interface::Sas, Some((0, 0))),
            drive(200, Interface::Sas, Some((1, 0))),
        ];
        let controller = controller(members, Some(Vec::new()));
        assert_eq!(
            words(&controller, &spare(100, &[])),
            ["0", "not 1 (too small)"]
        );
        assert_eq!(words(&controller, &spare(100, &[0])), ["0"]);
    }

    #[test]
    fn another_interface_fits_only_where_the_controller_mixes() {
        let members = || vec![drive(100, Interface::Sata, Some((0, 0)))];
        let spare = spare(100, &[]);
        assert_eq!(
            words(&controller(members(), Some(Vec::new())), &spare),
            ["not 0 (other interface)"]
        );
        assert_eq!(
            words(&controller(members(), Some(vec![Mix::HardDisks])), &spare),
            ["0"]
        );
        assert_eq!(
            words(&controller(members(), None), &spare),
            ["0 unknown (interface)"]
        );
    }

    #[test]
    fn what_is_not_known_is_not_claimed() {
        let mut member = drive(100, Interface::Sas, Some((0, 0)));
        member.coerced_size = None;
        member.media_type = None;
        let controller = controller(vec![member], None);
        assert_eq!(
            words(&controller, &spare(100, &[])),
            ["0 unknown (size, media)"]
        );
        assert_eq!(
            words(&controller, &spare(100, &[7])),
            ["7 unknown (members)"]
        );
    }

    #[test]
    fn numbers_of_spans_are_not_taken_for_drive_groups() {
        let members = vec![
            drive(100, Interface::Sas, Some((0, 0))),
            drive(100, Interface::Sas, Some((0, 1))),
        ];
        let controller = controller(members, None);
        assert_eq!(
            words(&controller, &spare(100, &[0, 1])),
            ["0 unknown (members)", "1 unknown (members)"]
        );
        assert_eq!(words(&controller, &spare(100, &[])), ["0"]);
    }

    #[test]
    fn a_drive_group_without_redundancy_cannot_be_protected() {
        let member = drive(100, Interface::Sas, Some((0, 0)));
        let mut controller = controller(vec![member.clone()], None);
        controller.virtual_drives = Some(vec![VirtualDrive {
            raid_level: Some(RaidLevel::Raid0),
            spans: vec![Span {
                number: 0,
                members: vec![Member {
                    arm: Arm(0),
                    drive: Some(member),
                }],
            }],
            ..VirtualDrive::default()
        }]);
        assert!(words(&controller, &spare(100, &[])).is_empty());
    }
}
