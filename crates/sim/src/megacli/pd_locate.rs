//! `-PdLocate`: the light of a bay.

use super::order::{each, say};
use super::{Answer, Arguments, opcode};
use crate::firmware::drives;
use crate::state::Host;

/// `-PdLocate` and `-PdLocate -start`.
pub(super) fn start(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    switch(host, arguments, answer, true);
}

/// `-PdLocate -stop`.
pub(super) fn stop(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    switch(host, arguments, answer, false);
}

fn switch(host: &mut Host, arguments: &Arguments, answer: &mut Answer, on: bool) {
    let (verb, opcode) = if on {
        ("Start", opcode::LOCATE_START)
    } else {
        ("Stop", opcode::LOCATE_STOP)
    };
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode, |controller, id| drives::locate(controller, id, on));
        let (number, place) = (order.number, order.place());
        let done = format!(
            "Adapter: {number}: Device at {place}  -- PD Locate {verb} Command was successfully sent to Firmware "
        );
        let failed = format!("Adapter: {number}: Physical Device at {place} could not be located");
        say(answer, outcome, &done, &failed)
    });
}
