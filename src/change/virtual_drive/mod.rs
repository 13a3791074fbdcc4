//! Changes of a virtual drive, and new ones.

mod create;
mod drives;
pub mod level;
mod named;
mod preserved_cache;
mod removal;
mod reshape;
mod room;
mod setting;
mod work;

use ironkeep_parsers::model::{DriveAddress, PhysicalDrive};

pub use create::{NewVirtualDrive, Purpose};
pub use named::NamedVirtualDrive;
pub use preserved_cache::DiscardPreservedCache;
pub use reshape::Reshape;
pub use setting::Setting;
pub use work::{Step, Work};

use super::{Act, Check, Risk, Scene, Seen};
use crate::reading::{Controller, Part};

/// The longest name: a longer one damages MegaCLI's own request.
pub const LONGEST_NAME: usize = 15;

use VirtualDriveAction as Action;

/// What is done to a virtual drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VirtualDriveAction {
    /// Deletes it. Its drives are free then.
    Delete {
        /// Whether it is a CacheCade drive, which has a command of its own.
        cachecade: bool,
    },
    /// Gives it a name.
    Rename(String),
    /// Changes a setting.
    Set(Setting),
    /// Starts, stops or pauses a long operation.
    Work(Work),
    /// Another level, more drives, more room.
    Reshape(Reshape),
    /// Lets its drives encrypt it with the controller's key.
    MakeSecure,
    /// Forgets which of its blocks are known to be lost.
    ClearBadBlocks,
    /// Puts the controller's CacheCade drives before it, or takes them away.
    Cache(bool),
}

impl VirtualDriveAction {
    /// What has to be read for it.
    pub fn parts(&self) -> &'static [Part] {
        match self {
            Self::Delete { .. } => &[Part::VirtualDrives, Part::PreservedCache],
            Self::Set(_) => &[Part::VirtualDrives, Part::CacheProtection],
            Self::Work(work) => work.parts(),
            Self::Reshape(_) => &[
                Part::VirtualDrives,
                Part::PhysicalDrives,
                Part::DriveOperations,
                Part::CacheProtection,
            ],
            Self::Rename(_) | Self::MakeSecure | Self::ClearBadBlocks | Self::Cache(_) => {
                &[Part::VirtualDrives]
            }
        }
    }
}

/// A change of a virtual drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualDriveChange {
    /// The virtual drive.
    pub drive: NamedVirtualDrive,
    /// What is done to it.
    pub action: VirtualDriveAction,
}

