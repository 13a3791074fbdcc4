//! `-EncInfo -aALL` and `-EncStatus -aALL`: enclosures, and the state of what is built into them.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{
    Element, ElementCounts, ElementStatus, Enclosure, EnclosureId, EnclosureKind, EnclosureStatus,
    Fan, FanSpeed, Section, TemperatureSensor, VoltageSensor,
};
use crate::report::{Complaint, ComplaintKind, Reason, Subject};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the enclosures of every controller. `-EncStatus` names no controller: its section has none,
/// and the index begins at 0 again where the next controller does.
pub fn enclosures(text: &str) -> Report<Vec<Section<Vec<Enclosure>>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<Vec<Enclosure>>> = Vec::new();
    let mut announced = Vec::new();
    while let Some(line) = scan.next() {
        if let Some((controller, count)) = announcement(&line) {
            announced.push(count);
            section::begin(&mut sections, controller);
        } else if let Some(index) = heading(&line) {
            if let Some(enclosures) = section::current(&mut sections) {
                enclosures.push(Enclosure {
                    index,
                    ..Enclosure::default()
                });
            }
        } else if line.text.starts_with("Failed in first Inquiry ") {
            let controller = sections.last().and_then(|section| section.controller);
            scan.complain(Complaint {
                line: line.number,
                controller,
                subject: Subject::Command,
                kind: ComplaintKind::Failed,
                text: line.text.to_owned(),
                firmware: None,
            });
        } else {
            let current = sections
                .last_mut()
                .and_then(|section| section.value.last_mut());
            let taken = current.is_some_and(|enclosure| {
                fact(enclosure, &mut scan, &line)
                    || count(&mut enclosure.counts, &mut scan, &line)
                    || element(enclosure, &mut scan, &line)
            });
            if !taken {
                scan.frame(line);
            }
        }
    }
    for (section, count) in sections.iter().zip(announced) {
        if section.value.len() < count {
            scan.gap(
                scan.line_number(),
                format!("{} of {count} enclosures are shown", section.value.len()),
            );
        }
    }
    scan.finish(sections)
}

/// `Number of enclosures on adapter 0 -- 2`.
fn announcement(line: &Line<'_>) -> Option<(crate::model::ControllerId, usize)> {
    let adapter = line.text.strip_prefix("Number of enclosures on ")?;
    let (controller, count) = grammar::adapter_prefix(adapter)?;
    let count = count.trim_start_matches('-').trim_ascii().parse().ok()?;
    Some((controller, count))
}

/// `Enclosure 0:` or `Enclosure 0`.
fn heading(line: &Line<'_>) -> Option<u32> {
    if !line.value.is_empty() {
        return None;
    }
    line.key.strip_prefix("Enclosure ").and_then(grammar::small)
}

/// A line about the enclosure as a whole.
fn fact<'a>(enclosure: &mut Enclosure, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let text = grammar::text;
    match line.key {
        "Device ID" => scan.set(&mut enclosure.id, line, grammar::enclosure),
        "Status" => scan.set(&mut enclosure.status, line, EnclosureStatus::read),
        "Position" => scan.set(&mut enclosure.position, line, grammar::small),
        "Connector Name" if is_unavailable(line.value) => {}
        "Connector Name" => scan.set(&mut enclosure.connector, line, text),
        "Enclosure type" => scan.set(&mut enclosure.kind, line, EnclosureKind::read),
        "FRU Part Number" => scan.set(&mut enclosure.fru, line, text),
        "Enclosure Serial Number" => scan.set(&mut enclosure.serial, line, text),
        "ESM Serial Number" => scan.set(&mut enclosure.esm_serial, line, text),
        "Enclosure Zoning Mode" => scan.set(&mut enclosure.zoning_mode, line, text),
        "Partner Device Id" if is_unavailable(line.value) || line.value == "65535" => {}
        "Partner Device Id" => scan.set(&mut enclosure.partner, line, |text| {
            grammar::small(text).map(EnclosureId)
        }),
        "Inquiry data" => scan.expect_value(line, ""),
        "Vendor Identification" => scan.set(&mut enclosure.vendor, line, text),
        "Product Identification" => scan.set(&mut enclosure.model, line, text),
        "Product Revision Level" => scan.set(&mut enclosure.firmware, line, text),
        "Vendor Specific" => scan.set(&mut enclosure.vendor_specific, line, text),
        _ => return false,
    }
    true
}

/// The tool says so of what the firmware does not give.
fn is_unavailable(value: &str) -> bool {
    value.eq_ignore_ascii_case("Unavailable")
}

