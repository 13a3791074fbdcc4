//! Where the memory of a whole host is, as its kernel says. [`super::balance`] makes lines of it that add up.
//!
//! The crate sysinfo is not used: it reads no other root than `/proc`, and of all these figures it has
//! three. Of the crate procfs only mounts are read; the modules say why.

mod counters;
mod meminfo;
mod pools;
mod shared;
#[cfg(test)]
pub(in crate::memory) mod tests;

use std::io;
use std::path::Path;

use serde::Serialize;

use crate::host::sysfs as attributes;
pub use counters::{Counters, Overcommit, Pressure, Stall};
pub use meminfo::Figures;
pub(super) use meminfo::plausible;
pub use pools::{HugePages, ZfsCache, Zram, Zswap};
pub use shared::{Segment, Tmpfs};

/// The memory of a host at one moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct HostMemory {
    /// What the kernel prints in `meminfo`.
    pub figures: Figures,
    /// Free pages that CPUs keep at hand, in bytes: they are not in `MemFree` (`zoneinfo`).
    #[serde(rename = "cpu_lists_bytes")]
    pub cpu_lists: Option<u64>,
    /// Pools of huge pages of hugetlbfs, by size; empty if the kernel has none.
    pub huge_pages: Vec<HugePages>,
    /// File systems in memory that this process can see, largest first; `None` where mounts cannot be
    /// read.
    pub tmpfs: Option<Vec<Tmpfs>>,
    /// Segments of System V shared memory that this process can see; `None` where they cannot be read.
    pub segments: Option<Vec<Segment>>,
    /// Compressed block devices in memory that are set up.
    pub zram: Vec<Zram>,
    /// The compressed cache before swap space; `None` if the kernel has none.
    pub zswap: Option<Zswap>,
    /// The cache of ZFS; `None` if ZFS is not loaded.
    pub arc: Option<ZfsCache>,
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

/// A NUMA node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Node {
    /// Its number.
    pub number: u32,
    /// Its memory; 0 if it has CPUs only.
    #[serde(rename = "total_bytes")]
    pub total: Option<u64>,
    /// What of it is used for nothing.
    #[serde(rename = "free_bytes")]
    pub free: Option<u64>,
    /// Its huge pages of hugetlbfs, by size.
    pub huge_pages: Vec<HugePages>,
}

/// Reads the memory of the host whose procfs and sysfs are these.
///
/// How full file systems in memory are is asked of this host alone, where `procfs` is `/proc`.
pub fn read(procfs: &Path, sysfs: &Path) -> HostMemory {
    let live: shared::AskUse<'_> = &shared::ask_kernel;
    read_asking(
        procfs,
        sysfs,
        (procfs == Path::new("/proc")).then_some(live),
    )
}

/// Reads it; `ask` says how full a file system is.
fn read_asking(procfs: &Path, sysfs: &Path, ask: Option<shared::AskUse<'_>>) -> HostMemory {
    let mut files = Files { unread: Vec::new() };
    let meminfo = procfs.join("meminfo");
    let figures = files
        .bytes(&meminfo)
        .map(|text| files.naming(&meminfo, |unread| Figures::understand(&text, unread)))
        .unwrap_or_default();
    if figures.total.is_none() {
        let path = meminfo.display();
        files.unread.push(format!("{path}: no MemTotal"));
    }
    let mounts = procfs.join("self/mountinfo");
    let tmpfs = files
        .bytes(&mounts)
        .map(|text| files.naming(&mounts, |unread| shared::tmpfs(&text, ask, unread)));
    let vmstat = procfs.join("vmstat");
    let shm = procfs.join("sysvipc/shm");
    let segments = files
        .bytes(&shm)
        .and_then(|text| files.naming(&shm, |unread| shared::segments(&text, unread)));
    let pressure = procfs.join("pressure/memory");
    let pressure = files.naming(&pressure, |unread| {
        Pressure::understand(std::fs::read(&pressure), unread)
    });
    let kstat = procfs.join("spl/kstat/zfs");
    let abdstats = files.bytes(&kstat.join("abdstats"));
    let arc = files.value(&kstat.join("arcstats"), |text| {
        pools::arc(text, abdstats.as_deref())
    });
    HostMemory {
        figures,
        cpu_lists: files.value(&procfs.join("zoneinfo"), |text| {
            counters::cpu_lists(text, figures.total?)
        }),
        huge_pages: huge_pages(sysfs, &figures, &mut files.unread),
        tmpfs,
        segments,
        zram: pools::zram(sysfs, &mut files.unread),
        zswap: pools::zswap(sysfs, &mut files.unread),
        arc,
        pressure,
        counters: files
            .bytes(&vmstat)
            .map(|text| files.naming(&vmstat, |unread| Counters::understand(&text, unread)))
            .unwrap_or_default(),
        overcommit: files.value(
            &procfs.join("sys/vm/overcommit_memory"),
            Overcommit::understand,
        ),
        nodes: nodes(sysfs, &mut files),
        unread: files.unread,
    }
}

/// Files, and what could not be read of them.
struct Files {
    unread: Vec<String>,
}

impl Files {
    /// A file's content; `None` where it does not exist, or cannot be read, which is noted.
    fn bytes(&mut self, path: &Path) -> Option<Vec<u8>> {
        match std::fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                self.unread.push(format!("{}: {error}", path.display()));
                None
            }
        }
    }

    /// What is made of a file's content; `None` where it does not exist, or is not understood, which is
    /// noted.
    fn value<T>(&mut self, path: &Path, understand: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let value = understand(&self.bytes(path)?);
        if value.is_none() {
            self.unread.push(not_understood(path));
        }
        value
    }

    /// Lets `understand` note what it cannot, under the name of the file.
    fn naming<T>(&mut self, path: &Path, understand: impl FnOnce(&mut Vec<String>) -> T) -> T {
        let mut unread = Vec::new();
        let value = understand(&mut unread);
        let named = unread
            .into_iter()
            .map(|what| format!("{}: {what}", path.display()));
        self.unread.extend(named);
        value
    }
}

fn not_understood(path: &Path) -> String {
    format!("{}: not understood", path.display())
}

/// The pools of all sizes, or the one that `meminfo` has where sysfs is out of sight.
fn huge_pages(sysfs: &Path, figures: &Figures, unread: &mut Vec<String>) -> Vec<HugePages> {
    let pools = pools::huge_pages(&sysfs.join("kernel/mm/hugepages"), unread);
    if !pools.is_empty() {
        return pools;
    }
    let default = figures.huge_page_size.map(|page| HugePages {
        page,
        pages: figures.huge_pages_total,
        free: figures.huge_pages_free,
        reserved: figures.huge_pages_reserved,
        surplus: figures.huge_pages_surplus,
    });
    default.into_iter().collect()
}

fn nodes(sysfs: &Path, files: &mut Files) -> Vec<Node> {
    let folder = sysfs.join("devices/system/node");
    let mut nodes: Vec<Node> = attributes::names(&folder)
        .iter()
        .filter_map(|name| {
            let number = name.strip_prefix("node")?.parse().ok()?;
            let node = folder.join(name);
            let meminfo = node.join("meminfo");
            let text = files.bytes(&meminfo).unwrap_or_default();
            let figures = files.naming(&meminfo, |unread| Figures::understand(&text, unread));
            Some(Node {
                number,
                total: figures.total,
                free: figures.free,
                huge_pages: pools::huge_pages(&node.join("hugepages"), &mut files.unread),
            })
        })
        .collect();
    nodes.sort_by_key(|node| node.number);
    nodes
}
