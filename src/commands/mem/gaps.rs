//! What is not in the lists and sums, and what would bring it in.

use crate::memory::NotRead;
use crate::output::human::{bytes, count, seconds};
use ironkeep_parsers::units::Bytes;

use super::Memory;
use super::flags::Flags;

/// What of the host's own files is named. More of them are damaged only together.
const UNREAD: usize = 5;

/// Sentences, the most important first; none where all is there.
pub(super) fn gaps(memory: &Memory, flags: &Flags) -> Vec<String> {
    let (survey, host) = (&memory.survey, &memory.host);
    let remedy = |why| match why {
        NotRead::Denied if memory.as_root => {
            ", not even by root: the capability CAP_SYS_PTRACE is missing here"
        }
        NotRead::Denied => ": run it as root, sudo ironkeep mem",
        NotRead::NotNeeded
        | NotRead::NotAsked
        | NotRead::TooLarge
        | NotRead::OutOfTime
        | NotRead::Failed => "",
    };
    let mut gaps = Vec::new();
    if let Some(option) = &survey.hidepid {
        gaps.push(format!(
            "other users' processes are hidden ({option}) and in no list and no sum: run it as root, sudo ironkeep mem"
        ));
    }
    for (&why, &number) in &survey.unknown {
        let processes = counted(number);
        gaps.push(format!(
            "{processes} in no list and no sum: not even the size could be read{}",
            remedy(why)
        ));
    }
    for (&why, &number) in &survey.not_read {
        gaps.extend(unread(why, number, flags, remedy(why)));
    }
    let shown = survey.processes.len() + survey.groups.len();
    if !survey.certain && !gaps.is_empty() && shown > 0 {
        gaps.push(
            "so it is not certain that these are the largest: ≤ is an upper bound".to_owned(),
        );
    }
    let unread = host.unread.iter();
    gaps.extend(unread.take(UNREAD).map(|what| format!("not read: {what}")));
    if let Some(more @ 1..) = host.unread.len().checked_sub(UNREAD) {
        gaps.push(format!("not read: {more} more, which JSON has"));
    }
    gaps
}

fn unread(why: NotRead, number: usize, flags: &Flags, remedy: &str) -> Option<String> {
    let processes = counted(number);
    Some(match why {
        NotRead::NotNeeded | NotRead::NotAsked => return None,
        NotRead::Denied => {
            format!("PSS and USS of {processes} of other users could not be read{remedy}")
        }
        NotRead::TooLarge => {
            let limit = flags.largest.0.unwrap_or(u64::MAX);
            format!(
                "PSS and USS of {processes} with more than {} were not read, which would hold them up: \
                 --largest none reads them",
                bytes(Bytes(limit))
            )
        }
        NotRead::OutOfTime => {
            let limit = flags.budget.0.unwrap_or_default();
            format!(
                "PSS and USS of {processes} were not read within {}: --budget none takes as long as it \
                 takes",
                seconds(limit.as_secs_f64())
            )
        }
        NotRead::Failed => {
            format!("PSS and USS of {processes} could not be read: the kernel's answer was damaged")
        }
    })
}

fn counted(number: usize) -> String {
    count(
        u64::try_from(number).unwrap_or(u64::MAX),
        "process",
        "processes",
    )
}
