//! `-LDInfo -Lall -aALL` and `-LdPdInfo -aALL`: virtual drives, the latter with their members.

use crate::Report;
use crate::grammar;
use crate::megacli::member::Members;
use crate::megacli::section;
use crate::megacli::virtual_drive::Block;
use crate::model::{Section, Span, VirtualDrive};
use crate::report::Reason;
use crate::scan::Scan;
use crate::text::Line;

/// Reads the virtual drives of every controller. One without any has an empty section.
pub fn ld_info(text: &str) -> Report<Vec<Section<Vec<VirtualDrive>>>> {
    let mut scan = Scan::new(text);
    let mut reader = Reader::default();
    while let Some(line) = scan.next() {
        match line.key {
            "Virtual Drive"
            | "Virtual Disk"
            | "CacheCade Virtual Drive"
            | "CacheCade Virtual Disk" => {
                reader.close_block(&mut scan);
                reader.block = Some(Block::begin(&mut scan, &line));
            }
            "Span" => reader.span(&mut scan, &line),
            "PD" if reader.span.is_some() => {
                if let Some((_, members)) = &mut reader.span {
                    members.begin(&mut scan, &line);
                }
            }
            "Number of Virtual Disks" | "Number of Virtual Drives" => {
                scan.set(&mut reader.announced, &line, grammar::small);
            }
            _ => {
                if !reader.take(&mut scan, &line) {
                    scan.frame(line);
                }
            }
        }
    }
    reader.close_section(&mut scan);
    section::expect_part(&mut scan, reader.heading);
    scan.finish(reader.sections)
}

/// What is being read.
#[derive(Default)]
struct Reader {
    sections: Vec<Section<Vec<VirtualDrive>>>,
    heading: Option<u32>,
    announced: Option<u32>,
    block: Option<Block>,
    span: Option<(u32, Members)>,
}

impl Reader {
    /// Takes a line of the drive or the virtual drive that is being read, or a controller's heading.
    #[inline]
    fn take<'a>(&mut self, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
        if let Some((_, members)) = &mut self.span
            && members.take(scan, line)
        {
            return true;
        }
        if self.span.is_none()
            && let Some(block) = &mut self.block
            && block.take(scan, line)
        {
            return true;
        }
        let controller = match section::heading(line) {
            Some(controller) => {
                self.heading = Some(line.number);
                controller
            }
            None => match grammar::adapter_prefix(line.text) {
                Some((controller, words)) if says_none(words) => controller,
                _ => return false,
            },
        };
        self.close_section(scan);
        section::begin(&mut self.sections, controller);
        true
    }

    /// `Span: 0 - Number of PDs: 4`.
    fn span<'a>(&mut self, scan: &mut Scan<'a>, line: &Line<'a>) {
        self.close_span(scan);
        let read = line.value.split_once('-').and_then(|(number, drives)| {
            let drives = drives.trim_ascii().strip_prefix("Number of PDs:")?;
            Some((
                grammar::small(number.trim_ascii())?,
                grammar::small(drives.trim_ascii())?,
            ))
        });
        match read {
            Some((number, drives)) if self.block.is_some() => {
                self.span = Some((number, Members::new(Some(drives))));
            }
            _ => scan.leave(line, Reason::Unreadable),
        }
    }

    fn close_span(&mut self, scan: &mut Scan<'_>) {
        if let Some((number, members)) = self.span.take()
            && let Some(block) = &mut self.block
        {
            let name = block.name();
            let members = members.close(scan, &format_args!("span {number} of {name}"));
            block.drive.spans.push(Span { number, members });
        }
    }

    fn close_block(&mut self, scan: &mut Scan<'_>) {
        self.close_span(scan);
        if let Some(block) = self.block.take() {
            let drive = block.close(scan);
            if let Some(drives) = section::current(&mut self.sections) {
                drives.push(drive);
            }
        }
    }

    fn close_section(&mut self, scan: &mut Scan<'_>) {
        self.close_block(scan);
        let announced = self.announced.take();
        let (controller, read) = match self.sections.last() {
            Some(section) => (section.controller, section.value.len()),
            None => (None, 0),
        };
        let name = section::name(controller);
        section::expect_count(scan, &name, announced, read, "virtual drives");
    }
}

