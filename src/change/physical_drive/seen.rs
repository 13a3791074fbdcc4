//! What a reading shows of a change of a physical drive.

use ironkeep_parsers::model::{DriveState, OperationKind, PhysicalDrive, Power};

use super::{
    Control, Copyback, NamedDrive, PhysicalDriveAction as Action, PhysicalDriveChange, Switch,
};
use crate::change::Seen;
use crate::reading::Controller;

/// The state of a drive, for people: `Online, Spun Up`.
pub(super) fn state(drive: &PhysicalDrive) -> Option<String> {
    let state = drive.state.as_ref()?;
    Some(match &drive.power {
        Some(power) => format!("{state}, {power}"),
        None => state.to_string(),
    })
}

pub(super) fn seen(change: &PhysicalDriveChange, before: &Controller, after: &Controller) -> Seen {
    if let Action::Locate { .. } = change.action {
        return Seen::Invisible("MegaCLI does not tell the lights");
    }
    let drive = match find(&change.drive, after) {
        Ok(drive) => drive,
        Err(seen) => return seen,
    };
    match &change.action {
        Action::Locate { .. } => Seen::Invisible("MegaCLI does not tell the lights"),
        Action::Offline => off_line(drive),
        Action::Online => is(drive, &[DriveState::Online]),
        Action::MarkMissing => is(
            drive,
            &[DriveState::UnconfiguredGood, DriveState::UnconfiguredBad],
        ),
        Action::PrepareRemoval => power(drive, &Power::SpunDown),
        Action::UndoPrepareRemoval => power(drive, &Power::SpunUp),
        Action::MakeGood { .. } => made_good(drive),
        Action::MakeJbod => is(drive, &[DriveState::Jbod]),
        Action::ReplaceMissing(_) | Action::Rebuild(Control::Start) => {
            joined(drive, &change.action)
        }
        Action::Rebuild(Control::Stop) => is_not(drive, &DriveState::Rebuild),
        Action::Rebuild(Control::Suspend | Control::Resume)
        | Action::Copyback(Copyback::Suspend | Copyback::Resume) => {
            Seen::Invisible("MegaCLI does not tell whether it pauses")
        }
        Action::Clear(Switch::Start) => runs(after, drive, &OperationKind::Clear),
        Action::Clear(Switch::Stop) => ended(after, drive, &OperationKind::Clear),
        Action::Copyback(Copyback::Start { to }) => match find(to, after) {
            Ok(target) => copied(target),
            Err(seen) => seen,
        },
        Action::Copyback(Copyback::Stop) => is_not(drive, &DriveState::Copyback),
        Action::InstantSecureErase | Action::SecureErase(_) | Action::StopSecureErase => {
            Seen::Invisible("MegaCLI does not tell whether a drive is erased")
        }
        Action::DownloadFirmware { .. } => firmware(change.drive.in_place(before), drive),
    }
}

fn find<'a>(drive: &NamedDrive, at: &'a Controller) -> Result<&'a PhysicalDrive, Seen> {
    drive.find(at).ok_or_else(|| {
        let address = drive.address;
        Seen::Otherwise(match drive.in_place(at).map(PhysicalDrive::serial) {
            None => format!("bay {address} is empty"),
            Some(None) => format!("the drive in {address} tells no serial number any more"),
            Some(Some(serial)) => {
                format!("in {address} is another drive, with the serial number {serial}")
            }
        })
    })
}

/// The state of a drive in words.
fn words(drive: &PhysicalDrive) -> String {
    state(drive).unwrap_or_else(|| "a drive whose state is not told".to_owned())
}

fn is(drive: &PhysicalDrive, wanted: &[DriveState]) -> Seen {
    match &drive.state {
        Some(state) if wanted.contains(state) => Seen::Done(words(drive)),
        _ => Seen::Otherwise(words(drive)),
    }
}

