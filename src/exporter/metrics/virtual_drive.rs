//! Virtual drives, span by span.

use std::fmt::Display;

use ironkeep_parsers::model::{
    AccessPolicy, CachePolicy, DiskCachePolicy, DriveState, Member, PreservedCache,
    PreservedCacheState, RaidLevel, TargetId, VirtualDrive, VirtualDriveState, WritePolicy,
};

use super::{Maybe, running};
use crate::exporter::exposition::Exposition;
use crate::exporter::family::{Family, families};
use crate::exporter::snapshot::{NamedDevice, Snapshot};
use crate::health::redundancy;
use crate::health::virtual_drive::falls_back;
use crate::membership;
use crate::reading::Controller;

pub(super) const STATES: &[&str] = &[
    "optimal",
    "partially_degraded",
    "degraded",
    "offline",
    "missing",
    "unknown",
];
const WRITE_POLICIES: &[&str] = &[
    "write_back",
    "write_through",
    "write_back_forced",
    "unknown",
];
const ACCESS_POLICIES: &[&str] = &["read_write", "read_only", "blocked", "unknown"];

families! {
    INFO = "megaraid_virtual_drive_info", Info,
        ["controller", "virtual_drive", "drive_group", "name", "raid_level", "device", "wwn"],
        "Identity of a virtual drive. The block device and its world-wide name are empty where the host shows none that is certain to be it.";
    STATE = "megaraid_virtual_drive_state", Gauge, ["controller", "virtual_drive", "state"] of STATES,
        "The firmware's state of a virtual drive. Missing: it is gone, and unwritten data of it wait in the cache.";
    SIZE = "megaraid_virtual_drive_size_bytes", Gauge, ["controller", "virtual_drive"],
        "Size as the host sees it, rounded down by MegaCLI.";
    STRIP = "megaraid_virtual_drive_strip_size_bytes", Gauge, ["controller", "virtual_drive"],
        "What one drive holds of a stripe.";
    SECTOR = "megaraid_virtual_drive_sector_size_bytes", Gauge, ["controller", "virtual_drive"],
        "Size of a sector as the host sees it.";
    DRIVES = "megaraid_virtual_drive_drives", Gauge, ["controller", "virtual_drive", "span"],
        "Members that a span should have.";
    ONLINE = "megaraid_virtual_drive_drives_online", Gauge, ["controller", "virtual_drive", "span"],
        "Members of a span that are online, or the target of a copyback.";
    REBUILDING = "megaraid_virtual_drive_drives_rebuilding", Gauge, ["controller", "virtual_drive", "span"],
        "Members of a span that are being rebuilt; they protect nothing yet.";
    MISSING = "megaraid_virtual_drive_drives_missing", Gauge, ["controller", "virtual_drive", "span"],
        "Members of a span that are not there.";
    REMAINING = "megaraid_virtual_drive_remaining_failures", Gauge, ["controller", "virtual_drive", "span"],
        "How many more drives of a span may fail without loss of data, whichever they are: 0 for RAID 0 always, and for a span that has lost what its level can lose. Absent where it is not known. A mirror of more than two drives may survive more.";
    WRITE_POLICY = "megaraid_virtual_drive_write_policy", Gauge,
        ["controller", "virtual_drive", "kind", "policy"] of WRITE_POLICIES,
        "When a write counts as done: the default is what was asked for, the current is what holds now.";
    WRITE_CACHE_DEGRADED = "megaraid_virtual_drive_write_cache_degraded", Gauge, ["controller", "virtual_drive"],
        "1 if it should write back and writes through: slow. During a learn cycle of the battery that is how it has to be.";
    BAD_BBU = "megaraid_virtual_drive_bad_bbu_cache_enabled", Gauge, ["controller", "virtual_drive"],
        "1 if the write cache stays on without a working battery: a power cut then loses data.";
    DISK_CACHE = "megaraid_virtual_drive_disk_cache_enabled", Gauge, ["controller", "virtual_drive"],
        "1 if the write caches of the members are on, which no battery protects. Absent where each drive has it as it likes.";
    ACCESS = "megaraid_virtual_drive_access_policy", Gauge, ["controller", "virtual_drive", "policy"] of ACCESS_POLICIES,
        "What the host may do with it.";
    BAD_BLOCKS = "megaraid_virtual_drive_bad_blocks", Gauge, ["controller", "virtual_drive"],
        "1 if it has sectors whose data are lost.";
    CONSISTENT = "megaraid_virtual_drive_consistent", Gauge, ["controller", "virtual_drive"],
        "1 if the firmware takes the redundancy to agree with the data; 0 before an initialization or a check has come to its end. Asked rarely. Absent where MegaCLI prints neither.";
    PROGRESS = "megaraid_virtual_drive_operation_progress_ratio", Gauge, ["controller", "virtual_drive", "operation"],
        "How far a long operation is. Present only while it runs.";
    ELAPSED = "megaraid_virtual_drive_operation_elapsed_seconds", Gauge, ["controller", "virtual_drive", "operation"],
        "How long an operation has been running, in whole minutes. Present only while it runs.";
    MISSING_SIZE = "megaraid_missing_drive_expected_size_bytes", Gauge,
        ["controller", "drive_group", "span", "arm", "span_reference"],
        "What the drive for an empty place must hold at least: one series for each place. Drive group and span are empty where nothing tells them for certain.";
}

