//! Whether the host uses what a change would take from it.

use super::{Check, Scene, Usage};
use crate::host::Target;

/// Whether the host uses `target`, which is called `what`; `why` says what becomes of its data.
pub(crate) fn check(scene: &Scene<'_>, target: Target, what: &str, why: &str) -> Check {
    const CODE: &str = "in_use";
    match (scene.usage)(target) {
        Usage::OtherHost => Check::holds(CODE, "the host is simulated, and uses nothing"),
        Usage::NoDevice => Check::holds(CODE, format!("the host has no block device for {what}")),
        Usage::Free(device) => Check::holds(
            CODE,
            format!("{device} is not mounted, nothing is built on it, and nobody has it open"),
        ),
        Usage::Used(device, uses) => {
            let observed = format!("{what} is {device}: {}", uses.join(", "));
            Check::refuses(CODE, observed, why)
                .possible("unmount it, take apart what is built on it, end the program")
        }
        Usage::Unknown(reason) => {
            let observed = format!("what the host does with {what} is not known: {reason}");
            Check::refuses(CODE, observed, why)
                .possible("make sure by hand that nothing uses it: lsblk")
        }
    }
}
