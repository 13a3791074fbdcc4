//! Enclosures and what is built into them.

use serde::Serialize;

use super::{EnclosureId, words};
use crate::units::{Celsius, Millivolts};

words! {
    /// State of an enclosure as a whole.
    EnclosureStatus {
        /// Nothing to report.
        Normal = "normal": "Normal",
        /// A part has a fault, or the enclosure does not answer as expected.
        Fault = "fault": "Fault",
    }
}

words! {
    /// The protocol through which the controller talks to the enclosure.
    EnclosureKind {
        /// SCSI enclosure services: sensors and LEDs.
        Ses = "ses": "SES",
        /// A backplane with LEDs only.
        Sgpio = "sgpio": "SGPIO",
        /// Older parallel SCSI enclosures.
        Safte = "safte": "SAFTE" | "SAF-TE",
        /// The tool does not know.
        Unknown = "unknown": "Unknown",
    }
}

words! {
    /// State of a part of an enclosure, in the words of SCSI enclosure services.
    ElementStatus {
        /// Working.
        Ok = "ok": "OK",
        /// A failure that endangers the enclosure.
        Critical = "critical": "Critical",
        /// A failure that does not.
        NonCritical = "non_critical": "Non Critical" | "Non-Critical" | "Noncritical",
        /// A failure that needs the power to be switched off.
        Unrecoverable = "unrecoverable": "Unrecoverable",
        /// The place is empty.
        NotInstalled = "not_installed": "Not Installed",
        /// The sensor failed, or the part cannot be reached.
        Unknown = "unknown": "Unknown",
        /// Installed, but not switched on.
        NotAvailable = "not_available": "Not Available",
        /// The enclosure does not watch it.
        Unsupported = "unsupported": "Unsupported" | "Not Supported",
    }
}

words! {
    /// How fast a fan turns.
    FanSpeed {
        /// Not at all.
        Stopped = "stopped": "Stopped" | "Stop",
        /// The lowest step.
        Low = "low": "Low Speed",
        /// In between.
        Medium = "medium": "Medium Speed",
        /// The highest step.
        High = "high": "High Speed",
    }
}

/// A slot, power supply, alarm, SIM module or chassis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Element {
    /// Number among its kind, from 0.
    pub number: u32,
    /// `… Status`.
    pub status: Option<ElementStatus>,
}

/// A fan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fan {
    /// Number among the fans, from 0.
    pub number: u32,
    /// `Fan Speed`; absent where the enclosure does not say.
    pub speed: Option<FanSpeed>,
    /// `Fan Status`.
    pub status: Option<ElementStatus>,
}

/// A temperature sensor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TemperatureSensor {
    /// Number among the temperature sensors, from 0.
    pub number: u32,
    /// `Temperature`.
    #[serde(rename = "temperature_celsius")]
    pub temperature: Option<Celsius>,
    /// `Temperature Sensor Status`.
    pub status: Option<ElementStatus>,
}

/// A voltage sensor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VoltageSensor {
    /// Number among the voltage sensors, from 0.
    pub number: u32,
    /// `Voltage Value`.
    #[serde(rename = "voltage_millivolts")]
    pub voltage: Option<Millivolts>,
    /// `Voltage Sensor Status`.
    pub status: Option<ElementStatus>,
}

/// How many parts an enclosure says it has. `None` where the output does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ElementCounts {
    /// `Number of Slots`.
    pub slots: Option<u32>,
    /// `Number of Power Supplies`.
    pub power_supplies: Option<u32>,
    /// `Number of Fans`.
    pub fans: Option<u32>,
    /// `Number of Temperature Sensors`.
    pub temperature_sensors: Option<u32>,
    /// `Number of Voltage Sensors`.
    pub voltage_sensors: Option<u32>,
    /// `Number of Alarms`.
    pub alarms: Option<u32>,
    /// `Number of SIM Modules`.
    pub sim_modules: Option<u32>,
    /// `Number of Chassis`.
    pub chassis: Option<u32>,
    /// `Number of Physical Drives`.
    pub physical_drives: Option<u32>,
}

/// An enclosure or backplane. `-EncInfo` tells what it is and some of its parts, `-EncStatus` the
/// state of all its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enclosure {
    /// `Enclosure N`: counts the controller's enclosures, from 0. Not the device id.
    pub index: u32,
    /// `Device ID`: the number that addresses its drives. `-EncStatus` does not tell it.
    pub id: Option<EnclosureId>,
    /// `Status`.
    pub status: Option<EnclosureStatus>,
    /// `Position`: place in the chain.
    pub position: Option<u32>,
    /// `Connector Name`; absent while unavailable.
    pub connector: Option<String>,
    /// `Enclosure type`.
    pub kind: Option<EnclosureKind>,
    /// `FRU Part Number`.
    pub fru: Option<String>,
    /// `Enclosure Serial Number`.
    pub serial: Option<String>,
    /// `ESM Serial Number`: of the module that speaks for the enclosure.
    pub esm_serial: Option<String>,
    /// `Enclosure Zoning Mode`.
    pub zoning_mode: Option<String>,
    /// `Partner Device Id`: the same enclosure on its other path; absent where there is none (65535).
    pub partner: Option<EnclosureId>,
    /// `Vendor Identification`.
    pub vendor: Option<String>,
    /// `Product Identification`.
    pub model: Option<String>,
    /// `Product Revision Level`.
    pub firmware: Option<String>,
    /// `Vendor Specific`.
    pub vendor_specific: Option<String>,
    /// How many parts it says it has.
    pub counts: ElementCounts,
    /// The slots, empty or not.
    pub slots: Vec<Element>,
    /// The power supplies.
    pub power_supplies: Vec<Element>,
    /// The fans.
    pub fans: Vec<Fan>,
    /// The temperature sensors.
    pub temperature_sensors: Vec<TemperatureSensor>,
    /// The voltage sensors.
    pub voltage_sensors: Vec<VoltageSensor>,
    /// The alarms.
    pub alarms: Vec<Element>,
    /// The SIM modules.
    pub sim_modules: Vec<Element>,
    /// The chassis.
    pub chassis: Vec<Element>,
}
