//! `-adpCount`: how many controllers there are. The exit status says so, too.

use super::answer::line;
use super::{Answer, Arguments, controllers};
use crate::state::Host;

pub(super) fn answer(host: &Host, _: &Arguments, answer: &mut Answer) {
    let count = u16::try_from(controllers(host).count()).unwrap_or(u16::MAX);
    line!(answer);
    line!(answer, "Controller Count: {count}.");
    answer.status = count;
}
