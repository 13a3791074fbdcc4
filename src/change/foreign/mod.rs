//! Changes of foreign configurations.

mod checks;

use ironkeep_parsers::model::{ForeignConfiguration, PhysicalDrive};

use super::drive_checks::no_preserved_cache;
use super::{Act, Check, Risk, Scene, Seen};
use crate::reading::{Controller, Part};

/// A foreign configuration as it was when somebody looked. It is told again by the serial numbers of
/// its drives: the controller counts them anew whenever one is imported, cleared or pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedForeign {
    /// The number that `-CfgForeign` took then.
    pub index: u32,
    /// The serial numbers of its drives, in order; `None` for a drive that told none.
    pub serials: Vec<Option<String>>,
}

/// Which foreign configurations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// One.
    One(NamedForeign),
    /// All of the controller, and these were all.
    All(Vec<NamedForeign>),
}

/// What is done to foreign configurations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignAction {
    /// Takes them over.
    Import,
    /// Forgets them: their drives belong to nothing then.
    Clear,
}

/// A change of foreign configurations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignChange {
    /// Which.
    pub which: Which,
    /// What is done to them.
    pub action: ForeignAction,
}

impl NamedForeign {
    /// `configuration` as it is now; `None` where it has no number.
    pub fn of(configuration: &ForeignConfiguration) -> Option<Self> {
        Some(Self {
            index: configuration.index?,
            serials: serials(configuration),
        })
    }

    /// The configuration with that number and those drives.
    pub fn find<'a>(&self, controller: &'a Controller) -> Option<&'a ForeignConfiguration> {
        let mut all = controller.foreign.iter().flatten();
        all.find(|it| Self::of(it).as_ref() == Some(self))
    }

    fn drives(&self) -> String {
        let serial = |it: &Option<String>| it.clone().unwrap_or_else(|| "unknown".to_owned());
        let list: Vec<String> = self.serials.iter().map(serial).collect();
        list.join(", ")
    }
}

/// The drives of a foreign configuration that are there.
pub(crate) fn drives(configuration: &ForeignConfiguration) -> impl Iterator<Item = &PhysicalDrive> {
    let groups = configuration.drive_groups.iter();
    let spans = groups.flat_map(|group| &group.spans);
    let members = spans.flat_map(|span| &span.members);
    members.filter_map(|member| member.drive.as_ref())
}

fn serials(configuration: &ForeignConfiguration) -> Vec<Option<String>> {
    let serial = |drive: &PhysicalDrive| drive.serial().map(str::to_owned);
    let mut serials: Vec<_> = drives(configuration).map(serial).collect();
    serials.sort();
    serials.dedup();
    serials
}

impl Act for ForeignChange {
    fn name(&self) -> &'static str {
        match (self.action, &self.which) {
            (ForeignAction::Import, Which::One(_)) => "foreign.import",
            (ForeignAction::Import, Which::All(_)) => "foreign.import_all",
            (ForeignAction::Clear, Which::One(_)) => "foreign.clear",
            (ForeignAction::Clear, Which::All(_)) => "foreign.clear_all",
        }
    }

    fn words(&self) -> String {
        let verb = match self.action {
            ForeignAction::Import => "import",
            ForeignAction::Clear => "forget",
        };
        match &self.which {
            Which::One(it) => format!("{verb} foreign configuration {}", it.index),
            Which::All(_) => format!("{verb} all foreign configurations"),
        }
    }

    fn object(&self) -> String {
        match &self.which {
            Which::One(it) => format!("foreign{}", it.index),
            Which::All(_) => "foreign-all".to_owned(),
        }
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        match self.action {
            ForeignAction::Import => Risk::Change,
            ForeignAction::Clear => Risk::Destroy,
        }
    }

    fn parts(&self) -> &'static [Part] {
        &[
            Part::Controllers,
            Part::PhysicalDrives,
            Part::VirtualDrives,
            Part::DriveOperations,
            Part::ForeignConfigurations,
            Part::PreservedCache,
        ]
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        let mut checks = vec![self.same(at)];
        let found = self.named().iter().filter_map(|it| it.find(at));
        for configuration in found {
            checks.extend(match self.action {
                ForeignAction::Import => checks::import(at, configuration),
                ForeignAction::Clear => checks::clear(configuration),
            });
        }
        checks.push(match self.action {
            ForeignAction::Import => checks::nothing_rebuilds(at),
            ForeignAction::Clear => no_preserved_cache(at),
        });
        checks
    }

    fn seen(&self, _: &Controller, after: &Controller) -> Seen {
        let Some(left) = &after.foreign else {
            return Seen::Invisible("the foreign configurations could not be read afterwards");
        };
        let named = self.named();
        let is_named = |serial: &Option<String>| {
            serial.is_some() && named.iter().any(|it| it.serials.contains(serial))
        };
        let still = left.iter().any(|it| serials(it).iter().any(is_named));
        let count = match left.len() {
            0 => "no foreign configuration".to_owned(),
            1 => "1 foreign configuration".to_owned(),
            count => format!("{count} foreign configurations"),
        };
        if still {
            Seen::Otherwise(format!("{count}, its drives among them"))
        } else {
            Seen::Done(format!("{count} left"))
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        let all = at.foreign.as_ref()?;
        let words: Vec<String> = all
            .iter()
            .filter_map(NamedForeign::of)
            .map(|it| format!("{}: {}", it.index, it.drives()))
            .collect();
        Some(if words.is_empty() {
            "none".to_owned()
        } else {
            words.join("; ")
        })
    }

    fn serial(&self) -> Option<String> {
        match &self.which {
            Which::One(it) => it.serials.iter().flatten().next().cloned(),
            Which::All(_) => None,
        }
    }
}

impl ForeignChange {
    fn named(&self) -> &[NamedForeign] {
        match &self.which {
            Which::One(it) => std::slice::from_ref(it),
            Which::All(all) => all,
        }
    }

    /// Whether the configurations are still those that somebody looked at.
    fn same(&self, controller: &Controller) -> Check {
        const CODE: &str = "same_foreign";
        let Some(all) = &controller.foreign else {
            return Check::unread(CODE, controller, Part::ForeignConfigurations).for_good();
        };
        let now: Vec<_> = all.iter().filter_map(NamedForeign::of).collect();
        let named = self.named();
        let same = match &self.which {
            Which::One(it) => now.contains(it),
            Which::All(them) => now == *them,
        };
        let words = |them: &[NamedForeign]| {
            let word = |it: &NamedForeign| format!("{} on drives {}", it.index, it.drives());
            them.iter().map(word).collect::<Vec<_>>().join("; ")
        };
        let nameless = |it: &NamedForeign| it.serials.iter().all(Option::is_none);
        if same && named.iter().any(nameless) {
            let observed = format!("foreign configuration {}", words(named));
            let why =
                "no drive tells its serial number, so that another one may have its number now";
            return Check::refuses(CODE, observed, why)
                .possible("look at it again: ironkeep foreign show");
        }
        if same {
            return Check::holds(CODE, format!("foreign configuration {}", words(named)));
        }
        let observed = if now.is_empty() {
            "there is no foreign configuration".to_owned()
        } else {
            format!("the foreign configurations are {}", words(&now))
        };
        let why = format!("what was looked at is not there: {}", words(named));
        Check::forbids(CODE, observed, why).possible("what there is: ironkeep foreign list")
    }
}

#[cfg(test)]
mod tests;
