//! Whether the outputs of a capture describe one host at one time. Whoever mixes up files of two hosts
//! or two days must not read of a healthy state that nowhere ever was.

use std::collections::BTreeMap;

use ironkeep_parsers::megacli::{Output, Parsed};
use ironkeep_parsers::model::{ControllerId, DriveState, PhysicalDrive, VirtualDrive};

use super::capture::Captured;

/// What an output says about something that can be only one way at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    controller: Option<ControllerId>,
    /// `the state of physical drive 252:2`.
    about: String,
}

/// Two outputs that say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contradiction {
    /// Both, with their places, in words.
    pub(super) words: String,
    /// Whether it is what a controller or drive is, and not how it is: then they are of two hosts.
    pub(super) of_two_hosts: bool,
}

/// The serial number of a controller: it tells hosts apart.
const SERIAL: &str = "the serial number";

/// The outputs that [`facts`] looks at: the others need not be read for it.
const HAVE_FACTS: [Output; 5] = [
    Output::AdpAllInfo,
    Output::PdList,
    Output::PdInfo,
    Output::LdPdInfo,
    Output::LdInfo,
];

/// The contradictions between `outputs`, each once.
pub(super) fn contradictions(outputs: &[Captured]) -> Vec<Contradiction> {
    let mut known: BTreeMap<Fact, (String, &str)> = BTreeMap::new();
    let mut found: BTreeMap<Fact, Contradiction> = BTreeMap::new();
    for captured in outputs {
        if !HAVE_FACTS.contains(&captured.output) {
            continue;
        }
        for (fact, value) in facts(captured.parsed()) {
            match known.get(&fact) {
                Some((other, place)) if *other != value => {
                    let controller = fact
                        .controller
                        .map_or_else(String::new, |id| format!(" of controller {id}"));
                    let words = format!(
                        "{}{controller} is {other} in {place} and {value} in {}",
                        fact.about, captured.place
                    );
                    let of_two_hosts = fact.about == SERIAL;
                    found.entry(fact).or_insert(Contradiction {
                        words,
                        of_two_hosts,
                    });
                }
                Some(_) => {}
                None => {
                    known.insert(fact, (value, &captured.place));
                }
            }
        }
    }
    found.into_values().collect()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other outputs repeat these or say nothing that can be compared"
)]
fn facts(parsed: &Parsed) -> Vec<(Fact, String)> {
    let mut facts = Vec::new();
    match parsed {
        Parsed::AdpAllInfo(report) => {
            for section in &report.value {
                if let Some(serial) = &section.value.serial {
                    facts.push((fact(section.controller, SERIAL), serial.clone()));
                }
            }
        }
        Parsed::PdList(report) | Parsed::PdInfo(report) => {
            for section in &report.value {
                for drive in &section.value {
                    facts.extend(of_drive(section.controller, drive));
                }
            }
        }
        Parsed::LdPdInfo(report) | Parsed::LdInfo(report) => {
            for section in &report.value {
                for drive in &section.value {
                    facts.extend(of_virtual_drive(section.controller, drive));
                    let members = drive.spans.iter().flat_map(|span| &span.members);
                    for member in members.filter_map(|member| member.drive.as_ref()) {
                        facts.extend(of_drive(section.controller, member));
                    }
                }
            }
        }
        _ => {}
    }
    facts
}

fn fact(controller: Option<ControllerId>, about: impl Into<String>) -> Fact {
    Fact {
        controller,
        about: about.into(),
    }
}

/// Of a drive without a controller's number nobody can say which drive it is.
fn of_drive(id: Option<ControllerId>, drive: &PhysicalDrive) -> Vec<(Fact, String)> {
    let (Some(_), Some(address)) = (id, drive.address()) else {
        return Vec::new();
    };
    let state = drive.state.as_ref().map(DriveState::as_str);
    let serial = drive.inquiry.as_ref().and_then(|it| it.serial.as_deref());
    let say = |about: String, value: &str| (fact(id, about), value.to_owned());
    [
        state.map(|state| say(format!("physical drive {address}"), state)),
        serial.map(|it| say(format!("{SERIAL} of physical drive {address}"), it)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_virtual_drive(id: Option<ControllerId>, drive: &VirtualDrive) -> Option<(Fact, String)> {
    let state = drive.state.as_ref()?.as_str();
    let about = format!("virtual drive {}", drive.target_id?);
    Some((fact(Some(id?), about), state.to_owned()))
}
