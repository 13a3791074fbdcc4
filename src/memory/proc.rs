//! Reads processes below a procfs: one small file of each, and more of those that matter.
//!
//! A process is what has a folder there: threads have none. Kernel threads and zombies have no memory, and are
//! counted. A process whose first thread has ended while others run says so too; one of the others is read in
//! its place.
//!
//! Nothing holds a process still. One that ends while it is looked at is counted as vanished; its number
//! may be given to another only after the kernel has gone through all numbers, and no check is made for that.
//! Between a `vfork` and what follows it two processes have one memory, and both count it.

mod files;
mod slack;
mod text;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use self::files::Files;
use self::slack::Slack;
use self::text::{Memory, Stat, Status};
use super::cgroup::{Place, place};
use super::group::By;
use super::survey::{Details, Miss, Request, Sighting, Source, Survey, settle};
use super::{Process, Rollup, Share};

/// A procfs: this host's, another's, or a saved one.
#[derive(Debug)]
pub struct Proc {
    root: PathBuf,
    files: Files,
    /// Whether a kernel answers; what was saved may be of one with pages of another size.
    is_live: bool,
    slack: Slack,
    page: u64,
    /// What the first look has read already, where every process gets a row.
    noted: HashMap<u32, Note>,
}

/// What `status` says for the row of a process.
#[derive(Debug)]
struct Note {
    name: String,
    uid: u32,
    threads: u32,
    swap: Option<u64>,
    hugetlb: Option<u64>,
}

impl Note {
    fn of(status: &Status<'_>) -> Self {
        Self {
            name: text::name(status.name),
            uid: status.uid,
            threads: status.threads,
            swap: status.memory.and_then(|it| it.swap),
            hugetlb: status.memory.and_then(|it| it.hugetlb),
        }
    }
}

/// What the first look shows.
enum Sight {
    Memory(Sighting),
    KernelThread,
    Zombie,
    /// The filter does not let it through.
    Other,
}

/// The names of groups and their numbers.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, usize>,
    nameless: Option<usize>,
}

impl Names {
    fn count(&self) -> usize {
        self.numbers.len() + usize::from(self.nameless.is_some())
    }

    fn number(&mut self, name: Option<&str>) -> usize {
        let next = self.count();
        let Some(name) = name else {
            return *self.nameless.get_or_insert(next);
        };
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.numbers.insert(name.to_owned(), next);
        next
    }

    fn into_list(self) -> Vec<Option<String>> {
        let mut list = vec![None; self.count()];
        for (name, number) in self.numbers {
            if let Some(it) = list.get_mut(number) {
                *it = Some(name);
            }
        }
        list
    }
}

