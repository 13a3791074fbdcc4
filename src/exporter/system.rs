//! The host beside its controllers, as far as the exporter shows it: who uses the memory, and its modules.
//! Pure.

mod top;

use std::collections::BTreeMap;
use std::time::Duration;

use super::snapshot::CollectorStatus;
use crate::dimm::Modules;
use crate::memory::NotRead;
use crate::memory::balance::Balance;
use crate::memory::group::{By, Group};
use crate::memory::survey::{Key, Pss, Request, Survey};
pub use top::Top;

/// A part of the host that is read by itself, beside the controllers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SystemCollector {
    /// Who uses the memory.
    Memory,
    /// The memory modules and their errors.
    Modules,
}

impl SystemCollector {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Memory, Self::Modules];

    /// The value of the label `collector`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Modules => "dimm",
        }
    }
}

/// What is read of the host beside its controllers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SystemSettings {
    /// Who uses the memory; `None` if that is switched off.
    pub memory: Option<MemorySettings>,
    /// Whether memory modules and their errors are read.
    pub modules: bool,
}

impl SystemSettings {
    /// Whether `collector` is switched on.
    pub fn has(&self, collector: SystemCollector) -> bool {
        match collector {
            SystemCollector::Memory => self.memory.is_some(),
            SystemCollector::Modules => self.modules,
        }
    }
}

/// How the use of memory is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemorySettings {
    /// By what processes are put together.
    pub by: By,
    /// How many groups have series of their own; while others take their places, up to [`Self::cap`].
    pub groups: usize,
    /// How long shares may be read in one collection.
    pub budget: Duration,
    /// The RSS in bytes above which the share of a process is not read.
    pub largest: u64,
}

impl MemorySettings {
    /// How many groups have series of their own at most.
    pub fn cap(&self) -> usize {
        self.groups.saturating_mul(2)
    }

    /// What to ask of the processes: of as many groups as are ever shown, the shares that make them certain.
    pub fn request(&self) -> Request {
        Request {
            pss: Pss::Auto,
            key: Key::Pss,
            top: Some(self.cap()),
            by: Some(self.by),
            budget: Some(self.budget),
            largest: Some(self.largest),
            ..Request::default()
        }
    }
}

/// What is known of the host beside its controllers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct System {
    /// Who uses the memory; `None` where it was not read, or is too old to be shown.
    pub memory: Option<Memory>,
    /// The memory modules; `None` likewise.
    pub modules: Option<Modules>,
    /// How each collector is doing. Those that are switched off are not there.
    pub collectors: BTreeMap<SystemCollector, CollectorStatus>,
}

/// Who uses the memory: a few groups of processes, and all others in one sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// By what processes are put together.
    pub by: By,
    /// The groups with series of their own, the largest first.
    pub groups: Vec<Group>,
    /// All other processes. With the groups they are all that there are.
    pub other: Group,
    /// How many groups are in `other`.
    pub dropped: usize,
    /// Whether no group in `other` is larger than the shares that were not read allow to say.
    pub certain: bool,
    /// Processes with an upper bound in the place of a share, by the reason.
    pub not_read: BTreeMap<NotRead, usize>,
    /// Processes of which nothing could be read: they are in no group.
    pub unknown: usize,
    /// Memory that no line of the host's balance explains, in bytes.
    pub unexplained: Option<i64>,
}

impl Memory {
    /// What `survey` and `balance` say, with the groups that `top` chooses.
    pub fn new(
        settings: &MemorySettings,
        survey: Survey,
        balance: &Balance,
        top: &mut Top,
    ) -> Self {
        let found = survey.groups.len() + survey.others;
        let mut groups = survey.groups;
        groups.retain(|group| can_be_shown(settings.by, group));
        let groups = top.choose(settings.groups, settings.cap(), groups);
        let mut other = survey.total;
        other.name = None;
        for group in &groups {
            other = without(other, group);
        }
        Self {
            by: settings.by,
            dropped: found.saturating_sub(groups.len()),
            groups,
            other,
            certain: survey.certain,
            not_read: survey.not_read,
            unknown: survey.unknown.values().sum(),
            unexplained: balance.unexplained,
        }
    }
}

/// The name of the sum of all other groups.
pub const OTHER: &str = "other";

/// A group whose name is also that of the rest is part of it; so is one without a name where all have one.
fn can_be_shown(by: By, group: &Group) -> bool {
    match &group.name {
        Some(name) => name != OTHER,
        None => by != By::Program,
    }
}

/// What is left of `whole` without `part`.
fn without(whole: Group, part: &Group) -> Group {
    use crate::memory::group::Bounds;
    let less = |whole: Bounds, part: Bounds| Bounds {
        at_least: whole.at_least.saturating_sub(part.at_least),
        at_most: whole.at_most.saturating_sub(part.at_most),
    };
    Group {
        name: whole.name,
        processes: whole.processes.saturating_sub(part.processes),
        pss: less(whole.pss, part.pss),
        uss: less(whole.uss, part.uss),
        swap: less(whole.swap, part.swap),
        rss: whole.rss.saturating_sub(part.rss),
        not_read: whole.not_read.saturating_sub(part.not_read),
    }
}

#[cfg(test)]
mod tests;
