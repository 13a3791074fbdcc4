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

/// Bits of [`Battery::firmware_status`].
pub mod battery_status {
    /// There is no pack.
    pub const PACK_MISSING: u32 = 1;
    /// The voltage is low.
    pub const VOLTAGE_LOW: u32 = 1 << 1;
    /// The temperature is high.
    pub const TEMPERATURE_HIGH: u32 = 1 << 2;
    /// It charges.
    pub const CHARGING: u32 = 1 << 3;
    /// It discharges.
    pub const DISCHARGING: u32 = 1 << 4;
    /// A learn cycle is due.
    pub const LEARN_REQUESTED: u32 = 1 << 5;
    /// A learn cycle runs.
    pub const LEARN_ACTIVE: u32 = 1 << 6;
    /// The last learn cycle failed.
    pub const LEARN_FAILED: u32 = 1 << 7;
    /// The last learn cycle took too long.
    pub const LEARN_TIMEOUT: u32 = 1 << 8;
    /// The bus to it has errors.
    pub const I2C_ERRORS: u32 = 1 << 9;
    /// It must be replaced.
    pub const REPLACE_PACK: u32 = 1 << 10;
    /// It holds too little.
    pub const CAPACITY_LOW: u32 = 1 << 11;
    /// It must learn from time to time.
    pub const PERIODIC_LEARN: u32 = 1 << 12;
    /// It learns without losing its charge.
    pub const TRANSPARENT_LEARN: u32 = 1 << 13;
    /// The flash that takes the cache is full.
    pub const NO_SPACE: u32 = 1 << 14;
    /// It is about to fail.
    pub const ABOUT_TO_FAIL: u32 = 1 << 15;
    /// A licence for cache offload is missing.
    pub const OFFLOAD_LICENCE: u32 = 1 << 16;
    /// The module's microcode must be updated.
    pub const UPDATE_MICROCODE: u32 = 1 << 17;
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
    /// Firmware status bits: see [`battery_status`].
    #[serde(alias = "fw")]
    pub firmware_status: u32,
    /// Gas gauge status bits, as in the Smart Battery standard. A supercapacitor has its energy in
    /// the low byte (J), and its capacitance in the high one.
    #[serde(alias = "gas")]
    pub gauge_status: u16,
    /// Percent.
    #[serde(alias = "relcharge")]
    pub relative_charge: u16,
    /// Charger state. Of kind `bbu`: 1 complete.
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
    /// Remaining capacity at which an alarm is raised, mAh; 0 for never.
    pub capacity_alarm: u16,
    /// Minutes until empty at which an alarm is raised; 0 for never.
    pub time_alarm: u16,
}

/// How a battery was made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BatteryDesign {
    /// Date of manufacture: day in bits 0 to 4, month in bits 5 to 8, year above.
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
    /// Manufacturer's data: the version of the battery's firmware.
    #[serde(alias = "mfgdata")]
    pub data: String,
    /// Whether it can learn without losing its charge.
    pub transparent_learn: bool,
    /// Data of the application.
    pub application_data: u16,
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
    /// How it trades retention against its life, of iBBU08 and iBBU09: 1 to 5; 0 for not set.
    #[serde(alias = "bbumode")]
    pub battery_mode: u8,
}
