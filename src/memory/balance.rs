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

#[cfg(test)]
mod tests;

use serde::Serialize;

use super::host::{Figures, HostMemory, Overcommit, Segment, plausible};

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
    let (lines, not_known) = Lines::of(host, &figures);
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

/// The lines so far. A plausible figure has 52 bits, and there are few of them: sums are far from
/// overflowing.
#[derive(Default)]
struct Lines {
    lines: Vec<Line>,
    not_known: Vec<Item>,
}

impl Lines {
    fn of(host: &HostMemory, figures: &Figures) -> (Vec<Line>, Vec<Item>) {
        let mut lines = Self::default();
        lines.free(host, figures);
        lines.programs(figures);
        lines.shared(host, figures);
        lines.hugetlb(host, figures);
        lines.kernel(figures);
        lines.pools(host, figures);
        (lines.lines, lines.not_known)
    }

    /// A line that every kernel of today prints.
    fn add(&mut self, what: Item, bytes: Option<u64>, parts: Vec<Part>) {
        match bytes {
            Some(bytes) => self.lines.push(Line { what, bytes, parts }),
            None => self.not_known.push(what),
        }
    }

    /// A line that is there only on hosts that have such a thing.
    fn add_if_any(&mut self, what: Item, bytes: Option<u64>, parts: Vec<Part>) {
        if bytes.is_some_and(|bytes| bytes > 0) {
            self.add(what, bytes, parts);
        }
    }

    fn free(&mut self, host: &HostMemory, figures: &Figures) {
        // Both are counted as free: NR_FREE_CMA_PAGES and NR_UNACCEPTED are taken off NR_FREE_PAGES where
        // an allocation cannot use them (`__zone_watermark_unusable_free`).
        let parts = [
            part(Piece::Cma, figures.cma_free),
            part(Piece::Unaccepted, figures.unaccepted),
        ];
        self.add(Item::Free, figures.free, known(parts));
        // MemFree is NR_FREE_PAGES: what `rmqueue_bulk` moves to a CPU's list leaves it. Measured on a
        // host with 2 CPUs: 186 MiB, with 16 MiB left unexplained.
        self.add(
            Item::CpuLists,
            host.cpu_lists.and_then(plausible),
            Vec::new(),
        );
    }

    fn programs(&mut self, figures: &Figures) {
        // NR_ANON_MAPPED: mapped pages that are neither file nor shmem; merged ones (KSM) once.
        let huge = [part(Piece::TransparentHugePages, figures.anonymous_huge)];
        self.add(Item::Anonymous, figures.anonymous, known(huge));
        self.add_if_any(Item::SwapCache, unmapped_swap_cache(figures), Vec::new());
        // “Cached” is NR_FILE_PAGES without swap cache and block devices' pages, which are “Buffers”
        // (`meminfo_proc_show`); shared memory is in NR_FILE_PAGES (`shmem_add_to_page_cache`).
        let files = figures
            .cached
            .map(|cached| cached.saturating_sub(figures.shmem.unwrap_or_default()));
        let bytes = files
            .zip(figures.buffers)
            .map(|(files, buffers)| files + buffers);
        let parts = [
            part(Piece::BlockDevices, figures.buffers),
            part(Piece::Dirty, figures.dirty),
            part(Piece::TransparentHugePages, figures.file_huge),
        ];
        self.add(Item::PageCache, bytes, known(parts));
    }

    fn shared(&mut self, host: &HostMemory, figures: &Figures) {
        let parts = figures
            .shmem
            .map(|shmem| shared_parts(host, figures, shmem));
        self.add(Item::Shmem, figures.shmem, parts.unwrap_or_default());
    }

