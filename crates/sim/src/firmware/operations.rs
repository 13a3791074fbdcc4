//! Operations that take time: how fast they are, and what follows when one ends.

use super::events::{self, log_drive, log_virtual};
use super::{copyback, policy, reconstruction, redundancy, schedule, spares};
use crate::state::{Controller, DeviceId, Drive, DriveState, Progress, Spare, VirtualDrive};

/// An operation that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Rebuild(DeviceId),
    Copyback(DeviceId),
    Clear(DeviceId),
    Erase(DeviceId),
    Patrol(DeviceId),
    Check(u16),
    Background(u16),
    Foreground(u16),
    Reconstruction(u16),
}

/// A full progress.
const FULL: u64 = 0xffff;
/// Parts of a step that [`Progress::remainder`] counts.
const PARTS: u64 = 1_000_000;

/// What is done at the end, in parts. A step less than all: so that roundings on the way, of which a story
/// has as many as steps, never move the end by a second.
const END: u64 = (FULL - 1) * PARTS;

/// Bytes per second of a drive that does nothing else.
const HARD_DISK: u64 = 150_000_000;
const SOLID_STATE: u64 = 400_000_000;

/// An operation, how far it is, and the seconds that it takes as a whole at today's rates.
struct Running {
    work: Work,
    progress: Progress,
    whole: u64,
}

/// An operation that runs and does not wait.
fn advancing(progress: Option<Progress>) -> Option<Progress> {
    progress.filter(|progress| !progress.suspended)
}

/// Every operation that runs and does not wait.
fn running(controller: &Controller) -> Vec<Running> {
    let info = &controller.info;
    let mut found = Vec::new();
    for drive in &controller.drives {
        let on = &drive.activities;
        let id = drive.device_id;
        let mut add = |work, progress: Option<Progress>, rate| {
            let whole = || duration(drive.coerced_size, Some(drive), rate);
            found.extend(advancing(progress).map(|progress| Running {
                work,
                progress,
                whole: whole(),
            }));
        };
        let copyback = on.copyback.map(|copyback| copyback.progress);
        add(Work::Rebuild(id), on.rebuild, info.rebuild_rate);
        add(Work::Copyback(id), copyback, info.rebuild_rate);
        add(Work::Clear(id), on.clear, 100);
        add(Work::Erase(id), on.erase, 100);
        let patrol = on.patrol.filter(|_| !controller.patrol.is_suspended);
        add(Work::Patrol(id), patrol, info.patrol_rate);
    }
    for it in &controller.virtual_drives {
        let on = &it.activities;
        let id = it.target;
        let mut add = |work, progress: Option<Progress>, rate| {
            let whole = || {
                let stretches = it.spans.iter().map(|span| span.size);
                let members = it
                    .spans
                    .iter()
                    .filter_map(|span| controller.array(span.array));
                let mut members = members.flat_map(|array| array.members.iter().flatten());
                let member = members.find_map(|&id| controller.drive(id));
                duration(stretches.max().unwrap_or(it.size), member, rate)
            };
            found.extend(advancing(progress).map(|progress| Running {
                work,
                progress,
                whole: whole(),
            }));
        };
        let background = on.background_initialization;
        add(Work::Check(id), on.consistency_check, info.consistency_rate);
        add(Work::Background(id), background, info.background_rate);
        add(Work::Foreground(id), on.foreground_initialization, 100);
        let rate = info.reconstruction_rate;
        add(Work::Reconstruction(id), on.reconstruction, rate);
    }
    found
}

/// Seconds for going over `sectors` of drives like `drive` at `rate` percent of their speed.
fn duration(sectors: u64, drive: Option<&Drive>, rate: u32) -> u64 {
    let speed = if drive.is_some_and(|drive| drive.solid_state) {
        SOLID_STATE
    } else {
        HARD_DISK
    };
    let speed = speed * u64::from(rate.clamp(1, 100)) / 100;
    let sector = drive.map_or(512, |drive| u64::from(drive.sector_size));
    (sectors.saturating_mul(sector) / speed).max(1)
}

