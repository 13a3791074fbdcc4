//! The physical drive block, which `-PDList`, `-pdInfo`, `-LdPdInfo`, `-CfgDsply` and
//! `-CfgForeign -Dsply` share.

use crate::grammar;
use crate::model::{
    DeviceId, DriveState, Fde, HotSpare, HotSpareKind, Inquiry, Interface, MediaType,
    PhysicalDrive, Port, PortStatus, Power, ProtectionType, SasAddress,
};
use crate::report::Reason;
use crate::scan::{Scan, is_absent};
use crate::text::Line;
use crate::units::{BitsPerSecond, Bytes};

/// Takes `line` into `drive`. `false` means that it is not a line of a drive block.
#[expect(
    clippy::too_many_lines,
    reason = "the table of the block's keys: splitting it would hide the order"
)]
pub fn take<'a>(drive: &mut PhysicalDrive, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "Enclosure Device ID" => scan.set(&mut drive.enclosure, line, grammar::enclosure),
        "Slot Number" => scan.set(&mut drive.slot, line, grammar::slot),
        "Drive's position" | "Drive's postion" => {
            scan.set(&mut drive.position, line, grammar::position)
        }
        "Enclosure position" => scan.set(&mut drive.enclosure_position, line, grammar::small),
        "Device Id" => scan.set(&mut drive.device_id, line, |text| {
            grammar::small(text).map(DeviceId)
        }),
        "WWN" => scan.set(&mut drive.wwn, line, |text| {
            grammar::sas_address(text).map(SasAddress)
        }),
        "Sequence Number" => scan.set(&mut drive.sequence_number, line, grammar::small),
        "Media Error Count" => scan.set(&mut drive.media_errors, line, grammar::decimal),
        "Other Error Count" => scan.set(&mut drive.other_errors, line, grammar::decimal),
        "Predictive Failure Count" => {
            scan.set(&mut drive.predictive_failures, line, grammar::decimal)
        }
        "Last Predictive Failure Event Seq Number" => {
            scan.set(
                &mut drive.last_predictive_failure_event,
                line,
                grammar::decimal,
            );
        }
        "PD Type" => scan.set(&mut drive.interface, line, Interface::read),
        "Raw Size" => scan.set(&mut drive.raw_size, line, grammar::sectors),
        "Non Coerced Size" => scan.set(&mut drive.non_coerced_size, line, grammar::sectors),
        "Coerced Size" => scan.set(&mut drive.coerced_size, line, grammar::sectors),
        "Sector Size" | "Logical Sector Size" => {
            scan.set(&mut drive.logical_sector_size, line, |text| {
                grammar::decimal(text).map(Bytes)
            });
        }
        "Physical Sector Size" => {
            scan.set(&mut drive.physical_sector_size, line, |text| {
                grammar::decimal(text).map(Bytes)
            });
        }
        "Firmware state" => firmware_state(drive, scan, line),
        "Commissioned Spare" => scan.set(&mut drive.commissioned_spare, line, grammar::yes_no),
        "Emergency Spare" => scan.set(&mut drive.emergency_spare, line, grammar::yes_no),
        "Device Firmware Level" => scan.set(&mut drive.firmware, line, grammar::text),
        "Shield Counter" => scan.set(&mut drive.shield_count, line, grammar::decimal),
        "Successful diagnostics completion on" => {
            scan.set(&mut drive.last_diagnostics, line, grammar::ctime);
        }
        "SAS Address(0)" | "SAS Address(1)" | "SAS Address(2)" | "SAS Address(3)" => {
            match grammar::sas_address(line.value) {
                Some(address) => drive.sas_addresses.push(SasAddress(address)),
                None => scan.leave(line, Reason::Unreadable),
            }
        }
        "Connected Port Number" => scan.set(&mut drive.connected_port, line, connected_port),
        "Inquiry Data" => {
            let firmware = drive.firmware.as_deref();
            scan.set(&mut drive.inquiry, line, |text| {
                Some(inquiry(text, firmware))
            });
        }
        "IBM FRU/CRU" => scan.set(&mut drive.fru, line, grammar::text),
        "FDE Capable" => scan.set(&mut drive.fde, line, Fde::read),
        "FDE Enable" => scan.set(&mut drive.fde_enabled, line, grammar::yes_no),
        "Secured" => scan.set(&mut drive.secured, line, |text| {
            either(text, "Secured", "Unsecured")
        }),
        "Locked" => scan.set(&mut drive.locked, line, |text| {
            either(text, "Locked", "Unlocked")
        }),
        "Needs EKM Attention" => scan.set(&mut drive.needs_ekm_attention, line, grammar::yes_no),
        "Foreign State" => scan.set(&mut drive.foreign, line, |text| {
            either(text, "Foreign", "None")
        }),
        "Foreign Secure" => scan.set(&mut drive.foreign_lock, line, grammar::text),
        "Device Speed" => speed(&mut drive.device_speed, scan, line),
        "Link Speed" => speed(&mut drive.link_speed, scan, line),
        "Media Type" => scan.set(&mut drive.media_type, line, MediaType::read),
        "Drive Temperature" => scan.set(&mut drive.temperature, line, grammar::celsius),
        "PI Eligibility" => scan.set(&mut drive.protection_eligible, line, grammar::yes_no),
        "Drive is formatted for PI information" => {
            scan.set(&mut drive.protection_formatted, line, grammar::yes_no);
        }
        "PI" => scan.set(&mut drive.protection, line, ProtectionType::read),
        "Drive's write cache" => scan.set(&mut drive.write_cache, line, grammar::yes_no),
        "Drive's NCQ setting" => scan.set(&mut drive.native_command_queuing, line, grammar::yes_no),
        "Emulated Drive" => scan.set(&mut drive.emulated, line, grammar::yes_no),
        "Port status" => match drive.ports.last_mut() {
            Some(port) => scan.set(&mut port.status, line, PortStatus::read),
            None => scan.leave(line, Reason::Unclaimed),
        },
        "Port's Linkspeed" => match drive.ports.last_mut() {
            Some(port) => speed(&mut port.link_speed, scan, line),
            None => scan.leave(line, Reason::Unclaimed),
        },
        "Drive has flagged a S.M.A.R.T alert" => {
            scan.set(&mut drive.smart_alert, line, grammar::yes_no)
        }
        "Hotspare Information" => drive.hot_spare = Some(HotSpare::default()),
        "Type" | "Array #" if drive.hot_spare.is_some() => hot_spare(drive, scan, line),
        key => match key.strip_prefix("Port-").and_then(grammar::small) {
            Some(number) if line.value.is_empty() => drive.ports.push(Port {
                number,
                ..Port::default()
            }),
            _ => return false,
        },
    }
    true
}

