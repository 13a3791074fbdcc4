//! The drives that a virtual drive is made of, or grows by: whether each can be used, and whether they go
//! together. One check for all of them, which names those that fail it.

use std::collections::BTreeMap;

use ironkeep_parsers::model::{DriveState, Fde, Interface, MediaType, PhysicalDrive};
use ironkeep_parsers::units::Bytes;

use crate::change::physical_drive::NamedDrive;
use crate::change::{Check, Risk};
use crate::fit::Mixing;
use crate::output::human;
use crate::reading::{Controller, Part};

/// The drives as they are now: all of them, or the checks that say why not.
pub(super) fn find<'a>(
    at: &'a Controller,
    named: &[NamedDrive],
) -> (Vec<&'a PhysicalDrive>, Vec<Check>) {
    let found: Vec<_> = named.iter().filter_map(|drive| drive.find(at)).collect();
    let count = human::count(
        named.len().try_into().unwrap_or(u64::MAX),
        "drive",
        "drives",
    );
    let mut checks: Vec<_> = named
        .iter()
        .filter(|drive| drive.serial.is_none() || drive.find(at).is_none())
        .map(|drive| drive.check(at, Risk::Change))
        .collect();
    if checks.is_empty() {
        checks.push(Check::holds(
            "same_drive",
            format!("{count}, by their serial numbers"),
        ));
    }
    (found, checks)
}

/// Whether each of the drives can be taken into a drive group.
pub(super) fn usable(at: &Controller, drives: &[&PhysicalDrive]) -> Vec<Check> {
    vec![
        state(drives),
        foreign(drives),
        cleared(at, drives),
        locked(drives),
        sound(drives),
    ]
}

/// Unconfigured and good, which is what the firmware takes.
fn state(drives: &[&PhysicalDrive]) -> Check {
    const CODE: &str = "state";
    let bad = those(drives, |drive| {
        drive.state != Some(DriveState::UnconfiguredGood)
    });
    let Some(first) = bad.first() else {
        return Check::holds(CODE, format!("{} Unconfigured(good)", all(drives)));
    };
    let name = address(first);
    let words = |drive: &&PhysicalDrive| match &drive.state {
        Some(state) => format!("{} is {state}", address(drive)),
        None => format!("the state of {} is not told", address(drive)),
    };
    let observed = bad.iter().map(words).collect::<Vec<_>>().join(", ");
    let why = "only drives that are Unconfigured(good) can be taken";
    let check = Check::forbids(CODE, observed, why);
    match &first.state {
        Some(DriveState::Jbod) => check
            .possible(format!(
                "give up what the host keeps on it: ironkeep pd make-good --force {name}"
            ))
            .possible("see what is on it: ironkeep pd show"),
        Some(DriveState::UnconfiguredBad) => {
            check.possible(format!("try it again: ironkeep pd make-good {name}"))
        }
        Some(DriveState::HotSpare) => {
            check.possible(format!("free it: ironkeep spare remove {name}"))
        }
        _ => check.possible("which drives are free: ironkeep pd list"),
    }
}

/// Without the configuration of another controller.
fn foreign(drives: &[&PhysicalDrive]) -> Check {
    const CODE: &str = "foreign";
    let bad = those(drives, |drive| drive.foreign == Some(true));
    if bad.is_empty() {
        return Check::holds(CODE, format!("{} foreign", none(drives)));
    }
    let observed = format!("{} carry a foreign configuration", names(&bad));
    let why = "it may be the only way to somebody's data, and the firmware refuses such drives";
    Check::forbids(CODE, observed, why)
        .possible("look at it: ironkeep foreign list")
        .possible("give it up: ironkeep foreign clear INDEX")
}

/// Not being cleared at present.
fn cleared(at: &Controller, drives: &[&PhysicalDrive]) -> Check {
    const CODE: &str = "operation_running";
    let Some(running) = &at.drive_operations else {
        return Check::unread(CODE, at, Part::DriveOperations);
    };
    let busy: Vec<_> = running.iter().filter(|it| it.is_running()).collect();
    let bad = those(drives, |drive| {
        let place = drive.address();
        place.is_some() && busy.iter().any(|it| it.physical_drive == place)
    });
    if bad.is_empty() {
        return Check::holds(CODE, format!("nothing runs on {}", names(drives)));
    }
    let observed = format!("an operation runs on {}", names(&bad));
    Check::forbids(CODE, observed, "the firmware refuses a drive that is busy")
        .possible("how far it is: ironkeep operation list")
}

