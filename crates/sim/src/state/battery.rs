//! Batteries and supercapacitors that keep the write cache.

use serde::{Deserialize, Serialize};

use super::codes::codes;

codes! {
    /// What keeps the cache.
    BatteryKind: u8 {
        /// Nothing.
        None = 0 "none",
        /// iBBU.
        #[default]
        Ibbu = 1 "ibbu",
        /// A battery without a learn circuit.
        Bbu = 2 "bbu",
        /// ZCR legacy.
        ZcrLegacy = 3 "zcr_legacy",
        /// iBBU with temperature sensors.
        Itbbu3 = 4 "itbbu3",
        /// iBBU08.
        Ibbu08 = 5 "ibbu08",
        /// CacheVault 02: a supercapacitor.
        CacheVault = 6 "cachevault",
        /// iBBU09.
        Ibbu09 = 7 "ibbu09",
    }
}

/// A battery or supercapacitor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Battery {
    /// What it is.
    #[serde(alias = "type")]
    pub kind: BatteryKind,
    /// Millivolts.
    pub voltage: u16,
    /// Milliamperes; below zero when discharging.
    pub current: i16,
    /// Degrees Celsius.
    pub temperature: u16,
    /// Firmware status bits: 0 pack missing, 1 voltage low, 2 temperature high, 3 charge active,
    /// 4 discharge active, 5 learn requested, 6 learn active, 7 learn failed, 8 learn timeout,
    /// 10 pack failed, 13 to 15 as the firmware has them.
    #[serde(alias = "fw")]
    pub firmware_status: u32,
    /// Gas gauge status bits.
    #[serde(alias = "gas")]
    pub gauge_status: u16,
    /// Percent.
    #[serde(alias = "relcharge")]
    pub relative_charge: u16,
    /// Charger state.
    #[serde(alias = "chargerstate")]
    pub charger_state: u16,
    /// Remaining capacity in the status of a battery of kind `bbu`, mAh.
    #[serde(alias = "remcap")]
    pub status_remaining_capacity: u16,
    /// Full capacity in the status of a battery of kind `bbu`, mAh.
    #[serde(alias = "fullcap")]
    pub status_full_capacity: u16,
    /// Whether a battery of kind `bbu` is in good health.
    #[serde(alias = "sohgood")]
    pub is_healthy: bool,
    /// Words 38 to 44 of the status of an iBBU, as the firmware stores them.
    pub ibbu38: u16,
    /// See [`Battery::ibbu38`].
    pub ibbu40: u16,
    /// See [`Battery::ibbu38`].
    pub ibbu42: u16,
    /// See [`Battery::ibbu38`].
    pub ibbu44: u16,
    /// Seconds towards the next percent of charge.
    pub charge_seconds: u16,
    /// Capacity.
    pub capacity: BatteryCapacity,
    /// Design.
    pub design: BatteryDesign,
    /// Learn cycles.
    pub properties: BatteryProperties,
}

/// What a battery holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BatteryCapacity {
    /// Percent of the full capacity.
    #[serde(alias = "relcharge")]
    pub relative_charge: u16,
    /// Percent of the design capacity.
    #[serde(alias = "abscharge")]
    pub absolute_charge: u16,
    /// mAh, or J of a supercapacitor.
    #[serde(alias = "remcap")]
    pub remaining: u16,
    /// mAh, or J of a supercapacitor.
    #[serde(alias = "fullcap")]
    pub full: u16,
    /// Minutes until empty; 0xffff for not known.
    #[serde(alias = "runtime")]
    pub run_time: u16,
    /// Average minutes until empty.
    #[serde(alias = "avgempty")]
    pub average_to_empty: u16,
    /// Average minutes until full.
    #[serde(alias = "avgfull")]
    pub average_to_full: u16,
    /// Charge cycles.
    pub cycles: u16,
    /// Margin of error, percent.
    #[serde(alias = "maxerr")]
    pub margin: u16,
}

/// How a battery was made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BatteryDesign {
    /// Date of manufacture, packed.
    #[serde(alias = "mfgdate")]
    pub date: u32,
    /// mAh, or J of a supercapacitor.
    pub capacity: u16,
    /// Millivolts.
    pub voltage: u16,
    /// Specification.
    #[serde(alias = "spec")]
    pub specification: u16,
    /// Serial number.
    pub serial: u16,
    /// Pack configuration.
    #[serde(alias = "packstat")]
    pub pack_configuration: u16,
    /// Manufacturer.
    #[serde(alias = "mfgname")]
    pub manufacturer: String,
    /// Device name.
    #[serde(alias = "devname")]
    pub device_name: String,
    /// Chemistry.
    #[serde(alias = "chem")]
    pub chemistry: String,
    /// Manufacturer's data.
    #[serde(alias = "mfgdata")]
    pub data: String,
}

/// When a battery learns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BatteryProperties {
    /// Seconds between two learn cycles.
    pub period: u32,
    /// When the next is due.
    pub next: u32,
    /// Hours by which it is delayed.
    pub delay: u8,
    /// 0 automatic, 1 disabled, 2 warn only.
    pub mode: u8,
    /// Mode of the battery.
    #[serde(alias = "bbumode")]
    pub battery_mode: u8,
}
