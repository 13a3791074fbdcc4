//! The simulator and the parsers against each other: whatever state a host is in, what the simulated
//! MegaCLI prints about it reads back as that state, with nothing left over.
//!
//! Neither side knows the other: the simulator is held to real captures by `crates/sim`, the parsers by
//! `parsers/tests`. Here random states go where no capture has been. `PROPTEST_CASES` sets how many; CI
//! tries 2,000 of each.

#![cfg(test)]

use std::sync::LazyLock;

use ironkeep_parsers::megacli::Output;
use ironkeep_sim::megacli;
use ironkeep_sim::scenario;
use ironkeep_sim::state::{
    Array, Controller, Copyback, Drive, DriveState, Event, Host, Interface, Power, Progress, Span,
    Spare, VirtualDrive, VirtualState,
};
use ironkeep_sim::time;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What the simulated MegaCLI prints for `line`, as the parser of `output` reads it.
fn read(host: &Host, line: &str, output: &str) -> Value {
    let words: Vec<&str> = line.split(' ').collect();
    let answer = megacli::run(&mut host.clone(), &words);
    let text = answer
        .files
        .first()
        .map_or_else(|| answer.text(), |(_, text)| text.clone());
    let parsed = Output::of_name(output).unwrap().read(&text);
    assert_eq!(parsed.leftovers(), [], "{line}\n{text}");
    assert!(
        parsed.gaps().is_empty(),
        "{line}: {:?}\n{text}",
        parsed.gaps()
    );
    let value = serde_json::to_value(parsed).unwrap();
    value["value"].clone()
}

/// Whether `expected` is a part of `found`: objects may have more keys, lists may not be longer.
fn contains(found: &Value, expected: &Value) -> Result<(), String> {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().try_for_each(|(key, expected)| {
                let found = found.get(key).unwrap_or(&Value::Null);
                contains(found, expected).map_err(|why| format!("{key}: {why}"))
            })
        }
        (Value::Array(found), Value::Array(expected)) => {
            if found.len() != expected.len() {
                return Err(format!("{} elements, not {}", found.len(), expected.len()));
            }
            let pairs = found.iter().zip(expected).enumerate();
            pairs.into_iter().try_for_each(|(at, (found, expected))| {
                contains(found, expected).map_err(|why| format!("{at}: {why}"))
            })
        }
        (found, expected) if found == expected => Ok(()),
        (found, expected) => Err(format!("{found}, not {expected}")),
    }
}

fn hold(found: &Value, expected: &Value) -> Result<(), TestCaseError> {
    contains(found, expected).map_err(TestCaseError::fail)
}

// ---- random states ----

/// What the random parts are put on.
static HEALTHY: LazyLock<Host> = LazyLock::new(|| scenario::build("healthy").unwrap());

fn some_drive_state() -> impl Strategy<Value = DriveState> {
    prop::sample::select(DriveState::KNOWN)
}

prop_compose! {
    fn identity()(
        vendor in "[A-Z]{3,8}",
        model in "[A-Z][A-Z0-9]{5,15}",
        firmware in "[A-Z0-9]{4}",
        serial in "[A-Z0-9]{8,20}",
        ata_model in "[A-Z]{3,8} [A-Z0-9]{5,20}",
        ata_firmware in "[A-Z0-9]{8}",
        wwn in 1_u64..,
        addresses in [1_u64.., 0_u64..],
        is_ata in any::<bool>(),
    ) -> Drive {
        let (interface, vendor, model, firmware) = if is_ata {
            (Interface::Sata, "ATA".to_owned(), ata_model, ata_firmware)
        } else {
            (Interface::Sas, vendor, model, firmware)
        };
        Drive {
            interface, vendor, model, firmware, serial, wwn,
            paths: 2,
            sas_addresses: addresses,
            ..Drive::default()
        }
    }
}

