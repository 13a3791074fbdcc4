//! `-LDGetProp`: a property of virtual drives.

use super::adp_get_prop::power_save;
use super::answer::line;
use super::virtual_drive::{access, cache_policy, disk_cache};
use super::{Answer, Arguments, opcode, selected, targets};
use crate::state::bits::virtual_drive_operations;
use crate::state::{Controller, Host, VirtualDrive};

/// `-Access`.
pub(super) fn access_policy(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, name, drive| {
        let policy = access(drive.access);
        line!(answer, "{name}: Access Policy: {policy}");
        line!(answer, "Current Access Policy: {policy}");
        line!(answer);
    });
}

/// `-Cache`.
pub(super) fn cache(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, name, drive| {
        // The same words as elsewhere, but for one letter.
        let policy = cache_policy(drive.current_cache).replace("Bad BBU", "bad BBU");
        line!(answer, "{name}: Cache Policy:{policy}");
    });
}

/// `-Consistency`.
pub(super) fn consistency(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, _, drive| {
        let is = if drive.is_consistent {
            "Consistent"
        } else {
            "Inconsistent"
        };
        let target = drive.target;
        line!(
            answer,
            "Virtual Drive:{target:02}(Target ID {target:02}): {is}."
        );
    });
}

/// `-DskCache`.
pub(super) fn drive_cache(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, name, drive| {
        line!(answer, "{name}: Disk Write Cache : {}", disk_cache(drive));
    });
}

/// `-Name`.
pub(super) fn name(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, name, drive| {
        line!(answer, "{name}: Name: {}", drive.name);
    });
}

/// `-PSPolicy`: it ends at the first controller that has none.
pub(super) fn power_savings(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let Some(drives) = drives(answer, number, controller, arguments) else {
            return;
        };
        if controller.info.virtual_drive_operations & virtual_drive_operations::POWER_SAVINGS == 0 {
            line!(
                answer,
                "Adapter does not support Power savings on logical drives."
            );
            answer.status = 1;
            return;
        }
        for drive in drives {
            let target = drive.target;
            line!(answer);
            line!(
                answer,
                "Virtual Drive:{target:02}(Target ID {target:02}):  ."
            );
            line!(answer);
            line!(answer);
            let policy = power_save(u32::from(drive.power_policy));
            line!(answer, "Default power saving policy : {policy}");
            line!(answer, "Current power saving policy : {policy}");
            line!(answer);
        }
    }
}

/// Does `put` for every virtual drive that the command line names, with its name: `Adapter 0-VD
/// 0(target id: 0)`.
fn each(
    host: &Host,
    arguments: &Arguments,
    answer: &mut Answer,
    put: impl Fn(&mut Answer, &str, &VirtualDrive),
) {
    for (number, controller) in selected(host, arguments) {
        for drive in drives(answer, number, controller, arguments).unwrap_or_default() {
            let target = drive.target;
            let name = format!("Adapter {number}-VD {target}(target id: {target})");
            put(answer, &name, drive);
        }
    }
}

/// The virtual drives that the command line names; what is wrong with the others is said. `None` if
/// there is none on this controller.
fn drives<'a>(
    answer: &mut Answer,
    number: u32,
    controller: &'a Controller,
    arguments: &Arguments,
) -> Option<Vec<&'a VirtualDrive>> {
    if controller.fault(opcode::VIRTUAL_DRIVE_LIST).is_some() {
        targets::not_listed(answer, number);
        return None;
    }
    if controller.virtual_drives.is_empty() {
        line!(answer, "No Logical drive configured.");
        answer.status = 1;
        return None;
    }
    if !targets::can_be_read(controller) {
        answer.crash();
        return None;
    }
    let wanted = targets::wanted(controller, arguments);
    for target in wanted.iter().filter_map(|drive| drive.err()) {
        targets::missing(answer, number, target);
    }
    Some(wanted.into_iter().flatten().collect())
}
