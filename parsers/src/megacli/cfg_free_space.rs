//! `-CfgFreeSpaceInfo -aALL`: free space in the drive groups.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{FreeSpace, Section, SpanFreeSpace};
use crate::report::Reason;
use crate::scan::Scan;
use crate::text::Line;

/// Reads the free space. The output does not name the controllers: each has a section of its own, in
/// the order asked for.
pub fn cfg_free_space(text: &str) -> Report<Vec<Section<Vec<FreeSpace>>>> {
    let mut scan = Scan::new(text);
    let mut reader = Reader::default();
    while let Some(line) = scan.next() {
        match line.key {
            "Number of DISK GROUPS" => {
                reader.close_section(&mut scan);
                reader.sections.push(Section {
                    controller: None,
                    value: Vec::new(),
                });
                scan.set(&mut reader.announced_groups, &line, grammar::small);
            }
            "DISK GROUP" => match numbers(&line, "Number of Spans:") {
                Some((drive_group, spans)) => {
                    reader.close_group(&mut scan);
                    reader.group = Some(FreeSpace {
                        drive_group,
                        spans: Vec::new(),
                    });
                    reader.announced_spans = Some(spans);
                }
                None => scan.leave(&line, Reason::Unreadable),
            },
            "SPAN" => match (
                numbers(&line, "Number of Free Space Slots:"),
                &mut reader.group,
            ) {
                (Some((number, free_slots)), Some(group)) => {
                    group.spans.push(SpanFreeSpace { number, free_slots });
                }
                _ => scan.leave(&line, Reason::Unreadable),
            },
            _ => scan.frame(line),
        }
    }
    reader.close_section(&mut scan);
    scan.finish(reader.sections)
}

/// `0 Number of Spans: 4` behind the key.
fn numbers(line: &Line<'_>, words: &str) -> Option<(u32, u32)> {
    let (number, rest) = line.value.split_once(' ')?;
    let count = rest.trim_ascii_start().strip_prefix(words)?;
    Some((
        grammar::small(number)?,
        grammar::small(count.trim_ascii_start())?,
    ))
}

/// What is being read.
#[derive(Default)]
struct Reader {
    sections: Vec<Section<Vec<FreeSpace>>>,
    announced_groups: Option<u32>,
    group: Option<FreeSpace>,
    announced_spans: Option<u32>,
}

impl Reader {
    fn close_group(&mut self, scan: &mut Scan<'_>) {
        let announced = self.announced_spans.take();
        if let Some(group) = self.group.take() {
            let number = group.drive_group;
            let name = format_args!("drive group {number}");
            section::expect_count(scan, &name, announced, group.spans.len(), "spans");
            if let Some(groups) = section::current(&mut self.sections) {
                groups.push(group);
            }
        }
    }

    fn close_section(&mut self, scan: &mut Scan<'_>) {
        self.close_group(scan);
        let announced = self.announced_groups.take();
        let read = self
            .sections
            .last()
            .map_or(0, |section| section.value.len());
        section::expect_count(scan, &section::name(None), announced, read, "drive groups");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_span_has_its_count() {
        let report = cfg_free_space(
            "Number of DISK GROUPS: 1

DISK GROUP: 0 Number of Spans: 2

SPAN: 0 Number of Free Space Slots: 0
SPAN: 1 Number of Free Space Slots: 1

Exit Code: 0x00
",
        );
        assert!(report.is_complete());
        let spans =
            [(0, 0), (1, 1)].map(|(number, free_slots)| SpanFreeSpace { number, free_slots });
        assert_eq!(
            report.value[0].value,
            [FreeSpace {
                drive_group: 0,
                spans: spans.to_vec()
            }]
        );
    }

    #[test]
    fn a_cut_list_is_a_gap() {
        let report = cfg_free_space("Number of DISK GROUPS: 2\nDISK GROUP: 0 Number of Spans: 1\n");
        assert_eq!(report.gaps.len(), 2);
    }
}
