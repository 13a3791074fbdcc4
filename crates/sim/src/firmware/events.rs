//! The events that the firmware writes. Codes, classes and words are those of published event logs and
//! of the vendor's event tables.

use crate::state::{Controller, Drive, DriveState, Event, VirtualDrive, VirtualState};

/// A kind of event: code, class and locale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    code: u32,
    class: i8,
    locale: u16,
}

const VIRTUAL: u16 = 0x01;
const PHYSICAL: u16 = 0x02;
const ENCLOSURE: u16 = 0x04;
const BATTERY: u16 = 0x08;
const CONTROLLER: u16 = 0x20;
const CONFIGURATION: u16 = 0x40;

const fn kind(code: u32, class: i8, locale: u16) -> Kind {
    Kind {
        code,
        class,
        locale,
    }
}

pub(super) const CLEARED_ALL: Kind = kind(0x04, 0, CONTROLLER);
pub(super) const ALARM_DISABLED: Kind = kind(0x07, 0, CONTROLLER);
pub(super) const ALARM_ENABLED: Kind = kind(0x08, 0, CONTROLLER);
pub(super) const BACKGROUND_RATE: Kind = kind(0x09, 0, CONTROLLER);
pub(super) const CONSISTENCY_RATE: Kind = kind(0x0e, 0, CONTROLLER);
pub(super) const FACTORY_DEFAULTS: Kind = kind(0x10, 0, CONTROLLER);
pub(super) const FLASHING: Kind = kind(0x15, 0, CONTROLLER);
pub(super) const FLASHED: Kind = kind(0x16, 0, CONTROLLER);
pub(super) const FLUSH_RATE: Kind = kind(0x1c, 0, CONTROLLER);
pub(super) const LOG_CLEARED: Kind = kind(0x1e, 0, CONTROLLER);
pub(super) const PATROL_COMPLETE: Kind = kind(0x23, 0, CONTROLLER);
pub(super) const PATROL_PAUSED: Kind = kind(0x24, 0, CONTROLLER);
pub(super) const PATROL_RATE: Kind = kind(0x25, 0, CONTROLLER);
pub(super) const PATROL_RESUMED: Kind = kind(0x26, 0, CONTROLLER);
pub(super) const PATROL_STARTED: Kind = kind(0x27, 0, CONTROLLER);
pub(super) const REBUILD_RATE: Kind = kind(0x28, 0, CONTROLLER);
pub(super) const RECONSTRUCTION_RATE: Kind = kind(0x29, 0, CONTROLLER);
pub(super) const SHUTDOWN: Kind = kind(0x2a, 0, CONTROLLER);
pub(super) const TIME_SET: Kind = kind(0x2c, 0, CONTROLLER);
pub(super) const BACKGROUND_ABORTED: Kind = kind(0x2e, 1, VIRTUAL);
pub(super) const BACKGROUND_DONE: Kind = kind(0x30, 0, VIRTUAL);
pub(super) const BACKGROUND_STARTED: Kind = kind(0x35, 0, VIRTUAL);
pub(super) const POLICY: Kind = kind(0x36, 0, VIRTUAL);
pub(super) const CHECK_ABORTED: Kind = kind(0x38, 1, VIRTUAL);
pub(super) const CHECK_CORRECTED_MEDIUM: Kind = kind(0x39, 0, VIRTUAL);
pub(super) const CHECK_DONE: Kind = kind(0x3a, 0, VIRTUAL);
pub(super) const CHECK_STARTED: Kind = kind(0x42, 0, VIRTUAL);
pub(super) const INITIALIZATION_ABORTED: Kind = kind(0x43, 1, VIRTUAL);
pub(super) const FAST_INITIALIZATION: Kind = kind(0x46, 0, VIRTUAL);
pub(super) const FULL_INITIALIZATION: Kind = kind(0x47, 0, VIRTUAL);
pub(super) const INITIALIZED: Kind = kind(0x48, 0, VIRTUAL);
pub(super) const PROPERTIES: Kind = kind(0x49, 0, VIRTUAL);
pub(super) const RECONSTRUCTED: Kind = kind(0x4a, 0, VIRTUAL);
pub(super) const RECONSTRUCTION_STARTED: Kind = kind(0x50, 0, VIRTUAL);
const VIRTUAL_STATE: Kind = kind(0x51, 0, VIRTUAL);
pub(super) const CLEAR_ABORTED: Kind = kind(0x52, 0, PHYSICAL);
pub(super) const CLEAR_STARTED: Kind = kind(0x55, 0, PHYSICAL);
pub(super) const CLEARED: Kind = kind(0x56, 0, PHYSICAL);
pub(super) const DRIVE_ERROR: Kind = kind(0x57, 1, PHYSICAL);
const INSERTED: Kind = kind(0x5b, 0, PHYSICAL);
pub(super) const PATROL_CORRECTED: Kind = kind(0x5d, 0, PHYSICAL);
pub(super) const PATROL_FOUND: Kind = kind(0x5f, 1, PHYSICAL);
pub(super) const PREDICTIVE_FAILURE: Kind = kind(0x60, 1, PHYSICAL);
pub(super) const PUNCTURED: Kind = kind(0x61, 3, PHYSICAL);
pub(super) const REBUILD_ABORTED: Kind = kind(0x62, 0, PHYSICAL);
pub(super) const REBUILT_VIRTUAL: Kind = kind(0x63, 0, VIRTUAL);
pub(super) const REBUILT: Kind = kind(0x64, 0, PHYSICAL);
pub(super) const REBUILD_FAILED_SOURCE: Kind = kind(0x65, 2, PHYSICAL);
pub(super) const REBUILD_FAILED_TARGET: Kind = kind(0x66, 2, PHYSICAL);
pub(super) const REBUILD_RESUMED: Kind = kind(0x68, 0, PHYSICAL);
pub(super) const REBUILD_STARTED_BY_USER: Kind = kind(0x69, 0, PHYSICAL);
pub(super) const REBUILD_STARTED: Kind = kind(0x6a, 0, PHYSICAL);
pub(super) const REBUILD_MEDIUM: Kind = kind(0x6d, 3, PHYSICAL);
pub(super) const CORRECTED_MEDIUM: Kind = kind(0x6e, 0, PHYSICAL);
const REMOVED: Kind = kind(0x70, 1, PHYSICAL);
const DRIVE_STATE: Kind = kind(0x72, 0, PHYSICAL);
const DRIVE_STATE_BY_USER: Kind = kind(0x73, 0, PHYSICAL);
pub(super) const DEDICATED_SPARE: Kind = kind(0x84, 0, PHYSICAL);
pub(super) const DEDICATED_SPARE_DISABLED: Kind = kind(0x85, 0, PHYSICAL);
pub(super) const GLOBAL_SPARE: Kind = kind(0x87, 0, PHYSICAL);
pub(super) const GLOBAL_SPARE_DISABLED: Kind = kind(0x88, 0, PHYSICAL);
pub(super) const CREATED: Kind = kind(0x8a, 0, VIRTUAL);
pub(super) const DELETED: Kind = kind(0x8b, 0, VIRTUAL);
pub(super) const CHARGING: Kind = kind(0x93, 0, BATTERY);
pub(super) const DISCHARGING: Kind = kind(0x94, 0, BATTERY);
pub(super) const BATTERY_FAILED: Kind = kind(0x96, 3, BATTERY);
pub(super) const LEARN_STARTED: Kind = kind(0x97, 0, BATTERY);
pub(super) const LEARN_DONE: Kind = kind(0x99, 0, BATTERY);
pub(super) const ENCLOSURE_LOST: Kind = kind(0xa6, 1, ENCLOSURE);
pub(super) const ENCLOSURE_BACK: Kind = kind(0xa7, 0, ENCLOSURE);
pub(super) const FAN_FAILED: Kind = kind(0xa8, 2, ENCLOSURE);
pub(super) const POWER_SUPPLY_FAILED: Kind = kind(0xab, 2, ENCLOSURE);
pub(super) const SENSOR_ABOVE_WARNING: Kind = kind(0xb3, 1, ENCLOSURE);
pub(super) const SENSOR_ABOVE_ERROR: Kind = kind(0xb4, 2, ENCLOSURE);
pub(super) const TOO_SMALL: Kind = kind(0xc1, 1, PHYSICAL);
pub(super) const WRITE_BACK_ON: Kind = kind(0xc2, 0, BATTERY);
pub(super) const WRITE_BACK_OFF: Kind = kind(0xc3, 1, BATTERY);
pub(super) const FOREIGN_DETECTED: Kind = kind(0xda, 0, CONFIGURATION);
pub(super) const FOREIGN_IMPORTED: Kind = kind(0xdb, 2, CONFIGURATION);
pub(super) const FOREIGN_CLEARED: Kind = kind(0xdc, 0, CONFIGURATION);
pub(super) const MARKED_MISSING: Kind = kind(0xe7, 0, PHYSICAL);
pub(super) const REPLACED_MISSING: Kind = kind(0xe8, 0, PHYSICAL);
pub(super) const SENSOR_NORMAL: Kind = kind(0xe9, 0, ENCLOSURE);
pub(super) const CACHE_DISCARDED: Kind = kind(0xed, 0, CONTROLLER);
pub(super) const CHARGED: Kind = kind(0xf2, 0, BATTERY);
pub(super) const OTHER_INTERFACE: Kind = kind(0xf5, 1, PHYSICAL);
const INSERTED_INFO: Kind = kind(0xf7, 0, PHYSICAL);
const REMOVED_INFO: Kind = kind(0xf8, 0, PHYSICAL);
pub(super) const COPYBACK_STARTED_BY_USER: Kind = kind(0x114, 0, PHYSICAL);
pub(super) const COPYBACK_DONE: Kind = kind(0x116, 0, PHYSICAL);
pub(super) const COPYBACK_RESUMED: Kind = kind(0x118, 0, PHYSICAL);
pub(super) const COPYBACK_STARTED: Kind = kind(0x119, 0, PHYSICAL);
pub(super) const COPYBACK_FAILED: Kind = kind(0x11a, 2, PHYSICAL);
pub(super) const PATROL_IMPOSSIBLE: Kind = kind(0x124, 1, CONTROLLER);
pub(super) const COPYBACK_ABORTED: Kind = kind(0x125, 0, PHYSICAL);
pub(super) const COPYBACK_GIVES_SPARE: Kind = kind(0x126, 1, PHYSICAL);
pub(super) const COPYBACK_GIVES_WAY: Kind = kind(0x127, 1, PHYSICAL);
pub(super) const FIRMWARE_STARTED: Kind = kind(0x12b, 0, PHYSICAL);
pub(super) const FIRMWARE_LOADED: Kind = kind(0x12c, 0, PHYSICAL);
pub(super) const PROPERTIES_CHANGED: Kind = kind(0x12f, 0, CONTROLLER);
pub(super) const PATROL_SCHEDULE_CHANGED: Kind = kind(0x130, 0, CONTROLLER);
pub(super) const CHECK_SCHEDULE_CHANGED: Kind = kind(0x131, 0, CONTROLLER);
pub(super) const BATTERY_PROPERTIES_CHANGED: Kind = kind(0x132, 0, BATTERY);
pub(super) const CACHE_PRESERVED: Kind = kind(0x143, 1, VIRTUAL);
pub(super) const CACHE_DESTAGED: Kind = kind(0x146, 0, VIRTUAL);
pub(super) const OTHER_MEDIUM: Kind = kind(0x14d, 1, PHYSICAL);
pub(super) const PATROL_ABORTED: Kind = kind(0x1bd, 0, PHYSICAL);

