//! What somebody does with virtual drives: policies, initialization, checks, deletion.

use super::drives::Outcome;
use super::events::{self, Arguments, log, log_virtual};
use super::{Level, battery, creation, foreign, operations, policy, schedule, status};
use crate::state::{
    Controller, DeviceId, DriveState, Progress, VirtualActivities, VirtualDrive, VirtualState,
    cache,
};

/// A property of a virtual drive, and what it is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// Bits of [`cache`] that are cleared, and bits that are set after that.
    Cache(u8, u8),
    /// Access: 0 read and write, 2 read only, 3 blocked.
    Access(u8),
    /// Cache of the members: 0 as they have it, 1 enabled, 2 disabled.
    DriveCache(u8),
    /// Name; the firmware keeps 15 characters.
    Name(String),
    /// Whether it is initialized in the background.
    BackgroundInitialization(bool),
    /// Whether a CacheCade caches it.
    Cached(bool),
    /// Power savings, as [`VirtualDrive::power_policy`] has them.
    PowerPolicy(u8),
    /// Encryption, as [`VirtualDrive::encryption`] has it.
    Encryption(u8),
}

/// Characters that the firmware keeps of a name.
const NAME: usize = 15;

/// The virtual drive with this target.
fn found(controller: &mut Controller, target: u16) -> Result<&mut VirtualDrive, u16> {
    let mut drives = controller.virtual_drives.iter_mut();
    let it = drives.find(|it| it.target == target);
    it.ok_or(status::NO_SUCH_OBJECT)
}

/// Sets a property.
///
/// # Errors
/// If there is no such virtual drive.
pub fn set(controller: &mut Controller, target: u16, property: &Property) -> Outcome {
    let it = found(controller, target)?;
    let before = it.clone();
    match property {
        Property::Cache(clear, set) => {
            it.default_cache = it.default_cache & !clear | set;
            it.current_cache = it.default_cache;
        }
        Property::Access(access) => it.access = *access,
        Property::DriveCache(policy) => it.disk_cache = *policy,
        Property::Name(name) => it.name = name.chars().take(NAME).collect(),
        Property::BackgroundInitialization(is_on) => it.no_background_initialization = !is_on,
        Property::Cached(is_cached) => it.is_uncached = !is_cached,
        Property::PowerPolicy(policy) => it.power_policy = *policy,
        Property::Encryption(kind) => it.encryption = *kind,
    }
    if let Property::BackgroundInitialization(is_on) = property {
        let due = controller
            .virtual_drive(target)
            .filter(|it| !it.is_consistent)
            .and_then(|it| creation::background_due(controller, it));
        let it = found(controller, target)?;
        it.background_due = due.filter(|_| *is_on);
        if !is_on {
            it.activities.background_initialization = None;
        }
    }
    battery::settle_cache(controller);
    if let Some(it) = controller
        .virtual_drive(target)
        .cloned()
        .filter(|it| *it != before)
    {
        log_change(controller, &before, &it);
    }
    Ok(())
}

/// Writes that properties have changed, with all of them as they are and as they were.
fn log_change(controller: &mut Controller, before: &VirtualDrive, it: &VirtualDrive) {
    let list = |it: &VirtualDrive| {
        format!(
            "[ID={:02x},dcp={:02x},ccp={:02x},ap={:x},dc={:x},dbgi={:x}]",
            it.target,
            it.default_cache,
            it.current_cache,
            it.access,
            it.disk_cache,
            u8::from(it.no_background_initialization)
        )
    };
    let (now, was) = (list(it), list(before));
    let (kind, words) = if now == was {
        (
            events::PROPERTIES,
            format!("VD Properties updated to {now}"),
        )
    } else {
        (
            events::POLICY,
            format!("Policy change on VD to {now} from {was}"),
        )
    };
    log_virtual(controller, kind, it, &words);
}

