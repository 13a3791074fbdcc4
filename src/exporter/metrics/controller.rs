//! Controllers: identity, settings, errors, and counts of what they have.

use std::collections::HashMap;
use std::fmt::Display;

use ironkeep_parsers::model::{ControllerInfo, DriveState, HotSpareKind, PciInfo, PciLocation};

use super::{Maybe, physical_drive, virtual_drive};
use crate::exporter::exposition::Exposition;
use crate::exporter::family::{Family, families};
use crate::health::controller::clock_offset;
use crate::reading::{Controller, Reading};

const SCOPES: &[&str] = &["global", "dedicated", "unknown"];
const ALARM: &[&str] = &["enabled", "disabled", "absent", "unknown"];

families! {
    INFO = "megaraid_controller_info", Info,
        ["controller", "product", "serial", "firmware_package", "firmware", "bios", "pci_address", "pci_id"],
        "Identity of a controller.";
    TEMPERATURE = "megaraid_controller_temperature_celsius", Gauge, ["controller", "sensor"],
        "Temperature of the RAID-on-chip (roc) and of the board (controller). Absent where there is no sensor.";
    MEMORY = "megaraid_controller_memory_bytes", Gauge, ["controller"],
        "Memory on the controller, most of it cache.";
    CORRECTABLE = "megaraid_controller_memory_correctable_errors_total", Counter, ["controller"],
        "Errors of the controller's memory that were corrected, since it started.";
    UNCORRECTABLE = "megaraid_controller_memory_uncorrectable_errors_total", Counter, ["controller"],
        "Errors of the controller's memory that could not be corrected, since it started: data in its cache may be corrupt.";
    ALARM_STATE = "megaraid_controller_alarm_state", Gauge, ["controller", "state"] of ALARM,
        "Whether the buzzer may sound; absent where the board has none.";
    PROPERTY = "megaraid_controller_property_enabled", Gauge, ["controller", "property"],
        "1 if a setting of the controller is on. A setting that the firmware does not print has no series.";
    RATE = "megaraid_controller_rate_ratio", Gauge, ["controller", "task"],
        "The share of the controller's power that a background task takes beside the load of the host.";
    OFFSET = "megaraid_controller_time_offset_seconds", Gauge, ["controller"],
        "How far the controller's clock is ahead of this host's; below 0 where it is behind. It shows no zone, so local time or UTC counts, whichever is nearer. Its times in the event log are as wrong.";
    VIRTUAL_DRIVES = "megaraid_controller_virtual_drives", Gauge, ["controller", "state"]
        of virtual_drive::STATES,
        "Virtual drives of a controller, by the state that megaraid_virtual_drive_state shows.";
    PHYSICAL_DRIVES = "megaraid_controller_physical_drives", Gauge, ["controller", "state"]
        of physical_drive::STATES,
        "Physical drives of a controller, by the state that megaraid_physical_drive_state shows.";
    MISSING = "megaraid_controller_physical_drives_missing", Gauge, ["controller"],
        "Empty places in drive groups: drives that should be there and are not.";
    SPARES = "megaraid_controller_hot_spares", Gauge, ["controller", "scope"] of SCOPES,
        "Hot spares that stand by, by whom they serve: any drive group, or named ones.";
    FOREIGN = "megaraid_controller_foreign_configurations", Gauge, ["controller"],
        "Configurations of other controllers that are found on drives.";
    PRESERVED = "megaraid_controller_preserved_cache_virtual_drives", Gauge, ["controller"],
        "Virtual drives with unwritten data in the controller's cache, which cannot be written because the virtual drive is off line or gone. Discarding them loses them.";
    PRESERVED_FLAG = "megaraid_controller_preserved_cache", Gauge, ["controller"],
        "1 if the controller says that it keeps unwritten data of an offline or missing virtual drive. Some firmware says no although its list has some.";
}

pub(super) fn describe(
    known: &Controller,
    reading: &Reading,
    controller: &dyn Display,
    metrics: &mut Exposition,
) {
    if let Some(info) = &known.info {
        identity(info, known.pci.as_ref(), controller, metrics);
        hardware(info, controller, metrics);
        properties(info, controller, metrics);
        rates(info, controller, metrics);
        metrics.add_some(&OFFSET, &[controller], clock_offset(info, reading));
        metrics.add_some(
            &PRESERVED_FLAG,
            &[controller],
            info.settings.preserved_cache,
        );
    }
    counts(known, controller, metrics);
}

fn identity(
    info: &ControllerInfo,
    pci: Option<&PciLocation>,
    controller: &dyn Display,
    metrics: &mut Exposition,
) {
    metrics.add(
        &INFO,
        &[
            controller,
            &Maybe(info.product_name.as_ref()),
            &Maybe(info.serial.as_ref()),
            &Maybe(info.firmware_package.as_ref()),
            &Maybe(info.image("FW")),
            &Maybe(info.image("BIOS")),
            &Maybe(pci.and_then(pci_address)),
            &Maybe(pci_id(&info.pci)),
        ],
        true,
    );
}

/// `02:00.0`. MegaCLI tells no domain.
fn pci_address(place: &PciLocation) -> Option<String> {
    let (bus, device, function) = (place.bus?, place.device?, place.function?);
    Some(format!("{bus:02x}:{device:02x}.{function:x}"))
}