/// With a key that is there.
fn locked(drives: &[&PhysicalDrive]) -> Check {
    const CODE: &str = "locked";
    let bad = those(drives, |drive| {
        drive.locked == Some(true) || drive.foreign_locked == Some(true)
    });
    if bad.is_empty() {
        return Check::holds(CODE, format!("{} locked", none(drives)));
    }
    let observed = format!("{} locked with a key that the controller lacks", are(&bad));
    Check::forbids(CODE, observed, "nothing can be written to a locked drive")
        .possible("what keys there are: ironkeep security show")
}

/// Without signs that they are about to fail.
fn sound(drives: &[&PhysicalDrive]) -> Check {
    const CODE: &str = "drive_errors";
    let bad = those(drives, |drive| {
        drive.smart_alert == Some(true)
            || drive.predictive_failures.is_some_and(|count| count > 0)
            || drive.media_errors.is_some_and(|count| count > 0)
    });
    if bad.is_empty() {
        return Check::holds(CODE, "no drive has shown errors of its media");
    }
    let observed = format!(
        "{} had errors of the media, or predicts its failure",
        names(&bad)
    );
    Check::warns(
        CODE,
        observed,
        "data should not be put on a drive that is failing",
    )
}

/// Whether `drives` go together with one another, and with `members` of the group that they join.
pub(super) fn alike(
    at: &Controller,
    drives: &[&PhysicalDrive],
    members: &[&PhysicalDrive],
) -> Vec<Check> {
    let every: Vec<_> = drives.iter().chain(members).copied().collect();
    let mixing = Mixing::of(at);
    let (interfaces, media) = (mixing.interfaces(&every), mixing.media());
    let never = Some(false);
    vec![
        same("interface", "interface", &every, interfaces, |drive| {
            drive.interface.as_ref().map(Interface::to_string)
        }),
        same("media_type", "media type", &every, media, |drive| {
            drive.media_type.as_ref().map(MediaType::to_string)
        }),
        same("sector_size", "sector size", &every, never, |drive| {
            drive.logical_sector_size.map(|size| size.to_string())
        }),
        same(
            "protection",
            "protection information",
            &every,
            never,
            |drive| {
                let formatted = drive.protection_formatted?;
                Some(
                    if formatted {
                        "formatted with it"
                    } else {
                        "none"
                    }
                    .to_owned(),
                )
            },
        ),
        encryption(&every),
        sizes(drives, members),
    ]
}

/// Whether all drives tell the same; a difference does no harm where the controller allows it, `None` if
/// that was not read.
fn same(
    code: &'static str,
    what: &str,
    drives: &[&PhysicalDrive],
    is_allowed: Option<bool>,
    get: impl Fn(&PhysicalDrive) -> Option<String>,
) -> Check {
    let groups = groups(drives, get);
    let mut told = groups.keys().flatten();
    let (first, second) = (told.next(), told.next());
    match (first, second) {
        (Some(only), None) if groups.len() == 1 => {
            Check::holds(code, format!("all have the same {what}: {only}"))
        }
        // Builds that do not print it leave nothing to compare.
        (None, _) => Check::holds(code, format!("the {what} of the drives is not told")),
        (Some(only), None) => Check::warns(
            code,
            format!("the {what} is {only}, but not told of all drives"),
            "drives that differ are refused by the firmware",
        ),
        (Some(_), Some(_)) => {
            let observed = format!("drives of different {what}: {}", told_apart(&groups));
            match is_allowed {
                Some(true) => Check::warns(code, observed, "the slower ones set the pace"),
                Some(false) => Check::forbids(code, observed, "the controller does not mix them")
                    .possible("which drives there are: ironkeep pd list"),
                None => Check::refuses(
                    code,
                    observed,
                    "whether the controller mixes them was not read",
                )
                .possible("which drives there are: ironkeep pd list"),
            }
        }
    }
}

