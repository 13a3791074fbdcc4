//! `-ShowSummary`: a page about each controller.

use super::answer::{line, put};
use super::words::Size;
use super::{
    Answer, Arguments, drive, enclosure, firmware_status, opcode, selected, virtual_drive,
};
use crate::state::bits::operations;
use crate::state::{
    Battery, BatteryKind, Controller, Drive, DriveState, Host, NO_ENCLOSURE, Power, System,
    VirtualDrive, VirtualState, battery_status as bit,
};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        put_system(&host.system, answer);
        if let Some(status) = fault(number, controller, answer) {
            firmware_status::explain(status, answer);
            return;
        }
        line!(answer);
        put_hardware(controller, answer);
        if controller.virtual_drives.is_empty() {
            line!(answer);
            continue;
        }
        line!(answer, "Storage");
        line!(answer);
        line!(answer, "       Virtual Drives");
        for drive in &controller.virtual_drives {
            if let Some(status) = controller.fault(opcode::VIRTUAL_DRIVE_INFO) {
                firmware_status::explain(status, answer);
                return;
            }
            put_virtual_drive(controller, drive, answer);
        }
    }
}

fn put_system(system: &System, answer: &mut Answer) {
    line!(answer, "System");
    line!(answer, "\tOperating System:  {} ", system.kernel);
    line!(answer, "\tDriver Version: {}", system.driver_version);
    line!(answer, "\tCLI Version: 8.07.14");
}

/// The status of the first operation that fails, of those that the page needs from the beginning. Some
/// have words of their own.
fn fault(number: u32, controller: &Controller, answer: &mut Answer) -> Option<u16> {
    let needed = [
        opcode::DEFAULTS,
        opcode::BATTERY_STATUS,
        opcode::DRIVE_LIST,
        opcode::DRIVE_INFO,
        opcode::VIRTUAL_DRIVE_LIST,
    ];
    let (failed, status) = needed
        .iter()
        .find_map(|&operation| Some((operation, controller.fault(operation)?)))?;
    match failed {
        opcode::DEFAULTS => line!(
            answer,
            "Adapter #{number}: Failed to Perform AdpAll information Operation."
        ),
        opcode::BATTERY_STATUS => line!(answer, "Failed to get BBU Information"),
        _ => {}
    }
    Some(status)
}

/// Controller, battery, enclosures and drives. MegaCLI ends the line before an enclosure, not the
/// line behind a battery.
fn put_hardware(controller: &Controller, answer: &mut Answer) {
    let info = &controller.info;
    line!(answer, "Hardware");
    line!(answer, "        Controller");
    // The bus is never told.
    line!(
        answer,
        "                 ProductName       : {}(Bus 0, Dev 0)",
        info.product
    );
    line!(
        answer,
        "                 SAS Address       : {:016x}",
        controller.defaults.sas_address
    );
    line!(
        answer,
        "                 FW Package Version: {}",
        info.package
    );
    put!(
        answer,
        "                 Status            : {}",
        health(controller)
    );
    if let Some(battery) = &controller.battery {
        line!(answer);
        line!(answer, "        BBU");
        let (kind, state) = (battery_kind(battery), battery_state(battery));
        line!(answer, "                 BBU Type          : {kind}");
        put!(answer, "                 Status            : {state}");
    }
    if !controller.enclosures.is_empty() {
        line!(answer);
        line!(answer, "        Enclosure");
    }
    for it in &controller.enclosures {
        let status = if it.status == 0 { "OK" } else { "Faulty" };
        let (product, kind) = (&it.product, enclosure::kind(it));
        line!(answer, "                 Product Id        : {product:<16}");
        line!(answer, "                 Type              : {kind}");
        line!(answer, "                 Status            : {status}");
        line!(answer);
    }
    if controller.enclosures.is_empty() && controller.drives.is_empty() {
        line!(answer);
    } else {
        line!(answer, "        PD ");
    }
    let mut drives: Vec<_> = controller.drives.iter().collect();
    drives.sort_by_key(|drive| (drive.enclosure, drive.slot));
    for drive in drives {
        put_drive(drive, answer);
    }
}

/// The controller needs attention where something of its own fails. A drive that is about to fail
/// is not enough.
fn health(controller: &Controller) -> &'static str {
    let info = &controller.info;
    let virtual_drive = |it: &VirtualDrive| it.state != VirtualState::Optimal;
    let drive = |it: &Drive| matches!(it.state, DriveState::Failed | DriveState::UnconfiguredBad);
    let battery = |it: &Battery| it.firmware_status != 0;
    let needs_attention = controller.virtual_drives.iter().any(virtual_drive)
        || controller.drives.iter().any(drive)
        || controller.enclosures.iter().any(|it| it.status != 0)
        || controller.battery.as_ref().is_some_and(battery)
        || info.ecc_correctable != 0
        || info.ecc_uncorrectable != 0;
    if needs_attention {
        "Need Attention"
    } else {
        "Optimal"
    }
}

