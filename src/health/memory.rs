//! The memory modules of the host. A host that says nothing of them is not judged by that.

use ironkeep_parsers::units::{Bytes, Seconds};
use jiff::Timestamp;

use super::{Code, Finding, Object, Severity, Thresholds, next, order};
use crate::dimm::{self, Edac, Elsewhere, Errors, Evidence, Modules, Recorded, Slot, Watch};
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
    about.poisoned();
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
            let modules = self.modules;
            modules.lacks(slot, |it| it.corrected) || modules.lacks(slot, |it| it.uncorrected)
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
            let told = [slot.recorded, slot.logged].into_iter().flatten();
            let number = told.map(|it| it.uncorrected).fold(counted, u64::max);
            if number > 0 {
                let reason = format!("{} could not be corrected", errors(number));
                self.module(
                    Code::MemoryUncorrectable,
                    Code::MemoryUncorrectable.severity(),
                    slot,
                    &reason,
                );
            }
        }
        let unplaced = self.modules.unplaced.uncorrected.unwrap_or(0);
        let recorded = self.recorded_elsewhere(|it| it.uncorrected);
        let logged = self.logged_elsewhere(|it| it.uncorrected, |it| it.uncorrected);
        let number = unplaced.max(recorded).max(logged);
        if number > 0 {
            let errors = errors(number);
            let reason = format!(
                "{errors} could not be corrected; {}",
                self.suspects(|it| it.uncorrected)
            );
            self.host(Code::MemoryUncorrectable, reason);
        }
    }

    fn corrected(&mut self, limit: u64, now: Timestamp) {
        let since_of_record = self.modules.record.as_ref().and_then(|it| it.since);
        let log = self.modules.log.as_ref();
        let since_of_log = log.and_then(|it| it.record.since);
        for slot in &self.modules.slots {
            let counted = slot.errors.corrected.map(|it| (it, slot.errors.since));
            let recorded = slot
                .recorded
                .map(|it| (it.corrected, since_of_record.or(it.first)));
            let logged = slot
                .logged
                .map(|it| (it.corrected, since_of_log.or(it.first)));
            if let Some((severity, reason)) = rate([counted, recorded, logged], limit, now) {
                self.module(Code::MemoryCorrectable, severity, slot, &reason);
            }
        }
        let unplaced = self
            .modules
            .unplaced
            .corrected
            .map(|it| (it, self.modules.unplaced.since));
        let recorded = self.recorded_elsewhere(|it| it.corrected);
        let recorded = Some((recorded, since_of_record));
        let logged = self.logged_elsewhere(|it| it.corrected, |it| it.corrected);
        let logged = Some((logged, since_of_log));
        if let Some((severity, reason)) = rate([unplaced, recorded, logged], limit, now) {
            let reason = format!("{reason}; {}", self.suspects(|it| it.corrected));
            self.add(Code::MemoryCorrectable, severity, Object::Host, reason);
        }
    }

    /// Recorded errors that are of no module for certain.
    fn recorded_elsewhere(&self, of: fn(&Recorded) -> u64) -> u64 {
        self.modules.record.as_ref().map_or(0, |it| it.sum(of))
    }

    /// Logged errors that are of no module for certain, but for those that `ghes_edac` counted as well, and
    /// perhaps knew the module of.
    fn logged_elsewhere(
        &self,
        of: fn(&Recorded) -> u64,
        counted: fn(&Errors) -> Option<u64>,
    ) -> u64 {
        let Some(log) = &self.modules.log else {
            return 0;
        };
        let slots = &self.modules.slots;
        let elsewhere = log.record.sum(of);
        let logged: u64 = slots
            .iter()
            .filter_map(|it| it.logged.as_ref().map(of))
            .fold(0, u64::saturating_add);
        let counters = slots.iter().map(|it| &it.errors);
        let counters = counters.chain([&self.modules.unplaced]);
        let counted: u64 = counters.filter_map(counted).fold(0, u64::saturating_add);
        elsewhere.min(logged.saturating_add(elsewhere).saturating_sub(counted))
    }

    /// Which modules those can be of.
    fn suspects(&self, of: fn(&Recorded) -> u64) -> String {
        let log = self.modules.log.iter().map(|it| &it.record);
        let records = self.modules.record.iter().chain(log);
        let places = records.flat_map(|it| &it.elsewhere);
        let places: Vec<&Elsewhere> = places.filter(|it| of(&it.recorded) > 0).collect();
        let mut modules: Vec<&str> = places
            .iter()
            .flat_map(|it| &it.modules)
            .map(String::as_str)
            .collect();
        modules.sort_unstable();
        modules.dedup();
        let are_all_known = places.iter().all(|it| !it.modules.is_empty());
        match (modules.join(", "), are_all_known) {
            (modules, _) if modules.is_empty() => "of which module is not known".to_owned(),
            (modules, true) => format!("of one of these modules: {modules}"),
            (modules, false) => format!("of one of these modules or of others: {modules}"),
        }
    }

    /// All that a host without counters and logs has to say of errors that could not be corrected.
    fn poisoned(&mut self) {
        if let Some(size) = self.modules.hardware_corrupted.filter(|it| *it > 0) {
            let reason = format!(
                "the kernel took {} of faulty memory out of use",
                bytes(Bytes(size))
            );
            self.host(Code::MemoryPoisoned, reason);
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
    counts: [Option<(u64, Option<Timestamp>)>; 3],
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
                Some(span) => format!(" within {}", duration(Seconds(span))),
                None => ", nobody says since when".to_owned(),
            };
            let severity = if is_above {
                Code::MemoryCorrectable.severity()
            } else {
                Severity::Info
            };
            (
                severity,
                format!("{} corrected{span}, limit {limit} a day", errors(number)),
            )
        });
    // Of equal ones the first: the counters.
    judged.reduce(|best, other| if other.0 > best.0 { other } else { best })
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::dimm::{Log, Record};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const GIB: u64 = 1 << 30;

    fn ago(hours: i64) -> Option<Timestamp> {
        NOW.checked_sub(SignedDuration::from_hours(hours)).ok()
    }

    fn slot(label: &str) -> Slot {
        Slot {
            label: Some(label.to_owned()),
            bank: None,
            locations: vec!["mc0".to_owned()],
            evidence: Evidence::DriverLabel,
            populated: Some(true),
            size: Some(32 * GIB),
            kind: None,
            technology: None,
            ranks: None,
            rated_mts: None,
            configured_mts: None,
            ecc: Some(true),
            manufacturer: None,
            part: None,
            serial: None,
            errors: Errors {
                corrected: Some(0),
                uncorrected: Some(0),
                since: ago(24 * 10),
            },
            recorded: None,
            logged: None,
        }
    }

    fn modules(slots: Vec<Slot>) -> Modules {
        Modules {
            board: None,
            watch: Watch::Edac {
                drivers: Vec::new(),
            },
            dmi: dimm::Dmi::Read,
            edac: Edac::Counting,
            slots,
            unplaced: Errors::default(),
            record: None,
            log: None,
            watched: None,
            usable: None,
            hardware_corrupted: None,
            unread: Vec::new(),
        }
    }

    fn found(modules: &Modules) -> Vec<(Code, Severity, String)> {
        let findings = judge(modules, &Thresholds::default(), NOW);
        let parts = findings.into_iter();
        parts.map(|it| (it.code, it.severity, it.reason)).collect()
    }

    fn codes(modules: &Modules) -> Vec<Code> {
        found(modules).into_iter().map(|it| it.0).collect()
    }

    #[test]
    fn good_modules_and_no_modules_are_no_findings() {
        assert_eq!(found(&modules(vec![slot("A1"), slot("B1")])), []);
        let silent = Modules {
            watch: Watch::Unknown,
            edac: Edac::Absent,
            ..modules(Vec::new())
        };
        assert_eq!(found(&silent), []);
        let desktop = Modules {
            watch: Watch::EccOff,
            slots: vec![Slot {
                ecc: Some(false),
                locations: Vec::new(),
                errors: Errors::default(),
                ..slot("A1")
            }],
            ..silent
        };
        assert_eq!(found(&desktop), []);
    }

    #[test]
    fn an_uncorrected_error_is_critical_and_names_the_module_to_pull() {
        let mut bad = slot("A1");
        bad.errors.uncorrected = Some(1);
        bad.serial = Some("40A1".to_owned());
        let modules = modules(vec![bad, slot("B1")]);
        let findings = judge(&modules, &Thresholds::default(), NOW);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].severity, Severity::Critical);
        assert_eq!(findings[0].object.to_string(), "dimm A1 (sn 40A1)");
        assert_eq!(findings[0].reason, "1 memory error could not be corrected");
        assert_eq!(findings[0].next, "ironkeep mem dimm");
    }

    #[test]
    fn corrected_errors_are_judged_by_the_day_and_less_than_a_day_is_one() {
        let of = |corrected, since| {
            let mut bad = slot("A1");
            bad.errors.corrected = Some(corrected);
            bad.errors.since = since;
            let found = found(&modules(vec![bad]));
            found.first().map(|it| (it.1, it.2.clone()))
        };
        let said = |severity, words: &str| Some((severity, words.to_owned()));
        assert_eq!(of(0, ago(48)), None);
        let words = "19 memory errors corrected within 2 days, limit 10 a day";
        assert_eq!(of(19, ago(48)), said(Severity::Info, words));
        let words = "20 memory errors corrected within 2 days, limit 10 a day";
        assert_eq!(of(20, ago(48)), said(Severity::Warning, words));
        assert_eq!(of(9, ago(1)).unwrap().0, Severity::Info);
        assert_eq!(of(10, ago(1)).unwrap().0, Severity::Warning);
        let words = "10 memory errors corrected, nobody says since when, limit 10 a day";
        assert_eq!(of(10, None), said(Severity::Warning, words));
    }

    #[test]
    fn the_record_knows_of_a_burst_that_the_counters_spread_over_a_month() {
        let mut bad = slot("A1");
        bad.errors.corrected = Some(50);
        bad.errors.since = ago(24 * 30);
        bad.recorded = Some(Recorded {
            corrected: 50,
            uncorrected: 0,
            first: ago(3),
            last: ago(2),
        });
        let mut modules = modules(vec![bad]);
        assert_eq!(found(&modules)[0].1, Severity::Warning);
        modules.record = Some(Record {
            since: ago(24),
            elsewhere: Vec::new(),
        });
        let words = "50 memory errors corrected within 1 day, limit 10 a day".to_owned();
        let expected = [(Code::MemoryCorrectable, Severity::Warning, words)];
        assert_eq!(found(&modules), expected);
    }

    #[test]
    fn errors_without_a_module_name_those_that_it_can_be() {
        let mut modules = modules(vec![slot("A1"), slot("B1")]);
        modules.record = Some(Record {
            since: ago(24),
            elsewhere: vec![Elsewhere {
                modules: vec!["A1".to_owned(), "B1".to_owned()],
                place: "memory".to_owned(),
                recorded: Recorded {
                    uncorrected: 2,
                    ..Recorded::default()
                },
            }],
        });
        let words = "2 memory errors could not be corrected; of one of these modules: A1, B1";
        assert_eq!(found(&modules)[0].1, Severity::Critical);
        assert_eq!(found(&modules)[0].2, words);
        modules.record = None;
        modules.unplaced.uncorrected = Some(1);
        let words = "1 memory error could not be corrected; of which module is not known";
        assert_eq!(found(&modules)[0].2, words);
    }

    #[test]
    fn the_log_counts_where_no_driver_does_and_nothing_is_told_twice() {
        let of_log = |corrected, uncorrected| Recorded {
            corrected,
            uncorrected,
            first: ago(3),
            last: ago(2),
        };
        let elsewhere = |modules: &[&str], recorded| Elsewhere {
            modules: modules.iter().map(|&it| it.to_owned()).collect(),
            place: "no place".to_owned(),
            recorded,
        };
        let mut bad = slot("A1");
        bad.errors = Errors::default();
        bad.locations.clear();
        bad.logged = Some(of_log(12, 1));
        let mut modules = modules(vec![bad, slot("B1")]);
        modules.log = Some(Log {
            record: Record {
                since: ago(24),
                elsewhere: vec![
                    elsewhere(&["A1", "B1"], of_log(3, 0)),
                    elsewhere(&[], of_log(0, 2)),
                ],
            },
            begins: ago(48),
            whole: false,
        });
        let expected = [
            "2 memory errors could not be corrected; of which module is not known",
            "1 memory error could not be corrected",
            "12 memory errors corrected within 1 day, limit 10 a day",
            "3 memory errors corrected within 1 day, limit 10 a day; of one of these modules: A1, B1",
        ];
        let told: Vec<String> = found(&modules).into_iter().map(|it| it.2).collect();
        assert_eq!(told, expected);
        // ghes_edac counted them all, and two of them at a module that the log does not know.
        modules.slots[1].errors.uncorrected = Some(3);
        let told: Vec<String> = found(&modules).into_iter().map(|it| it.2).collect();
        let expected = [
            "1 memory error could not be corrected",
            "3 memory errors could not be corrected",
        ];
        assert_eq!(told[..2], expected);
        assert!(told[2].starts_with("12 memory errors corrected"));
    }

    #[test]
    fn a_slot_that_is_not_certain_is_not_told_as_if_it_were() {
        let mut bad = slot("A1");
        bad.errors.uncorrected = Some(1);
        bad.evidence = Evidence::Pattern;
        assert!(found(&modules(vec![bad.clone()]))[0].2.contains("probable"));
        bad.label = None;
        bad.evidence = Evidence::LocationOnly;
        assert!(found(&modules(vec![bad]))[0].2.contains("not known"));
    }

    #[test]
    fn counters_that_cannot_be_read_are_unknown() {
        let mut silent = slot("A1");
        silent.errors.corrected = None;
        assert_eq!(found(&modules(vec![silent]))[0].1, Severity::Unknown);
        let unreadable = Modules {
            edac: Edac::Unreadable,
            ..modules(Vec::new())
        };
        assert_eq!(codes(&unreadable), [Code::MemoryUnread]);
    }

    #[test]
    fn a_module_is_missing_if_a_whole_one_is_not_seen() {
        let mut modules = modules(["A1", "B1", "C1", "D1"].map(slot).to_vec());
        modules.watched = Some(96 * GIB);
        let words = "the board lists modules of 128 GiB, the memory controllers see 96 GiB: \
                     as if one of 32 GiB were missing";
        assert_eq!(found(&modules)[0].0, Code::MemoryMissing);
        assert_eq!(found(&modules)[0].2, words);
        modules.watched = Some(128 * GIB);
        assert_eq!(codes(&modules), []);
        // What the kernel keeps for itself; a module; a mirror.
        for (usable, expected) in [(125, vec![]), (92, vec![Code::MemoryMissing]), (62, vec![])] {
            modules.usable = Some(usable * GIB);
            assert_eq!(codes(&modules), expected, "{usable}");
        }
    }

    #[test]
    fn slow_and_mixed_modules_and_idle_ecc_are_worth_knowing() {
        let mut slow = slot("A1");
        (slow.rated_mts, slow.configured_mts) = (Some(3200), Some(2933));
        let mut small = slot("B1");
        small.size = Some(16 * GIB);
        let mut store = slot("C1");
        store.size = Some(128 * GIB);
        store.technology = Some("Intel Optane persistent memory".to_owned());
        let mut modules = modules(vec![slow, small, store]);
        modules.watch = Watch::NoDriver;
        let expected = [
            (Code::MemorySpeed, "1 module runs at 2933 MT/s, rated 3200 MT/s"),
            (Code::MemoryMixed, "modules of 16 GiB, 32 GiB together"),
            (
                Code::MemoryNotWatched,
                "the board has ECC, but no EDAC driver is loaded: errors are corrected and not counted",
            ),
        ]
        .map(|(code, words)| (code, Severity::Info, words.to_owned()));
        modules.edac = Edac::Absent;
        assert_eq!(found(&modules), expected);
        modules.watch = Watch::EccOff;
        assert_eq!(codes(&modules).last(), Some(&Code::MemoryNotWatched));
    }

    #[test]
    fn faulty_pages_are_told_also_where_nobody_counts() {
        let mut modules = modules(Vec::new());
        modules.hardware_corrupted = Some(0);
        assert_eq!(codes(&modules), []);
        modules.hardware_corrupted = Some(8192);
        let words = "the kernel took 8 KiB of faulty memory out of use".to_owned();
        assert_eq!(
            found(&modules),
            [(Code::MemoryPoisoned, Severity::Warning, words)]
        );
    }
}