/// Entries that the log holds: as many as published logs of these controllers have at most.
const CAPACITY: usize = 8000;

/// `PD 08(e0xfc/s0)`.
pub(super) fn drive_name(drive: &Drive) -> String {
    let Drive {
        device_id,
        enclosure,
        slot,
        ..
    } = drive;
    format!("PD {device_id:02x}(e0x{:02x}/s{slot})", enclosure & 0xff)
}

/// `VD 00/0`.
pub(super) fn virtual_name(it: &VirtualDrive) -> String {
    format!("VD {:02x}/{}", it.target, it.target)
}

/// The arguments of an event, as the firmware packs them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arguments {
    None,
    Drive([u8; 4]),
    DriveState([u8; 4], u32, u32),
    Virtual([u8; 4]),
    VirtualState([u8; 4], u32, u32),
    Rate(u32),
    Words(&'static str),
    /// The clock, and the seconds since the power came.
    Time(u32, u32),
}

impl Arguments {
    pub(super) fn drive(drive: &Drive) -> [u8; 4] {
        let [low, high] = drive.device_id.to_le_bytes();
        [low, high, drive.enclosure_index, drive.slot]
    }

    pub(super) fn virtual_drive(it: &VirtualDrive) -> [u8; 4] {
        let [low, high] = it.target.to_le_bytes();
        [low, high, low, 0]
    }

