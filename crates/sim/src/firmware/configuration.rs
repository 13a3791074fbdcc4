//! Changes of the configuration that somebody asks for: foreign configurations, expansion, members off
//! and on line.

use super::events::{self, Arguments, log};
use super::happenings::{self, Impossible, Place};
use super::{Level, drives, foreign, policy, reconstruction, spares, status};
use crate::state::{Controller, DeviceId, Host};

fn controller(host: &mut Host, number: usize) -> Result<&mut Controller, Impossible> {
    let found = host.controllers.get_mut(number);
    found.ok_or(Impossible::NoController(number))
}

/// Takes a foreign configuration over.
///
/// # Errors
/// If there is none with this index.
pub fn import_foreign(host: &mut Host, number: usize, index: usize) -> Result<(), Impossible> {
    if import(controller(host, number)?, index) {
        Ok(())
    } else {
        Err(Impossible::NoForeign(index))
    }
}

/// Takes a foreign configuration over. `false` if there is none with this index.
pub(crate) fn import(controller: &mut Controller, index: usize) -> bool {
    if index >= controller.foreign.len() {
        return false;
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
    true
}

/// Drops a foreign configuration: its drives are free, what is on them is lost.
///
/// # Errors
/// If there is none with this index.
pub fn clear_foreign(host: &mut Host, number: usize, index: usize) -> Result<(), Impossible> {
    if clear(controller(host, number)?, index) {
        Ok(())
    } else {
        Err(Impossible::NoForeign(index))
    }
}

/// Drops a foreign configuration. `false` if there is none with this index.
pub(crate) fn clear(controller: &mut Controller, index: usize) -> bool {
    if index >= controller.foreign.len() {
        return false;
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
    true
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
    let it = controller.virtual_drive(target);
    let level = Level::of(it.ok_or(Impossible::NoVirtualDrive(target))?);
    reconstruction::begin(controller, target, level, &[new]).map_err(|why| match why {
        status::NO_SUCH_DEVICE | status::WRONG_STATE | status::TOO_SMALL | status::WRONG_KIND => {
            Impossible::Unusable(new)
        }
        _ => Impossible::CannotGrow(target),
    })
}
