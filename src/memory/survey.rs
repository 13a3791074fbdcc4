//! Whose shares to read so that the largest are known for certain: few, where a few are large.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::group::{By, Group};
use super::{NotRead, Process};

/// How many shares may be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pss {
    /// As many as it takes until the largest are certain.
    #[default]
    Auto,
    /// All of them.
    All,
    /// None: processes are ranked by the kernel's quick counters.
    Off,
}

/// What processes are ranked by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Key {
    /// The proportional share.
    #[default]
    Pss,
    /// What nobody else maps.
    Uss,
    /// The kernel's counter of what is swapped out (`VmSwap`).
    Swap,
    /// The proportional share, and the proportional share of what is swapped out.
    PssSwap,
    /// The kernel's quick counter of resident memory.
    Rss,
}

/// Which processes are looked at. What is empty lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those with these numbers.
    pub pids: Vec<u32>,
    /// Those of these users (effective).
    pub uids: Vec<u32>,
    /// Those of these units of systemd, as `ssh.service`.
    pub units: Vec<String>,
}

/// What is asked of the processes of a host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// How many shares may be read.
    pub pss: Pss,
    /// What processes or groups are ranked by.
    pub key: Key,
    /// How many of the largest are wanted; `None` for all.
    pub top: Option<usize>,
    /// By what processes are put together; `None` for single processes.
    pub by: Option<By>,
    /// How long shares may be read; `None` for as long as it takes.
    pub budget: Option<Duration>,
    /// The RSS in bytes above which a process's share is not read, as that would hold the process up.
    pub largest: Option<u64>,
    /// Whether command lines are read. They may carry secrets.
    pub commands: bool,
    /// Which processes are looked at.
    pub keep: Filter,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Survey {
    /// The largest processes, as many as were asked for, the largest first; none if groups were asked for.
    /// What was not read stands where its bound puts it. Names of users are left to the caller.
    pub processes: Vec<Process>,
    /// The largest groups, likewise; none if processes were asked for.
    pub groups: Vec<Group>,
    /// Processes or groups that are asked for and smaller.
    pub others: usize,
    /// All processes that are asked for, in one sum.
    pub total: Group,
    /// Whether reading every share would give the same processes or groups in the same order.
    pub certain: bool,
    /// Kernel threads, which have no memory of their own.
    pub kernel_threads: usize,
    /// Processes that have ended and wait to be collected by their parent.
    pub zombies: usize,
    /// Processes that ended while they were looked at.
    pub vanished: usize,
    /// Shares read.
    pub shares_read: usize,
    /// Processes with an upper bound in the place of a share, by the reason.
    pub not_read: BTreeMap<NotRead, usize>,
    /// Processes of which not even the size could be read, by the reason: they are in no list and no sum.
    pub unknown: BTreeMap<NotRead, usize>,
    /// The mount option that hides the processes of other users, as `hidepid=2`, where it applies.
    pub hidepid: Option<String>,
    /// How long it took.
    pub elapsed: Duration,
}
