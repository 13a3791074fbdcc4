//! Which commands answer for which part of a reading. The one place that knows MegaCLI's words for
//! reading.

use ironkeep_parsers::megacli::Output;
use ironkeep_parsers::model::{ControllerId, DriveAddress, DriveState, PhysicalDrive};

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
        const FILE: &str = "F";
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

/// The runs that ask how far the rebuilds, copybacks and clears of a controller's drives are: one for
/// each kind, and only where a drive is in the state that it needs.
pub(super) fn progress_of(controller: ControllerId, drives: &[PhysicalDrive]) -> Vec<Invocation> {
    let kinds = [
        ("-PDRbld", DriveState::Rebuild),
        ("-PDCpyBk", DriveState::Copyback),
        // A drive that is being cleared keeps its state.
        ("-PDClear", DriveState::UnconfiguredGood),
    ];
    let run = |(verb, state): (&str, DriveState)| {
        let in_state = drives
            .iter()
            .filter(|drive| drive.state.as_ref() == Some(&state));
        let drives: Vec<_> = in_state.filter_map(PhysicalDrive::address).collect();
        (!drives.is_empty()).then(|| progress(verb, controller, &drives))
    };
    kinds.into_iter().filter_map(run).collect()
}

/// The run that asks how far the rebuild, copyback or clear (`verb`) of `drives` is.
fn progress(verb: &str, controller: ControllerId, drives: &[DriveAddress]) -> Invocation {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health;

    #[test]
    fn health_asks_at_most_eight_questions() {
        assert!(health::NEEDED.len() <= 8);
    }

    #[test]
    fn every_part_has_a_question_and_every_question_the_output_that_its_words_yield() {
        for &part in Part::ALL {
            assert!(questions(part).next().is_some(), "{part:?}");
            for question in questions(part) {
                let file = Output::of_arguments(question.arguments);
                let yields = if question.writes_file {
                    Some(Output::EventExport)
                } else if question.arguments.is_empty() {
                    None
                } else {
                    Some(question.output)
                };
                assert_eq!(file, yields, "{question:?}");
            }
        }
    }

    #[test]
    fn a_question_is_asked_of_all_controllers_at_once() {
        for &part in Part::ALL {
            for question in questions(part).filter(|question| !question.arguments.is_empty()) {
                let invocation = question.invocation();
                assert_eq!(invocation.arguments.last().unwrap(), "-aALL");
                assert_eq!(invocation.file.is_some(), question.writes_file);
            }
        }
    }

    #[test]
    fn the_progress_of_all_drives_is_one_run() {
        let drive = |slot| DriveAddress {
            enclosure: Some(ironkeep_parsers::model::EnclosureId(252)),
            slot: ironkeep_parsers::model::Slot(slot),
        };
        let run = progress("-PDRbld", ControllerId(1), &[drive(3), drive(4)]);
        let expected = ["-PDRbld", "-ShowProg", "-PhysDrv[252:3,252:4]", "-a1"];
        assert_eq!(run.arguments, expected);
    }
}
