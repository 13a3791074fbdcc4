//! The bays of enclosures as they sit in the rack: what is in each, where it lies, how it is drawn.
//!
//! * [`Frame`], [`Bay`], [`Content`]: the model, made of a reading by `commands::map`.
//! * [`layout`]: how the bays are taken to lie.
//! * [`Sign`]: what a bay shows of its state.
//! * [`draw`]: bays as lines of styled text, of a given width. No input, no output.

mod cell;
pub mod draw;
pub mod layout;
mod lines;
mod sign;

use std::collections::BTreeMap;

use ironkeep_parsers::model::{
    ControllerId, DriveAddress, DriveState, EnclosureId, HotSpare, Position, Slot, TargetId,
};
use ironkeep_parsers::units::Bytes;
use serde::Serialize;

pub use self::layout::{Layout, Place};
pub use self::sign::Sign;
use crate::output::Tone;

/// Bays that are drawn together: those of an enclosure, or the drives that have none.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Frame {
    /// The controller's number; absent where no output named it.
    pub controller: Option<ControllerId>,
    /// The enclosure's device id; absent for direct-attached drives.
    pub enclosure: Option<EnclosureId>,
    /// What the enclosure calls itself; absent where it was not read.
    pub model: Option<String>,
    /// The connector that the enclosure hangs on; absent where it was not read.
    pub connector: Option<String>,
    /// How the bays are taken to lie; absent for direct-attached drives, which may sit anywhere.
    pub layout: Option<Layout>,
    /// What is not certain of the bays, in words.
    pub notes: Vec<String>,
    /// The bays, by number.
    pub bays: Vec<Bay>,
}

/// A bay.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Bay {
    /// Its number; on a direct-attached drive the number that addresses it.
    pub slot: Slot,
    /// Where it lies in the layout; absent where there is none.
    pub place: Option<Place>,
    /// Whether its drive was named on the command line.
    pub named: bool,
    /// What is in it.
    #[serde(flatten)]
    pub content: Content,
}

/// What is in a bay.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", tag = "content")]
pub enum Content {
    /// A drive.
    Drive(Box<Drive>),
    /// All drives were read, and none is there.
    Empty,
    /// Not all drives were read: there may be one.
    Unknown,
}

/// What a bay shows of its drive. A field is absent where the tool did not print it.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Drive {
    /// The firmware's state.
    pub state: Option<DriveState>,
    /// Whether it carries the configuration of another controller.
    pub foreign: Option<bool>,
    /// The virtual drives that it belongs to; absent where they are not known.
    pub virtual_drives: Option<Vec<TargetId>>,
    /// Its place in its drive group; absent outside any.
    pub position: Option<Position>,
    /// What it serves, if it is a hot spare.
    pub hot_spare: Option<HotSpare>,
    /// Serial number.
    pub serial: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// What the controller uses of it.
    #[serde(rename = "size_bytes")]
    pub size: Option<Bytes>,
    /// What `health` says of it; empty where there is nothing to say.
    pub attention: Vec<String>,
    /// How good that and its state are.
    #[serde(skip)]
    pub tone: Tone,
    /// Whether `health` says worse of it than its state does.
    #[serde(skip)]
    pub alarm: bool,
}

impl Frame {
    /// What the frame is: `enclosure 252 (SGPIO, Port 0 - 3)`.
    pub fn title(&self, with_controller: bool) -> String {
        let controller = match self.controller {
            Some(id) if with_controller => format!("controller {id}, "),
            _ => String::new(),
        };
        let Some(enclosure) = self.enclosure else {
            return format!("{controller}direct-attached drives");
        };
        let facts = [&self.model, &self.connector];
        let facts: Vec<&str> = facts.into_iter().filter_map(|it| it.as_deref()).collect();
        let facts = if facts.is_empty() {
            String::new()
        } else {
            format!(" ({})", facts.join(", "))
        };
        format!("{controller}enclosure {enclosure}{facts}")
    }

    /// The name of a bay: `252:4`.
    pub fn address(&self, bay: &Bay) -> DriveAddress {
        DriveAddress {
            enclosure: self.enclosure,
            slot: bay.slot,
        }
    }

    /// The layout to draw by: that of the frame, or any where places mean nothing.
    pub(crate) fn drawn_layout(&self) -> Layout {
        let bays = u32::try_from(self.bays.len()).unwrap_or(u32::MAX);
        self.layout
            .unwrap_or_else(|| Layout::new(bays, layout::Wish::default()))
    }

    /// The places of the layout that is drawn by, row by row, with the position of the bay in each.
    pub(crate) fn places(&self) -> BTreeMap<Place, usize> {
        let layout = self.drawn_layout();
        let places = (0..).map(|index| layout.place(index));
        places.zip(0..self.bays.len()).collect()
    }
}

impl Bay {
    /// Its sign.
    pub fn sign(&self) -> Sign {
        match &self.content {
            Content::Drive(drive) => Sign::of(drive.state.as_ref(), drive.foreign == Some(true)),
            Content::Empty => Sign::Empty,
            Content::Unknown => Sign::Unknown,
        }
    }

    /// How good its state is.
    pub fn tone(&self) -> Tone {
        match &self.content {
            Content::Drive(drive) => drive.tone,
            Content::Empty => Tone::Neutral,
            Content::Unknown => Tone::Warn,
        }
    }

    /// The drive in it.
    pub fn drive(&self) -> Option<&Drive> {
        match &self.content {
            Content::Drive(drive) => Some(drive),
            Content::Empty | Content::Unknown => None,
        }
    }

    /// Its state in the firmware's words, or what else is known of it.
    pub fn state(&self) -> &str {
        let Some(drive) = self.drive() else {
            return self.sign().word();
        };
        match &drive.state {
            Some(_) if self.sign() == Sign::Foreign => Sign::Foreign.word(),
            Some(state) => state.as_str(),
            None => Sign::Unknown.word(),
        }
    }

    /// Its symbol, with `!` where `health` says worse of it than its state does.
    pub fn symbol(&self, unicode: bool) -> String {
        let mut symbol = self.sign().symbol(unicode).to_string();
        if self.drive().is_some_and(|drive| drive.alarm) {
            symbol.push('!');
        }
        symbol
    }
}

#[cfg(test)]
mod tests;
