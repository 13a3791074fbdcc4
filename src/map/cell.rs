//! What stands in the cell of a bay: the same lines in all cells of a frame, each said as fully as the
//! width allows.

use ironkeep_parsers::model::TargetId;

use super::{Bay, Drive, Frame};
use crate::output::{Tone, escape, text};

/// How one thing about a bay is said. Those that say it more fully stand first in [`LINES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// `252:4 ●`.
    Address,
    /// `4 ●`.
    Slot,
    /// `4` and below it `●`.
    SlotOverSign,
    /// The firmware's words for the state.
    State,
    /// A short word for the state.
    Word,
    /// `vd 0, 1 dg 2`.
    MembersAndGroup,
    /// `vd 0, 1`.
    Members,
    /// `v0,1`.
    MembersTight,
    /// `v0+`.
    FirstMember,
    /// `0+`.
    FirstTarget,
    /// The serial number.
    Serial,
    /// Nothing: what can be left out.
    Nothing,
}

/// The lines of a cell, each with the ways to say it.
const LINES: &[&[Way]] = &[
    &[Way::Address, Way::Slot, Way::SlotOverSign],
    &[Way::State, Way::Word, Way::Nothing],
    &[
        Way::MembersAndGroup,
        Way::Members,
        Way::MembersTight,
        Way::FirstMember,
        Way::FirstTarget,
    ],
    &[Way::Serial, Way::Nothing],
];

/// A line of a cell.
pub(super) type CellLine = (String, Tone);

/// What the cells of a frame say, in the ways that fit `room` columns; `None` where what must be said
/// does not.
pub(super) fn ways(frame: &Frame, room: usize, unicode: bool) -> Option<Vec<Way>> {
    let fits = |way: &Way| {
        frame
            .bays
            .iter()
            .all(|bay| width(&way.lines(frame, bay, unicode)) <= room)
    };
    LINES
        .iter()
        .map(|ways| ways.iter().copied().find(fits))
        .collect()
}

/// The columns that the cells take where everything is said in full.
pub(super) fn natural_width(frame: &Frame, unicode: bool) -> usize {
    let fullest = LINES.iter().filter_map(|ways| ways.first());
    fullest
        .flat_map(|way| {
            frame
                .bays
                .iter()
                .map(move |bay| way.lines(frame, bay, unicode))
        })
        .map(|lines| width(&lines))
        .max()
        .unwrap_or(0)
}

/// The lines of all cells, bay by bay; lines that are blank in every cell are left out.
pub(super) fn cells(frame: &Frame, ways: &[Way], unicode: bool) -> Vec<Vec<CellLine>> {
    let mut cells = vec![Vec::new(); frame.bays.len()];
    for way in ways {
        let lines: Vec<_> = frame
            .bays
            .iter()
            .map(|bay| way.lines(frame, bay, unicode))
            .collect();
        if lines.iter().flatten().all(|(text, _)| text.is_empty()) {
            continue;
        }
        for (cell, lines) in cells.iter_mut().zip(lines) {
            cell.extend(lines);
        }
    }
    cells
}

fn width(lines: &[CellLine]) -> usize {
    let widths = lines.iter().map(|(line, _)| text::width(line));
    widths.max().unwrap_or(0)
}

impl Way {
    /// The lines for a bay: as many for each bay.
    pub(super) fn lines(self, frame: &Frame, bay: &Bay, unicode: bool) -> Vec<CellLine> {
        let plain = |text: String| (escape::terminal(&text, unicode), Tone::Neutral);
        let toned = |text: &str| (escape::terminal(text, unicode), bay.tone());
        let symbol = bay.symbol(unicode);
        let member =
            |say: &dyn Fn(&Drive) -> String| vec![plain(bay.drive().map_or_else(String::new, say))];
        match self {
            Self::Address => vec![toned(&format!("{} {symbol}", frame.address(bay)))],
            Self::Slot => vec![toned(&format!("{} {symbol}", bay.slot))],
            Self::SlotOverSign => vec![plain(bay.slot.to_string()), toned(&symbol)],
            Self::State => vec![toned(bay.state())],
            Self::Word => vec![toned(bay.sign().word())],
            Self::MembersAndGroup => member(&Drive::members),
            Self::Members => member(&|it| members(it, "vd ", ", ")),
            Self::MembersTight => member(&|it| members(it, "v", ",")),
            Self::FirstMember => member(&|it| first_member(it, "v")),
            Self::FirstTarget => member(&|it| first_member(it, "")),
            Self::Serial => member(&|it| it.serial.clone().unwrap_or_default()),
            Self::Nothing => Vec::new(),
        }
    }
}

impl Drive {
    /// What it belongs to: `vd 0, 1 dg 2`; of a dedicated spare, the drive groups that it serves.
    pub fn members(&self) -> String {
        let members = members(self, "vd ", ", ");
        let group = self.position.map(|at| format!("dg {}", at.drive_group));
        let serves = self.hot_spare.iter().flat_map(|spare| &spare.drive_groups);
        let serves: Vec<String> = serves.map(ToString::to_string).collect();
        match group {
            Some(group) if members.is_empty() => group,
            Some(group) => format!("{members} {group}"),
            None if members.is_empty() && !serves.is_empty() => {
                format!("for dg {}", serves.join(", "))
            }
            None => members,
        }
    }
}

/// `vd 0, 1`; blank where it belongs to none.
fn members(drive: &Drive, lead: &str, between: &str) -> String {
    let Some(targets) = &drive.virtual_drives else {
        return format!("{lead}?");
    };
    if targets.is_empty() {
        return String::new();
    }
    let targets: Vec<String> = targets.iter().map(TargetId::to_string).collect();
    format!("{lead}{}", targets.join(between))
}

/// `v0`, or `v0+` where there are more.
fn first_member(drive: &Drive, lead: &str) -> String {
    match drive.virtual_drives.as_deref() {
        None => format!("{lead}?"),
        Some([]) => String::new(),
        Some([only]) => format!("{lead}{only}"),
        Some([first, ..]) => format!("{lead}{first}+"),
    }
}
