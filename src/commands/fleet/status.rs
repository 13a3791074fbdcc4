//! `fleet status`: the findings of all hosts, the worst first.

use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::{config, duration};
use crate::commands::remote::{self, AccessArgs};
use crate::commands::{Run, attention, health};
use crate::fleet::judge::{self, Finding, Fleet, Summary};
use crate::fleet::prometheus;
use crate::fleet::query::Matchers;
use crate::health::{Severity, Verdict};
use crate::http::{Settings, is_same_server};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Format, Tabular, human};

/// List the findings of all hosts, the worst first
///
/// Asks the Prometheus that collects the metrics of `ironkeep export`, and reads no host. First it says
/// how many hosts there are, how many of them are healthy, and of how many nothing is known; then each
/// finding with its host, and the command to type there. A host that does not answer, one that delivered
/// metrics within the last days and does not now, and one whose data are old, are findings of severity
/// unknown: never taken for healthy.
///
/// The address, who asks and which hosts can stand in the configuration, under `fleet`. What stands there
/// to prove who asks goes to the server that stands there, and to no other. An answer may take 60
/// seconds, or what --timeout says.
///
/// Exit status: 0 all healthy, 4 something needs attention or is not known, 1 Prometheus could not be asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address of Prometheus, below which its /api/v1 lies
    #[arg(long, value_name = "URL")]
    prometheus: Option<String>,

    /// Only hosts with these labels, as 'job="megaraid",dc="ber"'
    #[arg(long, value_name = "MATCHERS")]
    selector: Option<Matchers>,

    /// Leave out findings that are less urgent than this
    #[arg(
        long, value_name = "SEVERITY", default_value = "warning",
        value_parser = PossibleValuesParser::new(["info", "warning", "unknown", "critical"])
            .map(|word| Severity::of_token(&word).unwrap_or(Severity::Info))
    )]
    severity: Severity,

    /// How far back to look for hosts that deliver nothing any more
    #[arg(long, value_name = "SPAN", default_value = "168h", value_parser = duration)]
    lookback: Duration,

    #[command(flatten)]
    access: AccessArgs,
}

/// How long an answer may take by default.
const LIMIT: Duration = Duration::from_mins(1);

/// The JSON form.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FleetStatus(Fleet);

/// Where it comes from, beside the data in JSON.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Source {
    /// The address of Prometheus.
    source: String,
    /// The moment that it was asked about, by its clock.
    taken: String,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Finding>(&context.output)?;
        if context.session.replays() || context.session.is_demo() {
            let words = "a fleet is asked of a Prometheus, not of a capture or a simulated host";
            return Err(Failure::new(Kind::Usage, words));
        }
        let configured = context.session.config().fleet.clone();
        let (url, access) = server(self.prometheus, self.access, &configured)?;
        let matchers = match self.selector {
            Some(matchers) => matchers,
            None => chosen(&configured)?,
        };
        let client = remote::client(context, &url, &access, LIMIT)?;
        let answers = prometheus::ask(&client, &matchers, self.lookback).map_err(|error| {
            let hint = error.hint();
            let what = format!("cannot ask the Prometheus at {}", client.url());
            let failure = Failure::because(Kind::Environment, what, error);
            hint.into_iter().fold(failure, Failure::hint)
        })?;
        let mut fleet = judge::judge(&answers);
        if fleet.summary.hosts == 0 {
            return Err(nobody(client.url(), &fleet));
        }
        let verdict = fleet.verdict;
        let least = self.severity;
        fleet.findings.retain(|finding| finding.severity >= least);
        let taken = answers
            .time
            .and_then(moment)
            .unwrap_or(context.now)
            .to_string();
        print(context, fleet, client.url().to_owned(), taken)?;
        Ok(match verdict {
            Verdict::Healthy => Code::Done,
            Verdict::Warning | Verdict::Unknown | Verdict::Critical => Code::Unhealthy,
        })
    }
}

/// Where Prometheus is, and how to prove who asks. What the configuration has for one server is for no
/// other.
fn server(
    named: Option<String>,
    access: AccessArgs,
    configured: &config::Fleet,
) -> Result<(String, Settings), Failure> {
    let known = configured.prometheus.as_deref();
    let url = match (named, known) {
        (Some(url), _) => url,
        (None, Some(url)) => url.to_owned(),
        (None, None) => {
            return Err(Failure::new(Kind::Usage, "say which Prometheus to ask")
                .hint("ironkeep fleet status --prometheus http://prometheus.example:9090")
                .hint("or write it into the configuration: man 5 ironkeep.toml"));
        }
    };
    let same = known.is_some_and(|known| is_same_server(known, &url));
    let others = if same {
        configured.access()
    } else {
        Settings::default()
    };
    Ok((url, access.or(others)))
}

