//! What keeps the controller's write cache when the power fails: a battery (BBU), or a
//! supercapacitor with flash (CacheVault).

use serde::Serialize;

use super::words;
use crate::units::{
    Celsius, Hours, Joules, MilliampHours, Milliamps, Millivolts, Minutes, Percent, Seconds,
};

words! {
    /// The module's type (`BatteryType`).
    CacheProtectionKind {
        /// There is none.
        None = "none": "No Battery",
        /// Intelligent battery.
        Ibbu = "ibbu": "iBBU",
        /// Intelligent battery, generation 8.
        Ibbu08 = "ibbu08": "iBBU08" | "iBBU-08",
        /// Intelligent battery, generation 9.
        Ibbu09 = "ibbu09": "iBBU-09" | "iBBU09",
        /// Intelligent transportable battery.
        Itbbu3 = "itbbu3": "iTBBU3",
        /// Battery without intelligence of its own.
        Bbu = "bbu": "BBU",
        /// Battery of a zero-channel controller.
        ZcrLegacy = "zcr_legacy": "ZCR Legacy",
        /// CacheVault power module.
        Cvpm02 = "cvpm02": "CVPM02",
        /// CacheVault power module.
        Cvpm05 = "cvpm05": "CVPM05",
        /// Transportable memory module with a supercapacitor.
        Tmm01 = "tmm01": "TMM01",
        /// Supercapacitor.
        Supercapacitor = "supercapacitor": "SuperCaP" | "SuperCap",
    }
}

/// What a module stores its energy in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EnergyStore {
    /// A battery: ages, is discharged and charged again in learn cycles.
    Battery,
    /// A supercapacitor: charged within minutes, writes the cache to flash.
    Supercapacitor,
}

impl CacheProtectionKind {
    /// What the module stores its energy in; `None` where the type does not tell.
    pub fn energy_store(&self) -> Option<EnergyStore> {
        let word = self.as_str();
        match self {
            Self::Ibbu | Self::Ibbu08 | Self::Ibbu09 | Self::Itbbu3 | Self::Bbu => {
                Some(EnergyStore::Battery)
            }
            Self::Cvpm02 | Self::Cvpm05 | Self::Tmm01 | Self::Supercapacitor => {
                Some(EnergyStore::Supercapacitor)
            }
            Self::Other(_) if word.starts_with("CVPM") || word.starts_with("TMM") => {
                Some(EnergyStore::Supercapacitor)
            }
            Self::Other(_) if word.starts_with("iBBU") => Some(EnergyStore::Battery),
            Self::None | Self::ZcrLegacy | Self::Other(_) => None,
        }
    }
}

words! {
    /// The tool's verdict on the module. Older builds leave it empty.
    BatteryState {
        /// Ready.
        Optimal = "optimal": "Optimal",
        /// Ready, in the words of older builds.
        Operational = "operational": "Operational",
        /// Not ready, in the words of older builds: also while charging.
        NonOperational = "non_operational": "Non Operational",
        /// In a learn cycle: write-back caching may be suspended.
        Learning = "learning": "Learning",
        /// Charging, not ready yet.
        DegradedCharging = "degraded_charging": "Degraded(Charging)" | "Degraded (Charging)",
        /// A learn cycle is due, or something needs a look.
        DegradedNeedsAttention = "degraded_needs_attention": "Degraded(Need Attention)" | "Degraded (Need Attention)",
        /// Not ready.
        Degraded = "degraded": "Degraded",
        /// To be replaced.
        Failed = "failed": "Failed",
        /// The pack is not there.
        Missing = "missing": "Missing",
        /// The tool does not know.
        Unknown = "unknown": "Unknown",
    }
}

words! {
    /// What the charger does.
    ChargingStatus {
        /// Nothing.
        None = "none": "None",
        /// Charging.
        Charging = "charging": "Charging",
        /// Discharging.
        Discharging = "discharging": "Discharging",
    }
}