    /// Type and bytes. The firmware's structure has room for 92 bytes.
    fn pack(self) -> (u8, Vec<u8>) {
        let (kind, mut bytes) = match self {
            Self::None => return (0, Vec::new()),
            Self::Virtual(it) => (0x02, it.to_vec()),
            Self::VirtualState(it, from, to) => (0x08, states(it, from, to)),
            Self::Drive(drive) => (0x0a, drive.to_vec()),
            Self::DriveState(drive, from, to) => (0x0f, states(drive, from, to)),
            Self::Rate(rate) => (0x11, rate.to_le_bytes().to_vec()),
            Self::Words(words) => (0x12, words.as_bytes().to_vec()),
            Self::Time(now, up) => (0x13, [now.to_le_bytes(), up.to_le_bytes()].concat()),
        };
        bytes.resize(92, 0);
        (kind, bytes)
    }
}

fn states(object: [u8; 4], from: u32, to: u32) -> Vec<u8> {
    [object, from.to_le_bytes(), to.to_le_bytes()].concat()
}

/// Writes an event.
pub(super) fn log(
    controller: &mut Controller,
    kind: Kind,
    description: impl Into<String>,
    arguments: Arguments,
) {
    let log = &mut controller.events;
    let newest = log.last_number();
    let (argument_type, arguments) = arguments.pack();
    log.entries.push(Event {
        sequence: newest.saturating_add(1),
        time: controller.info.time,
        code: kind.code,
        locale: kind.locale,
        class: kind.class,
        description: description.into(),
        argument_type,
        arguments,
    });
    let surplus = log.entries.len().saturating_sub(CAPACITY);
    log.entries.drain(..surplus);
}

