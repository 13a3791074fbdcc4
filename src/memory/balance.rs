//! The memory of a host as lines that add up to all of it. Pure.
//!
//! Each page of `MemTotal` belongs in one line. Where the kernel's counters overlap, a rule takes the
//! overlap off one of them; its evidence stands beside it, as the names of functions in the kernel's source.
//! Where an overlap is not known exactly, the lines have the least that is certain.
//!
//! The remainder is real: pages that drivers took for themselves (receive buffers of network cards, graphics),
//! the upper levels of page tables on old kernels, parts of huge pages that nobody maps any more, memory of
//! hypervisors. It has errors, too: each counter may be some dozen pages behind on each CPU, and figures are
//! not read at one moment. So it may be negative, and is shown so. Besides, `Percpu` has what was set aside
//! before `MemTotal` was counted (`pcpu_setup_first_chunk`): some hundred kilobytes for each CPU too much.

mod lines;
#[cfg(test)]
mod tests;

use serde::Serialize;

use super::host::{Figures, HostMemory, Overcommit};

/// All memory of a host, each byte of it in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Balance {
    /// All that the kernel manages; `None` if it did not say.
    #[serde(rename = "total_bytes")]
    pub total: Option<u64>,
    /// What new programs could have without swapping, as the kernel estimates. It is no line: it is part
    /// of several.
    #[serde(rename = "available_bytes")]
    pub available: Option<u64>,
    /// Where the memory is. With `unexplained` these add up to `total`.
    pub lines: Vec<Line>,
    /// Lines that this kernel does not print: what they would hold is unexplained.
    pub not_known: Vec<Item>,
    /// What no line has; below 0 if the lines have more than there is. `None` without `total`.
    #[serde(rename = "unexplained_bytes")]
    pub unexplained: Option<i64>,
    /// What to know beside it.
    pub notes: Vec<Note>,
}

/// One use of memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Line {
    /// What it is used for.
    pub what: Item,
    /// How much.
    pub bytes: u64,
    /// Parts of it that are known. They need not add up to it, and may overlap.
    pub parts: Vec<Part>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Part {
    /// What it is.
    pub what: Piece,
    /// How much.
    pub bytes: u64,
    /// How sure that is.
    pub bound: Bound,
}

/// How sure a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// It is so.
    Exact,
    /// It may be less: some of it may be in swap space.
    AtMost,
    /// It may be more.
    AtLeast,
}

/// What memory is used for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Nothing.
    Free,
    /// Nothing: CPUs keep free pages at hand.
    CpuLists,
    /// Programs' own memory.
    Anonymous,
    /// Pages on the way between memory and swap space, which no program maps.
    SwapCache,
    /// What was read of files and block devices, and what is to be written to them.
    PageCache,
    /// Shared memory and tmpfs.
    Shmem,
    /// Huge pages of hugetlbfs, used or not.
    Hugetlb,
    /// The kernel's objects that it can give back.
    SlabReclaimable,
    /// The kernel's objects that it cannot.
    SlabUnreclaimable,
    /// Other memory of the kernel that it can give back.
    KernelReclaimable,
    /// Tables that translate addresses.
    PageTables,
    /// Stacks of threads in the kernel.
    KernelStacks,
    /// Variables that each CPU has of its own.
    Percpu,
    /// What else the kernel and its modules took in large pieces.
    Vmalloc,
    /// The cache of ZFS, without what it has in slab and vmalloc.
    ZfsArc,
    /// Compressed block devices.
    Zram,
    /// The compressed cache before swap space.
    Zswap,
    /// Objects of graphics processors.
    Gpu,
    /// Copies that devices and FUSE write from.
    WriteCopies,
    /// Taken out of use after an error.
    HardwareCorrupted,
}

/// A part of an [`Item`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Piece {
    /// Free: set aside for devices that need much in one piece.
    Cma,
    /// Free: not accepted yet of the hypervisor.
    Unaccepted,
    /// Transparent huge pages.
    TransparentHugePages,
    /// Page cache: pages of block devices, most of them metadata of file systems.
    BlockDevices,
    /// Page cache: to be written to disks.
    Dirty,
    /// Shared memory: a file system in memory.
    Mount {
        /// Where it is mounted.
        point: String,
    },
    /// Shared memory: segments of System V.
    Segments,
    /// Shared memory: that of programs (`memfd`, `mmap`), and file systems out of sight, as in containers.
    OtherShared,
    /// Huge pages that hold something.
    HugePagesUsed {
        /// How large one is.
        page_bytes: u64,
    },
    /// Huge pages that hold nothing: no other use can be made of them.
    HugePagesFree {
        /// How large one is.
        page_bytes: u64,
    },
    /// Page tables of virtual machines and devices.
    Secondary,
    /// A compressed block device.
    Device {
        /// Its name (`zram0`).
        name: String,
    },
}

/// What to know beside the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Note {
    /// The cache of ZFS gives back what is above its minimum; the kernel's estimate of what is available
    /// leaves that out.
    ArcGivesBack {
        /// How much that is.
        bytes: u64,
    },
    /// Programs may reserve no more than a limit, and 90 % of it are reserved: allocations will fail while
    /// memory is free.
    CommitNearLimit {
        /// What they have reserved.
        committed_bytes: u64,
        /// The limit.
        limit_bytes: u64,
    },
    /// The kernel has killed processes for want of memory since the host was started.
    OomKills {
        /// How many.
        count: u64,
    },
    /// The hypervisor has taken memory back. It is no line: most drivers take it off the total, too
    /// (`adjust_managed_page_count` in `virtio_balloon`).
    Balloon {
        /// How much.
        bytes: u64,
    },
}

/// Makes the lines.
pub fn balance(host: &HostMemory) -> Balance {
    let figures = host.figures.plausible();
    let (lines, not_known) = lines::of(host, &figures);
    let sum: u64 = lines.iter().map(|line| line.bytes).sum();
    Balance {
        total: figures.total,
        available: figures.available,
        unexplained: figures
            .total
            .and_then(|total| i64::try_from(total).ok()?.checked_sub_unsigned(sum)),
        lines,
        not_known,
        notes: notes(host, &figures),
    }
}

fn notes(host: &HostMemory, figures: &Figures) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some((arc, min)) = host.arc.and_then(|arc| Some((arc, arc.min?))) {
        let bytes = arc.size.saturating_sub(min);
        if bytes > 0 {
            notes.push(Note::ArcGivesBack { bytes });
        }
    }
    if let (Some(Overcommit::Strict), Some(committed_bytes), Some(limit_bytes)) =
        (host.overcommit, figures.committed, figures.commit_limit)
        && committed_bytes >= limit_bytes / 10 * 9
    {
        notes.push(Note::CommitNearLimit {
            committed_bytes,
            limit_bytes,
        });
    }
    if let Some(count) = host.counters.oom_kills.filter(|count| *count > 0) {
        notes.push(Note::OomKills { count });
    }
    if let Some(bytes) = figures.balloon.filter(|bytes| *bytes > 0) {
        notes.push(Note::Balloon { bytes });
    }
    notes
}
