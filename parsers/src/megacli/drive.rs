//! The physical drive block, which `-PDList`, `-pdInfo`, `-LdPdInfo`, `-CfgDsply` and
//! `-CfgForeign -Dsply` share.

use smol_str::SmolStr;

use crate::grammar;
use crate::megacli::inquiry::{columns, inquiry};
use crate::model::{
    Certification, DeviceId, DriveState, Fde, HotSpareKind, Interface, MediaType, PhysicalDrive,
    Port, PortStatus, Power, ProtectionType, SasAddress,
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
            scan.set(&mut drive.position, line, grammar::position);
        }
        "Enclosure position" => scan.set(&mut drive.enclosure_position, line, grammar::small),
        "Device Id" => scan.set(&mut drive.device_id, line, |text| {
            grammar::small(text).map(DeviceId)
        }),
        "WWN" => match grammar::sas_address(line.value) {
            Some(0) => {}
            address => scan.set(&mut drive.wwn, line, |_| address.map(SasAddress)),
        },
        "Sequence Number" => scan.set(&mut drive.sequence_number, line, grammar::small),
        "Media Error Count" => scan.set(&mut drive.media_errors, line, grammar::decimal),
        "Other Error Count" => scan.set(&mut drive.other_errors, line, grammar::decimal),
        "Predictive Failure Count" => {
            scan.set(&mut drive.predictive_failures, line, grammar::decimal);
        }
        "Last Predictive Failure Event Seq Number" => {
            scan.set(
                &mut drive.last_predictive_failure_event,
                line,
                grammar::decimal,
            );
        }
        "PD Type" | "Inquiry Data" if line.value.ends_with(HOT_SPARE_HEADING) => {
            return glued_hot_spare(drive, scan, line);
        }
        "PD Type" => scan.set(&mut drive.interface, line, Interface::read),
        "SAS Address(0)" => sas_address(drive, scan, line, Some(0)),
        "SAS Address(1)" => sas_address(drive, scan, line, Some(1)),
        "Raw Size" => size(&mut drive.raw_size, scan, line),
        "Non Coerced Size" => size(&mut drive.non_coerced_size, scan, line),
        "Coerced Size" => size(&mut drive.coerced_size, scan, line),
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
        "Number of bytes of user data in LBA" => {
            scan.set(&mut drive.user_data_per_sector, line, |text| {
                grammar::decimal(text).map(Bytes)
            });
        }
        "Firmware state" => firmware_state(drive, scan, line),
        "Commissioned Spare" | "Is Commissioned Spare" => {
            scan.set(&mut drive.commissioned_spare, line, grammar::yes_no);
        }
        "Emergency Spare" | "Is Emergency Spare" => {
            scan.set(&mut drive.emergency_spare, line, grammar::yes_no);
        }
        "Device Firmware Level" => {
            scan.set(&mut drive.firmware, line, |text| Some(SmolStr::new(text)));
        }
        "Shield Counter" => scan.set(&mut drive.shield_count, line, grammar::decimal),
        "Successful diagnostics completion on" => {
            scan.set(&mut drive.last_diagnostics, line, grammar::ctime);
        }
        "Connected Port Number" => scan.set(&mut drive.connected_port, line, connected_port),
        "Inquiry Data" => {
            let (interface, level) = (drive.interface.as_ref(), drive.firmware.as_deref());
            scan.set(&mut drive.inquiry, line, |_| {
                Some(inquiry(columns(line.raw), interface, level))
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
        "Foreign Secure" => scan.set(&mut drive.foreign_locked, line, |text| {
            either(
                text,
                "Drive is secured by a foreign lock key",
                "Drive is not secured by a foreign lock key",
            )
        }),
        "Device Speed" => speed(&mut drive.device_speed, scan, line),
        "Link Speed" => speed(&mut drive.link_speed, scan, line),
        "Media Type" => scan.set(&mut drive.media_type, line, MediaType::read),
        "Drive" => scan.set(&mut drive.certification, line, Certification::read),
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
            scan.set(&mut drive.smart_alert, line, grammar::yes_no);
        }
        "Hotspare Information" => {
            drive.hot_spare.get_or_insert_default();
            return true;
        }
        "Type" | "Array #" if drive.hot_spare.is_some() => {
            hot_spare(drive, scan, line);
            return true;
        }
        key if key.starts_with("SAS Address(") => {
            let path = key
                .strip_prefix("SAS Address(")
                .and_then(|rest| rest.strip_suffix(')'))
                .and_then(|path| path.parse().ok());
            sas_address(drive, scan, line, path);
        }
        key => match key.strip_prefix("Port-").and_then(grammar::small) {
            Some(number) if line.value.is_empty() => {
                reserve_both(&mut drive.ports);
                drive.ports.push(Port {
                    number,
                    ..Port::default()
                });
            }
            _ => return false,
        },
    }
    // The lines about a hot spare's duties do not count: they can end a block or stand in it.
    scan.drives().note(line.key);
    true
}

