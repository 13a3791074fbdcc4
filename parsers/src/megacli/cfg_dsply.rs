//! `-CfgDsply -aALL` and `-CfgCacheCadeDsply -aALL`: drive groups, their virtual drives and members.

use crate::Report;
use crate::grammar;
use crate::megacli::drive_group::Groups;
use crate::megacli::section;
use crate::model::{Configuration, Section};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the configuration of every controller.
pub fn cfg_dsply(text: &str) -> Report<Vec<Section<Configuration>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<Configuration>> = Vec::new();
    let mut groups = Groups::default();
    while let Some(line) = scan.next() {
        if groups.take(&mut scan, &line) || title(&mut sections, &mut scan, &line) {
            continue;
        }
        if let Some(controller) = section::heading(&line) {
            close(&mut sections, std::mem::take(&mut groups), &mut scan);
            section::begin(&mut sections, controller);
        } else {
            scan.frame(line);
        }
    }
    close(&mut sections, groups, &mut scan);
    scan.finish(sections)
}

/// Takes a line of what is said of the controller itself.
fn title<'a>(
    sections: &mut [Section<Configuration>],
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    if line.key.starts_with("====") {
        return true;
    }
    let Some(Section { value, .. }) = sections.last_mut() else {
        return false;
    };
    match line.key {
        "Product Name" => scan.set(&mut value.product_name, line, grammar::text),
        "Memory" => scan.set(&mut value.memory, line, grammar::size),
        "BBU" => scan.set(&mut value.battery_present, line, grammar::yes_no),
        "Serial No" => scan.set(&mut value.serial, line, grammar::text),
        _ => return false,
    }
    true
}

/// Files the drive groups under their controller.
fn close(sections: &mut Vec<Section<Configuration>>, groups: Groups, scan: &mut Scan<'_>) {
    let controller = sections.last().and_then(|section| section.controller);
    let groups = groups.close(scan, &section::name(controller));
    if groups.is_empty() {
        return;
    }
    if let Some(configuration) = section::current(sections) {
        configuration.drive_groups = groups;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Arm, ControllerId, DriveGroupKind, TargetId};
    use crate::units::Bytes;

    #[test]
    fn a_drive_group_has_spans_virtual_drives_and_missing_members() {
        let report = cfg_dsply(
            "==============================================================================
Adapter: 0
Product Name: LSI MegaRAID SAS 9271-8i
Memory: 1024MB
BBU: Present
Serial No: SV31012345
==============================================================================
Number of DISK GROUPS: 2

DISK GROUP: 0
Number of Spans: 1
SPAN: 0
Span Reference: 0x0b
Number of PDs: 2
Number of VDs: 1
Number of dedicated Hotspares: 0
Virtual Drive Information:
Virtual Drive: 0 (Target Id: 1)
Size                : 557.75 GB
State               : Degraded
Physical Disk Information:
Physical Disk: 0



Physical Disk: 1
Enclosure Device ID: 252
Slot Number: 1
Firmware state: Online, Spun Up

CACHECADE DISK GROUP: 0
CacheCade Virtual Drive Information:
CacheCade Virtual Drive: 0 (Target Id: 2)
Virtual Drive Type    : CacheCade
Size          : 744.187 GB
Physical Disk Information:
Physical Disk: 0
Enclosure Device ID: 252
Slot Number: 4
Firmware state: Online, Spun Up

Exit Code: 0x00
",
        );
        assert!(report.is_complete());
        assert_eq!(report.value[0].controller, Some(ControllerId(0)));
        let configuration = &report.value[0].value;
        assert_eq!(configuration.memory, Some(Bytes(1 << 30)));
        assert_eq!(configuration.battery_present, Some(true));
        let [plain, cache] = &configuration.drive_groups[..] else {
            panic!("two drive groups");
        };
        let span = &plain.spans[0];
        assert_eq!(span.reference, Some(11));
        assert_eq!(span.virtual_drives[0].target_id, Some(TargetId(1)));
        let members: Vec<_> = span
            .members
            .iter()
            .map(|member| (member.arm, member.drive.is_some()))
            .collect();
        assert_eq!(members, [(Arm(0), false), (Arm(1), true)]);
        assert_eq!(cache.kind, DriveGroupKind::CacheCade);
        assert!(cache.spans[0].virtual_drives[0].is_cachecade);
        assert_eq!(cache.spans[0].members.len(), 1);
    }

    #[test]
    fn the_cachecade_display_names_spanned_groups_that_are_no_cache() {
        let report = cfg_dsply("Adapter: 0\nSPANNED DISK GROUP: 0\n\nExit Code: 0x00\n");
        assert!(report.is_complete());
        let group = &report.value[0].value.drive_groups[0];
        assert_eq!(group.kind, DriveGroupKind::Spanned);
        assert_eq!(group.spans, []);
    }

    #[test]
    fn fewer_than_announced_is_a_gap() {
        let report = cfg_dsply(
            "Adapter: 0
Number of DISK GROUPS: 2
DISK GROUP: 0
Number of Spans: 2
SPAN: 0
Number of PDs: 2
Number of VDs: 1
",
        );
        let gaps: Vec<_> = report.gaps.iter().map(|gap| gap.what.as_str()).collect();
        assert_eq!(
            gaps,
            [
                "span 0 of drive group 0 lists 0 of 1 virtual drives",
                "span 0 of drive group 0 lists 0 of 2 drives",
                "drive group 0 lists 1 of 2 spans",
                "controller 0 lists 1 of 2 drive groups",
            ]
        );
    }
}
