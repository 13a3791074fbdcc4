//! Checks of physical drives, the same under every noun.

use ironkeep_parsers::model::{DriveAddress, DriveState, Operation, OperationKind, PhysicalDrive};

use super::Check;
use crate::health::redundancy::{self, Pulled};
use crate::membership::{self, Membership};
use crate::output::human;
use crate::reading::{Controller, Part, Unread};

/// Whether a drive is in one of `states`; if not, why that matters.
pub(crate) fn in_state(drive: &PhysicalDrive, states: &[DriveState], why: &str) -> Check {
    const CODE: &str = "state";
    let name = drive
        .address()
        .map_or_else(String::new, |at| format!(" {at}"));
    match &drive.state {
        Some(state) if states.contains(state) => {
            Check::holds(CODE, format!("drive{name} is {state}"))
        }
        Some(state) => Check::forbids(CODE, format!("drive{name} is {state}"), why),
        None => Check::refuses(CODE, format!("the state of drive{name} is not told"), why),
    }
}

/// Whether every span that the drive belongs to survives its loss: one check for each.
pub(crate) fn spare_of(controller: &Controller, drive: &PhysicalDrive) -> Vec<Check> {
    const CODE: &str = "redundancy";
    if controller.virtual_drives.is_none() {
        return vec![Check::unread(CODE, controller, Part::VirtualDrives)];
    }
    let places = membership::of(controller, drive);
    let is_member = drive.position.is_some();
    if places.is_empty() && (is_member || !membership::is_known(controller)) {
        let observed = "which virtual drives it belongs to is not told";
        let why = "without it nobody can say whether data is lost";
        return vec![Check::refuses(CODE, observed, why)];
    }
    places.iter().map(survives).collect()
}

/// Whether the span of `place` survives the loss of the drive that holds it.
fn survives(place: &Membership<'_>) -> Check {
    const CODE: &str = "redundancy";
    let it = place.virtual_drive;
    let name = name_of(place);
    let span = format!("span {} of {name}", place.span.number);
    let member = place.span.members.iter().find(|it| it.arm == place.arm);
    let pulled = member.map_or(Pulled::Unknown, |member| {
        redundancy::pulled(it, place.span, member)
    });
    let (observed, why) = match pulled {
        Pulled::HoldsNothing => {
            return Check::holds(CODE, format!("{span} has no data on this drive"));
        }
        Pulled::Survives(more) => {
            let then = match more {
                0 => "no further loss".to_owned(),
                1 => "one further loss".to_owned(),
                more => format!("{more} further losses"),
            };
            return Check::holds(CODE, format!("{span} survives without it, and then {then}"));
        }
        Pulled::Loses => (
            format!("{span} has no redundancy left"),
            "without this drive its data is lost",
        ),
        Pulled::MayLose => (
            format!("{span} is a mirror of several pairs that has lost a drive"),
            "its data is lost if this drive is the other half of that pair",
        ),
        Pulled::OffLine => (
            format!("{span} is off line"),
            "what is left of it may be needed to get its data back",
        ),
        Pulled::Unknown => (
            format!("how much redundancy {span} has is not known"),
            "without this drive its data may be lost",
        ),
    };
    Check::refuses(CODE, observed, why)
        .possible("what the span lacks, and what runs there: ironkeep health")
}

/// `virtual drive 0 (RAID 5)`.
pub(crate) fn name_of(place: &Membership<'_>) -> String {
    let it = place.virtual_drive;
    let level = it.raid_level.as_ref();
    let level = level.map_or_else(|| "unknown RAID level".to_owned(), ToString::to_string);
    let target = human::or_unknown(it.target_id);
    format!("virtual drive {target} ({level})")
}

/// Whether nothing runs on the drive, nor on the drive groups and virtual drives that it belongs to.
/// `own` is what may run on the drive itself.
pub(crate) fn idle(controller: &Controller, drive: &PhysicalDrive, own: &[OperationKind]) -> Check {
    const CODE: &str = "operation_running";
    let Some(operations) = &controller.drive_operations else {
        return Check::unread(CODE, controller, Part::DriveOperations);
    };
    let places = membership::of(controller, drive);
    let mut running = Vec::new();
    for place in &places {
        let those = place.virtual_drive.operations.iter();
        running.extend(those.filter(|it| it.is_running()).map(shown));
    }
    let at = drive.address();
    let group = places.iter().flat_map(|it| &it.virtual_drive.spans);
    let group: Vec<_> = group
        .flat_map(|span| &span.members)
        .filter_map(|member| member.drive.as_ref()?.address())
        .chain(at)
        .collect();
    let is_near = |it: &Option<DriveAddress>| it.is_some_and(|it| group.contains(&it));
    let is_own =
        |address: Option<DriveAddress>, kind: &OperationKind| address == at && own.contains(kind);
    for operation in operations.iter().filter(|it| it.is_running()) {
        let address = operation.physical_drive;
        if is_near(&address) && !is_own(address, &operation.kind) {
            running.push(shown(operation));
        }
    }
    for other in controller.physical_drives.iter().flatten() {
        let kind = match other.state {
            Some(DriveState::Rebuild) => OperationKind::Rebuild,
            Some(DriveState::Copyback) => OperationKind::Copyback,
            _ => continue,
        };
        let address = other.address();
        let known = operations
            .iter()
            .any(|it| it.is_running() && it.physical_drive == address);
        if is_near(&address)
            && !known
            && !is_own(address, &kind)
            && let Some(address) = address
        {
            running.push(format!("{kind} of drive {address}"));
        }
    }
    running.sort();
    running.dedup();
    if running.is_empty() {
        return Check::holds(CODE, "nothing runs there");
    }
    let observed = format!("there runs: {}", running.join(", "));
    Check::refuses(
        CODE,
        observed,
        "what runs there is disturbed, and may have to begin anew",
    )
    .possible("wait for its end: ironkeep operation list")
}

