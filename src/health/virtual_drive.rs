//! Virtual drives, judged span by span.

use ironkeep_parsers::model::{
    AccessPolicy, CachePolicy, DriveState, Member, PhysicalDrive, Span, VirtualDrive,
    VirtualDriveState, WritePolicy,
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
    let (code, reason) = match &drive.state {
        Some(VirtualDriveState::Optimal) => {
            contradiction(about, object, &spans);
            return;
        }
        Some(state @ (VirtualDriveState::PartiallyDegraded | VirtualDriveState::Degraded)) => {
            let partially = *state == VirtualDriveState::PartiallyDegraded;
            let words = if partially {
                "partially degraded"
            } else {
                "degraded"
            };
            // The word is the firmware's; whether anything is left to lose, the members of each span say.
            let holds = partially && spans.iter().all(|span| span.remaining != Some(0));
            match (holds, being_rebuilt(about, drive, &spans)) {
                (true, true) => (
                    Code::VirtualDrivePartial,
                    format!("{words} and being rebuilt: {left}"),
                ),
                (true, false) => (Code::VirtualDrivePartial, format!("{words}: {left}")),
                (false, true) => (
                    Code::VirtualDriveRebuilding,
                    format!("{words} and being rebuilt: {left}"),
                ),
                (false, false) => (
                    Code::VirtualDriveDegraded,
                    format!("{words}, nothing is being rebuilt: {left}"),
                ),
            }
        }
        Some(VirtualDriveState::Offline) => (
            Code::VirtualDriveOffline,
            format!("off line: the host cannot use it{}", gone(drive, &spans)),
        ),
        Some(other) => (Code::VirtualDriveUnknown, format!("its state is “{other}”")),
        // Some builds print no state for a CacheCade drive.
        None if drive.is_cachecade => return,
        None => (
            Code::VirtualDriveUnknown,
            "its state was not read".to_owned(),
        ),
    };
    about.add(code, object.clone(), reason);
}

/// `; span 0: 2 of 3 drives lost`; nothing where the members do not show it.
fn gone(drive: &VirtualDrive, spans: &[SpanRedundancy]) -> String {
    let mut words = String::new();
    for (redundancy, span) in spans.iter().zip(&drive.spans) {
        if redundancy.lost > 0 {
            words.push_str("; ");
            words.push_str(&lost(redundancy, span, spans.len()));
        }
    }
    words
}

/// `span 0: 1 of 3 drives lost`; the only span is not named.
fn lost(redundancy: &SpanRedundancy, span: &Span, spans: usize) -> String {
    let of = if spans > 1 {
        format!("span {}: ", span.number)
    } else {
        String::new()
    };
    format!(
        "{of}{} of {} drives lost",
        redundancy.lost,
        span.members.len()
    )
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

/// Whether a drive is being rebuilt in every span that has nothing left to lose, or, if there is none,
/// in one that has lost a drive.
fn being_rebuilt(about: &Findings<'_>, drive: &VirtualDrive, spans: &[SpanRedundancy]) -> bool {
    if drive.spans.is_empty() {
        return rebuilt_without_members(about);
    }
    let rebuilt = |span: &SpanRedundancy| span.rebuilding > 0;
    let mut bare = spans
        .iter()
        .filter(|span| span.lost > 0 && span.remaining == Some(0))
        .peekable();
    if bare.peek().is_some() {
        bare.all(rebuilt)
    } else {
        spans.iter().any(rebuilt)
    }
}

/// Without members a rebuild on the controller is taken for that of a virtual drive only if no other
/// one needs it.
fn rebuilt_without_members(about: &Findings<'_>) -> bool {
    let controller = about.controller;
    let rebuilds = controller
        .physical_drives
        .iter()
        .flatten()
        .any(|drive| drive.state == Some(DriveState::Rebuild));
    let mut needy = controller
        .virtual_drives
        .iter()
        .flatten()
        .filter(|drive| drive.state != Some(VirtualDriveState::Optimal));
    rebuilds && needy.next().is_some() && needy.next().is_none()
}

/// `span 0: 1 of 7 drives lost, one more lost drive loses the data`.
fn left_over(drive: &VirtualDrive, spans: &[SpanRedundancy]) -> String {
    let words = |remaining: Option<u32>| match remaining {
        None => "how many more drives may fail is not known".to_owned(),
        Some(0) => "one more lost drive loses the data".to_owned(),
        Some(1) => "it survives the loss of 1 more drive".to_owned(),
        Some(count) => format!("it survives the loss of {count} more drives"),
    };
    let parts: Vec<String> = spans
        .iter()
        .zip(&drive.spans)
        .filter(|(redundancy, _)| redundancy.lost > 0)
        .map(|(redundancy, span)| {
            let lost = lost(redundancy, span, spans.len());
            format!("{lost}, {}", words(redundancy.remaining))
        })
        .collect();
    if parts.is_empty() {
        words(redundancy::remaining(drive))
    } else {
        parts.join("; ")
    }
}

/// Members of a span that has lost its redundancy and that report errors of their own: a rebuild reads
/// every sector of them.
fn suspects(about: &mut Findings<'_>, drive: &VirtualDrive, object: &Object) {
    if matches!(
        drive.state,
        Some(VirtualDriveState::Optimal | VirtualDriveState::Offline)
    ) {
        return;
    }
    let enough = about.limits.media_errors_warning.max(1);
    for (span, redundancy) in drive.spans.iter().zip(redundancy::spans(drive)) {
        if redundancy.lost == 0 || redundancy.remaining != Some(0) {
            continue;
        }
        for suspect in span.members.iter().filter_map(working) {
            let Some(troubles) = troubles(suspect, enough) else {
                continue;
            };
            let at = suspect
                .address()
                .map_or_else(|| "a member".to_owned(), |at| format!("drive {at}"));
            let reason = format!(
                "span {} has no redundancy left and {at} has {troubles}",
                span.number
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

/// `2 media errors and a S.M.A.R.T. alert`; `None` for a drive without trouble.
fn troubles(drive: &PhysicalDrive, enough: u64) -> Option<String> {
    let media = drive.media_errors.filter(|&count| count >= enough);
    let predicted = drive.predictive_failures.filter(|&count| count > 0);
    let parts: Vec<String> = [
        media.map(|count| human::count(count, "media error", "media errors")),
        predicted.map(|count| human::count(count, "predicted failure", "predicted failures")),
        (drive.smart_alert == Some(true)).then(|| "a S.M.A.R.T. alert".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
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
    // Also where the policy says “no write cache with a bad battery”: what counts is what it does now.
    let why = match battery {
        battery::Condition::Absent => "there is no battery",
        battery::Condition::Broken => "the battery does not work",
        battery::Condition::Working
        | battery::Condition::Learning
        | battery::Condition::Charging
        | battery::Condition::Unknown => return,
    };
    if caches(&current) {
        about.add(
            Code::WriteBackUnprotected,
            object.clone(),
            format!("it writes back although {why}: a power cut loses data"),
        );
    }
}
