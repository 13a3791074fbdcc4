//! Patrol reads and scheduled consistency checks.

use super::events::{self, Arguments, log, log_drive, log_virtual};
use super::{Level, Redundancy, operations, redundancy};
use crate::state::{
    Controller, DeviceId, DriveState, PatrolMode, Progress, ScheduleState, VirtualDrive,
    VirtualState, switches,
};

/// Begins what is due.
pub(super) fn begin_due(controller: &mut Controller) {
    let now = controller.info.time;
    let patrol = &controller.patrol;
    let is_due = patrol.mode == PatrolMode::Automatic && patrol.period > 0 && patrol.next <= now;
    if is_due && patrol.state != ScheduleState::Active {
        begin_patrol(controller);
    }
    let check = &controller.consistency;
    let is_due = matches!(check.mode, 1 | 2) && check.period > 0 && check.next <= now;
    if is_due && check.state != ScheduleState::Active {
        begin_checks(controller);
    }
    begin_backgrounds(controller);
}

/// Begins the background initializations that are due.
fn begin_backgrounds(controller: &mut Controller) {
    let now = controller.info.time;
    let mut begun = Vec::new();
    for it in &mut controller.virtual_drives {
        if it.background_due.is_some_and(|due| due <= now) && it.state == VirtualState::Optimal {
            it.background_due = None;
            it.activities.background_initialization = Some(Progress::default());
            begun.push(it.clone());
        }
    }
    for it in begun {
        let words = "Background Initialization started on VD";
        log_virtual(controller, events::BACKGROUND_STARTED, &it, words);
    }
}

/// Seconds until something is due.
pub(super) fn next_due(controller: &Controller) -> Option<u64> {
    let now = controller.info.time;
    let patrol = &controller.patrol;
    let check = &controller.consistency;
    let patrol_due = (patrol.mode == PatrolMode::Automatic
        && patrol.period > 0
        && patrol.state != ScheduleState::Active)
        .then_some(patrol.next);
    let check_due =
        (matches!(check.mode, 1 | 2) && check.period > 0 && check.state != ScheduleState::Active)
            .then_some(check.next);
    let optimal = controller
        .virtual_drives
        .iter()
        .filter(|it| it.state == VirtualState::Optimal);
    let backgrounds = optimal.filter_map(|it| it.background_due);
    let due = patrol_due.into_iter().chain(check_due).chain(backgrounds);
    due.map(|due| u64::from(due.saturating_sub(now))).min()
}

/// Begins a patrol read of every drive that takes part. `false` if none does.
pub(super) fn begin_patrol(controller: &mut Controller) -> bool {
    let with_flash = controller.info.switches & switches::SSD_PATROL_READ != 0;
    let excluded: Vec<DeviceId> = controller
        .virtual_drives
        .iter()
        .filter(|it| controller.patrol.excluded.contains(&it.target))
        .flat_map(|it| it.spans.iter())
        .filter_map(|span| controller.array(span.array))
        .flat_map(|array| array.members.iter().flatten().copied())
        .collect();
    let mut some = false;
    for drive in &mut controller.drives {
        let takes_part = matches!(drive.state, DriveState::Online | DriveState::HotSpare)
            && (with_flash || !drive.solid_state)
            && !excluded.contains(&drive.device_id);
        if takes_part {
            drive.activities.patrol = Some(Progress::default());
            some = true;
        }
    }
    if !some {
        let patrol = &mut controller.patrol;
        patrol.next = controller.info.time.saturating_add(patrol.period.max(1));
        let words = "Patrol Read can't be started, as PDs are either not ONLINE, or are in a VD with an \
                     active process, or are in an excluded VD";
        log(
            controller,
            events::PATROL_IMPOSSIBLE,
            words,
            Arguments::None,
        );
        return false;
    }
    controller.patrol.drives_done = 0;
    controller.patrol.state = ScheduleState::Active;
    controller.patrol.is_suspended = false;
    log(
        controller,
        events::PATROL_STARTED,
        "Patrol Read started",
        Arguments::None,
    );
    true
}

/// Ends the patrol read that runs, where it is. `false` if none does.
pub(super) fn abort_patrol(controller: &mut Controller) -> bool {
    if controller.patrol.state != ScheduleState::Active {
        return false;
    }
    for drive in controller.drives.clone() {
        if drive.activities.patrol.is_none() {
            continue;
        }
        if let Some(drive) = controller.drive_mut(drive.device_id) {
            drive.activities.patrol = None;
        }
        let words = "Patrol Read aborted on PD";
        log_drive(controller, events::PATROL_ABORTED, &drive, words);
    }
    let now = controller.info.time;
    let patrol = &mut controller.patrol;
    patrol.state = ScheduleState::Aborted;
    patrol.is_suspended = false;
    // Else it would begin anew at once.
    if patrol.next <= now {
        patrol.next = now.saturating_add(patrol.period.max(1));
    }
    true
}

/// A patrol has read all of a drive. What it could not read it restores from the others, if it can.
pub(super) fn end_patrol(controller: &mut Controller, id: DeviceId) {
    if let Some(drive) = controller.drive_mut(id) {
        drive.activities.patrol = None;
    }
    controller.patrol.drives_done = controller.patrol.drives_done.saturating_add(1);
    let is_bad = controller
        .drive(id)
        .is_some_and(|drive| drive.latent_errors > 0);
    if is_bad {
        let is_restorable = is_restorable(controller, id);
        if let Some(drive) = operations::take_latent(controller, id) {
            let block = events::bad_block(controller, &drive);
            let (kind, words) = if is_restorable {
                (events::PATROL_CORRECTED, "corrected medium error")
            } else {
                (events::PATROL_FOUND, "found an uncorrectable medium error")
            };
            let words = format!("Patrol Read {words} on PD at {block:x}");
            log_drive(controller, kind, &drive, &words);
        }
    }
    finish(controller);
}

