//! How long whole processes take, against `/bin/true` in the same run: `ironkeep --version`, and a
//! replayed `health` of a host with 24 drives. `cargo bench --bench startup`.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench starts and prints"
)]

mod timing;

use std::path::Path;
use std::time::Duration;

use timing::{median, run};

/// How often each is run; the three take turns, so that a busy moment of the machine hits all.
const ROUNDS: usize = 101;

fn main() {
    let fixture =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/megacli/8.07.14-enclosures_24_12");
    let ironkeep = env!("CARGO_BIN_EXE_ironkeep");
    let replay = fixture.display().to_string();
    let commands: [(&str, Vec<&str>, Option<f64>); 3] = [
        ("/bin/true", vec!["/bin/true"], None),
        (
            "ironkeep --version",
            vec![ironkeep, "--version"],
            Some(10.0),
        ),
        (
            "ironkeep --replay … health",
            vec![ironkeep, "--replay", &replay, "health"],
            Some(25.0),
        ),
    ];
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); commands.len()];
    for _ in 0..ROUNDS {
        for ((_, words, _), times) in commands.iter().zip(&mut times) {
            times.push(run(words));
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    let floor = medians.first().copied().unwrap_or_default();
    for ((name, _, bar), median) in commands.iter().zip(&medians) {
        match bar {
            None => println!("{name}: {median:.2} ms"),
            Some(bar) => {
                let more = median - floor;
                let verdict = if more <= *bar { "within" } else { "ABOVE" };
                println!(
                    "{name}: {median:.2} ms, {more:.2} ms more ({verdict} the bar of {bar} ms)"
                );
            }
        }
    }
}
