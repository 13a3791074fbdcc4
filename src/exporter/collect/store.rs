//! What the last collections read, how fresh it is, and how they went. Pure: time is given in.

mod system;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ironkeep_parsers::model::ControllerId;
use jiff::Timestamp;

use super::clock::Moment;
use super::events::EventLogs;
use super::schedule::Schedule;
use super::state::State;
use super::{Settings, account};
use crate::backend::Tool;
use crate::cli::ToolRun;
use crate::cli::failure::Failure;
use crate::cli::join::Join;
use crate::exporter::collector::Collector;
use crate::exporter::snapshot::{
    Collections, CollectorStatus, NamedDevice, Outcome, ProcessFacts, Snapshot, ToolTotals,
};
use crate::exporter::system::System;
use crate::follow::EventRequest;
use crate::health::{self, Verdict};
use crate::host::Target;
use crate::reading::{Controller, Part, Reading, Unread};
pub(super) use system::{Done, Work};

/// What is shown is at most so much older than twice the interval at which it is read.
const GRACE: Duration = Duration::from_secs(30);

/// What is kept between collections.
#[derive(Debug)]
pub struct Store {
    settings: Settings,
    schedule: Schedule,
    snapshot: Snapshot,
    events: EventLogs,
    system: system::Turns,
    /// The vendor's tool, which is asked for its version once.
    tool: Option<Tool>,
    /// When what a collector read of a controller gets too old to be shown, since the host started.
    ends: BTreeMap<Key, Duration>,
    /// Which collectors failed on which controllers when it was last said.
    failing: BTreeSet<Key>,
    /// The verdict that was last said.
    verdict: Option<Verdict>,
    news: Vec<News>,
    version: u64,
}

type Key = (Collector, Option<ControllerId>);

/// Something worth a line in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct News {
    /// Whether a person may have to look.
    pub(super) is_bad: bool,
    /// What happened.
    pub(super) words: String,
}

/// A collection that has ended.
#[derive(Debug)]
pub(super) struct Collected {
    /// Which collectors ran.
    pub(super) due: Vec<Collector>,
    /// When it began.
    pub(super) begun: Moment,
    /// When it ended.
    pub(super) ended: Moment,
    /// The runs of the tool.
    pub(super) runs: Vec<ToolRun>,
    /// What was read.
    pub(super) result: Result<Reading, Failure>,
}

impl Store {
    /// Nothing known yet.
    pub(super) fn new(settings: Settings) -> Self {
        let schedule = Schedule::new(&settings);
        let mut store = Self {
            schedule,
            snapshot: nothing(&settings),
            events: EventLogs::default(),
            system: system::Turns::default(),
            tool: None,
            ends: BTreeMap::new(),
            failing: BTreeSet::new(),
            verdict: None,
            news: Vec::new(),
            version: 0,
            settings,
        };
        store.list_collectors();
        store.list_system(false);
        store.show_events();
        store
    }

    /// Goes on with the counts of an earlier process.
    pub(super) fn resume(&mut self, state: State) {
        self.snapshot.tool = state.tool;
        // It may have changed since: nothing is said of it yet.
        self.tool = state.program;
        for (name, count) in state.unknown {
            let mut all = Collector::ALL.iter();
            if let Some(collector) = all.find(|it| it.name() == name) {
                self.snapshot.unknown.insert(collector.name(), count);
            }
        }
        self.events = EventLogs::resume(state.event_logs);
        self.show_events();
        self.version += 1;
    }

    /// What has to outlast the process.
    pub(super) fn state(&self) -> State {
        let unknown = self.snapshot.unknown.iter();
        let unknown = unknown.map(|(&name, &count)| (name.to_owned(), count));
        let says_its_version = |tool: &&Tool| tool.version.is_some();
        State::new(
            self.snapshot.tool.clone(),
            self.tool.as_ref().filter(says_its_version).cloned(),
            unknown.collect(),
            self.events.saved(),
        )
    }

    /// Begins anew with other settings; what is known is kept as long as it is fresh.
    pub(super) fn reconfigure(&mut self, settings: Settings) {
        let old = std::mem::replace(&mut self.settings, settings);
        let by = |settings: &Settings| settings.system.memory.as_ref().map(|it| it.by);
        self.list_system(by(&old) != by(&self.settings));
        for collector in old.collectors {
            if !self.settings.collectors.contains(&collector) {
                self.snapshot.collectors.remove(&collector);
                self.ends.retain(|(other, _), _| *other != collector);
                for controller in &mut self.snapshot.reading.controllers {
                    drop_parts(controller, collector, &Unread::NotAsked);
                }
            }
        }
        let snapshot = &mut self.snapshot;
        snapshot.host.clone_from(&self.settings.host);
        snapshot.map.clone_from(&self.settings.map);
        self.schedule.reset(&self.settings);
        self.list_collectors();
        self.show_events();
        self.refresh();
    }

