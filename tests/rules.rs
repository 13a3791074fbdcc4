//! The alerts of packaging/prometheus and the dashboards of packaging/grafana, read without Prometheus and
//! Grafana: that nothing is missing in them, and that they name what there is. `promtool` and
//! `tests/prometheus.rs` run them.

#![cfg(test)]

mod monitoring;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

/// The file of rules.
#[derive(Deserialize)]
struct Rules {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    alert: Option<String>,
    record: Option<String>,
    expr: String,
    #[serde(rename = "for")]
    wait: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

/// A file of unit tests for `promtool`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitTests {
    #[expect(dead_code, reason = "read by promtool alone")]
    rule_files: IgnoredAny,
    #[expect(dead_code, reason = "read by promtool alone")]
    evaluation_interval: IgnoredAny,
    group_eval_order: Vec<String>,
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    input_series: Vec<Series>,
    promql_expr_test: Vec<Check>,
}

#[derive(Deserialize)]
struct Series {
    series: String,
}

#[derive(Deserialize)]
struct Check {
    expr: String,
    #[serde(default)]
    exp_samples: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    labels: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn yaml<T: DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap();
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn groups() -> Vec<Group> {
    yaml::<Rules>(&root().join("packaging/prometheus/ironkeep.rules.yml")).groups
}

fn unit_tests() -> Vec<UnitTests> {
    let folder = root().join("packaging/prometheus/tests");
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| yaml(&entry.unwrap().path())).collect()
}

/// Every alert, by name, with its group.
fn alerts() -> BTreeMap<String, (String, Rule)> {
    let mut found = BTreeMap::new();
    for group in groups() {
        for rule in group.rules {
            if let Some(name) = rule.alert.clone() {
                let before = found.insert(name.clone(), (group.name.clone(), rule));
                assert!(before.is_none(), "{name} is there twice");
            }
        }
    }
    found
}

/// Whether a name is one of the exporter's.
fn is_ours(name: &str) -> bool {
    ["megaraid", "ironkeep"].iter().any(|ours| {
        let rest = name.strip_prefix(ours);
        rest.is_some_and(|rest| rest.starts_with(['_', ':']))
    })
}

/// The names of metrics in an expression: those of the exporter, not of recording rules.
fn metrics_in(expr: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    expr.split(|c| !is_name(c))
        .filter(|word| is_ours(word) && !word.contains(':'))
        .map(str::to_owned)
        .collect()
}

mod alert {
    use clap::Parser;
    use clap::error::ErrorKind;
    use ironkeep::cli::Cli;
    use ironkeep::health::{Code, Severity};

    use super::*;

    /// The finding codes that are on dashboards alone: what mends itself, and what has to be so.
    const DASHBOARD_ONLY: &[&str] = &[
        "pd.rebuilding",
        "pd.copyback",
        "spare.commissioned",
        "battery.learning",
        "battery.charging",
        "memory.speed",
        "memory.mixed",
        "memory.not-watched",
    ];

    #[test]
    fn each_says_how_urgent_it_is_what_is_the_matter_and_what_to_do() {
        let alerts = alerts();
        assert!(alerts.len() > 40, "{}", alerts.len());
        for (name, (group, rule)) in alerts {
            let ours = ["Megaraid", "Ironkeep"];
            assert!(ours.iter().any(|it| name.starts_with(it)), "{name}");
            assert!(rule.wait.is_some(), "{name} has no `for`");
            let severity = rule.labels.get("severity").map(String::as_str);
            let expected = if group == "megaraid-pages" {
                "page"
            } else {
                "ticket"
            };
            assert_eq!(severity, Some(expected), "{name}");
            for key in ["summary", "description", "runbook", "lost_data"] {
                let text = rule.annotations.get(key);
                assert!(text.is_some_and(|it| it.len() > 3), "{name} has no {key}");
            }
            let known = ["summary", "description", "runbook", "lost_data", "codes"];
            for key in rule.annotations.keys() {
                assert!(known.contains(&key.as_str()), "{name}: {key}");
            }
        }
    }

