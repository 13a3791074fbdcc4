//! A host in a test's hands, and what is true of every host.

use std::collections::BTreeSet;

use ironkeep_sim::firmware::{Level, Redundancy};
use ironkeep_sim::play::play;
use ironkeep_sim::scenario;
use ironkeep_sim::state::{
    Array, Controller, Drive, DriveState, Host, ScheduleState, VirtualDrive, VirtualState, cache,
};

/// A host, and what happens to it.
#[derive(Debug, Clone)]
pub(super) struct Story {
    pub(super) host: Host,
}

impl Story {
    /// A controller with an enclosure of eight bays, 252, and what `text` says.
    pub(super) fn on(text: &str) -> Self {
        let text = format!(
            "title = \"\"\n[[controller]]\nenclosure = [{{ id = 252, make = \"backplane-8\" }}]\n{text}"
        );
        Self {
            host: scenario::of_text("a test", &text).expect("a host"),
        }
    }

    /// A scenario.
    pub(super) fn build(name: &str) -> Self {
        Self {
            host: scenario::build(name).expect("a scenario"),
        }
    }

    pub(super) fn play(&mut self, steps: &[&str]) -> &mut Self {
        for step in steps {
            let before = self.host.clone();
            play(&mut self.host, 0, step).unwrap_or_else(|why| panic!("{step}: {why}"));
            check_invariants(&before, &self.host).unwrap_or_else(|why| panic!("{step}: {why}"));
        }
        self
    }

    pub(super) fn controller(&self) -> &Controller {
        &self.host.controllers[0]
    }

    pub(super) fn drive(&self, bay: &str) -> &Drive {
        let (enclosure, slot) = bay.split_once(':').expect("a bay");
        let (enclosure, slot) = (enclosure.parse().unwrap(), slot.parse().unwrap());
        let drive = self.controller().drive_at(enclosure, slot);
        drive.unwrap_or_else(|| panic!("{bay} is empty"))
    }

    /// The drive in a bay has this state.
    pub(super) fn is(&mut self, bay: &str, state: DriveState) -> &mut Self {
        assert_eq!(self.drive(bay).state, state, "{bay}");
        self
    }

    /// The virtual drive has this state.
    pub(super) fn volume(&mut self, target: u16, state: VirtualState) -> &mut Self {
        let it = self.controller().virtual_drive(target);
        assert_eq!(it.map(|it| it.state), Some(state));
        self
    }

    /// The event log says `words`.
    pub(super) fn said(&mut self, words: &str) -> &mut Self {
        let mut entries = self.controller().events.entries.iter();
        assert!(entries.any(|it| it.description.contains(words)), "{words}");
        self
    }

    /// Whether the first virtual drive uses the write cache.
    pub(super) fn writes_back(&self) -> bool {
        self.controller().virtual_drives[0].current_cache & cache::WRITE_BACK != 0
    }
}

/// What is true of every host, and of every step from one to the next.
pub(super) fn check_invariants(before: &Host, host: &Host) -> Result<(), String> {
    for (number, controller) in host.controllers.iter().enumerate() {
        let said = |why: String| format!("controller {number}: {why}");
        drives_are_in_one_place(controller).map_err(said)?;
        operations_run_where_they_may(controller).map_err(said)?;
        states_agree(controller).map_err(said)?;
        let earlier = &before.controllers[number];
        if controller.info.time < earlier.info.time {
            return Err(said("time ran back".to_owned()));
        }
        let entries = &controller.events.entries;
        let rises = entries
            .windows(2)
            .all(|pair| pair[0].sequence + 1 == pair[1].sequence && pair[0].time <= pair[1].time);
        if !rises || controller.events.newest() < earlier.events.newest() {
            return Err(said("the log is out of order".to_owned()));
        }
    }
    let mut serials = BTreeSet::new();
    let controllers = host.controllers.iter();
    let lost = controllers
        .clone()
        .flat_map(|it| it.lost_enclosures.iter().flat_map(|it| &it.drives));
    let all = controllers.flat_map(|it| &it.drives).chain(lost);
    for drive in all.chain(&host.shelf) {
        if !serials.insert(&drive.serial) {
            return Err(format!("there are two drives {}", drive.serial));
        }
    }
    Ok(())
}

