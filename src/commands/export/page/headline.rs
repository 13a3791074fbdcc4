//! The verdict, and how much it is worth: how old the data are, or why there are none.

use maud::{Markup, html};

use super::parts::{age, class, note};
use super::{Page, tone};
use crate::commands::health;
use crate::output::Tone;

impl Page<'_> {
    pub(super) fn headline(&self) -> Markup {
        let snapshot = self.snapshot;
        let tone = tone(snapshot.verdict);
        let is_known = !snapshot.reading.controllers.is_empty();
        html! {
            div class={ "verdict " (class(tone)) } {
                h1 class={ "s " (class(tone)) } { (self.title()) }
                @if is_known {
                    @let numbers = health::numbers(&snapshot.findings);
                    @if !numbers.is_empty() { p { (numbers) } }
                    p { "Read " (age(snapshot.reading.taken, &self.zone)) }
                } @else if snapshot.failure.is_some() {
                    p { "Nothing could be read; the state of the host is not known." }
                    @if let Some(end) = snapshot.collections.last_end {
                        p { "Tried " (age(end, &self.zone)) }
                    }
                } @else if snapshot.collections.count == 0 {
                    p { "Nothing has been read yet: the first collection still runs." }
                } @else {
                    p { "No controller was found." }
                }
            }
            @if let Some(failure) = &snapshot.failure {
                (note(Tone::Bad, &format!("The last collection failed: {failure}")))
            }
            @if !snapshot.configuration_valid {
                (note(Tone::Warn, "The configuration that was read last is not valid; the one before it holds."))
            }
        }
    }
}
