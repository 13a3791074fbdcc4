//! How errors are watched, and the one sentence about it.

use super::edac::Counters;
use super::smbios::Table;
use super::{Dmi, Edac, Modules, Slot, Watch};
use crate::output::human;

/// How the errors of a host are watched.
pub(super) fn of(table: &Table, counters: &Counters) -> Watch {
    let modes = || counters.places.iter().map(|place| place.ecc);
    if counters.is_firmware_first() {
        Watch::FirmwareFirst
    } else if !counters.controllers.is_empty() {
        if modes().next().is_some() && modes().all(|ecc| ecc == Some(false)) {
            Watch::EccOff
        } else {
            Watch::Edac {
                drivers: counters.drivers.clone(),
            }
        }
    } else {
        match table.ecc() {
            Some(true) => Watch::NoDriver,
            Some(false) => Watch::EccOff,
            None => Watch::Unknown,
        }
    }
}

/// What is to be said of the errors of a host, in one sentence without a full stop.
pub fn sentence(modules: &Modules) -> String {
    let seen = || match modules.edac {
        Edac::Unreadable => "its counters could not be read".to_owned(),
        Edac::Absent | Edac::NoController | Edac::Counting => counted(modules),
    };
    match &modules.watch {
        Watch::Edac { drivers } if drivers.is_empty() => {
            format!("ECC is watched by a driver: {}", seen())
        }
        Watch::Edac { drivers } => format!("ECC is watched by {}: {}", drivers.join(", "), seen()),
        Watch::FirmwareFirst => {
            format!(
                "the firmware sees memory errors first and passes on what it likes (ghes_edac): {}",
                seen()
            )
        }
        Watch::NoDriver => {
            let why = match modules.edac {
                Edac::NoController => "no EDAC driver knows its memory controllers",
                Edac::Absent | Edac::Unreadable | Edac::Counting => "no EDAC driver is loaded",
            };
            format!("the board has ECC, but {why}: errors are corrected and not counted")
        }
        Watch::EccOff => "ECC is off or not there: memory errors go unnoticed".to_owned(),
        Watch::Unknown => {
            let board = match modules.dmi {
                Dmi::Absent => "no DMI tables",
                Dmi::Unreadable => "the DMI tables cannot be read",
                Dmi::Read => "the DMI tables do not say",
            };
            let driver = match modules.edac {
                Edac::Absent => "no EDAC",
                Edac::Unreadable => "EDAC cannot be read",
                Edac::NoController | Edac::Counting => "no EDAC driver for its memory controllers",
            };
            format!("unknown whether there is ECC: {board}, {driver}")
        }
    }
}

/// `3 corrected errors (DIMM_A1), none uncorrected`.
fn counted(modules: &Modules) -> String {
    let count = |of: fn(&super::Errors) -> Option<u64>| {
        let errors = modules
            .slots
            .iter()
            .map(|slot| &slot.errors)
            .chain([&modules.unplaced]);
        errors.filter_map(of).reduce(u64::saturating_add)
    };
    let [corrected, uncorrected] = [count(|it| it.corrected), count(|it| it.uncorrected)];
    if (corrected, uncorrected) == (Some(0), Some(0)) {
        return "no errors".to_owned();
    }
    let words = |number: Option<u64>, kind: &str, of: fn(&super::Errors) -> Option<u64>| {
        let Some(number) = number else {
            return format!("{kind} errors not known");
        };
        let named = modules
            .slots
            .iter()
            .filter(|slot| of(&slot.errors) > Some(0));
        let unplaced = (of(&modules.unplaced) > Some(0)).then_some("of which module is not known");
        let named: Vec<&str> = named.map(Slot::words).chain(unplaced).collect();
        let count = human::count(number, &format!("{kind} error"), &format!("{kind} errors"));
        match named.as_slice() {
            [] => count,
            // A host where everything fails has another trouble.
            [_, _, _, _, ..] => format!("{count} (many modules)"),
            few => format!("{count} ({})", few.join(", ")),
        }
    };
    format!(
        "{}, {}",
        words(corrected, "corrected", |it| it.corrected),
        words(uncorrected, "uncorrected", |it| it.uncorrected),
    )
}

impl Slot {
    /// Whether its module is main memory, and no store that outlives a power cut.
    pub fn is_volatile(&self) -> bool {
        self.kind.as_deref() != Some("non-volatile")
            && self.technology.as_deref().is_none_or(|it| it == "DRAM")
    }

    /// What to call it: the label on the board, or else where the driver has it.
    pub fn words(&self) -> &str {
        let location = || self.locations.first().map(String::as_str);
        self.label
            .as_deref()
            .or_else(location)
            .unwrap_or("a module without a name")
    }
}
