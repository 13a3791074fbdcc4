//! Operations that take time: how fast they are, and what follows when one ends.

use super::events::{self, log_drive, log_drive_state, log_virtual};
use super::{policy, redundancy, schedule};
use crate::state::{Controller, DeviceId, Drive, DriveState, Progress, VirtualDrive};

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

/// Bytes per second of a drive that does nothing else.
const HARD_DISK: u64 = 150_000_000;
const SOLID_STATE: u64 = 400_000_000;

/// Every operation that runs, and the seconds that it takes as a whole at today's rates.
fn works(controller: &Controller) -> Vec<(Work, u64)> {
    let info = &controller.info;
    let drives = controller.drives.iter().flat_map(|drive| {
        let running = &drive.activities;
        let id = drive.device_id;
        let at = |rate| duration(drive.coerced_size, drive.solid_state, rate);
        [
            (
                running.rebuild.is_some(),
                Work::Rebuild(id),
                at(info.rebuild_rate),
            ),
            (
                running.copyback.is_some(),
                Work::Copyback(id),
                at(info.rebuild_rate),
            ),
            (running.clear.is_some(), Work::Clear(id), at(100)),
            (running.erase.is_some(), Work::Erase(id), at(100)),
            (
                running.patrol.is_some(),
                Work::Patrol(id),
                at(info.patrol_rate),
            ),
        ]
    });
    let virtual_drives = controller.virtual_drives.iter().flat_map(|it| {
        let running = &it.activities;
        let target = it.target;
        let sectors = it
            .spans
            .iter()
            .map(|span| span.size)
            .max()
            .unwrap_or(it.size);
        let at = |rate| duration(sectors, false, rate);
        [
            (
                running.consistency_check.is_some(),
                Work::Check(target),
                at(info.consistency_rate),
            ),
            (
                running.background_initialization.is_some(),
                Work::Background(target),
                at(info.background_rate),
            ),
            (
                running.foreground_initialization.is_some(),
                Work::Foreground(target),
                at(100),
            ),
            (
                running.reconstruction.is_some(),
                Work::Reconstruction(target),
                at(info.reconstruction_rate),
            ),
        ]
    });
    drives
        .chain(virtual_drives)
        .filter(|(runs, ..)| *runs)
        .map(|(_, work, seconds)| (work, seconds))
        .collect()
}

/// Seconds for going over `sectors` of every member at `rate` percent of its speed.
fn duration(sectors: u64, solid_state: bool, rate: u32) -> u64 {
    let speed = if solid_state { SOLID_STATE } else { HARD_DISK };
    let speed = speed * u64::from(rate.clamp(1, 100)) / 100;
    (sectors.saturating_mul(512) / speed).max(1)
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
    let works = works(controller);
    if works.is_empty() {
        return None;
    }
    let mut copy = controller.clone();
    works
        .into_iter()
        .filter_map(|(work, seconds)| {
            let done = parts(*progress(&mut copy, work)?);
            let left = (FULL * PARTS).saturating_sub(done);
            Some(left.saturating_mul(seconds).div_ceil(FULL * PARTS).max(1))
        })
        .min()
}

/// What is done, in parts.
fn parts(progress: Progress) -> u64 {
    u64::from(progress.fraction) * PARTS + u64::from(progress.remainder)
}

/// Lets every operation run for `seconds`, and finishes those that end.
pub(super) fn run(controller: &mut Controller, seconds: u64) {
    let mut ended = Vec::new();
    for (work, whole) in works(controller) {
        let Some(progress) = progress(controller, work) else {
            continue;
        };
        let more = u128::from(FULL * PARTS) * u128::from(seconds) / u128::from(whole);
        let done = parts(*progress).saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
        let elapsed = u64::from(progress.elapsed).saturating_add(seconds);
        progress.elapsed = u16::try_from(elapsed).unwrap_or(u16::MAX);
        progress.fraction = u16::try_from(done / PARTS).unwrap_or(u16::MAX);
        progress.remainder = u32::try_from(done % PARTS).unwrap_or(0);
        // Rounding down may leave the last step a hair short of its end.
        if done + PARTS >= FULL * PARTS {
            ended.push(work);
        }
    }
    for work in ended {
        end(controller, work);
    }
}

