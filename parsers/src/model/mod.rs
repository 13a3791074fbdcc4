//! What the field calls things. Data only: parsing is in [`crate::megacli`], judging elsewhere.
//!
//! Glossary: a *controller* (MegaCLI: adapter) has *enclosures* with *slots*; a *physical drive*
//! sits in a slot. A *drive group* is a set of physical drives; a *virtual drive* is what the host
//! sees, cut from one or more drive groups. A drive group's *spans* are striped together, each with
//! its own redundancy; an *arm* is a drive's place in its span.

mod address;
mod cache_protection;
mod controller;
mod controller_facts;
mod controller_property;
mod controller_support;
mod drive_group;
mod enclosure;
mod event;
mod log;
mod missing_drive;
mod operation;
mod outcome;
mod phy;
mod physical_drive;
mod schedule;
mod security_key;
mod summary;
mod version;
mod virtual_drive;
mod words;

pub use address::{
    Arm, ControllerId, DeviceId, DriveAddress, EnclosureId, Position, SasAddress, Section, Slot,
    TargetId,
};
pub use cache_protection::{
    AutoLearn, BackupTime, BatteryCapacity, BatteryDesign, BatteryState, CacheProtection,
    CacheProtectionFlags, CacheProtectionKind, ChargerStatus, ChargingStatus, EnergyStore,
    GasGauge, Grade, LearnProperties, LearnStatus, RetentionMode, RetentionModes, ServiceLife,
};
pub use controller::{
    Backplane, BiosErrorHandling, BootMode, Bus, ClusterInformation, Coercion, ControllerInfo,
    DevicesPresent, ErrorCounters, FlashImage, Hardware, LoadBalance, Manufacture, PciInfo,
    PortAddress, PowerSave, Settings,
};
pub use controller_facts::{Bios, BootDrive, ControllerClock, PciLocation};
pub use controller_property::{ControllerProperty, WriteBackObstacle};
pub use controller_support::{
    BiosContinue, Capabilities, ControllerDefaults, ControllerOperations, DefaultReadPolicy,
    DefaultWritePolicy, DeviceTypes, Limits, Mix, PhysicalDriveOperations, PowerSavings, SmartMode,
    SpinDownMode, UncertifiedDrives, VirtualDriveOperations, ZeroChannelRaid,
};
pub use drive_group::{
    Configuration, DriveGroup, DriveGroupKind, DriveGroupSpan, ForeignConfiguration, FreeSpace,
    SpanFreeSpace,
};
pub use enclosure::{
    Element, ElementCounts, ElementStatus, Enclosure, EnclosureKind, EnclosureStatus, Fan,
    FanSpeed, TemperatureSensor, VoltageSensor,
};
pub use event::{
    Event, EventArea, EventClass, EventDatum, EventExport, EventLog, EventLogInfo, EventProperties,
    EventTime,
};
pub use log::{TerminalLine, TextLog};
pub use missing_drive::MissingDrive;
pub use operation::{Operation, OperationKind, Progress};
pub use outcome::{Action, Advice, AdviceKind, Claim, Outcome, Says, Verdict};
pub use phy::{Phy, PhyDeviceType, PhyErrors, SpeedLimit};
pub use physical_drive::{
    Certification, DriveState, Fde, HotSpare, HotSpareKind, Inquiry, Interface, MediaType,
    PhysicalDrive, Port, PortStatus, Power, ProtectionType,
};
pub use schedule::{
    ActivityState, ConsistencyCheckMode, ConsistencyCheckSchedule, NextStart, PatrolRead,
    PatrolReadMode,
};
pub use security_key::SecurityKey;
pub use summary::{
    BbuVerdict, ConnectorLocation, ControllerVerdict, EnclosureVerdict, Summary, SummaryBbu,
    SummaryController, SummaryDrive, SummaryDriveState, SummaryEnclosure, SummaryVirtualDrive,
};
pub use version::{DriveVersion, DriverVersion, FirmwareVersion, ToolVersion};
pub use virtual_drive::{
    AccessPolicy, BackgroundInitializationSetting, CacheCadeType, CachePolicy, DiskCachePolicy,
    EncryptionType, ImportObstacle, IoPolicy, Member, PowerSavingPolicy, PreservedCache,
    PreservedCacheState, RaidLayout, RaidLevel, ReadPolicy, ScreenProgress, Span, VirtualDrive,
    VirtualDriveProperties, VirtualDriveState, WritePolicy,
};
pub(crate) use words::words;