    /// Pools are taken from the kernel as a whole, used or not: they are in no other figure but the total
    /// (`alloc_fresh_hugetlb_folio`; `adjust_managed_page_count` for those set aside at boot).
    fn hugetlb(&mut self, host: &HostMemory, figures: &Figures) {
        let pools = host.huge_pages.iter();
        let sum = pools.clone().try_fold(0_u64, |sum, pool| {
            plausible(sum.checked_add(pool.bytes()?)?)
        });
        let parts = pools.flat_map(|pool| {
            let page_bytes = pool.page;
            let free = pool.free_bytes();
            let used = pool
                .bytes()
                .zip(free)
                .map(|(bytes, free)| bytes.saturating_sub(free));
            [
                part(Piece::HugePagesUsed { page_bytes }, used),
                part(Piece::HugePagesFree { page_bytes }, free),
            ]
        });
        self.add_if_any(Item::Hugetlb, figures.hugetlb.or(sum), known(parts));
    }

    fn kernel(&mut self, figures: &Figures) {
        self.add(Item::SlabReclaimable, figures.slab_reclaimable, Vec::new());
        self.add(
            Item::SlabUnreclaimable,
            figures.slab_unreclaimable,
            Vec::new(),
        );
        // KReclaimable is SReclaimable and NR_KERNEL_MISC_RECLAIMABLE.
        let other = figures
            .kernel_reclaimable
            .zip(figures.slab_reclaimable)
            .map(|(all, slab)| all.saturating_sub(slab));
        self.add_if_any(Item::KernelReclaimable, other, Vec::new());
        // NR_PAGETABLE and NR_SECONDARY_PAGETABLE are two counters of different pages.
        let secondary = figures.secondary_page_tables;
        let bytes = figures
            .page_tables
            .map(|tables| tables + secondary.unwrap_or_default());
        let parts = known([part(Piece::Secondary, secondary)]);
        self.add(Item::PageTables, bytes, parts);
        self.add(Item::KernelStacks, figures.kernel_stacks, Vec::new());
        self.add(Item::Percpu, figures.percpu, Vec::new());
        self.add(Item::Vmalloc, other_vmalloc(figures), Vec::new());
        let copies =
            figures.bounce.unwrap_or_default() + figures.writeback_copies.unwrap_or_default();
        self.add_if_any(Item::WriteCopies, Some(copies), Vec::new());
        // A page that failed is kept from everybody, and the total is left as it was (`memory_failure`).
        self.add_if_any(
            Item::HardwareCorrupted,
            figures.hardware_corrupted,
            Vec::new(),
        );
    }

    fn pools(&mut self, host: &HostMemory, figures: &Figures) {
        // Data are pages of ZFS's own (`abd_alloc_chunks`); what describes them, and small or linear
        // buffers, are in slab up to 16 KiB and in vmalloc above (`spl_kmem_cache_create`), which are
        // lines already. So the pages are the line, not the size of the cache.
        let arc = host.arc.and_then(|arc| arc.pages).and_then(plausible);
        self.add_if_any(Item::ZfsArc, arc, Vec::new());
        // zsmalloc takes its pages one by one (`alloc_zspage`); the table of zram is in vmalloc, and is not
        // in `mem_used_total`.
        let devices = host.zram.iter().map(|zram| {
            let name = zram.device.clone();
            part(Piece::Device { name }, plausible(zram.used))
        });
        let devices = known(devices);
        let bytes = devices.iter().try_fold(0_u64, |sum, device| {
            plausible(sum.checked_add(device.bytes)?)
        });
        self.add_if_any(Item::Zram, bytes, devices);
        self.add_if_any(Item::Zswap, figures.zswap, Vec::new());
        let gpu =
            figures.gpu_active.unwrap_or_default() + figures.gpu_reclaimable.unwrap_or_default();
        self.add_if_any(Item::Gpu, Some(gpu), Vec::new());
    }
}

/// The pages of the swap cache that no program maps.
///
/// Pages read back from swap space stay in its cache while they are mapped: they are in `SwapCached` and in
/// `AnonPages` (`__swap_cache_add_folio` and `folio_add_anon_rmap_ptes`). The lists of anonymous pages tell them
/// apart: they have anonymous pages, shared memory, and those that are only in the cache. Pages that
/// cannot be evicted are on another list, so that this is the least there can be.
fn unmapped_swap_cache(figures: &Figures) -> Option<u64> {
    let lists = figures.active_anonymous? + figures.inactive_anonymous?;
    let only = lists
        .saturating_sub(figures.anonymous?)
        .saturating_sub(figures.shmem?);
    Some(only.min(figures.swap_cached?))
}

