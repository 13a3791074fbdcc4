//! The order of code in the portable binary: that linkers take `link/together.ld`, and how.

#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "a linker is another program")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Two functions with names as the compiler makes them: one of clap's, one of nobody that is named.
const PROGRAM: &str = "
    int _ZN12clap_builder7builder3arg17h0123456789abcdefE(void) { return 40; }
    int _ZN9elsewhere7builder3arg17h0123456789abcdefE(void) { return 2; }
    int main(void) {
        return _ZN12clap_builder7builder3arg17h0123456789abcdefE()
            + _ZN9elsewhere7builder3arg17h0123456789abcdefE() - 42;
    }
";

/// The section that a function lies in, by the linker's own map: the last that begins a line above it.
fn section<'a>(map: &'a str, function: &str) -> &'a str {
    let at = map.find(&format!(".text.{function}")).unwrap();
    let (before, _) = map.split_at(at);
    let mut names = before.lines().rev();
    names
        .find(|line| line.starts_with('.'))
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
}

#[test]
fn what_is_named_lies_together_and_all_else_where_it_was() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("link/together.ld");
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("program.c");
    let program = folder.path().join("program");
    let map = folder.path().join("map");
    fs::write(&source, PROGRAM).unwrap();
    let done = Command::new("cc")
        .args(["-O1", "-ffunction-sections", "-fno-inline", "-fuse-ld=bfd"])
        .arg(format!("-Wl,-T,{}", script.display()))
        .arg(format!("-Wl,-Map,{}", map.display()))
        .arg(&source)
        .arg("-o")
        .arg(&program)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    assert!(Command::new(&program).status().unwrap().success());
    let map = fs::read_to_string(&map).unwrap();
    let of = |name: &str| section(&map, &format!("_ZN{name}7builder3arg"));
    assert_eq!(of("12clap_builder"), ".text.together");
    assert_eq!(of("9elsewhere"), ".text");
}
