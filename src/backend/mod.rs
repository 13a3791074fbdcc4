//! Where a reading comes from. A backend says what it can read; commands ask for parts.

mod agreement;
pub mod applied;
mod assembly;
pub mod capture;
pub mod megacli;
mod question;
pub mod record;
pub mod sudoers;

use std::fmt;

use ironkeep_parsers::frame::kind_of_sentence;
use ironkeep_parsers::megacli::Parsed;
use ironkeep_parsers::model::ControllerId;
use ironkeep_parsers::report::ComplaintKind;
use serde::{Deserialize, Serialize};

use crate::change::Request;
use crate::cli::consent::Consent;
use crate::cli::failure::{Failure, Kind};
use crate::follow::EventRequest;
use crate::reading::{Part, Reading};
use crate::runner::{Invocation, Program, RawOutput};
use applied::Applied;
pub use question::part_of;
use record::{Keep, Planned};

/// A source of readings: MegaCLI on this host, or a saved capture. Others slot in here. It may be read
/// again and again, and on another thread than the one that opened it.
pub trait Backend: Send {
    /// What it is, for people: `MegaCLI at /usr/sbin/megacli`, `capture in DIR`.
    fn describe(&self) -> String;

    /// The parts that it can read. It is asked for no others.
    fn capabilities(&self) -> &[Part];

    /// Reads `parts`. A part that cannot be read does not fail the others: the reading says so.
    ///
    /// # Errors
    /// If nothing can be read at all.
    fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure>;

    /// Reads where the event logs stand, and the events that `request` names: [`Part::EventPositions`]
    /// and [`Part::Events`]. A backend that can read a part of a log does only that; this one reads
    /// all of it.
    ///
    /// # Errors
    /// If nothing can be read at all.
    fn read_events(&mut self, request: &EventRequest) -> Result<Reading, Failure> {
        // The numbers first: what they count is in the log that is read then.
        let mut parts = vec![Part::EventPositions, Part::Events];
        parts.retain(|&part| part == Part::Events || self.capabilities().contains(&part));
        let mut reading = self.read(&parts)?;
        for controller in &mut reading.controllers {
            request.choose(controller);
        }
        Ok(reading)
    }

    /// The vendor's tool that the readings come from; `None` where it could not be asked. It is not asked
    /// again as long as it is the one that is `known`.
    fn tool(&mut self, known: Option<Tool>) -> Option<Tool> {
        known
    }

    /// Keeps everybody else from reading and changing the host until [`Self::release`].
    ///
    /// # Errors
    /// If somebody else holds it for longer than one waits, or nothing can be changed here at all.
    fn hold(&mut self) -> Result<(), Failure> {
        Err(unchangeable())
    }

    /// Ends what [`Self::hold`] began.
    fn release(&mut self) {}

    /// The run that would make a change.
    ///
    /// # Errors
    /// If nothing can be changed here at all.
    fn translate(&self, request: &Request) -> Result<Invocation, Failure> {
        let _ = request;
        Err(unchangeable())
    }

    /// Makes a change. What the tool says of it is no proof: a reading is.
    ///
    /// # Errors
    /// If the tool could not be run to its end.
    fn apply(&mut self, request: &Request, consent: &Consent) -> Result<Applied, Failure> {
        let invocation = self.translate(request)?;
        let output = self.pass(&invocation, consent)?;
        Ok(Applied::of(&invocation, &output))
    }

    /// Runs the tool with arguments of somebody's own.
    ///
    /// # Errors
    /// If the tool could not be run to its end.
    fn pass(&mut self, invocation: &Invocation, consent: &Consent) -> Result<RawOutput, Failure> {
        let _ = (invocation, consent);
        Err(unchangeable())
    }

    /// Has a controller write `what` into a file, and hands over what stands in it. Nothing is changed.
    ///
    /// # Errors
    /// If the tool could not be run to its end, wrote no file, or says that it failed.
    fn hand_out(&mut self, what: HandOut, controller: ControllerId) -> Result<Vec<u8>, Failure> {
        let _ = (what, controller);
        Err(unchangeable())
    }

