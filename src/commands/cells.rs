//! Words and states of drives as cells.

use ironkeep_parsers::model::{
    DriveState, MediaType, PhysicalDrive, TargetId, VirtualDrive, VirtualDriveState,
};

use crate::output::{Cell, Tone};

/// A word of the firmware, absent or not: people see the word, machines read the token.
macro_rules! word {
    ($word:expr) => {
        $crate::output::Cell::from($word.as_ref().map(|word| {
            $crate::output::Cell::state(word.as_str(), word.token(), $crate::output::Tone::Neutral)
        }))
    };
}
pub(super) use word;

/// What people and machines call a place without a drive.
pub(super) const MISSING: &str = "missing";

/// A drive's state.
pub(super) fn drive_state(state: Option<&DriveState>) -> Cell {
    let Some(state) = state else {
        return Cell::Absent;
    };
    let tone = match state {
        DriveState::Online => Tone::Good,
        DriveState::HotSpare
        | DriveState::UnconfiguredGood
        | DriveState::Jbod
        | DriveState::Copyback => Tone::Neutral,
        DriveState::Failed | DriveState::Offline | DriveState::UnconfiguredBad => Tone::Bad,
        // What nobody knows needs a look, too.
        DriveState::Rebuild
        | DriveState::ConfiguredShielded
        | DriveState::HotSpareShielded
        | DriveState::UnconfiguredShielded
        | DriveState::Unknown
        | DriveState::Other(_)
        | _ => Tone::Warn,
    };
    Cell::state(state.as_str(), state.token(), tone)
}

/// The state of a place without a drive.
pub(super) fn missing() -> Cell {
    Cell::state("Missing", MISSING, Tone::Bad)
}

/// A virtual drive's state.
pub(super) fn virtual_drive_state(state: Option<&VirtualDriveState>) -> Cell {
    let Some(state) = state else {
        return Cell::Absent;
    };
    let tone = match state {
        VirtualDriveState::Optimal => Tone::Good,
        VirtualDriveState::Degraded | VirtualDriveState::Offline => Tone::Bad,
        VirtualDriveState::PartiallyDegraded | VirtualDriveState::Other(_) | _ => Tone::Warn,
    };
    Cell::state(state.as_str(), state.token(), tone)
}

/// Yes is bad news.
pub(super) fn alarm(yes: Option<bool>) -> Cell {
    match yes {
        Some(true) => Cell::state("yes", "yes", Tone::Bad),
        Some(false) => Cell::state("no", "no", Tone::Neutral),
        None => Cell::Absent,
    }
}

/// `HDD` or `SSD`.
pub(super) fn media(drive: &PhysicalDrive) -> Cell {
    match drive.media_type.as_ref() {
        Some(media @ MediaType::HardDisk) => Cell::state("HDD", media.token(), Tone::Neutral),
        Some(media @ MediaType::SolidState) => Cell::state("SSD", media.token(), Tone::Neutral),
        other => word!(other),
    }
}

/// How many more drives a virtual drive may lose: a number, or that nobody knows.
pub(super) fn remaining(remaining: Option<u32>) -> Cell {
    remaining.map_or_else(|| Cell::state("unknown", "unknown", Tone::Warn), Into::into)
}

/// Target ids: `0, 1`; `none` for none, absent where they are not known.
pub(super) fn targets(targets: Option<&[TargetId]>) -> Cell {
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

/// `vd 0 (data)`.
pub(super) fn virtual_drive_title(drive: &VirtualDrive) -> String {
    let target = drive
        .target_id
        .map_or_else(|| "?".to_owned(), |target| target.to_string());
    match &drive.name {
        Some(name) => format!("vd {target} ({name})"),
        None => format!("vd {target}"),
    }
}
