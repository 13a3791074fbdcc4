use std::fmt::Write as _;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

const HEAD: &str = "Hardware error from APEI Generic Hardware Error Source: 4";

fn host(since: Option<&str>) -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/ghes-log");
    let since = since.map(|it| it.parse().unwrap());
    Sources::below(&root, since, "2026-11-22T12:00:00Z".parse().unwrap())
}

fn of(lines: &[u8]) -> Reader {
    let mut reader = Reader::default();
    super::lines(lines, &mut |line| reader.line(line)).unwrap();
    reader
}

/// A log with one message for each number of a record and what it says.
fn log(messages: &[(u64, &str)]) -> String {
    let mut log = String::new();
    for (sequence, (number, words)) in messages.iter().enumerate() {
        let _ = writeln!(
            log,
            "4,{sequence},7,-;{{{number}}}[Hardware Error]: {words}"
        );
    }
    log
}

/// Corrected and uncorrected errors by the text for the part.
fn told(log: &str) -> Vec<(String, u64, u64)> {
    let events = of(log.as_bytes()).end().unwrap().events.into_iter();
    events
        .map(|(origin, it)| {
            (
                origin.names.fru.unwrap_or_default(),
                it.corrected,
                it.uncorrected,
            )
        })
        .collect()
}

#[test]
fn a_log_is_read_with_what_it_names_and_when() {
    let mut unread = Vec::new();
    let log = read(&host(None), true, &mut unread).unwrap();
    assert_eq!(unread, [""; 0]);
    assert!(!log.is_whole);
    assert_eq!(log.begins, Some("2026-11-20T13:00:00Z".parse().unwrap()));
    let sum = |of: fn(&Recorded) -> u64| log.events.values().map(of).sum::<u64>();
    assert_eq!((sum(|it| it.corrected), sum(|it| it.uncorrected)), (8, 2));
    let of = |names: Names| {
        let mut events = log.events.iter();
        let (origin, recorded) = events.find(|(origin, _)| origin.names == names).unwrap();
        (origin.address, recorded.last.unwrap().to_string())
    };
    let fru = Names {
        fru: Some("B1".to_owned()),
        ..Names::default()
    };
    let time = "2026-11-20T23:06:40Z".to_owned();
    assert_eq!(of(fru), (Some(0x20_7fb8_c440), time));
    let handle = Names {
        handle: Some(0x1102),
        ..Names::default()
    };
    assert_eq!(of(handle), (None, "2026-11-21T15:46:40Z".to_owned()));
    let location = Names {
        location: Some("NODE 2 B2".to_owned()),
        ..Names::default()
    };
    assert_eq!(of(location).0, Some(0x8_a398_a400));
    let hostile = Names {
        fru: Some("\u{1b}[31mB1\n{14}\u{fffd}\\".to_owned()),
        ..Names::default()
    };
    assert_eq!(of(hostile).0, None);
}

#[test]
fn since_then() {
    let log = read(&host(Some("2026-11-22T05:40:00Z")), true, &mut Vec::new()).unwrap();
    let errors = log.events.values().map(|it| it.corrected + it.uncorrected);
    assert_eq!(errors.sum::<u64>(), 5);
}

#[test]
fn without_a_time_errors_count_and_the_lack_is_told() {
    let sources = Sources {
        procfs: PathBuf::from("/nowhere"),
        ..host(None)
    };
    let mut unread = Vec::new();
    let log = read(&sources, true, &mut unread).unwrap();
    assert!(!log.events.is_empty() && log.events.values().all(|it| it.last.is_none()));
    assert!(
        unread.concat().starts_with("/nowhere/uptime: "),
        "{unread:?}"
    );
}

#[test]
fn no_log_is_none_and_one_that_cannot_be_read_is_told_where_it_matters() {
    let folder = tempfile::tempdir().unwrap();
    let sources = Sources::below(folder.path(), None, Timestamp::UNIX_EPOCH);
    let mut unread = Vec::new();
    assert!(read(&sources, true, &mut unread).is_none());
    std::fs::create_dir(folder.path().join("dev")).unwrap();
    let path = folder.path().join("dev/kmsg");
    // As a container's, which is another name for /dev/null.
    std::fs::write(&path, "").unwrap();
    assert!(read(&sources, true, &mut unread).is_none());
    assert_eq!(unread, [""; 0]);
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(read(&sources, false, &mut unread).is_none());
    assert_eq!(unread, [""; 0]);
    assert!(read(&sources, true, &mut unread).is_none());
    assert!(unread.concat().contains("dev/kmsg: "), "{unread:?}");
}

#[test]
fn severities() {
    for (words, corrected, uncorrected) in [
        ("Error 0, type: corrected", 1, 0),
        ("Error 3, type: recoverable", 0, 1),
        ("Error 0, type: fatal", 0, 1),
        ("section: 0, severity: 2, corrected", 1, 0),
        ("section: 1, severity: 1, fatal", 0, 1),
    ] {
        let log = log(&[(1, HEAD), (1, words), (1, "  section_type: memory error")]);
        assert_eq!(
            told(&log),
            [(String::new(), corrected, uncorrected)],
            "{words}"
        );
    }
    for words in [
        "Error 0, type: info",
        "Error 0, type: unknown",
        "event severity: fatal",
    ] {
        let log = log(&[(1, HEAD), (1, words), (1, "section_type: memory error")]);
        assert_eq!(told(&log), [], "{words}");
    }
}

