//! How many more drives each span of a virtual drive may lose without losing data.

use ironkeep_parsers::model::{
    DriveState, Member, RaidLevel, Span, VirtualDrive, VirtualDriveState,
};

/// The redundancy of one span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanRedundancy {
    /// The span's number, from 0.
    pub span: u32,
    /// Members that hold no data at present: missing, failed, off line, or still being rebuilt.
    pub lost: u32,
    /// Of those, members that are being rebuilt.
    pub rebuilding: u32,
    /// How many more drives may fail without loss of data. `None` where that is not known: the RAID
    /// level is not, or the members contradict the firmware's state of the virtual drive.
    pub remaining: Option<u32>,
}

/// How many drives a span of this level survives losing, whichever drives they are. `None` for a
/// level that is not known.
pub fn tolerance(level: &RaidLevel) -> Option<u32> {
    match level {
        RaidLevel::Raid0 | RaidLevel::Raid00 => Some(0),
        // A mirror of more than two drives survives more losses only if they hit different pairs.
        RaidLevel::Raid1
        | RaidLevel::Raid10
        | RaidLevel::Raid1E
        | RaidLevel::Raid5
        | RaidLevel::Raid50 => Some(1),
        RaidLevel::Raid6 | RaidLevel::Raid60 => Some(2),
        RaidLevel::Other(_) | _ => None,
    }
}

/// The redundancy of every span whose members were read, in order.
pub fn spans(drive: &VirtualDrive) -> Vec<SpanRedundancy> {
    let tolerance = drive.raid_level.as_ref().and_then(tolerance);
    let optimal = drive.state == Some(VirtualDriveState::Optimal);
    let mut spans: Vec<SpanRedundancy> = drive
        .spans
        .iter()
        .map(|span| judge(span, tolerance, optimal))
        .collect();
    if contradicts(drive, &spans) {
        for span in &mut spans {
            span.remaining = None;
        }
    }
    // Of a lost redundancy the firmware knows more than the members show.
    if let [only] = spans.as_mut_slice()
        && only.remaining.is_none()
        && !optimal
    {
        only.remaining = by_state(drive);
    }
    spans
}

/// The least number of further losses that any span survives. `None` where it is not known; without
/// members (`-LDInfo`) the firmware's state of the virtual drive answers where it can.
pub fn remaining(drive: &VirtualDrive) -> Option<u32> {
    let spans = spans(drive);
    if !spans.is_empty() {
        return spans.iter().map(|span| span.remaining).min().flatten();
    }
    by_state(drive)
}

/// What the firmware's state of the virtual drive says, where the members do not: for the worst span.
fn by_state(drive: &VirtualDrive) -> Option<u32> {
    let tolerance = tolerance(drive.raid_level.as_ref()?)?;
    match drive.state.as_ref()? {
        VirtualDriveState::Optimal => Some(tolerance),
        VirtualDriveState::PartiallyDegraded => tolerance.checked_sub(1),
        VirtualDriveState::Degraded => Some(0),
        VirtualDriveState::Offline | VirtualDriveState::Other(_) | _ => None,
    }
}

/// What becomes of a span's data if one of its members is pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", tag = "pulled", content = "then_remaining")]
pub enum Pulled {
    /// They survive; so many more drives may fail then.
    Survives(u32),
    /// They are lost.
    Loses,
    /// They may be lost: a mirror of more than two drives survives only if the lost drives belong to
    /// different pairs.
    MayLose,
    /// The member holds none of them at present: it failed, or is being rebuilt.
    HoldsNothing,
    /// The virtual drive is off line already: what is left of it may be needed to get it back.
    OffLine,
    /// Nobody knows.
    Unknown,
}

