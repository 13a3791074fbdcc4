//! The process boundary: everything that can go wrong between us and the tool.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

#[path = "fakes/stand_in.rs"]
mod stand_in;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ironkeep::runner::interrupt::Interrupt;
use ironkeep::runner::process::{MegaCli, Settings};
use ironkeep::runner::{Invocation, ProcessEnd, RawOutput, RunError, Runner};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use stand_in::StandIn;

/// Longer than anything takes that works.
const FOREVER: Duration = Duration::from_mins(1);
/// Long enough for the first words of a tool that then hangs, however busy this machine is.
const SOON: Duration = Duration::from_secs(2);

fn settings(stand_in: &StandIn) -> Settings {
    Settings {
        program: Some(stand_in.program()),
        euid: 0,
        pci_devices: stand_in.path("no-pci"),
        locks: vec![stand_in.path("lock")],
        lock_wait: FOREVER,
        time_limit: FOREVER,
        temporary: stand_in.path(""),
        ..Settings::default()
    }
}

fn words(arguments: &[&str]) -> Invocation {
    let arguments = arguments.iter().map(|&it| it.to_owned()).collect();
    Invocation {
        arguments,
        ..Invocation::default()
    }
}

fn run(settings: Settings) -> Result<RawOutput, RunError> {
    MegaCli::new(settings).run(&words(&["-PDList", "-aALL"]))
}

/// One rule for every call.
fn plan(steps: &str) -> String {
    format!("rule = [{{ steps = [{steps}] }}]")
}

fn run_with(steps: &str) -> Result<RawOutput, RunError> {
    run(settings(&StandIn::new(&plan(steps))))
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < FOREVER, "waited in vain until {what}");
        sleep(Duration::from_millis(5));
    }
}

/// A process that is collected counts as gone, and so does one that only waits for its new parent
/// to collect it.
fn is_gone(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"));
    test_kill_process(Pid::from_raw(pid).unwrap()).is_err()
        || stat.map_or(true, |stat| stat.contains(") Z "))
}

// What the tool is given

