//! A simulated host in a file: what `--demo-state FILE` and `ironkeep sim` keep from one command to the
//! next.
//!
//! ```no_run
//! # use ironkeep_sim::{saved::{Saved, StateFile}, scenario};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let now = jiff::Timestamp::UNIX_EPOCH;
//! let file = StateFile::lock("night.json".as_ref())?;
//! let mut saved = match file.load()? {
//!     Some(saved) => saved,
//!     None => Saved::new("failed-drive", scenario::build("failed-drive")?, 60, now),
//! };
//! saved.catch_up(now);
//! // … change `saved.host` …
//! file.save(&saved)?;
//! # Ok(())
//! # }
//! ```

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::firmware::advance;
use crate::state::Host;

/// The version of the file. Changes of [`crate::state`] that an older file does not bear raise it.
const VERSION: u32 = 1;

/// The key of the version, by which a file is known as one of ours.
const MARK: &str = "ironkeep_demo_state";

/// A host, and how its time goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    #[serde(rename = "ironkeep_demo_state")]
    version: u32,
    /// The scenario that it began as.
    pub scenario: String,
    /// Seconds on the host for each real one. 0: its time stands still.
    pub speed: u32,
    /// The real moment up to which the host's time has passed.
    pub saved_at: Timestamp,
    /// The host.
    pub host: Host,
}

impl Saved {
    /// A host whose time begins to pass `now`.
    pub fn new(scenario: &str, host: Host, speed: u32, now: Timestamp) -> Self {
        Self {
            version: VERSION,
            scenario: scenario.to_owned(),
            speed,
            saved_at: now,
            host,
        }
    }

    /// Lets the host's time pass up to the real moment `now`. If the real clock was set back, it goes on
    /// from there.
    pub fn catch_up(&mut self, now: Timestamp) {
        let real = now.duration_since(self.saved_at).as_millis();
        let speed = i128::from(self.speed);
        if real <= 0 || speed == 0 {
            self.saved_at = now;
            return;
        }
        let seconds = real * speed / 1000;
        // What is less than a second on the host waits for the next time.
        let waiting = (real * speed - seconds * 1000) / speed;
        let waiting = SignedDuration::from_millis(i64::try_from(waiting).unwrap_or_default());
        self.saved_at = now.checked_sub(waiting).unwrap_or(now);
        advance(&mut self.host, u64::try_from(seconds).unwrap_or(u64::MAX));
    }

    /// The host that the text of a file holds; `path` is for errors.
    fn of_text(path: &Path, text: &str) -> Result<Self, Unusable> {
        #[derive(Deserialize)]
        struct Header {
            #[serde(rename = "ironkeep_demo_state")]
            version: Option<u32>,
        }
        let path = || path.to_owned();
        let damaged = |error: serde_json::Error| Unusable::Damaged {
            path: path(),
            why: error.to_string(),
        };
        match serde_json::from_str::<Header>(text).map(|header| header.version) {
            Ok(Some(VERSION)) => serde_json::from_str(text).map_err(damaged),
            Ok(Some(found)) => Err(Unusable::Version {
                path: path(),
                found,
            }),
            Err(error) if text.contains(MARK) => Err(damaged(error)),
            Ok(None) | Err(_) => Err(Unusable::NotOurs { path: path() }),
        }
    }
}

/// Why a file cannot be used.
#[derive(Debug, Error)]
pub enum Unusable {
    /// The system does not let us.
    #[error("cannot {doing} {}: {why}", path.display())]
    System {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
    /// It holds something else.
    #[error("{} holds no simulated host; it was left as it is", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Another version of the program wrote it.
    #[error(
        "{} was written by another version of ironkeep (its format is {found}, this one reads {VERSION}): \
         begin a new file",
        path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version that it says.
        found: u32,
    },
    /// Something is wrong or missing in it.
    #[error("{} is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        why: String,
    },
}

/// A file with a host that nobody else changes as long as this value lives.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    /// Open and locked. A file of its own beside the other, because saving replaces that one.
    _lock: File,
}

impl StateFile {
    /// Takes the file at `path`, which need not exist yet. Waits while another process has it.
    ///
    /// # Errors
    /// If the lock beside it cannot be made.
    pub fn lock(path: &Path) -> Result<Self, Unusable> {
        let beside = with_ending(path, ".lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&beside)
            .and_then(|file| file.lock().map(|()| file))
            .map_err(|why| failed("lock", &beside, why))?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Reads the file. `None` if it does not exist yet.
    ///
    /// # Errors
    /// If it cannot be read, or holds something else.
    pub fn load(&self) -> Result<Option<Saved>, Unusable> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(failed("read", &self.path, why)),
        };
        let text = String::from_utf8(bytes).map_err(|_| Unusable::NotOurs {
            path: self.path.clone(),
        })?;
        Saved::of_text(&self.path, &text).map(Some)
    }

