//! Reconstruction: a virtual drive gets more drives, or another RAID level.

use super::drives::Outcome;
use super::events::{self, log_virtual};
use super::{Level, RaidLevel, policy, spares, status, virtual_drives};
use crate::state::{Array, Controller, DeviceId, DriveState, Progress, VirtualDrive, VirtualState};

/// Begins a reconstruction of the virtual drive `target` to `level`, with the drives `new` besides.
///
/// # Errors
/// If the virtual drive is not optimal, shares its drive group or is spanned; if a drive cannot be used;
/// if the level wants more drives; if the data would not find room.
pub fn begin(controller: &mut Controller, target: u16, level: Level, new: &[DeviceId]) -> Outcome {
    let it = controller
        .virtual_drive(target)
        .ok_or(status::NO_SUCH_OBJECT)?;
    virtual_drives::check_idle(it.activities)?;
    if it.state != VirtualState::Optimal {
        return Err(status::NOT_OPTIMAL);
    }
    let it = it.clone();
    let [span] = it.spans.as_slice() else {
        return Err(status::WRONG_LEVEL);
    };
    let array = controller.array(span.array).cloned();
    let array = array.ok_or(status::NO_SUCH_OBJECT)?;
    if spares::on_array(controller, array.reference).count() > 1 {
        return Err(status::IN_USE);
    }
    for &id in new {
        let drive = controller.drive(id).ok_or(status::NO_SUCH_DEVICE)?;
        if !spares::is_free(drive) {
            return Err(status::WRONG_STATE);
        }
        if drive.coerced_size < array.size {
            return Err(status::TOO_SMALL);
        }
        if !spares::fits(controller, &array, drive) {
            return Err(status::WRONG_KIND);
        }
    }
    let arms = array.members.len() + new.len();
    let asked = RaidLevel {
        span: level,
        is_spanned: false,
    };
    let is_odd_mirror = level == Level::Mirror && arms % 2 == 1;
    if arms < asked.fewest(&controller.info) || !asked.is_known(&controller.info) || is_odd_mirror {
        return Err(status::WRONG_LEVEL);
    }
    if level == Level::of(&it) && new.is_empty() {
        return Err(status::INVALID_ARGUMENTS);
    }
    if span.size.saturating_mul(level.data_drives(arms)) < it.size {
        return Err(status::TOO_SMALL);
    }
    for known in &mut controller.arrays {
        if known.reference == array.reference {
            known.members.extend(new.iter().copied().map(Some));
        }
    }
    for &id in new {
        policy::set_state(controller, id, DriveState::Online);
    }
    for changing in &mut controller.virtual_drives {
        if changing.target == target {
            changing.activities.reconstruction = Some(Progress::default());
            changing.activities.background_initialization = None;
            changing.background_due = None;
            changing.next_level = Some(asked.ddf());
        }
    }
    let words = "Reconstruction started on VD";
    log_virtual(controller, events::RECONSTRUCTION_STARTED, &it, words);
    policy::settle(controller);
    Ok(())
}

/// A reconstruction is done: level, width and capacity are the new ones.
pub(super) fn end(controller: &mut Controller, target: u16) {
    let Some(mut it) = controller.virtual_drive(target).cloned() else {
        return;
    };
    it.activities.reconstruction = None;
    if let Some((primary, qualifier, secondary)) = it.next_level.take() {
        it.primary_level = primary;
        it.level_qualifier = qualifier;
        it.secondary_level = secondary;
    }
    let arms = |reference| {
        let array = controller.array(reference);
        array.map_or(0, |array| array.members.len())
    };
    let level = Level::of(&it);
    let sizes = it.spans.iter().map(|span| {
        let data = level.data_drives(arms(span.array));
        span.size.saturating_mul(data)
    });
    it.size = sizes.sum();
    let width = it.spans.first().map_or(0, |span| arms(span.array));
    it.drives_per_span = u8::try_from(width).unwrap_or(u8::MAX);
    put(controller, &it);
    let words = "Reconstruction complete on VD";
    log_virtual(controller, events::RECONSTRUCTED, &it, words);
    policy::settle(controller);
}

/// Lets a virtual drive grow by `percent` of the free space behind it, without more drives. With
/// `widens`, what the members have beyond their drive group belongs to it first: larger drives may have
/// replaced the old ones.
///
/// # Errors
/// If there is no free space behind it, or something runs on it.
pub fn grow(controller: &mut Controller, target: u16, percent: u64, widens: bool) -> Outcome {
    let it = controller
        .virtual_drive(target)
        .ok_or(status::NO_SUCH_OBJECT)?;
    virtual_drives::check_idle(it.activities)?;
    if percent == 0 || percent > 100 {
        return Err(status::INVALID_ARGUMENTS);
    }
    let mut it = it.clone();
    let mut arrays = controller.arrays.clone();
    for array in arrays.iter_mut().filter(|_| widens) {
        array.size = array.size.max(room(controller, array));
    }
    let strip = 1_u64.checked_shl(u32::from(it.strip_size)).unwrap_or(1);
    let behind = it.spans.iter().map(|span| {
        let array = arrays.iter().find(|array| array.reference == span.array)?;
        let gaps = super::creation::gaps(array, controller.virtual_drives.iter());
        let end = span.start.saturating_add(span.size);
        gaps.into_iter().find(|gap| gap.0 == end).map(|gap| gap.1)
    });
    let behind = behind.min().flatten().ok_or(status::TOO_SMALL)?;
    let more = behind.saturating_mul(percent) / 100 / strip * strip;
    if more == 0 {
        return Err(status::TOO_SMALL);
    }
    let data = Level::of(&it).data_drives(usize::from(it.drives_per_span));
    for span in &mut it.spans {
        span.size = span.size.saturating_add(more);
        it.size = it.size.saturating_add(more.saturating_mul(data));
        let known = controller.arrays.iter_mut();
        let mut known = known.filter(|array| array.reference == span.array);
        if let (Some(array), end) = (known.next(), span.start.saturating_add(span.size)) {
            array.size = array.size.max(end);
        }
    }
    put(controller, &it);
    Ok(())
}

/// The sectors that every member of a drive group has; none if one is missing.
fn room(controller: &Controller, array: &Array) -> u64 {
    let sizes = array.members.iter().map(|member| {
        let drive = member.and_then(|id| controller.drive(id));
        drive.map_or(0, |drive| drive.coerced_size)
    });
    sizes.min().unwrap_or(0)
}

fn put(controller: &mut Controller, it: &VirtualDrive) {
    for changing in &mut controller.virtual_drives {
        if changing.target == it.target {
            changing.clone_from(it);
        }
    }
}
