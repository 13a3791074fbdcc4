//! The collections: when which part is read, and what becomes of it.
//!
//! One thread reads ([`collect`]). What it reads goes into the [`Store`], from which another thread makes the
//! pages ([`publish`]): so a tool that hangs delays nothing, and what gets too old is taken down in time.
//!
//! Every run of the tool takes the host's lock, and no collection keeps it from its first run to its last.
//! The parts of one reading may so be a run apart in what they show; the person at the terminal waits for
//! one run and not for all of them. Who waits for the lock looks for it every quarter of a second: so long
//! it is left alone between two runs, but never longer than the run before took.

mod account;
mod clock;
mod events;
mod schedule;
mod state;
mod store;
mod system;
mod voice;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::collector::Collector;
use super::snapshot::Snapshot;
use super::system::SystemSettings;
use crate::backend::Tool;
use crate::cli::config::Config;
use crate::cli::failure::{Failure, Kind};
use crate::cli::join::Join;
use crate::cli::{Observer, RunEnd, ToolRun};
use crate::follow::EventRequest;
use crate::health::Thresholds;
use crate::host;
use crate::map::layout;
use crate::reading::{Part, Reading};
use clock::Moment;
use state::State;
use store::Collected;
pub use store::Store;
pub use system::{collect as collect_system, once as system_once};
pub use voice::Voice;

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
    /// The path of the metrics, for people; `None` where nothing is served.
    pub metrics_path: Option<String>,
    /// What is read of the host beside its controllers.
    pub system: SystemSettings,
}

/// Where readings come from.
pub trait Source: Send {
    /// Reads `parts`.
    ///
    /// # Errors
    /// If nothing can be read at all.
    fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure>;

    /// Reads where the event logs stand, and the events that `request` names.
    ///
    /// # Errors
    /// If nothing can be read at all.
    fn read_events(&mut self, request: &EventRequest) -> Result<Reading, Failure>;

    /// The vendor's tool, which is not asked as long as it is the one that is `known`; `None` where it could
    /// not be.
    fn tool(&mut self, known: Option<Tool>) -> Option<Tool>;

    /// What the operating system knows of the drives in `reading`. The vendor's tool is not run for it.
    fn join(&self, reading: &Reading) -> Join;

    /// From now on, reads as `config` says.
    fn configure(&mut self, config: Config);

    /// How long one run of the tool takes at most, with the wait for the host's lock.
    fn longest_run(&self) -> Duration;
}

/// The collecting thread is stuck if it gives no sign of life for so long. It gives one after each run of
/// the tool, before which it may wait for the host's lock for a minute, and which may take a minute; twice
/// that is more than enough. Where more is configured, so is the limit.
const STUCK: Duration = Duration::from_mins(10);

/// The longest time between two signs of life while nothing is to be done, and between two looks at what
/// has expired: whoever suspends the host stops the clock that waits go by.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How long the host's lock is left alone between two runs: longer than the pause between two looks of
/// those who wait for it.
const COURTESY: Duration = Duration::from_millis(260);

/// What the threads of the exporter share.
#[derive(Debug)]
pub struct Shared {
    store: Mutex<Store>,
    changed: Condvar,
    stopping: AtomicBool,
    pulse: Pulse,
    /// The runs of the collection that is under way.
    runs: Mutex<Vec<ToolRun>>,
    /// The configuration that holds from the next collection on.
    configuration: Mutex<Option<Config>>,
    /// Where what outlasts the process is kept, and whether it was said that it cannot be.
    state: Mutex<StateFile>,
    voice: Voice,
    is_daemon: bool,
}

#[derive(Debug, Default)]
struct StateFile {
    path: Option<PathBuf>,
    failing: bool,
}

/// The collecting thread's signs of life. Nobody waits for a lock to see them.
#[derive(Debug)]
struct Pulse {
    /// When the last one was, in milliseconds since the host started.
    last: AtomicU64,
    /// The longest time that a run may take with the wait for the lock, in milliseconds.
    longest_run: AtomicU64,
    collections: AtomicU64,
    /// When the last collection ended, in milliseconds on the wall; 0 before the first.
    last_end: AtomicI64,
}

/// How the collecting thread is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// How long ago it gave a sign of life.
    pub idle: Duration,
    /// After how long without one it is stuck.
    pub limit: Duration,
    /// How many collections have ended.
    pub collections: u64,
    /// When the last one ended.
    pub last_end: Option<Timestamp>,
}

impl Health {
    /// Whether somebody has to start the exporter again.
    pub fn is_stuck(&self) -> bool {
        self.idle > self.limit
    }
}

impl Pulse {
    fn beat(&self) {
        self.last
            .store(milliseconds(Moment::now().since_boot), Ordering::Relaxed);
    }

