//! What is done to a controller as a whole, beside its properties: alarm, clock, cache, BIOS, boot
//! drive, self-test, defaults, shutdown.

use ironkeep_parsers::model::{Bios, BiosErrorHandling, ControllerId, TargetId, VirtualDrive};
use jiff::civil::DateTime;

use super::{Act, Check, Risk, Scene, Seen, property, whole};
use crate::property::Property;
use crate::reading::{Controller, Part};

/// A change of a controller as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControllerChange {
    /// The controller.
    pub controller: ControllerId,
    /// What is done to it.
    pub action: ControllerAction,
}

/// What is done to a controller as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControllerAction {
    /// Quietens the buzzer until something else is wrong.
    SilenceAlarm,
    /// Sets the clock to this time, which has no zone.
    SetTime(DateTime),
    /// Writes out the write cache.
    FlushCache,
    /// Sets what the controller's BIOS does at boot.
    Bios(BiosSetting),
    /// Lets the host boot from this virtual drive.
    SetBootDrive(TargetId),
    /// Lets the host boot from this virtual drive no longer.
    UnsetBootDrive(TargetId),
    /// Tests the controller itself for so many seconds.
    Diagnose(u32),
    /// Puts every property back to what the maker chose, from the next start on.
    FactoryDefaults,
    /// Tells the controller that the host goes down.
    ShutDown,
}

/// What the controller's BIOS does at boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BiosSetting {
    /// It runs: the host can boot from this controller. Or it does not.
    Enabled(bool),
    /// It chooses a boot drive by itself, or not.
    AutoSelectBoot(bool),
    /// It stops and waits for a person when something is wrong.
    StopOnErrors,
    /// It goes on in spite of errors.
    IgnoreErrors,
    /// It goes on in spite of errors, without a screen and a keyboard.
    HeadlessContinue,
    /// It starts in safe mode after errors, without a screen and a keyboard.
    HeadlessSafeMode,
}

use BiosSetting as Bs;
use ControllerAction as Action;

/// How far a clock that was just set may be from the time that was wanted, in seconds: reading takes
/// its time.
const CLOCK_TOLERANCE: i64 = 120;

