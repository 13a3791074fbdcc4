//! `ironkeep capture`: what is recorded replays as the host itself, and what is redacted says nothing of
//! the original.

#![cfg(test)]

#[path = "fakes/stand_in.rs"]
#[expect(dead_code, reason = "shared with tests/spawn.rs")]
mod stand_in;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ironkeep_parsers::megacli::recognise;
use serde_json::Value;
use stand_in::StandIn;

/// What a run printed, and its exit status.
#[derive(Debug)]
struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

#[expect(clippy::disallowed_methods, reason = "a test starts the program")]
fn ironkeep(arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_ironkeep"))
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Run {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/megacli")
        .join(name)
}

/// Without root the tool is refused before it runs.
fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        println!("skipped: not root");
    }
    root
}

/// A host with the answers of a fixture. `rules` stand before them. Its name is `db-7.acme.example`.
fn host(fixture: &Path, rules: &str) -> StandIn {
    let plan = format!("capture = \"{}\"\n{rules}", fixture.display());
    let stand_in = StandIn::new(&plan);
    let kernel = stand_in.path("proc/sys/kernel");
    fs::create_dir_all(&kernel).unwrap();
    fs::write(kernel.join("hostname"), "db-7.acme.example\n").unwrap();
    fs::write(kernel.join("osrelease"), "6.1.0-18-amd64\n").unwrap();
    stand_in
}

fn on(stand_in: &StandIn, command: &[&str]) -> Run {
    let (folder, program) = (stand_in.path(""), stand_in.program());
    let flags = [
        "--megacli",
        text(&program),
        "--run-dir",
        text(&folder),
        "--host-root",
        text(&folder),
    ];
    ironkeep(&[&flags, command].concat())
}

/// The findings of `health`, without what only a live host can tell: whether its clock is right.
fn findings(run: &Run) -> Vec<Value> {
    let health: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:#?}"));
    let findings = health["data"]["findings"].as_array().unwrap();
    let is_kept = |finding: &&Value| !finding["code"].as_str().unwrap().contains("clock");
    findings.iter().filter(is_kept).cloned().collect()
}

/// What of a finding does not name anything that is redacted.
fn codes(findings: &[Value]) -> Vec<(Value, Value, Value)> {
    let of = |it: &Value| {
        let mut object = it["object"].clone();
        object.as_object_mut().unwrap().remove("serial");
        (it["code"].clone(), it["severity"].clone(), object)
    };
    findings.iter().map(of).collect()
}

/// The answers that the fixtures lack: what they were not asked.
const UNASKED: &str = r#"
[[rule]]
when = "-AdpGetProp"
steps = [{ print = "Adapter 0: Operation Failed.\n\nExit Code: 0x01\n" }, { exit = 1 }]
[[rule]]
when = "-PDClear"
steps = [{ print = "Device(Encl-252 Slot-2) is not in clear process\n\nExit Code: 0x00\n" }]
[[rule]]
when = "-PHYInfo"
steps = [{ print = "Adapter 0: no such link.\n\nExit Code: 0x01\n" }, { exit = 1 }]
[[rule]]
when = "-GetKeyID"
steps = [{ print = "Encryption is disabled on adapter 1588879823 \n\nExit Code: 0x01\n" }, { exit = 1 }]
"#;

#[test]
fn a_recorded_host_replays_as_it_is() {
    if !is_root() {
        return;
    }
    for name in [
        "8.07.14-healthy_raid5_hs",
        "8.07.14-degraded_raid5_failed",
        "8.07.14-rebuilding",
        "8.07.14-two_controllers",
    ] {
        let stand_in = host(&fixture(name), UNASKED);
        let home = tempfile::tempdir().unwrap();
        let live = on(&stand_in, &["--format", "json", "health"]);
        for (target, redact) in [
            ("plain", false),
            ("redacted", true),
            ("plain.tar.gz", false),
            ("redacted.tgz", true),
        ] {
            let target = home.path().join(target);
            let mut command = vec!["capture", text(&target)];
            command.extend(redact.then_some("--redact"));
            let run = on(&stand_in, &command);
            assert_eq!(run.status, Some(0), "{name}: {run:#?}");
            let replay = ["--replay", text(&target), "--format", "json", "health"];
            let replayed = ironkeep(&replay);
            let (ours, theirs) = (findings(&replayed), findings(&live));
            if redact {
                assert_eq!(codes(&ours), codes(&theirs), "{name}");
            } else {
                assert_eq!(ours, theirs, "{name}");
            }
            let json: Value = serde_json::from_str(&replayed.stdout).unwrap();
            assert_eq!(json["leftovers"], 0, "{name}");
        }
    }
}

