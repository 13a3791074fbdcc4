//! Enclosures and their sensors.

use ironkeep_parsers::model::{Element, ElementStatus, Enclosure, EnclosureStatus};

use super::{Code, Findings, Object};

pub(super) fn judge(about: &mut Findings<'_>) {
    let controller = about.controller;
    for enclosure in controller.enclosures.iter().flatten() {
        let object = Object::Enclosure {
            enclosure: enclosure.id,
        };
        let faults = faults(enclosure);
        let words = match &enclosure.status {
            Some(EnclosureStatus::Fault) => "the enclosure reports a fault".to_owned(),
            Some(EnclosureStatus::Normal) | None => {
                for fault in faults {
                    about.add(Code::EnclosureSensor, object.clone(), fault);
                }
                continue;
            }
            Some(other) => format!("its status is “{other}”"),
        };
        let which = if faults.is_empty() {
            String::new()
        } else {
            format!(": {}", faults.join(", "))
        };
        about.add(Code::EnclosureFault, object, format!("{words}{which}"));
    }
}

/// What is not well: `power supply 1 is Critical`.
fn faults(enclosure: &Enclosure) -> Vec<String> {
    let element = |kind| move |part: &Element| (kind, part.number, part.status.clone());
    let parts = enclosure.power_supplies.iter().map(element("power supply"));
    let parts = parts.chain(
        enclosure
            .fans
            .iter()
            .map(|fan| ("fan", fan.number, fan.status.clone())),
    );
    let parts = parts.chain(
        enclosure
            .temperature_sensors
            .iter()
            .map(|sensor| ("temperature sensor", sensor.number, sensor.status.clone())),
    );
    let parts = parts.chain(
        enclosure
            .voltage_sensors
            .iter()
            .map(|sensor| ("voltage sensor", sensor.number, sensor.status.clone())),
    );
    parts
        .chain(enclosure.alarms.iter().map(element("alarm")))
        .chain(enclosure.sim_modules.iter().map(element("SIM module")))
        .chain(enclosure.chassis.iter().map(element("chassis")))
        .filter_map(|(kind, number, status)| {
            let status = status.filter(is_fault)?;
            Some(format!("{kind} {number} is {status}"))
        })
        .collect()
}

/// What is not installed, not supported or not known is no fault: many backplanes report parts that
/// they do not have.
fn is_fault(status: &ElementStatus) -> bool {
    matches!(
        status,
        ElementStatus::Critical
            | ElementStatus::NonCritical
            | ElementStatus::Unrecoverable
            | ElementStatus::Other(_)
    )
}
