//! Configurations that drives bring: from other controllers, or from this one when it lost too much.

use std::collections::BTreeMap;

use super::{Level, Redundancy, policy, redundancy, spares};
use crate::state::{
    Array, Controller, DeviceId, DriveState, ForeignConfiguration, Membership, VirtualDrive,
};

/// A drive brings a configuration that the controller does not have.
pub(super) fn arrive(controller: &mut Controller, id: DeviceId, membership: Membership) {
    if let Some(drive) = controller.drive_mut(id) {
        drive.foreign = true;
    }
    let Membership {
        controller: guid,
        mut array,
        virtual_drives,
        arm,
        ..
    } = membership;
    for (other, member) in array.members.iter_mut().enumerate() {
        *member = (other == arm).then_some(id);
    }
    array.homes.clear();
    // What one controller made is one configuration, unless two drives claim the same place.
    let is_free = |it: &ForeignConfiguration| {
        let known = it.arrays.iter().find(|it| it.reference == array.reference);
        known.is_none_or(|known| known.members.get(arm) == Some(&None))
    };
    let at = controller
        .foreign
        .iter()
        .position(|it| it.guid == guid && is_free(it));
    let at = at.unwrap_or_else(|| {
        controller.foreign.push(ForeignConfiguration {
            guid,
            ..ForeignConfiguration::default()
        });
        controller.foreign.len() - 1
    });
    if let Some(found) = controller.foreign.get_mut(at) {
        add(found, array, virtual_drives);
    }
    policy::announce_foreign(controller);
}

/// Adds a drive group with one member to a configuration.
fn add(to: &mut ForeignConfiguration, array: Array, virtual_drives: Vec<VirtualDrive>) {
    let known = to
        .arrays
        .iter_mut()
        .find(|it| it.reference == array.reference);
    if let Some(known) = known {
        for (place, member) in known.members.iter_mut().zip(&array.members) {
            *place = place.or(*member);
        }
    } else {
        to.arrays.push(array);
    }
    for it in virtual_drives {
        if !to
            .virtual_drives
            .iter()
            .any(|known| known.target == it.target)
        {
            to.virtual_drives.push(it);
        }
    }
    judge(to);
}

/// The states of foreign virtual drives are what the drives that are there make of them.
fn judge(foreign: &mut ForeignConfiguration) {
    for it in &mut foreign.virtual_drives {
        let level = Level::of(it);
        let of_span = |reference: u16| {
            let array = foreign.arrays.iter().find(|it| it.reference == reference);
            array.map_or(Redundancy::Lost, |array| {
                let arms = array.members.iter().enumerate();
                let lost: Vec<usize> = arms
                    .filter(|(_, member)| member.is_none())
                    .map(|(arm, _)| arm)
                    .collect();
                redundancy::without(level, &lost)
            })
        };
        let worst = it.spans.iter().map(|span| of_span(span.array)).min();
        it.state = worst.unwrap_or(Redundancy::Lost).state();
    }
}

/// A drive is gone: foreign configurations do without it.
pub(super) fn forget(controller: &mut Controller, id: DeviceId) {
    for foreign in &mut controller.foreign {
        if !members(foreign).any(|member| member == id) {
            continue;
        }
        for member in foreign.arrays.iter_mut().flat_map(|it| &mut it.members) {
            if *member == Some(id) {
                *member = None;
            }
        }
        foreign
            .arrays
            .retain(|array| array.members.iter().any(Option::is_some));
        judge(foreign);
    }
    controller.foreign.retain(|it| !it.arrays.is_empty());
}

/// The drives of a foreign configuration.
pub(super) fn members(foreign: &ForeignConfiguration) -> impl Iterator<Item = DeviceId> + '_ {
    let members = foreign.arrays.iter().flat_map(|array| &array.members);
    members.flatten().copied()
}