/// Begins a block.
pub fn begin(scan: &mut Scan<'_>) -> PhysicalDrive {
    scan.drives().begin();
    PhysicalDrive::default()
}

/// States what a finished block lacks: a drive without slot or state was cut off, and so was the
/// last one of a text without an exit line if it lacks what every build prints, or what the drives
/// before it end in.
pub fn close(drive: &PhysicalDrive, scan: &mut Scan<'_>) {
    let lacking = if scan.breaks_off() {
        let inquiry = drive.inquiry.is_none().then_some("Inquiry Data");
        // Builds that print this counter end the block with the alert: so in all captures.
        let is_cut = drive.shield_count.is_some() && drive.smart_alert.is_none();
        let alert = is_cut.then_some("Drive has flagged a S.M.A.R.T alert");
        inquiry.or(alert).or(scan.drives().lacking())
    } else {
        None
    };
    if drive.slot.is_some() && drive.state.is_some() && lacking.is_none() {
        return;
    }
    let name = drive
        .address()
        .map_or_else(|| "a physical drive".to_owned(), |at| format!("drive {at}"));
    if drive.slot.is_none() {
        scan.gap(scan.line_number(), format!("{name} has no slot number"));
    }
    if drive.state.is_none() {
        scan.gap(scan.line_number(), format!("{name} has no firmware state"));
    }
    if let Some(key) = lacking {
        let gap = format!("the output breaks off in {name}, before \"{key}\"");
        scan.gap(scan.line_number(), gap);
    }
}

/// The heading above a hot spare's duties.
const HOT_SPARE_HEADING: &str = "Hotspare Information:";

/// `PD Type: SASHotspare Information:`: builds around 8.02 forget the line break before the heading,
/// behind `PD Type` and again behind `Inquiry Data`.
fn glued_hot_spare<'a>(drive: &mut PhysicalDrive, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let before = |text: &'a str| {
        let text = text.trim_ascii_end().strip_suffix(HOT_SPARE_HEADING);
        text.unwrap_or_default()
    };
    drive.hot_spare.get_or_insert_default();
    let line = Line {
        raw: before(line.raw),
        text: before(line.text).trim_ascii_end(),
        value: before(line.value).trim_ascii_end(),
        ..*line
    };
    take(drive, scan, &line)
}

/// `Online, Spun Up`; `Failed`; `Configured - shielded`.
fn firmware_state<'a>(drive: &mut PhysicalDrive, scan: &mut Scan<'a>, line: &Line<'a>) {
    match line.value.split_once(',') {
        Some((state, power)) => {
            scan.set_value(&mut drive.state, line, state.trim_ascii(), DriveState::read);
            scan.set_value(&mut drive.power, line, power.trim_ascii(), Power::read);
        }
        None => scan.set(&mut drive.state, line, DriveState::read),
    }
}

/// `279.396 GB [0x22ecb25c Sectors]`. Of a drive that it could not read (raw size 0), the firmware
/// computes a size below zero and prints `7.999 ZB [0xfffffffffff00000 Sectors]`: that is no size, so
/// it is absent, as `N/A` is. The raw size of 0 beside it says that the drive was not read.
fn size<'a>(field: &mut Option<Bytes>, scan: &mut Scan<'a>, line: &Line<'a>) {
    let read = grammar::sectors(line.value);
    if read.is_some() || !grammar::is_negative_sectors(line.value) {
        scan.set(field, line, |_| read);
    }
}

/// `SAS Address(1): 0x0`, one per path in order. Zero is no address.
fn sas_address<'a>(
    drive: &mut PhysicalDrive,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
    path: Option<usize>,
) {
    let address = grammar::sas_address(line.value);
    if address.is_none() {
        scan.leave(line, Reason::Unreadable);
    }
    let address = address.filter(|&address| address != 0).map(SasAddress);
    let known = drive.sas_addresses.len();
    match path.and_then(|path| drive.sas_addresses.get(path)) {
        Some(before) if *before == address => {}
        None if path == Some(known) => {
            reserve_both(&mut drive.sas_addresses);
            drive.sas_addresses.push(address);
        }
        _ => scan.leave(line, Reason::Repeated),
    }
}

