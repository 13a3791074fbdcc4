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

fn event(label: &str, mc: Option<u32>, layers: &[u32], address: Option<u64>) -> (Origin, Recorded) {
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
