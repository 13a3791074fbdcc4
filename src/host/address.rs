//! The addresses by which a controller's drives are found on the host.

use std::fmt;
use std::str::FromStr;

use ironkeep_parsers::model::{DeviceId, PciLocation, TargetId};
use serde::{Serialize, Serializer};

/// Where a controller sits on the PCI bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PciAddress {
    /// The domain (segment); `None` where the source does not print one, as `-AdpGetPciInfo`.
    pub domain: Option<u32>,
    /// The bus.
    pub bus: u8,
    /// The device on the bus.
    pub device: u8,
    /// The device's function.
    pub function: u8,
}

impl PciAddress {
    /// The address that a reading gives; `None` where a part of it is missing or out of range.
    pub fn of(location: &PciLocation) -> Option<Self> {
        Self::new(
            None,
            u8::try_from(location.bus?).ok()?,
            u8::try_from(location.device?).ok()?,
            u8::try_from(location.function?).ok()?,
        )
    }

    /// PCI has five bits for the device and three for the function.
    fn new(domain: Option<u32>, bus: u8, device: u8, function: u8) -> Option<Self> {
        (device < 32 && function < 8).then_some(Self {
            domain,
            bus,
            device,
            function,
        })
    }

    /// Whether both can name the same place: a domain that is not printed matches every domain.
    pub fn matches(self, other: Self) -> bool {
        let same_domain = match (self.domain, other.domain) {
            (Some(mine), Some(theirs)) => mine == theirs,
            (None, _) | (_, None) => true,
        };
        same_domain
            && (self.bus, self.device, self.function) == (other.bus, other.device, other.function)
    }
}

impl fmt::Display for PciAddress {
    /// `0000:03:00.0`, the way sysfs and lspci write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(domain) = self.domain {
            write!(f, "{domain:04x}:")?;
        }
        write!(
            f,
            "{:02x}:{:02x}.{:x}",
            self.bus, self.device, self.function
        )
    }
}

impl Serialize for PciAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for PciAddress {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PciAddress".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^([0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]$"
        })
    }
}

impl FromStr for PciAddress {
    type Err = NotAnAddress;

    /// Reads `0000:03:00.0` or `03:00.0`. A domain may have more than four digits (`10000:e1:00.0`).
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let (slot, function) = text.rsplit_once('.').ok_or(NotAnAddress)?;
        let (rest, device) = slot.rsplit_once(':').ok_or(NotAnAddress)?;
        let (domain, bus) = match rest.rsplit_once(':') {
            Some((domain, bus)) => (Some(domain), bus),
            None => (None, rest),
        };
        let byte = |digits, length: usize| {
            let number = hexadecimal(digits, length..=length)?;
            u8::try_from(number).map_err(|_| NotAnAddress)
        };
        Self::new(
            domain
                .map(|digits| hexadecimal(digits, 4..=8))
                .transpose()?,
            byte(bus, 2)?,
            byte(device, 2)?,
            byte(function, 1)?,
        )
        .ok_or(NotAnAddress)
    }
}

fn hexadecimal(text: &str, length: std::ops::RangeInclusive<usize>) -> Result<u32, NotAnAddress> {
    if length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u32::from_str_radix(text, 16).map_err(|_| NotAnAddress)
    } else {
        Err(NotAnAddress)
    }
}

/// What a controller shows the host as a SCSI disk.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A virtual drive.
    VirtualDrive(TargetId),
    /// A physical drive that is given to the host as it is (JBOD, system drive).
    PhysicalDrive(DeviceId),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VirtualDrive(target) => write!(f, "virtual drive {target}"),
            Self::PhysicalDrive(device) => write!(f, "physical drive with device id {device}"),
        }
    }
}

/// The SCSI address of a disk: the name of its directory in sysfs (`0:2:0:0`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScsiAddress {
    /// The SCSI host's number.
    pub host: u32,
    /// The channel (bus).
    pub channel: u32,
    /// The id on the channel.
    pub id: u32,
    /// The logical unit.
    pub lun: u64,
}

/// `MEGASAS_MAX_PD_CHANNELS` of the Linux driver's `megaraid_sas.h`: channels 0 and 1 hold physical
/// drives.
const PHYSICAL_DRIVE_CHANNELS: u32 = 2;
/// `MEGASAS_MAX_LD_CHANNELS`, same header: channels 2 and 3 hold virtual drives.
const VIRTUAL_DRIVE_CHANNELS: u32 = 2;
/// `MEGASAS_MAX_DEV_PER_CHANNEL`, same header.
const DRIVES_PER_CHANNEL: u32 = 128;

impl ScsiAddress {
    /// What the `megaraid_sas` driver shows at this address; `None` where it shows no drive.
    ///
    /// The driver's own arithmetic, `megaraid_sas.h`: `MEGASAS_IS_LOGICAL` (channel 2 and up),
    /// `MEGASAS_DEV_INDEX` (`channel % 2 * 128 + id` is the virtual drive's target id),
    /// `MEGASAS_PD_INDEX` (`channel * 128 + id` is the physical drive's device id: `megaraid_sas_base.c`
    /// fills its list of physical drives by device id) and `MEGASAS_IS_LUN_VALID` (only unit 0).
    pub fn target(self) -> Option<Target> {
        if self.lun != 0 || self.id >= DRIVES_PER_CHANNEL {
            return None;
        }
        let number = |channel: u32| channel * DRIVES_PER_CHANNEL + self.id;
        if self.channel < PHYSICAL_DRIVE_CHANNELS {
            return Some(Target::PhysicalDrive(DeviceId(number(self.channel))));
        }
        let channel = self.channel - PHYSICAL_DRIVE_CHANNELS;
        (channel < VIRTUAL_DRIVE_CHANNELS).then(|| Target::VirtualDrive(TargetId(number(channel))))
    }
}

