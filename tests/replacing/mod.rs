//! What plays a replacement: the program, the person, and the passing of time.

pub(crate) mod crash;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use ironkeep::cli::{Surroundings, execute};
use ironkeep::demo::{Demo, Witness};
use ironkeep_sim::saved::{Saved, StateFile};
use ironkeep_sim::{megacli, play, scenario};
use jiff::Timestamp;
use serde_json::Value;

/// What a person does where the program waits for something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hand {
    /// What is waited for.
    pub(crate) wait: &'static str,
    /// What is done then: steps of a story, or `megacli …`.
    pub(crate) steps: &'static [&'static str],
}

/// A replacement and how it is expected to go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Story {
    /// The host, as a scenario file describes it.
    pub(crate) host: &'static str,
    /// What happens before.
    pub(crate) before: &'static [&'static str],
    /// The drive.
    pub(crate) drive: &'static str,
    /// Further flags.
    pub(crate) flags: &'static [&'static str],
    /// What people do, instead of what they usually do.
    pub(crate) hands: &'static [Hand],
    /// The exit code.
    pub(crate) code: u8,
    /// The reason of the refusal, or nothing.
    pub(crate) reason: &'static str,
    /// The changes that are made, in order.
    pub(crate) changes: &'static str,
}

impl Story {
    pub(crate) const fn of(host: &'static str) -> Self {
        Self {
            host,
            before: &[],
            drive: "252:3",
            flags: &[],
            hands: &[],
            code: 0,
            reason: "",
            changes: "",
        }
    }

    /// Where it is played.
    pub(crate) fn stage(&self) -> Stage {
        let folder = shared_memory();
        let state = folder.path().join("state");
        let mut host = scenario::of_text("story", self.host).unwrap();
        for step in self.before {
            play_on(&mut host, step);
        }
        // Its time stands still between the steps.
        let saved = Saved::new("story", host, 0, Timestamp::UNIX_EPOCH);
        StateFile::lock(&state).unwrap().save(&saved).unwrap();
        Stage { folder, state }
    }

    /// The command line of the program.
    pub(crate) fn line(&self, state: &Path) -> Vec<OsString> {
        let flags = ["ironkeep", "--config", "/dev/null", "--demo-state"].map(OsString::from);
        let words = [
            "pd",
            "replace",
            self.drive,
            "--unattended",
            "--no-wait",
            "--yes",
        ];
        let more = ["--auto-rebuild-wait", "0s"];
        flags
            .into_iter()
            .chain([state.into()])
            .chain(words.iter().map(OsString::from))
            .chain(more.iter().map(OsString::from))
            .chain(self.flags.iter().map(OsString::from))
            .collect()
    }

    /// What a person does where the program waits for `wait`.
    pub(crate) fn hand(&self, wait: &str, state: &Path) {
        let own = self.hands.iter().find(|hand| hand.wait == wait);
        let (controller, bay) = match self.drive.strip_prefix("c1/") {
            Some(bay) => (1, bay),
            None => (0, self.drive),
        };
        let usual = match wait {
            "pull" => format!("on {controller}: pull {bay}"),
            "drive" => format!("on {controller}: insert {bay} blank"),
            _ => "finish".to_owned(),
        };
        let steps: Vec<&str> = match own {
            Some(hand) => hand.steps.to_vec(),
            None => vec![&usual],
        };
        Demo::change(state, |saved| {
            for step in steps {
                play_on(&mut saved.host, step);
            }
            Ok(())
        })
        .unwrap();
    }
}

fn play_on(host: &mut ironkeep_sim::state::Host, step: &str) {
    if let Some(line) = step.strip_prefix("megacli ") {
        let words: Vec<&str> = line.split(' ').collect();
        let answer = megacli::run(host, &words);
        assert_eq!(answer.process_status(), 0, "{step}: {}", answer.text());
        return;
    }
    play::play(host, 0, step).unwrap_or_else(|why| panic!("{step}: {why}"));
}

/// A folder of its own, in memory where there is such a place: thousands of states are written.
pub(crate) fn shared_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let here = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    here.unwrap()
}

/// Where a story is played.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) state: PathBuf,
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: u8,
    pub(crate) lines: Vec<Value>,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(code: u8, stdout: &[u8], stderr: Vec<u8>) -> Self {
        let lines = serde_json::Deserializer::from_slice(stdout).into_iter();
        Self {
            code,
            lines: lines.collect::<Result<_, _>>().unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// What it ended by waiting for.
    pub(crate) fn waits_for(&self) -> Option<&str> {
        let last = self.lines.last()?;
        (last["kind"] == "timed_out").then(|| last["for"].as_str().unwrap())
    }

    /// The changes that it made.
    pub(crate) fn changes(&self) -> impl Iterator<Item = &str> {
        let acted = self.lines.iter().filter(|line| line["kind"] == "acted");
        acted.map(|line| line["act"]["change"].as_str().unwrap())
    }
}

/// One run of the program in this process.
pub(crate) fn run(story: &Story, state: &Path, witness: Option<Witness>) -> Run {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let surroundings = Surroundings {
        witness,
        ..Surroundings::default()
    };
    let code = execute(story.line(state), &surroundings, &mut stdout, &mut stderr);
    Run::of(code.number(), &stdout, stderr)
}

/// Plays a story to its end, and compares it with what is expected.
pub(crate) fn play_out(story: &Story) -> (Stage, Run) {
    let stage = story.stage();
    let mut changes = Vec::new();
    for _ in 0..20 {
        let run = run(story, &stage.state, None);
        changes.extend(run.changes().map(str::to_owned));
        if let Some(wait) = run.waits_for() {
            assert_eq!(run.code, 5);
            changes.push(format!("<{wait}>"));
            story.hand(wait, &stage.state);
            continue;
        }
        let told: Vec<String> = run.lines.iter().map(ToString::to_string).collect();
        let told = format!("{}\n{}", told.join("\n"), run.stderr);
        let last = run.lines.last().cloned().unwrap_or_default();
        assert_eq!(changes.join(" "), story.changes, "{told}");
        assert_eq!(run.code, story.code, "{told}");
        let reason = if last["kind"] == "refused" {
            last["code"].as_str().unwrap()
        } else {
            ""
        };
        assert_eq!(reason, story.reason, "{told}");
        return (stage, run);
    }
    panic!("it does not end: {changes:?}");
}

/// The host at the end, without what time alone changes: the clock, the log, the counts of changes.
pub(crate) fn host(state: &Path) -> Value {
    let saved = StateFile::lock(state).unwrap().load().unwrap().unwrap();
    let mut host = serde_json::to_value(&saved.host).unwrap();
    forget(&mut host);
    host
}

fn forget(value: &mut Value) {
    const TEMPORAL: &[&str] = &[
        "events",
        "terminal_log",
        "time",
        "sequence",
        "predictive_failure_event",
    ];
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !TEMPORAL.contains(&name.as_str()));
            fields.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
