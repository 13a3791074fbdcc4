//! How the runs of one collection went. Pure.

use std::time::Duration;

use super::schedule::Fared;
use crate::backend::part_of;
use crate::cli::{ProcessEnd, RunEnd, ToolRun};
use crate::exporter::collector::Collector;
use crate::exporter::snapshot::RunResult;
use crate::reading::{Asked, Reading, Unread};

/// How a run ended, in the light of what was understood of its answer; `None` for one that somebody broke
/// off.
///
/// The tool's exit status alone says little: a controller without a battery has one, too. So a run is
/// judged by what came of it. What a run printed that ended well and yet answers nothing, or breaks off,
/// was not understood.
pub(super) fn result(run: &ToolRun, reading: Option<&Reading>) -> Option<RunResult> {
    let status = match run.end {
        RunEnd::Interrupted => return None,
        RunEnd::NotStarted => return Some(RunResult::SpawnError),
        RunEnd::Locked => return Some(RunResult::LockTimeout),
        RunEnd::TimedOut => return Some(RunResult::Timeout),
        RunEnd::Endless | RunEnd::Ended(ProcessEnd::Signalled(_)) => {
            return Some(RunResult::ExitError);
        }
        RunEnd::Ended(ProcessEnd::Exited(status)) => status,
    };
    let line = run.arguments.join(" ");
    let asked = reading.and_then(|it| it.asked.iter().find(|asked| asked.source == line));
    let (answered, complains) = match (reading, asked) {
        (Some(reading), Some(asked)) => (is_answered(reading, asked), !asked.complaints.is_empty()),
        // It was asked on the side, for another part.
        _ => (status == 0, false),
    };
    Some(if answered {
        RunResult::Ok
    } else if status != 0 || complains {
        RunResult::ExitError
    } else {
        RunResult::ParseError
    })
}

/// Whether an answer was understood to its end.
fn is_answered(reading: &Reading, asked: &Asked) -> bool {
    let failed = reading
        .controllers
        .iter()
        .any(|it| matches!(it.unread.get(&asked.part), Some(Unread::Failed(_))));
    asked.gaps.is_empty() && !failed && !reading.controllers.is_empty()
}

/// How long the tool ran in all.
pub(super) fn busy(runs: &[ToolRun]) -> Duration {
    runs.iter().map(|run| run.elapsed).sum()
}

/// How long it ran for `collector`; `None` where it was not started for it.
pub(super) fn duration(runs: &[ToolRun], collector: Collector) -> Option<Duration> {
    let is_its =
        |run: &&ToolRun| part_of(&run.arguments).and_then(Collector::of) == Some(collector);
    let mut own = runs.iter().filter(is_its).peekable();
    own.peek()?;
    Some(own.map(|run| run.elapsed).sum())
}

/// How a collection fared that did or did not read something.
pub(super) fn fared(runs: &[ToolRun], has_read: bool) -> Fared {
    let ran = |run: &ToolRun| {
        matches!(
            run.end,
            RunEnd::Ended(_) | RunEnd::Endless | RunEnd::TimedOut
        )
    };
    if !has_read && runs.iter().any(ran) {
        Fared::InVain
    } else {
        Fared::Well
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::reading::{Controller, Part};

    fn run(line: &str, end: RunEnd) -> ToolRun {
        ToolRun {
            arguments: line.split(' ').map(str::to_owned).collect(),
            end,
            elapsed: Duration::from_secs(2),
        }
    }

    const DRIVES: &str = "-PDList -aALL";

    fn exited(status: u8) -> RunEnd {
        RunEnd::Ended(ProcessEnd::Exited(status))
    }

    /// A reading in which the drives were asked for, with `gap` and why they were not read.
    fn reading(gap: Option<&str>, why: Option<Unread>) -> Reading {
        let controller = Controller {
            unread: why
                .map(|why| (Part::PhysicalDrives, why))
                .into_iter()
                .collect(),
            ..Controller::default()
        };
        Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: String::new(),
            live: true,
            narrowed: false,
            controllers: vec![controller],
            asked: vec![Asked {
                part: Part::PhysicalDrives,
                source: DRIVES.to_owned(),
                exit_code: None,
                complaints: Vec::new(),
                gaps: gap.map(str::to_owned).into_iter().collect(),
                leftovers: Vec::new(),
            }],
        }
    }

    #[test]
    fn a_run_is_judged_by_what_came_of_it() {
        let failed = || Some(Unread::Failed("no".to_owned()));
        let lacks = || Some(Unread::Unsupported("no".to_owned()));
        let result = |end, reading: Reading| result(&run(DRIVES, end), Some(&reading));
        for (end, gap, why, expected) in [
            (exited(0), None, None, Some(RunResult::Ok)),
            (exited(1), None, None, Some(RunResult::Ok)),
            (exited(1), None, lacks(), Some(RunResult::Ok)),
            (exited(1), None, failed(), Some(RunResult::ExitError)),
            (exited(0), None, failed(), Some(RunResult::ParseError)),
            (exited(0), Some("gap"), None, Some(RunResult::ParseError)),
            (
                RunEnd::Ended(ProcessEnd::Signalled(11)),
                Some("gap"),
                None,
                Some(RunResult::ExitError),
            ),
            (RunEnd::Endless, None, failed(), Some(RunResult::ExitError)),
            (RunEnd::TimedOut, None, failed(), Some(RunResult::Timeout)),
            (RunEnd::Locked, None, failed(), Some(RunResult::LockTimeout)),
            (RunEnd::NotStarted, None, None, Some(RunResult::SpawnError)),
            (RunEnd::Interrupted, None, None, None),
        ] {
            assert_eq!(result(end, reading(gap, why)), expected, "{end:?}");
        }
        let run = run("-AdpAllInfo -aALL", exited(3));
        assert_eq!(super::result(&run, None), Some(RunResult::ExitError));
    }

    #[test]
    fn a_duration_is_that_of_the_collectors_own_runs() {
        let ended = exited(0);
        let runs = [
            run(DRIVES, ended),
            run("-PDRbld -ShowProg -PhysDrv[252:1] -a0", ended),
            run("-PDCpyBk -ShowProg -PhysDrv[252:2] -a0", ended),
        ];
        let seconds = |collector| duration(&runs, collector).map(|it| it.as_secs());
        assert_eq!(seconds(Collector::PhysicalDrives), Some(2));
        assert_eq!(seconds(Collector::DriveOperations), Some(4));
        assert_eq!(seconds(Collector::Battery), None);
        assert_eq!(busy(&runs).as_secs(), 6);
    }

    #[test]
    fn it_was_in_vain_only_where_the_tool_ran() {
        assert_eq!(fared(&[run(DRIVES, exited(0))], false), Fared::InVain);
        assert_eq!(
            fared(&[run(DRIVES, RunEnd::TimedOut)], false),
            Fared::InVain
        );
        assert_eq!(fared(&[run(DRIVES, RunEnd::TimedOut)], true), Fared::Well);
        assert_eq!(
            fared(&[run(DRIVES, RunEnd::NotStarted)], false),
            Fared::Well
        );
        assert_eq!(fared(&[run(DRIVES, RunEnd::Locked)], false), Fared::Well);
        assert_eq!(fared(&[], false), Fared::Well);
    }
}