/// What becomes of the data of `span`, a span of `drive`, if `member` is pulled.
pub fn pulled(drive: &VirtualDrive, span: &Span, member: &Member) -> Pulled {
    if drive.state == Some(VirtualDriveState::Offline) {
        return Pulled::OffLine;
    }
    let optimal = drive.state == Some(VirtualDriveState::Optimal);
    let remaining = spans(drive)
        .into_iter()
        .find(|redundancy| redundancy.span == span.number)
        .and_then(|redundancy| redundancy.remaining);
    let mirrors = matches!(
        drive.raid_level,
        Some(RaidLevel::Raid1 | RaidLevel::Raid10 | RaidLevel::Raid1E)
    );
    match (holds_data(member, optimal), remaining) {
        // Only where the states tell one story: see `contradicts`.
        (Some(false), Some(_)) => Pulled::HoldsNothing,
        (_, Some(0)) if mirrors && span.members.len() > 2 => Pulled::MayLose,
        (_, Some(0)) => Pulled::Loses,
        (_, Some(more)) => Pulled::Survives(more - 1),
        (_, None) => Pulled::Unknown,
    }
}

fn judge(span: &Span, tolerance: Option<u32>, optimal: bool) -> SpanRedundancy {
    let count = |test: &dyn Fn(&Member) -> bool| {
        u32::try_from(span.members.iter().filter(|member| test(member)).count()).unwrap_or(u32::MAX)
    };
    let lost = count(&|member| holds_data(member, optimal) == Some(false));
    let doubtful = count(&|member| holds_data(member, optimal).is_none());
    let rebuilding = count(&|member| state(member) == Some(&DriveState::Rebuild));
    let remaining = match tolerance {
        Some(tolerance) if doubtful == 0 => Some(tolerance.saturating_sub(lost)),
        // Whatever the doubtful members are, a span that has used up its tolerance has nothing left.
        Some(tolerance) if lost >= tolerance => Some(0),
        _ => None,
    };
    SpanRedundancy {
        span: span.number,
        lost,
        rebuilding,
        remaining,
    }
}

fn state(member: &Member) -> Option<&DriveState> {
    member.drive.as_ref()?.state.as_ref()
}

/// Whether the member holds its share of the data. `None` where its state does not say.
fn holds_data(member: &Member, optimal: bool) -> Option<bool> {
    let Some(drive) = &member.drive else {
        return Some(false);
    };
    match drive.state.as_ref()? {
        DriveState::Online => Some(true),
        DriveState::Failed
        | DriveState::Offline
        | DriveState::Rebuild
        | DriveState::UnconfiguredBad
        | DriveState::UnconfiguredGood => Some(false),
        // The target of a copyback, and a member under diagnosis, count if the firmware calls the
        // virtual drive optimal; otherwise nobody says.
        DriveState::Copyback | DriveState::ConfiguredShielded if optimal => Some(true),
        DriveState::Copyback
        | DriveState::ConfiguredShielded
        | DriveState::HotSpare
        | DriveState::HotSpareShielded
        | DriveState::Jbod
        | DriveState::UnconfiguredShielded
        | DriveState::Unknown
        | DriveState::Other(_)
        | _ => None,
    }
}

