//! `-ShowSummary`: a page about one controller, coarser than the other outputs.

use serde::Serialize;

use super::{
    Interface, MediaType, OperationKind, Power, RaidLevel, SasAddress, Slot, TargetId,
    VirtualDriveState, words,
};
use crate::units::Bytes;

words! {
    /// The tool's own verdict on a controller.
    ControllerVerdict {
        /// Nothing to do.
        Optimal = "optimal": "Optimal",
        /// Something is wrong.
        NeedAttention = "need_attention": "Need Attention",
    }
}

words! {
    /// The tool's own verdict on the cache's battery.
    BbuVerdict {
        /// Nothing to do.
        Healthy = "healthy": "Healthy",
        /// Being charged.
        Charging = "charging": "Charge Active",
        /// Being discharged.
        Discharging = "discharging": "Discharge Active",
        /// No battery on its connector.
        PackMissing = "pack_missing": "Pack Missing",
        /// Voltage too low.
        VoltageLow = "voltage_low": "Voltage Low",
    }
}

words! {
    /// The tool's own verdict on an enclosure.
    EnclosureVerdict {
        /// Nothing to do.
        Ok = "ok": "OK",
        /// A part of it failed.
        Faulty = "faulty": "Faulty",
    }
}

words! {
    /// State of a physical drive in the words of this output.
    SummaryDriveState {
        /// Member of a drive group, working.
        Online = "online": "Online",
        /// Member that was taken off line.
        Offline = "offline": "Offline",
        /// Being rebuilt.
        Rebuild = "rebuild": "Rebuild",
        /// Target of a running copyback.
        Copyback = "copyback": "Copyback",
        /// The controller gave up on it.
        Failed = "failed": "Failed",
        /// Hot spare for all drive groups.
        GlobalHotSpare = "global_hot_spare": "Global HotSpare",
        /// Hot spare for named drive groups.
        DedicatedHotSpare = "dedicated_hot_spare": "Dedicated HotSpare",
        /// Usable, belongs to nothing.
        UnconfiguredGood = "unconfigured_good": "Unconfigured Good",
        /// Not usable, belongs to nothing.
        UnconfiguredBad = "unconfigured_bad": "Unconfigured Bad",
        /// Carries the configuration of another controller.
        Foreign = "foreign": "Foreign",
        /// Given to the host as it is (JBOD).
        System = "system": "System",
        /// A state that this output has no word for, such as a drive that is being diagnosed.
        Unknown = "unknown": "Unknown",
    }
}

words! {
    /// Where a connector is.
    ConnectorLocation {
        /// Inside the host.
        Internal = "internal": "Internal",
        /// At the slot's bracket.
        External = "external": "External",
    }
}

/// One controller's page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// `Operating System`.
    pub operating_system: Option<String>,
    /// `Driver Version`.
    pub driver_version: Option<String>,
    /// `CLI Version`: of the tool.
    pub tool_version: Option<String>,
    /// Section `Controller`.
    pub controller: Option<SummaryController>,
    /// Section `BBU`; absent where there is no battery.
    pub bbu: Option<SummaryBbu>,
    /// Section `Enclosure`.
    pub enclosures: Vec<SummaryEnclosure>,
    /// Section `PD`, in the tool's order, which is not the slots'.
    pub physical_drives: Vec<SummaryDrive>,
    /// Section `Virtual Drives`.
    pub virtual_drives: Vec<SummaryVirtualDrive>,
}

/// The controller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SummaryController {
    /// `ProductName`, without the place behind it.
    pub product_name: Option<String>,
    /// Bus in the brackets behind the name; also 0 where the controller is elsewhere.
    pub bus: Option<u32>,
    /// Device in the brackets behind the name.
    pub device: Option<u32>,
    /// `SAS Address`.
    pub sas_address: Option<SasAddress>,
    /// `FW Package Version`.
    pub firmware_package: Option<String>,
    /// `Status`.
    pub status: Option<ControllerVerdict>,
}

/// The cache's battery.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SummaryBbu {
    /// `BBU Type`; often empty.
    pub kind: Option<String>,
    /// `Status`; empty where the tool has no word for it.
    pub status: Option<BbuVerdict>,
}

/// An enclosure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SummaryEnclosure {
    /// `Product Id`.
    pub product: Option<String>,
    /// `Type`: `SES`, `SGPIO`, …
    pub kind: Option<String>,
    /// `Status`.
    pub status: Option<EnclosureVerdict>,
}

/// A physical drive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SummaryDrive {
    /// First part of `Connector`: the controller's ports (`Port 0 - 3`).
    pub connector: Option<String>,
    /// `<Internal>` in `Connector`.
    pub location: Option<ConnectorLocation>,
    /// `<Encl Pos 1 >` in `Connector`: place of the enclosure in its chain, not its device id.
    pub enclosure_position: Option<u32>,
    /// `Slot` in `Connector`.
    pub slot: Option<Slot>,
    /// `Vendor Id`.
    pub vendor: Option<String>,
    /// `Product Id`: the first 16 characters of the model.
    pub model: Option<String>,
    /// `State`.
    pub state: Option<SummaryDriveState>,
    /// First part of `Disk Type`.
    pub interface: Option<Interface>,
    /// `FDE` in `Disk Type`: the drive can encrypt by itself. `None` without that line.
    pub self_encrypting: Option<bool>,
    /// Last part of `Disk Type`.
    pub media_type: Option<MediaType>,
    /// `Capacity`, rounded down by the tool.
    #[serde(rename = "capacity_bytes")]
    pub capacity: Option<Bytes>,
    /// `Power State`.
    pub power: Option<Power>,
    /// `Operation In Progress`; absent while none runs.
    pub operation: Option<OperationKind>,
}

/// A virtual drive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SummaryVirtualDrive {
    /// `Target Id`.
    pub target: Option<TargetId>,
    /// `VD name`; absent where it has none.
    pub name: Option<String>,
    /// `Size`, rounded down by the tool.
    #[serde(rename = "size_bytes")]
    pub size: Option<Bytes>,
    /// `State`.
    pub state: Option<VirtualDriveState>,
    /// `RAID Level`.
    pub raid_level: Option<RaidLevel>,
    /// `Snapshot State`; only where the controller knows snapshots.
    pub snapshots: Option<bool>,
    /// `Operation In Progress`; absent while none runs.
    pub operation: Option<OperationKind>,
}