/// A virtual drive can be secured only if all of its drives encrypt.
fn encryption(drives: &[&PhysicalDrive]) -> Check {
    const CODE: &str = "encryption";
    let groups = groups(drives, |drive| {
        let fde = drive.fde.as_ref()?;
        Some(
            if *fde == Fde::Capable {
                "encrypt"
            } else {
                "do not encrypt"
            }
            .to_owned(),
        )
    });
    let mut told = groups.keys().flatten();
    match (told.next(), told.next()) {
        (Some(_), Some(_)) => Check::warns(
            CODE,
            format!(
                "some drives encrypt and some do not: {}",
                told_apart(&groups)
            ),
            "the virtual drive can then never be secured",
        ),
        (Some(only), None) => Check::holds(CODE, format!("the drives {only} by themselves")),
        (None, _) => Check::holds(CODE, "no drive says that it encrypts"),
    }
}

/// What is larger than the smallest is lost; a new member must be as large as those that are there.
fn sizes(drives: &[&PhysicalDrive], members: &[&PhysicalDrive]) -> Check {
    const CODE: &str = "size";
    let Some(least) = least(members).or_else(|| least(drives)) else {
        return Check::refuses(
            CODE,
            "the sizes of the drives are not told",
            "the drives may be too small",
        );
    };
    let small = those(drives, |drive| {
        drive.coerced_size.is_some_and(|size| size < least)
    });
    if !small.is_empty() {
        let observed = format!("{} smaller than {}", are(&small), human::bytes(least));
        return Check::forbids(
            CODE,
            observed,
            "a new member must hold what the others hold",
        );
    }
    let large = those(drives, |drive| {
        // Batches of a model differ by a little.
        drive
            .coerced_size
            .is_some_and(|size| size.0 - least.0 > least.0 / 20)
    });
    if large.is_empty() {
        return Check::holds(CODE, format!("all have {}", human::bytes(least)));
    }
    let observed = format!("of {} only {} are used", names(&large), human::bytes(least));
    Check::warns(
        CODE,
        observed,
        "the smallest drive decides; the rest of the others is lost",
    )
}

/// What the smallest of the drives has; `None` where one does not say.
pub(super) fn least(drives: &[&PhysicalDrive]) -> Option<Bytes> {
    let sizes: Option<Vec<_>> = drives.iter().map(|drive| drive.coerced_size).collect();
    sizes?.into_iter().min()
}

/// The drives by what they tell.
fn groups<'a>(
    drives: &[&'a PhysicalDrive],
    get: impl Fn(&PhysicalDrive) -> Option<String>,
) -> BTreeMap<Option<String>, Vec<&'a PhysicalDrive>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for drive in drives {
        groups.entry(get(drive)).or_default().push(*drive);
    }
    groups
}

/// `SAS (252:0, 252:1), SATA (252:2)`.
fn told_apart(groups: &BTreeMap<Option<String>, Vec<&PhysicalDrive>>) -> String {
    let words = groups.iter().map(|(told, drives)| {
        let told = told.as_deref().unwrap_or("not told");
        format!("{told} ({})", names(drives))
    });
    words.collect::<Vec<_>>().join(", ")
}

fn those<'a>(
    drives: &[&'a PhysicalDrive],
    test: impl Fn(&PhysicalDrive) -> bool,
) -> Vec<&'a PhysicalDrive> {
    let found = drives.iter().filter(|drive| test(drive));
    found.copied().collect()
}

/// The place of a drive.
fn address(drive: &PhysicalDrive) -> String {
    human::or_unknown(drive.address())
}

/// `252:0, 252:1`.
pub(super) fn names(drives: &[&PhysicalDrive]) -> String {
    let names = drives.iter().map(|drive| address(drive));
    names.collect::<Vec<_>>().join(", ")
}

/// `252:0 is`, `252:0, 252:1 are`.
fn are(drives: &[&PhysicalDrive]) -> String {
    let verb = if drives.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", names(drives))
}

/// `the drive is`, `all 3 drives are`.
fn all(drives: &[&PhysicalDrive]) -> String {
    match drives.len() {
        1 => "the drive is".to_owned(),
        several => format!("all {several} drives are"),
    }
}

/// `the drive is not`, `none of the 3 drives is`.
fn none(drives: &[&PhysicalDrive]) -> String {
    match drives.len() {
        1 => "the drive is not".to_owned(),
        several => format!("none of the {several} drives is"),
    }
}
