//! What the host does with a drive of a controller.

use crate::change::Usage;
use crate::cli::join::Join;
use crate::host::{Target, Unjoined};
use crate::reading::Controller;

/// What the host does with `target`: what is mounted on it, built on it, swaps there, or has it open.
pub(super) fn of(join: &Join, controller: &Controller, target: Target) -> Usage {
    let device = match join.look_up(controller, target) {
        None => return Usage::OtherHost,
        Some(Err(Unjoined::NotShown(_))) => return Usage::NoDevice,
        Some(Err(why)) => return Usage::Unknown(why.to_string()),
        Some(Ok(device)) => device,
    };
    let name = format!("/dev/{}", device.name);
    let mut uses = Vec::new();
    for path in device.walk() {
        let Some(last) = path.last() else { continue };
        let (Some(mounts), Some(swaps)) = (&last.mounts, &last.swaps) else {
            return Usage::Unknown(format!("what {} is used for cannot be read", last.title()));
        };
        uses.extend(
            mounts
                .iter()
                .map(|mount| format!("{} is mounted", mount.point)),
        );
        uses.extend(swaps.iter().map(|_| format!("{} is swap", last.title())));
        // A partition by itself is no use; what is mapped or assembled from it is.
        if path.len() > 1 && !matches!(last.kind, crate::host::Kind::Partition) {
            uses.push(format!("{} is built on it", last.title()));
        }
    }
    uses.dedup();
    if !uses.is_empty() {
        return Usage::Used(name, uses);
    }
    match join.openers(device) {
        Ok(openers) if openers.is_empty() => Usage::Free(name),
        Ok(openers) => Usage::Used(name, openers),
        Err(why) => Usage::Unknown(why),
    }
}
