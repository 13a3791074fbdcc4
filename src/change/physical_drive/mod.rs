//! Changes of a physical drive.

mod copyback;
mod members;
mod named;
mod seen;
mod unconfigured;

use std::path::PathBuf;

use ironkeep_parsers::model::Arm;

pub use named::NamedDrive;

use super::{Act, Check, Risk, Scene, Seen};
use crate::reading::{Controller, Part};

/// What is done to a physical drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhysicalDriveAction {
    /// Takes a member off line.
    Offline,
    /// Puts a member that was taken off line back to work.
    Online,
    /// Takes a member that is off line or failed out of its drive group, whose place is then empty.
    MarkMissing,
    /// Spins an unconfigured drive down, to be pulled.
    PrepareRemoval,
    /// Spins such a drive up again.
    UndoPrepareRemoval,
    /// Makes a drive usable that is unconfigured and bad, or given to the host.
    MakeGood {
        /// Although it is given to the host.
        force: bool,
    },
    /// Gives an unconfigured drive to the host as it is.
    MakeJbod,
    /// Puts an unconfigured drive into an empty place of a drive group.
    ReplaceMissing(EmptyPlace),
    /// Switches the light of its bay on or off.
    Locate {
        /// On.
        on: bool,
    },
    /// Restores a member's data onto it from the others.
    Rebuild(Control),
    /// Overwrites an unconfigured drive.
    Clear(Switch),
    /// Copies a member onto another drive, which takes its place then.
    Copyback(Copyback),
    /// Destroys the data of a drive that encrypts, through its key.
    InstantSecureErase,
    /// Destroys the data of a drive by overwriting it.
    SecureErase(Passes),
    /// Ends such an overwriting before its time.
    StopSecureErase,
    /// Writes the drive's firmware.
    DownloadFirmware {
        /// The file, by its whole path.
        file: PathBuf,
    },
}

/// An empty place of a drive group, as the table of missing drives has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmptyPlace {
    /// The controller's own number of the span (`-ArrayN`).
    pub span_reference: u32,
    /// The place in the span (`-rowN`).
    pub arm: Arm,
}

/// What is done to an operation that can be paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// It begins.
    Start,
    /// It ends before its time.
    Stop,
    /// It pauses.
    Suspend,
    /// It goes on.
    Resume,
}

/// What is done to an operation that cannot be paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// It begins.
    Start,
    /// It ends before its time.
    Stop,
}

/// What is done to a copyback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copyback {
    /// The drive, a member, is copied.
    Start {
        /// Onto this one.
        to: NamedDrive,
    },
    /// The copyback onto the drive ends before its time.
    Stop,
    /// It pauses.
    Suspend,
    /// It goes on.
    Resume,
}

/// How often a drive is overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passes {
    /// Once.
    Simple,
    /// Three times.
    Normal,
    /// Nine times.
    Thorough,
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

impl PhysicalDriveAction {
    /// What has to be read for the checks of it, and to see it done.
    pub(crate) fn parts(&self) -> &'static [Part] {
        match self {
            Self::Locate { .. } => &[Part::PhysicalDrives],
            Self::MarkMissing | Self::ReplaceMissing(_) => &[
                Part::Controllers,
                Part::PhysicalDrives,
                Part::VirtualDrives,
                Part::DriveOperations,
                Part::DriveGroups,
                Part::MissingDrives,
                Part::PreservedCache,
            ],
            Self::Offline
            | Self::Online
            | Self::PrepareRemoval
            | Self::UndoPrepareRemoval
            | Self::MakeGood { .. }
            | Self::MakeJbod
            | Self::Rebuild(_)
            | Self::Clear(_)
            | Self::Copyback(_)
            | Self::InstantSecureErase
            | Self::SecureErase(_)
            | Self::StopSecureErase
            | Self::DownloadFirmware { .. } => &[
                Part::Controllers,
                Part::PhysicalDrives,
                Part::VirtualDrives,
                Part::DriveOperations,
            ],
        }
    }
}