prop_compose! {
    fn some_drive()(
        identity in identity(),
        state in some_drive_state(),
        sequence in any::<u16>(),
        sectors in 1_000_000_u64..40_000_000_000,
        large_sectors in any::<bool>(),
        temperature in any::<u8>(),
        power in prop::sample::select(vec![Power::SpunUp, Power::SpunDown]),
        solid_state in any::<bool>(),
        speeds in (0_u8..5, 0_u8..5),
        errors in any::<[u16; 3]>(),
        event in any::<u32>(),
        security in 0_u8..8,
        foreign in any::<bool>(),
        shield_count in any::<u8>(),
    ) -> Drive {
        Drive {
            state, sequence, temperature, power, solid_state, security, foreign, shield_count,
            raw_size: sectors,
            non_coerced_size: sectors - 10_000,
            coerced_size: sectors - 20_000,
            sector_size: if large_sectors { 4096 } else { 512 },
            device_speed: speeds.0,
            link_speed: speeds.1,
            media_errors: errors[0],
            other_errors: errors[1],
            predictive_failures: errors[2],
            predictive_failure_event: event,
            ..identity
        }
    }
}

/// A drive group and its virtual drive: level, drives, missing arms, and the virtual drive's own fields.
#[derive(Debug, Clone)]
struct Group {
    level: (u8, u8),
    members: usize,
    spans: usize,
    missing: Vec<bool>,
    it: VirtualDrive,
}

prop_compose! {
    fn some_group()(
        level in prop::sample::select(vec![(0, 0), (1, 0), (5, 3), (6, 3)]),
        members in 1_usize..5,
        spans in 1_usize..3,
        missing in vec(prop::bool::weighted(0.1), 8),
        name in "[A-Za-z0-9_]{0,15}",
        state in prop::sample::select(VirtualState::KNOWN),
        cache in (0_u8..128, 0_u8..128),
        access in prop::sample::select(vec![0_u8, 2, 3]),
        disk_cache in 0_u8..3,
        strip_size in 4_u8..12,
        size in 1_000_000_u64..40_000_000_000,
        checked in prop::option::of(some_progress()),
        initialized in prop::option::of(some_progress()),
    ) -> Group {
        let mut it = VirtualDrive {
            name, state, access, disk_cache, strip_size, size,
            default_cache: cache.0,
            current_cache: cache.1,
            ..VirtualDrive::default()
        };
        it.activities.consistency_check = checked;
        it.activities.background_initialization = initialized;
        Group { level, members, spans, missing, it }
    }
}

prop_compose! {
    fn some_progress()(fraction in any::<u16>(), elapsed in any::<u16>()) -> Progress {
        Progress { fraction, elapsed, ..Progress::default() }
    }
}

prop_compose! {
    fn some_event()(
        time in prop_oneof![0_u32..0xff00_0000, 0xff00_0000_u32..0xff01_0000],
        code in 0_u32..0x1ff,
        class in -2_i8..=4,
        locale in prop::sample::select(vec![1_u16, 2, 4, 8, 0x20, 0x40]),
        description in "[A-Z][a-z]{2,12}( [A-Za-z0-9:()/]{1,12}){0,6}",
    ) -> Event {
        Event { time, code, locale, class, description, ..Event::default() }
    }
}