words! {
    /// The firmware's verdict on a measured value.
    Grade {
        /// In range.
        Ok = "ok": "OK",
        /// Too low.
        Low = "low": "Low",
        /// Too high.
        High = "high": "High",
    }
}

words! {
    /// How the last learn cycle ended.
    LearnStatus {
        /// Well.
        Ok = "ok": "OK",
        /// It failed.
        Failed = "failed": "Failed",
        /// It failed in a way that needs attention.
        Critical = "critical": "CRITICAL",
    }
}

words! {
    /// Whether learn cycles start by themselves.
    AutoLearn {
        /// They do.
        Enabled = "enabled": "Enabled",
        /// They do not.
        Disabled = "disabled": "Disabled",
        /// They do not; an event reminds of them.
        WarnByEvent = "warn_by_event": "Warn via Event",
        /// They do, and the cache stays protected meanwhile.
        Transparent = "transparent": "Transparent",
    }
}

words! {
    /// State of a plain battery's charger.
    ChargerStatus {
        /// Fully charged.
        Complete = "complete": "Complete",
        /// Charging.
        InProgress = "in_progress": "In Progress",
        /// The charger failed.
        Failed = "failed": "Failed",
    }
}

words! {
    /// What a battery's mode does to its life.
    ServiceLife {
        /// Best.
        Best = "best": "best",
        /// Balanced.
        Balanced = "balanced": "balanced",
        /// Moderate.
        Moderate = "moderate": "moderate",
    }
}

/// How a battery trades retention against its life: `48+ Hrs retention with a non-transparent learn
/// cycle and moderate service life.`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetentionMode {
    /// For at least how long the cache is kept without power.
    #[serde(rename = "retention_hours")]
    pub retention: Hours,
    /// Whether the cache stays protected during a learn cycle.
    pub transparent_learn: bool,
    /// What it does to the battery's life.
    pub service_life: ServiceLife,
}

/// What `-GetBbumodes` lists. No controller is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetentionModes {
    /// `Undefined BBU Modes.` was printed above the list: the module names no modes of its own.
    pub undefined: bool,
    /// The modes, in the order of the text.
    pub modes: Vec<RetentionMode>,
}

/// `BBU Firmware Status`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CacheProtectionFlags {
    /// `Firmware Status`: the flags as one number, in builds that do not name them.
    pub code: Option<u64>,
    /// `Charging Status`.
    pub charging: Option<ChargingStatus>,
    /// `Voltage`, as a verdict.
    pub voltage: Option<Grade>,
    /// `Temperature`, as a verdict.
    pub temperature: Option<Grade>,
    /// `Learn Cycle Requested`.
    pub learn_requested: Option<bool>,
    /// `Learn Cycle Active`.
    pub learn_active: Option<bool>,
    /// `Learn Cycle Status`.
    pub learn_status: Option<LearnStatus>,
    /// `Learn Cycle Timeout`.
    pub learn_timeout: Option<bool>,
    /// `I2c Errors Detected`: the controller cannot talk to the module.
    pub i2c_errors: Option<bool>,
    /// `Battery Pack Missing`.
    pub pack_missing: Option<bool>,
    /// `Battery Replacement required`.
    pub replacement_required: Option<bool>,
    /// `Remaining Capacity Low`.
    pub remaining_capacity_low: Option<bool>,
    /// `Periodic Learn Required`.
    pub periodic_learn_required: Option<bool>,
    /// `Transparent Learn`.
    pub transparent_learn: Option<bool>,
    /// `No space to cache offload`.
    pub no_space_to_offload: Option<bool>,
    /// `Pack is about to fail & should be replaced`.
    pub pack_about_to_fail: Option<bool>,
    /// `Cache Offload premium feature required`.
    pub offload_feature_required: Option<bool>,
    /// `Module microcode update required`.
    pub microcode_update_required: Option<bool>,
}

/// For how long the cache is kept without power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackupTime {
    /// The printed time.
    pub hours: Hours,
    /// Whether it may be longer: `48 hours +`.
    pub or_more: bool,
}

