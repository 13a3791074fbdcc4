//! `-GetPreservedCacheList`: virtual drives whose dirty data the controller keeps.

use super::answer::line;
use super::virtual_drive::{self, Configuration};
use super::{Answer, Arguments, selected};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if controller.preserved_cache.is_empty() {
            line!(
                answer,
                "Adapter {number}: No Virtual Drive has Preserved Cache Data."
            );
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