#[test]
fn only_reading_commands_reach_the_tool_and_each_without_its_log() {
    if !is_root() {
        return;
    }
    let stand_in = host(&fixture("8.07.14-rebuilding"), UNASKED);
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("case");
    on(&stand_in, &["capture", text(&target)]);
    let calls = stand_in.calls();
    assert!(calls.len() > 100, "{}", calls.len());
    for call in &calls {
        assert_eq!(call.arguments.last().unwrap(), "-NoLog");
        let read = ironkeep_parsers::megacli::Output::of_arguments(&call.arguments);
        let is_change = read == Some(ironkeep_parsers::megacli::Output::Outcome);
        assert!(read.is_some() && !is_change, "{call:?}");
    }
    // A dry run lists the same and starts nothing.
    let dry = on(&stand_in, &["--format", "plain", "capture", "--dry-run"]);
    assert_eq!(stand_in.calls().len(), calls.len());
    assert_eq!(dry.status, Some(0), "{dry:#?}");
    for call in calls
        .iter()
        .filter(|call| call.arguments.iter().any(|it| it == "-aALL"))
    {
        let (_, words) = call.arguments.split_last().unwrap();
        assert!(dry.stdout.contains(&words.join(" ")), "{call:?}");
    }
}

#[test]
fn a_command_that_fails_is_recorded_and_the_others_follow() {
    if !is_root() {
        return;
    }
    let rules = format!(
        "{UNASKED}\n\
         [[rule]]\nwhen = \"-EncInfo\"\nsteps = [\"hang\"]\n\
         [[rule]]\nwhen = \"-ShowSummary\"\nsteps = [{{ answer-start = 100 }}, \"crash\"]\n\
         [[rule]]\nwhen = \"-CfgDsply\"\nsteps = [{{ print-error = \"no such thing\\n\" }}, {{ exit = 9 }}]\n"
    );
    let stand_in = host(&fixture("8.07.14-healthy_raid5_hs"), &rules);
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("case");
    let run = on(&stand_in, &["--timeout", "2", "capture", text(&target)]);
    assert_eq!(run.status, Some(4), "{run:#?}");
    for words in [
        "did not end within 2 s and was killed",
        "crashed (signal 11)",
        "printed nothing, said on standard error: no such thing",
        "1 of them cut off",
    ] {
        assert!(run.stdout.contains(words), "{words}: {run:#?}");
    }
    let table = fs::read_to_string(target.join("commands.tsv")).unwrap();
    let line = |name: &str| {
        let start = format!("{name}\t");
        table.lines().find(|line| line.starts_with(&start)).unwrap()
    };
    assert!(line("EncInfo_aALL").contains("\t-\t"), "{table}");
    assert!(line("CfgDsply_aALL").contains("\t9\t"), "{table}");
    assert!(line("PDList_aALL").starts_with("PDList_aALL\t-PDList -aALL -NoLog\t0\t"));
    let start = fs::read(target.join("ShowSummary_aALL.txt")).unwrap();
    assert_eq!(start.len(), 100);
    // The replay knows why the enclosures are not there.
    let replayed = ironkeep(&["--replay", text(&target), "health"]);
    assert_eq!(replayed.status, Some(4), "{replayed:#?}");
    assert!(
        replayed.stdout.contains("did not end within 2 s"),
        "{replayed:#?}"
    );
}

#[test]
fn where_nothing_answers_the_capture_says_so_and_fails() {
    if !is_root() {
        return;
    }
    let stand_in = StandIn::new("rule = [{ steps = [{ exit = 1 }] }]");
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("case");
    let run = on(&stand_in, &["capture", text(&target)]);
    assert_eq!(run.status, Some(1), "{run:#?}");
    assert!(run.stderr.contains("no output was recorded"), "{run:#?}");
    assert!(target.join("commands.tsv").exists());
}

