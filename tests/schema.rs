//! The committed JSON schemas are those that the program makes, and what commands print fits them.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

mod committed;
#[path = "fakes/http.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod http;
#[path = "fleet/recorded.rs"]
mod recorded;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use ironkeep::cli::{Surroundings, execute};
use ironkeep::commands::{schema, util};
use ironkeep::demo::Demo;
use serde_json::Value;

#[test]
fn the_committed_schemas_are_those_that_are_made() {
    let schemas = util::schemas().unwrap();
    committed::check("schemas", &schemas, |_| true);
}

/// How each command is called. Those that need no argument are called by their name.
const ARGUMENTS: &[(&str, &[&str])] = &[
    ("capture", &["capture", "--dry-run"]),
    ("change", &["pd", "offline", "252:0", "--yes"]),
    ("change --dry-run", &["pd", "offline", "252:0", "--dry-run"]),
    ("explain", &["explain", "0x32", "degraded", "vd.degraded"]),
    ("pd replace --plan", &["pd", "replace", "252:0", "--plan"]),
    (
        "pd replace --unattended",
        &["pd", "replace", "252:0", "--unattended"],
    ),
    ("pd show", &["pd", "show", "252:0"]),
    ("raw", &["raw", "--", "-AdpGetTime", "-a0"]),
    ("sim start", &["sim", "start", "healthy"]),
    ("sim tick", &["sim", "tick", "2h"]),
    ("vd show", &["vd", "show", "0"]),
];

fn scenarios() -> Vec<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/megacli");
    let mut folders: Vec<PathBuf> = fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("LdPdInfo_aALL.txt").exists())
        .filter(|folder| !folder.ends_with("8.07.14-no_controller"))
        .collect();
    folders.sort();
    folders
}

/// What a command prints that asks another server, of which there is one.
fn printed_of_server(command: &str) -> Result<Vec<Value>, String> {
    let answers = recorded::answers();
    let server = http::Server::plain(move |request| match request.path() {
        "/-/healthy" => http::Answer::json(
            200,
            r#"{"status":"ok","collector_idle_seconds":1.5,"last_collection_end":"2026-11-22T11:00:00Z"}"#,
        ),
        _ => recorded::answer(&answers, request),
    });
    let option = if command == "fleet status" {
        "--prometheus"
    } else {
        "--url"
    };
    let words = command.split(' ').chain([option]).map(OsString::from);
    run(words.chain([server.url().into()]))
}

/// What `command` prints on a host like `scenario`: one value, or one a line. Or why it fails.
fn printed(command: &str, scenario: &Path) -> Result<Vec<Value>, String> {
    if ["export healthcheck", "fleet status"].contains(&command) {
        return printed_of_server(command);
    }
    if ["mem", "mem dimm"].contains(&command) {
        // No capture has a procfs.
        let procfs = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/epyc-cgroup2/proc");
        let words = command.split(' ').chain(["--procfs"]);
        return run(words.map(OsString::from).chain([procfs.into()]));
    }
    let given = ARGUMENTS.iter().find(|(name, _)| *name == command);
    let words: Vec<&str> = match given {
        Some((_, words)) => words.to_vec(),
        None => command.split(' ').collect(),
    };
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("night.json");
    // What a host hands out as a file comes from no capture.
    let hands_out = ["controller config save", "event export"].contains(&command);
    let file = hands_out.then(|| folder.path().join("file").into_os_string());
    let acts = ["audit", "change", "raw", "sim "].iter();
    let source: [OsString; 2] = if hands_out || acts.copied().any(|it| command.starts_with(it)) {
        // Of the first, time brings something about; the second can lose a drive.
        let name = if command.starts_with("sim ") {
            "rebuilding"
        } else {
            "healthy"
        };
        Demo::restart(&state, name, None).unwrap();
        ["--demo-state".into(), state.into()]
    } else {
        ["--replay".into(), scenario.into()]
    };
    let words = words.into_iter().map(OsString::from);
    run(source.into_iter().chain(words).chain(file))
}

/// What the program prints, called with these arguments.
fn run(arguments: impl Iterator<Item = OsString>) -> Result<Vec<Value>, String> {
    let flags = ["ironkeep", "--config", "/dev/null", "--format", "json"].map(OsString::from);
    let arguments = flags.into_iter().chain(arguments);
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    execute(
        arguments,
        &Surroundings::default(),
        &mut stdout,
        &mut stderr,
    );
    let values: Vec<Value> = serde_json::Deserializer::from_slice(&stdout)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    if values.is_empty() && !stderr.starts_with(b"note: ") {
        return Err(String::from_utf8_lossy(&stderr).into_owned());
    }
    Ok(values)
}

#[test]
fn what_commands_print_fits_their_schemas() {
    let scenarios = scenarios();
    assert!(scenarios.len() > 10, "{scenarios:?}");
    for command in schema::commands() {
        let schema = schema::of_command(command).unwrap();
        let validator = jsonschema::validator_for(schema.as_value()).unwrap();
        let mut valid = 0;
        for scenario in &scenarios {
            let name = scenario.file_name().unwrap().to_string_lossy();
            match printed(command, scenario) {
                Ok(values) => {
                    for value in values {
                        let faults: Vec<String> = validator
                            .iter_errors(&value)
                            .map(|error| format!("{}: {error}", error.instance_path()))
                            .collect();
                        assert!(faults.is_empty(), "{command}, {name}: {faults:#?}");
                        valid += 1;
                    }
                }
                // Where the capture lacks it, there is none, one of several must be named, or it is refused.
                Err(words) => assert!(
                    words.contains("does not hold")
                        || words.contains(r#""kind":"usage""#)
                        || words.contains(r#""kind":"refused""#),
                    "{command}, {name}: {words}"
                ),
            }
        }
        assert!(valid > 0, "{command} succeeds nowhere");
    }
}
