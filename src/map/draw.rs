//! Frames as lines of styled text: cells side by side where they fit, else a list for each row.

use std::collections::BTreeMap;

use super::cell::{self, CellLine, Way};
use super::lines::{Arms, Weight};
use super::{Bay, Frame, Place, Sign};
use crate::output::{Line, Tone, escape, text};

/// What is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canvas {
    /// Columns.
    pub width: usize,
    /// Whether it shows more than ASCII.
    pub unicode: bool,
}

/// What of the drawing needs explaining.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    signs: Vec<Sign>,
    alarm: bool,
    ways: Vec<Way>,
    /// Whether a drive belongs to several virtual drives.
    several: bool,
}

/// Draws the bays of `frame`, and adds to `used` what the drawing uses.
pub fn bays(frame: &Frame, canvas: Canvas, used: &mut Used) -> Vec<Line> {
    let signs = frame.bays.iter().map(Bay::sign);
    used.signs.extend(signs);
    used.alarm |= frame
        .bays
        .iter()
        .any(|bay| bay.drive().is_some_and(|drive| drive.alarm));
    let targets = frame
        .bays
        .iter()
        .filter_map(|bay| bay.drive()?.virtual_drives.as_ref());
    used.several |= targets.clone().any(|targets| targets.len() > 1);
    let has_members = targets.clone().any(|targets| !targets.is_empty());
    let (lines, ways) = match Grid::new(frame, canvas) {
        Some(grid) => (grid.draw(), grid.ways),
        None => (list(frame, canvas), LIST.to_vec()),
    };
    if has_members {
        used.ways.extend(ways);
    }
    lines
}

/// Explains what is used, in lines that fit.
pub fn legend(used: &Used, canvas: Canvas) -> Vec<Line> {
    let mut signs = used.signs.clone();
    signs.sort();
    signs.dedup();
    let mut entries: Vec<String> = signs
        .iter()
        .map(|sign| format!("{} {}", sign.symbol(canvas.unicode), sign.meaning()))
        .collect();
    if used.alarm {
        entries.push("! health has a warning".to_owned());
    }
    let uses = |ways: &[Way]| ways.iter().any(|way| used.ways.contains(way));
    let short = [Way::FirstMember, Way::FirstTarget];
    let members = [
        (
            uses(&[Way::MembersAndGroup, Way::Members]),
            "vd virtual drive",
        ),
        (uses(&[Way::MembersAndGroup]), "dg drive group"),
        (
            uses(&[Way::MembersTight, Way::FirstMember]),
            "v virtual drive",
        ),
        (
            uses(&[Way::FirstTarget]),
            "number at the bottom: virtual drive",
        ),
        (uses(&short) && used.several, "+ and more"),
    ];
    let members = members.into_iter().filter(|(is_used, _)| *is_used);
    entries.extend(members.map(|(_, words)| words.to_owned()));
    let mut lines: Vec<String> = Vec::new();
    for entry in entries {
        match lines.last_mut() {
            Some(line) if text::width(line) + GAP + text::width(&entry) <= canvas.width => {
                line.push_str(&" ".repeat(GAP));
                line.push_str(&entry);
            }
            _ => lines.push(entry),
        }
    }
    lines.iter().map(Line::plain).collect()
}

/// The blanks between entries of the legend and of a list.
const GAP: usize = 2;
/// The columns left of a frame for the arrow at a row.
const MARGIN: usize = 2;

/// Cells side by side.
struct Grid<'a> {
    frame: &'a Frame,
    unicode: bool,
    /// The columns inside a cell.
    inside: usize,
    /// The blanks before each text of a cell: they put the widest in the middle.
    indent: usize,
    margin: usize,
    ways: Vec<Way>,
    cells: Vec<Vec<CellLine>>,
    places: BTreeMap<Place, usize>,
    rows: u32,
    columns: u32,
}

