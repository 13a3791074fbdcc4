//! The sweeps of single fields through the real MegaCLI: for every value the same field of the state is
//! set, and the lines of the table must be in the answer. They are read where the captures lie beside
//! the repository, and skipped elsewhere.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test"
)]
#![expect(clippy::print_stderr, reason = "it says what it skips")]

#[expect(dead_code, reason = "shared with the test of fidelity")]
mod captured;

use std::path::{Path, PathBuf};

use ironkeep_sim::megacli;
use ironkeep_sim::state::{
    Battery, BatteryKind, Controller, Drive, DriveState, Enclosure, EnclosureKind, Host, Interface,
    Power, Progress, VirtualDrive, VirtualState,
};

/// Sets the swept field to a value of the table. `false` for one that the state cannot hold.
type Set = fn(&mut Controller, u64) -> bool;

const BBU_STATUS: &str = "-AdpBbuCmd -GetBbuStatus -a0";
const ENC_INFO: &str = "-EncInfo -a0";
const PD_INFO: &str = "-pdInfo -PhysDrv[252:0] -a0";
const LD_INFO: &str = "-LDInfo -L0 -a0";

/// Table, scenario, command, and the field.
const TABLES: &[(&str, &str, &str, Set)] = &[
    (
        "bbu_autolearn",
        "healthy_raid5_hs",
        "-AdpBbuCmd -GetBbuProperties -a0",
        |it, value| battery(it, |it| it.properties.mode = byte(value)),
    ),
    (
        "bbu_fw_byte0",
        "healthy_raid5_hs",
        BBU_STATUS,
        |it, value| battery_status(it, value),
    ),
    (
        "bbu_fw_byte1",
        "healthy_raid5_hs",
        BBU_STATUS,
        |it, value| battery_status(it, value << 8),
    ),
    (
        "bbu_fw_byte2",
        "healthy_raid5_hs",
        BBU_STATUS,
        |it, value| battery_status(it, value << 16),
    ),
    (
        "bbu_fw_byte3",
        "healthy_raid5_hs",
        BBU_STATUS,
        |it, value| battery_status(it, value << 24),
    ),
    ("bbu_gas_lo", "healthy_raid5_hs", BBU_STATUS, |it, value| {
        battery(it, |it| {
            it.gauge_status = it.gauge_status & 0xff00 | two_bytes(value);
        })
    }),
    ("bbu_type", "healthy_raid5_hs", BBU_STATUS, |it, value| {
        battery(it, |it| it.kind = BatteryKind::of_code(byte(value)))
    }),
    ("encl_status", "healthy_raid5_hs", ENC_INFO, |it, value| {
        enclosure(it, |it| it.status = byte(value))
    }),
    ("encl_type", "healthy_raid5_hs", ENC_INFO, |it, value| {
        enclosure(it, |it| it.kind = EnclosureKind::of_code(byte(value)))
    }),
    (
        "ld_cache_current",
        "healthy_raid5_hs",
        LD_INFO,
        |it, value| virtual_drive(it, |it| it.current_cache = byte(value)),
    ),
    (
        "ld_cache_default",
        "healthy_raid5_hs",
        LD_INFO,
        |it, value| virtual_drive(it, |it| it.default_cache = byte(value)),
    ),
    ("ld_diskcache", "healthy_raid5_hs", LD_INFO, |it, value| {
        virtual_drive(it, |it| it.disk_cache = byte(value))
    }),
    ("ld_encryption", "healthy_raid5_hs", LD_INFO, |it, value| {
        virtual_drive(it, |it| it.encryption = byte(value))
    }),
    ("ld_name", "healthy_raid5_hs", LD_INFO, |it, value| {
        let first = char::from(byte(value));
        virtual_drive(it, |it| it.name = format!("{first}ata")) && first.is_ascii_graphic()
    }),
    ("ld_progress", "healthy_raid5_hs", LD_INFO, |it, value| {
        let running = |bit: u64| (value & bit != 0).then(Progress::default);
        virtual_drive(it, |it| {
            it.activities.consistency_check = running(1);
            it.activities.background_initialization = running(2);
            it.activities.foreground_initialization = running(4);
            it.activities.reconstruction = running(8);
        })
    }),
    ("ld_raid", "healthy_raid5_hs", LD_INFO, |it, value| {
        virtual_drive(it, |it| it.primary_level = byte(value & 0xf))
            && it.virtual_drives[0].primary_level == byte(value)
    }),
    ("ld_state", "healthy_raid5_hs", LD_INFO, |it, value| {
        virtual_drive(it, |it| it.state = VirtualState::of_code(byte(value)))
    }),
    ("ld_stripe", "healthy_raid5_hs", LD_INFO, |it, value| {
        virtual_drive(it, |it| it.strip_size = byte(value))
    }),
    ("pd_devspeed", "healthy_raid5_hs", PD_INFO, |it, value| {
        drive(it, |it| it.device_speed = byte(value))
    }),
    (
        "pd_foreign_ddf",
        "healthy_raid5_hs",
        PD_INFO,
        |it, value| drive(it, |it| it.foreign = value & 0x10 != 0),
    ),
    (
        "pd_fwstate_power00",
        "healthy_raid5_hs",
        PD_INFO,
        |it, value| state(it, value, 0),
    ),
    (
        "pd_fwstate_power01",
        "healthy_raid5_hs",
        PD_INFO,
        |it, value| state(it, value, 1),
    ),
    (
        "pd_fwstate_power02",
        "healthy_raid5_hs",
        PD_INFO,
        |it, value| state(it, value, 2),
    ),
    (
        "pd_fwstate_power10",
        "healthy_raid5_hs",
        PD_INFO,
        |it, value| state(it, value, 0x10),
    ),
    (
        "pd_fwstate_powerff",
        "healthy_raid5_hs",
        PD_INFO,
        |it, value| state(it, value, 0xff),
    ),
    ("pd_linkspeed", "healthy_raid5_hs", PD_INFO, |it, value| {
        drive(it, |it| it.link_speed = byte(value))
    }),
    ("pd_media", "healthy_raid5_hs", PD_INFO, |it, value| {
        drive(it, |it| it.solid_state = value != 0)
    }),
    ("pd_paths", "healthy_raid5_hs", PD_INFO, |it, value| {
        drive(it, |it| it.paths = byte(value)) && value <= 2
    }),
    ("pd_power", "healthy_raid5_hs", PD_INFO, |it, value| {
        drive(it, |it| it.power = Power::of_code(byte(value)))
    }),
    ("pd_prop", "healthy_raid5_hs", PD_INFO, |it, value| {
        drive(it, |it| {
            it.protection = byte(value & 0xf);
            it.protection_eligible = value & 0x10 != 0;
        })
    }),
    ("pd_security", "healthy_raid5_hs", PD_INFO, |it, value| {
        drive(it, |it| it.security = byte(value))
    }),
    ("pd_type_intf", "healthy_raid5_hs", PD_INFO, |it, value| {
        drive(it, |it| it.interface = Interface::of_code(byte(value >> 4)))
    }),
    (
        "pdlist_fwstate_power00",
        "healthy_raid5_hs",
        "-PDList -a0",
        |it, value| listed_state(it, value, 0),
    ),
    (
        "pdlist_fwstate_power01",
        "healthy_raid5_hs",
        "-PDList -a0",
        |it, value| listed_state(it, value, 1),
    ),
    (
        "rebuild_elapsed",
        "rebuilding",
        "-PDRbld -ShowProg -PhysDrv[252:2] -a0",
        |it, value| rebuild(it, |it| it.elapsed = two_bytes(value)),
    ),
    (
        "rebuild_progress",
        "rebuilding",
        "-PDRbld -ShowProg -PhysDrv[252:2] -a0",
        |it, value| rebuild(it, |it| it.fraction = two_bytes(value)),
    ),
    ("size_format", "healthy_raid5_hs", PD_INFO, raw_size),
    ("smart_pred", "healthy_raid5_hs", PD_INFO, |it, value| {
        value <= 0xffff && drive(it, |it| it.predictive_failures = two_bytes(value))
    }),
];