#[test]
fn what_is_there_is_never_written_over_and_nothing_runs_before_that_is_known() {
    let stand_in = host(&fixture("8.07.14-healthy_raid5_hs"), UNASKED);
    let home = tempfile::tempdir().unwrap();
    let full = home.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("letter"), "dear").unwrap();
    let file = home.path().join("there.tar.gz");
    fs::write(&file, "mine").unwrap();
    for (target, words) in [(&full, "is not empty"), (&file, "exists already")] {
        let run = on(&stand_in, &["capture", text(target)]);
        assert_eq!(run.status, Some(3), "{run:#?}");
        assert!(run.stderr.contains(words), "{run:#?}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    assert!(stand_in.calls().is_empty());
    let run = on(
        &stand_in,
        &["-c", "0", "capture", text(&home.path().join("new"))],
    );
    assert_eq!(run.status, Some(2), "{run:#?}");
}

#[test]
fn a_capture_is_private() {
    let home = tempfile::tempdir().unwrap();
    let source = fixture("8.07.14-healthy_raid5_hs");
    for name in ["case", "case.tar.gz"] {
        let target = home.path().join(name);
        let run = ironkeep(&["--replay", text(&source), "capture", text(&target)]);
        assert_eq!(run.status, Some(0), "{run:#?}");
        let mode = fs::metadata(&target).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if target.is_dir() { 0o700 } else { 0o600 });
    }
    for entry in fs::read_dir(home.path().join("case")).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }
}

#[test]
fn taking_over_a_capture_keeps_its_bytes() {
    let home = tempfile::tempdir().unwrap();
    let source = fixture("8.07.14-healthy_raid5_hs");
    let (folder, archive) = (home.path().join("case"), home.path().join("again.tar.gz"));
    ironkeep(&["--replay", text(&source), "capture", text(&folder)]);
    ironkeep(&["--replay", text(&folder), "capture", text(&archive)]);
    let first = files(&folder);
    let again = files(&archive);
    assert!(first.len() > 150, "{}", first.len());
    assert_eq!(first, again);
    for (name, bytes) in first.iter().filter(|(name, _)| name != "commands.tsv") {
        assert_eq!(&fs::read(source.join(name)).unwrap(), bytes, "{name}");
    }
}

#[test]
fn an_interrupted_capture_is_named_as_such() {
    let home = tempfile::tempdir().unwrap();
    let source = fixture("8.07.14-healthy_raid5_hs");
    let target = home.path().join("case");
    ironkeep(&["--replay", text(&source), "capture", text(&target)]);
    fs::write(target.join("INCOMPLETE"), "").unwrap();
    let run = ironkeep(&["--replay", text(&target), "-v", "health"]);
    assert!(run.stderr.contains("incomplete capture"), "{run:#?}");
}

#[test]
fn a_bomb_is_refused() {
    use std::io::Write;
    let home = tempfile::tempdir().unwrap();
    let bomb = home.path().join("bomb.tar.gz");
    let file = fs::File::create(&bomb).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..100 {
        encoder.write_all(&zeros).unwrap();
    }
    encoder.finish().unwrap();
    let run = ironkeep(&["--replay", text(&bomb), "health"]);
    assert_eq!(run.status, Some(1), "{run:#?}");
    assert!(run.stderr.contains("holds more than"), "{run:#?}");
}

#[test]
fn the_name_of_the_host_is_recorded_and_redacted() {
    if !is_root() {
        return;
    }
    let stand_in = host(&fixture("8.07.14-healthy_raid5_hs"), UNASKED);
    let home = tempfile::tempdir().unwrap();
    let (plain, redacted) = (home.path().join("plain"), home.path().join("redacted"));
    on(&stand_in, &["capture", text(&plain)]);
    on(&stand_in, &["capture", "--redact", text(&redacted)]);
    let read = |folder: &Path| fs::read_to_string(folder.join("host.json")).unwrap();
    let host: Value = serde_json::from_str(&read(&plain)).unwrap();
    assert_eq!(host["host_name"], "db-7.acme.example");
    assert_eq!(host["kernel"], "6.1.0-18-amd64");
    // The test's own machine is not this host.
    assert_eq!(host.get("machine"), None);
    let host: Value = serde_json::from_str(&read(&redacted)).unwrap();
    assert_eq!(host["kernel"], "6.1.0-18-amd64");
    for (name, bytes) in files(&redacted) {
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        assert!(!text.contains("db-7") && !text.contains("acme"), "{name}");
    }
}

