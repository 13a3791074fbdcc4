//! `-CfgForeign -Scan`, `-Dsply` and `-Preview`: configurations that another controller made.

use crate::Report;
use crate::grammar;
use crate::megacli::drive_group::Groups;
use crate::megacli::section;
use crate::model::{ControllerId, ForeignConfiguration, Section};
use crate::report::{Complaint, ComplaintKind, Subject};
use crate::scan::Scan;
use crate::text::Line;

/// How many foreign configurations each controller found (`-CfgForeign -Scan`).
pub fn scan(text: &str) -> Report<Vec<Section<u32>>> {
    let mut scan = Scan::new(text);
    let mut sections = Vec::new();
    while let Some(line) = scan.next() {
        match count(line.text) {
            // The firmware's error byte, printed as a number.
            Some((controller, 255)) => {
                scan.refuse(&line, Some(controller), ComplaintKind::Failed);
            }
            Some((controller, value)) => sections.push(Section {
                controller: Some(controller),
                value,
            }),
            None => scan.frame(line),
        }
    }
    scan.finish(sections)
}

/// The foreign configurations of each controller (`-CfgForeign -Dsply` and `-Preview`).
pub fn display(text: &str) -> Report<Vec<Section<Vec<ForeignConfiguration>>>> {
    let mut scan = Scan::new(text);
    let mut reader = Reader::default();
    while let Some(line) = scan.next() {
        if let Some((_, groups)) = &mut reader.open
            && groups.take(&mut scan, &line)
        {
            continue;
        }
        if let Some((controller, configuration)) = heading(line.text) {
            reader.close(&mut scan);
            section::of(&mut reader.sections, Some(controller));
            reader.open = Some((configuration, Groups::default()));
        } else if let Some((controller, 0)) = count(line.text) {
            reader.close(&mut scan);
            section::of(&mut reader.sections, Some(controller));
        } else if let Some(complaint) = absent_index(&line) {
            scan.complain(complaint);
        } else {
            scan.frame(line);
        }
    }
    reader.close(&mut scan);
    scan.finish(reader.sections)
}

/// What is being read.
#[derive(Default)]
struct Reader {
    sections: Vec<Section<Vec<ForeignConfiguration>>>,
    open: Option<(ForeignConfiguration, Groups)>,
}

impl Reader {
    fn close(&mut self, scan: &mut Scan<'_>) {
        let Some((mut configuration, groups)) = self.open.take() else {
            return;
        };
        configuration.drive_groups = groups.close(scan, &"the foreign configuration");
        if let Some(configurations) = section::current(&mut self.sections) {
            configurations.push(configuration);
        }
    }
}

/// `There are 2 foreign configuration(s) on controller 0.`; 0 for `There is no foreign configuration
/// on controller 0.`
fn count(text: &str) -> Option<(ControllerId, u32)> {
    let rest = text
        .strip_prefix("There are ")
        .or_else(|| text.strip_prefix("There is "))?;
    let (count, controller) = rest.split_once(" foreign configuration")?;
    let count = match count {
        "no" => 0,
        count => grammar::small(count)?,
    };
    let controller = controller.strip_prefix("(s)").unwrap_or(controller);
    let controller = controller.strip_prefix(" on ")?.strip_suffix('.')?;
    Some((controller_id(controller)?, count))
}

/// `Foreign configuration 0 on controller 0:`, `Foreign configuration on controller 0(After import):`.
fn heading(text: &str) -> Option<(ControllerId, ForeignConfiguration)> {
    let rest = text.strip_prefix("Foreign configuration ")?;
    let rest = rest.strip_suffix(':')?.trim_ascii_end();
    let (index, controller) = if let Some(controller) = rest.strip_prefix("on ") {
        (None, controller)
    } else {
        let (index, controller) = rest.split_once(" on ")?;
        (Some(grammar::small(index)?), controller)
    };
    let (controller, words) = controller.split_once('(').unwrap_or((controller, ""));
    let after_import = words.eq_ignore_ascii_case("after import)");
    if !after_import && !words.is_empty() {
        return None;
    }
    Some((
        controller_id(controller.trim_ascii_end())?,
        ForeignConfiguration {
            index,
            after_import,
            drive_groups: Vec::new(),
        },
    ))
}

