//! The lines, and the rules by which figures become lines.

use super::super::host::{Figures, HostMemory, Segment, plausible};
use super::{Bound, Item, Line, Part, Piece};

/// The lines, and those that the kernel does not print. `figures` are the host's plausible ones.
pub(super) fn of(host: &HostMemory, figures: &Figures) -> (Vec<Line>, Vec<Item>) {
    let mut lines = Lines::default();
    lines.free(host, figures);
    lines.programs(figures);
    lines.shared(host, figures);
    lines.hugetlb(host, figures);
    lines.kernel(figures);
    lines.pools(host, figures);
    (lines.lines, lines.not_known)
}

/// The lines so far. A plausible figure has 52 bits, and there are few of them: sums are far from
/// overflowing.
#[derive(Default)]
struct Lines {
    lines: Vec<Line>,
    not_known: Vec<Item>,
}

impl Lines {
    /// A line that every kernel of today prints.
    fn add(&mut self, what: Item, bytes: Option<u64>, parts: Vec<Part>) {
        match bytes {
            Some(bytes) => self.lines.push(Line { what, bytes, parts }),
            None => self.not_known.push(what),
        }
    }

    /// A line of what a host may have or not: there if it has it, even where the figure is missing.
    fn add_if_had(&mut self, has: bool, what: Item, bytes: Option<u64>, parts: Vec<Part>) {
        if has || bytes.is_some_and(|bytes| bytes > 0) {
            self.add(what, bytes, parts);
        }
    }

    /// A line that is there only where there is something in it.
    fn add_if_any(&mut self, what: Item, bytes: Option<u64>, parts: Vec<Part>) {
        self.add_if_had(false, what, bytes, parts);
    }

    fn free(&mut self, host: &HostMemory, figures: &Figures) {
        // Both are in NR_FREE_PAGES (`account_freepages`, `__free_unaccepted`), and are taken off it only where
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
        let bytes = figures.hugetlb.or(sum);
        self.add_if_had(bytes.is_none(), Item::Hugetlb, bytes, known(parts));
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
        self.add_if_had(host.arc.is_some(), Item::ZfsArc, arc, Vec::new());
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
        let zswap = host.zswap.is_some_and(|zswap| zswap.enabled);
        self.add_if_had(zswap, Item::Zswap, figures.zswap, Vec::new());
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

fn part(what: Piece, bytes: Option<u64>) -> Option<Part> {
    let bytes = bytes.filter(|bytes| *bytes > 0)?;
    let bound = Bound::Exact;
    Some(Part { what, bytes, bound })
}

fn known(parts: impl IntoIterator<Item = Option<Part>>) -> Vec<Part> {
    parts.into_iter().flatten().collect()
}
