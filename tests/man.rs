//! The committed manual pages of the commands, and the glossary, are those that the program makes.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

mod committed;

use ironkeep::commands::util::man;

#[test]
fn the_committed_pages_are_those_that_are_made() {
    let pages = man::pages().unwrap();
    // `ironkeep.8` and `ironkeep.toml.5` are written by hand.
    committed::check("man", &pages, |name| name.starts_with("ironkeep-"));
}

#[test]
fn a_page_names_its_section_and_its_verbs() {
    let pages = man::pages().unwrap();
    let (_, page) = pages
        .iter()
        .find(|(name, _)| name == "ironkeep-bbu.8")
        .unwrap();
    assert!(
        page.contains("\n.TH ironkeep-bbu 8 \"\" \"ironkeep "),
        "{page}"
    );
    assert!(
        page.contains("\n.SS list\n") && page.contains("\n.SS show\n"),
        "{page}"
    );
    assert!(page.contains("Also called cachevault."), "{page}");
    assert!(!page.contains("force\\-unsafe\\-controller"), "{page}");
}
