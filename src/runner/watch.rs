//! Watching a process: its output is drained as it comes, its time and output are bounded, and when
//! it ends, everything that it has started ends too.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio, retry_on_intr};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::ProcessEnd;
use super::interrupt::Interrupt;

/// What a process may use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How long it may run.
    pub(super) time: Duration,
    /// How many bytes it may print, on each of its streams.
    pub(super) output: usize,
}

/// What came of a process.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) ending: Ending,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    /// It was stopped at the limit on output.
    pub(super) truncated: bool,
}

/// Why the watching ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The process ended, by itself or stopped at the limit on output.
    Ended(ProcessEnd),
    /// It ran out of time. `killed`: it is gone.
    TimedOut { killed: bool },
    /// Somebody asked to stop.
    Interrupted,
}

/// Watches `child`, the leader of a process group, to its end.
///
/// # Errors
/// If the system refuses to tell about it. It is killed then too.
pub(super) fn watch(child: Child, limits: Limits, interrupt: &Interrupt) -> io::Result<Watched> {
    let mut process = Process::new(child, limits.output);
    let reason = process.until(Instant::now() + limits.time, interrupt);
    let gone = process.stop(!matches!(reason, Ok(Reason::Ended)));
    let truncated = process.stdout.overflown || process.stderr.overflown;
    let (stdout, stderr) = (process.stdout.bytes, process.stderr.bytes);
    let status = if gone {
        Some(process.child.wait()?)
    } else {
        // Whoever waits collects it; nobody has to know when.
        thread::spawn(move || process.child.wait());
        None
    };
    let ending = match (reason?, status) {
        (Reason::Interrupted, _) => Ending::Interrupted,
        (Reason::Ended | Reason::TooMuch, Some(status)) => Ending::Ended(end(status)),
        (Reason::OutOfTime, status) => Ending::TimedOut {
            killed: status.is_some(),
        },
        (Reason::Ended | Reason::TooMuch, None) => Ending::TimedOut { killed: false },
    };
    Ok(Watched {
        ending,
        stdout,
        stderr,
        truncated,
    })
}

/// How long to sleep at most between two looks at the process.
const TICK: Duration = Duration::from_millis(20);
/// How long a process gets to obey SIGTERM.
const GRACE: Duration = Duration::from_millis(500);
/// How long the kernel gets to end a killed process, unless that waits for hardware.
const LAST_WAIT: Duration = Duration::from_secs(2);

enum Reason {
    Ended,
    OutOfTime,
    TooMuch,
    Interrupted,
}

struct Process {
    child: Child,
    /// Its id, and that of its group.
    id: Pid,
    stdout: Pipe,
    stderr: Pipe,
}

impl Process {
    fn new(mut child: Child, limit: usize) -> Self {
        let stdout = child.stdout.take().map(OwnedFd::from);
        let stderr = child.stderr.take().map(OwnedFd::from);
        Self {
            id: Pid::from_child(&child),
            child,
            stdout: Pipe::new(stdout, limit),
            stderr: Pipe::new(stderr, limit),
        }
    }

    /// Drains the output until the process has ended or must be stopped.
    fn until(&mut self, deadline: Instant, interrupt: &Interrupt) -> io::Result<Reason> {
        for file in [&self.stdout.file, &self.stderr.file].into_iter().flatten() {
            ioctl_fionbio(file, true)?;
        }
        loop {
            if self.has_ended()? {
                return Ok(Reason::Ended);
            }
            if interrupt.is_asked() {
                return Ok(Reason::Interrupted);
            }
            let now = Instant::now();
            if now >= deadline {
                return Ok(Reason::OutOfTime);
            }
            self.drain(TICK.min(deadline - now))?;
            if self.stdout.overflown || self.stderr.overflown {
                return Ok(Reason::TooMuch);
            }
        }
    }

    /// Ends the whole group, first with a request to the process if it still runs, and takes what
    /// is left of the output. Whether the process is gone then.
    fn stop(&mut self, runs: bool) -> bool {
        let gone = !runs
            || self.signal_and_wait(Signal::TERM, GRACE)
            || self.signal_and_wait(Signal::KILL, LAST_WAIT);
        // The process itself is not collected yet, so its group's number cannot belong to others.
        // What it left behind in its group may hold the pipes open for ever: it goes, and nobody
        // waits for the end of the pipes.
        self.signal(Signal::KILL);
        let drained = self.drain(Duration::ZERO);
        drop(drained);
        gone
    }

    fn signal_and_wait(&mut self, signal: Signal, patience: Duration) -> bool {
        self.signal(signal);
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            match self.has_ended().and_then(|ended| {
                if !ended {
                    self.drain(TICK)?;
                }
                Ok(ended)
            }) {
                Ok(true) => return true,
                Ok(false) => {}
                Err(_) => return false,
            }
        }
        false
    }

    fn signal(&self, signal: Signal) {
        // Refused where sudo has made it a process of root, gone already, or done: the next look at
        // the process tells.
        drop(kill_process_group(self.id, signal).map_err(io::Error::from));
    }

    /// Whether the process has ended. It is not collected: its id stays taken.
    fn has_ended(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let status = retry_on_intr(|| waitid(WaitId::Pid(self.id), options))?;
        Ok(status.is_some())
    }

    /// Waits up to `patience` for output and takes it.
    fn drain(&mut self, patience: Duration) -> io::Result<()> {
        let pipes = [&self.stdout, &self.stderr];
        let mut fds: Vec<PollFd<'_>> = pipes
            .iter()
            .filter_map(|pipe| pipe.file.as_ref())
            .map(|file| PollFd::new(file, PollFlags::IN))
            .collect();
        // Both closed: the process is about to end.
        let patience = if fds.is_empty() {
            patience.min(ABOUT_TO_END)
        } else {
            patience
        };
        match poll(
            &mut fds,
            Some(&Timespec::try_from(patience).map_err(io::Error::other)?),
        ) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        self.stdout.drain()?;
        self.stderr.drain()
    }
}

const ABOUT_TO_END: Duration = Duration::from_millis(1);

/// Our end of one of the process's streams.
struct Pipe {
    /// Closed at its end, and when the limit is reached.
    file: Option<File>,
    bytes: Vec<u8>,
    limit: usize,
    overflown: bool,
}

impl Pipe {
    fn new(fd: Option<OwnedFd>, limit: usize) -> Self {
        Self {
            file: fd.map(File::from),
            bytes: Vec::new(),
            limit,
            overflown: false,
        }
    }

    /// Takes what is there.
    fn drain(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        // One byte more than allowed tells that there is more.
        let room = self
            .limit
            .saturating_sub(self.bytes.len())
            .saturating_add(1);
        let room = u64::try_from(room).unwrap_or(u64::MAX);
        match file.take(room).read_to_end(&mut self.bytes) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
        self.file = None;
        if self.bytes.len() > self.limit {
            self.bytes.truncate(self.limit);
            self.overflown = true;
        }
        Ok(())
    }
}

fn end(status: ExitStatus) -> ProcessEnd {
    match (status.code().map(u8::try_from), status.signal()) {
        (Some(Ok(code)), _) => ProcessEnd::Exited(code),
        (_, Some(signal)) => ProcessEnd::Signalled(signal),
        // wait(2) reports nothing else of a process that is gone, and no other numbers.
        (_, None) => ProcessEnd::Exited(u8::MAX),
    }
}
