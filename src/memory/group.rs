//! What processes use together: programs, units, control groups, users, containers.
//!
//! PSS adds up: a page that four processes map counts a quarter with each of them. RSS does not, and its sum
//! is given for comparison only. Members that were not read give bounds.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Process, Rollup, Share};

/// By what processes are put together.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The file name of the program, or the process's name where the kernel does not tell the file.
    Program,
    /// The unit of systemd.
    Unit,
    /// The control group.
    Cgroup,
    /// The user: the group's name is the user's number.
    User,
    /// The container.
    Container,
}

/// What a sum is at least and at most, in bytes; the two are equal where every member was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Bounds {
    /// At least: what was read.
    #[serde(rename = "at_least_bytes")]
    pub at_least: u64,
    /// At most: with the bounds of what was not read.
    #[serde(rename = "at_most_bytes")]
    pub at_most: u64,
}

impl Bounds {
    /// A figure that is known.
    pub const fn exactly(bytes: u64) -> Self {
        Self {
            at_least: bytes,
            at_most: bytes,
        }
    }

    /// A figure of which only an upper bound is known.
    pub const fn at_most(bytes: u64) -> Self {
        Self {
            at_least: 0,
            at_most: bytes,
        }
    }

    /// The figure, where it is known.
    pub fn exact(self) -> Option<u64> {
        (self.at_least == self.at_most).then_some(self.at_least)
    }

    /// Puts another figure in the place of one that was added.
    pub(super) fn replace(&mut self, old: Self, new: Self) {
        self.at_least = self.at_least.saturating_sub(old.at_least);
        self.at_most = self.at_most.saturating_sub(old.at_most);
        self.add(new);
    }

    /// Adds another figure to this one.
    pub fn add(&mut self, other: Self) {
        self.at_least = self.at_least.saturating_add(other.at_least);
        self.at_most = self.at_most.saturating_add(other.at_most);
    }
}

/// What processes that belong together use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Group {
    /// What they have in common; `None` for those that have no such thing (no unit, no container), or of
    /// which it could not be read.
    pub name: Option<String>,
    /// How many they are.
    pub processes: usize,
    /// Proportional share: nothing is counted twice.
    #[serde(rename = "pss")]
    pub pss: Bounds,
    /// Pages of one process alone.
    #[serde(rename = "uss")]
    pub uss: Bounds,
    /// Swapped out, each page divided by those who have it (`SwapPss`): nothing is counted twice. Swapped
    /// shared memory is in no process.
    pub swap: Bounds,
    /// RSS, summed: shared pages are counted once for each process.
    #[serde(rename = "rss_sum_bytes")]
    pub rss: u64,
    /// Of how many the share was not read.
    pub not_read: usize,
}

/// Puts processes together, the largest groups (by the upper bound of their PSS) first.
pub fn groups(processes: &[Process], by: By) -> Vec<Group> {
    let mut found: BTreeMap<Option<String>, Group> = BTreeMap::new();
    for process in processes {
        let group = found.entry(process.group(by)).or_default();
        // A kernel that does not count swapped pages sets no bound.
        let swap = process.swap.unwrap_or(u64::MAX);
        group.add(process.rss, swap, &process.share);
    }
    let named = |(name, group)| Group { name, ..group };
    let mut found: Vec<Group> = found.into_iter().map(named).collect();
    found.sort_by_key(|it| Reverse(it.pss.at_most));
    found
}

impl Process {
    /// The name of the group that it belongs to.
    fn group(&self, by: By) -> Option<String> {
        match by {
            By::Program => Some(self.program.as_ref().unwrap_or(&self.name).clone()),
            By::Unit => self.unit.clone(),
            By::Cgroup => self.cgroup.clone(),
            By::User => self.uid.map(|uid| uid.to_string()),
            By::Container => self.container.clone(),
        }
    }
}

impl Group {
    /// Adds a process with its RSS, what it has swapped out at most, and what is known of its share.
    pub(super) fn add(&mut self, rss: u64, swap: u64, share: &Share) {
        self.processes += 1;
        self.rss = self.rss.saturating_add(rss);
        match share {
            Share::Read(rollup) => {
                self.pss.add(Bounds::exactly(rollup.pss));
                self.uss.add(Bounds::exactly(rollup.uss));
                self.swap.add(rollup.swap_share(swap));
            }
            Share::AtMost { bound_bytes, .. } => {
                self.not_read += 1;
                self.pss.add(Bounds::at_most(*bound_bytes));
                self.uss.add(Bounds::at_most(*bound_bytes));
                self.swap.add(Bounds::at_most(swap));
            }
            Share::Nothing => {}
        }
    }
}

impl Rollup {
    /// The proportional share of what is swapped out, at most `counter` bytes by the kernel's counter.
    /// `Swap` holds the swapped pages of shared memory too, which `SwapPss` and the counter leave out.
    pub(super) fn swap_share(&self, counter: u64) -> Bounds {
        let unknown = || Bounds::at_most(self.swap.min(counter));
        self.swap_pss.map_or_else(unknown, Bounds::exactly)
    }
}
