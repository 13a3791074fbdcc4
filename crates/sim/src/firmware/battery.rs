//! Learn cycles, and what a battery means for the write cache.

use super::events::{self, Arguments, log};
use crate::state::{
    Battery, BatteryKind, BatteryProperties, Controller, battery_status as status, cache,
};

/// The charge below which the cache is not safe, percent.
const LEAST: u16 = 30;

/// How a kind of pack goes through a learn cycle.
struct Pace {
    /// Seconds for a percent down.
    discharge: u64,
    /// Seconds for a percent up.
    charge: u64,
    /// How far down it goes, percent. A pack that learns transparently keeps enough for the cache.
    floor: u16,
    /// Milliamperes on the way down and up.
    currents: (i16, i16),
}

/// A battery takes hours for a learn cycle, a supercapacitor minutes.
fn pace(battery: &Battery) -> Pace {
    let is_transparent = battery.firmware_status & status::TRANSPARENT_LEARN != 0;
    if battery.kind == BatteryKind::CacheVault {
        return Pace {
            discharge: 3,
            charge: 5,
            floor: 60,
            currents: (0, 0),
        };
    }
    Pace {
        discharge: 60,
        charge: 180,
        floor: if is_transparent { 60 } else { 0 },
        currents: (-450, 512),
    }
}

/// Whether a pack can learn: it is there, has not failed, and does nothing else.
fn can_learn(battery: &Battery) -> bool {
    let hindered = status::PACK_MISSING
        | status::REPLACE_PACK
        | status::LEARN_ACTIVE
        | status::CHARGING
        | status::DISCHARGING;
    battery.kind != BatteryKind::None && battery.firmware_status & hindered == 0
}

fn learns_by_itself(battery: &Battery) -> bool {
    battery.properties.mode == 0 && battery.properties.period > 0 && can_learn(battery)
}

/// Begins a learn cycle that is due.
pub(super) fn begin_due(controller: &mut Controller) {
    if next_due(controller) == Some(0) {
        begin_learn(controller);
    }
}

/// Seconds until a learn cycle is due.
pub(super) fn next_due(controller: &Controller) -> Option<u64> {
    let battery = controller.battery.as_ref()?;
    let properties = &battery.properties;
    let due = properties
        .next
        .saturating_add(u32::from(properties.delay) * 3600);
    learns_by_itself(battery).then(|| u64::from(due.saturating_sub(controller.info.time)))
}

/// Begins a learn cycle. `false` if the pack cannot.
pub(super) fn begin_learn(controller: &mut Controller) -> bool {
    let found = controller.battery.as_mut();
    let Some(battery) = found.filter(|battery| can_learn(battery)) else {
        return false;
    };
    battery.firmware_status |= status::LEARN_ACTIVE | status::DISCHARGING;
    battery.firmware_status &= !status::LEARN_REQUESTED;
    let words = "Battery relearn started";
    log(controller, events::LEARN_STARTED, words, Arguments::None);
    let words = "Battery is discharging";
    log(controller, events::DISCHARGING, words, Arguments::None);
    true
}

/// Sets when the pack learns. `false` if there is none.
pub(super) fn set_properties(
    controller: &mut Controller,
    change: impl FnOnce(&mut BatteryProperties),
) -> bool {
    let Some(battery) = controller.battery.as_mut() else {
        return false;
    };
    change(&mut battery.properties);
    let words = "Battery properties changed";
    log(
        controller,
        events::BATTERY_PROPERTIES_CHANGED,
        words,
        Arguments::None,
    );
    true
}

/// Seconds until the pack turns from one phase to the next, or its charge passes what the cache needs.
pub(super) fn next_turn(controller: &Controller) -> Option<u64> {
    let battery = controller.battery.as_ref()?;
    let pace = pace(battery);
    let charge = battery.relative_charge;
    let (percent, each) = if battery.firmware_status & status::DISCHARGING != 0 {
        let to = if charge >= LEAST { LEAST - 1 } else { 0 };
        (charge.saturating_sub(to.max(pace.floor)), pace.discharge)
    } else if battery.firmware_status & status::CHARGING != 0 {
        let to = if charge < LEAST { LEAST } else { 100 };
        (to.saturating_sub(charge), pace.charge)
    } else {
        return None;
    };
    let seconds = (u64::from(percent) * each).saturating_sub(u64::from(battery.charge_seconds));
    Some(seconds.max(1))
}