prop_compose! {
    fn some_controller()(
        drives in vec(some_drive(), 0..16),
        groups in vec(some_group(), 0..4),
        spares in vec((any::<bool>(), any::<bool>(), any::<bool>()), 0..3),
        events in vec(some_event(), 0..8),
        rates in any::<[u8; 5]>(),
        errors in any::<[u16; 2]>(),
        time in any::<u32>(),
        serial in "[A-Z0-9]{6,12}",
        battery in prop::option::of((0_u16..20_000, any::<i16>(), 0_u16..100, 0_u16..=100)),
        preserved in any::<bool>(),
    ) -> Controller {
        let mut controller = HEALTHY.controllers[0].clone();
        controller.manufacturing.serial = serial;
        controller.info.time = time;
        controller.info.ecc_correctable = errors[0].into();
        controller.info.ecc_uncorrectable = errors[1].into();
        let [rebuild, patrol, background, check, reconstruction] = rates.map(u32::from);
        controller.info.rebuild_rate = rebuild;
        controller.info.patrol_rate = patrol;
        controller.info.background_rate = background;
        controller.info.consistency_rate = check;
        controller.info.reconstruction_rate = reconstruction;
        match (battery, &mut controller.battery) {
            (Some((voltage, current, temperature, charge)), Some(it)) => {
                it.voltage = voltage;
                it.current = current;
                it.temperature = temperature;
                it.relative_charge = charge;
            }
            _ => controller.battery = None,
        }
        controller.enclosures[0].slots = 16;
        controller.drives = drives;
        controller.arrays.clear();
        controller.virtual_drives.clear();
        controller.spares.clear();
        configure(&mut controller, &groups, &spares);
        for event in events {
            let sequence = u32::try_from(controller.events.entries.len()).unwrap() + 1;
            controller.events.entries.push(Event { sequence, ..event });
        }
        for (at, event) in (1..).zip(&mut controller.events.entries) {
            event.sequence = at;
        }
        if preserved {
            controller.preserved_cache = controller.virtual_drives.iter().map(|it| it.target).collect();
        }
        controller
    }
}

/// Numbers the drives and shares them out to the groups; some of the rest are spares.
fn configure(controller: &mut Controller, groups: &[Group], spares: &[(bool, bool, bool)]) {
    for (id, drive) in (8..).zip(&mut controller.drives) {
        drive.device_id = id;
        drive.enclosure = 252;
        drive.slot = u8::try_from(id - 8).unwrap();
    }
    let mut free: Vec<u16> = controller
        .drives
        .iter()
        .map(|drive| drive.device_id)
        .collect();
    for group in groups {
        let mut spans = Vec::new();
        for _ in 0..group.spans {
            let members: Vec<Option<u16>> = (0..group.members)
                .zip(&group.missing)
                .map(|(_, missing)| {
                    if *missing || free.is_empty() {
                        None
                    } else {
                        Some(free.remove(0))
                    }
                })
                .collect();
            let reference = u16::try_from(controller.arrays.len()).unwrap();
            controller.arrays.push(Array {
                reference,
                size: 900_000,
                members,
                ..Array::default()
            });
            spans.push(Span {
                array: reference,
                start: 0,
                size: 900_000,
            });
        }
        controller.virtual_drives.push(VirtualDrive {
            target: u16::try_from(controller.virtual_drives.len()).unwrap(),
            primary_level: group.level.0,
            level_qualifier: group.level.1,
            secondary_level: if group.spans > 1 && group.level.0 != 1 {
                3
            } else {
                0
            },
            drives_per_span: u8::try_from(group.members).unwrap(),
            span_depth: u8::try_from(group.spans).unwrap(),
            spans,
            ..group.it.clone()
        });
    }
    for ((dedicated, revertible, affinity), id) in spares.iter().zip(free) {
        let dedicated = *dedicated && !controller.virtual_drives.is_empty();
        let bits = [dedicated, *revertible, *affinity];
        controller.spares.push(Spare {
            device_id: id,
            kind: bits
                .iter()
                .zip([1, 2, 4])
                .filter(|(is, _)| **is)
                .map(|(_, bit)| bit)
                .sum(),
            arrays: if dedicated { vec![0] } else { Vec::new() },
        });
        controller.drive_mut(id).unwrap().state = DriveState::HotSpare;
    }
    // What runs on a drive fits its state.
    let source = controller.drives.first().map(|drive| drive.device_id);
    for drive in &mut controller.drives {
        let progress = Progress {
            fraction: drive.media_errors,
            elapsed: drive.other_errors,
            ..Progress::default()
        };
        if drive.state == DriveState::Rebuild {
            drive.activities.rebuild = Some(progress);
        }
        if drive.state == DriveState::Copyback {
            drive.activities.copyback = Some(Copyback {
                progress,
                source: source.unwrap_or_default(),
                ..Copyback::default()
            });
        }
    }
}

// ---- what the parsers should make of them ----

