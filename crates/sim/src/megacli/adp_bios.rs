//! `-AdpBIOS`: the controller's BIOS at boot.

use super::answer::line;
use super::words::enabled;
use super::{Answer, Arguments, firmware_status, selected, selected_mut};
use crate::state::{Boot, Host};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let boot = &controller.boot;
        line!(
            answer,
            "BIOS on Adapter {number} is {}.",
            enabled(boot.bios)
        );
        let handling = if boot.continues_on_error {
            "Bypass"
        } else {
            "Stop on"
        };
        line!(answer, "    BIOS will {handling} error.");
        let is = enabled(boot.selects_drive);
        line!(answer, "Auto select Boot on Adapter {number} is {is}.");
    }
}

/// A setting of the BIOS: how it is called, where it is, and what it becomes.
type Setting = (&'static str, fn(&mut Boot) -> &mut bool, bool);

/// `-Enbl`.
pub(super) fn enable(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let to: Setting = ("Enabled", |boot| &mut boot.bios, true);
    set(host, arguments, answer, ("is", to));
}

/// `-Dsbl`.
pub(super) fn disable(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let to: Setting = ("Disabled", |boot| &mut boot.bios, false);
    set(host, arguments, answer, ("is", to));
}

/// `-SOE`.
pub(super) fn stop_on_error(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let to: Setting = ("Stop On Error", |boot| &mut boot.continues_on_error, false);
    set(host, arguments, answer, ("is set to", to));
}

/// `-BE`.
pub(super) fn bypass_error(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let to: Setting = ("Bypass Error", |boot| &mut boot.continues_on_error, true);
    set(host, arguments, answer, ("is set to", to));
}

fn set(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    (verb, (name, of, to)): (&str, Setting),
) {
    for (number, controller) in selected_mut(host, arguments) {
        let setting = of(&mut controller.boot);
        let verb = if *setting == to { "is Already" } else { verb };
        *setting = to;
        line!(answer, "BIOS {verb} {name} on Adapter {number}.");
    }
}

/// `-EnblAutoSelectBootLd`. No capture shows it; the words are those by which it is read.
pub(super) fn select_drive(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set_selects(true, host, arguments, answer);
}

/// `-DsblAutoSelectBootLd`.
pub(super) fn select_no_drive(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set_selects(false, host, arguments, answer);
}

fn set_selects(to: bool, host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        controller.boot.selects_drive = to;
        let is = enabled(to);
        line!(answer, "Auto select Boot on Adapter {number} is {is}.");
    }
}

/// `-HCOE` and `-HSM`: modes for hosts without a console. No captured firmware shows them, and none of
/// its readings has a place for them.
pub(super) fn headless(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    if let Some((number, _)) = selected(host, arguments).first() {
        firmware_status::not_sent(*number, firmware_status::INVALID_COMMAND, answer);
    }
}
