//! Servers that do wrong: each gets one clear error, and none makes a fleet healthy.

use serde_json::{Value, json};

use crate::http::{Answer, Request, Server};
use crate::recorded::{answer, answers};
use crate::{findings, healthy, prometheus, set, status};

fn asked(reply: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> crate::Run {
    status(&Server::plain(reply).url(), &[])
}

#[test]
fn what_is_no_prometheus_is_named() {
    let page = "<!DOCTYPE html><html><title>Grafana</title></html>";
    let words = "not the HTTP API of Prometheus";
    asked(move |_| Answer::text(200, page)).fails(words, "/api/v1/query");
    asked(move |request| match request.path() {
        "/login" => Answer::text(200, page),
        _ => Answer::redirect("/login"),
    })
    .fails("a page for people", "/api/v1/query");
    asked(|_| Answer::text(404, "404 page not found\n")).fails("status 404", "/api/v1/query");
    asked(|_| Answer::text(200, "up 1\n")).fails(words, "/api/v1/query");
}

#[test]
fn who_may_not_ask_is_told_how_to_say_who_asks() {
    asked(|_| Answer::text(401, "Unauthorized\n")).fails("refuses who asks (401)", "--username");
    asked(|_| Answer::json(403, "{}")).fails("refuses who asks (403)", "--bearer-token-file");
}

#[test]
fn the_words_of_prometheus_are_passed_on() {
    let error = r#"{"status":"error","errorType":"execution","error":"query processing would load too many samples"}"#;
    asked(move |_| Answer::json(422, error)).fails("execution: query processing", "");
    asked(|_| Answer::json(200, r#"{"status":"success","data":{"resultT"#))
        .fails("a form that is not known", "");
}

#[test]
fn half_of_the_answers_is_no_answer() {
    let answers = answers();
    asked(move |request| {
        let query = request.parameter("query").unwrap();
        if query.starts_with("megaraid_finding") {
            let words = r#"{"status":"error","errorType":"timeout","error":"query timed out"}"#;
            return Answer::json(503, words);
        }
        answer(&answers, request)
    })
    .fails("timeout: query timed out", "");
}

#[test]
fn other_servers_are_not_followed() {
    asked(|_| Answer::redirect("https://elsewhere.example/x?secret=1")).fails(
        "redirects to https://elsewhere.example:443, which is another",
        "--prometheus",
    );
    asked(|request| Answer::redirect(&request.target)).fails("lead nowhere", "");
    let run = asked(|_| Answer::redirect("https://elsewhere.example/x?secret=1"));
    assert!(!run.stderr.contains("secret"), "{run:#?}");
}

#[test]
fn a_redirection_within_the_server_is_followed() {
    let answers = healthy();
    let server = Server::plain(move |request| match request.target.strip_prefix("/old") {
        Some(rest) => Answer::redirect(rest),
        None => answer(&answers, request),
    });
    let run = status(&format!("{}/old/", server.url()), &[]);
    assert_eq!(run.status, 0, "{run:#?}");
}

#[test]
fn connections_that_break_are_errors() {
    asked(|_| Answer::Half).fails("cannot ask the Prometheus", "");
    status("http://127.0.0.1:1", &[]).fails("Connection refused", "");
    let server = Server::plain(|_| Answer::Silence);
    status(&server.url(), &["--timeout", "0.2"])
        .fails("no whole answer within 0.2 s", "--timeout SECONDS");
}

#[test]
fn an_answer_without_an_end_is_cut_off() {
    const BLANKS: &[u8] = &[b' '; 1 << 16];
    asked(|_| Answer::Endless(BLANKS)).fails("larger than 64 MiB", "--selector");
}

#[test]
fn a_prometheus_that_knows_no_host_is_no_healthy_fleet() {
    let mut answers = answers();
    for answer in answers.values_mut() {
        answer["data"]["result"] = json!([]);
    }
    status(&prometheus(answers).url(), &[]).fails(
        "knows no host with metrics of ironkeep export",
        "megaraid_up",
    );
}

#[test]
fn partial_data_are_not_healthy() {
    let mut answers = healthy();
    for answer in answers.values_mut() {
        answer["warnings"] = json!(["No StoreAPIs matched for this query"]);
    }
    let server = prometheus(answers);
    let run = status(&server.url(), &["--format", "json"]);
    assert_eq!(run.status, 4, "{run:#?}");
    assert_eq!(findings(&run), ["unknown - fleet fleet.partial"]);
    assert!(run.stdout.contains("No StoreAPIs matched"), "{run:#?}");
}

#[test]
fn labels_may_be_anything() {
    let mut answers = healthy();
    let odd = json!([
        {"metric": {"instance": "ok:10876", "job": "megaraid", "dc": "ber"}, "value": [1.0, "1"]},
        {"metric": {"instance": "ok:10876", "job": "megaraid", "severity": "critical",
            "code": "vd.offline", "object": "pd 1 \u{1b}[2J", "controller": "first"}, "value": [1.0, "NaN"]},
        {"metric": {"code": "vd.degraded", "severity": "bad"}, "value": [1.0, "1"]},
        {"metric": {"instance": "new:1", "exported_severity": "warning", "severity": "none",
            "code": "pd.smart", "object": "pd 1:2", "controller": "0"}, "value": [1.0, "1"]},
        {"metric": {"instance": "ok:10876", "job": "megaraid", "code": "battery.failed",
            "severity": "warning", "object": "bbu", "controller": "0"}, "value": [1.0, "0"]},
    ]);
    set(&mut answers, "megaraid_finding", odd);
    let server = prometheus(answers);
    let run = status(&server.url(), &["--format", "json"]);
    let found = findings(&run);
    for line in [
        "critical ok pd 1 \u{1b}[2J vd.offline",
        "unknown {}  vd.degraded",
        "unknown ok  ",
        "warning new:1 pd 1:2 pd.smart",
        // Those have said a finding, and nothing else.
        "unknown {} host host.silent",
        "unknown new:1 host host.stale",
    ] {
        assert!(
            found.iter().any(|it| it == line),
            "no {line:?} in {found:#?}"
        );
    }
    assert!(!found.iter().any(|it| it.contains("battery")), "{found:#?}");
    let table = status(&server.url(), &[]);
    assert!(!table.stdout.contains('\u{1b}'), "{}", table.stdout);
}

#[test]
fn ten_thousand_hosts_are_no_trouble() {
    const HOSTS: usize = 10_000;
    let mut answers = healthy();
    for answer in answers.values_mut() {
        let Some(one) = answer["data"]["result"].get(0).cloned() else {
            continue;
        };
        let many = (0..HOSTS).map(|number| {
            let mut series = one.clone();
            series["metric"]["instance"] = json!(format!("host{number}:10876"));
            series
        });
        answer["data"]["result"] = many.collect::<Value>();
    }
    let lost = json!([{"metric": {"instance": "host77:10876", "job": "megaraid", "dc": "ber",
        "code": "vd.offline", "severity": "critical", "object": "vd 0", "controller": "0"}, "value": [1.0, "1"]}]);
    set(&mut answers, "megaraid_finding", lost);
    let run = status(&prometheus(answers).url(), &["--format", "plain"]);
    assert_eq!(run.status, 4, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("critical\thost77:10876\tc0 vd 0\t"),
        "{}",
        run.stdout
    );
    assert_eq!(run.stdout.lines().count(), 1);
}
