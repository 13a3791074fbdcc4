//! Which counter belongs to which slot, by the rungs of [`Evidence`], the most trusted first.
//!
//! What no rung gives to a slot stays where the driver puts it: a failing module that is not named costs
//! an hour, a wrong one that is pulled costs the host.

mod events;

use ironkeep_parsers::units::Bytes;

use super::edac::{Counters, Place, total};
use super::events::Events;
use super::labels::Labels;
use super::smbios::{Device, Table};
use super::source::named;
use super::{Elsewhere, Errors, Evidence, Slot};
use crate::output::human;

/// What was joined.
pub(super) struct Joined {
    pub(super) slots: Vec<Slot>,
    /// What rasdaemon recorded of no slot for certain.
    pub(super) elsewhere: Vec<Elsewhere>,
    /// What the kernel logged of no slot for certain.
    pub(super) logged_elsewhere: Vec<Elsewhere>,
}

/// Joins the board's table, the driver's counters, the record and the log. `notes` gets what does not agree.
pub(super) fn join(
    table: &Table,
    counters: &Counters,
    labels: &Labels,
    events: Option<&Events>,
    logged: Option<&Events>,
    notes: &mut Vec<String>,
) -> Joined {
    let mut join = Join::new(table, counters);
    for (index, place) in counters.places.iter().enumerate() {
        if let Some((label, evidence)) = labelled(place, labels) {
            join.by_label(index, &label, evidence, notes);
        }
    }
    if let Some(events) = events {
        join.by_address(events);
    }
    join.by_pattern();
    join.the_rest();
    join.compare(notes);
    let elsewhere = events.map(|it| join.record(it, |slot| &mut slot.recorded));
    let logged_elsewhere = logged.map(|it| join.record(it, |slot| &mut slot.logged));
    Joined {
        slots: join.slots,
        elsewhere: elsewhere.unwrap_or_default(),
        logged_elsewhere: logged_elsewhere.unwrap_or_default(),
    }
}

/// The label of `place`, if somebody gave it one.
fn labelled(place: &Place, labels: &Labels) -> Option<(String, Evidence)> {
    let own = place.label.as_deref().filter(|label| !is_default(label));
    match own {
        Some(label) if place.firmware_first => Some((label.to_owned(), Evidence::FirmwareHandle)),
        Some(label) => Some((label.to_owned(), Evidence::DriverLabel)),
        None => labels
            .of(place)
            .map(|label| (label.to_owned(), Evidence::LabelFile)),
    }
}

/// Whether a driver made the label up from its own numbers (`edac_mc_alloc`, `sb_edac`, `skx_common`,
/// `i7core_edac`, `igen6_edac`, `pnd2_edac`, `ghes_edac`).
fn is_default(label: &str) -> bool {
    let prefixes = [
        "mc#",
        "CPU_SrcID#",
        "CPU#",
        "MC#",
        "Slice#",
        "unknown",
        "any memory",
    ];
    prefixes.iter().any(|prefix| label.starts_with(prefix))
}

/// A name without what people write differently: `P1-DIMMA1`, `P1_DIMMA1`.
fn normal(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|it| it.to_ascii_lowercase())
        .collect()
}

struct Join<'a> {
    table: &'a Table,
    places: &'a [Place],
    /// Those of the table first, in its order.
    slots: Vec<Slot>,
    /// The names by which each slot is known.
    names: Vec<Vec<String>>,
    /// The slot of each place.
    slot_of: Vec<Option<usize>>,
}

impl<'a> Join<'a> {
    fn new(table: &'a Table, counters: &'a Counters) -> Self {
        let both = |device: &Device| {
            let words: Vec<&str> = device
                .bank
                .iter()
                .chain(&device.locator)
                .map(String::as_str)
                .collect();
            (!words.is_empty()).then(|| words.join(" "))
        };
        let is_alone = |device: &Device| {
            let same = table
                .devices
                .iter()
                .filter(|it| it.locator == device.locator);
            same.count() == 1
        };
        let mut join = Self {
            table,
            places: &counters.places,
            slots: Vec::new(),
            names: Vec::new(),
            slot_of: vec![None; counters.places.len()],
        };
        for device in &table.devices {
            // "DIMM 0" is below every channel of some boards.
            let locator = device.locator.clone().filter(|_| is_alone(device));
            let names = locator
                .iter()
                .chain(&both(device))
                .map(|it| normal(it))
                .collect();
            join.names.push(names);
            join.slots
                .push(of_board(device, locator.or_else(|| both(device))));
        }
        join
    }

