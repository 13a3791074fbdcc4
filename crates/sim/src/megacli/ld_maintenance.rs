//! `-LDMakeSecure`, `-LDBBMClr` and `-LDJoinMirror`: rarely used commands about virtual drives.

use super::answer::line;
use super::firmware_status::explain;
use super::security_key::has_key;
use super::{Answer, Arguments, opcode, selected_mut, targets};
use crate::firmware::drives::Outcome;
use crate::firmware::{status, virtual_drives};
use crate::state::bits::{operations, virtual_drive_operations};
use crate::state::{Controller, Host};

/// A drive that can encrypt: a bit of [`Drive::security`](crate::state::Drive::security).
const CAN_ENCRYPT: u8 = 1;

/// `-LDMakeSecure -L0`. That it can go well no capture shows.
pub(super) fn make_secure(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        for target in targets::chosen(answer, number, controller, arguments) {
            line!(answer, "Virtual Drive: {target} (Target Id: {target})");
            line!(answer);
            let done = controller
                .allows(opcode::SECURE_VIRTUAL_DRIVE)
                .and_then(|()| secure(controller, target));
            match done {
                Ok(()) => line!(answer, "Successfully secured specified LD. "),
                Err(why) => {
                    line!(answer, "Unable to secure specified LD. ");
                    explain(why, answer);
                }
            }
        }
    }
}

fn secure(controller: &mut Controller, target: u16) -> Outcome {
    if controller.info.operations & operations::SECURITY == 0 {
        return Err(status::INVALID_COMMAND);
    }
    if !has_key(controller) {
        return Err(status::NOT_SECURED);
    }
    let it = controller.virtual_drive(target);
    let spans = it.into_iter().flat_map(|it| &it.spans);
    let arrays = spans.filter_map(|span| controller.array(span.array));
    let mut members = arrays.flat_map(|array| array.members.iter().flatten());
    let can = |id: &u16| {
        let drive = controller.drive(*id);
        drive.is_some_and(|drive| drive.security & CAN_ENCRYPT != 0)
    };
    if !members.all(can) {
        return Err(status::WRONG_SECURITY);
    }
    virtual_drives::set(controller, target, &virtual_drives::Property::Encryption(1))
}

/// `-LDBBMClr -L0`: no capture shows it.
pub(super) fn clear_bad_blocks(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        let can = controller.info.virtual_drive_operations;
        if can & virtual_drive_operations::BAD_BLOCK_TABLE == 0 {
            line!(
                answer,
                "Adapter {number}: Bad Block Table is not supported."
            );
            answer.status = 1;
            continue;
        }
        for target in targets::chosen(answer, number, controller, arguments) {
            let done = controller
                .allows(opcode::SET_VIRTUAL_DRIVE)
                .and_then(|()| virtual_drives::clear_bad_blocks(controller, target));
            match done {
                Ok(()) => line!(
                    answer,
                    "Adapter {number}: Bad Block Table is cleared on VD {target}"
                ),
                Err(why) => {
                    line!(
                        answer,
                        "Adapter {number}: Failed to clear Bad Block Table on VD {target}"
                    );
                    explain(why, answer);
                }
            }
        }
    }
}

/// `-LDJoinMirror -DataSrc 0 -L0`: joins the halves of a mirror that was broken. No command of the tool
/// breaks one, and no simulated virtual drive is broken; no capture shows it.
pub(super) fn join_mirror(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        let can = controller.info.virtual_drive_operations;
        if can & virtual_drive_operations::BREAK_MIRROR == 0 {
            line!(answer, "Adapter {number}: Break Mirror is not supported.");
            answer.status = 1;
            continue;
        }
        for target in targets::chosen(answer, number, controller, arguments) {
            line!(
                answer,
                "Adapter {number}: Failed to join mirror on VD {target}"
            );
            explain(status::WRONG_STATE, answer);
        }
    }
}
