//! What runs, how far it is, and how long it may still take.

use maud::{Markup, html};

use super::Page;
use super::parts::{nothing, text};
use crate::commands::cells::qualified;
use crate::commands::operation::list::NEEDED;
use crate::commands::operation::running::{self, RunningOperation};
use crate::output::{Cell, Tabular};
use crate::reading::Part;

impl Page<'_> {
    pub(super) fn operations(&self) -> Markup {
        let reading = &self.snapshot.reading;
        let taken = reading
            .live
            .then(|| reading.taken.to_zoned(self.zone.clone()));
        let controllers = reading.controllers.iter();
        let running: Vec<_> = controllers
            .flat_map(|it| running::all(it, taken.as_ref()))
            .collect();
        html! {
            @for part in self.parts_that_tell() { (self.unread(part)) }
            @if running.is_empty() { (nothing("Nothing is known to run.")) }
            @else { ul .list { @for operation in &running { (self.operation(operation)) } } }
        }
    }

    /// The parts that tell of operations, as far as the exporter reads them.
    fn parts_that_tell(&self) -> Vec<Part> {
        let collectors = self.snapshot.collectors.keys();
        let parts: Vec<Part> = collectors.flat_map(|it| it.parts()).copied().collect();
        NEEDED
            .iter()
            .copied()
            .filter(|part| parts.contains(part))
            .collect()
    }

    fn operation(&self, operation: &RunningOperation) -> Markup {
        let object = qualified(self.several, operation.controller, &operation.object());
        let cell = |key: &str| {
            let mut columns = RunningOperation::COLUMNS.iter();
            let column = columns.find(|column| column.key == key)?;
            let cell = (column.cell)(operation);
            (cell != Cell::Absent).then(|| cell.shown())
        };
        let mut facts = Vec::new();
        facts.push(cell("percent").unwrap_or_else(|| "how far is not known".to_owned()));
        facts.extend(operation.remaining().map(|it| format!("{it} left")));
        facts.extend(cell("estimated_end").map(|it| format!("may end {it}")));
        facts.extend(cell("member_of").map(|it| format!("member of {it}")));
        facts.extend(cell("drives_completed").map(|it| format!("drives done: {it}")));
        let facts = text(&facts.join(", "));
        html! {
            li {
                @if let Some(percent) = operation.percent {
                    label {
                        strong { (text(&format!("{} of {object}", operation.kind))) } br;
                        progress max="100" value=(percent.0) { (facts) }
                    }
                } @else {
                    strong { (text(&format!("{} of {object}", operation.kind))) }
                }
                p { (facts) }
            }
        }
    }
}