pub(super) fn describe(
    known: &Controller,
    snapshot: &Snapshot,
    controller: &dyn Display,
    metrics: &mut Exposition,
) {
    let drives = known.virtual_drives.iter().flatten();
    for (target, drive) in drives.clone().filter_map(|it| Some((it.target_id?, it))) {
        let at: [&dyn Display; 2] = [controller, &target];
        let device = snapshot.block_devices.get(&(known.id, target));
        one(drive, device, &at, metrics);
        let consistency = known.consistency.as_ref();
        let is_consistent = consistency.and_then(|of| of.get(&target)).copied();
        metrics.add_some(&CONSISTENT, &at, is_consistent);
    }
    if known.virtual_drives.is_some() {
        let is_there = |target: TargetId| drives.clone().any(|it| it.target_id == Some(target));
        for target in gone(known.preserved_cache.iter().flatten(), is_there) {
            metrics.add_states(&STATE, &[controller, &target], "missing");
        }
    }
    missing_drives(known, controller, metrics);
}

/// The virtual drives of which nothing is left but data in the cache.
fn gone<'a>(
    preserved: impl Iterator<Item = &'a PreservedCache>,
    is_there: impl Fn(TargetId) -> bool,
) -> impl Iterator<Item = TargetId> {
    preserved
        .filter(move |it| it.state == PreservedCacheState::Missing && !is_there(it.target_id))
        .map(|it| it.target_id)
}

/// The value of the label `state`; `None` for a CacheCade drive, of which some builds print no state.
pub(super) fn state(drive: &VirtualDrive) -> Option<&'static str> {
    match &drive.state {
        Some(VirtualDriveState::Optimal) => Some("optimal"),
        Some(VirtualDriveState::PartiallyDegraded) => Some("partially_degraded"),
        Some(VirtualDriveState::Degraded) => Some("degraded"),
        Some(VirtualDriveState::Offline) => Some("offline"),
        Some(VirtualDriveState::Other(_) | _) => Some("unknown"),
        None => (!drive.is_cachecade).then_some("unknown"),
    }
}

fn one(
    drive: &VirtualDrive,
    device: Option<&NamedDevice>,
    at: &[&dyn Display; 2],
    metrics: &mut Exposition,
) {
    let [controller, target] = at;
    metrics.add(
        &INFO,
        &[
            controller,
            target,
            &Maybe(membership::drive_group(drive)),
            &Maybe(drive.name.as_ref()),
            &Maybe(drive.raid_level.as_ref().map(RaidLevel::token)),
            &Maybe(device.map(|it| &it.name)),
            &Maybe(device.and_then(|it| it.wwn.as_ref())),
        ],
        true,
    );
    if let Some(state) = state(drive) {
        metrics.add_states(&STATE, at, state);
    }
    metrics.add_some(&SIZE, at, drive.size);
    metrics.add_some(&STRIP, at, drive.strip_size);
    metrics.add_some(&SECTOR, at, drive.sector_size);
    metrics.add_some(&BAD_BLOCKS, at, drive.bad_blocks);
    spans(drive, at, metrics);
    policies(drive, at, metrics);
    for (_, operation, progress) in running(drive.operations.iter()) {
        let at: [&dyn Display; 3] = [controller, target, &operation];
        metrics.add(&PROGRESS, &at, progress.done);
        metrics.add(&ELAPSED, &at, progress.elapsed);
    }
}

