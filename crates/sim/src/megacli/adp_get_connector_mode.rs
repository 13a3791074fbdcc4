//! `-AdpGetConnectorMode`: which of two plugs a connector uses. No firmware that was ever captured
//! knows it.

use super::answer::line;
use super::{Answer, Arguments, firmware_status, selected};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let controllers = selected(host, arguments);
    if let Some((number, _)) = controllers.first() {
        line!(answer, "Adapter {number}: Operation Failed.");
        firmware_status::explain(firmware_status::INVALID_COMMAND, answer);
    }
}