/// The progress of `work`.
fn progress(controller: &mut Controller, work: Work) -> Option<&mut Progress> {
    match work {
        Work::Rebuild(id) => controller.drive_mut(id)?.activities.rebuild.as_mut(),
        Work::Copyback(id) => {
            let copyback = controller.drive_mut(id)?.activities.copyback.as_mut();
            copyback.map(|copyback| &mut copyback.progress)
        }
        Work::Clear(id) => controller.drive_mut(id)?.activities.clear.as_mut(),
        Work::Erase(id) => controller.drive_mut(id)?.activities.erase.as_mut(),
        Work::Patrol(id) => controller.drive_mut(id)?.activities.patrol.as_mut(),
        Work::Check(target) => virtual_mut(controller, target)?
            .activities
            .consistency_check
            .as_mut(),
        Work::Background(target) => {
            let running = &mut virtual_mut(controller, target)?.activities;
            running.background_initialization.as_mut()
        }
        Work::Foreground(target) => {
            let running = &mut virtual_mut(controller, target)?.activities;
            running.foreground_initialization.as_mut()
        }
        Work::Reconstruction(target) => virtual_mut(controller, target)?
            .activities
            .reconstruction
            .as_mut(),
    }
}

fn virtual_mut(controller: &mut Controller, target: u16) -> Option<&mut VirtualDrive> {
    controller
        .virtual_drives
        .iter_mut()
        .find(|it| it.target == target)
}

/// Seconds until the first operation ends.
pub(super) fn next_end(controller: &Controller) -> Option<u64> {
    let running = running(controller).into_iter();
    running
        .map(
            |Running {
                 progress, whole, ..
             }| {
                let left = END.saturating_sub(parts(progress));
                let left = u128::from(left) * u128::from(whole);
                let seconds = left.div_ceil(u128::from(FULL * PARTS));
                u64::try_from(seconds).unwrap_or(u64::MAX).max(1)
            },
        )
        .min()
}

/// What is done, in parts.
fn parts(progress: Progress) -> u64 {
    u64::from(progress.fraction) * PARTS + u64::from(progress.remainder)
}

/// Lets every operation run for `seconds`, and finishes those that end.
pub(super) fn run(controller: &mut Controller, seconds: u64) {
    let mut ended = Vec::new();
    for Running { work, whole, .. } in running(controller) {
        let Some(progress) = progress(controller, work) else {
            continue;
        };
        let more = u128::from(FULL * PARTS) * u128::from(seconds) / u128::from(whole);
        let done = parts(*progress).saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
        // The firmware's counter has 16 bits: it stands still after 18 hours.
        let elapsed = u64::from(progress.elapsed).saturating_add(seconds);
        progress.elapsed = u16::try_from(elapsed).unwrap_or(u16::MAX);
        progress.fraction = u16::try_from(done / PARTS).unwrap_or(u16::MAX);
        progress.remainder = u32::try_from(done % PARTS).unwrap_or(0);
        if done >= END {
            ended.push(work);
        }
    }
    for work in ended {
        // An end may end others.
        if progress(controller, work).is_some() {
            end(controller, work);
        }
    }
}

fn end(controller: &mut Controller, work: Work) {
    match work {
        Work::Rebuild(id) => end_rebuild(controller, id),
        Work::Copyback(id) => copyback::end(controller, id),
        Work::Clear(id) | Work::Erase(id) => {
            if let Some(drive) = controller.drive_mut(id) {
                drive.activities.clear = None;
                drive.activities.erase = None;
                drive.membership = None;
                let drive = drive.clone();
                log_drive(controller, events::CLEARED, &drive, "Clear completed on PD");
            }
        }
        Work::Patrol(id) => schedule::end_patrol(controller, id),
        Work::Check(target) => schedule::end_check(controller, target),
        Work::Background(target) => {
            if let Some(it) = virtual_mut(controller, target) {
                it.activities.background_initialization = None;
                it.is_consistent = true;
                it.initialized = 2;
                let it = it.clone();
                log_virtual(
                    controller,
                    events::BACKGROUND_DONE,
                    &it,
                    "Background Initialization completed on VD",
                );
            }
        }
        Work::Foreground(target) => {
            if let Some(it) = virtual_mut(controller, target) {
                it.activities.foreground_initialization = None;
                it.is_consistent = true;
                it.initialized = 2;
                let it = it.clone();
                log_virtual(
                    controller,
                    events::INITIALIZED,
                    &it,
                    "Initialization complete on VD",
                );
            }
        }
        Work::Reconstruction(target) => reconstruction::end(controller, target),
    }
}

