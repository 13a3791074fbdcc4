//! `-GetKeyID`: the identifier of the security key of a controller, or of a drive. No controller that
//! was ever captured had one.

use super::answer::line;
use super::{Answer, Arguments, selected};
use crate::state::Host;
use crate::state::bits::operations;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let controllers = selected(host, arguments);
    answer.status = 1;
    let Some((number, controller)) = controllers.first() else {
        return;
    };
    if controller.info.operations & operations::SECURITY == 0 {
        // The real tool prints memory that it never set in place of the number.
        line!(answer, "Encryption is disabled on adapter {number} ");
        return;
    }
    if let Some(bay) = arguments.drives.as_ref().and_then(|bays| bays.first()) {
        let enclosure = bay.enclosure.map(|it| it.to_string()).unwrap_or_default();
        let slot = bay.slot;
        line!(
            answer,
            "Failed to get the Key ID on Device (Encl-{enclosure} Slot-{slot})"
        );
    } else {
        line!(answer, "Failed to get the Key ID on Adapter-{number}");
    }
}