/// Begins an initialization. A full one goes over all of the drives; a fast one only clears what stands
/// at both ends, and is done.
///
/// # Errors
/// If there is no such virtual drive, it is offline, or something runs on it.
pub fn begin_initialization(controller: &mut Controller, target: u16, is_full: bool) -> Outcome {
    let it = found(controller, target)?;
    let running = it.activities;
    if it.state == VirtualState::Offline {
        return Err(status::VIRTUAL_DRIVE_OFFLINE);
    }
    check_idle(running)?;
    it.background_due = None;
    it.activities.background_initialization = None;
    let (kind, words) = if is_full {
        it.activities.foreground_initialization = Some(Progress::default());
        let words = "Full initialization started on VD";
        (events::FULL_INITIALIZATION, words)
    } else {
        let words = "Fast initialization started on VD";
        (events::FAST_INITIALIZATION, words)
    };
    let it = it.clone();
    log_virtual(controller, kind, &it, words);
    if !is_full {
        let due = creation::background_due(controller, &it);
        let it = found(controller, target)?;
        it.initialized = it.initialized.max(1);
        it.background_due = due.filter(|_| !it.is_consistent);
        let it = it.clone();
        let words = "Initialization complete on VD";
        log_virtual(controller, events::INITIALIZED, &it, words);
    }
    Ok(())
}

/// Whether nothing runs that would be in the way.
pub(super) fn check_idle(running: VirtualActivities) -> Outcome {
    if running.consistency_check.is_some() {
        return Err(status::CHECK_RUNS);
    }
    if running.foreground_initialization.is_some() {
        return Err(status::INITIALIZATION_RUNS);
    }
    if running.reconstruction.is_some() {
        return Err(status::RECONSTRUCTION_RUNS);
    }
    Ok(())
}

/// Ends a foreground initialization. `false` if none runs.
pub fn abort_initialization(controller: &mut Controller, target: u16) -> bool {
    let is_running = |on: &mut VirtualActivities| on.foreground_initialization.take().is_some();
    let words = "Initialization aborted on VD";
    abort(
        controller,
        target,
        is_running,
        events::INITIALIZATION_ABORTED,
        words,
    )
}

/// Ends a background initialization; it begins anew later. `false` if none runs.
pub fn abort_background(controller: &mut Controller, target: u16) -> bool {
    let is_running = |on: &mut VirtualActivities| on.background_initialization.take().is_some();
    let words = "Background Initialization aborted on VD";
    abort(
        controller,
        target,
        is_running,
        events::BACKGROUND_ABORTED,
        words,
    )
}

fn abort(
    controller: &mut Controller,
    target: u16,
    take: impl Fn(&mut VirtualActivities) -> bool,
    kind: events::Kind,
    words: &str,
) -> bool {
    let Ok(it) = found(controller, target) else {
        return false;
    };
    if !take(&mut it.activities) {
        return false;
    }
    let it = it.clone();
    log_virtual(controller, kind, &it, words);
    let due = creation::background_due(controller, &it);
    if let Ok(it) = found(controller, target) {
        it.background_due = due.filter(|_| !it.is_consistent);
    }
    true
}

/// Begins a consistency check.
///
/// # Errors
/// If there is no such virtual drive, it is not optimal or not redundant, or something runs on it.
pub fn begin_check(controller: &mut Controller, target: u16) -> Outcome {
    let it = found(controller, target)?;
    if it.state != VirtualState::Optimal {
        return Err(status::NOT_OPTIMAL);
    }
    check_idle(it.activities)?;
    if Level::of(it) == Level::Stripe {
        return Err(status::WRONG_LEVEL);
    }
    schedule::begin_check(controller, target);
    Ok(())
}

/// Ends a consistency check. `false` if none runs.
pub fn abort_check(controller: &mut Controller, target: u16) -> bool {
    let it = controller.virtual_drive(target);
    let runs = it.is_some_and(|it| it.activities.consistency_check.is_some());
    schedule::abort_check(controller, target);
    schedule::finish(controller);
    runs
}

/// An operation on a virtual drive that can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Its consistency check.
    ConsistencyCheck,
    /// Its background initialization.
    BackgroundInitialization,
}

/// Lets an operation wait, or go on. `false` if it does not run.
pub fn suspend(controller: &mut Controller, target: u16, what: Waiting, waits: bool) -> bool {
    let Ok(it) = found(controller, target) else {
        return false;
    };
    let progress = match what {
        Waiting::ConsistencyCheck => &mut it.activities.consistency_check,
        Waiting::BackgroundInitialization => &mut it.activities.background_initialization,
    };
    if let Some(progress) = progress {
        progress.suspended = waits;
    }
    progress.is_some()
}

