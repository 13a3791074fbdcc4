use proptest::prelude::*;

use super::super::host::tests::fixture;
use super::super::host::{Counters, HugePages, Segment, Tmpfs, ZfsCache, Zram, Zswap};
use super::*;
use crate::host::DeviceNumber;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

fn line(balance: &Balance, what: Item) -> Option<u64> {
    let line = balance.lines.iter().find(|line| line.what == what)?;
    Some(line.bytes)
}

fn parts(balance: &Balance, what: Item) -> Vec<(Piece, u64, Bound)> {
    let line = balance.lines.iter().find(|line| line.what == what);
    line.iter()
        .flat_map(|line| &line.parts)
        .map(|part| (part.what.clone(), part.bytes, part.bound))
        .collect()
}

fn assert_adds_up(balance: &Balance) {
    let sum: i128 = balance
        .lines
        .iter()
        .map(|line| i128::from(line.bytes))
        .sum();
    let rest = balance.unexplained.map(i128::from);
    assert_eq!(
        rest.map(|rest| sum + rest),
        balance.total.map(i128::from),
        "{balance:#?}"
    );
}

/// A host with this much of each; what is not named is 0.
fn host(total: u64) -> HostMemory {
    let mut host = HostMemory {
        figures: Figures::of(&[Some(0)]),
        cpu_lists: Some(0),
        ..HostMemory::default()
    };
    host.figures.total = Some(total);
    host.figures.vmalloc = Some(1);
    host
}

#[test]
fn a_large_host_adds_up() {
    let balance = balance(&fixture("epyc-cgroup2"));
    assert_adds_up(&balance);
    assert_eq!(
        balance.unexplained,
        Some(i64::try_from(3 * GIB / 2).unwrap())
    );
    assert_eq!(balance.not_known, []);
    assert_eq!(line(&balance, Item::PageCache), Some(60 * GIB));
    assert_eq!(line(&balance, Item::SwapCache), Some(300 * MIB));
    assert_eq!(line(&balance, Item::Hugetlb), Some(66 * GIB));
    assert_eq!(line(&balance, Item::Vmalloc), Some(530 * MIB));
    assert_eq!(line(&balance, Item::Zram), Some(3 * GIB + GIB / 4));
    assert_eq!(balance.notes, [Note::OomKills { count: 2 }]);
    // The segment of 56 GiB may be in huge pages, the other is not.
    assert_eq!(
        parts(&balance, Item::Shmem),
        [
            (Piece::Segments, 5 * GIB + 4096, Bound::Exact),
            (Piece::OtherShared, 19 * GIB - 4096, Bound::AtLeast),
        ]
    );
}

#[test]
fn the_cache_of_zfs_is_counted_once() {
    let balance = balance(&fixture("xeon-cgroup1"));
    assert_adds_up(&balance);
    assert_eq!(line(&balance, Item::ZfsArc), Some(70 * GIB + 600 * MIB));
    assert_eq!(
        balance.not_known,
        [Item::Percpu, Item::Vmalloc],
        "this kernel says nothing of them"
    );
    assert!(matches!(
        balance.notes.as_slice(),
        [Note::ArcGivesBack { bytes }, Note::CommitNearLimit { .. }] if *bytes > 60 * GIB
    ));
}

#[test]
fn little_is_known_of_a_container() {
    let balance = balance(&fixture("minimal"));
    assert_adds_up(&balance);
    assert!(balance.not_known.contains(&Item::Anonymous));
    assert_eq!(line(&balance, Item::Free), Some(3 * GIB));
    assert_eq!(line(&balance, Item::PageCache), Some(572 * MIB));
}

#[test]
fn damage_adds_up_too() {
    let balance = balance(&fixture("malformed"));
    assert_adds_up(&balance);
    assert!(balance.not_known.contains(&Item::Hugetlb));
    assert_eq!(line(&balance, Item::Hugetlb), None);
}

#[test]
fn what_a_host_has_is_not_left_away_where_its_size_is_missing() {
    let mut host = host(GIB);
    host.figures.zswap = None;
    assert_eq!(balance(&host).not_known, []);
    host.zswap = Some(Zswap {
        enabled: true,
        max_pool_percent: None,
    });
    host.arc = Some(ZfsCache {
        size: GIB,
        min: None,
        max: None,
        pages: None,
    });
    assert_eq!(balance(&host).not_known, [Item::ZfsArc, Item::Zswap]);
}

#[test]
fn without_a_total_there_is_no_remainder() {
    let mut host = host(GIB);
    host.figures.total = None;
    host.figures.free = Some(MIB);
    let balance = balance(&host);
    assert_eq!((balance.total, balance.unexplained), (None, None));
    assert_eq!(line(&balance, Item::Free), Some(MIB));
}

#[test]
fn mapped_swap_cache_is_anonymous_already() {
    let mut host = host(GIB);
    let figures = &mut host.figures;
    figures.swap_cached = Some(50 * MIB);
    figures.anonymous = Some(300 * MIB);
    figures.shmem = Some(100 * MIB);
    figures.cached = Some(100 * MIB);
    figures.active_anonymous = Some(200 * MIB);
    figures.inactive_anonymous = Some(220 * MIB);
    assert_eq!(line(&balance(&host), Item::SwapCache), Some(20 * MIB));
    host.figures.inactive_anonymous = Some(200 * MIB);
    assert_eq!(line(&balance(&host), Item::SwapCache), None);
    host.figures.inactive_anonymous = Some(400 * MIB);
    assert_eq!(line(&balance(&host), Item::SwapCache), Some(50 * MIB));
}