/// Lets `seconds` pass.
pub(super) fn run(controller: &mut Controller, seconds: u64) {
    let Some(battery) = controller.battery.as_mut() else {
        return;
    };
    let pace = pace(battery);
    if battery.firmware_status & status::DISCHARGING != 0 {
        // Right after the beginning the gauge has not measured yet, as a capture shows.
        battery.current = pace.currents.0;
        change(battery, seconds, pace.discharge, false);
        if battery.relative_charge <= pace.floor {
            battery.firmware_status &= !status::DISCHARGING;
            battery.firmware_status |= status::CHARGING;
            battery.current = pace.currents.1;
            let words = "Battery started charging";
            log(controller, events::CHARGING, words, Arguments::None);
        }
    } else if battery.firmware_status & status::CHARGING != 0 {
        change(battery, seconds, pace.charge, true);
        if battery.relative_charge >= 100 {
            end_charge(controller);
        }
    }
    settle_cache(controller);
}

/// Changes the charge.
fn change(battery: &mut Battery, seconds: u64, per_percent: u64, up: bool) {
    // What is less than a percent waits in the elapsed seconds.
    let waiting = u64::from(battery.charge_seconds) + seconds;
    let percent = u16::try_from(waiting / per_percent).unwrap_or(100);
    battery.charge_seconds = u16::try_from(waiting % per_percent).unwrap_or_default();
    let charge = if up {
        battery.relative_charge.saturating_add(percent).min(100)
    } else {
        battery.relative_charge.saturating_sub(percent)
    };
    battery.relative_charge = charge;
    let full = u32::from(battery.capacity.full);
    battery.capacity.relative_charge = charge;
    battery.capacity.remaining = u16::try_from(full * u32::from(charge) / 100).unwrap_or(u16::MAX);
}

fn end_charge(controller: &mut Controller) {
    let now = controller.info.time;
    let Some(battery) = controller.battery.as_mut() else {
        return;
    };
    let was_learning = battery.firmware_status & status::LEARN_ACTIVE != 0;
    battery.firmware_status &= !(status::CHARGING | status::LEARN_ACTIVE);
    battery.current = 0;
    battery.charge_seconds = 0;
    if was_learning {
        battery.properties.next = now.saturating_add(battery.properties.period.max(1));
        battery.capacity.cycles = battery.capacity.cycles.saturating_add(1);
    }
    let words = "Battery charge complete";
    log(controller, events::CHARGED, words, Arguments::None);
    if was_learning {
        let words = "Battery relearn completed";
        log(controller, events::LEARN_DONE, words, Arguments::None);
    }
}

/// The battery is broken: its voltage falls, and it must be replaced. `false` if there is none.
pub(super) fn fail(controller: &mut Controller) -> bool {
    let Some(battery) = controller.battery.as_mut() else {
        return false;
    };
    let ended = status::LEARN_ACTIVE | status::CHARGING | status::DISCHARGING;
    battery.firmware_status &= !ended;
    battery.firmware_status |= status::REPLACE_PACK | status::VOLTAGE_LOW;
    battery.current = 0;
    battery.voltage = battery.voltage / 10 * 7;
    let words = "Battery has failed and cannot support data retention. Please replace the battery";
    log(controller, events::BATTERY_FAILED, words, Arguments::None);
    settle_cache(controller);
    true
}

/// Write-back needs a battery that holds, unless the policy says otherwise.
pub(super) fn settle_cache(controller: &mut Controller) {
    let Some(battery) = &controller.battery else {
        return;
    };
    let hindered = status::PACK_MISSING | status::REPLACE_PACK;
    let holds = battery.relative_charge >= LEAST && battery.firmware_status & hindered == 0;
    let mut changed = false;
    for it in &mut controller.virtual_drives {
        let wants = it.default_cache & cache::WRITE_BACK != 0;
        let regardless = it.default_cache & cache::WRITE_WITHOUT_BATTERY != 0;
        let has = it.current_cache & cache::WRITE_BACK != 0;
        if wants && !regardless && has != holds {
            it.current_cache ^= cache::WRITE_BACK;
            changed = true;
        }
    }
    if changed && holds {
        let words = "BBU enabled; changing WT virtual disks to WB";
        log(controller, events::WRITE_BACK_ON, words, Arguments::None);
    } else if changed {
        let words = "BBU disabled; changing WB virtual disks to WT";
        log(controller, events::WRITE_BACK_OFF, words, Arguments::None);
    }
}