    /// Says whether the configuration that was read last is valid.
    pub(super) fn set_configuration_valid(&mut self, valid: bool) {
        self.snapshot.configuration_valid = valid;
        self.version += 1;
    }

    /// Says what the process costs.
    pub(super) fn set_process(&mut self, facts: Option<ProcessFacts>) {
        self.snapshot.process = facts;
    }

    /// The vendor's tool, as far as it is known.
    pub(super) fn tool(&self) -> Option<&Tool> {
        self.tool.as_ref()
    }

    /// Says which tool the readings come from.
    pub(super) fn set_tool(&mut self, tool: Option<Tool>) {
        self.snapshot.tool_version = tool.as_ref().and_then(|it| it.version.clone());
        self.tool = tool;
    }

    /// Says which block devices the virtual drives are, as far as that is certain: `join` is to the host of
    /// the last reading.
    pub(super) fn name_block_devices(&mut self, join: &Join) {
        let controllers = self.snapshot.reading.controllers.iter();
        let drives = controllers.flat_map(|controller| {
            let drives = controller.virtual_drives.iter().flatten();
            drives.filter_map(move |drive| Some((controller, drive.target_id?)))
        });
        let named = drives.filter_map(|(controller, target)| {
            let device = join.device(controller, Target::VirtualDrive(target))?;
            let named = NamedDevice {
                name: device.name.clone(),
                wwn: device.wwn.clone(),
            };
            Some(((controller.id, target), named))
        });
        self.snapshot.block_devices = named.collect();
    }

    /// Rises with every change of what is known.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// What was not said yet.
    pub(super) fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// When the next collection begins, since the host started.
    pub(super) fn next_collection(&self) -> Duration {
        self.schedule.next()
    }

    /// The collectors whose turn it is, and what they read in one reading: everything but events, which are
    /// asked for behind a cursor ([`Self::event_request`]).
    pub(super) fn due(&mut self, now: Moment) -> (Vec<Collector>, Vec<Part>) {
        let due = self.schedule.due(&self.settings.collectors, now.since_boot);
        let parts = due.iter().flat_map(|it| it.parts()).copied();
        let parts = parts.filter(|&part| part != Part::Events).collect();
        (due, parts)
    }

    /// The events to read, now that the logs stand where `reading` says; `None` if there are no new ones.
    pub(super) fn event_request(&mut self, reading: &Reading) -> Option<EventRequest> {
        let mut news = Vec::new();
        let request = self.events.request(reading, &mut news);
        self.say_all(news);
        request
    }

    /// Counts the new events of `reading`, or takes note of why there are none.
    pub(super) fn take_events(&mut self, known: &Reading, result: Result<Reading, &Failure>) {
        let mut news = Vec::new();
        match result {
            Ok(reading) => self.events.take(reading, &mut news),
            Err(failure) => self.events.cannot_read(known, &failure.chain().join(": ")),
        }
        self.say_all(news);
        self.show_events();
    }

    fn show_events(&mut self) {
        let counted = self.settings.collectors.contains(&Collector::Events);
        self.snapshot.events = counted.then(|| self.events.counts().clone());
        self.snapshot.recent_events = if counted {
            self.events.recent()
        } else {
            Vec::new()
        };
    }

    fn say_all(&mut self, news: Vec<String>) {
        let say = |words| News {
            is_bad: false,
            words,
        };
        self.news.extend(news.into_iter().map(say));
    }

