//! What a person sees when something is wrong: one clear error with a hint, the right exit code, and
//! never a panic. The program runs as a process, against a tool that misbehaves.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the helpers are tests too"
)]

#[path = "fakes/stand_in.rs"]
#[expect(dead_code, reason = "shared with tests/spawn.rs")]
mod stand_in;

#[path = "fakes/program.rs"]
mod program;

use std::fs::Permissions;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use program::{against, finish, ironkeep, is_root};
use stand_in::StandIn;

/// A plan with one rule for every call.
fn always(steps: &str) -> StandIn {
    StandIn::new(&format!("rule = [{{ steps = [{steps}] }}]"))
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/megacli")
        .join(name)
        .display()
        .to_string()
}

#[test]
fn a_missing_tool_is_named_with_the_flag_that_helps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("megacli").display().to_string();
    let run = finish(&mut ironkeep(&["--megacli", &path, "health"]));
    run.fails(1, "MegaC", "--megacli");
}

#[test]
fn without_root_the_hint_is_sudo() {
    if !is_root() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // The build folder may be closed to other users; the programs are copied where it is not.
    let copy = |program: &str, name: &str| {
        let copy = folder.path().join(name);
        std::fs::copy(program, &copy).unwrap();
        copy
    };
    let program = copy(env!("CARGO_BIN_EXE_ironkeep"), "ironkeep");
    let tool = copy(env!("CARGO_BIN_EXE_fake-megacli"), "megacli");
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(program);
    command
        .env_clear()
        .arg("--megacli")
        .arg(tool)
        .arg("health")
        .uid(65534)
        .gid(65534);
    let run = finish(&mut command);
    run.fails(1, "root", "sudo");
}

#[test]
fn a_host_without_a_controller_is_no_healthy_host() {
    if !is_root() {
        return;
    }
    let stand_in = StandIn::new(&format!("capture = {:?}", fixture("8.07.14-no_controller")));
    against(&stand_in, &["health"]).fails(1, "no controller", "lspci");
    let nagios = against(&stand_in, &["health", "--nagios"]);
    assert_eq!(nagios.status, 3, "{nagios:#?}");
    assert!(nagios.stdout.starts_with("UNKNOWN: "), "{nagios:#?}");
}

#[test]
fn a_reading_that_fails_as_a_whole_is_accounted_for_too() {
    let capture = fixture("8.07.14-no_controller");
    let run = finish(&mut ironkeep(&[
        "--replay",
        &capture,
        "--verbose",
        "health",
    ]));
    run.fails(1, "no controller", "record");
    assert!(
        run.stderr.contains("PDList_aALL.txt: exit code 0x00\n"),
        "{run:#?}"
    );

    let capture = fixture("8.07.14-degraded_raid5_failed");
    let run = finish(&mut ironkeep(&[
        "--replay", &capture, "pd", "show", "252:9",
    ]));
    run.fails(
        2,
        "252:9",
        &format!(": ironkeep --replay {capture} pd list\n"),
    );
}

#[test]
fn a_tool_that_says_nothing_and_exits_0_is_no_healthy_host() {
    if !is_root() {
        return;
    }
    against(&always(""), &["health"]).fails(1, "no controller", "lspci");
}

#[test]
fn what_the_tool_says_on_standard_error_only_is_the_reason() {
    if !is_root() {
        return;
    }
    let stand_in = always("{ print-error = \"out of semaphores\\n\" }");
    let run = against(&stand_in, &["health"]);
    run.fails(1, "could not read the controllers", "dmesg");
    assert!(run.stderr.contains("out of semaphores"), "{run:#?}");
}

#[test]
fn the_heading_of_a_column_leads_to_its_key() {
    let capture = fixture("8.07.14-healthy_raid5_hs");
    let run = finish(&mut ironkeep(&[
        "--replay", &capture, "pd", "list", "--sort", "vd",
    ]));
    run.fails(2, "no column", "did you mean virtual_drives?");
}

#[test]
fn a_hanging_tool_is_killed_and_said_so() {
    if !is_root() {
        return;
    }
    let run = against(&always("\"hang\""), &["--timeout", "0.2", "health"]);
    run.fails(1, "did not end within", "--timeout");
}

#[test]
fn garbage_is_no_answer() {
    if !is_root() {
        return;
    }
    let run = against(
        &always("{ print-bytes = [0, 255, 254, 10, 65, 58, 32, 66, 10] }"),
        &["health"],
    );
    run.fails(1, "could not read the controllers", "dmesg");
    assert!(run.stderr.contains("line 1: it is damaged"), "{run:#?}");
}

#[test]
fn a_hundred_megabytes_of_output_are_cut_short() {
    if !is_root() {
        return;
    }
    let run = against(&always("{ flood = 104857600 }"), &["health"]);
    run.fails(1, "MiB", "head");
}

