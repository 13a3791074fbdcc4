//! What a person types and sees: the examples of the README and `tests/cli/`. To accept new output:
//! `TRYCMD=overwrite cargo test --test cli`, and read the difference.

#![cfg(test)]

#[test]
fn transcripts() {
    let set = std::env::vars_os().map(|(name, _)| name);
    let ours = set.filter(|name| name.to_string_lossy().starts_with("IRONKEEP_"));
    assert_eq!(ours.count(), 0, "the tests want no IRONKEEP_ variable");
    trycmd::TestCases::new()
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .case("README.md")
        .case("tests/cli/*.trycmd");
}
