//! Where replacements are remembered: a file for each, in a folder of their own. It is replaced as a
//! whole, so that it holds the old memory or the new one, and locked as long as somebody works on it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use ironkeep_parsers::model::{ControllerId, DriveAddress};

use crate::cli::failure::{Failure, Kind};
use crate::files;
use crate::replace::Memory;

/// Where replacements on this host are remembered when nothing else is configured.
pub const DEFAULT_FOLDER: &str = "/var/lib/ironkeep/replace";

/// How often it is looked whether another process works on a replacement still.
const LOOKS: usize = 20;
/// The pause between two such looks.
const MOMENT: Duration = Duration::from_millis(50);

/// The replacements of a host.
#[derive(Debug, Clone)]
pub struct Store {
    /// `None`: nothing lasts.
    folder: Option<PathBuf>,
}

/// The memory of one replacement, held by this process.
#[derive(Debug)]
pub struct Slot {
    path: Option<PathBuf>,
    _lock: Option<File>,
}

/// By what a replacement is found again: the controller and the bay of the drive.
pub fn key(id: ControllerId, serial: Option<&str>, bay: DriveAddress) -> String {
    let plain = |text: &str| -> String {
        let keep = |it: char| if it.is_ascii_alphanumeric() { it } else { '-' };
        text.trim().chars().map(keep).collect()
    };
    let controller = match serial.map(str::trim).filter(|it| !it.is_empty()) {
        Some(serial) => plain(serial),
        None => format!("c{id}"),
    };
    let enclosure = bay
        .enclosure
        .map_or_else(|| "direct".to_owned(), |it| it.to_string());
    format!("{controller}-{enclosure}-{}", bay.slot)
}

impl Store {
    /// The replacements in `folder`, which need not exist yet; without one nothing lasts.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// All that is remembered, by name.
    ///
    /// # Errors
    /// If a file cannot be read, or holds something else.
    pub fn all(&self) -> Result<Vec<Memory>, Failure> {
        let Some(folder) = &self.folder else {
            return Ok(Vec::new());
        };
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(folder, error)),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, error))?.path();
            if path.extension().is_some_and(|it| it == "json") {
                paths.push(path);
            }
        }
        paths.sort();
        paths
            .iter()
            .filter_map(|path| load(path).transpose())
            .collect()
    }

    /// Takes the replacement `key` for this process.
    ///
    /// # Errors
    /// If another process works on it, or the folder cannot be written.
    pub fn take(&self, key: &str) -> Result<Slot, Failure> {
        let Some(folder) = &self.folder else {
            return Ok(Slot {
                path: None,
                _lock: None,
            });
        };
        let path = folder.join(format!("{key}.json"));
        let beside = folder.join(format!("{key}.lock"));
        let open = || {
            fs::create_dir_all(folder)?;
            File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&beside)
        };
        let lock = open().map_err(|error| unwritable(&beside, error))?;
        // One that is just ending, or starting MegaCLI, lets go in a moment.
        for _ in 0..LOOKS {
            match lock.try_lock() {
                Ok(()) => {
                    return Ok(Slot {
                        path: Some(path),
                        _lock: Some(lock),
                    });
                }
                Err(TryLockError::WouldBlock) => thread::sleep(MOMENT),
                Err(TryLockError::Error(error)) => return Err(unwritable(&beside, error)),
            }
        }
        let words = "another ironkeep is replacing this very drive";
        Err(Failure::new(Kind::Refused, words)
            .hint("see how far it is: ironkeep pd replace --status"))
    }
}

impl Slot {
    /// What is remembered; `None` if nothing is yet.
    ///
    /// # Errors
    /// If the file cannot be read, or holds something else.
    pub fn load(&self) -> Result<Option<Memory>, Failure> {
        self.path.as_deref().map_or(Ok(None), load)
    }

    /// Remembers `memory` in the place of what was remembered.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, memory: &Memory) -> Result<(), Failure> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let write = || {
            let text = serde_json::to_vec_pretty(memory)?;
            files::replace(path, &text, 0o644)
        };
        write().map_err(|error| unwritable(path, error))
    }

    /// Keeps `text` beside the memory, as the file `name` of its evidence; nothing is overwritten.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep(&self, memory: &Memory, name: &str, text: &[u8]) -> Result<(), Failure> {
        let Some(folder) = self.evidence(memory) else {
            return Ok(());
        };
        let file = folder.join(name);
        if file.exists() {
            return Ok(());
        }
        let write = || {
            fs::create_dir_all(&folder)?;
            files::replace(&file, text, 0o644)
        };
        write().map_err(|error| unwritable(&file, error))
    }

    /// Whether the evidence has a file `name`.
    pub fn keeps(&self, memory: &Memory, name: &str) -> bool {
        self.evidence(memory)
            .is_some_and(|folder| folder.join(name).exists())
    }

    /// The folder of the evidence.
    fn evidence(&self, memory: &Memory) -> Option<PathBuf> {
        let path = self.path.as_ref()?;
        Some(path.with_extension(format!("{}.evidence", moment(memory))))
    }

    /// Sets the memory of an earlier replacement aside, so that a new one can begin.
    ///
    /// # Errors
    /// If it cannot be renamed.
    pub fn set_aside(&self, memory: &Memory) -> Result<(), Failure> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let aside = path.with_extension(format!("{}.past", moment(memory)));
        fs::rename(path, &aside).map_err(|error| unwritable(&aside, error))
    }
}

/// When it began, for the name of a file.
fn moment(memory: &Memory) -> String {
    memory.started.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn load(path: &Path) -> Result<Option<Memory>, Failure> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path, error)),
    };
    serde_json::from_slice(&text).map(Some).map_err(|error| {
        let words = format!(
            "{} is damaged, or of another version of ironkeep",
            path.display()
        );
        Failure::because(Kind::Environment, words, error)
            .hint("look at it, and move it away to begin anew")
    })
}

fn unreadable(path: &Path, error: io::Error) -> Failure {
    let words = format!("cannot read {}", path.display());
    Failure::because(Kind::Environment, words, error)
}

fn unwritable(path: &Path, error: io::Error) -> Failure {
    let words = format!("cannot write {}", path.display());
    Failure::because(Kind::Environment, words, error)
        .hint("without it a replacement cannot be continued after an interruption; another folder: replace.folder in the configuration")
}
