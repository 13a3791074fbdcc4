//! What a controller's firmware can do, how far it goes, and what its maker chose.

use serde::Serialize;

use super::{Backplane, Coercion, Interface, words};
use crate::units::{Bytes, Hours, Minutes, Percent, Seconds};

words! {
    /// Kinds of drives that may stand together.
    Mix {
        /// SAS and SATA in one enclosure.
        Enclosure = "enclosure": "Mix in Enclosure Allowed",
        /// SAS and SATA hard disks in one virtual drive.
        HardDisks = "hard_disks": "Mix of SAS/SATA of HDD type in VD Allowed",
        /// SAS and SATA solid state drives in one virtual drive.
        SolidState = "solid_state": "Mix of SAS/SATA of SSD type in VD Allowed",
        /// Hard disks and solid state drives in one virtual drive.
        HardDisksAndSolidState = "hard_disks_and_solid_state": "Mix of SSD/HDD in VD Allowed" | "Mix of HDD/SSD in VD Allowed",
    }
}

/// Section `Capabilities`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Capabilities {
    /// `RAID Level Supported`, as printed: levels, and the layouts of the disk data format.
    pub raid_levels: Option<Vec<String>>,
    /// `Supported Drives`; empty for `NONE`.
    pub interfaces: Option<Vec<Interface>>,
    /// `Allowed Mixing`; empty for `NONE`.
    pub mixing: Option<Vec<Mix>>,
}

/// Section `Limitations`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limits {
    /// `Max Arms Per VD`: drives per span.
    pub arms_per_span: Option<u32>,
    /// `Max Spans Per VD`.
    pub spans_per_virtual_drive: Option<u32>,
    /// `Max Arrays`.
    pub drive_groups: Option<u32>,
    /// `Max Number of VDs`.
    pub virtual_drives: Option<u32>,
    /// `Max Parallel Commands`.
    pub parallel_commands: Option<u32>,
    /// `Max SGE Count`: scatter-gather elements per command.
    pub scatter_gather_elements: Option<u32>,
    /// `Max Data Transfer Size`, in sectors.
    pub transfer_size_sectors: Option<u64>,
    /// `Max Strips PerIO`.
    pub strips_per_io: Option<u32>,
    /// `Max LD per array`.
    pub virtual_drives_per_drive_group: Option<u32>,
    /// `Min Strip Size`, in old builds `Min Stripe Size`.
    #[serde(rename = "min_strip_size_bytes")]
    pub min_strip_size: Option<Bytes>,
    /// `Max Strip Size`, in old builds `Max Stripe Size`.
    #[serde(rename = "max_strip_size_bytes")]
    pub max_strip_size: Option<Bytes>,
    /// `Max Configurable CacheCade Size`: read cache on solid state drives.
    #[serde(rename = "max_cachecade_size_bytes")]
    pub max_cachecade_size: Option<Bytes>,
    /// `Current Size of CacheCade`.
    #[serde(rename = "cachecade_size_bytes")]
    pub cachecade_size: Option<Bytes>,
    /// `Current Size of FW Cache`.
    #[serde(rename = "firmware_cache_size_bytes")]
    pub firmware_cache_size: Option<Bytes>,
}

