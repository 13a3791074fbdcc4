//! MegaCLI on this host.

use ironkeep_parsers::model::{ControllerId, DriveState};

use super::assembly::{Answer, Assembly, ended};
use super::question::{self, Question};
use super::{Backend, no_controller};
use crate::cli::failure::{Failure, Kind};
use crate::explain::status;
use crate::reading::{Part, Reading, Unread};
use crate::runner::{Invocation, ProcessEnd, RunError, Runner};

/// The tool on this host.
pub struct MegaCli<R> {
    runner: R,
    name: String,
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
        Self { runner, name }
    }

    /// Asks `invocation` and files the answer. `Some` if the tool went wild and was killed: it hung, or
    /// it printed without end.
    fn ask(
        &mut self,
        assembly: &mut Assembly,
        question: Question,
        controller: Option<ControllerId>,
        invocation: &Invocation,
    ) -> Result<Option<Failure>, Failure> {
        let source = invocation.arguments.join(" ");
        let part = question.part;
        let mut gaps = Vec::new();
        let mut process = None;
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
                let bytes = if question.writes_file {
                    output.file
                } else {
                    output.stdout
                };
                let empty = bytes.trim_ascii().is_empty();
                match output.end {
                    ProcessEnd::Signalled(signal) if empty => {
                        let words =
                            format!("MegaCLI crashed (signal {signal}) and printed nothing");
                        assembly.fail(part, Unread::Failed(words));
                    }
                    ProcessEnd::Signalled(signal) => gaps.push(format!(
                        "MegaCLI crashed (signal {signal}); what it had printed is kept"
                    )),
                    ProcessEnd::Exited(status) => {
                        process = Some(u32::from(status));
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
        assembly.add(answer);
        Ok(wild)
    }

    /// How far rebuilds, copybacks and clears are: one run a controller and kind, and only where a
    /// drive is in the state that it needs.
    fn drive_operations(&mut self, assembly: &mut Assembly) -> Result<(), Failure> {
        let mut runs = Vec::new();
        let mut idle = Vec::new();
        for (id, controller) in assembly.controllers() {
            let Some(id) = id else { continue };
            let before = runs.len();
            for (verb, state) in [
                ("-PDRbld", DriveState::Rebuild),
                ("-PDCpyBk", DriveState::Copyback),
                // A drive that is being cleared keeps its state.
                ("-PDClear", DriveState::UnconfiguredGood),
            ] {
                let drives: Vec<_> = controller
                    .physical_drives
                    .iter()
                    .flatten()
                    .filter(|drive| drive.state.as_ref() == Some(&state))
                    .filter_map(ironkeep_parsers::model::PhysicalDrive::address)
                    .collect();
                if !drives.is_empty() {
                    runs.push((id, question::progress(verb, id, &drives)));
                }
            }
            if runs.len() == before && controller.physical_drives.is_some() {
                idle.push(id);
            }
        }
        for id in idle {
            assembly.no_operations(id);
        }
        for (id, invocation) in runs {
            let wild = self.ask(assembly, question::PROGRESS, Some(id), &invocation)?;
            if wild.is_some() {
                break;
            }
        }
        Ok(())
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
            if part == Part::DriveOperations {
                continue;
            }
            if wild.len() < HANGS {
                wild.extend(self.ask(&mut assembly, *question, None, &question.invocation())?);
            } else {
                assembly.fail(part, Unread::Failed(NOT_ASKED.to_owned()));
            }
        }
        if parts.contains(&Part::DriveOperations) {
            if wild.is_empty() {
                self.drive_operations(&mut assembly)?;
            } else {
                let words = NOT_ASKED.to_owned();
                assembly.fail(Part::DriveOperations, Unread::Failed(words));
            }
        }
        let reading = assembly.finish(parts, self.describe(), true);
        if reading.controllers.is_empty() {
            let killed = wild.into_iter().next();
            return Err(killed.unwrap_or_else(|| no_controller(&reading)));
        }
        Ok(reading)
    }
}