impl fmt::Display for ScsiAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}:{}", self.host, self.channel, self.id, self.lun)
    }
}

impl Serialize for ScsiAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for ScsiAddress {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ScsiAddress".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9]+:[0-9]+:[0-9]+:[0-9]+$"})
    }
}

impl FromStr for ScsiAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let mut parts = text.split(':');
        let mut part = || parts.next().ok_or(NotAnAddress);
        let address = Self {
            host: number(part()?)?,
            channel: number(part()?)?,
            id: number(part()?)?,
            lun: number(part()?)?,
        };
        parts
            .next()
            .is_none()
            .then_some(address)
            .ok_or(NotAnAddress)
    }
}

/// A device number: major and minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceNumber {
    /// The driver's part.
    pub major: u32,
    /// The device's part.
    pub minor: u32,
}

impl fmt::Display for DeviceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.major, self.minor)
    }
}

impl Serialize for DeviceNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for DeviceNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DeviceNumber".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9]+:[0-9]+$"})
    }
}

impl FromStr for DeviceNumber {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let (major, minor) = text.split_once(':').ok_or(NotAnAddress)?;
        Ok(Self {
            major: number(major)?,
            minor: number(minor)?,
        })
    }
}

/// Reads digits only: the standard parser would also take a sign.
fn number<N: FromStr>(text: &str) -> Result<N, NotAnAddress> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_err(|_| NotAnAddress)
    } else {
        Err(NotAnAddress)
    }
}

/// The text is not an address of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address")]
pub struct NotAnAddress;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pci_addresses_read_and_print_as_sysfs_writes_them() {
        for text in ["0000:03:00.0", "0000:5e:1f.7", "10000:e1:00.0", "03:00.0"] {
            assert_eq!(text.parse::<PciAddress>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "pci0000:00",
            "host0",
            "0000:03:00",
            "0000:03:00.8",
            "0000:03:20.0",
            "03:+1.0",
            "3:0.0",
        ] {
            assert_eq!(text.parse::<PciAddress>(), Err(NotAnAddress), "{text}");
        }
    }

    #[test]
    fn a_whole_location_of_a_reading_is_an_address_without_domain() {
        let location = |bus, function| PciLocation {
            bus,
            device: Some(0),
            function,
        };
        let address = PciAddress::of(&location(Some(0x3b), Some(1)));
        assert_eq!(address, Some("3b:00.1".parse().unwrap()));
        assert_eq!(PciAddress::of(&location(None, Some(1))), None);
        assert_eq!(PciAddress::of(&location(Some(0x100), Some(1))), None);
        assert_eq!(PciAddress::of(&location(Some(0x3b), Some(8))), None);
    }

    #[test]
    fn an_address_without_domain_matches_every_domain_but_no_other_slot() {
        let printed: PciAddress = "03:00.0".parse().unwrap();
        assert!(printed.matches("0000:03:00.0".parse().unwrap()));
        assert!(printed.matches("0001:03:00.0".parse().unwrap()));
        assert!(!printed.matches("0000:04:00.0".parse().unwrap()));
        let full: PciAddress = "0000:03:00.0".parse().unwrap();
        assert!(!full.matches("0001:03:00.0".parse().unwrap()));
    }

    #[test]
    fn scsi_addresses_become_targets_as_in_the_driver() {
        let target = |text: &str| text.parse::<ScsiAddress>().unwrap().target();
        assert_eq!(target("0:2:0:0"), Some(Target::VirtualDrive(TargetId(0))));
        assert_eq!(
            target("0:2:127:0"),
            Some(Target::VirtualDrive(TargetId(127)))
        );
        assert_eq!(target("0:3:5:0"), Some(Target::VirtualDrive(TargetId(133))));
        assert_eq!(
            target("6:0:38:0"),
            Some(Target::PhysicalDrive(DeviceId(38)))
        );
        assert_eq!(
            target("6:1:2:0"),
            Some(Target::PhysicalDrive(DeviceId(130)))
        );
        assert_eq!(target("0:2:0:1"), None);
        assert_eq!(target("0:4:0:0"), None);
        assert_eq!(target("0:2:128:0"), None);
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for text in [
            "0:2:0",
            "0:2:0:0:0",
            "a:b:c:d",
            "0:2:-1:0",
            ":::",
            "99999999999:0:0:0",
        ] {
            assert_eq!(text.parse::<ScsiAddress>(), Err(NotAnAddress), "{text}");
        }
        for text in ["8", "8:", "8:0:1", "x:y"] {
            assert_eq!(text.parse::<DeviceNumber>(), Err(NotAnAddress), "{text}");
        }
    }
}
