//! `fleet status` and `export healthcheck` against servers: one that answers as a real Prometheus did, and
//! many that do wrong. What cannot be asked, or is not whole, is never healthy.

#![cfg(test)]

#[path = "fakes/http.rs"]
mod http;
#[path = "web/material.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod material;
#[path = "fleet/recorded.rs"]
mod recorded;

#[path = "fleet/access.rs"]
mod access;
#[path = "fleet/healthcheck.rs"]
mod healthcheck;
#[path = "fleet/real.rs"]
mod real;
#[path = "fleet/wrong.rs"]
mod wrong;

use std::ffi::OsString;

use http::Server;
use ironkeep::cli::{Surroundings, execute};
use jiff::Timestamp;
use recorded::{Answers, answers};
use serde_json::{Value, json};

/// A server that has `answers`.
fn prometheus(answers: Answers) -> Server {
    Server::plain(move |request| recorded::answer(&answers, request))
}

/// One run: exit status, standard output, standard error.
#[derive(Debug)]
struct Run {
    status: u8,
    stdout: String,
    stderr: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// One error with these words and this hint, and nothing else.
    #[track_caller]
    fn fails(&self, error: &str, hint: &str) {
        assert_eq!((self.status, self.stdout.as_str()), (1, ""), "{self:#?}");
        assert!(self.stderr.contains(error), "no “{error}” in {self:#?}");
        assert!(self.stderr.contains(hint), "no “{hint}” in {self:#?}");
    }
}

/// A run without a configuration.
fn run(words: &[&str]) -> Run {
    let fixed = ["--config", "/dev/null"];
    run_with(&fixed.iter().chain(words).copied().collect::<Vec<_>>())
}

