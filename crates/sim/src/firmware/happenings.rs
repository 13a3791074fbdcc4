//! What people and hardware do to a host from outside the tool.

use thiserror::Error;

use super::events::{self, Arguments, drive_name, log, log_drive};
use super::policy;
use crate::state::{
    Array, Controller, DeviceId, Drive, DriveState, ForeignConfiguration, Host, Interface,
    Membership, VirtualDrive, switches,
};

/// A bay on a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Number of the controller.
    pub controller: usize,
    /// Device id of the enclosure.
    pub enclosure: u16,
    /// Slot.
    pub slot: u8,
}

/// Why something cannot happen.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Impossible {
    /// There is no such controller.
    #[error("there is no controller {0}")]
    NoController(usize),
    /// The bay is empty.
    #[error("there is no drive in bay {0}:{1}")]
    EmptyBay(u16, u8),
    /// The bay is taken.
    #[error("there is a drive in bay {0}:{1} already")]
    TakenBay(u16, u8),
    /// There is no such bay.
    #[error("enclosure {0} has no bay {1}")]
    NoBay(u16, u8),
    /// There is no such enclosure.
    #[error("there is no enclosure {0}")]
    NoEnclosure(u16),
    /// No drive with this serial number lies on the shelf.
    #[error("no drive with the serial number {0} was pulled")]
    NotOnShelf(String),
    /// There is no such foreign configuration.
    #[error("there is no foreign configuration {0}")]
    NoForeign(usize),
    /// There is no such virtual drive.
    #[error("there is no virtual drive {0}")]
    NoVirtualDrive(u16),
    /// The drive is in use, too small, or of another kind.
    #[error(
        "drive {0} cannot be used for that: it must be unconfigured, large enough and of the same kind"
    )]
    Unusable(u16),
    /// There is no battery.
    #[error("controller {0} has no battery")]
    NoBattery(usize),
}

/// Which drive is inserted.
#[derive(Debug, Clone, PartialEq)]
pub enum NewDrive {
    /// A new one of the same make as its neighbours.
    Blank,
    /// A new one with half of the capacity.
    TooSmall,
    /// A new one with the other interface.
    WrongType,
    /// One with a configuration from another controller.
    Foreign,
    /// One that was pulled before, by its serial number.
    FromShelf(String),
}

fn controller(host: &mut Host, number: usize) -> Result<&mut Controller, Impossible> {
    let found = host.controllers.get_mut(number);
    found.ok_or(Impossible::NoController(number))
}

/// The drive in a bay.
fn drive_in(host: &mut Host, place: Place) -> Result<(&mut Controller, DeviceId), Impossible> {
    let controller = controller(host, place.controller)?;
    let id = controller
        .drive_at(place.enclosure, place.slot)
        .map(|drive| drive.device_id)
        .ok_or(Impossible::EmptyBay(place.enclosure, place.slot))?;
    Ok((controller, id))
}

/// Pulls the drive out of a bay. It lies on the shelf then.
///
/// # Errors
/// If there is none.
pub fn pull(host: &mut Host, place: Place) -> Result<(), Impossible> {
    let (controller, id) = drive_in(host, place)?;
    let Some(mut drive) = controller.drive(id).cloned() else {
        return Err(Impossible::EmptyBay(place.enclosure, place.slot));
    };
    drive.membership = membership(controller, &drive);
    log_drive(controller, events::REMOVED, &drive, "Removed: PD");
    policy::lose(controller, id, true);
    drive.activities = crate::state::Activities::default();
    drive.commission = None;
    drive.locating = false;
    host.shelf.push(drive);
    Ok(())
}

/// What the drive's metadata say.
fn membership(controller: &Controller, drive: &Drive) -> Option<Membership> {
    let (reference, arm) = controller.seat(drive.device_id)?;
    let array = controller.array(reference)?.clone();
    let on_array = |it: &&VirtualDrive| it.spans.iter().any(|span| span.array == reference);
    Some(Membership {
        controller: controller.info.serial.clone(),
        virtual_drives: controller
            .virtual_drives
            .iter()
            .filter(on_array)
            .cloned()
            .collect(),
        array,
        arm,
    })
}

