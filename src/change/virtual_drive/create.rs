//! Making a virtual drive of free drives, or in the free space of a drive group.

use std::collections::BTreeSet;

use ironkeep_parsers::model::{
    DriveAddress, DriveState, MediaType, PhysicalDrive, RaidLevel, TargetId, VirtualDrive,
};
use ironkeep_parsers::units::Bytes;

use super::level::{self, Shape};
use super::{NamedVirtualDrive, Setting, VirtualDriveAction, VirtualDriveChange, drives, room};
use crate::change::physical_drive::NamedDrive;
use crate::change::{Act, Check, Risk, Scene, Seen};
use crate::output::human;
use crate::reading::{Controller, Part, Unread};

/// What a new virtual drive is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Data of the host.
    Data,
    /// A cache on flash in front of other virtual drives.
    CacheCade {
        /// Its name.
        name: Option<String>,
        /// The virtual drives that it serves from the beginning.
        serves: Vec<TargetId>,
    },
}

/// A virtual drive that is to be made. What is `None` the firmware chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVirtualDrive {
    /// What it is for.
    pub purpose: Purpose,
    /// RAID level; one of [`level::LEVELS`].
    pub level: RaidLevel,
    /// The drives of each span.
    pub spans: Vec<Vec<NamedDrive>>,
    /// The size; all that there is where it is not given.
    pub size: Option<Bytes>,
    /// What one drive holds of a stripe.
    pub strip: Option<Bytes>,
    /// Policies that it has from the beginning: write, read, I/O, and what a bad battery does.
    pub settings: Vec<Setting>,
    /// Drives that become its dedicated hot spares.
    pub spares: Vec<NamedDrive>,
    /// The virtual drive behind which it is put, in the free space of their drive group.
    pub after: Option<NamedVirtualDrive>,
    /// What is done to it by runs of their own once it is there.
    pub afterwards: Vec<VirtualDriveAction>,
}

impl NewVirtualDrive {
    /// All of its drives.
    pub fn drives(&self) -> Vec<NamedDrive> {
        self.spans.iter().flatten().cloned().collect()
    }

    fn places(&self) -> BTreeSet<DriveAddress> {
        let drives = self.spans.iter().flatten();
        drives.map(|drive| drive.address).collect()
    }

    /// The virtual drives that have its members and its level.
    fn alike<'a>(&'a self, at: &'a Controller) -> impl Iterator<Item = &'a VirtualDrive> {
        let places = self.places();
        let all = at.virtual_drives.iter().flatten();
        all.filter(move |drive| {
            let is_level = drive.is_cachecade
                || drive
                    .raid_level
                    .as_ref()
                    .is_some_and(|level| level::is_shown_as(&self.level, level));
            is_level && members(drive) == places
        })
    }