impl Act for PhysicalDriveChange {
    fn name(&self) -> &'static str {
        match &self.action {
            Action::Offline => "pd.offline",
            Action::Online => "pd.online",
            Action::MarkMissing => "pd.missing",
            Action::PrepareRemoval => "pd.prepare_removal",
            Action::UndoPrepareRemoval => "pd.undo_prepare_removal",
            Action::MakeGood { .. } => "pd.make_good",
            Action::MakeJbod => "pd.make_jbod",
            Action::ReplaceMissing(_) => "pd.replace_missing",
            Action::Locate { on: true } => "pd.locate_on",
            Action::Locate { on: false } => "pd.locate_off",
            Action::Rebuild(Control::Start) => "pd.rebuild_start",
            Action::Rebuild(Control::Stop) => "pd.rebuild_stop",
            Action::Rebuild(Control::Suspend) => "pd.rebuild_suspend",
            Action::Rebuild(Control::Resume) => "pd.rebuild_resume",
            Action::Clear(Switch::Start) => "pd.clear_start",
            Action::Clear(Switch::Stop) => "pd.clear_stop",
            Action::Copyback(Copyback::Start { .. }) => "pd.copyback_start",
            Action::Copyback(Copyback::Stop) => "pd.copyback_stop",
            Action::Copyback(Copyback::Suspend) => "pd.copyback_suspend",
            Action::Copyback(Copyback::Resume) => "pd.copyback_resume",
            Action::InstantSecureErase => "pd.instant_secure_erase",
            Action::StopSecureErase => "pd.secure_erase_stop",
            Action::SecureErase(_) => "pd.secure_erase",
            Action::DownloadFirmware { .. } => "pd.download_firmware",
        }
    }

    fn words(&self) -> String {
        let drive = self.drive.address;
        match &self.action {
            Action::Offline => format!("take drive {drive} off line"),
            Action::Online => format!("put drive {drive} on line"),
            Action::MarkMissing => format!("take drive {drive} out of its drive group"),
            Action::PrepareRemoval => format!("spin drive {drive} down, to be pulled"),
            Action::UndoPrepareRemoval => format!("spin drive {drive} up again"),
            Action::MakeGood { .. } => format!("make drive {drive} usable"),
            Action::MakeJbod => format!("give drive {drive} to the host as it is"),
            Action::ReplaceMissing(EmptyPlace {
                span_reference,
                arm,
            }) => format!("put drive {drive} into arm {arm} of array {span_reference}"),
            Action::Locate { on: true } => format!("switch on the light of bay {drive}"),
            Action::Locate { on: false } => format!("switch off the light of bay {drive}"),
            Action::Rebuild(Control::Start) => format!("rebuild drive {drive}"),
            Action::Rebuild(Control::Stop) => format!("stop the rebuild of drive {drive}"),
            Action::Rebuild(Control::Suspend) => format!("suspend the rebuild of drive {drive}"),
            Action::Rebuild(Control::Resume) => format!("resume the rebuild of drive {drive}"),
            Action::Clear(Switch::Start) => format!("overwrite all of drive {drive}"),
            Action::Clear(Switch::Stop) => format!("stop overwriting drive {drive}"),
            Action::Copyback(Copyback::Start { to }) => {
                format!("copy drive {drive} to drive {}", to.address)
            }
            Action::Copyback(Copyback::Stop) => {
                format!("stop the copyback to drive {drive}")
            }
            Action::Copyback(Copyback::Suspend) => {
                format!("suspend the copyback to drive {drive}")
            }
            Action::Copyback(Copyback::Resume) => {
                format!("resume the copyback to drive {drive}")
            }
            Action::InstantSecureErase => {
                format!("destroy the key, and so all data, of drive {drive}")
            }
            Action::StopSecureErase => format!("stop erasing drive {drive}"),
            Action::SecureErase(Passes::Simple) => format!("erase drive {drive}"),
            Action::SecureErase(Passes::Normal) => format!("erase drive {drive} three times over"),
            Action::SecureErase(Passes::Thorough) => format!("erase drive {drive} nine times over"),
            Action::DownloadFirmware { file } => {
                format!("write firmware {} to drive {drive}", file.display())
            }
        }
    }

    fn object(&self) -> String {
        self.drive.address.to_string()
    }

    fn risk(&self, scene: &Scene<'_>) -> Risk {
        match &self.action {
            Action::Locate { .. } => Risk::None,
            Action::Offline
            | Action::Online
            | Action::MarkMissing
            | Action::PrepareRemoval
            | Action::UndoPrepareRemoval
            | Action::MakeJbod
            | Action::Rebuild(_)
            | Action::Clear(Switch::Stop)
            | Action::Copyback(_)
            | Action::ReplaceMissing(_)
            | Action::StopSecureErase
            | Action::DownloadFirmware { .. } => Risk::Change,
            Action::MakeGood { .. } => unconfigured::risk_of_make_good(&self.drive, scene),
            Action::Clear(Switch::Start) | Action::InstantSecureErase | Action::SecureErase(_) => {
                Risk::Destroy
            }
        }
    }

    fn parts(&self) -> &'static [Part] {
        self.action.parts()
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let mut checks = vec![self.drive.check(scene.controller, self.risk(scene))];
        let Some(drive) = self.drive.find(scene.controller) else {
            return checks;
        };
        checks.extend(match &self.action {
            // Of an overwriting no reading shows whether it runs.
            Action::Locate { .. } | Action::StopSecureErase => Vec::new(),
            Action::Offline => members::offline(scene, drive),
            Action::Online => members::online(scene, drive),
            Action::MarkMissing => members::missing(scene, drive),
            Action::ReplaceMissing(place) => members::replace_missing(scene, drive, *place),
            Action::Rebuild(control) => members::rebuild(scene, drive, *control),
            Action::Copyback(Copyback::Start { to }) => copyback::start(scene, drive, to),
            Action::Copyback(_) => copyback::control(drive),
            Action::PrepareRemoval => unconfigured::prepare_removal(scene, drive),
            Action::UndoPrepareRemoval => unconfigured::undo_prepare_removal(drive),
            Action::MakeGood { force } => unconfigured::make_good(scene, drive, *force),
            Action::MakeJbod => unconfigured::make_jbod(scene, drive),
            Action::Clear(Switch::Start) | Action::SecureErase(_) => {
                unconfigured::overwrite(scene, drive)
            }
            Action::InstantSecureErase => unconfigured::instant_secure_erase(scene, drive),
            Action::Clear(Switch::Stop) => unconfigured::stop_clear(scene, drive),
            Action::DownloadFirmware { .. } => members::download_firmware(scene, drive),
        });
        checks
    }

    fn seen(&self, before: &Controller, after: &Controller) -> Seen {
        seen::seen(self, before, after)
    }

    fn state(&self, at: &Controller) -> Option<String> {
        seen::state(self.drive.in_place(at)?)
    }

    fn serial(&self) -> Option<String> {
        self.drive.serial.clone()
    }
}
