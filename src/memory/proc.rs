//! Reads processes below a procfs root.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::group::groups;
use super::survey::{Pss, Request, Survey};
use super::{NotRead, Process, Rollup, Share};

/// A procfs: this host's, another's, or a saved one.
#[derive(Debug)]
pub struct Proc {
    root: PathBuf,
}

impl Proc {
    /// The procfs at `root`.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(root: &Path) -> io::Result<Self> {
        std::fs::read_dir(root)?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// Looks at the processes.
    ///
    /// # Errors
    /// The procfs cannot be listed. What cannot be read of a process stands in the survey.
    pub fn survey(&mut self, request: &Request) -> io::Result<Survey> {
        let started = Instant::now();
        let mut survey = Survey {
            certain: true,
            ..Survey::default()
        };
        for entry in std::fs::read_dir(&self.root)? {
            let Some(pid) = entry?.file_name().to_str().and_then(|it| it.parse().ok()) else {
                continue;
            };
            match self.process(pid, request) {
                Some(process) if process.share == Share::Nothing => survey.kernel_threads += 1,
                Some(process) => survey.processes.push(process),
                None => survey.vanished += 1,
            }
        }
        for process in &survey.processes {
            survey.total.add(process.rss, process.swap, &process.share);
            match process.share {
                Share::Read(_) => survey.shares_read += 1,
                Share::AtMost { because, .. } => *survey.not_read.entry(because).or_default() += 1,
                Share::Nothing => {}
            }
        }
        if let Some(by) = request.by {
            survey.groups = groups(&survey.processes, by);
            survey.processes.clear();
        }
        survey.processes.sort_by_key(|it| {
            std::cmp::Reverse(match it.share {
                Share::Read(rollup) => rollup.pss,
                Share::AtMost { bound_bytes, .. } => bound_bytes,
                Share::Nothing => 0,
            })
        });
        let top = request.top.unwrap_or(usize::MAX);
        let found = survey.groups.len() + survey.processes.len();
        survey.others = found.saturating_sub(top);
        survey.processes.truncate(top);
        survey.groups.truncate(top);
        survey.elapsed = started.elapsed();
        Ok(survey)
    }

    fn process(&self, pid: u32, request: &Request) -> Option<Process> {
        let folder = self.root.join(pid.to_string());
        let status = std::fs::read_to_string(folder.join("status")).ok()?;
        let field = |key: &str| {
            status
                .lines()
                .find_map(|it| it.strip_prefix(key)?.strip_prefix(':'))
        };
        let bytes = |key| bytes(field(key)?);
        let rss = bytes("VmRSS");
        let bound = |because| Share::AtMost {
            bound_bytes: rss.unwrap_or_default(),
            because,
        };
        let share = match (rss, request.pss) {
            (None, _) => Share::Nothing,
            (Some(_), Pss::Off) => bound(NotRead::NotAsked),
            (Some(_), Pss::Auto | Pss::All) => rollup(&folder).unwrap_or(bound(NotRead::Denied)),
        };
        Some(Process {
            pid,
            name: field("Name")?.trim().to_owned(),
            program: std::fs::read_link(folder.join("exe"))
                .ok()
                .and_then(|it| Some(it.file_name()?.to_str()?.to_owned())),
            command: None,
            uid: field("Uid").and_then(|it| it.split_whitespace().nth(1)?.parse().ok()),
            user: None,
            cgroup: None,
            unit: None,
            container: None,
            threads: field("Threads").and_then(|it| it.trim().parse().ok()),
            rss: rss.unwrap_or_default(),
            swap: bytes("VmSwap"),
            hugetlb: bytes("HugetlbPages"),
            share,
        })
    }
}

fn bytes(value: &str) -> Option<u64> {
    value
        .trim()
        .strip_suffix(" kB")?
        .parse::<u64>()
        .ok()?
        .checked_mul(1024)
}

fn rollup(folder: &Path) -> Option<Share> {
    let text = std::fs::read_to_string(folder.join("smaps_rollup")).ok()?;
    let field = |key: &str| {
        text.lines()
            .find_map(|it| bytes(it.strip_prefix(key)?.strip_prefix(':')?))
    };
    Some(Share::Read(Rollup {
        rss: field("Rss")?,
        pss: field("Pss")?,
        pss_anon: field("Pss_Anon"),
        pss_file: field("Pss_File"),
        pss_shmem: field("Pss_Shmem"),
        uss: field("Private_Clean")?.saturating_add(field("Private_Dirty")?),
        swap: field("Swap").unwrap_or_default(),
        swap_pss: field("SwapPss"),
        private_hugetlb: field("Private_Hugetlb").unwrap_or_default(),
        shared_hugetlb: field("Shared_Hugetlb").unwrap_or_default(),
    }))
}