/// `Number of Fans               : 4`, once above the enclosure's facts and again above the fans.
fn count<'a>(counts: &mut ElementCounts, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let field = match line.key {
        "Number of Slots" => &mut counts.slots,
        "Number of Power Supplies" => &mut counts.power_supplies,
        "Number of Fans" => &mut counts.fans,
        "Number of Temperature Sensors" => &mut counts.temperature_sensors,
        "Number of Voltage Sensors" => &mut counts.voltage_sensors,
        "Number of Alarms" => &mut counts.alarms,
        "Number of SIM Modules" => &mut counts.sim_modules,
        "Number of Chassis" => &mut counts.chassis,
        "Number of Physical Drives" => &mut counts.physical_drives,
        _ => return false,
    };
    scan.set(field, line, grammar::small);
    true
}

/// A line about one of the enclosure's parts: its number begins a block, the others belong to the
/// last one.
fn element<'a>(enclosure: &mut Enclosure, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let plain = |number| Element {
        number,
        status: None,
    };
    match line.key {
        "Slot" => begin(&mut enclosure.slots, scan, line, plain),
        "Power Supply" => begin(&mut enclosure.power_supplies, scan, line, plain),
        "Alarm" => begin(&mut enclosure.alarms, scan, line, plain),
        "SIM Module" => begin(&mut enclosure.sim_modules, scan, line, plain),
        "Chassis" => begin(&mut enclosure.chassis, scan, line, plain),
        "Fan" => begin(&mut enclosure.fans, scan, line, |number| Fan {
            number,
            ..Fan::default()
        }),
        "Temp Sensor" | "Temperature Sensor" => {
            begin(&mut enclosure.temperature_sensors, scan, line, |number| {
                TemperatureSensor {
                    number,
                    ..TemperatureSensor::default()
                }
            });
        }
        "Voltage Sensor" => begin(&mut enclosure.voltage_sensors, scan, line, |number| {
            VoltageSensor {
                number,
                ..VoltageSensor::default()
            }
        }),
        _ => return detail(enclosure, scan, line),
    }
    true
}

/// `Fan                          : 0`.
fn begin<'a, T>(
    list: &mut Vec<T>,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
    new: impl FnOnce(u32) -> T,
) {
    match grammar::small(line.value) {
        Some(number) => list.push(new(number)),
        None => scan.leave(line, Reason::Unreadable),
    }
}

/// A line inside a part's block.
fn detail<'a>(enclosure: &mut Enclosure, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let read = ElementStatus::read;
    let list = match line.key {
        "Slot Status" => &mut enclosure.slots,
        "Power Supply Status" => &mut enclosure.power_supplies,
        "Alarm Status" => &mut enclosure.alarms,
        "SIM Module Status" => &mut enclosure.sim_modules,
        "Chassis Status" => &mut enclosure.chassis,
        _ => return sensor(enclosure, scan, line),
    };
    let Some(element) = list.last_mut() else {
        return false;
    };
    scan.set(&mut element.status, line, read);
    true
}

