//! What there is on the simulated host. Fields are named after the firmware's structures; the short
//! names that [`serde`] also accepts are those of the raw dumps that come with captures of real output.
//!
//! Numbers that MegaCLI prints as words stay numbers here where the firmware treats them as bit
//! fields; states are enums. Sizes are counted in sectors as large as the drives' own (512 or 4,096
//! bytes), moments in seconds since 2000-01-01 00:00 on the controller's clock.

mod battery;
pub mod bits;
mod codes;
mod controller;
mod drive;
mod enclosure;
mod event;
mod schedule;
mod security;
mod system;
mod virtual_drive;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use battery::{
    Battery, BatteryCapacity, BatteryDesign, BatteryKind, BatteryProperties, battery_status,
};
pub use bits::switches;
pub use controller::{Defaults, FirmwareImage, Info, Manufacturing, Phy};
pub use drive::{
    Activities, Commission, Copyback, Drive, DriveState, Interface, Membership, Power, Progress,
};
pub use enclosure::{Element, Enclosure, EnclosureKind, LostEnclosure, element_status};
pub use event::{Event, EventLog};
pub use schedule::{ConsistencySchedule, PatrolMode, PatrolSchedule, ScheduleState};
pub use security::Security;
pub use system::{AtRestart, Boot, System};
pub use virtual_drive::{
    Array, ForeignConfiguration, Span, Spare, VirtualActivities, VirtualDrive, VirtualState, cache,
    disk_groups,
};

/// The device id of a drive, as the firmware numbers them.
pub type DeviceId = u16;

/// The enclosure number of a drive that sits in no enclosure.
pub const NO_ENCLOSURE: u16 = 0xffff;

/// A host with its controllers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Host {
    /// The operating system.
    pub system: System,
    /// The controllers, in the order in which MegaCLI numbers them.
    pub controllers: Vec<Controller>,
    /// Drives that were pulled, and spare parts: they can be inserted.
    pub shelf: Vec<Drive>,
    /// Files that MegaCLI wrote and reads again, by the name on its command line.
    pub files: BTreeMap<String, String>,
}

/// A controller and all that hangs on it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Controller {
    /// Identity, limits, capabilities and properties.
    pub info: Info,
    /// Firmware images in the flash.
    pub images: Vec<FirmwareImage>,
    /// Manufacturing data.
    pub manufacturing: Manufacturing,
    /// Factory defaults.
    pub defaults: Defaults,
    /// Enclosures, in the order in which MegaCLI numbers them.
    pub enclosures: Vec<Enclosure>,
    /// Enclosures whose cable is pulled.
    pub lost_enclosures: Vec<LostEnclosure>,
    /// Physical drives, by device id as the firmware lists them.
    pub drives: Vec<Drive>,
    /// Drive groups.
    pub arrays: Vec<Array>,
    /// Virtual drives, by target id.
    pub virtual_drives: Vec<VirtualDrive>,
    /// Hot spares.
    pub spares: Vec<Spare>,
    /// Configurations that drives brought from elsewhere.
    pub foreign: Vec<ForeignConfiguration>,
    /// Targets of the virtual drives whose dirty cache is kept; those of lost drives as well.
    pub preserved_cache: Vec<u16>,
    /// Link counters of the controller's phys.
    pub phys: Vec<Phy>,
    /// The battery or supercapacitor.
    pub battery: Option<Battery>,
    /// Patrol reads.
    pub patrol: PatrolSchedule,
    /// Consistency checks.
    pub consistency: ConsistencySchedule,
    /// The event log.
    pub events: EventLog,
    /// Whether an unconfigured drive steps in where there is no hot spare.
    pub emergency_spares: bool,
    /// The firmware's own log, line by line.
    pub terminal_log: Vec<String>,
    /// Whether the battery keeps that log.
    pub keeps_terminal_log: bool,
    /// How the host boots from it.
    pub boot: Boot,
    /// What waits for the next start of the host.
    pub at_restart: AtRestart,
    /// The security key.
    pub security: Security,
    /// Firmware operations that fail: opcode of the DCMD, and the status that it yields.
    pub faults: BTreeMap<u32, u16>,
}

impl Controller {
    /// The status with which the firmware refuses the operation `opcode`, if it does.
    pub fn fault(&self, opcode: u32) -> Option<u16> {
        self.faults.get(&opcode).copied()
    }

    /// Whether the firmware carries out the operation `opcode`.
    ///
    /// # Errors
    /// The status with which it refuses.
    pub fn allows(&self, opcode: u32) -> Result<(), u16> {
        self.fault(opcode).map_or(Ok(()), Err)
    }

    /// The drive with this device id.
    pub fn drive(&self, id: DeviceId) -> Option<&Drive> {
        self.drives.iter().find(|drive| drive.device_id == id)
    }

    /// The drive with this device id.
    pub fn drive_mut(&mut self, id: DeviceId) -> Option<&mut Drive> {
        self.drives.iter_mut().find(|drive| drive.device_id == id)
    }

    /// The drive in a bay.
    pub fn drive_at(&self, enclosure: u16, slot: u8) -> Option<&Drive> {
        self.drives
            .iter()
            .find(|drive| drive.enclosure == enclosure && drive.slot == slot)
    }

    /// The drive group with this number.
    pub fn array(&self, reference: u16) -> Option<&Array> {
        self.arrays
            .iter()
            .find(|array| array.reference == reference)
    }

    /// The virtual drive with this target id.
    pub fn virtual_drive(&self, target: u16) -> Option<&VirtualDrive> {
        self.virtual_drives.iter().find(|it| it.target == target)
    }

    /// The drive groups as MegaCLI numbers them, each with its arrays by span.
    pub fn disk_groups(&self) -> Vec<Vec<u16>> {
        disk_groups(&self.arrays, &self.virtual_drives)
    }

    /// Number of the array that a configured drive is a member of, and its arm.
    pub fn seat(&self, id: DeviceId) -> Option<(u16, usize)> {
        self.arrays.iter().find_map(|array| {
            let arm = array.members.iter().position(|it| *it == Some(id))?;
            Some((array.reference, arm))
        })
    }

    /// Drive group as MegaCLI numbers them, span and arm of a configured drive.
    pub fn position(&self, id: DeviceId) -> Option<(usize, usize, usize)> {
        let (reference, arm) = self.seat(id)?;
        let groups = self.disk_groups();
        groups.iter().enumerate().find_map(|(group, spans)| {
            let span = spans.iter().position(|it| *it == reference)?;
            Some((group, span, arm))
        })
    }
}
