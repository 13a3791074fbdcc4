//! Virtual drives, judged span by span.

use ironkeep_parsers::model::{
    AccessPolicy, CachePolicy, DriveState, Member, PhysicalDrive, VirtualDrive, VirtualDriveState,
    WritePolicy,
};

use crate::output::human;

use super::redundancy::{self, SpanRedundancy};
use super::{Code, Findings, Object, Severity, battery};

pub(super) fn judge(about: &mut Findings<'_>) {
    let controller = about.controller;
    for drive in controller.virtual_drives.iter().flatten() {
        let object = Object::VirtualDrive {
            target_id: drive.target_id,
            name: drive.name.clone(),
        };
        state(about, drive, &object);
        suspects(about, drive, &object);
        cache(about, drive, &object);
        if drive.bad_blocks == Some(true) {
            about.add(
                Code::VirtualDriveBadBlocks,
                object.clone(),
                "it has bad blocks",
            );
        }
        if let Some(access @ (AccessPolicy::Blocked | AccessPolicy::ReadOnly)) =
            drive.access_policy()
        {
            about.add(
                Code::VirtualDriveBlocked,
                object.clone(),
                format!("its access policy is {access}"),
            );
        }
    }
}

fn state(about: &mut Findings<'_>, drive: &VirtualDrive, object: &Object) {
    let spans = redundancy::spans(drive);
    let left = left_over(drive, &spans);
    let rebuilding = being_rebuilt(about, drive, &spans);
    match &drive.state {
        Some(VirtualDriveState::Optimal) => contradiction(about, object, &spans),
        Some(VirtualDriveState::PartiallyDegraded) => {
            about.add(
                Code::VirtualDrivePartial,
                object.clone(),
                format!("partially degraded: {left}"),
            );
        }
        Some(VirtualDriveState::Degraded) if rebuilding => {
            about.add(
                Code::VirtualDriveRebuilding,
                object.clone(),
                format!("degraded and being rebuilt: {left}"),
            );
        }
        Some(VirtualDriveState::Degraded) => {
            about.add(
                Code::VirtualDriveDegraded,
                object.clone(),
                format!("degraded, nothing is being rebuilt: {left}"),
            );
        }
        Some(VirtualDriveState::Offline) => {
            about.add(
                Code::VirtualDriveOffline,
                object.clone(),
                "off line: the host cannot use it",
            );
        }
        Some(other) => {
            about.add(
                Code::VirtualDriveUnknown,
                object.clone(),
                format!("its state is “{other}”"),
            );
        }
        // Some builds print no state for a CacheCade drive, which holds copies only.
        None if drive.is_cachecade => {}
        None => about.add(
            Code::VirtualDriveUnknown,
            object.clone(),
            "its state was not read",
        ),
    }
}

/// An optimal virtual drive has no lost member: either the state or the list of members is wrong.
fn contradiction(about: &mut Findings<'_>, object: &Object, spans: &[SpanRedundancy]) {
    let lost: u32 = spans.iter().map(|span| span.lost).sum();
    if lost > 0 {
        let drives = human::count(u64::from(lost), "of its drives is", "of its drives are");
        let reason = format!("the firmware calls it optimal, but {drives} missing or not working");
        about.add(Code::VirtualDriveUnknown, object.clone(), reason);
    }
}

/// Whether every span that has lost a drive is being rebuilt. Without members the drives of the
/// controller answer.
fn being_rebuilt(about: &Findings<'_>, drive: &VirtualDrive, spans: &[SpanRedundancy]) -> bool {
    let lossy: Vec<&SpanRedundancy> = spans.iter().filter(|span| span.lost > 0).collect();
    if lossy.is_empty() {
        return drive.spans.is_empty()
            && about
                .controller
                .physical_drives
                .iter()
                .flatten()
                .any(|drive| drive.state == Some(DriveState::Rebuild));
    }
    lossy.iter().all(|span| span.rebuilding > 0)
}

