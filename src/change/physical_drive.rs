//! Changes of a physical drive.

use ironkeep_parsers::model::{DriveAddress, DriveState, PhysicalDrive};

use super::{Act, Check, Risk, Scene, Seen};
use crate::health::redundancy::{self, Pulled};
use crate::membership::{self, Membership};
use crate::reading::{Controller, Part};

/// A physical drive as it was when somebody named it. It is told again by its serial number: another
/// drive in the same bay is not it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDrive {
    /// Where it sat.
    pub address: DriveAddress,
    /// Its serial number; `None` where the controller does not tell it.
    pub serial: Option<String>,
}

impl NamedDrive {
    /// `drive` as it is now; `None` if its place was not read.
    pub fn of(drive: &PhysicalDrive) -> Option<Self> {
        Some(Self {
            address: drive.address()?,
            serial: drive.serial().map(str::to_owned),
        })
    }

    /// The drive in that place of `controller`, whichever it is.
    pub fn in_place<'a>(&self, controller: &'a Controller) -> Option<&'a PhysicalDrive> {
        let mut drives = controller.physical_drives.iter().flatten();
        drives.find(|drive| drive.address() == Some(self.address))
    }

    /// The very drive, still in its place.
    pub fn find<'a>(&self, controller: &'a Controller) -> Option<&'a PhysicalDrive> {
        self.in_place(controller)
            .filter(|drive| drive.serial() == self.serial.as_deref())
    }

    /// Whether it is still the drive that was named.
    pub fn check(&self, controller: &Controller) -> Check {
        const CODE: &str = "same_drive";
        let Self { address, serial } = self;
        if controller.physical_drives.is_none() {
            return Check::unread(CODE, controller, Part::PhysicalDrives);
        }
        let Some(there) = self.in_place(controller) else {
            let observed = format!("bay {address} is empty");
            return Check::forbids(CODE, observed, "the drive that was named is gone")
                .possible("where every drive is: ironkeep pd list");
        };
        let observed = match there.serial() {
            Some(serial) => format!("the drive in {address} has the serial number {serial}"),
            None => format!("the drive in {address} tells no serial number"),
        };
        if there.serial() == serial.as_deref() {
            return Check::holds(CODE, observed);
        }
        let named = serial.as_deref().unwrap_or("unknown");
        Check::forbids(
            CODE,
            observed,
            format!("it is not the drive that was named (serial number {named})"),
        )
        .possible("where every drive is: ironkeep pd list")
    }
}

/// What is done to a physical drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhysicalDriveAction {
    /// Takes a member off line.
    Offline,
    /// Puts a member that was taken off line back to work.
    Online,
    /// Switches the light of its bay on or off.
    Locate {
        /// On.
        on: bool,
    },
}

/// A change of a physical drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhysicalDriveChange {
    /// The drive.
    pub drive: NamedDrive,
    /// What is done to it.
    pub action: PhysicalDriveAction,
}

use PhysicalDriveAction as Action;

impl Act for PhysicalDriveChange {
    fn name(&self) -> &'static str {
        match self.action {
            Action::Offline => "pd.offline",
            Action::Online => "pd.online",
            Action::Locate { on: true } => "pd.locate_on",
            Action::Locate { on: false } => "pd.locate_off",
        }
    }

    fn words(&self) -> String {
        let drive = self.drive.address;
        match self.action {
            Action::Offline => format!("take drive {drive} off line"),
            Action::Online => format!("put drive {drive} on line"),
            Action::Locate { on: true } => format!("switch on the light of bay {drive}"),
            Action::Locate { on: false } => format!("switch off the light of bay {drive}"),
        }
    }

    fn object(&self) -> String {
        self.drive.address.to_string()
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        match self.action {
            Action::Locate { .. } => Risk::None,
            Action::Offline | Action::Online => Risk::Change,
        }
    }

    fn parts(&self) -> &'static [Part] {
        match self.action {
            Action::Locate { .. } => &[Part::PhysicalDrives],
            Action::Offline | Action::Online => &[
                Part::PhysicalDrives,
                Part::VirtualDrives,
                Part::DriveOperations,
            ],
        }
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let mut checks = vec![self.drive.check(scene.controller)];
        let Some(drive) = self.drive.find(scene.controller) else {
            return checks;
        };
        match self.action {
            Action::Locate { .. } => {}
            Action::Offline => {
                let what = "only a member that works can be taken off line";
                checks.push(in_state(
                    drive,
                    &[DriveState::Online, DriveState::Rebuild],
                    what,
                ));
                checks.extend(spare_of(scene.controller, drive));
            }
            Action::Online => {
                let what = "only a member that was taken off line can be put on line";
                checks.push(in_state(
                    drive,
                    &[DriveState::Offline, DriveState::Failed],
                    what,
                ));
                checks.push(stale(drive));
            }
        }
        checks
    }

    fn seen(&self, _: &Controller, after: &Controller) -> Seen {
        let wanted = match self.action {
            Action::Locate { .. } => return Seen::Invisible("MegaCLI does not tell the lights"),
            Action::Offline => DriveState::Offline,
            Action::Online => DriveState::Online,
        };
        let Some(drive) = self.drive.find(after) else {
            return Seen::Otherwise(format!("drive {} is gone", self.drive.address));
        };
        match &drive.state {
            Some(state) if *state == wanted => Seen::Done(state.to_string()),
            Some(state) => Seen::Otherwise(state.to_string()),
            None => Seen::Otherwise("a drive whose state is not told".to_owned()),
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        let drive = self.drive.in_place(at)?;
        Some(drive.state.as_ref()?.to_string())
    }

    fn serial(&self) -> Option<String> {
        self.drive.serial.clone()
    }
}

