//! The completions, in the shells themselves. A shell that is not installed is passed over.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the helpers are tests too"
)]

#[path = "fakes/stand_in.rs"]
#[expect(dead_code, reason = "shared with tests/spawn.rs")]
mod stand_in;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use stand_in::StandIn;

const DRIVES: &[&str] = &["252:0", "252:1", "252:2", "252:3", "252:4", "252:5"];

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_ironkeep"))
}

/// The program without this process's environment, in the folder of the repository.
fn run(program: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env(
            "PATH",
            format!(
                "{}:/usr/bin:/bin",
                self::program().parent().unwrap().display()
            ),
        )
        .env("HOME", "/nonexistent")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && said.is_empty(),
        "{arguments:?}: {said}"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The candidates for the last word, as the shells' scripts get them.
fn candidates(words: &[&str]) -> Vec<String> {
    let fixed = ["util", "complete", "--", "ironkeep"];
    let arguments: Vec<&str> = fixed.iter().chain(words).copied().collect();
    let printed = run(&program(), &arguments);
    printed
        .lines()
        .map(|line| line.split('\t').next().unwrap().to_owned())
        .collect()
}

/// A shell, where it is installed.
fn shell(name: &str) -> Option<PathBuf> {
    let found = ["/usr/bin", "/bin"].map(|folder| Path::new(folder).join(name));
    let found = found.into_iter().find(|path| path.exists());
    if found.is_none() {
        println!("skipped: no {name}");
    }
    found
}

const DEGRADED: &str = "fixtures/megacli/8.07.14-degraded_raid5_failed";
const TWO_CONTROLLERS: &str = "fixtures/megacli/8.07.14-two_controllers";

#[test]
fn what_the_capture_holds_is_proposed() {
    let one = |words: &[&str]| candidates(&[&["--replay", DEGRADED], words].concat());
    let two = |words: &[&str]| candidates(&[&["--replay", TWO_CONTROLLERS], words].concat());
    assert_eq!(one(&["pd", "show", ""]), DRIVES);
    assert_eq!(one(&["pd", "show", "252:0", "252:5"]), ["252:5"]);
    assert_eq!(one(&["pd", "show", "sn=6SJ036"]), ["sn=6SJ0362AN"]);
    assert_eq!(one(&["vd", "show", ""]), ["0"]);
    assert_eq!(one(&["vd", "show", "n"]), ["name=data"]);
    assert_eq!(one(&["pd", "list", "--enclosure", ""]), ["252"]);
    assert_eq!(one(&["pd", "list", "--vd="]), ["--vd=0"]);
    assert_eq!(two(&["-c", ""]), ["0", "1"]);
    assert_eq!(two(&["bbu", "show", ""]), ["0", "1"]);
    assert_eq!(two(&["pd", "show", "c1/252:1"]), ["c1/252:1"]);
    assert_eq!(two(&["-c", "1", "pd", "show", "252:1"]), ["252:1"]);
}

#[test]
fn what_a_simulated_host_has_is_proposed_and_no_file_is_made() {
    assert_eq!(candidates(&["--demo=failed-d"]), ["--demo=failed-drive"]);
    assert!(candidates(&["--demo", "pd", "show", ""]).contains(&"252:0".to_owned()));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state").display().to_string();
    let words = ["--demo", "--demo-state", &file, "pd", "show", ""];
    assert!(candidates(&words).contains(&"252:0".to_owned()));
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn words_of_the_program_need_no_host() {
    assert_eq!(candidates(&["hea"]), ["health"]);
    assert_eq!(candidates(&["pd", "sh"]), ["show"]);
    assert_eq!(candidates(&["--format", ""]), ["table", "plain", "json"]);
    assert_eq!(candidates(&["pd", "list", "--fore"]), ["--foreign"]);
    assert_eq!(
        candidates(&["pd", "list", "--state", "hot"]),
        ["hot_spare", "hot_spare_shielded"]
    );
    assert_eq!(candidates(&["explain", "vd.deg"]), ["vd.degraded"]);
    assert_eq!(
        candidates(&["--replay", "fixtures/meg"]),
        ["fixtures/megacli/"]
    );
    assert!(!candidates(&["util", ""]).contains(&"complete".to_owned()));
}

#[test]
fn where_nothing_can_be_read_nothing_is_said() {
    let none: [&[&str]; 5] = [
        &["--replay", "/nonexistent", "pd", "show", ""],
        &["--replay", "-", "pd", "show", ""],
        &["--demo-state", "/nonexistent", "pd", "show", ""],
        &["--megacli", "/nonexistent", "pd", "show", ""],
        // The flag stands behind a mistake: this must not be this host's drives.
        &["pd", "show", "?", "--replay", DEGRADED, ""],
    ];
    for words in none {
        assert_eq!(candidates(words), [""; 0], "{words:?}");
    }
}

#[test]
fn a_hanging_tool_is_not_waited_for() {
    let stand_in = StandIn::new("rule = [{ steps = [{ sleep = 60.0 }] }]");
    let (tool, folder) = (stand_in.program(), stand_in.path(""));
    let started = Instant::now();
    let words = [
        "--megacli",
        tool.to_str().unwrap(),
        "--run-dir",
        folder.to_str().unwrap(),
        "--host-root",
        folder.to_str().unwrap(),
        "pd",
        "show",
        "",
    ];
    assert_eq!(candidates(&words), [""; 0]);
    assert!(started.elapsed() < Duration::from_secs(10));
    // Root asks the tool, nobody else does.
    let asked = usize::from(rustix::process::geteuid().is_root());
    assert_eq!(stand_in.calls().len(), asked);
}

#[test]
fn bash_puts_in_what_stands_behind_its_last_break() {
    let Some(bash) = shell("bash") else { return };
    let complete = |line: &str, words: &str| {
        let script = format!(
            "source <(ironkeep util completions bash); COMP_LINE={line:?} COMP_POINT=${{#COMP_LINE}}; \
             COMP_WORDS=({words}); _ironkeep ironkeep; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        // There is no line editor here to be told how to go on.
        let script = format!("compopt() {{ :; }}; {script}");
        let arguments = ["--noprofile", "--norc", "-c", &script];
        run(&bash, &arguments)
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let drives = format!("ironkeep --replay {DEGRADED} pd show ");
    assert_eq!(complete(&drives, ""), DRIVES);
    assert_eq!(
        complete(&format!("{drives}252:"), ""),
        ["0", "1", "2", "3", "4", "5"]
    );
    assert_eq!(complete(&format!("{drives}sn=6SJ036"), ""), ["6SJ0362AN"]);
    assert_eq!(complete("ironkeep pd sh", ""), ["show"]);
    assert_eq!(complete("ironkeep --format=pl", ""), ["plain"]);
}

#[test]
fn fish_shows_what_helps_to_choose() {
    let Some(fish) = shell("fish") else { return };
    let script = format!(
        "ironkeep util completions fish | source; complete -C 'ironkeep --replay {DEGRADED} pd show 252:2'"
    );
    let printed = run(&fish, &["--no-config", "-c", &script]);
    assert_eq!(printed, "252:2\tFailed, ST3300657SS, 6SJ0362AN\n");
}

#[test]
fn zsh_takes_the_script() {
    let Some(zsh) = shell("zsh") else { return };
    let script = "autoload -U compinit; compinit -D; source <(ironkeep util completions zsh); \
                  print $_comps[ironkeep]";
    assert_eq!(run(&zsh, &["-f", "-c", script]), "_ironkeep\n");
}
