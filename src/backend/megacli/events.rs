//! Some events of the logs, without the rest: `-GetEventLogInfo` says where the logs stand, and
//! `-GetLatest` writes the newest so many.

use ironkeep_parsers::model::{ControllerId, EventLog, EventLogInfo};

use super::MegaCli;
use crate::backend::assembly::Assembly;
use crate::backend::{Backend, question};
use crate::cli::failure::{Failure, Kind};
use crate::follow::EventRequest;
use crate::reading::{Asked, Part, Reading, Unread};
use crate::runner::Runner;

/// How often the newest events of one controller are asked for at most, where new ones come meanwhile.
const TRIES: usize = 4;

/// Reads where the logs stand, and the events that `request` names.
pub(super) fn read<R: Runner>(
    tool: &mut MegaCli<R>,
    request: &EventRequest,
) -> Result<Reading, Failure> {
    let reading = tool.read(&[Part::EventPositions]);
    let knows = |reading: &Reading| {
        reading
            .controllers
            .iter()
            .any(|it| it.has(Part::EventPositions))
    };
    let mut reading = match reading {
        Ok(reading) if knows(&reading) => reading,
        Err(failure) if failure.kind() != Kind::Hardware => return Err(failure),
        // A firmware may have a log that says nothing about itself.
        Ok(_) | Err(_) => return whole(tool, request),
    };
    for controller in &mut reading.controllers {
        let Some(positions) = &controller.event_positions else {
            continue;
        };
        let wanted = controller.id.zip(request.first(controller.id, positions));
        let Some((id, first)) = wanted else {
            controller.events = Some(EventLog::default());
            continue;
        };
        let (log, mut asked) = from(tool, id, first, positions)?;
        reading.asked.append(&mut asked);
        match log {
            Ok(log) => controller.events = Some(log),
            Err(why) => {
                controller.unread.insert(Part::Events, why);
            }
        }
    }
    Ok(reading)
}

/// The wanted events out of the whole logs.
fn whole<R: Runner>(tool: &mut MegaCli<R>, request: &EventRequest) -> Result<Reading, Failure> {
    let mut reading = tool.read(&[Part::Events])?;
    for controller in &mut reading.controllers {
        request.choose(controller);
    }
    Ok(reading)
}

/// The events of a controller from number `first` on, or why they were not read, and how asking went.
///
/// The tool takes a count, and counts back from the newest event. If one came since `positions` were
/// read, the oldest of the wanted ones is not among them: then more are asked for.
fn from<R: Runner>(
    tool: &mut MegaCli<R>,
    id: ControllerId,
    first: u64,
    positions: &EventLogInfo,
) -> Result<(Result<EventLog, Unread>, Vec<Asked>), Failure> {
    let mut newest = positions.newest.unwrap_or(first);
    let mut account = Vec::new();
    for _ in 0..TRIES {
        let count = newest.saturating_sub(first).saturating_add(1);
        let (log, mut asked) = latest(tool, id, count)?;
        account.append(&mut asked);
        let mut log = match log {
            Ok(log) => log,
            Err(why) => return Ok((Err(why), account)),
        };
        let numbers = || log.events.iter().filter_map(|event| event.sequence);
        let reached = numbers().min().is_none_or(|oldest| oldest <= first);
        let greatest = numbers().max().unwrap_or(newest);
        // Without a newer event, an oldest one that is not there is one that the tool does not print.
        if reached || greatest <= newest {
            log.events
                .retain(|event| event.sequence.is_none_or(|number| number >= first));
            return Ok((Ok(log), account));
        }
        newest = greatest;
    }
    let words = "new events came faster than they could be read".to_owned();
    Ok((Err(Unread::Failed(words)), account))
}