/// What the module's gas gauge measures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GasGauge {
    /// `BBU GasGauge Status`: the flags as one number, in builds that do not name them.
    pub code: Option<u64>,
    /// `Fully Discharged`.
    pub fully_discharged: Option<bool>,
    /// `Fully Charged`.
    pub fully_charged: Option<bool>,
    /// `Discharging`. Batteries print yes while idle as well.
    pub discharging: Option<bool>,
    /// `Initialized`.
    pub initialized: Option<bool>,
    /// `Remaining Time Alarm`.
    pub remaining_time_alarm: Option<bool>,
    /// `Remaining Capacity Alarm`.
    pub remaining_capacity_alarm: Option<bool>,
    /// `Discharge Terminated`.
    pub discharge_terminated: Option<bool>,
    /// `Over Temperature`.
    pub over_temperature: Option<bool>,
    /// `Charging Terminated`.
    pub charging_terminated: Option<bool>,
    /// `Over Charged`.
    pub over_charged: Option<bool>,
    /// `Relative State of Charge`: of the present full charge.
    #[serde(rename = "relative_charge_percent")]
    pub relative_charge: Option<Percent>,
    /// `Absolute state of charge`: of the design capacity; above 100 while new.
    #[serde(rename = "absolute_charge_percent")]
    pub absolute_charge: Option<Percent>,
    /// `Charger System State`, as a number.
    pub charger_state: Option<u64>,
    /// `Charger System Ctrl`, as a number.
    pub charger_control: Option<u64>,
    /// `Charger Status`.
    pub charger_status: Option<ChargerStatus>,
    /// `Charging current`.
    #[serde(rename = "charging_current_milliamps")]
    pub charging_current: Option<Milliamps>,
    /// `Max Error`: of the measurement.
    #[serde(rename = "max_error_percent")]
    pub max_error: Option<Percent>,
    /// `Remaining Capacity`.
    #[serde(rename = "remaining_capacity_milliamp_hours")]
    pub remaining_capacity: Option<MilliampHours>,
    /// `Full Charge Capacity`.
    #[serde(rename = "full_charge_capacity_milliamp_hours")]
    pub full_charge_capacity: Option<MilliampHours>,
    /// `isSOHGood`: whether the battery's state of health is good.
    pub healthy: Option<bool>,
    /// `Pack energy`, of a supercapacitor.
    #[serde(rename = "pack_energy_joules")]
    pub pack_energy: Option<Joules>,
    /// `Capacitance`, of a supercapacitor: of the design value.
    #[serde(rename = "capacitance_percent")]
    pub capacitance: Option<Percent>,
    /// `Remaining reserve space` for the cache in flash; the tool prints no unit.
    pub remaining_reserve_space: Option<u64>,
    /// `Battery backup charge time`.
    pub backup_time: Option<BackupTime>,
}

/// `BBU Capacity Info`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatteryCapacity {
    /// `Relative State of Charge`: of the present full charge.
    #[serde(rename = "relative_charge_percent")]
    pub relative_charge: Option<Percent>,
    /// `Absolute State of charge`: of the design capacity; above 100 while new.
    #[serde(rename = "absolute_charge_percent")]
    pub absolute_charge: Option<Percent>,
    /// `Remaining Capacity`.
    #[serde(rename = "remaining_capacity_milliamp_hours")]
    pub remaining_capacity: Option<MilliampHours>,
    /// `Full Charge Capacity`.
    #[serde(rename = "full_charge_capacity_milliamp_hours")]
    pub full_charge_capacity: Option<MilliampHours>,
    /// `Run time to empty`; absent while the battery is not discharged.
    #[serde(rename = "run_time_to_empty_minutes")]
    pub run_time_to_empty: Option<Minutes>,
    /// `Average time to empty`; absent while the battery is not discharged.
    #[serde(rename = "average_time_to_empty_minutes")]
    pub average_time_to_empty: Option<Minutes>,
    /// `Estimated Time to full recharge`; absent while the battery is not charged.
    #[serde(rename = "time_to_full_minutes")]
    pub time_to_full: Option<Minutes>,
    /// `Cycle Count`.
    pub cycles: Option<u64>,
    /// `Max Error`: of the measurement.
    #[serde(rename = "max_error_percent")]
    pub max_error: Option<Percent>,
    /// `Remaining Capacity Alarm`: the threshold.
    #[serde(rename = "remaining_capacity_alarm_milliamp_hours")]
    pub remaining_capacity_alarm: Option<MilliampHours>,
    /// `Remining Time Alarm`: the threshold.
    #[serde(rename = "remaining_time_alarm_minutes")]
    pub remaining_time_alarm: Option<Minutes>,
}

