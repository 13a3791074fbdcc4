//! The controller: memory, temperature, clock, preserved cache, patrol read.

use ironkeep_parsers::model::{ControllerInfo, PatrolReadMode};
use jiff::tz::TimeZone;

use super::{Code, Findings, Object};
use crate::reading::{Part, Reading, Unread};

pub(super) fn judge(about: &mut Findings<'_>, reading: &Reading) {
    patrol_read(about);
    preserved_cache(about);
    let Some(info) = &about.controller.info else {
        return;
    };
    let object = Object::Controller;
    if let Some(count @ 1..) = info.errors.memory_uncorrectable {
        about.add(
            Code::ControllerMemoryUncorrectable,
            object.clone(),
            format!("{count} uncorrectable errors of the controller's memory"),
        );
    }
    if let Some(count) = info.errors.memory_correctable
        && count >= about.limits.memory_correctable_errors_warning.max(1)
    {
        about.add(
            Code::ControllerMemoryCorrectable,
            object.clone(),
            format!("{count} corrected errors of the controller's memory"),
        );
    }
    let hot = info
        .hardware
        .roc_temperature
        .max(info.hardware.controller_temperature);
    if let Some(temperature) =
        hot.filter(|temperature| temperature.0 >= about.limits.controller_celsius)
    {
        let limit = about.limits.controller_celsius;
        about.add(
            Code::ControllerHot,
            object.clone(),
            format!("{} °C, limit {limit} °C", temperature.0),
        );
    }
    for (set, words) in [
        (
            info.settings.security_key_failed,
            "the security key could not be used",
        ),
        (
            info.settings.security_key_not_backed_up,
            "the security key is not backed up",
        ),
    ] {
        if set == Some(true) {
            about.add(Code::ControllerSecurityKey, object.clone(), words);
        }
    }
    counts(about, info);
    clock(about, reading);
}

/// The controller's own counts against the lists: a list that is shorter lacks something, and nobody
/// can say that what it lacks is well.
fn counts(about: &mut Findings<'_>, info: &ControllerInfo) {
    let controller = about.controller;
    let partial = |part| matches!(controller.unread.get(&part), Some(Unread::Partial(_)));
    let lists = [
        (
            Part::PhysicalDrives,
            info.devices.physical_drives,
            controller.physical_drives.as_ref().map(Vec::len),
        ),
        (
            Part::VirtualDrives,
            info.devices.virtual_drives,
            controller.virtual_drives.as_ref().map(Vec::len),
        ),
    ];
    for (part, counted, listed) in lists {
        let (Some(counted), Some(listed)) = (counted, listed) else {
            continue;
        };
        if usize::try_from(counted).is_ok_and(|counted| listed < counted) && !partial(part) {
            let things = part.words().trim_start_matches("the ");
            let reason =
                format!("the controller counts {counted} {things}, the list shows {listed}");
            about.add(Code::Incomplete, Object::Controller, reason);
        }
    }
}

/// The controller's clock against this host's. Only of a live reading: a capture's clock has passed.
/// The controller shows wall time without a zone; firmware keeps local time or UTC, whichever tool
/// set it last, so the nearer of the two counts.
fn clock(about: &mut Findings<'_>, reading: &Reading) {
    let Some(shown) = about
        .controller
        .info
        .as_ref()
        .and_then(|info| info.settings.current_time)
    else {
        return;
    };
    if !reading.live {
        return;
    }
    let offset = [TimeZone::system(), TimeZone::UTC]
        .into_iter()
        .map(|zone| {
            let host = reading.taken.to_zoned(zone).datetime();
            let seconds = shown.duration_since(host).as_secs();
            seconds.unsigned_abs()
        })
        .min();
    if let Some(offset) = offset.filter(|&offset| offset > about.limits.clock_offset_seconds) {
        let span = crate::output::human::duration(ironkeep_parsers::units::Seconds(offset));
        about.add(
            Code::ControllerClock,
            Object::Controller,
            format!("its clock is off by {span}"),
        );
    }
}

/// The list says more than the controller's flag, which some firmware leaves at `No`.
fn preserved_cache(about: &mut Findings<'_>) {
    let controller = about.controller;
    let flag = controller
        .info
        .as_ref()
        .and_then(|info| info.settings.preserved_cache);
    match &controller.preserved_cache {
        Some(list) if !list.is_empty() => {
            for cache in list {
                let object = Object::VirtualDrive {
                    target_id: Some(cache.target_id),
                    name: cache.name.clone(),
                };
                let reason = format!(
                    "unwritten data are kept in the cache; the virtual drive is {}",
                    cache.state
                );
                about.add(Code::PreservedCache, object, reason);
            }
        }
        _ if flag == Some(true) => {
            let reason =
                "unwritten data of an offline or missing virtual drive are kept in the cache";
            about.add(Code::PreservedCache, Object::Controller, reason);
        }
        _ => {}
    }
}

fn patrol_read(about: &mut Findings<'_>) {
    let mode = about
        .controller
        .patrol_read
        .as_ref()
        .and_then(|patrol| patrol.mode.as_ref());
    if mode == Some(&PatrolReadMode::Disabled) {
        about.add(
            Code::PatrolReadDisabled,
            Object::Controller,
            "patrol read is disabled",
        );
    }
}
