//! Checks whether a drive can take a place in a drive group, or stand by for one.

use ironkeep_parsers::model::{DriveGroupSpan, PhysicalDrive};
use ironkeep_parsers::units::Bytes;

use super::Check;
use crate::fit::{self, Needs, Trait};
use crate::output::human;
use crate::reading::Controller;

/// Whether `drive` is what a place beside `members` needs, trait by trait: those that hold in one check.
/// `least` is the size that the place needs where the controller tells it; `place` names it.
pub(crate) fn place(
    controller: &Controller,
    drive: &PhysicalDrive,
    members: &[&PhysicalDrive],
    least: Option<Bytes>,
    place: &str,
) -> Vec<Check> {
    let mut needs = Needs::of(controller, members);
    needs.size = least.or(needs.size);
    let mut checks = Vec::new();
    let mut fitting = Vec::new();
    for (what, fits) in fit::compare(drive, &needs) {
        match fits {
            Some(true) => fitting.push(what.word()),
            Some(false) => checks.push(unfit(what, drive, &needs, place)),
            None => checks.push(
                Check::refuses(
                    code(what),
                    format!(
                        "whether the {} of the drive is what {place} needs cannot be told",
                        what.word()
                    ),
                    "a drive that does not fit is refused by the firmware, or is of no use there",
                )
                .possible("compare it with the members: ironkeep pd show"),
            ),
        }
    }
    if !fitting.is_empty() {
        let observed = format!("the drive fits {place}: {}", fitting.join(", "));
        checks.push(Check::holds("fit", observed));
    }
    checks
}

fn unfit(what: Trait, drive: &PhysicalDrive, needs: &Needs<'_>, place: &str) -> Check {
    let shown = |size: Option<Bytes>| size.map_or_else(|| "?".to_owned(), human::bytes);
    let member = needs.example();
    let both = |of: &dyn Fn(&PhysicalDrive) -> Option<String>| {
        let word = |drive: Option<&PhysicalDrive>| {
            drive.and_then(of).unwrap_or_else(|| "unknown".to_owned())
        };
        (word(Some(drive)), word(member))
    };
    let (observed, why) = match what {
        Trait::Size => (
            format!(
                "the drive has {}, and {place} needs {}{}",
                shown(drive.coerced_size),
                shown(needs.size),
                lack(drive.coerced_size, needs.size)
            ),
            "a drive that is smaller cannot hold what a member holds",
        ),
        Trait::Interface => {
            let (has, wants) = both(&|it| Some(it.interface.as_ref()?.to_string()));
            (
                format!("the drive is {has}, and the members are {wants}"),
                "this controller does not mix them in one drive group",
            )
        }
        Trait::Media => {
            let (has, wants) = both(&|it| Some(it.media_type.as_ref()?.to_string()));
            (
                format!("the drive is a {has}, and the members are each a {wants}"),
                "this controller does not mix them in one drive group",
            )
        }
        Trait::SectorSize => {
            let (has, wants) = both(&|it| Some(it.logical_sector_size?.0.to_string()));
            (
                format!("the drive has sectors of {has} bytes, and the members of {wants}"),
                "drives of different sector sizes do not go together",
            )
        }
        Trait::Protection => (
            "the drive cannot keep protection information, and the virtual drives there do".into(),
            "without it what they check on every read is lost",
        ),
        Trait::Encryption => (
            "the drive cannot encrypt, and the members are secured".to_owned(),
            "a secured drive group takes only drives that encrypt",
        ),
        Trait::Members => (
            format!("the members of {place} are not known"),
            "nobody can say what it needs",
        ),
    };
    Check::forbids(code(what), observed, why).possible(
        "which drives are free, and how large: ironkeep pd list --state unconfigured_good",
    )
}

/// By how much a size falls short, exactly: rounded, the two may look the same.
fn lack(has: Option<Bytes>, needs: Option<Bytes>) -> String {
    let lack = has
        .zip(needs)
        .and_then(|(has, needs)| needs.0.checked_sub(has.0));
    lack.map_or_else(String::new, |lack| format!(": {lack} bytes too few"))
}

fn code(what: Trait) -> &'static str {
    match what {
        Trait::Size => "size",
        Trait::Interface => "interface",
        Trait::Media => "media_type",
        Trait::SectorSize => "sector_size",
        Trait::Protection => "protection",
        Trait::Encryption => "encryption",
        Trait::Members => "members",
    }
}

/// The span that the controller knows by the number `reference`; `None` if there is none.
pub(crate) fn span(controller: &Controller, reference: u32) -> Option<&DriveGroupSpan> {
    let groups = controller.drive_groups.iter().flatten();
    let mut spans = groups.flat_map(|group| &group.spans);
    spans.find(|span| span.reference == Some(reference))
}

/// The drives of a span that are there, as the list of drives has them.
pub(crate) fn members<'a>(
    controller: &'a Controller,
    span: &DriveGroupSpan,
) -> Vec<&'a PhysicalDrive> {
    let places: Vec<_> = span
        .members
        .iter()
        .filter_map(|member| member.drive.as_ref()?.address())
        .collect();
    let drives = controller.physical_drives.iter().flatten();
    let is_member = |drive: &&PhysicalDrive| drive.address().is_some_and(|at| places.contains(&at));
    drives.filter(is_member).collect()
}
