//! Which commands answer for which part of a reading. The one place that knows MegaCLI's words for
//! reading.

use ironkeep_parsers::megacli::Output;
use ironkeep_parsers::model::{ControllerId, DriveAddress, DriveState, PhysicalDrive};

use crate::property::Property;
use crate::reading::Part;
use crate::runner::Invocation;

/// A command that answers for a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    /// The part.
    pub(super) part: Part,
    /// What the answer is.
    pub(super) output: Output,
    /// The arguments, without the parameter, `-aALL` and `-NoLog`.
    pub(super) arguments: &'static [&'static str],
    /// Of how many controllers a run asks.
    pub(super) scope: Scope,
    /// Whether the answer is a file that the tool writes instead of its standard output.
    pub(super) writes_file: bool,
}

/// Of how many controllers a run asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Of all at once ([`Question::of_all`]).
    All,
    /// Of one ([`Question::of_one`]): the answer does not say of which.
    One,
    /// Of one, with an argument that depends on it ([`Question::of`]).
    With(Parameter),
}

/// An argument that differs from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parameter {
    /// As a person reads it.
    shown: &'static str,
    /// An extended regular expression for whatever it can be. Digits, colons and commas vary, nothing
    /// else: sudo lets root run what matches it.
    pattern: &'static str,
}

/// `-PhysDrv[252:3,252:4]`; a drive without an enclosure is `:3`.
const DRIVES: Parameter = Parameter {
    shown: "-PhysDrv[E:S,…]",
    pattern: "-PhysDrv[[][0-9]*:[0-9]+(,[0-9]*:[0-9]+)*[]]",
};

/// A count.
const NUMBER: Parameter = Parameter {
    shown: "NUMBER",
    pattern: "[0-9]+",
};

const fn asks(part: Part, output: Output, arguments: &'static [&'static str]) -> Question {
    Question {
        part,
        output,
        arguments,
        scope: Scope::All,
        writes_file: false,
    }
}

/// How far something is on physical drives.
const fn asks_progress(arguments: &'static [&'static str]) -> Question {
    Question {
        scope: Scope::With(DRIVES),
        ..asks(Part::DriveOperations, Output::PdProgress, arguments)
    }
}

/// A form of the event log, which the tool writes into a file.
const fn asks_events(arguments: &'static [&'static str]) -> Question {
    Question {
        writes_file: true,
        ..asks(Part::Events, Output::EventFile, arguments)
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
        Part::ForeignPreviews,
        Output::CfgForeignPreview,
        &["-CfgForeign", "-Preview"],
    ),
    asks(Part::DriveGroups, Output::CfgDsply, &["-CfgDsply"]),
    asks(
        Part::PreservedCache,
        Output::PreservedCacheList,
        &["-GetPreservedCacheList"],
    ),
    asks(
        Part::BackgroundInitialization,
        Output::LdBackgroundInitialization,
        &["-LDBI", "-getSetting", "-LALL"],
    ),
    CONSISTENCY,
    asks(
        Part::EventPositions,
        Output::EventLogInfo,
        &["-AdpEventLog", "-GetEventLogInfo"],
    ),
    REBUILD_PROGRESS,
    asks_events(&["-AdpEventLog", "-GetEvents"]),
    asks(Part::Bios, Output::AdpBios, &["-AdpBIOS", "-Dsply"]),
    asks(
        Part::BootDrive,
        Output::AdpBootDrive,
        &["-AdpBootDrive", "-Get"],
    ),
    asks(Part::PhyErrors, Output::PhyErrors, &["-PhyErrorCounters"]),
    asks(
        Part::Property(Property::AutoRebuild),
        Output::AdpGetProp,
        &["-AdpAutoRbld", "-Dsply"],
    ),
];

/// Whether virtual drives are consistent. With `-aALL` the same words stand for each controller, one
/// after the other (8.07.14): nothing tells whose virtual drive 0 is meant.
pub(super) const CONSISTENCY: Question = Question {
    scope: Scope::One,
    ..asks(
        Part::Consistency,
        Output::LdGetProp,
        &["-LDGetProp", "-Consistency", "-LALL"],
    )
};

/// What the tool is asked for its own version. It is about no controller, and no part of a reading.
pub(super) const VERSION: &str = "-v";

/// How far rebuilds are. The other two questions about drives have the same kind of answer.
const REBUILD_PROGRESS: Question = asks_progress(&["-PDRbld", "-ShowProg"]);

