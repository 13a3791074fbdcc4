//! `spare add` and `spare remove`.

use std::str::FromStr;

use ironkeep_parsers::model::{DriveGroup, DriveGroupSpan, TargetId, VirtualDrive};

use crate::act::{self, ConsentArgs};
use crate::change::physical_drive::NamedDrive;
use crate::change::spare::{Duties, Protects, SpareAction};
use crate::change::{Request, SpareChange};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::commands::join::Join;
use crate::commands::pd::act::read;
use crate::commands::resolve::Resolver;
use crate::reading::{Controller, Part, Reading};
use crate::selector::{DriveSelector, SelectorError, VirtualDriveName, VirtualDriveSelector};

/// Make usable drives hot spares
///
/// For all drive groups, or for those alone that --dedicated-to names. A drive that is too small or of
/// the wrong kind for what it should protect is refused: it would only seem to protect. Where a drive
/// group lacks a member, its rebuild begins at once.
///
/// Example: ironkeep spare add 252:7 --dedicated-to vd0
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Add {
    /// The drives: 252:3, sn=SERIAL, wwn=WWN, /dev/sdX
    #[arg(required = true, value_name = "DRIVE")]
    drives: Vec<DriveSelector>,
    /// Only for these: the number of a drive group, or a virtual drive (vd0, /dev/sdX, name=NAME)
    #[arg(long, value_name = "GROUP|VD")]
    dedicated_to: Vec<Protected>,
    /// Prefer drive groups of its own enclosure
    #[arg(long)]
    enclosure_affinity: bool,
    /// Stay in the drive group for good once it stood in
    #[arg(long)]
    non_revertible: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Let hot spares be ordinary drives again, which belong to nothing
///
/// Drive groups that no other spare fits stay without protection then.
///
/// Example: ironkeep spare remove 252:7
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Remove {
    /// The drives: 252:3, sn=SERIAL, wwn=WWN, /dev/sdX
    #[arg(required = true, value_name = "DRIVE")]
    drives: Vec<DriveSelector>,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// What a spare is dedicated to.
#[derive(Debug, Clone)]
enum Protected {
    /// The drive group with this number.
    Group(u32),
    /// The drive group of this virtual drive.
    VirtualDrive(VirtualDriveSelector),
}

impl FromStr for Protected {
    type Err = SelectorError;

    fn from_str(typed: &str) -> Result<Self, SelectorError> {
        if let Ok(number) = typed.parse() {
            return Ok(Self::Group(number));
        }
        let number = typed.strip_prefix("vd").unwrap_or(typed);
        Ok(Self::VirtualDrive(number.parse()?))
    }
}

impl Run for Add {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let (mut reading, mut join) = read(context, &self.drives, PARTS)?;
        if self.dedicated_to.iter().any(Protected::is_node) {
            join = Join::read(context, &mut reading, |_| true)?;
        }
        let resolver = Resolver::new(&reading, &join);
        let requests = requests(&resolver, &self.drives, |controller| {
            let protects = if self.dedicated_to.is_empty() {
                Protects::All
            } else {
                Protects::Arrays(arrays(&resolver, controller, &self.dedicated_to)?)
            };
            Ok(SpareAction::Add(Duties {
                protects,
                enclosure_affinity: self.enclosure_affinity,
                revertible: !self.non_revertible,
            }))
        })?;
        act::carry_out(context, "spare add", &self.consent, &reading, &requests)
    }
}

impl Run for Remove {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let (reading, join): (Reading, Join) = read(context, &self.drives, PARTS)?;
        let resolver = Resolver::new(&reading, &join);
        let requests = requests(&resolver, &self.drives, |_| Ok(SpareAction::Remove))?;
        act::carry_out(context, "spare remove", &self.consent, &reading, &requests)
    }
}

/// What the checks look at.
const PARTS: &[Part] = &[
    Part::VirtualDrives,
    Part::DriveOperations,
    Part::DriveGroups,
];