impl Act for ControllerChange {
    fn name(&self) -> &'static str {
        match self.action {
            Action::SilenceAlarm => "controller.alarm_silence",
            Action::SetTime(_) => "controller.time_set",
            Action::FlushCache => "controller.flush",
            Action::Bios(_) => "controller.bios",
            Action::SetBootDrive(_) => "controller.boot_drive_set",
            Action::UnsetBootDrive(_) => "controller.boot_drive_unset",
            Action::Diagnose(_) => "controller.diagnose",
            Action::FactoryDefaults => "controller.factory_defaults",
            Action::ShutDown => "controller.shutdown",
        }
    }

    fn words(&self) -> String {
        let it = self.controller;
        match self.action {
            Action::SilenceAlarm => format!("silence the alarm of controller {it}"),
            Action::SetTime(time) => {
                let time = time.strftime("%Y-%m-%d %H:%M:%S");
                format!("set the clock of controller {it} to {time}")
            }
            Action::FlushCache => format!("write out the cache of controller {it}"),
            Action::Bios(setting) => format!("{} of controller {it}", bios_words(setting)),
            Action::SetBootDrive(target) => {
                format!("make virtual drive {target} the boot drive of controller {it}")
            }
            Action::UnsetBootDrive(target) => {
                format!("make virtual drive {target} of controller {it} a boot drive no longer")
            }
            Action::Diagnose(seconds) => {
                format!("test controller {it} for {seconds} s")
            }
            Action::FactoryDefaults => {
                format!("put all settings of controller {it} back to the maker's")
            }
            Action::ShutDown => format!("shut down controller {it}"),
        }
    }

    fn object(&self) -> String {
        whole::name(self.controller)
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        match self.action {
            Action::SilenceAlarm | Action::FlushCache => Risk::None,
            Action::SetTime(_)
            | Action::Bios(_)
            | Action::SetBootDrive(_)
            | Action::UnsetBootDrive(_)
            | Action::Diagnose(_) => Risk::Change,
            Action::FactoryDefaults | Action::ShutDown => Risk::Destroy,
        }
    }

    fn parts(&self) -> &'static [Part] {
        match self.action {
            Action::SilenceAlarm | Action::SetTime(_) | Action::FlushCache => &[Part::Controllers],
            Action::Bios(_) => &[Part::Bios],
            Action::SetBootDrive(_) | Action::UnsetBootDrive(_) => {
                &[Part::BootDrive, Part::VirtualDrives]
            }
            Action::Diagnose(_) | Action::FactoryDefaults | Action::ShutDown => &[
                Part::Controllers,
                Part::VirtualDrives,
                Part::PhysicalDrives,
                Part::DriveOperations,
                Part::PatrolRead,
                Part::PreservedCache,
            ],
        }
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        match self.action {
            Action::SilenceAlarm => {
                let mut checks = vec![whole::is_there(at)];
                checks.extend(property::buzzer(at));
                checks
            }
            Action::SetTime(to) => vec![whole::is_there(at), clock(at, to)],
            Action::FlushCache => vec![whole::is_there(at)],
            Action::Bios(setting) => bios_checks(at, setting),
            Action::SetBootDrive(target) => vec![virtual_drive(at, target)],
            Action::UnsetBootDrive(target) => vec![is_boot_drive(at, target)],
            Action::Diagnose(_) => vec![
                whole::is_there(at),
                whole::idle(at, "the test and what runs get into each other's way"),
                no_users(scene, "I/O stalls while the controller tests itself"),
            ],
            Action::FactoryDefaults => vec![
                whole::is_there(at),
                kept(at),
                whole::idle(at, "what runs may end when settings change under it"),
                whole::no_preserved_cache(at, "what waits may be lost at the start that is needed"),
            ],
            Action::ShutDown => {
                let why = "the host loses its virtual drives until it is restarted";
                let mut checks = whole::unused(scene, why);
                checks.push(whole::idle(at, "what runs is broken off"));
                checks
            }
        }
    }

    fn seen(&self, _: &Controller, after: &Controller) -> Seen {
        match self.action {
            Action::SilenceAlarm => {
                Seen::Invisible("MegaCLI does not tell whether the buzzer sounds")
            }
            Action::SetTime(wanted) => clock_seen(after, wanted),
            Action::FlushCache => Seen::Invisible("MegaCLI does not tell what is in the cache"),
            Action::Bios(setting) => bios_seen(after, setting),
            Action::SetBootDrive(target) => boot_seen(after, |boot| boot == Some(target)),
            Action::UnsetBootDrive(target) => boot_seen(after, |boot| boot != Some(target)),
            Action::Diagnose(_) => {
                Seen::Invisible("what the test finds stands in the event log: ironkeep event list")
            }
            Action::FactoryDefaults => {
                Seen::Invisible("it takes effect when the host is restarted")
            }
            Action::ShutDown => Seen::Invisible("a controller that is shut down answers as before"),
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        match self.action {
            Action::SilenceAlarm => Some(Property::Alarm.shown(&Property::Alarm.of(at)?)),
            Action::SetTime(_) => Some(at.info.as_ref()?.settings.current_time?.to_string()),
            Action::Bios(_) => at.bios.as_ref().map(bios_state),
            Action::SetBootDrive(_) | Action::UnsetBootDrive(_) => {
                let boot = at.boot_drive.as_ref()?.virtual_drive;
                Some(boot.map_or_else(|| "none".to_owned(), |id| format!("virtual drive {id}")))
            }
            Action::FlushCache
            | Action::Diagnose(_)
            | Action::FactoryDefaults
            | Action::ShutDown => None,
        }
    }
}

/// What the clock shows now, and what follows from setting it back.
fn clock(at: &Controller, to: DateTime) -> Check {
    const CODE: &str = "clock";
    let shown = at.info.as_ref().and_then(|it| it.settings.current_time);
    let Some(now) = shown else {
        return Check::warns(
            CODE,
            "its clock could not be read",
            "how far it jumps is not known",
        );
    };
    let observed = format!("its clock shows {}", now.strftime("%Y-%m-%d %H:%M:%S"));
    let forward = to.duration_since(now).as_secs();
    if forward < -CLOCK_TOLERANCE {
        let why = "set back, it gives new events times before those of old ones";
        Check::warns(CODE, observed, why)
    } else {
        Check::holds(CODE, observed)
    }
}