impl<'a> Grid<'a> {
    /// `None` where the bays do not fit side by side.
    fn new(frame: &'a Frame, canvas: Canvas) -> Option<Self> {
        let unicode = canvas.unicode;
        let layout = frame.drawn_layout();
        let is_marked = frame.bays.iter().any(|bay| bay.named);
        let margin = if is_marked { MARGIN } else { 0 };
        let columns = usize::try_from(layout.columns).unwrap_or(usize::MAX);
        let for_cells = canvas.width.saturating_sub(margin + 1) / columns;
        let natural = cell::natural_width(frame, unicode) + 2;
        let inside = for_cells.saturating_sub(1).min(natural);
        let ways = cell::ways(frame, inside, unicode)?;
        let cells = cell::cells(frame, &ways, unicode);
        let texts = cells.iter().flatten().map(|(text, _)| text::width(text));
        let indent = inside.saturating_sub(texts.max().unwrap_or(0)) / 2;
        Some(Self {
            frame,
            unicode,
            inside,
            indent,
            margin,
            cells,
            ways,
            places: frame.places(),
            rows: layout.rows,
            columns: layout.columns,
        })
    }

    fn draw(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.margin > 0 && self.columns > 1 {
            lines.push(self.arrows());
        }
        for row in 1..=self.rows {
            lines.push(self.border(row));
            let height = self.cells.iter().map(Vec::len).max().unwrap_or(0);
            lines.extend((0..height).map(|number| self.line(row, number)));
        }
        lines.push(self.border(self.rows + 1));
        lines
    }

    /// The bay at a place, with its cell. Row and column 0, and those behind the last, have none.
    fn at(&self, row: u32, column: u32) -> Option<(&'a Bay, &[CellLine])> {
        let position = *self.places.get(&Place { row, column })?;
        Some((self.frame.bays.get(position)?, self.cells.get(position)?))
    }

    /// The weight of the line between two places.
    fn between(&self, one: (u32, u32), other: (u32, u32)) -> Weight {
        let bays = [self.at(one.0, one.1), self.at(other.0, other.1)];
        let mut bays = bays.into_iter().flatten().peekable();
        match (bays.peek().is_some(), bays.any(|(bay, _)| bay.named)) {
            (_, true) => Weight::Heavy,
            (true, false) => Weight::Light,
            (false, false) => Weight::None,
        }
    }

    /// The lines that meet at the upper left corner of a place.
    fn corner(&self, row: u32, column: u32) -> Arms {
        let (above, before) = (row - 1, column - 1);
        Arms {
            up: self.between((above, before), (above, column)),
            right: self.between((above, column), (row, column)),
            down: self.between((row, before), (row, column)),
            left: self.between((above, before), (row, before)),
        }
    }

    /// The line above a row.
    fn border(&self, row: u32) -> Line {
        let mut line = Line::plain(" ".repeat(self.margin));
        for column in 1..=self.columns + 1 {
            self.push_arms(&mut line, self.corner(row, column), 1);
            if column <= self.columns {
                let edge = self.between((row - 1, column), (row, column));
                self.push_arms(&mut line, Arms::horizontal(edge), self.inside);
            }
        }
        line
    }

    fn push_arms(&self, line: &mut Line, arms: Arms, times: usize) {
        let sign = arms.sign(self.unicode).to_string().repeat(times);
        line.push(&sign, Tone::Neutral, arms.heaviest() == Weight::Heavy);
    }

    /// A line of the cells of a row.
    fn line(&self, row: u32, number: usize) -> Line {
        let mut bays = (1..=self.columns).filter_map(|column| self.at(row, column));
        let points = number == 0 && self.rows > 1 && bays.any(|(bay, _)| bay.named);
        let mut line = Line::default();
        let arrow = if points {
            arrow_right(self.unicode)
        } else {
            ""
        };
        line.push(&padded(arrow, self.margin), Tone::Neutral, true);
        for column in 1..=self.columns + 1 {
            let edge = self.between((row, column - 1), (row, column));
            self.push_arms(&mut line, Arms::vertical(edge), 1);
            if column <= self.columns {
                let cell = self.at(row, column);
                let named = cell.is_some_and(|(bay, _)| bay.named);
                let text = cell.and_then(|(_, lines)| lines.get(number));
                let (text, tone) = text.map_or(("", Tone::Neutral), |(it, tone)| (it, *tone));
                self.push_cell(&mut line, text, tone, named);
            }
        }
        line
    }

