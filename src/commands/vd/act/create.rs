//! `vd create`: a new virtual drive.

use std::str::FromStr;

use clap::ValueEnum;
use ironkeep_parsers::grammar;
use ironkeep_parsers::model::{
    ControllerId, DriveAddress, DriveState, PhysicalDrive, RaidLevel, ReadPolicy, WritePolicy,
};
use ironkeep_parsers::units::Bytes;

use super::read;
use super::set::{BadBbu, Io, ReadAhead, Switch, Write};
use crate::act::{self, ConsentArgs};
use crate::change::Request;
use crate::change::physical_drive::NamedDrive;
use crate::change::virtual_drive::{
    self, NamedVirtualDrive, NewVirtualDrive, Purpose, Setting, VirtualDriveAction, level,
};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::commands::resolve::Resolver;
use crate::reading::{Controller, Part, Reading};
use crate::selector::{DriveSelector, SelectorError, VirtualDriveSelector};

/// Beside the virtual drives, what the checks of a new one need.
pub(super) const NEEDED: &[Part] = &[
    Part::PhysicalDrives,
    Part::PreservedCache,
    Part::DriveOperations,
    Part::CacheProtection,
];

/// Make a virtual drive of free drives, or in the rest of a drive group
///
/// The drives must be Unconfigured(good), not foreign, and go together. What they held is lost. RAID 10,
/// 50 and 60 deal the drives to spans in the order given: the spans are shown before anybody agrees.
///
/// Examples:
/// ironkeep vd create raid5 252:3 252:4 252:5 --name data;
/// ironkeep vd create raid10 --all-unconfigured;
/// ironkeep vd create raid6 --after vd0 --size 500G
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("source").required(true)
    .args(["drives", "all_unconfigured", "span", "after"])))]
pub(in crate::commands) struct Args {
    /// The RAID level
    #[arg(ignore_case = true)]
    level: Level,
    /// The drives: 252:3, sn=SERIAL, wwn=WWN
    #[arg(value_name = "DRIVE")]
    drives: Vec<DriveSelector>,
    /// Take every drive that is Unconfigured(good) and not foreign
    #[arg(long)]
    all_unconfigured: bool,
    /// The drives of one span, between commas; once for each span
    #[arg(long, value_name = "DRIVE,DRIVE…", conflicts_with = "spans")]
    span: Vec<SpanDrives>,
    /// Take the free space of this virtual drive's drive group, behind it
    #[arg(long, value_name = "VD", conflicts_with = "spans")]
    after: Option<VirtualDriveSelector>,
    /// Deal the drives to so many spans; RAID 10 makes pairs unless told otherwise
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    spans: Option<u16>,
    /// Its size (500G, 2T; G is 1024³ bytes); all that there is unless given
    #[arg(long, value_name = "SIZE")]
    size: Option<Size>,
    /// What one drive holds of a stripe (64K, 1M)
    #[arg(long, value_name = "SIZE")]
    strip: Option<Size>,
    /// When a write counts as done
    #[arg(long, value_name = "POLICY")]
    write: Option<Write>,
    /// Whether the controller reads more than was asked for
    #[arg(long, value_name = "POLICY")]
    read_ahead: Option<ReadAhead>,
    /// Whether reads fill the controller's cache
    #[arg(long, value_name = "POLICY")]
    io: Option<Io>,
    /// What becomes of write-back while the battery does not work
    #[arg(long, value_name = "POLICY")]
    bad_bbu: Option<BadBbu>,
    /// Whether the drives' own write caches are on (a run of its own afterwards)
    #[arg(long, value_name = "ON|OFF")]
    disk_cache: Option<Switch>,
    /// Its name, at most 15 characters (a run of its own afterwards)
    #[arg(long)]
    name: Option<String>,
    /// Drives that become its dedicated hot spares (not of several spans)
    #[arg(long, value_name = "DRIVE", num_args = 1..)]
    spare: Vec<DriveSelector>,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let after: Vec<_> = self.after.iter().cloned().collect();
        let (reading, join) = read(context, &after, NEEDED.iter().copied())?;
        let resolver = Resolver::new(&reading, &join);
        let (controller, spans, behind) = self.place(&reading, &resolver)?;
        let new = self.new_virtual_drive(&resolver, controller, spans, behind)?;
        let request = Request {
            controller,
            change: new.clone().into(),
        };
        let before = of(&reading, controller).cloned().unwrap_or_default();
        let then = (!new.afterwards.is_empty()).then_some(|after: &Reading| {
            let after = of(after, controller).cloned().unwrap_or_default();
            let changes = new.follow_up(&before, &after).into_iter();
            let request = |change: crate::change::VirtualDriveChange| Request {
                controller,
                change: change.into(),
            };
            changes.map(request).collect()
        });
        let command = "vd create";
        act::carry_out_then(context, command, &self.consent, &reading, &[request], then)
    }
}

