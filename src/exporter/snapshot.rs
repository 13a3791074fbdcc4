//! What the exporter knows at one moment: what the last collections read and is still fresh, what is
//! judged of it, and how the collections went. Everything that is served is a function of it. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use ironkeep_parsers::model::{ControllerId, Event, EventClass, TargetId};
use jiff::Timestamp;

use super::collector::Collector;
use super::system::System;
use crate::health::{Finding, Verdict};
pub use crate::host::process::ProcessFacts;
use crate::map::layout;
use crate::reading::Reading;

/// What is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// When it was made.
    pub now: Timestamp,
    /// The host's name; `None` where it is not known, and of a simulated host.
    pub host: Option<String>,
    /// How the bays of enclosures lie.
    pub map: layout::Settings,
    /// The path of the metrics; `None` where nothing is served.
    pub metrics_path: Option<String>,
    /// What was read and is fresh: a part that failed or has expired is not in it. Without controllers
    /// before the first collection, and where nothing can be read.
    pub reading: Reading,
    /// What is judged of it, the worst first.
    pub findings: Vec<Finding>,
    /// The verdict; unknown where nothing was read.
    pub verdict: Verdict,
    /// Whether the last collection read all that is essential of every controller it found.
    pub up: bool,
    /// Why nothing at all could be read, in words: the failure and its causes.
    pub failure: Option<String>,
    /// How each collector is doing. Those that are switched off are not there.
    pub collectors: BTreeMap<Collector, CollectorStatus>,
    /// What is known of the host beside its controllers.
    pub system: System,
    /// The collections so far.
    pub collections: Collections,
    /// The runs of the tool.
    pub tool: ToolTotals,
    /// Values that no table knows, and lines that were not understood, since the start, by part.
    pub unknown: BTreeMap<&'static str, u64>,
    /// Events since the stored cursor began, by controller and class; `None` where they are not counted.
    pub events: Option<BTreeMap<(Option<ControllerId>, EventClass), u64>>,
    /// The newest events, the newest last, for people.
    pub recent_events: Vec<(Option<ControllerId>, Event)>,
    /// This process; `None` for a run that ends at once.
    pub process: Option<ProcessFacts>,
    /// Whether the configuration that was read last is valid.
    pub configuration_valid: bool,
    /// The version of the vendor's tool; `None` where it is not known.
    pub tool_version: Option<String>,
    /// Which block devices the virtual drives are, as far as that is certain.
    pub block_devices: BTreeMap<(Option<ControllerId>, TargetId), NamedDevice>,
}

/// A block device by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDevice {
    /// The kernel's name: `sda`.
    pub name: String,
    /// Its world-wide name, in hexadecimal; `None` where it gives none.
    pub wwn: Option<String>,
}

/// How a collector is doing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CollectorStatus {
    /// The time between two of its runs now, after backing off.
    pub interval: Duration,
    /// How long the tool took for it at its last run.
    pub duration: Option<Duration>,
    /// What became of its last run, by controller.
    pub controllers: BTreeMap<Option<ControllerId>, Outcome>,
}

/// What became of a collector's last run on one controller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it was read and understood.
    pub success: bool,
    /// When it last was.
    pub last_success: Option<Timestamp>,
    /// Why it was not, in words.
    pub why: Option<String>,
}

/// The collections so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collections {
    /// How many ended, however they ended.
    pub count: u64,
    /// How long the last one took.
    pub last_duration: Option<Duration>,
    /// When the last one ended.
    pub last_end: Option<Timestamp>,
}

/// How a run of the tool ended.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum RunResult {
    /// It answered.
    Ok,
    /// It ended with an error, or crashed.
    ExitError,
    /// It did not end in time.
    Timeout,
    /// Its answer was not understood.
    ParseError,
    /// It could not be started.
    SpawnError,
    /// Somebody else ran it for too long.
    LockTimeout,
}

impl RunResult {
    /// Every result.
    pub const ALL: [Self; 6] = [
        Self::Ok,
        Self::ExitError,
        Self::Timeout,
        Self::ParseError,
        Self::SpawnError,
        Self::LockTimeout,
    ];

    /// The value of the label `result`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ExitError => "exit_error",
            Self::Timeout => "timeout",
            Self::ParseError => "parse_error",
            Self::SpawnError => "spawn_error",
            Self::LockTimeout => "lock_timeout",
        }
    }
}

/// The runs of the tool so far.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ToolTotals {
    /// How many, by how they ended.
    pub runs: BTreeMap<RunResult, u64>,
    /// How long they took in all.
    pub time: Duration,
}
