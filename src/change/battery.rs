//! Changes of the battery: learn cycles and when they run.

use ironkeep_parsers::model::{AutoLearn, BatteryState, CacheProtection, ControllerId};
use ironkeep_parsers::units::{Hours, Seconds};

use super::{Act, Check, Risk, Scene, Seen, whole};
use crate::reading::{Controller, Part};

/// A change of a controller's battery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatteryChange {
    /// The controller.
    pub controller: ControllerId,
    /// What is done.
    pub action: BatteryAction,
}

/// What is done to a battery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatteryAction {
    /// Starts a learn cycle.
    Learn,
    /// Sets when learn cycles run.
    Set(LearnSettings),
    /// Lets learn cycles run at an hour of a day of the week.
    LearnOn {
        /// The day, as the tool takes it: `Mon`.
        day: &'static str,
        /// The hour of the controller's clock, 0 to 23.
        hour: u8,
    },
    /// Lets learn cycles run at any hour.
    LearnAnytime,
}

/// When learn cycles run. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LearnSettings {
    /// Whether they start by themselves.
    pub auto_learn: Option<AutoLearn>,
    /// Days from one to the next.
    pub period_days: Option<u64>,
    /// Hours by which the next one is put off.
    pub delay_hours: Option<u64>,
}

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

impl LearnSettings {
    /// The settings as the tool reads them from a file. `None` for a mode that it cannot be told.
    pub fn file(&self) -> Option<String> {
        let mode = match &self.auto_learn {
            None => None,
            Some(AutoLearn::Enabled) => Some(0),
            Some(AutoLearn::Disabled) => Some(1),
            Some(AutoLearn::WarnByEvent) => Some(2),
            Some(_) => return None,
        };
        let lines = [
            self.period_days
                .map(|it| format!("autoLearnPeriod={}\n", it * DAY)),
            self.delay_hours
                .map(|it| format!("learnDelayInterval={it}\n")),
            mode.map(|it| format!("autoLearnMode={it}\n")),
        ];
        Some(lines.into_iter().flatten().collect())
    }

    fn words(&self) -> String {
        let words = [
            self.auto_learn
                .as_ref()
                .map(|it| format!("automatic learn cycles: {}", it.to_string().to_lowercase())),
            self.period_days.map(|it| format!("every {it} days")),
            self.delay_hours
                .map(|it| format!("the next put off by {it} h")),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        words.join(", ")
    }
}

use BatteryAction as Action;

impl Act for BatteryChange {
    fn name(&self) -> &'static str {
        match self.action {
            Action::Learn => "bbu.learn",
            Action::Set(_) => "bbu.set",
            Action::LearnOn { .. } => "bbu.schedule",
            Action::LearnAnytime => "bbu.schedule_off",
        }
    }

    fn words(&self) -> String {
        let it = self.controller;
        match &self.action {
            Action::Learn => format!("start a learn cycle of the battery of controller {it}"),
            Action::Set(settings) => {
                format!("set the battery of controller {it} to {}", settings.words())
            }
            Action::LearnOn { day, hour } => format!(
                "let learn cycles of the battery of controller {it} run on {day} at {hour:02}:00"
            ),
            Action::LearnAnytime => {
                format!("let learn cycles of the battery of controller {it} run at any hour")
            }
        }
    }

    fn object(&self) -> String {
        whole::name(self.controller)
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        Risk::Change
    }

    fn parts(&self) -> &'static [Part] {
        &[Part::Controllers, Part::CacheProtection]
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        let battery = match &at.cache_protection {
            None => return vec![Check::unread("hardware", at, Part::CacheProtection)],
            Some(None) => {
                return vec![Check::forbids(
                    "hardware",
                    "the controller has no battery",
                    "there is nothing that could learn",
                )];
            }
            Some(Some(battery)) => battery,
        };
        let mut checks = vec![Check::holds("hardware", words(battery))];
        match &self.action {
            Action::Learn => checks.extend(can_learn(battery)),
            Action::Set(settings) => checks.extend(effect(settings)),
            Action::LearnOn { .. } | Action::LearnAnytime => {}
        }
        checks
    }

    fn seen(&self, before: &Controller, after: &Controller) -> Seen {
        let Some(Some(battery)) = &after.cache_protection else {
            return Seen::Invisible("the battery could not be read");
        };
        let words = words(battery);
        match &self.action {
            Action::Learn if is_learning(battery) => Seen::Running(words),
            Action::Learn => {
                let flags = battery.flags.as_ref();
                if flags.and_then(|it| it.learn_requested) == Some(true) {
                    return Seen::Running(format!("{words}, a learn cycle is due to start"));
                }
                // One of a capacitor is over in moments.
                let next = |it: &Controller| it.cache_protection.clone()??.learn?.next;
                if next(before) != next(after) {
                    return Seen::Done(format!("{words}, the next learn cycle is later"));
                }
                Seen::Otherwise(words)
            }
            Action::Set(settings) => set_seen(settings, battery),
            Action::LearnOn { .. } | Action::LearnAnytime => {
                Seen::Invisible("no output is known that tells the hour of learn cycles")
            }
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        Some(words(at.cache_protection.as_ref()?.as_ref()?))
    }
}

fn is_learning(battery: &CacheProtection) -> bool {
    let flags = battery.flags.as_ref();
    battery.state == Some(BatteryState::Learning)
        || flags.and_then(|flags| flags.learn_active) == Some(true)
}

