//! `-EncInfo` and `-EncStatus`: enclosures, and how what is built into them is.

use super::answer::line;
use super::{Answer, Arguments, firmware_status, opcode, selected};
use crate::state::{Controller, Enclosure, EnclosureKind, Host};

/// Bits of what a controller can do. The one captured controller that has them, all four, says that
/// an enclosure has no partner; the others say 0, which the partner is not.
const TELLS_PARTNER: u32 = 0x0f00_0000;

/// `-EncInfo`.
pub(super) fn info(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if controller.fault(opcode::DRIVE_LIST).is_some() {
            answer.crash();
            return;
        }
        let count = controller.enclosures.len();
        line!(
            answer,
            "    Number of enclosures on adapter {number} -- {count}"
        );
        line!(answer);
        for (index, enclosure) in controller.enclosures.iter().enumerate() {
            put_facts(index, enclosure, controller, answer);
            if let Some(status) = controller.fault(opcode::DRIVE_INFO) {
                line!(
                    answer,
                    "Adapter {number}: Failed to get Inquiry data of the Enclosure"
                );
                line!(answer);
                firmware_status::explain(status, answer);
                return;
            }
            put_inquiry(enclosure, answer);
            line!(answer, "Number of Voltage Sensors         :0");
            line!(answer);
            put_sensors(enclosure, answer);
            // No capture shows a chassis in another state; only enclosures with services have one.
            let has_chassis = enclosure.kind == EnclosureKind::Ses;
            let chassis: &[u8] = if has_chassis { &[1] } else { &[] };
            put_elements("Number of Chassis             ", "Chassis", chassis, answer);
        }
    }
}

/// `-EncStatus`: of all controllers in a row, without their numbers.
pub(super) fn status(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (_, controller) in selected(host, arguments) {
        if controller.fault(opcode::DRIVE_LIST).is_some() {
            answer.crash();
            return;
        }
        for (index, enclosure) in controller.enclosures.iter().enumerate() {
            line!(answer, "Enclosure {index} ");
            line!(answer);
            line!(
                answer,
                "Number of Slots              : {} ",
                enclosure.slots
            );
            line!(answer);
            for slot in 0..enclosure.slots {
                let drive = controller.drive_at(enclosure.device_id, slot);
                let status = if drive.is_some() { 1 } else { 5 };
                put_element("Slot", usize::from(slot), word(status), answer);
            }
            put_sensors(enclosure, answer);
            let alarms = &enclosure.alarm_elements();
            put_elements("Number of Alarms             ", "Alarm", alarms, answer);
            line!(
                answer,
                "Number of SIM Modules        : {} ",
                enclosure.modules
            );
            line!(answer);
            for (number, status) in enclosure.module_elements().into_iter().enumerate() {
                line!(answer, "SIM Module                   : {number} ");
                line!(answer, "SIM Module Status            :{}", word(status));
                line!(answer);
            }
        }
    }
}

fn put_facts(index: usize, enclosure: &Enclosure, controller: &Controller, answer: &mut Answer) {
    let drives = controller.drives.iter();
    let drives = drives.filter(|drive| drive.enclosure == enclosure.device_id);
    let first_port = u32::from(enclosure.connector) * 4;
    let partner = match controller.fault(opcode::DRIVE_INFO) {
        Some(_) => "Unavailable",
        None if controller.info.operations & TELLS_PARTNER != 0 => "65535",
        None => "0",
    };
    line!(answer, "    Enclosure {index}:");
    for (name, value) in [
        ("Device ID", enclosure.device_id.to_string()),
        ("Number of Slots", enclosure.slots.to_string()),
        (
            "Number of Power Supplies",
            enclosure.power_supplies.to_string(),
        ),
        ("Number of Fans", enclosure.fans.to_string()),
        (
            "Number of Temperature Sensors",
            enclosure.temperature_sensors.to_string(),
        ),
        ("Number of Alarms", enclosure.alarms.to_string()),
        ("Number of SIM Modules", enclosure.modules.to_string()),
        ("Number of Physical Drives", drives.count().to_string()),
        ("Status", health(enclosure).to_owned()),
        ("Position", enclosure.position.to_string()),
        (
            "Connector Name",
            format!("Port {first_port} - {}", first_port + 3),
        ),
        ("Enclosure type", kind(enclosure).to_owned()),
        ("FRU Part Number", "N/A".to_owned()),
        ("Enclosure Serial Number", "N/A ".to_owned()),
        ("ESM Serial Number", "N/A ".to_owned()),
        ("Enclosure Zoning Mode", "N/A ".to_owned()),
        ("Partner Device Id", partner.to_owned()),
    ] {
        line!(answer, "    {name:<30}: {value}");
    }
    line!(answer);
}

