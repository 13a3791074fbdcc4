//! Saved outputs that are not all, or not of one host or time. What they do not say must not be shown
//! as healthy, and what they say must not be withheld.

#![cfg(test)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a run printed, and its exit status.
#[derive(Debug)]
struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

#[expect(clippy::disallowed_methods, reason = "a test starts the program")]
fn replay(paths: &[&Path], command: &[&str]) -> Run {
    let flags = paths.iter().flat_map(|path| [Path::new("--replay"), path]);
    let output = Command::new(env!("CARGO_BIN_EXE_ironkeep"))
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .args(flags)
        .args(command)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Run {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/megacli")
        .join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(fixture(path)).unwrap()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn outputs_of_two_hosts_are_refused() {
    let one = text("8.07.14-healthy_raid5_hs/AdpAllInfo_aALL.txt");
    let other = one.replace("SV31012345", "SV99999999");
    assert_ne!(one, other);
    let folder = folder(&[("one", &one), ("other", &other)]);
    let run = replay(&[folder.path()], &["health"]);
    assert_eq!(run.status, Some(2), "{run:#?}");
    assert!(run.stderr.contains("different hosts"), "{run:#?}");
    assert!(run.stderr.contains("SV31012345"), "{run:#?}");
}

#[test]
fn a_failure_that_one_output_shows_and_another_does_not_is_not_passed_over() {
    let failed = text("8.07.14-degraded_raid5_failed/PDList_aALL.txt");
    let before = failed.replace("Firmware state: Failed", "Firmware state: Online, Spun Up");
    assert_ne!(failed, before);
    let folder = folder(&[("monday", &before), ("tuesday", &failed)]);
    let run = replay(&[folder.path()], &["pd", "list"]);
    assert!(
        run.stderr
            .contains("physical drive 252:2 of controller 0 is Online in"),
        "{run:#?}"
    );
    let run = replay(&[folder.path()], &["health"]);
    assert_eq!(run.status, Some(4), "{run:#?}");
    assert!(run.stdout.contains("and Failed in"), "{run:#?}");
}

#[test]
fn an_empty_list_is_no_answer_where_the_controller_counts_drives() {
    // What is printed where reading each single drive failed.
    let empty = "\nAdapter #0\n\n\n\n\n\n\nExit Code: 0x00\n";
    let info = text("8.07.14-healthy_raid5_hs/AdpAllInfo_aALL.txt");
    let folder = folder(&[("PDList.txt", empty), ("AdpAllInfo.txt", &info)]);
    for command in [&["pd", "list"], &["spare", "list"]] {
        let run = replay(&[folder.path()], command);
        assert_eq!(run.status, Some(1), "{command:?}: {run:#?}");
        let words = "the controller counts 8, the list shows none";
        assert!(run.stderr.contains(words), "{command:?}: {run:#?}");
    }
    let run = replay(&[folder.path()], &["health"]);
    assert!(!run.stdout.contains("no hot spare"), "{run:#?}");
}

#[test]
fn members_show_a_virtual_drive_where_nothing_else_was_saved() {
    for (file, says) in [
        (
            "8.07.14-missing_drives/LdPdInfo_aALL.txt",
            "could not read the table of missing drives",
        ),
        (
            "8.07.14-rebuilding/LdPdInfo_aALL.txt",
            "could not read the progress of rebuilds",
        ),
    ] {
        let run = replay(&[&fixture(file)], &["vd", "show", "0"]);
        assert_eq!(run.status, Some(0), "{file}: {run:#?}");
        assert!(run.stderr.contains(says), "{file}: {run:#?}");
    }
}

#[test]
fn missing_drives_are_listed_where_no_drive_was_read() {
    let file = fixture("8.07.14-missing_drives/PdGetMissing_aALL.txt");
    let run = replay(&[&file], &["pd", "list"]);
    assert_eq!(run.status, Some(0), "{run:#?}");
    assert!(run.stdout.contains("Missing"), "{run:#?}");
    assert!(
        run.stderr.contains("could not read the physical drives"),
        "{run:#?}"
    );
}

#[test]
fn an_empty_battery_that_is_not_being_charged_is_a_fault() {
    let full = text("8.07.14-healthy_raid5_hs/AdpBbuCmd_aALL.txt");
    let empty = full.replace(
        "Fully Discharged        : No",
        "Fully Discharged        : Yes",
    );
    assert_ne!(full, empty);
    let folder = folder(&[("bbu", &empty)]);
    let run = replay(&[folder.path()], &["health"]);
    let words = "it is empty and is not being charged";
    assert!(run.stdout.contains(words), "{run:#?}");
    let charging = empty.replace(": None", ": Charging");
    let folder = self::folder(&[("bbu", &charging)]);
    let run = replay(&[folder.path()], &["health"]);
    assert!(!run.stdout.contains(words), "{run:#?}");
}

#[test]
fn the_next_commands_can_be_typed_as_they_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("host a's");
    std::fs::create_dir(&saved).unwrap();
    let text = text("8.07.14-degraded_raid5_failed/PDList_aALL.txt");
    std::fs::write(saved.join("PDList.txt"), text).unwrap();
    let run = replay(&[&saved], &["health"]);
    let words = r"host a'\''s' pd show 252:2";
    assert!(run.stdout.contains(words), "{run:#?}");
}

#[test]
fn an_enclosure_without_drives_is_said_to_have_none() {
    let file = fixture("8.07.14-healthy_raid5_hs/PDList_aALL.txt");
    let run = replay(&[&file], &["pd", "list", "--enclosure", "9"]);
    let words = "no physical drive is in enclosure 9; there are drives in: 252";
    assert!(run.stderr.contains(words), "{run:#?}");
}

#[test]
fn a_list_that_failed_is_no_missing_controller() {
    let failed = "\nFailed to get Disk Group list\n\nExit Code: 0x01\n";
    let folder = folder(&[("LdPdInfo.txt", failed)]);
    let run = replay(&[folder.path()], &["vd", "list"]);
    assert_eq!(run.status, Some(1), "{run:#?}");
    assert!(!run.stderr.contains("no controller"), "{run:#?}");
    assert!(
        run.stderr.contains("could not read the virtual drives"),
        "{run:#?}"
    );

    let none = "\nFailed to get ControllerId List.\n\nExit Code: 0x01\n";
    let folder = self::folder(&[("LdPdInfo.txt", none)]);
    let run = replay(&[folder.path()], &["vd", "list"]);
    assert!(run.stderr.contains("no controller"), "{run:#?}");
}
