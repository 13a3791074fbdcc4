//! The crash bar: a replacement is killed after a run of MegaCLI, and started again.
//!
//! A story is played run by run, each of which ends where people or time are waited for. Of each run it
//! is noted what the disk holds after every run of MegaCLI. Between two changes of that, it does not
//! matter when the process dies: nothing else of it survives. So it is killed once for each; with
//! `CRASH=every` after every single run of MegaCLI. Started again, it has to come to the same wait, with
//! the same host and the same memory, as without the kill: what follows from there is the same then.

use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Write as _};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustix::process::{Signal, getpid, kill_process};
use serde_json::Value;

use super::{Run, Story, forget, host, run, shared_memory};

/// Tells the process that is killed what to do: story, state file, and after which run it dies.
const ORDER: &str = "IRONKEEP_TEST_CRASH";

/// The most runs of the program that a story takes.
const MOST_RUNS: usize = 20;

thread_local! {
    /// Where the disk is noted after each run of MegaCLI.
    static NOTES: RefCell<Option<(PathBuf, Vec<u64>)>> = const { RefCell::new(None) };
}

/// How many more runs of MegaCLI this process survives.
static LEFT: AtomicUsize = AtomicUsize::new(0);

fn note(_: &[&str]) {
    NOTES.with_borrow_mut(|notes| {
        if let Some((state, found)) = notes {
            found.push(disk(state));
        }
    });
}

fn die(_: &[&str]) {
    if LEFT.fetch_sub(1, Ordering::SeqCst) == 1 {
        kill_process(getpid(), Signal::KILL).unwrap();
    }
}

/// What the disk holds of a host and of replacements there.
fn disk(state: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    fs::read(state).unwrap().hash(&mut hasher);
    for path in memories(state) {
        fs::read(&path).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}

fn memories(state: &Path) -> Vec<PathBuf> {
    let folder = state.with_added_extension("replace");
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .collect();
    paths.sort();
    paths
}

/// What counts of where a run ended: why, the host, and what is remembered.
fn end(run: &Run, state: &Path) -> (u8, Option<String>, Value, Vec<Value>) {
    let remembered = memories(state).into_iter().map(|path| {
        let mut memory: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        forget_times(&mut memory);
        memory
    });
    let wait = run.waits_for().map(str::to_owned);
    (run.code, wait, host(state), remembered.collect())
}

fn forget_times(memory: &mut Value) {
    forget(memory);
    for path in ["/started", "/waiting/since", "/ended/time"] {
        if let Some(time) = memory.pointer_mut(path) {
            *time = Value::Null;
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Plays all stories, and kills every run of each.
pub(crate) fn everywhere(stories: &[(&str, Story)]) {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let kills = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some((name, story)) = stories.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let (count, found) = one(name, story);
                    kills.fetch_add(count, Ordering::SeqCst);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    // Past what the harness keeps back of a test that passes: how often shows that the bar was tried.
    let told = format!(
        "killed {} times in {} stories\n",
        kills.into_inner(),
        stories.len()
    );
    io::stderr().write_all(told.as_bytes()).unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Plays one story. How often it was killed, and what went wrong.
fn one(name: &str, story: &Story) -> (usize, Vec<String>) {
    let stage = story.stage();
    let mut wrong = Vec::new();
    let mut kills = 0;
    for number in 0..MOST_RUNS {
        let before = shared_memory();
        copy(stage.folder.path(), before.path());
        NOTES.set(Some((stage.state.clone(), Vec::new())));
        let whole = run(story, &stage.state, Some(note));
        let notes = NOTES.take().unwrap().1;
        let expected = end(&whole, &stage.state);
        for after in points(&notes) {
            kills += 1;
            let folder = shared_memory();
            copy(before.path(), folder.path());
            let state = folder.path().join("state");
            let place = format!("{name}, run {number}, killed after call {after}");
            if let Err(why) = kill(name, &state, after) {
                wrong.push(format!("{place}: {why}"));
                continue;
            }
            let again = run(story, &state, None);
            let found = end(&again, &state);
            if found != expected {
                wrong.push(format!(
                    "{place}: {}",
                    difference(&expected, &found, &again)
                ));
            }
        }
        match whole.waits_for() {
            Some(wait) => story.hand(wait, &stage.state),
            None => break,
        }
    }
    (kills, wrong)
}

/// After which runs of MegaCLI to kill, counted from 1.
fn points(notes: &[u64]) -> Vec<usize> {
    let every = std::env::var_os("CRASH").is_some_and(|it| it == "every");
    let mut last = None;
    let mut points = Vec::new();
    for (after, &note) in (1..).zip(notes) {
        if every || last != Some(note) {
            points.push(after);
        }
        last = Some(note);
    }
    points
}

/// Runs the program in a process of its own, which dies after so many runs of MegaCLI.
fn kill(name: &str, state: &Path, after: usize) -> Result<(), String> {
    let order = format!("{name}\n{}\n{after}", state.display());
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed", "--nocapture", "--test-threads=1"])
        .env(ORDER, order)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    if status.signal() == Some(9) {
        Ok(())
    } else {
        Err(format!("it was not killed: {status}"))
    }
}

/// In the process that is killed: the program, which does not survive.
pub(crate) fn child(stories: &[(&str, Story)]) {
    let Ok(order) = std::env::var(ORDER) else {
        return;
    };
    let [name, state, after] = order.split('\n').collect::<Vec<_>>()[..] else {
        panic!("{order}");
    };
    LEFT.store(after.parse().unwrap(), Ordering::SeqCst);
    let (_, story) = stories.iter().find(|(it, _)| *it == name).unwrap();
    run(story, Path::new(state), Some(die));
}

fn difference<T: std::fmt::Debug + PartialEq>(
    expected: &(u8, Option<String>, Value, T),
    found: &(u8, Option<String>, Value, T),
    run: &Run,
) -> String {
    let mut words = String::new();
    if (expected.0, &expected.1) != (found.0, &found.1) {
        words.push_str(&format!(
            "ends with {:?}, not {:?}; ",
            (found.0, &found.1),
            (expected.0, &expected.1)
        ));
    }
    if expected.2 != found.2 {
        words.push_str(&format!(
            "the host differs: {}; ",
            paths("", &expected.2, &found.2).join(", ")
        ));
    }
    if expected.3 != found.3 {
        words.push_str(&format!("remembers {:?}, not {:?}; ", found.3, expected.3));
    }
    format!("{words}{}", run.stderr)
}

/// Where two values differ.
fn paths(at: &str, one: &Value, other: &Value) -> Vec<String> {
    match (one, other) {
        (Value::Object(these), Value::Object(those)) => these
            .keys()
            .chain(those.keys().filter(|key| !these.contains_key(*key)))
            .flat_map(|key| {
                let null = Value::Null;
                let (this, that) = (
                    these.get(key).unwrap_or(&null),
                    those.get(key).unwrap_or(&null),
                );
                paths(&format!("{at}/{key}"), this, that)
            })
            .collect(),
        (Value::Array(these), Value::Array(those)) if these.len() == those.len() => these
            .iter()
            .zip(those)
            .enumerate()
            .flat_map(|(index, (this, that))| paths(&format!("{at}/{index}"), this, that))
            .collect(),
        _ if one == other => Vec::new(),
        _ => vec![format!("{at}: {one} and {other}")],
    }
}
