//! What was read of the host beside its controllers, and when it is read again.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{GRACE, Moment, News, Store, fail};
use crate::dimm::{Edac, Modules};
use crate::exporter::snapshot::CollectorStatus;
use crate::exporter::system::{Memory, MemorySettings, SystemCollector, Top};
use crate::memory::balance::Balance;
use crate::memory::survey::Survey;

/// The time between two readings is at least so many times what one took: it is work of the host's only
/// processors, and holds up the processes that are looked at.
const IDLE_FACTOR: u32 = 20;

/// When what is read again, and until when it is shown.
#[derive(Debug, Default)]
pub(super) struct Turns {
    turns: BTreeMap<SystemCollector, Turn>,
    top: Top,
}

#[derive(Debug, Default)]
struct Turn {
    /// When it is read again, since the host started.
    next: Duration,
    /// When what is known gets too old to be shown; `None` where nothing is.
    end: Option<Duration>,
}

/// What is to be read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::exporter::collect) enum Work {
    /// Who uses the memory.
    Memory(MemorySettings),
    /// The memory modules.
    Modules,
}

impl Work {
    fn collector(&self) -> SystemCollector {
        match self {
            Self::Memory(_) => SystemCollector::Memory,
            Self::Modules => SystemCollector::Modules,
        }
    }
}

/// What was read.
#[derive(Debug)]
pub(in crate::exporter::collect) enum Done {
    /// Who uses the memory.
    Memory(Box<(Survey, Balance)>),
    /// The memory modules.
    Modules(Box<Modules>),
}

impl Store {
    /// What is to be read now.
    pub(in crate::exporter::collect) fn system_due(&self, now: Moment) -> Vec<Work> {
        let settings = &self.settings.system;
        let memory = settings.memory.clone().map(Work::Memory);
        let modules = settings.modules.then_some(Work::Modules);
        let all = memory.into_iter().chain(modules);
        all.filter(|work| self.system_next_of(work.collector()) <= now.since_boot)
            .collect()
    }

    /// When the next reading begins, since the host started; `None` where all are switched off.
    pub(in crate::exporter::collect) fn system_next(&self) -> Option<Duration> {
        let on = SystemCollector::ALL.into_iter();
        let on = on.filter(|&collector| self.settings.system.has(collector));
        on.map(|collector| self.system_next_of(collector)).min()
    }

    fn system_next_of(&self, collector: SystemCollector) -> Duration {
        let turn = self.system.turns.get(&collector);
        turn.map_or(Duration::ZERO, |turn| turn.next)
    }

    /// Takes in what became of `work`.
    pub(in crate::exporter::collect) fn take_system(
        &mut self,
        work: &Work,
        begun: Moment,
        ended: Moment,
        result: Result<Done, String>,
    ) {
        let is_asked = match work {
            Work::Memory(settings) => self.settings.system.memory.as_ref() == Some(settings),
            Work::Modules => self.settings.system.modules,
        };
        if !is_asked {
            // It began under other settings.
            return;
        }
        self.snapshot.now = ended.wall;
        let collector = work.collector();
        let took = ended.since_boot.saturating_sub(begun.since_boot);
        let interval = self.system_interval(collector);
        let interval = interval.max(took.saturating_mul(IDLE_FACTOR));
        let why = match (work, result) {
            (Work::Memory(settings), Ok(Done::Memory(read))) => {
                let (survey, balance) = *read;
                let memory = Memory::new(settings, survey, &balance, &mut self.system.top);
                self.snapshot.system.memory = Some(memory);
                None
            }
            (_, Ok(Done::Modules(modules))) => {
                let is_blind = modules.edac == Edac::Unreadable;
                let why = is_blind.then(|| modules.unread.join("; "));
                self.snapshot.system.modules = Some(*modules);
                why
            }
            (_, Ok(Done::Memory(_))) => return,
            (_, Err(why)) => {
                self.drop_system(collector);
                Some(why)
            }
        };
        let is_shown = self.has_system(collector);
        let end = begun.since_boot.saturating_add(interval * 2 + GRACE);
        let turn = Turn {
            next: begun.since_boot.saturating_add(interval),
            end: is_shown.then_some(end),
        };
        self.system.turns.insert(collector, turn);
        let status = self.snapshot.system.collectors.entry(collector);
        let status = status.or_default();
        (status.interval, status.duration) = (interval, Some(took));
        let outcome = status.controllers.entry(None).or_default();
        let before = std::mem::replace(&mut outcome.success, why.is_none());
        let is_first = outcome.why.is_none();
        if why.is_none() {
            outcome.last_success = Some(ended.wall);
        }
        outcome.why.clone_from(&why);
        let name = collector.name();
        match why {
            Some(why) if before || is_first => self.news.push(News {
                is_bad: true,
                words: format!("the host: cannot read {name}: {why}"),
            }),
            None if !before && !is_first => self.news.push(News {
                is_bad: false,
                words: format!("the host: reads {name} again"),
            }),
            _ => {}
        }
        self.refresh();
    }

    /// The time between two readings, as it is configured.
    fn system_interval(&self, collector: SystemCollector) -> Duration {
        match collector {
            SystemCollector::Memory => self.settings.interval,
            SystemCollector::Modules => self.settings.slow_interval,
        }
    }

    fn has_system(&self, collector: SystemCollector) -> bool {
        match collector {
            SystemCollector::Memory => self.snapshot.system.memory.is_some(),
            SystemCollector::Modules => self.snapshot.system.modules.is_some(),
        }
    }

    fn drop_system(&mut self, collector: SystemCollector) {
        match collector {
            SystemCollector::Memory => self.snapshot.system.memory = None,
            SystemCollector::Modules => self.snapshot.system.modules = None,
        }
    }

    /// Takes down what is too old to be shown. Whether there was something.
    pub(super) fn expire_system(&mut self, now: Moment) -> bool {
        let mut over = Vec::new();
        for (&collector, turn) in &mut self.system.turns {
            if turn.end.is_some_and(|end| now.since_boot > end) {
                turn.end = None;
                over.push(collector);
            }
        }
        for &collector in &over {
            self.drop_system(collector);
            if let Some(status) = self.snapshot.system.collectors.get_mut(&collector) {
                let outcome = status.controllers.entry(None).or_default();
                fail(outcome, "not read again in time");
            }
        }
        !over.is_empty()
    }

    /// When the next thing gets too old, since the host started.
    pub(super) fn next_system_expiry(&self) -> Option<Duration> {
        let turns = self.system.turns.values();
        turns.filter_map(|turn| turn.end).min()
    }

    /// Begins anew with the settings that hold now. What is known is kept as long as it is fresh and asked
    /// for.
    pub(super) fn list_system(&mut self, by_changed: bool) {
        if by_changed {
            self.system.top.clear();
            self.drop_system(SystemCollector::Memory);
        }
        for collector in SystemCollector::ALL {
            if self.settings.system.has(collector) {
                let interval = self.system_interval(collector);
                let turn = self.system.turns.entry(collector).or_default();
                turn.next = Duration::ZERO;
                let collectors = &mut self.snapshot.system.collectors;
                let status: &mut CollectorStatus = collectors.entry(collector).or_default();
                status.interval = interval;
            } else {
                self.system.turns.remove(&collector);
                self.snapshot.system.collectors.remove(&collector);
                self.drop_system(collector);
            }
        }
    }
}

#[cfg(test)]
mod tests;
