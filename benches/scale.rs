//! How `health` scales: a simulated host of 8 controllers with 240 drives each.
//! `cargo bench --bench scale`.
//!
//! First as a whole process, against `/bin/true` and `ironkeep --version` in the same run. Then in this
//! process, what the time goes into: building the host of its scenario, the simulator's rendering of the
//! same commands, reading and judging. A real host has a real MegaCLI in the place of the first two.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench starts and prints"
)]

mod timing;

use std::hint::black_box;
use std::time::{Duration, Instant};

use ironkeep::backend::Backend;
use ironkeep::backend::megacli::MegaCli;
use ironkeep::demo::{Choice, Demo};
use ironkeep::health::{self, Thresholds};
use ironkeep::runner::{Invocation, RawOutput, RunError, Runner};
use timing::{median, run};

/// How often each is run; they take turns, so that a busy moment of the machine hits all.
const ROUNDS: usize = 31;

const SCENARIO: &str = "fleet";

/// Milliseconds that the whole process may take.
const BAR: f64 = 150.0;

fn main() {
    let ironkeep = env!("CARGO_BIN_EXE_ironkeep");
    let demo = format!("--demo={SCENARIO}");
    let commands: [&[&str]; 3] = [
        &["/bin/true"],
        &[ironkeep, "--version"],
        &[ironkeep, &demo, "health"],
    ];
    let mut whole: Vec<Vec<Duration>> = vec![Vec::new(); commands.len()];
    let mut inside: Vec<[Duration; 4]> = Vec::new();
    for _ in 0..ROUNDS {
        for (words, times) in commands.iter().zip(&mut whole) {
            times.push(run(words));
        }
        inside.push(stages());
    }
    for (words, times) in commands.iter().zip(&mut whole) {
        let words = words.join(" ").replace(ironkeep, "ironkeep");
        let median = median(times);
        if words.ends_with("health") {
            let verdict = if median <= BAR { "within" } else { "ABOVE" };
            println!("{words}: {median:.1} ms ({verdict} the bar of {BAR} ms)");
        } else {
            println!("{words}: {median:.1} ms");
        }
    }
    println!("of which, measured in one process:");
    let names = [
        "building the host of its scenario",
        "the simulator's rendering",
        "reading (parsing and filing)",
        "judging",
    ];
    for (at, name) in names.iter().enumerate() {
        let mut times: Vec<Duration> = inside
            .iter()
            .filter_map(|times| times.get(at).copied())
            .collect();
        println!("  {name}: {:.1} ms", median(&mut times));
    }
}

/// A runner that adds up how long another one takes.
struct Timed<'a> {
    demo: Demo,
    taken: &'a mut Duration,
}

impl Runner for Timed<'_> {
    fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
        let start = Instant::now();
        let output = self.demo.run(invocation);
        *self.taken += start.elapsed();
        output
    }
}

/// What `health` does, stage by stage.
fn stages() -> [Duration; 4] {
    let choice = Choice {
        scenario: Some(SCENARIO.to_owned()),
        ..Choice::default()
    };
    let start = Instant::now();
    let demo = Demo::open(&choice).expect("the scenario is there");
    let building = start.elapsed();
    let mut rendering = Duration::ZERO;
    let timed = Timed {
        demo,
        taken: &mut rendering,
    };
    let parts = [health::NEEDED, health::HELPFUL].concat();
    let start = Instant::now();
    let mut backend = MegaCli::new(timed, "bench".to_owned()).simulated();
    let reading = backend.read(&parts).expect("the host can be read");
    let asking = start.elapsed();
    let start = Instant::now();
    black_box(health::judge(&reading, &Thresholds::default()));
    let judging = start.elapsed();
    [
        building,
        rendering,
        asking.saturating_sub(rendering),
        judging,
    ]
}
