//! Reading passphrases: from a file descriptor, a file or the terminal. Never from the command line.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::termios::{self, LocalModes, OptionalActions, Termios};

use crate::change::security::Passphrase;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};

/// Where a passphrase comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// A file descriptor that whoever started the program left open.
    Descriptor(u32),
    /// A file.
    File(PathBuf),
    /// A person at the terminal.
    Terminal,
}

/// The longest line that is read: far more than any passphrase may have.
const LONGEST: u64 = 4096;

impl Source {
    /// What the flags name.
    pub(super) fn of(descriptor: Option<u32>, file: Option<&Path>) -> Self {
        match (descriptor, file) {
            (Some(number), _) => Self::Descriptor(number),
            (None, Some(path)) => Self::File(path.to_owned()),
            (None, None) => Self::Terminal,
        }
    }

    /// A passphrase that is to be set: it has to keep the rules, and a person types it twice.
    pub(super) fn new_one(
        &self,
        context: &mut Context<'_>,
        what: &str,
    ) -> Result<Passphrase, Failure> {
        let words = self.read(context, what)?;
        let passphrase = Passphrase::new(words.clone()).map_err(wrong)?;
        if *self == Self::Terminal && self.read(context, &format!("{what} again"))? != words {
            return Err(wrong("the two passphrases differ".to_owned()));
        }
        Ok(passphrase)
    }

    /// A passphrase that was set before.
    pub(super) fn old_one(
        &self,
        context: &mut Context<'_>,
        what: &str,
    ) -> Result<Passphrase, Failure> {
        Passphrase::old(self.read(context, what)?).map_err(wrong)
    }

    fn read(&self, context: &mut Context<'_>, what: &str) -> Result<String, Failure> {
        let failed = |place: String| {
            move |why: io::Error| {
                Failure::because(
                    Kind::Environment,
                    format!("cannot read the passphrase from {place}"),
                    why,
                )
            }
        };
        match self {
            Self::Descriptor(number) => {
                let place = format!("file descriptor {number}");
                let file =
                    File::open(format!("/proc/self/fd/{number}")).map_err(failed(place.clone()))?;
                first_line(file).map_err(failed(place))
            }
            Self::File(path) => {
                let place = path.display().to_string();
                let file = File::open(path).map_err(failed(place.clone()))?;
                is_private(&file, path).map_err(failed(place.clone()))??;
                first_line(file).map_err(failed(place))
            }
            Self::Terminal if !context.is_interactive => Err(Failure::new(
                Kind::Usage,
                "there is no terminal to ask for the passphrase",
            )
            .hint("read it from a file that only you can read: add --passphrase-file FILE")
            .hint("or from a file descriptor: add --passphrase-fd 3 3< FILE")),
            Self::Terminal => ask(context, what).map_err(failed("the terminal".to_owned())),
        }
    }
}

fn wrong(why: String) -> Failure {
    Failure::new(Kind::Usage, why)
        .hint("8 to 32 characters: a digit, a lower and an upper case letter, a sign")
}

/// Refuses a file that others can read: then it is no secret any more.
fn is_private(file: &File, path: &Path) -> io::Result<Result<(), Failure>> {
    let known = file.metadata()?;
    let kind = known.file_type();
    // The last six bits are those of group and others.
    if kind.is_fifo() || kind.is_char_device() || known.mode().trailing_zeros() >= 6 {
        return Ok(Ok(()));
    }
    let shown = path.display();
    let words = format!(
        "other users may read {shown} (mode {:03o})",
        known.mode() & 0o777
    );
    Ok(Err(Failure::because(
        Kind::Refused,
        words,
        "a passphrase that others can read locks nothing",
    )
    .hint(format!("let nobody else read it: chmod 600 {shown}"))))
}

/// The first line, without its end.
fn first_line(from: impl Read) -> io::Result<String> {
    let mut line = String::new();
    BufReader::new(from.take(LONGEST)).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// The terminal as it was, once this is dropped.
struct Silent {
    terminal: File,
    before: Termios,
}

impl Silent {
    /// From now on the terminal does not show what is typed.
    fn begin() -> io::Result<Self> {
        let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        let before = termios::tcgetattr(&terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes.insert(LocalModes::ECHONL);
        termios::tcsetattr(&terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that is gone.
        let _gone =
            termios::tcsetattr(&self.terminal, OptionalActions::Flush, &self.before).is_err();
    }
}

/// What a person types, unseen.
fn ask(context: &mut Context<'_>, what: &str) -> io::Result<String> {
    context.stdout.flush()?;
    let silent = Silent::begin()?;
    let mut terminal = silent.terminal.try_clone()?;
    write!(terminal, "{what}: ")?;
    terminal.flush()?;
    first_line(terminal)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_first_line_is_the_passphrase() {
        assert_eq!(
            first_line(&b"Open-Sesame-1\nmore\n"[..]).unwrap(),
            "Open-Sesame-1"
        );
        assert_eq!(first_line(&b"Open-Sesame-1"[..]).unwrap(), "Open-Sesame-1");
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let check = |mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(file.path(), permissions).unwrap();
            is_private(file.as_file(), file.path()).unwrap()
        };
        assert!(check(0o600).is_ok());
        assert_eq!(check(0o640).unwrap_err().kind(), Kind::Refused);
        assert_eq!(check(0o604).unwrap_err().kind(), Kind::Refused);
    }
}
