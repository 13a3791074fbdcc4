//! Where the host's files are: this host's, another's, or a saved one's.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::cli::Session;
use crate::cli::failure::{Failure, Kind};
use crate::dimm;
use crate::who;

/// The folders of a host.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) procfs: PathBuf,
    pub(super) sysfs: PathBuf,
    /// The folder that the others of the host are in.
    root: PathBuf,
    pub(super) passwd: PathBuf,
    /// Whether it is root who looks.
    pub(super) as_root: bool,
    /// What `passwd` holds; empty where it cannot be read.
    users: String,
}

impl Place {
    /// The host that was asked for.
    ///
    /// # Errors
    /// If it is a simulated one, or a capture: neither has processes.
    pub(super) fn of(session: &Session, procfs: Option<PathBuf>) -> Result<Self, Failure> {
        let root = session.host_root();
        let named = procfs.or_else(|| root.map(|root| root.join("proc")));
        if named.is_none() && (session.replays() || session.is_demo()) {
            let words = "the memory is read of a running host, not of a capture or a simulated one";
            return Err(Failure::new(Kind::Usage, words)
                .hint("leave out --replay and --demo; --procfs ROOT reads a saved procfs"));
        }
        let procfs = named.unwrap_or_else(|| PathBuf::from("/proc"));
        let root = procfs.parent().unwrap_or(Path::new("/")).to_owned();
        let passwd = root.join("etc/passwd");
        Ok(Self {
            as_root: session.who().uid == 0,
            sysfs: root.join("sys"),
            users: std::fs::read_to_string(&passwd).unwrap_or_default(),
            passwd,
            procfs,
            root,
        })
    }

    /// Where its memory modules are read of, without what was recorded of them.
    pub(super) fn modules(&self, now: Timestamp) -> dimm::Sources {
        dimm::Sources {
            var: None,
            dev: None,
            ..self.record(None, now)
        }
    }

    /// The same, with what was recorded since then.
    pub(super) fn record(&self, since: Option<Timestamp>, now: Timestamp) -> dimm::Sources {
        dimm::Sources {
            procfs: self.procfs.clone(),
            ..dimm::Sources::below(&self.root, since, now)
        }
    }

    /// The name of a user.
    pub(super) fn user(&self, uid: u32) -> Option<String> {
        who::user_name(&self.users, uid)
    }

    /// The number of a user.
    pub(super) fn uid(&self, name: &str) -> Option<u32> {
        let mut users = who::users(&self.users);
        users.find(|(known, _)| *known == name).map(|(_, uid)| uid)
    }
}