/// `Rebuild of drive 252:3 (41 %)`.
fn shown(operation: &Operation) -> String {
    let what = match (operation.physical_drive, operation.virtual_drive) {
        (Some(drive), _) => format!(" of drive {drive}"),
        (None, Some(target)) => format!(" of virtual drive {target}"),
        (None, None) => String::new(),
    };
    let progress = operation.progress.as_ref();
    let progress = progress.map_or_else(String::new, |it| format!(" ({})", it.done));
    format!("{}{what}{progress}", operation.kind)
}

/// Whether the drive belongs to no drive group.
pub(crate) fn belongs_nowhere(controller: &Controller, drive: &PhysicalDrive) -> Check {
    const CODE: &str = "member";
    if controller.virtual_drives.is_none() {
        return Check::unread(CODE, controller, Part::VirtualDrives);
    }
    let places = membership::of(controller, drive);
    match (drive.position, places.as_slice()) {
        (None, []) => Check::holds(CODE, "the drive belongs to no drive group"),
        (Some(at), []) => Check::forbids(
            CODE,
            format!(
                "the drive is arm {} of drive group {}",
                at.arm, at.drive_group
            ),
            "its virtual drives need it",
        ),
        (_, [place, ..]) => Check::forbids(
            CODE,
            format!("the drive belongs to {}", name_of(place)),
            "the virtual drive needs it",
        ),
    }
}

/// Whether the drive carries no configuration of another controller.
pub(crate) fn not_foreign(drive: &PhysicalDrive) -> Check {
    const CODE: &str = "foreign";
    if drive.foreign != Some(true) {
        return Check::holds(CODE, "the drive carries no foreign configuration");
    }
    let why = "it may be the only way to somebody's data, and the firmware refuses such a drive";
    Check::forbids(CODE, "the drive carries a foreign configuration", why)
        .possible("look at it: ironkeep foreign show")
        .possible("give it up: ironkeep foreign clear INDEX")
}

/// Whether the controller can read and write the drive, as far as encryption goes.
pub(crate) fn unlocked(drive: &PhysicalDrive) -> Check {
    const CODE: &str = "encryption";
    if drive.locked != Some(true) && drive.foreign_locked != Some(true) {
        return Check::holds(CODE, "the drive is not locked");
    }
    let why = "nothing can be read from it or written to it without that key";
    Check::forbids(
        CODE,
        "the drive is locked with a key that the controller lacks",
        why,
    )
    .possible("what keys there are: ironkeep security show")
}

/// Whether the drive has shown no sign that it is about to fail.
pub(crate) fn sound(drive: &PhysicalDrive) -> Check {
    const CODE: &str = "drive_errors";
    let mut signs = Vec::new();
    let count = |count: Option<u64>, what: &str| {
        let count = count.filter(|&count| count > 0)?;
        Some(format!("{count} {what}"))
    };
    signs.extend(count(drive.media_errors, "media errors"));
    signs.extend(count(drive.predictive_failures, "predicted failures"));
    if drive.smart_alert == Some(true) {
        signs.push("a SMART alert".to_owned());
    }
    if signs.is_empty() {
        return Check::holds(CODE, "the drive has shown no sign of failing");
    }
    Check::warns(
        CODE,
        format!("the drive has {}", signs.join(", ")),
        "data should not be put on a drive that is failing",
    )
}

/// Whether the controller keeps no data that it could not write: until they are written or given up,
/// the firmware refuses most changes of drive groups.
pub(crate) fn no_preserved_cache(controller: &Controller) -> Check {
    const CODE: &str = "preserved_cache";
    let Some(caches) = &controller.preserved_cache else {
        let why = controller.unread.get(&Part::PreservedCache);
        return if let Some(Unread::Unsupported(_)) = why {
            Check::holds(CODE, "the controller keeps no preserved cache")
        } else {
            Check::unread(CODE, controller, Part::PreservedCache)
        };
    };
    if caches.is_empty() {
        return Check::holds(CODE, "the controller keeps no preserved cache");
    }
    let targets: Vec<String> = caches.iter().map(|it| it.target_id.to_string()).collect();
    Check::refuses(
        CODE,
        format!(
            "the controller's cache holds data of virtual drive {} that it could not write",
            targets.join(", ")
        ),
        "bring those drives back first: otherwise these data may be lost",
    )
    .possible("which virtual drives: ironkeep health")
}
