//! The battery or the capacitor that keeps the write cache when the power fails.

use std::fmt::Display;

use ironkeep_parsers::model::{
    BatteryState, CacheProtection, CacheProtectionFlags, CacheProtectionKind, ChargingStatus,
    EnergyStore,
};

use super::{Maybe, host_time};
use crate::exporter::exposition::Exposition;
use crate::exporter::family::families;
use crate::exporter::value::Value;
use crate::health::battery::{Condition, condition};
use crate::reading::{Controller, Reading};

const STATES: &[&str] = &[
    "optimal",
    "degraded",
    "degraded_needs_attention",
    "non_operational",
    "failed",
    "learning",
    "charging",
    "discharging",
    "missing",
    "unknown",
];

families! {
    INFO = "megaraid_battery_info", Info,
        ["controller", "type", "model", "serial", "firmware", "manufactured"],
        "Identity of what protects the write cache. The type is bbu for a battery and cachevault for a capacitor with flash.";
    PRESENT = "megaraid_battery_present", Gauge, ["controller"],
        "1 if the controller has a battery or capacitor. Without one, all other families of it are absent, and no rule on them fires.";
    STATE = "megaraid_battery_state", Gauge, ["controller", "state"] of STATES,
        "The firmware's word for its state. Old firmware prints none; then what its flags tell. Learning and charging are no faults: the cache writes through meanwhile.";
    CHARGE = "megaraid_battery_charge_ratio", Gauge, ["controller"],
        "Charge, as a share of what a full charge holds now.";
    CAPACITY = "megaraid_battery_capacity_ratio", Gauge, ["controller"],
        "What a full charge holds now, as a share of the design capacity: often above 1 while new. It falls with age.";
    FULL_CAPACITY = "megaraid_battery_full_capacity_coulombs", Gauge, ["controller"],
        "What a full charge holds now. One milliampere-hour is 3.6 coulombs.";
    CAPACITANCE = "megaraid_battery_capacitance_ratio", Gauge, ["controller"],
        "Capacitance of a capacitor, as a share of the design value; above 1 while new.";
    ENERGY = "megaraid_battery_pack_energy_joules", Gauge, ["controller"],
        "Energy in a capacitor.";
    VOLTAGE = "megaraid_battery_voltage_volts", Gauge, ["controller"], "Voltage.";
    CURRENT = "megaraid_battery_current_amperes", Gauge, ["controller"],
        "Current; below 0 while discharging.";
    TEMPERATURE = "megaraid_battery_temperature_celsius", Gauge, ["controller"],
        "Temperature of the module.";
    CYCLES = "megaraid_battery_cycles_total", Counter, ["controller"],
        "Times that the battery was discharged and charged again.";
    LEARN_ACTIVE = "megaraid_battery_learn_active", Gauge, ["controller"],
        "1 while a learn cycle discharges and charges the battery to measure it. No fault; the cache may write through for hours.";
    REPLACEMENT = "megaraid_battery_replacement_required", Gauge, ["controller"],
        "1 if the firmware wants the battery replaced.";
    CAPACITY_LOW = "megaraid_battery_capacity_low", Gauge, ["controller"],
        "1 if the remaining capacity is low. During a learn cycle and while charging that is how it has to be.";
    PACK_MISSING = "megaraid_battery_pack_missing", Gauge, ["controller"],
        "1 if the module is there and its battery pack is not.";
    NEXT_LEARN = "megaraid_battery_next_learn_timestamp_seconds", Gauge, ["controller"],
        "When the next learn cycle starts, to the minute: the time until then on the controller's clock, from now on. Absent where none is planned.";
}

pub(super) fn describe(
    known: &Controller,
    reading: &Reading,
    controller: &dyn Display,
    metrics: &mut Exposition,
) {
    let Some(protection) = &known.cache_protection else {
        return;
    };
    let none = |it: &&CacheProtection| it.kind == Some(CacheProtectionKind::None);
    let protection = protection.as_ref().filter(|it| !none(it));
    metrics.add(&PRESENT, &[controller], protection.is_some());
    let Some(protection) = protection else {
        return;
    };
    info(protection, controller, metrics);
    metrics.add_states(&STATE, &[controller], state(known, protection));
    measured(protection, controller, metrics);
    flags(protection, controller, metrics);
    let learn = protection.learn.as_ref();
    let next = learn.and_then(|learn| host_time(learn.next?, known.info.as_ref(), reading));
    metrics.add_some(&NEXT_LEARN, &[controller], next);
}