fn hex(address: u64) -> Value {
    if address == 0 {
        Value::Null
    } else {
        json!(format!("{address:016x}"))
    }
}

fn speed(code: u8) -> Value {
    match code {
        1 => json!(1_500_000_000_u64),
        2 => json!(3_000_000_000_u64),
        3 => json!(6_000_000_000_u64),
        4 => json!(12_000_000_000_u64),
        _ => Value::Null,
    }
}

fn drive(controller: &Controller, it: &Drive) -> Value {
    let state = match it.state {
        DriveState::ShieldConfigured => "configured_shielded",
        DriveState::ShieldHotSpare => "hot_spare_shielded",
        DriveState::ShieldUnconfigured => "unconfigured_shielded",
        DriveState::UnconfiguredGood => "unconfigured_good",
        DriveState::UnconfiguredBad => "unconfigured_bad",
        DriveState::HotSpare => "hot_spare",
        DriveState::Offline => "offline",
        DriveState::Failed => "failed",
        DriveState::Rebuild => "rebuild",
        DriveState::Online => "online",
        DriveState::Copyback => "copyback",
        DriveState::Jbod => "jbod",
        DriveState::Code(_) => "unknown",
    };
    let shows_power = matches!(
        it.state,
        DriveState::Online | DriveState::HotSpare | DriveState::UnconfiguredGood
    );
    let power = match it.power {
        _ if !shows_power => Value::Null,
        Power::SpunUp => json!("spun_up"),
        Power::SpunDown | Power::Transition | Power::Code(_) => json!("spun_down"),
    };
    let seat = controller
        .virtual_drives
        .iter()
        .enumerate()
        .find_map(|(group, vd)| {
            vd.spans.iter().enumerate().find_map(|(span, at)| {
                let members = &controller.arrays[usize::from(at.array)].members;
                let arm = members
                    .iter()
                    .position(|member| *member == Some(it.device_id))?;
                Some(json!({"drive_group": group, "span": span, "arm": arm}))
            })
        });
    let size = |sectors: u64| json!(sectors * u64::from(it.sector_size));
    json!({
        "enclosure": 252, "slot": it.slot, "device_id": it.device_id, "wwn": hex(it.wwn),
        "position": seat,
        "sequence_number": it.sequence,
        "media_errors": it.media_errors, "other_errors": it.other_errors,
        "predictive_failures": it.predictive_failures,
        "last_predictive_failure_event": it.predictive_failure_event,
        "interface": if it.interface == Interface::Sata { "sata" } else { "sas" },
        "raw_size_bytes": size(it.raw_size) , "coerced_size_bytes": size(it.coerced_size),
        "logical_sector_size_bytes": it.sector_size,
        "state": state, "power": power,
        "sas_addresses": it.sas_addresses.map(hex),
        "inquiry": {"serial": it.serial, "model": it.model},
        "fde": if it.security & 1 == 0 { "not_capable" } else { "capable" },
        "fde_enabled": it.security & 2 != 0, "secured": it.security & 4 != 0,
        "foreign": it.foreign,
        "device_speed_bits_per_second": speed(it.device_speed),
        "link_speed_bits_per_second": speed(it.link_speed),
        "media_type": if it.solid_state { "solid_state" } else { "hard_disk" },
        "shield_count": it.shield_count,
        "smart_alert": it.predictive_failures > 0,
    })
}

fn level(it: &VirtualDrive) -> Value {
    let spanned = it.span_depth > 1;
    match (it.primary_level, spanned) {
        (0, false) => json!("raid0"),
        (1, false) if it.drives_per_span > 2 => json!("raid1e"),
        (1, false) => json!("raid1"),
        (5, false) => json!("raid5"),
        (6, false) => json!("raid6"),
        (0, true) => json!("raid00"),
        (1, true) => json!("raid10"),
        (5, true) => json!("raid50"),
        _ => json!("raid60"),
    }
}

