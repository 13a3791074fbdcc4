//! Another RAID level, more drives, or more room: what is rewritten while the host uses it.

use ironkeep_parsers::model::{OperationKind, PhysicalDrive, RaidLevel, VirtualDrive};
use ironkeep_parsers::units::{Bytes, Percent};

use super::level::Shape;
use super::{NamedVirtualDrive, drives, setting, work};
use crate::change::physical_drive::NamedDrive;
use crate::change::{Check, Seen};
use crate::health::redundancy;
use crate::membership;
use crate::output::human;
use crate::reading::Controller;

/// How a virtual drive is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reshape {
    /// Another level, or more drives, or both.
    Reconstruct {
        /// The level afterwards.
        level: RaidLevel,
        /// The drives that are added.
        add: Vec<NamedDrive>,
    },
    /// More of the room that its drives have.
    Expand {
        /// How much of the free room.
        part: Percent,
    },
}

impl Reshape {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Reconstruct { .. } => "vd.reconstruct",
            Self::Expand { .. } => "vd.expand",
        }
    }

    pub(super) fn words(&self, drive: &NamedVirtualDrive) -> String {
        let full = drive.full();
        match self {
            Self::Reconstruct { level, add } if add.is_empty() => {
                format!("rewrite {full} as {level}, which cannot be stopped")
            }
            Self::Reconstruct { level, add } => {
                let names = add.iter().map(|drive| drive.address.to_string());
                let names = names.collect::<Vec<_>>().join(", ");
                format!("rewrite {full} as {level} with {names}, which cannot be stopped")
            }
            Self::Expand { part } => {
                let share = part.to_string();
                format!("let {full} have {share} of the room that its drives have left")
            }
        }
    }

    pub(super) fn checks(
        &self,
        at: &Controller,
        named: &NamedVirtualDrive,
        drive: &VirtualDrive,
    ) -> Vec<Check> {
        let mut checks = vec![work::whole(named, drive), work::idle(named, drive)];
        match self {
            Self::Reconstruct { level, add } => {
                checks.extend(supported(at, Ability::Reconstruction));
                checks.push(alone(at, named, drive));
                checks.push(change_of_level(drive, level, add.len()));
                checks.extend(room(drive, level, add.len()));
                checks.extend(keeps_redundancy(drive, level));
                checks.extend(added(at, drive, add));
                checks.push(Check::warns(
                    "irreversible",
                    "a reconstruction takes hours to days",
                    "it can neither be stopped nor undone; have a backup first",
                ));
                checks.extend(setting::interrupted(at));
            }
            Self::Expand { .. } => checks.extend(supported(at, Ability::Expansion)),
        }
        checks
    }

    pub(super) fn seen(&self, before: Option<&VirtualDrive>, after: &VirtualDrive) -> Seen {
        if let Some(progress) = work::progress(after, &OperationKind::Reconstruction) {
            return Seen::Running(progress);
        }
        match self {
            Self::Reconstruct { level, add } => {
                let count = drive_count(after);
                let wanted = before.and_then(drive_count).map(|it| it + add.len());
                let shown = shown(after);
                if after.raid_level.as_ref() == Some(level) && count == wanted && count.is_some() {
                    Seen::Done(shown)
                } else {
                    Seen::Otherwise(format!("no reconstruction runs; {shown}"))
                }
            }
            Self::Expand { .. } => {
                let before: Option<Bytes> = before.and_then(|drive| drive.size);
                match (before, after.size) {
                    (Some(before), Some(after)) if after > before => {
                        Seen::Done(format!("{} now", human::bytes(after)))
                    }
                    (_, Some(size)) => Seen::Otherwise(format!("{} as before", human::bytes(size))),
                    (_, None) => Seen::Invisible("the size is not told"),
                }
            }
        }
    }
}

/// `RAID 5 of 3 drives`.
fn shown(drive: &VirtualDrive) -> String {
    let level = drive.raid_level.as_ref();
    let level = level.map_or_else(|| "unknown RAID level".to_owned(), ToString::to_string);
    match drive.drive_count() {
        Some(count) => format!("{level} of {count} drives"),
        None => level,
    }
}

fn drive_count(drive: &VirtualDrive) -> Option<usize> {
    usize::try_from(drive.drive_count()?).ok()
}

#[derive(Clone, Copy)]
enum Ability {
    Reconstruction,
    Expansion,
}

/// Whether the firmware can do it.
fn supported(at: &Controller, ability: Ability) -> Option<Check> {
    const CODE: &str = "supported";
    let info = at.info.as_ref()?;
    let (can, what) = match ability {
        Ability::Reconstruction => (
            info.virtual_drive_operations.reconstruction,
            "reconstruct virtual drives",
        ),
        Ability::Expansion => (
            info.controller_operations.expansion_without_adding_drives,
            "let virtual drives grow without another drive",
        ),
    };
    let observed = format!("the controller says that it cannot {what}");
    Some(match (can?, ability) {
        (true, _) => Check::holds(CODE, format!("the controller can {what}")),
        // There is firmware that says so and does it.
        (false, Ability::Reconstruction) => {
            Check::refuses(CODE, observed, "its firmware may refuse, or do it badly")
                .possible("what it can: ironkeep controller show")
        }
        (false, Ability::Expansion) => Check::forbids(CODE, observed, "MegaCLI then refuses it"),
    })
}