    /// The one slot that is called `label`.
    fn slot(&self, label: &str) -> Option<usize> {
        let label = normal(label);
        let mut called = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, names)| names.contains(&label));
        match (called.next(), called.next()) {
            (Some((index, _)), None) if !label.is_empty() => Some(index),
            _ => None,
        }
    }

    /// The one slot whose name ends what the kernel made of bank and slot: the firmware says
    /// `Not Specified` of the bank, and the kernel repeats it.
    fn named_by_firmware(&self, label: &str, evidence: Evidence) -> Option<usize> {
        let ends = |device: &Device| {
            let bank = label.strip_suffix(device.locator.as_deref()?)?;
            Some(bank.ends_with(' ') && named(bank).is_none())
        };
        let devices = self.table.devices.iter().enumerate();
        let mut ending = devices.filter(|(_, device)| ends(device) == Some(true));
        match (ending.next(), ending.next()) {
            (Some((index, _)), None) if evidence == Evidence::FirmwareHandle => Some(index),
            _ => None,
        }
    }

    fn by_label(&mut self, place: usize, label: &str, evidence: Evidence, notes: &mut Vec<String>) {
        let found = self
            .slot(label)
            .or_else(|| self.named_by_firmware(label, evidence));
        let empty = found
            .and_then(|it| self.slots.get(it))
            .filter(|it| it.populated == Some(false));
        let slot = match (found, empty) {
            (Some(slot), None) => slot,
            (None, _) => self.add(Some(label), evidence),
            (Some(_), Some(_)) => {
                notes.push(format!(
                    "the driver counts errors of {label}, and the board calls that slot empty"
                ));
                self.add_unnamed(label, evidence)
            }
        };
        self.attach(place, slot, evidence);
    }

    fn add(&mut self, label: Option<&str>, evidence: Evidence) -> usize {
        self.names.push(label.map(normal).into_iter().collect());
        self.slots.push(Slot {
            label: label.map(str::to_owned),
            evidence,
            ..empty()
        });
        self.slots.len() - 1
    }

    /// A slot that is called as another is.
    fn add_unnamed(&mut self, label: &str, evidence: Evidence) -> usize {
        let slot = self.add(Some(label), evidence);
        if let Some(names) = self.names.get_mut(slot) {
            names.clear();
        }
        slot
    }

    /// Gives what `place` counts to `slot`.
    fn attach(&mut self, place: usize, slot: usize, evidence: Evidence) {
        let (Some(from), Some(to), Some(slot_of)) = (
            self.places.get(place),
            self.slots.get_mut(slot),
            self.slot_of.get_mut(place),
        ) else {
            return;
        };
        *slot_of = Some(slot);
        // The weakest evidence of all its ranks is that of the module.
        to.evidence = if to.locations.is_empty() {
            evidence
        } else {
            to.evidence.max(evidence)
        };
        to.locations.push(from.words.clone());
        to.errors = total([to.errors, from.errors].into_iter());
        to.kind = to.kind.take().or_else(|| from.kind.clone());
        to.ecc = to.ecc.or(from.ecc);
    }

    /// The places that nothing has been found for.
    fn pending(&self) -> Vec<usize> {
        let places = self.slot_of.iter().enumerate();
        places
            .filter(|(_, slot)| slot.is_none())
            .map(|(place, _)| place)
            .collect()
    }

    /// A place all of whose errors had addresses of one module is that module, or a rank of it.
    fn by_address(&mut self, events: &Events) {
        for place in self.pending() {
            let of_place = self.places.get(place);
            let origins = events
                .keys()
                .filter(|it| of_place.is_some_and(|place| events::is_at(it, place)));
            let found: Vec<_> = origins
                .filter_map(|it| it.address)
                .map(|it| self.table.at(it))
                .collect();
            if let Some((slots, true)) = found.first()
                && let &[slot] = slots.as_slice()
                && found.iter().all(|it| it.1 && it.0 == [slot])
            {
                self.attach(place, slot, Evidence::ErrorAddress);
            }
        }
    }

    /// Names with the same four numbers on both sides, as `CPU_SrcID#0_MC#1_Chan#2_DIMM#0` and
    /// `P0_Node1_Channel2_Dimm0`: probable if they are the same of all modules, and all sizes agree.
    ///
    /// Letters are no numbers, and the channels of AMD's drivers are not in the order of the board's: on
    /// an ASRock WRX80, channels 0 to 7 are A B D C H G E F (rasdaemon issue 247). They have no such names.
    fn by_pattern(&mut self) {
        let places = self.pending();
        let driver: Option<Vec<_>> = places
            .iter()
            .map(|&index| {
                let place = self.places.get(index)?;
                Some((driver_numbers(place.label.as_deref()?)?, place.size?, index))
            })
            .collect();
        let free = self.slots.iter().take(self.table.devices.len()).enumerate();
        let free =
            free.filter(|(_, slot)| slot.locations.is_empty() && slot.populated != Some(false));
        let board: Option<Vec<_>> = free
            .map(|(index, slot)| {
                let device = self.table.devices.get(index)?;
                let names = [&device.bank, &device.locator];
                let numbers = names
                    .into_iter()
                    .flatten()
                    .find_map(|it| board_numbers(it))?;
                Some((numbers, slot.size?, index))
            })
            .collect();
        let (Some(mut driver), Some(mut board)) = (driver, board) else {
            return;
        };
        driver.sort_unstable();
        board.sort_unstable();
        let same = driver.len() == board.len()
            && driver
                .iter()
                .zip(&board)
                .all(|(a, b)| (a.0, a.1) == (b.0, b.1))
            && driver
                .windows(2)
                .all(|pair| !matches!(pair, [a, b] if a.0 == b.0));
        if same {
            for ((_, _, place), (_, _, slot)) in driver.into_iter().zip(board) {
                self.attach(place, slot, Evidence::Pattern);
            }
        }
    }

    /// What has no slot yet is shown where the driver has it.
    fn the_rest(&mut self) {
        for place in self.pending() {
            let slot = self.add(None, Evidence::LocationOnly);
            self.attach(place, slot, Evidence::LocationOnly);
        }
    }

    /// Fills in sizes, and tells where the two sides do not agree about them.
    fn compare(&mut self, notes: &mut Vec<String>) {
        for (index, slot) in self.slots.iter_mut().enumerate() {
            let places = self
                .places
                .iter()
                .zip(&self.slot_of)
                .filter(|(_, of)| **of == Some(index));
            let sizes: Option<Vec<u64>> = places.map(|(place, _)| place.size).collect();
            let Some(seen) = sizes.filter(|it| !it.is_empty()).map(|it| it.iter().sum()) else {
                continue;
            };
            match (slot.size, &slot.label) {
                (None, _) => slot.size = Some(seen),
                (Some(size), Some(label)) if size != seen => {
                    let [size, seen] = [size, seen].map(|it| human::bytes(Bytes(it)));
                    notes.push(format!(
                        "{label}: the board says {size}, the driver {seen}; is the label right?"
                    ));
                }
                _ => {}
            }
        }
    }
}