/// How far rebuilds, copybacks and clears are, and the state of the drives that are worth asking.
pub(super) const PROGRESS: [(Question, DriveState); 3] = [
    (REBUILD_PROGRESS, DriveState::Rebuild),
    (
        asks_progress(&["-PDCpyBk", "-ShowProg"]),
        DriveState::Copyback,
    ),
    // A drive that is being cleared keeps its state.
    (
        asks_progress(&["-PDClear", "-ShowProg"]),
        DriveState::UnconfiguredGood,
    ),
];

/// The newest so many events. Unlike `-GetEvents`, it shows those of the classes progress and debug
/// too: of a capture's log with 16 events, the newest being the progress of a rebuild, `-GetEvents`
/// writes 15.
pub(super) const LATEST_EVENTS: Question = Question {
    scope: Scope::With(NUMBER),
    ..asks_events(&["-AdpEventLog", "-GetLatest"])
};

/// The questions that answer for `part`, the preferred one first.
pub(super) fn questions(part: Part) -> impl Iterator<Item = Question> {
    let listed = QUESTIONS.iter().copied();
    let of_property = if let Part::Property(property) = part
        && property != Property::AutoRebuild
    {
        let arguments = property.facts().question;
        Some(asks(part, Output::AdpGetProp, arguments))
    } else {
        None
    };
    listed.filter(move |it| it.part == part).chain(of_property)
}

/// The questions of a host that answer for `part`, where a reading of it can need more than one.
pub(super) fn asked(part: Part) -> Vec<Question> {
    if part == Part::DriveOperations {
        return PROGRESS.iter().map(|(question, _)| *question).collect();
    }
    let newest = (part == Part::Events).then_some(LATEST_EVENTS);
    questions(part).take(1).chain(newest).collect()
}

/// The part that a command line asks for; `None` for one that is no question.
pub fn part_of(arguments: &[String]) -> Option<Part> {
    let asks = |question: &Question| {
        let mut words = arguments.iter();
        let mut wanted = question.arguments.iter();
        wanted.all(|word| words.next().is_some_and(|it| it == word))
    };
    let progress = PROGRESS.iter().map(|(question, _)| *question);
    let mut listed = QUESTIONS.iter().copied().chain(progress);
    let listed = listed.find(asks).map(|question| question.part);
    if LATEST_EVENTS.arguments.iter().eq(arguments.iter().take(2)) {
        return Some(LATEST_EVENTS.part);
    }
    let of_property = |part: &Part| questions(*part).any(|question| asks(&question));
    listed.or_else(|| Part::ALL.iter().copied().find(of_property))
}

impl Question {
    /// The run that asks it of every controller.
    pub(super) fn of_all(&self) -> Invocation {
        self.run(None, "-aALL".to_owned())
    }

    /// The run that asks it of one controller, without a parameter.
    pub(super) fn of_one(&self, controller: ControllerId) -> Invocation {
        self.run(None, format!("-a{controller}"))
    }

    /// The run that asks it of one controller, with its parameter.
    pub(super) fn of(&self, controller: ControllerId, parameter: String) -> Invocation {
        self.run(Some(parameter), format!("-a{controller}"))
    }

    /// The run that asks it, with `controllers` in the place of those that are asked about, and with the
    /// pattern of its parameter, if it has one.
    pub(super) fn of_any(&self, controllers: &str) -> Invocation {
        let pattern = match self.scope {
            Scope::With(parameter) => Some(parameter.pattern.to_owned()),
            Scope::All | Scope::One => None,
        };
        self.run(pattern, controllers.to_owned())
    }

    fn run(&self, parameter: Option<String>, controllers: String) -> Invocation {
        const FILE: &str = "F";
        let mut arguments: Vec<String> =
            self.arguments.iter().map(|&word| word.to_owned()).collect();
        arguments.extend(parameter);
        let file = self.writes_file.then(|| FILE.to_owned());
        if let Some(file) = &file {
            arguments.extend(["-f".to_owned(), file.clone()]);
        }
        arguments.push(controllers);
        Invocation {
            arguments,
            file,
            ..Invocation::default()
        }
    }

    /// The command line with which a person records the answer.
    pub(super) fn recorder(&self) -> String {
        let words = self.arguments.join(" ");
        let (parameter, controllers) = match self.scope {
            Scope::All => (String::new(), "-aALL"),
            Scope::One => (String::new(), "-a0"),
            Scope::With(parameter) => (format!(" {}", parameter.shown), "-a0"),
        };
        if self.writes_file {
            format!("megacli {words}{parameter} -f FILE {controllers} -NoLog")
        } else {
            format!("megacli {words}{parameter} {controllers} -NoLog > FILE")
        }
    }
}

