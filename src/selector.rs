//! Naming a drive, virtual drive or enclosure on the command line, in every form that people know:
//! `252:4`, `[252:4]`, `:4`, `c0/252:4`, `/c0/e252/s4`, `sn=…`, `wwn=…`, `id=…`, `/dev/sdX`.
//!
//! This file reads the words. Finding the drive they mean in a reading is [`crate::commands`]' work.

use std::fmt;
use std::str::FromStr;

use ironkeep_parsers::grammar;
use ironkeep_parsers::model::{ControllerId, DeviceId, DriveAddress, EnclosureId, Slot, TargetId};

/// A physical drive as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveSelector {
    /// The controller, where named.
    pub controller: Option<ControllerId>,
    /// What names the drive.
    pub name: DriveName,
    typed: String,
}

/// What names a physical drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriveName {
    /// Enclosure (or none) and slot.
    Address(DriveAddress),
    /// The serial number, case-insensitive.
    Serial(String),
    /// The world-wide name or a SAS address.
    Wwn(u64),
    /// The firmware's device id.
    DeviceId(DeviceId),
    /// A block device of this host.
    BlockDevice(String),
}

/// A virtual drive as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualDriveSelector {
    /// The controller, where named.
    pub controller: Option<ControllerId>,
    /// What names the virtual drive.
    pub name: VirtualDriveName,
    typed: String,
}

/// What names a virtual drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VirtualDriveName {
    /// Its target id.
    Target(TargetId),
    /// The name that its creator gave it.
    Name(String),
    /// A block device of this host.
    BlockDevice(String),
}

/// An enclosure as somebody typed it: `252`, `c0/252`, `/c0/e252`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnclosureSelector {
    /// The controller, where named.
    pub controller: Option<ControllerId>,
    /// Its device id.
    pub enclosure: EnclosureId,
}

/// The words are no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct SelectorError {
    expected: &'static str,
}

const DRIVE_FORMS: &str = "ENCLOSURE:SLOT (252:4, :4, c0/252:4, /c0/e252/s4), sn=SERIAL, wwn=WWN, id=DEVICE-ID or /dev/sdX";
const VIRTUAL_DRIVE_FORMS: &str = "a target id (0, c0/0, /c0/v0), name=NAME or /dev/sdX";
const ENCLOSURE_FORMS: &str = "an enclosure's device id (252, c0/252, /c0/e252)";

impl FromStr for DriveSelector {
    type Err = SelectorError;

    fn from_str(typed: &str) -> Result<Self, SelectorError> {
        let error = SelectorError {
            expected: DRIVE_FORMS,
        };
        let typed = typed.trim();
        if let Some(device) = block_device(typed) {
            return Ok(Self::new(None, DriveName::BlockDevice(device), typed));
        }
        let (controller, rest) = controller_prefix(typed);
        let name = drive_name(rest).ok_or(error)?;
        Ok(Self::new(controller, name, typed))
    }
}

impl DriveSelector {
    fn new(controller: Option<ControllerId>, name: DriveName, typed: &str) -> Self {
        Self {
            controller,
            name,
            typed: typed.to_owned(),
        }
    }
}

impl fmt::Display for DriveSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl FromStr for VirtualDriveSelector {
    type Err = SelectorError;

    fn from_str(typed: &str) -> Result<Self, SelectorError> {
        let error = SelectorError {
            expected: VIRTUAL_DRIVE_FORMS,
        };
        let typed = typed.trim();
        if let Some(device) = block_device(typed) {
            let name = VirtualDriveName::BlockDevice(device);
            return Ok(Self {
                controller: None,
                name,
                typed: typed.to_owned(),
            });
        }
        let (controller, rest) = controller_prefix(typed);
        let name = if let Some(name) = prefixed(rest, "name=") {
            VirtualDriveName::Name(name.to_owned())
        } else {
            let digits = prefixed(rest, "vd")
                .or_else(|| prefixed(rest, "v"))
                .unwrap_or(rest);
            VirtualDriveName::Target(TargetId(grammar::small(digits).ok_or(error)?))
        };
        Ok(Self {
            controller,
            name,
            typed: typed.to_owned(),
        })
    }
}

impl fmt::Display for VirtualDriveSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl EnclosureSelector {
    /// Whether it names `enclosure` of `controller`.
    pub fn is(&self, controller: Option<ControllerId>, enclosure: Option<EnclosureId>) -> bool {
        let named = self.controller;
        enclosure == Some(self.enclosure) && named.is_none_or(|id| controller == Some(id))
    }
}

impl FromStr for EnclosureSelector {
    type Err = SelectorError;

    fn from_str(typed: &str) -> Result<Self, SelectorError> {
        let (controller, rest) = controller_prefix(typed.trim());
        let digits = prefixed(rest, "e").unwrap_or(rest);
        let enclosure = grammar::small(digits)
            .map(EnclosureId)
            .ok_or(SelectorError {
                expected: ENCLOSURE_FORMS,
            })?;
        Ok(Self {
            controller,
            enclosure,
        })
    }
}

/// `/dev/sda`, `/dev/disk/by-id/…`, `sda`.
fn block_device(typed: &str) -> Option<String> {
    let kernel_name = |name: &str| {
        name.strip_prefix("sd").is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_lowercase())
                && rest
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
    };
    if typed.starts_with("/dev/") {
        Some(typed.to_owned())
    } else if kernel_name(typed) {
        Some(format!("/dev/{typed}"))
    } else {
        None
    }
}

