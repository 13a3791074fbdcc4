//! The battery or capacitor that protects the write cache.

use ironkeep_parsers::model::{BatteryState, CacheProtection, ChargingStatus, Grade, LearnStatus};

use super::{Code, Findings, Object};
use crate::reading::Controller;

/// What the write cache can count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
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
pub(crate) fn condition(controller: &Controller) -> Condition {
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
    if flag(|flags| flags.pack_missing) {
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
        // A battery that has to be replaced may still work: firmware prints “Operational” beside it and
        // keeps writing back. Without a state nobody knows.
        None if flag(|flags| flags.replacement_required) => Condition::Unknown,
        // Some builds print no state; then the two flags that would complain are all there is.
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
    let condition = of(protection);
    let flagged = protection.flags.as_ref();
    let replace = flagged.and_then(|flags| flags.replacement_required) == Some(true);
    if replace && condition != Condition::Broken {
        about.add(
            Code::BatteryReplace,
            Object::CacheProtection,
            format!("it must be replaced; {state}"),
        );
    }
    match condition {
        Condition::Working => {}
        Condition::Absent | Condition::Unknown if replace => {}
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

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::CacheProtectionFlags;
    use ironkeep_parsers::units::Celsius;

    use super::*;
    use crate::health::Severity;
    use crate::health::example::found;

    fn protection(state: Option<BatteryState>, flags: CacheProtectionFlags) -> CacheProtection {
        CacheProtection {
            state,
            flags: Some(flags),
            ..CacheProtection::default()
        }
    }

    fn judged(protection: CacheProtection) -> Vec<(Code, Severity)> {
        found(Controller {
            cache_protection: Some(Some(protection)),
            ..Controller::default()
        })
    }

    fn none() -> CacheProtectionFlags {
        CacheProtectionFlags::default()
    }

    #[test]
    fn a_working_battery_is_no_finding() {
        for state in [BatteryState::Optimal, BatteryState::Operational] {
            assert_eq!(judged(protection(Some(state), none())), []);
        }
    }

    #[test]
    fn a_learn_cycle_is_no_fault_and_neither_are_its_low_figures() {
        let flags = CacheProtectionFlags {
            learn_active: Some(true),
            remaining_capacity_low: Some(true),
            voltage: Some(Grade::Low),
            ..none()
        };
        for state in [BatteryState::Learning, BatteryState::Degraded] {
            assert_eq!(
                judged(protection(Some(state), flags.clone())),
                [(Code::BatteryLearning, Severity::Info)]
            );
        }
    }

    #[test]
    fn an_empty_battery_that_charges_is_no_fault_and_one_that_does_not_is() {
        let of = |charging| {
            let flags = CacheProtectionFlags {
                charging: Some(charging),
                ..none()
            };
            judged(protection(Some(BatteryState::NonOperational), flags))
        };
        assert_eq!(
            of(ChargingStatus::Charging),
            [(Code::BatteryCharging, Severity::Info)]
        );
        assert_eq!(
            of(ChargingStatus::None),
            [(Code::BatteryFailed, Severity::Warning)]
        );
    }

    #[test]
    fn a_battery_to_replace_is_told_once() {
        let flags = CacheProtectionFlags {
            replacement_required: Some(true),
            pack_about_to_fail: Some(true),
            ..none()
        };
        assert_eq!(
            judged(protection(Some(BatteryState::Optimal), flags.clone())),
            [(Code::BatteryReplace, Severity::Warning)]
        );
        assert_eq!(
            judged(protection(None, flags)),
            [(Code::BatteryReplace, Severity::Warning)]
        );
    }

    #[test]
    fn a_battery_to_replace_still_works_if_its_state_says_so() {
        let of = |state| {
            let flags = CacheProtectionFlags {
                replacement_required: Some(true),
                ..none()
            };
            of(&protection(state, flags))
        };
        assert_eq!(of(Some(BatteryState::Operational)), Condition::Working);
        assert_eq!(of(Some(BatteryState::Failed)), Condition::Broken);
        assert_eq!(of(None), Condition::Unknown);
    }

    #[test]
    fn a_low_capacity_outside_a_learn_cycle_is_a_warning() {
        let flags = CacheProtectionFlags {
            remaining_capacity_low: Some(true),
            ..none()
        };
        assert_eq!(
            judged(protection(Some(BatteryState::Optimal), flags)),
            [(Code::BatteryDegraded, Severity::Warning)]
        );
    }

    #[test]
    fn without_a_state_the_flags_decide_and_without_flags_nobody_knows() {
        let fine = CacheProtectionFlags {
            pack_missing: Some(false),
            replacement_required: Some(false),
            ..none()
        };
        assert_eq!(judged(protection(None, fine)), []);
        let unknown = [(Code::BatteryUnknown, Severity::Unknown)];
        assert_eq!(judged(protection(None, none())), unknown);
        assert_eq!(judged(CacheProtection::default()), unknown);
        let gone = CacheProtectionFlags {
            pack_missing: Some(true),
            ..none()
        };
        assert_eq!(
            judged(protection(None, gone)),
            [(Code::BatteryMissing, Severity::Warning)]
        );
    }

    #[test]
    fn no_battery_is_no_fault_unless_the_controller_counts_one() {
        let mut controller = Controller {
            cache_protection: Some(None),
            ..Controller::default()
        };
        let info = controller.info.get_or_insert_default();
        info.hardware.bbu = Some(false);
        assert_eq!(found(controller.clone()), []);
        controller.info.get_or_insert_default().hardware.bbu = Some(true);
        assert_eq!(
            found(controller),
            [(Code::BatteryMissing, Severity::Warning)]
        );
    }

    #[test]
    fn heat_is_told_once_by_the_figure_or_else_by_the_firmwares_word() {
        let mut hot = protection(
            Some(BatteryState::Optimal),
            CacheProtectionFlags {
                temperature: Some(Grade::High),
                ..none()
            },
        );
        let expected = [(Code::BatteryHot, Severity::Warning)];
        assert_eq!(judged(hot.clone()), expected);
        hot.temperature = Some(Celsius(60));
        assert_eq!(judged(hot), expected);
    }
}
