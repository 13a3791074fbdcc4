//! `-AdpGetPciInfo`: where a controller sits on the PCI bus.

use super::answer::line;
use super::{Answer, Arguments, selected};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let info = &controller.info;
        line!(answer, "PCI information for Controller {number}");
        line!(answer, "--------------------------------");
        line!(answer, "Bus Number      : {}", info.bus);
        line!(answer, "Device Number   : {}", info.bus_device);
        line!(answer, "Function Number : {}", info.bus_function);
        line!(answer);
    }
}
