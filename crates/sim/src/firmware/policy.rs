//! What the firmware does when drives are lost and found: states of drives and virtual drives.

use super::events::{self, Arguments, log, log_drive_state, log_virtual, log_virtual_state};
use super::{battery, copyback, foreign, operations, redundancy, schedule, spares};
use crate::state::{
    Controller, DeviceId, DriveState, VirtualActivities, VirtualDrive, VirtualState, cache,
};

/// Gives a drive another state, and says so.
pub(super) fn set_state(controller: &mut Controller, id: DeviceId, to: DriveState) {
    change_state(controller, id, to, false);
}

/// Gives a drive the state that somebody asked for, and says so.
pub(super) fn set_state_by_user(controller: &mut Controller, id: DeviceId, to: DriveState) {
    change_state(controller, id, to, true);
}

fn change_state(controller: &mut Controller, id: DeviceId, to: DriveState, by_user: bool) {
    let Some(drive) = controller.drive(id).cloned() else {
        return;
    };
    if drive.state == to {
        return;
    }
    log_drive_state(controller, &drive, to, by_user);
    let Some(drive) = controller.drive_mut(id) else {
        return;
    };
    drive.state = to;
    drive.sequence = drive.sequence.wrapping_add(1);
    if !matches!(to, DriveState::Online | DriveState::HotSpare) {
        drive.activities.patrol = None;
    }
    let serves = matches!(
        to,
        DriveState::Online | DriveState::Rebuild | DriveState::Offline | DriveState::Copyback
    );
    if !serves {
        drive.commission = None;
    }
}

/// Brings everything in line with the drives' states: virtual drives, then spares, then copybacks.
pub(super) fn settle(controller: &mut Controller) {
    update_virtual_drives(controller);
    battery::settle_cache(controller);
    stop_rebuilds_without_source(controller);
    spares::rebuild(controller);
    copyback::begin_due(controller);
    schedule::finish(controller);
}

fn update_virtual_drives(controller: &mut Controller) {
    let changed: Vec<(VirtualDrive, VirtualState)> = controller
        .virtual_drives
        .iter()
        .filter(|it| !it.is_cachecade)
        .map(|it| (it.clone(), redundancy::state_of(controller, it)))
        .filter(|(it, state)| it.state != *state)
        .collect();
    for (it, state) in changed {
        log_virtual_state(controller, &it, state);
        for changing in &mut controller.virtual_drives {
            if changing.target == it.target {
                changing.state = state;
                changing.sequence = changing.sequence.wrapping_add(1);
            }
        }
        schedule::abort_check(controller, it.target);
        if state == VirtualState::Offline {
            lose_virtual_drive(controller, &it);
        } else if it.state == VirtualState::Offline {
            destage(controller, &it);
        }
    }
}

/// What was written to the cache and not yet to the drives of `it` is kept; what runs on it ends.
fn lose_virtual_drive(controller: &mut Controller, it: &VirtualDrive) {
    for lost in &mut controller.virtual_drives {
        if lost.target == it.target {
            lost.activities = VirtualActivities::default();
        }
    }
    let was_write_back = it.current_cache & cache::WRITE_BACK != 0;
    if was_write_back && !controller.preserved_cache.contains(&it.target) {
        controller.preserved_cache.push(it.target);
        let words = "Controller cache pinned for missing or offline VD";
        log_virtual(controller, events::CACHE_PRESERVED, it, words);
    }
}

/// The virtual drive `it` is back: its cache is written to it.
fn destage(controller: &mut Controller, it: &VirtualDrive) {
    let before = controller.preserved_cache.len();
    controller
        .preserved_cache
        .retain(|target| *target != it.target);
    if controller.preserved_cache.len() < before {
        let words = "Controller cache destaged for VD";
        log_virtual(controller, events::CACHE_DESTAGED, it, words);
    }
}

fn stop_rebuilds_without_source(controller: &mut Controller) {
    let rebuilding: Vec<DeviceId> = controller
        .virtual_drives
        .iter()
        .filter(|it| it.state == VirtualState::Offline)
        .flat_map(|it| it.spans.iter())
        .filter_map(|span| controller.array(span.array))
        .flat_map(|array| array.members.iter().flatten().copied())
        .filter(|&id| {
            controller
                .drive(id)
                .is_some_and(|drive| drive.state == DriveState::Rebuild)
        })
        .collect();
    for id in rebuilding {
        operations::fail_rebuild(controller, id);
    }
}

/// Drives fail or are gone, all at once. `gone`: their bays are empty now.
pub(super) fn lose(controller: &mut Controller, ids: &[DeviceId], gone: bool) {
    for &id in ids {
        take_away(controller, id, gone);
    }
    settle(controller);
}

fn take_away(controller: &mut Controller, id: DeviceId, gone: bool) {
    let Some(drive) = controller.drive(id).cloned() else {
        return;
    };
    operations::abort(controller, id);
    controller.spares.retain(|spare| spare.device_id != id);
    foreign::forget(controller, id);
    if let Some(drive) = controller.drive_mut(id) {
        drive.foreign = false;
    }
    let was_configured = controller.seat(id).is_some() || drive.state == DriveState::HotSpare;
    if was_configured {
        set_state(controller, id, DriveState::Failed);
    } else if !gone {
        set_state(controller, id, DriveState::UnconfiguredBad);
    }
    for array in &mut controller.arrays {
        let arm = array.members.iter().position(|it| *it == Some(id));
        let Some(arm) = arm else { continue };
        array.add_home(arm, (drive.enclosure, drive.slot));
        if let Some(member) = array.members.get_mut(arm).filter(|_| gone) {
            *member = None;
        }
    }
    if gone {
        controller.drives.retain(|drive| drive.device_id != id);
    }
}

/// Writes that a drive's configuration came from elsewhere.
pub(super) fn announce_foreign(controller: &mut Controller) {
    log(
        controller,
        events::FOREIGN_DETECTED,
        "Foreign Configuration Detected",
        Arguments::None,
    );
}
