//! Learn cycles, and what a battery means for the write cache.

use super::events::{self, Arguments, log};
use crate::state::{Battery, Controller, cache};

/// Bits of [`Battery::firmware_status`].
mod status {
    pub(super) const CHARGING: u32 = 1 << 3;
    pub(super) const DISCHARGING: u32 = 1 << 4;
    pub(super) const LEARNING: u32 = 1 << 6;
    pub(super) const PACK_FAILED: u32 = 1 << 10;
}

/// Seconds per percent.
const DISCHARGE: u64 = 60;
const CHARGE: u64 = 180;

/// The charge below which the cache is not safe, percent.
const LEAST: u16 = 30;

/// Begins a learn cycle that is due.
pub(super) fn begin_due(controller: &mut Controller) {
    let now = controller.info.time;
    let due = controller.battery.as_ref().is_some_and(|battery| {
        let properties = &battery.properties;
        properties.mode == 0
            && properties.period > 0
            && properties.next <= now
            && battery.firmware_status & (status::LEARNING | status::CHARGING | status::PACK_FAILED)
                == 0
    });
    if due {
        begin_learn(controller);
    }
}

/// Begins a learn cycle.
pub(super) fn begin_learn(controller: &mut Controller) {
    let Some(battery) = controller.battery.as_mut() else {
        return;
    };
    battery.firmware_status |= status::LEARNING | status::DISCHARGING;
    log(
        controller,
        events::LEARN_STARTED,
        "Battery relearn started",
        Arguments::None,
    );
    log(
        controller,
        events::DISCHARGING,
        "Battery is discharging",
        Arguments::None,
    );
}

/// Seconds until the battery turns from one phase to the next.
pub(super) fn next_turn(controller: &Controller) -> Option<u64> {
    let battery = controller.battery.as_ref()?;
    let charge = u64::from(battery.relative_charge);
    let bits = battery.firmware_status;
    if bits & status::DISCHARGING != 0 {
        let to_least = charge.saturating_sub(u64::from(LEAST) - 1);
        let percent = if charge >= u64::from(LEAST) {
            to_least
        } else {
            charge
        };
        return Some((percent * DISCHARGE).max(1));
    }
    if bits & status::CHARGING != 0 {
        let percent = if charge < u64::from(LEAST) {
            u64::from(LEAST) - charge
        } else {
            100_u64.saturating_sub(charge)
        };
        return Some((percent * CHARGE).max(1));
    }
    let properties = &battery.properties;
    let learns = properties.mode == 0 && properties.period > 0 && bits & status::PACK_FAILED == 0;
    learns.then(|| u64::from(properties.next.saturating_sub(controller.info.time)))
}

/// Lets `seconds` pass.
pub(super) fn run(controller: &mut Controller, seconds: u64) {
    let Some(battery) = controller.battery.as_mut() else {
        return;
    };
    let bits = battery.firmware_status;
    if bits & status::DISCHARGING != 0 {
        let charge = change(battery, seconds, DISCHARGE, false);
        if charge == 0 {
            battery.firmware_status &= !status::DISCHARGING;
            battery.firmware_status |= status::CHARGING;
            log(
                controller,
                events::CHARGING,
                "Battery started charging",
                Arguments::None,
            );
        }
    } else if bits & status::CHARGING != 0 {
        let charge = change(battery, seconds, CHARGE, true);
        if charge >= 100 {
            end_charge(controller);
        }
    }
    settle_cache(controller);
}

/// Changes the charge. Gives the new one, percent.
fn change(battery: &mut Battery, seconds: u64, per_percent: u64, up: bool) -> u16 {
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
    charge
}

fn end_charge(controller: &mut Controller) {
    let now = controller.info.time;
    let Some(battery) = controller.battery.as_mut() else {
        return;
    };
    let was_learning = battery.firmware_status & status::LEARNING != 0;
    battery.firmware_status &= !(status::CHARGING | status::LEARNING);
    if was_learning {
        battery.properties.next = now.saturating_add(battery.properties.period.max(1));
        battery.capacity.cycles = battery.capacity.cycles.saturating_add(1);
    }
    log(
        controller,
        events::CHARGED,
        "Battery charge complete",
        Arguments::None,
    );
    if was_learning {
        log(
            controller,
            events::LEARN_DONE,
            "Battery relearn completed",
            Arguments::None,
        );
    }
}

/// The battery is broken. `false` if there is none.
pub(super) fn fail(controller: &mut Controller) -> bool {
    let Some(battery) = controller.battery.as_mut() else {
        return false;
    };
    battery.firmware_status |= status::PACK_FAILED;
    battery.firmware_status &= !(status::LEARNING | status::CHARGING | status::DISCHARGING);
    settle_cache(controller);
    true
}

/// Write-back needs a battery that holds, unless the policy says otherwise.
fn settle_cache(controller: &mut Controller) {
    let Some(battery) = &controller.battery else {
        return;
    };
    let holds =
        battery.relative_charge >= LEAST && battery.firmware_status & status::PACK_FAILED == 0;
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
