//! `-LDRecon` and `-LdExpansion`: virtual drives get more drives, another RAID level, or more room.

use super::answer::line;
use super::firmware_status::explain;
use super::virtual_drive_order::{level, numbers};
use super::{Answer, Arguments, drive, opcode, selected_mut, targets};
use crate::firmware::drives::Outcome;
use crate::firmware::{reconstruction, status};
use crate::state::bits::operations;
use crate::state::{Controller, Host};

/// `-LDRecon -Start -r5 [-Add|-Rmv -PhysDrv[252:3]] -L0`.
pub(super) fn begin(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let Some(level) = level(arguments) else {
        let word = arguments.words.get(2).cloned().unwrap_or_default();
        answer.reject(&word);
        return;
    };
    for (number, controller) in selected_mut(host, arguments) {
        for target in targets::chosen(answer, number, controller, arguments) {
            let done = controller
                .allows(opcode::RECONSTRUCTION_START)
                .and_then(|()| {
                    let level = level?;
                    if level.is_spanned {
                        return Err(status::WRONG_LEVEL);
                    }
                    start(controller, target, level.span, arguments)
                });
            match done {
                Ok(()) => line!(answer, "Start Reconstruction of Virtual Drive Success."),
                Err(why) => {
                    line!(answer, "Failed to Start Reconstruction of Virtual Drive.");
                    explain(why, answer);
                }
            }
        }
    }
}

fn start(
    controller: &mut Controller,
    target: u16,
    level: crate::firmware::Level,
    arguments: &Arguments,
) -> Outcome {
    if arguments.has("-rmv") {
        // The captured one was refused so. Published migrations only add drives.
        return Err(status::WRONG_STATE);
    }
    let bays = arguments.drives.iter().flatten();
    let new = bays.map(|&bay| drive::in_bay(controller, bay).map(|drive| drive.device_id));
    let new: Result<Vec<u16>, _> = new.collect();
    let new = new.map_err(|_| status::NO_SUCH_DEVICE)?;
    reconstruction::begin(controller, target, level, &new)
}

/// `-LdExpansion -p50 -dontExpandArray -L0`: no captured controller can do that. Where one can, the words
/// are those of other commands.
pub(super) fn expand(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let percent = numbers(arguments, "-p").next().unwrap_or(0);
    let widens = !arguments.has("-dontExpandArray");
    for (number, controller) in selected_mut(host, arguments) {
        if controller.info.operations & operations::EXPANSION_IN_PLACE == 0 {
            let words = "Online Capacity Expansion without adding drives is not supported";
            line!(answer, "{words}");
            continue;
        }
        for target in targets::chosen(answer, number, controller, arguments) {
            let done = controller
                .allows(opcode::EXPAND_VIRTUAL_DRIVE)
                .and_then(|()| reconstruction::grow(controller, target, percent, widens));
            match done {
                Ok(()) => line!(answer, "Adapter {number}: Expanded VD {target}"),
                Err(why) => {
                    line!(answer, "Adapter {number}: Failed to expand VD {target}");
                    explain(why, answer);
                }
            }
        }
    }
}