#[test]
fn output_status_and_both_streams_come_back_untouched() {
    let output =
        run_with(r#"{ print = "a\r\n" }, { print-error = "b\n" }, { exit = 37 }"#).unwrap();
    assert_eq!(output.stdout, b"a\r\n");
    assert_eq!(output.stderr, b"b\n");
    assert_eq!(output.end, ProcessEnd::Exited(37));
    assert!(!output.truncated);
}

#[test]
fn no_log_is_the_last_argument_always_and_once() {
    let stand_in = StandIn::new(&plan(""));
    let mut tool = MegaCli::new(settings(&stand_in));
    tool.run(&words(&["-PDList", "-aALL"])).unwrap();
    tool.run(&words(&["-nolog", "-PDList", "-aALL", "-NoLog"]))
        .unwrap();
    for call in stand_in.calls() {
        assert_eq!(call.arguments, ["-PDList", "-aALL", "-NoLog"]);
    }
}

#[test]
fn arguments_reach_the_tool_as_they_are() {
    let stand_in = StandIn::new(&plan(""));
    let strange = ["-PDList", "[252:1, 252:2]", "$(id)", "", "a b;'\"", "-a0"];
    MegaCli::new(settings(&stand_in))
        .run(&words(&strange))
        .unwrap();
    assert_eq!(stand_in.calls()[0].arguments[..6], strange);
}

#[test]
fn the_environment_is_ours_and_there_is_nothing_to_read() {
    let stand_in = StandIn::new(&plan(""));
    run(settings(&stand_in)).unwrap();
    let call = &stand_in.calls()[0];
    let names: Vec<&str> = call.environment.keys().map(String::as_str).collect();
    assert_eq!(names, ["LC_ALL", "PATH", "TERM"]);
    assert_eq!(call.environment["LC_ALL"], "C");
    assert_eq!(call.stdin, PathBuf::from("/dev/null"));
}

#[test]
fn it_stands_in_a_private_folder_that_goes_with_the_run() {
    let stand_in = StandIn::new(&plan(r#"{ litter = "MegaSAS.log" }"#));
    run(settings(&stand_in)).unwrap();
    let call = &stand_in.calls()[0];
    assert!(call.directory.starts_with(stand_in.path("")));
    assert_ne!(call.directory, stand_in.path(""));
    assert_eq!(call.directory_mode, 0o700);
    assert!(!call.directory.exists());
}

/// Gives the stand-in a capture with an answer to the query for events.
fn add_capture(stand_in: &StandIn, rest_of_plan: &str) -> Invocation {
    let capture = stand_in.path("capture");
    fs::create_dir(&capture).unwrap();
    let index = "file\targuments\texit_status\nev\t-AdpEventLog -f F -aALL -NoLog\t4\n";
    fs::write(capture.join("commands.tsv"), index).unwrap();
    fs::write(capture.join("ev.txt"), "Success\n\nExit Code: 0x04\n").unwrap();
    fs::write(capture.join("ev.events"), "seqNum: 1").unwrap();
    let plan = format!("capture = \"{}\"\n{rest_of_plan}", capture.display());
    fs::write(stand_in.path("megacli.toml"), plan).unwrap();
    Invocation {
        file: Some("events.txt".to_owned()),
        ..words(&["-AdpEventLog", "-f", "events.txt", "-aALL"])
    }
}

#[test]
fn the_file_that_it_writes_is_part_of_the_answer() {
    let stand_in = StandIn::new("");
    let invocation = add_capture(&stand_in, "");
    let output = MegaCli::new(settings(&stand_in)).run(&invocation).unwrap();
    assert_eq!(output.stdout, b"Success\n\nExit Code: 0x04\n");
    assert_eq!(output.file, b"seqNum: 1");
    assert_eq!(output.end, ProcessEnd::Exited(4));
}

#[test]
fn a_file_longer_than_the_limit_is_cut_and_said_to_be() {
    let stand_in = StandIn::new("");
    let invocation = add_capture(&stand_in, &plan(r#""answer-without-exit-code""#));
    let settings = Settings {
        output_limit: 8,
        ..settings(&stand_in)
    };
    fs::write(stand_in.path("capture/ev.events"), "seqNum: 1").unwrap();
    fs::write(stand_in.path("capture/ev.txt"), "Success").unwrap();
    let output = MegaCli::new(settings).run(&invocation).unwrap();
    assert_eq!(
        (output.file.as_slice(), output.truncated),
        (&b"seqNum: "[..], true)
    );
}

#[test]
fn a_file_that_was_not_written_is_empty() {
    let stand_in = StandIn::new("");
    let invocation = add_capture(&stand_in, "");
    fs::remove_file(stand_in.path("capture/ev.events")).unwrap();
    let output = MegaCli::new(settings(&stand_in)).run(&invocation).unwrap();
    assert!(output.file.is_empty());
}

#[test]
fn answers_that_come_slowly_or_lack_their_end_are_passed_on_as_they_are() {
    for (step, printed) in [
        ("{ answer-slowly = 0.05 }", "Success\n\nExit Code: 0x04\n"),
        ("{ answer-start = 3 }", "Suc"),
        (r#""answer-without-exit-code""#, "Success\n\n"),
    ] {
        let stand_in = StandIn::new("");
        let invocation = add_capture(&stand_in, &plan(step));
        let output = MegaCli::new(settings(&stand_in)).run(&invocation).unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), printed);
    }
}

// Starting it

#[test]
fn a_missing_tool_names_where_it_was_looked_for() {
    let stand_in = StandIn::new("");
    let found = run(Settings {
        program: None,
        places: vec![stand_in.path("opt/MegaCli64")],
        folders: vec![stand_in.path("bin")],
        ..settings(&stand_in)
    });
    let Err(RunError::NotFound { searched }) = found else {
        panic!("{found:?}")
    };
    assert_eq!(
        searched,
        [stand_in.path("opt/MegaCli64"), stand_in.path("bin")]
    );
}

#[test]
fn a_tool_without_the_right_to_be_executed_is_named_with_the_reason() {
    let stand_in = StandIn::new("");
    let program = stand_in.path("MegaCli64");
    fs::write(&program, "not ours to run").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o644)).unwrap();
    let started = run(Settings {
        program: Some(program.clone()),
        ..settings(&stand_in)
    });
    let Err(RunError::Start {
        program: named,
        source,
    }) = started
    else {
        panic!("{started:?}")
    };
    assert_eq!(named, program);
    assert_eq!(source.kind(), std::io::ErrorKind::PermissionDenied);
}

#[test]
fn a_tool_without_its_libraries_is_not_a_tool_that_answered() {
    let words = "MegaCli64: error while loading shared libraries: libncurses.so.5: cannot open";
    let ran = run_with(&format!("{{ print-error = {words:?} }}, {{ exit = 127 }}"));
    assert!(matches!(ran, Err(RunError::MissingLibrary { message, .. }) if message == words));
}

#[test]
fn without_root_nothing_is_started() {
    let stand_in = StandIn::new(&plan(""));
    let ran = run(Settings {
        euid: 1000,
        ..settings(&stand_in)
    });
    assert!(matches!(ran, Err(RunError::NotRoot)));
    assert!(stand_in.calls().is_empty());
}

#[test]
fn without_root_sudo_starts_the_tool_where_it_is_allowed_to() {
    let stand_in = StandIn::new(&plan(r#"{ print = "data" }"#));
    let sudo = stand_in.add("sudo", &plan(r#""exec""#));
    let as_user = |euid| Settings {
        euid,
        sudo: Some(sudo.clone()),
        ..settings(&stand_in)
    };
    assert_eq!(run(as_user(1000)).unwrap().stdout, b"data");
    let program = stand_in.program().display().to_string();
    let calls = stand_in.calls_of("sudo");
    assert_eq!(
        calls[0].arguments,
        ["-n", "--", &program, "-PDList", "-aALL", "-NoLog"]
    );
    // Root needs none.
    run(as_user(0)).unwrap();
    assert_eq!(stand_in.calls_of("sudo").len(), 1);
}

#[test]
fn sudo_that_refuses_is_quoted() {
    let stand_in = StandIn::new(&plan(""));
    for words in [
        "sudo: a password is required",
        "Sorry, user nobody is not allowed to execute 'megacli' as root on host.",
    ] {
        let _previous = fs::remove_file(stand_in.path("sudo"));
        let sudo = stand_in.add(
            "sudo",
            &plan(&format!("{{ print-error = {words:?} }}, {{ exit = 1 }}")),
        );
        let ran = run(Settings {
            euid: 1000,
            sudo: Some(sudo),
            ..settings(&stand_in)
        });
        let Err(RunError::SudoRefused { message, .. }) = ran else {
            panic!("{ran:?}")
        };
        assert_eq!(message, words);
    }
    assert!(stand_in.calls().is_empty());
}

#[test]
fn a_file_in_the_folder_of_sudo_is_an_answer_only_of_the_run_that_wrote_it() {
    let stand_in = StandIn::new(
        r#"rule = [
            { times = 2, steps = [{ file = "answer" }] },
            { steps = [{ print = "no answer" }] },
        ]"#,
    );
    let folder = stand_in.path("root's");
    fs::create_dir(&folder).unwrap();
    let enter = format!("{{ enter = {:?} }}, \"exec\"", folder.display().to_string());
    let sudo = stand_in.add("sudo", &plan(&enter));
    let mut megacli = MegaCli::new(Settings {
        euid: 1000,
        sudo: Some(sudo),
        sudo_folder: folder.clone(),
        ..settings(&stand_in)
    });
    let events = Invocation {
        file: Some("F".to_owned()),
        ..words(&["-AdpEventLog", "-GetEvents", "-f", "F", "-aALL"])
    };
    assert_eq!(megacli.run(&events).unwrap().file, b"answer");
    // Written anew with the same words.
    assert_eq!(megacli.run(&events).unwrap().file, b"answer");
    // What it left there is old by now.
    assert!(folder.join("F").exists());
    assert_eq!(megacli.run(&events).unwrap().file, b"");
}

#[test]
fn a_status_of_1_through_sudo_is_the_tools_own_where_sudo_says_nothing() {
    let stand_in = StandIn::new(&plan("{ exit = 1 }"));
    let sudo = stand_in.add("sudo", &plan(r#""exec""#));
    let ran = run(Settings {
        euid: 1000,
        sudo: Some(sudo),
        ..settings(&stand_in)
    });
    assert_eq!(ran.unwrap().end, ProcessEnd::Exited(1));
}

#[test]
fn a_controller_that_crashes_under_the_tool_is_left_alone_unless_allowed() {
    let stand_in = StandIn::new(&plan(""));
    let device = stand_in.path("pci/0000:18:00.0");
    fs::create_dir_all(&device).unwrap();
    fs::write(device.join("vendor"), "0x1000\n").unwrap();
    fs::write(device.join("device"), "0x10e2\n").unwrap();
    let on_this_host = |allow| Settings {
        pci_devices: stand_in.path("pci"),
        allow_unsafe_controller: allow,
        ..settings(&stand_in)
    };
    let refused = run(on_this_host(false));
    assert!(
        matches!(refused, Err(RunError::UnsafeController { address, .. }) if address == "0000:18:00.0")
    );
    assert!(stand_in.calls().is_empty());
    assert!(run(on_this_host(true)).is_ok());
}

// What it does wrong

#[test]
fn a_tool_that_hangs_is_killed_with_what_it_started_and_its_words_are_kept() {
    let stand_in = StandIn::new(&plan(r#""grandchild", { print = "Adapter #0\n" }, "hang""#));
    let started = Instant::now();
    let ran = run(Settings {
        time_limit: SOON,
        ..settings(&stand_in)
    });
    assert!(started.elapsed() < FOREVER / 2);
    let Err(RunError::TimedOut { killed, stdout, .. }) = ran else {
        panic!("{ran:?}")
    };
    assert!(killed);
    assert_eq!(stdout, b"Adapter #0\n");
    let call = &stand_in.calls()[0];
    assert!(is_gone(call.pid));
    let grandchild = call.grandchild.unwrap();
    wait_until("the grandchild is gone", || is_gone(grandchild));
    assert!(!call.directory.exists());
}

#[test]
fn a_tool_that_hangs_and_ignores_requests_to_end_is_killed_too() {
    let stand_in = StandIn::new(&plan(r#""ignore-term", { print = "here" }, "hang""#));
    let ran = run(Settings {
        time_limit: SOON,
        ..settings(&stand_in)
    });
    assert!(matches!(ran, Err(RunError::TimedOut { killed: true, .. })));
    assert!(is_gone(stand_in.calls()[0].pid));
}

#[test]
fn a_grandchild_that_holds_the_pipes_open_is_not_waited_for() {
    let stand_in = StandIn::new(&plan(r#""grandchild", { print = "done" }"#));
    let output = run(settings(&stand_in)).unwrap();
    assert_eq!(output.stdout, b"done");
    assert_eq!(output.end, ProcessEnd::Exited(0));
    let grandchild = stand_in.calls()[0].grandchild.unwrap();
    wait_until("the grandchild is gone", || is_gone(grandchild));
}

#[test]
fn a_crash_in_the_middle_keeps_what_was_printed() {
    let output = run_with(r#"{ print = "BatteryType: iBBU\n" }, "crash""#).unwrap();
    assert_eq!(output.end, ProcessEnd::Signalled(11));
    assert_eq!(output.stdout, b"BatteryType: iBBU\n");
}

#[test]
fn a_hundred_megabytes_pass_through_a_higher_limit_and_are_cut_at_a_lower_one() {
    let size = 100_000_000;
    let stand_in = StandIn::new(&plan(&format!("{{ flood = {size} }}")));
    let all = run(Settings {
        output_limit: size,
        ..settings(&stand_in)
    })
    .unwrap();
    assert_eq!((all.stdout.len(), all.truncated), (size, false));
    assert_eq!(all.end, ProcessEnd::Exited(0));
    let cut = run(Settings {
        output_limit: 1 << 20,
        ..settings(&stand_in)
    })
    .unwrap();
    assert_eq!((cut.stdout.len(), cut.truncated), (1 << 20, true));
    assert!(is_gone(stand_in.calls()[1].pid));
}

#[test]
fn bytes_that_are_no_text_are_kept() {
    let output = run_with("{ print-bytes = [0xff, 0x00, 0xc3, 0x28, 0x0d] }").unwrap();
    assert_eq!(output.stdout, [0xff, 0x00, 0xc3, 0x28, 0x0d]);
}

#[test]
fn no_output_with_status_0_is_passed_on_as_such() {
    let output = run_with("{ exit = 0 }").unwrap();
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
    assert_eq!(output.end, ProcessEnd::Exited(0));
}

// One at a time

/// What the tests below start as a process of its own: an ironkeep that runs the stand-in of the
/// folder in its environment, and listens to signals.
#[test]
#[ignore = "a helper of other tests"]
fn another_ironkeep() {
    let Some(folder) = std::env::var_os("SPAWN_TEST_FOLDER").map(PathBuf::from) else {
        return;
    };
    let ran = run(Settings {
        program: Some(folder.join("megacli")),
        euid: 0,
        pci_devices: folder.join("no-pci"),
        locks: vec![folder.join("lock")],
        temporary: folder,
        interrupt: Interrupt::from_signals().unwrap(),
        ..Settings::default()
    });
    assert!(matches!(ran, Err(RunError::Interrupted)), "{ran:?}");
}

fn start_another_ironkeep(stand_in: &StandIn) -> Child {
    #[expect(clippy::disallowed_methods, reason = "another process is the point")]
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "another_ironkeep", "--ignored"])
        .env("SPAWN_TEST_FOLDER", stand_in.path(""))
        .spawn()
        .unwrap();
    // It holds the lock once its tool runs.
    wait_until("the other ironkeep runs its tool", || {
        !stand_in.calls().is_empty()
    });
    child
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

#[test]
fn an_interrupted_ironkeep_leaves_no_tool_behind() {
    for signal in [Signal::INT, Signal::TERM] {
        let stand_in = StandIn::new(&plan(r#""grandchild", "hang""#));
        let mut other = start_another_ironkeep(&stand_in);
        kill_process(pid(&other), signal).unwrap();
        // It came to its own end: the test that it runs passed.
        assert!(other.wait().unwrap().success());
        let call = &stand_in.calls()[0];
        assert!(is_gone(call.pid));
        assert!(!call.directory.exists());
    }
}

#[test]
fn the_second_waits_for_the_first_and_then_runs() {
    let stand_in = StandIn::new(
        r#"rule = [{ times = 1, steps = ["hang"] }, { steps = [{ print = "second" }] }]"#,
    );
    let mut first = start_another_ironkeep(&stand_in);
    let hurried = || {
        let ran = run(Settings {
            lock_wait: Duration::ZERO,
            ..settings(&stand_in)
        });
        let Err(RunError::Locked { holder, .. }) = ran else {
            panic!("{ran:?}")
        };
        holder
    };
    let named = format!("ironkeep (pid {})", first.id());
    wait_until("the holder is named", || {
        hurried().is_some_and(|holder| holder.contains(&named))
    });
    assert_eq!(stand_in.calls().len(), 1);
    kill_process(pid(&first), Signal::INT).unwrap();
    // Its tool is gone before its lock is; so this waits.
    let output = run(settings(&stand_in)).unwrap();
    assert_eq!(output.stdout, b"second");
    assert!(is_gone(stand_in.calls()[0].pid));
    first.wait().unwrap();
}

#[test]
fn the_lock_of_a_killed_ironkeep_lasts_as_long_as_its_tool_runs() {
    let stand_in = StandIn::new(
        r#"rule = [{ times = 1, steps = ["hang"] }, { steps = [{ print = "second" }] }]"#,
    );
    let mut first = start_another_ironkeep(&stand_in);
    first.kill().unwrap();
    assert_eq!(first.wait().unwrap().signal(), Some(9));
    let hurried = run(Settings {
        lock_wait: Duration::ZERO,
        ..settings(&stand_in)
    });
    assert!(matches!(hurried, Err(RunError::Locked { .. })));
    let orphan = Pid::from_raw(stand_in.calls()[0].pid).unwrap();
    kill_process(orphan, Signal::KILL).unwrap();
    assert_eq!(run(settings(&stand_in)).unwrap().stdout, b"second");
}

#[test]
fn two_threads_take_turns() {
    let stand_in = StandIn::new(&plan("{ sleep = 0.1 }"));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| run(settings(&stand_in)).unwrap());
        }
    });
    assert!(started.elapsed() >= Duration::from_millis(300));
    assert_eq!(stand_in.calls().len(), 3);
}

#[test]
fn a_request_to_stop_that_came_before_starts_nothing() {
    let stand_in = StandIn::new(&plan(""));
    let interrupt = Interrupt::new();
    interrupt.ask();
    let ran = run(Settings {
        interrupt,
        ..settings(&stand_in)
    });
    assert!(matches!(ran, Err(RunError::Interrupted)));
    assert!(stand_in.calls().is_empty());
}