/// A drive has two ports; the standard library would make room for four.
fn reserve_both<T>(ports: &mut Vec<T>) {
    if ports.is_empty() {
        ports.reserve_exact(2);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::megacli::pd_list::pd_list;
    use crate::model::HotSpare;
    use crate::units::Celsius;

    /// The one drive of a text, with nothing left over.
    fn drive(text: &str) -> PhysicalDrive {
        let mut report = pd_list(&format!("Enclosure Device ID: 252\nSlot Number: 3\n{text}"));
        assert_eq!(report.leftovers, []);
        report.value.remove(0).value.remove(0)
    }

    #[test]
    fn state_and_power_stand_on_one_line() {
        for (line, state, power) in [
            ("Online, Spun Up", DriveState::Online, Some(Power::SpunUp)),
            (
                "Hotspare, Spun down",
                DriveState::HotSpare,
                Some(Power::SpunDown),
            ),
            (
                "Unconfigured(good), Transition",
                DriveState::UnconfiguredGood,
                Some(Power::Transition),
            ),
            ("Unconfigured(bad)", DriveState::UnconfiguredBad, None),
            (
                "UnConfigured - shielded",
                DriveState::UnconfiguredShielded,
                None,
            ),
            ("Hot Spare - shielded", DriveState::HotSpareShielded, None),
            (
                "Configured - shielded",
                DriveState::ConfiguredShielded,
                None,
            ),
            ("Copyback", DriveState::Copyback, None),
            ("JBOD", DriveState::Jbod, None),
            ("Unknown", DriveState::Unknown, None),
        ] {
            let drive = drive(&format!("Firmware state: {line}"));
            assert_eq!((drive.state, drive.power), (Some(state), power), "{line}");
        }
    }

    #[test]
    fn a_size_below_zero_is_absent() {
        let report = pd_list(
            "Enclosure Device ID: 253\nSlot Number: 4\nRaw Size: 0 KB [0x0 Sectors]\n\
             Non Coerced Size: 7.999 ZB [0xfffffffffff00000 Sectors]\n\
             Firmware state: Unconfigured(bad)\nExit Code: 0x00\n",
        );
        let drive = &report.value[0].value[0];
        assert_eq!(drive.raw_size, Some(Bytes(0)));
        assert_eq!(drive.non_coerced_size, None);
        assert_eq!((report.leftovers, report.gaps), (vec![], vec![]));
    }

    #[test]
    fn address_zero_is_no_address_and_keeps_its_place() {
        let drive = drive("SAS Address(0): 0x5000c50000001a35\nSAS Address(1): 0x0\nWWN: 0");
        assert_eq!(
            drive.sas_addresses,
            [Some(SasAddress(0x5000_c500_0000_1a35)), None]
        );
        assert_eq!(drive.wwn, None);
    }

    #[test]
    fn temperature_and_speed_are_absent_while_unknown() {
        let read =
            drive("Drive Temperature :37 Celsius\nDevice Speed: 6.0Gb/s \nLink Speed: Unknown");
        assert_eq!(read.temperature, Some(Celsius(37)));
        assert_eq!(read.device_speed, Some(BitsPerSecond(6_000_000_000)));
        assert_eq!(read.link_speed, None);
        assert_eq!(drive("Drive Temperature : N/A").temperature, None);
    }

    #[test]
    fn a_foreign_drive_says_whether_it_is_locked() {
        let read = drive(
            "Foreign State: Foreign \nForeign Secure: Drive is not secured by a foreign lock key",
        );
        assert_eq!(
            (read.foreign, read.foreign_locked),
            (Some(true), Some(false))
        );
        assert_eq!(drive("Foreign State: None ").foreign_locked, None);
    }

    #[test]
    fn vendors_say_whether_they_tested_the_drive() {
        let certification = |line| drive(line).certification;
        assert_eq!(
            certification("Drive:  Not Certified"),
            Some(Certification::NotCertified)
        );
        assert_eq!(
            certification("Drive:  Not Supported"),
            Some(Certification::NotSupported)
        );
    }

    #[test]
    fn a_dedicated_spare_names_its_drive_groups() {
        let read = drive(
            "Hotspare Information: \nType: Dedicated, with enclosure affinity, is revertible\nArray #: 0, 2",
        );
        assert_eq!(
            read.hot_spare,
            Some(HotSpare {
                kind: Some(HotSpareKind::Dedicated),
                enclosure_affinity: true,
                revertible: true,
                drive_groups: vec![0, 2],
            })
        );
    }

    #[test]
    fn a_hot_spare_s_heading_may_be_glued_to_the_line_before_it() {
        let read = drive(
            "PD Type: SASHotspare Information: \nType: Global, is revertible\n\n\
             Raw Size: 1.5 TB [0xc0000000 Sectors]\n\
             Inquiry Data: HGST    HUS724040ALS640 A1C4PN1234ABCDEF    Hotspare Information: \n\
             Type: Global, is revertible\n",
        );
        assert_eq!(read.interface, Some(Interface::Sas));
        assert_eq!(read.raw_size, Some(Bytes(0xc000_0000 * 512)));
        assert_eq!(read.model(), Some("HUS724040ALS640"));
        let spare = read.hot_spare.unwrap();
        assert_eq!(
            (spare.kind, spare.revertible),
            (Some(HotSpareKind::Global), true)
        );
    }

    #[test]
    fn the_comma_before_the_power_state_needs_no_blank() {
        for line in ["Online,Spun Up", "Online , Spun Up", "Online,\tSpun Up"] {
            let drive = drive(&format!("Firmware state: {line}"));
            assert_eq!(
                (drive.state, drive.power),
                (Some(DriveState::Online), Some(Power::SpunUp)),
                "{line}"
            );
        }
    }

    /// What is missing from `text`, a drive list.
    fn gaps(text: &str) -> Vec<String> {
        let report = pd_list(text);
        report.gaps.into_iter().map(|gap| gap.what).collect()
    }

    #[test]
    fn a_block_that_breaks_off_is_kept_with_a_gap() {
        let text = "Adapter #0\n\nEnclosure Device ID: 252\nSlot Number: 3\n";
        assert_eq!(pd_list(text).value[0].value.len(), 1);
        assert_eq!(
            gaps(text),
            [
                "drive 252:3 has no firmware state",
                "the output breaks off in drive 252:3, before \"Inquiry Data\""
            ]
        );
    }

    #[test]
    fn a_block_that_lacks_the_end_of_the_one_before_it_breaks_off() {
        let whole = "Enclosure Device ID: 9\nSlot Number: 1\nFirmware state: Online\n\
                     Inquiry Data: X\nForeign State: None\n";
        let cut = "Enclosure Device ID: 9\nSlot Number: 2\nFirmware state: Online\n\
                   Inquiry Data: Y\n";
        let gap = ["the output breaks off in drive 9:2, before \"Foreign State\""];
        assert_eq!(gaps(&format!("{whole}{cut}")), gap);
        assert_eq!(gaps(&format!("{whole}{whole}{cut}")), gap);
        assert_eq!(gaps(&format!("{whole}{whole}")), [""; 0]);
        assert_eq!(gaps(&format!("{whole}{cut}Exit Code: 0x00\n")), [""; 0]);
    }

    #[test]
    fn a_single_drive_that_lacks_the_alert_breaks_off_where_its_build_has_one() {
        let drive = "Enclosure Device ID: 9\nSlot Number: 1\nFirmware state: Online\n\
                     Shield Counter: 0\nInquiry Data: X\n";
        assert_eq!(
            gaps(drive),
            ["the output breaks off in drive 9:1, before \"Drive has flagged a S.M.A.R.T alert\""]
        );
        let alert = "Drive has flagged a S.M.A.R.T alert : No\n";
        assert_eq!(gaps(&format!("{drive}{alert}")), [""; 0]);
    }

    #[test]
    fn a_hot_spare_s_duties_at_the_end_are_no_end_of_a_block() {
        let drive = "Enclosure Device ID: 9\nSlot Number: 1\nFirmware state: Hotspare\n\
                     Inquiry Data: X\n";
        let spare = format!("{drive}Hotspare Information:\nType: Global\n");
        assert_eq!(gaps(&format!("{spare}{drive}")), [""; 0]);
        assert_eq!(gaps(&format!("{drive}{spare}")), [""; 0]);
    }

    #[test]
    fn drives_without_the_enclosure_s_line_are_told_apart_by_their_slots() {
        let text = "Slot Number: 0\nFirmware state: Online\nSlot Number: 1\n\
                    Firmware state: Failed\nExit Code: 0x00\n";
        let report = pd_list(text);
        let read: Vec<_> = report.value[0]
            .value
            .iter()
            .map(|drive| (drive.slot.unwrap().0, drive.state.clone().unwrap()))
            .collect();
        assert_eq!(read, [(0, DriveState::Online), (1, DriveState::Failed)]);
        assert_eq!(report.leftovers, []);
        assert_eq!(
            gaps(text)[0],
            "the drive in slot 0 has no line about its enclosure"
        );
    }
}
