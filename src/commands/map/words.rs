//! What stands above and below the drawing: what is drawn, what is marked, what the signs mean.

use ironkeep_parsers::model::PhysicalDrive;

use crate::cli::context::OutputSettings;
use crate::commands::pd;
use crate::commands::resolve::Found;
use crate::map::draw::{self, Canvas, Used};
use crate::map::{Bay, Content, Drive, Frame, Place};
use crate::membership;
use crate::output::Line;
use crate::output::human::{bytes, count};
use crate::reading::{Controller, Reading};

/// The columns that are drawn where there is no terminal to fit.
const NO_TERMINAL: usize = 100;

/// Everything that the command prints for people.
pub(super) struct Page<'a> {
    pub(super) frames: &'a [Frame],
    pub(super) reading: &'a Reading,
    pub(super) named: &'a [Found<'a, PhysicalDrive>],
    /// Whether all bays are drawn.
    pub(super) is_whole: bool,
    pub(super) with_controller: bool,
}

impl Page<'_> {
    pub(super) fn draw(&self, settings: &OutputSettings) -> Vec<Line> {
        let canvas = Canvas {
            width: settings.width.map_or(NO_TERMINAL, usize::from),
            unicode: settings.unicode,
        };
        let mut lines = Vec::new();
        let mut used = Used::default();
        for frame in self.frames {
            lines.extend(heading(frame, self.with_controller, canvas));
            lines.extend(draw::bays(frame, canvas, &mut used));
            lines.extend(self.marked(frame, canvas));
            lines.push(Line::default());
        }
        if self.is_whole {
            let before = lines.len();
            // Where the drives were not read, each of them would be missing.
            let controllers = self.reading.controllers.iter();
            for controller in controllers.filter(|it| it.physical_drives.is_some()) {
                lines.extend(self.missing(controller, canvas));
            }
            if lines.len() > before {
                lines.push(Line::default());
            }
        }
        lines.extend(draw::legend(&used, canvas));
        lines
    }

    /// What there is to say of the bays that were asked for.
    fn marked(&self, frame: &Frame, canvas: Canvas) -> Vec<Line> {
        let mut lines = Vec::new();
        for bay in frame.bays.iter().filter(|bay| bay.named) {
            let Some(drive) = bay.drive() else { continue };
            let arrow = format!("{} ", draw::arrow_right(canvas.unicode));
            lines.extend(draw::wrapped(&identity(frame, bay, drive), &arrow, canvas));
            lines.extend(draw::wrapped(&place(frame, bay), "  ", canvas));
            if !drive.attention.is_empty() {
                let words = format!("health: {}", drive.attention.join("; "));
                lines.extend(draw::wrapped(&words, "  ", canvas));
            }
            let found = self.named.iter().find(|found| {
                found.controller.id == frame.controller
                    && found.value.address() == Some(frame.address(bay))
            });
            if let Some(found) = found {
                let cost = format!("if pulled: {}", pd::show::cost(*found));
                lines.extend(draw::wrapped(&cost, "  ", canvas));
            }
        }
        if !lines.is_empty() {
            let words = "Compare the serial number with the label before pulling a drive.";
            lines.extend(draw::wrapped(words, "", canvas));
        }
        lines
    }

    /// The drives that drive groups lack: nothing tells which bays they were in.
    fn missing(&self, controller: &Controller, canvas: Canvas) -> Vec<Line> {
        let words = missing(controller, self.with_controller).into_iter();
        words
            .flat_map(|words| draw::wrapped(&words, "", canvas))
            .collect()
    }
}

/// The drives that drive groups lack, in words.
pub(crate) fn missing(controller: &Controller, with_controller: bool) -> Vec<String> {
    let whose = match controller.id {
        Some(id) if with_controller => format!("controller {id}: "),
        _ => String::new(),
    };
    let places = membership::empty_places(controller);
    let words = places.iter().map(|place| {
        let at = match place.position {
            Some(at) => format!(
                "drive group {} span {} arm {}",
                at.drive_group, at.span, at.arm
            ),
            None => format!("arm {} of a drive group", place.arm),
        };
        let size = place
            .expected_size
            .map_or_else(String::new, |size| format!(", at least {}", bytes(size)));
        format!("{whose}a drive is missing: {at}{size}; which bay it was in is not known")
    });
    words.collect()
}