/// Whether `words` say that the controller has no virtual drive.
fn says_none(words: &str) -> bool {
    [
        "No Virtual Drive Configured.",
        "No Logical Drive Configured.",
    ]
    .iter()
    .any(|sentence| sentence.eq_ignore_ascii_case(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Arm, CacheCadeType, CachePolicy, ControllerId, DiskCachePolicy, DriveAddress, EnclosureId,
        IoPolicy, OperationKind, RaidLayout, RaidLevel, ReadPolicy, Slot, TargetId,
        VirtualDriveState, WritePolicy,
    };
    use crate::units::{Bytes, Minutes, Percent};

    /// The only virtual drive of `text`.
    fn only(text: &str) -> VirtualDrive {
        let report = ld_info(text);
        assert_eq!(report.leftovers, []);
        assert_eq!(report.gaps, []);
        let mut drives: Vec<_> = report.value.into_iter().flat_map(|s| s.value).collect();
        assert_eq!(drives.len(), 1);
        drives.remove(0)
    }

    #[test]
    fn a_virtual_drive_of_8_07_14_is_typed() {
        let vd = only(
            "Adapter 0 -- Virtual Drive Information:
Virtual Drive: 4 (Target Id: 4)
Name                :data
RAID Level          : Primary-5, Secondary-0, RAID Level Qualifier-3
Size                : 1.633 TB
Sector Size         : 512
Is VD emulated      : No
Parity Size         : 278.875 GB
State               : Optimal
Strip Size          : 64 KB
Number Of Drives    : 7
Span Depth          : 1
Default Cache Policy: WriteBack, ReadAhead, Direct, No Write Cache if Bad BBU
Current Cache Policy: WriteThrough, ReadAdaptive, Cached, Write Cache OK if Bad BBU
Default Access Policy: Read/Write
Current Access Policy: Read/Write
Disk Cache Policy   : Disk's Default
Ongoing Progresses:
  Check Consistency        : Completed 4%, Taken 616 min.
Encryption Type     : None
Bad Blocks Exist: No
Is VD Cached: Yes
Cache Cade Type : Read Only
Number of Dedicated Hot Spares: 1
    0 : EnclId - 252 SlotId - 5

Exit Code: 0x00
",
        );
        assert_eq!(vd.target_id, Some(TargetId(4)));
        assert_eq!(vd.name.as_deref(), Some("data"));
        assert_eq!(vd.raid_level, Some(RaidLevel::Raid5));
        assert_eq!(vd.drive_count(), Some(7));
        assert_eq!(vd.state, Some(VirtualDriveState::Optimal));
        assert_eq!(vd.strip_size, Some(Bytes(65536)));
        assert_eq!(
            vd.current_cache,
            Some(CachePolicy {
                write: Some(WritePolicy::WriteThrough),
                read: Some(ReadPolicy::AdaptiveReadAhead),
                io: Some(IoPolicy::Cached),
                write_cache_with_bad_battery: Some(true),
            })
        );
        let check = &vd.operations[0];
        assert_eq!(check.kind, OperationKind::ConsistencyCheck);
        assert_eq!(check.virtual_drive, Some(TargetId(4)));
        let progress = check.progress.unwrap();
        assert_eq!(
            (progress.done, progress.elapsed),
            (Percent(4), Minutes(616))
        );
        assert_eq!(vd.bad_blocks, Some(false));
        assert_eq!(vd.cachecade_type, Some(CacheCadeType::ReadOnly));
        assert_eq!(
            vd.dedicated_hot_spares,
            [DriveAddress {
                enclosure: Some(EnclosureId(252)),
                slot: Slot(5)
            }]
        );
    }

    #[test]
    fn the_legacy_layout_is_read_as_well() {
        let vd = only(
            "Virtual Disk: 0 (target id: 0)
Name:raid10
RAID Level: Primary-1, Secondary-3, RAID Level Qualifier-0
Size:1429248MB
State: Optimal
Stripe Size: 64kB
Number Of Drives:2
Span Depth:3
Access Policy: Read/Write
Disk Cache Policy: Disk''s Default
",
        );
        assert_eq!(vd.size, Some(Bytes(1_429_248 << 20)));
        assert_eq!(vd.raid_level, Some(RaidLevel::Raid10));
        assert_eq!(vd.drive_count(), Some(6));
        assert_eq!(vd.disk_cache, Some(DiskCachePolicy::DiskDefault));
    }

    #[test]
    fn a_cachecade_drive_lacks_state_and_raid_level() {
        let vd = only(
            "CacheCade Virtual Drive: 1 (Target Id: 1)
Virtual Drive Type: CacheCade
Name:cachecade0
Size:512.0 GB
Target Id of the Associated LDs : 0
",
        );
        assert!(vd.is_cachecade);
        assert_eq!((vd.state, vd.raid_level), (None, None));
        assert_eq!(vd.associated, [TargetId(0)]);
    }

    #[test]
    fn a_pd_head_without_a_drive_is_a_missing_member() {
        let report = ld_info(
            "Adapter #0

Number of Virtual Disks: 1
Virtual Drive: 1 (Target Id: 1)
RAID Level          : Primary-1, Secondary-0, RAID Level Qualifier-0
Size                : 20.0 GB
State               : Degraded
Number Of Drives per span:2
Span Depth          : 2
Number of Spans: 2
Span: 0 - Number of PDs: 2

PD: 0 Information
Enclosure Device ID: 8
Slot Number: 4
Firmware state: Online, Spun Up

PD: 1 Information
Enclosure Device ID: 8
Slot Number: 5
Firmware state: Online, Spun Up

Span: 1 - Number of PDs: 2

PD: 0 Information



PD: 1 Information



Exit Code: 0x00
",
        );
        assert!(report.is_complete());
        let vd = &report.value[0].value[0];
        assert_eq!(vd.raid_level, Some(RaidLevel::Raid10));
        let missing: Vec<_> = vd
            .spans
            .iter()
            .flat_map(|span| span.members.iter().map(|member| (span.number, member)))
            .filter(|(_, member)| member.drive.is_none())
            .map(|(span, member)| (span, member.arm))
            .collect();
        assert_eq!(missing, [(1, Arm(0)), (1, Arm(1))]);
    }

    #[test]
    fn fewer_than_announced_is_a_gap() {
        let report = ld_info(
            "Adapter #0
Number of Virtual Disks: 2
Virtual Drive: 0 (Target Id: 0)
Size                : 20.0 GB
State               : Optimal
Number of Spans: 2
Span: 0 - Number of PDs: 2
PD: 0 Information
",
        );
        let gaps: Vec<_> = report.gaps.iter().map(|gap| gap.what.as_str()).collect();
        assert_eq!(
            gaps,
            [
                "span 0 of virtual drive 0 lists 1 of 2 drives",
                "span 0 of virtual drive 0: the output ends where a drive begins",
                "virtual drive 0 lists 1 of 2 spans",
                "controller 0 lists 1 of 2 virtual drives",
            ]
        );
    }

    #[test]
    fn a_text_that_ends_in_a_controller_s_heading_is_a_gap() {
        let gaps = |text: &str| ld_info(text).gaps.len();
        assert_eq!(gaps("Adapter 0 -- Virtual Drive Information:\n"), 1);
        assert_eq!(gaps("Adapter #0\n\nExit Code: 0x00\n"), 0);
        assert_eq!(gaps("Adapter 0: No Virtual Drive Configured.\n"), 0);
    }

    #[test]
    fn a_controller_without_virtual_drives_has_an_empty_section() {
        let report = ld_info("Adapter 0: No Virtual Drive Configured.\n\nExit Code: 0x01\n");
        assert_eq!(
            report.value,
            [Section {
                controller: Some(ControllerId(0)),
                value: Vec::new()
            }]
        );
        assert_eq!(report.complaints, []);
    }

    #[test]
    fn raid_levels_follow_from_layout_and_spans() {
        let level = |primary, secondary, depth, drives| {
            RaidLayout {
                primary,
                secondary,
                qualifier: Some(0),
            }
            .level(depth, drives)
        };
        assert_eq!(level(0, 0, Some(1), Some(1)), Some(RaidLevel::Raid0));
        assert_eq!(level(0, 0, Some(2), Some(2)), Some(RaidLevel::Raid00));
        assert_eq!(level(1, 0, Some(1), Some(2)), Some(RaidLevel::Raid1));
        assert_eq!(level(1, 0, Some(1), Some(4)), Some(RaidLevel::Raid1E));
        assert_eq!(level(1, 0, Some(4), Some(2)), Some(RaidLevel::Raid10));
        assert_eq!(level(5, 3, Some(2), Some(4)), Some(RaidLevel::Raid50));
        assert_eq!(level(6, 0, Some(2), Some(11)), Some(RaidLevel::Raid60));
        assert_eq!(level(5, 0, None, None), None);
        assert_eq!(
            level(3, 0, Some(1), Some(3)),
            Some(RaidLevel::Other(
                "Primary-3, Secondary-0, RAID Level Qualifier-0".to_owned()
            ))
        );
    }
}
