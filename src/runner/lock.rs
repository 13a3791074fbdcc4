//! One run of the tool at a time on a host, across processes and users.
//!
//! The lock is the kernel's (`flock`), not the existence of the file: it goes when its holders go,
//! however they die. The file only says who they are. The tool inherits the lock, so that the lock
//! lasts as long as the tool does, also if this program is killed before it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::io::{FdFlags, fcntl_setfd};

use super::RunError;
use super::interrupt::Interrupt;

/// The lock, held until this and all copies of its descriptor are closed.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Waits up to `limit` for the first of `places` that can be opened.
    pub(crate) fn acquire(
        places: &[PathBuf],
        limit: Duration,
        interrupt: &Interrupt,
    ) -> Result<Self, RunError> {
        let started = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let (path, file) = open_first(places)?;
            let what = || format!("cannot lock {}", path.display());
            match file.try_lock() {
                Ok(()) if is_still(&file, path).map_err(RunError::os(what()))? => {
                    return Ok(Self { file });
                }
                // Removed and made anew between our opening and our locking: lock the new one.
                Ok(()) => continue,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(RunError::os(what())(error)),
            }
            let waited = started.elapsed();
            if waited >= limit {
                let (path, holder) = (path.to_owned(), holder(file));
                return Err(RunError::Locked {
                    path,
                    waited,
                    holder,
                });
            }
            if interrupt.is_asked() {
                return Err(RunError::Interrupted);
            }
            thread::sleep(pause.min(limit.saturating_sub(waited)));
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// Writes into the file who holds the lock, for those who wait. A file of another user may not
    /// be ours to write; the lock holds all the same.
    pub(crate) fn note(&mut self, holder: &str) {
        let written = self
            .file
            .rewind()
            .and_then(|()| self.file.set_len(0))
            .and_then(|()| writeln!(self.file, "{holder}"));
        drop(written);
    }

    /// Whether a program started now gets the lock too.
    pub(super) fn inherited(&self, yes: bool) -> io::Result<()> {
        let flags = if yes {
            FdFlags::empty()
        } else {
            FdFlags::CLOEXEC
        };
        Ok(fcntl_setfd(&self.file, flags)?)
    }
}

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// Opens the first place whose folder exists and lets us.
fn open_first(places: &[PathBuf]) -> Result<(&Path, File), RunError> {
    let mut first_error = None;
    for path in places {
        match open(path) {
            Ok(file) => return Ok((path, file)),
            Err(source) => {
                let passable = matches!(
                    source.kind(),
                    io::ErrorKind::NotFound
                        | io::ErrorKind::PermissionDenied
                        | io::ErrorKind::ReadOnlyFilesystem
                );
                let error =
                    RunError::os(format!("cannot open the lock {}", path.display()))(source);
                if !passable {
                    return Err(error);
                }
                first_error.get_or_insert(error);
            }
        }
    }
    Err(first_error.unwrap_or_else(|| {
        RunError::os("cannot open a lock")(io::Error::other("no place for it is configured"))
    }))
}

/// Opens or makes the file. The folder may be one that everybody can write to: no link is followed,
/// no pipe or device is waited for, and a file that has a second name elsewhere is not written to.
fn open(path: &Path) -> io::Result<File> {
    let options = |write: bool| {
        let mut options = OpenOptions::new();
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options
            .read(true)
            .write(write)
            .mode(0o644)
            .custom_flags(flags.bits().cast_signed());
        options
    };
    // An existing file is opened without O_CREAT: with it, `fs.protected_regular` keeps root from
    // opening a file that another user made first.
    let file = match options(true).open(path) {
        // Reading suffices for a lock on the file of another user.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => options(false).open(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match options(true).create_new(true).open(path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    options(true).open(path)
                }
                made => made,
            }
        }
        opened => opened,
    }?;
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.nlink() <= 1 {
        Ok(file)
    } else {
        Err(io::Error::other(
            "it is not a regular file with a single name",
        ))
    }
}

/// Whether `path` still names `file`.
fn is_still(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match path.symlink_metadata() {
        Ok(named) => Ok((named.dev(), named.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// What the file says about its holder. Anybody may have written it: one short printable line.
fn holder(file: File) -> Option<String> {
    let mut bytes = Vec::new();
    file.take(200).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line: String = text
        .lines()
        .next()?
        .chars()
        .filter(|it| !it.is_control())
        .collect();
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn acquire(path: &Path) -> Result<Lock, RunError> {
        Lock::acquire(&[path.to_owned()], Duration::ZERO, &Interrupt::new())
    }

    #[test]
    fn the_second_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let mut first = acquire(&path).unwrap();
        first.note("a longer text that is replaced");
        first.note("pid 12");
        let Err(RunError::Locked { holder, .. }) = acquire(&path) else {
            panic!("both hold the lock");
        };
        assert_eq!(holder.as_deref(), Some("pid 12"));
        drop(first);
        assert!(acquire(&path).is_ok());
    }

    #[test]
    fn a_symbolic_link_a_hard_link_and_a_folder_are_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        let (soft, hard) = (folder.path().join("soft"), folder.path().join("hard"));
        symlink(&victim, &soft).unwrap();
        fs::hard_link(&victim, &hard).unwrap();
        for path in [soft, hard, folder.path().to_owned()] {
            assert!(
                matches!(acquire(&path), Err(RunError::Os { .. })),
                "{}",
                path.display()
            );
        }
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    }

    #[test]
    fn a_place_without_a_folder_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().join("none/lock"), folder.path().join("lock")];
        let lock = Lock::acquire(&places, Duration::ZERO, &Interrupt::new());
        assert!(lock.is_ok());
        assert!(places[1].exists());
    }

    #[test]
    fn an_interrupt_ends_the_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let _first = acquire(&path).unwrap();
        let interrupt = Interrupt::new();
        interrupt.ask();
        let second = Lock::acquire(&[path], Duration::from_mins(1), &interrupt);
        assert!(matches!(second, Err(RunError::Interrupted)));
    }
}
