//! What the firmware does when drives are lost and found: states, spares, rebuilds, copybacks.

use super::events::{self, drive_name, log, log_drive, log_drive_state, log_virtual_state};
use super::{Redundancy, operations, redundancy};
use crate::state::{
    Array, Commission, Controller, Copyback, DeviceId, Drive, DriveState, Progress, Spare,
    VirtualDrive, VirtualState, cache, switches,
};

/// Gives a drive another state, and says so.
pub(super) fn set_state(controller: &mut Controller, id: DeviceId, to: DriveState) {
    let Some(drive) = controller.drive(id).cloned() else {
        return;
    };
    if drive.state == to {
        return;
    }
    log_drive_state(controller, &drive, to);
    if let Some(drive) = controller.drive_mut(id) {
        drive.state = to;
        drive.sequence = drive.sequence.wrapping_add(1);
    }
}

/// Brings everything in line with the drives' states: virtual drives, then spares, then copybacks.
pub(super) fn settle(controller: &mut Controller) {
    update_virtual_drives(controller);
    rebuild_onto_spares(controller);
    begin_copybacks(controller);
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
        let is_lost = state == VirtualState::Offline;
        for changing in &mut controller.virtual_drives {
            if changing.target == it.target {
                changing.state = state;
                changing.sequence = changing.sequence.wrapping_add(1);
                if is_lost {
                    changing.activities = crate::state::VirtualActivities::default();
                }
            }
        }
        if is_lost {
            lose_virtual_drive(controller, &it);
        }
    }
}

