//! What happens to enclosures: cables, fans, power supplies, heat.

use super::events::{self, Arguments, Kind, log};
use super::happenings::{Impossible, controller, place_drive, receive, remove};
use super::{policy, spares};
use crate::state::{Controller, DeviceId, Element, Enclosure, Host, LostEnclosure, element_status};

/// Degrees Celsius above which a sensor warns, and above which it is critical: those of the usual
/// expander enclosures.
const WARM: u8 = 45;
const HOT: u8 = 55;

/// `20(e0x20)`.
fn name(enclosure: u16) -> String {
    format!("{enclosure:02x}(e0x{:02x})", enclosure & 0xff)
}

fn enclosure(controller: &mut Controller, id: u16) -> Result<&mut Enclosure, Impossible> {
    let mut enclosures = controller.enclosures.iter_mut();
    let found = enclosures.find(|it| it.device_id == id);
    found.ok_or(Impossible::NoEnclosure(id))
}

/// The cable of an enclosure is pulled: all its drives are gone with it.
///
/// # Errors
/// If there is no such enclosure.
pub fn lose(host: &mut Host, number: usize, enclosure: u16) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    let at = found
        .enclosures
        .iter()
        .position(|it| it.device_id == enclosure);
    let removed = found
        .enclosures
        .remove(at.ok_or(Impossible::NoEnclosure(enclosure))?);
    let words = format!("Enclosure PD {} communication lost", name(enclosure));
    log(found, events::ENCLOSURE_LOST, words, Arguments::None);
    let ids: Vec<DeviceId> = found
        .drives
        .iter()
        .filter(|drive| drive.enclosure == enclosure)
        .map(|drive| drive.device_id)
        .collect();
    let drives = remove(found, &ids);
    found.lost_enclosures.push(LostEnclosure {
        enclosure: removed,
        drives,
    });
    Ok(())
}

/// The cable is back: the enclosure and the drives in its bays.
///
/// # Errors
/// If the enclosure was not lost.
pub fn restore(host: &mut Host, number: usize, enclosure: u16) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    let at = found
        .lost_enclosures
        .iter()
        .position(|it| it.enclosure.device_id == enclosure);
    let restored = found
        .lost_enclosures
        .remove(at.ok_or(Impossible::NoEnclosure(enclosure))?);
    let before = found
        .enclosures
        .iter()
        .position(|it| it.index > restored.enclosure.index);
    let before = before.unwrap_or(found.enclosures.len());
    found.enclosures.insert(before, restored.enclosure);
    let words = format!("Enclosure PD {} communication restored", name(enclosure));
    log(found, events::ENCLOSURE_BACK, words, Arguments::None);
    let mut back = Vec::new();
    for drive in restored.drives {
        let slot = drive.slot;
        let id = place_drive(found, drive, enclosure, slot);
        receive(found, id);
        back.push(id);
    }
    for id in back {
        spares::take_in(found, id);
    }
    policy::settle(found);
    Ok(())
}

/// A fan or a power supply fails.
///
/// # Errors
/// If there is none.
pub fn fail(
    host: &mut Host,
    number: usize,
    id: u16,
    element: Element,
    part: u8,
) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    let (kind, word) = match element {
        Element::PowerSupply => (events::POWER_SUPPLY_FAILED, "power supply"),
        Element::Fan => (events::FAN_FAILED, "fan"),
        Element::Sensor | Element::Alarm | Element::Module => {
            return Err(Impossible::NoPart(id, "fan or power supply", part));
        }
    };
    if !enclosure(found, id)?.report(element, part, element_status::CRITICAL) {
        return Err(Impossible::NoPart(id, word, part));
    }
    let words = format!("Enclosure PD {} {word} {part} failed", name(id));
    log(found, kind, words, Arguments::None);
    Ok(())
}

/// A temperature sensor reads so many degrees Celsius.
///
/// # Errors
/// If there is none.
pub fn warm(
    host: &mut Host,
    number: usize,
    id: u16,
    sensor: u8,
    celsius: u8,
) -> Result<(), Impossible> {
    let found = controller(host, number)?;
    let it = enclosure(found, id)?;
    let before = it.temperature_elements().get(usize::from(sensor)).copied();
    let (status, kind, words): (u8, Kind, &str) = if celsius > HOT {
        let kind = events::SENSOR_ABOVE_ERROR;
        (element_status::CRITICAL, kind, "above error threshold")
    } else if celsius > WARM {
        let kind = events::SENSOR_ABOVE_WARNING;
        (
            element_status::NON_CRITICAL,
            kind,
            "above warning threshold",
        )
    } else {
        (
            element_status::OK,
            events::SENSOR_NORMAL,
            "returned to normal",
        )
    };
    if !it.report(Element::Sensor, sensor, status) {
        return Err(Impossible::NoPart(id, "temperature sensor", sensor));
    }
    let at = usize::from(sensor);
    if it.temperatures.len() <= at {
        it.temperatures.resize(at + 1, 0);
    }
    if let Some(reading) = it.temperatures.get_mut(at) {
        *reading = celsius;
    }
    if before != Some(status) {
        let words = format!(
            "Enclosure PD {} temperature sensor {sensor} {words}",
            name(id)
        );
        log(found, kind, words, Arguments::None);
    }
    Ok(())
}
