//! What the field calls things. Data only: parsing is in [`crate::megacli`], judging elsewhere.
//!
//! Glossary: a *controller* (`MegaCLI`: adapter) has *enclosures* with *slots*; a *physical drive*
//! sits in a slot. A *drive group* is a set of physical drives; a *virtual drive* is what the host
//! sees, cut from one or more drive groups. A drive group's *spans* are striped together, each with
//! its own redundancy; an *arm* is a drive's place in its span.

mod address;
mod controller;
mod controller_facts;
mod controller_support;
mod physical_drive;
mod schedule;
mod words;

pub use address::{
    Arm, ControllerId, DeviceId, DriveAddress, EnclosureId, Position, SasAddress, Section, Slot,
    TargetId,
};
pub use controller::{
    Backplane, BiosErrorHandling, BootMode, Bus, ClusterInformation, Coercion, ControllerInfo,
    DevicesPresent, ErrorCounters, FlashImage, Hardware, LoadBalance, Manufacture, PciInfo,
    PortAddress, PowerSave, Settings,
};
pub use controller_facts::{Bios, BootDrive, ControllerClock, PciLocation};
pub use controller_support::{
    BiosContinue, Capabilities, ControllerDefaults, ControllerOperations, DefaultReadPolicy,
    DefaultWritePolicy, DeviceTypes, Limits, Mix, PhysicalDriveOperations, PowerSavings, SmartMode,
    SpinDownMode, UncertifiedDrives, VirtualDriveOperations, ZeroChannelRaid,
};
pub use physical_drive::{
    DriveState, Fde, HotSpare, HotSpareKind, Inquiry, Interface, MediaType, PhysicalDrive, Port,
    PortStatus, Power, ProtectionType,
};
pub use schedule::{
    ActivityState, ConsistencyCheckMode, ConsistencyCheckSchedule, NextStart, PatrolRead,
    PatrolReadMode,
};
pub(crate) use words::words;
