//! Captured scenarios: the raw dump of a controller's state (`state.txt`), and what the real MegaCLI
//! printed about it.
//!
//! A line of a dump is a kind of record and its fields: `pd dev=8 encl=0xfc slot=0 name="a b"`. The
//! short names are accepted by the simulator's own types; only what is packed is taken apart here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ironkeep_sim::state::{
    Battery, Controller, Drive, Event, ForeignConfiguration, Host, Interface, Phy,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Folders with captured scenarios: the project's own fixtures, and all scenarios where the
/// captures lie beside the repository.
pub(crate) fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root
        .ancestors()
        .map(|folder| folder.join("shared/captures/megacli-8.07.14"))
        .find(|folder| folder.is_dir());
    let folder = shared.unwrap_or_else(|| root.join("../../fixtures/megacli"));
    let entries = std::fs::read_dir(&folder).expect("the folder of the captures");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("state.txt").is_file() && path.join("commands.tsv").is_file())
        // Stories of changing commands, which `actions.rs` plays, begin with a state too.
        .filter(|path| !path.to_string_lossy().contains("-actions-"))
        .collect();
    found.sort();
    found
}

/// A host as a dump describes it.
pub(crate) fn host(dump: &str) -> Host {
    let mut controllers: Vec<Controller> = Vec::new();
    let mut foreign: Option<ForeignConfiguration> = None;
    for line in dump.lines().filter(|line| !line.trim().is_empty()) {
        let (kind, fields) = line.split_once(' ').unwrap_or((line, ""));
        let fields = read_fields(fields);
        if kind == "ctrl" {
            controllers.push(Controller {
                info: typed(kind, fields),
                ..Controller::default()
            });
            continue;
        }
        let controller = controllers.last_mut().expect("a controller");
        match (kind, &mut foreign) {
            ("foreign", _) => foreign = Some(typed(kind, fields)),
            ("endforeign", _) => controller.foreign.extend(foreign.take()),
            ("array", Some(it)) => it.arrays.push(typed(kind, array(fields))),
            ("ld", Some(it)) => it.virtual_drives.push(typed(kind, virtual_drive(fields))),
            ("spare", Some(it)) => it.spares.push(typed(kind, spare(fields))),
            _ => record(controller, kind, fields),
        }
    }
    for (number, controller) in (0..).zip(&mut controllers) {
        not_in_dump(number, controller);
    }
    Host {
        controllers,
        ..Host::default()
    }
}

/// What the emulated host had in every scenario, and no dump tells.
fn not_in_dump(number: u32, controller: &mut Controller) {
    controller.info.bus = 3 + number;
    controller.phys = phys_as_seen(&controller.phys);
    controller.terminal_log = [
        "T0:   DM_REC_INIT_STATE",
        "T1: C0:Evt: 0 - Firmware initialization started (PCI ID 005b/1000/9271/1000)",
        "T2: C0:Evt: 1 - Firmware version 3.400.45-3507",
    ]
    .map(str::to_owned)
    .to_vec();
}

/// The phys as MegaCLI saw them. The captured controllers' records of them were twice as long as what
/// MegaCLI takes: it saw each under twice its number, nothing in between, and no counters.
fn phys_as_seen(phys: &[Phy]) -> Vec<Phy> {
    let seen = phys.iter().flat_map(|phy| {
        let no_counters = Phy {
            invalid_dwords: 0,
            disparity_errors: 0,
            ..phy.clone()
        };
        [no_counters, Phy::default()]
    });
    let numbered = seen.zip(0..).map(|(phy, number)| Phy { number, ..phy });
    numbered.take(phys.len()).collect()
}

fn record(controller: &mut Controller, kind: &str, fields: Map<String, Value>) {
    match kind {
        "img" => controller.images.push(typed(kind, fields)),
        "encl" => controller.enclosures.push(typed(kind, enclosure(fields))),
        "pd" => controller.drives.push(drive(fields)),
        "array" => controller.arrays.push(typed(kind, array(fields))),
        "ld" => controller
            .virtual_drives
            .push(typed(kind, virtual_drive(fields))),
        "spare" => controller.spares.push(typed(kind, spare(fields))),
        "defs" => controller.defaults = typed(kind, fields),
        "mfginfo" => controller.manufacturing = typed(kind, fields),
        "prprop" => controller.patrol = typed(kind, fields),
        "ccsched" => controller.consistency = typed(kind, fields),
        "phy" => controller.phys.push(typed(kind, fields)),
        "bbu" => controller.battery = Some(typed(kind, fields_with_flags(fields, &["sohgood"]))),
        "bbucap" => battery(controller).capacity = typed(kind, fields),
        "bbudesign" => battery(controller).design = typed(kind, fields),
        "bbuprop" => battery(controller).properties = typed(kind, fields),
        "evt" => event(controller, fields),
        "evinfo" => controller.events.boot = number(&fields, "boot"),
        "pinned" => controller.preserved_cache = numbers(&fields, "ld"),
        "fault" => {
            controller
                .faults
                .insert(number(&fields, "op"), number(&fields, "status"));
        }
        kind => panic!("a dump with an unknown record: {kind} {fields:?}"),
    }
}