/// One request for each drive; `action` says what is done to those of a controller.
fn requests(
    resolver: &Resolver<'_>,
    selectors: &[DriveSelector],
    action: impl Fn(&Controller) -> Result<SpareAction, Failure>,
) -> Result<Vec<Request>, Failure> {
    let mut requests: Vec<Request> = Vec::new();
    for selector in selectors {
        let found = resolver.drive(selector)?;
        let named = NamedDrive::of(found.value).zip(found.controller.id);
        let (drive, controller) = named.ok_or_else(|| {
            let words =
                "the tool does not tell where this drive sits, so nothing can be done to it";
            Failure::new(Kind::Hardware, words)
        })?;
        let action = action(found.controller)?;
        let request = Request {
            controller,
            change: SpareChange { drive, action }.into(),
        };
        if !requests.contains(&request) {
            requests.push(request);
        }
    }
    Ok(requests)
}

impl Protected {
    fn is_node(&self) -> bool {
        matches!(
            self,
            Self::VirtualDrive(VirtualDriveSelector {
                name: VirtualDriveName::BlockDevice(_),
                ..
            })
        )
    }
}

/// The controller's own numbers of the spans that are to be protected: all of each drive group.
fn arrays(
    resolver: &Resolver<'_>,
    controller: &Controller,
    wanted: &[Protected],
) -> Result<Vec<u32>, Failure> {
    let Some(groups) = &controller.drive_groups else {
        let words = "the drive groups could not be read, so a spare cannot be dedicated to one";
        return Err(Failure::new(Kind::Hardware, words)
            .hint("a spare for all of them needs no group: leave out --dedicated-to"));
    };
    let mut arrays = Vec::new();
    for it in wanted {
        let spans: Vec<&DriveGroupSpan> = match it {
            Protected::Group(number) => of_group(groups, *number),
            Protected::VirtualDrive(selector) => {
                let found = resolver.virtual_drive(selector)?;
                if found.controller.id != controller.id {
                    let words = format!("virtual drive {selector} is on another controller");
                    return Err(Failure::new(Kind::Usage, words)
                        .hint("a spare serves its own controller alone"));
                }
                of_virtual_drive(groups, found.value.target_id)
            }
        };
        let references: Option<Vec<u32>> = spans.iter().map(|span| span.reference).collect();
        match references {
            Some(references) if !references.is_empty() => arrays.extend(references),
            _ => return Err(unknown(it, groups)),
        }
    }
    arrays.sort_unstable();
    arrays.dedup();
    Ok(arrays)
}

/// The spans of the drive group that its members, and lists, call by `number`.
fn of_group(groups: &[DriveGroup], number: u32) -> Vec<&DriveGroupSpan> {
    let group = groups.iter().find(|group| name(group) == number);
    group.iter().flat_map(|group| &group.spans).collect()
}

/// The number that the members of a drive group print.
fn name(group: &DriveGroup) -> u32 {
    let members = group.spans.iter().flat_map(|span| &span.members);
    let mut drives = members.filter_map(|member| member.drive.as_ref());
    let position = drives.find_map(|drive| drive.position);
    position.map_or(group.number, |it| it.drive_group)
}

fn of_virtual_drive(groups: &[DriveGroup], target: Option<TargetId>) -> Vec<&DriveGroupSpan> {
    let is_it = |it: &VirtualDrive| target.is_some() && it.target_id == target;
    let spans = groups.iter().flat_map(|group| &group.spans);
    spans
        .filter(|span| span.virtual_drives.iter().any(is_it))
        .collect()
}

fn unknown(wanted: &Protected, groups: &[DriveGroup]) -> Failure {
    let words = match wanted {
        Protected::Group(number) => format!("there is no drive group {number}"),
        Protected::VirtualDrive(selector) => {
            format!("the drive group of virtual drive {selector} is not known")
        }
    };
    let mut names: Vec<u32> = groups.iter().map(name).collect();
    names.sort_unstable();
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let failure = Failure::new(Kind::Usage, words);
    if names.is_empty() {
        failure.hint("there is no drive group at all")
    } else {
        failure.hint(format!("drive groups: {}", names.join(", ")))
    }
}
