//! `-getLdExpansionInfo`: no captured controller can grow a virtual drive within its drives.

use super::answer::line;
use super::{Answer, Arguments, selected};
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for _ in selected(host, arguments) {
        line!(
            answer,
            "Online Capacity Expansion without adding drives is not supported"
        );
    }
}
