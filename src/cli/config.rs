//! The configuration file. Unknown keys are errors; every default is in this file or in the type of
//! the section it belongs to.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::failure::{Failure, Kind};
use crate::health::Thresholds;
use crate::http;
use crate::map::layout;

/// Where the configuration is looked for when none is named.
pub const DEFAULT_PATH: &str = "/etc/ironkeep.toml";

/// More groups than this are too many series.
const MOST_MEMORY_GROUPS: usize = 100;

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `[megacli]`
    pub megacli: MegaCli,
    /// `[health]`
    pub health: Thresholds,
    /// `[map]`
    pub map: layout::Settings,
    /// `[audit]`
    pub audit: Audit,
    /// `[replace]`
    pub replace: Replace,
    /// `[export]`
    pub export: Export,
    /// `[fleet]`
    pub fleet: Fleet,
}

/// `[export]`: the exporter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Export {
    /// The time between two collections, in seconds.
    pub interval_seconds: u64,
    /// The time between two readings of what changes rarely, in seconds.
    pub slow_interval_seconds: u64,
    /// Count the events of each class.
    pub events: bool,
    /// Read the error counters of the controllers' phys.
    pub phy_errors: bool,
    /// Read the memory modules and their errors.
    pub dimms: bool,
    /// By what the use of memory is shown, if at all.
    pub memory: MemoryBy,
    /// How many of the largest units or programs are shown.
    pub memory_groups: usize,
    /// How long the shares of processes may be read in one collection, in milliseconds.
    pub memory_budget_milliseconds: u64,
    /// The resident memory above which the share of a process is not read, in GiB.
    pub memory_largest_gib: u64,
}

/// By what the exporter shows the use of memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum MemoryBy {
    /// Not at all
    #[default]
    Off,
    /// By units of systemd
    Unit,
    /// By programs
    Program,
}

impl Default for Export {
    fn default() -> Self {
        Self {
            interval_seconds: 60,
            slow_interval_seconds: 300,
            events: true,
            phy_errors: false,
            dimms: true,
            memory: MemoryBy::Off,
            memory_groups: 20,
            memory_budget_milliseconds: 1000,
            memory_largest_gib: 32,
        }
    }
}

impl Export {
    /// The time between two collections.
    pub fn interval(&self) -> Duration {
        Duration::from_secs(self.interval_seconds)
    }

    /// The time between two readings of what changes rarely.
    pub fn slow_interval(&self) -> Duration {
        Duration::from_secs(self.slow_interval_seconds)
    }

    /// How long the shares of processes may be read in one collection.
    pub fn memory_budget(&self) -> Duration {
        Duration::from_millis(self.memory_budget_milliseconds)
    }

    /// The resident memory in bytes above which the share of a process is not read.
    pub fn memory_largest(&self) -> u64 {
        self.memory_largest_gib.saturating_mul(1 << 30)
    }
}

/// `[fleet]`: the Prometheus that collects the metrics of all hosts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fleet {
    /// Its address.
    pub prometheus: Option<String>,
    /// Label matchers that choose the hosts. All if not set.
    pub selector: Option<String>,
    /// User name of HTTP basic authentication.
    pub username: Option<String>,
    /// The file that holds its password.
    pub password_file: Option<PathBuf>,
    /// The file that holds a bearer token.
    pub bearer_token_file: Option<PathBuf>,
    /// Certificates that the server's has to come from. Those that the system trusts if not set.
    pub ca_file: Option<PathBuf>,
    /// The certificate that proves who asks.
    pub cert_file: Option<PathBuf>,
    /// Its key.
    pub key_file: Option<PathBuf>,
}

impl Fleet {
    /// How to prove who asks.
    pub fn access(&self) -> http::Settings {
        http::Settings {
            username: self.username.clone(),
            password_file: self.password_file.clone(),
            bearer_token_file: self.bearer_token_file.clone(),
            ca_file: self.ca_file.clone(),
            cert_file: self.cert_file.clone(),
            key_file: self.key_file.clone(),
            insecure: false,
        }
    }
}

