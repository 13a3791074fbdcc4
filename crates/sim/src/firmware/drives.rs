//! What somebody asks of physical drives. Each order is refused with a status ([`status`]) where real
//! firmware is known to refuse it, or where a comment says why.

use super::events::{self, drive_name, log_drive};
use super::{Level, copyback, foreign, happenings, operations, policy, spares, status};
use crate::state::{
    Commission, Controller, DeviceId, Drive, DriveState, Power, Progress, Spare, VirtualState,
    switches,
};

/// What comes of an order: a refusal is a status of the firmware.
pub type Outcome = Result<(), u16>;

fn find(controller: &Controller, id: DeviceId) -> Result<Drive, u16> {
    let found = controller.drive(id).cloned();
    found.ok_or(status::NO_SUCH_DEVICE)
}

/// Refuses unless `is`.
fn want(is: bool, otherwise: u16) -> Outcome {
    if is { Ok(()) } else { Err(otherwise) }
}

/// Takes a member off line. The firmware does not ask what becomes of the virtual drive.
///
/// # Errors
/// If it is no member that works, is rebuilt or failed.
pub fn take_offline(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    let can = matches!(
        drive.state,
        DriveState::Online | DriveState::Rebuild | DriveState::Failed
    );
    let is_member = controller.seat(id).is_some();
    want(can && is_member, status::WRONG_STATE)?;
    operations::abort(controller, id);
    policy::set_state_by_user(controller, id, DriveState::Offline);
    policy::settle(controller);
    Ok(())
}

/// Puts a member back on line. The firmware does not ask how old its data is.
///
/// # Errors
/// If it is no member that was taken off line or failed.
pub fn put_online(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    let is_off = matches!(drive.state, DriveState::Offline | DriveState::Failed);
    want(is_off && controller.seat(id).is_some(), status::WRONG_STATE)?;
    policy::set_state_by_user(controller, id, DriveState::Online);
    policy::settle(controller);
    Ok(())
}

/// Takes a member that does not work out of its drive group: its row misses a drive then.
///
/// # Errors
/// If it is no member that was taken off line or failed.
pub fn mark_missing(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    let is_off = matches!(drive.state, DriveState::Offline | DriveState::Failed);
    want(is_off, status::WRONG_STATE)?;
    // One that was taken off line is whole; one that failed is not.
    let to = if drive.state == DriveState::Failed {
        DriveState::UnconfiguredBad
    } else {
        DriveState::UnconfiguredGood
    };
    let (reference, arm) = controller.seat(id).ok_or(status::WRONG_STATE)?;
    for array in &mut controller.arrays {
        if array.reference == reference {
            array.add_home(arm, (drive.enclosure, drive.slot));
            if let Some(member) = array.members.get_mut(arm) {
                *member = None;
            }
        }
    }
    let words = format!("PD marked missing at array {reference:x} row {arm:x}");
    log_drive(controller, events::MARKED_MISSING, &drive, &words);
    policy::set_state_by_user(controller, id, to);
    policy::settle(controller);
    Ok(())
}

/// Puts an unconfigured drive into the row of a missing one. It is off line there until somebody begins
/// its rebuild.
///
/// # Errors
/// If the row does not exist or has a drive, or the drive is not free, too small or of another kind.
pub fn replace_missing(
    controller: &mut Controller,
    id: DeviceId,
    reference: u16,
    row: usize,
) -> Outcome {
    let drive = find(controller, id)?;
    let array = controller.array(reference).cloned();
    let array = array.ok_or(status::NO_SUCH_ARRAY)?;
    let member = array.members.get(row).ok_or(status::NO_SUCH_ROW)?;
    want(member.is_none(), status::ROW_TAKEN)?;
    want(spares::is_free(&drive), status::WRONG_STATE)?;
    spares::check(controller, &array, &drive)?;
    for known in &mut controller.arrays {
        if known.reference == reference {
            known.homes.remove(&row);
            if let Some(member) = known.members.get_mut(row) {
                *member = Some(id);
            }
        }
    }
    let words = format!("Replaced missing as PD at array {reference:x} row {row:x}");
    log_drive(controller, events::REPLACED_MISSING, &drive, &words);
    claim(controller, id);
    policy::set_state_by_user(controller, id, DriveState::Offline);
    policy::settle(controller);
    Ok(())
}

/// A drive is going to be used: it turns, and what its metadata said counts no more.
fn claim(controller: &mut Controller, id: DeviceId) {
    if let Some(drive) = controller.drive_mut(id) {
        drive.power = Power::SpunUp;
        drive.membership = None;
    }
}

