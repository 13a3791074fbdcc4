//! What is not as it should be: the worst first, each with the command to type next.

use maud::{Markup, html};

use super::Page;
use super::parts::{class, command, nothing, text};
use crate::commands::attention::tone;
use crate::commands::cells::qualified;
use crate::health::{Finding, Object};

impl Page<'_> {
    pub(super) fn findings(&self) -> Markup {
        let findings = &self.snapshot.findings;
        if findings.is_empty() {
            return nothing("None: everything that was read is as it should be.");
        }
        html! {
            ol .list { @for (number, finding) in findings.iter().enumerate() { (self.finding(number, finding)) } }
        }
    }

    fn finding(&self, number: usize, finding: &Finding) -> Markup {
        let class = class(tone(finding.severity));
        let object = qualified(
            self.several,
            finding.controller,
            &finding.object.to_string(),
        );
        // A name that stays the same when other findings come and go.
        let same = self.snapshot.findings.iter().take(number);
        let same = same.filter(|it| it.code == finding.code).count();
        let drive = match &finding.object {
            Object::PhysicalDrive { address, .. } => self.drive_id(finding.controller, *address),
            Object::Host
            | Object::Controller
            | Object::VirtualDrive { .. }
            | Object::MissingDrive { .. }
            | Object::CacheProtection
            | Object::Enclosure { .. }
            | Object::MemoryModule { .. } => None,
        };
        html! {
            li class=(class) {
                strong class={ "s " (class) } { (finding.severity.token()) } " "
                @match drive {
                    Some(id) => a href={ "#" (id) } { (text(&object)) },
                    None => strong { (text(&object)) },
                }
                p { (text(&finding.reason)) }
                p .next { (command(&finding.next)) }
                details #{ (finding.code.name()) "-" (same) } .small {
                    summary { "What it means" }
                    p { (finding.code.meaning()) }
                    p { (finding.code.action()) }
                }
            }
        }
    }
}
