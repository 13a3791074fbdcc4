//! Changes of the configuration that somebody asks for: foreign configurations, expansion.

use std::collections::BTreeMap;

use super::events::{self, Arguments, log, log_virtual};
use super::{happenings::Impossible, policy};
use crate::state::{
    Array, Controller, DeviceId, DriveState, ForeignConfiguration, Host, Progress, VirtualState,
};

fn controller(host: &mut Host, number: usize) -> Result<&mut Controller, Impossible> {
    let found = host.controllers.get_mut(number);
    found.ok_or(Impossible::NoController(number))
}

/// Takes a foreign configuration over.
///
/// # Errors
/// If there is none with this index.
pub fn import_foreign(host: &mut Host, number: usize, index: usize) -> Result<(), Impossible> {
    let controller = controller(host, number)?;
    if index >= controller.foreign.len() {
        return Err(Impossible::NoForeign(index));
    }
    let foreign = controller.foreign.remove(index);
    if foreign.guid == controller.info.serial {
        restore(controller, &foreign);
    } else {
        adopt(controller, foreign);
    }
    log(
        controller,
        events::FOREIGN_IMPORTED,
        "Foreign Configuration Imported",
        Arguments::None,
    );
    policy::settle(controller);
    Ok(())
}

/// Drops a foreign configuration: its drives are free, what is on them is lost.
///
/// # Errors
/// If there is none with this index.
pub fn clear_foreign(host: &mut Host, number: usize, index: usize) -> Result<(), Impossible> {
    let controller = controller(host, number)?;
    if index >= controller.foreign.len() {
        return Err(Impossible::NoForeign(index));
    }
    let foreign = controller.foreign.remove(index);
    let members: Vec<DeviceId> = members(&foreign).collect();
    for id in members {
        if let Some(drive) = controller.drive_mut(id) {
            drive.foreign = false;
            drive.membership = None;
        }
        policy::take_in(controller, id);
    }
    log(
        controller,
        events::FOREIGN_CLEARED,
        "Foreign Configuration Cleared",
        Arguments::None,
    );
    policy::settle(controller);
    Ok(())
}

fn members(foreign: &ForeignConfiguration) -> impl Iterator<Item = DeviceId> + '_ {
    foreign
        .arrays
        .iter()
        .flat_map(|array| array.members.iter().flatten().copied())
}

/// Former members come back to their drive group. Those that left first, while the others worked on,
/// hold old data: they are rebuilt.
fn restore(controller: &mut Controller, foreign: &ForeignConfiguration) {
    let left_in: BTreeMap<DeviceId, VirtualState> = members(foreign)
        .filter_map(|id| {
            let membership = controller.drive(id)?.membership.as_ref()?;
            Some((id, membership.virtual_drives.first()?.state))
        })
        .collect();
    let last = left_in.values().map(|state| state.code()).min();
    for array in &foreign.arrays {
        let known = controller
            .arrays
            .iter_mut()
            .find(|it| it.reference == array.reference);
        if let Some(known) = known {
            for (arm, (member, back)) in known.members.iter_mut().zip(&array.members).enumerate() {
                if member.is_none() && back.is_some() {
                    *member = *back;
                    known.homes.remove(&arm);
                }
            }
        }
    }
    for (id, state) in left_in {
        let is_current = Some(state.code()) == last;
        let to = if is_current {
            DriveState::Online
        } else {
            DriveState::Rebuild
        };
        join(controller, id, to);
    }
}

/// A member of an imported configuration.
fn join(controller: &mut Controller, id: DeviceId, to: DriveState) {
    policy::set_state(controller, id, to);
    if let Some(drive) = controller.drive_mut(id) {
        drive.foreign = false;
        drive.membership = None;
        if to == DriveState::Rebuild {
            drive.activities.rebuild = Some(Progress::default());
        }
    }
}

/// A configuration from elsewhere becomes this controller's: under numbers that are free here.
fn adopt(controller: &mut Controller, foreign: ForeignConfiguration) {
    let mut numbers = BTreeMap::new();
    for array in foreign.arrays {
        let free = (0..u16::MAX).find(|&number| controller.array(number).is_none());
        let free = free.unwrap_or_default();
        numbers.insert(array.reference, free);
        let members: Vec<DeviceId> = array.members.iter().flatten().copied().collect();
        controller.arrays.push(Array {
            reference: free,
            ..array
        });
        for id in members {
            join(controller, id, DriveState::Online);
        }
    }
    for mut it in foreign.virtual_drives {
        let free = (0..u16::MAX).find(|&target| controller.virtual_drive(target).is_none());
        it.target = free.unwrap_or_default();
        for span in &mut it.spans {
            span.array = numbers.get(&span.array).copied().unwrap_or(span.array);
        }
        controller.virtual_drives.push(it);
    }
    controller.spares.extend(foreign.spares);
}

/// Adds an unconfigured drive to the drive group of a virtual drive, which grows.
///
/// # Errors
/// If there is no such virtual drive, or the drive cannot be used.
pub fn expand(
    host: &mut Host,
    number: usize,
    target: u16,
    new: DeviceId,
) -> Result<(), Impossible> {
    let controller = controller(host, number)?;
    let it = controller.virtual_drive(target).cloned();
    let it = it.ok_or(Impossible::NoVirtualDrive(target))?;
    let reference = it.spans.first().map(|span| span.array);
    let array = reference
        .and_then(|reference| controller.array(reference))
        .cloned();
    let is_free = controller
        .drive(new)
        .is_some_and(|drive| drive.state == DriveState::UnconfiguredGood && !drive.foreign);
    let usable = array.filter(|array| {
        is_free
            && controller
                .drive(new)
                .is_some_and(|drive| policy::fits(controller, array, drive))
    });
    let array = usable.ok_or(Impossible::Unusable(new))?;
    for known in &mut controller.arrays {
        if known.reference == array.reference {
            known.members.push(Some(new));
        }
    }
    policy::set_state(controller, new, DriveState::Online);
    for changing in &mut controller.virtual_drives {
        if changing.target == target {
            changing.activities.reconstruction = Some(Progress::default());
        }
    }
    log_virtual(
        controller,
        events::RECONSTRUCTION_STARTED,
        &it,
        "Reconstruction started on VD",
    );
    policy::settle(controller);
    Ok(())
}
