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
        Some(0) if spans.len() > 1 => "one more lost drive of this span loses the data".to_owned(),
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

/// Whether writes wait in the controller's cache under this policy; `None` where it is not known.
fn writes_back(policy: Option<&CachePolicy>) -> Option<bool> {
    match policy?.write.as_ref()? {
        WritePolicy::WriteBack | WritePolicy::AlwaysWriteBack => Some(true),
        WritePolicy::WriteThrough => Some(false),
        WritePolicy::Other(_) | _ => None,
    }
}

/// Whether `drive` should write back and writes through at present; `None` where a policy is not known.
pub(crate) fn falls_back(drive: &VirtualDrive) -> Option<bool> {
    let wanted = writes_back(drive.default_cache.as_ref())?;
    let current = writes_back(drive.current_cache.as_ref())?;
    Some(wanted && !current)
}

/// The write cache: fallen back to write-through, or on without protection.
fn cache(about: &mut Findings<'_>, drive: &VirtualDrive, object: &Object) {
    let battery = battery::condition(about.controller);
    if falls_back(drive) == Some(true) {
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
    if writes_back(drive.current_cache.as_ref()) == Some(true) {
        about.add(
            Code::WriteBackUnprotected,
            object.clone(),
            format!("it writes back although {why}: a power cut loses data"),
        );
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{Arm, BatteryState, CacheProtection, RaidLevel, TargetId};

    use super::*;
    use crate::health::example::{findings, found};
    use crate::reading::Controller;

    const ON: DriveState = DriveState::Online;

    fn member(state: DriveState) -> Member {
        Member {
            arm: Arm(0),
            drive: Some(PhysicalDrive {
                state: Some(state),
                ..PhysicalDrive::default()
            }),
        }
    }

    fn drive(level: RaidLevel, state: VirtualDriveState, spans: &[&[DriveState]]) -> VirtualDrive {
        VirtualDrive {
            target_id: Some(TargetId(0)),
            raid_level: Some(level),
            state: Some(state),
            spans: (0..)
                .zip(spans)
                .map(|(number, members)| Span {
                    number,
                    members: members.iter().cloned().map(member).collect(),
                })
                .collect(),
            ..VirtualDrive::default()
        }
    }

    fn controller(drives: &[VirtualDrive]) -> Controller {
        Controller {
            virtual_drives: Some(drives.to_vec()),
            ..Controller::default()
        }
    }

    fn judged(drive: &VirtualDrive) -> Vec<(Code, Severity)> {
        found(controller(std::slice::from_ref(drive)))
    }

    #[test]
    fn an_optimal_virtual_drive_is_no_finding() {
        let optimal = drive(
            RaidLevel::Raid5,
            VirtualDriveState::Optimal,
            &[&[ON, ON, ON]],
        );
        assert_eq!(judged(&optimal), []);
    }

    #[test]
    fn a_failed_member_is_critical_until_its_rebuild_runs() {
        let of = |state| {
            drive(
                RaidLevel::Raid5,
                VirtualDriveState::Degraded,
                &[&[ON, state, ON]],
            )
        };
        assert_eq!(
            judged(&of(DriveState::Failed)),
            [(Code::VirtualDriveDegraded, Severity::Critical)]
        );
        assert_eq!(
            judged(&of(DriveState::Rebuild)),
            [(Code::VirtualDriveRebuilding, Severity::Warning)]
        );
    }

    #[test]
    fn the_rebuild_of_one_span_does_not_calm_another() {
        let spans: &[&[DriveState]] = &[
            &[ON, DriveState::Rebuild, ON],
            &[ON, DriveState::Failed, ON],
        ];
        let degraded = drive(RaidLevel::Raid50, VirtualDriveState::Degraded, spans);
        assert_eq!(
            judged(&degraded),
            [(Code::VirtualDriveDegraded, Severity::Critical)]
        );
    }

    #[test]
    fn a_partially_degraded_word_does_not_hide_a_span_with_nothing_left() {
        let of = |level| {
            let state = VirtualDriveState::PartiallyDegraded;
            drive(level, state, &[&[ON, DriveState::Failed, ON, ON]])
        };
        assert_eq!(
            judged(&of(RaidLevel::Raid6)),
            [(Code::VirtualDrivePartial, Severity::Warning)]
        );
        assert_eq!(
            judged(&of(RaidLevel::Raid5)),
            [(Code::VirtualDriveDegraded, Severity::Critical)]
        );
    }

    #[test]
    fn without_members_a_rebuild_counts_only_if_nothing_else_needs_it() {
        let degraded = drive(RaidLevel::Raid5, VirtualDriveState::Degraded, &[]);
        let rebuild = member(DriveState::Rebuild).drive;
        let codes = |drives: &[VirtualDrive]| -> Vec<Code> {
            let mut controller = controller(drives);
            controller.physical_drives = Some(rebuild.iter().cloned().collect());
            let codes = found(controller).into_iter().map(|(code, _)| code);
            codes
                .filter(|code| code.name().starts_with("vd."))
                .collect()
        };
        let one = [degraded.clone()];
        assert_eq!(codes(&one), [Code::VirtualDriveRebuilding]);
        let two = [degraded.clone(), degraded];
        assert!(
            codes(&two)
                .iter()
                .all(|&code| code == Code::VirtualDriveDegraded)
        );
    }

    #[test]
    fn an_offline_stripe_is_critical_and_counts_its_losses() {
        let offline = drive(
            RaidLevel::Raid0,
            VirtualDriveState::Offline,
            &[&[ON, DriveState::Failed]],
        );
        let findings = findings(controller(&[offline]));
        assert_eq!(findings[0].code, Code::VirtualDriveOffline);
        assert!(findings[0].reason.ends_with("1 of 2 drives lost"));
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn an_optimal_state_that_the_members_contradict_is_unknown() {
        let odd = drive(
            RaidLevel::Raid1,
            VirtualDriveState::Optimal,
            &[&[ON, DriveState::Failed]],
        );
        assert_eq!(
            judged(&odd),
            [(Code::VirtualDriveUnknown, Severity::Unknown)]
        );
    }

    #[test]
    fn an_unknown_or_missing_state_is_unknown_except_for_cachecade() {
        let mut odd = drive(
            RaidLevel::Raid0,
            VirtualDriveState::Other("Odd".to_owned()),
            &[],
        );
        let unknown = [(Code::VirtualDriveUnknown, Severity::Unknown)];
        assert_eq!(judged(&odd), unknown);
        odd.state = None;
        assert_eq!(judged(&odd), unknown);
        odd.is_cachecade = true;
        assert_eq!(judged(&odd), []);
    }

    #[test]
    fn a_suspect_member_counts_only_where_no_redundancy_is_left() {
        let of = |level, state| {
            let mut drive = drive(level, state, &[&[ON, DriveState::Failed, ON, ON]]);
            let suspect = drive.spans[0].members[0].drive.as_mut().unwrap();
            suspect.smart_alert = Some(true);
            findings(controller(&[drive]))
        };
        let degraded = of(RaidLevel::Raid5, VirtualDriveState::Degraded);
        let suspect = degraded
            .iter()
            .find(|finding| finding.code == Code::VirtualDriveSuspect)
            .unwrap();
        assert!(suspect.reason.ends_with("a member has a S.M.A.R.T. alert"));
        let partial = of(RaidLevel::Raid6, VirtualDriveState::PartiallyDegraded);
        assert_eq!(partial.len(), 1);
        let offline = of(RaidLevel::Raid5, VirtualDriveState::Offline);
        assert_eq!(offline.len(), 1);
    }

    #[test]
    fn bad_blocks_and_a_blocked_drive_are_findings() {
        let mut drive = drive(RaidLevel::Raid1, VirtualDriveState::Optimal, &[&[ON, ON]]);
        drive.bad_blocks = Some(true);
        drive.current_access = Some(AccessPolicy::Blocked);
        let expected = [
            (Code::VirtualDriveBadBlocks, Severity::Warning),
            (Code::VirtualDriveBlocked, Severity::Warning),
        ];
        assert_eq!(judged(&drive), expected);
    }

    /// What is found of the cache: of a virtual drive that should write back and does `current`, beside
    /// a battery in `state`; `None` for no battery.
    fn cached(current: WritePolicy, state: Option<BatteryState>) -> Vec<(Code, Severity)> {
        let policy = |write| {
            Some(CachePolicy {
                write: Some(write),
                ..CachePolicy::default()
            })
        };
        let mut drive = drive(RaidLevel::Raid1, VirtualDriveState::Optimal, &[&[ON, ON]]);
        drive.default_cache = policy(WritePolicy::WriteBack);
        drive.current_cache = policy(current);
        let mut controller = controller(&[drive]);
        controller.cache_protection = Some(state.map(|state| CacheProtection {
            state: Some(state),
            ..CacheProtection::default()
        }));
        let mut found = found(controller);
        found.retain(|(code, _)| code.name().starts_with("vd."));
        found
    }

    #[test]
    fn a_fallback_to_write_through_is_a_warning_unless_a_learn_cycle_explains_it() {
        let through = |state| cached(WritePolicy::WriteThrough, state);
        let code = Code::WriteThroughFallback;
        assert_eq!(
            through(Some(BatteryState::Failed)),
            [(code, Severity::Warning)]
        );
        assert_eq!(
            through(Some(BatteryState::Optimal)),
            [(code, Severity::Warning)]
        );
        assert_eq!(
            through(Some(BatteryState::Learning)),
            [(code, Severity::Info)]
        );
        assert_eq!(through(None), [(code, Severity::Info)]);
    }

    #[test]
    fn write_back_needs_a_battery_that_works() {
        let back = |state| cached(WritePolicy::WriteBack, state);
        let unprotected = [(Code::WriteBackUnprotected, Severity::Warning)];
        assert_eq!(back(None), unprotected);
        assert_eq!(back(Some(BatteryState::Failed)), unprotected);
        assert_eq!(back(Some(BatteryState::Optimal)), []);
        assert_eq!(back(Some(BatteryState::Learning)), []);
    }
}
