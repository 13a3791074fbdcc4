//! `-PDRbld|-PDCpyBk|-PDClear -ShowProg -PhysDrv[E:S,...]`: how far rebuilds, copybacks and clears
//! are.

use crate::Report;
use crate::grammar;
use crate::model::{Operation, OperationKind, Progress};
use crate::scan::Scan;

/// Reads one operation per drive, in the order of the text. No controller is named.
pub fn pd_progress(text: &str) -> Report<Vec<Operation>> {
    let mut scan = Scan::new(text);
    let mut operations = Vec::new();
    while let Some(line) = scan.next() {
        match running(line.text).or_else(|| idle(line.text)) {
            Some(operation) => operations.push(operation),
            None => scan.frame(line),
        }
    }
    scan.finish(operations)
}

/// `Rebuild Progress on Device at Enclosure 252, Slot 2 Completed 36% in 43 Minutes.`
fn running(text: &str) -> Option<Operation> {
    let (kind, rest) = text.split_once(" Progress on Device at Enclosure ")?;
    let (enclosure, rest) = rest.split_once(", Slot ")?;
    let (slot, progress) = rest.split_once(' ')?;
    operation(kind, enclosure, slot, Some(grammar::progress(progress)?))
}

/// `Device(Encl-252 Slot-0) is not in rebuild process`, or, without saying which drive, `Physical
/// Drive is not in Copyback state.`
fn idle(text: &str) -> Option<Operation> {
    if let Some(kind) = text
        .strip_prefix("Physical Drive is not in ")
        .and_then(|rest| rest.strip_suffix(" state."))
    {
        return Some(Operation {
            kind: OperationKind::from_words(kind),
            physical_drive: None,
            virtual_drive: None,
            progress: None,
        });
    }
    let (enclosure, rest) = text.strip_prefix("Device(Encl-")?.split_once(" Slot-")?;
    let (slot, rest) = rest.split_once(") is not in ")?;
    operation(rest.strip_suffix(" process")?, enclosure, slot, None)
}

fn operation(
    kind: &str,
    enclosure: &str,
    slot: &str,
    progress: Option<Progress>,
) -> Option<Operation> {
    Some(Operation {
        kind: OperationKind::from_words(kind),
        physical_drive: Some(grammar::drive_address(enclosure, slot)?),
        virtual_drive: None,
        progress,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DriveAddress, EnclosureId, Slot};
    use crate::units::{Minutes, Percent};

    fn at(enclosure: Option<u32>, slot: u32) -> DriveAddress {
        DriveAddress {
            enclosure: enclosure.map(EnclosureId),
            slot: Slot(slot),
        }
    }

    #[test]
    fn one_drive_rebuilds_and_one_does_not() {
        let report = pd_progress(
            "Device(Encl-252 Slot-1) is not in rebuild process\n\
             Rebuild Progress on Device at Enclosure 252, Slot 2 Completed 36% in 43 Minutes.\n\n\
             Exit Code: 0x00\n",
        );
        assert_eq!(
            report.value,
            [
                Operation {
                    kind: OperationKind::Rebuild,
                    physical_drive: Some(at(Some(252), 1)),
                    virtual_drive: None,
                    progress: None,
                },
                Operation {
                    kind: OperationKind::Rebuild,
                    physical_drive: Some(at(Some(252), 2)),
                    virtual_drive: None,
                    progress: Some(Progress {
                        done: Percent(36),
                        elapsed: Minutes(43),
                    }),
                },
            ]
        );
        assert!(report.is_complete());
    }

    #[test]
    fn direct_attached_drives_have_no_enclosure() {
        let report = pd_progress(
            "Rebuild Progress on Device at Enclosure N/A, Slot 67 Completed 31% in 959 Minutes.\n\
             Device(Encl-N/A Slot-1) is not in clear process\n",
        );
        assert_eq!(report.value[0].physical_drive, Some(at(None, 67)));
        assert_eq!(report.value[1].physical_drive, Some(at(None, 1)));
        assert_eq!(report.value[1].kind, OperationKind::Clear);
    }

    #[test]
    fn an_idle_copyback_does_not_name_the_drive() {
        let report = pd_progress("Physical Drive is not in Copyback state.\n\nExit Code: 0x00\n");
        assert_eq!(report.value[0].kind, OperationKind::Copyback);
        assert_eq!(report.value[0].physical_drive, None);
        assert!(!report.value[0].is_running());
    }
}