impl Act for VirtualDriveChange {
    fn name(&self) -> &'static str {
        match &self.action {
            Action::Delete { cachecade: false } => "vd.delete",
            Action::Delete { cachecade: true } => "vd.delete_cachecade",
            Action::Rename(_) => "vd.rename",
            Action::Set(setting) => setting.name(),
            Action::Work(work) => work.name(),
            Action::Reshape(reshape) => reshape.name(),
            Action::MakeSecure => "vd.make_secure",
            Action::ClearBadBlocks => "vd.clear_bad_blocks",
            Action::Cache(true) => "vd.assign_cachecade",
            Action::Cache(false) => "vd.remove_cachecade",
        }
    }

    fn words(&self) -> String {
        let (title, full) = (self.drive.title(), self.drive.full());
        match &self.action {
            Action::Delete { cachecade: false } => format!("delete {full}"),
            Action::Delete { cachecade: true } => format!("delete CacheCade drive {full}"),
            Action::Rename(name) => format!("call {title} “{name}”"),
            Action::Set(setting) => setting.words(&title),
            Action::Work(work) => work.words(&self.drive),
            Action::Reshape(reshape) => reshape.words(&self.drive),
            Action::MakeSecure => {
                format!("secure {full} with the controller's key, which cannot be undone")
            }
            Action::ClearBadBlocks => format!("forget which blocks of {title} are lost"),
            Action::Cache(true) => format!("put CacheCade before {title}"),
            Action::Cache(false) => format!("take CacheCade away from {title}"),
        }
    }

    fn object(&self) -> String {
        self.drive.object()
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        match &self.action {
            Action::Delete { .. } => Risk::Destroy,
            Action::Set(_) => Setting::risk(),
            Action::Work(work) => work.risk(),
            Action::Rename(_)
            | Action::Reshape(_)
            | Action::MakeSecure
            | Action::ClearBadBlocks
            | Action::Cache(_) => Risk::Change,
        }
    }

    fn parts(&self) -> &'static [Part] {
        self.action.parts()
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        let mut checks = vec![self.drive.check(at, self.risk(scene))];
        let Some(drive) = self.drive.find(at) else {
            return checks;
        };
        checks.extend(match &self.action {
            Action::Delete { .. } => removal::checks(scene, &self.drive, drive),
            Action::Rename(name) => vec![fits(name)],
            Action::Set(setting) => setting.checks(scene, &self.drive),
            Action::Work(work) => work.checks(scene, &self.drive, drive),
            Action::Reshape(reshape) => reshape.checks(at, &self.drive, drive),
            Action::MakeSecure => removal::secure(at, drive),
            Action::ClearBadBlocks => vec![removal::bad_blocks(drive)],
            Action::Cache(_) => vec![removal::cachecade(at, drive)],
        });
        checks
    }

    fn seen(&self, before: &Controller, after: &Controller) -> Seen {
        if let Action::Delete { .. } = self.action {
            return match (&after.virtual_drives, self.drive.find(after)) {
                (None, _) => Seen::Invisible("the virtual drives could not be read"),
                (Some(_), None) => Seen::Done("it is gone".to_owned()),
                (Some(_), Some(_)) => Seen::Otherwise("it is still there".to_owned()),
            };
        }
        let Some(drive) = self.drive.find(after) else {
            return Seen::Otherwise(format!("{} is not there", self.drive.title()));
        };
        match &self.action {
            Action::Rename(name) => named(drive.name.as_deref(), name),
            Action::Set(setting) => setting.seen(drive),
            Action::Work(work) => work.seen(&self.drive, after, drive),
            Action::Reshape(reshape) => reshape.seen(self.drive.find(before), drive),
            Action::MakeSecure => removal::secured(drive),
            Action::ClearBadBlocks => match drive.bad_blocks {
                Some(false) => Seen::Done("no bad blocks are noted".to_owned()),
                Some(true) => Seen::Otherwise("bad blocks are still noted".to_owned()),
                None => Seen::Invisible("this build of MegaCLI does not tell of bad blocks"),
            },
            Action::Cache(wanted) => match drive.cached {
                Some(true) if *wanted => Seen::Done("it is cached".to_owned()),
                Some(false) if !*wanted => Seen::Done("it is not cached".to_owned()),
                Some(true) => Seen::Otherwise("it is cached".to_owned()),
                Some(false) => Seen::Otherwise("it is not cached".to_owned()),
                None => Seen::Invisible("this build of MegaCLI does not tell of CacheCade"),
            },
            Action::Delete { .. } => Seen::Invisible("deleted"),
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        at.virtual_drives.as_ref()?;
        let Some(drive) = self.drive.find(at) else {
            return Some("not there".to_owned());
        };
        match &self.action {
            Action::Rename(_) => Some(match &drive.name {
                Some(name) => format!("“{name}”"),
                None => "no name".to_owned(),
            }),
            Action::Set(setting) => setting.now(drive),
            Action::Work(work) => work.now(&self.drive, at, drive),
            Action::Delete { .. }
            | Action::Reshape(_)
            | Action::MakeSecure
            | Action::ClearBadBlocks
            | Action::Cache(_) => drive.state.as_ref().map(ToString::to_string),
        }
    }
}

/// Whether a name can be given.
fn fits(name: &str) -> Check {
    const CODE: &str = "name";
    let length = name.chars().count();
    let is_plain = name.chars().all(|it| it.is_ascii_graphic());
    if length > LONGEST_NAME {
        let why = format!("MegaCLI takes {LONGEST_NAME}; a longer name damages its request");
        Check::forbids(CODE, format!("“{name}” has {length} characters"), why)
    } else if !is_plain || name.is_empty() || name.starts_with('-') {
        let why = "letters, digits and signs without blanks are safe, and no dash at the beginning";
        Check::forbids(CODE, format!("“{name}” is no name"), why)
    } else {
        Check::holds(CODE, format!("“{name}” fits"))
    }
}

fn named(now: Option<&str>, wanted: &str) -> Seen {
    match now {
        Some(name) if name == wanted => Seen::Done(format!("“{name}”")),
        Some(name) => Seen::Otherwise(format!("“{name}”")),
        None => Seen::Otherwise("no name".to_owned()),
    }
}

/// The places of the members of each span; `None` where one is missing.
pub fn places(drive: &ironkeep_parsers::model::VirtualDrive) -> Option<Vec<Vec<DriveAddress>>> {
    let of = |span: &ironkeep_parsers::model::Span| {
        let members = span.members.iter();
        members
            .map(|member| member.drive.as_ref().and_then(PhysicalDrive::address))
            .collect()
    };
    drive.spans.iter().map(of).collect()
}

#[cfg(test)]
mod tests;
