//! Enclosures and backplanes.

use serde::{Deserialize, Serialize};

use super::codes::codes;

codes! {
    /// What an enclosure is managed by.
    EnclosureKind: u8 {
        /// Nothing.
        None = 0 "none",
        /// SAF-TE.
        Safte = 1 "safte",
        /// SCSI enclosure services.
        Ses = 2 "ses",
        /// A backplane on a sideband bus.
        #[default]
        Sgpio = 3 "sgpio",
        /// I2C.
        I2c = 4 "i2c",
    }
}

/// An enclosure with its bays and sensors.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Enclosure {
    /// Device id.
    #[serde(alias = "dev")]
    pub device_id: u16,
    /// Index: 0 is the controller's own backplane.
    #[serde(alias = "idx")]
    pub index: u8,
    /// Position in its chain.
    #[serde(alias = "pos")]
    pub position: u8,
    /// Number of bays.
    pub slots: u8,
    /// Vendor.
    pub vendor: String,
    /// Product.
    pub product: String,
    /// Product revision.
    #[serde(alias = "rev")]
    pub revision: String,
    /// Vendor's own text.
    #[serde(alias = "vspec")]
    pub vendor_specific: String,
    /// What manages it.
    #[serde(alias = "type")]
    pub kind: EnclosureKind,
    /// SAS address.
    #[serde(alias = "sas")]
    pub sas_address: u64,
    /// Number of power supplies.
    #[serde(alias = "nps")]
    pub power_supplies: u8,
    /// Number of fans.
    #[serde(alias = "nfan")]
    pub fans: u8,
    /// Number of alarms.
    #[serde(alias = "nalarm")]
    pub alarms: u8,
    /// Number of enclosure service modules.
    #[serde(alias = "nsim")]
    pub modules: u8,
    /// Number of temperature sensors.
    #[serde(alias = "ntemp")]
    pub temperature_sensors: u8,
    /// Readings of the temperature sensors, degrees Celsius.
    pub temperatures: Vec<u8>,
    /// Connector by which it hangs on the controller.
    pub connector: u8,
    /// Status codes of the SES standard, a byte each, where the firmware keeps them: power supplies
    /// from 0, fans from 16, temperature sensors from 48, alarms from 64, modules from 80. What lies
    /// beyond the end is 0: not reported.
    pub elements: Vec<u8>,
    /// Status of the enclosure as a whole, as the firmware reports it.
    pub status: u8,
}

impl Enclosure {
    /// Status of each power supply.
    pub fn power_supply_elements(&self) -> Vec<u8> {
        self.elements_from(0, self.power_supplies)
    }

    /// Status of each fan.
    pub fn fan_elements(&self) -> Vec<u8> {
        self.elements_from(16, self.fans)
    }

    /// Status of each temperature sensor.
    pub fn temperature_elements(&self) -> Vec<u8> {
        self.elements_from(48, self.temperature_sensors)
    }

    /// Status of each alarm.
    pub fn alarm_elements(&self) -> Vec<u8> {
        self.elements_from(64, self.alarms)
    }

    /// Status of each enclosure service module.
    pub fn module_elements(&self) -> Vec<u8> {
        self.elements_from(80, self.modules)
    }

    fn elements_from(&self, first: usize, count: u8) -> Vec<u8> {
        let reported = self.elements.iter().skip(first).copied();
        let all = reported.chain(std::iter::repeat(0));
        all.take(usize::from(count)).collect()
    }
}
