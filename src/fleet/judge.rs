//! What the answers mean: which hosts there are, what is wrong with each, and of which nothing is known.
//! What is not known to be fresh, whole and healthy is a finding.

mod hosts;
mod known;

use ironkeep_parsers::model::ControllerId;
use serde::Serialize;

use self::hosts::Hosts;
use super::{Answers, Labels};
use crate::health::{self, Code, Object, Severity, Verdict};

/// The findings of a fleet.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Fleet {
    /// The verdict over all findings.
    pub verdict: Verdict,
    /// How many there are of what.
    pub summary: Summary,
    /// The findings of all hosts, the worst first.
    pub findings: Vec<Finding>,
    /// The hosts, by name.
    pub hosts: Vec<Host>,
}

/// How many hosts and findings there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Summary {
    /// All hosts.
    pub hosts: usize,
    /// Hosts whose data are whole and fresh, and need nobody.
    pub healthy: usize,
    /// Hosts that deliver data, and that somebody should look at.
    pub with_findings: usize,
    /// Hosts that deliver nothing now.
    pub without_data: usize,
    /// Targets of the same jobs that never delivered a metric of a controller. They are not among the hosts.
    pub other_targets: usize,
    /// Critical findings.
    pub critical: usize,
    /// Findings that say that something is not known.
    pub unknown: usize,
    /// Warnings.
    pub warning: usize,
    /// What is worth knowing.
    pub info: usize,
}

/// One host.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Host {
    /// Its label `instance`; all its labels where it has none.
    pub host: String,
    /// The verdict over its findings.
    pub verdict: Verdict,
    /// The age of its newest data, by the clocks of both hosts.
    pub age_seconds: Option<f64>,
    /// Its controllers, as far as it tells.
    pub controllers: Vec<Controller>,
    /// The labels of the target in Prometheus.
    pub labels: Labels,
}

/// One controller of a host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Controller {
    /// Its number.
    pub controller: ControllerId,
    /// Product name.
    pub product_name: Option<String>,
}

/// One finding of one host.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// What it is, as a stable name. A host with another version may have others than this program.
    pub code: String,
    /// How bad it is there.
    pub severity: Severity,
    /// The host; absent where it is about Prometheus's answer.
    pub host: Option<String>,
    /// The controller, where it is about one.
    pub controller: Option<ControllerId>,
    /// What it is about, as the host says: `pd 252:4`.
    pub object: String,
    /// How many findings of the host are alike in all of this; absent where it does not say.
    pub count: Option<f64>,
    /// Why, in plain words.
    pub reason: String,
    /// What to type next, on that host.
    pub next: String,
    /// Product name of the controller.
    pub product_name: Option<String>,
    /// The labels of the target in Prometheus.
    pub labels: Labels,
}

/// Judges what Prometheus answered.
pub fn judge(answers: &Answers) -> Fleet {
    let mut hosts = Hosts::default();
    let other_targets = hosts.find_all(answers);
    hosts.hear(answers);
    let mut findings: Vec<Finding> = partial(&answers.warnings).into_iter().collect();
    let mut summary = Summary {
        hosts: hosts.all.len(),
        other_targets,
        ..Summary::default()
    };
    let mut listed = Vec::new();
    for host in hosts.all {
        let found = host.judge();
        let verdict = Verdict::of(found.iter().map(|finding| finding.severity));
        let class = match verdict {
            _ if !host.is_present => &mut summary.without_data,
            Verdict::Healthy => &mut summary.healthy,
            Verdict::Warning | Verdict::Unknown | Verdict::Critical => &mut summary.with_findings,
        };
        *class = class.saturating_add(1);
        findings.extend(found);
        listed.push(host.listed(verdict));
    }
    for finding in &findings {
        let class = match finding.severity {
            Severity::Critical => &mut summary.critical,
            Severity::Unknown => &mut summary.unknown,
            Severity::Warning => &mut summary.warning,
            Severity::Info => &mut summary.info,
        };
        *class = class.saturating_add(1);
    }
    findings.sort_by(|a, b| {
        (
            b.severity,
            &a.host,
            a.controller,
            &a.object,
            &a.code,
            &a.labels,
        )
            .cmp(&(
                a.severity,
                &b.host,
                b.controller,
                &b.object,
                &b.code,
                &b.labels,
            ))
    });
    listed.sort_by(|a, b| (&a.host, &a.labels).cmp(&(&b.host, &b.labels)));
    Fleet {
        verdict: Verdict::of(findings.iter().map(|finding| finding.severity)),
        summary,
        findings,
        hosts: listed,
    }
}

fn partial(warnings: &[String]) -> Option<Finding> {
    let code = Code::PartialData;
    (!warnings.is_empty()).then(|| Finding {
        code: code.name().to_owned(),
        severity: code.severity(),
        host: None,
        controller: None,
        object: "fleet".to_owned(),
        count: None,
        reason: format!("Prometheus warns: {}", warnings.join("; ")),
        next: health::next(code, &Object::Host, None),
        product_name: None,
        labels: Labels::new(),
    })
}

#[cfg(test)]
mod tests;