/// Ends the patrol and the round of checks of which nothing runs any more.
pub(super) fn finish(controller: &mut Controller) {
    finish_patrol(controller);
    finish_checks(controller);
}

/// Whether the others of its drive group hold what `id` cannot read.
fn is_restorable(controller: &Controller, id: DeviceId) -> bool {
    let Some(array) = controller
        .seat(id)
        .and_then(|(array, ..)| controller.array(array))
    else {
        return false;
    };
    let mut on_array = controller
        .virtual_drives
        .iter()
        .filter(|it| it.spans.iter().any(|span| span.array == array.reference));
    on_array.all(|it| {
        Level::of(it) != Level::Stripe
            && redundancy::of_span(controller, it, array) > Redundancy::None
    })
}

fn finish_patrol(controller: &mut Controller) {
    let runs = controller
        .drives
        .iter()
        .any(|drive| drive.activities.patrol.is_some());
    if runs || controller.patrol.state != ScheduleState::Active {
        return;
    }
    let now = controller.info.time;
    let patrol = &mut controller.patrol;
    patrol.state = ScheduleState::Stopped;
    patrol.is_suspended = false;
    patrol.iterations = patrol.iterations.saturating_add(1);
    patrol.next = now.saturating_add(patrol.period.max(1));
    log(
        controller,
        events::PATROL_COMPLETE,
        "Patrol Read complete",
        Arguments::None,
    );
}

/// Whether a check of a virtual drive means anything, and is possible now.
pub(super) fn can_be_checked(it: &VirtualDrive) -> bool {
    Level::of(it) != Level::Stripe
        && it.state == VirtualState::Optimal
        && it.activities.reconstruction.is_none()
}

/// The virtual drives that a scheduled check visits.
fn checkable(controller: &Controller) -> Vec<u16> {
    let takes_part = |it: &&VirtualDrive| {
        can_be_checked(it) && !controller.consistency.excluded.contains(&it.target)
    };
    controller
        .virtual_drives
        .iter()
        .filter(takes_part)
        .map(|it| it.target)
        .collect()
}

fn begin_checks(controller: &mut Controller) {
    let targets = checkable(controller);
    controller.consistency.state = ScheduleState::Active;
    controller.consistency.virtual_drives_done = 0;
    let all_at_once = controller.consistency.mode == 2;
    let first = targets
        .into_iter()
        .take(if all_at_once { usize::MAX } else { 1 });
    for target in first {
        begin_check(controller, target);
    }
    finish_checks(controller);
}

/// Begins a consistency check of a virtual drive.
pub(super) fn begin_check(controller: &mut Controller, target: u16) {
    let found = controller
        .virtual_drives
        .iter_mut()
        .find(|it| it.target == target);
    if let Some(it) = found.filter(|it| it.activities.consistency_check.is_none()) {
        it.activities.consistency_check = Some(Progress::default());
        let it = it.clone();
        log_virtual(
            controller,
            events::CHECK_STARTED,
            &it,
            "Consistency Check started on VD",
        );
    }
}

/// A virtual drive is not what it was: its check ends.
pub(super) fn abort_check(controller: &mut Controller, target: u16) {
    let mut drives = controller.virtual_drives.iter_mut();
    let found = drives.find(|it| it.target == target);
    let Some(it) = found.filter(|it| it.activities.consistency_check.is_some()) else {
        return;
    };
    it.activities.consistency_check = None;
    let it = it.clone();
    let words = "Consistency Check aborted on VD";
    log_virtual(controller, events::CHECK_ABORTED, &it, words);
}

/// A check has gone over all of a virtual drive.
pub(super) fn end_check(controller: &mut Controller, target: u16) {
    let Some(it) = controller
        .virtual_drives
        .iter_mut()
        .find(|it| it.target == target)
    else {
        return;
    };
    it.activities.consistency_check = None;
    it.is_consistent = true;
    let it = it.clone();
    let members: Vec<DeviceId> = it
        .spans
        .iter()
        .filter_map(|span| controller.array(span.array))
        .flat_map(|array| array.members.iter().flatten().copied())
        .filter(|&id| {
            controller
                .drive(id)
                .is_some_and(|drive| drive.latent_errors > 0)
        })
        .collect();
    for id in members {
        if let Some(drive) = operations::take_latent(controller, id) {
            let block = events::bad_block(controller, &drive);
            let words = format!(
                "Consistency Check corrected medium error (VD at {block:x}, {} at {block:x})",
                events::drive_name(&drive)
            );
            log_virtual(controller, events::CHECK_CORRECTED_MEDIUM, &it, &words);
        }
    }
    log_virtual(
        controller,
        events::CHECK_DONE,
        &it,
        "Consistency Check done on VD",
    );
    if controller.consistency.state == ScheduleState::Active {
        let done = &mut controller.consistency.virtual_drives_done;
        *done = done.saturating_add(1);
        let next = checkable(controller)
            .into_iter()
            .find(|&other| other > target);
        if let Some(next) = next.filter(|_| controller.consistency.mode == 1) {
            begin_check(controller, next);
        }
    }
    finish_checks(controller);
}

fn finish_checks(controller: &mut Controller) {
    let runs = controller
        .virtual_drives
        .iter()
        .any(|it| it.activities.consistency_check.is_some());
    if runs || controller.consistency.state != ScheduleState::Active {
        return;
    }
    let now = controller.info.time;
    let schedule = &mut controller.consistency;
    schedule.state = ScheduleState::Stopped;
    schedule.iterations = schedule.iterations.saturating_add(1);
    schedule.next = now.saturating_add(schedule.period.max(1));
}