fn end_rebuild(controller: &mut Controller, id: DeviceId) {
    let Some(drive) = controller.drive(id).cloned() else {
        return;
    };
    puncture(controller, &drive);
    if let Some(drive) = controller.drive_mut(id) {
        drive.activities.rebuild = None;
    }
    let array = controller.seat(id).map(|(array, ..)| array);
    let on_it = array.map(|array| spares::on_array(controller, array).cloned().collect());
    let on_it: Vec<VirtualDrive> = on_it.unwrap_or_default();
    for it in on_it {
        let words = "Rebuild complete on VD";
        log_virtual(controller, events::REBUILT_VIRTUAL, &it, words);
    }
    let words = "Rebuild complete on PD";
    log_drive(controller, events::REBUILT, &drive, words);
    policy::set_state(controller, id, DriveState::Online);
    stay(controller, id);
    policy::settle(controller);
}

/// A spare that does not revert is a member like any other once it is rebuilt.
fn stay(controller: &mut Controller, id: DeviceId) {
    let Some(drive) = controller.drive_mut(id) else {
        return;
    };
    let spare = drive.commission.as_ref().and_then(|it| it.spare.as_ref());
    if spare.is_none_or(|spare| spare.kind & Spare::REVERTIBLE != 0) {
        return;
    }
    drive.commission = None;
    for array in &mut controller.arrays {
        if let Some(arm) = array.members.iter().position(|it| *it == Some(id)) {
            array.homes.remove(&arm);
        }
    }
}

/// A rebuild reads all of the other members. What it cannot read there is lost if the span has no
/// redundancy left: the stripe is punctured.
fn puncture(controller: &mut Controller, rebuilt: &Drive) {
    let Some((reference, ..)) = controller.seat(rebuilt.device_id) else {
        return;
    };
    let Some(array) = controller.array(reference).cloned() else {
        return;
    };
    let bad: Vec<DeviceId> = array
        .members
        .iter()
        .flatten()
        .copied()
        .filter(|&id| {
            controller
                .drive(id)
                .is_some_and(|drive| drive.latent_errors > 0)
        })
        .collect();
    for id in bad {
        let lost = spares::on_array(controller, reference)
            .any(|it| redundancy::of_span(controller, it, &array) <= super::Redundancy::None);
        let Some(drive) = take_latent(controller, id) else {
            continue;
        };
        let block = events::bad_block(controller, &drive);
        if lost {
            let words = format!("Unrecoverable medium error during rebuild on PD at {block:x}");
            log_drive(controller, events::REBUILD_MEDIUM, &drive, &words);
            let words = format!("Puncturing bad block on PD at {block:x}");
            log_drive(controller, events::PUNCTURED, &drive, &words);
            for it in &mut controller.virtual_drives {
                it.has_bad_blocks |= it.spans.iter().any(|span| span.array == reference);
            }
        } else {
            let words = format!("Corrected medium error during recovery on PD at {block:x}");
            log_drive(controller, events::CORRECTED_MEDIUM, &drive, &words);
        }
    }
}

/// The bad sectors of a drive are found: they count as media errors from now on. Gives the drive.
pub(super) fn take_latent(controller: &mut Controller, id: DeviceId) -> Option<Drive> {
    let drive = controller.drive_mut(id)?;
    drive.media_errors = drive.media_errors.saturating_add(drive.latent_errors);
    drive.latent_errors = 0;
    Some(drive.clone())
}

/// Ends what runs on a drive because it is gone or failed.
pub(super) fn abort(controller: &mut Controller, id: DeviceId) {
    let Some(before) = controller.drive(id).cloned() else {
        return;
    };
    if let Some(drive) = controller.drive_mut(id) {
        drive.activities = crate::state::Activities::default();
    }
    if before.activities.rebuild.is_some() {
        log_drive(
            controller,
            events::REBUILD_FAILED_TARGET,
            &before,
            "Rebuild failed on PD due to target drive error",
        );
    }
    copyback::lose_source(controller, id);
}

/// Writes that a rebuild ended because its sources are gone.
pub(super) fn fail_rebuild(controller: &mut Controller, id: DeviceId) {
    let Some(drive) = controller.drive_mut(id) else {
        return;
    };
    drive.activities.rebuild = None;
    let drive = drive.clone();
    log_drive(
        controller,
        events::REBUILD_FAILED_SOURCE,
        &drive,
        "Rebuild failed on PD due to source drive error",
    );
    policy::set_state(controller, id, DriveState::Offline);
}
