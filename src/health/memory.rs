//! The memory modules of the host. A host that says nothing of them is not judged by that.

use ironkeep_parsers::units::{Bytes, Seconds};
use jiff::Timestamp;

use super::{Code, Finding, Object, Severity, Thresholds, next, order};
use crate::dimm::{self, Edac, Evidence, Modules, Slot, Watch};
use crate::output::human::{bytes, count, duration};

const DAY: u64 = 86_400;

/// How far back the record of errors is asked for a judgement: by the day, as limits are.
pub const WINDOW: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Judges the memory modules of a host: every finding, the worst first.
pub fn judge(modules: &Modules, limits: &Thresholds, now: Timestamp) -> Vec<Finding> {
    let mut about = About {
        modules,
        found: Vec::new(),
    };
    about.unread();
    about.uncorrected();
    about.corrected(limits.memory_correctable_per_day.max(1), now);
    about.watch();
    about.missing();
    about.speed();
    about.sizes();
    order(&mut about.found);
    about.found
}

struct About<'a> {
    modules: &'a Modules,
    found: Vec<Finding>,
}

impl About<'_> {
    fn add(&mut self, code: Code, severity: Severity, object: Object, reason: String) {
        self.found.push(Finding {
            code,
            severity,
            controller: None,
            next: next(code, &object, None),
            object,
            reason,
        });
    }

    fn host(&mut self, code: Code, reason: String) {
        self.add(code, code.severity(), Object::Host, reason);
    }

    fn module(&mut self, code: Code, severity: Severity, slot: &Slot, words: &str) {
        let object = Object::MemoryModule {
            label: slot.words().to_owned(),
            serial: slot.serial.clone(),
        };
        let caution = match slot.evidence {
            Evidence::Pattern => "; that it is this slot is probable, not certain",
            Evidence::LocationOnly => "; which slot on the board that is, is not known",
            Evidence::DriverLabel
            | Evidence::LabelFile
            | Evidence::FirmwareHandle
            | Evidence::ErrorAddress
            | Evidence::Board => "",
        };
        self.add(code, severity, object, format!("{words}{caution}"));
    }

    /// Counters that are there and say nothing.
    fn unread(&mut self) {
        let silent = |slot: &&Slot| {
            let errors = slot.errors;
            !slot.locations.is_empty()
                && (errors.corrected.is_none() || errors.uncorrected.is_none())
        };
        let silent: Vec<&str> = self
            .modules
            .slots
            .iter()
            .filter(silent)
            .map(Slot::words)
            .collect();
        if self.modules.edac == Edac::Unreadable {
            self.host(
                Code::MemoryUnread,
                "the counters of memory errors could not be read".to_owned(),
            );
        } else if !silent.is_empty() {
            let reason = format!(
                "counters of memory errors could not be read: {}",
                silent.join(", ")
            );
            self.host(Code::MemoryUnread, reason);
        }
    }

    fn uncorrected(&mut self) {
        for slot in &self.modules.slots {
            let counted = slot.errors.uncorrected.unwrap_or(0);
            let recorded = slot.recorded.map_or(0, |it| it.uncorrected);
            if counted.max(recorded) > 0 {
                let reason = format!("{} could not be corrected", errors(counted.max(recorded)));
                self.module(
                    Code::MemoryUncorrectable,
                    Code::MemoryUncorrectable.severity(),
                    slot,
                    &reason,
                );
            }
        }
        let unplaced = self.modules.unplaced.uncorrected.unwrap_or(0);
        let elsewhere = self.elsewhere(|it| it.uncorrected);
        if unplaced.max(elsewhere) > 0 {
            let errors = errors(unplaced.max(elsewhere));
            let reason = format!("{errors} could not be corrected; {}", self.suspects());
            self.host(Code::MemoryUncorrectable, reason);
        }
    }

    fn corrected(&mut self, limit: u64, now: Timestamp) {
        let since_of_record = self.modules.record.as_ref().and_then(|it| it.since);
        for slot in &self.modules.slots {
            let counted = slot.errors.corrected.map(|it| (it, slot.errors.since));
            let recorded = slot
                .recorded
                .map(|it| (it.corrected, since_of_record.or(it.first)));
            if let Some((severity, reason)) = rate([counted, recorded], limit, now) {
                self.module(Code::MemoryCorrectable, severity, slot, &reason);
            }
        }
        let unplaced = self
            .modules
            .unplaced
            .corrected
            .map(|it| (it, self.modules.unplaced.since));
        let elsewhere = Some((self.elsewhere(|it| it.corrected), since_of_record));
        if let Some((severity, reason)) = rate([unplaced, elsewhere], limit, now) {
            let reason = format!("{reason}; {}", self.suspects());
            self.add(Code::MemoryCorrectable, severity, Object::Host, reason);
        }
    }

    /// Recorded errors that are of no module for certain.
    fn elsewhere(&self, of: fn(&dimm::Recorded) -> u64) -> u64 {
        let record = self.modules.record.as_ref();
        record.map_or(0, |it| it.elsewhere.iter().map(|it| of(&it.recorded)).sum())
    }

    /// Which modules those can be of.
    fn suspects(&self) -> String {
        let record = self.modules.record.iter().flat_map(|it| &it.elsewhere);
        let mut modules: Vec<&str> = record
            .flat_map(|it| &it.modules)
            .map(String::as_str)
            .collect();
        modules.sort_unstable();
        modules.dedup();
        if modules.is_empty() {
            "of which module is not known".to_owned()
        } else {
            format!("of one of these modules: {}", modules.join(", "))
        }
    }

    /// ECC that is there and does nothing for anybody. A host without ECC is as it was bought.
    fn watch(&mut self) {
        let has_ecc = self.modules.slots.iter().any(|slot| slot.ecc == Some(true));
        match self.modules.watch {
            Watch::NoDriver => self.host(Code::MemoryNotWatched, dimm::sentence(self.modules)),
            Watch::EccOff if has_ecc => {
                let reason =
                    "the modules have ECC, and it is switched off: memory errors go unnoticed";
                self.host(Code::MemoryNotWatched, reason.to_owned());
            }
            Watch::EccOff | Watch::Edac { .. } | Watch::FirmwareFirst | Watch::Unknown => {}
        }
    }

    /// Modules that the board lists and nobody can use: less memory than is installed, by a whole module.
    fn missing(&mut self) {
        let sizes = self.sizes_of_modules();
        let installed: u64 = sizes.iter().sum();
        let Some(&smallest) = sizes.iter().min() else {
            return;
        };
        let words = |seen, who: &str| {
            let [installed, seen, smallest] =
                [installed, seen, smallest].map(|it| bytes(Bytes(it)));
            format!(
                "the board lists modules of {installed}, {who} {seen}: as if one of {smallest} were missing"
            )
        };
        let is_short = |seen: u64| seen.saturating_add(smallest) <= installed;
        let independent = matches!(self.modules.watch, Watch::Edac { .. });
        if let Some(seen) = self
            .modules
            .watched
            .filter(|&it| independent && is_short(it))
        {
            self.host(
                Code::MemoryMissing,
                words(seen, "the memory controllers see"),
            );
        } else if let Some(usable) = self.modules.usable {
            // What the kernel keeps for its table of pages (1.6 %) and for a crash is not in MemTotal.
            let seen = usable
                .saturating_add(installed / 50)
                .saturating_add(1 << 30);
            // A mirror takes half.
            if is_short(seen) && usable > installed / 2 {
                self.host(Code::MemoryMissing, words(usable, "the kernel has"));
            }
        }
    }

    fn speed(&mut self) {
        let slow =
            |slot: &&Slot| slot.configured_mts < slot.rated_mts && slot.configured_mts.is_some();
        let slow: Vec<&Slot> = self.modules.slots.iter().filter(slow).collect();
        let Some(first) = slow.first() else { return };
        let speeds = |slot: &Slot| (slot.configured_mts, slot.rated_mts);
        let most = count(slow.len() as u64, "module runs", "modules run");
        let reason = match speeds(first) {
            (Some(runs), Some(rated)) if slow.iter().all(|it| speeds(it) == speeds(first)) => {
                format!("{most} at {runs} MT/s, rated {rated} MT/s")
            }
            _ => format!("{most} below the rated speed"),
        };
        self.host(Code::MemorySpeed, reason);
    }

    fn sizes(&mut self) {
        let mut sizes = self.sizes_of_modules();
        sizes.sort_unstable();
        sizes.dedup();
        if sizes.len() > 1 {
            let sizes: Vec<String> = sizes.into_iter().map(|it| bytes(Bytes(it))).collect();
            self.host(
                Code::MemoryMixed,
                format!("modules of {} together", sizes.join(", ")),
            );
        }
    }

    /// The sizes of the modules in the board's table that are the host's main memory.
    fn sizes_of_modules(&self) -> Vec<u64> {
        let modules = self
            .modules
            .slots
            .iter()
            .filter(|slot| slot.populated == Some(true) && slot.is_volatile());
        modules.filter_map(|slot| slot.size).collect()
    }
}