/// States what a finished block lacks: a drive without slot or state was cut off.
pub fn close(drive: &PhysicalDrive, scan: &mut Scan<'_>) {
    let name = drive
        .address()
        .map_or_else(|| "a physical drive".to_owned(), |at| format!("drive {at}"));
    if drive.slot.is_none() {
        scan.gap(scan.line_number(), format!("{name} has no slot number"));
    }
    if drive.state.is_none() {
        scan.gap(scan.line_number(), format!("{name} has no firmware state"));
    }
}

/// `Online, Spun Up`; `Failed`; `Configured - shielded`.
fn firmware_state<'a>(drive: &mut PhysicalDrive, scan: &mut Scan<'a>, line: &Line<'a>) {
    match line.value.split_once(", ") {
        Some((state, power)) => {
            scan.set_value(&mut drive.state, line, state, DriveState::read);
            scan.set_value(&mut drive.power, line, power, Power::read);
        }
        None => scan.set(&mut drive.state, line, DriveState::read),
    }
}

/// `6.0Gb/s`; `Unknown` is absent.
fn speed<'a>(field: &mut Option<BitsPerSecond>, scan: &mut Scan<'a>, line: &Line<'a>) {
    if !line.value.eq_ignore_ascii_case("Unknown") {
        scan.set(field, line, grammar::speed);
    }
}

/// `0(path0)`.
fn connected_port(text: &str) -> Option<u32> {
    let digits = text
        .split_once("(path")
        .map_or(Some(text), |(port, path)| {
            path.strip_suffix(')')
                .and_then(grammar::small)
                .map(|_| port)
        })?;
    grammar::small(digits.trim_ascii())
}

fn either(text: &str, yes: &str, no: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case(yes) {
        Some(true)
    } else if text.eq_ignore_ascii_case(no) {
        Some(false)
    } else {
        None
    }
}

/// `Type: Dedicated, with enclosure affinity, is revertible` and `Array #: 0, 1`.
fn hot_spare<'a>(drive: &mut PhysicalDrive, scan: &mut Scan<'a>, line: &Line<'a>) {
    let Some(spare) = drive.hot_spare.as_mut() else {
        return;
    };
    if line.key == "Array #" {
        let groups = line.value.trim_end_matches(',');
        match grammar::list(groups, grammar::small) {
            Some(groups) => spare.drive_groups = groups,
            None if is_absent(groups) => {}
            None => scan.leave(line, Reason::Unreadable),
        }
        return;
    }
    let mut words = line.value.split(", ");
    spare.kind = words.next().map(HotSpareKind::from_words);
    for word in words {
        match word.trim_ascii() {
            "is revertible" => spare.revertible = true,
            "with enclosure affinity" => spare.enclosure_affinity = true,
            _ => scan.leave(line, Reason::Unreadable),
        }
    }
}

/// Splits the inquiry text where its layout is certain. SAS drives print vendor (8), model (16),
/// revision (4) and serial (20); SATA drives print serial (20), model (40) and firmware (8).
fn inquiry(text: &str, _firmware: Option<&str>) -> Inquiry {
    let raw = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    Inquiry {
        raw,
        ..Inquiry::default()
    }
}