fn put_inquiry(enclosure: &Enclosure, answer: &mut Answer) {
    let Enclosure {
        vendor,
        product,
        revision,
        vendor_specific,
        ..
    } = enclosure;
    line!(answer, "    Inquiry data                  :");
    line!(answer, "        Vendor Identification     : {vendor:<8}");
    line!(answer, "        Product Identification    : {product:<16}");
    line!(answer, "        Product Revision Level    : {revision:<4}");
    line!(
        answer,
        "        Vendor Specific           : {vendor_specific:<20}"
    );
    line!(answer);
}

/// Power supplies, fans and temperature sensors.
fn put_sensors(enclosure: &Enclosure, answer: &mut Answer) {
    let supplies = &enclosure.power_supply_elements();
    let (title, name) = ("Number of Power Supplies     ", "Power Supply");
    put_elements(title, name, supplies, answer);
    let fans = &enclosure.fan_elements();
    put_elements("Number of Fans               ", "Fan", fans, answer);
    line!(
        answer,
        "Number of Temperature Sensors : {} ",
        enclosure.temperature_sensors
    );
    line!(answer);
    let readings = enclosure.temperatures.iter().chain(std::iter::repeat(&0));
    let sensors = enclosure.temperature_elements().into_iter().zip(readings);
    for (number, (status, reading)) in sensors.enumerate() {
        line!(answer, "Temp Sensor                  : {number} ");
        line!(answer, "Temperature                  : {reading} ");
        line!(answer, "Temperature Sensor Status    : {}", word(status));
        line!(answer);
    }
}

fn put_elements(title: &str, name: &str, elements: &[u8], answer: &mut Answer) {
    line!(answer, "{title}: {} ", elements.len());
    line!(answer);
    for (number, &status) in elements.iter().enumerate() {
        put_element(name, number, word(status), answer);
    }
}

fn put_element(name: &str, number: usize, status: &str, answer: &mut Answer) {
    line!(answer, "{name:<29}: {number} ");
    line!(answer, "{:<29}: {status}", format!("{name} Status"));
    line!(answer);
}

/// What the SES standard calls a status. Of what an enclosure does not report, MegaCLI says that it
/// is well.
fn word(status: u8) -> &'static str {
    match status {
        0 | 1 => "OK",
        2 => "Critical",
        3 => "Non Critical",
        4 => "Unrecoverable",
        5 => "Not Installed",
        7 => "Not Available",
        _ => "Unknown",
    }
}

fn health(enclosure: &Enclosure) -> &'static str {
    match enclosure.status {
        0 => "Normal",
        _ => "Fault",
    }
}

/// What manages an enclosure.
pub(super) fn kind(enclosure: &Enclosure) -> &'static str {
    match enclosure.kind {
        EnclosureKind::Safte => "SAFTE",
        EnclosureKind::Ses => "SES",
        EnclosureKind::Sgpio => "SGPIO",
        EnclosureKind::None | EnclosureKind::I2c | EnclosureKind::Code(_) => "Unknown",
    }
}
