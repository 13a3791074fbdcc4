//! Bits of the firmware's words: what a controller has, can do, and is told to do.
//!
//! Names and places are those of the drivers that Linux and FreeBSD ship; a place that MegaCLI does
//! not print is left out.

/// What is on the board ([`Info::hardware`](super::Info::hardware)).
pub mod hardware {
    /// A battery.
    pub const BBU: u32 = 1 << 0;
    /// An alarm.
    pub const ALARM: u32 = 1 << 1;
    /// NVRAM.
    pub const NVRAM: u32 = 1 << 2;
    /// A serial debugger.
    pub const SERIAL_DEBUGGER: u32 = 1 << 3;
    /// Memory.
    pub const MEMORY: u32 = 1 << 4;
    /// Flash.
    pub const FLASH: u32 = 1 << 5;
    /// A trusted platform module.
    pub const TPM: u32 = 1 << 6;
    /// A SAS expander.
    pub const EXPANDER: u32 = 1 << 7;
    /// A key that unlocks features.
    pub const UPGRADE_KEY: u32 = 1 << 8;
    /// A temperature sensor in the chip.
    pub const CHIP_SENSOR: u32 = 1 << 10;
    /// A temperature sensor on the board.
    pub const CONTROLLER_SENSOR: u32 = 1 << 11;
}

/// What a controller can do ([`Info::operations`](super::Info::operations)).
pub mod operations {
    /// The rebuild rate can be set.
    pub const REBUILD_RATE: u32 = 1 << 0;
    /// The rate of consistency checks can be set.
    pub const CONSISTENCY_RATE: u32 = 1 << 1;
    /// The rate of background initializations can be set.
    pub const BACKGROUND_RATE: u32 = 1 << 2;
    /// The rate of reconstructions can be set.
    pub const RECONSTRUCTION_RATE: u32 = 1 << 3;
    /// The rate of patrol reads can be set.
    pub const PATROL_RATE: u32 = 1 << 4;
    /// The alarm can be switched.
    pub const ALARM_CONTROL: u32 = 1 << 5;
    /// Clusters.
    pub const CLUSTER: u32 = 1 << 6;
    /// Batteries.
    pub const BBU: u32 = 1 << 7;
    /// Virtual drives of several spans.
    pub const SPANNING: u32 = 1 << 8;
    /// Dedicated hot spares.
    pub const DEDICATED_HOT_SPARES: u32 = 1 << 9;
    /// Revertible hot spares.
    pub const REVERTIBLE_HOT_SPARES: u32 = 1 << 10;
    /// Import of foreign configurations.
    pub const FOREIGN_IMPORT: u32 = 1 << 11;
    /// Self diagnosis.
    pub const SELF_DIAGNOSTIC: u32 = 1 << 12;
    /// Virtual drives of several RAID levels on a drive group.
    pub const MIXED_REDUNDANCY: u32 = 1 << 13;
    /// Global hot spares.
    pub const GLOBAL_HOT_SPARES: u32 = 1 << 14;
    /// SCSI passthrough is refused.
    pub const DENY_SCSI_PASSTHROUGH: u32 = 1 << 15;
    /// SMP passthrough is refused.
    pub const DENY_SMP_PASSTHROUGH: u32 = 1 << 16;
    /// STP passthrough is refused.
    pub const DENY_STP_PASSTHROUGH: u32 = 1 << 17;
    /// Encryption.
    pub const SECURITY: u32 = 1 << 26;
    /// Expansion without more drives.
    pub const EXPANSION_IN_PLACE: u32 = 1 << 28;
    /// Snapshots.
    pub const SNAPSHOT: u32 = 1 << 30;
    /// Premium feature keys.
    pub const PREMIUM_FEATURES: u32 = 1 << 31;
}

/// What else a controller can do ([`Info::operations2`](super::Info::operations2)).
pub mod operations2 {
    /// Protection information.
    pub const PROTECTION: u32 = 1 << 0;
    /// Protection information of type 1.
    pub const PROTECTION_TYPE1: u32 = 1 << 1;
    /// Protection information of type 2.
    pub const PROTECTION_TYPE2: u32 = 1 << 2;
    /// Protection information of type 3.
    pub const PROTECTION_TYPE3: u32 = 1 << 3;
    /// The shield state, in which drives are diagnosed.
    pub const SHIELD_STATE: u32 = 1 << 5;
    /// The write cache of solid-state drives cannot be switched.
    pub const BLOCK_SSD_CACHE_CHANGE: u32 = 1 << 6;
    /// Background operations can be suspended.
    pub const SUSPEND_RESUME: u32 = 1 << 7;
    /// Unconfigured drives stand in for hot spares.
    pub const EMERGENCY_SPARES: u32 = 1 << 8;
    /// Premium features can be changed at boot.
    pub const FEATURE_CHANGE_AT_BOOT: u32 = 1 << 10;
    /// JBOD drives.
    pub const JBOD: u32 = 1 << 11;
    /// Premium features cannot be changed while the host runs.
    pub const NO_ONLINE_FEATURE_CHANGE: u32 = 1 << 12;
    /// Performance tuning.
    pub const PERFORMANCE_TUNING: u32 = 1 << 13;
    /// Patrol reads of solid-state drives.
    pub const SSD_PATROL_READ: u32 = 1 << 14;
    /// Drives that show smaller sectors than they have.
    pub const EMULATED_DRIVES: u32 = 1 << 17;
}