#[test]
fn sections_of_records_between_each_other_are_kept_apart() {
    let log = log(&[
        (1, " Error 0, type: corrected"),
        (2, " Error 0, type: fatal"),
        (2, " fru_text: A2"),
        (1, " fru_text: A1"),
        (1, "  section_type: memory error"),
        (2, "  section_type: PCIe error"),
        (1, " Error 1, type: recoverable"),
        (2, " Error 1, type: corrected"),
        (1, " fru_text: A3"),
        (1, "  section_type: memory error"),
        (2, "  section_type: memory error"),
        // The next one of the same number.
        (1, HEAD),
        (1, " fru_text: A4"),
    ]);
    let expected = [("", 1, 0), ("A1", 1, 0), ("A3", 0, 1)];
    assert_eq!(
        told(&log),
        expected.map(|(fru, a, b)| (fru.to_owned(), a, b))
    );
}

#[test]
fn what_is_behind_lost_messages_belongs_to_nothing_before_them() {
    let whole = log(&[
        (1, " Error 0, type: corrected"),
        (1, "  section_type: memory error"),
        (1, " Error 1, type: corrected"),
        (1, " fru_text: A1"),
    ]);
    let lost: Vec<&str> = whole.lines().filter(|it| !it.contains("Error 1")).collect();
    assert_eq!(told(&(lost.join("\n") + "\n")), [(String::new(), 1, 0)]);
}

#[test]
fn an_address_is_one_only_as_far_as_its_mask_goes() {
    for (address, mask, expected) in [
        (0x8_a398_a400, u64::MAX, true),
        (0x8_a398_a400, 0xffff_ffff_ffff_f000, true),
        (0x8_a398_a400, 0x0000_3fff_ffff_ffff, true),
        (0x8_a398_a400, 0, false),
        (0x8_a398_a400, 0xffff_ffff, false),
        (0x8_0000_0000, 0xffff_ffff_8000_0000, false),
    ] {
        assert_eq!(is_exact(address, mask), expected, "{address:x} {mask:x}");
    }
}

#[test]
fn a_line_that_is_too_long_is_left_out_with_all_of_its_parts() {
    let good = log(&[
        (1, "Error 0, type: fatal"),
        (1, "section_type: memory error"),
    ]);
    let long = "x".repeat(8 << 10);
    let text = format!("{long}4,0,7,-;{{1}}[Hardware Error]: Error 0, type: fatal\n{good}");
    assert_eq!(told(&text), [(String::new(), 0, 1)]);
    // Nor is one without its end.
    let half = good.trim_end();
    assert_eq!(told(half), []);
}

#[test]
fn overwritten_messages_are_passed_over_and_the_end_is_not_waited_for() {
    struct Ring(Vec<Result<&'static str, i32>>);
    impl Read for Ring {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.remove(0) {
                Ok(text) => {
                    buffer[..text.len()].copy_from_slice(text.as_bytes());
                    Ok(text.len())
                }
                Err(code) => Err(io::Error::from_raw_os_error(code)),
            }
        }
    }
    const EPIPE: i32 = 32;
    const EAGAIN: i32 = 11;
    let ring = || {
        Ring(vec![
            Ok("a\n"),
            Err(EPIPE),
            Ok("b\n"),
            Ok("c\n"),
            Err(EAGAIN),
        ])
    };
    let mut seen = Vec::new();
    let is_all = lines(ring(), &mut |line| seen.extend(line.iter().copied())).unwrap();
    assert_eq!((is_all, seen.as_slice()), (true, &b"abc"[..]));
}

#[test]
fn many_records_and_many_places_need_no_more_memory() {
    let mut messages = String::new();
    for number in 0..20_000_u64 {
        let head = |step| format!("4,{},7,-;{{{number}}}[Hardware Error]:", number * 3 + step);
        let _ = writeln!(messages, "{} Error 0, type: corrected", head(0));
        let _ = writeln!(messages, "{} section_type: memory error", head(1));
        let _ = writeln!(messages, "{} physical_address: {number:#x}", head(2));
    }
    let reader = of(messages.as_bytes());
    assert!(reader.open.len() <= 64);
    let events = reader.end().unwrap().events;
    assert!(events.len() <= 8192);
    assert_eq!(events.values().map(|it| it.corrected).sum::<u64>(), 20_000);
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        drop(of(&bytes).end());
    }

    #[test]
    fn no_lines_are_too_odd(
        lines in proptest::collection::vec((any::<(u64, u64, u64)>(), 0..9_usize, ".*"), 0..60),
    ) {
        let mut log = String::new();
        for ((sequence, time, number), key, value) in lines {
            let key = [
                "Error 0, type: corrected", "Error 1, type: ", "section: ", "fru_text: ",
                "section_type: memory error", "physical_address: 0x", "physical_address_mask: 0x",
                "DIMM location: ", "DIMM location: not present. DMI handle: 0x",
            ][key];
            let number = number % 3;
            let _ = writeln!(log, "4,{sequence},{time},-;{{{number}}}[Hardware Error]: {key}{value}");
        }
        let mut reader = Reader { started: Some(Timestamp::UNIX_EPOCH), ..Reader::default() };
        super::lines(log.as_bytes(), &mut |line| reader.line(line)).unwrap();
        drop(reader.end());
    }
}
