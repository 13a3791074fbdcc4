//! A virtual drive as somebody named it.

use ironkeep_parsers::model::{RaidLevel, TargetId, VirtualDrive};

use crate::change::{Check, Risk};
use crate::output::human;
use crate::reading::{Controller, Part};

/// A virtual drive as it was when somebody named it. It is told again by its drives: target ids are
/// given again to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedVirtualDrive {
    /// Target id.
    pub target: TargetId,
    /// The serial numbers of its members; empty where none is told.
    pub members: Vec<String>,
    /// What a person knows it by: `“data”, RAID 5, 558 GiB`; empty where nothing is told.
    pub looks: String,
}

impl NamedVirtualDrive {
    /// `drive` as it is now; `None` if its target id was not read.
    pub fn of(drive: &VirtualDrive) -> Option<Self> {
        Some(Self {
            target: drive.target_id?,
            members: serials(drive),
            looks: looks(drive),
        })
    }

    /// How it is typed: `vd0`.
    pub fn object(&self) -> String {
        format!("vd{}", self.target)
    }

    /// How it is called: `virtual drive 0`.
    pub fn title(&self) -> String {
        format!("virtual drive {}", self.target)
    }

    /// How it is called where it must not be mistaken: `virtual drive 0 (“data”, RAID 5, 558 GiB)`.
    pub fn full(&self) -> String {
        match self.looks.as_str() {
            "" => self.title(),
            looks => format!("{} ({looks})", self.title()),
        }
    }

    /// Whatever has its target id now.
    fn in_place<'a>(&self, controller: &'a Controller) -> Option<&'a VirtualDrive> {
        let mut drives = controller.virtual_drives.iter().flatten();
        drives.find(|drive| drive.target_id == Some(self.target))
    }

    /// The very virtual drive.
    pub fn find<'a>(&self, controller: &'a Controller) -> Option<&'a VirtualDrive> {
        self.in_place(controller).filter(|drive| self.is(drive))
    }

    /// Whether it has a drive of those that it had. A rebuild or a copyback changes one of them, not all.
    fn is(&self, drive: &VirtualDrive) -> bool {
        let now = serials(drive);
        (now.is_empty() && self.members.is_empty())
            || now.iter().any(|serial| self.members.contains(serial))
    }

    /// Whether it is still the virtual drive that was named; `risk` is what the change may cost.
    pub fn check(&self, controller: &Controller, risk: Risk) -> Check {
        const CODE: &str = "same_virtual_drive";
        let look = "all of them: ironkeep vd list";
        if controller.virtual_drives.is_none() {
            return Check::unread(CODE, controller, Part::VirtualDrives).for_good();
        }
        let Some(there) = self.in_place(controller) else {
            let observed = format!("there is no {}", self.title());
            return Check::forbids(CODE, observed, "it is gone").possible(look);
        };
        if self.is(there) {
            let observed = match looks(there).as_str() {
                "" => format!("{} is there", self.title()),
                looks => format!("{} is {looks}", self.title()),
            };
            if risk < Risk::Destroy || !self.members.is_empty() {
                return Check::holds(CODE, observed);
            }
            let observed = format!("{observed}, and none of its drives tells its serial number");
            let why = "another one may have its target id by now, and nobody could tell";
            return Check::refuses(CODE, observed, why).possible(look);
        }
        let observed = format!("{} has none of the drives that it had", self.title());
        let why = "it is another one than was named: target ids are given again";
        Check::forbids(CODE, observed, why).possible(look)
    }
}

/// The serial numbers of a virtual drive's members.
pub(super) fn serials(drive: &VirtualDrive) -> Vec<String> {
    let members = drive.spans.iter().flat_map(|span| &span.members);
    let serials = members.filter_map(|member| member.drive.as_ref()?.serial());
    serials.map(str::to_owned).collect()
}

/// `“data”, RAID 5, 558 GiB`.
fn looks(drive: &VirtualDrive) -> String {
    let parts = [
        drive.name.as_ref().map(|name| format!("“{name}”")),
        drive.raid_level.as_ref().map(RaidLevel::to_string),
        drive.size.map(human::bytes),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_drive_whose_drives_tell_nothing_may_be_another_one() {
        let drive = VirtualDrive {
            target_id: Some(TargetId(0)),
            ..VirtualDrive::default()
        };
        let named = NamedVirtualDrive::of(&drive).unwrap();
        let at = Controller {
            virtual_drives: Some(vec![drive]),
            ..Controller::default()
        };
        let none: &[String] = &[];
        assert!(named.check(&at, Risk::Destroy).stands_against(none));
        let insists = ["same_virtual_drive".to_owned()];
        assert!(!named.check(&at, Risk::Destroy).stands_against(&insists));
        assert!(!named.check(&at, Risk::Change).stands_against(none));
    }
}
