//! Where the memory of a whole host is, as its kernel says. [`super::balance`] makes lines of it that add up.
//!
//! The crate sysinfo is not used: it reads no other root than `/proc`, and has none of these figures beside
//! total, free and available. Of procfs (the crate) only mounts are read; the modules say why.

mod meminfo;

use std::io;
use std::path::Path;

use serde::Serialize;

use crate::host::DeviceNumber;
pub use meminfo::Figures;
pub(super) use meminfo::plausible;

/// The memory of a host at one moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct HostMemory {
    /// What the kernel prints in `meminfo`.
    pub figures: Figures,
    /// Free pages that each CPU keeps for itself, in bytes: they are not in `MemFree` (`zoneinfo`).
    #[serde(rename = "cpu_lists_bytes")]
    pub cpu_lists: Option<u64>,
    /// Pools of huge pages of hugetlbfs, by size; empty if the kernel has none.
    pub huge_pages: Vec<HugePages>,
    /// File systems in memory that this process can see, largest first.
    pub tmpfs: Vec<Tmpfs>,
    /// Segments of System V shared memory; `None` where they cannot be read.
    pub segments: Option<Vec<Segment>>,
    /// Compressed block devices in memory that hold something.
    pub zram: Vec<Zram>,
    /// The compressed cache before swap space; `None` if the kernel has none.
    pub zswap: Option<Zswap>,
    /// The cache of ZFS; `None` if it is not loaded.
    pub arc: Option<Arc>,
    /// How much time is lost to lack of memory.
    pub pressure: Pressure,
    /// What has happened since the host was started.
    pub counters: Counters,
    /// How much programs may reserve.
    pub overcommit: Option<Overcommit>,
    /// NUMA nodes, by number; empty where the kernel names none.
    pub nodes: Vec<Node>,
    /// What could not be read, in words.
    pub unread: Vec<String>,
}

/// A pool of huge pages of one size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct HugePages {
    /// How large a page is, in bytes.
    #[serde(rename = "page_bytes")]
    pub page: u64,
    /// Pages that there are, surplus ones included (`nr_hugepages`).
    pub pages: Option<u64>,
    /// Those of them that hold nothing (`free_hugepages`).
    pub free: Option<u64>,
    /// Free ones that are promised to somebody (`resv_hugepages`).
    pub reserved: Option<u64>,
    /// Those beyond what was configured (`surplus_hugepages`).
    pub surplus: Option<u64>,
}

/// A file system in memory, once, however often it is mounted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Tmpfs {
    /// Where it is mounted first.
    pub point: String,
    /// Its device number.
    pub device: DeviceNumber,
    /// What its files occupy, in memory and in swap space; `None` where that is not known: the host is
    /// not this one, something is mounted over it, or it has no limit and therefore does not count.
    #[serde(rename = "used_bytes")]
    pub used: Option<u64>,
}

/// A segment of System V shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Segment {
    /// Its number.
    pub id: i64,
    /// How large it is, touched or not.
    #[serde(rename = "size_bytes")]
    pub size: u64,
    /// What of it is in memory, in pages of hugetlbfs or others.
    #[serde(rename = "rss_bytes")]
    pub rss: u64,
    /// What of it is in swap space.
    #[serde(rename = "swap_bytes")]
    pub swap: u64,
}

/// A compressed block device in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Zram {
    /// Its name (`zram0`).
    pub device: String,
    /// How much can be put on it (`disksize`).
    #[serde(rename = "size_bytes")]
    pub size: Option<u64>,
    /// What was put on it, before compression (`orig_data_size`).
    #[serde(rename = "stored_bytes")]
    pub stored: u64,
    /// What it occupies (`mem_used_total`).
    #[serde(rename = "used_bytes")]
    pub used: u64,
}

/// The compressed cache before swap space. How large it is: [`Figures::zswap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Zswap {
    /// Whether pages are put into it.
    pub enabled: bool,
    /// How much of the host's memory it may take, in percent.
    pub max_pool_percent: Option<u64>,
}

/// The cache of ZFS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Arc {
    /// How large it is, with what it needs to know of its content (`size`).
    #[serde(rename = "size_bytes")]
    pub size: u64,
    /// Below which it does not shrink (`c_min`).
    #[serde(rename = "min_bytes")]
    pub min: Option<u64>,
    /// Above which it does not grow (`c_max`).
    #[serde(rename = "max_bytes")]
    pub max: Option<u64>,
    /// The pages that it has of its own: the rest of it is in slab and vmalloc (`abdstats`, ZFS 0.7).
    #[serde(rename = "pages_bytes")]
    pub pages: Option<u64>,
}

/// How much time is lost to lack of memory (PSI).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(tag = "known", rename_all = "snake_case")]
pub enum Pressure {
    /// The kernel measures it.
    Measured {
        /// At least one task waited.
        some: Stall,
        /// All tasks that had work waited.
        full: Stall,
    },
    /// The kernel could, and was told not to (`psi=0`).
    Disabled,
    /// The kernel is older than 4.20 or built without it.
    #[default]
    Absent,
    /// The answer could not be read or understood.
    Failed,
}

/// How much of the time tasks waited for memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Stall {
    /// Of the last 10 seconds, in percent.
    #[serde(rename = "avg10_percent")]
    pub avg10: f64,
    /// Of the last minute, in percent.
    #[serde(rename = "avg60_percent")]
    pub avg60: f64,
    /// Of the last five minutes, in percent.
    #[serde(rename = "avg300_percent")]
    pub avg300: f64,
    /// Since the host was started, in microseconds.
    #[serde(rename = "total_microseconds")]
    pub total: u64,
}

/// What has happened since the host was started (`vmstat`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Counters {
    /// Processes that the kernel killed for want of memory (`oom_kill`, Linux 4.13).
    pub oom_kills: Option<u64>,
    /// Allocations that had to wait until others' memory was taken back (`allocstall`, all zones).
    pub allocation_stalls: Option<u64>,
    /// Pages read from swap space (`pswpin`).
    pub swapped_in_pages: Option<u64>,
    /// Pages written to swap space (`pswpout`).
    pub swapped_out_pages: Option<u64>,
}

/// How much programs may reserve (`vm.overcommit_memory`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overcommit {
    /// All but what is plainly too much (0).
    Heuristic,
    /// Whatever they ask for (1).
    Always,
    /// As much as `CommitLimit` (2).
    Strict,
}

/// A NUMA node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Node {
    /// Its number.
    pub number: u32,
    /// Its memory; 0 if it has CPUs only.
    #[serde(rename = "total_bytes")]
    pub total: Option<u64>,
    /// What of it is used for nothing.
    #[serde(rename = "free_bytes")]
    pub free: Option<u64>,
    /// Huge pages of hugetlbfs on it, by size.
    #[serde(rename = "hugetlb_bytes")]
    pub hugetlb: Option<u64>,
}

/// Reads the memory of the host whose procfs and sysfs are these.
///
/// How full file systems in memory are is asked of this host alone, where `procfs` is `/proc`.
pub fn read(procfs: &Path, sysfs: &Path) -> HostMemory {
    let mut memory = HostMemory::default();
    let _ = sysfs;
    match file(&procfs.join("meminfo")) {
        Ok(text) => memory.figures = Figures::read(&text, &mut memory.unread),
        Err(error) => memory.unread.push(error.to_string()),
    }
    memory
}

fn file(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}