/// Makes a drive usable: a bad one, a hot spare, or one that the host had.
///
/// # Errors
/// If it is a member, or unconfigured (good) already.
pub fn make_good(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    let can = matches!(
        drive.state,
        DriveState::UnconfiguredBad | DriveState::HotSpare | DriveState::Jbod
    );
    want(can, status::WRONG_STATE)?;
    if drive.state == DriveState::HotSpare {
        disable_spare(controller, &drive);
    }
    policy::set_state_by_user(controller, id, DriveState::UnconfiguredGood);
    if drive.state == DriveState::UnconfiguredBad && !drive.foreign {
        happenings::show_configuration(controller, id);
    }
    policy::settle(controller);
    Ok(())
}

/// Gives an unconfigured drive to the host as it is.
///
/// # Errors
/// If it is not free, or the controller's JBOD property is off.
pub fn make_jbod(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    let is_allowed = controller.info.switches & switches::JBOD != 0;
    want(is_allowed && spares::is_free(&drive), status::WRONG_STATE)?;
    claim(controller, id);
    policy::set_state_by_user(controller, id, DriveState::Jbod);
    Ok(())
}

/// Stops an unconfigured drive, so that it can be pulled.
///
/// # Errors
/// If it is used for something.
pub fn prepare_removal(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    let is_idle = drive.activities.clear.is_none() && drive.activities.erase.is_none();
    want(is_unconfigured(&drive) && is_idle, status::WRONG_STATE)?;
    set_power(controller, id, Power::SpunDown);
    Ok(())
}

/// Lets a drive that was prepared for removal turn again.
///
/// # Errors
/// If it was not.
pub fn undo_removal(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    let is_prepared = is_unconfigured(&drive) && drive.power == Power::SpunDown;
    want(is_prepared, status::WRONG_STATE)?;
    set_power(controller, id, Power::SpunUp);
    Ok(())
}

fn is_unconfigured(drive: &Drive) -> bool {
    matches!(
        drive.state,
        DriveState::UnconfiguredGood | DriveState::UnconfiguredBad
    )
}

fn set_power(controller: &mut Controller, id: DeviceId, power: Power) {
    if let Some(drive) = controller.drive_mut(id) {
        drive.power = power;
    }
}

/// Lets a drive's light blink, or ends that.
///
/// # Errors
/// If there is no such drive.
pub fn locate(controller: &mut Controller, id: DeviceId, on: bool) -> Outcome {
    let drive = controller.drive_mut(id).ok_or(status::NO_SUCH_DEVICE)?;
    drive.locating = on;
    Ok(())
}

/// Makes a drive a hot spare; one that is a spare already becomes one of another kind.
///
/// # Errors
/// If the drive is used, bad, foreign, being cleared, or does not fit a drive group that it shall serve.
pub fn make_spare(controller: &mut Controller, spare: Spare) -> Outcome {
    let id = spare.device_id;
    let drive = find(controller, id)?;
    want(controller.seat(id).is_none(), status::IN_USE)?;
    let can = matches!(
        drive.state,
        DriveState::UnconfiguredGood | DriveState::HotSpare
    );
    want(can, status::WRONG_STATE)?;
    want(!drive.foreign, status::WRONG_KIND)?;
    let is_cleared = drive.activities.clear.is_some() || drive.activities.erase.is_some();
    want(!is_cleared, status::CLEAR_RUNS)?;
    for &reference in &spare.arrays {
        let array = controller.array(reference).ok_or(status::NO_SUCH_ARRAY)?;
        spares::check(controller, array, &drive)?;
    }
    controller.spares.retain(|it| it.device_id != id);
    let revertible = spare.kind & Spare::REVERTIBLE != 0;
    let reverts = if revertible { ",rev" } else { "" };
    let (kind, words) = if spare.is_dedicated() {
        let count = spare.arrays.len();
        let words = format!("Dedicated Hot Spare created on PD (ded{reverts},ac={count})");
        (events::DEDICATED_SPARE, words)
    } else {
        let words = format!("Global Hot Spare created on PD (global{reverts})");
        (events::GLOBAL_SPARE, words)
    };
    controller.spares.push(spare);
    claim(controller, id);
    if drive.state == DriveState::HotSpare {
        if let Some(drive) = controller.drive_mut(id) {
            drive.sequence = drive.sequence.wrapping_add(1);
        }
    } else {
        policy::set_state_by_user(controller, id, DriveState::HotSpare);
    }
    log_drive(controller, kind, &drive, &words);
    policy::settle(controller);
    Ok(())
}

/// A hot spare is unconfigured again.
///
/// # Errors
/// If the drive is none.
pub fn remove_spare(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    want(controller.seat(id).is_none(), status::IN_USE)?;
    want(drive.state == DriveState::HotSpare, status::WRONG_STATE)?;
    disable_spare(controller, &drive);
    policy::set_state_by_user(controller, id, DriveState::UnconfiguredGood);
    Ok(())
}