fn of(reading: &Reading, id: ControllerId) -> Option<&Controller> {
    reading.controllers.iter().find(|it| it.id == Some(id))
}

type Place = (
    ControllerId,
    Vec<Vec<NamedDrive>>,
    Option<NamedVirtualDrive>,
);

impl Args {
    /// The controller, the drives of each span, and the virtual drive that it is put behind.
    fn place(&self, reading: &Reading, resolver: &Resolver<'_>) -> Result<Place, Failure> {
        if let Some(after) = &self.after {
            return behind(resolver, after);
        }
        if !self.span.is_empty() {
            let all: Vec<_> = self.span.iter().flat_map(|it| it.0.clone()).collect();
            let controller = controller_of(resolver, &all)?;
            let spans: Result<Vec<_>, _> = self
                .span
                .iter()
                .map(|span| named(resolver, &span.0, Some(controller)))
                .collect();
            return Ok((controller, spans?, None));
        }
        let (controller, drives) = if self.all_unconfigured {
            let (controller, mut drives) = all_unconfigured(reading)?;
            let spares = named(resolver, &self.spare, Some(controller))?;
            drives.retain(|drive| !spares.contains(drive));
            (controller, drives)
        } else {
            let controller = controller_of(resolver, &self.drives)?;
            (controller, named(resolver, &self.drives, Some(controller))?)
        };
        let spans = deal(&drives, self.count(drives.len())?)?;
        Ok((controller, spans, None))
    }

    /// How many spans so many drives are dealt to.
    fn count(&self, drives: usize) -> Result<usize, Failure> {
        let is_spanned = level::Shape::of(&self.level.raid()).is_some_and(|it| it.spanned);
        match (self.spans, is_spanned, self.level) {
            (Some(spans), true, _) => Ok(spans.into()),
            (Some(1) | None, false, _) => Ok(1),
            (Some(_), false, level) => {
                let words = format!("{} has one span", level.raid());
                Err(Failure::new(Kind::Usage, words)
                    .hint("levels of several spans: raid10, raid50, raid60"))
            }
            // More pairs than that are more spans than controllers have.
            (None, true, Level::Raid10) if drives <= 16 => Ok((drives / 2).max(1)),
            (None, true, level) => {
                let words = format!("{} needs the number of spans", level.raid());
                Err(Failure::new(Kind::Usage, words)
                    .hint("say it: --spans 2, or name the drives of each: --span 252:0,252:1"))
            }
        }
    }

    fn new_virtual_drive(
        &self,
        resolver: &Resolver<'_>,
        controller: ControllerId,
        spans: Vec<Vec<NamedDrive>>,
        after: Option<NamedVirtualDrive>,
    ) -> Result<NewVirtualDrive, Failure> {
        if !self.spare.is_empty() && spans.len() > 1 {
            let words = "MegaCLI makes no hot spares together with several spans";
            return Err(Failure::new(Kind::Usage, words)
                .hint("leave out --spare, and afterwards: ironkeep spare add"));
        }
        let wanted = [
            self.write.map(|it| Setting::Write(it.policy())),
            self.read_ahead.map(|it| Setting::Read(it.policy())),
            self.io.map(|it| Setting::Io(it.policy())),
            self.bad_bbu
                .map(|it| Setting::CacheWithBadBattery(it.keeps_cache())),
            self.disk_cache.map(|it| Setting::DiskCache(it.is_on())),
        ];
        let (later, settings): (Vec<_>, Vec<_>) =
            wanted.into_iter().flatten().partition(is_set_later);
        let name = self.name.clone().map(VirtualDriveAction::Rename);
        let later = later.into_iter().map(VirtualDriveAction::Set);
        Ok(NewVirtualDrive {
            purpose: Purpose::Data,
            level: self.level.raid(),
            spans,
            size: self.size.map(|it| it.0),
            strip: self.strip.map(|it| it.0),
            settings,
            spares: named(resolver, &self.spare, Some(controller))?,
            after,
            afterwards: name.into_iter().chain(later).collect(),
        })
    }
}

