//! The first look: which drive it is, what it is there for, how things are before.

use ironkeep_parsers::model::{Arm, DriveAddress, DriveState, PhysicalDrive};
use jiff::Timestamp;

use super::fit;
use super::memory::{Duty, Identity, Light, Memory, Place, SpareDuty, VERSION, VirtualDriveBefore};
use super::policy::Policy;
use super::step::{Question, Refusal};
use super::view::{self, View};
use crate::reading::Controller;
use crate::who::Who;

/// How a replacement begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Beginning {
    /// With this to remember.
    Memory(Box<Memory>),
    /// Somebody has to choose first.
    Ask(Question),
    /// Not at all.
    Refuse(Refusal),
}

/// What has to be remembered of the drive in `bay` of `at`, which is to be replaced.
pub fn begin(
    at: &Controller,
    bay: DriveAddress,
    policy: &Policy,
    who: &Who,
    now: Timestamp,
) -> Beginning {
    let mut drives = at.physical_drives.iter().flatten();
    let drive = drives.find(|drive| drive.address() == Some(bay));
    let empty = empty_places(at);
    let Some(drive) = drive else {
        return without(at, bay, &empty, policy, (who, now));
    };
    if let Some(place) = place_of(at, bay) {
        return with(at, drive, Duty::Member(place), policy, (who, now));
    }
    match &drive.state {
        Some(DriveState::HotSpare) => match SpareDuty::of(drive) {
            Some(duty) => with(at, drive, Duty::Spare(duty), policy, (who, now)),
            None => Beginning::Refuse(nameless(drive)),
        },
        Some(DriveState::Jbod) => with(at, drive, Duty::Jbod, policy, (who, now)),
        Some(DriveState::UnconfiguredGood | DriveState::UnconfiguredBad) => {
            match stood_in_for(at).as_slice() {
                [place] if empty.is_empty() => {
                    with(at, drive, Duty::Member(place.clone()), policy, (who, now))
                }
                _ => unconfigured(at, drive, &empty, policy, (who, now)),
            }
        }
        _ => Beginning::Refuse(
            Refusal::new(
                "state",
                format!("{} is {}", view::name(drive), view::state(drive)),
                "it is neither a member nor a spare nor unconfigured: something goes on with it",
            )
            .possible(format!("what it is: ironkeep pd show {bay}"))
            .possible("what runs: ironkeep operation list"),
        ),
    }
}

/// An unconfigured drive where a drive group lacks a member may be the new drive, put in by hand.
fn unconfigured(
    at: &Controller,
    drive: &PhysicalDrive,
    empty: &[Place],
    policy: &Policy,
    by: (&Who, Timestamp),
) -> Beginning {
    let Some(bay) = drive.address() else {
        return Beginning::Refuse(nameless(drive));
    };
    if policy.inserted {
        return without(at, bay, empty, policy, by);
    }
    let could_be = empty.iter().any(|place| {
        let memory = memory(at, (None, bay), Duty::Member(place.clone()), policy, by);
        let view = View {
            at,
            memory: &memory,
            policy,
            now: by.1,
        };
        fit::fits(&view, place, drive)
    });
    if could_be && drive.power != Some(ironkeep_parsers::model::Power::SpunDown) {
        let observed = format!(
            "{} is {}, and a drive group lacks a member that it could be",
            view::name(drive),
            view::state(drive)
        );
        return Beginning::Ask(Question::Inserted { observed });
    }
    with(at, drive, Duty::Free, policy, by)
}

/// The drive is gone already: its place is the one that is empty.
fn without(
    at: &Controller,
    bay: DriveAddress,
    empty: &[Place],
    policy: &Policy,
    by: (&Who, Timestamp),
) -> Beginning {
    match empty {
        [only] => {
            let duty = Duty::Member(only.clone());
            Beginning::Memory(Box::new(memory(at, (None, bay), duty, policy, by)))
        }
        [] => Beginning::Refuse(
            Refusal::new(
                "no_drive",
                format!("bay {bay} has no drive to replace, and no drive group lacks a member"),
                "there is nothing that a new drive could replace",
            )
            .possible("where every drive is: ironkeep pd list")
            .possible("make the new drive a hot spare: ironkeep spare add"),
        ),
        several => Beginning::Refuse(
            Refusal::new(
                "ambiguous",
                format!(
                    "bay {bay} has no drive to replace, and {} places of drive groups are empty",
                    several.len()
                ),
                "nobody can say which of them the new drive is for",
            )
            .possible("the empty places: ironkeep pd list")
            .possible("put a new drive into a place by hand: ironkeep pd replace-missing"),
        ),
    }
}

fn with(
    at: &Controller,
    drive: &PhysicalDrive,
    duty: Duty,
    policy: &Policy,
    by: (&Who, Timestamp),
) -> Beginning {
    let (Some(old), Some(bay)) = (Identity::of(drive), drive.address()) else {
        return Beginning::Refuse(nameless(drive));
    };
    if let Some(new) = policy.new_bay.filter(|new| *new != bay)
        && let Some(refusal) = taken(at, new)
    {
        return Beginning::Refuse(refusal);
    }
    Beginning::Memory(Box::new(memory(at, (Some(old), bay), duty, policy, by)))
}

