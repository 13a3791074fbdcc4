//! The memory of a host as lines that add up to all of it. Pure.

use serde::Serialize;

use super::host::{Figures, HostMemory, plausible};

/// All memory of a host, each byte of it in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Balance {
    /// All that the kernel manages; `None` if it did not say.
    #[serde(rename = "total_bytes")]
    pub total: Option<u64>,
    /// Where it is. With `unexplained` these add up to `total`.
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
    /// Parts of it that are known. They need not add up to it.
    pub parts: Vec<Part>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Part {
    /// What it is.
    pub what: Piece,
    /// How much.
    pub bytes: u64,
    /// It may be less: some of it may be in swap space.
    pub at_most: bool,
}

/// What memory is used for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Nothing.
    Free,
    /// Nothing: each CPU keeps some free pages for itself.
    CpuLists,
    /// Programs' own memory.
    Anonymous,
    /// Pages between memory and swap space that no program maps now.
    SwapCache,
    /// What was read of files and block devices, and what is to be written.
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
    /// The cache of ZFS, without what is in slab and vmalloc.
    ZfsArc,
    /// Compressed block devices.
    Zram,
    /// The compressed cache before swap space.
    Zswap,
    /// Copies that devices and FUSE write from.
    WriteCopies,
    /// Taken out of use after an error.
    HardwareCorrupted,
}

/// A part of an [`Item`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Piece {
    /// Transparent huge pages.
    TransparentHugePages,
    /// A file system in memory.
    Mount {
        /// Where it is mounted.
        point: String,
    },
    /// Segments of System V shared memory.
    Segments,
    /// Shared memory of programs (`memfd`, `mmap`), and file systems out of sight, as in containers.
    Rest,
}

/// What to know beside the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Note {
    /// The cache of ZFS gives back what is above its minimum, and the kernel's estimate of what is
    /// available leaves that out.
    ArcGivesBack {
        /// How much that is.
        bytes: u64,
    },
}

/// Makes the lines.
pub fn balance(host: &HostMemory) -> Balance {
    let figures: &Figures = &host.figures;
    let total = figures.total.and_then(plausible);
    let lines: Vec<Line> = [
        (Item::Free, figures.free),
        (Item::Anonymous, figures.anonymous),
    ]
    .into_iter()
    .filter_map(|(what, bytes)| {
        Some(Line {
            what,
            bytes: bytes.and_then(plausible)?,
            parts: Vec::new(),
        })
    })
    .collect();
    let sum: u64 = lines.iter().map(|line| line.bytes).sum();
    Balance {
        total,
        unexplained: total.and_then(|total| i64::try_from(total).ok()?.checked_sub_unsigned(sum)),
        lines,
        not_known: Vec::new(),
        notes: Vec::new(),
    }
}
