//! Writing a capture so that nobody else can read it, and so that one that was not finished shows it.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use crate::cli::failure::{Failure, Kind};

/// The file that stands in a folder until the capture in it is finished.
pub const INCOMPLETE: &str = "INCOMPLETE";

const INCOMPLETE_TEXT: &str = "\
This capture was not finished: outputs are missing, and nothing says how the commands ended.
The files that are here are as MegaCLI printed them.
";

/// Where a capture goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A folder that is made, or is there and is empty.
    Folder(PathBuf),
    /// A file that is made.
    Archive(PathBuf),
}

impl Target {
    /// A name that ends as a compressed archive does is one; any other is that of a folder.
    pub fn new(path: PathBuf) -> Self {
        let name = path.to_string_lossy().to_ascii_lowercase();
        if [".tar.gz", ".tgz"].iter().any(|end| name.ends_with(end)) {
            Self::Archive(path)
        } else {
            Self::Folder(path)
        }
    }

    /// The path.
    pub fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::Archive(path) => path,
        }
    }

    /// Checks that nothing is there which would be lost or mixed up, before a long recording begins.
    ///
    /// # Errors
    /// If something is there, or nothing can be made there.
    pub fn check(&self) -> Result<(), Failure> {
        let path = self.path();
        let there = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return match parent(path).metadata() {
                    Ok(parent) if parent.is_dir() => Ok(()),
                    Ok(_) => Err(cannot_write(path, io::ErrorKind::NotADirectory.into())),
                    Err(error) => Err(cannot_write(path, error)),
                };
            }
            there => there.map_err(|error| cannot_write(path, error))?,
        };
        let (name, is_folder) = (path.display(), there.is_dir() || path.is_dir());
        let refused = |message: String| {
            Err(Failure::new(Kind::Refused, message)
                .hint("name a folder or a .tar.gz that does not exist yet"))
        };
        match self {
            Self::Archive(_) => refused(format!("{name} exists already")),
            Self::Folder(_) if !is_folder => refused(format!("{name} exists and is no folder")),
            Self::Folder(_) => {
                let mut entries = fs::read_dir(path).map_err(|error| cannot_write(path, error))?;
                if entries.next().is_none() {
                    Ok(())
                } else if path.join(INCOMPLETE).exists() {
                    refused(format!("{name} holds a capture that was not finished"))
                } else {
                    refused(format!("{name} is not empty"))
                }
            }
        }
    }
}

/// A capture that is being written. Unless it is finished, a folder keeps its file [`INCOMPLETE`],
/// and an archive never gets its name.
pub struct Writer {
    path: PathBuf,
    form: Form,
}

enum Form {
    Folder,
    Archive {
        archive: Box<tar::Builder<GzEncoder<NamedTempFile>>>,
        /// The folder in the archive that everything stands in.
        folder: String,
        /// The time of its files, in seconds since 1970.
        time: u64,
    },
}

impl Writer {
    /// Begins. `time` (seconds since 1970) is that of the files in an archive.
    ///
    /// # Errors
    /// If nothing can be made there, or something is there already.
    pub fn create(target: &Target, time: u64) -> Result<Self, Failure> {
        target.check()?;
        let path = target.path().to_owned();
        let form = match target {
            Target::Folder(_) => make_folder(&path).map(|()| Form::Folder),
            Target::Archive(_) => make_archive(&path, time),
        }
        .map_err(|error| cannot_write(&path, error))?;
        Ok(Self { path, form })
    }

    /// Adds a file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let written = match &mut self.form {
            Form::Folder => private_file(&self.path.join(name), bytes),
            Form::Archive {
                archive,
                folder,
                time,
            } => {
                let mut header = tar::Header::new_gnu();
                header.set_size(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                header.set_mode(0o600);
                header.set_mtime(*time);
                archive.append_data(&mut header, format!("{folder}/{name}"), bytes)
            }
        };
        written.map_err(|error| cannot_write(&self.path, error))
    }

    /// Ends: what was written is complete.
    ///
    /// # Errors
    /// If the rest cannot be written.
    pub fn finish(self) -> Result<(), Failure> {
        let Self { path, form } = self;
        match form {
            Form::Folder => fs::remove_file(path.join(INCOMPLETE)),
            Form::Archive { archive, .. } => finish_archive(*archive, &path),
        }
        .map_err(|error| cannot_write(&path, error))
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Not every file system of a USB stick has modes; there the files have none either.
            drop(fs::set_permissions(path, Permissions::from_mode(0o700)));
        }
        made => made?,
    }
    private_file(&path.join(INCOMPLETE), INCOMPLETE_TEXT.as_bytes())
}