/// What is drawn, and how sure that is.
fn heading(frame: &Frame, with_controller: bool, canvas: Canvas) -> Vec<Line> {
    let mut lines = draw::wrapped(&title(frame, with_controller), "", canvas);
    for words in layout(frame).iter().chain(&frame.notes) {
        lines.extend(draw::wrapped(words, "  ", canvas));
    }
    lines
}

/// `enclosure 252 (SGPIO): 24 bays, 23 drives`.
pub(crate) fn title(frame: &Frame, with_controller: bool) -> String {
    let number = |is: fn(&Content) -> bool| {
        let bays = frame.bays.iter().filter(|bay| is(&bay.content));
        u64::try_from(bays.count()).unwrap_or(u64::MAX)
    };
    let drives = number(|content| matches!(content, Content::Drive(_)));
    let unknown = number(|content| matches!(content, Content::Unknown));
    let drives = count(drives, "drive", "drives");
    let title = frame.title(with_controller);
    let mut words = match frame.layout {
        Some(_) => {
            let bays = u64::try_from(frame.bays.len()).unwrap_or(u64::MAX);
            format!("{title}: {}, {drives}", count(bays, "bay", "bays"))
        }
        None => format!("{title}: {drives}"),
    };
    if unknown > 0 {
        words.extend([", ", &unknown.to_string(), " not known"]);
    }
    words
}

/// How the bays are taken to lie, in words; `None` where there are none.
pub(crate) fn layout(frame: &Frame) -> Option<String> {
    match frame.layout {
        _ if frame.bays.is_empty() => None,
        Some(layout) if layout.assumed => {
            Some(format!("{layout} (assumed; check against the labels)"))
        }
        Some(layout) => Some(format!("{layout} (as configured)")),
        None => Some("in the order of their numbers; where they sit is not known".to_owned()),
    }
}

/// `252:4: Failed, serial number 6SJ03DCCN, ST3300657SS, 279 GiB, vd 0 dg 0`.
fn identity(frame: &Frame, bay: &Bay, drive: &Drive) -> String {
    let mut facts = vec![bay.state().to_owned()];
    facts.push(match &drive.serial {
        Some(serial) => format!("serial number {serial}"),
        None => "serial number not known".to_owned(),
    });
    facts.extend(drive.model.clone());
    facts.extend(drive.size.map(bytes));
    let belongs = drive.members();
    if !belongs.is_empty() {
        facts.push(belongs);
    }
    format!("{}: {}", frame.address(bay), facts.join(", "))
}

/// `3rd bay from the left in row 2 of 3; left of it 252:1 (6SJ03259N), …`.
pub(crate) fn place(frame: &Frame, bay: &Bay) -> String {
    let (Some(layout), Some(place)) = (frame.layout, bay.place) else {
        return "no enclosure tells where it sits".to_owned();
    };
    let at = match (layout.rows, layout.columns) {
        (1, 1) => "the only bay".to_owned(),
        (1, _) => format!("{} bay from the left", ordinal(place.column)),
        (_, 1) => format!("{} bay from the top", ordinal(place.row)),
        (rows, _) => format!(
            "{} bay from the left in row {} of {rows} from the top",
            ordinal(place.column),
            place.row
        ),
    };
    let near = |words: &str, row: u32, column: u32| {
        let mut bays = frame.bays.iter();
        let bay = bays.find(|bay| bay.place == Some(Place { row, column }))?;
        let what = match (&bay.content, bay.drive().and_then(|it| it.serial.as_ref())) {
            (_, Some(serial)) => serial.clone(),
            (Content::Drive(_), None) => "serial number not known".to_owned(),
            (Content::Empty | Content::Unknown, None) => bay.state().to_owned(),
        };
        Some(format!("{words} {} ({what})", frame.address(bay)))
    };
    let Place { row, column } = place;
    let neighbours = [
        near("left of it", row, column - 1),
        near("right of it", row, column + 1),
        near("above", row - 1, column),
        near("below", row + 1, column),
    ];
    let neighbours: Vec<String> = neighbours.into_iter().flatten().collect();
    if neighbours.is_empty() {
        at
    } else {
        format!("{at}; {}", neighbours.join(", "))
    }
}

/// `1st`, `2nd`, `13th`.
fn ordinal(number: u32) -> String {
    let end = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_english() {
        let said = [1, 2, 3, 4, 11, 12, 13, 21, 22, 24, 112].map(ordinal);
        let expected = [
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "24th", "112th",
        ];
        assert_eq!(said, expected);
    }
}
