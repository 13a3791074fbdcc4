//! `-AdpBbuCmd`: the battery or supercapacitor behind the write cache.

use std::fmt;

use super::answer::{line, put};
use super::{Answer, Arguments, firmware_status, opcode, selected};
use crate::state::{Battery, BatteryKind, Controller, Host, battery_status as bit};
use crate::time;

/// The bare `-AdpBbuCmd`: all there is to tell.
pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let Some(battery) = status_of(number, controller, answer) else {
            continue;
        };
        put_status(number, battery, answer);
        // No capture shows another time, and no record of the firmware holds one.
        line!(answer, "  Battery backup charge time : 0 hours");
        if battery.kind != BatteryKind::CacheVault {
            put_capacity(number, battery, answer);
        }
        put_design(number, battery, answer);
        put_properties(number, battery, answer);
    }
}

/// `-GetBbuStatus`.
pub(super) fn status(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if let Some(battery) = status_of(number, controller, answer) {
            put_status(number, battery, answer);
        }
    }
}

/// `-GetBbuCapacityInfo`.
pub(super) fn capacity(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if let Err(status) = asked(controller, opcode::BATTERY_CAPACITY) {
            line!(answer, "Adapter {number}: Get BBU Capacity Info Failed.");
            firmware_status::explain(status, answer);
        } else if let Some(battery) = status_of(number, controller, answer) {
            put_capacity(number, battery, answer);
        }
    }
}

/// `-GetBbuDesignInfo`.
pub(super) fn design(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let battery = asked(controller, opcode::BATTERY_DESIGN)
            .and_then(|_| asked(controller, opcode::BATTERY_STATUS));
        if let Ok(battery) = battery {
            put_design(number, battery, answer);
        } else {
            line!(answer, "Adapter {number}: Get BBU Status Info Failed.");
            answer.status = 1;
        }
    }
}

/// `-GetBbuProperties`.
pub(super) fn properties(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if properties_of(number, controller, answer).is_none() {
            continue;
        }
        if let Ok(battery) = asked(controller, opcode::BATTERY_STATUS) {
            put_properties(number, battery, answer);
        } else {
            line!(answer, "Adapter {number}: Get BBU Status Failed.");
            answer.status = 1;
        }
    }
}

/// `-GetBbumodes`: only what every capture shows, whatever the battery.
pub(super) fn modes(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if properties_of(number, controller, answer).is_some() {
            line!(answer, "Undefined BBU Modes.");
            for _ in 0..3 {
                line!(
                    answer,
                    "   12+ Hrs retention with a non-transparent learn cycle and moderate service life."
                );
            }
        }
    }
}

/// `-ScheduleLearn -Info`: no captured battery can be given a time of day. It ends at the first.
pub(super) fn schedule(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let controllers = selected(host, arguments);
    let Some(&(number, controller)) = controllers.first() else {
        return;
    };
    if properties_of(number, controller, answer).is_some() {
        line!(
            answer,
            "Adapter {number}: Real Time Scheduling is not supported."
        );
        answer.status = 1;
    }
}

/// The battery, if the controller has one and does `operation` on it; else the firmware's status.
fn asked(controller: &Controller, operation: u32) -> Result<&Battery, u16> {
    match controller.fault(operation) {
        Some(status) => Err(status),
        None => controller
            .battery
            .as_ref()
            .ok_or(firmware_status::HARDWARE_NOT_FOUND),
    }
}

fn status_of<'a>(
    number: u32,
    controller: &'a Controller,
    answer: &mut Answer,
) -> Option<&'a Battery> {
    match asked(controller, opcode::BATTERY_STATUS) {
        Ok(battery) => Some(battery),
        Err(status) => {
            line!(answer, "Adapter {number}: Get BBU Status Failed.");
            firmware_status::explain(status, answer);
            None
        }
    }
}

fn properties_of<'a>(
    number: u32,
    controller: &'a Controller,
    answer: &mut Answer,
) -> Option<&'a Battery> {
    let battery = asked(controller, opcode::BATTERY_PROPERTIES).ok();
    if battery.is_none() {
        line!(answer, "Adapter {number}: Get BBU Properties Failed.");
        answer.status = 1;
    }
    battery
}

/// Batteries that the firmware knows in more detail.
fn is_later(battery: &Battery) -> bool {
    matches!(battery.kind, BatteryKind::Ibbu08 | BatteryKind::Ibbu09)
}

