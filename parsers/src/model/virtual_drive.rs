//! A virtual drive, its members and what MegaCLI says about it.

use std::fmt;

use serde::Serialize;

use super::{Arm, DriveAddress, Operation, PhysicalDrive, ProtectionType, TargetId, words};
use crate::units::{Bytes, Percent, Seconds};

words! {
    /// The firmware's state of a virtual drive.
    VirtualDriveState {
        /// Every member works.
        Optimal = "optimal": "Optimal",
        /// A member is lost and redundancy is left: RAID 6 and 60 only.
        PartiallyDegraded = "partially_degraded": "Partially Degraded",
        /// No redundancy is left in at least one span.
        Degraded = "degraded": "Degraded",
        /// Too many members are lost: the host cannot use it.
        Offline = "offline": "Offline",
    }
}

words! {
    /// The RAID level in the field's terms.
    RaidLevel {
        /// Striped, no redundancy.
        Raid0 = "raid0": "RAID 0",
        /// Mirrored pair.
        Raid1 = "raid1": "RAID 1",
        /// One span of more than two drives with every strip on two of them.
        Raid1E = "raid1e": "RAID 1E",
        /// Striped with one parity.
        Raid5 = "raid5": "RAID 5",
        /// Striped with two parities.
        Raid6 = "raid6": "RAID 6",
        /// RAID 0 spans, striped together.
        Raid00 = "raid00": "RAID 00",
        /// RAID 1 spans, striped together.
        Raid10 = "raid10": "RAID 10",
        /// RAID 5 spans, striped together.
        Raid50 = "raid50": "RAID 50",
        /// RAID 6 spans, striped together.
        Raid60 = "raid60": "RAID 60",
    }
}

/// `Primary-5, Secondary-0, RAID Level Qualifier-3`: the RAID level in the numbers of the SNIA disk
/// data format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RaidLayout {
    /// The level inside a span.
    pub primary: u32,
    /// How spans are joined; the firmware also leaves it 0 for more than one span.
    pub secondary: u32,
    /// The arrangement inside a span; not printed for CacheCade drives.
    pub qualifier: Option<u32>,
}

impl RaidLayout {
    /// The RAID level of `span_depth` spans with `drives_per_span` drives each. `None` where the
    /// number of spans would decide and is not known.
    pub fn level(self, span_depth: Option<u32>, drives_per_span: Option<u32>) -> Option<RaidLevel> {
        let spanned = match (self.secondary, span_depth) {
            (3, _) => true,
            (_, depth) => depth? > 1,
        };
        Some(match (self.primary, spanned) {
            (0, false) => RaidLevel::Raid0,
            (0, true) => RaidLevel::Raid00,
            // MegaCLI prints level 0x11 (1E) as "Primary-1" as well; the number of drives tells.
            (1, false) if drives_per_span.is_some_and(|drives| drives > 2) => RaidLevel::Raid1E,
            (1, false) => RaidLevel::Raid1,
            (1 | 0x11, true) => RaidLevel::Raid10,
            (0x11, false) => RaidLevel::Raid1E,
            (5, false) => RaidLevel::Raid5,
            (5, true) => RaidLevel::Raid50,
            (6, false) => RaidLevel::Raid6,
            (6, true) => RaidLevel::Raid60,
            _ => RaidLevel::Other(self.to_string()),
        })
    }
}

impl fmt::Display for RaidLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Primary-{}, Secondary-{}", self.primary, self.secondary)?;
        match self.qualifier {
            Some(qualifier) => write!(f, ", RAID Level Qualifier-{qualifier}"),
            None => Ok(()),
        }
    }
}

words! {
    /// When a write counts as done.
    WritePolicy {
        /// Once it is in the controller's cache.
        WriteBack = "write_back": "WriteBack" | "Write Back",
        /// Once it is on the drives.
        WriteThrough = "write_through": "WriteThrough" | "Write Through",
        /// In the cache even without a working battery.
        AlwaysWriteBack = "always_write_back": "AlwaysWriteBack" | "Always WriteBack" | "Always Write Back"
            | "Force WriteBack" | "Forced WriteBack",
    }
}

words! {
    /// Whether the controller reads more than was asked for.
    ReadPolicy {
        /// It does.
        ReadAhead = "read_ahead": "ReadAhead" | "Read Ahead",
        /// It does while reads are sequential.
        AdaptiveReadAhead = "adaptive_read_ahead": "ReadAdaptive" | "Adaptive ReadAhead",
        /// It does not.
        NoReadAhead = "no_read_ahead": "ReadAheadNone" | "No ReadAhead",
    }
}

words! {
    /// Whether reads fill the controller's cache.
    IoPolicy {
        /// They do not.
        Direct = "direct": "Direct",
        /// They do.
        Cached = "cached": "Cached",
    }
}

