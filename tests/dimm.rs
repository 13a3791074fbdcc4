//! The memory modules of every host in `fixtures/host`: what a person sees, what awk sees, the JSON, and
//! what `health` says of them. `INSTA_UPDATE=always` writes the snapshots anew, and with
//! `IRONKEEP_BLESS=1` the tables of the boards in `dimm/boards.rs`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers are tests too"
)]

#[path = "dimm/boards.rs"]
#[expect(unreachable_pub, reason = "a part of this test")]
mod boards;
mod in_process;
#[path = "dimm/tables.rs"]
#[expect(unreachable_pub, reason = "shared with the parser's own tests")]
mod tables;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use in_process::ironkeep;
use ironkeep::cli::Surroundings;

/// Relative, so that it is the same on every machine where it is printed.
const HOSTS: &str = "fixtures/host";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn hosts() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(HOSTS).unwrap();
    let mut hosts: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    hosts.retain(|host| host.is_dir());
    hosts.sort();
    hosts
}

/// One run in a terminal of as many columns: exit code, standard output, standard error.
fn run(host: &Path, columns: u16, command: &[&str]) -> (u8, String, String) {
    let host = host.to_str().unwrap();
    let flags = ["--config", "/dev/null", "--host-root", host];
    let surroundings = Surroundings {
        columns: Some(columns.to_string()),
        locale: [Some("C.UTF-8".to_owned()), None, None],
        now: "2026-11-22T12:00:00Z".parse().unwrap(),
        ..Surroundings::default()
    };
    let run = ironkeep(flags.iter().chain(command), &surroundings);
    (run.code, run.stdout, run.stderr)
}

#[test]
fn tables_are_those_of_the_boards() {
    let bless = std::env::var_os("IRONKEEP_BLESS").is_some();
    for (host, table, entry) in boards::all() {
        let folder = root()
            .join(HOSTS)
            .join(host)
            .join("sys/firmware/dmi/tables");
        for (name, bytes) in [("DMI", table), ("smbios_entry_point", entry)] {
            let path = folder.join(name);
            if bless {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &bytes).unwrap();
            }
            assert!(std::fs::read(&path).unwrap() == bytes, "{}", path.display());
        }
    }
}

#[test]
fn every_host_is_shown_as_before() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let replay = root().join("fixtures/megacli/8.07.14-healthy_raid5_hs");
    let replay = replay.to_str().unwrap();
    let commands: &[(u16, &[&str])] = &[
        (120, &["mem", "dimm"]),
        (80, &["mem", "dimm", "--since", "36h"]),
        (
            100,
            &[
                "--format",
                "plain",
                "--header",
                "--columns",
                "all",
                "mem",
                "dimm",
            ],
        ),
        (
            100,
            &[
                "--format",
                "plain",
                "--columns",
                "severity,object,reason,code",
                "--replay",
                replay,
                "health",
            ],
        ),
    ];
    // Others there have no board, and nothing to say here.
    for host in hosts()
        .iter()
        .filter(|host| host.join("sys/class/dmi").is_dir())
    {
        let mut all = String::new();
        for (columns, command) in commands {
            let (code, stdout, stderr) = run(host, *columns, command);
            let command = command.join(" ").replace(replay, "CAPTURE");
            let _ = write!(all, "$ ironkeep {command}  # {columns} columns\n{stdout}");
            for line in stderr.lines() {
                let _ = writeln!(all, "stderr: {line}");
            }
            let _ = writeln!(all, "exit code {code}\n");
        }
        let name = format!("dimm-{}", host.file_name().unwrap().to_str().unwrap());
        settings.bind(|| insta::assert_snapshot!(name, all));
    }
}

#[test]
fn json_is_whole_and_as_its_schema_says() {
    let schema = ironkeep::commands::schema::of_command("mem dimm").unwrap();
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    for host in hosts() {
        let (code, stdout, stderr) = run(&host, 80, &["--format", "json", "mem", "dimm"]);
        assert_eq!((code, stderr.as_str()), (0, ""), "{}", host.display());
        let value: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|it| it.to_string())
            .collect();
        assert_eq!(errors, [""; 0], "{}", host.display());
    }
}

#[test]
fn a_host_without_tables_and_counters_is_unknown_and_not_healthy() {
    let empty = tempfile::tempdir().unwrap();
    let (code, stdout, stderr) = run(empty.path(), 100, &["mem", "dimm"]);
    assert_eq!(code, 0);
    assert_eq!(
        stdout,
        "unknown whether there is ECC: no DMI tables, no EDAC\n"
    );
    assert_eq!(stderr, "No memory modules are known.\n");
}

#[test]
fn a_table_that_cannot_be_read_is_told_with_the_remedy() {
    let host = tempfile::tempdir().unwrap();
    // Not even root reads a folder as a file.
    std::fs::create_dir_all(host.path().join("sys/firmware/dmi/tables/DMI")).unwrap();
    let (code, stdout, stderr) = run(host.path(), 500, &["mem", "dimm", "--format", "plain"]);
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(stderr.starts_with("note: "), "{stderr}");
    let (_, stdout, _) = run(host.path(), 100, &["mem", "dimm"]);
    let words = "unknown whether there is ECC: the DMI tables cannot be read, no EDAC\n";
    assert_eq!(stdout, words);
}

#[test]
fn a_capture_has_no_modules() {
    let capture = "fixtures/megacli/8.07.14-healthy_raid5_hs";
    let run = ironkeep(
        ["--replay", capture, "mem", "dimm"],
        &Surroundings::default(),
    );
    assert_eq!(run.code, 2, "{run:?}");
}
