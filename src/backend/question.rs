//! Which commands answer for which part of a reading. The one place that knows MegaCLI's words for
//! reading.

use ironkeep_parsers::megacli::Output;
use ironkeep_parsers::model::{ControllerId, DriveAddress};

use crate::reading::Part;
use crate::runner::Invocation;

/// A command that answers for a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    /// The part.
    pub(super) part: Part,
    /// What the answer is.
    pub(super) output: Output,
    /// The arguments, without `-aALL` and `-NoLog`.
    pub(super) arguments: &'static [&'static str],
    /// Whether the answer is a file that the tool writes instead of its standard output.
    pub(super) writes_file: bool,
}

const fn asks(part: Part, output: Output, arguments: &'static [&'static str]) -> Question {
    Question {
        part,
        output,
        arguments,
        writes_file: false,
    }
}

/// Every question, the preferred one of a part first. On a host only the first is asked; a capture
/// answers with the first that it holds.
const QUESTIONS: &[Question] = &[
    asks(Part::Controllers, Output::AdpAllInfo, &["-AdpAllInfo"]),
    asks(Part::VirtualDrives, Output::LdPdInfo, &["-LdPdInfo"]),
    asks(Part::VirtualDrives, Output::LdInfo, &["-LDInfo", "-LALL"]),
    asks(Part::PhysicalDrives, Output::PdList, &["-PDList"]),
    asks(Part::PhysicalDrives, Output::PdInfo, &["-pdInfo"]),
    asks(Part::MissingDrives, Output::PdMissing, &["-PdGetMissing"]),
    asks(Part::PatrolRead, Output::AdpPr, &["-AdpPR", "-Info"]),
    asks(
        Part::PciLocations,
        Output::AdpGetPciInfo,
        &["-AdpGetPciInfo"],
    ),
    asks(Part::Enclosures, Output::EnclosureInfo, &["-EncInfo"]),
    asks(
        Part::ConsistencySchedule,
        Output::AdpCcSched,
        &["-AdpCcSched", "-Info"],
    ),
    asks(
        Part::CacheProtection,
        Output::CacheProtection,
        &["-AdpBbuCmd"],
    ),
    asks(
        Part::ForeignConfigurations,
        Output::CfgForeignDsply,
        &["-CfgForeign", "-Dsply"],
    ),
    asks(
        Part::ForeignConfigurations,
        Output::CfgForeignScan,
        &["-CfgForeign", "-Scan"],
    ),
    asks(
        Part::PreservedCache,
        Output::PreservedCacheList,
        &["-GetPreservedCacheList"],
    ),
    PROGRESS,
    Question {
        part: Part::Events,
        output: Output::EventFile,
        arguments: &["-AdpEventLog", "-GetEvents"],
        writes_file: true,
    },
];

/// How far rebuilds, copybacks and clears are: its arguments depend on the drives.
pub(super) const PROGRESS: Question = asks(Part::DriveOperations, Output::PdProgress, &[]);

/// The questions that answer for `part`, the preferred one first.
pub(super) fn questions(part: Part) -> impl Iterator<Item = &'static Question> {
    QUESTIONS
        .iter()
        .filter(move |question| question.part == part)
}

impl Question {
    /// The run that asks it of every controller.
    pub(super) fn invocation(&self) -> Invocation {
        const FILE: &str = "answer.txt";
        let mut arguments: Vec<String> =
            self.arguments.iter().map(|&word| word.to_owned()).collect();
        let file = self.writes_file.then(|| FILE.to_owned());
        if let Some(file) = &file {
            arguments.extend(["-f".to_owned(), file.clone()]);
        }
        arguments.push("-aALL".to_owned());
        Invocation { arguments, file }
    }

    /// The command line with which a person records the answer.
    pub(super) fn recorder(&self) -> String {
        let words = self.arguments.join(" ");
        if self.writes_file {
            format!("megacli {words} -f FILE -aALL -NoLog")
        } else {
            format!("megacli {words} -aALL -NoLog > FILE")
        }
    }
}

/// The run that asks how far the rebuild, copyback or clear (`verb`) of `drives` is.
pub(super) fn progress(
    verb: &str,
    controller: ControllerId,
    drives: &[DriveAddress],
) -> Invocation {
    let list: Vec<String> = drives.iter().map(ToString::to_string).collect();
    Invocation {
        arguments: vec![
            verb.to_owned(),
            "-ShowProg".to_owned(),
            format!("-PhysDrv[{}]", list.join(",")),
            format!("-a{controller}"),
        ],
        file: None,
    }
}