fn drives_are_in_one_place(controller: &Controller) -> Result<(), String> {
    let mut ids = BTreeSet::new();
    let mut bays = BTreeSet::new();
    for drive in &controller.drives {
        let id = drive.device_id;
        if !ids.insert(id) || !bays.insert((drive.enclosure, drive.slot)) {
            return Err(format!("two drives {id}, or two in its bay"));
        }
    }
    let members = controller.arrays.iter().flat_map(|array| &array.members);
    let spares = controller.spares.iter().map(|spare| spare.device_id);
    let foreign = controller.foreign.iter().flat_map(|it| &it.arrays);
    let foreign = foreign.flat_map(|array| array.members.iter().flatten());
    let mut placed = BTreeSet::new();
    for id in members
        .flatten()
        .copied()
        .chain(spares.clone())
        .chain(foreign.copied())
    {
        if !ids.contains(&id) {
            return Err(format!("drive {id} does not exist"));
        }
        if !placed.insert(id) {
            return Err(format!("drive {id} is in two places"));
        }
    }
    for drive in &controller.drives {
        let id = drive.device_id;
        let is_member = controller.seat(id).is_some();
        let is_spare = spares.clone().any(|it| it == id);
        let agrees = match drive.state {
            DriveState::Online | DriveState::Offline | DriveState::Rebuild => is_member,
            DriveState::HotSpare => is_spare,
            DriveState::Failed => !is_spare,
            DriveState::UnconfiguredGood
            | DriveState::UnconfiguredBad
            | DriveState::Copyback
            | DriveState::Jbod
            | DriveState::ShieldUnconfigured
            | DriveState::ShieldHotSpare
            | DriveState::ShieldConfigured
            | DriveState::Code(_) => !is_member && !is_spare,
        };
        if !agrees || drive.foreign != (placed.contains(&id) && !is_member && !is_spare) {
            return Err(format!(
                "drive {id} is {:?} in the wrong place",
                drive.state
            ));
        }
    }
    Ok(())
}

fn operations_run_where_they_may(controller: &Controller) -> Result<(), String> {
    for drive in &controller.drives {
        let on = &drive.activities;
        let patrolled = matches!(drive.state, DriveState::Online | DriveState::HotSpare);
        let right = on.rebuild.is_some() == (drive.state == DriveState::Rebuild)
            && on.copyback.is_some() == (drive.state == DriveState::Copyback)
            && (on.patrol.is_none() || patrolled);
        if !right {
            return Err(format!(
                "drive {} is {:?} with {on:?}",
                drive.device_id, drive.state
            ));
        }
        let source = on.copyback.map(|copyback| copyback.source);
        if source.is_some_and(|source| controller.seat(source).is_none()) {
            return Err(format!(
                "drive {} is copied from no member",
                drive.device_id
            ));
        }
    }
    let sources = || {
        controller
            .drives
            .iter()
            .filter_map(|it| it.activities.copyback)
    };
    if sources().any(|one| sources().filter(|other| other.source == one.source).count() > 1) {
        return Err("one drive is copied twice".to_owned());
    }
    let patrols = controller
        .drives
        .iter()
        .any(|it| it.activities.patrol.is_some());
    if patrols != (controller.patrol.state == ScheduleState::Active) {
        return Err("the patrol and its drives disagree".to_owned());
    }
    for it in &controller.virtual_drives {
        let checks = it.activities.consistency_check.is_some();
        if checks && it.state != VirtualState::Optimal {
            return Err(format!(
                "virtual drive {} is checked, but {:?}",
                it.target, it.state
            ));
        }
    }
    Ok(())
}

/// States of virtual drives, counted here anew: by the losses of each span.
fn states_agree(controller: &Controller) -> Result<(), String> {
    for it in controller
        .virtual_drives
        .iter()
        .filter(|it| !it.is_cachecade)
    {
        let spans = it.spans.iter().map(|span| {
            let array = controller.array(span.array);
            array.map_or(Redundancy::Lost, |array| left(controller, it, array))
        });
        let state = match spans.min().unwrap_or(Redundancy::Full) {
            Redundancy::Full => VirtualState::Optimal,
            Redundancy::Reduced => VirtualState::PartiallyDegraded,
            Redundancy::None => VirtualState::Degraded,
            Redundancy::Lost => VirtualState::Offline,
        };
        if it.state != state {
            return Err(format!(
                "virtual drive {} is {:?}, not {state:?}",
                it.target, it.state
            ));
        }
        let kept = controller.preserved_cache.contains(&it.target);
        if kept && it.state != VirtualState::Offline {
            return Err(format!("the cache of virtual drive {} is kept", it.target));
        }
    }
    Ok(())
}

fn left(controller: &Controller, it: &VirtualDrive, array: &Array) -> Redundancy {
    let works = |id: &Option<u16>| {
        let drive = id.and_then(|id| controller.drive(id));
        drive.is_some_and(|drive| drive.state == DriveState::Online)
    };
    let lost = array.members.iter().filter(|id| !works(id)).count();
    let pair_lost = || array.members.chunks(2).any(|pair| !pair.iter().any(works));
    match (Level::of(it), lost) {
        (_, 0) => Redundancy::Full,
        (Level::Mirror, _) if pair_lost() => Redundancy::Lost,
        (Level::Mirror, _) | (Level::SingleParity, 1) | (Level::DoubleParity, 2) => {
            Redundancy::None
        }
        (Level::DoubleParity, 1) => Redundancy::Reduced,
        _ => Redundancy::Lost,
    }
}