/// Section `Supported Adapter Operations`. `deny_` means that the maker forbids it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ControllerOperations {
    /// `Rebuild Rate` can be set.
    pub rebuild_rate: Option<bool>,
    /// `CC Rate` can be set: consistency check.
    pub consistency_check_rate: Option<bool>,
    /// `BGI Rate` can be set: background initialisation.
    pub background_initialization_rate: Option<bool>,
    /// `Reconstruct Rate` can be set.
    pub reconstruction_rate: Option<bool>,
    /// `Patrol Read Rate` can be set.
    pub patrol_read_rate: Option<bool>,
    /// `Alarm Control`.
    pub alarm_control: Option<bool>,
    /// `Cluster Support`.
    pub cluster: Option<bool>,
    /// `BBU`: a battery can be used.
    pub bbu: Option<bool>,
    /// `Spanning`.
    pub spanning: Option<bool>,
    /// `Dedicated Hot Spare`.
    pub dedicated_hot_spares: Option<bool>,
    /// `Revertible Hot Spares`.
    pub revertible_hot_spares: Option<bool>,
    /// `Foreign Config Import`.
    pub foreign_import: Option<bool>,
    /// `Self Diagnostic`.
    pub self_diagnostic: Option<bool>,
    /// `Allow Mixed Redundancy on Array`: several RAID levels in one drive group.
    pub mixed_redundancy: Option<bool>,
    /// `Global Hot Spares`.
    pub global_hot_spares: Option<bool>,
    /// `Deny SCSI Passthrough`.
    pub deny_scsi_passthrough: Option<bool>,
    /// `Deny SMP Passthrough`.
    pub deny_smp_passthrough: Option<bool>,
    /// `Deny STP Passthrough`.
    pub deny_stp_passthrough: Option<bool>,
    /// `Support Security`: encryption keys.
    pub security: Option<bool>,
    /// `Snapshot Enabled`.
    pub snapshots: Option<bool>,
    /// `Support the OCE without adding drives`: online capacity expansion.
    pub expansion_without_adding_drives: Option<bool>,
    /// `Support PFK`: premium feature keys.
    pub premium_feature_keys: Option<bool>,
    /// `Support PI`: T10 protection information.
    pub protection_information: Option<bool>,
    /// `Support LDPI Type1`.
    pub protection_type_1: Option<bool>,
    /// `Support LDPI Type2`.
    pub protection_type_2: Option<bool>,
    /// `Support LDPI Type3`.
    pub protection_type_3: Option<bool>,
    /// `Support Boot Time PFK Change`.
    pub premium_feature_key_change_at_boot: Option<bool>,
    /// `Disable Online PFK Change`.
    pub disable_online_premium_feature_key_change: Option<bool>,
    /// `PFK TrailTime Remaining` of a key on trial.
    #[serde(rename = "premium_feature_key_trial_hours")]
    pub premium_feature_key_trial: Option<Hours>,
    /// `Support Shield State`: drives are diagnosed before they are given up.
    pub shield_state: Option<bool>,
    /// `Block SSD Write Disk Cache Change`.
    pub block_ssd_write_cache_change: Option<bool>,
}

/// Section `Supported VD Operations`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VirtualDriveOperations {
    /// `Read Policy` can be set.
    pub read_policy: Option<bool>,
    /// `Write Policy` can be set.
    pub write_policy: Option<bool>,
    /// `IO Policy` can be set.
    pub io_policy: Option<bool>,
    /// `Access Policy` can be set.
    pub access_policy: Option<bool>,
    /// `Disk Cache Policy` can be set.
    pub disk_cache_policy: Option<bool>,
    /// `Reconstruction`.
    pub reconstruction: Option<bool>,
    /// `Deny Locate`.
    pub deny_locate: Option<bool>,
    /// `Deny CC`: consistency check.
    pub deny_consistency_check: Option<bool>,
    /// `Allow Ctrl Encryption`.
    pub controller_encryption: Option<bool>,
    /// `Enable LDBBM`: bad block management of virtual drives.
    pub bad_block_management: Option<bool>,
    /// `Support Breakmirror`.
    pub break_mirror: Option<bool>,
    /// `Power Savings`.
    pub power_savings: Option<bool>,
}

/// Section `Supported PD Operations`. From `Disable Copyback` on it lists settings in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhysicalDriveOperations {
    /// `Force Online`.
    pub force_online: Option<bool>,
    /// `Force Offline`.
    pub force_offline: Option<bool>,
    /// `Force Rebuild`.
    pub force_rebuild: Option<bool>,
    /// `Deny Force Failed`.
    pub deny_force_failed: Option<bool>,
    /// `Deny Force Good/Bad`.
    pub deny_force_good_bad: Option<bool>,
    /// `Deny Missing Replace`.
    pub deny_missing_replace: Option<bool>,
    /// `Deny Clear`.
    pub deny_clear: Option<bool>,
    /// `Deny Locate`.
    pub deny_locate: Option<bool>,
    /// `Support Temperature`.
    pub temperature: Option<bool>,
    /// `NCQ`: native command queuing.
    pub native_command_queuing: Option<bool>,
    /// `Disable Copyback`.
    pub disable_copyback: Option<bool>,
    /// `Enable JBOD`.
    pub jbod: Option<bool>,
    /// `Enable Copyback on SMART`.
    pub copyback_on_smart: Option<bool>,
    /// `Enable Copyback to SSD on SMART Error`.
    pub copyback_to_ssd_on_smart: Option<bool>,
    /// `Enable SSD Patrol Read`.
    pub ssd_patrol_read: Option<bool>,
    /// `PR Correct Unconfigured Areas`: patrol read repairs areas outside any virtual drive.
    pub patrol_read_corrects_unconfigured_areas: Option<bool>,
    /// `Enable Spin Down of UnConfigured Drives`.
    pub spin_down_unconfigured: Option<bool>,
    /// `Disable Spin Down of hot spares`.
    pub disable_spin_down_hot_spares: Option<bool>,
    /// `Spin Down time`; `-AdpGetProp SpinDownTime` says that it is in minutes.
    #[serde(rename = "spin_down_time_minutes")]
    pub spin_down_time: Option<Minutes>,
    /// `T10 Power State`.
    pub t10_power_state: Option<bool>,
}