/// Puts a drive into an empty bay.
///
/// # Errors
/// If the bay is taken or does not exist, or the drive does not lie on the shelf.
pub fn insert(host: &mut Host, place: Place, new: &NewDrive) -> Result<(), Impossible> {
    let Place {
        controller: number,
        enclosure,
        slot,
    } = place;
    check_bay(controller(host, number)?, enclosure, slot)?;
    let drive = match new {
        NewDrive::FromShelf(serial) => {
            let at = host.shelf.iter().position(|drive| drive.serial == *serial);
            let at = at.ok_or_else(|| Impossible::NotOnShelf(serial.clone()))?;
            host.shelf.remove(at)
        }
        NewDrive::Blank | NewDrive::TooSmall | NewDrive::WrongType | NewDrive::Foreign => {
            manufacture(controller(host, number)?, enclosure, new)
        }
    };
    let controller = controller(host, number)?;
    let id = place_drive(controller, drive, enclosure, slot);
    receive(controller, id);
    Ok(())
}

fn check_bay(controller: &Controller, enclosure: u16, slot: u8) -> Result<(), Impossible> {
    if enclosure != crate::state::NO_ENCLOSURE {
        let found = controller
            .enclosures
            .iter()
            .find(|it| it.device_id == enclosure);
        let found = found.ok_or(Impossible::NoEnclosure(enclosure))?;
        if slot >= found.slots {
            return Err(Impossible::NoBay(enclosure, slot));
        }
    }
    match controller.drive_at(enclosure, slot) {
        Some(_) => Err(Impossible::TakenBay(enclosure, slot)),
        None => Ok(()),
    }
}

/// A drive fresh from the box, alike to the others of the enclosure.
fn manufacture(controller: &Controller, enclosure: u16, new: &NewDrive) -> Drive {
    let pattern = controller
        .drives
        .iter()
        .find(|drive| drive.enclosure == enclosure)
        .or(controller.drives.first());
    let pattern = pattern.cloned().unwrap_or_default();
    let newest = controller
        .events
        .entries
        .last()
        .map_or(0, |event| event.sequence);
    let number = u64::from(newest) % 0x1000;
    let mut drive = Drive {
        state: DriveState::UnconfiguredGood,
        serial: renumbered(&pattern.serial, number),
        wwn: pattern.wwn ^ (0x0010_0000 + (number << 8)),
        sas_addresses: pattern.sas_addresses.map(|address| {
            if address == 0 {
                0
            } else {
                address ^ (0x0010_0000 + (number << 8))
            }
        }),
        interface: pattern.interface,
        solid_state: pattern.solid_state,
        sector_size: pattern.sector_size,
        raw_size: pattern.raw_size,
        non_coerced_size: pattern.non_coerced_size,
        coerced_size: pattern.coerced_size,
        device_type: pattern.device_type,
        vendor: pattern.vendor,
        model: pattern.model,
        firmware: pattern.firmware,
        device_speed: pattern.device_speed,
        link_speed: pattern.link_speed,
        paths: pattern.paths,
        security: pattern.security,
        ..Drive::default()
    };
    match new {
        NewDrive::TooSmall => {
            drive.raw_size /= 2;
            drive.non_coerced_size /= 2;
            drive.coerced_size /= 2;
        }
        NewDrive::WrongType => {
            drive.interface = if drive.interface == Interface::Sata {
                Interface::Sas
            } else {
                Interface::Sata
            };
        }
        NewDrive::Foreign => {
            drive.foreign = true;
            drive.membership = Some(foreign_membership(&drive));
        }
        NewDrive::Blank | NewDrive::FromShelf(_) => {}
    }
    drive
}

/// The last characters of a serial number replaced by those of `number`.
fn renumbered(serial: &str, number: u64) -> String {
    let keep = serial.len().saturating_sub(4);
    let head = serial.get(..keep).unwrap_or_default();
    format!("{head}N{number:03X}")
}

/// A RAID 0 of one drive, made elsewhere.
fn foreign_membership(drive: &Drive) -> Membership {
    Membership {
        controller: "ELSEWHERE".to_owned(),
        array: Array {
            size: drive.coerced_size,
            members: vec![None],
            ..Array::default()
        },
        virtual_drives: vec![VirtualDrive {
            name: "old".to_owned(),
            drives_per_span: 1,
            size: drive.coerced_size,
            spans: vec![crate::state::Span {
                array: 0,
                start: 0,
                size: drive.coerced_size,
            }],
            ..VirtualDrive::default()
        }],
        arm: 0,
    }
}

/// Puts `drive` into the bay under a device id that is free.
fn place_drive(
    controller: &mut Controller,
    mut drive: Drive,
    enclosure: u16,
    slot: u8,
) -> DeviceId {
    let at = controller
        .enclosures
        .iter()
        .find(|it| it.device_id == enclosure);
    drive.enclosure_index = at.map_or(0, |it| it.index);
    drive.enclosure_position = at.map_or(0, |it| it.position);
    drive.enclosure = enclosure;
    drive.slot = slot;
    let taken = |id: DeviceId| {
        controller.drives.iter().any(|drive| drive.device_id == id)
            || controller.enclosures.iter().any(|it| it.device_id == id)
    };
    drive.device_id = (8..DeviceId::MAX)
        .find(|&id| !taken(id))
        .unwrap_or_default();
    drive.sequence = 1;
    let id = drive.device_id;
    let before = controller
        .drives
        .iter()
        .position(|other| other.device_id > id);
    controller
        .drives
        .insert(before.unwrap_or(controller.drives.len()), drive);
    id
}