/// `1000:005b:1000:9271`.
fn pci_id(pci: &PciInfo) -> Option<String> {
    let ids = [
        pci.vendor?,
        pci.device?,
        pci.subsystem_vendor?,
        pci.subsystem_device?,
    ];
    Some(ids.map(|id| format!("{id:04x}")).join(":"))
}

fn hardware(info: &ControllerInfo, controller: &dyn Display, metrics: &mut Exposition) {
    let hardware = &info.hardware;
    for (sensor, temperature) in [
        ("roc", hardware.roc_temperature),
        ("controller", hardware.controller_temperature),
    ] {
        metrics.add_some(&TEMPERATURE, &[controller, &sensor], temperature);
    }
    metrics.add_some(&MEMORY, &[controller], hardware.memory_size);
    metrics.add_some(&CORRECTABLE, &[controller], info.errors.memory_correctable);
    metrics.add_some(
        &UNCORRECTABLE,
        &[controller],
        info.errors.memory_uncorrectable,
    );
    let alarm = match (hardware.alarm, info.settings.alarm) {
        (Some(false), _) => Some("absent"),
        (_, Some(true)) => Some("enabled"),
        (_, Some(false)) => Some("disabled"),
        (Some(true), None) => Some("unknown"),
        (None, None) => None,
    };
    if let Some(alarm) = alarm {
        metrics.add_states(&ALARM_STATE, &[controller], alarm);
    }
}

/// What `-AdpAllInfo` prints of them. The firmware has other settings, each with a question of its own;
/// none of those is worth a run of the tool every few minutes.
fn properties(info: &ControllerInfo, controller: &dyn Display, metrics: &mut Exposition) {
    let settings = &info.settings;
    let drives = &info.physical_drive_operations;
    let not = |flag: Option<bool>| flag.map(|flag| !flag);
    for (property, enabled) in [
        ("auto_rebuild", settings.auto_rebuild),
        ("copyback", not(drives.disable_copyback)),
        ("smart_copyback", drives.copyback_on_smart),
        ("ssd_smart_copyback", drives.copyback_to_ssd_on_smart),
        ("jbod", drives.jbod),
        (
            "restore_hot_spare_on_insert",
            settings.restore_hot_spare_on_insertion,
        ),
        ("ssd_patrol_read", drives.ssd_patrol_read),
        (
            "patrol_read_unconfigured_areas",
            drives.patrol_read_corrects_unconfigured_areas,
        ),
        ("maintain_fail_history", settings.keep_failed_drive_history),
        ("auto_enhanced_import", settings.auto_enhanced_import),
        ("battery_warning", settings.battery_warning),
        (
            "boot_with_preserved_cache",
            settings.boot_with_preserved_cache,
        ),
        ("spin_down_unconfigured", drives.spin_down_unconfigured),
        (
            "spin_down_hot_spares",
            not(drives.disable_spin_down_hot_spares),
        ),
        (
            "online_reset",
            not(settings.disable_online_controller_reset),
        ),
        ("security_key", settings.security_key_assigned),
    ] {
        metrics.add_some(&PROPERTY, &[controller, &property], enabled);
    }
}

fn rates(info: &ControllerInfo, controller: &dyn Display, metrics: &mut Exposition) {
    let settings = &info.settings;
    for (task, rate) in [
        ("rebuild", settings.rebuild_rate),
        ("patrol_read", settings.patrol_read_rate),
        ("consistency_check", settings.consistency_check_rate),
        (
            "background_initialization",
            settings.background_initialization_rate,
        ),
        ("reconstruction", settings.reconstruction_rate),
    ] {
        metrics.add_some(&RATE, &[controller, &task], rate);
    }
}

fn counts(known: &Controller, controller: &dyn Display, metrics: &mut Exposition) {
    if let Some(drives) = &known.virtual_drives {
        let states = drives.iter().filter_map(virtual_drive::state);
        count(&VIRTUAL_DRIVES, states, controller, metrics);
    }
    if let Some(drives) = &known.physical_drives {
        let states = drives.iter().map(physical_drive::state);
        count(&PHYSICAL_DRIVES, states, controller, metrics);
        let spares = drives
            .iter()
            .filter(|it| it.state == Some(DriveState::HotSpare));
        let scopes = spares.map(
            |it| match it.hot_spare.as_ref().and_then(|it| it.kind.as_ref()) {
                Some(HotSpareKind::Global) => "global",
                Some(HotSpareKind::Dedicated) => "dedicated",
                Some(HotSpareKind::Other(_) | _) | None => "unknown",
            },
        );
        count(&SPARES, scopes, controller, metrics);
    }
    let lists = [
        (&MISSING, known.missing_drives.as_ref().map(Vec::len)),
        (&FOREIGN, known.foreign.as_ref().map(Vec::len)),
        (&PRESERVED, known.preserved_cache.as_ref().map(Vec::len)),
    ];
    for (family, count) in lists {
        metrics.add_some(family, &[controller], count);
    }
}

/// How many there are of each value of the family's last label.
fn count<'a>(
    family: &'static Family,
    values: impl Iterator<Item = &'a str>,
    controller: &dyn Display,
    metrics: &mut Exposition,
) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    for value in family.values {
        let count = counts.get(value).copied().unwrap_or(0);
        metrics.add(family, &[controller, value], count);
    }
}
