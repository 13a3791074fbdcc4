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

/// How far the controller's clock is ahead of this host's, in seconds. Only of a live reading: a
/// capture's clock has passed. The controller shows wall time without a zone; firmware keeps local time
/// or UTC, whichever tool set it last, so the nearer of the two counts.
pub(crate) fn clock_offset(info: &ControllerInfo, reading: &Reading) -> Option<i64> {
    let shown = info.settings.current_time.filter(|_| reading.live)?;
    [TimeZone::system(), TimeZone::UTC]
        .into_iter()
        .map(|zone| {
            let host = reading.taken.to_zoned(zone).datetime();
            shown.duration_since(host).as_secs()
        })
        .min_by_key(|offset| offset.unsigned_abs())
}

/// The controller's clock against this host's.
fn clock(about: &mut Findings<'_>, reading: &Reading) {
    let info = about.controller.info.as_ref();
    let offset = info.and_then(|info| clock_offset(info, reading));
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

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{
        PatrolRead, PreservedCache, PreservedCacheState, TargetId, VirtualDrive,
    };
    use ironkeep_parsers::units::Celsius;
    use jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::health::example::{findings, found, reading};
    use crate::health::{Severity, Thresholds};
    use crate::reading::Controller;

    fn with(change: impl FnOnce(&mut ControllerInfo)) -> Controller {
        let mut controller = Controller::default();
        change(controller.info.get_or_insert_default());
        controller
    }

    fn codes(controller: Controller) -> Vec<Code> {
        found(controller)
            .into_iter()
            .map(|(code, _)| code)
            .collect()
    }

    #[test]
    fn uncorrectable_memory_errors_are_critical_and_corrected_ones_a_warning() {
        let controller = with(|info| {
            info.errors.memory_uncorrectable = Some(1);
            info.errors.memory_correctable = Some(3);
        });
        let expected = [
            (Code::ControllerMemoryUncorrectable, Severity::Critical),
            (Code::ControllerMemoryCorrectable, Severity::Warning),
        ];
        assert_eq!(found(controller), expected);
    }

    #[test]
    fn no_memory_errors_are_no_finding_even_if_the_limit_is_0() {
        let controller = with(|info| info.errors.memory_correctable = Some(0));
        let limits = Thresholds {
            memory_correctable_errors_warning: 0,
            ..Thresholds::default()
        };
        assert_eq!(super::super::judge(&reading(vec![controller]), &limits), []);
    }

    #[test]
    fn the_hotter_of_two_sensors_counts() {
        let controller = with(|info| {
            info.hardware.controller_temperature = Some(Celsius(50));
            info.hardware.roc_temperature = Some(Celsius(105));
        });
        assert_eq!(codes(controller), [Code::ControllerHot]);
    }

    /// The codes for a controller whose clock shows UTC plus `hours`.
    fn clock_ahead_by(hours: i64, live: bool) -> Vec<String> {
        let taken = Timestamp::from_second(1_700_000_000).unwrap();
        let utc = taken.to_zoned(TimeZone::UTC).datetime();
        let shown = utc.checked_add(SignedDuration::from_hours(hours)).unwrap();
        let mut reading = reading(vec![with(|info| info.settings.current_time = Some(shown))]);
        (reading.taken, reading.live) = (taken, live);
        let findings = super::super::judge(&reading, &Thresholds::default());
        findings.into_iter().map(|finding| finding.reason).collect()
    }

    #[test]
    fn a_clock_that_shows_utc_is_right_and_one_that_is_days_off_is_not() {
        assert!(clock_ahead_by(0, true).is_empty());
        // Further than any zone is from another.
        assert!(clock_ahead_by(24 * 30, true)[0].contains("ahead of"));
        assert!(clock_ahead_by(-24 * 30, true)[0].contains("behind"));
    }

    #[test]
    fn the_clock_of_a_capture_has_passed_and_is_not_judged() {
        assert!(clock_ahead_by(-24 * 30, false).is_empty());
    }

    #[test]
    fn each_preserved_cache_is_critical_and_the_flag_adds_nothing() {
        let mut controller = with(|info| info.settings.preserved_cache = Some(true));
        controller.preserved_cache = Some(vec![PreservedCache {
            target_id: TargetId(3),
            number: None,
            name: None,
            size: None,
            state: PreservedCacheState::Missing,
        }]);
        assert_eq!(
            found(controller),
            [(Code::PreservedCache, Severity::Critical)]
        );
    }

    #[test]
    fn the_flag_of_preserved_cache_counts_without_a_list_or_against_an_empty_one() {
        for list in [None, Some(Vec::new())] {
            let mut controller = with(|info| info.settings.preserved_cache = Some(true));
            controller.preserved_cache = list;
            assert_eq!(codes(controller), [Code::PreservedCache]);
        }
    }

    #[test]
    fn a_list_that_is_shorter_than_the_controllers_count_lacks_something() {
        let mut controller = with(|info| info.devices.virtual_drives = Some(2));
        controller.virtual_drives = Some(vec![VirtualDrive {
            is_cachecade: true,
            ..VirtualDrive::default()
        }]);
        assert_eq!(codes(controller), [Code::Incomplete]);
    }

    #[test]
    fn without_lists_the_controllers_counts_tell_of_what_is_broken() {
        let controller = with(|info| {
            info.devices.offline_virtual_drives = Some(0);
            info.devices.degraded_virtual_drives = Some(1);
            info.devices.failed_drives = Some(2);
        });
        assert_eq!(
            codes(controller),
            [Code::VirtualDriveDegraded, Code::DriveFailed]
        );
    }

    #[test]
    fn only_a_disabled_patrol_read_is_a_finding() {
        let patrol = |mode| Controller {
            patrol_read: Some(PatrolRead {
                mode: Some(mode),
                ..PatrolRead::default()
            }),
            ..Controller::default()
        };
        assert_eq!(
            found(patrol(PatrolReadMode::Disabled)),
            [(Code::PatrolReadDisabled, Severity::Warning)]
        );
        assert_eq!(findings(patrol(PatrolReadMode::Manual)), []);
    }

    #[test]
    fn a_missing_security_key_is_a_finding() {
        let controller = with(|info| info.settings.security_key_failed = Some(true));
        assert_eq!(codes(controller), [Code::ControllerSecurityKey]);
    }
}