fn battery(controller: &mut Controller) -> &mut Battery {
    controller.battery.get_or_insert_default()
}

fn event(controller: &mut Controller, mut fields: Map<String, Value>) {
    let log = &mut controller.events.entries;
    let sequence = u32::try_from(log.len()).expect("a small log") + 1;
    fields.insert("sequence".to_owned(), json!(sequence));
    if let Some(class) = fields.get("cls").and_then(Value::as_u64) {
        fields.remove("cls");
        let class = u8::try_from(class).expect("a byte").cast_signed();
        fields.insert("class".to_owned(), json!(class));
    }
    if let Some(bytes) = fields.remove("args") {
        fields.insert("arguments".to_owned(), json!(hex(&text(&bytes))));
    }
    log.push(typed::<Event>("evt", fields));
}

fn array(mut fields: Map<String, Value>) -> Map<String, Value> {
    let members = fields.remove("pds").map(|members| text(&members));
    let members: Vec<Option<u16>> = members
        .unwrap_or_default()
        .split(',')
        .map(|member| member.parse().ok())
        .collect();
    fields.insert("members".to_owned(), json!(members));
    fields
}

fn virtual_drive(fields: Map<String, Value>) -> Map<String, Value> {
    let mut fields = fields_with_flags(fields, &["consistent", "sscd"]);
    let spans: Vec<Value> = text(&fields.remove("spans").expect("spans"))
        .split(';')
        .map(|span| {
            let parts: Vec<u64> = span
                .split(':')
                .map(|part| part.parse().expect("a span"))
                .collect();
            json!({"array": parts[0], "start": parts[1], "size": parts[2]})
        })
        .collect();
    fields.insert("spans".to_owned(), json!(spans));
    fields
}

fn spare(mut fields: Map<String, Value>) -> Map<String, Value> {
    let arrays = numbers(&fields, "arrays");
    fields.insert("arrays".to_owned(), json!(arrays));
    fields
}

fn enclosure(mut fields: Map<String, Value>) -> Map<String, Value> {
    for (packed, name) in [("temps", "temperatures"), ("raw", "elements")] {
        if let Some(bytes) = fields.remove(packed) {
            fields.insert(name.to_owned(), json!(hex(&text(&bytes))));
        }
    }
    fields
}

fn drive(fields: Map<String, Value>) -> Drive {
    let mut fields = fields_with_flags(fields, &["ssd"]);
    let inquiry = hex(&text(&fields.remove("inq").expect("inquiry data")));
    let flags: u32 = number(&fields, "ddf");
    let paths = [number::<u64>(&fields, "sas0"), number(&fields, "sas1")];
    let wwn = text(&fields.remove("wwn").expect("a WWN"));
    let wwn = u64::from_str_radix(&wwn, 16).expect("a WWN");
    let running = Running::take(&mut fields);
    for packed in ["ddf", "sas0", "sas1"] {
        fields.remove(packed);
    }
    let own = ["ser", "model", "fw"].map(|name| fields.remove(name).map(|it| text(&it)));
    let mut drive: Drive = typed("pd", fields);
    let column = |from: usize, to: usize| {
        let bytes = inquiry.get(from..to).unwrap_or_default();
        String::from_utf8_lossy(bytes)
            .trim_end_matches([' ', '\0'])
            .to_owned()
    };
    let [serial, model, firmware] = own;
    drive.vendor = column(8, 16);
    drive.model = model.unwrap_or_else(|| column(16, 32));
    drive.firmware = firmware.unwrap_or_else(|| column(32, 36));
    drive.serial = serial.unwrap_or_else(|| column(36, 56));
    drive.foreign = flags & 0x10 != 0;
    drive.sas_addresses = paths;
    drive.wwn = wwn;
    assert_eq!(u32::from(drive.interface.code()), flags >> 12, "{drive:?}");
    assert_ne!(drive.interface, Interface::Unknown);
    running.give(&mut drive);
    drive
}

