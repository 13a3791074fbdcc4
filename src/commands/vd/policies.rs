//! A virtual drive's policies: what was asked for and what holds now.

use ironkeep_parsers::model::{CachePolicy, VirtualDrive, WritePolicy};

use crate::commands::fields::ToCell;
use crate::output::{Align, Cell, Column, Tabular, Tone};

/// Whether the virtual drive should write back and does not.
fn has_fallen_back(drive: &VirtualDrive) -> bool {
    let write = |policy: &Option<CachePolicy>| policy.as_ref()?.write.clone();
    matches!(
        write(&drive.default_cache),
        Some(WritePolicy::WriteBack | WritePolicy::AlwaysWriteBack)
    ) && write(&drive.current_cache) == Some(WritePolicy::WriteThrough)
}

/// The write policy that holds now: `WriteThrough (fallback)`.
pub(super) fn write_now(drive: &VirtualDrive) -> Cell {
    let current = drive.current_cache.as_ref();
    match current.and_then(|policy| policy.write.as_ref()) {
        None => Cell::Absent,
        Some(write) if has_fallen_back(drive) => Cell::state(
            format!("{write} (fallback)"),
            format!("{}_fallback", write.token()),
            Tone::Warn,
        ),
        Some(write) => Cell::state(write.as_str(), write.token(), Tone::Neutral),
    }
}

/// One policy: what was asked for and what holds now.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Policy {
    name: &'static str,
    default: Cell,
    current: Cell,
}

/// All policies of a virtual drive.
pub(super) fn of(drive: &VirtualDrive) -> Vec<Policy> {
    let (default, current) = (drive.default_cache.as_ref(), drive.current_cache.as_ref());
    let row = |name, default, current| Policy {
        name,
        default,
        current,
    };
    vec![
        row(
            "Write",
            default.and_then(|policy| policy.write.as_ref()).to_cell(),
            write_now(drive),
        ),
        row(
            "Read",
            default.and_then(|policy| policy.read.as_ref()).to_cell(),
            current.and_then(|policy| policy.read.as_ref()).to_cell(),
        ),
        row(
            "I/O",
            default.and_then(|policy| policy.io.as_ref()).to_cell(),
            current.and_then(|policy| policy.io.as_ref()).to_cell(),
        ),
        row(
            "Write cache with bad BBU",
            default
                .and_then(|policy| policy.write_cache_with_bad_battery)
                .into(),
            current
                .and_then(|policy| policy.write_cache_with_bad_battery)
                .into(),
        ),
        row(
            "Access",
            drive.default_access.to_cell(),
            drive
                .current_access
                .as_ref()
                .or(drive.access.as_ref())
                .to_cell(),
        ),
        row(
            "Power saving",
            drive.default_power_saving.to_cell(),
            drive.current_power_saving.to_cell(),
        ),
        row("Disk cache", Cell::Absent, drive.disk_cache.to_cell()),
    ]
}

impl Tabular for Policy {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("policy", "POLICY", Align::Left, |it| it.name.into()),
        Column::new("default", "DEFAULT", Align::Left, |it| it.default.clone()),
        Column::new("current", "CURRENT", Align::Left, |it| it.current.clone()),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fallback_is_marked_and_a_choice_is_not() {
        let policy = |write| {
            Some(CachePolicy {
                write: Some(write),
                ..CachePolicy::default()
            })
        };
        let drive = |default, current| VirtualDrive {
            default_cache: policy(default),
            current_cache: policy(current),
            ..VirtualDrive::default()
        };
        assert_eq!(
            write_now(&drive(WritePolicy::WriteBack, WritePolicy::WriteThrough)),
            Cell::state(
                "WriteThrough (fallback)",
                "write_through_fallback",
                Tone::Warn
            )
        );
        assert_eq!(
            write_now(&drive(WritePolicy::WriteThrough, WritePolicy::WriteThrough)),
            Cell::state("WriteThrough", "write_through", Tone::Neutral)
        );
        assert_eq!(write_now(&VirtualDrive::default()), Cell::Absent);
    }
}
