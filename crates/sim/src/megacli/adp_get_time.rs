//! `-AdpGetTime`: the controller's clock.

use super::answer::line;
use super::{Answer, Arguments, selected};
use crate::state::Host;
use crate::time;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let now = time::civil(controller.info.time);
        line!(answer);
        line!(answer, "Adapter {number}:");
        line!(answer, "    Date: {}", now.strftime("%m/%d/%Y"));
        line!(answer, "    Time: {}", now.strftime("%H:%M:%S"));
    }
}