/// The newest `count` events of a controller. An answer that breaks off is none: the newest come
/// first, so that the older ones would be lost behind them.
fn latest<R: Runner>(
    tool: &mut MegaCli<R>,
    id: ControllerId,
    count: u64,
) -> Result<(Result<EventLog, Unread>, Vec<Asked>), Failure> {
    let question = question::LATEST_EVENTS;
    let invocation = question.of(id, count.to_string());
    let mut assembly = Assembly::default();
    let wild = tool.ask(&mut assembly, question, Some(id), &invocation)?;
    let reading = assembly.finish(&[Part::Events], tool.describe(), true);
    if let Some(wild) = wild {
        let words = wild.chain().join(": ");
        return Ok((Err(Unread::Failed(words)), reading.asked));
    }
    let mut gaps = reading.asked.iter().flat_map(|asked| &asked.gaps);
    if let Some(gap) = gaps.next() {
        return Ok((Err(Unread::Failed(gap.clone())), reading.asked));
    }
    let complaint = reading
        .asked
        .iter()
        .flat_map(|asked| &asked.complaints)
        .next();
    let mut read = reading.controllers.into_iter();
    let log = read.find(|controller| controller.id == Some(id));
    let unread = log
        .as_ref()
        .and_then(|it| it.unread.get(&Part::Events).cloned());
    let log = log.and_then(|controller| controller.events).ok_or_else(|| {
        let words = complaint.cloned();
        let words = words.unwrap_or_else(|| "MegaCLI wrote no events".to_owned());
        unread.unwrap_or(Unread::Failed(words))
    });
    Ok((log, reading.asked))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::time::Duration;

    use super::*;
    use crate::runner::{Invocation, ProcessEnd, RawOutput, RunError};

    /// A log that grows: each run sees it as long as the next number of `newest` says, the last one
    /// for ever.
    struct Log {
        newest: Vec<u64>,
        oldest: u64,
        /// Whether the file breaks off in its last event.
        breaks_off: bool,
        runs: Vec<String>,
    }

    impl Log {
        fn new(oldest: u64, newest: &[u64]) -> Self {
            Self {
                newest: newest.iter().rev().copied().collect(),
                oldest,
                breaks_off: false,
                runs: Vec::new(),
            }
        }

        fn latest(&self, newest: u64, count: u64) -> String {
            let mut text = String::new();
            let first = (newest + 1).saturating_sub(count).max(self.oldest);
            for number in (first..=newest).rev() {
                let _ = write!(
                    text,
                    "\n\nseqNum: {number:#010x}\nTime: Thu Dec 14 12:46:20 2023\n\n\
                     Code: 0x00000051\nClass: -1\nLocale: 0x01\nEvent Description: event {number}\n"
                );
                if !(self.breaks_off && number == first) {
                    text.push_str("Event Data:\n===========\nNone\n");
                }
            }
            text
        }
    }

    impl Runner for &mut Log {
        fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
            self.runs.push(invocation.arguments.join(" "));
            let newest = match self.newest.len() {
                0 | 1 => self.newest[0],
                _ => self.newest.pop().unwrap(),
            };
            let (stdout, file) = match invocation.arguments[1].as_str() {
                "-GetEventLogInfo" => (
                    format!(
                        "\nAdapter #0\n\nNewest Seqnum: {newest:#010x}\n\
                         Oldest Seqnum: {:#010x}\nClear Seqnum: 0x00000000\n\
                         Shutdown Seqnum: 0x00000000\nReboot Seqnum: 0x00000001\n\n\
                         Success in AdpEventLog\n\nExit Code: 0x00\n",
                        self.oldest
                    ),
                    String::new(),
                ),
                _ => (
                    "\nSuccess in AdpEventLog\n\nExit Code: 0x00\n".to_owned(),
                    self.latest(newest, invocation.arguments[2].parse().unwrap()),
                ),
            };
            Ok(RawOutput {
                end: ProcessEnd::Exited(0),
                stdout: stdout.into_bytes(),
                file: file.into_bytes(),
                stderr: Vec::new(),
                truncated: false,
                elapsed: Duration::ZERO,
            })
        }
    }

    /// The numbers that are read, and the runs.
    fn read(mut log: Log, request: &EventRequest) -> (Result<Vec<u64>, Unread>, Vec<String>) {
        let mut tool = MegaCli::new(&mut log, "MegaCLI".to_owned());
        let reading = tool.read_events(request).unwrap();
        let controller = &reading.controllers[0];
        assert!(reading.asked.iter().all(|asked| asked.leftovers.is_empty()));
        let numbers = match &controller.events {
            Some(log) => {
                let mut numbers: Vec<u64> =
                    log.events.iter().filter_map(|it| it.sequence).collect();
                numbers.reverse();
                Ok(numbers)
            }
            None => Err(controller.unread[&Part::Events].clone()),
        };
        (numbers, log.runs)
    }

    fn after(number: u64) -> EventRequest {
        EventRequest::After([(Some(ControllerId(0)), number)].into())
    }

    const POSITIONS: &str = "-AdpEventLog -GetEventLogInfo -aALL";

    #[test]
    fn only_the_new_events_are_read_and_none_where_there_are_none() {
        let (numbers, runs) = read(Log::new(1, &[50]), &after(48));
        assert_eq!(numbers, Ok(vec![49, 50]));
        let latest = "-AdpEventLog -GetLatest 2 -f F -a0";
        assert_eq!(runs, [POSITIONS, latest]);
        let (numbers, runs) = read(Log::new(1, &[50]), &after(50));
        assert_eq!(numbers, Ok(vec![]));
        assert_eq!(runs, [POSITIONS]);
    }

    #[test]
    fn what_comes_between_the_two_runs_pushes_nothing_out() {
        let (numbers, runs) = read(Log::new(1, &[50, 53]), &after(48));
        assert_eq!(numbers, Ok(vec![49, 50, 51, 52, 53]));
        assert_eq!(runs.len(), 3);
        let (numbers, runs) = read(Log::new(1, &[1, 9, 20, 30, 40, 50]), &after(0));
        assert!(matches!(numbers, Err(Unread::Failed(_))), "{numbers:?}");
        assert_eq!(runs.len(), 1 + TRIES);
    }

    #[test]
    fn the_newest_are_no_more_than_there_are() {
        let (numbers, _) = read(Log::new(1, &[50]), &EventRequest::Newest(3));
        assert_eq!(numbers, Ok(vec![48, 49, 50]));
        let (numbers, runs) = read(Log::new(49, &[50]), &EventRequest::Newest(30));
        assert_eq!(numbers, Ok(vec![49, 50]));
        assert!(runs[1].contains("-GetLatest 2 "), "{runs:?}");
    }

    #[test]
    fn of_an_answer_that_breaks_off_nothing_is_taken() {
        let log = Log {
            breaks_off: true,
            ..Log::new(1, &[50])
        };
        let (numbers, _) = read(log, &after(48));
        assert!(matches!(numbers, Err(Unread::Failed(_))), "{numbers:?}");
    }
}