fn clock_seen(after: &Controller, wanted: DateTime) -> Seen {
    let shown = after.info.as_ref().and_then(|it| it.settings.current_time);
    let Some(now) = shown else {
        return Seen::Invisible("the clock could not be read");
    };
    let words = format!("its clock shows {}", now.strftime("%Y-%m-%d %H:%M:%S"));
    if now.duration_since(wanted).as_secs().abs() <= CLOCK_TOLERANCE {
        Seen::Done(words)
    } else {
        Seen::Otherwise(words)
    }
}

/// What is lost with the settings that somebody chose.
fn kept(at: &Controller) -> Check {
    let jbod = Property::Jbod.of(at).map(|it| Property::Jbod.shown(&it));
    let jbod = jbod.map_or_else(String::new, |it| format!(", JBOD mode (now {it})"));
    Check::warns(
        "effect",
        format!("rates, copyback, alarm, schedules, boot settings{jbod} go back to the maker's"),
        "virtual drives and data stay; note the settings first: ironkeep controller get",
    )
}

/// Whether the host does without the controller for a moment: a warning where it does not.
fn no_users(scene: &Scene<'_>, why: &str) -> Check {
    let checks = whole::unused(scene, why);
    let busy = checks.into_iter().find(|it| it.stands_against(&[]));
    busy.unwrap_or_else(|| Check::holds("in_use", "the host uses none of its virtual drives"))
}

fn bios_words(setting: BiosSetting) -> &'static str {
    match setting {
        Bs::Enabled(true) => "enable the BIOS",
        Bs::Enabled(false) => "disable the BIOS",
        Bs::AutoSelectBoot(true) => "switch on the choice of a boot drive by the BIOS",
        Bs::AutoSelectBoot(false) => "switch off the choice of a boot drive by the BIOS",
        Bs::StopOnErrors => "let the boot stop on errors in the BIOS",
        Bs::IgnoreErrors => "let the boot go on in spite of errors in the BIOS",
        Bs::HeadlessContinue => "let a boot without a screen go on in spite of errors in the BIOS",
        Bs::HeadlessSafeMode => "let a boot without a screen go on in safe mode in the BIOS",
    }
}

fn bios_checks(at: &Controller, setting: BiosSetting) -> Vec<Check> {
    const EFFECT: &str = "effect";
    let Some(bios) = &at.bios else {
        return vec![Check::unread("supported", at, Part::Bios)];
    };
    let mut checks = vec![Check::holds("state", bios_state(bios))];
    let warning = match setting {
        Bs::Enabled(false) => Some((
            "the BIOS is to be disabled",
            "the host can no longer boot from this controller",
        )),
        Bs::StopOnErrors => Some((
            "the boot is to stop on errors",
            "a host far away then waits for somebody at its console",
        )),
        Bs::IgnoreErrors | Bs::HeadlessContinue => Some((
            "the boot is to go on in spite of errors",
            "a host then starts although drives or cached data are missing, and nobody is asked",
        )),
        Bs::Enabled(true) | Bs::AutoSelectBoot(_) | Bs::HeadlessSafeMode => None,
    };
    checks.extend(warning.map(|(observed, why)| Check::warns(EFFECT, observed, why)));
    checks
}

fn bios_state(bios: &Bios) -> String {
    let word = |is: Option<bool>| match is {
        Some(true) => "on",
        Some(false) => "off",
        None => "not told",
    };
    let errors = bios
        .error_handling
        .as_ref()
        .map_or_else(|| "not told".to_owned(), |it| it.to_string().to_lowercase());
    format!(
        "BIOS {}, on errors: {errors}, choice of a boot drive: {}",
        word(bios.enabled),
        word(bios.auto_select_boot)
    )
}

fn bios_seen(after: &Controller, setting: BiosSetting) -> Seen {
    let Some(bios) = &after.bios else {
        return Seen::Invisible("the BIOS settings could not be read");
    };
    let handles = |wanted: BiosErrorHandling| Some(bios.error_handling.as_ref()? == &wanted);
    let is_so = match setting {
        Bs::Enabled(to) => bios.enabled.map(|is| is == to),
        Bs::AutoSelectBoot(to) => bios.auto_select_boot.map(|is| is == to),
        Bs::StopOnErrors => handles(BiosErrorHandling::Stop),
        Bs::IgnoreErrors => handles(BiosErrorHandling::Ignore),
        // No output is known that tells these two from the others.
        Bs::HeadlessContinue | Bs::HeadlessSafeMode => None,
    };
    match is_so {
        Some(true) => Seen::Done(bios_state(bios)),
        Some(false) => Seen::Otherwise(bios_state(bios)),
        None => Seen::Invisible("MegaCLI does not tell this setting"),
    }
}

