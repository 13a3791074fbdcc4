//! The free space of a drive group.

use ironkeep_parsers::model::{PhysicalDrive, VirtualDrive};
use ironkeep_parsers::units::Bytes;

use super::level::Shape;
use super::{NamedVirtualDrive, create, drives, work};
use crate::change::{Check, Risk};
use crate::membership;
use crate::output::human;
use crate::reading::Controller;

/// Whether another virtual drive can be put behind `named`, on the drives of its group.
pub(super) fn group(
    at: &Controller,
    named: &NamedVirtualDrive,
    found: &[&PhysicalDrive],
) -> Vec<Check> {
    let mut checks = vec![named.check(at, Risk::Change)];
    let Some(drive) = named.find(at) else {
        return checks;
    };
    checks.push(work::idle(named, drive));
    let broken: Vec<_> = found
        .iter()
        .filter(|drive| !create::works(drive))
        .copied()
        .collect();
    checks.push(if broken.is_empty() {
        Check::holds("state", "all drives of the group are Online")
    } else {
        let observed = format!("{} not Online", drives::names(&broken));
        let why = "nothing new is put on a drive group that lacks a drive";
        Check::forbids("state", observed, why).possible("what it lacks: ironkeep health")
    });
    checks.push(match free_share(at, named) {
        Some(Bytes(0)) => Check::forbids(
            "free_space",
            format!("the drive group of {} is full", named.title()),
            "there is no room for another virtual drive",
        ),
        Some(share) => {
            let share = human::bytes(share);
            Check::holds(
                "free_space",
                format!("about {share} are free on each drive"),
            )
        }
        None => Check::warns(
            "free_space",
            "how much is free in the drive group is not known",
            "the firmware refuses what does not fit",
        ),
    });
    checks
}

/// About how much of each drive of the group is free: MegaCLI tells the sizes of virtual drives
/// rounded, and not what lies between them. `None` where it is not known.
pub(super) fn free_share(at: &Controller, named: &NamedVirtualDrive) -> Option<Bytes> {
    let drive = named.find(at)?;
    let group = membership::drive_group(drive)?;
    let all = at.virtual_drives.as_ref()?;
    let members: Option<Vec<&PhysicalDrive>> = drive
        .spans
        .iter()
        .flat_map(|span| &span.members)
        .map(|member| member.drive.as_ref())
        .collect();
    let mut free = drives::least(&members?)?;
    let shares = all
        .iter()
        .filter(|drive| membership::drive_group(drive) == Some(group));
    for drive in shares {
        free.0 = free.0.saturating_sub(share(drive)?);
    }
    // Less than what a drive's own bookkeeping takes is nothing.
    let slack = 1 << 30;
    Some(if free.0 < slack { Bytes(0) } else { free })
}

/// What a virtual drive takes of each of its drives.
fn share(drive: &VirtualDrive) -> Option<u64> {
    let shape = Shape::of(drive.raid_level.as_ref()?)?;
    let drives = usize::try_from(drive.drives_per_span?).ok()?;
    let spans = u64::from(drive.span_depth?);
    let data = u64::try_from(shape.data_drives(drives)).ok()?;
    let factor = spans.checked_mul(data).filter(|&factor| factor > 0)?;
    Some(drive.size?.0 / factor)
}