fn words(battery: &CacheProtection) -> String {
    let state = battery.state.as_ref();
    let mut words = vec![format!(
        "the battery is {}",
        state.map_or_else(
            || "in a state that is not told".to_owned(),
            |it| it.to_string().to_lowercase()
        )
    )];
    if let Some(learn) = &battery.learn {
        let auto = learn.auto_learn.as_ref();
        words.extend(
            auto.map(|it| format!("automatic learn cycles {}", it.to_string().to_lowercase())),
        );
        words.extend(learn.period.map(|it| format!("every {} days", it.0 / DAY)));
        words.extend(learn.delay.map(|it| format!("put off by {it}")));
        words.extend(
            learn
                .next
                .map(|it| format!("next {}", it.strftime("%Y-%m-%d %H:%M"))),
        );
    }
    words.join(", ")
}

/// Whether a learn cycle can start, and what it costs.
fn can_learn(battery: &CacheProtection) -> Vec<Check> {
    const CODE: &str = "state";
    if is_learning(battery) {
        return vec![
            Check::forbids(CODE, "a learn cycle runs", "one at a time is possible")
                .possible("how far it is: ironkeep operation list"),
        ];
    }
    let flags = battery.flags.as_ref();
    let is = |flag: Option<Option<bool>>| flag.flatten() == Some(true);
    if is(flags.map(|it| it.pack_missing)) {
        return vec![Check::forbids(
            CODE,
            "the battery pack is missing",
            "nothing can learn",
        )];
    }
    let transparent = is(flags.map(|it| it.transparent_learn));
    let effect = if transparent {
        Check::holds("effect", "the cache stays protected during the learn cycle")
    } else {
        Check::warns(
            "effect",
            "the battery is discharged and charged again, which takes hours",
            "virtual drives with write-back fall back to write-through meanwhile, which is slower; \
             with forced write-back data is unprotected",
        )
    };
    let mut checks = vec![effect];
    if is(flags.map(|it| it.replacement_required)) {
        checks.push(
            Check::refuses(
                CODE,
                "the battery has to be replaced",
                "it may not come back from being discharged",
            )
            .possible("replace it first: ironkeep bbu show"),
        );
    }
    checks
}

fn effect(settings: &LearnSettings) -> Vec<Check> {
    let mut checks = Vec::new();
    if settings.auto_learn == Some(AutoLearn::Disabled) {
        checks.push(Check::warns(
            "effect",
            "no learn cycle starts by itself any more",
            "how much the battery holds is not known after some months: start one by hand with \
             ironkeep bbu learn",
        ));
    }
    if settings.period_days.is_some() {
        checks.push(Check::warns(
            "effect",
            "the period is to change",
            "many firmwares keep their own period and say nothing; the reading afterwards tells",
        ));
    }
    checks
}

fn set_seen(settings: &LearnSettings, battery: &CacheProtection) -> Seen {
    let Some(learn) = &battery.learn else {
        return Seen::Invisible("the battery does not tell its learn cycles");
    };
    let is_so = [
        settings
            .auto_learn
            .as_ref()
            .map(|it| learn.auto_learn.as_ref() == Some(it)),
        settings
            .period_days
            .map(|it| learn.period == Some(Seconds(it * DAY))),
        settings
            .delay_hours
            .map(|it| learn.delay == Some(Hours(it))),
    ];
    if is_so.into_iter().flatten().all(|it| it) {
        Seen::Done(words(battery))
    } else {
        Seen::Otherwise(words(battery))
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{CacheProtectionFlags, LearnProperties};

    use super::*;

    fn battery(flags: CacheProtectionFlags) -> CacheProtection {
        CacheProtection {
            state: Some(BatteryState::Optimal),
            flags: Some(flags),
            learn: Some(LearnProperties {
                auto_learn: Some(AutoLearn::Enabled),
                delay: Some(Hours(5)),
                ..LearnProperties::default()
            }),
            ..CacheProtection::default()
        }
    }

    #[test]
    fn a_learn_cycle_does_not_start_twice() {
        let runs = battery(CacheProtectionFlags {
            learn_active: Some(true),
            ..CacheProtectionFlags::default()
        });
        assert!(can_learn(&runs)[0].stands_against(&["state".to_owned()]));
        let idle = battery(CacheProtectionFlags::default());
        assert!(can_learn(&idle).iter().all(|it| !it.stands_against(&[])));
    }

    #[test]
    fn the_file_has_the_lines_that_were_asked_for() {
        let settings = LearnSettings {
            auto_learn: Some(AutoLearn::Disabled),
            period_days: Some(30),
            delay_hours: None,
        };
        let file = settings.file().unwrap();
        assert_eq!(file, "autoLearnPeriod=2592000\nautoLearnMode=1\n");
        let odd = LearnSettings {
            auto_learn: Some(AutoLearn::Transparent),
            ..LearnSettings::default()
        };
        assert_eq!(odd.file(), None);
    }

    #[test]
    fn every_setting_that_was_asked_for_must_be_seen() {
        let at = battery(CacheProtectionFlags::default());
        let delay = |hours| LearnSettings {
            delay_hours: Some(hours),
            ..LearnSettings::default()
        };
        assert!(matches!(set_seen(&delay(5), &at), Seen::Done(_)));
        assert!(matches!(set_seen(&delay(6), &at), Seen::Otherwise(_)));
    }
}
