//! What `packaging/` has of the program's own is what the program makes.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

mod committed;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use ironkeep::commands::util::{USUAL_MEGACLI, sudo_rule};
use ironkeep::exporter::DEFAULT_ADDRESS;

#[test]
fn the_committed_sudo_rule_is_the_one_that_is_made() {
    let rule = sudo_rule(Path::new(USUAL_MEGACLI));
    let made = [("ironkeep".to_owned(), rule)];
    committed::check("packaging/sudoers", &made, |_| true);
}

#[test]
fn who_listens_and_who_asks_agree_on_the_address() {
    let text =
        |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let socket = text("packaging/systemd/ironkeep-exporter.socket");
    assert!(socket.contains(&format!("ListenStream={DEFAULT_ADDRESS}\n")));
    let service: serde_json::Value =
        serde_json::from_str(&text("packaging/consul/ironkeep.json")).unwrap();
    let service = &service["service"];
    let address: SocketAddr = DEFAULT_ADDRESS.parse().unwrap();
    assert_eq!(service["port"], address.port());
    assert_eq!(
        service["checks"][0]["http"],
        format!("http://{DEFAULT_ADDRESS}/-/healthy")
    );
}
