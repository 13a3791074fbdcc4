//! Changes of hot spares.

use ironkeep_parsers::model::{DriveState, HotSpareKind, PhysicalDrive};

use super::drive_checks::{idle, in_state, not_foreign, sound, unlocked};
use super::physical_drive::NamedDrive;
use super::{Act, Check, Risk, Scene, Seen, fits};
use crate::fit::{Fit, Groups};
use crate::health::redundancy;
use crate::reading::{Controller, Part};

/// A change of a hot spare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpareChange {
    /// The drive.
    pub drive: NamedDrive,
    /// What is done to it.
    pub action: SpareAction,
}

/// What is done to a hot spare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpareAction {
    /// Makes the drive one.
    Add(Duties),
    /// Makes it a drive again that belongs to nothing.
    Remove,
}

/// What a hot spare is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duties {
    /// Whom it serves.
    pub protects: Protects,
    /// Prefers drive groups of its own enclosure.
    pub enclosure_affinity: bool,
    /// Becomes a spare again once the drive that it stands in for is replaced.
    pub revertible: bool,
}

/// Whom a hot spare serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protects {
    /// Any drive group.
    All,
    /// The spans with these numbers, which are the controller's own (`Span Reference` of `-CfgDsply`,
    /// `-ArrayN` of the command): not those of virtual drives, and of drive groups only where each has
    /// one span.
    Arrays(Vec<u32>),
}

impl Act for SpareChange {
    fn name(&self) -> &'static str {
        match self.action {
            SpareAction::Add(_) => "spare.add",
            SpareAction::Remove => "spare.remove",
        }
    }

    fn words(&self) -> String {
        let drive = self.drive.address;
        match &self.action {
            SpareAction::Add(Duties {
                protects: Protects::All,
                ..
            }) => format!("make drive {drive} a hot spare for all drive groups"),
            SpareAction::Add(Duties {
                protects: Protects::Arrays(arrays),
                ..
            }) => format!(
                "make drive {drive} a hot spare for array {}",
                numbers(arrays)
            ),
            SpareAction::Remove => format!("let drive {drive} be a hot spare no longer"),
        }
    }

    fn object(&self) -> String {
        self.drive.address.to_string()
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        Risk::Change
    }

    fn parts(&self) -> &'static [Part] {
        &[
            Part::Controllers,
            Part::PhysicalDrives,
            Part::VirtualDrives,
            Part::DriveOperations,
            Part::DriveGroups,
        ]
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let mut checks = vec![self.drive.check(scene.controller, self.risk(scene))];
        let Some(drive) = self.drive.find(scene.controller) else {
            return checks;
        };
        match &self.action {
            SpareAction::Add(duties) => checks.extend(add(scene.controller, drive, duties)),
            SpareAction::Remove => checks.extend(remove(drive)),
        }
        checks
    }

    fn seen(&self, _: &Controller, after: &Controller) -> Seen {
        let Some(drive) = self.drive.find(after) else {
            return Seen::Otherwise(format!("drive {} is gone", self.drive.address));
        };
        let words = state(drive).unwrap_or_else(|| "a drive whose state is not told".to_owned());
        match (&self.action, &drive.state) {
            (SpareAction::Add(duties), Some(DriveState::HotSpare)) => {
                if duties.are_of(drive) {
                    Seen::Done(words)
                } else {
                    Seen::Otherwise(words)
                }
            }
            // A drive group that lacked a member takes it at once.
            (SpareAction::Add(_), Some(DriveState::Rebuild)) => Seen::Running(words),
            (SpareAction::Remove, Some(DriveState::UnconfiguredGood)) => Seen::Done(words),
            _ => Seen::Otherwise(words),
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        state(self.drive.in_place(at)?)
    }

    fn serial(&self) -> Option<String> {
        self.drive.serial.clone()
    }
}

impl Duties {
    /// Whether `drive` says that it has these duties. What it does not say is not held against it.
    fn are_of(&self, drive: &PhysicalDrive) -> bool {
        let Some(spare) = &drive.hot_spare else {
            return true;
        };
        let serves = match (&self.protects, &spare.kind) {
            (_, None) | (Protects::All, Some(HotSpareKind::Global)) => true,
            (Protects::Arrays(arrays), Some(HotSpareKind::Dedicated)) => arrays
                .iter()
                .all(|array| spare.drive_groups.contains(array)),
            _ => false,
        };
        serves
            && spare.enclosure_affinity == self.enclosure_affinity
            && spare.revertible == self.revertible
    }
}

