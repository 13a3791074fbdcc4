//! `ironkeep mem` on every saved host, in process: what a person sees in terminals of several widths, what
//! awk sees, and that the JSON adds up. One snapshot a host; `INSTA_UPDATE=always` writes them anew.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

mod in_process;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use in_process::ironkeep;
use ironkeep::cli::Surroundings;
use ironkeep::commands::schema;
use jiff::Timestamp;
use serde_json::Value;

/// How it is called, with the columns of the terminal; none for a pipe.
const CALLS: &[(Option<u16>, &[&str])] = &[
    (Some(60), &["mem"]),
    (Some(80), &["mem"]),
    (Some(120), &["mem"]),
    (Some(80), &["mem", "--by", "program"]),
    (Some(80), &["mem", "--by", "unit", "--sort", "-swap"]),
    (Some(80), &["mem", "--by", "container"]),
    (Some(80), &["mem", "--pss", "off", "-n", "3"]),
    (Some(80), &["mem", "--largest", "1M", "-n", "5"]),
    (Some(80), &["mem", "--command", "-n", "5"]),
    (None, &["mem", "--format", "plain", "--header", "-n", "0"]),
    (None, &["mem", "--format", "plain", "--by", "user"]),
];

/// The saved hosts whose procfs tells of memory.
fn hosts() -> Vec<PathBuf> {
    let mut hosts = all_hosts();
    hosts.retain(|host| host.join("proc/meminfo").is_file());
    assert!(hosts.len() > 3, "{hosts:?}");
    hosts
}

fn all_hosts() -> Vec<PathBuf> {
    // Where the repository lies must not show: lines are broken by their lengths.
    let mut hosts: Vec<PathBuf> = std::fs::read_dir("fixtures/host")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    hosts.sort();
    hosts
}

/// One run: exit code, standard output, standard error.
fn run(host: &Path, columns: Option<u16>, unicode: bool, command: &[&str]) -> (u8, String, String) {
    let host = host.to_str().unwrap();
    let flags = ["--config", "/dev/null", "--host-root", host];
    let locale = if unicode { "C.UTF-8" } else { "C" };
    let surroundings = Surroundings {
        columns: columns.map(|columns| columns.to_string()),
        locale: [Some(locale.to_owned()), None, None],
        now: Timestamp::UNIX_EPOCH,
        ..Surroundings::default()
    };
    let run = ironkeep(flags.iter().chain(command), &surroundings);
    (run.code, run.stdout, run.stderr)
}

#[test]
fn every_host_is_shown_as_it_was_before() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    for host in hosts() {
        let mut all = String::new();
        for (columns, command) in CALLS {
            let (code, stdout, stderr) = run(&host, *columns, true, command);
            // What stands above the list is the same whatever is listed.
            let list = stdout.split_once("\n\n").map(|(_, list)| list);
            let stdout = match list {
                Some(list) if command.len() > 1 => format!("[…]\n\n{list}"),
                Some(_) | None => stdout,
            };
            let width = columns.map_or_else(|| "a pipe".to_owned(), |it| it.to_string());
            let _ = write!(all, "$ ironkeep {}  # {width}\n{stdout}", command.join(" "));
            for line in stderr.lines() {
                let _ = writeln!(all, "stderr: {line}");
            }
            let _ = writeln!(all, "exit code {code}\n");
        }
        let name = host.file_name().unwrap().to_str().unwrap();
        settings.bind(|| insta::assert_snapshot!(name, all));
    }
}

#[test]
fn no_line_is_wider_than_the_terminal_and_ascii_stays_ascii() {
    for host in hosts() {
        for columns in [60, 80, 120] {
            let (_, stdout, _) = run(&host, Some(columns), false, &["mem"]);
            for line in stdout.lines() {
                assert!(line.is_ascii(), "{}: {line}", host.display());
                assert!(line.len() <= columns.into(), "{}: {line}", host.display());
                assert!(!line.contains('\u{1b}'), "{}: {line}", host.display());
            }
        }
    }
}

#[test]
fn json_fits_its_schema_and_its_lines_add_up() {
    let schema = schema::of_command("mem").unwrap();
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    for host in hosts() {
        let name = host.display();
        let (code, stdout, stderr) = run(&host, None, true, &["mem", "--format", "json"]);
        if code != 0 {
            assert!(stderr.starts_with("{\"schema\""), "{name}: {stderr}");
            continue;
        }
        let value: Value = serde_json::from_str(&stdout).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
        let balance = value.pointer("/data/balance").unwrap();
        let Some(total) = balance.pointer("/total_bytes").and_then(Value::as_i64) else {
            continue;
        };
        let lines = balance.pointer("/lines").and_then(Value::as_array).unwrap();
        let bytes = |line: &Value| line.pointer("/bytes").and_then(Value::as_i64).unwrap();
        let sum: i64 = lines.iter().map(bytes).sum();
        let rest = balance.pointer("/unexplained_bytes").unwrap().as_i64();
        assert_eq!(sum + rest.unwrap(), total, "{name}");
    }
}