/// The name of a battery's kind. Later kinds are called what they call themselves.
pub(super) fn kind(battery: &Battery) -> &str {
    match battery.kind {
        BatteryKind::None => "No Battery",
        BatteryKind::Ibbu => "iBBU",
        BatteryKind::Bbu => "BBU",
        BatteryKind::ZcrLegacy => "ZCR Legacy",
        BatteryKind::Itbbu3 => "iTBBU3",
        BatteryKind::Ibbu08 => "iBBU08",
        BatteryKind::CacheVault | BatteryKind::Ibbu09 | BatteryKind::Code(_) => {
            &battery.design.device_name
        }
    }
}

fn put_status(number: u32, battery: &Battery, answer: &mut Answer) {
    line!(answer, "BBU status for Adapter: {number}");
    line!(answer);
    line!(answer, "BatteryType: {}", kind(battery));
    let state = state(battery);
    if matches!(state, "Missing" | "Unknown") {
        line!(answer, "Battery State: {state}");
        return;
    }
    line!(answer, "Voltage: {} mV", battery.voltage);
    line!(answer, "Current: {} mA", battery.current);
    line!(answer, "Temperature: {} C", battery.temperature);
    line!(answer, "Battery State: {state}");
    if let Some(mode) = design_mode(battery) {
        line!(answer, "Design Mode  : {mode}");
        line!(answer);
    }
    put_flags(battery, answer);
    if battery.kind == BatteryKind::CacheVault {
        put_supercapacitor(battery, answer);
        return;
    }
    if is_later(battery) {
        line!(
            answer,
            "BBU GasGauge Status: 0x{:04x} ",
            battery.gauge_status
        );
    } else {
        put_gauge(battery.gauge_status, answer);
    }
    if battery.kind == BatteryKind::Bbu {
        put_plain_charge(battery, answer);
    } else {
        put_charge(battery, answer);
    }
}

/// How well the battery is. Of a battery that is missing or in a state that MegaCLI does not know,
/// it tells nothing else.
fn state(battery: &Battery) -> &'static str {
    let is = |bits| battery.firmware_status & bits != 0;
    if battery.kind == BatteryKind::None || is(bit::PACK_MISSING) {
        "Missing"
    } else if is(bit::VOLTAGE_LOW | bit::REPLACE_PACK) {
        "Failed"
    } else if is(bit::LEARN_ACTIVE) {
        "Learning"
    } else if is(bit::LEARN_REQUESTED) {
        "Degraded(Need Attention) "
    } else if !is(bit::DISCHARGING | bit::CAPACITY_LOW) {
        "Optimal"
    } else if is(bit::CHARGING) {
        "Degraded(Charging) "
    } else {
        "Unknown"
    }
}

/// How a later battery trades retention against its life. Of five modes, outputs of real machines
/// show two.
fn design_mode(battery: &Battery) -> Option<&'static str> {
    match (is_later(battery), battery.properties.battery_mode) {
        (true, 4) => {
            Some("48+ Hrs retention with a non-transparent learn cycle and balanced service life.")
        }
        (true, 5) => {
            Some("48+ Hrs retention with a non-transparent learn cycle and moderate service life.")
        }
        _ => None,
    }
}

fn put_flags(battery: &Battery, answer: &mut Answer) {
    let status = battery.firmware_status;
    let word = |bits, set, clear| if status & bits != 0 { set } else { clear };
    line!(answer, "BBU Firmware Status:");
    line!(answer);
    let charging = word(
        bit::CHARGING,
        "Charging",
        word(bit::DISCHARGING, "Discharging", "None"),
    );
    line!(answer, "  Charging Status              : {charging}");
    for (name, bits, set, clear) in [
        ("Voltage", bit::VOLTAGE_LOW, "Low", "OK"),
        ("Temperature", bit::TEMPERATURE_HIGH, "High", "OK"),
        ("Learn Cycle Requested\t", bit::LEARN_REQUESTED, "Yes", "No"),
        ("Learn Cycle Active", bit::LEARN_ACTIVE, "Yes", "No"),
        ("Learn Cycle Status", bit::LEARN_FAILED, "Failed", "OK"),
        ("Learn Cycle Timeout", bit::LEARN_TIMEOUT, "Yes", "No"),
        ("I2c Errors Detected", bit::I2C_ERRORS, "Yes", "No"),
        ("Battery Pack Missing", bit::PACK_MISSING, "Yes", "No"),
        (
            "Battery Replacement required",
            bit::REPLACE_PACK,
            "Yes",
            "No",
        ),
        ("Remaining Capacity Low", bit::CAPACITY_LOW, "Yes", "No"),
        ("Periodic Learn Required", bit::PERIODIC_LEARN, "Yes", "No"),
        ("Transparent Learn", bit::TRANSPARENT_LEARN, "Yes", "No"),
        ("No space to cache offload", bit::NO_SPACE, "Yes", "No"),
        (
            "Pack is about to fail & should be replaced ",
            bit::ABOUT_TO_FAIL,
            "Yes",
            "No",
        ),
        (
            "Cache Offload premium feature required",
            bit::OFFLOAD_LICENCE,
            "Yes",
            "No",
        ),
        (
            "Module microcode update required",
            bit::UPDATE_MICROCODE,
            "Yes",
            "No",
        ),
    ] {
        line!(answer, "  {name:<40}: {}", word(bits, set, clear));
    }
    line!(answer);
}