fn virtual_drive(controller: &Controller, it: &VirtualDrive) -> Value {
    // A virtual drive has the sectors of its first span's first member.
    let first = it
        .spans
        .first()
        .map(|span| &controller.arrays[usize::from(span.array)]);
    let member = first.and_then(|array| array.members.iter().flatten().next());
    let sector = member.map_or(512, |id| controller.drive(*id).unwrap().sector_size);
    let policy = |bits: u8| {
        json!({
            "write": if bits & 1 == 0 { "write_through" } else { "write_back" },
            "write_cache_with_bad_battery": bits & 0x10 != 0,
        })
    };
    let state = match it.state {
        VirtualState::Offline => "offline",
        VirtualState::PartiallyDegraded => "partially_degraded",
        VirtualState::Degraded => "degraded",
        VirtualState::Optimal | VirtualState::Code(_) => "optimal",
    };
    let access = match it.access {
        0 => "read_write",
        2 => "read_only",
        _ => "blocked",
    };
    let disk_cache = ["disk_default", "enabled", "disabled"][usize::from(it.disk_cache)];
    let running = [
        ("consistency_check", it.activities.consistency_check),
        (
            "background_initialization",
            it.activities.background_initialization,
        ),
    ];
    let operations: Vec<Value> = running
        .iter()
        .filter_map(|(kind, progress)| {
            let done = u32::from((*progress)?.fraction) * 100 / 0xffff;
            let elapsed = progress.map(|it| it.elapsed / 60);
            Some(json!({"kind": kind, "progress": {"percent": done, "elapsed_minutes": elapsed}}))
        })
        .collect();
    json!({
        "target_id": it.target,
        "name": if it.name.is_empty() { Value::Null } else { json!(it.name) },
        "raid_level": level(it),
        "state": state,
        "strip_size_bytes": u64::from(sector) << it.strip_size,
        "span_depth": it.span_depth,
        "default_cache": policy(it.default_cache), "current_cache": policy(it.current_cache),
        "current_access": access,
        "disk_cache": disk_cache,
        "operations": operations,
    })
}

fn event(it: &Event) -> Value {
    let class = match it.class {
        -2 => "debug",
        -1 => "progress",
        0 => "information",
        1 => "warning",
        2 => "critical",
        3 => "fatal",
        _ => "dead",
    };
    let time = if it.time >= 0xff00_0000 {
        json!({"since_boot_seconds": it.time & 0x00ff_ffff})
    } else {
        json!({"clock": time::civil(it.time).to_string()})
    };
    json!({"sequence": it.sequence, "code": it.code, "class": class, "description": it.description, "time": time})
}

