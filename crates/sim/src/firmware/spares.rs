//! Which drive takes the place of a lost one, and when its rebuild begins.

use super::events::{self, drive_name, log_drive};
use super::{Level, Redundancy, copyback, policy, redundancy, status};
use crate::state::{
    Array, Commission, Controller, DeviceId, Drive, DriveState, Progress, Spare, VirtualDrive,
    VirtualState,
};

/// An arm that lost its drive: the drive group, the arm, and the drive if it is still there.
struct Loss {
    array: Array,
    arm: usize,
    lost: Option<Drive>,
}

/// Whether a drive does not do its part. One that somebody took offline is replaced as well: the
/// vendor's guide says that it is rebuilt to a hot spare, and then is unconfigured (bad).
fn is_lost(drive: Option<&Drive>) -> bool {
    drive.is_none_or(|drive| matches!(drive.state, DriveState::Failed | DriveState::Offline))
}

/// The arms without a working drive, of drive groups whose data can be restored now.
fn losses(controller: &Controller) -> Vec<Loss> {
    let mut losses = Vec::new();
    for array in &controller.arrays {
        let lost: Vec<usize> = (0..array.members.len())
            .filter(|&arm| {
                let member = array.members.get(arm).copied().flatten();
                is_lost(member.and_then(|id| controller.drive(id)))
            })
            .collect();
        if lost.is_empty() || !is_restorable(controller, array) {
            continue;
        }
        for arm in lost {
            let member = array.members.get(arm).copied().flatten();
            losses.push(Loss {
                array: array.clone(),
                arm,
                lost: member.and_then(|id| controller.drive(id)).cloned(),
            });
        }
    }
    losses
}

/// The virtual drives on a drive group.
pub(super) fn on_array(
    controller: &Controller,
    reference: u16,
) -> impl Iterator<Item = &VirtualDrive> {
    let lies_on = move |it: &&VirtualDrive| it.spans.iter().any(|span| span.array == reference);
    controller.virtual_drives.iter().filter(lies_on)
}

/// Whether the other members have what a lost one held, and are free to give it: a rebuild waits for the
/// end of a reconstruction.
fn is_restorable(controller: &Controller, array: &Array) -> bool {
    let mut on_it = on_array(controller, array.reference).peekable();
    on_it.peek().is_some()
        && on_it.all(|it| {
            Level::of(it) != Level::Stripe
                && it.state != VirtualState::Offline
                && it.activities.reconstruction.is_none()
                && redundancy::of_span(controller, it, array) != Redundancy::Lost
        })
}

/// Begins the rebuilds for which there are spares.
pub(super) fn rebuild(controller: &mut Controller) {
    if controller.info.no_auto_rebuild != 0 {
        return;
    }
    for loss in losses(controller) {
        let home = loss.array.home(loss.arm);
        let enclosure = loss.lost.as_ref().map(|lost| lost.enclosure);
        let enclosure = enclosure.or(home.map(|home| home.0));
        let mut chosen = choose(controller, &loss.array, enclosure);
        if chosen.is_none() && copyback::give_up_spare(controller, &loss.array) {
            chosen = choose(controller, &loss.array, enclosure);
        }
        let chosen = chosen.or_else(|| emergency(controller, &loss.array));
        if let Some((id, commission)) = chosen {
            controller.spares.retain(|spare| spare.device_id != id);
            replace(controller, &loss, id, Some(commission));
        }
    }
}

/// The hot spare that fits best: one that does not predict its own failure, a dedicated one, one in the
/// same enclosure if it has that preference.
pub(super) fn choose(
    controller: &Controller,
    array: &Array,
    enclosure: Option<u16>,
) -> Option<(DeviceId, Commission)> {
    let usable = |spare: &&Spare| {
        let drive = controller.drive(spare.device_id);
        let serves = !spare.is_dedicated() || spare.arrays.contains(&array.reference);
        let is_spare = drive.is_some_and(|drive| drive.state == DriveState::HotSpare);
        is_spare && serves && drive.is_some_and(|drive| fits(controller, array, drive))
    };
    let rank = |spare: &&Spare| {
        let drive = controller.drive(spare.device_id);
        let is_far = spare.kind & Spare::ENCLOSURE_AFFINITY != 0
            && enclosure.is_some()
            && drive.map(|drive| drive.enclosure) != enclosure;
        let is_ill = drive.is_some_and(|drive| drive.predictive_failures > 0);
        (is_ill, !spare.is_dedicated(), is_far)
    };
    let spare = controller.spares.iter().filter(usable).min_by_key(rank)?;
    let commission = Commission {
        spare: Some(spare.clone()),
    };
    Some((spare.device_id, commission))
}

/// An unconfigured drive that steps in where there is no hot spare, if that is allowed.
fn emergency(controller: &Controller, array: &Array) -> Option<(DeviceId, Commission)> {
    let mut drives = controller
        .drives
        .iter()
        .filter(|_| controller.emergency_spares);
    let found = drives.find(|drive| is_free(drive) && fits(controller, array, drive))?;
    Some((found.device_id, Commission::default()))
}

