//! Changes of the hardware: what somebody asks for, whether it may be done as things are, and whether a
//! later reading shows that it was. Pure.
//!
//! A [`Request`] names one controller and one thing to change there. Each noun has a file with its
//! changes, and each change says the same of itself: see [`Act`]. How a request is put to a tool is
//! the backend's to know, who may ask for it the command line's, and when it runs `crate::act`'s.

pub mod battery;
mod check;
pub mod codes;
pub mod configuration;
pub mod controller;
pub(crate) mod drive_checks;
pub mod event_log;
pub mod firmware;
pub(crate) mod fits;
pub mod foreign;
pub(crate) mod in_use;
pub mod patrol;
pub mod physical_drive;
pub mod property;
pub mod raw;
pub mod security;
pub mod spare;
pub mod virtual_drive;
mod whole;

use std::fmt;

use ironkeep_parsers::model::ControllerId;
use serde::Serialize;

pub use battery::BatteryChange;
pub(crate) use check::lacking;
pub use check::{Check, Ruling};
pub use configuration::ConfigurationChange;
pub use controller::ControllerChange;
pub use event_log::EventLogClear;
pub use firmware::FirmwareChange;
pub use foreign::ForeignChange;
pub use patrol::PatrolChange;
pub use physical_drive::PhysicalDriveChange;
pub use property::PropertyChange;
pub use security::SecurityChange;
pub use spare::SpareChange;
pub use virtual_drive::{DiscardPreservedCache, NewVirtualDrive, VirtualDriveChange};

use crate::host::Target;
use crate::reading::{Controller, Part, Reading};

/// One change of one controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The controller. A request never means all of them.
    pub controller: ControllerId,
    /// What to change.
    pub change: Change,
}

/// Declares the kinds of changes, one for each noun.
macro_rules! changes {
    ($( $(#[$doc:meta])* $variant:ident($change:ty), )+) => {
        /// What to change.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Change {
            $( $(#[$doc])* $variant($change), )+
        }

        impl Change {
            /// What it says of itself.
            pub fn act(&self) -> &dyn Act {
                match self { $( Self::$variant(change) => change, )+ }
            }
        }

        $( impl From<$change> for Change {
            fn from(change: $change) -> Self {
                Self::$variant(change)
            }
        } )+
    };
}

changes! {
    /// A physical drive.
    PhysicalDrive(PhysicalDriveChange),
    /// A hot spare.
    Spare(SpareChange),
    /// Foreign configurations.
    Foreign(ForeignChange),
    /// A virtual drive.
    VirtualDrive(VirtualDriveChange),
    /// A virtual drive that is to be made.
    NewVirtualDrive(NewVirtualDrive),
    /// What is kept in the cache of a virtual drive.
    PreservedCache(DiscardPreservedCache),
    /// A property of a controller.
    Property(PropertyChange),
    /// A controller as a whole.
    Controller(ControllerChange),
    /// The whole configuration of a controller.
    Configuration(ConfigurationChange),
    /// The firmware of a controller.
    Firmware(FirmwareChange),
    /// Patrol reads and scheduled consistency checks.
    Patrol(PatrolChange),
    /// The battery.
    Battery(BatteryChange),
    /// The event log.
    EventLog(EventLogClear),
    /// The key of self-encrypting drives.
    Security(SecurityChange),
}

/// What a change may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Nothing: a light, a log entry. Nobody is asked.
    None,
    /// It can be undone, or costs redundancy at worst. A person says yes to it.
    Change,
    /// Data, or what gives access to it, is gone for good afterwards. A person types the name of what
    /// loses it.
    Destroy,
}

/// What every change says of itself. All of it follows from readings: nothing here looks at the host.
pub trait Act: fmt::Debug {
    /// Its stable name: `pd.offline`.
    fn name(&self) -> &'static str;

    /// What it does, as it stands behind "cannot": `take drive 252:3 off line`.
    fn words(&self) -> String;

    /// What it is done to, as a person types it to agree: `252:3`, `vd0`, `controller0`.
    fn object(&self) -> String;

    /// What it may cost, as things are.
    fn risk(&self, scene: &Scene<'_>) -> Risk;

    /// What has to be read for [`Self::checks`], [`Self::seen`] and [`Self::state`].
    fn parts(&self) -> &'static [Part];

    /// Everything that is looked at before it is done, the gravest first. A check whose part was not
    /// read refuses: see [`Check::unread`].
    fn checks(&self, scene: &Scene<'_>) -> Vec<Check>;

    /// What `after` shows of it; `before` is the reading on which it was allowed.
    fn seen(&self, before: &Controller, after: &Controller) -> Seen;

    /// The state of what it changes, for the record: `Online, spun up`. `None` where it has none, or
    /// none is read.
    fn state(&self, at: &Controller) -> Option<String>;

    /// The serial number of the drive that it changes, for the record. `None` where it is about no
    /// drive.
    fn serial(&self) -> Option<String> {
        None
    }
}

/// What a change is judged by.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// All that was read.
    pub reading: &'a Reading,
    /// The controller of the request.
    pub controller: &'a Controller,
    /// What the host does with a drive of that controller.
    pub usage: &'a dyn Fn(Target) -> Usage,
}

impl fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scene")
            .field("controller", &self.controller.id)
            .finish_non_exhaustive()
    }
}

/// What the host does with a drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Usage {
    /// Nothing is known of the host: it is simulated, or another one.
    OtherHost,
    /// The host has no block device for it.
    NoDevice,
    /// The host has this block device, and uses it for nothing.
    Free(String),
    /// The block device, and what is built and mounted on it.
    Used(String, Vec<String>),
    /// Nobody can say. Why.
    Unknown(String),
}

/// What a reading shows of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It is as it should be. What is seen.
    Done(String),
    /// It began and goes on by itself. What is seen.
    Running(String),
    /// It is not as it should be. What is seen instead.
    Otherwise(String),
    /// No reading shows it. Why.
    Invisible(&'static str),
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::Timestamp;

    use super::*;

    /// The checks of `act` where `controller` is all there is, on a simulated host.
    pub(crate) fn checks(act: &dyn Act, controller: Controller) -> Vec<Check> {
        let reading = Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: "a test".to_owned(),
            live: false,
            narrowed: false,
            controllers: vec![controller],
            asked: Vec::new(),
        };
        let controller = reading.controllers.first().unwrap();
        act.checks(&Scene {
            reading: &reading,
            controller,
            usage: &|_| Usage::OtherHost,
        })
    }
}
