//! The fleet: the findings of all hosts, as a Prometheus that collects them tells.
//!
//! * [`query`]: what is asked, and of which hosts. Pure.
//! * [`prometheus`]: asking it, and reading its answers.
//! * [`judge`](mod@judge): what the answers mean. Pure.

pub mod judge;
pub mod prometheus;
pub mod query;

use std::collections::BTreeMap;

/// The labels of a series, by name.
pub type Labels = BTreeMap<String, String>;

/// One series of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its labels, the name of the metric among them where it has one.
    pub labels: Labels,
    /// Its value, which may be NaN.
    pub value: f64,
}

impl Sample {
    /// A label; empty where the series has none of this name.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// A label that the exporter gave. Where the target has one of the same name, Prometheus renames it.
    pub fn own(&self, name: &str) -> &str {
        match self.labels.get(&format!("exported_{name}")) {
            Some(value) => value,
            None => self.label(name),
        }
    }
}

/// All that Prometheus was asked, at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// `megaraid_up` of the hosts that deliver it now.
    pub present: Vec<Sample>,
    /// `megaraid_up` of those that did within the last days and do not now.
    pub gone: Vec<Sample>,
    /// `up` of every target of the same jobs.
    pub scraped: Vec<Sample>,
    /// Which verdict of each host is true.
    pub verdicts: Vec<Sample>,
    /// The findings of the hosts.
    pub findings: Vec<Sample>,
    /// The parts that could not be read.
    pub failed: Vec<Sample>,
    /// The age in seconds of each part whose data are not known to be fresh.
    pub stale: Vec<Sample>,
    /// The age in seconds of the newest part of each host.
    pub ages: Vec<Sample>,
    /// The controllers.
    pub controllers: Vec<Sample>,
    /// How many seconds ago the last collection of each host that is gone ended.
    pub last_seen: Vec<Sample>,
    /// What Prometheus warned of.
    pub warnings: Vec<String>,
    /// When the answers held, in seconds since 1970; `None` where no answer had a series.
    pub time: Option<f64>,
}