    /// The virtual drive that `after` has and `before` had not.
    pub fn made<'a>(
        &'a self,
        before: &'a Controller,
        after: &'a Controller,
    ) -> Option<&'a VirtualDrive> {
        let known: BTreeSet<_> = before
            .virtual_drives
            .iter()
            .flatten()
            .map(|drive| drive.target_id)
            .collect();
        let mut new = self
            .alike(after)
            .filter(|drive| !known.contains(&drive.target_id));
        new.next()
    }

    /// `span 0: 252:0, 252:1; span 1: 252:2, 252:3`.
    fn dealt(&self) -> String {
        let names = |drives: &[NamedDrive]| {
            let names = drives.iter().map(|drive| drive.address.to_string());
            names.collect::<Vec<_>>().join(", ")
        };
        match self.spans.as_slice() {
            [only] => format!("drives {}", names(only)),
            several => {
                let spans = several.iter().enumerate();
                let spans =
                    spans.map(|(number, drives)| format!("span {number}: {}", names(drives)));
                spans.collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// The changes that follow once `after` shows it.
    pub fn follow_up(&self, before: &Controller, after: &Controller) -> Vec<VirtualDriveChange> {
        let made = self.made(before, after).and_then(NamedVirtualDrive::of);
        let Some(drive) = made else {
            return Vec::new();
        };
        let actions = self.afterwards.iter().cloned();
        actions
            .map(|action| VirtualDriveChange {
                drive: drive.clone(),
                action,
            })
            .collect()
    }

    /// What is looked at now of the changes that follow.
    fn of_what_follows(&self, scene: &Scene<'_>) -> Vec<Check> {
        let mut checks = Vec::new();
        for action in &self.afterwards {
            let words = match action {
                VirtualDriveAction::Rename(name) => {
                    checks.push(super::fits(name));
                    format!("call it “{name}”")
                }
                VirtualDriveAction::Set(setting) => {
                    checks.extend(setting.checks_before(scene.controller));
                    setting.words("it")
                }
                VirtualDriveAction::Delete { .. }
                | VirtualDriveAction::Work(_)
                | VirtualDriveAction::Reshape(_)
                | VirtualDriveAction::MakeSecure
                | VirtualDriveAction::ClearBadBlocks
                | VirtualDriveAction::Cache(_) => continue,
            };
            let observed = format!("once it is there, a run of its own will {words}");
            checks.push(Check::holds("afterwards", observed));
        }
        checks
    }

    fn is_cachecade(&self) -> bool {
        matches!(self.purpose, Purpose::CacheCade { .. })
    }

    /// What is looked at of its drives.
    fn of_drives(&self, at: &Controller) -> Vec<Check> {
        if at.physical_drives.is_none() {
            return vec![Check::unread("same_drive", at, Part::PhysicalDrives)];
        }
        let (found, mut checks) = drives::find(at, &self.drives());
        if found.len() != self.drives().len() {
            return checks;
        }
        if let Some(named) = &self.after {
            checks.extend(room::group(at, named, &found));
        } else {
            checks.extend(drives::usable(at, &found));
            checks.extend(drives::alike(at, &found, &[]));
        }
        if self.is_cachecade() {
            checks.push(flash(&found));
        }
        checks.extend(self.of_spares(at, &found));
        checks.extend(self.of_size(at, &found));
        checks
    }

    fn of_spares(&self, at: &Controller, members: &[&PhysicalDrive]) -> Vec<Check> {
        if self.spares.is_empty() {
            return Vec::new();
        }
        let (found, mut checks) = drives::find(at, &self.spares);
        if found.len() == self.spares.len() {
            checks.extend(drives::usable(at, &found));
            checks.extend(drives::alike(at, &found, members));
        }
        if Shape::of(&self.level).is_some_and(|it| it.data_drives(2) == 2) {
            checks.push(Check::forbids(
                "level",
                format!("{} has no redundancy", self.level),
                "a hot spare could not take over for anything",
            ));
        }
        checks
    }

    fn of_size(&self, at: &Controller, found: &[&PhysicalDrive]) -> Option<Check> {
        const CODE: &str = "size";
        let wanted = self.size?;
        let shape = Shape::of(&self.level)?;
        let share = match &self.after {
            Some(named) => room::free_share(at, named),
            None => drives::least(found),
        };
        let Some(share) = share else {
            return Some(Check::warns(
                CODE,
                format!("whether {} fit is not known", human::bytes(wanted)),
                "the firmware refuses what does not fit",
            ));
        };
        let drives = self.spans.first().map_or(0, Vec::len);
        let room = shape.capacity(self.spans.len(), drives, share);
        let (wanted, room) = (human::bytes(wanted), (human::bytes(room), room < wanted));
        Some(if room.1 {
            let observed = format!("{wanted} are wanted, and there is room for {}", room.0);
            Check::forbids(CODE, observed, "it does not fit")
                .possible(format!("make it smaller: --size up to {}", room.0))
        } else {
            Check::holds(CODE, format!("{wanted} of the {} that fit", room.0))
        })
    }

    /// Whether the numbers of spans and drives fit the level.
    fn of_level(&self) -> Check {
        const CODE: &str = "level";
        let level = &self.level;
        let counts: BTreeSet<_> = self.spans.iter().map(Vec::len).collect();
        let number = human::count(as_u64(self.drives().len()), "drive", "drives");
        let Some(shape) = Shape::of(level) else {
            return Check::forbids(CODE, format!("{level} is wanted"), "it cannot be made");
        };
        let (Some(&count), None) = (counts.first(), counts.iter().nth(1)) else {
            let observed = format!("{} spans get different numbers of drives", self.spans.len());
            return Check::forbids(CODE, observed, "all spans must have the same number")
                .possible("deal the drives evenly: --spans");
        };
        let each = if shape.spanned { " in each span" } else { "" };
        let observed = if shape.spanned {
            format!("{level} of {number}, {count}{each}")
        } else {
            format!("{level} of {number}")
        };
        let fault = if shape.spanned && self.spans.len() < 2 {
            format!("{level} needs at least two spans")
        } else if !shape.spanned && self.spans.len() > 1 {
            format!("{level} has one span")
        } else if count < shape.least {
            format!("{level} needs at least {} drives{each}", shape.least)
        } else if shape.even && count % 2 == 1 {
            format!("{level} needs an even number of drives{each}")
        } else {
            return Check::holds(CODE, observed);
        };
        Check::forbids(CODE, observed, fault).possible("which drives are free: ironkeep pd list")
    }

    /// What the firmware of this controller sets as limits.
    fn of_limits(&self, at: &Controller) -> Vec<Check> {
        const CODE: &str = "limit";
        let Some(info) = &at.info else {
            return vec![Check::unread(CODE, at, Part::Controllers)];
        };
        let limits = &info.limits;
        let present = at.virtual_drives.as_ref().map_or(0, Vec::len);
        let arms = self.spans.iter().map(Vec::len).max().unwrap_or(0);
        let counts = [
            (arms, limits.arms_per_span, "drives in a span"),
            (
                self.spans.len(),
                limits.spans_per_virtual_drive,
                "spans in a virtual drive",
            ),
            (present + 1, limits.virtual_drives, "virtual drives"),
        ];
        let over = counts.iter().filter_map(|&(wanted, limit, what)| {
            let limit = limit.filter(|&limit| as_u64(wanted) > u64::from(limit))?;
            let observed = format!("there would be {wanted} {what}");
            let why = format!("this controller can have {limit}");
            Some(Check::forbids(CODE, observed, why))
        });
        let mut checks: Vec<_> = over.collect();
        checks.extend(self.strip.and_then(|strip| {
            let small = limits.min_strip_size.filter(|&least| strip < least);
            let large = limits.max_strip_size.filter(|&most| strip > most);
            let limit = small.or(large).map(human::bytes);
            let why = match limit {
                Some(limit) if small.is_some() => format!("the controller has at least {limit}"),
                Some(limit) => format!("the controller has at most {limit}"),
                None if !strip.0.is_power_of_two() => "it must be a power of two".to_owned(),
                None => return None,
            };
            let observed = format!("a strip of {} is wanted", human::bytes(strip));
            Some(Check::forbids(CODE, observed, why))
        }));
        if checks.is_empty() {
            let observed = "within what the controller can have";
            checks.push(Check::holds(CODE, observed));
        }
        checks
    }
}

impl Act for NewVirtualDrive {
    fn name(&self) -> &'static str {
        match self.purpose {
            Purpose::Data => "vd.create",
            Purpose::CacheCade { .. } => "vd.create_cachecade",
        }
    }

    fn words(&self) -> String {
        let what = match self.purpose {
            Purpose::Data => self.level.to_string(),
            Purpose::CacheCade { .. } => format!("CacheCade drive ({})", self.level),
        };
        let place = match &self.after {
            Some(named) => format!(" behind {}, on", named.title()),
            None => " of".to_owned(),
        };
        format!("make a {what}{place} {}", self.dealt())
    }

    fn object(&self) -> String {
        "new vd".to_owned()
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        Risk::Change
    }

    fn parts(&self) -> &'static [Part] {
        &[
            Part::PhysicalDrives,
            Part::VirtualDrives,
            Part::PreservedCache,
            Part::DriveOperations,
            Part::CacheProtection,
        ]
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        let mut checks = vec![Check::holds("spans", self.dealt()), self.of_level()];
        checks.extend(self.of_drives(at));
        if at.virtual_drives.is_none() {
            checks.push(Check::unread("limit", at, Part::VirtualDrives));
        }
        checks.extend(self.of_limits(at));
        checks.push(no_preserved_cache(at));
        if self.after.is_none() {
            checks.push(Check::warns(
                "data",
                "the drives may hold data of a configuration that was deleted",
                "it is lost once the virtual drive is written to",
            ));
        }
        let settings = self.settings.iter();
        checks.extend(settings.flat_map(|setting| setting.checks_before(at)));
        checks.extend(self.of_what_follows(scene));
        checks
    }

    fn seen(&self, before: &Controller, after: &Controller) -> Seen {
        let Some(made) = self.made(before, after) else {
            return Seen::Otherwise("no new virtual drive of these drives".to_owned());
        };
        let places = self.spares.iter();
        let lacking: Vec<_> = places
            .filter(|spare| {
                let state = spare.find(after).and_then(|drive| drive.state.as_ref());
                state != Some(&DriveState::HotSpare)
            })
            .map(|spare| spare.address.to_string())
            .collect();
        if lacking.is_empty() {
            Seen::Done(shown(made))
        } else {
            let lacking = lacking.join(", ");
            Seen::Otherwise(format!("{}, but {lacking} is no hot spare", shown(made)))
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        let found: Vec<_> = self.alike(at).map(shown).collect();
        (!found.is_empty()).then(|| found.join(", "))
    }
}

/// `vd1, RAID 5, 558 GiB, Optimal`.
fn shown(drive: &VirtualDrive) -> String {
    let parts = [
        drive.target_id.map(|target| format!("vd{target}")),
        drive.raid_level.as_ref().map(RaidLevel::to_string),
        drive.size.map(human::bytes),
        drive.state.as_ref().map(ToString::to_string),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn members(drive: &VirtualDrive) -> BTreeSet<DriveAddress> {
    let members = drive.spans.iter().flat_map(|span| &span.members);
    let drives = members.filter_map(|member| member.drive.as_ref());
    drives.filter_map(PhysicalDrive::address).collect()
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The firmware makes nothing while it keeps unwritten data of other virtual drives (status 0x54).
fn no_preserved_cache(at: &Controller) -> Check {
    const CODE: &str = "preserved_cache";
    match &at.preserved_cache {
        Some(caches) if caches.is_empty() => {
            Check::holds(CODE, "the controller keeps no unwritten data in its cache")
        }
        Some(caches) => {
            let names = caches.iter().map(|it| format!("vd{}", it.target_id));
            let names = names.collect::<Vec<_>>().join(", ");
            Check::forbids(
                CODE,
                format!("the controller keeps unwritten data of {names} in its cache"),
                "it makes no virtual drive before they are written or given up (status 0x54)",
            )
            .possible("bring the missing drives back: the controller then writes them by itself")
            .possible("give them up: ironkeep vd discard-preserved-cache")
        }
        None => match at.unread.get(&Part::PreservedCache) {
            Some(Unread::Unsupported(_)) => {
                Check::holds(CODE, "the controller keeps no preserved cache")
            }
            _ => Check::unread(CODE, at, Part::PreservedCache),
        },
    }
}

/// A CacheCade drive is on flash.
fn flash(drives: &[&PhysicalDrive]) -> Check {
    const CODE: &str = "media_type";
    let others: Vec<_> = drives
        .iter()
        .filter(|drive| drive.media_type != Some(MediaType::SolidState))
        .copied()
        .collect();
    if others.is_empty() {
        return Check::holds(CODE, "solid state drives");
    }
    let observed = format!("{} not known to be solid state", drives::names(&others));
    Check::forbids(
        CODE,
        observed,
        "CacheCade drives are made of solid state drives",
    )
}

/// Whether a member of a drive group works, so that more can be put on it.
pub(super) fn works(drive: &PhysicalDrive) -> bool {
    drive.state == Some(DriveState::Online)
}
