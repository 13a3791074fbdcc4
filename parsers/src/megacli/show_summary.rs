//! `-ShowSummary`: a page about every controller.
//!
//! Keys repeat (`Status`, `Product Id`, `State`), so a line belongs to the block whose heading came
//! last. The output does not number controllers: a page begins at `System`.

use crate::Report;
use crate::grammar;
use crate::model::{
    BbuVerdict, ConnectorLocation, ControllerVerdict, EnclosureVerdict, Interface, MediaType,
    OperationKind, Power, RaidLevel, SasAddress, Slot, Summary, SummaryBbu, SummaryController,
    SummaryDrive, SummaryDriveState, SummaryEnclosure, SummaryVirtualDrive, TargetId,
    VirtualDriveState,
};
use crate::report::{Complaint, ComplaintKind, Reason, Subject};
use crate::scan::Scan;
use crate::text::Line;

/// The part of the page that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    System,
    Controller,
    Bbu,
    Enclosures,
    PhysicalDrives,
    VirtualDrives,
}

/// Reads the page of every controller.
pub fn show_summary(text: &str) -> Report<Vec<Summary>> {
    let mut scan = Scan::new(text);
    let mut pages: Vec<Summary> = Vec::new();
    let mut block = Block::System;
    while let Some(line) = scan.next() {
        if line.text == "System" {
            close(pages.last(), &mut scan);
            pages.push(Summary::default());
            block = Block::System;
            continue;
        }
        let Some(page) = pages.last_mut() else {
            scan.frame(line);
            continue;
        };
        if let Some(next) = heading(line.text) {
            block = next;
        } else if take(block, page, &mut scan, &line) {
            // "Status : Healthy        PD": the tool forgets a line feed where no enclosure stands
            // between battery and drives.
            if block == Block::Bbu && unglued(line.value) != line.value {
                block = Block::PhysicalDrives;
            }
        } else if line.text.starts_with("Failed to get ") {
            scan.complain(failed(&line));
        } else {
            scan.frame(line);
        }
    }
    close(pages.last(), &mut scan);
    scan.finish(pages)
}

/// The block that a heading begins; `Hardware` and `Storage` are titles above headings.
fn heading(text: &str) -> Option<Block> {
    Some(match text {
        "Hardware" => Block::System,
        "Controller" => Block::Controller,
        "BBU" => Block::Bbu,
        "Enclosure" => Block::Enclosures,
        "PD" => Block::PhysicalDrives,
        "Storage" | "Virtual Drives" => Block::VirtualDrives,
        _ => return None,
    })
}

/// States that a page broke off before the controller.
fn close(page: Option<&Summary>, scan: &mut Scan<'_>) {
    if page.is_some_and(|page| page.controller.is_none()) {
        scan.gap(scan.line_number(), "a summary has no controller");
    }
}

/// `Failed to get BBU Information`, which names no controller.
fn failed(line: &Line<'_>) -> Complaint {
    Complaint {
        line: line.number,
        controller: None,
        subject: Subject::Command,
        kind: ComplaintKind::Failed,
        text: line.text.to_owned(),
        firmware: None,
    }
}

fn take<'a>(block: Block, page: &mut Summary, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match block {
        Block::System => system(page, scan, line),
        Block::Controller => {
            let controller = page.controller.get_or_insert_default();
            take_controller(controller, scan, line)
        }
        Block::Bbu => take_bbu(page.bbu.get_or_insert_default(), scan, line),
        Block::Enclosures => {
            if line.key == "Product Id" {
                page.enclosures.push(SummaryEnclosure::default());
            }
            page.enclosures
                .last_mut()
                .is_some_and(|enclosure| take_enclosure(enclosure, scan, line))
        }
        Block::PhysicalDrives => {
            if line.key == "Connector" {
                page.physical_drives.push(SummaryDrive::default());
            }
            page.physical_drives
                .last_mut()
                .is_some_and(|drive| take_drive(drive, scan, line))
        }
        Block::VirtualDrives => {
            if line.key == "Virtual drive" {
                page.virtual_drives.push(SummaryVirtualDrive::default());
            }
            page.virtual_drives
                .last_mut()
                .is_some_and(|drive| take_virtual_drive(drive, scan, line))
        }
    }
}

