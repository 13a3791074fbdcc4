//! Numbers of the firmware's operations (DCMD) that the commands depend on. A scenario can make each
//! of them fail: see [`Controller::fault`](crate::state::Controller::fault).

/// The controller's information. A controller that refuses it is not found at all.
pub(super) const CONTROLLER_INFO: u32 = 0x0101_0000;
/// The properties that `-AdpGetProp` shows and `-AdpSetProp` sets.
pub(super) const PROPERTIES: u32 = 0x0102_0100;
/// Setting the properties.
pub(super) const SET_PROPERTIES: u32 = 0x0102_0200;
/// The alarm's state.
pub(super) const ALARM_STATE: u32 = 0x0103_0100;
/// The alarm is on from now on.
pub(super) const ALARM_ENABLE: u32 = 0x0103_0200;
/// The alarm is off from now on.
pub(super) const ALARM_DISABLE: u32 = 0x0103_0300;
/// The alarm that sounds is silenced.
pub(super) const ALARM_SILENCE: u32 = 0x0103_0400;
/// Marks of the event log.
pub(super) const EVENT_LOG_INFO: u32 = 0x0104_0100;
/// The event log is cleared.
pub(super) const EVENT_LOG_CLEAR: u32 = 0x0104_0200;
/// The controller is shut down.
pub(super) const SHUTDOWN: u32 = 0x0105_0000;
/// The schedule of patrol reads is set.
pub(super) const SET_PATROL: u32 = 0x0107_0300;
/// A patrol read begins.
pub(super) const PATROL_START: u32 = 0x0107_0400;
/// The patrol read that runs ends.
pub(super) const PATROL_STOP: u32 = 0x0107_0500;
/// The factory defaults.
pub(super) const DEFAULTS: u32 = 0x010e_0201;
/// The factory defaults are set.
pub(super) const SET_DEFAULTS: u32 = 0x010e_0202;
/// A new firmware is taken in.
pub(super) const FLASH: u32 = 0x010f_0300;
/// The cache is written to the drives.
pub(super) const FLUSH_CACHE: u32 = 0x0110_1000;
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
/// A learn cycle of the battery begins.
pub(super) const BATTERY_LEARN: u32 = 0x0504_0000;
/// The learn cycles of the battery are set.
pub(super) const SET_BATTERY_PROPERTIES: u32 = 0x0505_0200;

/// Sets a drive's state: off line, on line, good, JBOD, missing.
pub(super) const DRIVE_STATE: u32 = 0x0203_0100;
/// Begins a rebuild.
pub(super) const REBUILD_START: u32 = 0x0204_0100;
/// Ends a rebuild.
pub(super) const REBUILD_STOP: u32 = 0x0204_0200;
/// Begins to clear a drive.
pub(super) const CLEAR_START: u32 = 0x0205_0100;
/// Ends that.
pub(super) const CLEAR_STOP: u32 = 0x0205_0200;
/// Lets a drive's light blink.
pub(super) const LOCATE_START: u32 = 0x0207_0100;
/// Ends that.
pub(super) const LOCATE_STOP: u32 = 0x0207_0200;
/// Makes a hot spare.
pub(super) const SPARE_MAKE: u32 = 0x0404_0000;
/// Makes none of it.
pub(super) const SPARE_REMOVE: u32 = 0x0405_0000;

// Published drivers do not name the operations from here on: the numbers are the simulator's own.

/// Puts a drive into a row that misses one.
pub(super) const REPLACE_MISSING: u32 = 0x02f1_0000;
/// Stops a drive for its removal.
pub(super) const REMOVAL_PREPARE: u32 = 0x02f2_0100;
/// Lets it turn again.
pub(super) const REMOVAL_UNDO: u32 = 0x02f2_0200;
/// Begins a copyback.
pub(super) const COPYBACK_START: u32 = 0x02f3_0100;
/// Ends a copyback.
pub(super) const COPYBACK_STOP: u32 = 0x02f3_0200;
/// Lets a rebuild or copyback wait.
pub(super) const SUSPEND: u32 = 0x02f4_0100;
/// Lets it go on.
pub(super) const RESUME: u32 = 0x02f4_0200;
/// Begins to erase a drive.
pub(super) const ERASE_START: u32 = 0x02f5_0100;
/// Ends that.
pub(super) const ERASE_STOP: u32 = 0x02f5_0200;
/// Makes a drive forget its key.
pub(super) const ERASE_INSTANTLY: u32 = 0x02f5_0300;
/// Loads a firmware into a drive.
pub(super) const DRIVE_FIRMWARE: u32 = 0x02f6_0000;
