//! MegaCLI on this host.

mod change;
mod events;
mod hand_out;

use ironkeep_parsers::megacli::Output;
use ironkeep_parsers::model::ControllerId;

use super::assembly::{Answer, Assembly, ended};
use super::question::{self, Question, Scope};
use super::record::{self, Keep, Planned};
use super::{Backend, HandOut, Tool, no_controller, printed_version};
use crate::change::Request;
use crate::cli::consent::Consent;
use crate::cli::failure::{Failure, Kind};
use crate::explain::status;
use crate::follow::EventRequest;
use crate::reading::{Controller, Part, Reading, Unread};
use crate::runner::{Invocation, ProcessEnd, RawOutput, RunError, Runner};

/// The tool on this host.
pub struct MegaCli<R> {
    runner: R,
    name: String,
    /// Whether it is the host that this process runs on.
    live: bool,
}

/// How many runs may have to be killed before the rest is not tried: each can cost the time limit.
const HANGS: usize = 2;

/// Why a part is not even asked for.
const NOT_ASKED: &str = "not asked, because MegaCLI failed to answer other questions";

/// The tool said nothing at all; its status may say why.
fn nothing(question: Question, status: u8) -> String {
    match ended(status::judge(question.arguments, status.into())) {
        Some(ended) => format!("MegaCLI printed nothing ({ended})"),
        None => "MegaCLI printed nothing".to_owned(),
    }
}

impl<R: Runner> MegaCli<R> {
    /// A backend that runs the tool called `name` (for people) through `runner`.
    pub fn new(runner: R, name: String) -> Self {
        Self {
            runner,
            name,
            live: true,
        }
    }

    /// The same, for a host that is simulated: its clock and its disks are not those of this one.
    #[must_use]
    pub fn simulated(mut self) -> Self {
        self.live = false;
        self
    }

