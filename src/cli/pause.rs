//! Waiting between two looks at a host.

use std::io;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::failure::{Failure, Kind};
use crate::runner::interrupt::Interrupt;

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// The time is over.
    Over,
    /// Somebody asked the program to stop.
    Interrupted,
    /// Nobody reads standard output any more.
    Closed,
}

/// How long a request to stop may go unheard.
const TICK: Duration = Duration::from_millis(100);

/// Waits for `limit`, or until `interrupt` is asked or the pipe behind standard output is closed.
/// Meanwhile SIGINT and SIGTERM do not end the program.
pub(super) fn pause(limit: Duration, interrupt: &Interrupt) -> Result<Pause, Failure> {
    let _attention = interrupt.attend();
    let started = Instant::now();
    loop {
        if interrupt.is_asked() {
            return Ok(Pause::Interrupted);
        }
        let left = limit.saturating_sub(started.elapsed());
        if left.is_zero() {
            return Ok(Pause::Over);
        }
        let stdout = io::stdout();
        // Asked for nothing, the system tells only of errors: of a pipe without a reader.
        let mut files = [PollFd::new(&stdout, PollFlags::empty())];
        let tick = Timespec::try_from(left.min(TICK)).ok();
        match poll(&mut files, tick.as_ref()) {
            Ok(0) | Err(Errno::INTR) => {}
            Ok(_) => return Ok(Pause::Closed),
            Err(error) => {
                return Err(Failure::because(Kind::Environment, "cannot wait", error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_lasts_as_long_as_it_should_and_ends_when_it_is_asked_to() {
        let interrupt = Interrupt::new();
        let started = Instant::now();
        let limit = Duration::from_millis(30);
        assert_eq!(pause(limit, &interrupt).unwrap(), Pause::Over);
        assert!(started.elapsed() >= limit);
        interrupt.ask();
        let limit = Duration::from_mins(10);
        assert_eq!(pause(limit, &interrupt).unwrap(), Pause::Interrupted);
    }
}
