//! What somebody asks of the controller itself: its properties, its clock, its logs, its schedules.

use super::drives::Outcome;
use super::events::{self, Arguments, Kind, log};
use super::{advance_controller, battery, policy, schedule, status};
use crate::state::{
    BatteryProperties, ConsistencySchedule, Controller, FirmwareImage, Info, PatrolMode,
    PatrolSchedule, ScheduleState,
};
use crate::time;

/// Seconds that a host takes to shut down and to start.
const RESTART: u64 = 120;

/// Percent at which a controller comes for everything that has a rate.
const FACTORY_RATE: u32 = 30;

/// What can be done to the alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alarm {
    /// It sounds when something is wrong.
    On,
    /// It never sounds.
    Off,
    /// It is quiet until something else is wrong.
    Silenced,
}

/// Switches the alarm, on a board without one as well.
pub(crate) fn set_alarm(controller: &mut Controller, to: Alarm) {
    let alarm = &mut controller.info.alarm;
    let event = match to {
        Alarm::On => {
            *alarm = 1;
            (events::ALARM_ENABLED, "Alarm enabled by user")
        }
        Alarm::Off => {
            *alarm = 0;
            (events::ALARM_DISABLED, "Alarm disabled by user")
        }
        // One that is off has nothing to silence; events tell of neither.
        Alarm::Silenced => {
            if *alarm == 1 {
                *alarm = 2;
            }
            return;
        }
    };
    log(controller, event.0, event.1, Arguments::None);
}

/// Sets properties, and does at once what they allow.
pub(crate) fn set_properties(controller: &mut Controller, change: impl FnOnce(&mut Info)) {
    let before = controller.info.clone();
    change(&mut controller.info);
    let after = controller.info.clone();
    if after == before {
        return;
    }
    controller.info.property_sequence = controller.info.property_sequence.wrapping_add(1);
    let rates = [
        (
            before.rebuild_rate,
            after.rebuild_rate,
            events::REBUILD_RATE,
            "Rebuild rate",
        ),
        (
            before.patrol_rate,
            after.patrol_rate,
            events::PATROL_RATE,
            "Patrol Read Rate",
        ),
        (
            before.background_rate,
            after.background_rate,
            events::BACKGROUND_RATE,
            "Background initialization rate",
        ),
        (
            before.consistency_rate,
            after.consistency_rate,
            events::CONSISTENCY_RATE,
            "Consistency Check rate",
        ),
        (
            before.reconstruction_rate,
            after.reconstruction_rate,
            events::RECONSTRUCTION_RATE,
            "Reconstruction rate",
        ),
    ];
    let changed = rates.into_iter().filter(|(old, new, ..)| old != new);
    let mut told: Vec<(Kind, String, u32)> = changed
        .map(|(_, new, kind, name)| (kind, format!("{name} changed to {new}%"), new))
        .collect();
    if before.flush_interval != after.flush_interval {
        let seconds = after.flush_interval;
        let words = format!("Flush rate changed to {seconds} seconds");
        told.push((events::FLUSH_RATE, words, seconds));
    }
    for (kind, words, rate) in &told {
        log(controller, *kind, words.as_str(), Arguments::Rate(*rate));
    }
    if told.is_empty() {
        let words = "Controller properties changed";
        log(
            controller,
            events::PROPERTIES_CHANGED,
            words,
            Arguments::None,
        );
    }
    // A rebuild or a copyback may wait for the permission.
    if before.no_auto_rebuild != after.no_auto_rebuild || before.switches != after.switches {
        policy::settle(controller);
    }
}

/// Sets the clock.
pub(crate) fn set_time(controller: &mut Controller, seconds: u32) {
    let since = controller.events.since(controller.events.boot).next();
    // Right after a start the firmware counts from it, with a mark in the top byte.
    let started = since
        .map(|event| event.time)
        .filter(|time| time >> 24 != 0xff);
    let up = started.map_or(0, |started| controller.info.time.saturating_sub(started));
    controller.info.time = seconds;
    let clock = time::civil(seconds).strftime("%m/%d/%y %H:%M:%S");
    let words = format!("Time established as {clock}; ({up} seconds since power on)");
    let arguments = Arguments::Time(seconds, up);
    log(controller, events::TIME_SET, words, arguments);
}

/// Clears the event log. The entries stay until they are overwritten.
pub(crate) fn clear_events(controller: &mut Controller) {
    let log_of = &mut controller.events;
    log_of.cleared = log_of.newest().max(log_of.cleared);
    let words = "Event log cleared";
    log(controller, events::LOG_CLEARED, words, Arguments::None);
}

