//! The columns of events.

use ironkeep_parsers::model::{Event, EventArea, EventClass, EventDatum, EventTime};
use serde_json::Value;

use super::{OfController, class_word, since_boot};
use crate::commands::fields::{ToCell, clock, label, list};
use crate::output::{Align, CONTROLLER, Cell, Column, Tabular, Tone};

/// The key of the column that `--data` adds.
pub(super) const DATA: &str = "data";

impl Tabular for OfController<Event> {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("sequence", "SEQ", Align::Right, |row| {
            row.value.sequence.to_cell()
        }),
        Column::new("time", "TIME", Align::Left, |row| {
            row.value.time.map(time).into()
        }),
        Column::new("class", "CLASS", Align::Left, |row| {
            row.value.class.map(class).into()
        }),
        Column::new("description", "DESCRIPTION", Align::Prose, |row| {
            row.value.description.to_cell()
        }),
        Column::new("area", "AREA", Align::Prose, |row| {
            let areas = row.value.areas.as_ref();
            let words = |areas: &Vec<EventArea>| list(areas.iter().map(|area| area_word(*area)));
            areas.map(words).into()
        }),
        Column::new("code", "CODE", Align::Right, |row| {
            row.value.code.map(|code| format!("0x{code:04x}")).into()
        }),
        Column::on_request(DATA, "DATA", Align::Prose, |row| data(&row.value.data)),
    ];
}

pub(crate) fn time(time: EventTime) -> String {
    match time {
        EventTime::Clock(time) => clock(time),
        EventTime::SinceBootSeconds(seconds) => since_boot(seconds),
    }
}

pub(crate) fn class(class: EventClass) -> Cell {
    let tone = match class {
        EventClass::Debug | EventClass::Progress | EventClass::Information => Tone::Neutral,
        EventClass::Warning => Tone::Warn,
        EventClass::Critical | EventClass::Fatal | EventClass::Dead => Tone::Bad,
    };
    Cell::state(class_word(class), class_word(class), tone)
}

fn area_word(area: EventArea) -> String {
    match area {
        EventArea::VirtualDrive => "virtual drive".to_owned(),
        EventArea::PhysicalDrive => "physical drive".to_owned(),
        EventArea::Enclosure => "enclosure".to_owned(),
        EventArea::CacheProtection => "bbu".to_owned(),
        EventArea::Sas => "SAS".to_owned(),
        EventArea::Controller => "controller".to_owned(),
        EventArea::Configuration => "configuration".to_owned(),
        EventArea::Cluster => "cluster".to_owned(),
        EventArea::Other(bit) => format!("0x{bit:x}"),
    }
}

/// The data of an event in one line: `Device id 8, Slot 0`.
pub(crate) fn data(data: &[EventDatum]) -> Cell {
    if data.is_empty() {
        return Cell::Absent;
    }
    list(data.iter().map(datum))
}

/// A datum by the name and value that JSON gives it, so that none is forgotten.
fn datum(datum: &EventDatum) -> String {
    if let EventDatum::Command(bytes) = datum {
        return format!("Command {}", hexadecimal(bytes));
    }
    if let EventDatum::Sense(bytes) = datum {
        return format!("Sense {}", hexadecimal(bytes));
    }
    // Names, numbers and texts alone: nothing that could fail.
    serde_json::to_value(datum).map_or_else(|_| String::new(), |value| words(&value))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                if value.is_object() {
                    format!("{} ({})", label(name), words(value))
                } else {
                    format!("{} {}", label(name), words(value))
                }
            };
            fields.iter().map(field).collect::<Vec<_>>().join(", ")
        }
    }
}
