//! Changes of the configuration that somebody asks for: foreign configurations, expansion, members off
//! and on line.

use super::events::{self, Arguments, log, log_virtual};
use super::happenings::{self, Impossible, Place};
use super::{Level, drives, foreign, policy, spares};
use crate::state::{
    Controller, DeviceId, DriveState, Host, Progress, VirtualActivities, VirtualState,
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
    let found = controller.foreign.remove(index);
    foreign::import(controller, found);
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
    let found = controller.foreign.remove(index);
    let members: Vec<DeviceId> = foreign::members(&found).collect();
    for &id in &members {
        foreign::free(controller, id);
    }
    log(
        controller,
        events::FOREIGN_CLEARED,
        "Foreign Configuration Cleared",
        Arguments::None,
    );
    for id in members {
        spares::take_in(controller, id);
    }
    policy::settle(controller);
    Ok(())
}

/// Takes a member off line, as if somebody had said so.
///
/// # Errors
/// If there is no drive, or it is no member that works.
pub fn take_offline(host: &mut Host, place: Place) -> Result<(), Impossible> {
    let (controller, id) = happenings::drive_in(host, place)?;
    let refused = |_| Impossible::NoMember(place.enclosure, place.slot);
    drives::take_offline(controller, id).map_err(refused)
}

/// Puts a member back on line, as if somebody had said so. The firmware does not ask how old its data is.
///
/// # Errors
/// If there is no drive, or it is no member that was taken off line or failed.
pub fn put_online(host: &mut Host, place: Place) -> Result<(), Impossible> {
    let (controller, id) = happenings::drive_in(host, place)?;
    let refused = |_| Impossible::NoMember(place.enclosure, place.slot);
    drives::put_online(controller, id).map_err(refused)
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
    let array = match it.spans.as_slice() {
        [span] => controller.array(span.array).cloned(),
        _ => None,
    };
    // A mirror would need drives in pairs; other virtual drives on the group would be in the way.
    let can_grow = it.state == VirtualState::Optimal
        && it.activities == VirtualActivities::default()
        && Level::of(&it) != Level::Mirror;
    let array = array
        .filter(|array| can_grow && spares::on_array(controller, array.reference).count() == 1);
    let array = array.ok_or(Impossible::CannotGrow(target))?;
    let usable = controller
        .drive(new)
        .is_some_and(|drive| spares::is_free(drive) && spares::fits(controller, &array, drive));
    if !usable {
        return Err(Impossible::Unusable(new));
    }
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