fn info(protection: &CacheProtection, controller: &dyn Display, metrics: &mut Exposition) {
    let kind = protection.kind.as_ref();
    let store = match kind.and_then(CacheProtectionKind::energy_store) {
        Some(EnergyStore::Battery) => "bbu",
        Some(EnergyStore::Supercapacitor) => "cachevault",
        None => "unknown",
    };
    let design = protection.design.as_ref();
    metrics.add(
        &INFO,
        &[
            controller,
            &store,
            &Maybe(kind),
            &Maybe(design.and_then(|it| it.serial.as_ref())),
            &Maybe(design.and_then(|it| it.firmware.as_ref())),
            &Maybe(design.and_then(|it| it.manufactured)),
        ],
        true,
    );
}

fn state(known: &Controller, protection: &CacheProtection) -> &'static str {
    match &protection.state {
        Some(BatteryState::Optimal | BatteryState::Operational) => "optimal",
        Some(BatteryState::NonOperational) => "non_operational",
        Some(BatteryState::Learning) => "learning",
        Some(BatteryState::DegradedCharging) => "charging",
        Some(BatteryState::DegradedNeedsAttention) => "degraded_needs_attention",
        Some(BatteryState::Degraded) => "degraded",
        Some(BatteryState::Failed) => "failed",
        Some(BatteryState::Missing) => "missing",
        Some(BatteryState::Unknown | BatteryState::Other(_) | _) => "unknown",
        None => match condition(known) {
            Condition::Working if is_discharging(protection) => "discharging",
            Condition::Working => "optimal",
            Condition::Learning => "learning",
            Condition::Charging => "charging",
            // Without a state, the flag of the missing pack is all that says so.
            Condition::Broken => "missing",
            Condition::Absent | Condition::Unknown => "unknown",
        },
    }
}

fn is_discharging(protection: &CacheProtection) -> bool {
    let flags = protection.flags.as_ref();
    flags.and_then(|flags| flags.charging.as_ref()) == Some(&ChargingStatus::Discharging)
}

fn measured(protection: &CacheProtection, controller: &dyn Display, metrics: &mut Exposition) {
    let at = &[controller];
    let gauge = protection.gas_gauge.as_ref();
    let capacity = protection.capacity.as_ref();
    let design = protection.design.as_ref();
    let charge = gauge
        .and_then(|it| it.relative_charge)
        .or_else(|| capacity?.relative_charge);
    let full = gauge
        .and_then(|it| it.full_charge_capacity)
        .or_else(|| capacity?.full_charge_capacity);
    let share = full.zip(design.and_then(|it| it.capacity));
    let share = share.and_then(|(full, design)| Value::ratio(full.0, design.0));
    metrics.add_some(&CHARGE, at, charge);
    metrics.add_some(&CAPACITY, at, share);
    metrics.add_some(&FULL_CAPACITY, at, full);
    metrics.add_some(&CAPACITANCE, at, gauge.and_then(|it| it.capacitance));
    metrics.add_some(&ENERGY, at, gauge.and_then(|it| it.pack_energy));
    metrics.add_some(&VOLTAGE, at, protection.voltage);
    metrics.add_some(&CURRENT, at, protection.current);
    metrics.add_some(&TEMPERATURE, at, protection.temperature);
    metrics.add_some(&CYCLES, at, capacity.and_then(|it| it.cycles));
}

fn flags(protection: &CacheProtection, controller: &dyn Display, metrics: &mut Exposition) {
    let Some(CacheProtectionFlags {
        learn_active,
        replacement_required,
        remaining_capacity_low,
        pack_missing,
        ..
    }) = &protection.flags
    else {
        return;
    };
    let at = &[controller];
    metrics.add_some(&LEARN_ACTIVE, at, *learn_active);
    metrics.add_some(&REPLACEMENT, at, *replacement_required);
    metrics.add_some(&CAPACITY_LOW, at, *remaining_capacity_low);
    metrics.add_some(&PACK_MISSING, at, *pack_missing);
}