    /// Whether it shows this host as it is now.
    fn is_live(&self) -> bool;

    /// What [`Self::record`] would record.
    fn planned(&self) -> Vec<Planned>;

    /// Hands every output to `keep`, one after the other, for a capture. One that fails is handed over
    /// as it is, and the others follow.
    ///
    /// # Errors
    /// If nothing can be recorded at all, somebody asked to stop, or `keep` fails.
    fn record(&mut self, keep: &mut Keep<'_>) -> Result<(), Failure>;

    /// What a capture that is replayed holds of its host, as `ironkeep capture` wrote it.
    fn recorded_host(&self) -> Option<&[u8]> {
        None
    }

    /// Files of a capture that is replayed which [`Self::record`] leaves out, because no command is
    /// known to print what stands in them.
    fn left_out(&self) -> &[String] {
        &[]
    }
}

/// A vendor's tool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// The program; `None` where it is always the same.
    pub program: Option<Program>,
    /// The version that it says it has; `None` if it does not say.
    pub version: Option<String>,
}

/// The version of the tool in what was `printed`; `None` if it is something else.
fn printed_version(printed: &Parsed) -> Option<String> {
    if let Parsed::VersionCli(report) = printed {
        Some(report.value.first()?.version.clone())
    } else if let Parsed::ShowSummary(report) = printed {
        report.value.first()?.tool_version.clone()
    } else {
        None
    }
}

/// What a controller hands out as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOut {
    /// Its configuration, in the firmware's own form.
    Configuration,
    /// Its event log, as MegaCLI writes it.
    Events,
    /// Its event log with what was cleared and is not overwritten yet.
    EventsWithDeleted,
}

impl HandOut {
    /// What it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Configuration => "the configuration",
            Self::Events | Self::EventsWithDeleted => "the event log",
        }
    }
}

/// Saved output is not a host.
fn unchangeable() -> Failure {
    Failure::new(
        Kind::Usage,
        "saved output can be looked at, but nothing can be changed there",
    )
    .hint("leave out --replay to act on this host")
    .hint("try it on a simulated host: ironkeep --demo-state FILE sim start failed-drive")
}

impl fmt::Debug for dyn Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe())
    }
}

/// There is nothing to show: why, as far as the outputs say. Only a tool that says nothing else, or just
/// that, shows that there is no controller.
fn no_controller(reading: &Reading) -> Failure {
    let asked = || reading.asked.iter();
    let gaps = asked().flat_map(|asked| asked.gaps.iter().map(move |gap| (asked, gap)));
    let complaints = asked().flat_map(|asked| asked.complaints.iter().map(move |it| (asked, it)));
    let absent = |words: &str| {
        // What the status means may stand behind the sentence.
        let sentence = words.split_once(" (").map_or(words, |(before, _)| before);
        kind_of_sentence(sentence) == Some(ComplaintKind::ControllerAbsent)
    };
    let none = format!("{} shows no controller", reading.source);
    let (failure, is_there) = match gaps.chain(complaints).next() {
        Some((_, words)) if absent(words) => {
            (Failure::because(Kind::Hardware, none, words.clone()), false)
        }
        Some((asked, words)) => {
            let message = format!("could not read {}", asked.part.words());
            (
                Failure::because(Kind::Hardware, message, words.clone()),
                true,
            )
        }
        None => (Failure::new(Kind::Hardware, none), false),
    };
    match (reading.live, is_there) {
        (true, false) => failure
            .hint("lspci -nn -d 1000: shows whether the host sees one")
            .hint("lsmod | grep megaraid_sas shows whether its driver is loaded"),
        (true, true) => {
            failure.hint("what the driver says about the controller: dmesg | grep megaraid_sas")
        }
        (false, false) => {
            failure.hint("record the host again, as root: megacli -LdPdInfo -aALL -NoLog > FILE")
        }
        (false, true) => failure.hint("what else the capture lacks: ironkeep health"),
    }
}
