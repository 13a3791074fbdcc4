//! Runs the real tool.

use std::ffi::OsStr;
use std::fs::{File, Metadata, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::interrupt::Interrupt;
use super::lock::Lock;
use super::watch::{Ending, Limits, Watched, watch};
use super::{
    Invocation, ProcessEnd, Program, RawOutput, RunError, Runner, Stamp, controllers, search,
};

/// The folder that a sudo rule may have the tool run in (`runcwd`). Only root writes there, so that nobody
/// can lay a link in the way of what the tool writes as root.
pub const SUDO_FOLDER: &str = "/run/ironkeep";

/// How the tool is found and run. [`Settings::default`] suits the host that this program runs on,
/// but reads no environment.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The tool to run, a path or a name to be found in `folders`; `None` searches for it.
    pub program: Option<PathBuf>,
    /// Where the tool is looked for first.
    pub places: Vec<PathBuf>,
    /// The folders of `$PATH`, where it is looked for then. Relative ones are passed over.
    pub folders: Vec<PathBuf>,
    /// The user that this process acts as; 0 is root.
    pub euid: u32,
    /// The sudo to run the tool with where this process is not root; `None`: do not try.
    pub sudo: Option<PathBuf>,
    /// Where the tool may have been run by sudo instead of in its private folder.
    pub sudo_folder: PathBuf,
    /// Run the tool although a controller of this host is known to stall or crash under it.
    pub allow_unsafe_controller: bool,
    /// `/sys/bus/pci/devices`.
    pub pci_devices: PathBuf,
    /// Candidates for the lock file. The first that can be opened is it.
    pub locks: Vec<PathBuf>,
    /// How long to wait for the lock.
    pub lock_wait: Duration,
    /// The folder in which the private folders of runs are made.
    pub temporary: PathBuf,
    /// How long one run may take.
    pub time_limit: Duration,
    /// How many bytes one run may print, on each of its streams and into its file.
    pub output_limit: usize,
    /// How the run learns that it should stop.
    pub interrupt: Interrupt,
}

impl Default for Settings {
    fn default() -> Self {
        let euid = rustix::process::geteuid().as_raw();
        Self {
            program: None,
            places: search::WELL_KNOWN.iter().map(PathBuf::from).collect(),
            folders: Vec::new(),
            euid,
            sudo: None,
            sudo_folder: PathBuf::from(SUDO_FOLDER),
            allow_unsafe_controller: false,
            pci_devices: PathBuf::from("/sys/bus/pci/devices"),
            locks: vec![
                PathBuf::from("/run/lock/ironkeep.lock"),
                PathBuf::from(format!("/run/user/{euid}/ironkeep.lock")),
                PathBuf::from(format!("/tmp/ironkeep-{euid}.lock")),
            ],
            lock_wait: Duration::from_mins(1),
            temporary: PathBuf::from("/tmp"),
            time_limit: Duration::from_mins(1),
            output_limit: 32 << 20,
            interrupt: Interrupt::new(),
        }
    }
}

/// The tool on this host.
#[derive(Debug)]
pub struct MegaCli {
    settings: Settings,
    held: Option<Lock>,
}

impl MegaCli {
    /// The tool as `settings` describe it. Nothing is looked for before the first run.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            held: None,
        }
    }
}

impl MegaCli {
    fn find(&self) -> Result<PathBuf, RunError> {
        let Settings {
            program,
            places,
            folders,
            ..
        } = &self.settings;
        search::find(program.as_deref(), places, folders)
    }
}

impl Runner for MegaCli {
    fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
        let settings = &self.settings;
        if settings.interrupt.is_asked() {
            return Err(RunError::Interrupted);
        }
        let program = self.find()?;
        let sudo = match (settings.euid, &settings.sudo) {
            (0, _) => None,
            (_, Some(sudo)) => Some(sudo.as_path()),
            (_, None) => return Err(RunError::NotRoot),
        };
        if !settings.allow_unsafe_controller {
            controllers::refuse_unsafe(&settings.pci_devices)?;
        }
        let mut own = None;
        let lock = match &mut self.held {
            Some(lock) => lock,
            None => own.insert(lock(settings)?),
        };

        let _attention = settings.interrupt.attend();
        let folder = private_folder(&settings.temporary)?;
        if let Some(input) = &invocation.input {
            input.lay_into(folder.path())?;
        }
        // With sudo, the tool may write its file where this process cannot remove what an earlier run
        // left: it is the answer only if this run touches it.
        let elsewhere = sudo
            .and(invocation.file.as_ref())
            .map(|name| settings.sudo_folder.join(name));
        let before = elsewhere.as_deref().map(stamp);
        let started = Instant::now();
        let command = command(&program, sudo, &invocation.arguments, folder.path());
        let child = start(command, lock).map_err(|source| RunError::Start {
            program: sudo.unwrap_or(&program).to_owned(),
            source,
        })?;
        lock.note(&holder(child.id(), invocation));
        let limits = Limits {
            time: settings.time_limit.max(invocation.at_least),
            output: settings.output_limit,
        };
        let deaf = Interrupt::new();
        let interrupt = if invocation.changes {
            &deaf
        } else {
            &settings.interrupt
        };
        let watched = watch(child, limits, interrupt)
            .map_err(RunError::os(format!("cannot watch {}", program.display())))?;

