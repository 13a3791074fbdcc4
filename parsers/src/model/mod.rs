//! What the field calls things. Data only: parsing is in [`crate::megacli`], judging elsewhere.
//!
//! Glossary: a *controller* (`MegaCLI`: adapter) has *enclosures* with *slots*; a *physical drive*
//! sits in a slot. A *drive group* is a set of physical drives; a *virtual drive* is what the host
//! sees, cut from one or more drive groups. A drive group's *spans* are striped together, each with
//! its own redundancy; an *arm* is a drive's place in its span.

mod address;
mod cache_protection;
mod enclosure;
mod event;
mod missing_drive;
mod operation;
mod phy;
mod physical_drive;
mod security_key;
mod words;

pub use address::{
    Arm, ControllerId, DeviceId, DriveAddress, EnclosureId, Position, SasAddress, Section, Slot,
    TargetId,
};
pub use cache_protection::{
    AutoLearn, BackupTime, BatteryCapacity, BatteryDesign, BatteryState, CacheProtection,
    CacheProtectionFlags, CacheProtectionKind, ChargerStatus, ChargingStatus, EnergyStore,
    GasGauge, LearnProperties, LearnStatus, RetentionMode, RetentionModes, ServiceLife, Verdict,
};
pub use enclosure::{
    Element, ElementCounts, ElementStatus, Enclosure, EnclosureKind, EnclosureStatus, Fan,
    FanSpeed, TemperatureSensor, VoltageSensor,
};
pub use event::{
    Event, EventArea, EventClass, EventDatum, EventExport, EventLog, EventLogInfo, EventProperties,
    EventTime,
};
pub use missing_drive::MissingDrive;
pub use operation::{Operation, OperationKind, Progress};
pub use phy::{Phy, PhyDeviceType, PhyErrors, SpeedLimit};
pub use physical_drive::{
    Certification, DriveState, Fde, HotSpare, HotSpareKind, Inquiry, Interface, MediaType,
    PhysicalDrive, Port, PortStatus, Power, ProtectionType,
};
pub use security_key::SecurityKey;
pub(crate) use words::words;
