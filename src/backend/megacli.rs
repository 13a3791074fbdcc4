//! `MegaCLI` on this host.

use ironkeep_parsers::model::{ControllerId, DriveState};

use super::assembly::{Answer, Assembly};
use super::question::{self, Question};
use super::{Backend, no_controller};
use crate::cli::failure::{Failure, Kind};
use crate::reading::{Part, Reading, Unread};
use crate::runner::{Invocation, ProcessEnd, RunError, Runner};

/// The tool on this host.
pub struct MegaCli<R> {
    runner: R,
    name: String,
}

/// How many runs may have to be killed before the rest is not tried: each can cost the time limit.
const HANGS: usize = 2;

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
        let mut gaps = Vec::new();
        let (bytes, wild) = match self.runner.run(invocation) {
            Ok(output) => {
                if let ProcessEnd::Signalled(signal) = output.end {
                    gaps.push(format!(
                        "MegaCLI crashed (signal {signal}); what it had printed is kept"
                    ));
                }
                if output.truncated {
                    // No command prints that much: what came is no answer, and is not taken for one.
                    let mebibytes = output.stdout.len().max(output.file.len()) >> 20;
                    let words =
                        format!("MegaCLI printed {mebibytes} MiB, which no command of it does");
                    assembly.fail(question.part, Unread::Failed(words.clone()));
                    let hint = format!("look at what it prints: MegaCLI {source} -NoLog | head");
                    return Ok(Some(Failure::new(Kind::Hardware, words).hint(hint)));
                }
                let bytes = if question.writes_file {
                    output.file
                } else {
                    output.stdout
                };
                if bytes.trim_ascii().is_empty() && gaps.is_empty() {
                    let mut words = "MegaCLI printed nothing".to_owned();
                    if let Some(line) = first_line(&output.stderr) {
                        words = format!("{words} but “{line}” on standard error");
                        gaps.push(words.clone());
                    }
                    assembly.fail(question.part, Unread::Failed(words));
                }
                (bytes, None)
            }
            Err(mut error) => {
                let RunError::TimedOut { stdout, .. } = &mut error else {
                    return Err(error.into());
                };
                let printed = std::mem::take(stdout);
                let words = error.to_string();
                assembly.fail(question.part, Unread::Failed(words.clone()));
                gaps.push(words);
                (printed, Some(error.into()))
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        assembly.add(&Answer {
            part: question.part,
            output: question.output,
            controller,
            text: &text,
            source,
            gaps,
        });
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
            self.ask(assembly, question::PROGRESS, Some(id), &invocation)?;
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
                let words = "not asked: MegaCLI had to be killed before".to_owned();
                assembly.fail(part, Unread::Failed(words));
            }
        }
        if parts.contains(&Part::DriveOperations) && wild.is_empty() {
            self.drive_operations(&mut assembly)?;
        }
        let reading = assembly.finish(parts, self.describe(), true);
        if reading.controllers.is_empty() {
            let killed = wild.into_iter().next();
            return Err(killed.unwrap_or_else(|| no_controller(&reading)));
        }
        Ok(reading)
    }
}