/// What was written to the cache and not yet to the drives of `it` is kept, and rebuilds have no source.
fn lose_virtual_drive(controller: &mut Controller, it: &VirtualDrive) {
    let was_write_back = it.current_cache & cache::WRITE_BACK != 0;
    if was_write_back && !controller.preserved_cache.contains(&it.target) {
        controller.preserved_cache.push(it.target);
    }
    let rebuilding: Vec<DeviceId> = it
        .spans
        .iter()
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

/// An arm that lost its drive: the drive group, the arm, and the drive if it is still there.
struct Loss {
    array: Array,
    arm: usize,
    lost: Option<Drive>,
}

/// The arms without a working drive, of drive groups whose data can be restored.
fn losses(controller: &Controller) -> Vec<Loss> {
    let mut losses = Vec::new();
    for array in &controller.arrays {
        let is_restorable = controller
            .virtual_drives
            .iter()
            .filter(|it| it.spans.iter().any(|span| span.array == array.reference))
            .all(|it| {
                super::Level::of(it) != super::Level::Stripe
                    && it.state != VirtualState::Offline
                    && redundancy::of_span(controller, it, array) != Redundancy::Lost
            });
        let is_used = controller
            .virtual_drives
            .iter()
            .any(|it| it.spans.iter().any(|span| span.array == array.reference));
        if !is_restorable || !is_used {
            continue;
        }
        for (arm, member) in array.members.iter().enumerate() {
            let drive = member.and_then(|id| controller.drive(id));
            let is_lost = drive.is_none_or(|drive| {
                matches!(drive.state, DriveState::Failed | DriveState::Offline)
            });
            if is_lost {
                losses.push(Loss {
                    array: array.clone(),
                    arm,
                    lost: drive.cloned(),
                });
            }
        }
    }
    losses
}

fn rebuild_onto_spares(controller: &mut Controller) {
    if controller.auto_rebuild_disabled {
        return;
    }
    for loss in losses(controller) {
        let enclosure = loss.lost.as_ref().map(|lost| lost.enclosure);
        let Some((id, commission)) = choose_spare(controller, &loss.array, enclosure) else {
            continue;
        };
        controller.spares.retain(|spare| spare.device_id != id);
        replace(controller, &loss, id, Some(commission));
    }
}

/// The spare that fits best: a dedicated one, then a global one, then (if allowed) an unconfigured drive.
fn choose_spare(
    controller: &Controller,
    array: &Array,
    enclosure: Option<u16>,
) -> Option<(DeviceId, Commission)> {
    const DEDICATED: u8 = 1;
    const AFFINITY: u8 = 4;
    let usable = |spare: &&Spare| {
        let drive = controller.drive(spare.device_id);
        let serves = spare.kind & DEDICATED == 0 || spare.arrays.contains(&array.reference);
        let in_place = spare.kind & AFFINITY == 0
            || enclosure.is_none()
            || drive.map(|drive| drive.enclosure) == enclosure;
        let is_spare = drive.is_some_and(|drive| drive.state == DriveState::HotSpare);
        is_spare && serves && in_place && drive.is_some_and(|drive| fits(controller, array, drive))
    };
    let mut spares: Vec<&Spare> = controller.spares.iter().filter(usable).collect();
    spares.sort_by_key(|spare| spare.kind & DEDICATED == 0);
    if let Some(&spare) = spares.first() {
        let commission = Commission {
            spare: Some(spare.clone()),
        };
        return Some((spare.device_id, commission));
    }
    if !controller.emergency_spares {
        return None;
    }
    let stepping_in = controller.drives.iter().find(|drive| {
        drive.state == DriveState::UnconfiguredGood
            && !drive.foreign
            && fits(controller, array, drive)
    })?;
    Some((stepping_in.device_id, Commission::default()))
}

/// Whether `drive` can be a member of `array`: large enough, and of the others' kind.
pub(super) fn fits(controller: &Controller, array: &Array, drive: &Drive) -> bool {
    let alike = array
        .members
        .iter()
        .flatten()
        .filter_map(|&id| controller.drive(id))
        .all(|member| {
            member.interface == drive.interface
                && member.solid_state == drive.solid_state
                && member.sector_size == drive.sector_size
        });
    alike && drive.coerced_size >= array.size
}

/// Puts the drive `id` in the place of a lost one and begins its rebuild.
fn replace(controller: &mut Controller, loss: &Loss, id: DeviceId, commission: Option<Commission>) {
    let reference = loss.array.reference;
    if let Some(array) = controller
        .arrays
        .iter_mut()
        .find(|it| it.reference == reference)
    {
        if let Some(member) = array.members.get_mut(loss.arm) {
            *member = Some(id);
        }
        if let Some(lost) = &loss.lost {
            array.homes.insert(loss.arm, (lost.enclosure, lost.slot));
        }
        if commission.is_none() {
            array.homes.remove(&loss.arm);
        }
    }
    if let Some(lost) = loss.lost.as_ref().filter(|lost| lost.device_id != id) {
        set_state(controller, lost.device_id, DriveState::UnconfiguredBad);
    }
    let Some(drive) = controller.drive(id).cloned() else {
        return;
    };
    log_drive(
        controller,
        events::REBUILD_STARTED,
        &drive,
        "Rebuild automatically started on PD",
    );
    set_state(controller, id, DriveState::Rebuild);
    if let Some(drive) = controller.drive_mut(id) {
        drive.activities.rebuild = Some(Progress::default());
        drive.commission = commission;
        drive.foreign = false;
        drive.membership = None;
    }
}

/// A drive that can be configured stands in a bay: it replaces what the bay lost.
pub(super) fn take_in(controller: &mut Controller, id: DeviceId) {
    let Some(drive) = controller.drive(id).cloned() else {
        return;
    };
    let is_free = drive.state == DriveState::UnconfiguredGood && !drive.foreign;
    if !is_free || controller.auto_rebuild_disabled {
        return;
    }
    let bay = (drive.enclosure, drive.slot);
    let loss = losses(controller).into_iter().find(|loss| {
        loss.array.homes.get(&loss.arm) == Some(&bay) && fits(controller, &loss.array, &drive)
    });
    if let Some(loss) = loss {
        replace(controller, &loss, id, None);
    }
}

/// Where a spare serves and the bay of the lost drive holds a new one, its data is copied back. Where
/// a member predicts its failure and a spare is there, it is copied to the spare.
fn begin_copybacks(controller: &mut Controller) {
    if controller.info.switches & switches::COPYBACK_DISABLED != 0 {
        return;
    }
    let returning: Vec<(DeviceId, DeviceId)> = controller
        .arrays
        .iter()
        .flat_map(|array| array.homes.iter().map(move |(arm, bay)| (array, arm, bay)))
        .filter_map(|(array, arm, &(enclosure, slot))| {
            let source = controller.drive((*array.members.get(*arm)?)?)?;
            let target = controller.drive_at(enclosure, slot)?;
            let is_free = target.state == DriveState::UnconfiguredGood && !target.foreign;
            let serves = source.state == DriveState::Online && source.commission.is_some();
            (is_free && serves && fits(controller, array, target))
                .then_some((source.device_id, target.device_id))
        })
        .collect();
    for (source, target) in returning {
        copy(controller, source, target, None);
    }
    for source in predicted(controller) {
        let Some((reference, ..)) = controller.seat(source) else {
            continue;
        };
        let enclosure = controller.drive(source).map(|drive| drive.enclosure);
        let spare = controller
            .array(reference)
            .and_then(|array| choose_spare(controller, array, enclosure));
        if let Some((target, commission)) = spare.filter(|(_, it)| it.spare.is_some()) {
            controller.spares.retain(|spare| spare.device_id != target);
            copy(controller, source, target, Some(commission));
        }
    }
}

/// The members that predict their failure and are to be copied, as the switches say.
fn predicted(controller: &Controller) -> Vec<DeviceId> {
    controller
        .drives
        .iter()
        .filter(|drive| {
            let switch = if drive.solid_state {
                switches::SSD_SMART_COPYBACK
            } else {
                switches::SMART_COPYBACK
            };
            drive.state == DriveState::Online
                && drive.predictive_failures > 0
                && controller.info.switches & switch != 0
        })
        .map(|drive| drive.device_id)
        .filter(|&id| {
            let is_source =
                |drive: &Drive| drive.activities.copyback.is_some_and(|it| it.source == id);
            !controller.drives.iter().any(is_source)
        })
        .collect()
}

/// Begins to copy `source` to `target`.
fn copy(
    controller: &mut Controller,
    source: DeviceId,
    target: DeviceId,
    commission: Option<Commission>,
) {
    let (Some(from), Some(to)) = (
        controller.drive(source).cloned(),
        controller.drive(target).cloned(),
    ) else {
        return;
    };
    let words = format!(
        "CopyBack automatically started on PD from {}",
        drive_name(&from)
    );
    log_drive(controller, events::COPYBACK_STARTED, &to, &words);
    set_state(controller, target, DriveState::Copyback);
    if let Some(drive) = controller.drive_mut(target) {
        drive.commission = commission;
        drive.activities.copyback = Some(Copyback {
            source,
            ..Copyback::default()
        });
    }
}

/// The target of a copyback takes the place of its source.
pub(super) fn end_copyback(controller: &mut Controller, target: DeviceId) {
    let Some(drive) = controller.drive_mut(target) else {
        return;
    };
    let Some(copyback) = drive.activities.copyback.take() else {
        return;
    };
    let to = drive.clone();
    let Some(from) = controller.drive(copyback.source).cloned() else {
        return;
    };
    let words = format!("CopyBack complete on PD from {}", drive_name(&from));
    log_drive(controller, events::COPYBACK_DONE, &to, &words);
    for array in &mut controller.arrays {
        for (arm, member) in array.members.iter_mut().enumerate() {
            if *member == Some(copyback.source) {
                *member = Some(target);
                if to.commission.is_some() {
                    array.homes.insert(arm, (from.enclosure, from.slot));
                } else {
                    array.homes.remove(&arm);
                }
            }
        }
    }
    set_state(controller, target, DriveState::Online);
    dismiss(controller, &from);
    settle(controller);
}

/// The source of a copyback is free: a spare again, unconfigured, or (if it predicts its failure) bad.
fn dismiss(controller: &mut Controller, source: &Drive) {
    let id = source.device_id;
    if let Some(drive) = controller.drive_mut(id) {
        drive.commission = None;
    }
    if source.predictive_failures > 0 {
        set_state(controller, id, DriveState::UnconfiguredBad);
        return;
    }
    match source
        .commission
        .clone()
        .and_then(|commission| commission.spare)
    {
        Some(spare) => {
            controller.spares.push(spare);
            set_state(controller, id, DriveState::HotSpare);
        }
        None => set_state(controller, id, DriveState::UnconfiguredGood),
    }
}

/// The target of a copyback that came to nothing is what it was before.
pub(super) fn release(controller: &mut Controller, target: DeviceId) {
    let commission = controller
        .drive_mut(target)
        .and_then(|drive| drive.commission.take());
    match commission.and_then(|commission| commission.spare) {
        Some(spare) => {
            controller.spares.push(spare);
            set_state(controller, target, DriveState::HotSpare);
        }
        None => set_state(controller, target, DriveState::UnconfiguredGood),
    }
}

/// A configured drive fails or is gone. `gone` says that its bay is empty now.
pub(super) fn lose(controller: &mut Controller, id: DeviceId, gone: bool) {
    let Some(drive) = controller.drive(id).cloned() else {
        return;
    };
    operations::abort(controller, id);
    controller.spares.retain(|spare| spare.device_id != id);
    let is_member = controller.seat(id).is_some();
    let state = if is_member {
        DriveState::Failed
    } else {
        DriveState::UnconfiguredBad
    };
    set_state(controller, id, state);
    for array in &mut controller.arrays {
        for (arm, member) in array.members.iter_mut().enumerate() {
            if *member == Some(id) {
                array.homes.insert(arm, (drive.enclosure, drive.slot));
                if gone {
                    *member = None;
                }
            }
        }
    }
    if gone {
        controller.drives.retain(|drive| drive.device_id != id);
    }
    settle(controller);
}

/// Writes that a drive's configuration came from elsewhere.
pub(super) fn announce_foreign(controller: &mut Controller) {
    log(
        controller,
        events::FOREIGN_DETECTED,
        "Foreign Configuration Detected",
        events::Arguments::None,
    );
}
