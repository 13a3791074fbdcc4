//! `-AdpAlILog`: host, controllers, drives, virtual drives and event log in one text, in words of its
//! own.

mod devices;
mod virtual_drives;

use std::iter;

use super::adp_all_info::interface;
use super::adp_all_info_support::raid_levels;
use super::answer::{line, put};
use super::{Answer, Arguments, cache_protection, firmware_status, opcode, selected};
use crate::state::{Battery, BatteryKind, Controller, Event, Host, Info, System, battery_status};
use crate::time;

/// A part of the text could not be written: the command ends there, with the text so far.
struct Ended;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if tell(number, controller, &host.system, answer).is_err() {
            return;
        }
    }
}

fn tell(
    number: u32,
    controller: &Controller,
    system: &System,
    answer: &mut Answer,
) -> Result<(), Ended> {
    about_host(number, system, answer);
    about_controller(controller, answer);
    properties(&controller.info, answer);
    battery(controller, answer);
    devices::tell(controller, answer)?;
    virtual_drives::tell(controller, answer)?;
    events(controller, answer)?;
    put!(answer, "\n\n");
    line!(answer, "{:30}Online History", "");
    line!(answer, "{:28}===============", "");
    put!(answer, "\n\n\n");
    line!(
        answer,
        "Firmware Term Log Information on controller {number}:"
    );
    line!(answer);
    for entry in &controller.terminal_log {
        line!(answer, "{entry}");
    }
    put!(answer, "\n\n");
    now(system, answer);
    put!(answer, "\n\n");
    Ok(())
}

/// Ends the text with what the firmware says to an operation.
fn refuse(status: u16, answer: &mut Answer) -> Ended {
    firmware_status::explain(status, answer);
    Ended
}

/// Two values on a line.
fn pair(answer: &mut Answer, (left, value): (&str, &str), (right, other): (&str, &str)) {
    line!(answer, "{left:19}{value:25}{right:21}{other}");
}

/// As [`pair`], a column further to the right.
fn wide_pair(answer: &mut Answer, (left, value): (&str, &str), (right, other): (&str, &str)) {
    line!(answer, "{left:20}{value:25}{right:20}{other}");
}

fn now(system: &System, answer: &mut Answer) {
    let now = time::civil(system.time);
    let now = now.strftime("%a %b %e %I:%M:%S %p");
    line!(answer, "Date/Time:          {now}");
}

fn about_host(number: u32, system: &System, answer: &mut Answer) {
    line!(answer);
    line!(
        answer,
        "      SAS RAID Management Tool Command Line Utilities "
    );
    line!(answer, "     {}", "=".repeat(51));
    line!(answer);
    line!(answer, "Adapter #{number}");
    line!(answer);
    now(system, answer);
    line!(answer, "Operating System:   {} ", system.kernel);
    line!(answer, "Physical Memory:    {} ", system.memory_kib);
    line!(answer, "Operating Version:  {} ", system.kernel);
    line!(answer, "Driver Name:        {}", system.driver);
    line!(answer, "Driver Version:     {}", system.driver_version);
    line!(answer, "Processor:          {}", system.processor);
    put!(answer, "\n\n");
}

fn about_controller(controller: &Controller, answer: &mut Answer) {
    let info = &controller.info;
    line!(answer, "     RAID Controller {} Information ", info.product);
    line!(answer, "     {}", "=".repeat(55));
    line!(answer);
    line!(answer, "RAID Type:          {:25}", info.product);
    let host = interface(info.host_interface);
    // Of the link's speed no capture shows another value.
    line!(
        answer,
        "Host Intr:          {host:25}Link Speed \t     : 0 "
    );
    let devices = match info.device_interface.checked_ilog2() {
        Some(3) => "SATA-3G",
        Some(2) => "SATA-1.5G",
        Some(1) => "SAS-3G",
        Some(0) => "SPI",
        _ => "UNKNOWN",
    };
    line!(answer, "Device Intr:        {devices}");
    let ports = info.device_ports.to_string();
    let serial = &controller.manufacturing.serial;
    wide_pair(answer, ("Port Count:", &ports), ("Serial #", serial));
    images(controller, answer);
    let levels: Vec<_> = raid_levels(info.raid_levels)
        .filter_map(|name| name.strip_prefix("RAID"))
        .collect();
    let nvram = format!("{} KB", info.nvram_kib);
    wide_pair(
        answer,
        ("NVRAM Size:", &nvram),
        ("RAID Level:", &levels.join(" ")),
    );
    let cache = format!("{} MB", info.memory_mib);
    let flash = format!("{:20}", format!("{} MB", info.flash_mib));
    wide_pair(answer, ("Cache Size:", &cache), ("Flash Size:", &flash));
    let received = info.ecc_correctable.to_string();
    let lost = info.ecc_uncorrectable.to_string();
    wide_pair(answer, ("RCV Error:", &received), ("Un-RCV Error:", &lost));
    // No capture shows a cluster.
    let inactive = format!("{:20}", "Inactive");
    wide_pair(
        answer,
        ("Support Cluster:", "No"),
        ("Cluster Mode:", &inactive),
    );
    line!(answer);
}

