//! `-GetPreservedCacheList` and `-DiscardPreservedCache`: virtual drives whose dirty data the controller
//! keeps.

use super::answer::line;
use super::firmware_status::explain;
use super::virtual_drive::{self, Configuration};
use super::{Answer, Arguments, Selection, opcode, selected, selected_mut, targets};
use crate::firmware::virtual_drives;
use crate::state::{Controller, Host, VirtualState};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if controller.preserved_cache.is_empty() {
            put_none(answer, number);
            continue;
        }
        line!(answer, "Adapter #{number}");
        line!(answer);
        for &target in &controller.preserved_cache {
            let Some(drive) = controller.virtual_drive(target) else {
                line!(answer, "Virtual Drive(Target ID {target:02}): Missing.");
                continue;
            };
            let size = virtual_drive::size(Configuration::of(controller), drive);
            line!(
                answer,
                "Virtual Drive:{target:02}(Target ID {target:02}): {}, Size:{}MB, {} .",
                drive.name,
                size.mib(),
                virtual_drive::state(drive.state)
            );
        }
    }
}

fn put_none(answer: &mut Answer, number: u32) {
    line!(
        answer,
        "Adapter {number}: No Virtual Drive has Preserved Cache Data."
    );
}

/// `-DiscardPreservedCache -L0 [-force]`: what was written and never reached the drives is lost.
pub(super) fn discard(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if controller.preserved_cache.is_empty() {
            put_none(answer, number);
            continue;
        }
        line!(answer, "Adapter #{number}");
        line!(answer);
        let wanted: Vec<u16> = match &arguments.virtual_drives {
            Some(Selection::These(wanted)) => {
                let kept = wanted.iter().filter_map(|&it| u16::try_from(it).ok());
                kept.collect()
            }
            Some(Selection::All) | None => controller.preserved_cache.clone(),
        };
        let is_offline = |target: &u16| {
            let it = controller.virtual_drive(*target);
            it.is_some_and(|it| it.state == VirtualState::Offline)
        };
        if wanted.iter().any(is_offline) && !arguments.has("-force") {
            line!(answer);
            let words = " One or more virtual drives are Offline. In order to discard preserved cache \
                         use -force option. This will discard the preserved cache & delete the offline \
                         virtual drives.";
            line!(answer, "{words}");
            continue;
        }
        for target in wanted {
            discard_one(controller, number, target, answer);
        }
    }
}

fn discard_one(controller: &mut Controller, number: u32, target: u16, answer: &mut Answer) {
    if !controller.preserved_cache.contains(&target) {
        // No capture shows it.
        targets::say_missing(answer, number, u32::from(target));
        return;
    }
    let name = format!("Virtual Drive(Target ID {target:02})");
    match controller.allows(opcode::DISCARD_CACHE) {
        Ok(()) => {
            virtual_drives::discard_preserved_cache(controller, target);
            line!(answer, "{name}: Preserved Cache Data Cleared.");
        }
        Err(why) => {
            // No capture shows it.
            line!(answer, "{name}: Failed to clear Preserved Cache Data.");
            explain(why, answer);
        }
    }
}
