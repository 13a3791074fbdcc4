//! What people and hardware do to drives and batteries from outside the tool.

use std::collections::BTreeSet;

use thiserror::Error;

use super::events::{self, Arguments, drive_name, log, log_drive, log_inserted, log_removed};
use super::{foreign, policy, spares};
use crate::state::{
    Activities, Array, Commission, Controller, DeviceId, Drive, DriveState, Host, Interface,
    Membership, Span, Spare, VirtualActivities, VirtualDrive, VirtualState, switches,
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
    /// No drive was pulled out of this bay.
    #[error("no drive that was pulled out of bay {0}:{1} lies on the shelf")]
    NothingPulled(u16, u8),
    /// The drive is no member, or not in the right state.
    #[error("the drive in bay {0}:{1} is no member that could be taken off line or put on line")]
    NoMember(u16, u8),
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
    /// The virtual drive cannot be expanded.
    #[error(
        "virtual drive {0} cannot grow: it must be Optimal, idle, alone on its drives, and of RAID 0, 5 or 6"
    )]
    CannotGrow(u16),
    /// The virtual drive cannot be checked.
    #[error("virtual drive {0} cannot be checked: it must be redundant and Optimal")]
    NotCheckable(u16),
    /// There is no battery.
    #[error("controller {0} has no battery")]
    NoBattery(usize),
    /// The battery cannot learn.
    #[error("the battery of controller {0} cannot learn: it learns already, or has failed")]
    CannotLearn(usize),
    /// The enclosure has no such part.
    #[error("enclosure {0} has no {1} {2}")]
    NoPart(u16, &'static str, u8),
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
    /// One of three drives of a RAID 5 from another controller.
    ForeignPart,
    /// One that was pulled before, by its serial number.
    FromShelf(String),
    /// The one that was pulled out of this bay last.
    Back,
}

pub(super) fn controller(host: &mut Host, number: usize) -> Result<&mut Controller, Impossible> {
    let found = host.controllers.get_mut(number);
    found.ok_or(Impossible::NoController(number))
}

/// The drive in a bay.
pub(super) fn drive_in(
    host: &mut Host,
    place: Place,
) -> Result<(&mut Controller, DeviceId), Impossible> {
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
    let pulled = remove(controller, &[id]);
    host.shelf.extend(pulled);
    Ok(())
}

/// Drives are gone, all at once. Gives them, with what their metadata say.
pub(super) fn remove(controller: &mut Controller, ids: &[DeviceId]) -> Vec<Drive> {
    let mut gone: Vec<Drive> = ids
        .iter()
        .filter_map(|&id| controller.drive(id).cloned())
        .collect();
    for drive in &mut gone {
        log_removed(controller, drive);
        drive.membership = membership(controller, drive).or(drive.membership.take());
        let id = drive.device_id;
        let spare = controller.spares.iter().find(|it| it.device_id == id);
        drive.commission = spare.map(|spare| Commission {
            spare: Some(spare.clone()),
        });
    }
    policy::lose(controller, ids, true);
    for drive in &mut gone {
        let worked = drive.state == DriveState::Online;
        if let Some(membership) = drive.membership.as_mut().filter(|_| !drive.foreign) {
            let mut on_it = spares::on_array(controller, membership.array.reference);
            membership.stale = !worked || on_it.any(|it| it.state != VirtualState::Offline);
        }
        drive.activities = Activities::default();
        drive.locating = false;
    }
    gone
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
            .map(|it| VirtualDrive {
                activities: VirtualActivities::default(),
                ..it.clone()
            })
            .collect(),
        array,
        arm,
        stale: false,
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
    let on_shelf = |which: &dyn Fn(&&Drive) -> bool| {
        let mut shelf = host.shelf.iter().enumerate().rev();
        shelf.find(|(_, drive)| which(drive)).map(|(at, _)| at)
    };
    let drive = match new {
        NewDrive::FromShelf(serial) => {
            let at = on_shelf(&|drive| drive.serial == *serial);
            host.shelf
                .remove(at.ok_or_else(|| Impossible::NotOnShelf(serial.clone()))?)
        }
        NewDrive::Back => {
            let at = on_shelf(&|drive| (drive.enclosure, drive.slot) == (enclosure, slot));
            host.shelf
                .remove(at.ok_or(Impossible::NothingPulled(enclosure, slot))?)
        }
        NewDrive::Blank
        | NewDrive::TooSmall
        | NewDrive::WrongType
        | NewDrive::Foreign
        | NewDrive::ForeignPart => manufacture(host, number, enclosure, new)?,
    };
    let controller = controller(host, number)?;
    let id = place_drive(controller, drive, enclosure, slot);
    receive(controller, id);
    spares::take_in(controller, id);
    policy::settle(controller);
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
fn manufacture(
    host: &Host,
    number: usize,
    enclosure: u16,
    new: &NewDrive,
) -> Result<Drive, Impossible> {
    let found = host.controllers.get(number);
    let controller = found.ok_or(Impossible::NoController(number))?;
    let pattern = controller
        .drives
        .iter()
        .find(|drive| drive.enclosure == enclosure)
        .or(controller.drives.first());
    let pattern = pattern.cloned().unwrap_or_else(usual_drive);
    let everywhere = host
        .controllers
        .iter()
        .flat_map(|it| {
            let lost = it.lost_enclosures.iter().flat_map(|it| &it.drives);
            it.drives.iter().chain(lost)
        })
        .chain(&host.shelf);
    let serials: BTreeSet<&str> = everywhere.map(|drive| drive.serial.as_str()).collect();
    let is_new = |number: &u64| !serials.contains(renumbered(&pattern.serial, *number).as_str());
    let number = (1..0x1000).find(is_new).unwrap_or_default();
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
        NewDrive::Foreign => drive.membership = Some(foreign_membership(&drive, 0, 1)),
        NewDrive::ForeignPart => drive.membership = Some(foreign_membership(&drive, 5, 3)),
        NewDrive::Blank | NewDrive::FromShelf(_) | NewDrive::Back => {}
    }
    Ok(drive)
}

