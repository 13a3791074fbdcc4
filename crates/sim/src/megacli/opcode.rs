//! Numbers of the firmware's operations (DCMD) that the commands depend on. A scenario can make each
//! of them fail: see [`Controller::fault`](crate::state::Controller::fault).

/// The controller's information. A controller that refuses it is not found at all.
pub(super) const CONTROLLER_INFO: u32 = 0x0101_0000;
/// The properties that `-AdpGetProp` shows and `-AdpSetProp` sets.
pub(super) const PROPERTIES: u32 = 0x0102_0100;
/// The alarm's state.
pub(super) const ALARM_STATE: u32 = 0x0103_0100;
/// Marks of the event log.
pub(super) const EVENT_LOG_INFO: u32 = 0x0104_0100;
/// The factory defaults.
pub(super) const DEFAULTS: u32 = 0x010e_0201;
/// The list of the physical drives.
pub(super) const DRIVE_LIST: u32 = 0x0201_0000;
/// What there is to know of a physical drive.
pub(super) const DRIVE_INFO: u32 = 0x0202_0000;
/// The list of the virtual drives.
pub(super) const VIRTUAL_DRIVE_LIST: u32 = 0x0301_0000;
/// What there is to know of a virtual drive.
pub(super) const VIRTUAL_DRIVE_INFO: u32 = 0x0302_0000;
/// Setting a virtual drive's properties.
pub(super) const SET_VIRTUAL_DRIVE: u32 = 0x0304_0000;
/// A virtual drive is encrypted.
pub(super) const SECURE_VIRTUAL_DRIVE: u32 = 0x0305_0000;
/// A virtual drive's initialization begins.
pub(super) const INITIALIZATION_START: u32 = 0x0306_0100;
/// A virtual drive's initialization ends.
pub(super) const INITIALIZATION_ABORT: u32 = 0x0306_0200;
/// A consistency check begins.
pub(super) const CHECK_START: u32 = 0x0307_0100;
/// A consistency check ends.
pub(super) const CHECK_ABORT: u32 = 0x0307_0200;
/// A background initialization ends.
pub(super) const BACKGROUND_ABORT: u32 = 0x0308_0200;
/// A virtual drive is deleted.
pub(super) const DELETE_VIRTUAL_DRIVE: u32 = 0x0309_0000;
/// A reconstruction begins.
pub(super) const RECONSTRUCTION_START: u32 = 0x030a_0100;
/// Preserved cache is thrown away.
pub(super) const DISCARD_CACHE: u32 = 0x030d_0000;
/// A virtual drive grows on its own drives.
pub(super) const EXPAND_VIRTUAL_DRIVE: u32 = 0x0310_0000;
/// Drive groups, virtual drives and spares.
pub(super) const CONFIGURATION: u32 = 0x0401_0000;
/// Drive groups and virtual drives are made.
pub(super) const CONFIGURATION_ADD: u32 = 0x0402_0000;
/// All drive groups, virtual drives and spares are deleted.
pub(super) const CONFIGURATION_CLEAR: u32 = 0x0403_0000;
/// A foreign configuration is imported.
pub(super) const FOREIGN_IMPORT: u32 = 0x0406_0400;
/// A foreign configuration is dropped.
pub(super) const FOREIGN_CLEAR: u32 = 0x0406_0500;
/// Status of the battery.
pub(super) const BATTERY_STATUS: u32 = 0x0501_0000;
/// Capacity of the battery.
pub(super) const BATTERY_CAPACITY: u32 = 0x0502_0000;
/// Design of the battery.
pub(super) const BATTERY_DESIGN: u32 = 0x0503_0000;
/// Learn cycles of the battery.
pub(super) const BATTERY_PROPERTIES: u32 = 0x0505_0100;