    /// `text` with what Prometheus puts into it.
    fn filled(text: &str) -> String {
        [
            ("{{ $labels.controller }}", "0"),
            ("{{ $labels.enclosure }}", "252"),
            ("{{ $labels.slot }}", "3"),
            ("{{ $labels.virtual_drive }}", "0"),
            ("{{ $labels.code }}", "pd.failed"),
        ]
        .iter()
        .fold(text.to_owned(), |text, (label, value)| {
            text.replace(label, value)
        })
    }

    #[test]
    fn the_commands_of_a_runbook_can_be_typed() {
        let mut faults = Vec::new();
        for (name, (_, rule)) in alerts() {
            let runbook = filled(&rule.annotations["runbook"]);
            assert!(!runbook.contains("{{"), "{name}: {runbook}");
            let commands: Vec<&str> = runbook.split('`').skip(1).step_by(2).collect();
            assert!(!commands.is_empty(), "{name} has no command");
            for command in commands {
                assert!(command.starts_with("ironkeep "), "{name}: {command}");
                match Cli::try_parse_from(command.split(' ')) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::DisplayHelp => {}
                    // A verb is named, and what it needs is the reader's to say.
                    Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => {}
                    Err(error) => faults.push(format!("{name}: {command}: {error}")),
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    /// The codes that an alert covers, as it says itself.
    fn codes(rule: &Rule) -> Vec<&str> {
        let codes = rule.annotations.get("codes");
        codes.into_iter().flat_map(|it| it.split(' ')).collect()
    }

    #[test]
    fn every_finding_has_an_alert_or_is_known_to_need_none() {
        let alerts = alerts();
        let covered: BTreeSet<&str> = alerts.values().flat_map(|(_, rule)| codes(rule)).collect();
        let all: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        let unknown: Vec<_> = covered.difference(&all).collect();
        assert!(unknown.is_empty(), "there are no such codes: {unknown:?}");
        for code in Code::ALL {
            let caught = matches!(code.severity(), Severity::Critical | Severity::Unknown);
            let quiet = DASHBOARD_ONLY.contains(&code.name());
            let covered = covered.contains(code.name());
            assert!(covered || caught || quiet, "{} has no alert", code.name());
            assert!(!(covered && quiet), "{} has an alert", code.name());
        }
    }

    #[test]
    fn the_alert_for_the_rest_leaves_out_what_others_cover_and_nothing_else() {
        let alerts = alerts();
        let (_, rest) = &alerts["MegaraidFinding"];
        let (_, left_out) = rest.expr.split_once("code!~\"").unwrap();
        let (left_out, _) = left_out.split_once('"').unwrap();
        let left_out: BTreeSet<String> = left_out
            .split('|')
            .map(|code| code.replace("\\\\.", "."))
            .collect();
        let covered: BTreeSet<String> = alerts
            .values()
            .flat_map(|(_, rule)| codes(rule))
            .map(str::to_owned)
            .collect();
        assert_eq!(left_out, covered);
    }

    #[test]
    fn a_page_goes_on_when_nobody_can_see_any_more() {
        let groups = groups();
        let state = groups.iter().find(|it| it.name == "megaraid-state");
        let records: BTreeMap<&str, &str> = state
            .unwrap()
            .rules
            .iter()
            .map(|rule| (rule.record.as_deref().unwrap(), rule.expr.as_str()))
            .collect();
        for (name, (group, rule)) in alerts() {
            if group != "megaraid-pages" {
                continue;
            }
            assert_eq!(rule.annotations["lost_data"], "held", "{name}");
            let expr = rule.expr.trim();
            // It waits for a time since something was seen: only seeing it ends that.
            if expr.starts_with("time() - controller:megaraid_last_seen:timestamp_seconds") {
                continue;
            }
            let held = records.get(expr);
            let held = held.unwrap_or_else(|| panic!("{name} reads no held condition: {expr}"));
            let carried = format!("({expr}\n");
            let (_, carried) = held.split_once(&carried).unwrap();
            let words = carried.split_whitespace().collect::<Vec<_>>().join(" ");
            let fresh = if name.starts_with("Ironkeep") {
                ["(job, instance)", " collector:ironkeep_fresh:bool"]
            } else {
                [
                    "(job, instance, controller)",
                    "controller_collector:megaraid_fresh:bool",
                ]
            };
            let seen_anew = format!("unless on {}", fresh[0]);
            assert!(words.starts_with(&seen_anew), "{words}");
            assert!(words.contains(fresh[1]), "{words}");
            assert!(words.ends_with("and on (job, instance) up)"), "{words}");
        }
    }

    #[test]
    fn a_ticket_names_the_alerts_that_tell_of_lost_data() {
        let alerts = alerts();
        for (name, (group, rule)) in &alerts {
            let words = &rule.annotations["lost_data"];
            if group == "megaraid-pages" || name == "MegaraidNoExporter" {
                continue;
            }
            for word in words.split(' ') {
                let (group, _) = alerts
                    .get(word)
                    .unwrap_or_else(|| panic!("{name}: no alert {word}"));
                assert_eq!(group, "megaraid-data", "{name}: {word}");
                assert_ne!(word, name);
            }
        }
    }

    #[test]
    fn instances_and_jobs_are_never_mixed_up() {
        for rule in groups().iter().flat_map(|group| &group.rules) {
            for join in rule.expr.split("on (").skip(1) {
                let name = rule.alert.as_ref().or(rule.record.as_ref()).unwrap();
                assert!(join.starts_with("job, instance"), "{name}: {join}");
            }
        }
    }

    #[test]
    fn each_has_a_unit_test_in_which_it_fires_and_one_in_which_it_does_not() {
        let files = unit_tests();
        let cases: Vec<&Case> = files.iter().flat_map(|file| &file.tests).collect();
        for name in alerts().keys() {
            let title = |case: &&&Case| {
                case.name
                    .strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
            };
            let checks: Vec<&Check> = cases
                .iter()
                .filter(title)
                .flat_map(|case| &case.promql_expr_test)
                .collect();
            let label = format!("alertname=\"{name}\"");
            let fires = |check: &&&Check| {
                check.expr.contains("ALERTS{alertstate=\"firing\"")
                    && check
                        .exp_samples
                        .iter()
                        .any(|it| it.labels.contains(&label))
            };
            let firing = checks.iter().filter(fires).count();
            assert!(firing > 0, "{name}: no unit test in which it fires");
            assert!(
                firing < checks.len(),
                "{name}: no unit test in which it does not fire"
            );
        }
    }

    #[test]
    fn ordinary_life_calls_nobody() {
        let files = unit_tests();
        let cases: Vec<&Case> = files.iter().flat_map(|file| &file.tests).collect();
        for name in [
            "learn cycle",
            "normal rebuild",
            "spun-down hot spare",
            "exporter restart",
        ] {
            let case = cases.iter().find(|case| case.name.starts_with(name));
            let case = case.unwrap_or_else(|| panic!("no unit test of a {name}"));
            for check in &case.promql_expr_test {
                let every = "count by (alertname, severity) (ALERTS{alertstate=\"firing\"})";
                assert_eq!(check.expr, every, "{name}");
                assert!(check.exp_samples.is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn the_unit_tests_evaluate_every_group() {
        let names: Vec<String> = groups().into_iter().map(|group| group.name).collect();
        for file in unit_tests() {
            assert_eq!(file.group_eval_order, names);
        }
    }
}

mod names {
    use super::*;

    #[test]
    fn every_metric_that_is_asked_for_is_exported() {
        let exported: BTreeSet<String> = ironkeep::exporter::metrics::families()
            .map(|family| family.name.to_owned())
            .collect();
        let rules = groups();
        let rules = rules.iter().flat_map(|group| &group.rules);
        let tests = unit_tests();
        let tests = tests.iter().flat_map(|file| &file.tests);
        let series = tests.flat_map(|case| &case.input_series);
        let dashboards = monitoring::dashboards();
        let mut missing: BTreeSet<String> = rules
            .map(|rule| rule.expr.clone())
            .chain(series.map(|series| series.series.clone()))
            .chain(
                dashboards
                    .iter()
                    .flat_map(monitoring::Dashboard::queries)
                    .map(|it| it.expr),
            )
            .flat_map(|expr| metrics_in(&expr))
            .collect();
        missing.retain(|name| !exported.contains(name));
        assert!(missing.is_empty(), "not exported: {missing:?}");
    }

    #[test]
    fn every_recorded_name_that_is_asked_for_is_recorded() {
        let groups = groups();
        let rules: Vec<&Rule> = groups.iter().flat_map(|group| &group.rules).collect();
        let recorded: BTreeSet<&str> = rules.iter().filter_map(|it| it.record.as_deref()).collect();
        let dashboards = monitoring::dashboards();
        let queries: Vec<String> = dashboards
            .iter()
            .flat_map(monitoring::Dashboard::queries)
            .map(|query| query.expr)
            .chain(rules.iter().map(|rule| rule.expr.clone()))
            .collect();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        for query in &queries {
            let words = query.split(|c| !is_name(c));
            let is_recorded = |word: &&str| {
                let (first, rest) = word.split_once(':').unwrap_or_default();
                is_ours(&format!("{first}:")) || is_ours(rest)
            };
            for word in words.filter(is_recorded) {
                assert!(recorded.contains(word), "nobody records {word}: {query}");
            }
        }
    }
}

mod dashboards {
    use serde_json::Value;

    use super::*;

    #[test]
    fn each_can_be_provisioned_anywhere() {
        let dashboards = monitoring::dashboards();
        let uids: BTreeSet<&str> = dashboards
            .iter()
            .filter_map(|it| it.json["uid"].as_str())
            .collect();
        assert_eq!(uids.len(), dashboards.len());
        assert_eq!(uids.len(), 2);
        for dashboard in &dashboards {
            let (file, json) = (&dashboard.file, &dashboard.json);
            assert_eq!(json["id"], Value::Null, "{file}");
            assert_eq!(json["schemaVersion"], 42, "{file}");
            assert!(
                json.get("__inputs").is_none(),
                "{file} asks to be imported by hand"
            );
            let variables = json["templating"]["list"].as_array().unwrap();
            assert_eq!(variables[0]["type"], "datasource", "{file}");
            assert_eq!(variables[0]["query"], "prometheus", "{file}");
            for variable in &variables[1..] {
                if variable["type"] == "query" {
                    assert_eq!(variable["datasource"]["uid"], "${datasource}", "{file}");
                }
            }
        }
    }

    #[test]
    fn each_panel_has_a_title_a_source_a_unit_and_a_place_of_its_own() {
        for dashboard in monitoring::dashboards() {
            let file = &dashboard.file;
            let mut ids = BTreeSet::new();
            let mut taken = BTreeSet::new();
            for panel in dashboard.panels() {
                let title = panel["title"].as_str().unwrap();
                assert!(!title.is_empty(), "{file}");
                assert!(ids.insert(panel["id"].as_u64().unwrap()), "{file}: {title}");
                let at = |key: &str| panel["gridPos"][key].as_u64().unwrap();
                assert!(at("x") + at("w") <= 24, "{file}: {title}");
                for x in at("x")..at("x") + at("w") {
                    for y in at("y")..at("y") + at("h") {
                        assert!(taken.insert((x, y)), "{file}: {title} lies on another");
                    }
                }
                if panel["type"] == "row" {
                    continue;
                }
                assert_eq!(
                    panel["datasource"]["uid"], "${datasource}",
                    "{file}: {title}"
                );
                let description = panel["description"].as_str().unwrap_or_default();
                assert!(
                    !description.is_empty(),
                    "{file}: {title} has no description"
                );
                let field = &panel["fieldConfig"]["defaults"];
                assert!(field["unit"].is_string(), "{file}: {title} has no unit");
                assert!(field["thresholds"]["steps"].is_array(), "{file}: {title}");
                for target in panel["targets"].as_array().unwrap() {
                    assert_eq!(
                        target["datasource"]["uid"], "${datasource}",
                        "{file}: {title}"
                    );
                }
            }
            for query in dashboard.queries() {
                let narrowed = query.expr.contains("job=~\"$job\"");
                assert!(narrowed, "{}: {}", query.place, query.expr);
            }
        }
    }
}
