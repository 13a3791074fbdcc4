//! The collections: when which part is read, and what becomes of it.
//!
//! One thread reads, under the host's lock, one part after the other ([`collect`]). What it reads goes into
//! the [`Store`], from which another thread makes the pages ([`publish`]): so a tool that hangs
//! delays nothing, and what gets too old is taken down in time.

mod store;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

pub use store::Store;

use super::collector::Collector;
use super::snapshot::Snapshot;
use crate::cli::failure::Failure;
use crate::health::Thresholds;
use crate::map::layout;
use crate::reading::{Part, Reading};

/// How collections are made.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The time between two collections.
    pub interval: Duration,
    /// The time between two runs of what changes rarely.
    pub slow_interval: Duration,
    /// The collectors that are switched on.
    pub collectors: Vec<Collector>,
    /// The limits of the judgement.
    pub limits: Thresholds,
    /// The host's name, for people.
    pub host: Option<String>,
    /// How the bays of enclosures lie, for people.
    pub map: layout::Settings,
}

/// Where readings come from.
pub trait Source: Send {
    /// Reads `parts`.
    ///
    /// # Errors
    /// If nothing can be read at all.
    fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure>;
}

/// What the threads of the exporter share.
#[derive(Debug)]
pub struct Shared {
    store: Mutex<Store>,
    changed: Condvar,
    stopping: AtomicBool,
    pulse: Pulse,
}

/// The collecting thread's signs of life.
#[derive(Debug)]
pub struct Pulse {
    begun: Instant,
    /// Milliseconds since `begun`.
    last: AtomicU64,
}

impl Pulse {
    fn beat(&self) {
        let since = self.begun.elapsed().as_millis();
        self.last
            .store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How long ago the last one was.
    pub fn idle(&self) -> Duration {
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        self.begun.elapsed().saturating_sub(last)
    }
}

/// Whether the collections go on.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// How long ago the collecting thread gave its last sign of life.
    pub idle: Duration,
    /// From when on it is taken for stuck.
    pub limit: Duration,
    /// When the last collection ended.
    pub last_end: Option<Timestamp>,
    /// How many collections have ended.
    pub collections: u64,
}

impl Health {
    /// Whether somebody should restart this program.
    pub fn is_stuck(&self) -> bool {
        self.idle > self.limit
    }
}

impl Shared {
    /// Nothing known yet.
    pub fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            store: Mutex::new(Store::new(settings)),
            changed: Condvar::new(),
            stopping: AtomicBool::new(false),
            pulse: Pulse {
                begun: Instant::now(),
                last: AtomicU64::new(0),
            },
        })
    }

    /// The collecting thread's signs of life.
    pub fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// Whether the collections go on.
    pub fn health(&self) -> Health {
        let store = self.store();
        let collections = store.collections();
        Health {
            idle: self.pulse.idle(),
            limit: store.settings().interval * 3 + Duration::from_mins(5),
            last_end: collections.last_end,
            collections: collections.count,
        }
    }

    /// What is known now.
    pub fn snapshot(&self) -> Snapshot {
        self.store().snapshot(Timestamp::now())
    }

    /// Asks the threads to end.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        drop(self.store());
        self.changed.notify_all();
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for so long, or until somebody says that something has changed.
    fn wait<'a>(&self, store: MutexGuard<'a, Store>, limit: Duration) -> MutexGuard<'a, Store> {
        let waited = self.changed.wait_timeout(store, limit);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Makes one collection of everything that is due.
pub fn once(shared: &Shared, source: &mut dyn Source) {
    let (due, parts) = shared.store().due(Timestamp::now());
    let begun = Instant::now();
    let result = source.read(&parts);
    shared.pulse.beat();
    let mut store = shared.store();
    store.take(&due, result, begun.elapsed(), Timestamp::now());
    drop(store);
    shared.changed.notify_all();
}

/// Collects until asked to stop.
pub fn collect(shared: &Shared, source: &mut dyn Source) {
    while !shared.is_stopping() {
        once(shared, source);
        let wake = Instant::now() + shared.store().settings().interval;
        while !shared.is_stopping() && Instant::now() < wake {
            shared.pulse.beat();
            let left = wake.saturating_duration_since(Instant::now());
            drop(shared.wait(shared.store(), left.min(Duration::from_secs(10))));
        }
    }
}

/// Hands what is known to `publish`, at once, after every collection, and when something has expired,
/// until asked to stop.
pub fn publish(shared: &Shared, mut publish: impl FnMut(&Snapshot)) {
    let mut published = None;
    while !shared.is_stopping() {
        let mut store = shared.store();
        let now = Timestamp::now();
        store.expire(now);
        let version = Some(store.version());
        if published == version {
            let limit = store.next_expiry(now).unwrap_or(Duration::from_mins(1));
            drop(shared.wait(store, limit));
            continue;
        }
        let snapshot = store.snapshot(now);
        drop(store);
        publish(&snapshot);
        published = version;
    }
}