fn system<'a>(page: &mut Summary, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let field = match line.key {
        "Operating System" => &mut page.operating_system,
        "Driver Version" => &mut page.driver_version,
        "CLI Version" => &mut page.tool_version,
        _ => return false,
    };
    scan.set(field, line, grammar::text);
    true
}

fn take_controller<'a>(
    controller: &mut SummaryController,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    match line.key {
        "ProductName" => {
            let (name, place) = line.value.rsplit_once("(Bus ").unwrap_or((line.value, ""));
            scan.set_value(
                &mut controller.product_name,
                line,
                name.trim_ascii(),
                grammar::text,
            );
            if let Some((bus, device)) = place
                .strip_suffix(')')
                .and_then(|place| place.split_once(", Dev "))
            {
                scan.set_value(&mut controller.bus, line, bus, grammar::small_hex);
                scan.set_value(&mut controller.device, line, device, grammar::small_hex);
            }
        }
        "SAS Address" => scan.set(&mut controller.sas_address, line, |text| {
            grammar::sas_address(text).map(SasAddress)
        }),
        "FW Package Version" => scan.set(&mut controller.firmware_package, line, grammar::text),
        "Status" => scan.set(&mut controller.status, line, ControllerVerdict::read),
        _ => return false,
    }
    true
}

fn take_bbu<'a>(bbu: &mut SummaryBbu, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "BBU Type" => scan.set(&mut bbu.kind, line, grammar::text),
        "Status" => scan.set_value(&mut bbu.status, line, unglued(line.value), BbuVerdict::read),
        _ => return false,
    }
    true
}

/// The value without the next heading, before which the tool forgets the line feed.
fn unglued(value: &str) -> &str {
    value.strip_suffix(" PD").map_or(value, str::trim_ascii_end)
}

fn take_enclosure<'a>(
    enclosure: &mut SummaryEnclosure,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    match line.key {
        "Product Id" => scan.set(&mut enclosure.product, line, grammar::text),
        "Type" => scan.set(&mut enclosure.kind, line, grammar::text),
        "Status" => scan.set(&mut enclosure.status, line, EnclosureVerdict::read),
        _ => return false,
    }
    true
}

fn take_drive<'a>(drive: &mut SummaryDrive, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "Connector" => connector(drive, scan, line),
        "Vendor Id" => scan.set(&mut drive.vendor, line, grammar::text),
        "Product Id" => scan.set(&mut drive.model, line, grammar::text),
        "State" => scan.set(&mut drive.state, line, SummaryDriveState::read),
        "Disk Type" => disk_type(drive, scan, line),
        "Capacity" => scan.set(&mut drive.capacity, line, grammar::size),
        "Power State" => scan.set(&mut drive.power, line, Power::read),
        "Operation In Progress" => scan.set(&mut drive.operation, line, OperationKind::read),
        _ => return false,
    }
    true
}

/// `Port 0 - 3<Internal><Encl Pos 1 >: Slot 0`; older firmware prints `0<Internal>…`.
fn connector<'a>(drive: &mut SummaryDrive, scan: &mut Scan<'a>, line: &Line<'a>) {
    let Some((path, slot)) = line.value.rsplit_once(": Slot ") else {
        scan.leave(line, Reason::Unreadable);
        return;
    };
    scan.set_value(&mut drive.slot, line, slot, |text| {
        grammar::small(text).map(Slot)
    });
    let mut parts = path.split('<');
    let ports = parts.next().unwrap_or_default().trim_ascii();
    scan.set_value(&mut drive.connector, line, ports, grammar::text);
    for part in parts {
        let part = part.trim_end_matches('>').trim_ascii();
        match part.strip_prefix("Encl Pos ") {
            Some(position) => {
                scan.set_value(
                    &mut drive.enclosure_position,
                    line,
                    position,
                    grammar::small,
                );
            }
            None => scan.set_value(&mut drive.location, line, part, ConnectorLocation::read),
        }
    }
}