/// Every file of a capture, a folder or an archive, by its name.
fn files(capture: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if capture.is_dir() {
        for entry in fs::read_dir(capture).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_file() {
                files.push((name, fs::read(path).unwrap()));
            }
        }
    } else {
        let unpacked = flate2::read::GzDecoder::new(fs::File::open(capture).unwrap());
        for entry in tar::Archive::new(unpacked).entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().into_owned();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            files.push((name, bytes));
        }
    }
    files.sort();
    files
}

/// Every serial number, WWN and SAS address that the parsers read in the files, and how many lines
/// nobody took.
fn identities(files: &[(String, Vec<u8>)]) -> (BTreeSet<String>, usize) {
    let (mut found, mut leftovers) = (BTreeSet::new(), 0);
    for (_, bytes) in files {
        let text = String::from_utf8_lossy(bytes);
        for part in recognise::split(&text).parts {
            let parsed = part.output.read(part.text);
            leftovers += parsed.leftovers().len();
            collect(&serde_json::to_value(&parsed).unwrap(), &mut found);
        }
    }
    (found, leftovers)
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    const KEYS: [&str; 5] = [
        "serial",
        "esm_serial",
        "wwn",
        "sas_address",
        "sas_addresses",
    ];
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let texts = value
                    .as_array()
                    .map_or(std::slice::from_ref(value), Vec::as_slice);
                if KEYS.contains(&key.as_str()) {
                    found.extend(texts.iter().filter_map(Value::as_str).map(str::to_owned));
                } else {
                    collect(value, found);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Letters and digits in lower case, without the `0x` of each byte: whatever stood between them.
fn squeezed(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| word.strip_prefix("0x").unwrap_or(word))
        .collect()
}

/// The folders of captures of one host each: the shared ones, of which the project's are copies, or
/// else the project's.
fn hosts() -> Vec<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut shared = above.map(|it| it.join("shared/captures/megacli-8.07.14"));
    let folder = shared.find(|it| it.is_dir()).unwrap_or_else(|| {
        println!("skipped: no shared captures; the fixtures do");
        fixture("")
    });
    let entries = fs::read_dir(folder).unwrap();
    let hosts = entries.map(|entry| entry.unwrap().path()).filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        path.join("commands.tsv").exists() && !name.contains("actions")
    });
    let mut hosts: Vec<PathBuf> = hosts.collect();
    hosts.sort();
    hosts
}

#[test]
fn nothing_of_the_originals_is_in_a_redacted_capture() {
    let hosts = hosts();
    assert!(hosts.len() >= 15, "{}", hosts.len());
    for source in hosts {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("case");
        let command = ["capture", "--redact", text(&target)];
        let run = ironkeep(&[&["--replay", text(&source)], &command[..]].concat());
        if run.stderr.contains("holds outputs of different hosts") {
            continue;
        }
        assert_eq!(run.status, Some(0), "{}: {run:#?}", source.display());
        let redacted = files(&target);
        let names: BTreeSet<&String> = redacted.iter().map(|(name, _)| name).collect();
        let mut original = files(&source);
        original.retain(|(name, _)| names.contains(name));
        let (before, leftovers_before) = identities(&original);
        let (after, leftovers) = identities(&redacted);
        assert_eq!(leftovers, leftovers_before, "{}", source.display());
        assert_eq!(after.len(), before.len(), "{}", source.display());
        assert!(before.is_disjoint(&after), "{}", source.display());
        for (name, bytes) in &redacted {
            let squeezed = squeezed(bytes);
            for secret in before.iter().filter(|secret| secret.len() > 5) {
                let plain = secret.to_ascii_lowercase();
                let codes = secret
                    .bytes()
                    .fold(String::new(), |codes, byte| codes + &format!("{byte:02x}"));
                for form in [plain.trim_start_matches('0'), &codes] {
                    assert!(
                        !squeezed.contains(form),
                        "{}/{name}: {form}",
                        source.display()
                    );
                }
            }
        }
    }
}