/// Writes an event about a drive: `words` with `PD` in the place of its name.
pub(super) fn log_drive(controller: &mut Controller, kind: Kind, drive: &Drive, words: &str) {
    let description = words.replacen("PD", &drive_name(drive), 1);
    log(
        controller,
        kind,
        description,
        Arguments::Drive(Arguments::drive(drive)),
    );
}

/// Writes an event about a virtual drive: `words` with `VD` in the place of its name.
pub(super) fn log_virtual(controller: &mut Controller, kind: Kind, it: &VirtualDrive, words: &str) {
    let description = words.replacen("VD", &virtual_name(it), 1);
    log(
        controller,
        kind,
        description,
        Arguments::Virtual(Arguments::virtual_drive(it)),
    );
}

/// Writes that the firmware has found a drive.
pub(super) fn log_inserted(controller: &mut Controller, drive: &Drive) {
    log_drive(controller, INSERTED, drive, "Inserted: PD");
    let words = format!("Inserted: PD {}", place_and_address(drive));
    log_drive(controller, INSERTED_INFO, drive, &words);
}

/// Writes that a drive is gone.
pub(super) fn log_removed(controller: &mut Controller, drive: &Drive) {
    log_drive(controller, REMOVED, drive, "Removed: PD");
    let words = format!("Removed: PD {}", place_and_address(drive));
    log_drive(controller, REMOVED_INFO, drive, &words);
}

/// `Info: enclPd=fc, scsiType=0, portMap=01, sasAddr=5000c50000001a35,0000000000000000`.
fn place_and_address(drive: &Drive) -> String {
    let [first, second] = drive.sas_addresses;
    format!(
        "Info: enclPd={:02x}, scsiType={:x}, portMap={:02x}, sasAddr={first:016x},{second:016x}",
        drive.enclosure,
        drive.device_type,
        1_u32
            .checked_shl(u32::from(drive.connected_port))
            .unwrap_or_default(),
    )
}

/// The block of a bad sector, as events name it. The state keeps no map of them: the address is made of
/// the drive's own name and the time, so that it lies on the drive and a story has the same every time.
pub(super) fn bad_block(controller: &Controller, drive: &Drive) -> u64 {
    let mixed = drive.wwn.wrapping_add(u64::from(controller.info.time));
    let mixed = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16;
    mixed % drive.coerced_size.max(1)
}

