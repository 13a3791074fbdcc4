//! What a person wants to know of one drive, before a hand is on it.

use ironkeep_parsers::model::PhysicalDrive;
use maud::{Markup, html};

use super::parts::{class, command, fields, text};
use super::{Page, drive_id};
use crate::commands::fields::{ToCell, capitalised};
use crate::commands::map::words;
use crate::commands::pd::show::cost;
use crate::commands::resolve::Found;
use crate::commands::{attention, cells};
use crate::health::{Finding, Object};
use crate::map::{Bay, Frame};
use crate::output::Cell;

impl Page<'_> {
    /// The details of a drive: not shown until somebody follows a link to them.
    pub(super) fn drive(
        &self,
        frame: &Frame,
        bay: &Bay,
        found: Found<'_, PhysicalDrive>,
    ) -> Markup {
        let drive = found.value;
        let address = frame.address(bay);
        let findings = self.snapshot.findings.iter().filter(|finding| {
            finding.controller == frame.controller
                && matches!(&finding.object, Object::PhysicalDrive { address: at, .. } if *at == Some(address))
        });
        let findings: Vec<&Finding> = findings.collect();
        let flag = match frame.controller {
            Some(id) if self.several => format!(" -c {id}"),
            _ => String::new(),
        };
        let show = format!("ironkeep pd show {address}{flag}");
        let mut next: Vec<&str> = findings.iter().map(|it| it.next.as_str()).collect();
        next.push(&show);
        next.dedup();
        let id = drive_id(frame.controller, address);
        let name = cells::qualified(self.several, frame.controller, &format!("Drive {address}"));
        let seen = [
            ("State", drive.state.to_cell()),
            ("Place", words::place(frame, bay).into()),
            ("If pulled", capitalised(&cost(found)).into()),
        ];
        html! {
            article .drive #(id) tabindex="-1" {
                h3 { (name) " " a href="#-" { "Close" } }
                @for finding in findings {
                    @let class = class(attention::tone(finding.severity));
                    p { strong class={ "s " (class) } { (finding.severity.token()) } " " (text(&finding.reason)) }
                }
                (fields(seen.into_iter().chain(facts(found))))
                @for next in next { p .next { (command(next)) } }
            }
        }
    }
}

/// What is known of a drive, as far as it matters at first; `pd show` has it all.
fn facts(found: Found<'_, PhysicalDrive>) -> Vec<(&'static str, Cell)> {
    let drive = found.value;
    let members = crate::membership::targets(found.controller, drive);
    let inquiry = drive.inquiry.as_ref().map(|inquiry| inquiry.raw.as_str());
    let spare = drive.hot_spare.as_ref().map(|spare| &spare.kind);
    vec![
        ("Serial number", drive.serial().into()),
        ("Model", drive.model().or(inquiry).into()),
        ("Firmware", drive.firmware.as_deref().into()),
        ("Size", drive.coerced_size.into()),
        ("Virtual drives", cells::targets(members.as_deref())),
        (
            "Group/span/arm",
            drive.position.map(|at| at.to_string()).into(),
        ),
        ("Hot spare", spare.to_cell()),
        ("Foreign", drive.foreign.filter(|foreign| *foreign).into()),
        ("Temperature", drive.temperature.into()),
        ("Media errors", drive.media_errors.into()),
        ("Other errors", drive.other_errors.into()),
        ("Predictive failures", drive.predictive_failures.into()),
        ("SMART alert", cells::alarm(drive.smart_alert)),
        ("Media", cells::media(drive)),
        ("Interface", drive.interface.to_cell()),
        ("Link speed", drive.link_speed.into()),
        ("Power", drive.power.to_cell()),
        ("WWN", drive.wwn.map(|wwn| wwn.to_string()).into()),
        ("Device id", drive.device_id.map(|id| id.0).into()),
    ]
}