fn of_one(controller: Controller) -> Host {
    Host {
        controllers: vec![controller],
        ..Host::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn drives_read_back(controller in some_controller()) {
        let host = of_one(controller);
        let controller = &host.controllers[0];
        let expected: Vec<Value> = controller.drives.iter().map(|it| drive(controller, it)).collect();
        // The real tool leaves out shielded drives that are no members.
        let shown: Vec<Value> = controller.drives.iter().zip(expected)
            .filter(|(it, _)| !matches!(it.state, DriveState::ShieldHotSpare | DriveState::ShieldUnconfigured))
            .map(|(_, value)| value).collect();
        let found = read(&host, "-PDList -aALL", "pd-list");
        hold(&found[0]["value"], &json!(shown))?;
        let spares = shown_spares(controller);
        for (slot, spare) in spares {
            let drives = found[0]["value"].as_array().unwrap();
            let it = drives.iter().find(|it| it["slot"] == json!(slot)).unwrap();
            hold(&it["hot_spare"], &spare)?;
        }
    }

    #[test]
    fn virtual_drives_read_back(controller in some_controller()) {
        let host = of_one(controller);
        let controller = &host.controllers[0];
        let expected: Vec<Value> = controller.virtual_drives.iter().map(|it| virtual_drive(controller, it)).collect();
        let found = read(&host, "-LDInfo -LALL -aALL", "ld-info");
        if expected.is_empty() {
            prop_assert!(found[0]["value"].as_array().is_none_or(Vec::is_empty));
            return Ok(());
        }
        hold(&found[0]["value"], &json!(expected))?;
        let with_members = read(&host, "-LdPdInfo -aALL", "ld-pd-info");
        let found = &with_members[0]["value"];
        hold(found, &json!(expected))?;
        for (at, it) in controller.virtual_drives.iter().enumerate() {
            let spans: Vec<Value> = it.spans.iter().map(|span| {
                let members = &controller.arrays[usize::from(span.array)].members;
                let members = members.iter().map(|member| match member {
                    Some(id) => json!({"drive": drive(controller, controller.drive(*id).unwrap())}),
                    None => json!({"drive": null}),
                });
                json!({"members": members.collect::<Vec<_>>()})
            }).collect();
            hold(&found[at]["spans"], &json!(spans))?;
        }
    }

    #[test]
    fn controllers_read_back(controller in some_controller()) {
        let host = of_one(controller);
        let it = &host.controllers[0];
        let found = read(&host, "-AdpAllInfo -aALL", "adp-all-info");
        let info = &it.info;
        hold(&found[0]["value"], &json!({
            "product_name": info.product, "serial": it.manufacturing.serial, "firmware_package": info.package,
            "hardware": {"memory_size_bytes": u64::from(info.memory_mib) << 20, "bbu": info.hardware & 1 != 0},
            "settings": {
                "current_time": time::civil(info.time).to_string(),
                "rebuild_rate_percent": info.rebuild_rate, "patrol_read_rate_percent": info.patrol_rate,
            },
            "errors": {"memory_correctable": info.ecc_correctable, "memory_uncorrectable": info.ecc_uncorrectable},
            "devices": {"virtual_drives": it.virtual_drives.len(), "physical_drives": it.drives.len()},
        }))?;
        let found = read(&host, "-EncInfo -aALL", "enclosure-info");
        hold(&found[0]["value"], &json!([{"id": 252, "counts": {"slots": 16, "physical_drives": it.drives.len()}}]))?;
        if let Some(battery) = &it.battery {
            let found = read(&host, "-AdpBbuCmd -aALL", "cache-protection");
            hold(&found[0]["value"], &json!({
                "kind": "ibbu", "voltage_millivolts": battery.voltage, "current_milliamps": battery.current,
                "temperature_celsius": battery.temperature,
                "gas_gauge": {"relative_charge_percent": battery.relative_charge},
            }))?;
        }
    }

    #[test]
    fn logs_and_lists_read_back(controller in some_controller()) {
        let host = of_one(controller);
        let it = &host.controllers[0];
        if !it.events.entries.is_empty() {
            let found = read(&host, "-AdpEventLog -GetEvents -f F -aALL", "event-file");
            // The real tool leaves out debug and progress where no class is asked for.
            let shown = it.events.entries.iter().filter(|event| event.class >= 0);
            let events: Vec<Value> = shown.map(event).collect();
            hold(&found[0]["value"]["events"], &json!(events))?;
        }
        let found = read(&host, "-GetPreservedCacheList -aALL", "preserved-cache-list");
        let targets: Vec<Value> = it.preserved_cache.iter().map(|target| json!({"target_id": target})).collect();
        hold(&found[0]["value"], &json!(targets))?;
        read(&host, "-PdGetMissing -aALL", "pd-missing");
        read(&host, "-AdpPR -Info -aALL", "adp-pr");
        read(&host, "-AdpCcSched -Info -aALL", "adp-cc-sched");
    }
}

/// Slot and duties of every spare that is shown.
fn shown_spares(controller: &Controller) -> Vec<(u8, Value)> {
    controller
        .spares
        .iter()
        .filter_map(|spare| {
            let drive = controller.drive(spare.device_id)?;
            let kind = if spare.kind & 1 == 0 { "global" } else { "dedicated" };
            Some((
                drive.slot,
                json!({"kind": kind, "revertible": spare.kind & 2 != 0, "enclosure_affinity": spare.kind & 4 != 0}),
            ))
        })
        .collect()
}