/// Only the older kinds have a name here.
fn battery_kind(battery: &Battery) -> &'static str {
    match battery.kind {
        BatteryKind::Ibbu => "iBBU",
        BatteryKind::Bbu => "BBU",
        BatteryKind::None
        | BatteryKind::ZcrLegacy
        | BatteryKind::Itbbu3
        | BatteryKind::Ibbu08
        | BatteryKind::CacheVault
        | BatteryKind::Ibbu09
        | BatteryKind::Code(_) => "",
    }
}

/// The first of the battery's conditions that has a name here.
fn battery_state(battery: &Battery) -> &'static str {
    let named = [
        (bit::PACK_MISSING, "Pack Missing"),
        (bit::VOLTAGE_LOW, "Voltage Low"),
        (bit::CHARGING, "Charge Active"),
        (bit::DISCHARGING, "Discharge Active"),
    ];
    let status = battery.firmware_status;
    let first = named.iter().find(|(bits, _)| status & bits != 0);
    match first {
        _ if status == 0 => "Healthy",
        Some((_, name)) => name,
        None => "",
    }
}

fn put_drive(it: &Drive, answer: &mut Answer) {
    let enclosure = match it.enclosure {
        NO_ENCLOSURE => String::new(),
        _ => format!("<Encl Pos {} >", it.enclosure_position),
    };
    let first_port = u32::from(it.connected_port) * 4;
    let last_port = first_port + 3;
    let encryption = if it.security & 1 == 0 { "" } else { "FDE," };
    let media = if it.solid_state {
        "Solid State Device"
    } else {
        "Hard Disk Device"
    };
    let power = match it.power {
        Power::SpunUp => "Active",
        Power::SpunDown | Power::Code(_) => "Spun down",
        Power::Transition => "Transition",
    };
    // Whatever its sectors are: counted as 512 bytes.
    let capacity = Size {
        sectors: it.coerced_size,
        sector_size: 512,
    };
    line!(
        answer,
        "                Connector          : Port {first_port} - {last_port}<Internal>{enclosure}: Slot {} ",
        it.slot
    );
    line!(
        answer,
        "                Vendor Id          : {:<8.8}",
        it.vendor
    );
    line!(
        answer,
        "                Product Id         : {:<16.16}",
        it.model
    );
    line!(answer, "                State              : {}", state(it));
    line!(
        answer,
        "                Disk Type          : {},{encryption}{media}",
        drive::interface(it.interface)
    );
    line!(answer, "                Capacity           : {capacity}");
    line!(answer, "                Power State        : {power}");
    if let Some(operation) = operation(it) {
        line!(
            answer,
            "                Operation In Progress : {operation}"
        );
    }
    line!(answer);
}

/// A drive's state. Every hot spare counts as a dedicated one.
fn state(it: &Drive) -> &'static str {
    match it.state {
        DriveState::UnconfiguredGood | DriveState::UnconfiguredBad if it.foreign => "Foreign",
        DriveState::UnconfiguredGood => "Unconfigured Good",
        DriveState::UnconfiguredBad => "Unconfigured Bad",
        DriveState::HotSpare => "Dedicated HotSpare",
        DriveState::Offline => "Offline",
        DriveState::Failed => "Failed",
        DriveState::Rebuild => "Rebuild",
        DriveState::Online => "Online",
        DriveState::Copyback => "Copyback",
        DriveState::Jbod => "System",
        DriveState::ShieldUnconfigured
        | DriveState::ShieldHotSpare
        | DriveState::ShieldConfigured
        | DriveState::Code(_) => "Unknown",
    }
}

/// What runs on the drive. Captures show rebuilds and copybacks; the other name is that of the other
/// outputs.
fn operation(it: &Drive) -> Option<&'static str> {
    let running = it.activities;
    let all = [
        (running.rebuild.is_some(), "Rebuild"),
        (running.copyback.is_some(), "Copyback"),
        (running.clear.is_some(), "Clear"),
    ];
    all.iter().find(|(runs, _)| *runs).map(|(_, name)| *name)
}

fn put_virtual_drive(controller: &Controller, it: &VirtualDrive, answer: &mut Answer) {
    let size = Size {
        sectors: it.size,
        sector_size: 512,
    };
    line!(
        answer,
        "                Virtual drive      : Target Id {} ,VD name {}",
        it.target,
        it.name
    );
    line!(answer, "                Size               : {size}");
    line!(
        answer,
        "                State              : {}",
        virtual_drive::state(it.state)
    );
    line!(
        answer,
        "                RAID Level         : {} ",
        level(it)
    );
    if controller.info.operations & operations::SNAPSHOT != 0 {
        line!(answer, "                Snapshot State     : Disabled");
    }
    line!(answer);
}

/// `5`, or `50` where it is spanned.
fn level(it: &VirtualDrive) -> String {
    let spanned = if it.span_depth > 1 { "0" } else { "" };
    if it.is_cachecade {
        "CacheCade".to_owned()
    } else {
        format!("{}{spanned}", it.primary_level)
    }
}
