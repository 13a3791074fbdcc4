//! `-PDRbld`, `-PDClear` and `-PDCpyBk` with `-ShowProg`: what runs on physical drives.

use super::answer::line;
use super::words::{minutes, percent};
use super::{Answer, Arguments, drive, firmware_status, opcode, selected};
use crate::state::{Drive, Host, Progress};

/// `-PDRbld -ShowProg`.
pub(super) fn rebuild(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, None, |answer, drive| {
        let running = drive.activities.rebuild;
        show(answer, drive, "Rebuild", running, "rebuild");
    });
}

/// `-PDClear -ShowProg`.
pub(super) fn clear(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let refusal = "Failed to Perform to get progress on PD Operation.";
    each(host, arguments, answer, Some(refusal), |answer, drive| {
        show(answer, drive, "Clear", drive.activities.clear, "clear");
    });
}

/// `-SecureErase ShowProg`; no capture shows it.
pub(super) fn erase(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, None, |answer, drive| {
        show(answer, drive, "Erase", drive.activities.erase, "erase");
    });
}

/// `-PDCpyBk -ShowProg`, which takes one drive only.
pub(super) fn copyback(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    if selected(host, arguments).is_empty() {
        return;
    }
    if arguments.drives.as_ref().is_some_and(|bays| bays.len() > 1) {
        line!(answer, "Invalid Physical drive(s) specified.");
        answer.status = 1;
        return;
    }
    each(host, arguments, answer, None, |answer, drive| {
        if let Some(copyback) = drive.activities.copyback {
            progress(answer, drive, "Copyback", copyback.progress);
        } else {
            line!(answer, "Physical Drive is not in Copyback state.");
        }
    });
}

fn show(answer: &mut Answer, drive: &Drive, name: &str, running: Option<Progress>, process: &str) {
    if let Some(running) = running {
        progress(answer, drive, name, running);
    } else {
        line!(
            answer,
            "Device(Encl-{} Slot-{}) is not in {process} process",
            drive::enclosure(drive),
            drive.slot
        );
    }
}

fn progress(answer: &mut Answer, drive: &Drive, name: &str, progress: Progress) {
    line!(
        answer,
        "{name} Progress on Device at Enclosure {}, Slot {} Completed {}% in {} Minutes.",
        drive::enclosure(drive),
        drive.slot,
        percent(progress),
        minutes(progress)
    );
}

/// Does `put` for every drive that the command line names, up to the first that is not there or that
/// the firmware does not tell about; then `refusal` stands before its reason.
fn each(
    host: &Host,
    arguments: &Arguments,
    answer: &mut Answer,
    refusal: Option<&str>,
    put: impl Fn(&mut Answer, &Drive),
) {
    for (number, controller) in selected(host, arguments) {
        for found in drive::in_bays(controller, arguments) {
            match (found, controller.fault(opcode::DRIVE_INFO)) {
                (Ok(_), Some(status)) => {
                    if let Some(refusal) = refusal {
                        line!(answer, "Adapter #{number}: {refusal}");
                    }
                    firmware_status::explain(status, answer);
                    break;
                }
                (Ok(drive), None) => put(answer, drive),
                (Err(bay), _) => {
                    drive::not_found(answer, number, bay);
                    answer.status = 1;
                    break;
                }
            }
        }
    }
}