        let end = judge(&watched, &program, sudo.is_some(), limits.time)?;
        let (file, file_truncated) = match &invocation.file {
            Some(name) => {
                let own = folder.path().join(name);
                let path = elsewhere
                    .filter(|path| Some(stamp(path)) != before)
                    .unwrap_or(own);
                read_file(&path, limits.output)?
            }
            None => (Vec::new(), false),
        };
        Ok(RawOutput {
            end,
            stdout: watched.stdout,
            file,
            stderr: watched.stderr,
            truncated: watched.truncated || file_truncated,
            elapsed: started.elapsed(),
        })
    }

    fn hold(&mut self) -> Result<(), RunError> {
        if self.held.is_none() {
            self.held = Some(lock(&self.settings)?);
        }
        Ok(())
    }

    fn release(&mut self) {
        self.held = None;
    }

    fn program(&self) -> Option<Program> {
        let path = self.find().ok()?;
        let stamp = path.metadata().ok().as_ref().map(stamp_of);
        let path = path.display().to_string();
        Some(Program { path, stamp })
    }
}

fn lock(settings: &Settings) -> Result<Lock, RunError> {
    Lock::acquire(&settings.locks, settings.lock_wait, &settings.interrupt)
}

/// A folder for one run: the tool drops files where it stands. It goes with the result.
fn private_folder(parent: &Path) -> Result<TempDir, RunError> {
    tempfile::Builder::new()
        .prefix("ironkeep-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(parent)
        .map_err(RunError::os(format!(
            "cannot make a folder in {}",
            parent.display()
        )))
}

/// The command line: no shell, nothing of our environment, nothing to read from.
fn command(program: &Path, sudo: Option<&Path>, arguments: &[String], folder: &Path) -> Command {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place that runs programs"
    )]
    let mut command = match sudo {
        Some(sudo) => {
            let mut command = Command::new(sudo);
            command.args([OsStr::new("-n"), OsStr::new("--"), program.as_os_str()]);
            command
        }
        None => Command::new(program),
    };
    let is_no_log = |word: &str| word.trim_start_matches('-').eq_ignore_ascii_case("nolog");
    command
        .args(arguments.iter().filter(|word| !is_no_log(word)))
        // Without it, the tool appends to MegaSAS.log without bound.
        .arg("-NoLog")
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("LC_ALL", "C")
        .env("TERM", "dumb")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A group of its own, so that it can be killed with everything it started.
        .process_group(0);
    command
}

/// Starts the command so that it holds the lock too.
fn start(mut command: Command, lock: &Lock) -> io::Result<Child> {
    // Two threads that start programs at the same time would hand each other's locks to them.
    static STARTING: Mutex<()> = Mutex::new(());
    let _guard = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    lock.inherited(true)?;
    let child = command.spawn();
    // A child that runs must be watched, whatever this says.
    drop(lock.inherited(false));
    child
}

/// Who holds the lock. The first word only: what follows can be a security key.
fn holder(child: u32, invocation: &Invocation) -> String {
    let word = invocation.arguments.first().map_or("", String::as_str);
    format!(
        "ironkeep (pid {}) running MegaCLI (pid {child}) {word}",
        process::id()
    )
}

/// What the ending means: a status to pass on, or the reason why there is none.
fn judge(
    watched: &Watched,
    program: &Path,
    through_sudo: bool,
    limit: Duration,
) -> Result<ProcessEnd, RunError> {
    let program = program.to_owned();
    let end = match watched.ending {
        Ending::Ended(end) => end,
        Ending::Interrupted => return Err(RunError::Interrupted),
        Ending::TimedOut { killed } => {
            let stdout = watched.stdout.clone();
            return Err(RunError::TimedOut {
                program,
                limit,
                killed,
                stdout,
            });
        }
    };
    if !watched.stdout.is_empty() {
        return Ok(end);
    }
    let stderr = String::from_utf8_lossy(&watched.stderr);
    let says = |texts: &[&str]| {
        let mut lines = stderr.lines().map(str::trim);
        lines
            .find(|line| texts.iter().any(|text| line.contains(text)))
            .map(str::to_owned)
    };
    // sudo's own words, `sudo: a password is required` and
    // `Sorry, user u is not allowed to execute '…' as root on host.`
    if through_sudo
        && end == ProcessEnd::Exited(1)
        && let Some(message) = says(&["sudo: ", "Sorry, user "])
    {
        return Err(RunError::SudoRefused { program, message });
    }
    // ld.so's words; its status is 127.
    if end == ProcessEnd::Exited(127)
        && let Some(message) = says(&["error while loading shared libraries"])
    {
        return Err(RunError::MissingLibrary { program, message });
    }
    Ok(end)
}

/// What tells a file that was written anew from what it was; `None` if it is not there.
fn stamp(path: &Path) -> Option<Stamp> {
    path.symlink_metadata().ok().as_ref().map(stamp_of)
}

fn stamp_of(file: &Metadata) -> Stamp {
    (file.ino(), file.size(), file.ctime(), file.ctime_nsec())
}

/// The file that the tool wrote, and whether there was more than the limit allows. A file that it
/// did not write is empty.
fn read_file(path: &Path, limit: usize) -> Result<(Vec<u8>, bool), RunError> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let more_than_limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        File::open(path)?
            .take(more_than_limit)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(mut bytes) => {
            let truncated = bytes.len() > limit;
            bytes.truncate(limit);
            Ok((bytes, truncated))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((Vec::new(), false)),
        Err(error) => Err(RunError::os(format!("cannot read {}", path.display()))(
            error,
        )),
    }
}
