//! Timing whole processes.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long the program `words` takes from its start to its end; what it prints goes nowhere.
pub(crate) fn run(words: &[&str]) -> Duration {
    let (program, arguments) = words.split_first().expect("a program");
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    command.status().expect("the program starts");
    start.elapsed()
}

/// The median of `times`, in milliseconds.
pub(crate) fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times
        .get(times.len() / 2)
        .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
