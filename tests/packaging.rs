//! What `packaging/` has of the program's own is what the program makes.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

mod committed;

use std::path::Path;

use ironkeep::commands::util::{USUAL_MEGACLI, sudo_rule};

#[test]
fn the_committed_sudo_rule_is_the_one_that_is_made() {
    let rule = sudo_rule(Path::new(USUAL_MEGACLI));
    let made = [("ironkeep".to_owned(), rule)];
    committed::check("packaging/sudoers", &made, |_| true);
}