fn errors(number: u64) -> String {
    count(number, "memory error", "memory errors")
}

/// What is to be said of counts of corrected errors, each with when it began: a warning if one of them is
/// above the limit. Less than a day counts as one, so that nothing is extrapolated.
fn rate(
    counts: [Option<(u64, Option<Timestamp>)>; 2],
    limit: u64,
    now: Timestamp,
) -> Option<(Severity, String)> {
    let judged = counts
        .into_iter()
        .flatten()
        .filter(|(number, _)| *number > 0)
        .map(|(number, since)| {
            let span = since.and_then(|it| u64::try_from(now.duration_since(it).as_secs()).ok());
            let allowed = u128::from(limit) * u128::from(span.unwrap_or(0).max(DAY));
            let is_above = u128::from(number) * u128::from(DAY) >= allowed;
            let span = match span {
                Some(span) => format!("in the last {}", duration(Seconds(span))),
                None => "since nobody says when".to_owned(),
            };
            let severity = if is_above {
                Code::MemoryCorrectable.severity()
            } else {
                Severity::Info
            };
            (
                severity,
                format!("{} corrected {span}, limit {limit} a day", errors(number)),
            )
        });
    // Of equal ones the first: the counters.
    judged.reduce(|best, other| if other.0 > best.0 { other } else { best })
}