/// `[audit]`: the record of changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// The file. `/var/log/ironkeep/audit.jsonl` if not set.
    pub path: Option<PathBuf>,
    /// Change nothing where that file cannot be written.
    pub required: bool,
}

/// `[replace]`: the replacement of drives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Replace {
    /// The folder for what has to be remembered of replacements. `/var/lib/ironkeep/replace` if not set.
    pub folder: Option<PathBuf>,
}

/// `[megacli]`: how the vendor's tool is run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MegaCli {
    /// The program. Looked for in the well-known places if not set.
    pub path: Option<PathBuf>,
    /// Run it through `sudo -n` when not root.
    pub sudo: bool,
    /// How long one run may take, in seconds.
    pub timeout_seconds: u64,
    /// How long to wait for another ironkeep on this host, in seconds.
    pub lock_wait_seconds: u64,
}

impl Default for MegaCli {
    fn default() -> Self {
        Self {
            path: None,
            sudo: false,
            timeout_seconds: 60,
            lock_wait_seconds: 60,
        }
    }
}

impl MegaCli {
    /// How long one run may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// How long to wait for the lock.
    pub fn lock_wait(&self) -> Duration {
        Duration::from_secs(self.lock_wait_seconds)
    }
}

impl Config {
    /// Reads `named`, or the default file if it exists.
    ///
    /// # Errors
    /// If a named file is missing, or a file does not read or has an unknown key.
    pub fn load(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or(Path::new(DEFAULT_PATH));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                let what = format!("cannot read the configuration {}", path.display());
                return Err(Failure::because(Kind::Config, what, error));
            }
        };
        let invalid = |why: String| {
            let what = format!("the configuration {} is not valid", path.display());
            Failure::because(Kind::Config, what, why).hint("every key: man 5 ironkeep.toml")
        };
        let config: Self = toml::from_str(&text)
            .map_err(|error| invalid(error.to_string().trim_end().to_owned()))?;
        if config.megacli.timeout_seconds == 0 {
            return Err(invalid("timeout_seconds must be more than 0".to_owned()));
        }
        if config.export.interval_seconds == 0 || config.export.slow_interval_seconds == 0 {
            let words = "the intervals of [export] must be more than 0";
            return Err(invalid(words.to_owned()));
        }
        if !(1..=MOST_MEMORY_GROUPS).contains(&config.export.memory_groups) {
            let words = format!("memory_groups must be from 1 to {MOST_MEMORY_GROUPS}");
            return Err(invalid(words));
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_an_error_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ironkeep.toml");
        std::fs::write(&path, "[megacli]\ntimeout = 5\n").unwrap();
        let failure = Config::load(Some(&path)).unwrap_err();
        assert_eq!(failure.kind(), Kind::Config);
        assert!(
            failure.chain().join("\n").contains("timeout"),
            "{:?}",
            failure.chain()
        );
    }

    #[test]
    fn no_time_at_all_is_refused_as_on_the_command_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ironkeep.toml");
        std::fs::write(&path, "[megacli]\ntimeout_seconds = 0\n").unwrap();
        let failure = Config::load(Some(&path)).unwrap_err();
        assert_eq!(
            failure.chain().last().unwrap(),
            "timeout_seconds must be more than 0"
        );
    }

    #[test]
    fn the_use_of_memory_is_shown_by_few_groups_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ironkeep.toml");
        let load = |text: &str| {
            std::fs::write(&path, format!("[export]\n{text}\n")).unwrap();
            Config::load(Some(&path)).map(|it| it.export)
        };
        assert_eq!(load("").unwrap().memory, MemoryBy::Off);
        let export = load("memory = \"unit\"\nmemory_groups = 100").unwrap();
        assert_eq!((export.memory, export.memory_groups), (MemoryBy::Unit, 100));
        assert_eq!(
            load("memory = \"program\"").unwrap().memory,
            MemoryBy::Program
        );
        for text in [
            "memory = \"pid\"",
            "memory_groups = 0",
            "memory_groups = 101",
        ] {
            assert!(load(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_missing_file_is_an_error_only_if_it_was_named() {
        assert!(Config::load(Some(Path::new("/nonexistent/ironkeep.toml"))).is_err());
    }
}