/// What `vmalloc` gave out, without the stacks of threads.
///
/// Stacks come from `vmalloc` where the kernel guards them (`CONFIG_VMAP_STACK`, the default on x86-64, arm64,
/// s390 and RISC-V) and are counted twice then: `alloc_thread_stack_node` and `__vmalloc_area_node`. Seen in
/// `vmallocinfo`: 2288 kB of `kernel_clone`, with a `KernelStack` of 2256 kB. Memory of CPUs is not counted
/// there: `pcpu_alloc_pages` fills its areas itself. `None` where the figure is not one of memory.
fn other_vmalloc(figures: &Figures) -> Option<u64> {
    // It was address space until Linux 4.3, with devices' in it; from 4.4 to 5.2 it is a constant 0.
    let is_memory = figures.vmalloc_chunk.unwrap_or_default() == 0;
    let used = figures.vmalloc.filter(|used| is_memory && *used > 0)?;
    let stacks = figures.kernel_stacks.unwrap_or_default();
    // Fewer than stacks: they are not in it.
    Some(used.checked_sub(stacks).unwrap_or(used))
}

/// Who has the shared memory.
fn shared_parts(host: &HostMemory, figures: &Figures, shmem: u64) -> Vec<Part> {
    // A file system counts its pages in swap space, too (`shmem_inode_acct_blocks`).
    let swapped = figures.swap_total != figures.swap_free;
    let bound = if swapped { Bound::AtMost } else { Bound::Exact };
    let mut parts: Vec<Part> = host
        .tmpfs
        .iter()
        .flatten()
        .filter_map(|tmpfs| {
            let bytes = plausible(tmpfs.used?).filter(|bytes| *bytes > 0)?;
            let point = tmpfs.point.clone();
            let what = Piece::Mount { point };
            Some(Part { what, bytes, bound })
        })
        .collect();
    let segments = host.segments.iter().flatten();
    let in_shmem: Option<u64> = segments
        .filter(|segment| is_surely_shmem(segment, host))
        .try_fold(0_u64, |sum, segment| {
            plausible(sum.checked_add(segment.rss)?)
        });
    parts.extend(known([part(Piece::Segments, in_shmem)]));
    let named: Option<u64> = parts
        .iter()
        .try_fold(0_u64, |sum, part| plausible(sum.checked_add(part.bytes)?));
    // More than there is: some of it is in swap space, or was freed meanwhile.
    if let Some(bytes) = named.and_then(|named| shmem.checked_sub(named)) {
        let bound = if swapped {
            Bound::AtLeast
        } else {
            Bound::Exact
        };
        let what = Piece::OtherShared;
        parts.push(Part { what, bytes, bound });
    }
    parts.extend(known([part(
        Piece::TransparentHugePages,
        figures.shmem_huge,
    )]));
    parts
}

/// Whether a segment is not one of hugetlbfs (`SHM_HUGETLB`), which its line does not say. It may be one if
/// what is in memory of it fills pages of a pool that has some in use (`shm_add_rss_swap`).
fn is_surely_shmem(segment: &Segment, host: &HostMemory) -> bool {
    host.huge_pages.iter().all(|pool| {
        let in_use = pool.pages.is_none() || pool.pages > pool.free;
        !in_use || segment.rss.checked_rem(pool.page) != Some(0)
    })
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

fn part(what: Piece, bytes: Option<u64>) -> Option<Part> {
    let bytes = bytes.filter(|bytes| *bytes > 0)?;
    let bound = Bound::Exact;
    Some(Part { what, bytes, bound })
}

fn known(parts: impl IntoIterator<Item = Option<Part>>) -> Vec<Part> {
    parts.into_iter().flatten().collect()
}
