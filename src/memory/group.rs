//! What processes use together: programs, units, control groups, users, containers.
//!
//! PSS adds up: a page that four processes map counts a quarter with each of them. RSS does not, and its sum
//! is given for comparison only. Members that were not read give bounds.

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
    let mut found: Vec<Group> = Vec::new();
    for process in processes {
        let name = match by {
            By::Program => Some(process.program.as_ref().unwrap_or(&process.name).clone()),
            By::Unit => process.unit.clone(),
            By::Cgroup => process.cgroup.clone(),
            By::User => process.uid.map(|uid| uid.to_string()),
            By::Container => process.container.clone(),
        };
        let at = found.iter().position(|it| it.name == name);
        let mut group = at.map_or_else(Group::default, |at| found.swap_remove(at));
        group.name = name;
        group.add(process.rss, process.swap, &process.share);
        found.push(group);
    }
    found.sort_by(|a, b| (b.pss.at_most, &a.name).cmp(&(a.pss.at_most, &b.name)));
    found
}

impl Group {
    /// Adds a process with its RSS, its swap counter and what is known of its share.
    pub fn add(&mut self, rss: u64, swap: Option<u64>, share: &Share) {
        self.processes += 1;
        self.rss = self.rss.saturating_add(rss);
        match share {
            Share::Read(rollup) => self.add_read(rollup),
            Share::AtMost { bound_bytes, .. } => {
                self.not_read += 1;
                self.pss.add(Bounds::at_most(*bound_bytes));
                self.uss.add(Bounds::at_most(*bound_bytes));
                self.swap.add(Bounds::at_most(swap.unwrap_or_default()));
            }
            Share::Nothing => {}
        }
    }

    fn add_read(&mut self, rollup: &Rollup) {
        self.pss.add(Bounds::exactly(rollup.pss));
        self.uss.add(Bounds::exactly(rollup.uss));
        let swap = rollup.swap_pss.unwrap_or(rollup.swap);
        self.swap.add(Bounds::exactly(swap));
    }
}