/// Takes a configuration over.
pub(super) fn import(controller: &mut Controller, foreign: ForeignConfiguration) {
    let is_known = |array: &Array| {
        let known = controller.array(array.reference);
        known.is_some_and(|known| {
            known.members.len() == array.members.len() && known.made_after == array.made_after
        })
    };
    if foreign.guid == controller.info.serial && foreign.arrays.iter().all(is_known) {
        restore(controller, &foreign);
    } else {
        adopt(controller, foreign);
    }
}

/// Former members come back to their drive group. Those that left while the others worked on hold old
/// data: they are rebuilt.
fn restore(controller: &mut Controller, foreign: &ForeignConfiguration) {
    for array in &foreign.arrays {
        let known = controller
            .arrays
            .iter_mut()
            .find(|it| it.reference == array.reference);
        let Some(known) = known else { continue };
        let mut back = Vec::new();
        let mut superfluous = Vec::new();
        for (arm, member) in array.members.iter().enumerate() {
            let (Some(id), Some(place)) = (*member, known.members.get_mut(arm)) else {
                continue;
            };
            if place.is_none() {
                *place = Some(id);
                known.homes.remove(&arm);
                back.push(id);
            } else {
                superfluous.push(id);
            }
        }
        for id in back {
            join(controller, id);
        }
        for id in superfluous {
            free(controller, id);
        }
    }
}

/// A drive of an imported configuration is a member now.
fn join(controller: &mut Controller, id: DeviceId) {
    let Some(drive) = controller.drive_mut(id) else {
        return;
    };
    drive.foreign = false;
    let is_stale = drive.membership.take().is_some_and(|it| it.stale);
    if is_stale {
        spares::begin(controller, id, false);
    } else {
        policy::set_state(controller, id, DriveState::Online);
    }
}

/// A drive loses the configuration that it brought.
pub(super) fn free(controller: &mut Controller, id: DeviceId) {
    if let Some(drive) = controller.drive_mut(id) {
        if drive.foreign {
            drive.sequence = drive.sequence.wrapping_add(1);
        }
        drive.foreign = false;
        drive.membership = None;
    }
}

/// A configuration from elsewhere becomes this controller's: under numbers that are free here. Of what
/// is not there, the places stay empty.
fn adopt(controller: &mut Controller, foreign: ForeignConfiguration) {
    let mut numbers = BTreeMap::new();
    let missing = missing_arrays(&foreign);
    let mut joining = Vec::new();
    for array in foreign.arrays.into_iter().chain(missing) {
        let free = (0..u16::MAX).find(|&number| controller.array(number).is_none());
        let free = free.unwrap_or_default();
        numbers.insert(array.reference, free);
        joining.extend(array.members.iter().flatten().copied());
        controller.arrays.push(Array {
            reference: free,
            ..array
        });
    }
    for id in joining {
        join(controller, id);
    }
    for mut it in foreign.virtual_drives {
        let free = (0..u16::MAX).find(|&target| controller.virtual_drive(target).is_none());
        it.target = free.unwrap_or_default();
        for span in &mut it.spans {
            span.array = numbers.get(&span.array).copied().unwrap_or(span.array);
        }
        it.state = redundancy::state_of(controller, &it);
        let before = controller
            .virtual_drives
            .iter()
            .position(|other| other.target > it.target);
        let before = before.unwrap_or(controller.virtual_drives.len());
        controller.virtual_drives.insert(before, it);
    }
    controller.spares.extend(foreign.spares);
}

/// Drive groups that the foreign virtual drives span and of which no drive is there.
fn missing_arrays(foreign: &ForeignConfiguration) -> Vec<Array> {
    let mut missing: Vec<Array> = Vec::new();
    for it in &foreign.virtual_drives {
        for span in &it.spans {
            let mut known = foreign.arrays.iter().chain(&missing);
            if !known.any(|array| array.reference == span.array) {
                missing.push(Array {
                    reference: span.array,
                    size: span.start.saturating_add(span.size),
                    members: vec![None; usize::from(it.drives_per_span)],
                    ..Array::default()
                });
            }
        }
    }
    missing
}
