//! `export healthcheck`: whether a running exporter still collects.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cli::context::Context;
use crate::cli::duration;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::commands::remote::{self, AccessArgs};
use crate::exporter::DEFAULT_ADDRESS;
use crate::http::{Answer, Settings};
use crate::output::{self, Align, Cell, Column, Envelope, Line, Tabular, Tone, human};

/// Ask a running exporter whether it still collects
///
/// For containers and load balancers: the exit status goes by the last collection that came to its end,
/// not by a port that answers. A MegaCLI that fails or a controller that is not well is no reason to
/// restart the exporter, and does not make it unhealthy: its metrics tell of them.
///
/// Exit status: 0 it collects, 4 it is stuck, or its last collection is older than --max-age, 1 it cannot
/// be reached, or something else answers. An answer may take 10 seconds, or what --timeout says.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address of the exporter (default: this host, at the port that it listens on by default)
    #[arg(long, value_name = "URL")]
    url: Option<String>,

    /// How long ago the last collection may have ended (default: the exporter's own limit alone)
    #[arg(long, value_name = "SPAN", value_parser = duration)]
    max_age: Option<Duration>,

    #[command(flatten)]
    access: AccessArgs,
}

/// How long an answer may take by default.
const LIMIT: Duration = Duration::from_secs(10);
/// More than this is no answer of an exporter's.
const MOST: u64 = 64 << 10;

/// What the exporter answers.
#[derive(Debug, Deserialize)]
struct Report {
    status: String,
    collector_idle_seconds: f64,
    last_collection_end: Option<Timestamp>,
    collections: Option<u64>,
    limit_seconds: Option<f64>,
}

/// How it is with the exporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    /// It collects.
    Ok,
    /// Its last collection ended too long ago for whoever asks.
    TooOld,
    /// It says that it is stuck.
    Stuck,
}

impl State {
    fn token(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::TooOld => "too_old",
            Self::Stuck => "stuck",
        }
    }
}

/// A running exporter, as it says itself.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Healthcheck {
    /// How it is with it.
    state: State,
    /// How long ago its last collection ended, or since when it has been running without one.
    age_seconds: f64,
    /// When its last collection ended, by its own clock; absent before the first one.
    last_collection_end: Option<Timestamp>,
    /// How many collections have come to their end.
    collections: Option<u64>,
    /// From which age on it calls itself stuck.
    limit_seconds: Option<f64>,
    /// The address that was asked.
    url: String,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Healthcheck>(&context.output)?;
        let url = self
            .url
            .unwrap_or_else(|| format!("http://{DEFAULT_ADDRESS}"));
        let access = self.access.or(Settings::default());
        let client = remote::client(context, &url, &access, LIMIT)?;
        let url = client.url();
        let answer = client.get("/-/healthy", &[], MOST).map_err(|error| {
            let what = format!("cannot reach the exporter at {url}");
            Failure::because(Kind::Environment, what, error)
                .hint("look whether it runs: systemctl status 'ironkeep*'")
        })?;
        let report = read(&answer).map_err(|why| {
            let what = format!("what answers at {url} is no exporter of ironkeep");
            Failure::because(Kind::Environment, what, why)
        })?;
        let check = check(&report, url, context.now, self.max_age);
        let envelope = Envelope::new("export healthcheck", &check);
        let rows = std::slice::from_ref(&check);
        let words = check.words();
        output::print_drawing(context, &envelope, rows, "", |_| vec![Line::plain(words)])?;
        Ok(match check.state {
            State::Ok => Code::Done,
            State::TooOld | State::Stuck => Code::Unhealthy,
        })
    }
}

/// Reads the exporter's own words.
fn read(answer: &Answer) -> Result<Report, String> {
    let report: Report = match answer.status {
        401 | 403 => {
            return Err(format!("it refuses who asks ({})", answer.status));
        }
        status => serde_json::from_slice(&answer.body)
            .map_err(|error| format!("status {status}, and no report of one: {error}"))?,
    };
    match (report.status.as_str(), answer.status) {
        ("ok", 200) | ("stuck", _) => Ok(report),
        (word, status) => Err(format!("it says “{word}” with the status {status}")),
    }
}

/// Judges what the exporter says. Its clock and that of this host may differ; how long its collector has
/// been idle is told without a clock.
fn check(report: &Report, url: &str, now: Timestamp, limit: Option<Duration>) -> Healthcheck {
    let since = report
        .last_collection_end
        .map(|end| now.duration_since(end).as_secs_f64());
    let age = report.collector_idle_seconds.max(since.unwrap_or(0.0));
    let state = if report.status == "stuck" {
        State::Stuck
    } else if limit.is_some_and(|limit| age > limit.as_secs_f64()) {
        State::TooOld
    } else {
        State::Ok
    };
    Healthcheck {
        state,
        age_seconds: age,
        last_collection_end: report.last_collection_end,
        collections: report.collections,
        limit_seconds: report.limit_seconds,
        url: url.to_owned(),
    }
}

