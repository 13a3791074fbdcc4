//! Names of controllers, drives and virtual drives.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A controller's number on its host, from 0 (`-aN`).
    ControllerId(u32)
);
id!(
    /// An enclosure's device id.
    EnclosureId(u32)
);
id!(
    /// A slot in an enclosure, from 0; on a direct-attached drive the number that addresses it.
    Slot(u32)
);
id!(
    /// The firmware's own number of a physical drive. Changes when a drive is swapped.
    DeviceId(u32)
);
id!(
    /// A virtual drive's target id, which is also its SCSI target on the host.
    TargetId(u32)
);
id!(
    /// A drive's place in its span, from 0 (`-PdGetMissing` calls it row).
    Arm(u32)
);

/// A SAS address or world-wide name, printed as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SasAddress(pub u64);

impl fmt::Display for SasAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for SasAddress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for SasAddress {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SasAddress".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9a-f]{16}$"})
    }
}

/// Where a physical drive sits on its controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriveAddress {
    /// `None` for a direct-attached drive.
    pub enclosure: Option<EnclosureId>,
    /// The slot.
    pub slot: Slot,
}

impl fmt::Display for DriveAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.enclosure {
            Some(enclosure) => write!(f, "{enclosure}:{}", self.slot),
            None => write!(f, ":{}", self.slot),
        }
    }
}

/// A drive's place in its drive group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Position {
    /// Drive group, from 0.
    pub drive_group: u32,
    /// Span, from 0.
    pub span: u32,
    /// Arm, from 0.
    pub arm: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.drive_group, self.span, self.arm)
    }
}

/// One controller's part of an output.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Section<T> {
    /// The controller; `None` where the output does not name it (`-pdInfo`).
    pub controller: Option<ControllerId>,
    /// What was read of it.
    pub value: T,
}
