//! `export healthcheck` against servers that answer as an exporter does, and others.

use crate::http::{Answer, Server};
use crate::material::{Authority, Folder};
use crate::run;

fn check(server: &Server, words: &[&str]) -> crate::Run {
    let url = server.url();
    let fixed = ["export", "healthcheck", "--url", &url];
    run(&fixed.iter().chain(words).copied().collect::<Vec<_>>())
}

/// An exporter whose collector has been idle for so long, and says so of itself.
fn exporter(status: u16, word: &str, idle: f64) -> Server {
    let body = format!(
        r#"{{"status":"{word}","collector_idle_seconds":{idle},"last_collection_end":null,"collections":3,"limit_seconds":150}}"#
    );
    Server::plain(move |request| match request.path() {
        "/-/healthy" => Answer::json(status, body.clone()),
        _ => Answer::text(404, "not found\n"),
    })
}

#[test]
fn the_exit_status_goes_by_the_last_collection() {
    let well = exporter(200, "ok", 20.0);
    let run = check(&well, &[]);
    assert_eq!(run.status, 0, "{run:#?}");
    assert!(run.stdout.starts_with("ok: "), "{run:#?}");
    assert_eq!(check(&well, &["--max-age", "30s"]).status, 0);
    let run = check(&well, &["--max-age", "10s"]);
    assert_eq!(run.status, 4, "{run:#?}");
    assert!(run.stdout.starts_with("too old: "), "{run:#?}");
    let run = check(&exporter(503, "stuck", 400.0), &["--format", "json"]);
    assert_eq!(run.status, 4, "{run:#?}");
    assert_eq!(run.json()["data"]["state"], "stuck");
}

#[test]
fn what_cannot_be_reached_is_another_thing_than_stuck() {
    let gone = ["export", "healthcheck", "--url", "http://127.0.0.1:1"];
    run(&gone).fails("cannot reach the exporter", "systemctl");
    check(&exporter(503, "ok", 1.0), &[]).fails("no exporter of ironkeep", "");
    let page = Server::plain(|_| Answer::text(200, "ok\n"));
    check(&page, &[]).fails("no exporter of ironkeep", "");
    let elsewhere = Server::plain(|_| Answer::redirect("http://127.0.0.1:1/"));
    check(&elsewhere, &[]).fails("another server", "");
    let silent = Server::plain(|_| Answer::Silence);
    check(&silent, &["--timeout", "0.2"]).fails("no whole answer within 0.2 s", "");
}

#[test]
fn it_says_who_asks_like_the_fleet() {
    let authority = Authority::new();
    let identity = authority.server();
    let server = Server::encrypted((&identity.certificate, &identity.key), None, |request| {
        assert_eq!(request.header("authorization"), Some("Bearer abc"));
        Answer::json(200, r#"{"status":"ok","collector_idle_seconds":1}"#)
    });
    let folder = Folder::new();
    folder.write("token", "abc\n");
    folder.write("ca.pem", &authority.pem);
    let [token, known] =
        ["token", "ca.pem"].map(|name| folder.path().join(name).display().to_string());
    let words = ["--bearer-token-file", &token, "--ca-file", &known];
    let run = check(&server, &words);
    assert_eq!(run.status, 0, "{run:#?}");
}