/// Whether a drive is in one of `states`; if not, why that matters.
pub(super) fn in_state(drive: &PhysicalDrive, states: &[DriveState], why: &str) -> Check {
    const CODE: &str = "state";
    let name = drive
        .address()
        .map_or_else(String::new, |at| format!(" {at}"));
    match &drive.state {
        Some(state) if states.contains(state) => {
            Check::holds(CODE, format!("drive{name} is {state}"))
        }
        Some(state) => Check::forbids(CODE, format!("drive{name} is {state}"), why),
        None => Check::refuses(CODE, format!("the state of drive{name} is not told"), why),
    }
}

/// Whether every span that the drive belongs to survives its loss: one check for each.
pub(super) fn spare_of(controller: &Controller, drive: &PhysicalDrive) -> Vec<Check> {
    const CODE: &str = "redundancy";
    if controller.virtual_drives.is_none() {
        return vec![Check::unread(CODE, controller, Part::VirtualDrives)];
    }
    let places = membership::of(controller, drive);
    if places.is_empty() && !membership::is_known(controller) {
        let observed = "which virtual drives it belongs to is not told";
        let why = "without it nobody can say whether data is lost";
        return vec![Check::refuses(CODE, observed, why)];
    }
    places.iter().map(survives).collect()
}

/// Whether the span of `place` survives the loss of the drive that holds it.
fn survives(place: &Membership<'_>) -> Check {
    const CODE: &str = "redundancy";
    let it = place.virtual_drive;
    let level = it
        .raid_level
        .as_ref()
        .map_or_else(|| "unknown RAID level".to_owned(), ToString::to_string);
    let name = it
        .target_id
        .map_or_else(|| "?".to_owned(), |id| id.to_string());
    let span = format!(
        "span {} of virtual drive {name} ({level})",
        place.span.number
    );
    let member = place.span.members.iter().find(|it| it.arm == place.arm);
    let pulled = member.map_or(Pulled::Unknown, |member| {
        redundancy::pulled(it, place.span, member)
    });
    let (observed, why) = match pulled {
        Pulled::HoldsNothing => {
            return Check::holds(CODE, format!("{span} has no data on this drive"));
        }
        Pulled::Survives(more) => {
            let then = match more {
                0 => "no further loss".to_owned(),
                1 => "one further loss".to_owned(),
                more => format!("{more} further losses"),
            };
            return Check::holds(CODE, format!("{span} survives without it, and then {then}"));
        }
        Pulled::Loses => (
            format!("{span} has no redundancy left"),
            "without this drive its data is lost",
        ),
        Pulled::MayLose => (
            format!("{span} is a mirror of several pairs that has lost a drive"),
            "its data is lost if this drive is the other half of that pair",
        ),
        Pulled::OffLine => (
            format!("{span} is off line"),
            "what is left of it may be needed to get its data back",
        ),
        Pulled::Unknown => (
            format!("how much redundancy {span} has is not known"),
            "without this drive its data may be lost",
        ),
    };
    Check::refuses(CODE, observed, why)
        .possible("what the span lacks, and what runs there: ironkeep health")
}

/// A member that comes back as it was holds old data.
fn stale(drive: &PhysicalDrive) -> Check {
    const CODE: &str = "stale_data";
    let state = drive
        .state
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    Check::refuses(
        CODE,
        format!("the drive is {state}, and its virtual drives may have been written to since"),
        "put on line, its old data is taken for good: files get damaged without a word",
    )
    .possible("bring it up to date instead: ironkeep pd rebuild start")
}
