//! `-PdFwDownload`: a firmware for physical drives.
//!
//! No capture shows this command: its words are made like those of `-PdLocate`.

use super::order::{each, say};
use super::{Answer, Arguments, opcode};
use crate::firmware::drives;
use crate::state::Host;

pub(super) fn answer(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, mut order| {
        let outcome = order.give(opcode::DRIVE_FIRMWARE, drives::load_firmware);
        let (number, place) = (order.number, order.place());
        let what = format!("Adapter: {number}: Firmware Download to Device at {place}");
        say(
            answer,
            outcome,
            &format!("{what} Success."),
            &format!("{what} Failed."),
        )
    });
}