#[test]
fn a_host_without_a_procfs_is_a_failure_and_not_an_empty_host() {
    for host in all_hosts() {
        if !host.join("proc").is_dir() {
            let (code, stdout, stderr) = run(&host, Some(80), true, &["mem"]);
            assert_eq!((code, stdout.as_str()), (1, ""), "{}", host.display());
            let procfs = host.join("proc").display().to_string();
            assert!(stderr.contains(&procfs), "{stderr}");
        }
    }
}

/// This host, which has processes, whatever else it has.
fn here(command: &[&str]) -> (u8, String, String) {
    run(Path::new("/"), None, true, command)
}

#[test]
fn this_process_is_found_with_what_it_uses() {
    let held = vec![1_u8; 64 << 20];
    let pid = std::process::id().to_string();
    let columns = "pid,pss,uss,rss,not_read";
    let command = [
        "mem",
        "--pid",
        &pid,
        "--format",
        "plain",
        "--columns",
        columns,
    ];
    let (code, stdout, stderr) = here(&command);
    assert_eq!(code, 0, "{stderr}");
    let fields: Vec<&str> = stdout.trim_end_matches('\n').split('\t').collect();
    let [found, pss, uss, rss, why] = fields[..] else {
        panic!("{stdout}");
    };
    assert_eq!((found, why), (pid.as_str(), ""));
    let bytes = |field: &str| field.parse::<usize>().unwrap();
    assert!(bytes(uss) >= held.len(), "{stdout}");
    assert!(
        bytes(uss) <= bytes(pss) && bytes(pss) <= bytes(rss),
        "{stdout}"
    );
}

#[test]
fn what_is_named_and_not_there_is_a_wrong_command_line() {
    for command in [
        &["mem", "--pid", "4194305"][..],
        &["mem", "--user", "nobody-has-this-name"],
        &["mem", "--sort", "size"],
        &["mem", "--pss", "off", "--sort", "-pss"],
        &["mem", "--by", "colour"],
        &["mem", "--columns", "pss", "--format", "json"],
    ] {
        let (code, stdout, stderr) = here(command);
        assert_eq!((code, stdout.as_str()), (2, ""), "{command:?}: {stderr}");
    }
}

#[test]
fn neither_a_capture_nor_a_simulated_host_has_processes() {
    let surroundings = Surroundings::default();
    for source in ["--demo", "--replay=/nowhere"] {
        let run = ironkeep([source, "mem"], &surroundings);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("--procfs ROOT"), "{run:?}");
    }
}

#[test]
fn command_lines_are_hidden_unless_asked_for() {
    let secret = "mem-test-secret-4711";
    let file = tempfile::tempdir().unwrap();
    let proc = file.path().join("proc");
    let process = proc.join("7");
    std::fs::create_dir_all(&process).unwrap();
    let status = "Name:\tkeeper\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t7\nPid:\t7\nPPid:\t1\n\
                  Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nVmSize:\t    4096 kB\nVmRSS:\t    2048 kB\nRssAnon:\t    2048 kB\n\
                  RssFile:\t       0 kB\nRssShmem:\t       0 kB\nVmSwap:\t       0 kB\nThreads:\t1\n";
    let files = [
        ("status", status.to_owned()),
        ("statm", "1024 512 0 1 0 512 0\n".to_owned()),
        (
            "stat",
            "7 (keeper) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 4194304 512\n".to_owned(),
        ),
        ("comm", "keeper\n".to_owned()),
        ("cmdline", format!("keeper\0--password={secret}\0")),
        ("cgroup", "0::/system.slice/keeper.service\n".to_owned()),
    ];
    for (name, text) in files {
        std::fs::write(process.join(name), text).unwrap();
    }
    for format in ["table", "plain", "json"] {
        let shown = |command: &[&str]| {
            let flags = ["mem", "--format", format];
            let command: Vec<&str> = flags.iter().chain(command).copied().collect();
            let (code, stdout, stderr) = run(file.path(), None, true, &command);
            assert_eq!(code, 0, "{stderr}");
            assert!(stdout.contains("keeper"), "{stdout}");
            stdout.contains(secret)
        };
        assert!(!shown(&[]), "{format}");
        assert!(shown(&["--command"]), "{format}");
    }
}

#[test]
fn flags_before_a_verb_are_everybodys_or_refused() {
    let host = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/ghes");
    let (code, out, err) = run(&host, None, true, &["mem", "--format", "json", "dimm"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with('{'), "{out}");
    let (code, _, err) = run(&host, None, true, &["mem", "-n", "3", "dimm"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("mem dimm --help"), "{err}");
}