fn spans(drive: &VirtualDrive, at: &[&dyn Display; 2], metrics: &mut Exposition) {
    let [controller, target] = at;
    let mut add = |family: &'static Family, span: u32, count: Option<usize>| {
        metrics.add_some(family, &[controller, target, &span], count);
    };
    let small = |count: Option<u32>| count.and_then(|count| usize::try_from(count).ok());
    if drive.spans.is_empty() {
        // Without members, the state tells of the only span there is, and of none of several.
        if drive.span_depth == Some(1) {
            add(&DRIVES, 0, small(drive.drives_per_span));
            add(&REMAINING, 0, small(redundancy::remaining(drive)));
        }
        return;
    }
    for (span, redundancy) in drive.spans.iter().zip(redundancy::spans(drive)) {
        let count = |is: &dyn Fn(&Member) -> bool| {
            Some(span.members.iter().filter(|member| is(member)).count())
        };
        let expected = small(drive.drives_per_span).or(Some(span.members.len()));
        add(&DRIVES, span.number, expected);
        add(&ONLINE, span.number, count(&is_online));
        add(
            &MISSING,
            span.number,
            count(&|member| member.drive.is_none()),
        );
        add(&REBUILDING, span.number, small(Some(redundancy.rebuilding)));
        add(&REMAINING, span.number, small(redundancy.remaining));
    }
}

fn is_online(member: &Member) -> bool {
    let state = member.drive.as_ref().and_then(|drive| drive.state.as_ref());
    matches!(state, Some(DriveState::Online | DriveState::Copyback))
}

fn policies(drive: &VirtualDrive, at: &[&dyn Display; 2], metrics: &mut Exposition) {
    let [controller, target] = at;
    for (kind, policy) in [
        ("default", &drive.default_cache),
        ("current", &drive.current_cache),
    ] {
        let policy = policy.as_ref().and_then(|policy| policy.write.as_ref());
        let Some(policy) = policy else { continue };
        let policy = match policy {
            WritePolicy::WriteBack => "write_back",
            WritePolicy::WriteThrough => "write_through",
            WritePolicy::AlwaysWriteBack => "write_back_forced",
            WritePolicy::Other(_) | _ => "unknown",
        };
        metrics.add_states(&WRITE_POLICY, &[controller, target, &kind], policy);
    }
    metrics.add_some(&WRITE_CACHE_DEGRADED, at, falls_back(drive));
    let holds = drive
        .current_cache
        .as_ref()
        .or(drive.default_cache.as_ref());
    metrics.add_some(&BAD_BBU, at, holds.and_then(keeps_caching));
    let disk_cache = match &drive.disk_cache {
        Some(DiskCachePolicy::Enabled) => Some(true),
        Some(DiskCachePolicy::Disabled) => Some(false),
        Some(DiskCachePolicy::DiskDefault | DiskCachePolicy::Other(_) | _) | None => None,
    };
    metrics.add_some(&DISK_CACHE, at, disk_cache);
    if let Some(policy) = drive.access_policy().map(AccessPolicy::token) {
        metrics.add_states(&ACCESS, at, policy);
    }
}

/// Whether writes are cached without a working battery.
fn keeps_caching(policy: &CachePolicy) -> Option<bool> {
    if policy.write == Some(WritePolicy::AlwaysWriteBack) {
        return Some(true);
    }
    policy.write_cache_with_bad_battery
}

/// One series for each row of the controller's table, with the place that drives print where it is
/// certain which one it is.
fn missing_drives(known: &Controller, controller: &dyn Display, metrics: &mut Exposition) {
    let Some(table) = &known.missing_drives else {
        return;
    };
    let places = membership::empty_places(known);
    for row in table {
        let is_it = |place: &&membership::EmptyPlace| {
            (place.span_reference, place.arm) == (Some(row.span_reference), row.arm)
        };
        let position = places.iter().find(is_it).and_then(|place| place.position);
        metrics.add(
            &MISSING_SIZE,
            &[
                controller,
                &Maybe(position.map(|at| at.drive_group)),
                &Maybe(position.map(|at| at.span)),
                &row.arm,
                &row.span_reference,
            ],
            row.expected_size,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_in_the_cache_is_missing_and_what_is_there_has_its_own_state() {
        let cache = |target, state| PreservedCache {
            target_id: TargetId(target),
            number: None,
            name: None,
            size: None,
            state,
        };
        let list = [
            cache(0, PreservedCacheState::Offline),
            cache(1, PreservedCacheState::Missing),
            cache(2, PreservedCacheState::Missing),
        ];
        let gone: Vec<_> = gone(list.iter(), |target| target == TargetId(1)).collect();
        assert_eq!(gone, [TargetId(2)]);
    }

    #[test]
    fn a_forced_write_back_needs_no_battery_whatever_the_rest_says() {
        let policy = |write, with_bad_battery| {
            keeps_caching(&CachePolicy {
                write: Some(write),
                write_cache_with_bad_battery: with_bad_battery,
                ..CachePolicy::default()
            })
        };
        assert_eq!(
            policy(WritePolicy::AlwaysWriteBack, Some(false)),
            Some(true)
        );
        assert_eq!(policy(WritePolicy::WriteBack, Some(false)), Some(false));
        assert_eq!(policy(WritePolicy::WriteBack, None), None);
    }
}
