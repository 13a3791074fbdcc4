//! The boards of `fixtures/host`, as their firmware describes them.

use super::tables::{Module, Tables};

const ARRAY: u16 = 0x1000;
/// The length of a memory device in version 3.3, and in 2.6.
const NEW: usize = 0x5C;
const OLD: usize = 0x1C;

/// The system's memory, and what type 16 says of its errors.
const SYSTEM: u8 = 3;
const NO_ECC: u8 = 3;
const SINGLE_BIT: u8 = 5;
const MULTI_BIT: u8 = 6;

/// A KiB in GiB.
const GIB: u64 = 1 << 20;

/// A host, its table, and its entry point.
pub type Board = (&'static str, Vec<u8>, Vec<u8>);

/// All of them.
pub fn all() -> Vec<Board> {
    vec![
        epyc(),
        xeon(),
        no_edac(),
        ghes(),
        ghes_log(),
        legacy(),
        desktop(),
        malformed(),
        probable(),
        wrx80(),
        virtual_machine(),
    ]
}

fn names(manufacturer: &str, part: &str, number: u16) -> [String; 3] {
    [
        manufacturer.to_owned(),
        format!("{:08X}", 0x2F00_0000 + u32::from(number)),
        part.to_owned(),
    ]
}

fn leaked(text: String) -> &'static str {
    text.leak()
}

/// Two sockets with eight modules each, whose addresses are interleaved within the socket.
fn epyc() -> Board {
    let mut tables = Tables::default();
    // The firmware's own chip is a memory array as well.
    tables
        .array(0x0F00, 5, NO_ECC, 1)
        .array(ARRAY, SYSTEM, MULTI_BIT, 16);
    let chip = Module {
        locator: "BIOS ROM",
        megabytes: 32,
        kind: 9,
        width: (8, 8),
        names: ["Unknown"; 3].map(str::to_owned),
        ..Module::default()
    };
    tables.device(0x0F01, 0x0F00, &chip, NEW);
    for number in 0..16_u16 {
        let (socket, letter) = (
            number / 8,
            "ABCDEFGH".chars().nth(usize::from(number % 8)).unwrap(),
        );
        let module = Module {
            locator: leaked(format!("P{}-DIMM{letter}1", socket + 1)),
            bank: leaked(format!("P{socket}_Node0_Channel{}_Dimm0", number % 8)),
            speed: (3200, 2933),
            names: names("Micron Technology", "36ASF4G72PZ-3G2E1", number),
            ..Module::default()
        };
        tables.device(0x1100 + number, ARRAY, &module, NEW);
    }
    for number in 0..16_u16 {
        let first = u64::from(number / 8) * 256 * GIB;
        let position = u8::try_from(number % 8 + 1).unwrap();
        tables.device_range(
            0x1400 + number,
            0x1100 + number,
            first,
            first + 256 * GIB - 1,
            position,
        );
    }
    tables.array_range(0x1300, ARRAY, 0, 512 * GIB - 1);
    ("epyc-cgroup2", tables.end(), tables.entry_point())
}

/// Two sockets with six modules and twelve slots each.
fn xeon() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, MULTI_BIT, 24);
    for number in 0..24_u16 {
        let locator = leaked(format!(
            "{}{}",
            ["A", "B"][usize::from(number / 12)],
            number % 12 + 1
        ));
        let module = if number % 12 < 6 {
            Module {
                locator,
                bank: "Not Specified",
                megabytes: 16 << 10,
                speed: (2933, 2666),
                ranks: 1,
                names: names("Hynix Semiconductor", "HMA82GR7JJR8N-WM", number),
                ..Module::default()
            }
        } else {
            Module::empty(locator, "Not Specified", "Not Specified")
        };
        tables.device(0x1100 + number, ARRAY, &module, NEW);
    }
    ("xeon-cgroup1", tables.end(), tables.entry_point())
}

fn no_edac() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, SINGLE_BIT, 4);
    for number in 0..4_u16 {
        let locator = leaked(format!(
            "CPU{}_DIMM_{}1",
            number / 2 + 1,
            ["A", "B"][usize::from(number % 2)]
        ));
        let module = Module {
            locator,
            bank: leaked(format!("NODE {}", number / 2 + 1)),
            speed: (2666, 2666),
            names: names("Samsung", "M393A4K40BB2-CTD", number),
            ..Module::default()
        };
        tables.device(0x1100 + number, ARRAY, &module, NEW);
    }
    ("xeon-no-edac", tables.end(), tables.entry_point())
}

/// The firmware numbers sixteen slots and fills every other one.
fn ghes() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, MULTI_BIT, 16);
    for number in 0..16_u16 {
        let locator = leaked(format!("PROC 1 DIMM {}", number + 1));
        let module = if number % 2 == 1 {
            Module {
                locator,
                bank: "Not Specified",
                speed: (3200, 3200),
                names: names("Samsung", "M393A4K40DB3-CWE", number),
                ..Module::default()
            }
        } else {
            Module::empty(locator, "Not Specified", "NOT AVAILABLE")
        };
        tables.device(0x1100 + number, ARRAY, &module, NEW);
    }
    ("ghes", tables.end(), tables.entry_point())
}

