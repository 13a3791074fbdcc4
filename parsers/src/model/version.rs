//! Versions of the tool, the driver, controllers and drives.

use jiff::civil::Date;
use serde::Serialize;

use super::{EnclosureId, Slot};

/// `-v` and `-Version -Cli`: the tool itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToolVersion {
    /// What the tool calls itself.
    pub name: String,
    /// Its version, such as `8.07.14`.
    pub version: String,
    /// The day it was built.
    pub date: Option<Date>,
    /// The line that says who made it.
    pub copyright: Option<String>,
}

/// `-Version -Ctrl`: a controller's firmware. The output does not number controllers; the serial
/// number tells which it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirmwareVersion {
    /// `Product Name`.
    pub product_name: Option<String>,
    /// `Serial No`.
    pub serial: Option<String>,
    /// `Fw Package Build`: the version by which firmware is published.
    pub firmware_package: Option<String>,
    /// `FW Version`: of the firmware image inside the package.
    pub firmware: Option<String>,
}

/// `-Version -Driver`: the host's driver, once for each controller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriverVersion {
    /// `Driver Name`.
    pub name: Option<String>,
    /// `Driver Version`; the tool often leaves it empty.
    pub version: Option<String>,
}

/// `-Version -Pd`: a physical drive's firmware. The output names no controller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriveVersion {
    /// `None` for a direct-attached drive, which the tool prints as 65535.
    pub enclosure: Option<EnclosureId>,
    /// The slot.
    pub slot: Option<Slot>,
    /// Model: the first 16 characters of it, which is all that the inquiry data holds.
    pub model: Option<String>,
    /// Firmware.
    pub firmware: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
}
