//! What the changing commands print: `-PDOffline`, `-CfgLdAdd`, `-AdpSetProp` and all the others.
//!
//! They share one vocabulary of sentences, so one parser reads them all. What it yields are claims:
//! see [`Outcome`].

mod change;
mod templates;

pub use change::is_change;

use templates::{ADVICE, CONTROLLERS, DRIVES, Template, VIRTUAL_DRIVES};

use crate::Report;
use crate::frame;
use crate::grammar;
use crate::model::{Advice, Claim, ControllerId, DriveAddress, Outcome, TargetId};
use crate::report::Subject;
use crate::scan::Scan;
use crate::sentence::{self, Holes};
use crate::text::Line;

/// Reads what a changing command printed.
pub fn outcome(text: &str) -> Report<Outcome> {
    let mut scan = Scan::new(text);
    let mut outcome = Outcome::default();
    let mut heading = Heading::default();
    while let Some(line) = scan.next() {
        let taken = heading.take(&line)
            || firmware(&mut outcome, &mut scan, &line)
            || sentence(&mut outcome, &heading, &line, line.text)
            || wrapped(&mut outcome, &heading, &mut scan, &line);
        if !taken {
            scan.frame(line);
        }
    }
    scan.finish(outcome)
}

/// What a heading says the following sentences are about.
#[derive(Debug, Default)]
struct Heading {
    controller: Option<ControllerId>,
    virtual_drive: Option<TargetId>,
}

impl Heading {
    /// `Adapter #0` and `Virtual Drive: 0 (Target Id: 0)`, alone on their lines.
    fn take(&mut self, line: &Line<'_>) -> bool {
        if let Some((controller, "")) = grammar::adapter_prefix(line.text) {
            *self = Self {
                controller: Some(controller),
                virtual_drive: None,
            };
            return true;
        }
        let target = sentence::matches("Virtual Drive: {v} (Target Id: {t})", line.text)
            .and_then(|holes| holes.target);
        if target.is_some() {
            self.virtual_drive = target;
        }
        target.is_some()
    }
}

/// A firmware sentence belongs to the claim before it, unless a complaint of the frame is later.
fn firmware<'a>(outcome: &mut Outcome, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let complaint = scan.last_complaint().map_or(0, |complaint| complaint.line);
    let Some(claim) = outcome
        .claims
        .last_mut()
        .filter(|claim| claim.line > complaint && claim.firmware.is_none())
    else {
        return false;
    };
    claim.firmware = frame::read_firmware_sentence(scan, line);
    claim.firmware.is_some()
}

/// The templates of all sentences, for recognising an output by them.
pub(super) fn sentences() -> impl Iterator<Item = &'static str> {
    [DRIVES, VIRTUAL_DRIVES, CONTROLLERS]
        .into_iter()
        .flatten()
        .map(|template| template.0)
}

/// Takes `words` if they are a sentence of the tables.
fn sentence(outcome: &mut Outcome, heading: &Heading, line: &Line<'_>, words: &str) -> bool {
    let (controller, rest) = match grammar::adapter_prefix(words) {
        Some((controller, rest)) => (Some(controller), rest),
        None => (None, words),
    };
    let found = [DRIVES, VIRTUAL_DRIVES, CONTROLLERS]
        .into_iter()
        .flatten()
        .find_map(|template| sentence::matches(template.0, rest).map(|holes| (template, holes)));
    if let Some((Template(_, action, says), holes)) = found {
        outcome.claims.push(Claim {
            line: line.number,
            controller: controller.or(holes.controller).or(heading.controller),
            subject: subject(&holes, heading),
            action: *action,
            says: *says,
            property: holes.name.map(str::to_owned),
            value: holes.value.map(str::to_owned),
            words: words.to_owned(),
            firmware: None,
        });
        return true;
    }
    let advice = ADVICE
        .iter()
        .find(|(template, _)| sentence::matches(template, rest).is_some());
    if let Some((_, kind)) = advice {
        outcome.advice.push(Advice {
            line: line.number,
            kind: *kind,
            words: words.to_owned(),
        });
    }
    advice.is_some()
}

