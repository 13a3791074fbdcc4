//! The controller's SAS links.

use serde::Serialize;

use super::{SasAddress, words};
use crate::units::BitsPerSecond;

words! {
    /// What a phy says is at its end.
    PhyDeviceType {
        /// The controller itself, as it manages expanders.
        SmpInitiator = "smp_initiator": "SMP Initiator",
    }
}

/// The highest speed that a phy may negotiate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SpeedLimit {
    /// `No limit`.
    Unlimited,
    /// Not faster than this.
    BitsPerSecond(BitsPerSecond),
}

/// One of the controller's phys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Phy {
    /// `Phy N Information`: the number that was asked for.
    pub number: u32,
    /// `SAS Address`; absent where it is zero.
    pub sas_address: Option<SasAddress>,
    /// `Phy Identifier`.
    pub identifier: Option<u32>,
    /// `Device Type`; absent where it is empty.
    pub device_type: Option<PhyDeviceType>,
    /// `Link Speed is`.
    pub speed_limit: Option<SpeedLimit>,
}

/// A phy's error counters. They rise with a bad cable, backplane or expander.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhyErrors {
    /// `Phy No`.
    pub number: u32,
    /// `Invalid DWord Count`.
    pub invalid_dwords: Option<u64>,
    /// `Running Disparity Error Count`.
    pub running_disparity_errors: Option<u64>,
    /// `Loss of DWord Synch Count`.
    pub losses_of_dword_synchronization: Option<u64>,
    /// `Phy Reset problem Count`.
    pub reset_problems: Option<u64>,
}
