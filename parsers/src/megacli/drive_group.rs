//! The drive group blocks, which `-CfgDsply`, `-CfgCacheCadeDsply` and `-CfgForeign` share.

use std::fmt;

use crate::grammar;
use crate::megacli::member::Members;
use crate::megacli::section;
use crate::megacli::virtual_drive::Block;
use crate::model::{DriveGroup, DriveGroupKind, DriveGroupSpan};
use crate::report::Reason;
use crate::scan::Scan;
use crate::text::Line;

/// The drive groups that are being read.
#[derive(Debug, Default)]
pub struct Groups {
    list: Vec<DriveGroup>,
    announced: Option<u32>,
    group: Option<Group>,
}

/// The drive group that is being read.
#[derive(Debug)]
struct Group {
    read: DriveGroup,
    head: u32,
    announced_spans: Option<u32>,
    span: Option<Span>,
}

/// The span that is being read.
#[derive(Debug, Default)]
struct Span {
    read: DriveGroupSpan,
    announced_drives: Option<u32>,
    block: Option<Block>,
    members: Members,
}

impl Groups {
    /// Takes `line` into the drive groups. `false` means that it does not belong there.
    pub fn take<'a>(&mut self, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
        match line.key {
            "Number of DISK GROUPS" => scan.set(&mut self.announced, line, grammar::small),
            "DISK GROUP"
            | "DISK GROUPS"
            | "SPANNED DISK GROUP"
            | "SPANNED DISK GROUPS"
            | "CACHECADE DISK GROUP"
            | "CACHECADE DISK GROUPS" => match grammar::small(line.value) {
                Some(number) => {
                    self.close_group(scan);
                    self.group = Some(Group::new(number, line));
                }
                None => scan.leave(line, Reason::Unreadable),
            },
            _ => {
                return match &mut self.group {
                    Some(group) => group.take(scan, line),
                    None => false,
                };
            }
        }
        true
    }

    /// Ends the drive groups of what is called `name`.
    pub fn close(mut self, scan: &mut Scan<'_>, name: &dyn fmt::Display) -> Vec<DriveGroup> {
        self.close_group(scan);
        let read = self.list.len();
        section::expect_count(scan, name, self.announced, read, "drive groups");
        self.list
    }

    fn close_group(&mut self, scan: &mut Scan<'_>) {
        if let Some(group) = self.group.take() {
            self.list.push(group.close(scan));
        }
    }
}

impl Group {
    fn new(number: u32, line: &Line<'_>) -> Self {
        let kind = DriveGroupKind::from_words(line.key);
        // -CfgDsply prints neither spans nor their number for a CacheCade group: it has one.
        let span = (kind == DriveGroupKind::CacheCade).then(Span::default);
        Self {
            read: DriveGroup {
                number,
                kind,
                spans: Vec::new(),
            },
            head: line.number,
            announced_spans: None,
            span,
        }
    }

    fn take<'a>(&mut self, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
        match line.key {
            "Number of Spans" => scan.set(&mut self.announced_spans, line, grammar::small),
            "SPAN" => match grammar::small(line.value) {
                Some(number) => {
                    self.close_span(scan);
                    self.span = Some(Span {
                        read: DriveGroupSpan {
                            number,
                            ..DriveGroupSpan::default()
                        },
                        ..Span::default()
                    });
                }
                None => scan.leave(line, Reason::Unreadable),
            },
            _ => {
                return match &mut self.span {
                    Some(span) => span.take(scan, line),
                    None => false,
                };
            }
        }
        true
    }

    fn close_span(&mut self, scan: &mut Scan<'_>) {
        if let Some(span) = self.span.take()
            && !span.is_unused()
        {
            let group = self.read.number;
            self.read.spans.push(span.close(scan, group));
        }
    }

    fn close(mut self, scan: &mut Scan<'_>) -> DriveGroup {
        self.close_span(scan);
        let number = self.read.number;
        let name = format_args!("drive group {number}");
        let read = self.read.spans.len();
        section::expect_count(scan, &name, self.announced_spans, read, "spans");
        if self.head == scan.line_number() && !scan.has_ended() {
            scan.gap(self.head, format!("{name}: the output ends at its head"));
        }
        self.read
    }
}

impl Span {
    fn take<'a>(&mut self, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
        match line.key {
            "Span Reference" => scan.set(&mut self.read.reference, line, |text| {
                grammar::hex(text).and_then(|number| u32::try_from(number).ok())
            }),
            "Number of PDs" => self.members.announce(scan, line),
            "Number of VDs" => scan.set(&mut self.announced_drives, line, grammar::small),
            "Number of dedicated Hotspares" => {
                scan.set(&mut self.read.dedicated_hot_spares, line, grammar::small);
            }
            "Virtual Drive"
            | "Virtual Disk"
            | "CacheCade Virtual Drive"
            | "CacheCade Virtual Disk" => {
                self.close_block(scan);
                self.block = Some(Block::begin(scan, line));
            }
            "Virtual Drive Information"
            | "Virtual Disk Information"
            | "CacheCade Virtual Drive Information"
            | "CacheCade Virtual Disk Information"
            | "Physical Disk Information"
            | "Physical Drive Information" => scan.expect_value(line, ""),
            "Physical Disk" | "Physical Drive" => {
                self.close_block(scan);
                self.members.begin(scan, line);
            }
            _ => {
                return match &mut self.block {
                    Some(block) => block.take(scan, line),
                    None => self.members.take(scan, line),
                };
            }
        }
        true
    }

    /// Whether nothing was read: the span that a CacheCade group has before its first `SPAN`.
    fn is_unused(&self) -> bool {
        self.block.is_none()
            && self.read == DriveGroupSpan::default()
            && self.members.is_empty()
            && self.announced_drives.is_none()
    }

    fn close_block(&mut self, scan: &mut Scan<'_>) {
        if let Some(block) = self.block.take() {
            self.read.virtual_drives.push(block.close(scan));
        }
    }

    fn close(mut self, scan: &mut Scan<'_>, group: u32) -> DriveGroupSpan {
        self.close_block(scan);
        let number = self.read.number;
        let name = format_args!("span {number} of drive group {group}");
        let read = self.read.virtual_drives.len();
        section::expect_count(scan, &name, self.announced_drives, read, "virtual drives");
        self.read.members = self.members.close(scan, &name);
        self.read
    }
}