fn add(at: &Controller, drive: &PhysicalDrive, duties: &Duties) -> Vec<Check> {
    let what = "only a usable drive that belongs to nothing can become a hot spare";
    let state = in_state(drive, &[DriveState::UnconfiguredGood], what);
    let state = match drive.state {
        Some(DriveState::HotSpare) => {
            state.possible("give it other duties: ironkeep spare remove, and then spare add")
        }
        _ => state.possible("which drives are free: ironkeep pd list --state unconfigured_good"),
    };
    let mut checks = vec![state, not_foreign(drive), unlocked(drive)];
    match &duties.protects {
        Protects::All => checks.push(fits_some(at, drive)),
        Protects::Arrays(arrays) => {
            checks.extend(
                arrays
                    .iter()
                    .flat_map(|&array| fits_array(at, drive, array)),
            );
        }
    }
    checks.push(sound(drive));
    checks.push(idle(at, drive, &[]));
    checks
}

/// Whether a spare for all drive groups fits any of them.
fn fits_some(at: &Controller, drive: &PhysicalDrive) -> Check {
    const CODE: &str = "fit";
    if at.virtual_drives.is_none() {
        return Check::unread(CODE, at, Part::VirtualDrives);
    }
    let groups = Groups::of(at);
    let fits: Vec<_> = groups
        .protectable()
        .map(|it| groups.fit(drive, it))
        .collect();
    let words: Vec<String> = fits.iter().map(Fit::words).collect();
    let observed = format!("drive groups that the drive fits: {}", words.join(", "));
    let unfit = fits.iter().filter(|it| it.fits == Some(false)).count();
    if fits.is_empty() {
        let why = "a hot spare serves only drive groups with redundancy";
        Check::warns(
            CODE,
            "there is no drive group that it could stand in for",
            why,
        )
    } else if unfit == fits.len() {
        let why = "it could stand in for no drive at all, and would only seem to protect";
        Check::refuses(CODE, observed, why).possible(
            "which drives are free, and how large: ironkeep pd list --state unconfigured_good",
        )
    } else if unfit > 0 {
        Check::warns(
            CODE,
            observed,
            "the other drive groups stay without a spare",
        )
    } else if fits.iter().any(|it| it.fits.is_none()) {
        Check::warns(CODE, observed, "it may not fit where that is not known")
    } else {
        Check::holds(CODE, observed)
    }
}

/// Whether a spare for one span fits it.
fn fits_array(at: &Controller, drive: &PhysicalDrive, array: u32) -> Vec<Check> {
    const CODE: &str = "members";
    if at.drive_groups.is_none() {
        return vec![Check::unread(CODE, at, Part::DriveGroups)];
    }
    let Some(span) = fits::span(at, array) else {
        let why = "a dedicated hot spare needs something to stand in for";
        return vec![Check::forbids(
            CODE,
            format!("there is no array {array}"),
            why,
        )];
    };
    let mut levels = span.virtual_drives.iter().map(|it| it.raid_level.as_ref());
    let has_none = |level: Option<_>| level.and_then(redundancy::tolerance) == Some(0);
    if !span.virtual_drives.is_empty() && levels.all(has_none) {
        let why = "nothing could be rebuilt on the spare";
        let observed = format!("no virtual drive of array {array} has redundancy");
        return vec![Check::forbids("redundancy", observed, why)];
    }
    let members = fits::members(at, span);
    fits::place(at, drive, &members, None, &format!("array {array}"))
}

fn remove(drive: &PhysicalDrive) -> Vec<Check> {
    let what = "it is no hot spare that stands by";
    let state = in_state(drive, &[DriveState::HotSpare], what)
        .possible("which drives are hot spares: ironkeep spare list");
    let why = "unless another one fits, a drive that fails is not rebuilt by itself then";
    let loss = Check::warns("spare", "the drive stands by for others", why);
    vec![state, loss]
}

/// `Hotspare (Dedicated to array 0, revertible)`.
fn state(drive: &PhysicalDrive) -> Option<String> {
    let state = drive.state.as_ref()?;
    let Some(spare) = &drive.hot_spare else {
        return Some(state.to_string());
    };
    let mut duties: Vec<String> = Vec::new();
    duties.extend(spare.kind.as_ref().map(ToString::to_string));
    if !spare.drive_groups.is_empty() {
        duties.push(format!("array {}", numbers(&spare.drive_groups)));
    }
    if spare.enclosure_affinity {
        duties.push("enclosure affinity".to_owned());
    }
    duties.push(if spare.revertible {
        "revertible".to_owned()
    } else {
        "not revertible".to_owned()
    });
    Some(format!("{state} ({})", duties.join(", ")))
}

fn numbers(arrays: &[u32]) -> String {
    let list: Vec<String> = arrays.iter().map(ToString::to_string).collect();
    list.join(", ")
}