/// A line inside the block of a fan or sensor.
fn sensor<'a>(enclosure: &mut Enclosure, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let fan = enclosure.fans.last_mut();
    let temperature = enclosure.temperature_sensors.last_mut();
    let voltage = enclosure.voltage_sensors.last_mut();
    match (line.key, fan, temperature, voltage) {
        ("Fan Speed", Some(fan), _, _) => scan.set(&mut fan.speed, line, FanSpeed::read),
        ("Fan Status", Some(fan), _, _) => scan.set(&mut fan.status, line, ElementStatus::read),
        ("Temperature", _, Some(sensor), _) => {
            scan.set(&mut sensor.temperature, line, grammar::celsius);
        }
        ("Temperature Sensor Status", _, Some(sensor), _) => {
            scan.set(&mut sensor.status, line, ElementStatus::read);
        }
        ("Voltage Value", _, _, Some(sensor)) => {
            scan.set(&mut sensor.voltage, line, grammar::millivolts);
        }
        ("Voltage Sensor Status", _, _, Some(sensor)) => {
            scan.set(&mut sensor.status, line, ElementStatus::read);
        }
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ControllerId;
    use crate::units::{Celsius, Millivolts};

    #[test]
    fn facts_counts_and_parts_are_kept_apart() {
        let report = enclosures(
            "    Number of enclosures on adapter 0 -- 1\n\n    Enclosure 0:\n    \
             Device ID                     : 6\n    Number of Fans                : 1\n    \
             Status                        : Fault\n    Position                      : 1\n    \
             Connector Name                : Port 0 - 3\n    Enclosure type                : SES\n    \
             FRU Part Number               : N/A\n    Partner Device Id             : 65535\n\n    \
             Inquiry data                  :\n        Vendor Identification     : LSI CORP\n        \
             Product Identification    : SAS2X28         \n        \
             Product Revision Level    : 0717\n        \
             Vendor Specific           : x36-55.7.23.0       \n\n\
             Number of Voltage Sensors         :1\n\nVoltage Sensor                    :0\n\
             Voltage Sensor Status             :OK\nVoltage Value                     :5070 milli volts\n\n\
             Number of Fans               : 1 \n\nFan                          : 0 \n\
             Fan Speed              :Medium Speed\nFan Status                   : Non Critical\n\n\
             Temp Sensor                  : 0 \nTemperature                  : 65 \n\
             Temperature Sensor Status    : Critical\n\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete(), "{:?}", report.leftovers);
        assert_eq!(report.value[0].controller, Some(ControllerId(0)));
        let enclosure = &report.value[0].value[0];
        assert_eq!(enclosure.id, Some(EnclosureId(6)));
        assert_eq!(enclosure.status, Some(EnclosureStatus::Fault));
        assert_eq!(enclosure.kind, Some(EnclosureKind::Ses));
        assert_eq!(enclosure.connector.as_deref(), Some("Port 0 - 3"));
        assert_eq!((enclosure.fru.as_deref(), enclosure.partner), (None, None));
        assert_eq!(enclosure.model.as_deref(), Some("SAS2X28"));
        assert_eq!(enclosure.counts.fans, Some(1));
        assert_eq!(
            enclosure.voltage_sensors,
            [VoltageSensor {
                number: 0,
                voltage: Some(Millivolts(5070)),
                status: Some(ElementStatus::Ok),
            }]
        );
        assert_eq!(
            enclosure.fans,
            [Fan {
                number: 0,
                speed: Some(FanSpeed::Medium),
                status: Some(ElementStatus::NonCritical),
            }]
        );
        assert_eq!(
            enclosure.temperature_sensors,
            [TemperatureSensor {
                number: 0,
                temperature: Some(Celsius(65)),
                status: Some(ElementStatus::Critical),
            }]
        );
    }

    #[test]
    fn status_output_has_slots_and_names_no_controller() {
        let report = enclosures(
            "Enclosure 0 \n\nNumber of Slots              : 1 \n\n\
             Slot                         : 0 \nSlot Status                  : Not Installed\n\n\
             SIM Module                   : 0 \nSIM Module Status            :Critical\n\n\n\
             Exit Code: 0x00\n",
        );
        assert!(report.is_complete(), "{:?}", report.leftovers);
        assert_eq!(report.value[0].controller, None);
        let enclosure = &report.value[0].value[0];
        let element = |status| Element {
            number: 0,
            status: Some(status),
        };
        assert_eq!(enclosure.slots, [element(ElementStatus::NotInstalled)]);
        assert_eq!(enclosure.sim_modules, [element(ElementStatus::Critical)]);
    }

    #[test]
    fn backplanes_without_services_have_no_connector_or_partner() {
        let report = enclosures(
            "Number of enclosures on adapter 0 -- 1\nEnclosure 0:\n\
             Connector Name                : Unavailable\nFailed in first Inquiry commnad\n\
             Partner Device Id             : Unavailable\nProduct Revision Level    : N/A \n",
        );
        let enclosure = &report.value[0].value[0];
        assert_eq!((&enclosure.connector, enclosure.partner), (&None, None));
        assert_eq!(enclosure.firmware, None);
        assert_eq!(report.complaints.len(), 1);
        assert_eq!(report.complaints[0].controller, Some(ControllerId(0)));
        assert_eq!(report.leftovers, []);
    }

    #[test]
    fn no_enclosure_is_an_empty_list_and_a_lost_one_is_a_gap() {
        let none = enclosures("Number of enclosures on adapter 0 -- 0\n\nExit Code: 0x00\n");
        assert!(none.is_complete() && none.value[0].value.is_empty());
        let cut = enclosures("Number of enclosures on adapter 0 -- 2\nEnclosure 0:\n");
        assert_eq!(cut.gaps[0].what, "1 of 2 enclosures are shown");
    }

    #[test]
    fn words_of_the_firmware_are_known() {
        for (word, kind) in [
            ("SAFTE", EnclosureKind::Safte),
            ("SGPIO", EnclosureKind::Sgpio),
            ("Unknown", EnclosureKind::Unknown),
        ] {
            assert_eq!(EnclosureKind::from_words(word), kind);
        }
    }
}