/// Whether the members tell another story than the firmware's state: a virtual drive that is not
/// optimal although every member works, or is optimal although one is lost. The worse story is then
/// not known to be the true one, so nothing is claimed.
fn contradicts(drive: &VirtualDrive, spans: &[SpanRedundancy]) -> bool {
    let lost = spans.iter().any(|span| span.lost > 0);
    match drive.state.as_ref() {
        Some(VirtualDriveState::Optimal) => lost,
        Some(
            VirtualDriveState::PartiallyDegraded
            | VirtualDriveState::Degraded
            | VirtualDriveState::Offline,
        ) => !lost,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{Arm, PhysicalDrive};

    use super::*;

    fn member(state: Option<DriveState>) -> Member {
        let drive = state.map(|state| PhysicalDrive {
            state: Some(state),
            ..PhysicalDrive::default()
        });
        Member { arm: Arm(0), drive }
    }

    fn virtual_drive(
        level: RaidLevel,
        state: VirtualDriveState,
        spans: &[&[Option<DriveState>]],
    ) -> VirtualDrive {
        VirtualDrive {
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

    const ON: Option<DriveState> = Some(DriveState::Online);

    #[test]
    fn a_lost_drive_counts_against_its_own_span_only() {
        let drive = virtual_drive(
            RaidLevel::Raid50,
            VirtualDriveState::Degraded,
            &[&[ON, None, ON], &[ON, ON, ON]],
        );
        let remaining: Vec<_> = spans(&drive).iter().map(|span| span.remaining).collect();
        assert_eq!(remaining, [Some(0), Some(1)]);
        assert_eq!(super::remaining(&drive), Some(0));
    }

    #[test]
    fn a_rebuilding_member_protects_nothing_yet() {
        let rebuild = Some(DriveState::Rebuild);
        let drive = virtual_drive(
            RaidLevel::Raid6,
            VirtualDriveState::PartiallyDegraded,
            &[&[ON, rebuild, ON, ON]],
        );
        assert_eq!(
            spans(&drive),
            [SpanRedundancy {
                span: 0,
                lost: 1,
                rebuilding: 1,
                remaining: Some(1)
            }]
        );
    }

    #[test]
    fn unknown_words_make_the_redundancy_unknown() {
        let odd = Some(DriveState::Other("Sleeping".to_owned()));
        let drive = virtual_drive(
            RaidLevel::Raid5,
            VirtualDriveState::Optimal,
            &[&[ON, odd, ON]],
        );
        assert_eq!(remaining(&drive), None);
        let other = virtual_drive(
            RaidLevel::Other("Primary-7".to_owned()),
            VirtualDriveState::Optimal,
            &[&[ON]],
        );
        assert_eq!(remaining(&other), None);
    }

    #[test]
    fn a_state_that_the_members_contradict_names_no_span() {
        let degraded = VirtualDriveState::Degraded;
        let members: &[_] = &[ON, ON, ON];
        let drive = virtual_drive(RaidLevel::Raid50, degraded.clone(), &[members, members]);
        assert_eq!(remaining(&drive), None);
        let drive = virtual_drive(RaidLevel::Raid5, degraded, &[members]);
        assert_eq!(remaining(&drive), Some(0));
        let failed: &[_] = &[ON, Some(DriveState::Failed), ON];
        let drive = virtual_drive(RaidLevel::Raid5, VirtualDriveState::Optimal, &[failed]);
        assert_eq!(remaining(&drive), None);
    }

    #[test]
    fn pulling_a_member_is_judged_by_its_own_span() {
        let drive = virtual_drive(
            RaidLevel::Raid50,
            VirtualDriveState::Degraded,
            &[&[ON, None, ON], &[ON, ON, ON]],
        );
        let pull = |span: usize, member: usize| {
            let span = &drive.spans[span];
            pulled(&drive, span, &span.members[member])
        };
        assert_eq!(pull(0, 0), Pulled::Loses);
        assert_eq!(pull(1, 0), Pulled::Survives(0));
    }

    #[test]
    fn a_member_that_holds_nothing_can_go_and_nothing_of_an_offline_drive_can() {
        let failed = Some(DriveState::Failed);
        let members: &[&[Option<DriveState>]] = &[&[ON, failed, ON]];
        let pull = |state| {
            let drive = virtual_drive(RaidLevel::Raid5, state, members);
            pulled(&drive, &drive.spans[0], &drive.spans[0].members[1])
        };
        assert_eq!(pull(VirtualDriveState::Degraded), Pulled::HoldsNothing);
        assert_eq!(pull(VirtualDriveState::Offline), Pulled::OffLine);
        // The firmware calls it optimal although a member failed.
        assert_eq!(pull(VirtualDriveState::Optimal), Pulled::Unknown);
    }

    #[test]
    fn a_wide_mirror_that_lost_a_drive_may_or_may_not_survive() {
        let drive = virtual_drive(
            RaidLevel::Raid10,
            VirtualDriveState::Degraded,
            &[&[ON, None, ON, ON], &[ON, ON, ON, ON]],
        );
        let span = &drive.spans[0];
        assert_eq!(pulled(&drive, span, &span.members[0]), Pulled::MayLose);
    }

    #[test]
    fn without_members_the_state_answers() {
        let drive = virtual_drive(RaidLevel::Raid6, VirtualDriveState::PartiallyDegraded, &[]);
        assert_eq!(remaining(&drive), Some(1));
    }
}