/// Begins a patrol read. No manual says what the firmware answers while one runs.
pub(crate) fn start_patrol(controller: &mut Controller) -> Outcome {
    if controller.patrol.mode == PatrolMode::Disabled {
        return Err(status::PATROL_DISABLED);
    }
    if controller.patrol.state == ScheduleState::Active {
        return Err(status::RESOURCE_IN_USE);
    }
    if schedule::begin_patrol(controller) {
        Ok(())
    } else {
        Err(status::NO_PATROL_DRIVES)
    }
}

/// Ends the patrol read that runs. `false` if none does.
pub(crate) fn stop_patrol(controller: &mut Controller) -> bool {
    schedule::abort_patrol(controller)
}

/// Suspends the patrol read that runs, or lets it go on. `false` if there is nothing to do.
pub(crate) fn suspend_patrol(controller: &mut Controller, suspend: bool) -> bool {
    let patrol = &mut controller.patrol;
    if patrol.state != ScheduleState::Active || patrol.is_suspended == suspend {
        return false;
    }
    patrol.is_suspended = suspend;
    let (kind, words) = if suspend {
        (events::PATROL_PAUSED, "Patrol Read paused")
    } else {
        (events::PATROL_RESUMED, "Patrol Read resumed")
    };
    log(controller, kind, words, Arguments::None);
    true
}

/// Sets when patrol reads run. Disabling them ends the one that runs.
pub(crate) fn set_patrol(controller: &mut Controller, change: impl FnOnce(&mut PatrolSchedule)) {
    change(&mut controller.patrol);
    let words = "Patrol Read properties changed";
    let kind = events::PATROL_SCHEDULE_CHANGED;
    log(controller, kind, words, Arguments::None);
    if controller.patrol.mode == PatrolMode::Disabled {
        schedule::abort_patrol(controller);
    }
}

/// Sets when consistency checks run.
pub(crate) fn set_checks(
    controller: &mut Controller,
    change: impl FnOnce(&mut ConsistencySchedule),
) {
    change(&mut controller.consistency);
    let words = "CC Schedule properties changed";
    let kind = events::CHECK_SCHEDULE_CHANGED;
    log(controller, kind, words, Arguments::None);
}

/// Begins a learn cycle. `false` if there is no battery that can.
pub(crate) fn learn(controller: &mut Controller) -> bool {
    battery::begin_learn(controller)
}

/// Sets when the battery learns. `false` if there is none.
pub(crate) fn set_battery(
    controller: &mut Controller,
    change: impl FnOnce(&mut BatteryProperties),
) -> bool {
    battery::set_properties(controller, change)
}

/// The host tells the controller that it goes down.
pub(crate) fn shut_down(controller: &mut Controller) {
    let words = "Shutdown command received from host";
    log(controller, events::SHUTDOWN, words, Arguments::None);
    controller.events.shutdown = controller.events.newest();
}

/// Takes in a new firmware; it runs from the next start on.
pub(crate) fn flash(controller: &mut Controller, package: Option<&str>, images: &[FirmwareImage]) {
    let words = "Flashing image: MegaRAID firmware";
    let name = Arguments::Words("MegaRAID firmware");
    log(controller, events::FLASHING, words, name);
    let words = "Flash of new firmware image(s) complete";
    log(controller, events::FLASHED, words, Arguments::None);
    controller.at_restart.package = package.map(str::to_owned);
    controller.at_restart.images = images.to_vec();
}

/// The host goes down and starts again.
pub(crate) fn restart(controller: &mut Controller) {
    shut_down(controller);
    advance_controller(controller, RESTART);
    let waiting = std::mem::take(&mut controller.at_restart);
    controller.info.package = waiting
        .package
        .unwrap_or_else(|| controller.info.package.clone());
    for image in waiting.images {
        match controller
            .images
            .iter_mut()
            .find(|it| it.name == image.name)
        {
            Some(old) => *old = image,
            None => controller.images.push(image),
        }
    }
    controller.boot();
    if waiting.factory_defaults {
        restore_defaults(controller);
    }
}

/// The properties as the board came.
fn restore_defaults(controller: &mut Controller) {
    let defaults = &controller.defaults;
    let info = &mut controller.info;
    for rate in [
        &mut info.rebuild_rate,
        &mut info.patrol_rate,
        &mut info.background_rate,
        &mut info.consistency_rate,
        &mut info.reconstruction_rate,
    ] {
        *rate = FACTORY_RATE;
    }
    info.flush_interval = u32::from(defaults.flush_interval);
    info.coercion_mode = u32::from(defaults.coercion);
    info.restore_hot_spare_on_insertion = u32::from(defaults.restore_hot_spare);
    info.expose_enclosures = u32::from(defaults.expose_enclosures);
    info.keep_failure_history = u32::from(defaults.keep_failure_history);
    info.alarm = 1;
    info.no_auto_rebuild = 0;
    info.no_battery_warning = 0;
    let words = "Factory defaults restored";
    log(controller, events::FACTORY_DEFAULTS, words, Arguments::None);
    policy::settle(controller);
}