#[test]
fn a_crash_in_mid_output_keeps_what_was_read_and_says_what_is_missing() {
    if !is_root() {
        return;
    }
    let plan = format!(
        "capture = {:?}\nrule = [{{ when = \"-LdPdInfo\", steps = [{{ answer-start = 6000 }}, \"crash\"] }}]",
        fixture("8.07.14-healthy_raid5_hs")
    );
    let run = against(&StandIn::new(&plan), &["health"]);
    run.is_calm();
    assert_eq!(run.status, 4, "{run:#?}");
    assert!(run.stdout.contains("crashed"), "{run:#?}");
    let drives = against(&StandIn::new(&plan), &["vd", "list", "--format", "json"]);
    assert!(drives.stdout.contains("\"data\""), "{drives:#?}");
}

#[test]
fn health_asks_at_most_8_questions_whatever_the_host_has() {
    if !is_root() {
        return;
    }
    for scenario in [
        "8.07.14-two_controllers",
        "8.07.14-healthy_raid5_hs",
        "8.07.14-missing_drives",
        "8.07.14-rebuilding",
    ] {
        let stand_in = StandIn::new(&format!("capture = {:?}", fixture(scenario)));
        let run = against(&stand_in, &["health"]);
        run.is_calm();
        let calls = stand_in.calls();
        assert!(
            (1..=8).contains(&calls.len()),
            "{scenario}: {} calls",
            calls.len()
        );
    }
}

#[test]
fn a_controller_that_stalls_under_the_tool_is_refused() {
    if !is_root() {
        return;
    }
    let stand_in = always("");
    let device = stand_in.path("sys/bus/pci/devices/0000:3b:00.0");
    std::fs::create_dir_all(&device).unwrap();
    for (file, text) in [
        ("vendor", "0x1000\n"),
        ("device", "0x10e2\n"),
        ("class", "0x010400\n"),
    ] {
        std::fs::write(device.join(file), text).unwrap();
    }
    against(&stand_in, &["health"]).fails(3, "0000:3b:00.0", "--force-unsafe-controller");
    assert!(stand_in.calls().is_empty(), "the tool was run");
}

#[test]
fn a_wrong_selector_lists_the_forms_and_a_drive_that_is_not_there_lists_near_ones() {
    let replay = fixture("8.07.14-degraded_raid5_failed");
    let forms = finish(&mut ironkeep(&["--replay", &replay, "pd", "show", "252"]));
    assert_eq!(forms.status, 2, "{forms:#?}");
    assert!(forms.stderr.contains("ENCLOSURE:SLOT"), "{forms:#?}");
    let absent = finish(&mut ironkeep(&[
        "--replay", &replay, "pd", "show", "252:99",
    ]));
    absent.fails(2, "252:99", "252:");
    let controller = finish(&mut ironkeep(&[
        "--replay", &replay, "-c", "7", "pd", "list",
    ]));
    controller.fails(2, "no controller 7", "controller list");
}

#[test]
fn a_capture_that_holds_nothing_known_says_how_to_record_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "nothing of interest\n").unwrap();
    let path = folder.path().display().to_string();
    finish(&mut ironkeep(&["--replay", &path, "health"])).fails(1, "MegaCLI command", "-NoLog");
    finish(&mut ironkeep(&["--replay", "/nonexistent", "health"])).fails(1, "/nonexistent", "hint");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let replay = fixture("8.07.14-healthy_raid5_hs");
    let mut child = ironkeep(&["--replay", &replay, "pd", "list", "--format", "json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(
        (child.wait().unwrap().code(), stderr.as_str()),
        (Some(0), "")
    );
}

#[test]
fn standard_input_is_a_capture_too() {
    let text = std::fs::read(
        Path::new(&fixture("8.07.14-degraded_raid5_failed")).join("LdPdInfo_aALL.txt"),
    )
    .unwrap();
    let mut child = ironkeep(&["--replay", "-", "pd", "list", "--format", "plain"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stdout).lines().count() >= 3,
        "{output:?}"
    );
}

#[test]
fn bytes_that_are_no_text_are_shown_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut text =
        std::fs::read(Path::new(&fixture("8.07.14-healthy_raid5_hs")).join("PDList_aALL.txt"))
            .unwrap();
    let at = text
        .windows(8)
        .position(|window| window == b"ST330065")
        .unwrap();
    if let Some(byte) = text.get_mut(at) {
        *byte = 0xff;
    }
    std::fs::write(folder.path().join("pdlist"), text).unwrap();
    let path = folder.path().display().to_string();
    let run = finish(&mut ironkeep(&[
        "--replay",
        &path,
        "--verbose",
        "pd",
        "list",
    ]));
    run.is_calm();
    assert_eq!(run.status, 0, "{run:#?}");
    assert!(run.stderr.contains("not UTF-8"), "{run:#?}");
}