/// Writes that a drive's state changes. The drive still has the old one.
pub(super) fn log_drive_state(
    controller: &mut Controller,
    drive: &Drive,
    to: DriveState,
    by_user: bool,
) {
    let from = drive.state;
    let (kind, by) = if by_user {
        (DRIVE_STATE_BY_USER, " by user")
    } else {
        (DRIVE_STATE, "")
    };
    let description = format!(
        "State change{by} on {} from {} to {}",
        drive_name(drive),
        drive_word(from),
        drive_word(to)
    );
    let arguments = Arguments::DriveState(
        Arguments::drive(drive),
        u32::from(from.code()),
        u32::from(to.code()),
    );
    log(controller, kind, description, arguments);
}

/// Writes that a virtual drive's state changes, and what it is now.
pub(super) fn log_virtual_state(controller: &mut Controller, it: &VirtualDrive, to: VirtualState) {
    let (from, name) = (it.state, virtual_name(it));
    let description = format!(
        "State change on {name} from {} to {}",
        virtual_word(from),
        virtual_word(to)
    );
    let arguments = Arguments::VirtualState(
        Arguments::virtual_drive(it),
        u32::from(from.code()),
        u32::from(to.code()),
    );
    log(controller, VIRTUAL_STATE, description, arguments);
    let (code, class, word) = match to {
        VirtualState::Optimal => (0xf9, 0, "OPTIMAL"),
        VirtualState::PartiallyDegraded => (0xfa, 1, "PARTIALLY DEGRADED"),
        VirtualState::Degraded => (0xfb, 2, "DEGRADED"),
        VirtualState::Offline | VirtualState::Code(_) => (0xfc, 3, "OFFLINE"),
    };
    let arguments = Arguments::Virtual(Arguments::virtual_drive(it));
    let description = format!("{name} is now {word}");
    log(
        controller,
        kind(code, class, VIRTUAL),
        description,
        arguments,
    );
}

/// `ONLINE(18)`.
fn drive_word(state: DriveState) -> String {
    let word = match state {
        DriveState::UnconfiguredGood => "UNCONFIGURED_GOOD",
        DriveState::UnconfiguredBad => "UNCONFIGURED_BAD",
        DriveState::HotSpare => "HOT SPARE",
        DriveState::Offline => "OFFLINE",
        DriveState::Failed => "FAILED",
        DriveState::Rebuild => "REBUILD",
        DriveState::Online => "ONLINE",
        DriveState::Copyback => "COPYBACK",
        DriveState::Jbod => "SYSTEM",
        DriveState::ShieldUnconfigured => "UNCONFIGURED_SHIELDED",
        DriveState::ShieldHotSpare => "HOT SPARE SHIELDED",
        DriveState::ShieldConfigured => "CONFIGURED_SHIELDED",
        DriveState::Code(_) => "UNKNOWN",
    };
    format!("{word}({:x})", state.code())
}

/// `OPTIMAL(3)`.
fn virtual_word(state: VirtualState) -> String {
    let word = match state {
        VirtualState::Offline => "OFFLINE",
        VirtualState::PartiallyDegraded => "PARTIALLY DEGRADED",
        VirtualState::Degraded => "DEGRADED",
        VirtualState::Optimal => "OPTIMAL",
        VirtualState::Code(_) => "UNKNOWN",
    };
    format!("{word}({:x})", state.code())
}

/// Writes the events of a start: the firmware, its version, the drives that it found.
pub(super) fn log_boot(controller: &mut Controller) {
    let info = &controller.info;
    let started = format!(
        "Firmware initialization started (PCI ID {:04x}/{:04x}/{:04x}/{:04x})",
        info.device_id, info.vendor_id, info.subdevice_id, info.subvendor_id
    );
    let image = controller.images.iter().find(|image| image.name == "APP");
    let version = image.map_or_else(String::new, |image| image.version.clone());
    controller.events.boot = controller
        .events
        .entries
        .last()
        .map_or(1, |it| it.sequence + 1);
    log(
        controller,
        kind(0x00, 0, CONTROLLER),
        started,
        Arguments::None,
    );
    log(
        controller,
        kind(0x01, 0, CONTROLLER),
        format!("Firmware version {version}"),
        Arguments::None,
    );
    for drive in controller.drives.clone() {
        log_inserted(controller, &drive);
    }
}
