//! Changes of hot spares.

use ironkeep_parsers::model::{DriveState, HotSpareKind, PhysicalDrive};

use super::drive_checks::{idle, in_state};
use super::physical_drive::NamedDrive;
use super::{Act, Check, Risk, Scene, Seen};
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
        let mut checks = vec![self.drive.check(scene.controller)];
        let Some(drive) = self.drive.find(scene.controller) else {
            return checks;
        };
        match &self.action {
            SpareAction::Add(_) => {
                let what = "only a usable drive that belongs to nothing can become a hot spare";
                checks.push(in_state(drive, &[DriveState::UnconfiguredGood], what));
                checks.push(idle(scene.controller, drive, &[]));
            }
            SpareAction::Remove => {
                let what = "it is no hot spare";
                checks.push(in_state(drive, &[DriveState::HotSpare], what));
            }
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