/// Whether the drive works no more. A hot spare that takes its place pushes it out of its drive group.
fn off_line(drive: &PhysicalDrive) -> Seen {
    match &drive.state {
        Some(DriveState::Offline | DriveState::Failed) => Seen::Done(words(drive)),
        Some(DriveState::UnconfiguredBad | DriveState::UnconfiguredGood) => {
            Seen::Done(format!("{}: a hot spare took its place", words(drive)))
        }
        _ => Seen::Otherwise(words(drive)),
    }
}

/// Of a bad drive foreign metadata shows only now.
fn made_good(drive: &PhysicalDrive) -> Seen {
    match is(drive, &[DriveState::UnconfiguredGood]) {
        // A drive group that lacks a member may take it at once.
        Seen::Otherwise(words) if drive.state == Some(DriveState::Rebuild) => Seen::Running(words),
        Seen::Done(words) if drive.foreign == Some(true) => Seen::Done(format!(
            "{words}, with a foreign configuration (ironkeep foreign list)"
        )),
        seen @ (Seen::Done(_) | Seen::Running(_) | Seen::Otherwise(_) | Seen::Invisible(_)) => seen,
    }
}

fn is_not(drive: &PhysicalDrive, unwanted: &DriveState) -> Seen {
    match &drive.state {
        Some(state) if state != unwanted => Seen::Done(words(drive)),
        _ => Seen::Otherwise(words(drive)),
    }
}

fn power(drive: &PhysicalDrive, wanted: &Power) -> Seen {
    match &drive.power {
        Some(power) if power == wanted => Seen::Done(words(drive)),
        Some(_) => Seen::Otherwise(words(drive)),
        None => Seen::Invisible("MegaCLI does not tell whether the drive turns"),
    }
}

/// Whether the drive is a member that is rebuilt, or waits to be.
fn joined(drive: &PhysicalDrive, action: &Action) -> Seen {
    match &drive.state {
        Some(DriveState::Rebuild) => Seen::Running(words(drive)),
        Some(DriveState::Online) => Seen::Done(words(drive)),
        Some(DriveState::Offline) if matches!(action, Action::ReplaceMissing(_)) => {
            Seen::Done(words(drive))
        }
        _ => Seen::Otherwise(words(drive)),
    }
}

fn copied(target: &PhysicalDrive) -> Seen {
    match &target.state {
        Some(DriveState::Copyback) => Seen::Running(words(target)),
        Some(DriveState::Online) => Seen::Done(words(target)),
        _ => Seen::Otherwise(words(target)),
    }
}

/// Whether an operation of that kind runs on the drive; `None` where nobody can say.
fn is_running(at: &Controller, drive: &PhysicalDrive, kind: &OperationKind) -> Option<bool> {
    let operations = at.drive_operations.as_ref()?;
    let mut those = operations.iter().filter(|it| it.kind == *kind);
    Some(those.any(|it| it.is_running() && it.physical_drive == drive.address()))
}

fn runs(after: &Controller, drive: &PhysicalDrive, kind: &OperationKind) -> Seen {
    match is_running(after, drive, kind) {
        Some(true) => Seen::Running(format!("{kind} runs")),
        Some(false) => Seen::Otherwise(format!("{kind} does not run")),
        None => Seen::Invisible("what runs on drives could not be read"),
    }
}

fn ended(after: &Controller, drive: &PhysicalDrive, kind: &OperationKind) -> Seen {
    match is_running(after, drive, kind) {
        Some(false) => Seen::Done(format!("{kind} does not run")),
        Some(true) => Seen::Otherwise(format!("{kind} runs")),
        None => Seen::Invisible("what runs on drives could not be read"),
    }
}

fn firmware(before: Option<&PhysicalDrive>, after: &PhysicalDrive) -> Seen {
    match (before.and_then(|it| it.firmware.as_ref()), &after.firmware) {
        (Some(old), Some(new)) if old != new => Seen::Done(format!("firmware {new} after {old}")),
        _ => Seen::Invisible(
            "the drive shows the firmware that it had: the same one, or the new one begins with the next start",
        ),
    }
}