/// `c0/…` or `/c0/…`: the controller and the rest; otherwise the text as it is.
fn controller_prefix(typed: &str) -> (Option<ControllerId>, &str) {
    let read = || {
        let (first, rest) = typed.strip_prefix('/').unwrap_or(typed).split_once('/')?;
        let digits = prefixed(first, "c")?;
        Some((ControllerId(grammar::small(digits)?), rest))
    };
    read().map_or((None, typed), |(controller, rest)| (Some(controller), rest))
}

/// What stands behind `prefix`, which is matched case-insensitively.
fn prefixed<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}

/// Everything but a block device, without the controller.
fn drive_name(text: &str) -> Option<DriveName> {
    if let Some(serial) = prefixed(text, "sn=").or_else(|| prefixed(text, "serial=")) {
        return (!serial.is_empty()).then(|| DriveName::Serial(serial.to_owned()));
    }
    if let Some(wwn) = prefixed(text, "wwn=") {
        let digits = prefixed(wwn, "naa.").unwrap_or(wwn);
        return grammar::sas_address(digits).map(DriveName::Wwn);
    }
    if let Some(id) = prefixed(text, "id=") {
        return grammar::small(id).map(|id| DriveName::DeviceId(DeviceId(id)));
    }
    if let Some((enclosure, slot)) = grammar::enclosure_and_slot(text) {
        return Some(DriveName::Address(DriveAddress { enclosure, slot }));
    }
    let (enclosure, slot) = match text.split_once('/') {
        Some((enclosure, slot)) => (Some(prefixed(enclosure, "e")?), slot),
        None => (None, text),
    };
    let enclosure = match enclosure {
        Some(digits) => Some(EnclosureId(grammar::small(digits)?)),
        None => None,
    };
    let slot = Slot(grammar::small(prefixed(slot, "s")?)?);
    Some(DriveName::Address(DriveAddress { enclosure, slot }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(enclosure: Option<u32>, slot: u32) -> DriveName {
        DriveName::Address(DriveAddress {
            enclosure: enclosure.map(EnclosureId),
            slot: Slot(slot),
        })
    }

    fn drive(typed: &str) -> (Option<u32>, DriveName) {
        let selector: DriveSelector = typed.parse().unwrap();
        (selector.controller.map(|id| id.0), selector.name)
    }

    #[test]
    fn drives_are_named_in_every_common_form() {
        assert_eq!(drive("252:4"), (None, address(Some(252), 4)));
        assert_eq!(drive("[252:4]"), (None, address(Some(252), 4)));
        assert_eq!(drive(":4"), (None, address(None, 4)));
        assert_eq!(drive("c1/252:4"), (Some(1), address(Some(252), 4)));
        assert_eq!(drive("/c0/e252/s4"), (Some(0), address(Some(252), 4)));
        assert_eq!(drive("/c0/s4"), (Some(0), address(None, 4)));
        assert_eq!(
            drive("SN=6SJ02E88"),
            (None, DriveName::Serial("6SJ02E88".to_owned()))
        );
        assert_eq!(
            drive("wwn=5000C50000001A34"),
            (None, DriveName::Wwn(0x5000_c500_0000_1a34))
        );
        assert_eq!(
            drive("wwn=0x5000c50000001a34"),
            (None, DriveName::Wwn(0x5000_c500_0000_1a34))
        );
        assert_eq!(drive("id=8"), (None, DriveName::DeviceId(DeviceId(8))));
        assert_eq!(
            drive("sda"),
            (None, DriveName::BlockDevice("/dev/sda".to_owned()))
        );
        assert_eq!(
            drive("/dev/sdb"),
            (None, DriveName::BlockDevice("/dev/sdb".to_owned()))
        );
    }

    #[test]
    fn words_that_name_nothing_are_refused_with_the_forms() {
        for typed in [
            "", "4", "252", "252:x", "sn=", "wwn=zz", "/c0/e252", "c0", "é:4",
        ] {
            let error = typed.parse::<DriveSelector>().unwrap_err();
            assert!(
                error.to_string().contains("ENCLOSURE:SLOT"),
                "{typed}: {error}"
            );
        }
    }

    #[test]
    fn virtual_drives_and_enclosures_are_named_by_number_or_path() {
        let vd = |typed: &str| {
            let selector: VirtualDriveSelector = typed.parse().unwrap();
            (selector.controller.map(|id| id.0), selector.name)
        };
        assert_eq!(vd("0"), (None, VirtualDriveName::Target(TargetId(0))));
        assert_eq!(vd("vd3"), (None, VirtualDriveName::Target(TargetId(3))));
        assert_eq!(
            vd("/c0/v3"),
            (Some(0), VirtualDriveName::Target(TargetId(3)))
        );
        assert_eq!(
            vd("c1/name=data"),
            (Some(1), VirtualDriveName::Name("data".to_owned()))
        );
        assert!("x".parse::<VirtualDriveSelector>().is_err());
        let enclosure: EnclosureSelector = "/c0/e252".parse().unwrap();
        assert_eq!(
            (enclosure.controller, enclosure.enclosure),
            (Some(ControllerId(0)), EnclosureId(252))
        );
    }
}
