//! Batteries, enclosures and their sensors, controllers, and what their event logs tell.

use ironkeep_parsers::model::ControllerId;
use maud::{Markup, html};

use super::Page;
use super::parts::{grid, nothing, section, table, text};
use crate::commands::cells::qualified;
use crate::commands::parts::OfController;
use crate::commands::{bbu, controller, enclosure};
use crate::output::{Body, Section};
use crate::reading::Part;

impl Page<'_> {
    pub(super) fn batteries(&self) -> Markup {
        let findings = &self.snapshot.findings;
        let controllers = || self.snapshot.reading.controllers.iter();
        let rows: Vec<_> = controllers()
            .filter_map(|it| Some((it.id, it.cache_protection.as_ref()?.as_ref()?)))
            .map(|(id, protection)| bbu::Row::new(findings, id, protection))
            .collect();
        let keys = self.keys(
            "kind",
            &[
                "state",
                "charge",
                "temperature",
                "capacity",
                "voltage",
                "current",
                "next_learn",
            ],
        );
        let none = controllers().filter(|it| it.cache_protection == Some(None));
        html! {
            (self.unread(Part::CacheProtection))
            @if !rows.is_empty() { (table(None, &grid(&rows, &keys))) }
            @for controller in none {
                (nothing(&self.without_battery(controller.id)))
            }
        }
    }

    fn without_battery(&self, controller: Option<ControllerId>) -> String {
        let controller = match controller {
            Some(id) if self.several => format!("Controller {id}"),
            _ => "The controller".to_owned(),
        };
        format!("{controller} has no battery and no supercapacitor.")
    }

    pub(super) fn enclosures(&self) -> Markup {
        let controllers = self.snapshot.reading.controllers.iter();
        let (names, rows): (Vec<String>, Vec<_>) = controllers
            .flat_map(|it| {
                it.enclosures
                    .iter()
                    .flatten()
                    .map(|enclosure| (it.id, enclosure))
            })
            .map(|(id, enclosure)| {
                let name = crate::output::human::or_unknown(enclosure.id);
                let name = qualified(self.several, id, &format!("enclosure {name}"));
                let row = enclosure::Row::new(&self.snapshot.findings, id, enclosure);
                (name, row)
            })
            .unzip();
        let keys = self.keys(
            "enclosure",
            &[
                "status",
                "slots_used",
                "slots",
                "temperature",
                "model",
                "serial",
                "firmware",
                "kind",
                "connector",
            ],
        );
        html! {
            (self.unread(Part::Enclosures))
            @if rows.is_empty() { (nothing("No enclosures are known.")) }
            @else { (table(None, &grid(&rows, &keys))) }
            @for (number, (name, row)) in names.iter().zip(&rows).enumerate() {
                (sensors(number, name, &row.sections()))
            }
        }
    }

    pub(super) fn events(&self) -> Markup {
        let events = self.snapshot.recent_events.iter().rev();
        let rows: Vec<_> = events
            .map(|(controller, event)| OfController {
                controller: *controller,
                value: event.clone(),
            })
            .collect();
        let keys = self.keys("sequence", &["time", "class", "description"]);
        html! {
            @if rows.is_empty() { (nothing("No recent events are known.")) }
            @else {
                (nothing("The newest first, by the clock of the controller."))
                (table(None, &grid(&rows, &keys)))
            }
        }
    }

    pub(super) fn controllers(&self) -> Markup {
        let controllers = self.snapshot.reading.controllers.iter();
        let rows: Vec<_> = controllers
            .filter_map(|it| {
                Some(OfController {
                    controller: it.id,
                    value: controller::data(it)?,
                })
            })
            .collect();
        html! {
            (self.unread(Part::Controllers))
            @if rows.is_empty() { (nothing("No controllers are known.")) }
            @else { (table(None, &grid(&rows, IDENTITY))) }
        }
    }
}

/// The columns that tell controllers apart, and how they do.
const IDENTITY: &[&str] = &[
    "number",
    "product",
    "serial",
    "firmware",
    "temperature",
    "memory_uncorrectable",
    "memory_correctable",
    "cache",
    "pci",
];

/// What the sensors of an enclosure say. Its bays are drawn elsewhere.
fn sensors(number: usize, name: &str, sections: &[Section]) -> Markup {
    let has_rows = |section: &&Section| match &section.body {
        Body::Rows(grid) => !grid.rows.is_empty() && section.title != "Slots",
        Body::Fields(_) => false,
    };
    let sections: Vec<_> = sections.iter().filter(has_rows).collect();
    html! {
        @if !sections.is_empty() {
            details #{ "e" (number) } {
                summary { "Sensors of " (text(name)) }
                @for it in sections { (section(it)) }
            }
        }
    }
}
