//! What is looked at before a foreign configuration is imported or cleared.

use ironkeep_parsers::model::{
    DriveState, ForeignConfiguration, ImportObstacle, Member, OperationKind, PhysicalDrive,
    VirtualDrive, VirtualDriveState,
};

use super::drives;
use crate::change::Check;
use crate::output::human;
use crate::reading::{Controller, Part};

pub(super) fn import(at: &Controller, foreign: &ForeignConfiguration) -> Vec<Check> {
    let mut checks = vec![usable(at, foreign)];
    checks.extend(virtual_drives(foreign).map(|it| lives_on(at, it)));
    checks.push(complete(at, foreign));
    checks.push(age(foreign));
    checks
}

pub(super) fn clear(foreign: &ForeignConfiguration) -> Vec<Check> {
    let list: Vec<String> = virtual_drives(foreign).map(name).collect();
    let observed = if list.is_empty() {
        "what the configuration holds is not told".to_owned()
    } else {
        format!("the configuration holds {}", list.join(", "))
    };
    let why = "without it there is no way to the data on its drives";
    vec![Check::warns("foreign", observed, why)]
}

/// The virtual drives of a foreign configuration, each once: it is printed under each of its spans.
fn virtual_drives(foreign: &ForeignConfiguration) -> impl Iterator<Item = &VirtualDrive> {
    foreign.drive_groups.iter().flat_map(|group| {
        let mut known: Vec<&VirtualDrive> = Vec::new();
        for it in group.spans.iter().flat_map(|span| &span.virtual_drives) {
            let same = |other: &&VirtualDrive| {
                (other.number, other.target_id) == (it.number, it.target_id)
            };
            if !known.iter().any(same) {
                known.push(it);
            }
        }
        known
    })
}

/// `“data” (RAID 5, 1.63 TiB, Optimal)`.
fn name(it: &VirtualDrive) -> String {
    let mut facts: Vec<String> = Vec::new();
    facts.extend(it.raid_level.as_ref().map(ToString::to_string));
    facts.extend(it.size.map(human::bytes));
    facts.extend(it.state.as_ref().map(ToString::to_string));
    let name = match (&it.name, it.target_id) {
        (Some(name), _) => format!("virtual drive “{name}”"),
        (None, Some(target)) => format!("virtual drive {target}"),
        (None, None) => "a virtual drive".to_owned(),
    };
    if facts.is_empty() {
        name
    } else {
        format!("{name} ({})", facts.join(", "))
    }
}

/// Whether the drives can be read.
fn usable(at: &Controller, foreign: &ForeignConfiguration) -> Check {
    const CODE: &str = "state";
    let Some(all) = &at.physical_drives else {
        return Check::unread(CODE, at, Part::PhysicalDrives);
    };
    let here = |drive: &PhysicalDrive| all.iter().find(|it| it.address() == drive.address());
    let words = |drive: &PhysicalDrive, what: &str| {
        let at = drive.address();
        at.map_or_else(
            || format!("a drive is {what}"),
            |at| format!("drive {at} is {what}"),
        )
    };
    let mut bad = Vec::new();
    for drive in drives(foreign).filter_map(here) {
        if drive.locked == Some(true) || drive.foreign_locked == Some(true) {
            bad.push(words(drive, "locked"));
        } else if let Some(state) = &drive.state
            && *state != DriveState::UnconfiguredGood
        {
            bad.push(words(drive, &state.to_string()));
        }
    }
    bad.dedup();
    if bad.is_empty() {
        return Check::holds(CODE, "its drives can be read");
    }
    Check::forbids(
        CODE,
        bad.join(", "),
        "its data cannot be read from such drives",
    )
    .possible("what is known of them: ironkeep foreign show")
    .possible("bad drives can be made usable: ironkeep pd make-good")
}

/// The virtual drive here that `foreign` was once. The controller does not say so; name, level, size and
/// number of drives tell.
fn twin<'a>(at: &'a Controller, foreign: &VirtualDrive) -> Option<&'a VirtualDrive> {
    at.virtual_drives.iter().flatten().find(|it| {
        it.raid_level == foreign.raid_level
            && it.size == foreign.size
            && it.drives_per_span == foreign.drives_per_span
            && it.name == foreign.name
    })
}