    /// Asks `invocation` and files the answer. `Some` if the tool went wild and was killed: it hung, or
    /// it printed without end.
    fn ask(
        &mut self,
        assembly: &mut Assembly,
        mut question: Question,
        controller: Option<ControllerId>,
        invocation: &Invocation,
    ) -> Result<Option<Failure>, Failure> {
        let source = invocation.arguments.join(" ");
        let part = question.part;
        let mut gaps = Vec::new();
        let mut process = None;
        let mut whole = false;
        let (bytes, wild) = match self.runner.run(invocation) {
            Ok(output) if output.truncated => {
                // No command prints that much: what came is no answer, and is not taken for one.
                let mebibytes = output.stdout.len().max(output.file.len()) >> 20;
                let words = format!("MegaCLI printed {mebibytes} MiB, which no command of it does");
                assembly.fail(part, Unread::Failed(words.clone()));
                let hint = format!("look at what it prints: MegaCLI {source} -NoLog | head");
                return Ok(Some(Failure::new(Kind::Hardware, words).hint(hint)));
            }
            Ok(output) => {
                let bytes = if question.writes_file && output.file.trim_ascii().is_empty() {
                    // Without a file, what it printed says why.
                    question.output = Output::EventExport;
                    output.stdout
                } else if question.writes_file {
                    output.file
                } else {
                    output.stdout
                };
                let empty = bytes.trim_ascii().is_empty();
                match output.end {
                    ProcessEnd::Signalled(signal) if empty => {
                        let words =
                            format!("MegaCLI crashed (signal {signal}) and printed nothing");
                        gaps.push(words.clone());
                        assembly.fail(part, Unread::Failed(words));
                    }
                    ProcessEnd::Signalled(signal) => gaps.push(format!(
                        "MegaCLI crashed (signal {signal}); what it had printed is kept"
                    )),
                    ProcessEnd::Exited(status) => {
                        process = Some(u32::from(status));
                        whole = !empty && !question.writes_file;
                        if empty {
                            let mut words = nothing(question, status);
                            if let Some(line) = first_line(&output.stderr) {
                                words = format!("{words} but “{line}” on standard error");
                                gaps.push(words.clone());
                            }
                            assembly.fail(part, Unread::Failed(words));
                        }
                    }
                }
                (bytes, None)
            }
            Err(mut error) => {
                if let RunError::TimedOut { stdout, .. } = &mut error {
                    let printed = std::mem::take(stdout);
                    let words = error.to_string();
                    assembly.fail(part, Unread::Failed(words.clone()));
                    gaps.push(words);
                    (printed, Some(error.into()))
                } else if matches!(error, RunError::Locked { .. }) && !assembly.is_empty() {
                    // What was read before is kept.
                    assembly.fail(part, Unread::Failed(error.to_string()));
                    return Ok(Some(error.into()));
                } else if matches!(error, RunError::SudoRefused { .. }) && !assembly.is_empty() {
                    // The rule is older than the question: it allows the others.
                    assembly.fail(part, Unread::Failed(error.to_string()));
                    return Ok(None);
                } else {
                    return Err(error.into());
                }
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut answer = Answer::read(question, &text, source);
        answer.controller = controller;
        answer.process = process;
        answer.gaps = gaps;
        answer.whole = whole;
        assembly.add(answer);
        Ok(wild)
    }

    /// How far rebuilds, copybacks and clears are: one run a controller and kind, and only where a
    /// drive is in the state that it needs.
    fn drive_operations(&mut self, assembly: &mut Assembly) -> Result<Option<Failure>, Failure> {
        let mut runs = Vec::new();
        let mut idle = Vec::new();
        for (id, controller) in assembly.controllers() {
            let Some(id) = id else { continue };
            let Some(drives) = &controller.physical_drives else {
                continue;
            };
            let asks = question::progress_of(id, drives);
            if asks.is_empty() {
                idle.push(id);
            }
            runs.extend(asks.into_iter().map(|(question, run)| (id, question, run)));
        }
        for id in idle {
            assembly.no_operations(id);
        }
        for (id, question, invocation) in runs {
            let wild = self.ask(assembly, question, Some(id), &invocation)?;
            if wild.is_some() {
                return Ok(wild);
            }
        }
        Ok(None)
    }

    /// Whether virtual drives are consistent: one run for each controller that may have some.
    fn consistency(&mut self, assembly: &mut Assembly) -> Result<Option<Failure>, Failure> {
        if assembly.controllers().next().is_none()
            && let Some(question) = question::questions(Part::Controllers).next()
        {
            // Nothing else was asked for: who is there?
            self.ask(assembly, question, None, &question.of_all())?;
        }
        let has_none =
            |known: &Controller| known.virtual_drives.as_ref().is_some_and(Vec::is_empty);
        let ids: Vec<ControllerId> = assembly
            .controllers()
            .filter(|(_, known)| !has_none(known))
            .filter_map(|(id, _)| id)
            .collect();
        for id in ids {
            let question = question::CONSISTENCY;
            let wild = self.ask(assembly, question, Some(id), &question.of_one(id))?;
            if wild.is_some() {
                return Ok(wild);
            }
        }
        Ok(None)
    }
}

/// The first line that is not blank.
fn first_line(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| !line.is_empty()).map(str::to_owned)
}

impl<R: Runner> Backend for MegaCli<R> {
    fn describe(&self) -> String {
        self.name.clone()
    }

    fn capabilities(&self) -> &[Part] {
        Part::ALL
    }

    fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure> {
        let mut assembly = Assembly::default();
        let mut wild = Vec::new();
        for &part in parts {
            let Some(question) = question::questions(part).next() else {
                continue;
            };
            if question.scope != Scope::All {
                continue;
            }
            if wild.len() < HANGS {
                wild.extend(self.ask(&mut assembly, question, None, &question.of_all())?);
            } else {
                assembly.fail(part, Unread::Failed(NOT_ASKED.to_owned()));
            }
        }
        // These depend on what was answered.
        for part in [Part::DriveOperations, Part::Consistency] {
            if !parts.contains(&part) {
                continue;
            }
            if !wild.is_empty() {
                assembly.fail(part, Unread::Failed(NOT_ASKED.to_owned()));
            } else if part == Part::Consistency {
                wild.extend(self.consistency(&mut assembly)?);
            } else {
                wild.extend(self.drive_operations(&mut assembly)?);
            }
        }
        assembly.doubt_unended();
        let reading = assembly.finish(parts, self.describe(), self.is_live());
        if reading.controllers.is_empty() {
            let killed = wild.into_iter().next();
            let failure = killed.unwrap_or_else(|| no_controller(&reading));
            return Err(failure.after(reading));
        }
        Ok(reading)
    }

    fn read_events(&mut self, request: &EventRequest) -> Result<Reading, Failure> {
        events::read(self, request)
    }

