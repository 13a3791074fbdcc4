//! Giving up what the controller keeps in its cache of a virtual drive that lost its drives.

use ironkeep_parsers::model::{PreservedCache, PreservedCacheState, TargetId};

use crate::change::{Act, Check, Risk, Scene, Seen};
use crate::output::human;
use crate::reading::{Controller, Part};

/// Discards the preserved cache of one virtual drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscardPreservedCache {
    /// The virtual drive.
    pub target: TargetId,
    /// Why its data were kept when somebody named it. Off line, the virtual drive is deleted with them.
    pub state: PreservedCacheState,
}

impl DiscardPreservedCache {
    fn find<'a>(&self, at: &'a Controller) -> Option<&'a PreservedCache> {
        let mut caches = at.preserved_cache.iter().flatten();
        caches.find(|it| it.target_id == self.target)
    }

    /// Whether MegaCLI needs `-force`: it then deletes the virtual drive, too.
    pub fn deletes(&self) -> bool {
        self.state == PreservedCacheState::Offline
    }

    /// It is there, and as it was when somebody agreed.
    fn there(&self, at: &Controller) -> Check {
        const CODE: &str = "preserved_cache";
        let target = self.target;
        if at.preserved_cache.is_none() {
            return Check::unread(CODE, at, Part::PreservedCache).for_good();
        }
        let Some(cache) = self.find(at) else {
            let observed = format!("the controller keeps no unwritten data of vd{target}");
            return Check::forbids(CODE, observed, "there is nothing to give up")
                .possible("what is kept: ironkeep health");
        };
        let known = match (&cache.name, cache.size) {
            (Some(name), Some(size)) => format!(" (“{name}”, {})", human::bytes(size)),
            (None, Some(size)) => format!(" ({})", human::bytes(size)),
            (_, None) => String::new(),
        };
        let state = cache.state.to_string().to_lowercase();
        let observed = format!("unwritten data of vd{target}{known}, which is {state}, are kept");
        if cache.state == self.state {
            Check::holds(CODE, observed)
        } else {
            Check::forbids(
                CODE,
                observed,
                "that was otherwise when it was named: look again",
            )
        }
    }

    /// Its drives may come back, and the data with them.
    fn may_return(&self, at: &Controller) -> Check {
        const CODE: &str = "drives_may_return";
        let target = self.target;
        let foreign = at.foreign.iter().flatten().count();
        let observed = match (&self.state, foreign) {
            (_, 1..) => "drives with a foreign configuration are there: they may be its own".into(),
            (PreservedCacheState::Missing, _) => format!("vd{target} is missing with its drives"),
            (PreservedCacheState::Offline, _) => {
                format!("vd{target} lacks drives: {}", lacks(at, target))
            }
            (other, _) => format!("vd{target} is {other}"),
        };
        let why =
            "with its drives back, the controller writes the data by itself, and nothing is lost";
        Check::refuses(CODE, observed, why)
            .possible("put the drives back, look at cables and power, then: ironkeep foreign list")
    }
}

/// What a virtual drive lacks: `1 missing, 252:3 Failed`.
fn lacks(at: &Controller, target: TargetId) -> String {
    use ironkeep_parsers::model::DriveState;
    let mut missing = 0_u64;
    let mut lost = Vec::new();
    let drives = at.virtual_drives.iter().flatten();
    let drive = drives.filter(|drive| drive.target_id == Some(target));
    let members = drive.flat_map(|drive| &drive.spans);
    for member in members.flat_map(|span| &span.members) {
        match &member.drive {
            None => missing += 1,
            Some(drive) if drive.state == Some(DriveState::Online) => {}
            Some(drive) => {
                let place = drive.address().map(|it| it.to_string());
                let state = drive.state.as_ref().map(ToString::to_string);
                let words: Vec<_> = [place, state].into_iter().flatten().collect();
                lost.push(words.join(" "));
            }
        }
    }
    if missing > 0 {
        lost.insert(0, format!("{missing} missing"));
    }
    if lost.is_empty() {
        "which is not told".to_owned()
    } else {
        lost.join(", ")
    }
}

impl Act for DiscardPreservedCache {
    fn name(&self) -> &'static str {
        "vd.discard_preserved_cache"
    }

    fn words(&self) -> String {
        let target = self.target;
        if self.deletes() {
            format!("lose the unwritten data of virtual drive {target}, and delete it")
        } else {
            format!("lose the unwritten data of virtual drive {target}")
        }
    }

    fn object(&self) -> String {
        format!("vd{}", self.target)
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        Risk::Destroy
    }

    fn parts(&self) -> &'static [Part] {
        &[
            Part::PreservedCache,
            Part::VirtualDrives,
            Part::ForeignConfigurations,
        ]
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        let mut checks = vec![self.there(at)];
        if self.find(at).is_none() {
            return checks;
        }
        if at.foreign.is_none() {
            checks.push(Check::unread("foreign", at, Part::ForeignConfigurations));
        }
        checks.push(self.may_return(at));
        checks.push(Check::warns(
            "data",
            "how much is kept is not told",
            "writes that the host took for done are lost; file systems on it may be damaged for good",
        ));
        if self.deletes() {
            checks.push(Check::warns(
                "deletion",
                "MegaCLI discards the cache of an off line virtual drive with -force only",
                "that deletes the virtual drive, too: what is left on its drives is given up",
            ));
        }
        checks
    }

    fn seen(&self, _: &Controller, after: &Controller) -> Seen {
        match (&after.preserved_cache, self.find(after)) {
            (None, _) => Seen::Invisible("the list of preserved cache could not be read"),
            (Some(_), None) => Seen::Done("nothing of it is kept any more".to_owned()),
            (Some(_), Some(_)) => Seen::Otherwise("it is still kept".to_owned()),
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        at.preserved_cache.as_ref()?;
        Some(match self.find(at) {
            Some(cache) => format!("preserved cache, {}", cache.state),
            None => "no preserved cache".to_owned(),
        })
    }
}
