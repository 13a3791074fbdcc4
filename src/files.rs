//! Files that are replaced as a whole: they hold what was there before or what is there now, never a part,
//! whoever is killed when, and also after a loss of power.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

/// Puts `bytes` in the place of what is in the file at `path`, which keeps its mode; a new one gets `mode`.
///
/// The new text grows in a hidden file beside it, of a name that is always the same: what a killed writer
/// leaves behind is what the next one begins with. Who writes holds it locked, so that of two writers one
/// waits for the other.
///
/// # Errors
/// If it cannot be written: then the old file is as it was, and nothing is left beside it. If there is
/// something else than a file: a device must not be replaced by one.
pub(crate) fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mode = match fs::symlink_metadata(path) {
        Ok(old) if old.is_file() => old.permissions().mode() & 0o7777,
        Ok(_) => return Err(io::Error::other("it is there, and is no regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => mode,
        Err(error) => return Err(error),
    };
    let growing = Growing::beside(path)?;
    growing.fill(bytes, mode)?;
    fs::rename(&growing.path, path)?;
    growing.placed();
    File::open(folder(path))?.sync_all()
}

/// The folder that `path` stands in.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The file in the making. It goes with this, unless it was put in its place.
struct Growing {
    path: PathBuf,
    file: File,
    is_placed: bool,
}

impl Growing {
    fn beside(path: &Path) -> io::Result<Self> {
        let name = path
            .file_name()
            .ok_or_else(|| io::Error::other("it has no file name"))?;
        // The hidden file of `x.prom` does not end in `.prom`: node_exporter does not read it.
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(".new");
        let path = folder(path).join(hidden);
        loop {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .mode(0o600)
                .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
                .open(&path)?;
            file.lock()?;
            // Another writer may have put it in its place while we waited: then it is not ours to write.
            if is_still(&file, &path)? {
                return Ok(Self {
                    path,
                    file,
                    is_placed: false,
                });
            }
        }
    }

    fn fill(&self, bytes: &[u8], mode: u32) -> io::Result<()> {
        let mut file = &self.file;
        file.set_len(0)?;
        file.write_all(bytes)?;
        file.set_permissions(Permissions::from_mode(mode))?;
        file.sync_all()
    }

    fn placed(mut self) {
        self.is_placed = true;
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        if !self.is_placed {
            // What cannot be removed is what the next writer begins with.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Whether `path` still names `file`.
fn is_still(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(named) => Ok((named.dev(), named.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<_> = entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_has_the_mode_and_an_old_one_keeps_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.prom");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
        replace(&path, b"a longer text", 0o644).unwrap();
        assert_eq!(mode(), 0o644);
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"text", 0o644).unwrap();
        assert_eq!(mode(), 0o640);
        assert_eq!(fs::read(&path).unwrap(), b"text");
        assert_eq!(names(folder.path()), ["x.prom"]);
    }

    #[test]
    fn what_a_killed_writer_left_is_gone_after_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.prom");
        let left = folder.path().join(".x.prom.new");
        fs::write(&left, "half of something that is longer than the text").unwrap();
        replace(&path, b"text", 0o644).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"text");
        assert_eq!(names(folder.path()), ["x.prom"]);
    }

    #[test]
    fn many_writers_at_once_leave_one_whole_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.prom");
        thread::scope(|scope| {
            for letter in b'a'..b'i' {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..20 {
                        replace(path, &[letter; 5000], 0o644).unwrap();
                        let text = fs::read(path).unwrap();
                        assert_eq!(text.len(), 5000);
                        assert!(text.iter().all(|it| *it == text[0]));
                    }
                });
            }
        });
        assert_eq!(names(folder.path()), ["x.prom"]);
    }

    #[test]
    fn a_device_a_folder_and_a_link_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        assert!(replace(&link, b"text", 0o644).is_err());
        assert!(replace(folder.path(), b"text", 0o644).is_err());
        assert!(replace(&folder.path().join("no/x.prom"), b"text", 0o644).is_err());
        assert_eq!(names(folder.path()), ["link"]);
    }
}
