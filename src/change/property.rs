//! Setting a property of a controller.

use ironkeep_parsers::model::{ControllerId, DriveState, PhysicalDrive};

use super::{Act, Check, Risk, Scene, Seen, whole};
use crate::output::human;
use crate::property::{Property, Setter, Value};
use crate::reading::{Controller, Part, Unread};

/// A property of a controller that gets another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyChange {
    /// The controller.
    pub controller: ControllerId,
    /// The property.
    pub property: Property,
    /// Its value from then on.
    pub value: Value,
}

impl PropertyChange {
    fn wanted(&self) -> String {
        self.property.shown(&self.value)
    }

    /// Whether the controller has the property, and what it is now.
    fn known(&self, at: &Controller) -> Check {
        const CODE: &str = "supported";
        let property = self.property;
        let part = Part::Property(property);
        let unread = at.unread.get(&part);
        let lacks = matches!(unread, Some(Unread::Unsupported(_)));
        if let Some(now) = property.of(at).filter(|_| !lacks) {
            return Check::holds(CODE, format!("{property} is {}", property.shown(&now)));
        }
        let Some(why) = unread else {
            return Check::unread(CODE, at, part);
        };
        match why {
            Unread::Unsupported(words) => Check::forbids(
                CODE,
                format!("the controller does not have {property}: {words}"),
                "what its firmware lacks cannot be set",
            )
            .possible("what it has: ironkeep controller get"),
            // An answer in words that nobody has seen yet: setting it is the way to find out.
            Unread::NotAsked | Unread::NotAvailable | Unread::Failed(_) | Unread::Partial(_) => {
                Check::unread(CODE, at, part)
            }
        }
    }

    /// What to know of this value.
    fn caution(&self) -> Option<Check> {
        let caution = self.property.facts().caution?;
        let applies = match (caution.of, &self.value) {
            (None, _) => true,
            (Some(of), Value::Switch(to)) => of == *to,
            (Some(_), Value::Number(_) | Value::Word(_) | Value::Pause { .. }) => false,
        };
        let observed = format!("{} is to be {}", self.property, self.wanted());
        applies.then(|| Check::warns("effect", observed, caution.why))
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most properties are alike, and the others are named"
)]
impl Act for PropertyChange {
    fn name(&self) -> &'static str {
        match self.property {
            Property::Alarm => "controller.alarm",
            Property::AutoRebuild => "controller.auto_rebuild",
            Property::Jbod => "controller.jbod",
            _ => "controller.set",
        }
    }

    fn words(&self) -> String {
        format!(
            "set {} of controller {} to {}",
            self.property,
            self.controller,
            self.wanted()
        )
    }

    fn object(&self) -> String {
        whole::name(self.controller)
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        Risk::Change
    }

    fn parts(&self) -> &'static [Part] {
        match self.property {
            Property::Jbod => &[Part::Property(Property::Jbod), Part::PhysicalDrives],
            property => property.parts(),
        }
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        let mut checks = vec![self.known(at)];
        if let Setter::None(why) = self.property.facts().setter {
            let observed = format!("{} can be read and not set", self.property);
            checks.push(Check::forbids("read_only", observed, why));
        }
        if self.property == Property::Alarm {
            checks.extend(buzzer(at));
        }
        if self.property == Property::Jbod && self.value == Value::Switch(false) {
            checks.push(no_jbod_drives(at));
        }
        checks.extend(self.caution());
        checks
    }

    fn seen(&self, _: &Controller, after: &Controller) -> Seen {
        match self.property.of(after) {
            Some(now) if now == self.value => Seen::Done(format!(
                "{} is {}",
                self.property,
                self.property.shown(&now)
            )),
            Some(now) => Seen::Otherwise(format!(
                "{} is {}",
                self.property,
                self.property.shown(&now)
            )),
            None => Seen::Invisible("MegaCLI does not tell it on this controller"),
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        let now = self.property.of(at)?;
        Some(format!("{} {}", self.property, self.property.shown(&now)))
    }
}