#[test]
fn stacks_are_taken_off_vmalloc_where_they_are_in_it() {
    let vmalloc = |used, stacks, chunk| {
        let mut host = host(GIB);
        host.figures.vmalloc = Some(used);
        host.figures.kernel_stacks = Some(stacks);
        host.figures.vmalloc_chunk = Some(chunk);
        line(&balance(&host), Item::Vmalloc)
    };
    assert_eq!(vmalloc(15 * MIB, 2 * MIB, 0), Some(13 * MIB));
    assert_eq!(vmalloc(MIB, 2 * MIB, 0), Some(MIB), "they are elsewhere");
    assert_eq!(vmalloc(0, 2 * MIB, 0), None, "the kernel does not say");
    assert_eq!(vmalloc(400 * MIB, 2 * MIB, GIB), None, "address space");
}

#[test]
fn file_systems_count_what_is_swapped_out() {
    let mut host = host(GIB);
    host.figures.shmem = Some(100 * MIB);
    let tmpfs = |point: &str, minor, used| Tmpfs {
        point: point.to_owned(),
        device: DeviceNumber { major: 0, minor },
        used,
    };
    host.tmpfs = Some(vec![
        tmpfs("/tmp", 1, Some(60 * MIB)),
        tmpfs("/run", 2, Some(10 * MIB)),
        tmpfs("/dev", 3, Some(0)),
        tmpfs("/unknown", 4, None),
    ]);
    let mount = |point: &str| Piece::Mount {
        point: point.to_owned(),
    };
    assert_eq!(
        parts(&balance(&host), Item::Shmem),
        [
            (mount("/tmp"), 60 * MIB, Bound::Exact),
            (mount("/run"), 10 * MIB, Bound::Exact),
            (Piece::OtherShared, 30 * MIB, Bound::Exact),
        ]
    );
    host.figures.swap_total = Some(GIB);
    host.figures.swap_free = Some(GIB - MIB);
    host.figures.shmem = Some(65 * MIB);
    assert_eq!(
        parts(&balance(&host), Item::Shmem),
        [
            (mount("/tmp"), 60 * MIB, Bound::AtMost),
            (mount("/run"), 10 * MIB, Bound::AtMost),
        ]
    );
}

#[test]
fn more_than_there_is_is_shown_as_it_is() {
    let mut host = host(GIB);
    host.figures.free = Some(GIB);
    host.figures.percpu = Some(MIB);
    let balance = balance(&host);
    assert_eq!(balance.unexplained, Some(-1 - (1 << 20)));
    assert_adds_up(&balance);
}

/// Figures of all sizes: none, likely ones, ones at the limits, and damage.
fn figure() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![
        Just(None),
        (0..1_u64 << 40).prop_map(Some),
        any::<u64>().prop_map(Some),
        Just(Some(u64::MAX)),
        Just(Some(1 << 52)),
        Just(Some(0)),
    ]
}

prop_compose! {
    fn any_host()(
        values in prop::collection::vec(figure(), 60),
        pools in prop::collection::vec((any::<u64>(), figure(), figure()), 0..4),
        used in prop::collection::vec(any::<u64>(), 0..4),
        mounts in prop::collection::vec(figure(), 0..4),
        segments in prop::collection::vec((any::<u64>(), any::<u64>()), 0..4),
        arc in prop::option::of((any::<u64>(), figure(), figure())),
        cpu_lists in figure(),
        oom_kills in figure(),
        strict in any::<bool>(),
    ) -> HostMemory {
        HostMemory {
            figures: Figures::of(&values),
            cpu_lists,
            huge_pages: pools
                .into_iter()
                .map(|(page, pages, free)| HugePages { page, pages, free, reserved: None, surplus: None })
                .collect(),
            tmpfs: Some(mounts.into_iter().zip(0..).map(|(used, minor)| Tmpfs {
                point: "/x".to_owned(),
                device: DeviceNumber { major: 0, minor },
                used,
            }).collect()),
            segments: Some(segments.into_iter().zip(0..).map(|((size, rss), id)| Segment { id, size, rss, swap: 0 }).collect()),
            zram: used.into_iter().map(|used| Zram { device: "zram0".to_owned(), size: None, stored: 0, used }).collect(),
            arc: arc.map(|(size, min, pages)| ZfsCache { size, min, max: None, pages }),
            counters: Counters { oom_kills, ..Counters::default() },
            overcommit: strict.then_some(Overcommit::Strict),
            ..HostMemory::default()
        }
    }
}

proptest! {
    #[test]
    fn lines_add_up_to_the_total_whatever_the_figures(host in any_host()) {
        let balance = balance(&host);
        assert_adds_up(&balance);
        prop_assert_eq!(balance.total.is_some(), balance.unexplained.is_some());
        // Each item is a line once, or not known.
        let mut items: Vec<Item> = balance.lines.iter().map(|line| line.what).collect();
        items.extend(&balance.not_known);
        items.sort_unstable();
        let count = items.len();
        items.dedup();
        prop_assert_eq!(items.len(), count);
        // Shared memory, the cache of files and unmapped swap cache are never more than what they are of.
        let shared = parts(&balance, Item::Shmem).into_iter().filter(|(what, _, bound)| {
            *bound == Bound::Exact && matches!(what, Piece::OtherShared)
        });
        for (_, bytes, _) in shared {
            prop_assert!(Some(bytes) <= line(&balance, Item::Shmem));
        }
    }

    #[test]
    fn any_bytes_are_read(text in prop::collection::vec(any::<u8>(), 0..400)) {
        let folder = tempfile::tempdir().unwrap();
        for file in ["meminfo", "zoneinfo", "vmstat", "sysvipc/shm", "self/mountinfo", "pressure/memory",
            "spl/kstat/zfs/arcstats", "spl/kstat/zfs/abdstats"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &text).unwrap();
        }
        let host = crate::memory::host::read(folder.path(), folder.path());
        assert_adds_up(&balance(&host));
    }
}