    /// Takes in a collection. What it failed with, if it failed as a whole.
    pub(super) fn take(&mut self, collected: Collected) -> Option<Failure> {
        let Collected {
            due,
            begun,
            ended,
            runs,
            result,
        } = collected;
        let failed = result.as_ref().err();
        let told = match &result {
            Ok(reading) => Some(reading),
            Err(failure) => failure.reading(),
        };
        self.count(&runs, told);
        let fared = account::fared(&runs, failed.is_none());
        let busy = account::busy(&runs);
        self.schedule
            .ended(begun.since_boot, ended.since_boot, busy, fared);
        self.snapshot.now = ended.wall;
        let collections = &mut self.snapshot.collections;
        collections.count += 1;
        let took = ended.since_boot.saturating_sub(begun.since_boot);
        collections.last_duration = Some(took);
        collections.last_end = Some(ended.wall);
        for (&collector, status) in &mut self.snapshot.collectors {
            status.interval = self.schedule.interval(collector);
            let duration = account::duration(&runs, collector);
            status.duration = duration.or(status.duration);
        }
        let failure = match result {
            Ok(reading) => {
                self.snapshot.failure = None;
                self.take_reading(&due, begun, reading);
                None
            }
            Err(failure) => {
                let words = failure.chain().join(": ");
                self.take_failure(&due, &words);
                self.snapshot.failure = Some(words);
                // The next one that reads something reads everything.
                self.schedule.forget();
                Some(failure)
            }
        };
        self.refresh();
        failure
    }

    /// Counts runs and lines that were not understood.
    fn count(&mut self, runs: &[ToolRun], reading: Option<&Reading>) {
        let tool = &mut self.snapshot.tool;
        for result in runs.iter().filter_map(|run| account::result(run, reading)) {
            *tool.runs.entry(result).or_default() += 1;
        }
        tool.time = tool.time.saturating_add(account::busy(runs));
        for asked in reading.iter().flat_map(|reading| &reading.asked) {
            if let Some(collector) = Collector::of(asked.part) {
                let lines = u64::try_from(asked.leftovers.len()).unwrap_or(u64::MAX);
                let count = self.snapshot.unknown.entry(collector.name()).or_default();
                *count = count.saturating_add(lines);
            }
        }
    }

    fn take_reading(&mut self, due: &[Collector], begun: Moment, reading: Reading) {
        let Reading {
            taken,
            source,
            live,
            narrowed,
            controllers: mut read,
            asked,
        } = reading;
        self.meet(&read);
        let mut gaps: BTreeMap<Part, String> = BTreeMap::new();
        for asked in asked {
            if let Some(gap) = asked.gaps.into_iter().next() {
                gaps.entry(asked.part).or_insert(gap);
            }
        }
        for controller in &mut self.snapshot.reading.controllers {
            let id = controller.id;
            let mut read = read.iter_mut().find(|it| it.id == id);
            let events = read.as_ref().map(|it| self.events.fared(it));
            for &collector in due {
                let fared = match (&mut read, &events) {
                    (Some(_), Some(events)) if collector == Collector::Events => Taken {
                        shown: true,
                        why: events.clone().err(),
                    },
                    (Some(read), _) => adopt(controller, collector, read, &gaps),
                    (None, _) => {
                        let words = "the controller does not answer any more".to_owned();
                        drop_parts(controller, collector, &Unread::Failed(words.clone()));
                        Taken {
                            shown: false,
                            why: Some(words),
                        }
                    }
                };
                if fared.shown {
                    let life = self.schedule.interval(collector) * 2 + GRACE;
                    let end = begun.since_boot.saturating_add(life);
                    self.ends.insert((collector, id), end);
                } else {
                    self.ends.remove(&(collector, id));
                }
                let status = self.snapshot.collectors.entry(collector).or_default();
                let outcome = status.controllers.entry(id).or_default();
                outcome.success = fared.why.is_none();
                if outcome.success {
                    outcome.last_success = Some(taken);
                }
                outcome.why = fared.why;
            }
        }
        let all = &mut self.snapshot.reading;
        // The controllers' clocks are compared with it.
        all.taken = taken;
        (all.source, all.live, all.narrowed) = (source, live, narrowed);
    }

    /// Makes room for controllers that are new. One that had a number and is gone stays, as one that does
    /// not answer: that it is gone is what has to be seen.
    fn meet(&mut self, read: &[Controller]) {
        let known = &mut self.snapshot.reading.controllers;
        known.retain(|it| it.id.is_some() || read.iter().any(|read| read.id.is_none()));
        let ids: BTreeSet<_> = known.iter().map(|it| it.id).collect();
        let new: Vec<_> = read.iter().filter(|it| !ids.contains(&it.id)).collect();
        // What is read rarely was not due for it perhaps.
        if !new.is_empty() && !ids.is_empty() {
            self.schedule.forget();
        }
        known.extend(new.into_iter().map(|it| Controller {
            id: it.id,
            ..Controller::default()
        }));
        known.sort_by_key(|it| it.id);
        let ids: BTreeSet<_> = known.iter().map(|it| it.id).collect();
        for status in self.snapshot.collectors.values_mut() {
            status.controllers.retain(|id, _| ids.contains(id));
        }
        self.ends.retain(|(_, id), _| ids.contains(id));
    }