/// Whether there is a buzzer. Many boards have none and take the command all the same.
pub(super) fn buzzer(at: &Controller) -> Option<Check> {
    const CODE: &str = "hardware";
    let is_there = at.info.as_ref()?.hardware.alarm?;
    Some(if is_there {
        Check::holds(CODE, "the controller has a buzzer")
    } else {
        Check::warns(
            CODE,
            "the controller says that it has no buzzer",
            "what sounds may be the server's own alarm, or the enclosure's",
        )
    })
}

/// Whether no drive is given to the host as it is.
fn no_jbod_drives(at: &Controller) -> Check {
    const CODE: &str = "in_use";
    let Some(drives) = &at.physical_drives else {
        return Check::unread(CODE, at, Part::PhysicalDrives);
    };
    let is_jbod = |it: &&PhysicalDrive| it.state == Some(DriveState::Jbod);
    let named = |it: &PhysicalDrive| human::or_unknown(it.address());
    let jbod: Vec<String> = drives.iter().filter(is_jbod).map(named).collect();
    if jbod.is_empty() {
        return Check::holds(CODE, "no drive is JBOD");
    }
    Check::refuses(
        CODE,
        format!("JBOD drives: {}", jbod.join(", ")),
        "the host loses these drives, with what is mounted on them",
    )
    .possible("unmount them and make them unconfigured good: ironkeep pd make-good")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ironkeep_parsers::model::ControllerProperty;
    use ironkeep_parsers::units::Percent;

    use super::*;

    fn rate(value: u64) -> PropertyChange {
        PropertyChange {
            controller: ControllerId(0),
            property: Property::RebuildRate,
            value: Value::Number(value),
        }
    }

    fn with(properties: Vec<ControllerProperty>) -> Controller {
        Controller {
            id: Some(ControllerId(0)),
            properties,
            ..Controller::default()
        }
    }

    #[test]
    fn a_property_is_judged_by_what_is_read_afterwards() {
        let before = Controller::default();
        let after = with(vec![ControllerProperty::RebuildRate(Percent(60))]);
        assert!(matches!(rate(60).seen(&before, &after), Seen::Done(_)));
        assert_eq!(
            rate(50).seen(&before, &after),
            Seen::Otherwise("rebuild-rate is 60 %".to_owned())
        );
        assert!(matches!(
            rate(50).seen(&before, &before),
            Seen::Invisible(_)
        ));
    }

    #[test]
    fn what_the_controller_lacks_cannot_be_set() {
        let unread = |why| Controller {
            unread: BTreeMap::from([(Part::Property(Property::RebuildRate), why)]),
            ..Controller::default()
        };
        let lacks = unread(Unread::Unsupported("Not Supported".to_owned()));
        let all = ["supported".to_owned()];
        assert!(rate(1).known(&lacks).stands_against(&all));
        let failed = unread(Unread::Failed("odd".to_owned()));
        assert!(rate(1).known(&failed).stands_against(&[]));
        assert!(!rate(1).known(&failed).stands_against(&all));
    }

    #[test]
    fn a_caution_is_about_its_value_only() {
        let copyback = |to| PropertyChange {
            property: Property::Copyback,
            value: Value::Switch(to),
            ..rate(0)
        };
        assert!(copyback(false).caution().is_some());
        assert!(copyback(true).caution().is_none());
    }

    #[test]
    fn jbod_stays_on_while_drives_are_given_to_the_host() {
        let drive = PhysicalDrive {
            state: Some(DriveState::Jbod),
            ..PhysicalDrive::default()
        };
        let at = Controller {
            physical_drives: Some(vec![drive]),
            ..Controller::default()
        };
        assert!(no_jbod_drives(&at).stands_against(&[]));
        assert!(no_jbod_drives(&Controller::default()).stands_against(&[]));
    }
}
