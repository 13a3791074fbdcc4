//! A simulated host in the place of MegaCLI: `--demo`, `--demo-state`, `ironkeep sim`.
//!
//! Without a file the host lives as long as the process, and its time passes from the moment at which
//! it was opened. With one it lives on between commands, and several processes may use it at once.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use ironkeep_sim::megacli::{self, Answer};
use ironkeep_sim::saved::{Saved, StateFile};
use ironkeep_sim::scenario::{self, Unbuilt};
use jiff::Timestamp;

use crate::cli::failure::{Failure, Kind};
use crate::runner::interrupt::Interrupt;
use crate::runner::lock::Lock;
use crate::runner::{Invocation, ProcessEnd, RawOutput, RunError, Runner};

/// What stands for the list of scenarios in the place of a scenario's name.
pub const LIST: &str = "list";

/// Which simulated host was asked for.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The scenario.
    pub scenario: Option<String>,
    /// The file that it lives in.
    pub state: Option<PathBuf>,
    /// Seconds on the host for each real one; 1 if not said.
    pub speed: Option<u32>,
    /// What tests do after each run of the tool there, whose command line it is.
    pub witness: Option<Witness>,
}

/// Something that is done after each run of the tool on a simulated host.
pub type Witness = fn(&[&str]);

/// A simulated host.
#[derive(Debug)]
pub struct Demo {
    place: Place,
    held: Option<Lock>,
    witness: Option<Witness>,
}

#[derive(Debug)]
enum Place {
    Memory(Box<Saved>),
    File {
        path: PathBuf,
        /// What was read last, and the file's time then: it is read again only after a change.
        read: Option<(SystemTime, Box<Saved>)>,
    },
}

impl Demo {
    /// Opens the host that `choice` names. A file that does not exist yet is made of the scenario.
    ///
    /// # Errors
    /// If there is no such scenario or no such file, or it holds something else.
    pub fn open(choice: &Choice) -> Result<Self, Failure> {
        let Some(path) = &choice.state else {
            let name = choice.scenario.as_deref().unwrap_or(scenario::DEFAULT);
            let saved = start(name, choice.speed)?;
            return Ok(Self {
                place: Place::Memory(Box::new(saved)),
                held: None,
                witness: choice.witness,
            });
        };
        let file = StateFile::lock(path).map_err(unusable)?;
        match (file.load().map_err(unusable)?, &choice.scenario) {
            (Some(saved), Some(name)) if saved.scenario != *name => {
                let words = format!(
                    "{} holds the scenario {}, not {name}",
                    path.display(),
                    saved.scenario
                );
                return Err(Failure::new(Kind::Usage, words)
                    .hint("leave out the scenario to go on with it: --demo-state FILE")
                    .hint(format!(
                        "or begin anew: ironkeep --demo-state FILE sim start {name}"
                    )));
            }
            (Some(mut saved), _) => {
                if let Some(speed) = choice.speed.filter(|&speed| speed != saved.speed) {
                    saved.catch_up(Timestamp::now());
                    saved.speed = speed;
                    file.save(&saved).map_err(unusable)?;
                }
            }
            (None, Some(name)) => {
                file.save(&start(name, choice.speed)?).map_err(unusable)?;
            }
            (None, None) => {
                return Err(no_host(path));
            }
        }
        Ok(Self {
            place: Place::File {
                path: path.clone(),
                read: None,
            },
            held: None,
            witness: choice.witness,
        })
    }

    /// Puts a new host of the scenario `name` into the file at `path`, whatever it held.
    ///
    /// # Errors
    /// If there is no such scenario, or the file cannot be written. Something that is no simulated
    /// host is not overwritten.
    pub fn restart(path: &Path, name: &str, speed: Option<u32>) -> Result<Saved, Failure> {
        let saved = start(name, speed)?;
        let file = StateFile::lock(path).map_err(unusable)?;
        file.load().map_err(unusable)?;
        file.save(&saved).map_err(unusable)?;
        Ok(saved)
    }

    /// Changes the host in the file at `path` with `change`, at its present time.
    ///
    /// # Errors
    /// If there is none, or `change` fails: then the file is as it was.
    pub fn change<T>(
        path: &Path,
        change: impl FnOnce(&mut Saved) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let file = StateFile::lock(path).map_err(unusable)?;
        let saved = file.load().map_err(unusable)?;
        let mut saved = saved.ok_or_else(|| no_host(path))?;
        saved.catch_up(Timestamp::now());
        let done = change(&mut saved)?;
        file.save(&saved).map_err(unusable)?;
        Ok(done)
    }

    /// What stands for the lock of a host: who holds it is the only one to run the tool there. `None`
    /// for a host that no other process can see.
    fn lock(&self) -> Result<Option<Lock>, RunError> {
        let Place::File { path, .. } = &self.place else {
            return Ok(None);
        };
        let mut name = path.clone().into_os_string();
        name.push(".use");
        let mut lock = Lock::acquire(&[name.into()], WAIT, &Interrupt::new())?;
        lock.note(&format!("ironkeep (pid {})", std::process::id()));
        Ok(Some(lock))
    }