/// Six slots, the last one empty; the first module has addresses of its own, two others share theirs.
fn ghes_log() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, MULTI_BIT, 6);
    for (number, locator) in (0..).zip(["A1", "A2", "A3", "B1", "B2", "B3"]) {
        let bank = ["NODE 1", "NODE 2"][usize::from(number / 3)];
        let module = if locator == "B3" {
            Module::empty(locator, bank, "Not Specified")
        } else {
            Module {
                locator,
                bank,
                speed: (3200, 3200),
                names: names("Hynix", "HMA84GR7DJR4N-XN", number),
                ..Module::default()
            }
        };
        tables.device(0x1100 + number, ARRAY, &module, NEW);
    }
    tables.device_range(0x1400, 0x1100, 0, 32 * GIB - 1, 0);
    tables.device_range(0x1401, 0x1101, 32 * GIB, 96 * GIB - 1, 1);
    tables.device_range(0x1402, 0x1102, 32 * GIB, 96 * GIB - 1, 2);
    ("ghes-log", tables.end(), tables.entry_point())
}

/// A table of version 2.6 with fully buffered modules, and with placeholders for names.
fn legacy() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, MULTI_BIT, 8);
    for number in 0..8_u16 {
        let module = Module {
            locator: leaked(format!(
                "DIMM {}{}",
                number % 2 + 1,
                ["A", "B", "C", "D"][usize::from(number / 2)]
            )),
            bank: leaked(format!("BANK{number}")),
            megabytes: 1024,
            kind: 0x14,
            speed: (667, 0),
            ranks: 0,
            names: ["Manufacturer1", "SerNum1", "PartNum1"].map(str::to_owned),
            ..Module::default()
        };
        tables.device(0x1100 + number, ARRAY, &module, OLD);
    }
    ("legacy-csrow", tables.end(), tables.old_entry_point())
}

/// Two channels that call their slots alike.
fn desktop() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, NO_ECC, 4);
    for (number, bank) in ["P0 CHANNEL A", "P0 CHANNEL B"].into_iter().enumerate() {
        let number = u16::try_from(number).unwrap();
        tables.device(
            0x1100 + 2 * number,
            ARRAY,
            &Module::empty("DIMM 0", bank, "Unknown"),
            NEW,
        );
        let module = Module {
            locator: "DIMM 1",
            bank,
            megabytes: [16 << 10, 8 << 10][usize::from(number)],
            width: (64, 64),
            speed: (3600, 2133),
            names: names("Unknown", "CMK16GX4M1D3600C18", number),
            ..Module::default()
        };
        tables.device(0x1101 + 2 * number, ARRAY, &module, NEW);
    }
    ("desktop-ecc-off", tables.end(), tables.entry_point())
}

/// Cut off within the third module.
fn malformed() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, MULTI_BIT, 3);
    for (number, locator) in ["P1-DIMMA1", "P1-DIMMB1", "P1-DIMMD1"]
        .into_iter()
        .enumerate()
    {
        let number = u16::try_from(number).unwrap();
        let module = Module {
            locator,
            names: names("Samsung", "M393A4K40CB2-CVF", number),
            ..Module::default()
        };
        tables.device(0x1100 + number, ARRAY, &module, NEW);
    }
    let entry = tables.entry_point();
    let mut bytes = tables.end();
    bytes.truncate(bytes.len() - 60);
    ("malformed", bytes, entry)
}

/// Names with the numbers that the driver uses, and two sizes.
fn probable() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, MULTI_BIT, 16);
    for number in 0..16_u16 {
        let (socket, place) = (number / 8, number % 8);
        let locator = leaked(format!(
            "P{}-DIMM{}",
            socket + 1,
            ["A1", "A2", "B1", "C1", "D1", "D2", "E1", "F1"][usize::from(place)]
        ));
        let (channel, slot) = [(0, 0), (0, 1), (1, 0), (2, 0)][usize::from(place % 4)];
        let bank = leaked(format!(
            "P{socket}_Node{}_Channel{channel}_Dimm{slot}",
            place / 4
        ));
        let module = if slot == 1 {
            Module::empty(locator, bank, "NO DIMM")
        } else {
            Module {
                locator,
                bank,
                megabytes: if channel == 0 { 32 << 10 } else { 16 << 10 },
                speed: (2666, 2666),
                names: names("Samsung", "M393A4K40BB2-CTD", number),
                ..Module::default()
            }
        };
        tables.device(0x1100 + number, ARRAY, &module, NEW);
    }
    ("xeon-probable", tables.end(), tables.entry_point())
}

/// Letters in the order of the board, which is not that of the channels.
fn wrx80() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, MULTI_BIT, 8);
    for number in 0..8_u16 {
        let letter = "ABCDEFGH".chars().nth(usize::from(number)).unwrap();
        let module = Module {
            locator: leaked(format!("DIMM_{letter}1")),
            bank: leaked(format!("P0 CHANNEL {letter}")),
            names: names("Kingston", "KSM32ED8/32ME", number),
            ..Module::default()
        };
        tables.device(0x1100 + number, ARRAY, &module, NEW);
    }
    ("wrx80", tables.end(), tables.entry_point())
}

/// As hypervisors describe it: ECC of any kind, and modules without width or names.
fn virtual_machine() -> Board {
    let mut tables = Tables::default();
    tables.array(ARRAY, SYSTEM, MULTI_BIT, 1);
    let module = Module {
        locator: "DIMM 0",
        bank: "Not Specified",
        megabytes: 4096,
        width: (0xFFFF, 0xFFFF),
        kind: 7,
        speed: (0, 0),
        ranks: 0,
        names: ["QEMU", "Not Specified", "Not Specified"].map(str::to_owned),
        technology: 2,
    };
    tables.device(0x1100, ARRAY, &module, NEW);
    ("virtual", tables.end(), tables.entry_point())
}
