//! `-AdpBootDrive -Get`: the drive that the host boots from.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{BootDrive, Section, TargetId};
use crate::report::Reason;
use crate::scan::Scan;

/// Reads the boot drive of every controller.
pub fn adp_boot_drive(text: &str) -> Report<Vec<Section<BootDrive>>> {
    const NONE: &str = "No Virtual drive or Physical Drive is configured as boot drive.";
    let mut scan = Scan::new(text);
    let mut controllers = Vec::new();
    while let Some(line) = scan.next() {
        match grammar::adapter_prefix(line.text) {
            Some((controller, NONE)) => {
                section::begin(&mut controllers, controller);
            }
            Some((controller, rest)) if rest.starts_with("Boot Virtual Drive") => {
                match target(rest) {
                    Some(target) => {
                        controllers.push(Section {
                            controller: Some(controller),
                            value: BootDrive {
                                virtual_drive: Some(target),
                            },
                        });
                    }
                    None => scan.leave(&line, Reason::Unreadable),
                }
            }
            _ => scan.frame(line),
        }
    }
    scan.finish(controllers)
}

/// `Boot Virtual Drive - #0 (target id - 0).`: the first number only counts.
fn target(text: &str) -> Option<TargetId> {
    let (_, id) = text.split_once("(target id - ")?;
    grammar::small(id.strip_suffix(").")?).map(TargetId)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ControllerId;

    #[test]
    fn no_boot_drive_is_an_answer_and_a_failure_is_none() {
        let report = adp_boot_drive(
            "Adapter 0: Boot Virtual Drive - #0 (target id - 3).\n\
             Adapter 1: No Virtual drive or Physical Drive is configured as boot drive.\n\
             Adapter 2: Failed to get Boot Virtual Drive.\n\nExit Code: 0x01\n",
        );
        assert_eq!(report.leftovers, []);
        let drives: Vec<_> = report
            .value
            .iter()
            .map(|section| (section.controller, section.value.virtual_drive))
            .collect();
        assert_eq!(
            drives,
            [
                (Some(ControllerId(0)), Some(TargetId(3))),
                (Some(ControllerId(1)), None)
            ]
        );
        assert_eq!(report.complaints[0].controller, Some(ControllerId(2)));
    }
}