/// The versions of the firmware's images, two on a line.
fn images(controller: &Controller, answer: &mut Answer) {
    for two in controller.images.chunks(2) {
        if let Some(image) = two.first() {
            let label = format!("{:4} Version:", image.name);
            put!(answer, "{label:20}{:25}", image.version);
        }
        if let Some(image) = two.get(1) {
            let label = format!("{:4} Version:", image.name);
            put!(answer, "{label:20}{:5}", image.version);
        }
        line!(answer);
    }
}

fn properties(info: &Info, answer: &mut Answer) {
    let truth = |is: bool| if is { "TRUE" } else { "FALSE" };
    let yes_no = |is: bool| if is { "YES" } else { "NO" };
    let coercion = match info.coercion_mode {
        0 => "None",
        2 => "1GB",
        _ => "128MB",
    };
    line!(answer, "Controller Properties");
    line!(answer, "---------------------");
    for (name, value) in [
        ("Rebuild Rate", info.rebuild_rate),
        ("Patrol Read Rate", info.patrol_rate),
        ("Back Ground Initialization(BGI) Rate", info.background_rate),
        ("Consistency Check(CC) Rate", info.consistency_rate),
        ("Reconstruction Rate", info.reconstruction_rate),
        (
            "Maximum # of drives to spin up at one time",
            info.spin_up_count,
        ),
        (
            "# of seconds to delay among spinup groups",
            info.spin_up_delay,
        ),
    ] {
        line!(answer, "{name:46}: {value} ");
    }
    for (name, value) in [
        ("Cluster Enable", truth(info.cluster != 0)),
        ("Drive capacity coercion mode", coercion),
        ("Alarm Enable", truth(info.alarm != 0)),
        ("Disable AutoRebuild", truth(info.no_auto_rebuild != 0)),
        (
            "Disable Battery Warning",
            truth(info.no_battery_warning != 0),
        ),
        (
            "Restore Hotspare on Insertion",
            yes_no(info.restore_hot_spare_on_insertion != 0),
        ),
        (
            "Expose Enclosure Devices",
            yes_no(info.expose_enclosures != 0),
        ),
    ] {
        line!(answer, "{name:46}: {value}");
    }
    line!(answer);
}

fn battery(controller: &Controller, answer: &mut Answer) {
    line!(answer, "BBU Properties");
    line!(answer, "--------------");
    let battery = controller.battery.as_ref();
    let answers = controller.fault(opcode::BATTERY_STATUS).is_none();
    if let Some(battery) = battery.filter(|_| answers) {
        battery_status(battery, answer);
    } else {
        line!(answer, "{:46}No Battery", "BBU Battery Type:");
    }
    line!(answer);
}