    fn tool(&mut self, known: Option<Tool>) -> Option<Tool> {
        let program = self.runner.program();
        let known = known.filter(|it| it.program == program);
        if known.is_some() {
            return known;
        }
        let invocation = Invocation {
            arguments: vec![question::VERSION.to_owned()],
            ..Invocation::default()
        };
        let version = match self.runner.run(&invocation) {
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stdout);
                printed_version(&Output::VersionCli.read(&text))
            }
            // One that hangs, or may not be asked, is not asked again and again.
            Err(RunError::TimedOut { .. } | RunError::SudoRefused { .. }) => None,
            // It was not run: next time.
            Err(_) => return None,
        };
        Some(Tool { program, version })
    }

    fn hold(&mut self) -> Result<(), Failure> {
        Ok(self.runner.hold()?)
    }

    fn release(&mut self) {
        self.runner.release();
    }

    fn translate(&self, request: &Request) -> Result<Invocation, Failure> {
        Ok(change::invocation(request))
    }

    fn pass(&mut self, invocation: &Invocation, _: &Consent) -> Result<RawOutput, Failure> {
        Ok(self.runner.run(invocation)?)
    }

    fn hand_out(&mut self, what: HandOut, controller: ControllerId) -> Result<Vec<u8>, Failure> {
        hand_out::hand_out(&mut self.runner, what, controller)
    }

    fn is_live(&self) -> bool {
        self.live
    }

    fn planned(&self) -> Vec<Planned> {
        record::planned()
    }

    fn record(&mut self, keep: &mut Keep<'_>) -> Result<(), Failure> {
        record::record(&mut self.runner, keep)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;
    use std::time::Duration;

    use ironkeep_parsers::model::TargetId;

    use super::*;
    use crate::health;
    use crate::runner::Program;

    /// Answers each command with what `answer` gives for its first word, and counts the runs.
    struct Fake<F> {
        answer: F,
        runs: Vec<String>,
    }

    impl<F: FnMut(&str) -> Result<RawOutput, RunError> + Send> Runner for &mut Fake<F> {
        fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
            let word = invocation.arguments[0].clone();
            self.runs.push(word.clone());
            (self.answer)(&word)
        }
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "it stands for what a runner answers"
    )]
    fn printed(text: &str, end: ProcessEnd) -> Result<RawOutput, RunError> {
        Ok(RawOutput {
            end,
            stdout: text.as_bytes().to_vec(),
            file: Vec::new(),
            stderr: Vec::new(),
            truncated: false,
            elapsed: Duration::ZERO,
        })
    }

    fn hang() -> Result<RawOutput, RunError> {
        Err(RunError::TimedOut {
            program: PathBuf::from("megacli"),
            limit: Duration::from_secs(1),
            killed: true,
            stdout: Vec::new(),
        })
    }

    /// A controller with `drives` drives in state `state`.
    fn list(drives: u32, state: &str) -> String {
        use std::fmt::Write as _;
        let mut text = "Adapter #0\n\n".to_owned();
        for slot in 0..drives {
            let _ = write!(
                text,
                "Enclosure Device ID: 252\nSlot Number: {slot}\nDevice Id: {slot}\n\
                 Firmware state: {state}\n\n"
            );
        }
        text + "Exit Code: 0x00\n"
    }

    /// Reads `parts` through `answer`: the outcome and the runs.
    fn read(
        parts: &[Part],
        answer: impl FnMut(&str) -> Result<RawOutput, RunError> + Send,
    ) -> (Result<Reading, Failure>, Vec<String>) {
        let mut fake = Fake {
            answer,
            runs: Vec::new(),
        };
        let reading = MegaCli::new(&mut fake, "MegaCLI".to_owned()).read(parts);
        (reading, fake.runs)
    }

    fn why(reading: &Reading, part: Part) -> String {
        match reading.controllers[0].unread.get(&part) {
            Some(Unread::Failed(words)) => words.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_number_of_runs_does_not_depend_on_the_number_of_drives() {
        for drives in [1, 60] {
            let (_, runs) = read(health::NEEDED, |word| match word {
                "-PDList" => printed(&list(drives, "Online"), ProcessEnd::Exited(0)),
                _ => printed("", ProcessEnd::Exited(0)),
            });
            assert_eq!(runs.len(), 8);
        }
    }

    #[test]
    fn a_silent_failure_says_what_its_status_means() {
        let (reading, _) = read(
            &[Part::PhysicalDrives, Part::Enclosures],
            |word| match word {
                "-PDList" => printed(&list(1, "Online"), ProcessEnd::Exited(0)),
                _ => printed("", ProcessEnd::Exited(0x32)),
            },
        );
        let words = why(&reading.unwrap(), Part::Enclosures);
        assert!(
            words.starts_with("MegaCLI printed nothing (exit code 0x32: "),
            "{words}"
        );
    }

    #[test]
    fn a_crash_keeps_what_was_printed_and_says_so() {
        let crashed = ProcessEnd::Signalled(11);
        let (reading, _) = read(
            &[Part::PhysicalDrives, Part::Enclosures],
            |word| match word {
                "-PDList" => printed(&list(2, "Online"), crashed),
                _ => printed("", crashed),
            },
        );
        let reading = reading.unwrap();
        assert_eq!(
            reading.controllers[0]
                .physical_drives
                .as_ref()
                .unwrap()
                .len(),
            2
        );
        assert!(
            reading.asked[0]
                .gaps
                .iter()
                .any(|gap| gap.contains("crashed"))
        );
        let words = why(&reading, Part::Enclosures);
        assert_eq!(words, "MegaCLI crashed (signal 11) and printed nothing");
    }

    #[test]
    fn an_answer_without_the_exit_code_that_others_have_breaks_off() {
        let parts = [Part::PhysicalDrives, Part::Enclosures];
        let gaps = |enclosures: &str| {
            let (reading, _) = read(&parts, |word| match word {
                "-PDList" => {
                    let list = list(1, "Online");
                    let cut = list.trim_end_matches("Exit Code: 0x00\n");
                    printed(cut, ProcessEnd::Exited(0))
                }
                _ => printed(enclosures, ProcessEnd::Exited(0)),
            });
            reading.unwrap().asked[0].gaps.clone()
        };
        let none = "Number of enclosures on adapter 0 -- 0\n";
        let is_doubted = |enclosures: &str| {
            let gaps = gaps(enclosures);
            gaps.iter().any(|gap| gap.contains("exit code"))
        };
        assert!(!is_doubted(none), "a build that prints none");
        assert!(is_doubted(&format!("{none}Exit Code: 0x00\n")));
    }

    #[test]
    fn after_two_hangs_nothing_more_is_asked() {
        let (reading, runs) = read(health::NEEDED, |word| match word {
            "-AdpAllInfo" | "-LdPdInfo" => hang(),
            _ => printed(&list(1, "Online"), ProcessEnd::Exited(0)),
        });
        assert_eq!(runs, ["-AdpAllInfo", "-LdPdInfo"]);
        assert!(reading.is_err());
        let (reading, runs) = read(health::NEEDED, |word| match word {
            "-PDList" => printed(&list(1, "Online"), ProcessEnd::Exited(0)),
            _ => hang(),
        });
        assert_eq!(runs.len(), 2);
        assert!(reading.is_err());
    }

    #[test]
    fn progress_is_asked_only_of_drives_in_a_state_that_has_one() {
        let parts = [Part::PhysicalDrives, Part::DriveOperations];
        let runs = |state: &str| {
            let list = list(3, state);
            let (_, runs) = read(&parts, |_| printed(&list, ProcessEnd::Exited(0)));
            runs
        };
        assert_eq!(runs("Online"), ["-PDList"]);
        assert_eq!(runs("Rebuild"), ["-PDList", "-PDRbld"]);
    }

    #[test]
    fn progress_that_is_not_asked_for_says_why() {
        let parts = [
            Part::PhysicalDrives,
            Part::Enclosures,
            Part::DriveOperations,
        ];
        let (reading, _) = read(&parts, |word| match word {
            "-PDList" => printed(&list(1, "Rebuild"), ProcessEnd::Exited(0)),
            _ => hang(),
        });
        assert_eq!(why(&reading.unwrap(), Part::DriveOperations), NOT_ASKED);
    }

    /// What `-LdPdInfo` prints of controllers with so many virtual drives each.
    fn virtual_drives(counts: &[u32]) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        for (controller, &count) in counts.iter().enumerate() {
            let _ = write!(
                text,
                "\nAdapter #{controller}\n\nNumber of Virtual Disks: {count}\n"
            );
            for target in 0..count {
                let _ = write!(
                    text,
                    "Virtual Drive: {target} (Target Id: {target})\nState: Optimal\n\n"
                );
            }
        }
        text + "\nExit Code: 0x00\n"
    }

    const CONSISTENT: &str = "\nVirtual Drive:00(Target ID 00): Consistent.\n\
        Virtual Drive:01(Target ID 01): Not Consistent.\n\nExit Code: 0x00\n";

    #[test]
    fn consistency_is_asked_of_each_controller_that_has_virtual_drives() {
        let parts = [Part::VirtualDrives, Part::Consistency];
        let list = virtual_drives(&[2, 0, 2]);
        let (reading, runs) = read(&parts, |word| match word {
            "-LdPdInfo" => printed(&list, ProcessEnd::Exited(0)),
            _ => printed(CONSISTENT, ProcessEnd::Exited(0)),
        });
        assert_eq!(runs, ["-LdPdInfo", "-LDGetProp", "-LDGetProp"]);
        let reading = reading.unwrap();
        let lines: Vec<_> = reading.asked.iter().map(|it| it.source.as_str()).collect();
        let line = |id| format!("-LDGetProp -Consistency -LALL -a{id}");
        assert_eq!(lines[1..], [line(0), line(2)]);
        let said = [(TargetId(0), true), (TargetId(1), false)];
        for (controller, said) in reading.controllers.iter().zip([&said[..], &[], &said]) {
            let said: BTreeMap<_, _> = said.iter().copied().collect();
            assert_eq!(controller.consistency, Some(said));
            assert!(!controller.unread.contains_key(&Part::Consistency));
        }
    }

    #[test]
    fn consistency_that_one_controller_does_not_tell_is_known_of_the_other() {
        let parts = [Part::VirtualDrives, Part::Consistency];
        let list = virtual_drives(&[1, 1]);
        let mut answers = [
            "Failed to get VD count on adapter 0.\nExit Code: 0x01\n",
            CONSISTENT,
        ]
        .into_iter();
        let (reading, _) = read(&parts, |word| match word {
            "-LdPdInfo" => printed(&list, ProcessEnd::Exited(0)),
            _ => printed(answers.next().unwrap(), ProcessEnd::Exited(0)),
        });
        let reading = reading.unwrap();
        assert!(why(&reading, Part::Consistency).contains("Failed to get"));
        assert_eq!(reading.controllers[0].consistency, None);
        assert!(reading.controllers[1].consistency.is_some());
    }

    #[test]
    fn a_sudo_rule_that_is_older_than_a_question_costs_that_answer_alone() {
        let refused = || {
            Err(RunError::SudoRefused {
                program: PathBuf::from("megacli"),
                message: "a password is required".to_owned(),
            })
        };
        let parts = [Part::VirtualDrives, Part::Consistency, Part::Enclosures];
        let list = virtual_drives(&[1]);
        let (reading, _) = read(&parts, |word| match word {
            "-LDGetProp" => refused(),
            _ => printed(&list, ProcessEnd::Exited(0)),
        });
        assert!(why(&reading.unwrap(), Part::Consistency).contains("sudo refused"));
        let (reading, _) = read(&parts, |_| refused());
        assert!(reading.is_err());
    }

    /// A program that gives these answers, one after the other, and that another can take the place of.
    struct Replaceable {
        path: &'static str,
        answers: Vec<Result<RawOutput, RunError>>,
    }

    impl Runner for Replaceable {
        fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
            assert_eq!(invocation.arguments, ["-v"]);
            self.answers.remove(0)
        }

        fn program(&self) -> Option<Program> {
            Some(Program::at(self.path))
        }
    }

    fn banner(version: &str) -> Result<RawOutput, RunError> {
        let text = format!(
            "\n      MegaCLI SAS RAID Management Tool  Ver {version} Dec 16, 2013\n\n\
             (c)Copyright 2013, LSI Corporation, All Rights Reserved.\n\nExit Code: 0x00\n"
        );
        printed(&text, ProcessEnd::Exited(0))
    }

    fn locked() -> Result<RawOutput, RunError> {
        Err(RunError::Locked {
            path: PathBuf::from("ironkeep.lock"),
            waited: Duration::from_secs(1),
            holder: None,
        })
    }

    #[test]
    fn a_program_is_asked_for_its_version_once() {
        let answers = vec![locked(), banner("8.07.14"), banner("8.07.16"), hang()];
        let runner = Replaceable { path: "a", answers };
        let mut host = MegaCli::new(runner, "MegaCLI".to_owned());
        assert_eq!(host.tool(None), None);
        let mut known = None;
        for (path, version) in [("a", Some("8.07.14")), ("b", Some("8.07.16")), ("c", None)] {
            host.runner.path = path;
            for _ in 0..2 {
                known = host.tool(known);
                let said = known.as_ref().map(|it| it.version.as_deref());
                assert_eq!(said, Some(version), "{path}");
            }
        }
        assert_eq!(host.runner.answers.len(), 0);
    }

    #[test]
    fn what_is_no_version_is_none() {
        let words = "Invalid input at or near token -v\n\nExit Code: 0x01\n";
        let runner = Replaceable {
            path: "a",
            answers: vec![printed(words, ProcessEnd::Exited(1))],
        };
        let mut host = MegaCli::new(runner, "MegaCLI".to_owned());
        assert_eq!(host.tool(None).unwrap().version, None);
    }

    #[test]
    fn a_lock_that_is_taken_midway_costs_the_rest_and_not_what_was_read() {
        let parts = [Part::PhysicalDrives, Part::Enclosures];
        let (reading, _) = read(&parts, |word| match word {
            "-PDList" => printed(&list(1, "Online"), ProcessEnd::Exited(0)),
            _ => locked(),
        });
        assert!(why(&reading.unwrap(), Part::Enclosures).contains("in use"));
        let (reading, _) = read(&parts, |_| locked());
        assert!(reading.is_err());
    }
}
