//! Statuses with which the firmware refuses (`MFI_STAT`), as published drivers name them.

/// It cannot be done.
pub const NOT_POSSIBLE: u16 = 0x01;
/// The firmware knows no such operation.
pub const INVALID_COMMAND: u16 = 0x02;
/// What was asked for makes no sense.
pub const INVALID_ARGUMENTS: u16 = 0x03;
/// The array reference is not valid.
pub const NO_SUCH_ARRAY: u16 = 0x09;
/// The row has a drive.
pub const ROW_TAKEN: u16 = 0x0a;
/// The drive is used already.
pub const IN_USE: u16 = 0x0b;
/// There is no such device.
pub const NO_SUCH_DEVICE: u16 = 0x0c;
/// The drive is too small.
pub const TOO_SMALL: u16 = 0x0d;
/// The flash image is damaged, or none.
pub const IMAGE_CORRUPT: u16 = 0x11;
/// A consistency check runs on the virtual drive.
pub const CHECK_RUNS: u16 = 0x17;
/// An initialization runs on the virtual drive.
pub const INITIALIZATION_RUNS: u16 = 0x18;
/// The controller holds no more virtual drives.
pub const TOO_MANY_VIRTUAL_DRIVES: u16 = 0x1a;
/// The virtual drive is not optimal.
pub const NOT_OPTIMAL: u16 = 0x1b;
/// A reconstruction runs on the virtual drive.
pub const RECONSTRUCTION_RUNS: u16 = 0x1d;
/// Not with this RAID level.
pub const WRONG_LEVEL: u16 = 0x1e;
/// There is no such object.
pub const NO_SUCH_OBJECT: u16 = 0x23;
/// The drive is being cleared.
pub const CLEAR_RUNS: u16 = 0x25;
/// The drive is of the wrong kind.
pub const WRONG_KIND: u16 = 0x26;
/// Patrol reads are disabled.
pub const PATROL_DISABLED: u16 = 0x27;
/// There is no such row.
pub const NO_SUCH_ROW: u16 = 0x28;
/// What is asked for is in use.
pub const RESOURCE_IN_USE: u16 = 0x2f;
/// Not in this state.
pub const WRONG_STATE: u16 = 0x32;
/// The virtual drive is offline.
pub const VIRTUAL_DRIVE_OFFLINE: u16 = 0x33;
/// There is no security key.
pub const NOT_SECURED: u16 = 0x42;
/// There is a security key already.
pub const KEY_EXISTS: u16 = 0x43;
/// What is given for a security key is none.
pub const KEY_INVALID: u16 = 0x46;
/// It is not the security key.
pub const KEY_WRONG: u16 = 0x48;
/// There are virtual drives that need the security key.
pub const SECURED_EXISTS: u16 = 0x4b;
/// Nothing can be erased in an instant on this drive.
pub const NO_INSTANT_ERASE: u16 = 0x4d;
/// Some drives cannot encrypt.
pub const WRONG_SECURITY: u16 = 0x4e;
/// Cache of offline or missing virtual drives is kept.
pub const PRESERVED_CACHE: u16 = 0x54;
/// No drive can be read by a patrol.
pub const NO_PATROL_DRIVES: u16 = 0x58;
/// The drives have sectors of several sizes.
pub const SECTOR_SIZES: u16 = 0x65;
