//! Changes of a physical drive.

use std::path::Path;
use std::time::Duration;

use super::{drives, words};
use crate::change::PhysicalDriveChange;
use crate::change::physical_drive::{
    Control, Copyback, EmptyPlace, Passes, PhysicalDriveAction as Action, Switch,
};
use crate::runner::Invocation;

/// How long a drive may take over its firmware.
const FIRMWARE: Duration = Duration::from_mins(30);

pub(super) fn invocation(change: &PhysicalDriveChange) -> Invocation {
    let drive = drives(&[change.drive.address]);
    match &change.action {
        Action::Offline => words(["-PDOffline", &drive]),
        Action::Online => words(["-PDOnline", &drive]),
        Action::MarkMissing => words(["-PdMarkMissing", &drive]),
        Action::PrepareRemoval => words(["-PdPrpRmv", &drive]),
        Action::UndoPrepareRemoval => words(["-PdPrpRmv", "-UnDo", &drive]),
        Action::MakeGood { force: false } => words(["-PDMakeGood", &drive]),
        // Before the list of drives it is an error of the command line.
        Action::MakeGood { force: true } => words(["-PDMakeGood", &drive, "-Force"]),
        Action::MakeJbod => words(["-PDMakeJBOD", &drive]),
        Action::ReplaceMissing(EmptyPlace {
            span_reference,
            arm,
        }) => {
            let (array, row) = (format!("-Array{span_reference}"), format!("-row{arm}"));
            words(["-PdReplaceMissing", &drive, &array, &row])
        }
        Action::Locate { on: true } => words(["-PdLocate", "-start", &drive]),
        Action::Locate { on: false } => words(["-PdLocate", "-stop", &drive]),
        Action::Rebuild(control) => words(["-PDRbld", verb(*control), &drive]),
        Action::Clear(Switch::Start) => words(["-PDClear", "-Start", &drive]),
        Action::Clear(Switch::Stop) => words(["-PDClear", "-Stop", &drive]),
        Action::Copyback(Copyback::Start { to }) => {
            let pair = drives(&[change.drive.address, to.address]);
            words(["-PDCpyBk", "-Start", &pair])
        }
        Action::Copyback(Copyback::Stop) => words(["-PDCpyBk", "-Stop", &drive]),
        Action::Copyback(Copyback::Suspend) => words(["-PDCpyBk", "-Suspend", &drive]),
        Action::Copyback(Copyback::Resume) => words(["-PDCpyBk", "-Resume", &drive]),
        Action::InstantSecureErase => words(["-PDInstantSecureErase", &drive]),
        Action::StopSecureErase => words(["-SecureErase", "Stop", &drive]),
        Action::SecureErase(passes) => words(["-SecureErase", "Start", word(*passes), &drive]),
        Action::DownloadFirmware { file } => download(&drive, file),
    }
}

fn verb(control: Control) -> &'static str {
    match control {
        Control::Start => "-Start",
        Control::Stop => "-Stop",
        Control::Suspend => "-Suspend",
        Control::Resume => "-Resume",
    }
}

fn word(passes: Passes) -> &'static str {
    match passes {
        Passes::Simple => "Simple",
        Passes::Normal => "Normal",
        Passes::Thorough => "Thorough",
    }
}

fn download(drive: &str, file: &Path) -> Invocation {
    let file = file.to_string_lossy();
    Invocation {
        at_least: FIRMWARE,
        ..words(["-PdFwDownload", drive, "-f", &file])
    }
}
