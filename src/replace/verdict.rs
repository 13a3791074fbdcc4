//! Whether the drive is safe to pull as things are, span by span.

use ironkeep_parsers::model::PhysicalDrive;
use serde::Serialize;

use super::memory::{Duty, Memory};
use super::policy::Policy;
use super::view::{self, Holder, View};
use crate::change::drive_checks::{idle, spare_of};
use crate::change::{Check, Ruling};
use crate::reading::Controller;

/// Whether the drive may be pulled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Verdict {
    /// Whether the drive groups keep their data if it is pulled now.
    pub safe_to_pull: bool,
    /// What was looked at: each span that it belongs to, what runs there, the other members.
    pub checks: Vec<Check>,
}

/// What `at` says of the drive that is to be replaced.
pub fn verdict(at: &Controller, memory: &Memory, policy: &Policy, now: jiff::Timestamp) -> Verdict {
    let view = View {
        at,
        memory,
        policy,
        now,
    };
    let mut checks = Vec::new();
    if let Some(old) = view.old() {
        checks.extend(spare_of(at, old));
        checks.push(idle(at, old, &[]));
        if let Duty::Spare(_) = memory.duty {
            let what = "no hot spare stands by in its place until the new drive is there";
            checks.push(Check::warns("spare", "the drive is a hot spare", what));
        }
    } else {
        checks.push(Check::holds(
            "gone",
            format!("bay {} has no drive to pull", memory.bay),
        ));
    }
    for kept in at.preserved_cache.iter().flatten() {
        let observed = format!(
            "the controller keeps unwritten data of virtual drive {}",
            kept.target_id
        );
        let why = "it is lost if the drives of that virtual drive do not come back";
        checks.push(Check::refuses("preserved_cache", observed, why));
    }
    checks.extend(others(&view));
    Verdict {
        safe_to_pull: checks.iter().all(|check| !check.stands_against(&[])),
        checks,
    }
}

/// Other members that may not give all that a rebuild reads.
fn others(view: &View<'_>) -> Vec<Check> {
    let Some(place) = view.memory.place() else {
        return Vec::new();
    };
    let Some(span) = view.span(place) else {
        return Vec::new();
    };
    let members = span.members.iter();
    let drives = members.filter_map(|member| view.in_bay(member.drive.as_ref()?.address()?));
    drives
        .filter(|drive| {
            !view.is_old(drive) && !matches!(view.holder(place), Holder::Drive(it) if it == *drive)
        })
        .filter_map(ill)
        .collect()
}

fn ill(drive: &PhysicalDrive) -> Option<Check> {
    let media = drive.media_errors.filter(|&count| count > 0);
    let predicts = drive.predictive_failures.filter(|&count| count > 0);
    let mut seen = Vec::new();
    seen.extend(media.map(|count| format!("{count} media errors")));
    seen.extend(predicts.map(|count| format!("{count} predictive failures")));
    if drive.smart_alert == Some(true) && predicts.is_none() {
        seen.push("a S.M.A.R.T. alert".to_owned());
    }
    (!seen.is_empty()).then(|| {
        Check::warns(
            "other_members",
            format!("{}, which a rebuild reads, has {}", view::name(drive), seen.join(" and ")),
            "what it cannot read is lost for good: take a backup, or run a patrol read or consistency check first",
        )
    })
}

/// Why the verdict is as it is: every reason against, or every reason for it.
pub fn because(verdict: &Verdict) -> String {
    let stands = |check: &&Check| check.stands_against(&[]) != verdict.safe_to_pull;
    let reasons = verdict.checks.iter().filter(stands);
    let reasons = reasons.filter(|it| !matches!(it.ruling, Ruling::Warns { .. }));
    let words: Vec<&str> = reasons.map(|it| it.observed.as_str()).collect();
    words.join("; ")
}

/// What a person should know all the same.
pub fn warnings(verdict: &Verdict) -> Vec<String> {
    let words = verdict
        .checks
        .iter()
        .filter_map(|check| match &check.ruling {
            Ruling::Warns { why } => Some(format!("{}: {why}", check.observed)),
            Ruling::Holds | Ruling::Refuses { .. } => None,
        });
    words.collect()
}
