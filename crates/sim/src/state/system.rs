//! What the host's operating system tells, and how the host boots from a controller.

use serde::{Deserialize, Serialize};

use super::FirmwareImage;

/// The operating system that MegaCLI runs on, as `-AdpAlILog` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct System {
    /// The host's own clock.
    pub time: u32,
    /// Name and version of the kernel.
    pub kernel: String,
    /// Memory, KiB.
    pub memory_kib: u64,
    /// The processor.
    pub processor: String,
    /// Name of the driver.
    pub driver: String,
    /// Version of the driver.
    pub driver_version: String,
}

impl Default for System {
    /// The host on which the captures were made.
    fn default() -> Self {
        Self {
            time: 755_081_200,
            kernel: "Linux version 6.1.0-18-amd64".to_owned(),
            memory_kib: 32_768_000,
            processor: "Intel(R) Xeon(R) CPU E5-2620 v2 @ 2.10GHz".to_owned(),
            driver: "megaraid_sas".to_owned(),
            driver_version: "07.719.03.00-rc1".to_owned(),
        }
    }
}

/// What waits for the next start of the host.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AtRestart {
    /// Whether the controller goes back to its factory defaults.
    pub factory_defaults: bool,
    /// Version of a firmware package that was taken in.
    pub package: Option<String>,
    /// Its images.
    pub images: Vec<FirmwareImage>,
}

/// How the host boots from a controller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Boot {
    /// Whether the controller's BIOS runs.
    pub bios: bool,
    /// Whether it goes on after errors.
    pub continues_on_error: bool,
    /// Whether it chooses the virtual drive to boot from by itself.
    pub selects_drive: bool,
    /// Seconds that it waits.
    pub delay: u32,
    /// Target of the virtual drive to boot from.
    pub virtual_drive: Option<u16>,
    /// Device id of the JBOD drive to boot from, instead of a virtual drive.
    pub drive: Option<u16>,
}

impl Default for Boot {
    /// As a controller comes: it boots from the first virtual drive.
    fn default() -> Self {
        Self {
            bios: true,
            continues_on_error: false,
            selects_drive: false,
            delay: 90,
            virtual_drive: Some(0),
            drive: None,
        }
    }
}