fn disable_spare(controller: &mut Controller, drive: &Drive) {
    let id = drive.device_id;
    let mut spares = controller.spares.iter();
    let is_dedicated = spares.any(|it| it.device_id == id && it.is_dedicated());
    let (kind, words) = if is_dedicated {
        let words = "Dedicated Hot Spare PD disabled";
        (events::DEDICATED_SPARE_DISABLED, words)
    } else {
        (
            events::GLOBAL_SPARE_DISABLED,
            "Global Hot Spare PD disabled",
        )
    };
    log_drive(controller, kind, drive, words);
    controller.spares.retain(|it| it.device_id != id);
}

/// Begins the rebuild of a member that was taken off line or failed.
///
/// # Errors
/// If it is no such member, or what it held cannot be restored from the others.
pub fn start_rebuild(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    let is_off = matches!(drive.state, DriveState::Offline | DriveState::Failed);
    want(is_off, status::WRONG_STATE)?;
    let (reference, _) = controller.seat(id).ok_or(status::WRONG_STATE)?;
    for it in spares::on_array(controller, reference) {
        want(Level::of(it) != Level::Stripe, status::WRONG_LEVEL)?;
        want(
            it.state != VirtualState::Offline,
            status::VIRTUAL_DRIVE_OFFLINE,
        )?;
        want(
            it.activities.reconstruction.is_none(),
            status::RECONSTRUCTION_RUNS,
        )?;
    }
    copyback::give_way(controller, reference);
    spares::begin(controller, id, true);
    policy::settle(controller);
    Ok(())
}

/// Ends the rebuild of a member, which is off line then.
///
/// # Errors
/// If it is not being rebuilt.
pub fn stop_rebuild(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    want(drive.state == DriveState::Rebuild, status::WRONG_STATE)?;
    if let Some(drive) = controller.drive_mut(id) {
        drive.activities.rebuild = None;
    }
    let words = "Rebuild aborted by user on PD";
    log_drive(controller, events::REBUILD_ABORTED, &drive, words);
    policy::set_state_by_user(controller, id, DriveState::Offline);
    policy::settle(controller);
    Ok(())
}

/// Lets a rebuild wait, or go on.
///
/// # Errors
/// If the drive is not being rebuilt, or does so already.
pub fn suspend_rebuild(controller: &mut Controller, id: DeviceId, suspended: bool) -> Outcome {
    let drive = controller.drive_mut(id).ok_or(status::NO_SUCH_DEVICE)?;
    suspend(drive.activities.rebuild.as_mut(), suspended)?;
    if !suspended {
        let drive = drive.clone();
        log_drive(
            controller,
            events::REBUILD_RESUMED,
            &drive,
            "Rebuild resumed on PD",
        );
    }
    Ok(())
}

/// Lets a copyback wait, or go on.
///
/// # Errors
/// If the drive is not the target of one, or does so already.
pub fn suspend_copyback(controller: &mut Controller, id: DeviceId, suspended: bool) -> Outcome {
    let drive = controller.drive_mut(id).ok_or(status::NO_SUCH_DEVICE)?;
    let copyback = drive.activities.copyback.as_mut();
    suspend(copyback.map(|copyback| &mut copyback.progress), suspended)?;
    let source = drive.activities.copyback.map(|it| it.source);
    let drive = drive.clone();
    let from = source.filter(|_| !suspended);
    if let Some(from) = from.and_then(|id| controller.drive(id)).cloned() {
        let words = format!("CopyBack resumed on PD from {}", drive_name(&from));
        log_drive(controller, events::COPYBACK_RESUMED, &drive, &words);
    }
    Ok(())
}

fn suspend(running: Option<&mut Progress>, suspended: bool) -> Outcome {
    let running = running.ok_or(status::WRONG_STATE)?;
    want(running.suspended != suspended, status::WRONG_STATE)?;
    running.suspended = suspended;
    Ok(())
}

/// Begins to overwrite an unconfigured drive with zeros.
///
/// # Errors
/// If it is used or bad, or that runs already. A foreign drive is refused: what it brought would be lost.
pub fn start_clear(controller: &mut Controller, id: DeviceId) -> Outcome {
    check_wipe(controller, id)?;
    let Some(drive) = wipe(controller, id) else {
        return Ok(());
    };
    if let Some(drive) = controller.drive_mut(id) {
        drive.activities.clear = Some(Progress::default());
    }
    let words = "Clear started on PD";
    log_drive(controller, events::CLEAR_STARTED, &drive, words);
    Ok(())
}