/// Tables of sizes alone, in sectors.
const SIZES: [&str; 5] = [
    "size_1GB_plus_MB",
    "size_1GB_plus_halfMB",
    "size_1MB_plus_KB",
    "size_1TB_plus_GB",
    "size_KB",
];

fn byte(value: u64) -> u8 {
    u8::try_from(value).expect("a byte")
}

fn two_bytes(value: u64) -> u16 {
    u16::try_from(value).expect("two bytes")
}

fn battery(controller: &mut Controller, set: impl Fn(&mut Battery)) -> bool {
    set(controller.battery.as_mut().expect("a battery"));
    true
}

fn battery_status(controller: &mut Controller, status: u64) -> bool {
    let status = u32::try_from(status).expect("four bytes");
    battery(controller, |it| it.firmware_status = status)
}

fn enclosure(controller: &mut Controller, set: impl Fn(&mut Enclosure)) -> bool {
    set(&mut controller.enclosures[0]);
    true
}

fn virtual_drive(controller: &mut Controller, set: impl Fn(&mut VirtualDrive)) -> bool {
    set(&mut controller.virtual_drives[0]);
    true
}

fn drive(controller: &mut Controller, set: impl Fn(&mut Drive)) -> bool {
    set(&mut controller.drives[0]);
    true
}

