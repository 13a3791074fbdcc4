//! Single facts about a controller that have an output of their own.

use jiff::civil::{Date, DateTime, Time};
use serde::Serialize;

use super::{BiosErrorHandling, TargetId};

/// `-AdpGetTime`: the controller's clock. It has no zone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ControllerClock {
    /// `Date`.
    pub date: Option<Date>,
    /// `Time`.
    pub time: Option<Time>,
}

impl ControllerClock {
    /// Both, if both were read.
    pub fn date_time(&self) -> Option<DateTime> {
        Some(self.date?.to_datetime(self.time?))
    }
}

/// `-AdpGetPciInfo`: where the controller is on the host's bus. Printed in hexadecimal, in no domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PciLocation {
    /// `Bus Number`.
    pub bus: Option<u32>,
    /// `Device Number`.
    pub device: Option<u32>,
    /// `Function Number`.
    pub function: Option<u32>,
}

/// `-AdpBIOS -Dsply`: the controller's BIOS at boot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bios {
    /// Whether the host can boot from this controller.
    pub enabled: Option<bool>,
    /// What it does when it finds an error.
    pub error_handling: Option<BiosErrorHandling>,
    /// Whether it chooses a boot drive by itself.
    pub auto_select_boot: Option<bool>,
}

/// `-AdpBootDrive -Get`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BootDrive {
    /// The virtual drive that the host boots from; `None` where no drive is chosen.
    pub virtual_drive: Option<TargetId>,
}