    /// Replaces the file: it holds the old host or the new one, never a part.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self, saved: &Saved) -> Result<(), Unusable> {
        // The lock makes this name ours alone.
        let new = with_ending(&self.path, ".new");
        let text = serde_json::to_vec(saved)
            .map_err(|error| failed("write", &self.path, io::Error::from(error)))?;
        let write = || {
            let mut file = File::create(&new)?;
            file.write_all(&text)?;
            file.sync_all()?;
            std::fs::rename(&new, &self.path)
        };
        write().map_err(|why| {
            // The half-written copy is of no use; if it cannot be removed, the next save overwrites it.
            drop(std::fs::remove_file(&new));
            failed("write", &self.path, why)
        })
    }
}

fn failed(doing: &'static str, path: &Path, why: io::Error) -> Unusable {
    Unusable::System {
        doing,
        path: path.to_owned(),
        why,
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario;

    const NOON: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(milliseconds: i64) -> Timestamp {
        NOON.checked_add(SignedDuration::from_millis(milliseconds))
            .unwrap()
    }

    fn failed_drive(speed: u32) -> Saved {
        let host = scenario::build("failed-drive").unwrap();
        Saved::new("failed-drive", host, speed, NOON)
    }

    fn clock(saved: &Saved) -> u32 {
        saved.host.controllers[0].info.time
    }

    #[test]
    fn every_scenario_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = StateFile::lock(&folder.path().join("state")).unwrap();
        assert_eq!(file.load().unwrap(), None);
        for (name, _) in scenario::list() {
            let saved = Saved::new(name, scenario::build(name).unwrap(), 60, NOON);
            file.save(&saved).unwrap();
            assert!(file.load().unwrap() == Some(saved), "{name}");
        }
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 2, "the state and its lock: {left:?}");
    }

    #[test]
    fn time_passes_at_its_speed() {
        let mut saved = failed_drive(60);
        let before = clock(&saved);
        saved.catch_up(after(10_000));
        assert_eq!(clock(&saved), before + 600);
        saved.speed = 0;
        saved.catch_up(after(99_000));
        assert_eq!(clock(&saved), before + 600);
        assert_eq!(saved.saved_at, after(99_000));
    }

    #[test]
    fn parts_of_a_second_are_not_lost() {
        let mut saved = failed_drive(1);
        let before = clock(&saved);
        for quarter in 1..=10 {
            saved.catch_up(after(quarter * 250));
        }
        assert_eq!(clock(&saved), before + 2);
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nothing() {
        let mut saved = failed_drive(1);
        let before = clock(&saved);
        saved.catch_up(after(-3_600_000));
        assert_eq!(clock(&saved), before);
        saved.catch_up(after(-3_590_000));
        assert_eq!(clock(&saved), before + 10);
    }

    #[test]
    fn a_file_that_is_none_says_so() {
        let text = serde_json::to_string(&failed_drive(1)).unwrap();
        let said = |text: &str| {
            Saved::of_text(Path::new("f"), text)
                .unwrap_err()
                .to_string()
        };
        assert!(said("").contains("holds no simulated host"));
        assert!(said("[1, 2]").contains("holds no simulated host"));
        assert!(said("{\"version\": 1}").contains("holds no simulated host"));
        assert!(said(text.get(..text.len() / 2).unwrap()).contains("is damaged: EOF"));
        assert!(said(&text.replace("\"host\":", "\"guest\":")).contains("is damaged"));
        let newer = text.replace("demo_state\":1", "demo_state\":7");
        assert!(said(&newer).contains("its format is 7, this one reads 1"));
    }

    #[test]
    fn two_processes_do_not_lose_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        StateFile::lock(&path)
            .unwrap()
            .save(&failed_drive(0))
            .unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        let file = StateFile::lock(&path).unwrap();
                        let mut saved = file.load().unwrap().unwrap();
                        saved.speed += 1;
                        file.save(&saved).unwrap();
                    }
                });
            }
        });
        let saved = StateFile::lock(&path).unwrap().load().unwrap().unwrap();
        assert_eq!(saved.speed, 20);
    }
}
