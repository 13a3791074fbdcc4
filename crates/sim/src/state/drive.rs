//! Physical drives.

use serde::{Deserialize, Serialize};

use super::codes::codes;
use super::{Array, DeviceId, NO_ENCLOSURE, Spare, VirtualDrive};

codes! {
    /// The firmware's state of a drive (`MR_PD_STATE`).
    DriveState: u16 {
        /// Usable, belongs to nothing.
        #[default]
        UnconfiguredGood = 0x00 "unconfigured_good",
        /// Not usable, belongs to nothing.
        UnconfiguredBad = 0x01 "unconfigured_bad",
        /// A hot spare.
        HotSpare = 0x02 "hot_spare",
        /// A member that was taken off line.
        Offline = 0x10 "offline",
        /// A member that the controller gave up on.
        Failed = 0x11 "failed",
        /// A member that is being rebuilt.
        Rebuild = 0x14 "rebuild",
        /// A member that works.
        Online = 0x18 "online",
        /// The target of a copyback.
        Copyback = 0x20 "copyback",
        /// Given to the host as it is.
        Jbod = 0x40 "jbod",
        /// Unconfigured, being diagnosed.
        ShieldUnconfigured = 0x80 "shield_unconfigured",
        /// A hot spare, being diagnosed.
        ShieldHotSpare = 0x82 "shield_hot_spare",
        /// A member, being diagnosed.
        ShieldConfigured = 0x90 "shield_configured",
    }
}

codes! {
    /// A drive's interface.
    Interface: u8 {
        /// Not known.
        Unknown = 0 "unknown",
        /// Parallel SCSI.
        ParallelScsi = 1 "parallel_scsi",
        /// Serial attached SCSI.
        #[default]
        Sas = 2 "sas",
        /// Serial ATA.
        Sata = 3 "sata",
        /// Fibre channel.
        FibreChannel = 4 "fibre_channel",
    }
}

codes! {
    /// Whether a drive turns.
    Power: u8 {
        /// Turning.
        #[default]
        SpunUp = 0 "spun_up",
        /// Stopped to save power.
        SpunDown = 1 "spun_down",
        /// Between the two.
        Transition = 0xff "transition",
    }
}

/// How far something is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Progress {
    /// Done so far, of 0xffff.
    pub fraction: u16,
    /// Seconds since it began.
    pub elapsed: u16,
    /// Whether somebody lets it wait.
    pub suspended: bool,
    /// What is done beyond `fraction`, in millionths of a step: the firmware does not show it.
    pub remainder: u32,
}

/// A copyback on its target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Copyback {
    /// How far it is.
    pub progress: Progress,
    /// The drive that is copied from.
    pub source: DeviceId,
    /// Whether somebody asked for it: then the target stays, even if it was a revertible spare.
    pub by_user: bool,
}

/// Why a drive that was a spare is a member now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Commission {
    /// The spare that it is again after the copyback; `None` for an unconfigured drive that stepped in
    /// as an emergency spare.
    pub spare: Option<Spare>,
}

/// What a drive's own metadata say about its membership.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Membership {
    /// Serial number of the controller.
    pub controller: String,
    /// The drive group as it was: with the other members.
    pub array: Array,
    /// The virtual drives on it.
    pub virtual_drives: Vec<VirtualDrive>,
    /// Its arm.
    pub arm: usize,
    /// Whether the others worked on without it: what is on it is out of date.
    pub stale: bool,
}

/// What runs on a drive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Activities {
    /// It is being rebuilt.
    pub rebuild: Option<Progress>,
    /// It is the target of a copyback.
    pub copyback: Option<Copyback>,
    /// It is being cleared.
    pub clear: Option<Progress>,
    /// A patrol reads it.
    pub patrol: Option<Progress>,
    /// It is being erased.
    pub erase: Option<Progress>,
}

