//! Copybacks: from a spare to the drive that replaces the failed one, and from a member that predicts
//! its failure to a spare.

use super::events::{self, Kind, drive_name, log_drive};
use super::{policy, redundancy, spares};
use crate::state::{
    Array, Commission, Controller, Copyback, DeviceId, Drive, DriveState, Power, Spare, switches,
};

/// Begins the copybacks that are due.
pub(super) fn begin_due(controller: &mut Controller) {
    if controller.info.switches & switches::NO_COPYBACK != 0 {
        return;
    }
    while let Some((source, target)) = returning(controller) {
        copy(controller, source, target, None, false);
    }
    for source in predicted(controller) {
        let array = controller
            .seat(source)
            .and_then(|(array, ..)| controller.array(array));
        let enclosure = controller.drive(source).map(|drive| drive.enclosure);
        let spare = array.and_then(|array| spares::choose(controller, array, enclosure));
        let spare = spare.filter(|&(target, _)| {
            let target = controller.drive(target);
            target.is_some_and(|target| target.predictive_failures == 0)
        });
        if let Some((target, commission)) = spare {
            controller.spares.retain(|spare| spare.device_id != target);
            copy(controller, source, target, Some(commission), false);
        }
    }
}

/// A spare that serves, and the new drive in the bay of the one that it serves for.
fn returning(controller: &Controller) -> Option<(DeviceId, DeviceId)> {
    let homes = controller
        .arrays
        .iter()
        .filter(|array| is_quiet(controller, array))
        .flat_map(|array| {
            array
                .homes
                .iter()
                .map(move |(arm, bays)| (array, arm, bays))
        });
    for (array, &arm, bays) in homes {
        let member = array.members.get(arm).copied().flatten();
        let Some(source) = member.and_then(|id| controller.drive(id)) else {
            continue;
        };
        let reverts = source.commission.as_ref().is_some_and(|commission| {
            let spare = commission.spare.as_ref();
            spare.is_none_or(|spare| spare.kind & Spare::REVERTIBLE != 0)
        });
        if !reverts || is_source(controller, source.device_id) {
            continue;
        }
        let new = bays
            .iter()
            .filter_map(|&(enclosure, slot)| controller.drive_at(enclosure, slot))
            .find(|new| {
                // One that was prepared for removal is about to leave.
                new.power != Power::SpunDown
                    && spares::is_free(new)
                    && spares::fits(controller, array, new)
            });
        if let Some(new) = new {
            return Some((source.device_id, new.device_id));
        }
    }
    None
}

/// Whether all members of a drive group work: a copyback waits for rebuilds.
fn is_quiet(controller: &Controller, array: &Array) -> bool {
    (0..array.members.len()).all(|arm| redundancy::works(controller, array, arm))
}

/// Whether a member is being copied.
pub(super) fn is_source(controller: &Controller, id: DeviceId) -> bool {
    controller
        .drives
        .iter()
        .any(|drive| drive.activities.copyback.is_some_and(|it| it.source == id))
}

/// The members that predict their failure and are to be copied, as the switches say.
fn predicted(controller: &Controller) -> Vec<DeviceId> {
    let is_ill = |drive: &&Drive| {
        let switch = if drive.solid_state {
            switches::SSD_SMART_COPYBACK
        } else {
            switches::SMART_COPYBACK
        };
        drive.state == DriveState::Online
            && drive.predictive_failures > 0
            && controller.info.switches & switch != 0
    };
    let drives = controller.drives.iter().filter(is_ill);
    drives
        .map(|drive| drive.device_id)
        .filter(|&id| {
            let array = controller
                .seat(id)
                .and_then(|(array, ..)| controller.array(array));
            array.is_some_and(|array| is_quiet(controller, array)) && !is_source(controller, id)
        })
        .collect()
}

/// Begins to copy `source` to `target`: somebody asked for it, or the firmware does it by itself.
pub(super) fn copy(
    controller: &mut Controller,
    source: DeviceId,
    target: DeviceId,
    commission: Option<Commission>,
    by_user: bool,
) {
    let (Some(from), Some(to)) = (
        controller.drive(source).cloned(),
        controller.drive(target).cloned(),
    ) else {
        return;
    };
    let (kind, how) = if by_user {
        (events::COPYBACK_STARTED_BY_USER, "")
    } else {
        (events::COPYBACK_STARTED, " automatically")
    };
    let words = format!("CopyBack{how} started on PD from {}", drive_name(&from));
    log_drive(controller, kind, &to, &words);
    policy::set_state(controller, target, DriveState::Copyback);
    if let Some(drive) = controller.drive_mut(target) {
        drive.commission = commission;
        drive.activities.copyback = Some(Copyback {
            source,
            by_user,
            ..Copyback::default()
        });
    }
}

