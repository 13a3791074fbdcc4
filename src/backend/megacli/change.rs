//! How a change is put to MegaCLI: one command line for each, about one controller.

mod battery;
mod controller;
mod foreign;
mod patrol;
mod physical_drive;
mod property;
mod security;
mod spare;
mod virtual_drive;

use ironkeep_parsers::model::{DriveAddress, TargetId};

use crate::change::{Change, Request};
use crate::runner::{Input, Invocation};

/// The run that makes the change. It names one controller, never all.
pub(super) fn invocation(request: &Request) -> Invocation {
    let mut invocation = match &request.change {
        Change::PhysicalDrive(change) => physical_drive::invocation(change),
        Change::Spare(change) => spare::invocation(change),
        Change::Foreign(change) => foreign::invocation(change),
        Change::VirtualDrive(change) => virtual_drive::invocation(change),
        Change::NewVirtualDrive(new) => virtual_drive::create(new),
        Change::PreservedCache(discard) => virtual_drive::discard(discard),
        Change::Property(change) => property::invocation(change),
        Change::Controller(change) => controller::invocation(change),
        Change::Configuration(change) => controller::configuration(change),
        Change::Firmware(change) => controller::firmware(change),
        Change::Patrol(change) => patrol::invocation(change),
        Change::Battery(change) => battery::invocation(change),
        Change::EventLog(_) => words(["-AdpEventLog", "-Clear"]),
        Change::Security(change) => security::invocation(change),
    };
    invocation.changes = true;
    invocation
        .arguments
        .push(format!("-a{}", request.controller));
    invocation
}

/// A run with these arguments.
fn words<S: Into<String>>(arguments: impl IntoIterator<Item = S>) -> Invocation {
    Invocation {
        arguments: arguments.into_iter().map(Into::into).collect(),
        ..Invocation::default()
    }
}

/// A run that reads `bytes` from the file `name` in its folder, which the arguments name.
fn reading<S: Into<String>>(
    arguments: impl IntoIterator<Item = S>,
    name: &str,
    bytes: &[u8],
) -> Invocation {
    Invocation {
        input: Some(Input {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        }),
        ..words(arguments)
    }
}

/// The argument that names virtual drives: `-L0,1`.
fn virtual_drives(targets: &[TargetId]) -> String {
    let list: Vec<String> = targets.iter().map(ToString::to_string).collect();
    format!("-L{}", list.join(","))
}

/// The argument that names drives: `-PhysDrv[252:3]`.
fn drives(drives: &[DriveAddress]) -> String {
    let list: Vec<String> = drives.iter().map(ToString::to_string).collect();
    format!("-PhysDrv[{}]", list.join(","))
}

#[cfg(test)]
mod tests;