/// `SAS,Hard Disk Device` or `SAS,FDE,Hard Disk Device`.
fn disk_type<'a>(drive: &mut SummaryDrive, scan: &mut Scan<'a>, line: &Line<'a>) {
    let Some((interface, rest)) = line.value.split_once(',') else {
        scan.leave(line, Reason::Unreadable);
        return;
    };
    let media = rest.strip_prefix("FDE,");
    scan.set_value(&mut drive.interface, line, interface, Interface::read);
    drive.self_encrypting = Some(media.is_some());
    scan.set_value(
        &mut drive.media_type,
        line,
        media.unwrap_or(rest),
        MediaType::read,
    );
}

fn take_virtual_drive<'a>(
    drive: &mut SummaryVirtualDrive,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    match line.key {
        "Virtual drive" => {
            // "Target Id 0 ,VD name data"; nothing stands behind "name" where it has none.
            let (target, name) = line
                .value
                .split_once(",VD name")
                .unwrap_or((line.value, ""));
            scan.set_value(&mut drive.target, line, target.trim_ascii(), |text| {
                grammar::small(text.strip_prefix("Target Id ")?).map(TargetId)
            });
            scan.set_value(&mut drive.name, line, name.trim_ascii(), grammar::text);
        }
        "Size" => scan.set(&mut drive.size, line, grammar::size),
        "State" => scan.set(&mut drive.state, line, VirtualDriveState::read),
        "RAID Level" => scan.set(&mut drive.raid_level, line, |text| Some(raid_level(text))),
        "Snapshot State" => scan.set(&mut drive.snapshots, line, grammar::yes_no),
        "Operation In Progress" => scan.set(&mut drive.operation, line, OperationKind::read),
        _ => return false,
    }
    true
}

