//! Readings of the host beside its controllers, in a thread of their own: a MegaCLI that hangs does not
//! delay them, nor they it. What they take is bounded by their settings.

use std::time::Duration;

use jiff::Timestamp;

use super::clock::Moment;
use super::store::{Done, Work};
use super::{LONGEST_WAIT, Shared};
use crate::dimm::{self, Sources};
use crate::health;
use crate::memory::balance::balance;
use crate::memory::host;
use crate::memory::proc::Proc;

/// A larger record of errors is left to `ironkeep mem dimm`: it would need more memory than all the rest, again
/// and again. It holds thousands of errors, of which the driver's counters tell as well.
const LARGEST_RECORD: u64 = 1 << 20;

/// Reads what is to be read now. Whether there was something.
pub fn once(shared: &Shared, sources: &Sources) -> bool {
    let due = shared.store().system_due(Moment::now());
    for work in &due {
        let begun = Moment::now();
        let result = read(work, sources);
        let mut store = shared.store();
        store.take_system(work, begun, Moment::now(), result);
        let news = store.take_news();
        drop(store);
        // As with collections: a process that ends at once has nothing to compare with.
        if shared.is_daemon {
            shared.voice.tell(&news);
        }
        shared.changed.notify_all();
        if shared.is_stopping() {
            break;
        }
    }
    !due.is_empty()
}

/// Reads until asked to stop.
pub fn collect(shared: &Shared, sources: &Sources) {
    while !shared.is_stopping() {
        if once(shared, sources) {
            continue;
        }
        let store = shared.store();
        let next = store.system_next().unwrap_or(Duration::MAX);
        let left = next.saturating_sub(Moment::now().since_boot);
        if !left.is_zero() && !shared.is_stopping() {
            drop(shared.wait(store, left.min(LONGEST_WAIT)));
        }
    }
}

fn read(work: &Work, sources: &Sources) -> Result<Done, String> {
    match work {
        Work::Memory(settings) => {
            let failed = |error| format!("{}: {error}", sources.procfs.display());
            let mut proc = Proc::open(&sources.procfs).map_err(failed)?;
            let survey = proc.survey(&settings.request()).map_err(failed)?;
            if let Some(option) = &survey.hidepid {
                return Err(format!(
                    "{} is mounted with {option}, which hides the processes of others: \
                     see memory in ironkeep.toml(5)",
                    sources.procfs.display()
                ));
            }
            let balance = balance(&host::read(&sources.procfs, &sources.sysfs));
            Ok(Done::Memory(Box::new((survey, balance))))
        }
        Work::Modules => {
            let now = Timestamp::now();
            let is_small = sources.record_size() <= LARGEST_RECORD;
            let modules = dimm::read(&Sources {
                since: now.checked_sub(health::memory::WINDOW).ok(),
                now,
                var: sources.var.clone().filter(|_| is_small),
                // The unit may not read the kernel's log, and megabytes of it are too much at every turn.
                dev: None,
                ..sources.clone()
            });
            Ok(Done::Modules(Box::new(modules)))
        }
    }
}
