//! Drive groups: the controller's own configuration, and foreign ones.

use serde::Serialize;

use super::{Member, VirtualDrive, words};
use crate::units::Bytes;

words! {
    /// What kind of drive group it is.
    DriveGroupKind {
        /// One span.
        Plain = "plain": "DISK GROUP" | "DISK GROUPS",
        /// Several spans.
        Spanned = "spanned": "SPANNED DISK GROUP" | "SPANNED DISK GROUPS",
        /// The drives of a CacheCade drive.
        CacheCade = "cachecade": "CACHECADE DISK GROUP" | "CACHECADE DISK GROUPS",
    }
}

/// A set of physical drives that virtual drives are cut from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriveGroup {
    /// The number behind `DISK GROUP`; CacheCade groups are counted apart.
    pub number: u32,
    /// Kind.
    pub kind: DriveGroupKind,
    /// The spans. `-CfgCacheCadeDsply` also names spanned groups that are no cache, without any.
    pub spans: Vec<DriveGroupSpan>,
}

/// A span of a drive group.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriveGroupSpan {
    /// `SPAN`, from 0; 0 where a CacheCade group prints no span.
    pub number: u32,
    /// `Span Reference`: the array number that `-PdReplaceMissing` takes.
    pub reference: Option<u32>,
    /// `Number of dedicated Hotspares`.
    pub dedicated_hot_spares: Option<u32>,
    /// The virtual drives that use the span; each is printed again under all of its spans.
    pub virtual_drives: Vec<VirtualDrive>,
    /// The members, missing ones included.
    pub members: Vec<Member>,
}

/// A controller's configuration (`-CfgDsply`).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Configuration {
    /// `Product Name` of the controller.
    pub product_name: Option<String>,
    /// `Memory` of the controller.
    #[serde(rename = "memory_bytes")]
    pub memory: Option<Bytes>,
    /// `BBU`: whether a battery or supercapacitor is there.
    pub battery_present: Option<bool>,
    /// `Serial No` of the controller.
    pub serial: Option<String>,
    /// The drive groups.
    pub drive_groups: Vec<DriveGroup>,
}

/// Drive groups that another controller made (`-CfgForeign -Dsply` and `-Preview`).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ForeignConfiguration {
    /// The index that `-CfgForeign` takes; absent in a preview of all of them together.
    pub index: Option<u32>,
    /// Whether this is how it would be after an import.
    pub after_import: bool,
    /// The drive groups.
    pub drive_groups: Vec<DriveGroup>,
}

/// Free space in a drive group (`-CfgFreeSpaceInfo`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FreeSpace {
    /// `DISK GROUP`.
    pub drive_group: u32,
    /// The spans.
    pub spans: Vec<SpanFreeSpace>,
}

/// Free space in a span.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpanFreeSpace {
    /// `SPAN`, from 0.
    pub number: u32,
    /// `Number of Free Space Slots`: how many separate pieces are free.
    pub free_slots: u32,
}
