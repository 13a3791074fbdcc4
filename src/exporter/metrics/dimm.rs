//! The memory modules of the host and their errors.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::Maybe;
use crate::dimm::{Errors, Evidence, Modules, Slot, Watch};
use crate::exporter::exposition::Exposition;
use crate::exporter::family::families;

const STATES: &[&str] = &["edac", "firmware_first", "no_driver", "ecc_off", "unknown"];

/// The name of errors that belong to no module.
const UNPLACED: &str = "unplaced";

families! {
    WATCH = "ironkeep_dimm_watch_state", Gauge, ["state"] of STATES,
        "How memory errors are watched: a driver counts them (edac), the firmware passes on what it likes (firmware_first), the board has ECC and nobody counts (no_driver), or ECC is off or not there (ecc_off). Unknown where the board's table cannot be read, as by a user who is not root.";
    INFO = "ironkeep_dimm_info", Info,
        ["dimm", "bank", "location", "evidence", "type", "vendor", "part", "serial"],
        "Identity of a memory module, where the driver places it, and by what evidence the two belong together. Of the board's table, which root alone may read, come bank, type, vendor, part and serial.";
    SIZE = "ironkeep_dimm_size_bytes", Gauge, ["dimm"],
        "The size of a memory module.";
    CORRECTABLE = "ironkeep_dimm_correctable_errors_total", Counter, ["dimm"],
        "Errors of a memory module that were corrected. Counted by the driver, which begins anew when the host starts or the driver is loaded. Absent where nobody counts.";
    UNCORRECTABLE = "ironkeep_dimm_uncorrectable_errors_total", Counter, ["dimm"],
        "Errors of a memory module that could not be corrected. Counted by the driver, which begins anew when the host starts or the driver is loaded. Absent where nobody counts.";
}

pub(super) fn describe(modules: &Modules, metrics: &mut Exposition) {
    let watch = match modules.watch {
        Watch::Edac { .. } => "edac",
        Watch::FirmwareFirst => "firmware_first",
        Watch::NoDriver => "no_driver",
        Watch::EccOff => "ecc_off",
        Watch::Unknown => "unknown",
    };
    metrics.add_states(&WATCH, &[], watch);
    let names = names(&modules.slots);
    for (slot, name) in modules.slots.iter().zip(&names) {
        if slot.populated != Some(false) {
            one(slot, name, metrics);
        }
    }
    errors(&modules.unplaced, UNPLACED, metrics);
}

fn one(slot: &Slot, name: &str, metrics: &mut Exposition) {
    metrics.add(
        &INFO,
        &[
            &name,
            &Maybe(slot.bank.as_ref()),
            &slot.locations.join(", "),
            &evidence(slot.evidence),
            &Maybe(slot.kind.as_ref()),
            &Maybe(slot.manufacturer.as_ref()),
            &Maybe(slot.part.as_ref()),
            &Maybe(slot.serial.as_ref()),
        ],
        true,
    );
    metrics.add_some(&SIZE, &[&name], slot.size);
    errors(&slot.errors, name, metrics);
}

fn errors(errors: &Errors, name: &str, metrics: &mut Exposition) {
    let labels: [&dyn Display; 1] = [&name];
    metrics.add_some(&CORRECTABLE, &labels, errors.corrected);
    metrics.add_some(&UNCORRECTABLE, &labels, errors.uncorrected);
}

/// The values of the label `dimm`: what findings call the module, with its bank where several are called
/// the same, and with its number where even that is not enough.
fn names(slots: &[Slot]) -> Vec<String> {
    let in_bank = |slot: &Slot| match &slot.bank {
        Some(bank) => format!("{} {bank}", slot.words()),
        None => slot.words().to_owned(),
    };
    let short = count(slots.iter().map(|slot| slot.words().to_owned()));
    let long = count(slots.iter().map(in_bank));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let name = |slot: &Slot| {
        let words = slot.words().to_owned();
        if short.get(&words) == Some(&1) {
            return words;
        }
        let name = in_bank(slot);
        if long.get(&name) == Some(&1) {
            return name;
        }
        let number = seen.entry(name.clone()).or_default();
        *number += 1;
        format!("{name} #{number}")
    };
    slots.iter().map(name).collect()
}

fn count(names: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for name in names {
        *found.entry(name).or_default() += 1;
    }
    found
}

/// The values of the label `evidence`.
fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::DriverLabel => "driver_label",
        Evidence::LabelFile => "label_file",
        Evidence::FirmwareHandle => "firmware_handle",
        Evidence::ErrorAddress => "error_address",
        Evidence::Pattern => "pattern",
        Evidence::Board => "board",
        Evidence::LocationOnly => "location_only",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::dimm::{self, Sources};

    #[test]
    fn modules_that_are_called_the_same_are_told_apart() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/host/epyc-cgroup2");
        let sources = Sources::below(&root, None, jiff::Timestamp::UNIX_EPOCH);
        let modules = dimm::read(&sources);
        let one = modules.slots.first().unwrap();
        let slot = |label: &str, bank: Option<&str>| Slot {
            label: Some(label.to_owned()),
            bank: bank.map(str::to_owned),
            ..one.clone()
        };
        let slots = [
            slot("A1", Some("NODE 1")),
            slot("A1", Some("NODE 2")),
            slot("A2", Some("NODE 1")),
            slot("A3", None),
            slot("A3", None),
        ];
        let expected = ["A1 NODE 1", "A1 NODE 2", "A2", "A3 #1", "A3 #2"];
        assert_eq!(names(&slots), expected);
    }
}
