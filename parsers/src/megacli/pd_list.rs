//! `-PDList -aALL` and `-pdInfo -PhysDrv[E:S]`: all physical drives, or some.

use crate::Report;
use crate::megacli::{drive, section};
use crate::model::{PhysicalDrive, Section};
use crate::scan::Scan;

/// Reads the drives of every controller. `-pdInfo` names no controller: its section has none.
pub fn pd_list(text: &str) -> Report<Vec<Section<Vec<PhysicalDrive>>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<Vec<PhysicalDrive>>> = Vec::new();
    let mut drive: Option<PhysicalDrive> = None;
    while let Some(line) = scan.next() {
        if line.key == "Enclosure Device ID" {
            keep(
                &mut sections,
                drive.replace(PhysicalDrive::default()),
                &mut scan,
            );
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
        } else {
            scan.frame(line);
        }
    }
    keep(&mut sections, drive, &mut scan);
    scan.finish(sections)
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