/// The gauge of an earlier battery: status bits of the Smart Battery standard.
fn put_gauge(status: u16, answer: &mut Answer) {
    line!(answer);
    line!(answer, "GasGuageStatus:");
    for (name, bits) in [
        ("Fully Discharged", 0x0010),
        ("Fully Charged", 0x0020),
        ("Discharging", 0x0040),
        ("Initialized", 0x0080),
        ("Remaining Time Alarm", 0x0100),
        ("Discharge Terminated", 0x0800),
        ("Over Temperature", 0x1000),
        ("Charging Terminated", 0x4000),
        ("Over Charged", 0x8000),
    ] {
        line!(answer, "  {name:<24}: {}", yes(status & bits != 0));
    }
}

fn put_charge(battery: &Battery, answer: &mut Answer) {
    line!(
        answer,
        "  Relative State of Charge: {} %",
        battery.relative_charge
    );
    line!(answer, "  Charger System State: {}", battery.charger_state);
    line!(answer, "  Charger System Ctrl: {}", battery.ibbu38);
    line!(answer, "  Charging current: {} mA", battery.ibbu40);
    line!(answer, "  Absolute state of charge: {} %", battery.ibbu42);
    line!(answer, "  Max Error: {} %", battery.ibbu44);
}

fn put_plain_charge(battery: &Battery, answer: &mut Answer) {
    let charger = match battery.charger_state {
        1 => "Complete",
        2 => "Failed",
        _ => "In Progress",
    };
    line!(
        answer,
        "Relative State of Charge: {} %",
        battery.relative_charge
    );
    line!(answer, "Charger Status: {charger}");
    line!(
        answer,
        "Remaining Capacity: {} mAh",
        battery.status_remaining_capacity
    );
    line!(
        answer,
        "Full Charge Capacity: {} mAh",
        battery.status_full_capacity
    );
    line!(answer, "isSOHGood: {}", yes(battery.is_healthy));
}

fn put_supercapacitor(battery: &Battery, answer: &mut Answer) {
    let [energy, capacitance] = battery.gauge_status.to_le_bytes();
    line!(
        answer,
        "BBU GasGauge Status: 0x{:04x} ",
        battery.gauge_status
    );
    line!(answer, "  Pack energy             : {energy} J ");
    line!(answer, "  Capacitance             : {capacitance} ");
    line!(
        answer,
        "  Remaining reserve space : {} ",
        battery.relative_charge
    );
    line!(answer);
}

fn put_capacity(number: u32, battery: &Battery, answer: &mut Answer) {
    let capacity = &battery.capacity;
    line!(answer);
    line!(answer, "BBU Capacity Info for Adapter: {number}");
    line!(answer);
    line!(
        answer,
        "  Relative State of Charge: {} %",
        capacity.relative_charge
    );
    line!(
        answer,
        "  Absolute State of charge: {} %",
        capacity.absolute_charge
    );
    line!(answer, "  Remaining Capacity: {} mAh", capacity.remaining);
    line!(answer, "  Full Charge Capacity: {} mAh", capacity.full);
    line!(
        answer,
        "  Run time to empty: {} ",
        Minutes(capacity.run_time)
    );
    line!(
        answer,
        "  Average time to empty: {} ",
        Minutes(capacity.average_to_empty)
    );
    line!(
        answer,
        "  Estimated Time to full recharge: {} ",
        Minutes(capacity.average_to_full)
    );
    line!(answer, "  Cycle Count: {}", capacity.cycles);
    if is_later(battery) {
        return;
    }
    line!(answer, "Max Error = {} %", capacity.margin);
    line!(
        answer,
        "Remaining Capacity Alarm = {} mAh",
        capacity.capacity_alarm
    );
    line!(answer, "Remining Time Alarm = {} Min", capacity.time_alarm);
}

