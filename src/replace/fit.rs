//! Whether a new drive fits its place: all of it is looked at before anything is written to the drive.

use ironkeep_parsers::model::PhysicalDrive;

use super::memory::{Duty, Place};
use super::step::Refusal;
use super::view::{self, View};
use crate::change::{Check, fits};

/// What does not fit about the new drive, the gravest first; `None` if it fits.
pub(super) fn misfit(view: &View<'_>, new: &PhysicalDrive) -> Option<Refusal> {
    let mut checks = own(new);
    match &view.memory.duty {
        Duty::Member(place) => checks.extend(beside_others(view, place, new)),
        Duty::Spare(duty) => {
            for &reference in &duty.arrays {
                checks.extend(in_span(view, reference, None, new));
            }
        }
        Duty::Free | Duty::Jbod => {}
    }
    let refuses = |check: &&Check| check.stands_against(&view.policy.overrides);
    let refusal = Refusal::of(checks.iter().find(refuses)?)?;
    Some(Refusal {
        observed: format!(
            "the new {} does not fit: {}",
            view::name(new),
            refusal.observed
        ),
        possible: vec![format!(
            "insert another drive into bay {}, and go on with the same command",
            view.memory.new_bay
        )],
        ..refusal
    })
}

/// Whether `drive` can take `place` without any doubt.
pub(super) fn fits(view: &View<'_>, place: &Place, drive: &PhysicalDrive) -> bool {
    let mut checks = own(drive);
    checks.extend(beside_others(view, place, drive));
    checks.iter().all(|check| !check.stands_against(&[]))
}

/// What is wrong with the drive itself.
fn own(drive: &PhysicalDrive) -> Vec<Check> {
    let mut checks = Vec::new();
    let predicts = drive.predictive_failures.is_some_and(|count| count > 0);
    if predicts || drive.smart_alert == Some(true) {
        let observed = "it predicts its own failure";
        let why = "it would have to be replaced again";
        checks.push(Check::refuses("predictive_failure", observed, why));
    }
    if drive.locked == Some(true) || drive.foreign_locked == Some(true) {
        let observed = "it is locked with a key that this controller does not have";
        let why = "it can be neither read nor written without that key";
        checks.push(Check::forbids("encryption", observed, why));
    }
    checks
}

/// What the place needs, by the members beside it and the table of missing drives.
fn beside_others(view: &View<'_>, place: &Place, drive: &PhysicalDrive) -> Vec<Check> {
    let mut table = view.at.missing_drives.iter().flatten();
    let row = table.find(|row| (row.span_reference, row.arm.0) == (place.reference, place.arm));
    in_span(
        view,
        place.reference,
        row.map(|row| row.expected_size),
        drive,
    )
}

fn in_span(
    view: &View<'_>,
    reference: u32,
    least: Option<ironkeep_parsers::units::Bytes>,
    drive: &PhysicalDrive,
) -> Vec<Check> {
    let Some(span) = fits::span(view.at, reference) else {
        return Vec::new();
    };
    let mut members = fits::members(view.at, span);
    members.retain(|it| !view.is_old(it) && it.address() != drive.address());
    let place = format!("array {reference}");
    fits::place(view.at, drive, &members, least, &place)
}