    /// Takes note that nothing could be read.
    fn take_failure(&mut self, due: &[Collector], words: &str) {
        let controllers = &mut self.snapshot.reading.controllers;
        let mut ids: Vec<_> = controllers.iter().map(|it| it.id).collect();
        if ids.is_empty() {
            ids.push(None);
        }
        for &collector in due {
            for controller in &mut *controllers {
                drop_parts(controller, collector, &Unread::Failed(words.to_owned()));
            }
            let status = self.snapshot.collectors.entry(collector).or_default();
            for &id in &ids {
                self.ends.remove(&(collector, id));
                fail(status.controllers.entry(id).or_default(), words);
            }
        }
    }

    /// Takes down what is too old to be shown.
    pub(super) fn expire(&mut self, now: Moment) {
        let words = "not read again in time";
        let is_over = |_: &Key, end: &mut Duration| now.since_boot > *end;
        let over: Vec<Key> = self
            .ends
            .extract_if(.., is_over)
            .map(|(key, _)| key)
            .collect();
        for &(collector, id) in &over {
            let mut controllers = self.snapshot.reading.controllers.iter_mut();
            if let Some(controller) = controllers.find(|it| it.id == id) {
                drop_parts(controller, collector, &Unread::Failed(words.to_owned()));
            }
            if let Some(status) = self.snapshot.collectors.get_mut(&collector) {
                fail(status.controllers.entry(id).or_default(), words);
            }
        }
        self.snapshot.now = now.wall;
        if self.expire_system(now) || !over.is_empty() {
            self.refresh();
        }
    }

    /// When the next thing gets too old, since the host started.
    pub(super) fn next_expiry(&self) -> Option<Duration> {
        let ends = self.ends.values().copied();
        ends.chain(self.next_system_expiry()).min()
    }

    /// What is known now.
    pub(super) fn show(&mut self, now: Moment) -> &Snapshot {
        self.snapshot.now = now.wall;
        &self.snapshot
    }

    /// Judges what has changed, and notes what has to be said of it.
    fn refresh(&mut self) {
        self.version += 1;
        let snapshot = &mut self.snapshot;
        let is_known = !snapshot.reading.controllers.is_empty();
        snapshot.findings = if is_known {
            health::judge(&snapshot.reading, &self.settings.limits)
        } else {
            Vec::new()
        };
        if let Some(modules) = &snapshot.system.modules {
            let limits = &self.settings.limits;
            let found = health::memory::judge(modules, limits, snapshot.now);
            snapshot.findings.extend(found);
            health::order(&mut snapshot.findings);
        }
        snapshot.verdict = if is_known {
            Verdict::over(&snapshot.findings)
        } else {
            Verdict::Unknown
        };
        let reads = |collector: &Collector| {
            let status = snapshot.collectors.get(collector);
            status.is_none_or(|it| it.controllers.values().all(|outcome| outcome.success))
        };
        let mut collectors = self.settings.collectors.iter();
        snapshot.up = is_known
            && snapshot.failure.is_none()
            && collectors.all(|it| !is_essential(*it) || reads(it));
        self.say_what_changed();
    }

    fn say_what_changed(&mut self) {
        let mut now = BTreeMap::new();
        for (&collector, status) in &self.snapshot.collectors {
            for (&id, outcome) in &status.controllers {
                if !outcome.success {
                    now.insert((collector, id), outcome.why.clone().unwrap_or_default());
                }
            }
        }
        let mut failed: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for (&(collector, id), why) in &now {
            if !self.failing.contains(&(collector, id)) {
                failed.entry((id, why)).or_default().push(collector.name());
            }
        }
        let mut again: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for &(collector, id) in &self.failing {
            if !now.contains_key(&(collector, id)) {
                again.entry(id).or_default().push(collector.name());
            }
        }
        let mut news = Vec::new();
        for ((id, why), names) in failed {
            news.push(News {
                is_bad: true,
                words: format!("{}: cannot read {}: {why}", name(id), names.join(", ")),
            });
        }
        for (id, names) in again {
            news.push(News {
                is_bad: false,
                words: format!("{}: reads {} again", name(id), names.join(", ")),
            });
        }
        let verdict = self.snapshot.verdict;
        if self.verdict.replace(verdict) != Some(verdict) {
            let mut words = format!("the host is {}", verdict.word());
            if let Some(worst) = self.snapshot.findings.first()
                && verdict != Verdict::Healthy
            {
                words = format!("{words}: {}: {}", worst.object, worst.reason);
            }
            news.push(News {
                is_bad: verdict != Verdict::Healthy,
                words,
            });
        }
        self.failing = now.into_keys().collect();
        self.news.append(&mut news);
    }