/// Deletes a virtual drive. With the last one on it a drive group is gone: its drives are free.
///
/// # Errors
/// If there is no such virtual drive, or a reconstruction of it is running.
pub fn delete(controller: &mut Controller, target: u16) -> Outcome {
    let it = found(controller, target)?.clone();
    if it.activities.reconstruction.is_some() {
        return Err(status::RECONSTRUCTION_RUNS);
    }
    controller.virtual_drives.retain(|it| it.target != target);
    log_virtual(controller, events::DELETED, &it, "Deleted VD");
    let drives = &controller.virtual_drives;
    let is_used = |reference| {
        drives
            .iter()
            .flat_map(|it| &it.spans)
            .any(|span| span.array == reference)
    };
    let arrays = it.spans.iter().map(|span| span.array);
    let unused: Vec<u16> = arrays.filter(|&reference| !is_used(reference)).collect();
    dissolve(controller, &unused);
    policy::settle(controller);
    Ok(())
}

/// Deletes all virtual drives, drive groups and hot spares. Foreign configurations stay.
pub fn clear(controller: &mut Controller) {
    controller.virtual_drives.clear();
    let arrays: Vec<u16> = controller.arrays.iter().map(|it| it.reference).collect();
    dissolve(controller, &arrays);
    for spare in std::mem::take(&mut controller.spares) {
        policy::set_state(controller, spare.device_id, DriveState::UnconfiguredGood);
    }
    let words = "Configuration cleared";
    log(controller, events::CLEARED_ALL, words, Arguments::None);
    policy::settle(controller);
}

/// Drive groups end. Their drives belong to nothing: good ones can be used again, failed ones stay bad.
/// A hot spare that served nothing else is free as well: what becomes of it no source tells.
fn dissolve(controller: &mut Controller, references: &[u16]) {
    for &reference in references {
        let array = controller.array(reference).cloned();
        controller.arrays.retain(|it| it.reference != reference);
        for id in array
            .iter()
            .flat_map(|array| array.members.iter().flatten())
        {
            release(controller, *id);
        }
    }
    let mut free = Vec::new();
    controller.spares.retain_mut(|spare| {
        let was_dedicated = spare.is_dedicated();
        spare.arrays.retain(|it| !references.contains(it));
        let is_free = was_dedicated && spare.arrays.is_empty();
        free.extend(is_free.then_some(spare.device_id));
        !is_free
    });
    for id in free {
        policy::set_state(controller, id, DriveState::UnconfiguredGood);
    }
}

/// A member is none any more.
fn release(controller: &mut Controller, id: DeviceId) {
    if let Some(drive) = controller.drive_mut(id) {
        // No rebuild fails here: there is nothing to rebuild any more.
        drive.activities.rebuild = None;
    }
    operations::abort(controller, id);
    let state = controller.drive(id).map(|drive| drive.state);
    let to = match state {
        Some(DriveState::Failed) => DriveState::UnconfiguredBad,
        Some(DriveState::ShieldConfigured) => DriveState::ShieldUnconfigured,
        _ => DriveState::UnconfiguredGood,
    };
    policy::set_state(controller, id, to);
    foreign::free(controller, id);
    if let Some(drive) = controller.drive_mut(id) {
        drive.commission = None;
    }
}

/// Throws preserved cache away. A virtual drive that is offline goes with it. `false` if none is kept.
pub fn discard_preserved_cache(controller: &mut Controller, target: u16) -> bool {
    let before = controller.preserved_cache.len();
    controller.preserved_cache.retain(|it| *it != target);
    if controller.preserved_cache.len() == before {
        return false;
    }
    let words = "Dirty cache data discarded by user";
    log(controller, events::CACHE_DISCARDED, words, Arguments::None);
    let it = controller.virtual_drive(target);
    if it.is_some_and(|it| it.state == VirtualState::Offline) {
        // Nothing runs on it.
        let _: Outcome = delete(controller, target);
    }
    true
}

/// Forgets which blocks could not be restored.
///
/// # Errors
/// If there is no such virtual drive.
pub fn clear_bad_blocks(controller: &mut Controller, target: u16) -> Outcome {
    found(controller, target)?.has_bad_blocks = false;
    Ok(())
}

/// Bits of [`cache`] that belong to the read policy.
pub const READ_POLICY: u8 = cache::READ_AHEAD | cache::READ_ADAPTIVE;