/// `Foreign configuration 1 does not exist on controller 0.`
fn absent_index(line: &Line<'_>) -> Option<Complaint> {
    let rest = line.text.strip_prefix("Foreign configuration ")?;
    let (index, controller) = rest.split_once(" does not exist on ")?;
    Some(Complaint {
        line: line.number,
        controller: Some(controller_id(controller.strip_suffix('.')?)?),
        subject: Subject::ForeignConfiguration(grammar::small(index)?),
        kind: ComplaintKind::InvalidArgument,
        text: line.text.to_owned(),
        firmware: None,
    })
}

/// `controller 0`.
fn controller_id(text: &str) -> Option<ControllerId> {
    let (controller, rest) = grammar::adapter_prefix(text)?;
    rest.is_empty().then_some(controller)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Arm, ImportObstacle, Slot, TargetId};

    #[test]
    fn none_is_zero_and_255_is_a_failure() {
        let read = |text| scan(text);
        let one = |value| {
            [Section {
                controller: Some(ControllerId(0)),
                value,
            }]
        };
        let none = read("There is no foreign configuration on controller 0.\n");
        assert_eq!(none.value, one(0));
        assert_eq!(none.complaints, []);
        let two = read("There are 2 foreign configuration(s) on controller 0.\n");
        assert_eq!(two.value, one(2));
        let failed = read("There are 255 foreign configuration(s) on controller 0.\n");
        assert_eq!(failed.value, []);
        assert_eq!(failed.complaints[0].kind, ComplaintKind::Failed);
        assert_eq!(failed.complaints[0].controller, Some(ControllerId(0)));
    }

    #[test]
    fn an_index_that_does_not_exist_is_a_complaint() {
        let report = display("Foreign configuration 1 does not exist on controller 0.\n");
        assert_eq!(report.value, []);
        assert_eq!(report.complaints[0].kind, ComplaintKind::InvalidArgument);
        assert_eq!(
            report.complaints[0].subject,
            Subject::ForeignConfiguration(1)
        );
        assert_eq!(report.leftovers, []);
    }

    #[test]
    fn an_incomplete_configuration_keeps_its_missing_drives() {
        let report = display(
            "Foreign configuration on controller 0(After import):
Number of DISK GROUPS: 1

DISK GROUP: 0
Number of Spans: 1
SPAN: 0
Virtual Drive Information:
Virtual Drive: 0 (Target Id: 0)
Name                :old5
Size                : 557.75 GB
State               : Offline
Virtual disks could not be imported: One or more drives are missing. 
Insert the missing drive(s) and re-scan.
Physical Disk Information:
Physical Disk: 0
Enclosure Device ID: 252
Slot Number: 5
Firmware state: Unconfigured(good), Spun Up



Physical Disk: 1
This Physical Disk is Missing.
Physical Disk: 2
This Physical Disk is Missing.

Exit Code: 0x00
",
        );
        assert!(report.is_complete());
        let foreign = &report.value[0].value[0];
        assert_eq!((foreign.index, foreign.after_import), (None, true));
        let span = &foreign.drive_groups[0].spans[0];
        let vd = &span.virtual_drives[0];
        assert_eq!(vd.target_id, Some(TargetId(0)));
        assert_eq!(vd.import_obstacle, Some(ImportObstacle::DrivesMissing));
        let members: Vec<_> = span
            .members
            .iter()
            .map(|member| {
                let slot = member.drive.as_ref().and_then(|drive| drive.slot);
                (member.arm, slot)
            })
            .collect();
        assert_eq!(
            members,
            [(Arm(0), Some(Slot(5))), (Arm(1), None), (Arm(2), None)]
        );
    }

    #[test]
    fn several_configurations_of_a_controller_share_its_section() {
        let report = display(
            "Foreign configuration 0 on controller 0:
Number of DISK GROUPS: 0
Foreign configuration 1 on controller 0:
Number of DISK GROUPS: 0
There is no foreign configuration on controller 1.
Exit Code: 0x00
",
        );
        assert!(report.is_complete());
        let read: Vec<_> = report
            .value
            .iter()
            .map(|section| {
                let indices = section.value.iter().map(|foreign| foreign.index);
                (section.controller, indices.collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            read,
            [
                (Some(ControllerId(0)), vec![Some(0), Some(1)]),
                (Some(ControllerId(1)), vec![])
            ]
        );
    }
}
