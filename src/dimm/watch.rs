//! How errors are watched, and the one sentence about it.

use super::edac::Counters;
use super::smbios::Table;
use super::{Dmi, Edac, Errors, Evidence, Modules, Slot, Watch};
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
            let known = match modules.log {
                Some(_) => {
                    "are not counted, and known as far as the firmware told the kernel's log"
                }
                None => "are corrected and not counted",
            };
            format!("the board has ECC, but {why}: errors {known}")
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

/// `3 corrected errors (DIMM_A1), 0 uncorrected errors`. Of counters that could not be read, there are
/// at least as many.
fn counted(modules: &Modules) -> String {
    let [corrected, uncorrected] = [
        Count::of(modules, |it| it.corrected),
        Count::of(modules, |it| it.uncorrected),
    ];
    if corrected.is_none() && uncorrected.is_none() {
        return "no errors".to_owned();
    }
    let corrected = corrected.words("corrected error", "corrected errors");
    let uncorrected = uncorrected.words("uncorrected error", "uncorrected errors");
    format!("{corrected}, {uncorrected}")
}

/// The errors of one kind.
struct Count<'a> {
    number: Option<u64>,
    /// Whether all counters were read.
    is_whole: bool,
    /// The modules that have some.
    places: Vec<&'a str>,
}

impl<'a> Count<'a> {
    fn of(modules: &'a Modules, of: fn(&Errors) -> Option<u64>) -> Self {
        let counters = || {
            modules
                .slots
                .iter()
                .filter(|slot| !slot.locations.is_empty())
        };
        let numbers = counters()
            .map(|slot| &slot.errors)
            .chain([&modules.unplaced]);
        let failing = counters()
            .filter(|slot| of(&slot.errors) > Some(0))
            .map(Slot::words);
        let unplaced = (of(&modules.unplaced) > Some(0)).then_some("of which module is not known");
        Self {
            number: numbers.filter_map(of).reduce(u64::saturating_add),
            is_whole: counters().all(|slot| !modules.lacks(slot, of)),
            places: failing.chain(unplaced).collect(),
        }
    }

    fn is_none(&self) -> bool {
        self.number == Some(0) && self.is_whole
    }

    fn words(&self, one: &str, many: &str) -> String {
        let Some(number) = self.number else {
            return format!("{many} not known");
        };
        if number == 0 && !self.is_whole {
            return format!("{many} not known of all modules");
        }
        let least = if self.is_whole { "" } else { "at least " };
        let count = human::count(number, one, many);
        match self.places.as_slice() {
            [] => format!("{least}{count}"),
            // A host where everything fails has another trouble.
            [_, _, _, _, ..] => format!("{least}{count} (many modules)"),
            few => format!("{least}{count} ({})", few.join(", ")),
        }
    }
}

impl Modules {
    /// Whether `slot` has a counter that was not read. One that counts for a whole row is no such.
    pub(crate) fn lacks(&self, slot: &Slot, of: fn(&Errors) -> Option<u64>) -> bool {
        let is_row_of = |row: &Slot| {
            let mut pairs = row.locations.iter().zip(&slot.locations);
            let is_below = |(row, channel): (&String, &String)| {
                let further = channel.strip_prefix(row.as_str());
                further.is_some_and(|it| it.starts_with(' '))
            };
            row.evidence == Evidence::LocationOnly && pairs.any(is_below)
        };
        let mut rows = self.slots.iter().filter(|row| of(&row.errors).is_some());
        !slot.locations.is_empty() && of(&slot.errors).is_none() && !rows.any(is_row_of)
    }
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
