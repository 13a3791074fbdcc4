//! What processes use together: programs, units, control groups, users, containers.
//!
//! PSS adds up: a page that four processes map counts a quarter with each of them. RSS does not, and its sum
//! is given for comparison only. Members that were not read give bounds.

use serde::Serialize;

use super::{Rollup, Share};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::NotRead;

    #[test]
    fn what_was_not_read_widens_the_bounds() {
        let mut group = Group::default();
        let share = Rollup {
            pss: 300,
            uss: 200,
            swap: 90,
            swap_pss: Some(20),
            ..Rollup::default()
        };
        group.add(400, 50, &Share::Read(share));
        assert_eq!(group.pss.exact(), Some(300));
        assert_eq!(group.swap.exact(), Some(20));
        let denied = Share::AtMost {
            bound_bytes: 1000,
            because: NotRead::Denied,
        };
        group.add(900, 50, &denied);
        assert_eq!((group.pss.at_least, group.pss.at_most), (300, 1300));
        assert_eq!((group.uss.at_least, group.uss.at_most), (200, 1200));
        assert_eq!((group.swap.at_least, group.swap.at_most), (20, 70));
        assert_eq!(group.pss.exact(), None);
        assert_eq!((group.processes, group.not_read), (2, 1));
        assert_eq!(group.rss, 1300);
    }

    #[test]
    fn a_kernel_that_divides_no_swap_gives_a_bound() {
        let share = Rollup {
            swap: 90,
            ..Rollup::default()
        };
        assert_eq!(share.swap_share(50), Bounds::at_most(50));
        assert_eq!(share.swap_share(500), Bounds::at_most(90));
    }

    #[test]
    fn sums_do_not_overflow() {
        let mut sum = Bounds::exactly(u64::MAX);
        sum.add(Bounds::at_most(u64::MAX));
        assert_eq!(sum, Bounds::exactly(u64::MAX));
    }
}