/// The firmware finds a drive in a bay.
fn receive(controller: &mut Controller, id: DeviceId) {
    let Some(drive) = controller.drive(id).cloned() else {
        return;
    };
    log_drive(controller, events::INSERTED, &drive, "Inserted: PD");
    let jbod = controller.info.switches & switches::JBOD != 0;
    let serial = &controller.info.serial;
    match &drive.membership {
        Some(membership) if membership.controller == *serial && !drive.foreign => {
            rejoin(controller, id, membership.clone());
        }
        Some(membership) => arrive_foreign(controller, id, membership.clone()),
        None if jbod && drive.state == DriveState::UnconfiguredGood => {
            policy::set_state(controller, id, DriveState::Jbod);
        }
        None => {
            let worn = matches!(
                drive.state,
                DriveState::Failed | DriveState::UnconfiguredBad
            );
            let state = if worn {
                DriveState::UnconfiguredBad
            } else {
                DriveState::UnconfiguredGood
            };
            policy::set_state(controller, id, state);
        }
    }
    policy::take_in(controller, id);
    policy::settle(controller);
}

/// A former member comes back. If its place is still empty and the data can be restored from the
/// others, it is a drive like any other; if the virtual drive is lost, it brings its configuration.
fn rejoin(controller: &mut Controller, id: DeviceId, membership: Membership) {
    let reference = membership.array.reference;
    let is_lost = controller
        .virtual_drives
        .iter()
        .filter(|it| it.spans.iter().any(|span| span.array == reference))
        .any(|it| it.state == crate::state::VirtualState::Offline);
    if is_lost {
        arrive_foreign(controller, id, membership);
        return;
    }
    if let Some(drive) = controller.drive_mut(id) {
        drive.state = DriveState::UnconfiguredGood;
        drive.membership = None;
    }
}

/// A drive brings a configuration that the controller does not have.
fn arrive_foreign(controller: &mut Controller, id: DeviceId, membership: Membership) {
    if let Some(drive) = controller.drive_mut(id) {
        drive.foreign = true;
        drive.state = DriveState::UnconfiguredGood;
    }
    let same = controller.foreign.iter_mut().find(|it| {
        let arrays = it.arrays.first().map(|array| array.reference);
        it.guid == membership.controller && arrays == Some(membership.array.reference)
    });
    if let Some(known) = same {
        for array in &mut known.arrays {
            if let Some(member) = array.members.get_mut(membership.arm) {
                *member = Some(id);
            }
        }
    } else {
        let mut array = membership.array;
        for (arm, member) in array.members.iter_mut().enumerate() {
            *member = (arm == membership.arm).then_some(id);
        }
        array.homes.clear();
        controller.foreign.push(ForeignConfiguration {
            guid: membership.controller,
            arrays: vec![array],
            virtual_drives: membership.virtual_drives,
            spares: Vec::new(),
        });
    }
    policy::announce_foreign(controller);
}

/// The drive in a bay fails.
///
/// # Errors
/// If there is none.
pub fn fail(host: &mut Host, place: Place) -> Result<(), Impossible> {
    let (controller, id) = drive_in(host, place)?;
    if let Some(drive) = controller.drive(id).cloned() {
        let words = format!("Error on {} (Error f0)", drive_name(&drive));
        let arguments = Arguments::Drive(Arguments::drive(&drive));
        log(controller, events::DRIVE_ERROR, words, arguments);
    }
    policy::lose(controller, id, false);
    Ok(())
}

/// The drive in a bay predicts its failure.
///
/// # Errors
/// If there is none.
pub fn predict_failure(host: &mut Host, place: Place) -> Result<(), Impossible> {
    let (controller, id) = drive_in(host, place)?;
    if let Some(drive) = controller.drive(id).cloned() {
        log_drive(
            controller,
            events::PREDICTIVE_FAILURE,
            &drive,
            "Predictive failure: PD",
        );
    }
    let sequence = controller
        .events
        .entries
        .last()
        .map_or(0, |event| event.sequence);
    if let Some(drive) = controller.drive_mut(id) {
        drive.predictive_failures = drive.predictive_failures.saturating_add(1);
        drive.predictive_failure_event = sequence;
    }
    policy::settle(controller);
    Ok(())
}

