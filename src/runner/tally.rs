//! Runs as they went, for whoever keeps account of them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Invocation, ProcessEnd, Program, RawOutput, RunError, Runner};

/// A run of the tool that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The arguments, as they may be shown.
    pub arguments: Vec<String>,
    /// How it ended.
    pub end: RunEnd,
    /// How long the tool ran; nothing where it was not started.
    pub elapsed: Duration,
}

/// How a run of the tool ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// By itself.
    Ended(ProcessEnd),
    /// It printed without end, and was stopped.
    Endless,
    /// It did not end in time.
    TimedOut,
    /// Somebody else ran it for too long.
    Locked,
    /// It could not be started.
    NotStarted,
    /// Somebody asked to stop.
    Interrupted,
}

/// Who is told of each run when it is over, on the thread that made it: the next one waits until the
/// observer returns. The host's lock is free meanwhile, unless it is held for longer than a run.
#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(Run) + Send + Sync>);

impl Observer {
    /// One that is told by a call of `told`.
    pub fn new(told: impl Fn(Run) + Send + Sync + 'static) -> Self {
        Self(Arc::new(told))
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// Runs the tool through another runner, and tells an observer, if there is one.
#[derive(Debug)]
pub struct Tally<R> {
    runner: R,
    observer: Option<Observer>,
}

impl<R> Tally<R> {
    /// `runner`, of whose runs `observer` is told.
    pub fn new(runner: R, observer: Option<Observer>) -> Self {
        Self { runner, observer }
    }
}

impl<R: Runner> Runner for Tally<R> {
    fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
        let result = self.runner.run(invocation);
        if let Some(Observer(told)) = &self.observer {
            let (end, elapsed) = account(&result);
            told(Run {
                arguments: invocation.shown(),
                end,
                elapsed,
            });
        }
        result
    }

    fn hold(&mut self) -> Result<(), RunError> {
        self.runner.hold()
    }

    fn release(&mut self) {
        self.runner.release();
    }

    fn program(&self) -> Option<Program> {
        self.runner.program()
    }
}

/// How a run ended, and how long the tool ran in it. The wait for the host's lock is not counted.
fn account(result: &Result<RawOutput, RunError>) -> (RunEnd, Duration) {
    match result {
        Ok(output) if output.truncated => (RunEnd::Endless, output.elapsed),
        Ok(output) => (RunEnd::Ended(output.end), output.elapsed),
        Err(RunError::TimedOut { limit, .. }) => (RunEnd::TimedOut, *limit),
        Err(RunError::Locked { .. }) => (RunEnd::Locked, Duration::ZERO),
        Err(RunError::Interrupted) => (RunEnd::Interrupted, Duration::ZERO),
        Err(_) => (RunEnd::NotStarted, Duration::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Answers each run with the next of its results.
    struct Fake(Vec<Result<RawOutput, RunError>>);

    impl Runner for Fake {
        fn run(&mut self, _: &Invocation) -> Result<RawOutput, RunError> {
            self.0.remove(0)
        }
    }

    fn output(end: ProcessEnd, truncated: bool) -> RawOutput {
        RawOutput {
            end,
            stdout: Vec::new(),
            file: Vec::new(),
            stderr: Vec::new(),
            truncated,
            elapsed: Duration::from_secs(3),
        }
    }

    #[test]
    fn each_run_is_told_once_with_its_end_and_its_time_and_without_secrets() {
        let timed_out = RunError::TimedOut {
            program: "megacli".into(),
            limit: Duration::from_mins(1),
            killed: true,
            stdout: Vec::new(),
        };
        let locked = RunError::Locked {
            path: "lock".into(),
            waited: Duration::from_secs(5),
            holder: None,
        };
        let fake = Fake(vec![
            Ok(output(ProcessEnd::Exited(1), false)),
            Ok(output(ProcessEnd::Signalled(11), false)),
            Ok(output(ProcessEnd::Signalled(9), true)),
            Err(timed_out),
            Err(locked),
            Err(RunError::NotRoot),
            Err(RunError::Interrupted),
        ]);
        let told: Arc<Mutex<Vec<Run>>> = Arc::default();
        let hears = Arc::clone(&told);
        let observer = Observer::new(move |run| hears.lock().unwrap().push(run));
        let mut tally = Tally::new(fake, Some(observer));
        let invocation = Invocation {
            arguments: vec!["-x".to_owned(), "passphrase".to_owned()],
            secret: vec![1],
            ..Invocation::default()
        };
        for _ in 0..7 {
            drop(tally.run(&invocation));
        }
        let told = told.lock().unwrap();
        assert!(told.iter().all(|run| run.arguments == ["-x", "***"]));
        let ends: Vec<_> = told
            .iter()
            .map(|run| (run.end, run.elapsed.as_secs()))
            .collect();
        assert_eq!(
            ends,
            [
                (RunEnd::Ended(ProcessEnd::Exited(1)), 3),
                (RunEnd::Ended(ProcessEnd::Signalled(11)), 3),
                (RunEnd::Endless, 3),
                (RunEnd::TimedOut, 60),
                (RunEnd::Locked, 0),
                (RunEnd::NotStarted, 0),
                (RunEnd::Interrupted, 0),
            ]
        );
    }

    #[test]
    fn without_an_observer_it_is_the_runner() {
        let mut tally = Tally::new(Fake(vec![Ok(output(ProcessEnd::Exited(0), false))]), None);
        assert!(tally.run(&Invocation::default()).is_ok());
    }
}
