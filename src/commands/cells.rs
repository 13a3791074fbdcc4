//! Words and states of drives as cells.

use ironkeep_parsers::model::{
    AccessPolicy, CacheCadeType, Certification, ControllerId, DiskCachePolicy, DriveState,
    EncryptionType, Fde, HotSpareKind, ImportObstacle, IoPolicy, MediaType, PhysicalDrive, Power,
    PowerSavingPolicy, ProtectionType, RaidLevel, ReadPolicy, TargetId, VirtualDrive,
    VirtualDriveState, WritePolicy,
};

use super::fields::{ToCell, words};
use crate::output::{Cell, Tone, human};

words! {
    AccessPolicy, CacheCadeType, Certification, DiskCachePolicy, EncryptionType, Fde, HotSpareKind,
    ImportObstacle, IoPolicy, MediaType, Power, PowerSavingPolicy, ProtectionType, RaidLevel,
    ReadPolicy, WritePolicy,
}

/// What people and machines call a place without a drive.
pub(super) const MISSING: &str = "missing";

/// A number that should be 0; where it is not, in this tone.
pub(super) fn trouble<N: ToString + Default + PartialEq>(number: Option<&N>, tone: Tone) -> Cell {
    let Some(number) = number else {
        return Cell::Absent;
    };
    let shown = number.to_string();
    let tone = if *number == N::default() {
        Tone::Neutral
    } else {
        tone
    };
    Cell::state(shown.clone(), shown, tone)
}

impl ToCell for DriveState {
    fn to_cell(&self) -> Cell {
        let tone = match self {
            Self::Online => Tone::Good,
            Self::HotSpare | Self::UnconfiguredGood | Self::Jbod | Self::Copyback => Tone::Neutral,
            Self::Failed | Self::Offline | Self::UnconfiguredBad => Tone::Bad,
            // What nobody knows needs a look, too.
            Self::Rebuild
            | Self::ConfiguredShielded
            | Self::HotSpareShielded
            | Self::UnconfiguredShielded
            | Self::Unknown
            | Self::Other(_)
            | _ => Tone::Warn,
        };
        Cell::state(self.as_str(), self.token(), tone)
    }
}

/// The state of a place without a drive.
pub(super) fn missing() -> Cell {
    Cell::state("Missing", MISSING, Tone::Bad)
}

impl ToCell for VirtualDriveState {
    fn to_cell(&self) -> Cell {
        let tone = match self {
            Self::Optimal => Tone::Good,
            Self::Degraded | Self::Offline => Tone::Bad,
            Self::PartiallyDegraded | Self::Other(_) | _ => Tone::Warn,
        };
        Cell::state(self.as_str(), self.token(), tone)
    }
}

/// Yes is bad news.
pub(crate) fn alarm(yes: Option<bool>) -> Cell {
    match yes {
        Some(true) => Cell::state("yes", "yes", Tone::Bad),
        Some(false) => Cell::state("no", "no", Tone::Neutral),
        None => Cell::Absent,
    }
}

/// `HDD` or `SSD`.
pub(crate) fn media(drive: &PhysicalDrive) -> Cell {
    match drive.media_type.as_ref() {
        Some(media @ MediaType::HardDisk) => Cell::state("HDD", media.token(), Tone::Neutral),
        Some(media @ MediaType::SolidState) => Cell::state("SSD", media.token(), Tone::Neutral),
        other => other.to_cell(),
    }
}

/// How many more drives a virtual drive may lose: a number, or that nobody knows.
pub(crate) fn remaining(remaining: Option<u32>) -> Cell {
    remaining.map_or_else(|| Cell::state("unknown", "unknown", Tone::Warn), Into::into)
}

/// Target ids: `0, 1`; `none` for none, absent where they are not known.
pub(crate) fn targets(targets: Option<&[TargetId]>) -> Cell {
    Cell::from(targets.map(|targets| list(targets, "none")))
}

/// `things` between commas, or `none` if there are none.
pub(super) fn list<T: std::fmt::Display>(things: &[T], none: &str) -> String {
    if things.is_empty() {
        return none.to_owned();
    }
    let things: Vec<String> = things.iter().map(ToString::to_string).collect();
    things.join(", ")
}

/// `c0 vd 1` where there are several controllers, else `vd 1`.
pub(crate) fn qualified(several: bool, id: Option<ControllerId>, object: &str) -> String {
    match id {
        Some(id) if several => format!("c{id} {object}"),
        _ => object.to_owned(),
    }
}

/// `vd 0 (data)`.
pub(super) fn virtual_drive_title(drive: &VirtualDrive) -> String {
    let target = human::or_unknown(drive.target_id);
    match &drive.name {
        Some(name) => format!("vd {target} ({name})"),
        None => format!("vd {target}"),
    }
}
