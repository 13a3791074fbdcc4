//! `-CfgLdDel` and `-CfgClr`: virtual drives are deleted, with the data on them.

use super::answer::line;
use super::firmware_status::explain;
use super::{Answer, Arguments, opcode, selected_mut, targets};
use crate::firmware::virtual_drives;
use crate::state::{Controller, Host};

/// `-CfgLdDel -L0 [-Force]`.
pub(super) fn delete(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        let wanted = targets::wanted(controller, arguments);
        let wanted: Vec<_> = wanted
            .into_iter()
            .map(|it| it.map(|it| it.target))
            .collect();
        for target in wanted {
            match target {
                Ok(target) => delete_one(controller, number, target, arguments, answer),
                // Unlike others, this leaves the status as it is.
                Err(target) => targets::say_missing(answer, number, target),
            }
        }
    }
}

fn delete_one(
    controller: &mut Controller,
    number: u32,
    target: u16,
    arguments: &Arguments,
    answer: &mut Answer,
) {
    let mut all = controller.virtual_drives.iter();
    let is_cached = controller
        .virtual_drive(target)
        .is_some_and(|it| !it.is_cachecade && !it.is_uncached)
        && all.any(|it| it.is_cachecade);
    if is_cached && !arguments.has("-force") {
        // Real words; that the status is 1 is a guess: no capture shows them.
        let words = "Virtual Disk is associate with Cache Cade. Please Use force option to delete";
        line!(answer, "{words}");
        answer.status = 1;
        return;
    }
    let done = controller
        .allows(opcode::DELETE_VIRTUAL_DRIVE)
        .and_then(|()| virtual_drives::delete(controller, target));
    match done {
        Ok(()) => {
            let words = format!("Deleted Virtual Drive-{target}(target id-{target})");
            line!(answer, "Adapter {number}: {words}");
        }
        Err(why) => {
            let words = "Failed to delete Virtual Drive";
            line!(answer, "Adapter {number}: {words}-{target}");
            explain(why, answer);
        }
    }
}

/// `-CfgClr [-Force]`: all of them, and the hot spares.
pub(super) fn clear(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    /// Data of virtual drives lies in a CacheCade.
    const CACHED_DATA: u16 = 0x66;
    for (number, controller) in selected_mut(host, arguments) {
        let cleared = controller.allows(opcode::CONFIGURATION_CLEAR);
        if !arguments.has("-force") {
            if cleared == Err(CACHED_DATA) {
                let words = "Performing this operation will result in data corruption or data lost, \
                             use -force option if you are sure to perform this operation.";
                line!(answer, "{words}");
            }
            line!(answer);
        }
        match cleared {
            Ok(()) => {
                virtual_drives::clear(controller);
                line!(answer, "Adapter {number}: Configuration is Cleared.");
            }
            Err(why) => {
                line!(answer, "Adapter {number}: Failed to Clear Configuration.");
                explain(why, answer);
            }
        }
    }
}