/// The bay of the new drive holds one that is used.
fn taken(at: &Controller, bay: DriveAddress) -> Option<Refusal> {
    let mut drives = at.physical_drives.iter().flatten();
    let there = drives.find(|drive| drive.address() == Some(bay))?;
    let is_free = view::is_unconfigured(there) || there.state == Some(DriveState::Jbod);
    (!is_free).then(|| {
        Refusal::new(
            "in_use",
            format!(
                "bay {bay}, where the new drive is to be, holds a drive that is {}",
                view::state(there)
            ),
            "it is used already",
        )
        .possible("which bays are free: ironkeep map")
    })
}

fn nameless(drive: &PhysicalDrive) -> Refusal {
    Refusal::new(
        "identity",
        format!(
            "drive {} tells neither its serial number nor its WWN",
            view::bay(drive)
        ),
        "nobody could tell the new drive from the old one",
    )
    .possible("replace it step by step: ironkeep help pd")
}

/// The place of the drive in `bay`.
fn place_of(at: &Controller, bay: DriveAddress) -> Option<Place> {
    places(at).find_map(|(place, holder)| (holder == Some(bay)).then_some(place))
}

/// The places that a spare holds since it stepped in. Nothing tells for which drive it did; where it is
/// the only one, it was for the one that is left over.
fn stood_in_for(at: &Controller) -> Vec<Place> {
    let steps_in = |drive: &PhysicalDrive| {
        drive.commissioned_spare == Some(true) || drive.emergency_spare == Some(true)
    };
    let is_spare = |bay: DriveAddress| {
        let mut drives = at.physical_drives.iter().flatten();
        drives.any(|drive| drive.address() == Some(bay) && steps_in(drive))
    };
    places(at)
        .filter(|(_, holder)| holder.is_some_and(is_spare))
        .map(|(place, _)| place)
        .collect()
}

/// The places without a drive.
fn empty_places(at: &Controller) -> Vec<Place> {
    places(at)
        .filter(|(_, holder)| holder.is_none())
        .map(|(place, _)| place)
        .collect()
}

/// Every place of every drive group, and the bay of the drive that holds it.
fn places(at: &Controller) -> impl Iterator<Item = (Place, Option<DriveAddress>)> {
    view::spans(at).flat_map(|(group, span)| {
        let targets = span.virtual_drives.iter().filter_map(|it| it.target_id);
        let mut virtual_drives: Vec<u32> = targets.map(|id| id.0).collect();
        virtual_drives.sort_unstable();
        virtual_drives.dedup();
        let members = span.members.iter();
        members.filter_map(move |member| {
            let Arm(arm) = member.arm;
            let place = Place {
                reference: span.reference?,
                arm,
                drive_group: group.number,
                span: span.number,
                virtual_drives: virtual_drives.clone(),
            };
            let holder = match &member.drive {
                Some(drive) => Some(drive.address()?),
                None => None,
            };
            Some((place, holder))
        })
    })
}

fn memory(
    at: &Controller,
    (old, bay): (Option<Identity>, DriveAddress),
    duty: Duty,
    policy: &Policy,
    (who, now): (&Who, Timestamp),
) -> Memory {
    let drives = || at.physical_drives.iter().flatten();
    let info = at.info.as_ref();
    let is_other = |duty: &SpareDuty| old.as_ref() != Some(&duty.drive);
    let spares = drives()
        .filter_map(SpareDuty::of)
        .filter(is_other)
        .collect();
    Memory {
        version: VERSION,
        started: now,
        who: who.clone(),
        controller: at.id.unwrap_or(ironkeep_parsers::model::ControllerId(0)),
        controller_serial: info.and_then(|info| info.serial.clone()),
        bay,
        new_bay: policy.new_bay.unwrap_or(bay),
        virtual_drives: virtual_drives(at),
        spares,
        foreign: drives()
            .filter(|drive| drive.foreign == Some(true) && drive.address() != Some(bay))
            .filter_map(Identity::of)
            .map(|it| it.name().to_owned())
            .collect(),
        auto_rebuild: info.and_then(|info| info.settings.auto_rebuild),
        light: Light::Off,
        asked_to_stop: false,
        copy: None,
        new: None,
        waiting: None,
        ended: None,
        old,
        duty,
    }
}

fn virtual_drives(at: &Controller) -> Vec<VirtualDriveBefore> {
    let all = at.virtual_drives.iter().flatten();
    all.filter_map(|it| {
        let cache = it.default_cache.as_ref();
        Some(VirtualDriveBefore {
            target: it.target_id?.0,
            name: it.name.clone().filter(|name| !name.is_empty()),
            state: it.state.as_ref().map(ToString::to_string),
            write_policy: cache
                .and_then(|it| it.write.as_ref())
                .map(ToString::to_string),
        })
    })
    .collect()
}
