//! Whose shares to read so that the largest are known for certain: few, where a few are large.
//!
//! What a process has resident is cheap to know and never less than its share: a bound. Of all that are
//! asked for, the one with the highest bound is looked at: its share is read, which is its bound from then
//! on, or, if that was done, it is the largest of those left. A group has the sum of its members' bounds, and
//! its largest member is read first. What cannot be read keeps its bound, and the ranking says that it is not
//! certain where that matters.

mod settle;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

pub(super) use self::settle::settle;
use super::group::{By, Group};
use super::{NotRead, Process, Rollup, Share};

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

/// What is read of a process that gets a row, beside its figures. Each takes a file of its own, which is
/// what a long list costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Details {
    /// Its command line. It may carry secrets.
    pub command: bool,
    /// The program that it runs.
    pub program: bool,
    /// Its control group, and the unit and the container that this tells.
    pub cgroup: bool,
}

impl Default for Details {
    /// All that carries no secrets.
    fn default() -> Self {
        Self {
            command: false,
            program: true,
            cgroup: true,
        }
    }
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
    /// What is read of processes that get a row, beside their figures.
    pub details: Details,
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

/// A process as the quick counters show it; small, as there is one for each of many thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sighting {
    pub(super) pid: u32,
    /// The index of its group; of no meaning where single processes are asked for.
    pub(super) group: usize,
    /// Resident, by the quick counter.
    pub(super) rss: u64,
    /// What is resident at most, and so what PSS and USS are at most.
    pub(super) bound: u64,
    /// Swapped out, by the quick counter.
    pub(super) swap: u64,
    /// What is swapped out at most.
    pub(super) swap_bound: u64,
}

impl Sighting {
    const fn unread(&self, because: NotRead) -> Share {
        Share::AtMost {
            bound_bytes: self.bound,
            because,
        }
    }
}

/// Why a process could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
    /// It has ended.
    Gone,
    /// The kernel does not allow it.
    Denied,
    /// The answer makes no sense.
    Failed,
}

impl Miss {
    /// The reason for a process that is still there.
    pub(super) const fn reason(self) -> Option<NotRead> {
        match self {
            Self::Gone => None,
            Self::Denied => Some(NotRead::Denied),
            Self::Failed => Some(NotRead::Failed),
        }
    }
}

/// Where the rest about a process comes from: procfs, or a made population.
pub(super) trait Source {
    /// Its share. Dear: the kernel walks all of its pages.
    fn share(&mut self, seen: &Sighting) -> Result<Rollup, Miss>;

    /// Its row, with this share; `None` if it has ended.
    fn row(&mut self, seen: &Sighting, share: Share) -> Option<Process>;

    /// The time since the survey began.
    fn elapsed(&mut self) -> Duration;
}
