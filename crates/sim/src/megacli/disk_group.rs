//! Drive groups as `-CfgDsply`, `-CfgCacheCadeDsply`, `-CfgForeign` and `-CfgFreeSpaceInfo` go
//! through them.

use super::Answer;
use super::answer::line;
use super::drive;
use crate::state::{Array, Controller, VirtualDrive, disk_groups};

/// A drive group: its arrays by span, and the virtual drives on them.
pub(super) struct DiskGroup<'a> {
    /// An array per span.
    pub(super) spans: Vec<&'a Array>,
    /// The virtual drives.
    pub(super) drives: Vec<&'a VirtualDrive>,
}

impl<'a> DiskGroup<'a> {
    /// The groups of a configuration, in the order of their arrays.
    pub(super) fn all(arrays: &'a [Array], drives: &'a [VirtualDrive]) -> Vec<Self> {
        let found = |reference: &u16| arrays.iter().find(|it| it.reference == *reference);
        let groups = disk_groups(arrays, drives).into_iter().map(|references| {
            let is_on = |drive: &&VirtualDrive| {
                let mut spans = drive.spans.iter();
                spans.any(|span| references.contains(&span.array))
            };
            Self {
                spans: references.iter().filter_map(found).collect(),
                drives: drives.iter().filter(is_on).collect(),
            }
        });
        groups.collect()
    }

    /// Whether it caches other virtual drives.
    pub(super) fn is_cachecade(&self) -> bool {
        self.drives.iter().any(|drive| drive.is_cachecade)
    }
}

/// Counts the headings of drive groups. MegaCLI numbers each kind by itself.
#[derive(Default)]
pub(super) struct Headings {
    plain: usize,
    spanned: usize,
    cachecade: usize,
}

impl Headings {
    /// The heading of `group`: `SPANNED DISK GROUP: 0`.
    pub(super) fn next(&mut self, group: &DiskGroup<'_>) -> String {
        let (kind, counter) = if group.is_cachecade() {
            ("CACHECADE ", &mut self.cachecade)
        } else if group.spans.len() > 1 {
            ("SPANNED ", &mut self.spanned)
        } else {
            ("", &mut self.plain)
        };
        let number = *counter;
        *counter += 1;
        format!("{kind}DISK GROUP: {number}")
    }
}

/// The members of an array in the order of their arms, each with its heading.
pub(super) fn members(answer: &mut Answer, controller: &Controller, array: &Array) {
    line!(answer, "Physical Disk Information:");
    for (arm, member) in array.members.iter().enumerate() {
        line!(answer, "Physical Disk: {arm}");
        match member.and_then(|member| controller.drive(member)) {
            Some(member) => drive::block(answer, controller, member),
            None => drive::blank(answer),
        }
    }
}
