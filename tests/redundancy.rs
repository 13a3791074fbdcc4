//! How many more drives each span may lose, in captures whose members a person counted.

#![cfg(test)]

use std::fs;
use std::path::Path;

use ironkeep::health::redundancy;
use ironkeep_parsers::megacli::ld_info::ld_info;

/// Of one virtual drive: per span the members lost, of those the rebuilding ones, and how many more
/// may fail; last how many more the virtual drive as a whole may lose.
type Fact = (&'static [(u32, u32, Option<u32>)], Option<u32>);

/// Captures in the repository, with one fact per virtual drive in order.
const FIXTURES: &[(&str, &[Fact])] = &[
    // RAID 5 of 6, slot 2 failed.
    ("degraded_raid5_failed", &[(&[(1, 0, Some(0))], Some(0))]),
    // RAID 6 of 8, slots 4 (failed) and 5 (off line).
    (
        "degraded_raid6_two_failed",
        &[(&[(2, 0, Some(0))], Some(0))],
    ),
    // RAID 50 of two spans with 4, all on line: each span may lose one.
    ("raid50", &[(&[(0, 0, Some(1)), (0, 0, Some(1))], Some(1))]),
    // RAID 5 of 6, slot 2 is being rebuilt.
    ("rebuilding", &[(&[(1, 1, Some(0))], Some(0))]),
    // RAID 6 of 4 without its arm 1, and RAID 5 of 3 without its arm 2.
    (
        "missing_drives",
        &[(&[(1, 0, Some(1))], Some(1)), (&[(1, 0, Some(0))], Some(0))],
    ),
];

/// The same in the shared captures.
const SHARED: &[(&str, &[Fact])] = &[
    // RAID 10 of four pairs, the second arm of span 1 failed: three pairs are whole.
    (
        "degraded_raid10",
        &[(
            &[
                (0, 0, Some(1)),
                (1, 0, Some(0)),
                (0, 0, Some(1)),
                (0, 0, Some(1)),
            ],
            Some(0),
        )],
    ),
    // RAID 5 of 5 with two failed, off line; and a RAID 0 of one, which never had redundancy.
    (
        "offline_vd",
        &[(&[(2, 0, Some(0))], Some(0)), (&[(0, 0, Some(0))], Some(0))],
    ),
];

fn check(folder: &Path, prefix: &str, table: &[(&str, &[Fact])]) {
    for (scenario, facts) in table {
        let file = folder.join(format!("{prefix}{scenario}/LdPdInfo_aALL.txt"));
        let report = ld_info(&String::from_utf8_lossy(&fs::read(&file).unwrap()));
        let drives: Vec<_> = report
            .value
            .into_iter()
            .flat_map(|part| part.value)
            .collect();
        assert_eq!(drives.len(), facts.len(), "{scenario}");
        for (drive, (spans, remaining)) in drives.iter().zip(*facts) {
            let read: Vec<_> = redundancy::spans(drive)
                .iter()
                .map(|span| (span.lost, span.rebuilding, span.remaining))
                .collect();
            assert_eq!(read, *spans, "{scenario}: {:?}", drive.target_id);
            assert_eq!(redundancy::remaining(drive), *remaining, "{scenario}");
        }
    }
}

#[test]
fn each_span_of_the_fixtures_has_the_redundancy_that_a_person_counts() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    check(&here.join("fixtures/megacli"), "8.07.14-", FIXTURES);
}

#[test]
fn each_span_of_the_shared_captures_has_the_redundancy_that_a_person_counts() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/captures/megacli-8.07.14"))
        .find(|folder| folder.is_dir());
    let Some(shared) = shared else {
        println!("skipped: no shared/captures above the repository");
        return;
    };
    check(&shared, "", SHARED);
}
