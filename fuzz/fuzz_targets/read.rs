//! Reads any bytes as the output that `OUTPUT` names: nothing may panic, and every line that is left
//! over must be in the text.

#![no_main]

use std::sync::LazyLock;

use ironkeep_parsers::megacli::Output;
use libfuzzer_sys::fuzz_target;

static OUTPUT: LazyLock<Output> = LazyLock::new(|| {
    let name = std::env::var("OUTPUT").expect("OUTPUT names the output to read");
    Output::of_name(&name).unwrap_or_else(|| panic!("no output is called {name}"))
});

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let parsed = OUTPUT.read(&text);
    for leftover in parsed.leftovers() {
        let line = text.split('\n').nth(leftover.line as usize - 1);
        assert!(line.is_some_and(|line| line.contains(&leftover.text)));
    }
});