/// The fields of a dump about what runs on a drive.
struct Running {
    active: u8,
    rebuild: Option<Value>,
    copyback: Option<Value>,
}

impl Running {
    fn take(fields: &mut Map<String, Value>) -> Self {
        let active = number(fields, "active");
        let mut progress = |name: &str, seconds: &str| {
            let fraction = fields.remove(name)?;
            let elapsed = fields.remove(seconds).unwrap_or(json!(0));
            Some(json!({"fraction": fraction, "elapsed": elapsed}))
        };
        let rebuild = progress("rbld", "rbldsec");
        let copyback = progress("cb", "cbsec").map(|progress| {
            let source = fields.get("cbsrc").cloned().expect("a source");
            json!({"progress": progress, "source": source})
        });
        for name in ["active", "cbsrc", "cbpartner"] {
            fields.remove(name);
        }
        Self {
            active,
            rebuild,
            copyback,
        }
    }

    fn give(self, drive: &mut Drive) {
        let read = |value: Value| serde_json::from_value(value).expect("progress");
        drive.activities.rebuild = self.rebuild.map(read);
        let read = |value: Value| serde_json::from_value(value).expect("copyback");
        drive.activities.copyback = self.copyback.map(read);
        let known = [
            (1, drive.activities.rebuild.is_some()),
            (8, drive.activities.copyback.is_some()),
        ];
        let expected: u8 = known.iter().filter(|(_, is)| *is).map(|(bit, _)| bit).sum();
        assert_eq!(self.active, expected, "{drive:?}");
    }
}

/// `fields` with the numbers of `flags` as truth values.
fn fields_with_flags(mut fields: Map<String, Value>, flags: &[&str]) -> Map<String, Value> {
    for &flag in flags {
        if let Some(value) = fields.get_mut(flag) {
            *value = json!(*value != json!(0));
        }
    }
    fields
}

fn typed<T: DeserializeOwned>(kind: &str, fields: Map<String, Value>) -> T {
    serde_json::from_value(Value::Object(fields))
        .unwrap_or_else(|error| panic!("a record of kind {kind}: {error}"))
}

/// The number in the field `name`; 0 where it is absent.
fn number<T: TryFrom<u64>>(fields: &Map<String, Value>, name: &str) -> T {
    let number = fields
        .get(name)
        .map_or(0, |value| value.as_u64().expect("a number"));
    T::try_from(number).ok().expect("a number that fits")
}

/// The numbers in the field `name`, which may be several: `0,1`.
fn numbers(fields: &Map<String, Value>, name: &str) -> Vec<u16> {
    let Some(value) = fields.get(name) else {
        return Vec::new();
    };
    text(value)
        .split(',')
        .map(|it| it.parse().expect("a number"))
        .collect()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).expect("hexadecimal"))
        .collect()
}

/// Fields that hold text even where it looks like a number.
const TEXTS: [&str; 6] = ["wwn", "inq", "args", "temps", "raw_elements", "pds"];

/// `dev=8 name="a b" size=0x10 ld=0 ld=3`. A field that comes twice holds both: `0,3`.
fn read_fields(mut line: &str) -> Map<String, Value> {
    let mut fields: BTreeMap<String, Value> = BTreeMap::new();
    while let Some((name, rest)) = line.trim_start().split_once('=') {
        let (value, rest) = if let Some(quoted) = rest.strip_prefix('"') {
            let (value, rest) = quoted.split_once('"').expect("a closing quote");
            (Value::from(value), rest)
        } else {
            let (value, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            let is_long = value.len() > 18;
            let read = match value.strip_prefix("0x") {
                Some(digits) => u64::from_str_radix(digits, 16).ok().map(Value::from),
                None => value.parse::<i64>().ok().map(Value::from),
            };
            let as_text = TEXTS.contains(&name) || is_long;
            let value = read
                .filter(|_| !as_text)
                .unwrap_or_else(|| Value::from(value));
            (value, rest)
        };
        let value = match fields.remove(name) {
            Some(before) => Value::from(format!("{},{}", text(&before), text(&value))),
            None => value,
        };
        fields.insert(name.to_owned(), value);
        line = rest;
    }
    fields.into_iter().collect()
}
