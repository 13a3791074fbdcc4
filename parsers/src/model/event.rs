//! The controller's event log.

use serde::{Deserialize, Serialize};

use super::{Arm, DeviceId, EnclosureId, SasAddress, Slot, TargetId};
use crate::units::{Percent, Seconds};

/// When something happened, on the controller's clock, which has no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventTime {
    /// The clock was set.
    Clock(jiff::civil::DateTime),
    /// The clock was not set yet: seconds since the controller started.
    SinceBootSeconds(Seconds),
}

/// How grave an event is. In order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventClass {
    /// -2.
    Debug,
    /// -1: how far a long operation is.
    Progress,
    /// 0.
    Information,
    /// 1: a part may be about to fail.
    Warning,
    /// 2: a part has failed; no data is lost.
    Critical,
    /// 3: a part has failed; data is lost or may be.
    Fatal,
    /// 4: the controller has failed.
    Dead,
}

impl EventClass {
    /// Every class, in order.
    pub const ALL: [Self; 7] = [
        Self::Debug,
        Self::Progress,
        Self::Information,
        Self::Warning,
        Self::Critical,
        Self::Fatal,
        Self::Dead,
    ];
}

/// What an event is about (`Locale`, a set of bits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventArea {
    /// 0x01.
    VirtualDrive,
    /// 0x02.
    PhysicalDrive,
    /// 0x04.
    Enclosure,
    /// 0x08: battery or supercapacitor.
    CacheProtection,
    /// 0x10.
    Sas,
    /// 0x20.
    Controller,
    /// 0x40.
    Configuration,
    /// 0x80.
    Cluster,
    /// A bit without a name.
    Other(u64),
}

/// Settings of a virtual drive, as an event about their change gives them: numbers of the firmware.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventProperties {
    /// `Access Policy`.
    pub access_policy: Option<u32>,
    /// `Current Cache Policy`.
    pub current_cache_policy: Option<u32>,
    /// `Default Cache Policy`.
    pub default_cache_policy: Option<u32>,
    /// `Disk Cache Policy`.
    pub disk_cache_policy: Option<u32>,
    /// `Name`.
    pub name: Option<String>,
    /// `NoBgi`: background initialisation is switched off.
    pub no_background_initialization: Option<u32>,
}

/// One line of an event's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventDatum {
    /// `Device ID`.
    DeviceId(DeviceId),
    /// `Enclosure Device ID`.
    EnclosureId(EnclosureId),
    /// `Enclosure Index`.
    EnclosureIndex(u32),
    /// `Slot Number`; 255 where the device has no slot.
    Slot(Slot),
    /// `Target Id`.
    Target(TargetId),
    /// `Previous state`: the firmware's number, of a physical or a virtual drive.
    PreviousState(u32),
    /// `New state`: the firmware's number, of a physical or a virtual drive.
    NewState(u32),
    /// `Error`.
    Error(u64),
    /// `LBA`.
    Lba(u64),
    /// `VD LBA`.
    VirtualDriveLba(u64),
    /// `PD LBA`.
    PhysicalDriveLba(u64),
    /// `Bad LBA`.
    BadLba(u64),
    /// `Remapped LBA`.
    RemappedLba(u64),
    /// `Strip`.
    Strip(u64),
    /// `LD Count`.
    Count(u64),
    /// `VendorId`, hexadecimal in the text.
    PciVendor(u64),
    /// `DeviceId`, hexadecimal in the text.
    PciDevice(u64),
    /// `SubVendorId`, hexadecimal in the text.
    PciSubvendor(u64),
    /// `SubDeviceId`, hexadecimal in the text.
    PciSubdevice(u64),
    /// `Rate`.
    RatePercent(Percent),
    /// `String`.
    Text(String),
    /// `Elapsed Time since power-on`.
    SincePowerOnSeconds(Seconds),
    /// `Time`.
    ControllerTime(jiff::civil::DateTime),
    /// `Previous LD Properties`.
    PreviousProperties(EventProperties),
    /// `New LD Properties`.
    NewProperties(EventProperties),
    /// `Spare Type`.
    SpareType(String),
    /// `Arrays Dedicated to`: span references.
    DedicatedTo(Vec<u32>),
    /// `Index`.
    Index(u32),
    /// `Array`: span reference.
    SpanReference(u32),
    /// `Row`.
    Arm(Arm),
    /// `SAS Address 1` or `2`; zero is left out.
    SasAddress(SasAddress),
    /// `CDB Length`.
    CommandLength(u32),
    /// `CDB Data`: all bytes that are printed, also beyond the length.
    Command(Vec<u8>),
    /// `Sense Length`.
    SenseLength(u32),
    /// `Sense Data`: all bytes that are printed, also beyond the length.
    Sense(Vec<u8>),
    /// `Previous Owner`.
    PreviousOwner(u32),
    /// `New Owner`.
    NewOwner(u32),
    /// `ECAR Register`: address of a memory error.
    EcarRegister(u64),
    /// `ELOG Register`: kind of a memory error.
    ElogRegister(u64),
    /// `Description`.
    Description(String),
    /// `Pass Count`.
    PassCount(u64),
    /// `Offset of Failure`, as printed: the tool does not say in which base.
    FailureOffset(String),
    /// `Good Data`, as printed: the tool does not say in which base.
    GoodData(String),
    /// `Bad Data`, as printed: the tool does not say in which base.
    BadData(String),
    /// `Diag Name`.
    DiagnosticName(String),
    /// `Port`.
    Port(u32),
    /// `Phy`.
    Phy(u32),
    /// `Redundant path is N`.
    RedundantPath(u32),
}

/// An entry of the event log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// `seqNum`: rises by one with every event, over restarts. Absent in excerpts.
    pub sequence: Option<u64>,
    /// `Time` or `Seconds since last reboot`.
    pub time: Option<EventTime>,
    /// `Code`: which event it is.
    pub code: Option<u64>,
    /// `Class`.
    pub class: Option<EventClass>,
    /// `Locale`.
    pub areas: Option<Vec<EventArea>>,
    /// `Event Description`.
    pub description: Option<String>,
    /// `Event Data`, in the order of the text; empty for `None`.
    pub data: Vec<EventDatum>,
}

/// A file written by an event-log command: one controller's part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventLog {
    /// `Number of Events`: how many the log has. A filter shows fewer of them.
    pub logged: Option<u64>,
    /// The events, in the order of the text: `-GetLatest` begins with the newest.
    pub events: Vec<Event>,
}

/// Positions in the event log. 0 means that there was no such event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventLogInfo {
    /// `Newest Seqnum`.
    pub newest: Option<u64>,
    /// `Oldest Seqnum`.
    pub oldest: Option<u64>,
    /// `Clear Seqnum`: where the log was last cleared.
    pub clear: Option<u64>,
    /// `Shutdown Seqnum`: the last shutdown.
    pub shutdown: Option<u64>,
    /// `Reboot Seqnum`: the last start.
    pub reboot: Option<u64>,
}

/// What an event-log command that writes a file says on its standard output.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventExport {
    /// How many times success was reported: once per controller.
    pub successes: u32,
    /// Whether the tool says that nothing of the wanted kind is logged.
    pub nothing_logged: bool,
}