/// Whether a drive belongs to nothing and can be used.
pub(super) fn is_free(drive: &Drive) -> bool {
    drive.state == DriveState::UnconfiguredGood
        && !drive.foreign
        && drive.activities.clear.is_none()
        && drive.activities.erase.is_none()
}

/// Why a drive cannot be a member of a drive group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    TooSmall,
    OtherInterface,
    OtherMedium,
    OtherSectors,
}

/// Whether `drive` can be a member of `array`: large enough, and of the others' kind.
pub(super) fn fits(controller: &Controller, array: &Array, drive: &Drive) -> bool {
    misfit(controller, array, drive).is_none()
}

/// Why `drive` cannot be a member of `array`, if it cannot.
fn misfit(controller: &Controller, array: &Array, drive: &Drive) -> Option<Misfit> {
    let members = array.members.iter().flatten();
    let mut others = members
        .filter_map(|&id| controller.drive(id))
        .filter(|member| member.device_id != drive.device_id);
    if let Some(member) = others.next() {
        if member.solid_state != drive.solid_state {
            return Some(Misfit::OtherMedium);
        }
        if member.interface != drive.interface {
            return Some(Misfit::OtherInterface);
        }
        if member.sector_size != drive.sector_size {
            return Some(Misfit::OtherSectors);
        }
    }
    (drive.coerced_size < array.size).then_some(Misfit::TooSmall)
}

/// Refuses a drive that cannot be a member of `array`.
pub(super) fn check(controller: &Controller, array: &Array, drive: &Drive) -> Result<(), u16> {
    match misfit(controller, array, drive) {
        None => Ok(()),
        Some(Misfit::TooSmall) => Err(status::TOO_SMALL),
        Some(_) => Err(status::WRONG_KIND),
    }
}

/// Puts the drive `id` in the place of a lost one and begins its rebuild.
fn replace(controller: &mut Controller, loss: &Loss, id: DeviceId, commission: Option<Commission>) {
    let reference = loss.array.reference;
    copyback::give_way(controller, reference);
    let known = controller
        .arrays
        .iter_mut()
        .find(|it| it.reference == reference);
    if let Some(array) = known {
        if let Some(member) = array.members.get_mut(loss.arm) {
            *member = Some(id);
        }
        if commission.is_none() {
            array.homes.remove(&loss.arm);
        } else if let Some(lost) = &loss.lost {
            array.add_home(loss.arm, (lost.enclosure, lost.slot));
        }
    }
    if let Some(lost) = loss.lost.as_ref().filter(|lost| lost.device_id != id) {
        policy::set_state(controller, lost.device_id, DriveState::UnconfiguredBad);
    }
    begin(controller, id, false);
    if let Some(drive) = controller.drive_mut(id) {
        drive.commission = commission;
    }
}

/// Begins the rebuild of a member: somebody asked for it, or the firmware does it by itself.
pub(super) fn begin(controller: &mut Controller, id: DeviceId, by_user: bool) {
    let Some(drive) = controller.drive_mut(id) else {
        return;
    };
    drive.activities.rebuild = Some(Progress::default());
    drive.foreign = false;
    drive.membership = None;
    let drive = drive.clone();
    let (kind, words) = if by_user {
        (events::REBUILD_STARTED_BY_USER, "Rebuild started on PD")
    } else {
        let words = "Rebuild automatically started on PD";
        (events::REBUILD_STARTED, words)
    };
    log_drive(controller, kind, &drive, words);
    policy::set_state(controller, id, DriveState::Rebuild);
}

/// A drive that can be configured stands in a bay: it replaces what the bay lost.
pub(super) fn take_in(controller: &mut Controller, id: DeviceId) {
    let Some(drive) = controller.drive(id).cloned() else {
        return;
    };
    if !is_free(&drive) || controller.info.no_auto_rebuild != 0 {
        return;
    }
    let bay = (drive.enclosure, drive.slot);
    let here: Vec<Loss> = losses(controller)
        .into_iter()
        .filter(|loss| loss.array.is_home(loss.arm, bay))
        .collect();
    let fitting = here
        .iter()
        .find(|loss| fits(controller, &loss.array, &drive));
    if let Some(loss) = fitting {
        replace(controller, loss, id, None);
    } else if let Some(loss) = here.first() {
        say_misfit(controller, &loss.array, &drive);
    }
}

/// Writes why a drive in the bay of a lost one is not rebuilt.
fn say_misfit(controller: &mut Controller, array: &Array, drive: &Drive) {
    let name = drive_name(drive);
    let (kind, words) = match misfit(controller, array, drive) {
        Some(Misfit::TooSmall) => (
            events::TOO_SMALL,
            format!("PD too small to be used for auto-rebuild on {name}"),
        ),
        Some(Misfit::OtherInterface) => (
            events::OTHER_INTERFACE,
            "Rebuild not possible as SAS/SATA is not supported in an array".to_owned(),
        ),
        Some(Misfit::OtherMedium) => (
            events::OTHER_MEDIUM,
            "Rebuild not possible as HDD/SSD mix is not supported in an array".to_owned(),
        ),
        // The firmware has no event for that.
        Some(Misfit::OtherSectors) | None => return,
    };
    let arguments = events::Arguments::Drive(events::Arguments::drive(drive));
    events::log(controller, kind, words, arguments);
}
