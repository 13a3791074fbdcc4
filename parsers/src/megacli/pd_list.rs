//! `-PDList -aALL` and `-pdInfo -PhysDrv[E:S]`: all physical drives, or some.

use crate::Report;
use crate::megacli::{drive, section};
use crate::model::{PhysicalDrive, Section};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the drives of every controller. `-pdInfo` names no controller: its section has none.
pub fn pd_list(text: &str) -> Report<Vec<Section<Vec<PhysicalDrive>>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<Vec<PhysicalDrive>>> = Vec::new();
    let mut drive: Option<PhysicalDrive> = None;
    let mut heading = None;
    while let Some(line) = scan.next() {
        if begins_drive(&line, drive.as_ref()) {
            keep(&mut sections, drive.take(), &mut scan);
            drive = Some(drive::begin(&mut scan));
            if line.key == "Slot Number" {
                let gap = format!(
                    "the drive in slot {} has no line about its enclosure",
                    line.value
                );
                scan.gap(line.number, gap);
            }
        }
        if drive
            .as_mut()
            .is_some_and(|drive| drive::take(drive, &mut scan, &line))
        {
            continue;
        }
        if let Some(controller) = section::heading(&line) {
            keep(&mut sections, drive.take(), &mut scan);
            section::begin(&mut sections, controller);
            heading = Some(line.number);
        } else {
            scan.frame(line);
        }
    }
    keep(&mut sections, drive, &mut scan);
    section::expect_part(&mut scan, heading);
    scan.finish(sections)
}

/// A block begins at the enclosure; in an excerpt that lacks those lines (`grep Slot`), at the slot.
fn begins_drive(line: &Line<'_>, drive: Option<&PhysicalDrive>) -> bool {
    match line.key {
        "Enclosure Device ID" => true,
        "Slot Number" => drive.is_none_or(|drive| drive.slot.is_some()),
        _ => false,
    }
}

/// Closes a drive's block and files it under the controller that is being read.
fn keep(
    sections: &mut Vec<Section<Vec<PhysicalDrive>>>,
    drive: Option<PhysicalDrive>,
    scan: &mut Scan<'_>,
) {
    let Some(drive) = drive else { return };
    drive::close(&drive, scan);
    if let Some(drives) = section::current(sections) {
        drives.push(drive);
    }
}