impl Proc {
    /// The procfs at `root`.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(root: &Path) -> io::Result<Self> {
        let mut files = Files::open(root)?;
        let release = files.of_host("sys/kernel/osrelease");
        let release = release.map(|it| String::from_utf8_lossy(it).into_owned());
        let mut processors = None;
        if Slack::needs_processors(release.as_deref()) {
            processors = files.of_host("stat").and_then(text::processors);
        }
        Ok(Self {
            root: root.to_owned(),
            is_live: files.is_live(),
            files,
            slack: Slack::of(release.as_deref(), processors),
            page: u64::try_from(rustix::param::page_size()).unwrap_or(u64::MAX),
            noted: HashMap::new(),
        })
    }

    /// Looks at the processes.
    ///
    /// # Errors
    /// The procfs cannot be listed. What cannot be read of a process stands in the survey.
    pub fn survey(&mut self, request: &Request) -> io::Result<Survey> {
        let started = Instant::now();
        self.files.stand_ins.clear();
        self.noted.clear();
        let pids = self.files.processes()?;
        let with_status = self.needs_status(request);
        let mut seen = Vec::with_capacity(pids.len());
        let mut names = Names::default();
        let mut counted = Survey::default();
        for pid in pids {
            if !request.keep.pids.is_empty() && !request.keep.pids.contains(&pid) {
                continue;
            }
            match self.look(pid, request, with_status, &mut names) {
                Ok(Sight::Memory(it)) => seen.push(it),
                Ok(Sight::KernelThread) => counted.kernel_threads += 1,
                Ok(Sight::Zombie) => counted.zombies += 1,
                Ok(Sight::Other) => {}
                Err(miss) => match miss.reason() {
                    None => counted.vanished += 1,
                    Some(because) => *counted.unknown.entry(because).or_default() += 1,
                },
            }
        }
        let mut rest = Rest {
            proc: self,
            started,
            details: request.details,
        };
        let survey = settle(request, seen, names.into_list(), &mut rest);
        Ok(Survey {
            certain: survey.certain && counted.unknown.is_empty(),
            kernel_threads: counted.kernel_threads,
            zombies: counted.zombies,
            vanished: survey.vanished + counted.vanished,
            unknown: counted.unknown,
            hidepid: self.hidepid(),
            elapsed: started.elapsed(),
            ..survey
        })
    }

    /// Whether the first look needs `status`, which costs more than twice as much as `statm`.
    fn needs_status(&mut self, request: &Request) -> bool {
        let meminfo = self.files.of_host("meminfo");
        let is_swap_used = meminfo.and_then(text::swap_is_used).unwrap_or(true);
        is_swap_used
            || !self.is_live
            || self.slack.needs_threads()
            || !request.keep.uids.is_empty()
            || request.by == Some(By::User)
            || every_row(request)
    }

    /// The first look at a process.
    fn look(
        &mut self,
        pid: u32,
        request: &Request,
        with_status: bool,
        names: &mut Names,
    ) -> Result<Sight, Miss> {
        let (mut uid, mut threads) = (None, 0);
        let mut memory = None;
        // Once more if another thread must stand in for the first one.
        for _ in 0..2 {
            memory = if with_status {
                let text = self.files.of_process(pid, "status")?;
                let status = Status::of(text).ok_or(Miss::Failed)?;
                (uid, threads) = (Some(status.uid), status.threads);
                if status.memory.is_some() && every_row(request) {
                    self.noted.insert(pid, Note::of(&status));
                }
                status.memory
            } else {
                self.statm(pid)?
            };
            let uids = &request.keep.uids;
            if !uids.is_empty() && uid.is_none_or(|uid| !uids.contains(&uid)) {
                return Ok(Sight::Other);
            }
            if memory.is_some() {
                break;
            }
            if let Some(sight) = self.without_memory(pid)? {
                return Ok(sight);
            }
        }
        let memory = memory.ok_or(Miss::Gone)?;
        if !request.keep.units.is_empty() && !self.is_of_units(pid, &request.keep.units)? {
            return Ok(Sight::Other);
        }
        let group = match request.by {
            None => 0,
            Some(By::User) => names.number(uid.map(|it| it.to_string()).as_deref()),
            Some(By::Program) => self.program(pid, names)?,
            Some(by @ (By::Unit | By::Cgroup | By::Container)) => self.belongs(pid, by, names)?,
        };
        let at_most = |counted: u64, counters| {
            let pages = self.slack.pages(counters, threads);
            let bound = counted.saturating_add(pages.saturating_mul(self.page));
            // No more than it has mapped, whatever the counters say.
            bound.min(memory.size).max(counted)
        };
        let swap = memory.swap.unwrap_or(0);
        Ok(Sight::Memory(Sighting {
            pid,
            group,
            rss: memory.rss,
            // Pages without a file, with one, and of shared memory.
            bound: at_most(memory.rss, 3),
            swap,
            swap_bound: memory.swap.map_or(memory.size, |swap| at_most(swap, 1)),
        }))
    }

    /// The quick counters, where no swap is in use; `None` if it has no memory.
    fn statm(&mut self, pid: u32) -> Result<Option<Memory>, Miss> {
        let text = self.files.of_process(pid, "statm")?;
        let (size, rss) = text::statm(text).ok_or(Miss::Failed)?;
        Ok((size > 0).then(|| Memory {
            size: size.saturating_mul(self.page),
            rss: rss.saturating_mul(self.page),
            swap: Some(0),
            hugetlb: None,
        }))
    }

    /// What a process without memory is; `None` if one of its threads has it after all.
    fn without_memory(&mut self, pid: u32) -> Result<Option<Sight>, Miss> {
        let stat = Stat::of(self.files.of_process(pid, "stat")?).ok_or(Miss::Failed)?;
        if stat.kernel_thread {
            return Ok(Some(Sight::KernelThread));
        }
        if !stat.ended() {
            // On its way out.
            return Err(Miss::Gone);
        }
        if stat.threads > 1 && !self.files.stand_ins.contains_key(&pid) {
            for thread in self.files.threads(pid)? {
                self.files.stand_ins.insert(pid, thread);
                if thread != pid && self.statm(pid).is_ok_and(|it| it.is_some()) {
                    return Ok(None);
                }
            }
            self.files.stand_ins.remove(&pid);
        }
        Ok(Some(Sight::Zombie))
    }

    /// What its control group says.
    fn place<T>(&mut self, pid: u32, take: impl FnOnce(Place<'_>) -> T) -> Result<T, Miss> {
        match self.files.of_process(pid, "cgroup") {
            Ok(file) => Ok(take(place(&String::from_utf8_lossy(file)))),
            Err(Miss::Gone) => Err(Miss::Gone),
            // It has no name then.
            Err(Miss::Denied | Miss::Failed) => Ok(take(Place::default())),
        }
    }

    fn is_of_units(&mut self, pid: u32, units: &[String]) -> Result<bool, Miss> {
        let is_one = |place: Place<'_>| {
            let unit = place.unit;
            unit.is_some_and(|unit| units.iter().any(|it| *it == unit))
        };
        self.place(pid, is_one)
    }

    fn belongs(&mut self, pid: u32, by: By, names: &mut Names) -> Result<usize, Miss> {
        self.place(pid, |place| {
            names.number(match by {
                By::Unit => place.unit.as_deref(),
                By::Container => place.container.as_deref(),
                By::Cgroup | By::Program | By::User => place.cgroup,
            })
        })
    }

    fn program(&mut self, pid: u32, names: &mut Names) -> Result<usize, Miss> {
        match self.files.program(pid) {
            Ok(link) => {
                if let Some(name) = text::program(link) {
                    return Ok(names.number(Some(&name)));
                }
            }
            Err(Miss::Gone) => return Err(Miss::Gone),
            Err(Miss::Denied | Miss::Failed) => {}
        }
        let name = self.comm(pid);
        Ok(names.number(name.as_deref()))
    }

    /// The name of a process, for those whose program cannot be read.
    fn comm(&mut self, pid: u32) -> Option<String> {
        let comm = self.files.of_process(pid, "comm").ok()?;
        let name = comm.strip_suffix(b"\n").unwrap_or(comm);
        Some(String::from_utf8_lossy(name).into_owned())
    }

    /// Whether this process has `CAP_SYS_PTRACE`, from which nothing is hidden: root in a sandbox has it not.
    fn may_look_into_all(&mut self) -> bool {
        const CAP_SYS_PTRACE: u64 = 1 << 19;
        let status = self.files.of_host("self/status").unwrap_or_default();
        let status = String::from_utf8_lossy(status);
        let effective = status.lines().find_map(|it| it.strip_prefix("CapEff:"));
        let effective = effective.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
        effective.is_some_and(|it| it & CAP_SYS_PTRACE != 0)
    }

    /// The mount option by which other users' processes are hidden from this one.
    fn hidepid(&mut self) -> Option<String> {
        if self.is_live && self.may_look_into_all() {
            return None;
        }
        let root = std::fs::canonicalize(&self.root).unwrap_or_else(|_| self.root.clone());
        let mounts = self.files.of_host("self/mountinfo")?;
        text::hidepid(&String::from_utf8_lossy(mounts), &root.to_string_lossy())
    }
}

