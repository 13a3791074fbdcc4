//! Enclosures and their sensors.

use std::collections::HashSet;
use std::fmt::Display;

use ironkeep_parsers::model::{ElementStatus, Enclosure, EnclosureKind, EnclosureStatus};

use super::Maybe;
use crate::exporter::exposition::Exposition;
use crate::exporter::family::{Family, families};
use crate::health::enclosure::is_fault;
use crate::reading::Controller;

const STATES: &[&str] = &["normal", "fault", "unknown"];

families! {
    INFO = "megaraid_enclosure_info", Info,
        ["controller", "enclosure", "type", "vendor", "product", "firmware", "serial", "slots"],
        "Identity of an enclosure or backplane.";
    STATE = "megaraid_enclosure_state", Gauge, ["controller", "enclosure", "state"] of STATES,
        "The state of an enclosure as a whole, as it reports it.";
    TEMPERATURE = "megaraid_enclosure_temperature_celsius", Gauge, ["controller", "enclosure", "sensor"],
        "What a temperature sensor shows. Old MegaCLI prints 20 degrees too many (LSIP200171972): alert on megaraid_enclosure_temperature_ok, where the enclosure judges by its own limits.";
    TEMPERATURE_OK = "megaraid_enclosure_temperature_ok", Gauge, ["controller", "enclosure", "sensor"],
        "1 if the enclosure calls what a temperature sensor shows good.";
    VOLTAGE = "megaraid_enclosure_voltage_volts", Gauge, ["controller", "enclosure", "sensor"],
        "What a voltage sensor shows.";
    VOLTAGE_OK = "megaraid_enclosure_voltage_ok", Gauge, ["controller", "enclosure", "sensor"],
        "1 if the enclosure calls what a voltage sensor shows good.";
    FAN_OK = "megaraid_enclosure_fan_ok", Gauge, ["controller", "enclosure", "unit"],
        "1 if a fan works, 0 if it has a fault. Absent where it is not installed, or the enclosure does not watch it.";
    POWER_OK = "megaraid_enclosure_power_supply_ok", Gauge, ["controller", "enclosure", "unit"],
        "1 if a power supply works, 0 if it has a fault. Absent where it is not installed, or the enclosure does not watch it.";
    SIM_OK = "megaraid_enclosure_sim_module_ok", Gauge, ["controller", "enclosure", "unit"],
        "1 if a module that speaks for the enclosure works, 0 if it has a fault. Absent where it is not installed.";
    ALARM_OK = "megaraid_enclosure_alarm_ok", Gauge, ["controller", "enclosure", "unit"],
        "1 if an alarm of the enclosure works, 0 if it has a fault. Absent where it is not installed.";
}

pub(super) fn describe(known: &Controller, controller: &dyn Display, metrics: &mut Exposition) {
    let mut seen = HashSet::new();
    for enclosure in known.enclosures.iter().flatten() {
        // An enclosure with two paths is printed twice.
        if seen.insert(enclosure.id) {
            one(enclosure, controller, metrics);
        }
    }
}

fn one(enclosure: &Enclosure, controller: &dyn Display, metrics: &mut Exposition) {
    let id: &dyn Display = &Maybe(enclosure.id);
    metrics.add(
        &INFO,
        &[
            controller,
            id,
            &Maybe(enclosure.kind.as_ref().map(EnclosureKind::token)),
            &Maybe(enclosure.vendor.as_ref()),
            &Maybe(enclosure.model.as_ref()),
            &Maybe(enclosure.firmware.as_ref()),
            &Maybe(enclosure.serial.as_ref()),
            &Maybe(enclosure.counts.slots),
        ],
        true,
    );
    if let Some(state) = enclosure.status.as_ref().map(EnclosureStatus::token) {
        metrics.add_states(&STATE, &[controller, id], state);
    }
    let mut part = |family: &'static Family, number: u32, status: &Option<ElementStatus>| {
        metrics.add_some(family, &[controller, id, &number], works(status.as_ref()));
    };
    for fan in &enclosure.fans {
        part(&FAN_OK, fan.number, &fan.status);
    }
    for (family, elements) in [
        (&POWER_OK, &enclosure.power_supplies),
        (&SIM_OK, &enclosure.sim_modules),
        (&ALARM_OK, &enclosure.alarms),
    ] {
        for element in elements {
            part(family, element.number, &element.status);
        }
    }
    for sensor in &enclosure.temperature_sensors {
        let at: [&dyn Display; 3] = [controller, id, &sensor.number];
        let status = sensor.status.as_ref();
        metrics.add_some(&TEMPERATURE_OK, &at, works(status));
        metrics.add_some(
            &TEMPERATURE,
            &at,
            sensor.temperature.filter(|_| shows(status)),
        );
    }
    for sensor in &enclosure.voltage_sensors {
        let at: [&dyn Display; 3] = [controller, id, &sensor.number];
        let status = sensor.status.as_ref();
        metrics.add_some(&VOLTAGE_OK, &at, works(status));
        metrics.add_some(&VOLTAGE, &at, sensor.voltage.filter(|_| shows(status)));
    }
}

/// Whether what a sensor prints is meant: one that is not installed prints 0.
fn shows(status: Option<&ElementStatus>) -> bool {
    status.is_none() || works(status).is_some()
}

/// Whether a part works; `None` where it is not there, or nobody watches it.
fn works(status: Option<&ElementStatus>) -> Option<bool> {
    let status = status?;
    let works = *status == ElementStatus::Ok;
    (works || is_fault(status)).then_some(works)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_not_there_neither_works_nor_fails() {
        assert_eq!(works(Some(&ElementStatus::NotInstalled)), None);
        assert_eq!(works(Some(&ElementStatus::Unknown)), None);
        assert_eq!(works(None), None);
        assert_eq!(works(Some(&ElementStatus::NonCritical)), Some(false));
        assert_eq!(works(Some(&ElementStatus::Ok)), Some(true));
    }
}