fn put_design(number: u32, battery: &Battery, answer: &mut Answer) {
    let design = &battery.design;
    let is_capacitor = battery.kind == BatteryKind::CacheVault;
    let (indent, unit) = if is_capacitor {
        ("", "J")
    } else {
        ("  ", "mAh")
    };
    let (year, month, day) = (design.date >> 9, design.date >> 5 & 0xf, design.date & 0x1f);
    line!(answer);
    line!(answer, "BBU Design Info for Adapter: {number}");
    line!(answer);
    line!(
        answer,
        "{indent}Date of Manufacture: {month:02}/{day:02}, {year}"
    );
    line!(
        answer,
        "{indent}Design Capacity: {} {unit}",
        design.capacity
    );
    line!(answer, "{indent}Design Voltage: {} mV", design.voltage);
    if !is_capacitor {
        line!(answer, "  Specification Info: {}", design.specification);
    }
    line!(answer, "{indent}Serial Number: {}", design.serial);
    if !is_capacitor {
        line!(
            answer,
            "  Pack Stat Configuration: 0x{:04x}",
            design.pack_configuration
        );
    }
    line!(answer, "{indent}Manufacture Name: {}", design.manufacturer);
    line!(answer, "{indent}Firmware Version   : {}", design.data);
    line!(answer, "{indent}Device Name: {}", design.device_name);
    line!(answer, "{indent}Device Chemistry: {}", design.chemistry);
    line!(answer, "{indent}Battery FRU: N/A");
    if is_capacitor {
        line!(answer, "TMM FRU: N/A");
        if !design.data.is_empty() {
            line!(answer, "Module Version = {}", design.data);
        }
    }
    line!(
        answer,
        "  Transparent Learn = {}",
        u8::from(design.transparent_learn)
    );
    line!(answer, "  App Data = {}", design.application_data);
}

fn put_properties(number: u32, battery: &Battery, answer: &mut Answer) {
    const DAY: u32 = 86_400;
    let properties = &battery.properties;
    let (mode, is_automatic) = match properties.mode {
        0 => ("Enabled", true),
        2 => ("Warn via Event", false),
        _ => ("Disabled", false),
    };
    line!(answer);
    line!(answer, "BBU Properties for Adapter: {number}");
    line!(answer);
    line!(
        answer,
        "  Auto Learn Period: {} Days",
        properties.period / DAY
    );
    if is_automatic {
        let next = time::ctime(properties.next);
        line!(answer, "  Next Learn time: {next}");
    } else {
        // MegaCLI forgets to end the line.
        put!(answer, "  Next Learn time: None");
    }
    line!(answer, "  Learn Delay Interval:{} Hours", properties.delay);
    line!(answer, "  Auto-Learn Mode: {mode}");
    if is_later(battery) && properties.battery_mode != 0 {
        line!(answer, "  BBU Mode = {}", properties.battery_mode);
    }
}

fn yes(is: bool) -> &'static str {
    if is { "Yes" } else { "No" }
}

/// Minutes that a battery lasts or takes. For 0xffff MegaCLI says "not being charged" even where a
/// battery does not discharge.
struct Minutes(u16);

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0xffff => f.write_str("Battery is not being charged. "),
            minutes @ 0..60 => write!(f, "{minutes} Min."),
            minutes => write!(f, "{} Hour, {} Min.", minutes / 60, minutes % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::megacli;
    use crate::state::{BatteryDesign, BatteryProperties};

    /// As machines with such a battery print it.
    #[test]
    fn a_later_battery_has_lines_of_its_own() {
        let battery = Battery {
            kind: BatteryKind::Ibbu09,
            firmware_status: bit::CHARGING | bit::CAPACITY_LOW,
            gauge_status: 0x0100,
            design: BatteryDesign {
                device_name: "iBBU-09".to_owned(),
                ..BatteryDesign::default()
            },
            properties: BatteryProperties {
                battery_mode: 5,
                ..BatteryProperties::default()
            },
            ..Battery::default()
        };
        let mut host = Host {
            controllers: vec![Controller {
                battery: Some(battery),
                ..Controller::default()
            }],
            ..Host::default()
        };
        let text = megacli::run(&mut host, &["-AdpBbuCmd", "-aALL"]).text();
        for part in [
            "BatteryType: iBBU-09\n",
            "Battery State: Degraded(Charging) \n\
             Design Mode  : 48+ Hrs retention with a non-transparent learn cycle and moderate \
             service life.\n\nBBU Firmware Status:\n",
            "update required        : No\n\nBBU GasGauge Status: 0x0100 \n  Relative State of Charge",
            "  Cycle Count: 0\n\nBBU Design Info",
            "  Auto-Learn Mode: Enabled\n  BBU Mode = 5\n",
        ] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
    }

    #[test]
    fn times_are_hours_and_minutes() {
        let words = |minutes| Minutes(minutes).to_string();
        assert_eq!(words(43), "43 Min.");
        assert_eq!(words(95), "1 Hour, 35 Min.");
        assert_eq!(words(0xffff), "Battery is not being charged. ");
    }
}