    /// A text of a cell, and the blanks around it.
    fn push_cell(&self, line: &mut Line, text: &str, tone: Tone, strong: bool) {
        let free = self.inside.saturating_sub(text::width(text));
        let before = self.indent.min(free);
        line.push(&" ".repeat(before), Tone::Neutral, strong);
        line.push(text, tone, strong);
        line.push(&" ".repeat(free - before), Tone::Neutral, strong);
    }

    /// Arrows above the columns of the bays that were asked for.
    fn arrows(&self) -> Line {
        let mut line = Line::default();
        line.push(&" ".repeat(self.margin + 1), Tone::Neutral, true);
        for column in 1..=self.columns {
            let mut bays = (1..=self.rows).filter_map(|row| self.at(row, column));
            let named = bays.any(|(bay, _)| bay.named);
            let before = self.inside.saturating_sub(1) / 2;
            let arrow = if named { arrow_down(self.unicode) } else { "" };
            let text = padded(&format!("{}{arrow}", " ".repeat(before)), self.inside + 1);
            line.push(&text, Tone::Neutral, true);
        }
        line
    }
}

/// What a list says of each bay.
const LIST: &[Way] = &[Way::Address, Way::Word, Way::MembersAndGroup, Way::Serial];

/// The bays of each row below each other.
fn list(frame: &Frame, canvas: Canvas) -> Vec<Line> {
    let layout = frame.drawn_layout();
    let cells = |bay: &Bay| {
        LIST.iter()
            .flat_map(|way| way.lines(frame, bay, canvas.unicode))
            .collect::<Vec<_>>()
    };
    let all: Vec<Vec<CellLine>> = frame.bays.iter().map(cells).collect();
    let widths: Vec<usize> = (0..LIST.len())
        .map(|column| {
            let cells = all.iter().filter_map(|cells| cells.get(column));
            cells.map(|(it, _)| text::width(it)).max().unwrap_or(0)
        })
        .collect();
    let mut lines = Vec::new();
    let mut begun = 0;
    for (place, position) in frame.places() {
        if frame.layout.is_some() && place.row != begun {
            begun = place.row;
            lines.push(Line::plain(if layout.rows == 1 {
                "from the left:".to_owned()
            } else {
                format!("row {begun}, from the left:")
            }));
        }
        let (Some(bay), Some(cells)) = (frame.bays.get(position), all.get(position)) else {
            continue;
        };
        let arrow = if bay.named {
            arrow_right(canvas.unicode)
        } else {
            ""
        };
        let mut line = Line::default();
        line.push(&padded(arrow, MARGIN), Tone::Neutral, true);
        for ((text, tone), width) in cells.iter().zip(&widths) {
            line.push(text, *tone, bay.named);
            let blanks = width + GAP - text::width(text);
            line.push(&" ".repeat(blanks), Tone::Neutral, false);
        }
        lines.push(line);
    }
    lines
}

/// `text` and blanks up to `width`.
fn padded(text: &str, width: usize) -> String {
    let mut line = String::new();
    text::push_padded(&mut line, text, width);
    line
}

/// The sign that points to what was asked for from the left.
pub fn arrow_right(unicode: bool) -> &'static str {
    if unicode { "►" } else { ">" }
}

fn arrow_down(unicode: bool) -> &'static str {
    if unicode { "▼" } else { "v" }
}

/// `words` as lines that fit, those behind the first set in.
pub fn wrapped(words: &str, lead: &str, canvas: Canvas) -> Vec<Line> {
    let words = escape::terminal(words, canvas.unicode);
    let indent = text::width(lead);
    let mut lines = Vec::new();
    let room = canvas.width.saturating_sub(indent).max(1);
    for (number, text) in text::wrap(&words, room).iter().enumerate() {
        let lead = if number == 0 {
            lead.to_owned()
        } else {
            " ".repeat(indent)
        };
        let mut line = Line::default();
        line.push(&lead, Tone::Neutral, true);
        line.push(text, Tone::Neutral, false);
        lines.push(line);
    }
    lines
}
