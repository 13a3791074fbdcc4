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
mod tests {
    use jiff::Timestamp;

    use super::super::events::{Names, Origin};
    use super::super::source::Board;
    use super::super::{Edac, Recorded};
    use super::*;
    use crate::dimm::smbios::parse;
    use crate::dimm::smbios::tables::{Module, Tables};

    const GIB: u64 = 1 << 20;

    /// A table of modules: locator, bank, GiB.
    fn table(modules: &[(&'static str, &'static str, u32)]) -> Table {
        let mut tables = Tables::default();
        tables.array(1, 3, 6, 8);
        for (handle, &(locator, bank, gib)) in (10..).zip(modules) {
            let module = Module {
                locator,
                bank,
                megabytes: gib << 10,
                ..Module::default()
            };
            tables.device(handle, 1, &module, 0x5C);
        }
        parse(&tables.end(), None).0
    }

    /// A place: controller, layers, label, GiB, corrected errors.
    fn place(mc: u32, layers: &[u32], label: &str, gib: u64, corrected: u64) -> Place {
        Place {
            mc,
            firmware_first: false,
            words: format!("mc{mc} {layers:?}"),
            layers: layers.to_vec(),
            by_row: true,
            label: Some(label.to_owned()),
            size: Some(gib << 30),
            kind: None,
            ecc: Some(true),
            errors: Errors {
                corrected: Some(corrected),
                uncorrected: Some(0),
                since: None,
            },
        }
    }

    fn counters(places: Vec<Place>) -> Counters {
        Counters {
            state: Edac::Counting,
            controllers: Vec::new(),
            drivers: Vec::new(),
            places,
        }
    }

    fn joined(table: &Table, places: Vec<Place>) -> (Joined, Vec<String>) {
        let mut notes = Vec::new();
        let joined = join(
            table,
            &counters(places),
            &Labels::default(),
            None,
            None,
            &mut notes,
        );
        (joined, notes)
    }

    /// Label, evidence and corrected errors of each slot.
    fn shown(joined: &Joined) -> Vec<(&str, Evidence, Option<u64>)> {
        let slots = joined.slots.iter();
        slots
            .map(|slot| (slot.words(), slot.evidence, slot.errors.corrected))
            .collect()
    }

    #[test]
    fn ranks_of_one_label_are_one_module() {
        let table = table(&[("P1-DIMMA1", "x", 32), ("P1-DIMMB1", "x", 32)]);
        let places = vec![
            place(0, &[0, 0], "P1_DIMMA1", 16, 3),
            place(0, &[1, 0], "P1_DIMMA1", 16, 4),
            place(0, &[0, 1], "P1_DIMMB1", 16, 0),
        ];
        let (joined, notes) = joined(&table, places);
        let expected = [
            ("P1-DIMMA1", Evidence::DriverLabel, Some(7)),
            ("P1-DIMMB1", Evidence::DriverLabel, Some(0)),
        ];
        assert_eq!(shown(&joined), expected);
        assert_eq!(joined.slots[0].locations, ["mc0 [0, 0]", "mc0 [1, 0]"]);
        assert_eq!(
            notes,
            ["P1-DIMMB1: the board says 32 GiB, the driver 16 GiB; is the label right?"]
        );
    }

    #[test]
    fn a_label_that_no_slot_has_stands_for_itself() {
        let (joined, _) = joined(
            &table(&[("DIMM1", "x", 32)]),
            vec![place(0, &[0, 0], "Front left", 32, 1)],
        );
        let expected = [
            ("DIMM1", Evidence::Board, None),
            ("Front left", Evidence::DriverLabel, Some(1)),
        ];
        assert_eq!(shown(&joined), expected);
    }

    #[test]
    fn a_label_of_an_empty_slot_is_not_believed() {
        let (joined, notes) = joined(
            &table(&[("A1", "x", 0)]),
            vec![place(0, &[0, 0], "A1", 32, 1)],
        );
        assert_eq!(joined.slots[0].errors.corrected, None);
        assert_eq!(joined.slots[1].errors.corrected, Some(1));
        assert_eq!(
            notes,
            ["the driver counts errors of A1, and the board calls that slot empty"]
        );
    }

