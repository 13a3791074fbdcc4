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

/// What an enclosure reports a status of, with the place of the first in [`Enclosure::elements`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// Power supplies.
    PowerSupply = 0,
    /// Fans.
    Fan = 16,
    /// Temperature sensors.
    Sensor = 48,
    /// Alarms.
    Alarm = 64,
    /// Enclosure service modules.
    Module = 80,
}

impl Element {
    const ALL: [Self; 5] = [
        Self::PowerSupply,
        Self::Fan,
        Self::Sensor,
        Self::Alarm,
        Self::Module,
    ];
}

/// Status codes of the SES standard.
pub mod element_status {
    /// All is well.
    pub const OK: u8 = 1;
    /// It has failed.
    pub const CRITICAL: u8 = 2;
    /// It is not as it should be.
    pub const NON_CRITICAL: u8 = 3;
}

/// An enclosure whose cable is pulled, and the drives in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LostEnclosure {
    /// The enclosure.
    pub enclosure: Enclosure,
    /// The drives in its bays.
    pub drives: Vec<super::Drive>,
}

impl Enclosure {
    /// Status of each power supply.
    pub fn power_supply_elements(&self) -> Vec<u8> {
        self.elements_of(Element::PowerSupply)
    }

    /// Status of each fan.
    pub fn fan_elements(&self) -> Vec<u8> {
        self.elements_of(Element::Fan)
    }

    /// Status of each temperature sensor.
    pub fn temperature_elements(&self) -> Vec<u8> {
        self.elements_of(Element::Sensor)
    }

    /// Status of each alarm.
    pub fn alarm_elements(&self) -> Vec<u8> {
        self.elements_of(Element::Alarm)
    }

    /// Status of each enclosure service module.
    pub fn module_elements(&self) -> Vec<u8> {
        self.elements_of(Element::Module)
    }

    /// How many of a kind there are.
    pub fn count(&self, element: Element) -> u8 {
        match element {
            Element::PowerSupply => self.power_supplies,
            Element::Fan => self.fans,
            Element::Sensor => self.temperature_sensors,
            Element::Alarm => self.alarms,
            Element::Module => self.modules,
        }
    }

    fn elements_of(&self, element: Element) -> Vec<u8> {
        let reported = self.elements.iter().skip(element as usize).copied();
        let all = reported.chain(std::iter::repeat(0));
        all.take(usize::from(self.count(element))).collect()
    }

    /// Gives one of its parts a status; the enclosure as a whole follows. `false` if there is no such
    /// part.
    pub fn report(&mut self, element: Element, number: u8, status: u8) -> bool {
        if number >= self.count(element) {
            return false;
        }
        let at = element as usize + usize::from(number);
        if self.elements.len() <= at {
            self.elements.resize(at + 1, 0);
        }
        if let Some(place) = self.elements.get_mut(at) {
            *place = status;
        }
        let is_ill = |status: &u8| !matches!(*status, 0 | element_status::OK);
        self.status = u8::from(self.elements.iter().any(is_ill));
        true
    }

    /// All its parts work.
    pub fn report_all_well(&mut self) {
        for element in Element::ALL {
            for number in 0..self.count(element) {
                self.report(element, number, element_status::OK);
            }
        }
    }
}
