//! Numbers of the firmware's operations (DCMD) that the commands depend on. A scenario can make each
//! of them fail: see [`Controller::fault`](crate::state::Controller::fault).

/// The controller's information. A controller that refuses it is not found at all.
pub(super) const CONTROLLER_INFO: u32 = 0x0101_0000;
/// Marks of the event log.
pub(super) const EVENT_LOG_INFO: u32 = 0x0104_0100;
/// The list of the physical drives.
pub(super) const DRIVE_LIST: u32 = 0x0201_0000;
/// What there is to know of a physical drive.
pub(super) const DRIVE_INFO: u32 = 0x0202_0000;
/// The list of the virtual drives.
pub(super) const VIRTUAL_DRIVE_LIST: u32 = 0x0301_0000;
/// What there is to know of a virtual drive.
pub(super) const VIRTUAL_DRIVE_INFO: u32 = 0x0302_0000;
/// Drive groups, virtual drives and spares.
pub(super) const CONFIGURATION: u32 = 0x0401_0000;
/// Status of the battery.
pub(super) const BATTERY_STATUS: u32 = 0x0501_0000;
/// Capacity of the battery.
pub(super) const BATTERY_CAPACITY: u32 = 0x0502_0000;
/// Design of the battery.
pub(super) const BATTERY_DESIGN: u32 = 0x0503_0000;
/// Learn cycles of the battery.
pub(super) const BATTERY_PROPERTIES: u32 = 0x0505_0100;
