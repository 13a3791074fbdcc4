//! `/proc/meminfo`, and the same file of a NUMA node.
//!
//! The crate procfs is not used for it: it fails as a whole where one line is missing or damaged, knows
//! nothing of lines since Linux 6.3, and multiplies without a check.

use serde::Serialize;

/// More memory than an address of today's processors can name (52 bits, x86-64 and arm64): what claims
/// to be more is damage.
const LIMIT: u64 = 1 << 52;

/// Bytes, if a host can have so many.
pub(in crate::memory) fn plausible(bytes: u64) -> Option<u64> {
    (bytes <= LIMIT).then_some(bytes)
}

macro_rules! figures {
    ($($(#[$doc:meta])+ $field:ident, $renamed:literal, $key:literal;)+) => {
        /// What the kernel prints in `meminfo`, in bytes but for counts. Absent is not printed: the kernel is older, or built
        /// without it.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
        pub struct Figures {
            $($(#[$doc])+ #[serde(rename = $renamed)] pub $field: Option<u64>,)+
        }

        impl Figures {
            /// The figure of a line by the kernel's name for it.
            fn by_key(&mut self, key: &[u8]) -> Option<&mut Option<u64>> {
                $(if key == $key.as_bytes() { return Some(&mut self.$field); })+
                None
            }

            /// The figures in order, for tests of anything that can be in them.
            #[cfg(test)]
            pub(in crate::memory) fn of(values: &[Option<u64>]) -> Self {
                let mut values = values.iter().copied().cycle();
                Self { $($field: values.next().flatten(),)+ }
            }

            /// The figures without those that no host can have.
            pub(in crate::memory) fn plausible(mut self) -> Self {
                $(self.$field = self.$field.and_then(plausible);)+
                self
            }
        }
    };
}

figures! {
    /// All that the kernel manages: what the firmware left, without the kernel's image (`MemTotal`).
    total, "total_bytes", "MemTotal";
    /// Used for nothing (`MemFree`).
    free, "free_bytes", "MemFree";
    /// What new programs could have without swapping, as the kernel estimates (`MemAvailable`, Linux 3.14).
    available, "available_bytes", "MemAvailable";
    /// Pages of block devices: metadata of file systems (`Buffers`).
    buffers, "buffers_bytes", "Buffers";
    /// Pages of files and of shared memory (`Cached`).
    cached, "cached_bytes", "Cached";
    /// Pages that have a place in swap space, too (`SwapCached`).
    swap_cached, "swap_cached_bytes", "SwapCached";
    /// Anonymous and shared memory that was used of late (`Active(anon)`).
    active_anonymous, "active_anonymous_bytes", "Active(anon)";
    /// Anonymous and shared memory that was not (`Inactive(anon)`).
    inactive_anonymous, "inactive_anonymous_bytes", "Inactive(anon)";
    /// Pages of files that were used of late (`Active(file)`).
    active_file, "active_file_bytes", "Active(file)";
    /// Pages of files that were not (`Inactive(file)`).
    inactive_file, "inactive_file_bytes", "Inactive(file)";
    /// Pages that must stay: locked ones, ramfs (`Unevictable`).
    unevictable, "unevictable_bytes", "Unevictable";
    /// Locked by programs (`Mlocked`).
    locked, "locked_bytes", "Mlocked";
    /// Swap space (`SwapTotal`).
    swap_total, "swap_total_bytes", "SwapTotal";
    /// Swap space in no use (`SwapFree`).
    swap_free, "swap_free_bytes", "SwapFree";
    /// What the compressed pool of zswap occupies (`Zswap`, Linux 5.19).
    zswap, "zswap_bytes", "Zswap";
    /// What was put there, before compression (`Zswapped`, Linux 5.19).
    zswapped, "zswapped_bytes", "Zswapped";
    /// Waits to be written to disks (`Dirty`).
    dirty, "dirty_bytes", "Dirty";
    /// Is being written to disks (`Writeback`).
    writeback, "writeback_bytes", "Writeback";
    /// Memory of programs that no file backs, mapped now (`AnonPages`).
    anonymous, "anonymous_bytes", "AnonPages";
    /// Pages of files and shared memory that programs map (`Mapped`).
    mapped, "mapped_bytes", "Mapped";
    /// Shared memory and tmpfs (`Shmem`).
    shmem, "shmem_bytes", "Shmem";
    /// The kernel's memory that it can give back, slab and other (`KReclaimable`, Linux 4.20).
    kernel_reclaimable, "kernel_reclaimable_bytes", "KReclaimable";
    /// The kernel's objects that it can give back (`SReclaimable`).
    slab_reclaimable, "slab_reclaimable_bytes", "SReclaimable";
    /// The kernel's objects that it cannot (`SUnreclaim`).
    slab_unreclaimable, "slab_unreclaimable_bytes", "SUnreclaim";
    /// Stacks of threads in the kernel (`KernelStack`).
    kernel_stacks, "kernel_stacks_bytes", "KernelStack";
    /// Tables that translate addresses of programs (`PageTables`).
    page_tables, "page_tables_bytes", "PageTables";
    /// Such tables for virtual machines and devices (`SecPageTables`, Linux 6.1).
    secondary_page_tables, "secondary_page_tables_bytes", "SecPageTables";
    /// Copies for devices that cannot reach all memory (`Bounce`).
    bounce, "bounce_bytes", "Bounce";
    /// Copies that FUSE writes from (`WritebackTmp`).
    writeback_copies, "writeback_copies_bytes", "WritebackTmp";
    /// How much programs may reserve under strict accounting (`CommitLimit`).
    commit_limit, "commit_limit_bytes", "CommitLimit";
    /// How much programs have reserved, used or not (`Committed_AS`).
    committed, "committed_bytes", "Committed_AS";
    /// Memory that `vmalloc` gave to the kernel (`VmallocUsed`; 0 from Linux 4.4 to 5.2).
    vmalloc, "vmalloc_bytes", "VmallocUsed";
    /// Variables that each CPU has of its own (`Percpu`, Linux 4.20).
    percpu, "percpu_bytes", "Percpu";
    /// Taken out of use after an error (`HardwareCorrupted`).
    hardware_corrupted, "hardware_corrupted_bytes", "HardwareCorrupted";
    /// The part of `anonymous` in transparent huge pages (`AnonHugePages`).
    anonymous_huge, "anonymous_huge_bytes", "AnonHugePages";
    /// The part of `shmem` in transparent huge pages (`ShmemHugePages`, Linux 4.8).
    shmem_huge, "shmem_huge_bytes", "ShmemHugePages";
    /// The part of the page cache in transparent huge pages (`FileHugePages`, Linux 5.4).
    file_huge, "file_huge_bytes", "FileHugePages";
    /// Set aside for devices that need much in one piece (`CmaTotal`); used meanwhile.
    cma_total, "cma_total_bytes", "CmaTotal";
    /// The part of `free` that is set aside so (`CmaFree`).
    cma_free, "cma_free_bytes", "CmaFree";
    /// The part of `free` that the guest has not accepted of its hypervisor yet (`Unaccepted`, Linux 6.5).
    unaccepted, "unaccepted_bytes", "Unaccepted";
    /// What the hypervisor took back (`Balloon`, Linux 6.17).
    balloon, "balloon_bytes", "Balloon";
    /// Pages of graphics processors' objects (`GPUActive`; the newest kernels).
    gpu_active, "gpu_active_bytes", "GPUActive";
    /// Pages kept at hand for those (`GPUReclaim`; the newest kernels).
    gpu_reclaimable, "gpu_reclaimable_bytes", "GPUReclaim";
    /// Free address space of `vmalloc` (`VmallocChunk`): not 0 until Linux 4.3, where `vmalloc` counts
    /// address space, too.
    vmalloc_chunk, "vmalloc_chunk_bytes", "VmallocChunk";
    /// Huge pages of hugetlbfs of the default size, in pages (`HugePages_Total`).
    huge_pages_total, "huge_pages_total", "HugePages_Total";
    /// Those of them that hold nothing, in pages (`HugePages_Free`).
    huge_pages_free, "huge_pages_free", "HugePages_Free";
    /// Free ones that are promised to somebody, in pages (`HugePages_Rsvd`).
    huge_pages_reserved, "huge_pages_reserved", "HugePages_Rsvd";
    /// Those beyond what was configured, in pages (`HugePages_Surp`).
    huge_pages_surplus, "huge_pages_surplus", "HugePages_Surp";
    /// The default size of a huge page (`Hugepagesize`).
    huge_page_size, "huge_page_size_bytes", "Hugepagesize";
    /// All huge pages of hugetlbfs, of every size (`Hugetlb`, Linux 4.16).
    hugetlb, "hugetlb_bytes", "Hugetlb";
}

impl Figures {
    /// Understands the lines; says of each that it cannot understand what it is.
    ///
    /// Lines of no use here are passed over: other kernels have other ones.
    pub(super) fn understand(text: &[u8], unread: &mut Vec<String>) -> Self {
        let mut figures = Self::default();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let mut words = line
                .split(u8::is_ascii_whitespace)
                .filter(|word| !word.is_empty());
            // The file of a node begins each line with “Node 0”.
            let mut key = words.next();
            if key == Some(b"Node".as_slice()) {
                key = words.nth(1);
            }
            let Some(key) = key.and_then(|key| key.strip_suffix(b":")) else {
                continue;
            };
            let Some(figure) = figures.by_key(key) else {
                continue;
            };
            // What does not end in a line's end was cut off, and may lack digits.
            let whole = line.ends_with(b"\n");
            *figure = words
                .next()
                .filter(|_| whole)
                .and_then(
                    |number| match (words.next(), key.starts_with(b"HugePages_")) {
                        (Some(b"kB"), false) => decimal(number)?.checked_mul(1024),
                        (None, true) => decimal(number),
                        _ => None,
                    },
                )
                .and_then(plausible);
            if figure.is_none() {
                unread.push(format!("“{}”", String::from_utf8_lossy(line).trim()));
            }
        }
        figures
    }
}

fn decimal(number: &[u8]) -> Option<u64> {
    std::str::from_utf8(number).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bytes_or_absent() {
        let mut unread = Vec::new();
        let text = b"MemTotal:       24684084 kB\nMemFree:  0 kB\nHugePages_Total:       3\nSomethingNew:  1 kB\n";
        let figures = Figures::understand(text, &mut unread);
        assert_eq!(figures.total, Some(24_684_084 * 1024));
        assert_eq!(figures.free, Some(0));
        assert_eq!(figures.huge_pages_total, Some(3));
        assert_eq!(figures.percpu, None);
        assert_eq!(unread, Vec::<String>::new());
    }

    #[test]
    fn lines_of_a_node_are_the_same() {
        let text = b"Node 1 MemTotal:       1024 kB\nNode 1 HugePages_Free:     2\n";
        let figures = Figures::understand(text, &mut Vec::new());
        assert_eq!(figures.total, Some(1 << 20));
        assert_eq!(figures.huge_pages_free, Some(2));
    }

    #[test]
    fn damage_is_absent_and_named() {
        let text: &[u8] = b"MemTotal: 18446744073709551615 kB\nMemFree: 36028797018963968 kB\nCached: -4 kB\nShmem: 12 MB\nMapped:\nDirty: 7\nHugePages_Free: 1 kB\nBuffers: \xff kB\nAnonPages:   29404";
        let mut unread = Vec::new();
        assert_eq!(Figures::understand(text, &mut unread), Figures::default());
        assert_eq!(unread.len(), 9, "{unread:?}");
    }
}
