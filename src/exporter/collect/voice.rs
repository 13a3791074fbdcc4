//! What the exporter says to people and to systemd: lines on standard error, and notifications.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sd_notify::NotifyState;

use super::store::News;

/// What the exporter says. From any thread.
#[derive(Debug)]
pub struct Voice {
    /// A descriptor of its own: the main thread keeps standard error locked. `None` if there is none.
    stderr: Option<Mutex<File>>,
    /// Whether lines begin with their priority, as the journal understands it.
    priorities: bool,
    is_ready: AtomicBool,
}

impl Voice {
    /// One that writes to standard error, which may be the journal.
    pub fn new(is_journal: bool) -> Self {
        let stderr = io::stderr().as_fd().try_clone_to_owned();
        Self {
            stderr: stderr.ok().map(|it| Mutex::new(File::from(it))),
            priorities: is_journal,
            is_ready: AtomicBool::new(false),
        }
    }

    /// Says what happened.
    pub fn say(&self, words: &str) {
        self.line(6, words);
    }

    /// Says what a person may have to look at.
    pub fn warn(&self, words: &str) {
        self.line(4, words);
    }

    pub(super) fn tell(&self, news: &[News]) {
        for News { is_bad, words } in news {
            if *is_bad {
                self.warn(words);
            } else {
                self.say(words);
            }
        }
    }

    /// A line, with a priority of syslog. Text from devices and tools is in it: nothing but the end of the
    /// line steers a terminal or begins a line.
    fn line(&self, priority: u8, words: &str) {
        let words = crate::output::escape::terminal(words, true);
        let line = if self.priorities {
            format!("<{priority}>{words}\n")
        } else {
            format!("{words}\n")
        };
        if let Some(stderr) = &self.stderr {
            let mut stderr = stderr.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody is left to tell that nobody hears.
            drop(stderr.write_all(line.as_bytes()));
        }
    }

    /// Tells systemd that the exporter serves, and what it does. From the second time on only the latter.
    pub fn ready(&self, status: &str) {
        if self.is_ready.swap(true, Ordering::SeqCst) {
            notify(&[NotifyState::Status(status)]);
        } else {
            notify(&[NotifyState::Ready, NotifyState::Status(status)]);
        }
    }

    /// Tells systemd that the configuration is read again. [`Self::reloaded`] ends it.
    pub fn reloading(&self) {
        let now = NotifyState::monotonic_usec_now();
        let mut states = vec![NotifyState::Reloading];
        states.extend(now.ok());
        notify(&states);
    }

    /// Tells systemd that it was read.
    pub fn reloaded(&self) {
        if self.is_ready.load(Ordering::SeqCst) {
            notify(&[NotifyState::Ready]);
        }
    }

    /// Tells systemd that the exporter ends.
    pub fn stopping(&self) {
        notify(&[NotifyState::Stopping]);
    }

    /// Tells systemd that the collecting thread lives. Until the exporter is ready, the start may go on
    /// for `longest`, in which the next sign of life comes.
    pub(super) fn beat(&self, longest: Duration) {
        let mut states = vec![NotifyState::Watchdog];
        if !self.is_ready.load(Ordering::SeqCst) {
            let longest = u32::try_from(longest.as_micros()).unwrap_or(u32::MAX);
            states.push(NotifyState::ExtendTimeoutUsec(longest));
        }
        notify(&states);
    }
}

fn notify(states: &[NotifyState<'_>]) {
    // Without systemd there is nobody to tell; and a systemd that does not listen restarts what it thinks
    // has to be restarted.
    drop(sd_notify::notify(states));
}