/// `count` sectors of the drive in a bay cannot be read any more. Nobody knows until somebody reads.
///
/// # Errors
/// If there is none.
pub fn wear(host: &mut Host, place: Place, count: u16) -> Result<(), Impossible> {
    let (controller, id) = drive_in(host, place)?;
    if let Some(drive) = controller.drive_mut(id) {
        drive.latent_errors = drive.latent_errors.saturating_add(count);
    }
    Ok(())
}

/// The drive in a bay is as warm as this (degrees Celsius).
///
/// # Errors
/// If there is none.
pub fn heat(host: &mut Host, place: Place, celsius: u8) -> Result<(), Impossible> {
    let (controller, id) = drive_in(host, place)?;
    if let Some(drive) = controller.drive_mut(id) {
        drive.temperature = celsius;
    }
    Ok(())
}

/// The cable of an enclosure is pulled: all its drives are gone with it.
///
/// # Errors
/// If there is no such enclosure.
pub fn lose_enclosure(host: &mut Host, number: usize, enclosure: u16) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    let at = found
        .enclosures
        .iter()
        .position(|it| it.device_id == enclosure);
    let at = at.ok_or(Impossible::NoEnclosure(enclosure))?;
    let removed = found.enclosures.remove(at);
    let words = format!(
        "Enclosure PD {:02x}(e0x{:02x}) communication lost",
        removed.device_id,
        removed.device_id & 0xff
    );
    log(found, events::ENCLOSURE_LOST, words, Arguments::None);
    let slots: Vec<u8> = found
        .drives
        .iter()
        .filter(|drive| drive.enclosure == enclosure)
        .map(|drive| drive.slot)
        .collect();
    for slot in slots {
        pull(
            host,
            Place {
                controller: number,
                enclosure,
                slot,
            },
        )?;
    }
    controller(host, number)?.lost_enclosures.push(removed);
    Ok(())
}

/// The cable is back: the enclosure and the drives that are still in its bays.
///
/// # Errors
/// If the enclosure was not lost.
pub fn restore_enclosure(host: &mut Host, number: usize, enclosure: u16) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    let at = found
        .lost_enclosures
        .iter()
        .position(|it| it.device_id == enclosure);
    let at = at.ok_or(Impossible::NoEnclosure(enclosure))?;
    let restored = found.lost_enclosures.remove(at);
    let before = found
        .enclosures
        .iter()
        .position(|it| it.index > restored.index);
    found
        .enclosures
        .insert(before.unwrap_or(found.enclosures.len()), restored);
    let words = format!(
        "Enclosure PD {enclosure:02x}(e0x{:02x}) communication restored",
        enclosure & 0xff
    );
    log(found, events::ENCLOSURE_BACK, words, Arguments::None);
    let (back, shelf): (Vec<Drive>, Vec<Drive>) = std::mem::take(&mut host.shelf)
        .into_iter()
        .partition(|drive| drive.enclosure == enclosure);
    host.shelf = shelf;
    let found = controller(host, number)?;
    for drive in back {
        let slot = drive.slot;
        if found.drive_at(enclosure, slot).is_none() {
            let id = place_drive(found, drive, enclosure, slot);
            receive(found, id);
        }
    }
    Ok(())
}

/// The battery fails.
///
/// # Errors
/// If there is none.
pub fn fail_battery(host: &mut Host, number: usize) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    if !super::battery::fail(found) {
        return Err(Impossible::NoBattery(number));
    }
    let words = "Battery has failed and cannot support data retention. Please replace the battery";
    log(found, events::BATTERY_FAILED, words, Arguments::None);
    Ok(())
}

/// A patrol read begins now.
///
/// # Errors
/// If there is no such controller.
pub fn begin_patrol(host: &mut Host, number: usize) -> Result<(), Impossible> {
    super::schedule::begin_patrol(controller(host, number)?);
    Ok(())
}

/// A consistency check of a virtual drive begins now.
///
/// # Errors
/// If there is no such virtual drive.
pub fn begin_check(host: &mut Host, number: usize, target: u16) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    if found.virtual_drive(target).is_none() {
        return Err(Impossible::NoVirtualDrive(target));
    }
    super::schedule::begin_check(found, target);
    Ok(())
}

/// A learn cycle begins now.
///
/// # Errors
/// If there is no battery.
pub fn begin_learn(host: &mut Host, number: usize) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    if found.battery.is_none() {
        return Err(Impossible::NoBattery(number));
    }
    super::battery::begin_learn(found);
    Ok(())
}
