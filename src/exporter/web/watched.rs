//! The web configuration and the files that it names, as they are on disk now.
//!
//! Nothing has to be restarted, or told, when they change. As with the toolkit, a configuration that is
//! not valid any more lets nobody in: what it meant to protect is not known.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio_rustls::rustls::ServerConfig;

use super::config::{Invalid, Pem, TlsSettings, WebConfig};
use super::{Log, tls};

/// No such file has any business to be longer.
const LIMIT: u64 = 1 << 20;

/// The web configuration, read again when it has changed.
#[derive(Debug)]
pub(super) struct Watched {
    path: PathBuf,
    log: Log,
    /// What was decided at the start: listeners do not change their language.
    is_tls: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    config: Kept<WebConfig>,
    /// With the settings that it was made by; `None` before the first connection over TLS.
    tls: Option<(TlsSettings, Kept<ServerConfig>)>,
    /// Whether there have been users: a file that lost them may be one that is being written.
    has_users: bool,
    /// What was last logged of what is wrong.
    said: Option<Invalid>,
}

impl Watched {
    /// The configuration in `path`, which has to be valid now.
    pub(super) fn open(path: PathBuf, log: Log) -> Result<Self, Invalid> {
        let config = Kept::new(|files| read_config(&path, files));
        let first = config.value.clone()?;
        let tls = first.tls.clone();
        let watched = Self {
            is_tls: tls.is_some(),
            state: Mutex::new(State {
                config,
                tls: None,
                has_users: !first.users.is_empty(),
                said: None,
            }),
            path,
            log,
        };
        if let Some(settings) = tls {
            watched.tls()?;
            if let Pem::File(key) = &settings.key
                && std::fs::metadata(key).is_ok_and(|it| it.mode() & 0o004 != 0)
            {
                let key = key.display();
                watched.log.line(&format!(
                    "warning: everybody on this host can read {key}, a private key"
                ));
            }
        }
        Ok(watched)
    }

    /// Whether TLS is spoken.
    pub(super) fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// What the file says now.
    pub(super) fn config(&self) -> Result<Arc<WebConfig>, Invalid> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let config = state.config(&self.path);
        self.tell(&mut state, config.as_ref().err());
        config
    }

    /// How TLS is spoken now.
    pub(super) fn tls(&self) -> Result<Arc<ServerConfig>, Invalid> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let tls = state.tls(&self.path);
        self.tell(&mut state, tls.as_ref().err());
        tls
    }

    /// Logs each trouble once, and its end.
    fn tell(&self, state: &mut State, trouble: Option<&Invalid>) {
        // A request that finds the configuration valid says nothing of the certificates.
        let is_over = trouble.is_none()
            && (!self.is_tls || state.tls.as_ref().is_none_or(|(_, it)| it.value.is_ok()));
        let path = self.path.display();
        match trouble {
            Some(trouble) if state.said.as_ref() != Some(trouble) => {
                self.log.line(&format!(
                    "{path}: {trouble}; nobody is let in until this is mended"
                ));
                state.said = Some(trouble.clone());
            }
            None if is_over && state.said.take().is_some() => {
                self.log.line(&format!("{path}: valid again"));
            }
            _ => {}
        }
    }
}

impl State {
    fn config(&mut self, path: &Path) -> Result<Arc<WebConfig>, Invalid> {
        self.config.refresh(|files| read_config(path, files));
        let config = self.config.value.clone()?;
        if self.has_users && config.users.is_empty() {
            let why = "passwords cannot be switched off without a restart";
            return Err(Invalid::new(why));
        }
        self.has_users = !config.users.is_empty();
        Ok(config)
    }

    fn tls(&mut self, path: &Path) -> Result<Arc<ServerConfig>, Invalid> {
        let config = self.config(path)?;
        let Some(settings) = &config.tls else {
            return Err(Invalid::new("TLS cannot be switched off without a restart"));
        };
        let make = |files: &mut Files| tls::server(settings, &mut |path| files.read(path));
        match &mut self.tls {
            Some((made_by, kept)) if made_by == settings => kept.refresh(make),
            tls => *tls = Some((settings.clone(), Kept::new(make))),
        }
        let made = self.tls.as_ref().map(|(_, kept)| kept.value.clone());
        made.unwrap_or_else(|| Err(Invalid::new("no certificate")))
    }
}

fn read_config(path: &Path, files: &mut Files) -> Result<WebConfig, Invalid> {
    let text = files.read(path);
    let text = text.map_err(|error| Invalid::new(format!("cannot be read: {error}")))?;
    let text = String::from_utf8(text).map_err(|_| Invalid::new("is not text"))?;
    WebConfig::parse(&text, path.parent().unwrap_or(Path::new("")))
}

/// What was made of some files, and how they were then.
#[derive(Debug)]
struct Kept<T> {
    files: Files,
    value: Result<Arc<T>, Invalid>,
}

impl<T> Kept<T> {
    fn new(make: impl FnOnce(&mut Files) -> Result<T, Invalid>) -> Self {
        let mut files = Files::default();
        let value = make(&mut files).map(Arc::new);
        Self { files, value }
    }

    fn refresh(&mut self, make: impl FnOnce(&mut Files) -> Result<T, Invalid>) {
        if !self.files.are_unchanged() {
            *self = Self::new(make);
        }
    }
}

/// Files that were read, each with how it looked; `None` where that cannot be relied on.
#[derive(Debug, Default)]
struct Files(Vec<(PathBuf, Option<Stamp>)>);

/// What changes when a file does.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            file: (metadata.dev(), metadata.ino()),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether a change after this one would show: file systems count time in steps of up to seconds.
    fn is_settled(&self) -> bool {
        let changed = u64::try_from(self.changed.0).unwrap_or(0);
        let since = SystemTime::UNIX_EPOCH + Duration::from_secs(changed);
        since.elapsed().is_ok_and(|it| it > Duration::from_secs(3))
    }
}

impl Files {
    /// Reads a file, and remembers it.
    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        let mut stamp = None;
        let content = read(path, &mut stamp);
        self.0
            .push((path.to_owned(), stamp.filter(Stamp::is_settled)));
        content
    }

    fn are_unchanged(&self) -> bool {
        self.0.iter().all(|(path, stamp)| {
            let now = std::fs::metadata(path).ok().map(|it| Stamp::of(&it));
            stamp.is_some() && *stamp == now
        })
    }
}

fn read(path: &Path, stamp: &mut Option<Stamp>) -> io::Result<Vec<u8>> {
    // Anything else might be endless, or never begin.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a file"));
    }
    let file = File::open(path)?;
    *stamp = Some(Stamp::of(&file.metadata()?));
    let mut content = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut content)?;
    if u64::try_from(content.len()).is_ok_and(|it| it > LIMIT) {
        return Err(io::Error::other("longer than 1 MiB"));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often `path` was read when it was looked at three times.
    fn reads(path: &Path) -> usize {
        let count = std::cell::Cell::new(0);
        let make = |files: &mut Files| {
            count.set(count.get() + 1);
            Ok(files.read(path).is_ok())
        };
        let mut kept = Kept::new(make);
        kept.refresh(make);
        kept.refresh(make);
        count.get()
    }

    #[test]
    fn what_is_old_and_unchanged_is_not_read_again() {
        // It was there before this test was built.
        let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert_eq!(reads(&old), 1);
    }

    #[test]
    fn what_changed_a_moment_ago_may_change_again_unseen() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(reads(file.path()), 3);
    }

    #[test]
    fn what_could_not_be_read_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(reads(&folder.path().join("missing")), 3);
        assert_eq!(reads(folder.path()), 3);
    }
}
