//! What has to be remembered of a replacement, because no reading shows it any more.

use ironkeep_parsers::model::{
    ControllerId, DriveAddress, EnclosureId, HotSpare, HotSpareKind, PhysicalDrive, Slot,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::step::WaitFor;
use crate::change::physical_drive::{Copyback, PhysicalDriveAction};
use crate::change::{Change, PhysicalDriveChange};
use crate::reading::Controller;
use crate::who::Who;

/// The version of the form of [`Memory`].
pub(super) const VERSION: u32 = 1;

/// What is remembered of a replacement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// The version of this form.
    pub version: u32,
    /// When it began.
    pub started: Timestamp,
    /// Who began it.
    pub who: Who,
    /// The controller's number then.
    pub controller: ControllerId,
    /// The controller's serial number; absent where it tells none.
    pub controller_serial: Option<String>,
    /// The drive that is replaced; absent where its bay was empty already.
    pub old: Option<Identity>,
    /// Its bay.
    #[serde(with = "address")]
    #[schemars(with = "String")]
    pub bay: DriveAddress,
    /// The new drive's bay.
    #[serde(with = "address")]
    #[schemars(with = "String")]
    pub new_bay: DriveAddress,
    /// What the drive was there for.
    pub duty: Duty,
    /// The virtual drives of the controller before.
    pub virtual_drives: Vec<VirtualDriveBefore>,
    /// The hot spares of the controller before, without the drive itself.
    pub spares: Vec<SpareDuty>,
    /// Serial numbers of the drives that carried foreign configurations before.
    pub foreign: Vec<String>,
    /// Whether the controller rebuilt by itself.
    pub auto_rebuild: Option<bool>,
    /// Whether the light of the bay was switched on.
    pub light: Light,
    /// Whether the drive was asked to stop turning, and nobody can see whether it did; it is pulled as
    /// it is.
    pub asked_to_stop: bool,
    /// The copy to a hot spare that was begun; absent before that, and in a memory of an earlier version.
    #[serde(default)]
    pub copy: Option<Copied>,
    /// The new drive, once one was found fit.
    pub new: Option<Identity>,
    /// What is being waited for.
    pub waiting: Option<Waiting>,
    /// How it ended; absent while it goes on.
    pub ended: Option<Ended>,
}

/// By what a drive is told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Its serial number.
    pub serial: Option<String>,
    /// Its world-wide name, where it has no serial number or as well.
    pub wwn: Option<String>,
    /// Its model, for people.
    pub model: Option<String>,
}

/// What a drive was there for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", tag = "duty")]
pub enum Duty {
    /// A member of a drive group.
    Member(Place),
    /// A hot spare.
    Spare(SpareDuty),
    /// Nothing.
    Free,
    /// The host had it as it is.
    Jbod,
}

/// A place in a drive group. All virtual drives on the group share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The controller's own number of the span (`-ArrayN`).
    pub reference: u32,
    /// The place in the span (`-rowN`).
    pub arm: u32,
    /// The drive group, as people count.
    pub drive_group: u32,
    /// The span in it, from 0.
    pub span: u32,
    /// The virtual drives on it.
    pub virtual_drives: Vec<u32>,
}

/// What a hot spare was there for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpareDuty {
    /// Which drive.
    pub drive: Identity,
    /// Its bay.
    #[serde(with = "address")]
    #[schemars(with = "String")]
    pub bay: DriveAddress,
    /// The controller's numbers of the spans that it is dedicated to; empty for a global one.
    pub arrays: Vec<u32>,
    /// Whether it serves its own enclosure alone.
    pub enclosure_affinity: bool,
    /// Whether data goes back from it.
    pub revertible: bool,
}

/// A virtual drive before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VirtualDriveBefore {
    /// Its target.
    pub target: u32,
    /// Its name.
    pub name: Option<String>,
    /// Its state.
    pub state: Option<String>,
    /// Its write policy, as it was set.
    pub write_policy: Option<String>,
}

/// Whether the light of a bay is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Nobody switched it on.
    Off,
    /// It was switched on.
    On,
    /// The controller cannot.
    Unable,
}

/// A copy that was begun: the controller does not tell from which drive one comes, nor who began it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Copied {
    /// The drive that is copied.
    pub source: Identity,
    /// The drive that it is copied to.
    pub target: Identity,
}