fn state(controller: &mut Controller, state: u64, power: u8) -> bool {
    drive(controller, |it| {
        it.state = DriveState::of_code(two_bytes(state));
        it.power = Power::of_code(power);
    })
}

/// The tool leaves out drives that are being diagnosed only where they are no members; it took this
/// one for a member, whatever its state.
fn listed_state(controller: &mut Controller, value: u64, power: u8) -> bool {
    state(controller, value, power) && !matches!(value, 0x80 | 0x82)
}

fn rebuild(controller: &mut Controller, set: impl Fn(&mut Progress)) -> bool {
    let drive = controller.drive_at(252, 2).map(|drive| drive.device_id);
    let drive = drive.and_then(|id| controller.drive_mut(id));
    let rebuild = drive.and_then(|drive| drive.activities.rebuild.as_mut());
    set(rebuild.expect("a rebuild"));
    true
}

fn raw_size(controller: &mut Controller, sectors: u64) -> bool {
    drive(controller, |it| it.raw_size = sectors)
}

fn folder() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/captures/megacli-8.07.14"))
        .find(|folder| folder.join("tables").is_dir());
    if shared.is_none() {
        eprintln!("skipped: the captures do not lie beside the repository");
    }
    shared
}

fn host(folder: &Path, scenario: &str) -> Host {
    let dump = std::fs::read_to_string(folder.join(scenario).join("state.txt"));
    captured::host(&dump.expect("a dump"))
}

fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

/// The table's rows: value, and lines.
fn rows(folder: &Path, table: &str) -> Vec<(u64, String)> {
    let text = std::fs::read(folder.join(format!("tables/{table}.tsv"))).expect("a table");
    let text = String::from_utf8_lossy(&text);
    let rows = text.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let value = number(columns.next()?)?;
        let is_status_0 = columns.next()? == "rc=0";
        let lines = columns.next()?.replace("\\t", "\t");
        is_status_0.then_some((value, lines))
    });
    rows.collect()
}

#[test]
fn every_value_of_the_tables_makes_its_lines() {
    let Some(folder) = folder() else { return };
    let mut compared = 0;
    for (table, scenario, command, set) in TABLES {
        let host = host(&folder, scenario);
        let command: Vec<&str> = command.split(' ').collect();
        let before = compared;
        for (value, lines) in rows(&folder, table) {
            let mut host = host.clone();
            if !set(&mut host.controllers[0], value) {
                continue;
            }
            compared += 1;
            let text = megacli::run(&mut host, &command).text();
            let mut answer = text.lines();
            for line in lines.split(" | ").filter(|line| !line.is_empty()) {
                assert!(
                    answer.any(|it| it == line),
                    "{table} {value:#x}: no {line:?} in {text}"
                );
            }
        }
        assert_ne!(compared, before, "{table} is empty");
    }
    assert!(compared > 2000, "{compared}");
}

#[test]
fn every_size_of_the_tables_is_written_so() {
    let Some(folder) = folder() else { return };
    let host = host(&folder, "healthy_raid5_hs");
    let command: Vec<&str> = PD_INFO.split(' ').collect();
    for table in SIZES {
        let text = std::fs::read_to_string(folder.join(format!("tables/{table}.tsv")));
        for line in text.expect("a table").lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let sectors = number(columns[1]).expect("sectors");
            let mut host = host.clone();
            raw_size(&mut host.controllers[0], sectors);
            let text = megacli::run(&mut host, &command).text();
            let line = format!("Raw Size: {} [{sectors:#x} Sectors]", columns[2]);
            assert!(text.lines().any(|it| it == line), "{table}: no {line}");
        }
    }
}