fn end(controller: &mut Controller, work: Work) {
    match work {
        Work::Rebuild(id) => end_rebuild(controller, id),
        Work::Copyback(id) => policy::end_copyback(controller, id),
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
        Work::Reconstruction(target) => end_reconstruction(controller, target),
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
    policy::set_state(controller, id, DriveState::Online);
    log_drive(
        controller,
        events::REBUILT,
        &drive,
        "Rebuild complete on PD",
    );
    let array = controller.seat(id).map(|(array, ..)| array);
    let on_array = |it: &&VirtualDrive| it.spans.iter().any(|span| Some(span.array) == array);
    let rebuilt: Vec<_> = controller
        .virtual_drives
        .iter()
        .filter(on_array)
        .cloned()
        .collect();
    for it in rebuilt {
        log_virtual(
            controller,
            events::REBUILT_VIRTUAL,
            &it,
            "Rebuild complete on VD",
        );
    }
    policy::settle(controller);
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
        let on_array = |it: &&VirtualDrive| it.spans.iter().any(|span| span.array == reference);
        let lost = controller
            .virtual_drives
            .iter()
            .filter(on_array)
            .any(|it| redundancy::of_span(controller, it, &array) <= super::Redundancy::None);
        let Some(drive) = take_latent(controller, id) else {
            continue;
        };
        if lost {
            log_drive(
                controller,
                events::REBUILD_MEDIUM,
                &drive,
                "Unrecoverable medium error during rebuild on PD at 136a980",
            );
            log_drive(
                controller,
                events::PUNCTURED,
                &drive,
                "Puncturing bad block on PD at 136a980",
            );
            for it in &mut controller.virtual_drives {
                it.has_bad_blocks |= it.spans.iter().any(|span| span.array == reference);
            }
        } else {
            log_drive(
                controller,
                events::CORRECTED_MEDIUM,
                &drive,
                "Corrected medium error during recovery on PD at 136a980",
            );
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

/// The drive group is as wide as the reconstruction made it: its capacity is there.
fn end_reconstruction(controller: &mut Controller, target: u16) {
    let Some(it) = controller.virtual_drive(target) else {
        return;
    };
    let level = super::Level::of(it);
    let size = it
        .spans
        .iter()
        .map(|span| {
            let arms = controller
                .array(span.array)
                .map_or(0, |array| array.members.len());
            let arms = u64::try_from(arms).unwrap_or_default();
            let data = match level {
                super::Level::Stripe => arms,
                super::Level::Mirror => arms / 2,
                super::Level::SingleParity => arms.saturating_sub(1),
                super::Level::DoubleParity => arms.saturating_sub(2),
            };
            span.size.saturating_mul(data)
        })
        .sum();
    let arms = it
        .spans
        .first()
        .and_then(|span| controller.array(span.array))
        .map_or(0, |array| array.members.len());
    if let Some(it) = virtual_mut(controller, target) {
        it.activities.reconstruction = None;
        it.size = size;
        it.drives_per_span = u8::try_from(arms).unwrap_or(u8::MAX);
        let it = it.clone();
        log_virtual(
            controller,
            events::RECONSTRUCTED,
            &it,
            "Reconstruction complete on VD",
        );
    }
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
    // A copyback from it ends as well; its target is what it was before.
    let targets: Vec<DeviceId> = controller
        .drives
        .iter()
        .filter(|drive| drive.activities.copyback.is_some_and(|it| it.source == id))
        .map(|drive| drive.device_id)
        .collect();
    for target in targets {
        if let Some(drive) = controller.drive_mut(target) {
            drive.activities.copyback = None;
        }
        policy::release(controller, target);
    }
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
    log_drive_state(controller, &drive, DriveState::Offline);
    if let Some(drive) = controller.drive_mut(id) {
        drive.state = DriveState::Offline;
    }
}
