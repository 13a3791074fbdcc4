//! The battery or capacitor that protects the write cache.

use ironkeep_parsers::model::{BatteryState, CacheProtection, ChargingStatus, Grade, LearnStatus};

use super::{Code, Findings, Object};
use crate::reading::Controller;

/// What the write cache can count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// It protects the cache.
    Working,
    /// It is in a learn cycle: no fault.
    Learning,
    /// It is being charged: no fault.
    Charging,
    /// It does not work.
    Broken,
    /// There is none.
    Absent,
    /// Nobody says.
    Unknown,
}

/// What the write cache of `controller` can count on.
pub(super) fn condition(controller: &Controller) -> Condition {
    match (
        &controller.cache_protection,
        controller.has_cache_protection(),
    ) {
        (Some(Some(protection)), _) => of(protection),
        (_, Some(false)) => Condition::Absent,
        _ => Condition::Unknown,
    }
}

fn of(protection: &CacheProtection) -> Condition {
    let flag = |flag: fn(&ironkeep_parsers::model::CacheProtectionFlags) -> Option<bool>| {
        protection.flags.as_ref().and_then(flag) == Some(true)
    };
    let charging = protection
        .flags
        .as_ref()
        .and_then(|flags| flags.charging.as_ref());
    if flag(|flags| flags.pack_missing) || flag(|flags| flags.replacement_required) {
        return Condition::Broken;
    }
    match &protection.state {
        Some(
            BatteryState::Failed | BatteryState::Missing | BatteryState::DegradedNeedsAttention,
        ) => Condition::Broken,
        Some(BatteryState::Learning) => Condition::Learning,
        _ if flag(|flags| flags.learn_active) => Condition::Learning,
        Some(BatteryState::DegradedCharging) => Condition::Charging,
        // A battery that is empty or low while it charges comes back by itself.
        Some(BatteryState::NonOperational | BatteryState::Degraded) => {
            if charging == Some(&ChargingStatus::Charging) {
                Condition::Charging
            } else {
                Condition::Broken
            }
        }
        Some(BatteryState::Optimal | BatteryState::Operational)
            if charging == Some(&ChargingStatus::Charging) =>
        {
            Condition::Charging
        }
        Some(BatteryState::Optimal | BatteryState::Operational) => Condition::Working,
        // Some builds print no state; then the two flags that would say that it does not work are all
        // there is.
        None if protection.flags.as_ref().is_some_and(|flags| {
            flags.pack_missing.is_some() || flags.replacement_required.is_some()
        }) =>
        {
            if charging == Some(&ChargingStatus::Charging) {
                Condition::Charging
            } else {
                Condition::Working
            }
        }
        _ => Condition::Unknown,
    }
}

pub(super) fn judge(about: &mut Findings<'_>) {
    let protection = match &about.controller.cache_protection {
        Some(Some(protection)) => protection,
        Some(None) => return absent(about),
        None => return,
    };
    let state = match &protection.state {
        Some(state) => format!("its state is {state}"),
        None => "its state was not printed".to_owned(),
    };
    match of(protection) {
        Condition::Working => {}
        Condition::Learning => about.add(
            Code::BatteryLearning,
            Object::CacheProtection,
            "a learn cycle is running",
        ),
        Condition::Charging => about.add(
            Code::BatteryCharging,
            Object::CacheProtection,
            format!("{state}; it is charging"),
        ),
        Condition::Broken => broken(about, protection, &state),
        Condition::Absent | Condition::Unknown => {
            about.add(Code::BatteryUnknown, Object::CacheProtection, state);
        }
    }
    flags(about, protection);
    let hot = protection
        .temperature
        .filter(|temperature| temperature.0 >= about.limits.battery_celsius);
    let verdict = protection
        .flags
        .as_ref()
        .and_then(|flags| flags.temperature.as_ref());
    if let Some(temperature) = hot {
        let reason = format!(
            "{} °C, limit {} °C",
            temperature.0, about.limits.battery_celsius
        );
        about.add(Code::BatteryHot, Object::CacheProtection, reason);
    } else if verdict == Some(&Grade::High) {
        about.add(
            Code::BatteryHot,
            Object::CacheProtection,
            "the firmware calls its temperature high",
        );
    }
}

/// No battery is no fault, unless the controller says that it has one.
fn absent(about: &mut Findings<'_>) {
    let info = about.controller.info.as_ref();
    if info.and_then(|info| info.hardware.bbu) == Some(true) {
        let reason = "the controller counts a battery among its hardware, and none answers";
        about.add(Code::BatteryMissing, Object::CacheProtection, reason);
    }
}

fn broken(about: &mut Findings<'_>, protection: &CacheProtection, state: &str) {
    let flags = protection.flags.as_ref();
    if protection.state == Some(BatteryState::Missing)
        || flags.and_then(|flags| flags.pack_missing) == Some(true)
    {
        about.add(
            Code::BatteryMissing,
            Object::CacheProtection,
            "the battery pack is missing",
        );
    } else if flags.and_then(|flags| flags.replacement_required) == Some(true) {
        about.add(
            Code::BatteryReplace,
            Object::CacheProtection,
            "it must be replaced",
        );
    } else {
        about.add(Code::BatteryFailed, Object::CacheProtection, state);
    }
}

/// Flags that ask for something although the battery works at present.
fn flags(about: &mut Findings<'_>, protection: &CacheProtection) {
    let Some(flags) = &protection.flags else {
        return;
    };
    // A learn cycle empties the battery and fills it again: then low figures are no fault.
    let cycles = matches!(of(protection), Condition::Learning | Condition::Charging);
    if flags.pack_about_to_fail == Some(true) && flags.replacement_required != Some(true) {
        about.add(
            Code::BatteryReplace,
            Object::CacheProtection,
            "the pack is about to fail and should be replaced",
        );
    }
    let gauge = protection.gas_gauge.as_ref();
    let healthy = gauge.and_then(|gauge| gauge.healthy);
    let empty = gauge.and_then(|gauge| gauge.fully_discharged) == Some(true);
    for (raised, words) in [
        (
            flags.remaining_capacity_low == Some(true) && !cycles,
            "its remaining capacity is low",
        ),
        (
            flags.i2c_errors == Some(true),
            "the controller has errors talking to it",
        ),
        (
            flags.learn_timeout == Some(true),
            "its learn cycle timed out",
        ),
        (
            matches!(
                flags.learn_status,
                Some(LearnStatus::Failed | LearnStatus::Critical)
            ),
            "its learn cycle failed",
        ),
        (
            flags.no_space_to_offload == Some(true),
            "there is no space to save the cache to",
        ),
        (
            flags.microcode_update_required == Some(true),
            "its module needs a firmware update",
        ),
        (
            flags.voltage == Some(Grade::Low) && !cycles,
            "its voltage is low",
        ),
        (healthy == Some(false), "it reports a bad state of health"),
        (
            // While it is charged or learns, that is how it has to be.
            empty && of(protection) == Condition::Working,
            "it is empty and is not being charged",
        ),
    ] {
        if raised {
            about.add(Code::BatteryDegraded, Object::CacheProtection, words);
        }
    }
}
