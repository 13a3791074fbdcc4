//! `ironkeep mem` of processes whose memory is known: what was allocated is what their PSS adds up to.
//! More of them, beside other tools: `benches/memory.sh truth`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "the helpers are tests too"
)]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write, stdin};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::mm::{MapFlags, ProtFlags, mmap};
use serde_json::Value;

const MB: usize = 1 << 20;

/// What each process has of its own, and what all of them share, beside what a program needs anyway.
const OWN: usize = 48 * MB;
const SHARED: usize = 32 * MB;

const PAGE: usize = 4096;

/// A process that has so much memory until it is dropped.
struct Holder(Child);

impl Holder {
    fn start(own: usize, shared: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "holder", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It ends when its input does, and so with this process, too.
        let input = child.stdin.as_mut().unwrap();
        writeln!(input, "{own}\n{}", shared.display()).unwrap();
        let mut said = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        assert!(said.any(|line| line.unwrap() == "ready"));
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
#[ignore = "not a test: what the others start"]
fn holder() {
    let mut asked = stdin().lines().map(Result::unwrap);
    let Some(own) = asked.next() else {
        return;
    };
    let own: usize = own.parse().unwrap();
    let shared = File::open(asked.next().unwrap()).unwrap();
    let mut memory = vec![0_u8; own];
    memory.iter_mut().step_by(PAGE).for_each(|byte| *byte = 1);
    let length = usize::try_from(shared.metadata().unwrap().len()).unwrap();
    if length > 0 {
        // SAFETY: a new mapping, at a place that the kernel chooses, and nobody writes to the file.
        let start = unsafe {
            mmap(
                std::ptr::null_mut(),
                length,
                ProtFlags::READ,
                MapFlags::SHARED,
                &shared,
                0,
            )
        };
        // SAFETY: all of the mapping, which stays until the process ends.
        let mapped = unsafe { std::slice::from_raw_parts(start.unwrap().cast::<u8>(), length) };
        let sum: u64 = mapped.iter().step_by(PAGE).copied().map(u64::from).sum();
        black_box(sum);
    }
    println!("\nready");
    assert_eq!(asked.next(), None);
    black_box(memory);
}

/// What `mem` says of two processes with `own` bytes each, and a file of `shared` that both have mapped.
fn of_two(own: usize, shared: usize) -> Value {
    let mut file = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    file.write_all(&vec![1; shared]).unwrap();
    let holders = [
        Holder::start(own, file.path()),
        Holder::start(own, file.path()),
    ];
    let pids = holders.each_ref().map(|it| it.0.id().to_string()).join(",");
    let done = Command::new(env!("CARGO_BIN_EXE_ironkeep"))
        .args(["mem", "--format", "json", "--pss", "all", "--pid", &pids])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let memory: Value = serde_json::from_slice(&done.stdout).unwrap();
    let survey = &memory["data"]["survey"];
    assert_eq!(survey["processes"].as_array().unwrap().len(), 2, "{survey}");
    assert_eq!(survey["certain"], true, "{survey}");
    survey.clone()
}

/// PSS, with what has been swapped out meanwhile.
fn bytes(survey: &Value) -> u64 {
    let total = &survey["total"];
    let of = |key: &str| total[key]["at_least_bytes"].as_u64().unwrap();
    of("pss") + of("swap")
}

#[test]
fn what_was_allocated_is_what_pss_adds_up_to() {
    let (without, with) = (of_two(0, 0), of_two(OWN, SHARED));
    let more = bytes(&with).checked_sub(bytes(&without)).unwrap();
    let made = u64::try_from(2 * OWN + SHARED).unwrap();
    assert!(more.abs_diff(made) <= made / 100, "{more} of {made}");
    // Which is not what RSS adds up to.
    let rss = with["total"]["rss_sum_bytes"].as_u64().unwrap();
    assert!(rss > made + u64::try_from(SHARED).unwrap() / 2, "{rss}");
}
