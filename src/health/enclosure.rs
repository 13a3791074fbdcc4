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
pub(crate) fn is_fault(status: &ElementStatus) -> bool {
    matches!(
        status,
        ElementStatus::Critical
            | ElementStatus::NonCritical
            | ElementStatus::Unrecoverable
            | ElementStatus::Other(_)
    )
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{EnclosureId, Fan, TemperatureSensor};

    use super::*;
    use crate::health::example::findings;
    use crate::reading::Controller;

    fn judged(enclosures: Vec<Enclosure>) -> Vec<(Code, String)> {
        let findings = findings(Controller {
            enclosures: Some(enclosures),
            ..Controller::default()
        });
        let pair = |finding: super::super::Finding| (finding.code, finding.reason);
        findings.into_iter().map(pair).collect()
    }

    fn enclosure(status: EnclosureStatus, fan: ElementStatus) -> Enclosure {
        Enclosure {
            id: Some(EnclosureId(32)),
            status: Some(status),
            fans: vec![Fan {
                number: 1,
                status: Some(fan),
                ..Fan::default()
            }],
            ..Enclosure::default()
        }
    }

    #[test]
    fn a_part_that_is_not_well_is_named() {
        let found = judged(vec![enclosure(
            EnclosureStatus::Normal,
            ElementStatus::Critical,
        )]);
        let expected = (Code::EnclosureSensor, "fan 1 is Critical".to_owned());
        assert_eq!(found, [expected]);
    }

    #[test]
    fn a_part_that_is_not_there_or_not_watched_is_no_fault() {
        for status in [
            ElementStatus::Ok,
            ElementStatus::NotInstalled,
            ElementStatus::NotAvailable,
            ElementStatus::Unsupported,
            ElementStatus::Unknown,
        ] {
            assert_eq!(judged(vec![enclosure(EnclosureStatus::Normal, status)]), []);
        }
    }

    #[test]
    fn a_faulty_enclosure_is_one_finding_with_its_parts() {
        let mut faulty = enclosure(EnclosureStatus::Fault, ElementStatus::Critical);
        faulty.temperature_sensors = vec![TemperatureSensor {
            number: 0,
            status: Some(ElementStatus::NonCritical),
            ..TemperatureSensor::default()
        }];
        let found = judged(vec![faulty]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, Code::EnclosureFault);
        assert!(
            found[0]
                .1
                .contains("fan 1 is Critical, temperature sensor 0 is")
        );
    }

    #[test]
    fn a_status_that_nobody_knows_is_told_in_its_own_words() {
        let odd = EnclosureStatus::Other("Limping".to_owned());
        let found = judged(vec![enclosure(odd, ElementStatus::Ok)]);
        let expected = (Code::EnclosureFault, "its status is “Limping”".to_owned());
        assert_eq!(found, [expected]);
    }

    #[test]
    fn an_enclosure_on_two_paths_is_told_once() {
        let broken = enclosure(EnclosureStatus::Normal, ElementStatus::Critical);
        assert_eq!(judged(vec![broken.clone(), broken]).len(), 1);
    }
}
