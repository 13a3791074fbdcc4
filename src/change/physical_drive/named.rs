//! A drive as somebody named it.

use ironkeep_parsers::model::{DriveAddress, PhysicalDrive};

use crate::change::Check;
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

    /// Whether it is still the drive that was named.
    pub fn check(&self, controller: &Controller) -> Check {
        const CODE: &str = "same_drive";
        let Self { address, serial } = self;
        if controller.physical_drives.is_none() {
            return Check::unread(CODE, controller, Part::PhysicalDrives);
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