/// Begins to erase an unconfigured drive with patterns.
///
/// # Errors
/// As [`start_clear`].
pub fn start_erase(controller: &mut Controller, id: DeviceId) -> Outcome {
    check_wipe(controller, id)?;
    let Some(_) = wipe(controller, id) else {
        return Ok(());
    };
    if let Some(drive) = controller.drive_mut(id) {
        drive.activities.erase = Some(Progress::default());
    }
    Ok(())
}

fn check_wipe(controller: &Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    let runs = drive.activities.clear.is_some() || drive.activities.erase.is_some();
    want(!runs, status::CLEAR_RUNS)?;
    want(spares::is_free(&drive), status::WRONG_STATE)
}

/// A drive is going to be overwritten. Gives it.
fn wipe(controller: &mut Controller, id: DeviceId) -> Option<Drive> {
    let drive = controller.drive_mut(id)?;
    drive.power = Power::SpunUp;
    drive.sequence = drive.sequence.wrapping_add(1);
    Some(drive.clone())
}

/// Ends the overwriting of a drive.
///
/// # Errors
/// If it is not being cleared.
pub fn stop_clear(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    want(drive.activities.clear.is_some(), status::WRONG_STATE)?;
    if let Some(drive) = controller.drive_mut(id) {
        drive.activities.clear = None;
    }
    let words = "Clear aborted on PD";
    log_drive(controller, events::CLEAR_ABORTED, &drive, words);
    Ok(())
}

/// Ends the erasing of a drive.
///
/// # Errors
/// If it is not being erased.
pub fn stop_erase(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = controller.drive_mut(id).ok_or(status::NO_SUCH_DEVICE)?;
    let erase = drive.activities.erase.take();
    want(erase.is_some(), status::WRONG_STATE)
}

/// Makes a drive that encrypts forget its key: what is on it is gone.
///
/// # Errors
/// If it does not encrypt, or is used.
pub fn erase_instantly(controller: &mut Controller, id: DeviceId) -> Outcome {
    const CAPABLE: u8 = 0x01;
    let drive = find(controller, id)?;
    want(drive.security & CAPABLE != 0, status::NO_INSTANT_ERASE)?;
    want(is_unconfigured(&drive), status::WRONG_STATE)?;
    foreign::forget(controller, id);
    foreign::free(controller, id);
    if let Some(drive) = controller.drive_mut(id) {
        drive.security = CAPABLE;
        drive.sequence = drive.sequence.wrapping_add(1);
    }
    Ok(())
}

/// Begins to copy a member to an unconfigured drive or a hot spare, which takes its place then.
///
/// # Errors
/// If the source is no member that works or is copied already, or the target is not free or does not fit.
pub fn start_copyback(controller: &mut Controller, source: DeviceId, target: DeviceId) -> Outcome {
    let from = find(controller, source)?;
    let to = find(controller, target)?;
    let is_spare = to.state == DriveState::HotSpare;
    want(from.state == DriveState::Online, status::WRONG_STATE)?;
    want(is_spare || spares::is_free(&to), status::WRONG_STATE)?;
    want(
        !copyback::is_source(controller, source),
        status::WRONG_STATE,
    )?;
    let (reference, _) = controller.seat(source).ok_or(status::WRONG_STATE)?;
    let array = controller.array(reference).ok_or(status::NO_SUCH_ARRAY)?;
    spares::check(controller, array, &to)?;
    let spare = controller.spares.iter().find(|it| it.device_id == target);
    let commission = spare
        .cloned()
        .map(|spare| Commission { spare: Some(spare) });
    controller.spares.retain(|it| it.device_id != target);
    claim(controller, target);
    copyback::copy(controller, source, target, commission, true);
    Ok(())
}

/// Ends a copyback: its target is what it was before.
///
/// # Errors
/// If the drive is not the target of one.
pub fn stop_copyback(controller: &mut Controller, target: DeviceId) -> Outcome {
    let drive = find(controller, target)?;
    want(drive.activities.copyback.is_some(), status::WRONG_STATE)?;
    let words = "CopyBack aborted by user on PD";
    copyback::stop(controller, &drive, events::COPYBACK_ABORTED, words);
    Ok(())
}

/// Loads a firmware into a drive. The image is not known here, and so the revision stays as it was.
///
/// # Errors
/// If there is no such drive.
pub fn load_firmware(controller: &mut Controller, id: DeviceId) -> Outcome {
    let drive = find(controller, id)?;
    for (kind, words) in [
        (events::FIRMWARE_STARTED, "Microcode update started on PD"),
        (events::FIRMWARE_LOADED, "Microcode update completed on PD"),
    ] {
        log_drive(controller, kind, &drive, words);
    }
    Ok(())
}
