//! `event export` and `event clear`.

use crate::host::Host;

#[test]
fn a_log_is_cleared_only_when_it_is_kept() {
    let host = Host::new("failed-drive");
    let said = host.refused("event clear --yes=controller0");
    assert!(said.contains("--export FILE"), "{said}");
    let file = host.word("events");
    host.refused(&format!("event clear --export {file} --yes"));
    assert!(
        host.path("events").exists(),
        "what is kept before the question stays"
    );
    let clear = format!("event clear --export {file} --yes=controller0");
    assert!(host.refused(&clear).contains("exists already"));
    host.done(&format!("{clear} --overwrite"));
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.contains("seqNum"), "{kept}");
    let left = host.data("event list");
    assert!(left.as_array().unwrap().len() <= 1, "{left}");
}

#[test]
fn an_exported_log_can_be_read_again() {
    let host = Host::new("failed-drive");
    let file = host.word("events");
    let events = host.data("event list");
    host.data(&format!("event export {file}"));
    let kept = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        kept.matches("seqNum").count(),
        events.as_array().unwrap().len()
    );
    assert_eq!(host.run(&format!("event export {file}")).code, 3);
    assert_eq!(
        host.run(&format!("event export {file} --overwrite")).code,
        0
    );
}
