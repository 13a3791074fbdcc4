//! Being asked to stop while the tool runs.
//!
//! The tool runs in a process group of its own, so that all of it can be killed. The price: Ctrl-C
//! reaches only this program, which therefore has to stop the tool before it ends itself.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// A request to stop, shared between whoever hears it and whoever runs the tool.
#[derive(Debug, Clone)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
    /// No tool is running: a signal ends this program at once, as if nobody listened.
    idle: Arc<AtomicBool>,
}

impl Interrupt {
    /// One that only [`Interrupt::ask`] raises.
    pub fn new() -> Self {
        Self {
            asked: Arc::new(AtomicBool::new(false)),
            idle: Arc::new(AtomicBool::new(true)),
        }
    }

    /// One that SIGINT and SIGTERM raise while a tool runs. While none runs, the signals end the
    /// program as they always do. Install it once, and not in a program that handles these signals
    /// itself: there, use [`Interrupt::new`] and [`Interrupt::ask`].
    ///
    /// # Errors
    /// If the system refuses the handlers.
    pub fn from_signals() -> io::Result<Self> {
        let interrupt = Self::new();
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_default(signal, Arc::clone(&interrupt.idle))?;
            flag::register(signal, Arc::clone(&interrupt.asked))?;
        }
        Ok(interrupt)
    }

    /// One that SIGINT, SIGTERM and SIGHUP raise, whether a tool runs or not. They end nothing by
    /// themselves any more: for a program that has to look at [`Interrupt::is_asked`] and leave the
    /// terminal as it was before it ends.
    ///
    /// # Errors
    /// If the system refuses the handlers.
    pub fn holding_signals() -> io::Result<Self> {
        let interrupt = Self::new();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            flag::register(signal, Arc::clone(&interrupt.asked))?;
        }
        Ok(interrupt)
    }

    /// Asks to stop.
    pub fn ask(&self) {
        self.asked.store(true, Ordering::SeqCst);
    }

    /// Whether somebody asked to stop.
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    /// Takes note of what was asked, and says whether it was: it was obeyed, or will be later, and what
    /// follows runs to its end.
    pub(crate) fn heed(&self) -> bool {
        self.asked.swap(false, Ordering::SeqCst)
    }

    /// Until the result is dropped, signals are ours to handle. May be nested.
    pub(crate) fn attend(&self) -> Attention {
        Attention {
            was_idle: self.idle.swap(false, Ordering::SeqCst),
            idle: Arc::clone(&self.idle),
        }
    }
}

impl Default for Interrupt {
    fn default() -> Self {
        Self::new()
    }
}

/// See [`Interrupt::attend`].
#[derive(Debug)]
pub(crate) struct Attention {
    idle: Arc<AtomicBool>,
    was_idle: bool,
}

impl Drop for Attention {
    fn drop(&mut self) {
        self.idle.store(self.was_idle, Ordering::SeqCst);
    }
}
