//! Every reading command on every captured host, in process: what a person sees in a terminal of 100
//! columns, what awk sees, and that JSON is JSON. Standard output, standard error and exit code are
//! one snapshot a host; `INSTA_UPDATE=always` writes them anew.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

mod in_process;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use in_process::ironkeep;
use ironkeep::cli::Surroundings;
use jiff::Timestamp;

/// The commands, as typed behind the global flags.
const COMMANDS: &[&[&str]] = &[
    &["health"],
    &["health", "--nagios"],
    &["pd", "list"],
    &["map"],
    &["vd", "list"],
    &["spare", "list"],
    &["foreign", "list"],
    &["controller", "list"],
    &["enclosure", "list"],
    &["bbu", "show"],
    &["patrol", "show"],
    &["event", "list", "-n", "5"],
    &["event", "list", "--follow", "-n", "3"],
    &["operation", "list"],
];

/// The captured hosts. The folders of changing commands' transcripts are no hosts.
fn hosts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/megacli");
    let mut hosts: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    hosts.retain(|host| host.is_dir() && !host.to_string_lossy().contains("-actions-"));
    hosts.sort();
    hosts
}

/// One run: exit code, standard output, standard error.
fn run(host: &Path, format: &str, command: &[&str]) -> (u8, String, String) {
    let host = host.to_str().unwrap();
    let flags = ["--replay", host, "--format", format];
    let surroundings = Surroundings {
        columns: Some("100".to_owned()),
        locale: [Some("C.UTF-8".to_owned()), None, None],
        now: Timestamp::UNIX_EPOCH,
        ..Surroundings::default()
    };
    let run = ironkeep(flags.iter().chain(command), &surroundings);
    let anywhere = |text: String| text.replace(host, "HOST");
    (run.code, anywhere(run.stdout), anywhere(run.stderr))
}

#[test]
fn every_command_on_every_host_prints_what_it_printed_before() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for host in hosts() {
        let mut all = String::new();
        for command in COMMANDS {
            for format in ["table", "plain"] {
                let (code, stdout, stderr) = run(&host, format, command);
                let _ = write!(
                    all,
                    "$ ironkeep --format {format} {}\n{stdout}",
                    command.join(" ")
                );
                for line in stderr.lines() {
                    let _ = writeln!(all, "stderr: {line}");
                }
                let _ = writeln!(all, "exit code {code}\n");
            }
        }
        let name = host.file_name().unwrap().to_str().unwrap();
        settings.bind(|| insta::assert_snapshot!(name, all));
    }
}

#[test]
fn every_command_prints_json_and_nothing_that_was_not_understood() {
    for host in hosts() {
        for command in COMMANDS
            .iter()
            // One prints no JSON, the other an object a line.
            .filter(|command| !command.contains(&"--nagios") && !command.contains(&"--follow"))
        {
            let (code, stdout, stderr) = run(&host, "json", command);
            if stdout.is_empty() {
                let error: serde_json::Value =
                    serde_json::from_str(&stderr).unwrap_or_else(|error| {
                        panic!("{}: {command:?}: {error}: {stderr}", host.display())
                    });
                assert!(
                    error.get("error").is_some(),
                    "{}: {command:?}: {stderr}",
                    host.display()
                );
                assert_ne!(code, 0);
                continue;
            }
            let value: serde_json::Value = serde_json::from_str(&stdout).unwrap_or_else(|error| {
                panic!("{}: {command:?}: {error}: {stdout}", host.display())
            });
            assert_eq!(
                value.get("schema"),
                Some(&1.into()),
                "{}: {command:?}",
                host.display()
            );
            let leftovers = value.get("leftovers").unwrap_or(&serde_json::Value::Null);
            assert_eq!(
                leftovers,
                &serde_json::Value::from(0),
                "{}: {command:?}",
                host.display()
            );
        }
    }
}
