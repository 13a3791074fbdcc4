//! `-GetKeyID [-PhysDrv[E:S]] -aN`: whether the controller, or a drive, is locked with a key.

use crate::Report;
use crate::grammar;
use crate::model::SecurityKey;
use crate::report::{Complaint, ComplaintKind, Subject};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the answer. The number in `Encryption is disabled on adapter 1588879823` is not the
/// controller's (the tool prints memory it never set), so none is given.
pub fn security_key(text: &str) -> Report<SecurityKey> {
    let mut scan = Scan::new(text);
    let mut key = SecurityKey::default();
    while let Some(line) = scan.next() {
        if line.text.starts_with("Encryption is disabled on adapter ") {
            key.encryption_enabled = Some(false);
        } else if let Some(complaint) = failure(&line) {
            scan.complain(complaint);
        } else {
            scan.frame(line);
        }
    }
    scan.finish(key)
}

/// `Failed to get the Key ID on Device (Encl-252 Slot-0)`.
fn failure(line: &Line<'_>) -> Option<Complaint> {
    let (enclosure, slot) = line
        .text
        .strip_prefix("Failed to get the Key ID on Device (Encl-")?
        .strip_suffix(')')?
        .split_once(" Slot-")?;
    Some(Complaint {
        line: line.number,
        controller: None,
        subject: Subject::PhysicalDrive(grammar::drive_address(enclosure, slot)?),
        kind: ComplaintKind::Failed,
        text: line.text.to_owned(),
        firmware: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ControllerId, DriveAddress, EnclosureId, Slot};

    #[test]
    fn without_encryption_there_is_no_key_and_no_trustworthy_number() {
        let report =
            security_key("Encryption is disabled on adapter 1588879823 \n\nExit Code: 0x01\n");
        assert_eq!(report.value.encryption_enabled, Some(false));
        assert!(report.complaints.is_empty() && report.leftovers.is_empty());
    }

    #[test]
    fn failures_name_the_controller_or_the_drive() {
        let controller = security_key("Failed to get the Key ID on Adapter-0\n");
        assert_eq!(controller.value.encryption_enabled, None);
        assert_eq!(controller.complaints[0].controller, Some(ControllerId(0)));
        let drive = security_key("Failed to get the Key ID on Device (Encl-252 Slot-0)\n");
        assert_eq!(
            drive.complaints[0].subject,
            Subject::PhysicalDrive(DriveAddress {
                enclosure: Some(EnclosureId(252)),
                slot: Slot(0),
            })
        );
    }
}