    #[test]
    fn the_kernels_own_labels_are_none() {
        for label in [
            "mc#0csrow#2channel#1",
            "CPU_SrcID#0_Ha#0_Chan#1_DIMM#0",
            "unknown memory (count: 1)",
            "MC#0_Chan#1_DIMM#0",
        ] {
            assert!(is_default(label), "{label}");
        }
        for label in ["A1", "CPU1_DIMM_A1", "DIMM#1", "mcA"] {
            assert!(!is_default(label), "{label}");
        }
    }

    #[test]
    fn a_file_of_labels_comes_after_the_drivers() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("ras")).unwrap();
        let text = "Vendor: V\n Model: M\n  B1: 0.0.0; B2: 0.0.1\n";
        std::fs::write(folder.path().join("ras/dimm_labels.db"), text).unwrap();
        let board = Board {
            vendor: Some("v".to_owned()),
            name: Some("m".to_owned()),
            ..Board::default()
        };
        let labels = crate::dimm::labels::read(folder.path(), &board, &mut Vec::new());
        let places = vec![
            place(0, &[0, 0], "mc#0csrow#0channel#0", 32, 1),
            place(0, &[0, 1], "A1", 32, 2),
        ];
        let table = table(&[("A1", "x", 32), ("B1", "x", 32), ("B2", "x", 32)]);
        let joined = join(
            &table,
            &counters(places),
            &labels,
            None,
            None,
            &mut Vec::new(),
        );
        let expected = [
            ("A1", Evidence::DriverLabel, Some(2)),
            ("B1", Evidence::LabelFile, Some(1)),
            ("B2", Evidence::Board, None),
        ];
        assert_eq!(shown(&joined), expected);
    }

    #[test]
    fn firmware_names_the_module_of_its_own_table() {
        let firmware = |label| Place {
            firmware_first: true,
            ..place(0, &[3], label, 32, 1)
        };
        let table = table(&[
            ("DIMM 0", "CHANNEL A", 32),
            ("DIMM 0", "CHANNEL B", 32),
            ("PROC 1 DIMM 1", "Not Specified", 32),
            ("PROC 1 DIMM 11", "Not Specified", 32),
        ]);
        let places = vec![
            firmware("CHANNEL B DIMM 0"),
            firmware("Not Specified PROC 1 DIMM 11"),
        ];
        let (joined, _) = joined(&table, places);
        let expected = [
            ("CHANNEL A DIMM 0", Evidence::Board, None),
            ("CHANNEL B DIMM 0", Evidence::FirmwareHandle, Some(1)),
            ("PROC 1 DIMM 1", Evidence::Board, None),
            ("PROC 1 DIMM 11", Evidence::FirmwareHandle, Some(1)),
        ];
        assert_eq!(shown(&joined), expected);
    }

    fn event(
        label: &str,
        mc: Option<u32>,
        layers: &[u32],
        address: Option<u64>,
    ) -> (Origin, Recorded) {
        let origin = Origin {
            label: label.to_owned(),
            mc,
            layers: layers.to_vec(),
            address,
            ..Origin::default()
        };
        let recorded = Recorded {
            corrected: 1,
            uncorrected: 0,
            first: Some(Timestamp::UNIX_EPOCH),
            last: Some(Timestamp::UNIX_EPOCH),
        };
        (origin, recorded)
    }

    #[test]
    fn addresses_of_one_module_place_a_counter_and_interleaved_ones_do_not() {
        let mut tables = Tables::default();
        tables.array(1, 3, 6, 8);
        for (handle, locator) in (10..).zip(["A1", "B1", "C1"]) {
            tables.device(
                handle,
                1,
                &Module {
                    locator,
                    ..Module::default()
                },
                0x5C,
            );
        }
        tables.device_range(20, 10, 0, 32 * GIB - 1, 0);
        tables.device_range(21, 11, 32 * GIB, 96 * GIB - 1, 1);
        tables.device_range(22, 12, 32 * GIB, 96 * GIB - 1, 2);
        let table = parse(&tables.end(), None).0;
        let label = "mc#0csrow#0channel#0";
        let other = "mc#0csrow#0channel#1";
        let places = vec![
            place(0, &[0, 0], label, 32, 9),
            place(0, &[0, 1], other, 32, 8),
        ];
        let events = Events::from([
            event(label, Some(0), &[0, 0], Some(5 << 30)),
            event(other, Some(0), &[0, 1], Some(40 << 30)),
            event("any", None, &[], Some(6 << 30)),
            event("any", None, &[], Some(41 << 30)),
            event("any", None, &[], None),
        ]);
        let joined = join(
            &table,
            &counters(places),
            &Labels::default(),
            Some(&events),
            None,
            &mut Vec::new(),
        );
        let expected = [
            ("A1", Evidence::ErrorAddress, Some(9)),
            ("B1", Evidence::Board, None),
            ("C1", Evidence::Board, None),
            ("mc0 [0, 1]", Evidence::LocationOnly, Some(8)),
        ];
        assert_eq!(shown(&joined), expected);
        let recorded: Vec<u64> = joined
            .slots
            .iter()
            .map(|it| it.recorded.unwrap().corrected)
            .collect();
        assert_eq!(recorded, [2, 0, 0, 1]);
        let elsewhere: Vec<_> = joined
            .elsewhere
            .iter()
            .map(|it| it.modules.join("+"))
            .collect();
        assert_eq!(elsewhere, ["", "B1+C1"]);
    }

    #[test]
    fn the_firmwares_names_are_believed_where_they_agree_and_something_is_there() {
        let table = table(&[
            ("A1", "NODE 1", 32),
            ("DIMM 0", "CHANNEL A", 32),
            ("DIMM 0", "CHANNEL B", 32),
            ("PROC 1 DIMM 1", "Not Specified", 32),
            ("PROC 1 DIMM 11", "Not Specified", 32),
            ("B1", "NODE 2", 0),
        ]);
        let of = |handle: Option<u16>, location: &str, fru: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let names = Names {
                handle,
                location: some(location),
                fru: some(fru),
            };
            let origin = Origin {
                names,
                ..Origin::default()
            };
            let (_, recorded) = event("", None, &[], None);
            let joined = join(
                &table,
                &counters(Vec::new()),
                &Labels::default(),
                None,
                Some(&Events::from([(origin, recorded)])),
                &mut Vec::new(),
            );
            let mut named = joined
                .slots
                .iter()
                .filter(|it| it.logged.unwrap().corrected == 1);
            let slot = named.next().map(|it| (it.words().to_owned(), it.evidence));
            let elsewhere = joined.logged_elsewhere;
            let elsewhere: Vec<_> = elsewhere
                .into_iter()
                .map(|it| (it.place, it.modules.join("+")))
                .collect();
            assert_eq!(slot.is_some(), elsewhere.is_empty());
            slot.map_or_else(
                || elsewhere[0].clone(),
                |(label, evidence)| {
                    assert_eq!(evidence, Evidence::FirmwareHandle);
                    (label, String::new())
                },
            )
        };
        let words = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(of(Some(10), "", ""), words("A1", ""));
        assert_eq!(of(Some(12), "", ""), words("CHANNEL B DIMM 0", ""));
        assert_eq!(of(None, "NODE 1 A1", ""), words("A1", ""));
        assert_eq!(
            of(None, "CHANNEL A DIMM 0", ""),
            words("CHANNEL A DIMM 0", "")
        );
        assert_eq!(
            of(None, "Not Specified PROC 1 DIMM 11", ""),
            words("PROC 1 DIMM 11", "")
        );
        assert_eq!(of(None, "", "A1"), words("A1", ""));
        assert_eq!(of(Some(10), "NODE 1 A1", "A1"), words("A1", ""));
        // Of several slots, of none, of an empty one, and of two.
        assert_eq!(of(None, "", "DIMM 0"), words("DIMM 0", ""));
        assert_eq!(
            of(None, "", "Card02, ChnA, DIMM0"),
            words("Card02, ChnA, DIMM0", "")
        );
        assert_eq!(of(Some(99), "", ""), words("DMI handle 0x0063", ""));
        assert_eq!(of(None, "NODE 2 B1", ""), words("NODE 2 B1", ""));
        assert_eq!(
            of(Some(11), "", "A1"),
            words("A1, DMI handle 0x000b", "A1+CHANNEL A DIMM 0")
        );
    }

    #[test]
    fn a_text_that_fills_its_field_may_be_cut_off() {
        let whole = "PROCESSOR 1 SLOT 10A";
        assert_eq!(whole.len(), 20);
        let table = table(&[(whole, "x", 32)]);
        let logged = [whole, "PROCESSOR 1 SLOT 10"].map(|fru| {
            let origin = Origin {
                names: Names {
                    fru: Some(fru.to_owned()),
                    ..Names::default()
                },
                ..Origin::default()
            };
            (origin, Recorded::default())
        });
        let joined = join(
            &table,
            &counters(Vec::new()),
            &Labels::default(),
            None,
            Some(&Events::from(logged)),
            &mut Vec::new(),
        );
        assert_eq!(joined.logged_elsewhere.len(), 2);
    }

    #[test]
    fn a_pattern_takes_all_modules_and_all_sizes() {
        let slots = [
            ("P1-DIMMA1", "P0_Node0_Channel0_Dimm0", 32),
            ("P1-DIMMB1", "P0_Node0_Channel1_Dimm0", 16),
            ("P1-DIMMB2", "P0_Node0_Channel1_Dimm1", 0),
        ];
        let place = |channel: u32, gib| {
            place(
                0,
                &[channel, 0],
                &format!("CPU_SrcID#0_MC#0_Chan#{channel}_DIMM#0"),
                gib,
                u64::from(channel) + 1,
            )
        };
        let (joined_all, _) = joined(&table(&slots), vec![place(1, 16), place(0, 32)]);
        let expected = [
            ("P1-DIMMA1", Evidence::Pattern, Some(1)),
            ("P1-DIMMB1", Evidence::Pattern, Some(2)),
            ("P1-DIMMB2", Evidence::Board, None),
        ];
        assert_eq!(shown(&joined_all), expected);
        // Sizes that are swapped, a module more, a module less.
        for places in [
            vec![place(1, 32), place(0, 16)],
            vec![place(1, 16), place(0, 32), place(2, 16)],
            vec![place(0, 32)],
        ] {
            let (joined, _) = joined(&table(&slots), places);
            let evidence = joined.slots.iter().map(|it| it.evidence);
            assert!(evidence.clone().all(|it| it != Evidence::Pattern));
            assert!(evidence.skip(3).all(|it| it == Evidence::LocationOnly));
        }
    }

    #[test]
    fn letters_are_no_channels() {
        // ASRock WRX80: channels 0 to 7 are A B D C H G E F.
        let slots = [
            ("DIMM_A1", "P0 CHANNEL A", 32),
            ("DIMM_B1", "P0 CHANNEL B", 32),
        ];
        let places = vec![
            place(0, &[0, 0], "mc#0csrow#0channel#0", 32, 1),
            place(0, &[0, 1], "mc#0csrow#0channel#1", 32, 0),
        ];
        let (joined, _) = joined(&table(&slots), places);
        let evidence: Vec<Evidence> = joined.slots.iter().map(|it| it.evidence).collect();
        assert_eq!(
            evidence,
            [
                Evidence::Board,
                Evidence::Board,
                Evidence::LocationOnly,
                Evidence::LocationOnly
            ]
        );
    }
}
