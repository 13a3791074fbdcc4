//! A physical drive and everything that MegaCLI says about one.

use smol_str::SmolStr;

use serde::Serialize;

use super::{DeviceId, DriveAddress, EnclosureId, Position, SasAddress, Slot, words};
use crate::units::{BitsPerSecond, Bytes, Celsius};

words! {
    /// The firmware's state of a physical drive, without its power state.
    DriveState {
        /// Member of a drive group, working.
        Online = "online": "Online",
        /// Being rebuilt.
        Rebuild = "rebuild": "Rebuild",
        /// Target of a running copyback.
        Copyback = "copyback": "Copyback",
        /// The controller gave up on it.
        Failed = "failed": "Failed",
        /// Member that was taken off line.
        Offline = "offline": "Offline",
        /// A hot spare, global or dedicated.
        HotSpare = "hot_spare": "Hotspare" | "Hot Spare",
        /// Usable, belongs to nothing.
        UnconfiguredGood = "unconfigured_good": "Unconfigured(good)" | "Unconfigured-Good" | "Unconfigured Good",
        /// Not usable, belongs to nothing.
        UnconfiguredBad = "unconfigured_bad": "Unconfigured(bad)" | "Unconfigured-Bad" | "Unconfigured Bad",
        /// Given to the host as it is.
        Jbod = "jbod": "JBOD",
        /// A member that is being diagnosed.
        ConfiguredShielded = "configured_shielded": "Configured - shielded",
        /// A hot spare that is being diagnosed.
        HotSpareShielded = "hot_spare_shielded": "Hot Spare - shielded",
        /// An unconfigured drive that is being diagnosed.
        UnconfiguredShielded = "unconfigured_shielded": "UnConfigured - shielded",
        /// The tool itself says that it does not know the state.
        Unknown = "unknown": "Unknown",
    }
}

words! {
    /// Whether a drive turns.
    Power {
        /// Turning.
        SpunUp = "spun_up": "Spun Up" | "Active",
        /// Stopped to save power; no fault.
        SpunDown = "spun_down": "Spun down",
        /// On the way.
        Transition = "transition": "Transition",
    }
}

words! {
    /// The drive's interface.
    Interface {
        /// Serial attached SCSI.
        Sas = "sas": "SAS",
        /// Serial ATA.
        Sata = "sata": "SATA",
        /// Parallel SCSI.
        ParallelScsi = "parallel_scsi": "Parallel SCSI",
        /// Fibre channel.
        FibreChannel = "fibre_channel": "FC",
        /// The tool does not know.
        Unknown = "unknown": "Unknown",
    }
}

words! {
    /// What the drive stores on.
    MediaType {
        /// Rotating.
        HardDisk = "hard_disk": "Hard Disk Device",
        /// Flash.
        SolidState = "solid_state": "Solid State Device",
    }
}

words! {
    /// State of one of the drive's ports.
    PortStatus {
        /// In use.
        Active = "active": "Active",
    }
}

words! {
    /// T10 protection information on the drive.
    ProtectionType {
        /// None.
        None = "none": "No PI",
        /// Type 1.
        Type1 = "type_1": "PI with type 1",
        /// Type 2.
        Type2 = "type_2": "PI with type 2",
        /// Type 3.
        Type3 = "type_3": "PI with type 3",
    }
}

words! {
    /// Whether the drive can encrypt by itself.
    Fde {
        /// It can.
        Capable = "capable": "Capable",
        /// It cannot.
        NotCapable = "not_capable": "Not Capable",
    }
}

words! {
    /// Whether the controller's vendor has tested the drive's model.
    Certification {
        /// Tested.
        Certified = "certified": "Certified",
        /// Not on the vendor's list. Drives from the open market rarely are.
        NotCertified = "not_certified": "Not Certified",
        /// The controller does not support it.
        NotSupported = "not_supported": "Not Supported",
    }
}

words! {
    /// Whom a hot spare serves.
    HotSpareKind {
        /// Any drive group.
        Global = "global": "Global",
        /// Named drive groups.
        Dedicated = "dedicated": "Dedicated",
    }
}

/// A hot spare's duties.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HotSpare {
    /// Global or dedicated.
    pub kind: Option<HotSpareKind>,
    /// Prefers drive groups of its own enclosure.
    pub enclosure_affinity: bool,
    /// Becomes a spare again once the failed drive is replaced.
    pub revertible: bool,
    /// The drive groups it is dedicated to.
    pub drive_groups: Vec<u32>,
}

/// One port of a drive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Port {
    /// The port's number on the drive.
    pub number: u32,
    /// State.
    pub status: Option<PortStatus>,
    /// Negotiated speed; absent while unknown.
    #[serde(rename = "link_speed_bits_per_second")]
    pub link_speed: Option<BitsPerSecond>,
}

/// What the drive calls itself. The parts are `None` where the text does not prove where they begin
/// and end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inquiry {
    /// The whole text, repeated blanks as one.
    pub raw: SmolStr,
    /// Vendor, where it stands apart; `ATA` where an expander speaks for the drive.
    pub vendor: Option<SmolStr>,
    /// Model. Cut to 16 characters by the SCSI layout.
    pub model: Option<SmolStr>,
    /// Firmware. Cut to 4 characters by the SCSI layout.
    pub firmware: Option<SmolStr>,
    /// Serial number.
    pub serial: Option<SmolStr>,
}