fn chosen(configured: &config::Fleet) -> Result<Matchers, Failure> {
    let words = configured.selector.as_deref().unwrap_or_default();
    words.parse().map_err(|error| {
        Failure::because(
            Kind::Config,
            "the selector of the configuration cannot be used",
            error,
        )
    })
}

fn nobody(url: &str, fleet: &Fleet) -> Failure {
    let words = format!("the Prometheus at {url} knows no host with metrics of ironkeep export");
    let warning = fleet.findings.first().map(|finding| finding.reason.clone());
    let failure = match warning {
        Some(warning) => Failure::because(Kind::Environment, words, warning),
        None => Failure::new(Kind::Environment, words),
    };
    failure
        .hint("look whether it scrapes them: the query megaraid_up has to have a result")
        .hint("look at --selector, and how far --lookback reaches")
}

fn moment(seconds: f64) -> Option<Timestamp> {
    let span = jiff::SignedDuration::try_from_secs_f64(seconds).ok()?;
    Timestamp::from_duration(span).ok()
}

fn print(
    context: &mut Context<'_>,
    fleet: Fleet,
    source: String,
    taken: String,
) -> Result<(), Failure> {
    if context.output.format == Format::Table {
        for line in head(&fleet) {
            let line = output::fold(&line, 0, 2, context.output.width);
            writeln!(context.stdout, "{line}")?;
        }
    }
    let rows = fleet.findings.clone();
    let status = FleetStatus(fleet);
    let envelope = Envelope::new("fleet status", &status).with(Source { source, taken });
    if context.output.format != Format::Table || !rows.is_empty() {
        output::print_list_as(context, &envelope, &rows, "")?;
    }
    Ok(())
}

/// What stands above the table.
fn head(fleet: &Fleet) -> Vec<String> {
    let Summary {
        hosts,
        healthy,
        with_findings,
        without_data,
        other_targets,
        critical,
        unknown,
        warning,
        info,
    } = fleet.summary;
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let others = if other_targets > 0 {
        let others = human::count(number(other_targets), "other target", "other targets");
        format!("; {others} of the same jobs without such metrics, not counted")
    } else {
        String::new()
    };
    let first = format!(
        "{}: {healthy} healthy, {with_findings} with findings, {without_data} without data{others}",
        human::count(number(hosts), "host", "hosts"),
    );
    let all = [critical, unknown, warning, info];
    let counts = health::counted(fleet.verdict, &all);
    let all: usize = all.iter().sum();
    let second = match all.saturating_sub(fleet.findings.len()) {
        0 => counts,
        hidden => format!("{counts} ({hidden} not listed: --severity info)"),
    };
    vec![first, second]
}

impl Tabular for Finding {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("severity", "SEVERITY", Align::Left, |it: &Self| {
            attention::severity(it.severity)
        }),
        Column::new("host", "HOST", Align::Left, |it: &Self| {
            it.host.clone().into()
        }),
        Column::new("object", "OBJECT", Align::Left, |it: &Self| {
            attention::object(it.controller, &it.object)
        }),
        Column::new("reason", "REASON", Align::Prose, |it: &Self| {
            it.reason.clone().into()
        }),
        Column::new("next", "NEXT", Align::Prose, |it: &Self| {
            it.next.clone().into()
        }),
        Column::on_request("code", "CODE", Align::Left, |it: &Self| {
            it.code.clone().into()
        }),
        Column::on_request(CONTROLLER, "CONTROLLER", Align::Right, |it: &Self| {
            it.controller.map(|id| id.0).into()
        }),
        Column::on_request("product_name", "PRODUCT NAME", Align::Left, |it: &Self| {
            it.product_name.clone().into()
        }),
        Column::on_request("count", "COUNT", Align::Right, |it: &Self| {
            it.count
                .map(|count| Cell::quantity(count, count.to_string()))
                .into()
        }),
        Column::on_request("labels", "LABELS", Align::Left, |it: &Self| {
            let labels = it.labels.iter();
            let labels: Vec<String> = labels
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            labels.join(",").into()
        }),
    ];
}
