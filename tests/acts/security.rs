//! `security`.

use std::os::unix::fs::PermissionsExt;

use ironkeep_sim::state::bits::operations;

use crate::host::Host;

const SECRET: &str = "Open-Sesame-1";
const OTHER: &str = "Open-Sesame-2";

/// A host whose controller can lock drives, and two files with passphrases.
fn host() -> Host {
    let host = Host::new("healthy");
    host.tamper(|saved| {
        for controller in &mut saved.host.controllers {
            controller.info.operations |= operations::SECURITY;
        }
    });
    for (name, words) in [("one", SECRET), ("two", OTHER)] {
        std::fs::write(host.path(name), format!("{words}\n")).unwrap();
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(host.path(name), mode).unwrap();
    }
    host
}

#[test]
fn a_key_is_created_changed_verified_and_destroyed_and_never_shown() {
    let host = host();
    let (one, two) = (host.word("one"), host.word("two"));
    let insist = "--yes --override passphrase_visible";
    let create = format!("--verbose security create --passphrase-file {one} --key-id night");
    let said = host.refused(&create);
    assert!(said.contains("list of processes"), "{said}");
    let row = host.done(&format!("{create} {insist}"));
    assert_eq!(row["outcome"], "done");
    let verify = |file: &str| {
        let words = format!("security verify --passphrase-file {file}");
        host.data(&format!("{words} {insist}"))[0]["outcome"].clone()
    };
    // No source shows MegaCLI's words for what no reading can show either.
    assert_eq!(verify(&one), "unknown");
    assert_eq!(verify(&two), "failed");
    let change = format!("security change --old-passphrase-file {one} --passphrase-file {two}");
    assert_eq!(
        host.data(&format!("{change} {insist}"))[0]["outcome"],
        "unknown"
    );
    assert_eq!(verify(&two), "unknown");
    assert_eq!(verify(&one), "failed");
    let planned = host.run(&format!("{change} {insist} --dry-run"));
    let shown = format!(
        "{said}{row}{}{}{}",
        planned.stdout,
        planned.stderr,
        host.audit()
    );
    assert!(!shown.contains(SECRET) && !shown.contains(OTHER), "{shown}");
    assert!(shown.contains("***"));
    host.refused("security destroy --yes");
    assert_eq!(
        host.done("security destroy --yes=controller0")["outcome"],
        "done"
    );
}

#[test]
fn a_passphrase_that_is_weak_or_that_others_can_read_is_refused() {
    let host = host();
    let create = |file: &str| host.run(&format!("security create --passphrase-file {file} --yes"));
    std::fs::write(host.path("one"), "weak\n").unwrap();
    let answer = create(&host.word("one"));
    assert_eq!(answer.code, 2);
    assert!(!answer.stderr.contains("weak"), "{}", answer.stderr);
    let mode = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(host.path("two"), mode).unwrap();
    let answer = create(&host.word("two"));
    assert_eq!(answer.code, 3);
    assert!(answer.stderr.contains("chmod 600"), "{}", answer.stderr);
    let answer = host.run("security create --yes");
    assert!(
        answer.stderr.contains("--passphrase-file"),
        "{}",
        answer.stderr
    );
}

#[test]
fn a_controller_without_the_feature_says_so() {
    let host = Host::new("healthy");
    let said = host.refused("security destroy --yes=controller0");
    assert!(said.contains("cannot lock drives"), "{said}");
}