/// `5`, or a word such as CacheCade.
fn raid_level(text: &str) -> RaidLevel {
    match grammar::small(text) {
        Some(_) => RaidLevel::from_words(&format!("RAID {text}")),
        None => RaidLevel::from_words(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    const HEAD: &str = "System\n\tOperating System:  Linux version 6.1.0-18-amd64 \n\
         \tDriver Version: 07.719.03.00-rc1\n\tCLI Version: 8.07.14\n\n";

    #[test]
    fn a_page_has_blocks_with_the_same_keys() {
        let report = show_summary(&format!(
            "{HEAD}Hardware\n        Controller\n\
             \u{20}                ProductName       : PERC H710 Mini(Bus 0, Dev 0)\n\
             \u{20}                SAS Address       : 500605b005a1b2c0\n\
             \u{20}                FW Package Version: 21.3.0-0009\n\
             \u{20}                Status            : Need Attention\n\
             \u{20}       BBU\n\
             \u{20}                BBU Type          : \n\
             \u{20}                Status            : Pack Missing\n\
             \u{20}       Enclosure\n\
             \u{20}                Product Id        : SAS2X28         \n\
             \u{20}                Type              : SES\n\
             \u{20}                Status            : Faulty\n\
             \u{20}                Product Id        : SAS2X28         \n\n\
             \u{20}       PD \n\
             \u{20}               Connector          : Port 0 - 3<Internal><Encl Pos 1 >: Slot 6 \n\
             \u{20}               Vendor Id          : SEAGATE \n\
             \u{20}               Product Id         : ST3300657SS     \n\
             \u{20}               State              : Copyback\n\
             \u{20}               Disk Type          : SAS,FDE,Hard Disk Device\n\
             \u{20}               Capacity           : 278.875 GB\n\
             \u{20}               Power State        : Active\n\
             \u{20}               Operation In Progress : Copyback\n\n\
             Storage\n\n       Virtual Drives\n\
             \u{20}               Virtual drive      : Target Id 1 ,VD name data, old\n\
             \u{20}               Size               : 1.633 TB\n\
             \u{20}               State              : Partially Degraded\n\
             \u{20}               RAID Level         : 6 \n\
             \u{20}               Snapshot State     : Disabled\n\nExit Code: 0x00\n"
        ));
        assert!(report.is_complete());
        assert_eq!(report.value.len(), 1);
        let page = &report.value[0];
        assert_eq!(page.tool_version.as_deref(), Some("8.07.14"));
        let controller = page.controller.as_ref().unwrap();
        assert_eq!(controller.product_name.as_deref(), Some("PERC H710 Mini"));
        assert_eq!((controller.bus, controller.device), (Some(0), Some(0)));
        assert_eq!(controller.status, Some(ControllerVerdict::NeedAttention));
        assert_eq!(
            page.bbu,
            Some(SummaryBbu {
                kind: None,
                status: Some(BbuVerdict::PackMissing)
            })
        );
        assert_eq!(page.enclosures.len(), 2);
        assert_eq!(page.enclosures[0].status, Some(EnclosureVerdict::Faulty));
        assert_eq!(
            page.physical_drives,
            [SummaryDrive {
                connector: Some("Port 0 - 3".to_owned()),
                location: Some(ConnectorLocation::Internal),
                enclosure_position: Some(1),
                slot: Some(Slot(6)),
                vendor: Some("SEAGATE".to_owned()),
                model: Some("ST3300657SS".to_owned()),
                state: Some(SummaryDriveState::Copyback),
                interface: Some(Interface::Sas),
                self_encrypting: Some(true),
                media_type: Some(MediaType::HardDisk),
                capacity: Some(Bytes(299_439_751_168)),
                power: Some(Power::SpunUp),
                operation: Some(OperationKind::Copyback),
            }]
        );
        assert_eq!(
            page.virtual_drives,
            [SummaryVirtualDrive {
                target: Some(TargetId(1)),
                name: Some("data, old".to_owned()),
                size: Some(Bytes(1_795_502_488_158)),
                state: Some(VirtualDriveState::PartiallyDegraded),
                raid_level: Some(RaidLevel::Raid6),
                snapshots: Some(false),
                operation: None,
            }]
        );
    }

    #[test]
    fn a_heading_is_glued_to_the_battery_s_status_where_no_enclosure_stands() {
        let report = show_summary(&format!(
            "{HEAD}        Controller\n  Status            : Optimal\n        BBU\n\
             \u{20}                Status            : Healthy        PD \n\
             \u{20}               Connector          : Port 0 - 3<Internal>: Slot 0 \n\
             \u{20}               State              : Online\n"
        ));
        assert_eq!(report.leftovers, []);
        let page = &report.value[0];
        assert_eq!(page.bbu.as_ref().unwrap().status, Some(BbuVerdict::Healthy));
        assert_eq!(page.physical_drives.len(), 1);
        assert_eq!(page.physical_drives[0].enclosure_position, None);
        assert_eq!(
            page.physical_drives[0].state,
            Some(SummaryDriveState::Online)
        );
    }

    #[test]
    fn levels_are_numbers_or_a_word_and_a_name_can_be_empty() {
        let report = show_summary(&format!(
            "{HEAD}Controller\n  Status : Optimal\nVirtual Drives\n\
             Virtual drive      : Target Id 0 ,VD name \nRAID Level         : 50 \n\
             Virtual drive      : Target Id 1 ,VD name ssc\nRAID Level         : CacheCade \n"
        ));
        assert_eq!(report.leftovers, []);
        let drives = &report.value[0].virtual_drives;
        assert_eq!(
            (&drives[0].name, &drives[0].raid_level),
            (&None, &Some(RaidLevel::Raid50))
        );
        assert_eq!(
            drives[1].raid_level,
            Some(RaidLevel::Other("CacheCade".to_owned()))
        );
    }

    #[test]
    fn a_page_that_fails_before_its_controller_is_a_gap() {
        let report = show_summary(&format!(
            "{HEAD}Failed to get BBU Information\nFW error description: \n\
             \u{20} The requested operation cannot be completed due to a hardware error (I2C).  \n\n\
             Exit Code: 0x37\n"
        ));
        assert_eq!(report.leftovers, []);
        assert_eq!(report.complaints.len(), 1);
        assert_eq!(report.gaps.len(), 1);
        assert_eq!(report.gaps[0].what, "a summary has no controller");
    }
}