    /// Runs a command line of MegaCLI on the host at its present time.
    ///
    /// # Errors
    /// If the file in which it lives is gone, damaged, or cannot be written.
    pub fn answer(&mut self, line: &[&str]) -> Result<Answer, RunError> {
        let broken = |what: &str, why| RunError::Os {
            what: what.to_owned(),
            source: std::io::Error::other(why),
        };
        match &mut self.place {
            Place::Memory(saved) => {
                saved.catch_up(Timestamp::now());
                Ok(megacli::run(&mut saved.host, line))
            }
            Place::File { path, .. } if megacli::is_change(line) => {
                let what = "cannot change the simulated host";
                let file = StateFile::lock(path).map_err(|why| broken(what, why))?;
                let loaded = file.load().map_err(|why| broken(what, why))?;
                let mut saved = loaded.ok_or_else(|| RunError::Os {
                    what: what.to_owned(),
                    source: std::io::ErrorKind::NotFound.into(),
                })?;
                saved.catch_up(Timestamp::now());
                let answer = megacli::run(&mut saved.host, line);
                file.save(&saved).map_err(|why| broken(what, why))?;
                Ok(answer)
            }
            Place::File { path, read } => {
                let what = "cannot read the simulated host";
                let os = |source| RunError::Os {
                    what: what.to_owned(),
                    source,
                };
                let written = std::fs::metadata(&*path)
                    .and_then(|it| it.modified())
                    .map_err(os)?;
                let known = read.take().filter(|(at, _)| *at == written);
                let saved = if let Some((_, saved)) = known {
                    saved
                } else {
                    let file = StateFile::lock(path).map_err(|why| broken(what, why))?;
                    let loaded = file.load().map_err(|why| broken(what, why))?;
                    Box::new(loaded.ok_or_else(|| os(std::io::ErrorKind::NotFound.into()))?)
                };
                let (_, saved) = read.insert((written, saved));
                saved.catch_up(Timestamp::now());
                Ok(megacli::run(&mut saved.host, line))
            }
        }
    }
}

/// What a process would have left behind that answered `invocation` so, in the time `elapsed`.
pub fn output(invocation: &Invocation, answer: Answer, elapsed: Duration) -> RawOutput {
    let (status, crashed) = (answer.process_status(), answer.crashed);
    let stdout = answer.text().into_bytes();
    let is_wanted = |(name, _): &(String, String)| invocation.file.as_ref() == Some(name);
    let file = answer.files.into_iter().find(is_wanted);
    RawOutput {
        end: if crashed {
            ProcessEnd::Signalled(11)
        } else {
            ProcessEnd::Exited(status)
        },
        file: file.map(|(_, text)| text.into_bytes()).unwrap_or_default(),
        stdout,
        stderr: Vec::new(),
        truncated: false,
        elapsed: elapsed.max(Duration::from_nanos(1)),
    }
}

/// How long to wait for another process that uses the same simulated host.
const WAIT: Duration = Duration::from_mins(1);

/// The file that should hold a simulated host does not exist.
fn no_host(path: &Path) -> Failure {
    let words = format!("there is no simulated host in {}", path.display());
    Failure::new(Kind::Environment, words)
        .hint("make one: ironkeep --demo-state FILE sim start SCENARIO")
        .hint("which scenarios there are: ironkeep sim list")
}

/// A host at the beginning of the scenario `name`.
fn start(name: &str, speed: Option<u32>) -> Result<Saved, Failure> {
    let host = scenario::build(name).map_err(|error| {
        let failure = match error {
            Unbuilt::Unknown(_) => Failure::new(Kind::Usage, error.to_string()),
            Unbuilt::Wrong { .. } | Unbuilt::Stuck { .. } => {
                Failure::new(Kind::Internal, error.to_string())
            }
        };
        failure.hint("which scenarios there are: ironkeep sim list")
    })?;
    Ok(Saved::new(name, host, speed.unwrap_or(1), Timestamp::now()))
}

fn unusable(error: ironkeep_sim::saved::Unusable) -> Failure {
    Failure::new(Kind::Environment, error)
}

impl Runner for Demo {
    fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
        let begun = Instant::now();
        let _own = match &self.held {
            Some(_) => None,
            None => self.lock()?,
        };
        let folder = match &invocation.input {
            Some(_) => Some(tempfile::tempdir().map_err(|source| RunError::Os {
                what: "cannot make a folder for a file".to_owned(),
                source,
            })?),
            None => None,
        };
        let mut arguments = invocation.arguments.clone();
        if let (Some(input), Some(folder)) = (&invocation.input, &folder) {
            // What the tool finds in the folder that it stands in, the simulator finds by its path.
            let path = input.lay_into(folder.path())?;
            for word in arguments.iter_mut().filter(|word| **word == input.name) {
                *word = path.display().to_string();
            }
        }
        let line: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let answer = self.answer(&line)?;
        if let Some(witness) = self.witness {
            witness(&line);
        }
        Ok(output(invocation, answer, begun.elapsed()))
    }

    fn hold(&mut self) -> Result<(), RunError> {
        if self.held.is_none() {
            self.held = self.lock()?;
        }
        Ok(())
    }

    fn release(&mut self) {
        self.held = None;
    }
}
