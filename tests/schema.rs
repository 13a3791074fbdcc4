//! The committed JSON schemas are those that the program makes, and what commands print fits them.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

mod committed;
#[path = "fakes/stand_in.rs"]
#[expect(
    dead_code,
    reason = "what the stand-in was asked is not looked at here"
)]
mod stand_in;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ironkeep::commands::{schema, util};
use serde_json::Value;
use stand_in::StandIn;

#[test]
fn the_committed_schemas_are_those_that_are_made() {
    let schemas = util::schemas().unwrap();
    committed::check("schemas", &schemas, |_| true);
}

/// How each command is called. Those that need no argument are called by their name.
const ARGUMENTS: &[(&str, &[&str])] =
    &[("explain", &["explain", "0x32", "degraded", "vd.degraded"])];

/// Scenarios in which a command prints nothing, because it fails: there is none of what it shows, or
/// several of which one must be named.
const FAILING: &[(&str, &str)] = &[
    ("bbu show", "two_controllers"),
    ("controller show", "two_controllers"),
    ("enclosure show", "two_controllers"),
    ("patrol show", "two_controllers"),
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

/// What `command` prints on a host like `scenario`; `None` if it fails.
fn printed(command: &str, scenario: &Path) -> Result<Value, String> {
    let stand_in = StandIn::new(&format!("capture = {:?}", scenario.display().to_string()));
    let given = ARGUMENTS.iter().find(|(name, _)| *name == command);
    let words: Vec<&str> = match given {
        Some((_, words)) => words.to_vec(),
        None => command.split(' ').collect(),
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "a test of the program as a whole"
    )]
    let output = Command::new(env!("CARGO_BIN_EXE_ironkeep"))
        .arg("--megacli")
        .arg(stand_in.program())
        .arg("--run-dir")
        .arg(stand_in.path(""))
        .args(["--format", "json"])
        .args(words)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn what_commands_print_fits_their_schemas() {
    let scenarios = scenarios();
    assert!(scenarios.len() > 10, "{scenarios:?}");
    for command in schema::commands() {
        let schema = schema::of_command(command).unwrap();
        let validator = jsonschema::validator_for(schema.as_value()).unwrap();
        for scenario in &scenarios {
            let name = scenario.file_name().unwrap().to_string_lossy();
            let fails = FAILING
                .iter()
                .any(|(failing, ending)| *failing == command && name.ends_with(ending));
            match printed(command, scenario) {
                Ok(value) => {
                    let faults: Vec<String> = validator
                        .iter_errors(&value)
                        .map(|error| format!("{}: {error}", error.instance_path()))
                        .collect();
                    assert!(faults.is_empty(), "{command}, {name}: {faults:#?}");
                    assert!(!fails, "{command} does not fail in {name}");
                }
                Err(words) => assert!(fails, "{command}, {name}: {words}"),
            }
        }
    }
}
