//! `-AdpBootDrive -Get`: the drive that the host boots from.

use super::answer::line;
use super::{Answer, Arguments, opcode, selected};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let needed = [opcode::CONFIGURATION, opcode::DRIVE_LIST];
        if needed.iter().any(|it| controller.fault(*it).is_some()) {
            line!(
                answer,
                "Adapter {number}: Failed to get Boot Virtual Drive."
            );
            answer.status = 1;
            return;
        }
        let mut drives = controller.virtual_drives.iter().map(|it| it.target);
        let position = drives.position(|target| Some(target) == controller.boot.virtual_drive);
        if let (Some(position), Some(target)) = (position, controller.boot.virtual_drive) {
            line!(
                answer,
                "Adapter {number}: Boot Virtual Drive - #{position} (target id - {target})."
            );
        } else {
            line!(
                answer,
                "Adapter {number}: No Virtual drive or Physical Drive is configured as boot drive."
            );
        }
    }
}
