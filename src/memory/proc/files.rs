//! Opens and reads below a procfs with one buffer for all, as that is done many thousands of times.

use std::collections::BTreeMap;
use std::io;
use std::io::Write as _;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags, RawDir};
use rustix::io::Errno;

use super::text::{Adder, LONGEST_COMMAND};
use crate::memory::Rollup;
use crate::memory::survey::Miss;

/// A procfs, or a saved one.
#[derive(Debug)]
pub(super) struct Files {
    root: OwnedFd,
    /// Of processes whose first thread has ended and others have not: one that has the memory. The kernel
    /// says of the first one that it has none.
    pub(super) stand_ins: BTreeMap<u32, u32>,
    /// Whether the kernel is older than `smaps_rollup` (4.14).
    only_areas: bool,
    buffer: Vec<u8>,
    path: Vec<u8>,
}

/// The kernel fills a buffer as far as it can: what is less than this was all. Few files are larger.
const BUFFER: usize = 16 * 1024;

/// What is larger is no file about a process.
const LARGEST: usize = 4 * 1024 * 1024;

impl Files {
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self {
            root: rustix::fs::open(root, flags, Mode::empty())?,
            stand_ins: BTreeMap::new(),
            only_areas: false,
            buffer: vec![0; BUFFER],
            path: Vec::new(),
        })
    }

    /// Whether this is a kernel's procfs, rather than a saved one.
    pub(super) fn is_live(&self) -> bool {
        let kind = rustix::fs::fstatfs(&self.root).map(|it| it.f_type);
        kind.is_ok_and(|kind| kind == rustix::fs::PROC_SUPER_MAGIC)
    }

    /// The numbers of all processes. Threads are not among them.
    pub(super) fn processes(&mut self) -> io::Result<Vec<u32>> {
        numbers(&self.root, c".")
    }

    /// The threads of a process.
    pub(super) fn threads(&mut self, pid: u32) -> Result<Vec<u32>, Miss> {
        self.path.clear();
        if write!(self.path, "{pid}/task\0").is_err() {
            return Err(Miss::Failed);
        }
        let path = c_path(&self.path)?;
        numbers(&self.root, path).map_err(|_| Miss::Gone)
    }

    /// A file of the whole host.
    pub(super) fn of_host(&mut self, file: &str) -> Option<&[u8]> {
        self.path.clear();
        self.path.extend_from_slice(file.as_bytes());
        self.path.push(0);
        let length = self.fill(LARGEST).ok()?;
        self.buffer.get(..length)
    }

    /// A file of a process.
    pub(super) fn of_process(&mut self, pid: u32, file: &str) -> Result<&[u8], Miss> {
        self.name(pid, file);
        let length = self.fill(LARGEST).map_err(|why| self.miss(pid, why))?;
        self.buffer.get(..length).ok_or(Miss::Failed)
    }

    /// The beginning of its command line.
    pub(super) fn command(&mut self, pid: u32) -> Result<&[u8], Miss> {
        self.name(pid, "cmdline");
        let length = self
            .fill(LONGEST_COMMAND)
            .map_err(|why| self.miss(pid, why))?;
        self.buffer
            .get(..length.min(LONGEST_COMMAND))
            .ok_or(Miss::Failed)
    }

    /// Where its link `exe` leads.
    pub(super) fn program(&mut self, pid: u32) -> Result<&[u8], Miss> {
        self.name(pid, "exe");
        let link = c_path(&self.path)
            .map_err(|_| Errno::INVAL)
            .and_then(|path| rustix::fs::readlinkat_raw(&self.root, path, &mut *self.buffer));
        let length = link.map_err(|why| self.miss(pid, why))?;
        self.buffer.get(..length).ok_or(Miss::Failed)
    }

    /// Its share.
    pub(super) fn share(&mut self, pid: u32) -> Result<Rollup, Miss> {
        let mut adder = Adder::default();
        if !self.only_areas {
            self.name(pid, "smaps_rollup");
            match self.fill(LARGEST) {
                Ok(length) => {
                    let text = self.buffer.get(..length).unwrap_or_default();
                    return if text.is_empty() {
                        Err(self.without_text(pid))
                    } else {
                        adder
                            .text(text)
                            .and_then(|()| adder.sum())
                            .ok_or(Miss::Failed)
                    };
                }
                Err(Errno::NOENT) => {}
                Err(why) => return Err(self.miss(pid, why)),
            }
        }
        self.name(pid, "smaps");
        let read = self.areas(&mut adder);
        read.map_err(|why| self.miss(pid, why))?;
        self.only_areas = true;
        if adder.is_empty() {
            return Err(self.without_text(pid));
        }
        adder.sum().ok_or(Miss::Failed)
    }

    /// Why a share is an empty text: kernels before 4.20 say so of a process that has just ended.
    fn without_text(&mut self, pid: u32) -> Miss {
        let statm = self.of_process(pid, "statm").map(super::text::statm);
        match statm {
            Ok(Some((0, _))) | Err(Miss::Gone) => Miss::Gone,
            Ok(_) | Err(Miss::Denied | Miss::Failed) => Miss::Failed,
        }
    }

    /// Adds up `smaps`, which may be long, piece by piece.
    fn areas(&mut self, adder: &mut Adder) -> Result<(), Errno> {
        let file = self.open_path()?;
        let mut kept = 0;
        loop {
            let room = self.buffer.get_mut(kept..).unwrap_or_default();
            let length = rustix::io::retry_on_intr(|| rustix::io::read(&file, &mut *room))?;
            let filled = kept + length;
            if length == 0 {
                // A line without an end is cut off; a line longer than the buffer is none.
                return if kept == 0 { Ok(()) } else { Err(Errno::IO) };
            }
            let text = self.buffer.get(..filled).unwrap_or_default();
            let end = text.iter().rposition(|byte| *byte == b'\n');
            let end = end.map_or(0, |end| end + 1);
            let lines = text.get(..end).unwrap_or_default();
            if end > 0 && adder.text(lines).is_none() {
                return Err(Errno::IO);
            }
            self.buffer.copy_within(end..filled, 0);
            kept = filled - end;
        }
    }

    /// Writes down the path of a file of a process.
    fn name(&mut self, pid: u32, file: &str) {
        self.path.clear();
        let written = match self.stand_ins.get(&pid) {
            // A thread may have a name of its own; the process is called by the first one's.
            Some(thread) if file != "comm" => write!(self.path, "{pid}/task/{thread}/{file}\0"),
            Some(_) | None => write!(self.path, "{pid}/{file}\0"),
        };
        if written.is_err() {
            self.path.clear();
        }
    }

    fn open_path(&self) -> Result<OwnedFd, Errno> {
        let path = c_path(&self.path).map_err(|_| Errno::INVAL)?;
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY;
        rustix::fs::openat(&self.root, path, flags, Mode::empty())
    }

    /// Reads the file whose path is written down, until `enough`; how much of the buffer it takes.
    fn fill(&mut self, enough: usize) -> Result<usize, Errno> {
        let file = self.open_path()?;
        let mut filled = 0;
        loop {
            let room = self.buffer.get_mut(filled..).unwrap_or_default();
            let wanted = room.len();
            let length = rustix::io::retry_on_intr(|| rustix::io::read(&file, &mut *room))?;
            filled += length;
            if length < wanted || filled >= enough {
                return Ok(filled);
            }
            if self.buffer.len() >= LARGEST {
                return Err(Errno::FBIG);
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
    }

    fn miss(&self, pid: u32, why: Errno) -> Miss {
        match why {
            Errno::SRCH => Miss::Gone,
            Errno::ACCESS | Errno::PERM => Miss::Denied,
            Errno::NOENT => {
                let folder = pid.to_string();
                let found = rustix::fs::statat(&self.root, folder, AtFlags::empty());
                if found.is_ok() {
                    Miss::Failed
                } else {
                    Miss::Gone
                }
            }
            _ => Miss::Failed,
        }
    }
}

fn c_path(path: &[u8]) -> Result<&std::ffi::CStr, Miss> {
    std::ffi::CStr::from_bytes_with_nul(path).map_err(|_| Miss::Failed)
}

/// The entries of a folder that are numbers.
fn numbers(root: &OwnedFd, path: &std::ffi::CStr) -> io::Result<Vec<u32>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::openat(root, path, flags, Mode::empty())?;
    let mut buffer = [MaybeUninit::uninit(); 16 * 1024];
    let mut entries = RawDir::new(folder, &mut buffer);
    let mut found = Vec::new();
    while let Some(entry) = entries.next() {
        let number = super::text::number(entry?.file_name().to_bytes());
        found.extend(number.and_then(|it| u32::try_from(it).ok()));
    }
    Ok(found)
}