fn battery_status(battery: &Battery, answer: &mut Answer) {
    // MegaCLI takes every battery for an iBBU here, and reads a plain one's words for those of it.
    let (charging, absolute) = if battery.kind == BatteryKind::Bbu {
        (battery.status_full_capacity, u16::from(battery.is_healthy))
    } else {
        (battery.ibbu40, battery.ibbu42)
    };
    for (name, value) in [
        (
            "BBU Battery Type:",
            cache_protection::kind(battery).to_owned(),
        ),
        ("BBU Voltage:", format!("{} mV", battery.voltage)),
        ("BBU Current:", format!("{} mA", battery.current)),
        ("BBU Temperature:", format!("{} C", battery.temperature)),
        (
            "IBBU Relative State Of Charge:",
            format!("{} ", battery.relative_charge),
        ),
        ("IBBU Charging Current:", format!("{charging} mA")),
        ("IBBU Absolute State Of Charge:", absolute.to_string()),
    ] {
        line!(answer, "{name:46}{value}");
    }
    line!(answer);
    line!(answer, "BBU Firmware Status");
    line!(answer, "-------------------");
    for (name, bit, no, yes) in [
        ("voltageLow:", battery_status::VOLTAGE_LOW, "OK", "Low"),
        (
            "temperatureHigh",
            battery_status::TEMPERATURE_HIGH,
            "OK",
            "High",
        ),
        (
            "learnCycleRequested:",
            battery_status::LEARN_REQUESTED,
            "No",
            "Yes",
        ),
        (
            "learnCycleActive:",
            battery_status::LEARN_ACTIVE,
            "No",
            "Yes",
        ),
        (
            "learnCycleFailed",
            battery_status::LEARN_FAILED,
            "OK",
            "Failed",
        ),
        (
            "learnCycleTimeout:",
            battery_status::LEARN_TIMEOUT,
            "No",
            "Yes",
        ),
    ] {
        let word = if battery.firmware_status & bit == 0 {
            no
        } else {
            yes
        };
        line!(answer, "{name:46}{word:10}");
    }
}

fn events(controller: &Controller, answer: &mut Answer) -> Result<(), Ended> {
    line!(answer);
    if let Some(status) = controller.fault(opcode::EVENT_LOG_INFO) {
        return Err(refuse(status, answer));
    }
    let log = &controller.events;
    line!(answer, "{:28}NVRAM Event History", "");
    line!(answer, "{:27}===================", "");
    line!(answer);
    line!(answer, "EVENT SEQUENCE INFORMATION");
    line!(answer, "--------------------------");
    for (name, sequence) in [
        ("newest event in the log ", log.newest()),
        ("oldest event in the log ", log.oldest()),
        ("last log clear          ", log.cleared),
        ("last clean shutdown     ", log.shutdown),
        ("this session boot       ", log.boot),
    ] {
        line!(answer, "Sequence # of {name}   : {sequence}");
    }
    line!(answer, "EVENT DETAILS");
    line!(answer, "------------");
    if log.oldest() == 0 {
        return Err(refuse(firmware_status::OBJECT_NOT_FOUND, answer));
    }
    for event in log.since(log.oldest()) {
        tell_event(event, answer);
    }
    Ok(())
}

fn tell_event(event: &Event, answer: &mut Answer) {
    let class = match event.class {
        -2 => "DEBUG",
        -1 => "BG Work",
        1 => "WARNING",
        2 => "CRITICAL",
        3 => "FATAL",
        4 => "DEAD",
        _ => "Info",
    };
    let time = if event.time >> 24 == 0xff {
        // Seconds since boot, of which the tool makes nothing.
        "0:0:0".to_owned()
    } else {
        time::civil(event.time)
            .strftime("%y-%m-%d,%H:%M:%S")
            .to_string()
    };
    let description = description(event);
    line!(answer, "{}: {time} {class}:{description}", event.sequence);
}

/// The description; where the event carries a drive's sense data, with all its bytes in place of the
/// three that count.
fn description(event: &Event) -> String {
    /// The type of the firmware's structure with a command and its sense data.
    const SENSE: u8 = 1;
    /// Where that structure has the length of the data, and the data.
    const LENGTH: usize = 5;
    const DATA: usize = 24;
    match event.description.split_once("Sense: ") {
        Some((before, _)) if event.argument_type == SENSE => {
            let length = event.arguments.get(LENGTH).copied().unwrap_or(0);
            let bytes = event.arguments.iter().skip(DATA).chain(iter::repeat(&0));
            let bytes = bytes.take(length.into());
            let bytes: Vec<_> = bytes.map(|byte| format!("{byte:02X} ")).collect();
            let bytes = bytes.concat();
            format!("{before}Sense: {bytes}")
        }
        _ => event.description.clone(),
    }
}