impl Healthcheck {
    fn words(&self) -> String {
        let age = human::seconds(self.age_seconds);
        let what = match self.last_collection_end {
            Some(_) => format!("the last collection ended {age} ago"),
            None => format!("no collection has ended yet, for {age}"),
        };
        match (self.state, self.limit_seconds) {
            (State::Ok, _) => format!("ok: {what}"),
            (State::TooOld, _) => format!("too old: {what}"),
            (State::Stuck, Some(limit)) => {
                format!("stuck: {what}, more than {}", human::seconds(limit))
            }
            (State::Stuck, None) => format!("stuck: {what}"),
        }
    }
}

impl Tabular for Healthcheck {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("state", "STATE", Align::Left, |it: &Self| {
            let tone = match it.state {
                State::Ok => Tone::Good,
                State::TooOld | State::Stuck => Tone::Bad,
            };
            Cell::state(it.state.token().replace('_', " "), it.state.token(), tone)
        }),
        Column::new("age", "AGE", Align::Right, |it: &Self| {
            Cell::quantity(it.age_seconds, human::seconds(it.age_seconds))
        }),
        Column::new("limit", "LIMIT", Align::Right, |it: &Self| {
            it.limit_seconds
                .map(|limit| Cell::quantity(limit, human::seconds(limit)))
                .into()
        }),
        Column::new("collections", "COLLECTIONS", Align::Right, |it: &Self| {
            it.collections.into()
        }),
        Column::new(
            "last_collection_end",
            "LAST COLLECTION END",
            Align::Left,
            |it: &Self| it.last_collection_end.map(|end| end.to_string()).into(),
        ),
        Column::on_request("url", "URL", Align::Left, |it: &Self| it.url.clone().into()),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            is_html: false,
            body: body.as_bytes().to_vec(),
        }
    }

    fn checked(body: &str, now: i64, limit: Option<u64>) -> Healthcheck {
        let status = if body.contains("stuck") { 503 } else { 200 };
        let report = read(&answer(status, body)).unwrap();
        let now = Timestamp::from_second(now).unwrap();
        check(&report, "http://h", now, limit.map(Duration::from_secs))
    }

    /// A report whose last collection ended 100 s after 1970, with the collector idle for 12.4 s.
    fn report(status: &str) -> String {
        format!(
            r#"{{"status":"{status}","collector_idle_seconds":12.4,
            "last_collection_end":"1970-01-01T00:01:40Z","collections":17,"limit_seconds":150,"new":1}}"#
        )
    }

    #[test]
    fn it_goes_by_the_exporter_s_own_word() {
        let ok = checked(&report("ok"), 112, None);
        assert_eq!(ok.words(), "ok: the last collection ended 12 s ago");
        let stuck = checked(&report("stuck"), 700, Some(3600));
        assert_eq!(stuck.state, State::Stuck);
        assert_eq!(
            stuck.words(),
            "stuck: the last collection ended 10 min ago, more than 2 min 30 s"
        );
    }

    #[test]
    fn whoever_asks_may_want_it_fresher() {
        let state = |now, limit| checked(&report("ok"), now, Some(limit)).state;
        assert_eq!(state(160, 60), State::Ok);
        assert_eq!(state(161, 60), State::TooOld);
        // A clock that is behind makes nothing younger than the collector itself knows.
        assert_eq!(state(0, 10), State::TooOld);
        assert_eq!(state(0, 13), State::Ok);
    }

    #[test]
    fn before_the_first_collection_the_time_since_the_start_counts() {
        let body = r#"{"status":"ok","collector_idle_seconds":70,"last_collection_end":null}"#;
        let young = checked(body, 0, None);
        assert_eq!(
            young.words(),
            "ok: no collection has ended yet, for 1 min 10 s"
        );
        assert_eq!(checked(body, 0, Some(60)).state, State::TooOld);
    }

    #[test]
    fn what_is_no_exporter_is_neither_well_nor_stuck() {
        for (status, body, words) in [
            (200, "ok", "no report"),
            (200, "{}", "no report"),
            (404, "not found\n", "status 404"),
            (401, "Unauthorized\n", "refuses who asks"),
            (503, &report("ok"), "“ok” with the status 503"),
            (200, &report("fine"), "“fine” with the status 200"),
        ] {
            let error = read(&answer(status, body)).unwrap_err();
            assert!(error.contains(words), "{body}: {error}");
        }
    }
}