fn run_with(words: &[&str]) -> Run {
    let surroundings = Surroundings {
        columns: Some("110".to_owned()),
        locale: [Some("C.UTF-8".to_owned()), None, None],
        now: Timestamp::UNIX_EPOCH,
        ..Surroundings::default()
    };
    let arguments = ["ironkeep"].iter().chain(words).map(OsString::from);
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let code = execute(arguments, &surroundings, &mut stdout, &mut stderr);
    Run {
        status: code.number(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// `fleet status` of the Prometheus at `url`.
fn status(url: &str, words: &[&str]) -> Run {
    let fixed = ["fleet", "status", "--prometheus", url];
    run(&fixed.iter().chain(words).copied().collect::<Vec<_>>())
}

/// The findings of a run, each as severity, host, object and code.
fn findings(run: &Run) -> Vec<String> {
    let json = run.json();
    let findings = json["data"]["findings"].as_array().unwrap();
    let words = |it: &Value| {
        ["severity", "host", "object", "code"]
            .map(|key| {
                it[key]
                    .as_str()
                    .unwrap_or("-")
                    .trim_end_matches(":10876")
                    .to_owned()
            })
            .join(" ")
    };
    findings.iter().map(words).collect()
}

/// Puts `result` in the place of what answers the query that begins with `query`.
fn set(answers: &mut Answers, query: &str, result: Value) {
    let mut all = answers.iter_mut();
    let (_, answer) = all.find(|(key, _)| key.starts_with(query)).unwrap();
    answer["data"]["result"] = result;
}

/// The answers of a Prometheus that knows only the host `ok`.
fn healthy() -> Answers {
    let mut answers = answers();
    for answer in answers.values_mut() {
        let all = answer["data"]["result"].as_array_mut().unwrap();
        all.retain(|series| series["metric"]["instance"] == "ok:10876");
    }
    answers
}

#[test]
fn all_hosts_are_shown_the_worst_first() {
    let server = prometheus(answers());
    let run = status(&server.url(), &["--format", "json"]);
    assert_eq!(run.status, 4, "{run:#?}");
    assert_eq!(
        findings(&run),
        [
            "critical degraded pd 252:4 pd.failed",
            "critical degraded vd 0 vd.degraded",
            "unknown ahead controller host.stale",
            "unknown dead host host.down",
            "unknown down host host.down",
            "unknown failed controller reading.unread",
            "unknown gone host host.gone",
            "unknown old controller host.stale",
            "unknown silent host host.silent",
            "unknown stale controller host.stale",
            "warning two fan 3 fan.gone",
            "warning two pd :3 pd.media-errors",
        ]
    );
    assert_eq!(
        run.json()["data"]["summary"],
        json!({
            "hosts": 11, "healthy": 1, "with_findings": 6, "without_data": 4, "other_targets": 0,
            "critical": 2, "unknown": 8, "warning": 2, "info": 1
        })
    );
    // All was asked about one moment.
    let seen = server.seen();
    let times: Vec<_> = seen.iter().skip(1).map(|it| it.parameter("time")).collect();
    assert!(
        times.iter().all(|time| time.is_some() && *time == times[0]),
        "{times:?}"
    );
}

#[test]
fn the_next_command_is_the_one_to_type_on_that_host() {
    let server = prometheus(answers());
    let run = status(
        &server.url(),
        &["--format", "plain", "--columns", "host,next"],
    );
    for line in [
        "degraded:10876\tironkeep pd replace 252:4 --plan",
        "degraded:10876\tironkeep vd show 0",
        // Of a host with two controllers, a command names its own.
        "two:10876\tironkeep pd show :3 -c 1",
        "two:10876\tironkeep health",
        "gone:10876\tironkeep explain host.gone",
    ] {
        assert!(run.stdout.contains(line), "no {line} in {}", run.stdout);
    }
}

#[test]
fn a_table_begins_with_how_many_hosts_there_are() {
    let server = prometheus(answers());
    let run = status(&server.url(), &["--severity", "critical"]);
    let lines: Vec<&str> = run.stdout.lines().take(2).collect();
    assert_eq!(
        lines,
        [
            "11 hosts: 1 healthy, 6 with findings, 4 without data",
            "CRITICAL: 2 critical, 8 unknown, 2 warning, 1 info (11 not listed: --severity info)",
        ]
    );
    assert!(!run.stdout.contains("stale"), "{}", run.stdout);
    assert_eq!(run.status, 4);
}

#[test]
fn a_fleet_that_is_well_is_healthy() {
    let server = prometheus(healthy());
    let run = status(&server.url(), &[]);
    assert_eq!(run.status, 0, "{run:#?}");
    assert_eq!(
        run.stdout,
        "1 host: 1 healthy, 0 with findings, 0 without data\nhealthy\n"
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn hosts_are_chosen_in_every_question() {
    let server = prometheus(answers());
    let run = status(&server.url(), &["--selector", r#"dc="ber""#]);
    run.fails("404", "");
    assert_eq!(
        server.seen()[0].parameter("query").unwrap(),
        r#"megaraid_up{dc="ber"}"#
    );
}

#[test]
fn what_is_not_known_is_never_healthy() {
    let ok = || json!({"instance": "ok:10876", "job": "megaraid", "dc": "ber"});
    let series = |value: &str| json!([{"metric": ok(), "value": [1.0, value]}]);
    for (query, result, words) in [
        ("megaraid_up{}", series("NaN"), "host reading.unread"),
        ("megaraid_up{}", series("0"), "host reading.unread"),
        ("megaraid_up{}", json!([]), "host host.silent"),
        ("megaraid_health_verdict", json!([]), "host host.silent"),
        ("min without", json!([]), "host host.stale"),
        ("min without", series("NaN"), "host host.stale"),
        ("up{", series("0"), "host host.down"),
    ] {
        let mut answers = healthy();
        set(&mut answers, query, result);
        let server = prometheus(answers);
        let run = status(&server.url(), &["--format", "json"]);
        assert_eq!(run.status, 4, "{query}: {run:#?}");
        assert_eq!(findings(&run), [format!("unknown ok {words}")], "{query}");
    }
}