/// Whether there is the virtual drive.
pub(super) fn virtual_drive(at: &Controller, target: TargetId) -> Check {
    const CODE: &str = "virtual_drive";
    let Some(drives) = &at.virtual_drives else {
        return Check::unread(CODE, at, Part::VirtualDrives);
    };
    let is_it = |it: &&VirtualDrive| it.target_id == Some(target);
    match drives.iter().find(is_it) {
        Some(drive) => {
            let state = drive.state.as_ref();
            let state = state.map_or_else(|| "in an unknown state".to_owned(), ToString::to_string);
            Check::holds(CODE, format!("virtual drive {target} is {state}"))
        }
        None => Check::forbids(
            CODE,
            format!("there is no virtual drive {target}"),
            "only a virtual drive that exists can be named",
        )
        .possible("which there are: ironkeep vd list"),
    }
}

fn is_boot_drive(at: &Controller, target: TargetId) -> Check {
    const CODE: &str = "state";
    let Some(boot) = &at.boot_drive else {
        return Check::unread(CODE, at, Part::BootDrive);
    };
    match boot.virtual_drive {
        Some(is) if is == target => Check::warns(
            CODE,
            format!("the host boots from virtual drive {target}"),
            "without a boot drive on this controller the host may not start",
        ),
        Some(is) => Check::forbids(
            CODE,
            format!("the boot drive is virtual drive {is}"),
            "another virtual drive is no boot drive",
        ),
        None => Check::forbids(CODE, "no boot drive is set", "there is nothing to undo"),
    }
}

fn boot_seen(after: &Controller, is_wanted: impl Fn(Option<TargetId>) -> bool) -> Seen {
    let Some(boot) = &after.boot_drive else {
        return Seen::Invisible("the boot drive could not be read");
    };
    let words = boot.virtual_drive.map_or_else(
        || "no boot drive".to_owned(),
        |id| format!("the boot drive is virtual drive {id}"),
    );
    if is_wanted(boot.virtual_drive) {
        Seen::Done(words)
    } else {
        Seen::Otherwise(words)
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{BootDrive, ControllerInfo, Settings};
    use jiff::civil::date;

    use super::*;

    fn at_clock(time: DateTime) -> Controller {
        Controller {
            info: Some(ControllerInfo {
                settings: Settings {
                    current_time: Some(time),
                    ..Settings::default()
                },
                ..ControllerInfo::default()
            }),
            ..Controller::default()
        }
    }

    #[test]
    fn a_clock_that_was_set_shows_about_that_time() {
        let wanted = date(2026, 11, 20).at(3, 0, 0, 0);
        let later = |seconds| at_clock(wanted + jiff::Span::new().seconds(seconds));
        assert!(matches!(clock_seen(&later(5), wanted), Seen::Done(_)));
        assert!(matches!(
            clock_seen(&later(3600), wanted),
            Seen::Otherwise(_)
        ));
        assert!(matches!(
            clock_seen(&Controller::default(), wanted),
            Seen::Invisible(_)
        ));
    }

    #[test]
    fn a_clock_that_goes_back_is_warned_of() {
        let now = date(2026, 11, 20).at(3, 0, 0, 0);
        let check = clock(&at_clock(now), date(2026, 11, 19).at(0, 0, 0, 0));
        assert!(matches!(check.ruling, super::super::Ruling::Warns { .. }));
        let check = clock(&at_clock(now), now);
        assert_eq!(check.ruling, super::super::Ruling::Holds);
    }

    #[test]
    fn a_boot_drive_is_judged_by_its_number() {
        let after = Controller {
            boot_drive: Some(BootDrive {
                virtual_drive: Some(TargetId(1)),
            }),
            ..Controller::default()
        };
        let change = |action| ControllerChange {
            controller: ControllerId(0),
            action,
        };
        let before = Controller::default();
        let set = change(Action::SetBootDrive(TargetId(1)));
        assert!(matches!(set.seen(&before, &after), Seen::Done(_)));
        let other = change(Action::SetBootDrive(TargetId(0)));
        assert!(matches!(other.seen(&before, &after), Seen::Otherwise(_)));
        let unset = change(Action::UnsetBootDrive(TargetId(1)));
        assert!(matches!(unset.seen(&before, &after), Seen::Otherwise(_)));
    }
}