words! {
    /// Write policy of a new virtual drive.
    DefaultWritePolicy {
        /// Write back.
        WriteBack = "write_back": "WB",
        /// Write through.
        WriteThrough = "write_through": "WT",
    }
}

words! {
    /// Read policy of a new virtual drive.
    DefaultReadPolicy {
        /// No read-ahead.
        None = "none": "None" | "NORA",
        /// Read-ahead.
        ReadAhead = "read_ahead": "RA",
        /// Read-ahead while reads are sequential.
        Adaptive = "adaptive": "Adaptive" | "ADRA",
    }
}

words! {
    /// How the controller treats a drive's failure predictions.
    SmartMode {
        /// Not at all.
        Disabled = "disabled": "Disabled",
        /// Method 6 of the SCSI informational exceptions: reported on request.
        Mode6 = "mode_6": "Mode 6",
    }
}

words! {
    /// Which drives may be stopped.
    SpinDownMode {
        /// None.
        None = "none": "None",
        /// Drives inside the host.
        InternalOnly = "internal_only": "Internal Only",
    }
}

words! {
    /// Which drives are accepted.
    DeviceTypes {
        /// SAS and SATA.
        SasAndSata = "sas_and_sata": "SAS/SATA Mix",
        /// SAS only.
        Sas = "sas": "SAS Only" | "SAS",
        /// SATA only.
        Sata = "sata": "SATA Only" | "SATA",
    }
}

words! {
    /// Zero-channel RAID.
    ZeroChannelRaid {
        /// The tool does not know.
        Unknown = "unknown": "Unknown",
    }
}

words! {
    /// Whether the BIOS goes on after an error. New builds print the firmware's number.
    BiosContinue {
        /// It stops.
        No = "no": "No" | "0",
        /// It goes on.
        Yes = "yes": "Yes" | "1",
    }
}

words! {
    /// Whether drives that the maker did not certify are used.
    UncertifiedDrives {
        /// They are.
        Allow = "allow": "Allow",
        /// They are not.
        Block = "block": "Block",
    }
}

words! {
    /// Which power savings the maker offers, one restriction each.
    PowerSavings {
        /// All.
        All = "all": "All power saving options are enabled",
        /// None.
        None = "none": "All power saving options are disabled",
        /// Drives of virtual drives are not stopped by themselves.
        NotConfiguredDrives = "not_configured_drives": "Don't Auto spin down Configured Drives",
        /// Unconfigured drives are not stopped.
        NotUnconfiguredDrives = "not_unconfigured_drives": "Don't spin down unconfigured drives",
        /// Hot spares are not stopped.
        NotHotSpares = "not_hot_spares": "Don't spin down Hot spares",
        /// Single drives and virtual drives cannot be set apart from the others.
        AllDrivesAlike = "all_drives_alike":
            "Power settings apply to all drives - individual PD/LD power settings cannot be set",
        /// Maximum power savings are not allowed for virtual drives, only T10 power conditions.
        NotMaximum = "not_maximum":
            "Max power savings option is  not allowed for LDs. Only T10 power conditions are to be used.",
        /// Writes to virtual drives that stand still are not cached.
        NoCachedWrites = "no_cached_writes": "Cached writes are not used for spun down VDs",
        /// The controller can have times without power savings.
        Schedulable = "schedulable": "Can schedule disable power savings at controller level",
    }
}