/// `WriteBack, ReadAhead, Direct, No Write Cache if Bad BBU`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CachePolicy {
    /// Write policy.
    pub write: Option<WritePolicy>,
    /// Read policy.
    pub read: Option<ReadPolicy>,
    /// I/O policy.
    pub io: Option<IoPolicy>,
    /// Whether the write cache stays on without a working battery: a power cut then loses data.
    pub write_cache_with_bad_battery: Option<bool>,
}

words! {
    /// What the host may do with a virtual drive.
    AccessPolicy {
        /// Read and write.
        ReadWrite = "read_write": "Read/Write" | "Read-Write" | "ReadWrite",
        /// Read.
        ReadOnly = "read_only": "Read Only" | "Read-Only" | "ReadOnly",
        /// Nothing.
        Blocked = "blocked": "Blocked",
    }
}

words! {
    /// Whether the members' own write caches are on.
    DiskCachePolicy {
        /// As each drive has it.
        DiskDefault = "disk_default": "Disk's Default" | "Disk''s Default" | "Disks Default",
        /// On.
        Enabled = "enabled": "Enabled",
        /// Off.
        Disabled = "disabled": "Disabled",
    }
}

words! {
    /// Who encrypts.
    EncryptionType {
        /// Nobody.
        None = "none": "None",
        /// The drives.
        Fde = "fde": "FDE",
        /// The controller.
        Controller = "controller": "Controller Based",
        /// As each drive has it.
        DiskDefault = "disk_default": "Disk's Default",
    }
}

words! {
    /// When the members may stop turning.
    PowerSavingPolicy {
        /// Never.
        None = "none": "None",
        /// As the controller has it.
        ControllerDefined = "controller_defined": "Controller Defined",
        /// The firmware decides.
        Automatic = "automatic": "Automatic" | "Auto",
        /// As much as possible.
        Maximum = "maximum": "Maximum" | "Max",
        /// As much as possible without caching writes.
        MaximumWithoutCaching = "maximum_without_caching": "Maximum without caching",
    }
}

words! {
    /// What a CacheCade drive caches.
    CacheCadeType {
        /// Reads.
        ReadOnly = "read_only": "Read Only",
        /// Reads and writes.
        ReadAndWrite = "read_and_write": "Read and Write" | "Read/Write",
    }
}

words! {
    /// Why a foreign virtual drive would not be imported.
    ImportObstacle {
        /// Drives of the foreign configuration are not there.
        DrivesMissing = "drives_missing": "One or more drives are missing.",
    }
}

/// A place in a span, which may be empty.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Member {
    /// `PD: 0 Information` or `Physical Disk: 0`: the place in the span.
    pub arm: Arm,
    /// The drive; `None` where the member is missing.
    pub drive: Option<PhysicalDrive>,
}

/// A span of a virtual drive with its members, missing ones included.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Span {
    /// The number, from 0.
    pub number: u32,
    /// The members, in order.
    pub members: Vec<Member>,
}

/// A virtual drive. A field is `None` where the tool did not print it or printed `N/A`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VirtualDrive {
    /// `Virtual Drive: 0`: its place in the output. Not a name: see `target_id`.
    pub number: Option<u32>,
    /// `Target Id`: what `-LN` names, and the SCSI target on the host.
    pub target_id: Option<TargetId>,
    /// Whether it is a CacheCade drive: a cache on flash in front of other virtual drives.
    pub is_cachecade: bool,
    /// `Name`; absent where none was given.
    pub name: Option<String>,
    /// `RAID Level`, as printed.
    pub layout: Option<RaidLayout>,
    /// The RAID level, from the layout and the spans.
    pub raid_level: Option<RaidLevel>,
    /// `Size`, rounded down by the tool.
    #[serde(rename = "size_bytes")]
    pub size: Option<Bytes>,
    /// `Sector Size`.
    #[serde(rename = "sector_size_bytes")]
    pub sector_size: Option<Bytes>,
    /// `Parity Size`, rounded down by the tool: what redundancy takes beside `size`.
    #[serde(rename = "parity_size_bytes")]
    pub parity_size: Option<Bytes>,
    /// `Mirror Data`, rounded down by the tool: what redundancy takes beside `size`.
    #[serde(rename = "mirror_size_bytes")]
    pub mirror_size: Option<Bytes>,
    /// `State`. Some builds do not print it for CacheCade drives.
    pub state: Option<VirtualDriveState>,
    /// `Strip Size` or `Stripe Size`: what one drive holds of a stripe.
    #[serde(rename = "strip_size_bytes")]
    pub strip_size: Option<Bytes>,
    /// `Number Of Drives` or `Number Of Drives per span`: both count one span.
    pub drives_per_span: Option<u32>,
    /// `Span Depth`: the number of spans.
    pub span_depth: Option<u32>,
    /// `Default Cache Policy`: what was asked for.
    pub default_cache: Option<CachePolicy>,
    /// `Current Cache Policy`: what holds now; without a working battery it falls to write-through.
    pub current_cache: Option<CachePolicy>,
    /// `Access Policy`: the only one that older builds print.
    pub access: Option<AccessPolicy>,
    /// `Default Access Policy`.
    pub default_access: Option<AccessPolicy>,
    /// `Current Access Policy`.
    pub current_access: Option<AccessPolicy>,
    /// `Disk Cache Policy`.
    pub disk_cache: Option<DiskCachePolicy>,
    /// `Ongoing Progresses`; empty where nothing runs.
    pub operations: Vec<Operation>,
    /// `Encryption Type`.
    pub encryption: Option<EncryptionType>,
    /// `Default Power Savings Policy`.
    pub default_power_saving: Option<PowerSavingPolicy>,
    /// `Current Power Savings Policy`.
    pub current_power_saving: Option<PowerSavingPolicy>,
    /// `Can spin up in 1 minute`.
    pub spins_up_in_one_minute: Option<bool>,
    /// `LD has drives that support T10 power conditions`.
    pub t10_power_conditions: Option<bool>,
    /// `LD's IO profile supports MAX power savings with cached writes`.
    pub power_saving_with_cached_writes: Option<bool>,
    /// `Bad Blocks Exist`: sectors whose data are lost.
    pub bad_blocks: Option<bool>,
    /// `PI type`.
    pub protection: Option<ProtectionType>,
    /// `Is VD emulated`: it shows the host other sectors than its members have.
    pub emulated: Option<bool>,
    /// `Is VD Cached`: a CacheCade drive stands before it.
    pub cached: Option<bool>,
    /// `Cache Cade Type`.
    pub cachecade_type: Option<CacheCadeType>,
    /// `Target Id of the Associated LDs`: the virtual drives that this CacheCade drive serves.
    pub associated: Vec<TargetId>,
    /// `Number of Dedicated Hot Spares` and the list behind it.
    pub dedicated_hot_spares: Vec<DriveAddress>,
    /// Why the virtual drive would not be imported (`-CfgForeign -Preview`).
    pub import_obstacle: Option<ImportObstacle>,
    /// The spans with their members (`-LdPdInfo`); empty in outputs that do not list them.
    pub spans: Vec<Span>,
}