/// The target of a copyback takes the place of its source.
pub(super) fn end(controller: &mut Controller, target: DeviceId) {
    let Some(drive) = controller.drive_mut(target) else {
        return;
    };
    let Some(copyback) = drive.activities.copyback.take() else {
        return;
    };
    if copyback.by_user {
        // Else it would be copied back at once: the source is there, and free.
        drive.commission = None;
    }
    let to = drive.clone();
    let Some(from) = controller.drive(copyback.source).cloned() else {
        return;
    };
    let words = format!("CopyBack complete on PD from {}", drive_name(&from));
    log_drive(controller, events::COPYBACK_DONE, &to, &words);
    for array in &mut controller.arrays {
        let seat = array
            .members
            .iter()
            .position(|it| *it == Some(copyback.source));
        let Some(arm) = seat else { continue };
        if let Some(member) = array.members.get_mut(arm) {
            *member = Some(target);
        }
        if to.commission.is_some() {
            array.add_home(arm, (from.enclosure, from.slot));
        } else {
            array.homes.remove(&arm);
        }
    }
    policy::set_state(controller, target, DriveState::Online);
    dismiss(controller, &from);
    policy::settle(controller);
}

/// The source of a copyback is free: a spare again, unconfigured, or (if it predicts its failure) bad.
fn dismiss(controller: &mut Controller, source: &Drive) {
    let id = source.device_id;
    let spare = source.commission.as_ref().and_then(|it| it.spare.clone());
    if source.predictive_failures > 0 {
        policy::set_state(controller, id, DriveState::UnconfiguredBad);
    } else if let Some(spare) = spare {
        controller.spares.push(spare);
        policy::set_state(controller, id, DriveState::HotSpare);
    } else {
        policy::set_state(controller, id, DriveState::UnconfiguredGood);
    }
}

/// The target of a copyback that came to nothing is what it was before.
fn release(controller: &mut Controller, target: DeviceId) {
    let Some(drive) = controller.drive_mut(target) else {
        return;
    };
    drive.activities.copyback = None;
    let commission = drive.commission.take();
    match commission.and_then(|commission| commission.spare) {
        Some(spare) => {
            controller.spares.push(spare);
            policy::set_state(controller, target, DriveState::HotSpare);
        }
        None => policy::set_state(controller, target, DriveState::UnconfiguredGood),
    }
}

/// The source of a copyback is lost.
pub(super) fn lose_source(controller: &mut Controller, source: DeviceId) {
    let Some(from) = controller.drive(source).cloned() else {
        return;
    };
    let targets = targets(controller, |copyback| copyback.source == source);
    for target in targets {
        let words = format!(
            "CopyBack failed on PD due to source {} error",
            drive_name(&from)
        );
        stop(controller, &target, events::COPYBACK_FAILED, &words);
    }
}

/// A rebuild begins in a drive group: its copybacks wait until that is done.
pub(super) fn give_way(controller: &mut Controller, array: u16) {
    let in_array = |copyback: &Copyback| {
        let seat = controller.seat(copyback.source);
        seat.is_some_and(|(reference, ..)| reference == array)
    };
    for target in targets(controller, in_array) {
        let words = "CopyBack aborted on PD as rebuild required in the array";
        stop(controller, &target, events::COPYBACK_GIVES_WAY, words);
    }
}

/// A hot spare that a member is copied to is needed for a rebuild in `array`. `false` if there is none.
pub(super) fn give_up_spare(controller: &mut Controller, array: &Array) -> bool {
    let targets = targets(controller, |_| true);
    let needed = targets.into_iter().find(|target| {
        let spare = target.commission.as_ref().and_then(|it| it.spare.as_ref());
        let serves =
            |spare: &Spare| !spare.is_dedicated() || spare.arrays.contains(&array.reference);
        spare.is_some_and(serves) && spares::fits(controller, array, target)
    });
    let Some(target) = needed else {
        return false;
    };
    let words = "CopyBack aborted on PD as hot spare needed for rebuild";
    stop(controller, &target, events::COPYBACK_GIVES_SPARE, words);
    true
}

/// The targets of the copybacks that run.
fn targets(controller: &Controller, which: impl Fn(&Copyback) -> bool) -> Vec<Drive> {
    let drives = controller.drives.iter();
    drives
        .filter(|drive| drive.activities.copyback.as_ref().is_some_and(&which))
        .cloned()
        .collect()
}

/// Ends the copyback to `target`, and says why.
pub(super) fn stop(controller: &mut Controller, target: &Drive, kind: Kind, words: &str) {
    log_drive(controller, kind, target, words);
    release(controller, target.device_id);
}
