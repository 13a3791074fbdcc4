//! Memory that is set aside or compressed: huge pages of hugetlbfs, zram, zswap, the cache of ZFS.

use std::path::Path;

use serde::Serialize;

use super::{not_understood, plausible};
use crate::host::sysfs;

/// A pool of huge pages of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct HugePages {
    /// How large a page is, in bytes.
    #[serde(rename = "page_bytes")]
    pub page: u64,
    /// Pages that there are, surplus ones included (`nr_hugepages`).
    pub pages: Option<u64>,
    /// Those of them that hold nothing (`free_hugepages`).
    pub free: Option<u64>,
    /// Free ones that are promised to somebody (`resv_hugepages`); absent for a node.
    pub reserved: Option<u64>,
    /// Those beyond what was configured (`surplus_hugepages`).
    pub surplus: Option<u64>,
}

impl HugePages {
    /// What all pages occupy; `None` if their number is not known or cannot be.
    pub fn bytes(&self) -> Option<u64> {
        plausible(self.pages?.checked_mul(self.page)?)
    }

    /// What the free ones of them occupy.
    pub fn free_bytes(&self) -> Option<u64> {
        let free = self.free.filter(|free| Some(*free) <= self.pages)?;
        plausible(free.checked_mul(self.page)?)
    }
}

/// The pools below a folder such as `/sys/kernel/mm/hugepages`, smallest pages first.
pub(super) fn huge_pages(folder: &Path, unread: &mut Vec<String>) -> Vec<HugePages> {
    let mut pools: Vec<HugePages> = sysfs::names(folder)
        .iter()
        .filter_map(|name| {
            let digits = name.strip_prefix("hugepages-")?.strip_suffix("kB")?;
            let pool = folder.join(name);
            let pages = sysfs::value(&pool, "nr_hugepages");
            if pages.is_none() {
                unread.push(not_understood(&pool.join("nr_hugepages")));
            }
            Some(HugePages {
                page: digits.parse::<u64>().ok()?.checked_mul(1024)?,
                pages,
                free: sysfs::value(&pool, "free_hugepages"),
                reserved: sysfs::value(&pool, "resv_hugepages"),
                surplus: sysfs::value(&pool, "surplus_hugepages"),
            })
        })
        .collect();
    pools.sort_by_key(|pool| pool.page);
    pools
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

/// The devices that are set up.
pub(super) fn zram(sysfs: &Path, unread: &mut Vec<String>) -> Vec<Zram> {
    let block = sysfs.join("block");
    let mut found = Vec::new();
    for device in sysfs::names(&block) {
        if !device.starts_with("zram") {
            continue;
        }
        let folder = block.join(&device);
        let size = sysfs::value(&folder, "disksize");
        if size == Some(0) {
            continue;
        }
        let text = sysfs::text(&folder, "mm_stat");
        let mut words = text.iter().flat_map(|text| text.split_ascii_whitespace());
        let mut next = || plausible(words.next()?.parse().ok()?);
        // orig_data_size compr_data_size mem_used_total …
        if let (Some(stored), Some(_), Some(used)) = (next(), next(), next()) {
            found.push(Zram {
                device,
                size,
                stored,
                used,
            });
        } else {
            unread.push(not_understood(&folder.join("mm_stat")));
        }
    }
    found
}

/// The compressed cache before swap space. How large it is: [`super::Figures::zswap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Zswap {
    /// Whether pages are put into it.
    pub enabled: bool,
    /// How much of the host's memory it may take, in percent.
    pub max_pool_percent: Option<u64>,
}

/// The cache's parameters; `None` where the kernel has none.
pub(super) fn zswap(sysfs: &Path, unread: &mut Vec<String>) -> Option<Zswap> {
    let parameters = sysfs.join("module/zswap/parameters");
    Some(Zswap {
        enabled: match sysfs::text(&parameters, "enabled")?.as_str() {
            "Y" | "1" => true,
            "N" | "0" => false,
            _ => {
                unread.push(not_understood(&parameters.join("enabled")));
                return None;
            }
        },
        max_pool_percent: sysfs::value(&parameters, "max_pool_percent"),
    })
}

/// The cache of ZFS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ZfsCache {
    /// How large it is, with what it needs to know of its content (`size`).
    #[serde(rename = "size_bytes")]
    pub size: u64,
    /// Below which it does not shrink (`c_min`).
    #[serde(rename = "min_bytes")]
    pub min: Option<u64>,
    /// Above which it does not grow (`c_max`).
    #[serde(rename = "max_bytes")]
    pub max: Option<u64>,
    /// Pages that ZFS took for data, neither of slab nor of vmalloc (`abdstats`, ZFS 0.7). Nearly all of
    /// them are the cache's; what it has beside them is in slab and vmalloc.
    #[serde(rename = "pages_bytes")]
    pub pages: Option<u64>,
}

/// Understands `spl/kstat/zfs/arcstats` and `abdstats`.
pub(super) fn arc(arcstats: &[u8], abdstats: Option<&[u8]>) -> Option<ZfsCache> {
    let of = |key| kstat(arcstats, key);
    Some(ZfsCache {
        size: of("size")?,
        min: of("c_min"),
        max: of("c_max"),
        // A page that is not filled is taken as a whole: the waste is counted apart (`abd_os.c`).
        pages: abdstats.and_then(|text| {
            let data = kstat(text, "scatter_data_size")?;
            plausible(data.checked_add(kstat(text, "scatter_chunk_waste")?)?)
        }),
    })
}

/// A line of a table of kstat: name, type, data. The last line may be cut off.
fn kstat(text: &[u8], key: &str) -> Option<u64> {
    let text = String::from_utf8_lossy(text);
    text.split_inclusive('\n').find_map(|line| {
        let mut words = line.strip_suffix('\n')?.split_ascii_whitespace();
        (words.next()? == key).then_some(())?;
        plausible(words.nth(1)?.parse().ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARC: &[u8] = b"13 1 0x01 147 39984 15610543187 2085041346542\nname                            type data\nhits                            4    1\nc_min                           4    1000\nc_max                           4    3000\nsize                            4    2000\n";
    const ABD: &[u8] = b"7 0 0x01 21 5712 15610543187 2085041346542\nname                            type data\nscatter_data_size               4    1500\nscatter_chunk_waste             4    30\n";

    #[test]
    fn the_cache_of_zfs_is_its_pages_and_more() {
        let read = arc(ARC, Some(ABD)).unwrap();
        let expected = ZfsCache {
            size: 2000,
            min: Some(1000),
            max: Some(3000),
            pages: Some(1530),
        };
        assert_eq!(read, expected);
        assert_eq!(arc(ARC, None).unwrap().pages, None);
    }

    #[test]
    fn damaged_tables_have_nothing() {
        assert_eq!(arc(b"", None), None);
        assert_eq!(arc(b"size 4 20", None), None, "cut off");
        assert_eq!(arc(b"size 4\n", None), None);
        assert_eq!(arc(b"size 4 18446744073709551615\n", None), None);
    }

    #[test]
    fn more_free_pages_than_pages_are_none() {
        let pool = HugePages {
            page: 2 << 20,
            pages: Some(4),
            free: Some(5),
            reserved: None,
            surplus: None,
        };
        assert_eq!(pool.bytes(), Some(8 << 20));
        assert_eq!(pool.free_bytes(), None);
        let pool = HugePages {
            pages: Some(u64::MAX),
            ..pool
        };
        assert_eq!(pool.bytes(), None);
    }
}