/// Whether MegaCLI takes it only for a virtual drive that is there.
fn is_set_later(setting: &Setting) -> bool {
    matches!(
        setting,
        Setting::Write(WritePolicy::AlwaysWriteBack)
            | Setting::Read(ReadPolicy::AdaptiveReadAhead)
            | Setting::DiskCache(_)
    )
}

/// The drives of the virtual drive that `selector` names, span by span.
fn behind(resolver: &Resolver<'_>, selector: &VirtualDriveSelector) -> Result<Place, Failure> {
    let found = resolver.virtual_drive(selector)?;
    let named = NamedVirtualDrive::of(found.value).zip(found.controller.id);
    let (named, controller) = named.ok_or_else(super::untold)?;
    let drive = |at: DriveAddress| {
        let mut drives = found.controller.physical_drives.iter().flatten();
        NamedDrive::of(drives.find(|drive| drive.address() == Some(at))?)
    };
    let spans: Option<Vec<Vec<_>>> = virtual_drive::places(found.value).and_then(|spans| {
        let spans = spans.into_iter();
        spans
            .map(|span| span.into_iter().map(drive).collect())
            .collect()
    });
    let spans = spans.filter(|spans| !spans.is_empty()).ok_or_else(|| {
        let words = format!("not all drives of {} are there", named.title());
        Failure::new(Kind::Refused, words).hint("what it lacks: ironkeep health")
    })?;
    Ok((controller, spans, Some(named)))
}

/// The controller that all of the drives are on.
pub(super) fn controller_of(
    resolver: &Resolver<'_>,
    selectors: &[DriveSelector],
) -> Result<ControllerId, Failure> {
    let mut controllers = Vec::new();
    for selector in selectors {
        controllers.extend(resolver.drive(selector)?.controller.id);
    }
    controllers.dedup();
    match controllers.as_slice() {
        [only] => Ok(*only),
        [] => Err(Failure::new(Kind::Usage, "no drive is named")),
        _ => Err(
            Failure::new(Kind::Usage, "the drives are on several controllers")
                .hint("a virtual drive has drives of one: ironkeep pd list"),
        ),
    }
}

/// The drives that `selectors` name, each once, all on `controller`.
pub(super) fn named(
    resolver: &Resolver<'_>,
    selectors: &[DriveSelector],
    controller: Option<ControllerId>,
) -> Result<Vec<NamedDrive>, Failure> {
    let mut drives = Vec::new();
    for selector in selectors {
        let found = resolver.drive(selector)?;
        if found.controller.id != controller {
            let words = format!("{selector} is on another controller");
            return Err(Failure::new(Kind::Usage, words).hint("ironkeep pd list"));
        }
        let named = NamedDrive::of(found.value).ok_or_else(|| {
            let words = format!("the tool does not tell where {selector} sits");
            Failure::new(Kind::Hardware, words).hint("what is known of it: ironkeep pd list")
        })?;
        if drives.contains(&named) {
            let words = format!("drive {} is named twice", named.address);
            return Err(Failure::new(Kind::Usage, words));
        }
        drives.push(named);
    }
    Ok(drives)
}

/// Every drive that is free, in the order of their places.
fn all_unconfigured(reading: &Reading) -> Result<(ControllerId, Vec<NamedDrive>), Failure> {
    let is_free = |drive: &&PhysicalDrive| {
        drive.state == Some(DriveState::UnconfiguredGood) && drive.foreign != Some(true)
    };
    let free = |controller: &Controller| {
        let drives = controller.physical_drives.iter().flatten().filter(is_free);
        let mut drives: Vec<_> = drives.filter_map(NamedDrive::of).collect();
        drives.sort_by_key(|drive| drive.address);
        drives
    };
    let mut all = reading.controllers.iter().filter_map(|controller| {
        let drives = free(controller);
        Some((controller.id.filter(|_| !drives.is_empty())?, drives))
    });
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Failure::new(
            Kind::Refused,
            "no drive is Unconfigured(good) and not foreign",
        )
        .hint("how the drives are: ironkeep pd list")),
        (Some(_), Some(_)) => Err(Failure::new(
            Kind::Usage,
            "several controllers have unconfigured drives",
        )
        .hint("name one of them: --controller 0")),
    }
}

