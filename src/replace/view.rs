//! What is seen of a replacement: where the old drive is, whether a new one is there, and who holds the
//! place.

use ironkeep_parsers::model::{
    Arm, DriveAddress, DriveGroup, DriveGroupSpan, DriveState, Operation, OperationKind,
    PhysicalDrive, Progress, VirtualDrive, VirtualDriveState,
};
use jiff::Timestamp;

use super::memory::{Identity, Memory, Place};
use super::policy::Policy;
use super::step::{Step, Wait, WaitFor};
use crate::change::physical_drive::{NamedDrive, PhysicalDriveAction};
use crate::change::{Change, PhysicalDriveChange, Request};
use crate::output::human;
use crate::reading::Controller;

/// What is seen, beside what is remembered and chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) at: &'a Controller,
    pub(super) memory: &'a Memory,
    pub(super) policy: &'a Policy,
    pub(super) now: Timestamp,
}

/// Who holds a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Holder<'a> {
    /// The configuration does not show the place.
    Unknown,
    /// Nobody.
    Empty,
    /// This drive.
    Drive(&'a PhysicalDrive),
}

impl<'a> View<'a> {
    /// The drives of the controller.
    pub(super) fn drives(&self) -> impl Iterator<Item = &'a PhysicalDrive> {
        self.at.physical_drives.iter().flatten()
    }

    /// The drive in a bay.
    pub(super) fn in_bay(&self, bay: DriveAddress) -> Option<&'a PhysicalDrive> {
        self.drives().find(|drive| drive.address() == Some(bay))
    }

    /// The drive that `identity` tells again, wherever it is.
    pub(super) fn drive(&self, identity: &Identity) -> Option<&'a PhysicalDrive> {
        self.drives().find(|drive| identity.is(drive))
    }

    /// The drive that is replaced, wherever it is.
    pub(super) fn old(&self) -> Option<&'a PhysicalDrive> {
        self.drive(self.memory.old.as_ref()?)
    }

    /// Whether `drive` is the one that is replaced.
    pub(super) fn is_old(&self, drive: &PhysicalDrive) -> bool {
        self.memory.old.as_ref().is_some_and(|old| old.is(drive))
    }

    /// The new drive: whatever sits in its bay and is not the old one.
    pub(super) fn new_drive(&self) -> Option<&'a PhysicalDrive> {
        self.in_bay(self.memory.new_bay)
            .filter(|drive| !self.is_old(drive) && !self.may_be_old(drive))
    }

    /// Whether `drive` tells nothing by which it could be told from the one that is replaced: a drive may
    /// die so far that it does not even tell its serial number any more.
    pub(super) fn may_be_old(&self, drive: &PhysicalDrive) -> bool {
        self.memory.old.is_some() && Identity::of(drive).is_none()
    }

    /// Whether `drive` is the new one.
    pub(super) fn is_new(&self, drive: &PhysicalDrive) -> bool {
        self.new_drive()
            .is_some_and(|new| new.address() == drive.address())
    }

    /// The span of a place.
    pub(super) fn span(&self, place: &Place) -> Option<&'a DriveGroupSpan> {
        spans(self.at)
            .find(|(_, span)| span.reference == Some(place.reference))
            .map(|(_, span)| span)
    }

    /// Who holds a place.
    pub(super) fn holder(&self, place: &Place) -> Holder<'a> {
        let Some(span) = self.span(place) else {
            return Holder::Unknown;
        };
        let member = span.members.iter().find(|it| it.arm == Arm(place.arm));
        let Some(member) = member else {
            return Holder::Unknown;
        };
        match member.drive.as_ref().map(PhysicalDrive::address) {
            None => Holder::Empty,
            Some(address) => address
                .and_then(|at| self.in_bay(at))
                .map_or(Holder::Unknown, Holder::Drive),
        }
    }

    /// The virtual drives on a place.
    pub(super) fn virtual_drives(&self, place: &Place) -> impl Iterator<Item = &'a VirtualDrive> {
        let all = self.at.virtual_drives.iter().flatten();
        all.filter(|it| {
            it.target_id
                .is_some_and(|id| place.virtual_drives.contains(&id.0))
        })
    }

    /// Whether the data on a place is lost already: all its virtual drives are off line.
    pub(super) fn is_lost(&self, place: &Place) -> bool {
        let mut on_it = self.virtual_drives(place).peekable();
        on_it.peek().is_some() && on_it.all(|it| it.state == Some(VirtualDriveState::Offline))
    }

    /// How far what runs on `drive` is.
    pub(super) fn progress(&self, drive: &PhysicalDrive, kind: &OperationKind) -> Option<Progress> {
        let is_it = |it: &&Operation| it.kind == *kind && it.physical_drive == drive.address();
        let running = self.at.drive_operations.iter().flatten().find(is_it)?;
        running.progress
    }

    /// A wait that began when it was first met.
    pub(super) fn wait(
        &self,
        what: WaitFor,
        words: String,
        limit: Option<std::time::Duration>,
    ) -> Step {
        Step::Wait(Wait {
            what,
            words,
            until: limit.map(|limit| self.deadline(what, limit)),
            progress: None,
        })
    }

    /// A wait for the end of what runs on `drive`.
    pub(super) fn watch(
        &self,
        what: WaitFor,
        drive: &PhysicalDrive,
        kind: &OperationKind,
        words: String,
    ) -> Step {
        Step::Wait(Wait {
            what,
            words,
            until: None,
            progress: self.progress(drive, kind),
        })
    }

    /// A wait of at most `limit` for what the controller may begin by itself; `None` once that is over.
    pub(super) fn patience(&self, what: WaitFor, words: &str) -> Option<Step> {
        let limit = self.policy.auto_rebuild_wait;
        (self.now < self.deadline(what, limit))
            .then(|| self.wait(what, words.to_owned(), Some(limit)))
    }

    fn deadline(&self, what: WaitFor, limit: std::time::Duration) -> Timestamp {
        let since = self.memory.since(what, self.now);
        since.checked_add(limit).unwrap_or(Timestamp::MAX)
    }

    /// `action` on `drive`.
    pub(super) fn act(
        &self,
        drive: &PhysicalDrive,
        action: PhysicalDriveAction,
        why: impl Into<String>,
    ) -> Option<Step> {
        let drive = NamedDrive::of(drive)?;
        Some(self.change(PhysicalDriveChange { drive, action }, why))
    }

    /// A change of the controller.
    pub(super) fn change(&self, change: impl Into<Change>, why: impl Into<String>) -> Step {
        Step::Act {
            request: Request {
                controller: self.at.id.unwrap_or(self.memory.controller),
                change: change.into(),
            },
            why: why.into(),
            chosen: false,
        }
    }
}

/// All spans of a controller, each with its drive group.
pub(super) fn spans(at: &Controller) -> impl Iterator<Item = (&DriveGroup, &DriveGroupSpan)> {
    let groups = at.drive_groups.iter().flatten();
    groups.flat_map(|group| group.spans.iter().map(move |span| (group, span)))
}

/// The state of a drive in words.
pub(super) fn state(drive: &PhysicalDrive) -> String {
    drive.state.as_ref().map_or_else(
        || "in a state that is not told".to_owned(),
        ToString::to_string,
    )
}

/// A drive's bay, in words.
pub(super) fn bay(drive: &PhysicalDrive) -> String {
    human::or_unknown(drive.address())
}

/// `drive 252:3 (serial number ABC)`.
pub(super) fn name(drive: &PhysicalDrive) -> String {
    match Identity::of(drive) {
        Some(identity) => format!("drive {} (serial number {})", bay(drive), identity.name()),
        None => format!("drive {}", bay(drive)),
    }
}

/// Whether the drive belongs to nothing.
pub(super) fn is_unconfigured(drive: &PhysicalDrive) -> bool {
    matches!(
        drive.state,
        Some(DriveState::UnconfiguredGood | DriveState::UnconfiguredBad)
    )
}
