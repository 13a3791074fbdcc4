//! Whether a hot spare can stand in for the members of a drive group. Pure.

use std::collections::{BTreeMap, BTreeSet};

use ironkeep_parsers::model::{
    DriveState, HotSpareKind, MediaType, Mix, PhysicalDrive, VirtualDrive,
};
use ironkeep_parsers::units::Bytes;
use serde::Serialize;

use crate::health::redundancy;
use crate::membership;
use crate::reading::Controller;

/// What a spare and a drive group are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Trait {
    /// The coerced size.
    Size,
    /// SAS or SATA.
    Interface,
    /// Hard disk or solid state.
    Media,
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
            Self::Members => "other members",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Interface => "interface",
            Self::Media => "media",
            Self::Members => "members",
        }
    }
}

/// Whether a spare fits a drive group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(super) struct Fit {
    /// The drive group.
    pub(super) drive_group: u32,
    /// Whether it can stand in; absent where that is not known.
    pub(super) fits: Option<bool>,
    /// What does not fit.
    pub(super) faults: Vec<Trait>,
    /// What could not be compared.
    pub(super) unknown: Vec<Trait>,
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
    pub(super) fn words(&self) -> String {
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
pub(super) struct Groups<'a> {
    members: BTreeMap<u32, Vec<&'a PhysicalDrive>>,
    /// Groups all of whose virtual drives have no redundancy: nothing could be rebuilt there.
    hopeless: BTreeSet<u32>,
    /// Groups of several spans. The numbers of a dedicated spare count spans, so that they tell the
    /// drive group only where each has one.
    has_spanned: bool,
    /// What the controller allows to be mixed; `None` where it was not read.
    mixing: Option<&'a [Mix]>,
}

impl<'a> Groups<'a> {
    pub(super) fn of(controller: &'a Controller) -> Self {
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
            mixing: controller
                .info
                .as_ref()
                .and_then(|info| info.capabilities.mixing.as_deref()),
        }
    }

    /// The drive groups that could be rebuilt onto a spare.
    pub(super) fn protectable(&self) -> impl Iterator<Item = u32> {
        let groups = self.members.keys().copied();
        groups.filter(|group| !self.hopeless.contains(group))
    }

    /// Whether `spare` fits the drive groups that it serves.
    pub(super) fn fits(&self, spare: &PhysicalDrive) -> Vec<Fit> {
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

    fn fit(&self, spare: &PhysicalDrive, group: u32) -> Fit {
        let members = self.members.get(&group).map_or(&[][..], Vec::as_slice);
        let checks = [
            (Trait::Size, big_enough(spare, members)),
            (Trait::Interface, self.same_interface(spare, members)),
            (Trait::Media, self.same_media(spare, members)),
        ];
        let those = |wanted| {
            let found = checks.iter().filter(move |(_, result)| *result == wanted);
            found.map(|&(it, _)| it).collect()
        };
        Fit::new(group, those(Some(false)), those(None))
    }

    fn same_interface(&self, spare: &PhysicalDrive, members: &[&PhysicalDrive]) -> Option<bool> {
        let kind = match spare.media_type.as_ref() {
            Some(MediaType::SolidState) => Mix::SolidState,
            _ => Mix::HardDisks,
        };
        let same = same(spare.interface.as_ref(), members, |it| {
            it.interface.as_ref()
        });
        self.unless_mixed(same, &kind)
    }

    fn same_media(&self, spare: &PhysicalDrive, members: &[&PhysicalDrive]) -> Option<bool> {
        let same = same(spare.media_type.as_ref(), members, |it| {
            it.media_type.as_ref()
        });
        self.unless_mixed(same, &Mix::HardDisksAndSolidState)
    }

    /// What differs does no harm where the controller allows the mix.
    fn unless_mixed(&self, same: Option<bool>, mix: &Mix) -> Option<bool> {
        match same {
            Some(false) => Some(self.mixing?.contains(mix)),
            known => known,
        }
    }
}

/// Whether the spare holds what a member holds. A drive group uses no more of any member than the
/// smallest has, so a spare as large as one of them is large enough.
fn big_enough(spare: &PhysicalDrive, members: &[&PhysicalDrive]) -> Option<bool> {
    let sizes = members.iter().filter_map(|member| member.coerced_size);
    let least: Bytes = sizes.min()?;
    Some(spare.coerced_size? >= least)
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
pub(super) fn is_spare(drive: &PhysicalDrive) -> bool {
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
