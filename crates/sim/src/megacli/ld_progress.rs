//! `-LDCC`, `-LDBI`, `-LDInit` and `-LDRecon` with `-ShowProg`: what runs on virtual drives; and
//! `-LDBI -getSetting`.

use super::answer::line;
use super::words::{minutes, percent};
use super::{Answer, Arguments, Selection, opcode, selected, targets};
use crate::state::{Host, Progress, VirtualActivities, VirtualDrive};

/// How a command speaks of what it looks for.
struct Operation {
    name: &'static str,
    progress: fn(VirtualActivities) -> Option<Progress>,
    /// Before the percentage.
    done: &'static str,
    /// Behind "is not in".
    running: &'static str,
}

/// `-LDCC -ShowProg`.
pub(super) fn consistency_check(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let operation = Operation {
        name: "Check Consistency",
        progress: |running| running.consistency_check,
        done: "Completed",
        running: "progress",
    };
    show(host, arguments, answer, &operation);
}

/// `-LDBI -ShowProg`.
pub(super) fn background_initialization(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let operation = Operation {
        name: "Background Initialization",
        progress: |running| running.background_initialization,
        done: "Complete",
        running: "Progress",
    };
    show(host, arguments, answer, &operation);
}

/// `-LDInit -ShowProg`.
pub(super) fn initialization(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let operation = Operation {
        name: "Initialization",
        progress: |running| running.foreground_initialization,
        done: "Complete",
        running: "progress",
    };
    show(host, arguments, answer, &operation);
}

/// `-LDRecon -ShowProg`.
pub(super) fn reconstruction(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let operation = Operation {
        name: "Reconstruction",
        progress: |running| running.reconstruction,
        done: "Completed",
        running: "Progress",
    };
    show(host, arguments, answer, &operation);
}

/// `-LDBI -getSetting`.
pub(super) fn setting(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    each(host, arguments, answer, |answer, number, drive| {
        let setting = if drive.no_background_initialization {
            "Disabled"
        } else {
            "Enabled"
        };
        let target = drive.target;
        line!(
            answer,
            "Background Initialization is {setting} on VD {target} (target id: {target}) on Adapter {number}"
        );
    });
}

fn show(host: &Host, arguments: &Arguments, answer: &mut Answer, operation: &Operation) {
    let Operation {
        name,
        progress,
        done,
        running,
    } = operation;
    each(host, arguments, answer, |answer, _, drive| {
        let target = drive.target;
        if let Some(progress) = progress(drive.activities) {
            line!(
                answer,
                "{name} on VD #{target} (target id #{target}) {done} {}% in {} Minutes.",
                percent(progress),
                minutes(progress)
            );
        } else {
            line!(answer, "{name} on VD #{target} is not in {running}.");
        }
    });
}

/// Does `put` for every virtual drive that the command line names, or says why not.
fn each(
    host: &Host,
    arguments: &Arguments,
    answer: &mut Answer,
    put: impl Fn(&mut Answer, u32, &VirtualDrive),
) {
    for (number, controller) in selected(host, arguments) {
        if controller.fault(opcode::VIRTUAL_DRIVE_LIST).is_some() {
            if let Some(Selection::These(_)) = arguments.virtual_drives {
                targets::not_listed(answer, number);
            } else {
                line!(answer, "Adapter #{number}: Failed to Perform LD Operation.");
                answer.status = 1;
            }
            continue;
        }
        if controller.virtual_drives.is_empty() {
            line!(answer, "Adapter {number}: No Virtual Drive Configured.");
            answer.status = 1;
        }
        // For all virtual drives at once it reads the list of the physical drives as well.
        let is_known = match arguments.virtual_drives {
            Some(Selection::These(_)) => controller.fault(opcode::CONFIGURATION).is_none(),
            Some(Selection::All) | None => targets::can_be_read(controller),
        };
        if !is_known {
            return answer.crash();
        }
        for drive in targets::wanted(controller, arguments) {
            match drive {
                Ok(drive) => put(answer, number, drive),
                Err(target) => targets::missing(answer, number, target),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Controller;

    /// No captured scenario has anything running on a virtual drive; the stories of changing commands
    /// and outputs of real machines have.
    #[test]
    fn what_runs_is_told_in_percent_and_minutes() {
        let progress = Some(Progress {
            fraction: 0x51ec,
            elapsed: 119,
            ..Progress::default()
        });
        let controller = Controller {
            virtual_drives: vec![VirtualDrive {
                target: 1,
                activities: VirtualActivities {
                    consistency_check: progress,
                    background_initialization: progress,
                    foreground_initialization: progress,
                    reconstruction: progress,
                },
                ..VirtualDrive::default()
            }],
            ..Controller::default()
        };
        let host = Host {
            controllers: vec![controller],
            ..Host::default()
        };
        let told = |show: fn(&Host, &Arguments, &mut Answer), line: &str| {
            let arguments = Arguments::of_words(["-L1", "-a0"]);
            let mut answer = Answer::default();
            show(&host, &arguments, &mut answer);
            assert!(answer.text().contains(line), "{}", answer.text());
        };
        told(
            consistency_check,
            "\nCheck Consistency on VD #1 (target id #1) Completed 32% in 1 Minutes.\n",
        );
        told(
            background_initialization,
            "\nBackground Initialization on VD #1 (target id #1) Complete 32% in 1 Minutes.\n",
        );
        told(
            initialization,
            "\nInitialization on VD #1 (target id #1) Complete 32% in 1 Minutes.\n",
        );
        told(
            reconstruction,
            "\nReconstruction on VD #1 (target id #1) Completed 32% in 1 Minutes.\n",
        );
    }
}
