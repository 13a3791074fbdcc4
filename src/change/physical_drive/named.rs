//! A drive as somebody named it.

use ironkeep_parsers::model::{DriveAddress, PhysicalDrive};

use crate::change::{Check, Risk};
use crate::reading::{Controller, Part};

/// A physical drive as it was when somebody named it. It is told again by its serial number: another
/// drive in the same bay is not it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDrive {
    /// Where it sat.
    pub address: DriveAddress,
    /// Its serial number; `None` where the controller does not tell it.
    pub serial: Option<String>,
}

impl NamedDrive {
    /// `drive` as it is now; `None` if its place was not read.
    pub fn of(drive: &PhysicalDrive) -> Option<Self> {
        Some(Self {
            address: drive.address()?,
            serial: drive.serial().map(str::to_owned),
        })
    }

    /// The drive in that place of `controller`, whichever it is.
    pub fn in_place<'a>(&self, controller: &'a Controller) -> Option<&'a PhysicalDrive> {
        let mut drives = controller.physical_drives.iter().flatten();
        drives.find(|drive| drive.address() == Some(self.address))
    }

    /// The very drive, still in its place.
    pub fn find<'a>(&self, controller: &'a Controller) -> Option<&'a PhysicalDrive> {
        self.in_place(controller)
            .filter(|drive| drive.serial() == self.serial.as_deref())
    }

    /// Whether it is still the drive that was named; `risk` is what the change may cost.
    pub fn check(&self, controller: &Controller, risk: Risk) -> Check {
        const CODE: &str = "same_drive";
        let Self { address, serial } = self;
        if controller.physical_drives.is_none() {
            return Check::unread(CODE, controller, Part::PhysicalDrives).for_good();
        }
        let Some(there) = self.in_place(controller) else {
            let observed = format!("bay {address} is empty");
            return Check::forbids(CODE, observed, "the drive that was named is gone")
                .possible("where every drive is: ironkeep pd list");
        };
        let observed = match there.serial() {
            Some(serial) => format!("the drive in {address} has the serial number {serial}"),
            None => format!("the drive in {address} tells no serial number"),
        };
        if there.serial().is_none() && serial.is_none() {
            return unnamed(observed, risk);
        }
        if there.serial() == serial.as_deref() {
            return Check::holds(CODE, observed);
        }
        let named = serial.as_deref().unwrap_or("unknown");
        Check::forbids(
            CODE,
            observed,
            format!("it is not the drive that was named (serial number {named})"),
        )
        .possible("where every drive is: ironkeep pd list")
    }
}

/// The bay is all that a drive without a serial number is told by.
fn unnamed(observed: String, risk: Risk) -> Check {
    const CODE: &str = "same_drive";
    let why = "another drive may sit there by now, and nobody could tell";
    match risk {
        Risk::Destroy => Check::refuses(CODE, observed, why)
            .possible("make sure by hand which drive it is: ironkeep pd show"),
        Risk::None | Risk::Change => Check::warns(CODE, observed, why),
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{EnclosureId, Slot};

    use super::*;
    use crate::change::Ruling;

    #[test]
    fn nobody_insists_on_a_drive_that_was_not_read() {
        let named = NamedDrive {
            address: DriveAddress {
                enclosure: None,
                slot: Slot(3),
            },
            serial: Some("A".to_owned()),
        };
        let insists = ["same_drive".to_owned()];
        let check = named.check(&Controller::default(), Risk::Change);
        assert!(check.stands_against(&insists));
    }

    #[test]
    fn a_drive_without_a_serial_number_may_be_another_one() {
        let drive = PhysicalDrive {
            enclosure: Some(EnclosureId(252)),
            slot: Some(Slot(3)),
            ..PhysicalDrive::default()
        };
        let named = NamedDrive::of(&drive).unwrap();
        let at = Controller {
            physical_drives: Some(vec![drive]),
            ..Controller::default()
        };
        let none: &[String] = &[];
        assert!(named.check(&at, Risk::Destroy).stands_against(none));
        let insists = ["same_drive".to_owned()];
        assert!(!named.check(&at, Risk::Destroy).stands_against(&insists));
        assert!(!named.check(&at, Risk::Change).stands_against(none));
        assert!(matches!(
            named.check(&at, Risk::Change).ruling,
            Ruling::Warns { .. }
        ));
    }
}
