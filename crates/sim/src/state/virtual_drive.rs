//! Drive groups, virtual drives, hot spares and foreign configurations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::codes::codes;
use super::{DeviceId, Progress};

codes! {
    /// State of a virtual drive (`MR_LD_STATE`).
    VirtualState: u8 {
        /// Data is lost or out of reach.
        Offline = 0 "offline",
        /// One drive of RAID 6 or 60 is missing.
        PartiallyDegraded = 1 "partially_degraded",
        /// It works without redundancy.
        Degraded = 2 "degraded",
        /// All is well.
        #[default]
        Optimal = 3 "optimal",
    }
}

/// A drive group: drives that hold the spans of virtual drives together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Array {
    /// Its number.
    #[serde(alias = "ref")]
    pub reference: u16,
    /// Number of the newest event when it was made; 0 for one that was there from the beginning. Tells it
    /// from an earlier one with the same number.
    pub made_after: u32,
    /// Sectors of each member that belong to it.
    pub size: u64,
    /// Device ids by arm; `None` where the drive is missing.
    pub members: Vec<Option<DeviceId>>,
    /// Bays (enclosure and slot) of the drives that arms have lost, by arm: a drive inserted there is
    /// taken for the replacement.
    pub homes: BTreeMap<usize, Vec<(u16, u8)>>,
}

impl Array {
    /// A drive inserted into `bay` is a replacement for what `arm` lost.
    pub fn add_home(&mut self, arm: usize, bay: (u16, u8)) {
        let homes = self.homes.entry(arm).or_default();
        if !homes.contains(&bay) {
            homes.push(bay);
        }
    }

    /// The bay of the drive that `arm` lost last.
    pub fn home(&self, arm: usize) -> Option<(u16, u8)> {
        self.homes.get(&arm)?.last().copied()
    }

    /// Whether a drive in `bay` is a replacement for what `arm` lost.
    pub fn is_home(&self, arm: usize, bay: (u16, u8)) -> bool {
        self.homes
            .get(&arm)
            .is_some_and(|homes| homes.contains(&bay))
    }
}

/// A part of a virtual drive: a stretch of a drive group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Span {
    /// Number of the drive group.
    pub array: u16,
    /// First sector on each member.
    pub start: u64,
    /// Sectors on each member.
    pub size: u64,
}

/// Bits of the cache policy (`MR_LD_CACHE`).
pub mod cache {
    /// Writes are acknowledged from the cache.
    pub const WRITE_BACK: u8 = 0x01;
    /// Adaptive write.
    pub const WRITE_ADAPTIVE: u8 = 0x02;
    /// Read ahead.
    pub const READ_AHEAD: u8 = 0x04;
    /// Adaptive read ahead.
    pub const READ_ADAPTIVE: u8 = 0x08;
    /// Write-back even without a working battery.
    pub const WRITE_WITHOUT_BATTERY: u8 = 0x10;
    /// Writes through cached I/O allowed.
    pub const ALLOW_WRITE: u8 = 0x20;
    /// Reads through cached I/O allowed.
    pub const ALLOW_READ: u8 = 0x40;
}

/// What runs on a virtual drive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VirtualActivities {
    /// Consistency check.
    pub consistency_check: Option<Progress>,
    /// Background initialization.
    pub background_initialization: Option<Progress>,
    /// Foreground initialization.
    pub foreground_initialization: Option<Progress>,
    /// Reconstruction: expansion or migration of the level.
    pub reconstruction: Option<Progress>,
}

