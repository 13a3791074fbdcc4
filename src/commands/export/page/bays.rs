//! The bays of each enclosure as they sit in the rack.

use ironkeep_parsers::model::PhysicalDrive;
use maud::{Markup, html};

use super::parts::{class, note, nothing, text};
use super::{Page, drive_id};
use crate::commands::fields::capitalised;
use crate::commands::map::words;
use crate::commands::resolve::Found;
use crate::map::{Bay, Frame};
use crate::output::Tone;
use crate::reading::Part;

impl Page<'_> {
    pub(super) fn bays(&self) -> Markup {
        let reading = &self.snapshot.reading;
        // Where the drives were not read, each of them would be missing.
        let controllers = reading.controllers.iter();
        let missing = controllers
            .filter(|it| it.physical_drives.is_some())
            .flat_map(|it| words::missing(it, self.several));
        html! {
            (self.unread(Part::PhysicalDrives))
            @for words in missing { (note(Tone::Warn, &capitalised(&words))) }
            @for words in &self.not_drawn { (note(Tone::Warn, &capitalised(words))) }
            @if self.frames.is_empty() { (nothing("No bays and no physical drives are known.")) }
            @for frame in &self.frames { (self.frame(frame)) }
            // Outside of the frames, whose size is queried: that would tie them to their frame.
            @for frame in &self.frames {
                @for bay in &frame.bays { (self.details(frame, bay)) }
            }
        }
    }

    fn frame(&self, frame: &Frame) -> Markup {
        let layout = frame.drawn_layout();
        // How much of the width a bay has decides where the style breaks rows into lists.
        let size = match layout.columns {
            0..=4 => "r4",
            5..=12 => "r12",
            _ => "r24",
        };
        let about = words::layout(frame);
        html! {
            section class={ "frame " (size) } {
                h3 { (text(&capitalised(&words::title(frame, self.several)))) }
                @if let Some(about) = about { p .dim .small { (text(&capitalised(&about))) } }
                @for words in &frame.notes { (note(Tone::Warn, &capitalised(words))) }
                @for row in 1..=layout.rows { (row_of(frame, row)) }
            }
        }
    }

    /// The details of the drive in `bay`.
    fn details(&self, frame: &Frame, bay: &Bay) -> Markup {
        let found = self.found(frame, bay);
        html! { @if let Some(found) = found { (self.drive(frame, bay, found)) } }
    }

    fn found(&self, frame: &Frame, bay: &Bay) -> Option<Found<'_, PhysicalDrive>> {
        bay.drive()?;
        let mut controllers = self.snapshot.reading.controllers.iter();
        let controller = controllers.find(|it| it.id == frame.controller)?;
        let mut drives = controller.physical_drives.iter().flatten();
        let address = Some(frame.address(bay));
        let value = drives.find(|drive| drive.address() == address)?;
        Some(Found { controller, value })
    }
}

/// A row of bays, from the left.
fn row_of(frame: &Frame, row: u32) -> Markup {
    let layout = frame.drawn_layout();
    let places = frame.places();
    let at = |column| {
        let place = crate::map::Place { row, column };
        places.get(&place).and_then(|&at| frame.bays.get(at))
    };
    let name = match (frame.layout, layout.rows) {
        (None, _) => "By number".to_owned(),
        (Some(_), 1) => "From the left".to_owned(),
        (Some(_), _) => format!("Row {row} from the top, from the left"),
    };
    html! {
        ol .row aria-label=(name) {
            @for column in 1..=layout.columns {
                @match at(column) {
                    Some(bay) => li { (cell(frame, bay)) },
                    None => li .x aria-hidden="true" {},
                }
            }
        }
    }
}

/// A bay: its number, its state as a sign, in a word and as a colour, and what its drive belongs to.
fn cell(frame: &Frame, bay: &Bay) -> Markup {
    let alarm = bay.drive().filter(|drive| drive.alarm);
    let alarm = alarm.map(|drive| match drive.tone {
        Tone::Bad => "critical",
        Tone::Good | Tone::Neutral | Tone::Warn => "warning",
    });
    let content = html! {
        b { (bay.slot) }
        i aria-hidden="true" { (bay.symbol(true)) }
        span { (bay.sign().word()) }
        @if let Some(alarm) = alarm { span { (alarm) } }
        @if let Some(drive) = bay.drive() {
            @let members = drive.members();
            @if !members.is_empty() { small { (tight(&text(&members))) } }
        }
    };
    let class = class(bay.tone());
    html! {
        @if bay.drive().is_some() {
            a class={ "bay " (class) } href={ "#" (drive_id(frame.controller, frame.address(bay))) } { (content) }
        } @else {
            div class={ "bay e " (class) } { (content) }
        }
    }
}

/// Keeps each number on the line of what it counts: `vd 0`, `dg 1`.
fn tight(members: &str) -> String {
    members
        .replace("vd ", "vd\u{a0}")
        .replace("dg ", "dg\u{a0}")
}
