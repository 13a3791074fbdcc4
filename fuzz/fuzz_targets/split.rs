//! Takes any bytes apart: nothing may panic, and no line may be lost or doubled.

#![no_main]

use ironkeep_parsers::megacli::recognise::split;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let split = split(&text);
    let lines = |text: &str| {
        text.split('\n')
            .filter(|line| !line.trim_ascii().is_empty())
            .count()
    };
    let parts: usize = split.parts.iter().map(|part| lines(part.text)).sum();
    let unknown: usize = split.unknown.iter().map(|rest| lines(rest.text)).sum();
    assert_eq!(parts + unknown, lines(&text));
});