/// Takes a sentence that goes on in the very next line.
fn wrapped<'a>(
    outcome: &mut Outcome,
    heading: &Heading,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    let Some(next) = scan.peek().filter(|next| next.number == line.number + 1) else {
        return false;
    };
    let words = format!("{} {}", line.text, next.text);
    let taken = sentence(outcome, heading, line, &words);
    if taken {
        scan.next();
    }
    taken
}

/// What the sentence is about: what its holes name, or else the virtual drive of the heading.
fn subject(holes: &Holes<'_>, heading: &Heading) -> Subject {
    let target = holes.target.or(holes.virtual_drive);
    if let Some(slot) = holes.slot {
        Subject::PhysicalDrive(DriveAddress {
            enclosure: holes.enclosure,
            slot,
        })
    } else if let (Some(array), Some(row)) = (holes.array, holes.row) {
        Subject::MissingDrive { array, row }
    } else if let Some(index) = holes.foreign {
        Subject::ForeignConfiguration(index)
    } else {
        target
            .or(heading.virtual_drive)
            .map_or(Subject::Command, Subject::VirtualDrive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Action, AdviceKind, EnclosureId, Says, Slot, Verdict};
    use crate::report::ComplaintKind;

    fn drive(enclosure: u32, slot: u32) -> Subject {
        Subject::PhysicalDrive(DriveAddress {
            enclosure: Some(EnclosureId(enclosure)),
            slot: Slot(slot),
        })
    }

    #[test]
    fn what_a_controller_refuses_in_words_is_refused() {
        for words in [
            "At least two arrays must be specified to configure spanned VD.",
            "Virtual Disk is associate with Cache Cade. Please Use force option to delete",
        ] {
            let report = outcome(words);
            assert_eq!(report.leftovers, []);
            assert_eq!(report.value.claims[0].says, Says::Refused, "{words}");
        }
    }

    #[test]
    fn each_drive_of_a_command_makes_a_claim_and_the_last_gets_the_firmware_sentence() {
        let report = outcome(
            "\r                                     \n\
             Started rebuild progress on device(Encl-252 Slot-2)\n\
             Cannot Rebuild Physical Drive at Enclosure - 252, Slot - 3.\n\n\
             FW error description: \n \
             The specified device is in a state that doesn't support the requested command.  \n\n\
             Exit Code: 0x32\n",
        );
        assert_eq!(report.leftovers, []);
        let [second, third] = &report.value.claims[..] else {
            panic!("{:?}", report.value)
        };
        assert_eq!(
            (&second.subject, second.says, second.firmware.as_deref()),
            (&drive(252, 2), Says::Started, None)
        );
        assert_eq!(
            (&third.subject, third.says, third.firmware.as_deref()),
            (
                &drive(252, 3),
                Says::Refused,
                Some(
                    "The specified device is in a state that doesn't support the requested command."
                )
            )
        );
        assert_eq!(report.verdict(), Verdict::Denied);
    }

    #[test]
    fn a_started_rebuild_with_a_firmware_sentence_is_contradicted() {
        let report = outcome(
            "Started rebuild progress on device(Encl-252 Slot-2)\n\nFW error description: \n  \
             Unknown error\n\nExit Code: 0x60\n",
        );
        assert_eq!(report.value.claims[0].says, Says::Started);
        assert_eq!(
            report.value.claims[0].firmware.as_deref(),
            Some("Unknown error")
        );
        assert_eq!(report.verdict(), Verdict::Contradicted);
    }

    #[test]
    fn a_failed_ioctl_shows_in_the_exit_code_only() {
        let report =
            outcome("Started rebuild progress on device(Encl-252 Slot-2)\n\nExit Code: 0xffff\n");
        assert_eq!(report.verdict(), Verdict::Contradicted);
    }

    #[test]
    fn a_property_is_named_with_its_value() {
        for (text, property, value) in [
            (
                "-\nAdapter 0: Set rebuild rate to 60% success.\n",
                "rebuild rate",
                "60%",
            ),
            (
                "Adapter 0: Set AutoDetect Backplane Disabled to : 1 success.\n",
                "AutoDetect Backplane Disabled",
                "1",
            ),
            (
                "Adapter 0: Set Copyback on SMART error is Enable success.\n",
                "Copyback on SMART error",
                "Enable",
            ),
            (
                "Adapter 0: Set Online Controller Reset Disabled success.\n",
                "Online Controller Reset",
                "Disabled",
            ),
        ] {
            let report = outcome(text);
            let claim = &report.value.claims[0];
            assert_eq!(report.leftovers, []);
            assert_eq!(claim.controller, Some(ControllerId(0)));
            assert_eq!(claim.action, Some(Action::SetControllerProperty));
            assert_eq!(
                (claim.property.as_deref(), claim.value.as_deref()),
                (Some(property), Some(value))
            );
        }
    }

    #[test]
    fn a_virtual_drive_s_property_names_the_target() {
        let report = outcome(
            "Set Write Policy to WriteBack on Adapter 0, VD 1 (target id: 3) success\n\
             Failed to set Write Policy to WriteBack on Adapter 1, VD 0.\n",
        );
        let [set, failed] = &report.value.claims[..] else {
            panic!("{:?}", report.value)
        };
        assert_eq!(set.subject, Subject::VirtualDrive(TargetId(3)));
        assert_eq!(set.value.as_deref(), Some("WriteBack"));
        assert_eq!(failed.controller, Some(ControllerId(1)));
        assert_eq!(
            (failed.says, failed.property.as_deref()),
            (Says::Failed, Some("Write Policy"))
        );
    }

    #[test]
    fn a_wrapped_sentence_is_one_claim() {
        let report = outcome(
            "The specified physical disk does not have the appropriate attributes to complete\n\
             the requested command.\n\nExit Code: 0x26\n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(report.value.claims.len(), 1);
        assert!(
            report.value.claims[0]
                .words
                .ends_with("complete the requested command.")
        );
    }

    #[test]
    fn a_jbod_drive_is_refused_without_force_and_the_advice_is_kept() {
        let report = outcome(
            "To prevent data loss and adverse effect on system, please stop all the IOs to this \
             drive.If it is a file system drive, please unmount it.\n\n \
             use -force option if you are sure to perform this operation\n\nExit Code: 0x01\n",
        );
        assert_eq!(report.value.advice[0].kind, AdviceKind::StopInput);
        assert_eq!(
            (report.value.claims[0].action, report.value.claims[0].says),
            (None, Says::Refused)
        );
    }

    #[test]
    fn an_absent_drive_is_a_complaint_with_its_address() {
        let report = outcome(
            "Adapter 0: Device at Enclosure - 252, Slot - 44 is not found.\n\nExit Code: 0x01\n",
        );
        assert_eq!(
            report.complaints[0].kind,
            ComplaintKind::PhysicalDriveAbsent
        );
        assert_eq!(report.complaints[0].subject, drive(252, 44));
        assert_eq!(report.verdict(), Verdict::Denied);
    }

    #[test]
    fn missing_places_and_foreign_indices_are_subjects() {
        let report = outcome(
            "Adapter: 0: Missing PD at Array 2, Row 1 is replaced.\n\
             Foreign configuration 1 is cleared on controller 0.\n",
        );
        assert_eq!(
            report.value.claims[0].subject,
            Subject::MissingDrive {
                array: 2,
                row: crate::model::Arm(1)
            }
        );
        assert_eq!(
            report.value.claims[1].subject,
            Subject::ForeignConfiguration(1)
        );
        assert_eq!(report.verdict(), Verdict::Claimed);
    }

    #[test]
    fn silence_is_not_success() {
        assert_eq!(
            outcome("\r    \n\nExit Code: 0x00\n").verdict(),
            Verdict::Silent
        );
    }
}
