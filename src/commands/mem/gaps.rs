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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::memory::balance::balance;
    use crate::memory::group::Group;
    use crate::memory::host::HostMemory;
    use crate::memory::survey::Survey;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        flags: Flags,
    }

    /// What is said where `number` shares were not read.
    fn said(why: NotRead, number: usize, as_root: bool, line: &[&str]) -> Vec<String> {
        let line = Line::parse_from([&["mem"], line].concat());
        let host = HostMemory::default();
        let memory = Memory {
            balance: balance(&host),
            host,
            ecc: None,
            ranked_by: "pss",
            grouped_by: None,
            as_root,
            survey: Survey {
                groups: vec![Group::default()],
                not_read: [(why, number)].into(),
                ..Survey::default()
            },
        };
        gaps(&memory, &line.flags)
    }

    #[test]
    fn other_users_processes_need_root_and_root_needs_its_powers() {
        assert_eq!(
            said(NotRead::Denied, 12, false, &[])[0],
            "PSS and USS of 12 processes of other users could not be read: run it as root, sudo ironkeep mem"
        );
        let root = &said(NotRead::Denied, 1, true, &[])[0];
        assert!(
            root.contains("1 process of") && root.contains("CAP_SYS_PTRACE"),
            "{root}"
        );
    }

    #[test]
    fn a_limit_is_named_with_the_flag_that_lifts_it() {
        let large = &said(NotRead::TooLarge, 2, true, &["--largest", "4G"])[0];
        assert!(
            large.contains("4 GiB") && large.contains("--largest none"),
            "{large}"
        );
        let late = &said(NotRead::OutOfTime, 2, true, &["--budget", "3s"])[0];
        assert!(
            late.contains("3 s") && late.contains("--budget none"),
            "{late}"
        );
    }

    #[test]
    fn what_nobody_needs_is_no_gap() {
        for why in [NotRead::NotNeeded, NotRead::NotAsked] {
            assert_eq!(said(why, 900, true, &[]), [""; 0]);
        }
    }
}