/// `BBU Design Info`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatteryDesign {
    /// `Date of Manufacture`.
    pub manufactured: Option<jiff::civil::Date>,
    /// `Design Capacity` of a battery.
    #[serde(rename = "design_capacity_milliamp_hours")]
    pub capacity: Option<MilliampHours>,
    /// `Design Capacity` of a supercapacitor.
    #[serde(rename = "design_energy_joules")]
    pub energy: Option<Joules>,
    /// `Design Voltage`.
    #[serde(rename = "design_voltage_millivolts")]
    pub voltage: Option<Millivolts>,
    /// `Specification Info`, as a number.
    pub specification: Option<u64>,
    /// `Serial Number`.
    pub serial: Option<String>,
    /// `Pack Stat Configuration`, as a number.
    pub pack_configuration: Option<u64>,
    /// `Manufacture Name`.
    pub manufacturer: Option<String>,
    /// `Firmware Version`.
    pub firmware: Option<String>,
    /// `Device Name`.
    pub name: Option<String>,
    /// `Device Chemistry`: `LION`, `EDLC`, `SCap`.
    pub chemistry: Option<String>,
    /// `Battery FRU`.
    pub fru: Option<String>,
    /// `TMM FRU`: of the memory module.
    pub memory_fru: Option<String>,
    /// `Module Version`.
    pub module_version: Option<String>,
    /// `Transparent Learn`.
    pub transparent_learn: Option<bool>,
    /// `App Data`, as a number.
    pub application_data: Option<u64>,
}

/// `BBU Properties`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LearnProperties {
    /// `Auto Learn Period`, printed in days or seconds.
    #[serde(rename = "period_seconds")]
    pub period: Option<Seconds>,
    /// `Next Learn time`, on the controller's clock; absent where none is planned.
    pub next: Option<jiff::civil::DateTime>,
    /// `Learn Delay Interval`.
    #[serde(rename = "delay_hours")]
    pub delay: Option<Hours>,
    /// `Auto-Learn Mode`.
    pub auto_learn: Option<AutoLearn>,
    /// `BBU Mode`, as a number.
    pub mode: Option<u32>,
}

/// Everything that the tool says of a controller's cache protection. The parts are `None` where the
/// output does not have them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CacheProtection {
    /// `BatteryType`.
    pub kind: Option<CacheProtectionKind>,
    /// `Battery State`.
    pub state: Option<BatteryState>,
    /// `Voltage`, as a value.
    #[serde(rename = "voltage_millivolts")]
    pub voltage: Option<Millivolts>,
    /// `Current`.
    #[serde(rename = "current_milliamps")]
    pub current: Option<Milliamps>,
    /// `Temperature`, as a value.
    #[serde(rename = "temperature_celsius")]
    pub temperature: Option<Celsius>,
    /// `Design Mode`.
    pub retention_mode: Option<RetentionMode>,
    /// `BBU Firmware Status`.
    pub flags: Option<CacheProtectionFlags>,
    /// `GasGuageStatus` and what follows it.
    pub gas_gauge: Option<GasGauge>,
    /// `BBU Capacity Info`.
    pub capacity: Option<BatteryCapacity>,
    /// `BBU Design Info`.
    pub design: Option<BatteryDesign>,
    /// `BBU Properties`.
    pub learn: Option<LearnProperties>,
}