/// A physical drive. A field is `None` where the tool did not print it or printed `N/A`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhysicalDrive {
    /// `Enclosure Device ID`; `None` for a direct-attached drive.
    pub enclosure: Option<EnclosureId>,
    /// `Slot Number`.
    pub slot: Option<Slot>,
    /// `Drive's position`; absent outside any drive group.
    pub position: Option<Position>,
    /// `Enclosure position`: place of the enclosure in its chain.
    pub enclosure_position: Option<u32>,
    /// `Device Id`.
    pub device_id: Option<DeviceId>,
    /// `WWN`; absent where it is empty or zero.
    pub wwn: Option<SasAddress>,
    /// `Sequence Number`: rises with every change of the drive.
    pub sequence_number: Option<u32>,
    /// `Media Error Count`.
    pub media_errors: Option<u64>,
    /// `Other Error Count`: unsupported commands raise it as well.
    pub other_errors: Option<u64>,
    /// `Predictive Failure Count`.
    pub predictive_failures: Option<u64>,
    /// `Last Predictive Failure Event Seq Number`.
    pub last_predictive_failure_event: Option<u64>,
    /// `PD Type`.
    pub interface: Option<Interface>,
    /// `Hotspare Information`.
    pub hot_spare: Option<HotSpare>,
    /// `Raw Size`, from the exact sector count.
    #[serde(rename = "raw_size_bytes")]
    pub raw_size: Option<Bytes>,
    /// `Non Coerced Size`, from the exact sector count.
    #[serde(rename = "non_coerced_size_bytes")]
    pub non_coerced_size: Option<Bytes>,
    /// `Coerced Size`, from the exact sector count: what the controller uses.
    #[serde(rename = "coerced_size_bytes")]
    pub coerced_size: Option<Bytes>,
    /// `Sector Size` or `Logical Sector Size`; a printed 0 means that the firmware does not say.
    #[serde(rename = "logical_sector_size_bytes")]
    pub logical_sector_size: Option<Bytes>,
    /// `Physical Sector Size`.
    #[serde(rename = "physical_sector_size_bytes")]
    pub physical_sector_size: Option<Bytes>,
    /// `Number of bytes of user data in LBA`: a sector without its protection information. Printed by
    /// newer builds of drives that can carry some.
    #[serde(rename = "user_data_per_sector_bytes")]
    pub user_data_per_sector: Option<Bytes>,
    /// `Firmware state`, first part.
    pub state: Option<DriveState>,
    /// `Firmware state`, second part.
    pub power: Option<Power>,
    /// `Commissioned Spare`.
    pub commissioned_spare: Option<bool>,
    /// `Emergency Spare`.
    pub emergency_spare: Option<bool>,
    /// `Device Firmware Level`.
    pub firmware: Option<SmolStr>,
    /// `Shield Counter`.
    pub shield_count: Option<u64>,
    /// `Successful diagnostics completion on`.
    pub last_diagnostics: Option<jiff::civil::DateTime>,
    /// `SAS Address(N)`, one per path in order; `None` where the tool prints 0 for "no address".
    pub sas_addresses: Vec<Option<SasAddress>>,
    /// `Connected Port Number`: port of the controller and path.
    pub connected_port: Option<u32>,
    /// `Inquiry Data`.
    pub inquiry: Option<Inquiry>,
    /// `IBM FRU/CRU`.
    pub fru: Option<String>,
    /// `FDE Capable`.
    pub fde: Option<Fde>,
    /// `FDE Enable`.
    pub fde_enabled: Option<bool>,
    /// `Secured`.
    pub secured: Option<bool>,
    /// `Locked`.
    pub locked: Option<bool>,
    /// `Needs EKM Attention`.
    pub needs_ekm_attention: Option<bool>,
    /// `Foreign State`: carries the configuration of another controller.
    pub foreign: Option<bool>,
    /// `Foreign Secure`: locked with the key of another controller. Printed of foreign drives only.
    pub foreign_locked: Option<bool>,
    /// `Device Speed`; absent while unknown.
    #[serde(rename = "device_speed_bits_per_second")]
    pub device_speed: Option<BitsPerSecond>,
    /// `Link Speed`; absent while unknown.
    #[serde(rename = "link_speed_bits_per_second")]
    pub link_speed: Option<BitsPerSecond>,
    /// `Media Type`.
    pub media_type: Option<MediaType>,
    /// `Drive`: what the controller's vendor says of this model. Absent where it says nothing.
    pub certification: Option<Certification>,
    /// `Drive Temperature`.
    #[serde(rename = "temperature_celsius")]
    pub temperature: Option<Celsius>,
    /// `PI Eligibility`.
    pub protection_eligible: Option<bool>,
    /// `Drive is formatted for PI information`.
    pub protection_formatted: Option<bool>,
    /// `PI`.
    pub protection: Option<ProtectionType>,
    /// `Drive's write cache`.
    pub write_cache: Option<bool>,
    /// `Drive's NCQ setting`.
    pub native_command_queuing: Option<bool>,
    /// `Emulated Drive`.
    pub emulated: Option<bool>,
    /// `Port-N` blocks.
    pub ports: Vec<Port>,
    /// `Drive has flagged a S.M.A.R.T alert`.
    pub smart_alert: Option<bool>,
}

impl PhysicalDrive {
    /// Where it sits; `None` if the output broke off before the slot.
    pub fn address(&self) -> Option<DriveAddress> {
        self.slot.map(|slot| DriveAddress {
            enclosure: self.enclosure,
            slot,
        })
    }

    /// The serial number, where the inquiry text gave it.
    pub fn serial(&self) -> Option<&str> {
        self.inquiry.as_ref()?.serial.as_deref()
    }

    /// The model, where the inquiry text gave it.
    pub fn model(&self) -> Option<&str> {
        self.inquiry.as_ref()?.model.as_deref()
    }
}