    fn list_collectors(&mut self) {
        for &collector in &self.settings.collectors {
            let status = self.snapshot.collectors.entry(collector).or_default();
            status.interval = self.schedule.interval(collector);
        }
    }
}

/// Without these, nobody can say how the host is.
fn is_essential(collector: Collector) -> bool {
    matches!(
        collector,
        Collector::Controller | Collector::VirtualDrives | Collector::PhysicalDrives
    )
}

/// Before the first collection.
fn nothing(settings: &Settings) -> Snapshot {
    Snapshot {
        now: Timestamp::UNIX_EPOCH,
        host: settings.host.clone(),
        map: settings.map.clone(),
        metrics_path: settings.metrics_path.clone(),
        reading: Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: String::new(),
            live: false,
            narrowed: false,
            controllers: Vec::new(),
            asked: Vec::new(),
        },
        findings: Vec::new(),
        verdict: Verdict::Unknown,
        up: false,
        failure: None,
        collectors: BTreeMap::<Collector, CollectorStatus>::new(),
        collections: Collections::default(),
        tool: ToolTotals::default(),
        unknown: BTreeMap::new(),
        events: None,
        recent_events: Vec::new(),
        process: None,
        configuration_valid: true,
        system: System::default(),
        tool_version: None,
        block_devices: BTreeMap::new(),
    }
}

/// What came of a collector on one controller.
struct Taken {
    /// Whether something of it is shown.
    shown: bool,
    /// Why it failed.
    why: Option<String>,
}

/// Moves what `collector` read from `read` to `controller`.
///
/// An answer that breaks off is not taken: of its last line nobody can say where it would have ended, and
/// what counts drives would count those that were printed.
fn adopt(
    controller: &mut Controller,
    collector: Collector,
    read: &mut Controller,
    gaps: &BTreeMap<Part, String>,
) -> Taken {
    let mut taken = Taken {
        shown: false,
        why: None,
    };
    for &part in collector.parts() {
        let failed = match (gaps.get(&part), read.unread.get(&part)) {
            (Some(gap), _) => Some(gap.clone()),
            (None, Some(Unread::Failed(words))) => Some(words.clone()),
            (None, _) => None,
        };
        if let Some(words) = failed {
            clear(controller, part, Unread::Failed(words.clone()));
            taken.why.get_or_insert(words);
            continue;
        }
        let why = match read.unread.get(&part) {
            // What the firmware lacks is known, and nothing to show.
            Some(Unread::Unsupported(words)) if is_essential(collector) => Some(words.clone()),
            Some(Unread::Unsupported(_)) => None,
            Some(Unread::Partial(words) | Unread::Failed(words)) => Some(words.clone()),
            Some(Unread::NotAvailable) => Some("the capture does not show it".to_owned()),
            Some(Unread::NotAsked) => Some("nobody asked for it".to_owned()),
            None if read.has(part) => None,
            None => Some("it was not read".to_owned()),
        };
        taken.shown = true;
        if let Some(words) = why {
            taken.why.get_or_insert(words);
        }
        controller.adopt(part, read);
    }
    taken
}

/// Whom a line of the log is about.
fn name(id: Option<ControllerId>) -> String {
    id.map_or_else(|| "the host".to_owned(), |id| format!("controller {id}"))
}

fn fail(outcome: &mut Outcome, words: &str) {
    outcome.success = false;
    outcome.why = Some(words.to_owned());
}

fn drop_parts(controller: &mut Controller, collector: Collector, why: &Unread) {
    for &part in collector.parts() {
        if part != Part::Events {
            clear(controller, part, why.clone());
        }
    }
}

fn clear(controller: &mut Controller, part: Part, why: Unread) {
    let mut nothing = Controller::default();
    nothing.unread.insert(part, why);
    controller.adopt(part, &mut nothing);
}

#[cfg(test)]
mod tests;