/// A physical drive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Drive {
    /// Device id.
    #[serde(alias = "dev")]
    pub device_id: DeviceId,
    /// Counts changes of state.
    #[serde(alias = "seq")]
    pub sequence: u16,
    /// Device id of the enclosure; [`NO_ENCLOSURE`] for none.
    #[serde(alias = "encl")]
    pub enclosure: u16,
    /// Bay.
    pub slot: u8,
    /// Index of the enclosure.
    #[serde(alias = "eidx")]
    pub enclosure_index: u8,
    /// Position of the enclosure in its chain.
    #[serde(alias = "epos")]
    pub enclosure_position: u8,
    /// State.
    pub state: DriveState,
    /// Controller port that it hangs on.
    #[serde(alias = "connport")]
    pub connected_port: u8,
    /// Sectors as the drive reports them.
    #[serde(alias = "raw")]
    pub raw_size: u64,
    /// Sectors less the firmware's own.
    #[serde(alias = "noncoerced")]
    pub non_coerced_size: u64,
    /// Sectors, rounded down so that drives of several makes fit one another.
    #[serde(alias = "coerced")]
    pub coerced_size: u64,
    /// Number of paths.
    pub paths: u8,
    /// Degrees Celsius; 0 and 254 are "not known".
    #[serde(alias = "temp")]
    pub temperature: u8,
    /// Bytes per logical sector.
    #[serde(alias = "ublk")]
    pub sector_size: u16,
    /// Power state.
    pub power: Power,
    /// SCSI peripheral device type.
    #[serde(alias = "devtype")]
    pub device_type: u8,
    /// Interface.
    #[serde(alias = "iftype")]
    pub interface: Interface,
    /// Whether it is flash.
    #[serde(alias = "ssd")]
    pub solid_state: bool,
    /// SCSI vendor (8 characters). `ATA` for SATA drives.
    pub vendor: String,
    /// Model: 16 characters for SAS, 40 for SATA.
    pub model: String,
    /// Firmware revision: 4 characters for SAS, 8 for SATA.
    pub firmware: String,
    /// Serial number: up to 20 characters.
    pub serial: String,
    /// Whether its configuration came from elsewhere.
    pub foreign: bool,
    /// SAS addresses, per path; 0 for none.
    pub sas_addresses: [u64; 2],
    /// Device speed code: 0 unknown, 1 is 1.5, 2 is 3, 3 is 6, 4 is 12 Gb/s.
    #[serde(alias = "devspeed")]
    pub device_speed: u8,
    /// Link speed code, as above.
    #[serde(alias = "linkspeed")]
    pub link_speed: u8,
    /// World-wide name; 0 for none.
    pub wwn: u64,
    /// Media errors.
    #[serde(alias = "media")]
    pub media_errors: u16,
    /// Other errors.
    #[serde(alias = "other")]
    pub other_errors: u16,
    /// Predictive failures.
    #[serde(alias = "pred")]
    pub predictive_failures: u16,
    /// Sequence number of the last predictive failure's event.
    #[serde(alias = "predseq")]
    pub predictive_failure_event: u32,
    /// Encryption: bit 0 capable, 1 enabled, 2 secured, 3 locked, 4 foreign key, 5 needs the key
    /// management's attention.
    pub security: u8,
    /// Protection information: byte as the firmware keeps it (type in bits 0 to 2, formatted bit 3).
    pub protection: u8,
    /// Whether the drive may be formatted with protection information.
    pub protection_eligible: bool,
    /// How often it was taken aside for diagnosis.
    #[serde(alias = "shieldctr")]
    pub shield_count: u8,
    /// When the last diagnosis ended, raw; 0 for never.
    #[serde(alias = "shieldtime")]
    pub shield_time: u64,
    /// What runs on it.
    pub activities: Activities,
    /// Whether its locate light blinks.
    pub locating: bool,
    /// Sectors that cannot be read, which nobody has tried to read yet.
    pub latent_errors: u16,
    /// Set on a member that was a spare before, and on a hot spare that was pulled.
    pub commission: Option<Commission>,
    /// What its metadata say about the drive group that it came from; set when it is pulled.
    pub membership: Option<Membership>,
}

impl Default for Drive {
    fn default() -> Self {
        Self {
            device_id: 0,
            sequence: 2,
            enclosure: NO_ENCLOSURE,
            slot: 0,
            enclosure_index: 0,
            enclosure_position: 1,
            state: DriveState::default(),
            connected_port: 0,
            raw_size: 0,
            non_coerced_size: 0,
            coerced_size: 0,
            paths: 2,
            temperature: 32,
            sector_size: 512,
            power: Power::default(),
            device_type: 0,
            interface: Interface::default(),
            solid_state: false,
            vendor: String::new(),
            model: String::new(),
            firmware: String::new(),
            serial: String::new(),
            foreign: false,
            sas_addresses: [0; 2],
            device_speed: 3,
            link_speed: 3,
            wwn: 0,
            media_errors: 0,
            other_errors: 0,
            predictive_failures: 0,
            predictive_failure_event: 0,
            security: 0,
            protection: 0,
            protection_eligible: false,
            shield_count: 0,
            shield_time: 0,
            activities: Activities::default(),
            locating: false,
            latent_errors: 0,
            commission: None,
            membership: None,
        }
    }
}