/// Whether every process gets a row, so that the first look reads what belongs there.
const fn every_row(request: &Request) -> bool {
    request.top.is_none() && request.by.is_none()
}

/// What is read after the first look.
struct Rest<'a> {
    proc: &'a mut Proc,
    started: Instant,
    details: Details,
}

impl Source for Rest<'_> {
    fn share(&mut self, seen: &Sighting) -> Result<Rollup, Miss> {
        self.proc.files.share(seen.pid)
    }

    fn row(&mut self, seen: &Sighting, share: Share) -> Option<Process> {
        let pid = seen.pid;
        let mut row = Process {
            pid,
            name: String::new(),
            program: None,
            command: None,
            uid: None,
            user: None,
            cgroup: None,
            unit: None,
            container: None,
            threads: None,
            rss: seen.rss,
            swap: None,
            hugetlb: None,
            share,
        };
        let files = &mut self.proc.files;
        let note = match self.proc.noted.remove(&pid) {
            Some(note) => Some(note),
            None => match files.of_process(pid, "status").map(Status::of) {
                Ok(status) => status.as_ref().map(Note::of),
                Err(Miss::Gone) => return None,
                Err(Miss::Denied | Miss::Failed) => None,
            },
        };
        if let Some(note) = note {
            row.name = note.name;
            (row.uid, row.threads) = (Some(note.uid), Some(note.threads));
            (row.swap, row.hugetlb) = (note.swap, note.hugetlb);
        }
        if self.details.program {
            match files.program(pid) {
                Ok(link) => row.program = text::program(link).map(Into::into),
                Err(Miss::Gone) => return None,
                Err(Miss::Denied | Miss::Failed) => {}
            }
        }
        if self.details.command {
            row.command = files.command(pid).ok().and_then(text::command);
        }
        if row.name.is_empty() || files.stand_ins.contains_key(&pid) {
            row.name = self.proc.comm(pid).unwrap_or(row.name);
        }
        if !self.details.cgroup {
            return Some(row);
        }
        let belongs = self.proc.place(pid, |place| {
            let owned = |it: std::borrow::Cow<'_, str>| it.into_owned();
            (
                place.cgroup.map(str::to_owned),
                place.unit.map(owned),
                place.container.map(owned),
            )
        });
        // One that has ended since says nothing any more, but was there.
        if let Ok(belongs) = belongs {
            (row.cgroup, row.unit, row.container) = belongs;
        }
        Some(row)
    }

    fn elapsed(&mut self) -> Duration {
        self.started.elapsed()
    }
}

#[cfg(test)]
mod tests;