/// A virtual drive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VirtualDrive {
    /// Target id.
    #[serde(alias = "tgt")]
    pub target: u16,
    /// Counts changes of state.
    #[serde(alias = "seq")]
    pub sequence: u16,
    /// Name, up to 15 characters.
    pub name: String,
    /// Cache policy as configured: bits of [`cache`].
    #[serde(alias = "defcache")]
    pub default_cache: u8,
    /// Cache policy in force.
    #[serde(alias = "curcache")]
    pub current_cache: u8,
    /// Access policy: 0 read and write, 2 read only, 3 blocked.
    pub access: u8,
    /// Cache of the members: 0 as the drives have it, 1 enabled, 2 disabled.
    pub disk_cache: u8,
    /// Power savings: 0 as the controller has it, 1 automatic, 2 none, 3 maximum, 4 maximum without
    /// caching.
    pub power_policy: u8,
    /// Whether background initialization is switched off.
    pub no_background_initialization: bool,
    /// Encryption: 0 none, otherwise on.
    pub encryption: u8,
    /// Primary RAID level of the DDF standard.
    #[serde(alias = "prl")]
    pub primary_level: u8,
    /// RAID level qualifier of the DDF standard.
    #[serde(alias = "rlq")]
    pub level_qualifier: u8,
    /// Secondary RAID level of the DDF standard.
    #[serde(alias = "srl")]
    pub secondary_level: u8,
    /// Strip size: a sector of the members shifted left by this.
    #[serde(alias = "stripe")]
    pub strip_size: u8,
    /// Drives per span.
    #[serde(alias = "ndrv")]
    pub drives_per_span: u8,
    /// Number of spans.
    #[serde(alias = "spandepth")]
    pub span_depth: u8,
    /// State.
    pub state: VirtualState,
    /// How it was initialized: 0 not, 1 fast, 2 full.
    #[serde(alias = "init")]
    pub initialized: u8,
    /// Whether data and parity are known to agree.
    #[serde(alias = "consistent")]
    pub is_consistent: bool,
    /// Sectors.
    pub size: u64,
    /// Where it lies.
    pub spans: Vec<Span>,
    /// Whether it caches other virtual drives (CacheCade).
    #[serde(alias = "sscd")]
    pub is_cachecade: bool,
    /// Whether no CacheCade caches it although there is one.
    pub is_uncached: bool,
    /// When the background initialization begins; absent if none is due.
    pub background_due: Option<u32>,
    /// Primary level, qualifier and secondary level of the DDF standard that it has after the
    /// reconstruction that is running.
    pub next_level: Option<(u8, u8, u8)>,
    /// Whether it holds blocks that a rebuild could not restore (a punctured stripe).
    pub has_bad_blocks: bool,
    /// What runs on it.
    pub activities: VirtualActivities,
}

impl Default for VirtualDrive {
    fn default() -> Self {
        Self {
            target: 0,
            sequence: 1,
            name: String::new(),
            default_cache: cache::WRITE_BACK | cache::READ_AHEAD | cache::ALLOW_WRITE,
            current_cache: cache::WRITE_BACK | cache::READ_AHEAD | cache::ALLOW_WRITE,
            access: 0,
            disk_cache: 0,
            power_policy: 0,
            no_background_initialization: false,
            encryption: 0,
            primary_level: 0,
            level_qualifier: 0,
            secondary_level: 0,
            strip_size: 7,
            drives_per_span: 0,
            span_depth: 1,
            state: VirtualState::default(),
            initialized: 0,
            is_consistent: true,
            size: 0,
            spans: Vec::new(),
            is_cachecade: false,
            is_uncached: false,
            background_due: None,
            next_level: None,
            has_bad_blocks: false,
            activities: VirtualActivities::default(),
        }
    }
}

/// A hot spare.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spare {
    /// The drive.
    #[serde(alias = "dev")]
    pub device_id: DeviceId,
    /// Bits: 0 dedicated, 1 revertible, 2 enclosure affinity.
    #[serde(alias = "type")]
    pub kind: u8,
    /// The drive groups that a dedicated spare serves.
    pub arrays: Vec<u16>,
}

impl Spare {
    /// Bit of [`Spare::kind`]: it serves certain drive groups only.
    pub const DEDICATED: u8 = 0x01;
    /// Bit of [`Spare::kind`]: it becomes a spare again when the failed drive is replaced.
    pub const REVERTIBLE: u8 = 0x02;
    /// Bit of [`Spare::kind`]: it prefers drives in its own enclosure.
    pub const ENCLOSURE_AFFINITY: u8 = 0x04;

    /// Whether it serves certain drive groups only.
    pub fn is_dedicated(&self) -> bool {
        self.kind & Self::DEDICATED != 0
    }
}

/// Drive groups as MegaCLI numbers them: arrays that a virtual drive spans are one, the place in it is
/// the span. An array without virtual drives is a group of its own.
pub fn disk_groups(arrays: &[Array], drives: &[VirtualDrive]) -> Vec<Vec<u16>> {
    let groups = arrays.iter().filter_map(|array| {
        let spans = drives.iter().map(|drive| &drive.spans);
        let mut spans = spans.filter(|spans| spans.iter().any(|it| it.array == array.reference));
        match spans.next() {
            Some(spans) if spans.first()?.array == array.reference => {
                Some(spans.iter().map(|span| span.array).collect())
            }
            Some(_) => None,
            None => Some(vec![array.reference]),
        }
    });
    groups.collect()
}

/// A configuration that drives brought from another controller.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForeignConfiguration {
    /// Who made it.
    pub guid: String,
    /// Its drive groups.
    pub arrays: Vec<Array>,
    /// Its virtual drives.
    pub virtual_drives: Vec<VirtualDrive>,
    /// Its hot spares.
    pub spares: Vec<Spare>,
}