/// Section `Default Settings`: what the maker chose for this board.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ControllerDefaults {
    /// `Phy Polarity`.
    pub phy_polarity: Option<u32>,
    /// `Phy PolaritySplit`.
    pub phy_polarity_split: Option<u32>,
    /// `Background Rate`: the tool prints no unit; the rates in force are percent.
    #[serde(rename = "background_rate_percent")]
    pub background_rate: Option<Percent>,
    /// `Strip Size`, in old builds `Stripe Size`.
    #[serde(rename = "strip_size_bytes")]
    pub strip_size: Option<Bytes>,
    /// `Flush Time`.
    #[serde(rename = "flush_time_seconds")]
    pub flush_time: Option<Seconds>,
    /// `Write Policy`.
    pub write_policy: Option<DefaultWritePolicy>,
    /// `Read Policy`.
    pub read_policy: Option<DefaultReadPolicy>,
    /// `Cache When BBU Bad`: write back although the battery is bad.
    pub cache_when_bbu_bad: Option<bool>,
    /// `Cached IO`.
    pub cached_io: Option<bool>,
    /// `SMART Mode`.
    pub smart_mode: Option<SmartMode>,
    /// `Alarm Disable`.
    pub alarm_disable: Option<bool>,
    /// `Coercion Mode`.
    pub coercion: Option<Coercion>,
    /// `ZCR Config`.
    pub zero_channel_raid: Option<ZeroChannelRaid>,
    /// `Dirty LED Shows Drive Activity`.
    pub dirty_led_shows_activity: Option<bool>,
    /// `BIOS Continue on Error`.
    pub bios_continue_on_error: Option<BiosContinue>,
    /// `Spin Down Mode`.
    pub spin_down_mode: Option<SpinDownMode>,
    /// `Allowed Device Type`.
    pub device_types: Option<DeviceTypes>,
    /// `Allow Mix in Enclosure`.
    pub mix_in_enclosure: Option<bool>,
    /// `Allow HDD SAS/SATA Mix in VD`.
    pub mix_hard_disks: Option<bool>,
    /// `Allow SSD SAS/SATA Mix in VD`.
    pub mix_solid_state: Option<bool>,
    /// `Allow HDD/SSD Mix in VD`, in old builds misprinted as `HDD/SAS`.
    pub mix_hard_disks_and_solid_state: Option<bool>,
    /// `Allow SATA in Cluster`.
    pub sata_in_cluster: Option<bool>,
    /// `Max Chained Enclosures`.
    pub max_chained_enclosures: Option<u32>,
    /// `Disable Ctrl-R`: the text configuration program at boot.
    pub disable_ctrl_r: Option<bool>,
    /// `Enable Web BIOS`: the graphical configuration program at boot.
    pub web_bios: Option<bool>,
    /// `Direct PD Mapping`: LEDs by drive, not by slot.
    pub direct_drive_mapping: Option<bool>,
    /// `BIOS Enumerate VDs`.
    pub bios_enumerates_virtual_drives: Option<bool>,
    /// `Restore Hot Spare on Insertion`.
    pub restore_hot_spare_on_insertion: Option<bool>,
    /// `Expose Enclosure Devices`.
    pub expose_enclosures: Option<bool>,
    /// `Maintain PD Fail History`.
    pub keep_failed_drive_history: Option<bool>,
    /// `Disable Puncturing`: unreadable blocks are not marked during a rebuild.
    pub disable_puncturing: Option<bool>,
    /// `Zero Based Enclosure Enumeration`.
    pub zero_based_enclosures: Option<bool>,
    /// `PreBoot CLI Enabled`.
    pub preboot_cli: Option<bool>,
    /// `LED Show Drive Activity`.
    pub led_shows_activity: Option<bool>,
    /// `Cluster Disable`.
    pub cluster_disable: Option<bool>,
    /// `SAS Disable`.
    pub sas_disable: Option<bool>,
    /// `Auto Detect BackPlane Enable`.
    pub backplane_detection: Option<Backplane>,
    /// `Use FDE Only`.
    pub use_fde_only: Option<bool>,
    /// `Enable Led Header`.
    pub led_header: Option<bool>,
    /// `Delay during POST`: the tool prints no unit.
    pub post_delay: Option<u32>,
    /// `EnableCrashDump`.
    pub crash_dump: Option<bool>,
    /// `Disable Online Controller Reset`.
    pub disable_online_controller_reset: Option<bool>,
    /// `EnableLDBBM`: bad block management of virtual drives.
    pub bad_block_management: Option<bool>,
    /// `Un-Certified Hard Disk Drives`.
    pub uncertified_drives: Option<UncertifiedDrives>,
    /// `Treat Single span R1E as R10`.
    pub treat_single_span_raid1e_as_raid10: Option<bool>,
    /// `Max LD per array`.
    pub virtual_drives_per_drive_group: Option<u32>,
    /// `Power Saving option` and the sentences behind it; empty where nothing is said.
    pub power_savings: Vec<PowerSavings>,
    /// `Default spin down time in minutes`.
    #[serde(rename = "spin_down_time_minutes")]
    pub spin_down_time: Option<Minutes>,
    /// `Enable JBOD`.
    pub jbod: Option<bool>,
    /// `TTY Log In Flash`: the firmware's log outlives a power cut.
    pub firmware_log_in_flash: Option<bool>,
    /// `Auto Enhanced Import`.
    pub auto_enhanced_import: Option<bool>,
    /// `BreakMirror RAID Support`.
    pub break_mirror: Option<bool>,
    /// `Disable Join Mirror`.
    pub disable_join_mirror: Option<bool>,
    /// `Enable Shield State`.
    pub shield_state: Option<bool>,
    /// `Time taken to detect CME`.
    #[serde(rename = "cme_detection_seconds")]
    pub cme_detection: Option<Seconds>,
}