impl VirtualDrive {
    /// The number of members that the virtual drive should have.
    pub fn drive_count(&self) -> Option<u32> {
        self.drives_per_span?.checked_mul(self.span_depth?)
    }

    /// The access policy that holds.
    pub fn access_policy(&self) -> Option<&AccessPolicy> {
        self.current_access
            .as_ref()
            .or(self.access.as_ref())
            .or(self.default_access.as_ref())
    }
}

/// What `-LDGetProp` says of one virtual drive: one property per run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VirtualDriveProperties {
    /// Its place in the controller's list.
    pub number: Option<u32>,
    /// Target id.
    pub target_id: Option<TargetId>,
    /// `Cache Policy` that holds now (`-Cache`).
    pub cache: Option<CachePolicy>,
    /// `Access Policy` that was asked for (`-Access`).
    pub access: Option<AccessPolicy>,
    /// `Current Access Policy` (`-Access`).
    pub current_access: Option<AccessPolicy>,
    /// `Name`; absent where none was given (`-Name`).
    pub name: Option<String>,
    /// `Disk Write Cache` (`-DskCache`).
    pub disk_cache: Option<DiskCachePolicy>,
    /// `Default power saving policy` (`-PSPolicy`).
    pub default_power_saving: Option<PowerSavingPolicy>,
    /// `Current power saving policy` (`-PSPolicy`).
    pub current_power_saving: Option<PowerSavingPolicy>,
    /// Whether redundancy was found to agree with the data (`-Consistency`).
    pub consistent: Option<bool>,
}

/// Whether background initialisation is allowed on a virtual drive (`-LDBI -getSetting`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackgroundInitializationSetting {
    /// Its place in the controller's list.
    pub number: u32,
    /// Target id.
    pub target_id: TargetId,
    /// Whether it is allowed.
    pub enabled: bool,
}

/// One row of the screen that `-ProgDsply` paints. It does not say which operation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScreenProgress {
    /// The virtual drive.
    pub virtual_drive: TargetId,
    /// The part that is done.
    #[serde(rename = "percent")]
    pub done: Percent,
    /// Time since it started.
    #[serde(rename = "elapsed_seconds")]
    pub elapsed: Seconds,
}

words! {
    /// Why a virtual drive's data are pinned in the controller's cache.
    PreservedCacheState {
        /// The virtual drive is off line.
        Offline = "offline": "Offline",
        /// The virtual drive is gone.
        Missing = "missing": "Missing",
    }
}

/// Data of a virtual drive that the controller keeps in its cache because it cannot write them
/// (`-GetPreservedCacheList`). Discarding them loses them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreservedCache {
    /// Target id.
    pub target_id: TargetId,
    /// Its place in the controller's list; absent for a missing virtual drive.
    pub number: Option<u32>,
    /// Name; absent where none was given, and for a missing virtual drive.
    pub name: Option<String>,
    /// Size of the virtual drive; absent for a missing one.
    #[serde(rename = "size_bytes")]
    pub size: Option<Bytes>,
    /// Why the data are kept.
    pub state: PreservedCacheState,
}
