//! What parsing costs over merely splitting lines: 8 controllers with 1,920 drives, once as
//! `-PDList` and once as `-LdPdInfo`.
//!
//! Both passes run over the same text in turn, so that load on the machine meets both; the ratio is
//! the median over the pairs. It should stay at or below 4.0.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::expect_used, reason = "a bench on broken fixtures should stop")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ironkeep_parsers::megacli::Output;

const CONTROLLERS: u32 = 8;
const VIRTUAL_DRIVES: u32 = 10;
const MEMBERS: u32 = 24;
const PAIRS: usize = 101;
const BAR: f64 = 4.0;

const PD_LIST: &str =
    include_str!("../../fixtures/megacli/8.07.14-healthy_raid5_hs/PDList_aALL.txt");
const LD_PD_INFO: &str =
    include_str!("../../fixtures/megacli/8.07.14-healthy_raid5_hs/LdPdInfo_aALL.txt");

fn main() {
    // `cargo test --benches` runs this too: once is enough there.
    let pairs = if std::env::args().any(|argument| argument == "--bench") {
        PAIRS
    } else {
        1
    };
    measure("pd-list", &pd_list(), pairs);
    measure("ld-pd-info", &ld_pd_info(), pairs);
}

/// Times the parser called `name` against the plain pass and prints the ratio.
fn measure(name: &str, text: &str, pairs: usize) {
    let Some(output) = Output::of_name(name) else {
        println!("{name}: no parser of this name");
        return;
    };
    let parsed = output.read(text);
    assert!(
        parsed.leftovers().is_empty(),
        "{:?}",
        parsed.leftovers().first()
    );
    assert!(parsed.gaps().is_empty(), "{:?}", parsed.gaps().first());
    let mut runs: Vec<(f64, Duration, Duration)> = (0..pairs)
        .map(|_| {
            let plain = time(|| plain_pass(black_box(text)));
            let parser = time(|| output.read(black_box(text)));
            (parser.as_secs_f64() / plain.as_secs_f64(), parser, plain)
        })
        .collect();
    runs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (ratio, parser, plain) = runs.get(pairs / 2).copied().expect("there are runs");
    println!(
        "{name}: {} lines, {} KiB: parser {parser:.2?}, lines {plain:.2?}, ratio {ratio:.2} \
         ({} the bar of {BAR:.1})",
        text.lines().count(),
        text.len() / 1024,
        if ratio <= BAR { "within" } else { "ABOVE" },
    );
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let made = black_box(work());
    let taken = start.elapsed();
    drop(made);
    taken
}

/// The yardstick: every line, split at its colon.
fn plain_pass(text: &str) -> usize {
    text.lines()
        .map(|line| match line.split_once(':') {
            Some((key, value)) => black_box(key).len() + black_box(value).len(),
            None => line.len(),
        })
        .sum()
}

/// The stretch of `text` from `start` up to the next `end`.
fn block<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the fixture has the block");
    let (inside, _) = rest.split_once(end).expect("the block ends");
    inside
}

/// One drive's block, varied.
fn drive(out: &mut String, template: &str, controller: u32, number: u32) {
    let serial = controller * 1000 + number;
    for line in template.lines() {
        let key = line.split(':').next().unwrap_or_default();
        let _ = match key {
            "Slot Number" => writeln!(out, "Slot Number: {}", number % MEMBERS),
            "Enclosure Device ID" => {
                writeln!(out, "Enclosure Device ID: {}", 20 + number / MEMBERS)
            }
            "Drive's position" => writeln!(
                out,
                "Drive's position: DiskGroup: {}, Span: 0, Arm: {}",
                number / MEMBERS,
                number % MEMBERS
            ),
            "Device Id" => writeln!(out, "Device Id: {}", 8 + number),
            "WWN" => writeln!(out, "WWN: 5000C5{serial:010X}"),
            "SAS Address(0)" => writeln!(out, "SAS Address(0): 0x5000c5{serial:010x}"),
            "Media Error Count" => writeln!(out, "Media Error Count: {}", serial % 7),
            "Inquiry Data" => writeln!(
                out,
                "Inquiry Data: SEAGATE ST3300657SS     ES646SJ{serial:05}N           "
            ),
            "Drive Temperature " => {
                writeln!(out, "Drive Temperature :{}C (89.60 F)", 25 + serial % 20)
            }
            "Firmware state" if number % 97 == 5 => writeln!(out, "Firmware state: Failed"),
            _ => writeln!(out, "{line}"),
        };
    }
}

fn pd_list() -> String {
    let template = format!(
        "Enclosure Device ID:{}",
        block(PD_LIST, "Enclosure Device ID:", "Enclosure Device ID:")
    );
    let mut out = String::from("\r                                     \n");
    for controller in 0..CONTROLLERS {
        let _ = writeln!(out, "Adapter #{controller}\n");
        for number in 0..VIRTUAL_DRIVES * MEMBERS {
            drive(&mut out, &template, controller, number);
        }
    }
    out.push_str("\n\nExit Code: 0x00\n");
    out
}

fn ld_pd_info() -> String {
    let head = block(
        LD_PD_INFO,
        "Virtual Drive: 0 (Target Id: 0)\n",
        "PD: 0 Information\n",
    )
    .replace("Drives    : 7", "Drives    : 24")
    .replace("Number of PDs: 7", "Number of PDs: 24");
    let template = block(LD_PD_INFO, "PD: 0 Information\n", "PD: 1 Information\n");
    let mut out = String::from("\r                                     \n");
    for controller in 0..CONTROLLERS {
        let _ = writeln!(
            out,
            "Adapter #{controller}\n\nNumber of Virtual Disks: {VIRTUAL_DRIVES}"
        );
        for virtual_drive in 0..VIRTUAL_DRIVES {
            let _ = write!(
                out,
                "Virtual Drive: {virtual_drive} (Target Id: {virtual_drive})\n{head}"
            );
            for member in 0..MEMBERS {
                let _ = writeln!(out, "PD: {member} Information");
                drive(
                    &mut out,
                    template,
                    controller,
                    virtual_drive * MEMBERS + member,
                );
            }
        }
    }
    out.push_str("\n\nExit Code: 0x00\n");
    out
}
