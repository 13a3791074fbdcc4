//! The members of a span: slots in the order printed, some of them empty.

use crate::grammar;
use crate::megacli::{drive, section};
use crate::model::{Arm, Member};
use crate::report::Reason;
use crate::scan::Scan;
use crate::text::Line;

/// The members of the span that is being read.
#[derive(Debug, Default)]
pub struct Members {
    list: Vec<Member>,
    announced: Option<u32>,
    head: u32,
}

impl Members {
    /// Begins a span with as many members as the tool announced.
    pub fn new(announced: Option<u32>) -> Self {
        Self {
            announced,
            ..Self::default()
        }
    }

    /// `Number of PDs: 4`.
    pub fn announce<'a>(&mut self, scan: &mut Scan<'a>, line: &Line<'a>) {
        scan.set(&mut self.announced, line, grammar::small);
    }

    /// `PD: 0 Information` or `Physical Disk: 0`: the next member begins. It is missing unless lines
    /// of a drive follow.
    pub fn begin<'a>(&mut self, scan: &mut Scan<'a>, line: &Line<'a>) {
        self.close_drive(scan);
        let number = line
            .value
            .strip_suffix("Information")
            .map_or(line.value, str::trim_ascii_end);
        match grammar::small(number) {
            Some(number) => self.list.push(Member {
                arm: Arm(number),
                drive: None,
            }),
            None => scan.leave(line, Reason::Unreadable),
        }
        self.head = line.number;
    }

    /// Takes `line` into the drive that is being read.
    #[inline]
    pub fn take<'a>(&mut self, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
        let Some(member) = self.list.last_mut() else {
            return false;
        };
        match &mut member.drive {
            Some(drive) => drive::take(drive, scan, line),
            None if line.key == "This Physical Disk is Missing." => true,
            None => {
                let mut drive = drive::begin(scan);
                let taken = drive::take(&mut drive, scan, line);
                if taken {
                    member.drive = Some(drive);
                }
                taken
            }
        }
    }

    /// Whether no member began.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Ends the span called `name`, and states what it lacks.
    pub fn close(self, scan: &mut Scan<'_>, name: &dyn std::fmt::Display) -> Vec<Member> {
        self.close_drive(scan);
        section::expect_count(scan, name, self.announced, self.list.len(), "drives");
        if self.head == scan.line_number() && !scan.has_ended() {
            scan.gap(
                self.head,
                format!("{name}: the output ends where a drive begins"),
            );
        }
        self.list
    }

    fn close_drive(&self, scan: &mut Scan<'_>) {
        if let Some(drive) = self.list.last().and_then(|member| member.drive.as_ref()) {
            drive::close(drive, scan);
        }
    }
}