/// Socket, controller, channel and module of `CPU_SrcID#0_MC#1_Chan#2_DIMM#0`, or of `.._Ha#1_..`.
fn driver_numbers(label: &str) -> Option<[u32; 4]> {
    let (words, numbers) = numbered(label);
    let known = [
        ["cpusrcid", "mc", "chan", "dimm"],
        ["cpusrcid", "ha", "chan", "dimm"],
    ];
    known
        .iter()
        .any(|it| words == *it)
        .then(|| numbers.try_into().ok())?
}

/// The same of `P0_Node1_Channel2_Dimm0`.
fn board_numbers(name: &str) -> Option<[u32; 4]> {
    let (words, numbers) = numbered(name);
    (words == ["p", "node", "channel", "dimm"]).then(|| numbers.try_into().ok())?
}

/// The words of a name, and the number behind each.
fn numbered(name: &str) -> (Vec<String>, Vec<u32>) {
    let (mut words, mut numbers) = (Vec::new(), Vec::new());
    let mut rest = name;
    while let Some(at) = rest.find(|it: char| it.is_ascii_digit()) {
        let (word, behind) = rest.split_at(at);
        let end = behind
            .find(|it: char| !it.is_ascii_digit())
            .unwrap_or(behind.len());
        let (number, further) = behind.split_at(end);
        words.push(normal(word));
        numbers.extend(number.parse::<u32>().ok());
        rest = further;
    }
    (words, numbers)
}

fn of_board(device: &Device, label: Option<String>) -> Slot {
    let device = device.clone();
    Slot {
        label,
        bank: device.bank,
        populated: device.populated,
        size: device.size,
        kind: device.kind,
        technology: device.technology.map(str::to_owned),
        ranks: device.ranks,
        rated_mts: device.rated_mts,
        configured_mts: device.configured_mts,
        ecc: device.ecc,
        manufacturer: device.manufacturer,
        part: device.part,
        serial: device.serial,
        ..empty()
    }
}

fn empty() -> Slot {
    Slot {
        label: None,
        bank: None,
        locations: Vec::new(),
        evidence: Evidence::Board,
        populated: None,
        size: None,
        kind: None,
        technology: None,
        ranks: None,
        rated_mts: None,
        configured_mts: None,
        ecc: None,
        manufacturer: None,
        part: None,
        serial: None,
        errors: Errors::default(),
        recorded: None,
        logged: None,
    }
}

#[cfg(test)]
mod tests;