    fn longest_run(&self) -> Duration {
        Duration::from_millis(self.longest_run.load(Ordering::Relaxed))
    }

    fn ended(&self, at: Timestamp) {
        self.collections.fetch_add(1, Ordering::Relaxed);
        self.last_end.store(at.as_millisecond(), Ordering::Relaxed);
    }
}

fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

impl Shared {
    /// Nothing known yet, for a process that ends after one collection.
    pub fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self::of(settings, Voice::new(false), false))
    }

    /// The same, for one that goes on.
    pub fn daemon(settings: Settings, voice: Voice) -> Arc<Self> {
        Arc::new(Self::of(settings, voice, true))
    }

    fn of(settings: Settings, voice: Voice, is_daemon: bool) -> Self {
        Self {
            store: Mutex::new(Store::new(settings)),
            changed: Condvar::new(),
            stopping: AtomicBool::new(false),
            pulse: Pulse {
                last: AtomicU64::new(milliseconds(Moment::now().since_boot)),
                longest_run: AtomicU64::new(0),
                collections: AtomicU64::new(0),
                last_end: AtomicI64::new(0),
            },
            runs: Mutex::default(),
            configuration: Mutex::default(),
            state: Mutex::default(),
            voice,
            is_daemon,
        }
    }

    /// How the collecting thread is.
    pub fn health(&self) -> Health {
        let last = Duration::from_millis(self.pulse.last.load(Ordering::Relaxed));
        let end = self.pulse.last_end.load(Ordering::Relaxed);
        Health {
            idle: Moment::now().since_boot.saturating_sub(last),
            limit: STUCK.max(self.pulse.longest_run() * 2),
            collections: self.pulse.collections.load(Ordering::Relaxed),
            last_end: Timestamp::from_millisecond(end).ok().filter(|_| end != 0),
        }
    }

    /// Takes note of how long one run of the tool takes at most, with the wait for the lock.
    fn expect_runs_of(&self, longest: Duration) {
        let longest = milliseconds(longest);
        self.pulse.longest_run.store(longest, Ordering::Relaxed);
    }

    /// What the exporter says to people and to systemd.
    pub fn voice(&self) -> &Voice {
        &self.voice
    }

    /// From now on, what outlasts the process is kept in the file at `path`. What it holds is gone on with.
    /// One that is damaged is not: that is said, and counting begins anew.
    pub fn remember(&self, path: PathBuf) {
        match State::load(&path) {
            Ok(state) => self.store().resume(state),
            Err(error) => self.voice.warn(&format!(
                "cannot read {}, counting begins anew: {error}",
                path.display()
            )),
        }
        lock(&self.state).path = Some(path);
    }

    /// From the next collection on, which begins at once, `config` holds, with `settings` made of it.
    pub fn reconfigure(&self, settings: Settings, config: Config) {
        *lock(&self.configuration) = Some(config);
        let mut store = self.store();
        store.reconfigure(settings);
        store.set_configuration_valid(true);
        drop(store);
        self.changed.notify_all();
    }

    /// Says that the configuration which was read last is not valid.
    pub fn refuse_configuration(&self) {
        self.store().set_configuration_valid(false);
        self.changed.notify_all();
    }

    /// Who has to be told of every run of the tool.
    pub fn observer(self: &Arc<Self>) -> Observer {
        let shared = Arc::clone(self);
        Observer::new(move |run| {
            let ran = run.elapsed;
            let has_ended = matches!(run.end, RunEnd::Ended(_));
            lock(&shared.runs).push(run);
            shared.beat();
            if has_ended && !shared.is_stopping() {
                thread::sleep(ran.min(COURTESY));
            }
        })
    }

    /// What is known now.
    pub fn snapshot(&self) -> Snapshot {
        self.store().show(Moment::now()).clone()
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

    fn beat(&self) {
        self.pulse.beat();
        if self.is_daemon {
            // A run is killed in a few seconds.
            let longest = self.pulse.longest_run() + LONGEST_WAIT;
            self.voice.beat(longest);
        }
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    /// Waits for so long, or until somebody says that something has changed.
    fn wait<'a>(&self, store: MutexGuard<'a, Store>, limit: Duration) -> MutexGuard<'a, Store> {
        let waited = self.changed.wait_timeout(store, limit.min(LONGEST_WAIT));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Writes down what outlasts the process.
    fn save(&self, state: &State) {
        let mut file = lock(&self.state);
        let Some(path) = &file.path else {
            return;
        };
        let result = state.save(path);
        let failing = result.is_err();
        if let (Err(error), false) = (result, file.failing) {
            self.voice.warn(&format!(
                "cannot write {}, after a restart counting begins where it stood before: {error}",
                path.display()
            ));
        }
        file.failing = failing;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes one collection of everything that is due.
///
/// # Errors
/// If nothing could be read, or somebody asked to stop: then nothing has changed.
pub fn once(shared: &Shared, source: &mut dyn Source) -> Result<(), Failure> {
    shared.beat();
    lock(&shared.runs).clear();
    let begun = Moment::now();
    let (due, parts) = shared.store().due(begun);
    let mut result = source.read(&parts);
    if let Ok(reading) = &mut result
        && due.contains(&Collector::Events)
    {
        count_events(shared, source, reading)?;
    }
    let result = match result {
        Err(failure) if failure.kind() == Kind::Interrupted => return Err(failure),
        result => result,
    };
    let host = match &result {
        Ok(reading) => {
            let known = shared.store().tool().cloned();
            Some((source.tool(known), source.join(reading)))
        }
        Err(_) => None,
    };
    shared.beat();
    let ended = Moment::now();
    let runs = std::mem::take(&mut *lock(&shared.runs));
    let facts = if shared.is_daemon {
        host::process::facts()
    } else {
        None
    };
    let mut store = shared.store();
    store.set_process(facts);
    let failure = store.take(Collected {
        due,
        begun,
        ended,
        runs,
        result,
    });
    if let Some((tool, join)) = host {
        store.set_tool(tool);
        store.name_block_devices(&join);
    }
    let (state, news) = (store.state(), store.take_news());
    drop(store);
    // A process that ends at once has nothing to compare with: its exit status and the metrics tell.
    if shared.is_daemon {
        shared.voice.tell(&news);
    }
    shared.pulse.ended(ended.wall);
    shared.changed.notify_all();
    shared.save(&state);
    failure.map_or(Ok(()), Err)
}

/// Counts the events that are newer than those of the last time.
///
/// # Errors
/// If somebody asked to stop.
fn count_events(
    shared: &Shared,
    source: &mut dyn Source,
    reading: &mut Reading,
) -> Result<(), Failure> {
    let Some(request) = shared.store().event_request(reading) else {
        return Ok(());
    };
    match source.read_events(&request) {
        Ok(mut events) => {
            reading.asked.append(&mut events.asked);
            shared.store().take_events(reading, Ok(events));
        }
        Err(failure) if failure.kind() == Kind::Interrupted => return Err(failure),
        Err(failure) => shared.store().take_events(reading, Err(&failure)),
    }
    let news = shared.store().take_news();
    shared.voice.tell(&news);
    Ok(())
}

/// Collects until asked to stop.
pub fn collect(shared: &Shared, source: &mut dyn Source) {
    while !shared.is_stopping() {
        if let Some(config) = lock(&shared.configuration).take() {
            source.configure(config);
        }
        shared.expect_runs_of(source.longest_run());
        // Why it failed is in the store, and said already.
        drop(once(shared, source));
        if shared.is_stopping() {
            break;
        }
        shared.voice.ready(&status(shared));
        loop {
            shared.beat();
            let store = shared.store();
            let left = store
                .next_collection()
                .saturating_sub(Moment::now().since_boot);
            if left.is_zero() || shared.is_stopping() {
                break;
            }
            drop(shared.wait(store, left));
        }
    }
}

/// What the exporter does, in a line for `systemctl status`.
fn status(shared: &Shared) -> String {
    let mut store = shared.store();
    let now = Moment::now();
    let next = store
        .next_collection()
        .saturating_sub(now.since_boot)
        .as_secs();
    let snapshot = store.show(now);
    let what = match &snapshot.failure {
        Some(failure) => format!("cannot read: {failure}"),
        None => snapshot.verdict.word().to_owned(),
    };
    let status = format!("{what}; the next collection begins in {next} s");
    // A line break would begin another notification.
    status.replace(char::is_control, " ")
}

/// Hands what is known to `publish`, at once, after every collection, and when something has expired,
/// until asked to stop.
pub fn publish(shared: &Shared, mut publish: impl FnMut(&Snapshot)) {
    let mut published = None;
    while !shared.is_stopping() {
        let mut store = shared.store();
        let now = Moment::now();
        store.expire(now);
        let news = store.take_news();
        let version = Some(store.version());
        if published == version {
            let end = store.next_expiry().unwrap_or(Duration::MAX);
            // At its end it is not over yet.
            let left = end.saturating_sub(now.since_boot);
            drop(shared.wait(store, left.saturating_add(Duration::from_millis(10))));
        } else {
            // No copy is made: the store waits, and nobody waits for the store but the next collection.
            publish(store.show(now));
            published = version;
            drop(store);
        }
        shared.voice.tell(&news);
    }
}