/// `span 0 survives no further loss (1 of 7 drives lost)`.
fn left_over(drive: &VirtualDrive, spans: &[SpanRedundancy]) -> String {
    let lossy = || spans.iter().filter(|span| span.lost > 0);
    let words = |remaining: Option<u32>| match remaining {
        None => "how many more drives may fail is not known".to_owned(),
        Some(0) => "one more lost drive loses the data".to_owned(),
        Some(1) => "it survives the loss of 1 more drive".to_owned(),
        Some(count) => format!("it survives the loss of {count} more drives"),
    };
    if lossy().next().is_none() {
        return words(redundancy::remaining(drive));
    }
    let mut parts = Vec::new();
    for span in lossy() {
        let members = drive
            .spans
            .iter()
            .find(|read| read.number == span.span)
            .map_or(0, |read| read.members.len());
        let of = if spans.len() > 1 {
            format!("span {}: ", span.span)
        } else {
            String::new()
        };
        parts.push(format!(
            "{of}{} of {members} drives lost, {}",
            span.lost,
            words(span.remaining)
        ));
    }
    parts.join("; ")
}

/// Members of a span without redundancy that report errors of their own: a rebuild reads every
/// sector of them.
fn suspects(about: &mut Findings<'_>, drive: &VirtualDrive, object: &Object) {
    if drive.state == Some(VirtualDriveState::Optimal) {
        return;
    }
    for (span, redundancy) in drive.spans.iter().zip(redundancy::spans(drive)) {
        if redundancy.lost == 0 || redundancy.remaining != Some(0) {
            continue;
        }
        for suspect in span
            .members
            .iter()
            .filter_map(working)
            .filter(|drive| is_suspect(drive))
        {
            let at = suspect
                .address()
                .map_or_else(|| "a member".to_owned(), |at| format!("drive {at}"));
            let reason = format!(
                "span {} has no redundancy left and {at} has {} media errors and {} predicted failures",
                span.number,
                suspect.media_errors.unwrap_or(0),
                suspect.predictive_failures.unwrap_or(0),
            );
            about.add(Code::VirtualDriveSuspect, object.clone(), reason);
        }
    }
}

fn working(member: &Member) -> Option<&PhysicalDrive> {
    member
        .drive
        .as_ref()
        .filter(|drive| drive.state == Some(DriveState::Online))
}

fn is_suspect(drive: &PhysicalDrive) -> bool {
    drive.media_errors.unwrap_or(0) > 0
        || drive.predictive_failures.unwrap_or(0) > 0
        || drive.smart_alert == Some(true)
}

/// The write cache: fallen back to write-through, or on without protection.
fn cache(about: &mut Findings<'_>, drive: &VirtualDrive, object: &Object) {
    let write =
        |policy: &Option<CachePolicy>| policy.as_ref().and_then(|policy| policy.write.clone());
    let (wanted, current) = (write(&drive.default_cache), write(&drive.current_cache));
    let battery = battery::condition(about.controller);
    let caches = |policy: &Option<WritePolicy>| {
        matches!(
            policy,
            Some(WritePolicy::WriteBack | WritePolicy::AlwaysWriteBack)
        )
    };
    if caches(&wanted) && current == Some(WritePolicy::WriteThrough) {
        let (severity, why) = match battery {
            battery::Condition::Learning => (Severity::Info, "the battery is in a learn cycle"),
            battery::Condition::Charging => (Severity::Info, "the battery is charging"),
            battery::Condition::Absent => (Severity::Info, "the controller has no battery"),
            battery::Condition::Broken => (Severity::Warning, "the battery does not work"),
            battery::Condition::Working | battery::Condition::Unknown => {
                (Severity::Warning, "the reason is not known")
            }
        };
        about.add_as(
            Code::WriteThroughFallback,
            severity,
            object.clone(),
            format!("it should write back and writes through: {why}"),
        );
    }
    let keeps_on = drive
        .current_cache
        .as_ref()
        .and_then(|policy| policy.write_cache_with_bad_battery)
        == Some(true)
        || current == Some(WritePolicy::AlwaysWriteBack);
    if caches(&current)
        && keeps_on
        && matches!(
            battery,
            battery::Condition::Absent | battery::Condition::Broken
        )
    {
        let why = if battery == battery::Condition::Absent {
            "there is no battery"
        } else {
            "the battery does not work"
        };
        about.add(
            Code::WriteBackUnprotected,
            object.clone(),
            format!("it writes back although {why}: a power cut loses data"),
        );
    }
}