/// What can be set on virtual drives
/// ([`Info::virtual_drive_operations`](super::Info::virtual_drive_operations)).
pub mod virtual_drive_operations {
    /// Read policy.
    pub const READ_POLICY: u32 = 1 << 0;
    /// Write policy.
    pub const WRITE_POLICY: u32 = 1 << 1;
    /// I/O policy.
    pub const IO_POLICY: u32 = 1 << 2;
    /// Access policy.
    pub const ACCESS_POLICY: u32 = 1 << 3;
    /// Cache of the members.
    pub const DISK_CACHE_POLICY: u32 = 1 << 4;
    /// Reconstruction.
    pub const RECONSTRUCTION: u32 = 1 << 5;
    /// Locating is refused.
    pub const DENY_LOCATE: u32 = 1 << 6;
    /// Consistency checks are refused.
    pub const DENY_CONSISTENCY_CHECK: u32 = 1 << 7;
    /// Encryption by the controller.
    pub const CONTROLLER_ENCRYPTION: u32 = 1 << 8;
    /// A table of bad blocks.
    pub const BAD_BLOCK_TABLE: u32 = 1 << 9;
    /// Power savings.
    pub const POWER_SAVINGS: u32 = 1 << 12;
    /// Mirrors can be broken.
    pub const BREAK_MIRROR: u32 = 1 << 14;
}

/// What can be done with drives ([`Info::drive_operations`](super::Info::drive_operations)).
pub mod drive_operations {
    /// Force on line.
    pub const FORCE_ONLINE: u32 = 1 << 0;
    /// Force off line.
    pub const FORCE_OFFLINE: u32 = 1 << 1;
    /// Force a rebuild.
    pub const FORCE_REBUILD: u32 = 1 << 2;
    /// Making a drive fail is refused.
    pub const DENY_FORCE_FAILED: u32 = 1 << 3;
    /// Making a drive good or bad is refused.
    pub const DENY_FORCE_GOOD_BAD: u32 = 1 << 4;
    /// Replacing a missing drive is refused.
    pub const DENY_MISSING_REPLACE: u32 = 1 << 5;
    /// Clearing is refused.
    pub const DENY_CLEAR: u32 = 1 << 6;
    /// Locating is refused.
    pub const DENY_LOCATE: u32 = 1 << 7;
    /// Unused drives can be spun down.
    pub const POWER_STATE: u32 = 1 << 8;
    /// Power conditions of the T10 standard.
    pub const T10_POWER_STATE: u32 = 1 << 10;
    /// Temperatures are read.
    pub const TEMPERATURE: u32 = 1 << 11;
    /// Native command queuing.
    pub const NCQ: u32 = 1 << 12;
}

/// Which drives a controller takes, and which may be mixed ([`Info::drive_mix`](super::Info::drive_mix)).
pub mod drive_mix {
    /// SAS drives.
    pub const SAS: u32 = 1 << 0;
    /// SATA drives.
    pub const SATA: u32 = 1 << 1;
    /// Both in an enclosure.
    pub const ENCLOSURE: u32 = 1 << 2;
    /// Both in a virtual drive.
    pub const VIRTUAL_DRIVE: u32 = 1 << 3;
}

/// Properties that are on or off ([`Info::switches`](super::Info::switches)).
pub mod switches {
    /// No copyback.
    pub const NO_COPYBACK: u32 = 1 << 0;
    /// Copyback when S.M.A.R.T. predicts a failure.
    pub const SMART_COPYBACK: u32 = 1 << 1;
    /// Patrol reads correct areas that belong to nothing.
    pub const PATROL_CORRECTS_UNCONFIGURED: u32 = 1 << 2;
    /// Only drives that encrypt may be used for encryption.
    pub const FDE_ONLY: u32 = 1 << 3;
    /// No native command queuing.
    pub const NO_NCQ: u32 = 1 << 4;
    /// Copyback when S.M.A.R.T. predicts a failure of a solid-state drive.
    pub const SSD_SMART_COPYBACK: u32 = 1 << 5;
    /// Patrol reads of solid-state drives.
    pub const SSD_PATROL_READ: u32 = 1 << 6;
    /// Unused drives spin down.
    pub const SPIN_DOWN_UNCONFIGURED: u32 = 1 << 7;
    /// Foreign configurations are imported without asking.
    pub const AUTO_IMPORT: u32 = 1 << 8;
    /// The controller does not reset itself while the host runs.
    pub const NO_ONLINE_RESET: u32 = 1 << 10;
    /// The host boots even though cache of lost virtual drives is kept.
    pub const BOOT_WITH_PRESERVED_CACHE: u32 = 1 << 11;
    /// Hot spares do not spin down.
    pub const NO_SPIN_DOWN_SPARES: u32 = 1 << 12;
    /// Unconfigured drives may be given to the host.
    pub const JBOD: u32 = 1 << 13;
    /// A drive is located by its activity light.
    pub const LOCATE_BY_ACTIVITY: u32 = 1 << 15;
    /// Protection information.
    pub const PROTECTION: u32 = 1 << 16;
    /// Foreign configurations with protection information are not imported.
    pub const NO_PROTECTED_IMPORT: u32 = 1 << 17;
    /// Sideband signals only.
    pub const FORCE_SGPIO: u32 = 1 << 21;
}

/// State of the security key ([`Info::security_key`](super::Info::security_key)).
pub mod security_key {
    /// There is a key.
    pub const ASSIGNED: u32 = 1 << 0;
    /// The key did not fit.
    pub const FAILED: u32 = 1 << 1;
    /// The key was not backed up.
    pub const NOT_BACKED_UP: u32 = 1 << 2;
}
