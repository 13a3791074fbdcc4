//! What the last collections read, how fresh it is, and how they went.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Settings;
use crate::cli::failure::Failure;
use crate::exporter::collector::{Collector, Pace};
use crate::exporter::snapshot::{Collections, CollectorStatus, Snapshot, ToolTotals};
use crate::health::{self, Verdict};
use crate::reading::{Controller, Part, Reading, Unread};

/// What is kept between collections.
#[derive(Debug)]
pub struct Store {
    settings: Settings,
    reading: Reading,
    /// When each collector was last run.
    ran: BTreeMap<Collector, Timestamp>,
    /// When each collector last read something.
    fresh: BTreeMap<Collector, Timestamp>,
    collectors: BTreeMap<Collector, CollectorStatus>,
    collections: Collections,
    up: bool,
    failure: Option<String>,
    version: u64,
}

impl Store {
    /// Nothing known yet.
    pub(super) fn new(settings: Settings) -> Self {
        let reading = Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: String::new(),
            live: false,
            narrowed: false,
            controllers: Vec::new(),
            asked: Vec::new(),
        };
        let mut store = Self {
            settings,
            reading,
            ran: BTreeMap::new(),
            fresh: BTreeMap::new(),
            collectors: BTreeMap::new(),
            collections: Collections::default(),
            up: false,
            failure: None,
            version: 0,
        };
        for &collector in &store.settings.collectors.clone() {
            let status = CollectorStatus {
                interval: store.interval(collector),
                ..CollectorStatus::default()
            };
            store.collectors.insert(collector, status);
        }
        store
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Rises with every change of what is known.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    fn interval(&self, collector: Collector) -> Duration {
        match collector.pace() {
            Pace::Often => self.settings.interval,
            Pace::Rarely => self.settings.slow_interval,
        }
    }

    /// The collectors whose turn it is, and what they read.
    pub(super) fn due(&mut self, now: Timestamp) -> (Vec<Collector>, Vec<Part>) {
        let is_due = |collector: &Collector| {
            let interval = signed(self.interval(*collector));
            // A collection may begin a little early.
            let slack = SignedDuration::from_secs(1);
            let last = self.ran.get(collector);
            last.is_none_or(|&last| now.duration_since(last) + slack >= interval)
        };
        let all = self.settings.collectors.iter().copied();
        let due: Vec<Collector> = all.filter(is_due).collect();
        let parts = due.iter().flat_map(|it| it.parts()).copied().collect();
        for &collector in &due {
            self.ran.insert(collector, now);
        }
        (due, parts)
    }

    /// Takes in what `due` collectors read.
    pub(super) fn take(
        &mut self,
        due: &[Collector],
        result: Result<Reading, Failure>,
        took: Duration,
        now: Timestamp,
    ) {
        self.version += 1;
        self.collections.count += 1;
        self.collections.last_duration = Some(took);
        self.collections.last_end = Some(now);
        match result {
            Ok(mut reading) => {
                self.failure = None;
                for controller in &reading.controllers {
                    let known = self.reading.controllers.iter();
                    if !known.clone().any(|it| it.id == controller.id) {
                        self.reading.controllers.push(Controller {
                            id: controller.id,
                            ..Controller::default()
                        });
                    }
                }
                self.reading.controllers.sort_by_key(|it| it.id);
                let none = Unread::Failed("the controller did not answer".to_owned());
                for controller in &mut self.reading.controllers {
                    let mut read = reading.controllers.iter_mut();
                    let mut read = read.find(|it| it.id == controller.id);
                    for &collector in due {
                        let mut success = true;
                        for &part in collector.parts() {
                            match &mut read {
                                Some(read) => controller.adopt(part, read),
                                None => clear(controller, part, none.clone()),
                            }
                            success &= controller.has(part);
                        }
                        let status = self.collectors.entry(collector).or_default();
                        let outcome = status.controllers.entry(controller.id).or_default();
                        outcome.success = success;
                        if success {
                            outcome.last_success = Some(now);
                            self.fresh.insert(collector, now);
                        }
                    }
                }
                let parts: Vec<Part> = due.iter().flat_map(|it| it.parts()).copied().collect();
                self.reading.asked.retain(|it| !parts.contains(&it.part));
                self.reading.asked.append(&mut reading.asked);
                self.reading.taken = reading.taken;
                self.reading.live = reading.live;
                self.reading.source = reading.source;
                self.up = true;
            }
            Err(failure) => {
                let words = failure.chain().join(": ");
                for controller in &mut self.reading.controllers {
                    for &collector in due {
                        for &part in collector.parts() {
                            clear(controller, part, Unread::Failed(words.clone()));
                        }
                        let status = self.collectors.entry(collector).or_default();
                        let outcome = status.controllers.entry(controller.id).or_default();
                        outcome.success = false;
                    }
                }
                self.failure = Some(words);
                self.up = false;
            }
        }
    }

    /// Takes down what is too old to be shown.
    pub(super) fn expire(&mut self, now: Timestamp) {
        let expired: Vec<Collector> = self
            .fresh
            .iter()
            .filter(|&(&collector, &at)| now > at + self.lifetime(collector))
            .map(|(&collector, _)| collector)
            .collect();
        for collector in expired {
            self.version += 1;
            self.fresh.remove(&collector);
            let words = "not read again in time".to_owned();
            for controller in &mut self.reading.controllers {
                for &part in collector.parts() {
                    clear(controller, part, Unread::Failed(words.clone()));
                }
            }
            if let Some(status) = self.collectors.get_mut(&collector) {
                for outcome in status.controllers.values_mut() {
                    outcome.success = false;
                    outcome.why = Some(words.clone());
                }
            }
        }
    }

    fn lifetime(&self, collector: Collector) -> SignedDuration {
        signed(self.interval(collector)) * 2 + SignedDuration::from_secs(30)
    }

    /// The time until something expires.
    pub(super) fn next_expiry(&self, now: Timestamp) -> Option<Duration> {
        let ends = self.fresh.iter();
        let next = ends
            .map(|(&collector, &at)| at + self.lifetime(collector))
            .min()?;
        let left = next.duration_since(now) + SignedDuration::from_millis(10);
        Some(Duration::try_from(left).unwrap_or(Duration::ZERO))
    }

    /// The collections so far.
    pub(super) fn collections(&self) -> &Collections {
        &self.collections
    }

    /// What is known now.
    pub(super) fn snapshot(&self, now: Timestamp) -> Snapshot {
        let is_known = !self.reading.controllers.is_empty();
        let findings = if is_known {
            health::judge(&self.reading, &self.settings.limits)
        } else {
            Vec::new()
        };
        Snapshot {
            now,
            host: self.settings.host.clone(),
            map: self.settings.map.clone(),
            verdict: if is_known {
                Verdict::over(&findings)
            } else {
                Verdict::Unknown
            },
            findings,
            reading: self.reading.clone(),
            up: self.up,
            failure: self.failure.clone(),
            collectors: self.collectors.clone(),
            collections: self.collections.clone(),
            tool: ToolTotals::default(),
            unknown: BTreeMap::new(),
            events: None,
            recent_events: Vec::new(),
            process: None,
            configuration_valid: true,
        }
    }
}

fn clear(controller: &mut Controller, part: Part, why: Unread) {
    let mut nothing = Controller::default();
    nothing.unread.insert(part, why);
    controller.adopt(part, &mut nothing);
}

fn signed(span: Duration) -> SignedDuration {
    SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX)
}