/// What is being waited for, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// What.
    pub what: WaitFor,
    /// Since when.
    pub since: Timestamp,
}

/// How a replacement ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// When.
    pub time: Timestamp,
    /// Whether it was given up.
    pub aborted: bool,
}

impl Copied {
    /// The copy that `change` begins on `at`; `None` if it begins none.
    pub fn by(change: &Change, at: &Controller) -> Option<Self> {
        let Change::PhysicalDrive(PhysicalDriveChange { drive, action }) = change else {
            return None;
        };
        let PhysicalDriveAction::Copyback(Copyback::Start { to }) = action else {
            return None;
        };
        Some(Self {
            source: Identity::of(drive.find(at)?)?,
            target: Identity::of(to.find(at)?)?,
        })
    }
}

impl Memory {
    /// The copy of the old drive that was begun here.
    pub(super) fn own_copy(&self) -> Option<&Copied> {
        let copy = self.copy.as_ref()?;
        (self.old.as_ref() == Some(&copy.source)).then_some(copy)
    }

    /// Whether a copy of the old drive was seen running, and nothing was waited for since.
    pub fn was_copied(&self) -> bool {
        let waiting = self.waiting.as_ref();
        waiting.is_some_and(|it| it.what == WaitFor::Copy)
    }

    /// When the wait for `what` began, if it did not begin just `now`.
    pub fn since(&self, what: WaitFor, now: Timestamp) -> Timestamp {
        match &self.waiting {
            Some(waiting) if waiting.what == what => waiting.since,
            _ => now,
        }
    }
}

impl Identity {
    /// What tells `drive` again; `None` where it tells neither a serial number nor a world-wide name.
    pub fn of(drive: &PhysicalDrive) -> Option<Self> {
        let text = |it: &str| (!it.is_empty()).then(|| it.to_owned());
        let serial = drive.serial().and_then(text);
        let wwn = drive.wwn.map(|it| it.to_string());
        let model = drive.model().and_then(text);
        let is_known = serial.is_some() || wwn.is_some();
        is_known.then_some(Self { serial, wwn, model })
    }

    /// Whether `drive` is that drive.
    pub fn is(&self, drive: &PhysicalDrive) -> bool {
        match (&self.serial, drive.serial()) {
            (Some(mine), Some(its)) => mine == its,
            _ => self.wwn.is_some() && self.wwn == drive.wwn.map(|it| it.to_string()),
        }
    }

    /// The serial number, or what there is in its place.
    pub fn name(&self) -> &str {
        let name = self.serial.as_deref().or(self.wwn.as_deref());
        name.unwrap_or("unknown")
    }
}

impl SpareDuty {
    /// What the hot spare `drive` is there for; `None` if it is none, or cannot be told again.
    pub fn of(drive: &PhysicalDrive) -> Option<Self> {
        let duty = drive.hot_spare.as_ref()?;
        Some(Self {
            drive: Identity::of(drive)?,
            bay: drive.address()?,
            arrays: duty.drive_groups.clone(),
            enclosure_affinity: duty.enclosure_affinity,
            revertible: duty.revertible,
        })
    }

    /// Whether a hot spare with `duty` does the same.
    pub fn is_done_by(&self, duty: &HotSpare) -> bool {
        let is_dedicated = duty.kind == Some(HotSpareKind::Dedicated);
        is_dedicated != self.arrays.is_empty()
            && duty.drive_groups == self.arrays
            && duty.enclosure_affinity == self.enclosure_affinity
    }
}

/// A bay as `252:3`.
mod address {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{DriveAddress, parse};

    pub(super) fn serialize<S: Serializer>(
        it: &DriveAddress,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(it)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<DriveAddress, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| D::Error::custom(format!("“{text}” is no bay")))
    }
}

/// Reads `252:3`, or `:3`.
fn parse(text: &str) -> Option<DriveAddress> {
    let (enclosure, slot) = text.split_once(':')?;
    let enclosure = match enclosure {
        "" => None,
        digits => Some(EnclosureId(digits.parse().ok()?)),
    };
    Some(DriveAddress {
        enclosure,
        slot: Slot(slot.parse().ok()?),
    })
}