fn private_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)
}

/// The archive grows under a name that says what it is, beside the place where it will stand.
fn make_archive(path: &Path, time: u64) -> io::Result<Form> {
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let file = tempfile::Builder::new()
        .prefix(&format!("{name}."))
        .suffix(".incomplete")
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(parent(path))?;
    let folder = name.split('.').next().filter(|stem| !stem.is_empty());
    let encoder = GzEncoder::new(file, Compression::default());
    Ok(Form::Archive {
        archive: Box::new(tar::Builder::new(encoder)),
        folder: folder.unwrap_or("capture").to_owned(),
        time,
    })
}

fn finish_archive(archive: tar::Builder<GzEncoder<NamedTempFile>>, path: &Path) -> io::Result<()> {
    let file = archive.into_inner()?.finish()?;
    file.as_file().sync_all()?;
    // Nothing that somebody else put there meanwhile is replaced.
    let _file: File = file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// The folder that `path` stands in.
fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn cannot_write(path: &Path, error: io::Error) -> Failure {
    let message = format!("cannot write {}", path.display());
    Failure::because(Kind::Environment, message, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::read::{Content, unpack};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_folder_is_private_and_incomplete_until_it_is_finished() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("case");
        let mut writer = Writer::create(&Target::new(path.clone()), 0).unwrap();
        writer.add("a.txt", b"one").unwrap();
        assert_eq!((mode(&path), mode(&path.join("a.txt"))), (0o700, 0o600));
        assert!(path.join(INCOMPLETE).exists());
        let again = Target::new(path.clone()).check().unwrap_err();
        assert!(again.chain()[0].ends_with("was not finished"), "{again:?}");
        writer.finish().unwrap();
        assert!(!path.join(INCOMPLETE).exists());
        let again = Target::new(path).check().unwrap_err();
        assert_eq!(again.kind(), Kind::Refused);
        assert!(again.chain()[0].ends_with("is not empty"), "{again:?}");
    }

    #[test]
    fn an_empty_folder_will_do_and_becomes_private() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("case");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        let writer = Writer::create(&Target::new(path.clone()), 0).unwrap();
        writer.finish().unwrap();
        assert_eq!(mode(&path), 0o700);
    }

    #[test]
    fn an_archive_gets_its_name_when_it_is_finished() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("case-7.tar.gz");
        let target = Target::new(path.clone());
        let mut writer = Writer::create(&target, 7).unwrap();
        writer.add("a.txt", b"one").unwrap();
        assert!(!path.exists());
        let grows: Vec<_> = fs::read_dir(home.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert!(grows[0].ends_with(".incomplete"), "{grows:?}");
        writer.finish().unwrap();
        assert_eq!(mode(&path), 0o600);
        let content = unpack("x", &fs::read(&path).unwrap()).unwrap();
        let expected = vec![("case-7/a.txt".to_owned(), b"one".to_vec())];
        assert_eq!(content, Content::Files(expected));
        assert_eq!(target.check().unwrap_err().kind(), Kind::Refused);
    }

    #[test]
    fn an_archive_that_is_not_finished_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let target = Target::new(home.path().join("case.tgz"));
        let mut writer = Writer::create(&target, 0).unwrap();
        writer.add("a.txt", b"one").unwrap();
        drop(writer);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_without_a_parent_is_said_before_anything_runs() {
        let target = Target::new(PathBuf::from("/nowhere/at/all"));
        assert_eq!(target.check().unwrap_err().kind(), Kind::Environment);
    }
}