/// The firmware rewrites whole drive groups only.
fn alone(at: &Controller, named: &NamedVirtualDrive, drive: &VirtualDrive) -> Check {
    const CODE: &str = "drive_group";
    let Some(group) = membership::drive_group(drive) else {
        let observed = "its drive group is not told";
        return Check::refuses(
            CODE,
            observed,
            "the firmware rewrites whole drive groups only",
        );
    };
    let all = at.virtual_drives.iter().flatten();
    let others: Vec<_> = all
        .filter(|it| it.target_id != drive.target_id && membership::drive_group(it) == Some(group))
        .filter_map(|it| Some(format!("vd{}", it.target_id?)))
        .collect();
    if others.is_empty() {
        return Check::holds(CODE, format!("{} is alone on its drives", named.title()));
    }
    let observed = format!(
        "{} shares its drives with {}",
        named.title(),
        others.join(", ")
    );
    Check::forbids(
        CODE,
        observed,
        "the firmware rewrites whole drive groups only",
    )
}

/// The changes of level that MegaRAID firmware knows, and the number of drives that the level needs.
fn change_of_level(drive: &VirtualDrive, to: &RaidLevel, added: usize) -> Check {
    const CODE: &str = "level";
    use RaidLevel::{Raid0, Raid1, Raid5, Raid6};
    let Some(from) = drive.raid_level.as_ref() else {
        let observed = "its RAID level is not told";
        return Check::refuses(CODE, observed, "not every level can be made another");
    };
    let observed = format!("{from} to {to}");
    let known = match (from, to) {
        (Raid0 | Raid5 | Raid6, same) if from == same => added > 0,
        (Raid0, Raid1 | Raid5 | Raid6)
        | (Raid1, Raid0 | Raid5 | Raid6)
        | (Raid5, Raid0 | Raid6)
        | (Raid6, Raid0 | Raid5) => true,
        _ => false,
    };
    if from == to && added == 0 {
        return Check::forbids(
            CODE,
            format!("it is {from} already"),
            "nothing would change",
        )
        .possible("add drives: --add");
    }
    if !known {
        let why = "firmware changes RAID 0, 1, 5 and 6 of one span only, and not all into all";
        return Check::forbids(CODE, observed, why);
    }
    let count = drive_count(drive).map(|count| count + added);
    match (Shape::of(to), count) {
        (Some(shape), Some(count)) if count < shape.least => {
            let why = format!("{to} needs at least {} drives", shape.least);
            let observed = format!("{observed} of {count} drives");
            Check::forbids(CODE, observed, why).possible("add drives: --add")
        }
        (Some(shape), Some(count)) if shape.even && count % 2 == 1 => {
            let observed = format!("{observed} of {count} drives");
            Check::forbids(
                CODE,
                observed,
                format!("{to} needs an even number of drives"),
            )
        }
        _ => Check::holds(CODE, observed),
    }
}

/// It must not shrink.
fn room(drive: &VirtualDrive, to: &RaidLevel, added: usize) -> Option<Check> {
    const CODE: &str = "size";
    let count = drive_count(drive)?;
    let data = |level: &RaidLevel, count| Some(Shape::of(level)?.data_drives(count));
    let (now, then) = (
        data(drive.raid_level.as_ref()?, count)?,
        data(to, count + added)?,
    );
    let observed = format!("{now} of its drives hold data, and {then} would");
    if then < now {
        let check = Check::forbids(CODE, observed, "what it holds would not fit");
        return Some(check.possible("add drives: --add"));
    }
    Some(Check::holds(CODE, observed))
}

/// Less redundancy than before is refused.
fn keeps_redundancy(drive: &VirtualDrive, to: &RaidLevel) -> Option<Check> {
    const CODE: &str = "redundancy";
    let from = drive.raid_level.as_ref()?;
    let (now, then) = (redundancy::tolerance(from)?, redundancy::tolerance(to)?);
    let observed = format!(
        "{from} survives {}, {to} {then}",
        human::count(now.into(), "lost drive", "lost drives")
    );
    Some(if then < now {
        Check::refuses(CODE, observed, "it would be less safe than it is")
    } else {
        Check::holds(CODE, observed)
    })
}

fn added(at: &Controller, drive: &VirtualDrive, add: &[NamedDrive]) -> Vec<Check> {
    if add.is_empty() {
        return Vec::new();
    }
    let (found, mut checks) = drives::find(at, add);
    if found.len() == add.len() {
        let members = drive.spans.iter().flat_map(|span| &span.members);
        let members: Vec<&PhysicalDrive> =
            members.filter_map(|member| member.drive.as_ref()).collect();
        checks.extend(drives::usable(at, &found));
        checks.extend(drives::alike(at, &found, &members));
    }
    checks
}
