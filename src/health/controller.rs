//! The controller: memory, temperature, clock, preserved cache, patrol read.

use ironkeep_parsers::model::{ControllerInfo, PatrolReadMode};
use ironkeep_parsers::units::Seconds;
use jiff::tz::TimeZone;

use super::{Code, Findings, Object};
use crate::output::human;
use crate::reading::{Part, Reading};

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
    lost_lists(about, info);
    clock(about, reading);
}

/// The controller's own counts against the lists: a list that is shorter lacks something, and nobody
/// can say that what it lacks is well.
fn counts(about: &mut Findings<'_>, info: &ControllerInfo) {
    let controller = about.controller;
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
        if usize::try_from(counted).is_ok_and(|counted| listed < counted) {
            let things = part.words().trim_start_matches("the ");
            let reason =
                format!("the controller counts {counted} {things}, the list shows {listed}");
            about.add(Code::Incomplete, Object::Controller, reason);
        }
    }
}

/// Where a list was not read, the controller's own counts still tell of what is broken.
fn lost_lists(about: &mut Findings<'_>, info: &ControllerInfo) {
    let controller = about.controller;
    let devices = &info.devices;
    let mut counted = Vec::new();
    if controller.virtual_drives.is_none() {
        counted.extend([
            (
                Code::VirtualDriveOffline,
                devices.offline_virtual_drives,
                ["offline virtual drive", "offline virtual drives"],
            ),
            (
                Code::VirtualDriveDegraded,
                devices.degraded_virtual_drives,
                ["degraded virtual drive", "degraded virtual drives"],
            ),
        ]);
    }
    if controller.physical_drives.is_none() {
        counted.push((
            Code::DriveFailed,
            devices.failed_drives,
            ["failed drive", "failed drives"],
        ));
    }
    for (code, count, [one, many]) in counted {
        if let Some(count @ 1..) = count {
            let count = human::count(count.into(), one, many);
            about.add(
                code,
                Object::Controller,
                format!("the controller counts {count}"),
            );
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
            shown.duration_since(host).as_secs()
        })
        .min_by_key(|offset| offset.unsigned_abs());
    let Some(offset) = offset else { return };
    if offset.unsigned_abs() > about.limits.clock_offset_seconds {
        let span = human::duration(Seconds(offset.unsigned_abs()));
        let side = if offset > 0 { "ahead of" } else { "behind" };
        let reason = format!("its clock is {span} {side} this host's");
        about.add(Code::ControllerClock, Object::Controller, reason);
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
        list if flag == Some(true) => {
            let reason = if list.is_some() {
                "the controller says that it keeps unwritten data in its cache; the list of them is empty"
            } else {
                "unwritten data of an offline or missing virtual drive are kept in the cache"
            };
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
