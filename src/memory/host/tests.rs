use std::path::PathBuf;

use super::*;

pub(in crate::memory) fn fixture(case: &str) -> HostMemory {
    let host = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/host")
        .join(case);
    read(&host.join("proc"), &host.join("sys"))
}

const GIB: u64 = 1 << 30;

#[test]
fn a_large_host_is_read_as_a_whole() {
    let host = fixture("epyc-cgroup2");
    assert_eq!(host.unread, Vec::<String>::new());
    assert_eq!(host.figures.total, Some(466_439_300 * 1024));
    assert_eq!(host.figures.anonymous, Some(178 * GIB));
    assert_eq!(host.cpu_lists, Some(4 * 2 * 1700 * 4096));
    let pools: Vec<_> = host
        .huge_pages
        .iter()
        .map(|pool| (pool.page, pool.bytes(), pool.free_bytes()))
        .collect();
    assert_eq!(
        pools,
        [
            (2 << 20, Some(2 * GIB), Some(GIB / 2)),
            (GIB, Some(64 * GIB), Some(8 * GIB)),
        ]
    );
    let zram = host.zram.first().unwrap();
    assert_eq!((zram.stored, zram.used), (11 * GIB, 3 * GIB + GIB / 4));
    assert_eq!(zram.size, Some(32 * GIB));
    let expected = Zswap {
        enabled: false,
        max_pool_percent: Some(20),
    };
    assert_eq!(host.zswap, Some(expected));
    assert_eq!(host.arc, None);
    assert!(matches!(host.pressure, Pressure::Measured { some, .. } if some.total == 918_273_645));
    assert_eq!(host.counters.oom_kills, Some(2));
    assert_eq!(host.counters.allocation_stalls, Some(1204 + 8811));
    assert_eq!(host.overcommit, Some(Overcommit::Heuristic));
    assert_eq!(host.nodes.len(), 2);
    for node in &host.nodes {
        assert_eq!(node.total, Some(466_439_300 / 2 * 1024));
        assert_eq!(node.huge_pages.len(), 2);
    }
    let points: Vec<_> = host
        .tmpfs
        .iter()
        .flatten()
        .map(|it| (it.point.as_str(), it.used))
        .collect();
    assert_eq!(
        points,
        [
            ("/dev", None),
            ("/dev/shm", None),
            ("/run", None),
            ("/srv/build cache", None),
            ("/tmp", None),
        ],
        "a saved host is not asked"
    );
    assert_eq!(host.segments.map(|segments| segments.len()), Some(2));
}

#[test]
fn an_old_kernel_with_zfs_lacks_what_it_does_not_print() {
    let host = fixture("xeon-cgroup1");
    assert_eq!(host.unread, Vec::<String>::new());
    assert_eq!(host.pressure, Pressure::Absent);
    assert_eq!(host.figures.percpu, None);
    assert_eq!(host.figures.kernel_reclaimable, None);
    assert_eq!(host.overcommit, Some(Overcommit::Strict));
    let arc = host.arc.unwrap();
    assert_eq!(arc.min, Some(6 * GIB));
    assert_eq!(arc.max, Some(90 * GIB));
    assert_eq!(arc.pages, Some(70 * GIB + (600 << 20)));
    assert!(arc.size > 70 * GIB);
}

#[test]
fn damage_is_named_and_nothing_is_made_of_it() {
    let host = fixture("malformed");
    let figures = Figures {
        total: Some(65_792_640 * 1024),
        anonymous: Some(21_503_104 * 1024),
        kernel_stacks: Some(16_384 * 1024),
        huge_pages_total: Some(99_999_999_999_999),
        huge_page_size: Some(2 << 20),
        ..Figures::default()
    };
    assert_eq!(host.figures, figures);
    assert_eq!(host.cpu_lists, None);
    assert_eq!(host.pressure, Pressure::Failed);
    assert_eq!(host.counters, Counters::default());
    assert_eq!(host.overcommit, None);
    assert_eq!(host.arc, None);
    assert_eq!(host.zswap, None);
    assert_eq!(host.zram, []);
    assert_eq!(host.segments, Some(Vec::new()));
    assert_eq!(host.huge_pages.len(), 2);
    assert!(
        host.huge_pages
            .iter()
            .all(|pool| pool.free_bytes().is_none())
    );
    assert_eq!(host.nodes.len(), 1);
    insta::assert_snapshot!(
        host.unread
            .iter()
            .map(|line| line.replace(env!("CARGO_MANIFEST_DIR"), ""))
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn a_container_says_little() {
    let host = fixture("minimal");
    assert_eq!(host.unread, Vec::<String>::new());
    assert_eq!(host.figures.total, Some(4 * GIB));
    assert_eq!(host.figures.anonymous, None);
    assert_eq!(host.tmpfs.map(|tmpfs| tmpfs.len()), Some(2));
    assert_eq!(host.segments, None);
    assert_eq!(host.nodes, []);
    assert_eq!(host.huge_pages, []);
}

#[test]
fn no_host_at_all_is_no_total() {
    let nowhere = Path::new("/nonexistent");
    let host = read(nowhere, nowhere);
    assert_eq!(host.unread, ["/nonexistent/meminfo: no MemTotal"]);
    assert_eq!(host.figures, Figures::default());
}

#[test]
fn this_host_is_read() {
    let host = read(Path::new("/proc"), Path::new("/sys"));
    assert!(host.figures.total.is_some() && host.figures.free < host.figures.total);
}