/// What comes out of the box where there is nothing to be alike to.
fn usual_drive() -> Drive {
    Drive {
        vendor: "SEAGATE".to_owned(),
        model: "ST3300657SS".to_owned(),
        firmware: "ES64".to_owned(),
        serial: "6SJ00000".to_owned(),
        raw_size: 585_937_500,
        non_coerced_size: 584_888_924,
        coerced_size: 584_843_264,
        wwn: 0x5000_c500_0000_1a34,
        sas_addresses: [0x5000_c500_0000_1a35, 0],
        ..Drive::default()
    }
}

/// The last characters of a serial number replaced by those of `number`.
fn renumbered(serial: &str, number: u64) -> String {
    let keep = serial.len().saturating_sub(4);
    let head = serial.get(..keep).unwrap_or_default();
    format!("{head}N{number:03X}")
}

/// The first of `members` drives of a RAID 0 or 5 that was made elsewhere.
fn foreign_membership(drive: &Drive, level: u8, members: u8) -> Membership {
    let data = u64::from(if level == 5 { members - 1 } else { members });
    Membership {
        controller: format!("ELSEWHERE-{}", drive.serial),
        array: Array {
            size: drive.coerced_size,
            members: vec![None; usize::from(members)],
            ..Array::default()
        },
        virtual_drives: vec![VirtualDrive {
            name: "old".to_owned(),
            primary_level: level,
            level_qualifier: if level == 5 { 3 } else { 0 },
            drives_per_span: members,
            size: drive.coerced_size * data,
            spans: vec![Span {
                array: 0,
                start: 0,
                size: drive.coerced_size,
            }],
            ..VirtualDrive::default()
        }],
        arm: 0,
        stale: false,
    }
}

/// Puts `drive` into the bay under a device id that is free.
pub(super) fn place_drive(
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

/// The firmware finds a drive in a bay: one that was bad still is, one with a configuration brings it,
/// and any other comes as it was.
pub(super) fn receive(controller: &mut Controller, id: DeviceId) {
    let Some(drive) = controller.drive_mut(id) else {
        return;
    };
    let was = drive.state;
    let spare = drive.commission.take().and_then(|it| it.spare);
    let is_bad = matches!(was, DriveState::Failed | DriveState::UnconfiguredBad);
    drive.state = if is_bad {
        DriveState::UnconfiguredBad
    } else {
        DriveState::UnconfiguredGood
    };
    drive.foreign = false;
    let drive = drive.clone();
    log_inserted(controller, &drive);
    if is_bad {
        // Its configuration shows when somebody makes it good.
        return;
    }
    if drive.membership.is_some() {
        show_configuration(controller, id);
        return;
    }
    let jbod = controller.info.switches & switches::JBOD != 0;
    let returns_as_spare =
        controller.info.restore_hot_spare_on_insertion != 0 && was == DriveState::HotSpare;
    if jbod && matches!(was, DriveState::UnconfiguredGood | DriveState::Jbod) {
        policy::set_state(controller, id, DriveState::Jbod);
    } else if let Some(spare) = spare.filter(|_| returns_as_spare) {
        controller.spares.push(Spare {
            device_id: id,
            ..spare
        });
        policy::set_state(controller, id, DriveState::HotSpare);
    }
}

/// The firmware reads what a drive's metadata say.
pub(super) fn show_configuration(controller: &mut Controller, id: DeviceId) {
    let membership = controller.drive(id).and_then(|it| it.membership.clone());
    match membership {
        Some(membership) if membership.controller == controller.info.serial => {
            rejoin(controller, id, membership);
        }
        Some(membership) => foreign::arrive(controller, id, membership),
        None => {}
    }
}

/// A former member comes back. If the others worked on, it is a drive like any other: in its old bay it
/// is rebuilt. If the virtual drive is lost, or its drive group is gone, it brings its configuration.
fn rejoin(controller: &mut Controller, id: DeviceId, membership: Membership) {
    let reference = membership.array.reference;
    let states = spares::on_array(controller, reference).map(|it| it.state);
    let states: Vec<VirtualState> = states.collect();
    let is_lost = states.is_empty() || states.contains(&VirtualState::Offline);
    let known = controller.array(reference);
    let is_another = known.is_some_and(|known| known.made_after != membership.array.made_after);
    if is_lost || is_another {
        foreign::arrive(controller, id, membership);
    } else {
        foreign::free(controller, id);
    }
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
    policy::lose(controller, &[id], false);
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

/// The battery fails.
///
/// # Errors
/// If there is none.
pub fn fail_battery(host: &mut Host, number: usize) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    if super::battery::fail(found) {
        Ok(())
    } else {
        Err(Impossible::NoBattery(number))
    }
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
    let it = found.virtual_drive(target);
    let it = it.ok_or(Impossible::NoVirtualDrive(target))?;
    if !super::schedule::can_be_checked(it) {
        return Err(Impossible::NotCheckable(target));
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
    if super::battery::begin_learn(found) {
        Ok(())
    } else {
        Err(Impossible::CannotLearn(number))
    }
}