/// Whether the drives of a foreign virtual drive were members of one that lives here on without them.
fn lives_on(at: &Controller, foreign: &VirtualDrive) -> Check {
    const CODE: &str = "stale_data";
    if at.virtual_drives.is_none() {
        return Check::unread(CODE, at, Part::VirtualDrives);
    }
    let Some(twin) = twin(at, foreign) else {
        let observed = format!("no virtual drive here is made like {}", name(foreign));
        return Check::holds(CODE, observed);
    };
    let target = human::or_unknown(twin.target_id);
    let same = format!(
        "virtual drive {target} here is made just like {}",
        name(foreign)
    );
    if twin.state == Some(VirtualDriveState::Offline) {
        return Check::warns(
            CODE,
            format!("{same}, and off line"),
            "right where all of these drives left it at once; one that had failed before the others \
             holds old data, which damages the rest",
        );
    }
    Check::refuses(
        CODE,
        same,
        "its drives look like old members of it: imported, their old data takes the place of what was \
         written since",
    )
    .possible("if they are, forget their configuration and rebuild: ironkeep foreign clear")
}

/// Whether all members are there: in the foreign configuration, or in the virtual drive here that lost
/// the others.
fn complete(at: &Controller, foreign: &ForeignConfiguration) -> Check {
    const CODE: &str = "incomplete";
    let mut missing = 0_u32;
    let mut is_blocked = false;
    for span in foreign.drive_groups.iter().flat_map(|group| &group.spans) {
        let twin = span.virtual_drives.iter().find_map(|it| twin(at, it));
        let spans = twin.iter().flat_map(|it| &it.spans);
        let here: Vec<&Member> = spans
            .filter(|it| it.number == span.number)
            .flat_map(|it| &it.members)
            .filter(|it| it.drive.is_some())
            .collect();
        for member in span.members.iter().filter(|it| it.drive.is_none()) {
            if !here.iter().any(|it| it.arm == member.arm) {
                missing += 1;
            }
        }
        let obstacle = Some(ImportObstacle::DrivesMissing);
        let mut blocked = span.virtual_drives.iter();
        is_blocked |= here.is_empty() && blocked.any(|it| it.import_obstacle == obstacle);
    }
    if missing == 0 && !is_blocked {
        return Check::holds(CODE, "all of its drives are there");
    }
    let observed = match missing {
        0 => "drives of it are missing".to_owned(),
        1 => "1 drive of it is missing".to_owned(),
        count => format!("{count} drives of it are missing"),
    };
    let why = "a drive that is missing now does not come back by itself after the import";
    Check::refuses(CODE, observed, why)
        .possible("insert the missing drives first, then look again: ironkeep foreign show")
}

/// What nobody can see.
fn age(foreign: &ForeignConfiguration) -> Check {
    let list: Vec<String> = virtual_drives(foreign).map(name).collect();
    let observed = if list.is_empty() {
        "what the configuration holds is not told".to_owned()
    } else {
        format!("it brings {}", list.join(", "))
    };
    Check::warns(
        "foreign",
        observed,
        "a drive that was away holds what it held then, and nothing shows how old that is",
    )
}

/// Whether no data are being moved, which an import may disturb.
pub(super) fn nothing_rebuilds(at: &Controller) -> Check {
    const CODE: &str = "operation_running";
    let Some(drives) = &at.physical_drives else {
        return Check::unread(CODE, at, Part::PhysicalDrives);
    };
    let Some(virtual_drives) = &at.virtual_drives else {
        return Check::unread(CODE, at, Part::VirtualDrives);
    };
    let busy = |drive: &PhysicalDrive| {
        let state = drive.state.as_ref()?;
        let is_busy = matches!(state, DriveState::Rebuild | DriveState::Copyback);
        let address = drive.address().filter(|_| is_busy)?;
        Some(format!("{state} of drive {address}"))
    };
    let mut running: Vec<String> = drives.iter().filter_map(busy).collect();
    let operations = virtual_drives.iter().flat_map(|it| &it.operations);
    let reconstructs = operations
        .filter(|it| it.is_running() && it.kind == OperationKind::Reconstruction)
        .map(|it| it.kind.to_string());
    running.extend(reconstructs);
    if running.is_empty() {
        return Check::holds(CODE, "no rebuild, copyback or reconstruction runs");
    }
    let observed = format!("there runs: {}", running.join(", "));
    Check::refuses(
        CODE,
        observed,
        "an import changes the drive groups while data is moved",
    )
    .possible("wait for its end: ironkeep operation list")
}