/// The drives in so many equal parts, in order.
fn deal(drives: &[NamedDrive], spans: usize) -> Result<Vec<Vec<NamedDrive>>, Failure> {
    match drives.len().checked_div(spans) {
        Some(each) if each > 0 && each * spans == drives.len() => {
            Ok(drives.chunks(each).map(<[_]>::to_vec).collect())
        }
        _ => {
            let words = format!(
                "{} drives cannot be dealt evenly to {spans} spans",
                drives.len()
            );
            Err(Failure::new(Kind::Usage, words)
                .hint("name the drives, or another number: --spans"))
        }
    }
}

/// A RAID level, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    /// Striped: one lost drive loses all
    #[value(name = "raid0", aliases = ["0", "r0"])]
    Raid0,
    /// Mirrored
    #[value(name = "raid1", aliases = ["1", "r1"])]
    Raid1,
    /// One parity: survives one lost drive
    #[value(name = "raid5", aliases = ["5", "r5"])]
    Raid5,
    /// Two parities: survives two lost drives
    #[value(name = "raid6", aliases = ["6", "r6"])]
    Raid6,
    /// Striped over mirrors
    #[value(name = "raid10", aliases = ["10", "r10"])]
    Raid10,
    /// Striped over RAID 5
    #[value(name = "raid50", aliases = ["50", "r50"])]
    Raid50,
    /// Striped over RAID 6
    #[value(name = "raid60", aliases = ["60", "r60"])]
    Raid60,
}

impl Level {
    pub(super) fn raid(self) -> RaidLevel {
        match self {
            Self::Raid0 => RaidLevel::Raid0,
            Self::Raid1 => RaidLevel::Raid1,
            Self::Raid5 => RaidLevel::Raid5,
            Self::Raid6 => RaidLevel::Raid6,
            Self::Raid10 => RaidLevel::Raid10,
            Self::Raid50 => RaidLevel::Raid50,
            Self::Raid60 => RaidLevel::Raid60,
        }
    }
}

/// Drives between commas.
#[derive(Debug, Clone)]
struct SpanDrives(Vec<DriveSelector>);

impl FromStr for SpanDrives {
    type Err = SelectorError;

    fn from_str(typed: &str) -> Result<Self, SelectorError> {
        let drives: Result<Vec<_>, _> = typed.split(',').map(str::parse).collect();
        Ok(Self(drives?))
    }
}

/// A size with its unit: `500G`, `1.5 TiB`. Units are binary, as everywhere in MegaCLI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size(Bytes);

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(typed: &str) -> Result<Self, &'static str> {
        const FORMS: &str = "expected a number and a unit: 64K, 500G, 1.5T";
        let typed = typed.trim();
        let end = typed
            .find(|it: char| it.is_ascii_alphabetic())
            .ok_or(FORMS)?;
        let (number, unit) = typed.split_at_checked(end).ok_or(FORMS)?;
        let unit = match unit.to_ascii_lowercase().as_str() {
            "k" | "kb" | "kib" => "KB",
            "m" | "mb" | "mib" => "MB",
            "g" | "gb" | "gib" => "GB",
            "t" | "tb" | "tib" => "TB",
            _ => return Err(FORMS),
        };
        let size = grammar::size(&format!("{} {unit}", number.trim()));
        size.filter(|size| size.0 > 0).map(Self).ok_or(FORMS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_units() {
        let bytes = |typed: &str| typed.parse::<Size>().map(|it| it.0.0).ok();
        assert_eq!(bytes("64K"), Some(64 << 10));
        assert_eq!(bytes("500G"), Some(500 << 30));
        assert_eq!(bytes("1.5 TiB"), Some(3 << 39));
        for wrong in ["500", "G", "0G", "5X", "-5G", ""] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn drives_are_dealt_in_order() {
        let drive = |slot| NamedDrive {
            address: DriveAddress {
                enclosure: None,
                slot: ironkeep_parsers::model::Slot(slot),
            },
            serial: None,
        };
        let drives: Vec<_> = (0..6).map(drive).collect();
        let spans = deal(&drives, 3).unwrap();
        assert_eq!(spans, [&drives[0..2], &drives[2..4], &drives[4..6]]);
        assert!(deal(&drives, 4).is_err());
        assert!(deal(&drives, 0).is_err());
        assert!(deal(&[], 1).is_err());
    }
}
