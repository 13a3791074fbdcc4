//! How a change is put to MegaCLI: one command line for each, about one controller.

mod foreign;
mod physical_drive;
mod spare;
mod virtual_drive;

use ironkeep_parsers::model::DriveAddress;

use crate::change::{Change, Request};
use crate::runner::Invocation;

/// The run that makes the change. It names one controller, never all.
pub(super) fn invocation(request: &Request) -> Invocation {
    let mut invocation = match &request.change {
        Change::PhysicalDrive(change) => physical_drive::invocation(change),
        Change::Spare(change) => spare::invocation(change),
        Change::Foreign(change) => foreign::invocation(change),
        Change::VirtualDrive(change) => virtual_drive::invocation(change),
        Change::NewVirtualDrive(new) => virtual_drive::create(new),
        Change::PreservedCache(discard) => virtual_drive::discard(discard),
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

/// The argument that names drives: `-PhysDrv[252:3]`.
fn drives(drives: &[DriveAddress]) -> String {
    let list: Vec<String> = drives.iter().map(ToString::to_string).collect();
    format!("-PhysDrv[{}]", list.join(","))
}

#[cfg(test)]
mod tests;