/// The runs that ask how far the rebuilds, copybacks and clears of a controller's drives are: one for
/// each kind, and only where a drive is in the state that it needs.
pub(super) fn progress_of(
    controller: ControllerId,
    drives: &[PhysicalDrive],
) -> Vec<(Question, Invocation)> {
    let run = |(question, state): (Question, DriveState)| {
        let in_state = drives
            .iter()
            .filter(|drive| drive.state.as_ref() == Some(&state));
        let addresses: Vec<_> = in_state.filter_map(PhysicalDrive::address).collect();
        let run = question.of(controller, self::drives(&addresses));
        (!addresses.is_empty()).then_some((question, run))
    };
    PROGRESS.into_iter().filter_map(run).collect()
}

/// The parameter that names drives: `-PhysDrv[252:3,252:4]`.
fn drives(drives: &[DriveAddress]) -> String {
    let list: Vec<String> = drives.iter().map(ToString::to_string).collect();
    format!("-PhysDrv[{}]", list.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health;

    #[test]
    fn health_asks_at_most_eight_questions() {
        assert!(health::NEEDED.len() <= 8);
    }

    /// Every question there is.
    fn all() -> impl Iterator<Item = Question> {
        let progress = PROGRESS.iter().map(|(question, _)| *question);
        let more = progress.chain([LATEST_EVENTS]);
        QUESTIONS.iter().copied().chain(more)
    }

    #[test]
    fn every_part_has_a_question_and_every_question_the_output_that_its_words_yield() {
        for &part in Part::ALL {
            assert!(questions(part).next().is_some(), "{part:?}");
        }
        for question in all() {
            let yields = if question.writes_file {
                Output::EventExport
            } else {
                question.output
            };
            let said = Output::of_arguments(question.arguments);
            assert_eq!(said, Some(yields), "{question:?}");
        }
    }

    #[test]
    fn what_is_asked_of_all_controllers_at_once_is_one_run() {
        for question in all().filter(|question| question.scope == Scope::All) {
            let invocation = question.of_all();
            assert_eq!(invocation.arguments.last().unwrap(), "-aALL");
            assert_eq!(invocation.file.is_some(), question.writes_file);
        }
    }

    #[test]
    fn an_answer_without_a_name_is_asked_of_one_controller() {
        let run = CONSISTENCY.of_one(ControllerId(1));
        let expected = ["-LDGetProp", "-Consistency", "-LALL", "-a1"];
        assert_eq!(run.arguments, expected);
        assert!(CONSISTENCY.recorder().ends_with("-LALL -a0 -NoLog > FILE"));
    }

    #[test]
    fn the_progress_of_all_drives_is_one_run() {
        let drive = |slot| DriveAddress {
            enclosure: Some(ironkeep_parsers::model::EnclosureId(252)),
            slot: ironkeep_parsers::model::Slot(slot),
        };
        let run = REBUILD_PROGRESS.of(ControllerId(1), drives(&[drive(3), drive(4)]));
        let expected = ["-PDRbld", "-ShowProg", "-PhysDrv[252:3,252:4]", "-a1"];
        assert_eq!(run.arguments, expected);
    }

    #[test]
    fn the_newest_events_are_asked_of_one_controller_into_a_file() {
        let run = LATEST_EVENTS.of(ControllerId(1), "3".to_owned());
        let expected = ["-AdpEventLog", "-GetLatest", "3", "-f", "F", "-a1"];
        assert_eq!(run.arguments, expected);
        assert_eq!(run.file.as_deref(), Some("F"));
    }

    #[test]
    fn a_command_line_tells_its_part() {
        for question in all() {
            let line = question.of(ControllerId(0), "1".to_owned()).arguments;
            assert_eq!(part_of(&line), Some(question.part), "{line:?}");
        }
        for &part in Part::ALL {
            let line = questions(part).next().unwrap().of_all().arguments;
            assert_eq!(part_of(&line), Some(part), "{line:?}");
        }
        assert_eq!(part_of(&["-AdpEventLog".to_owned()]), None);
        assert_eq!(part_of(&[]), None);
    }

    #[test]
    fn what_a_person_records_is_a_command_line() {
        assert_eq!(
            REBUILD_PROGRESS.recorder(),
            "megacli -PDRbld -ShowProg -PhysDrv[E:S,…] -a0 -NoLog > FILE"
        );
    }
}
