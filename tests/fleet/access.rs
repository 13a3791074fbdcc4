//! Who asks, and whom: passwords, tokens and certificates.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tempfile::TempDir;

use crate::http::{Answer, Request, Server};
use crate::material::Authority;
use crate::recorded::answer;
use crate::{Run, healthy, prometheus, run, status};

const PASSWORD: &str = "open sesame";

fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Answers whoever says this in the header of who asks; and the others that they may not.
fn only(value: String) -> impl Fn(&Request) -> Answer + Send + Sync + 'static {
    let answers = healthy();
    move |request| {
        if request.header("authorization") == Some(&value) {
            answer(&answers, request)
        } else {
            Answer::text(401, "Unauthorized\n")
        }
    }
}

fn basic() -> String {
    format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("anna:{PASSWORD}"))
    )
}

#[track_caller]
fn is_healthy(run: &Run) {
    assert_eq!(run.status, 0, "{run:#?}");
}

#[test]
fn a_password_comes_from_a_file_and_shows_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let password = file(&folder, "password", &format!("{PASSWORD}\n"));
    let server = Server::plain(only(basic()));
    let who = [
        "--username",
        "anna",
        "--password-file",
        &password,
        "--verbose",
    ];
    let right = status(&server.url(), &who);
    is_healthy(&right);
    let wrong = file(&folder, "wrong", "swordfish\n");
    let wrong = status(
        &server.url(),
        &["--username", "anna", "--password-file", &wrong],
    );
    wrong.fails("refuses who asks (401)", "--password-file");
    for run in [&right, &wrong] {
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(
            !said.contains(PASSWORD) && !said.contains("swordfish"),
            "{said}"
        );
    }
}

#[test]
fn a_token_comes_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let token = file(&folder, "token", "abc.def\n");
    let server = Server::plain(only("Bearer abc.def".to_owned()));
    is_healthy(&status(&server.url(), &["--bearer-token-file", &token]));
    let empty = file(&folder, "empty", "\n");
    status(&server.url(), &["--bearer-token-file", &empty]).fails("holds no token", "");
    status(&server.url(), &["--bearer-token-file", "/nonexistent"])
        .fails("cannot read /nonexistent", "");
}

#[test]
fn a_password_in_the_address_is_refused_and_not_repeated() {
    for url in [
        "http://anna:swordfish@127.0.0.1:9",
        "http://swordfish@127.0.0.1:9",
    ] {
        let run = status(url, &[]);
        assert_eq!(run.status, 2, "{run:#?}");
        assert!(run.stderr.contains("--password-file"), "{run:#?}");
        assert!(!run.stderr.contains("swordfish"), "{run:#?}");
    }
}

#[test]
fn what_the_configuration_has_for_one_server_goes_to_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let password = file(&folder, "password", PASSWORD);
    let server = Server::plain(only(basic()));
    let other = prometheus(healthy());
    let text = format!(
        "[fleet]\nprometheus = \"{}\"\nusername = \"anna\"\npassword_file = \"{password}\"\n",
        server.url()
    );
    let config = file(&folder, "ironkeep.toml", &text);
    let configured = |words: &[&str]| {
        let fixed = ["--config", config.as_str(), "fleet", "status"];
        crate::run_with(&fixed.iter().chain(words).copied().collect::<Vec<_>>())
    };
    is_healthy(&configured(&[]));
    is_healthy(&configured(&[
        "--prometheus",
        &format!("{}/", server.url()),
    ]));
    is_healthy(&configured(&["--prometheus", &other.url()]));
    let mut seen = other.seen().into_iter();
    assert!(seen.all(|request| request.header("authorization").is_none()));
    // Who asks is not put together from two places.
    let token = file(&folder, "token", "abc");
    configured(&["--bearer-token-file", &token]).fails("refuses who asks", "");
}

#[test]
fn a_selector_of_the_configuration_that_is_none_is_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let config = file(&folder, "ironkeep.toml", "[fleet]\nselector = \"dc\"\n");
    let words = [
        "--config",
        &config,
        "fleet",
        "status",
        "--prometheus",
        "http://127.0.0.1:1",
    ];
    crate::run_with(&words).fails("the selector of the configuration", "");
}

#[test]
fn a_certificate_is_believed_only_from_whom_one_trusts() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let identity = authority.server();
    let known = file(&folder, "ca.pem", &authority.pem);
    let answers = healthy();
    let server = Server::encrypted(
        (&identity.certificate, &identity.key),
        None,
        move |request| answer(&answers, request),
    );
    let trusted = status(&server.url(), &["--ca-file", &known]);
    is_healthy(&trusted);
    assert_eq!(trusted.stderr, "");
    status(&server.url(), &[]).fails("TLS: ", "--ca-file");
    let other = file(&folder, "other.pem", &Authority::new().pem);
    status(&server.url(), &["--ca-file", &other]).fails("TLS: ", "--ca-file");
    let insecure = status(&server.url(), &["--insecure"]);
    is_healthy(&insecure);
    assert!(
        insecure.stderr.starts_with("warning: the certificate"),
        "{insecure:#?}"
    );
    let key = file(&folder, "key.pem", &identity.key);
    status(&server.url(), &["--ca-file", &key]).fails("holds no certificate", "");
    // Another name than the one in the certificate.
    let elsewhere = format!("https://{}", server.address);
    status(&elsewhere, &["--ca-file", &known]).fails("TLS: ", "");
    // No TLS where some is expected.
    let plain = prometheus(healthy());
    let url = format!("https://{}", plain.address);
    status(&url, &["--ca-file", &known]).fails("cannot ask the Prometheus", "");
}

#[test]
fn a_server_can_ask_for_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let identity = authority.server();
    let client = authority.client(&["night.example"]);
    let answers = healthy();
    let server = Server::encrypted(
        (&identity.certificate, &identity.key),
        Some(&authority.pem),
        move |request| answer(&answers, request),
    );
    let known = file(&folder, "ca.pem", &authority.pem);
    status(&server.url(), &["--ca-file", &known]).fails("asks for a certificate", "--cert-file");
    let cert = file(&folder, "client.pem", &client.certificate);
    let key = file(&folder, "client.key", &client.key);
    let words = [
        "--ca-file",
        &known,
        "--cert-file",
        &cert,
        "--key-file",
        &key,
    ];
    is_healthy(&status(&server.url(), &words));
}

#[test]
fn options_that_belong_together_come_together() {
    for words in [
        ["--username", "anna"],
        ["--password-file", "/dev/null"],
        ["--cert-file", "/dev/null"],
        ["--key-file", "/dev/null"],
        ["--selector", "dc"],
        ["--severity", "bad"],
        ["--lookback", "0"],
    ] {
        let run = status("http://127.0.0.1:1", &words);
        assert_eq!(run.status, 2, "{words:?}: {run:#?}");
    }
    let run = run(&["fleet", "status"]);
    assert_eq!(run.status, 2, "{run:#?}");
    assert!(run.stderr.contains("--prometheus http"), "{run:#?}");
}
