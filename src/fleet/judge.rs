//! What the answers mean: which hosts there are, what is wrong with each, and of which nothing is known.
//! What is not known to be fresh, whole and healthy is a finding.

use std::collections::{BTreeMap, BTreeSet};

use ironkeep_parsers::model::ControllerId;
use serde::Serialize;

use super::{Answers, Labels, Sample};
use crate::health::{self, Code, Object, Severity, Verdict};
use crate::output::human;

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

/// What is known of one host.
#[derive(Debug, Default)]
struct Known {
    labels: Labels,
    /// Whether it delivers metrics now.
    is_present: bool,
    /// Whether it ever delivered any, as far as Prometheus looked back.
    was_seen: bool,
    /// `megaraid_up`.
    up: Option<f64>,
    /// `up` of its target.
    scraped: Option<f64>,
    age: Option<f64>,
    last_seen: Option<f64>,
    verdicts: Vec<String>,
    findings: Vec<Sample>,
    /// By controller, the parts that could not be read.
    failed: BTreeMap<Option<ControllerId>, BTreeSet<String>>,
    /// By controller, the parts that are not fresh, and their ages.
    stale: BTreeMap<Option<ControllerId>, Stale>,
    controllers: BTreeSet<Controller>,
}

#[derive(Debug, Default)]
struct Stale {
    parts: BTreeSet<String>,
    ages: Vec<f64>,
}

#[derive(Debug, Default)]
struct Hosts {
    all: Vec<Known>,
    /// The places in `all` by job and instance, which every series of a target has.
    places: BTreeMap<(String, String), Vec<usize>>,
}

impl Hosts {
    /// Finds out which hosts there are. The result is the number of targets that are none.
    fn find_all(&mut self, answers: &Answers) -> usize {
        for sample in &answers.present {
            self.add(Known {
                is_present: true,
                was_seen: true,
                up: Some(sample.value),
                ..Known::of(sample)
            });
        }
        let mut instances: BTreeMap<&str, Vec<&Labels>> = BTreeMap::new();
        for sample in &answers.present {
            let same = instances.entry(sample.label("instance")).or_default();
            same.push(&sample.labels);
        }
        for sample in &answers.gone {
            // A target that was given another label, or lost one, is the same host.
            let mut others = instances
                .get(sample.label("instance"))
                .into_iter()
                .flatten();
            if !others.any(|other| common(other, &sample.labels).is_some()) {
                self.add(Known {
                    was_seen: true,
                    ..Known::of(sample)
                });
            }
        }
        let mut strangers: BTreeMap<&str, Vec<&Sample>> = BTreeMap::new();
        for sample in &answers.scraped {
            match self.find(sample) {
                Some(host) => {
                    let known = host.scraped.unwrap_or(sample.value);
                    host.scraped = Some(known.min(sample.value));
                }
                None => strangers
                    .entry(sample.label("job"))
                    .or_default()
                    .push(sample),
            }
        }
        let mut speakers: BTreeMap<&str, usize> = BTreeMap::new();
        for sample in &answers.present {
            let known = speakers.entry(sample.label("job")).or_default();
            *known = known.saturating_add(1);
        }
        let mut others = 0_usize;
        for (job, targets) in strangers {
            // A target that answers and never told of a controller has none. One that never answered is
            // taken for a host only where most of the job's targets are hosts.
            let (answering, mute): (Vec<_>, Vec<_>) =
                targets.into_iter().partition(|it| it.value > 0.0);
            others = others.saturating_add(answering.len());
            if answering.len() > speakers.get(job).copied().unwrap_or_default() {
                others = others.saturating_add(mute.len());
                continue;
            }
            for target in mute {
                self.add(Known {
                    scraped: Some(target.value),
                    ..Known::of(target)
                });
            }
        }
        others
    }

    fn add(&mut self, host: Known) {
        let places = self.places.entry(key(&host.labels)).or_default();
        places.push(self.all.len());
        self.all.push(host);
    }

    /// The host that a series is of.
    fn find(&mut self, sample: &Sample) -> Option<&mut Known> {
        let places = self.places.get(&key(&sample.labels))?;
        let all = &self.all;
        let fits = |&place: &usize| {
            let host = all.get(place)?;
            Some((common(&host.labels, &sample.labels)?, place))
        };
        let (_, place) = places.iter().filter_map(fits).max()?;
        self.all.get_mut(place)
    }

    /// The host that a series of an exporter is of. Where none has said whether it is up, there is one
    /// nevertheless.
    fn speaker(&mut self, sample: &Sample) -> Option<&mut Known> {
        if self.find(sample).is_none() {
            let mut labels = sample.labels.clone();
            labels.retain(|name, _| ["job", "instance"].contains(&name.as_str()));
            self.add(Known {
                labels,
                ..Known::default()
            });
        }
        let host = self.find(sample)?;
        host.is_present = true;
        Some(host)
    }

    /// Takes down what the hosts say.
    fn hear(&mut self, answers: &Answers) {
        for sample in &answers.verdicts {
            if let Some(host) = self.speaker(sample) {
                host.verdicts.push(sample.own("verdict").to_owned());
            }
        }
        for sample in &answers.findings {
            // NaN is no reason to leave a finding out.
            if sample.value <= 0.0 {
                continue;
            }
            if let Some(host) = self.speaker(sample) {
                host.findings.push(sample.clone());
            }
        }
        for sample in &answers.failed {
            if let Some(host) = self.speaker(sample) {
                let parts = host.failed.entry(controller(sample)).or_default();
                parts.insert(part(sample));
            }
        }
        for sample in &answers.stale {
            if let Some(host) = self.speaker(sample) {
                let stale = host.stale.entry(controller(sample)).or_default();
                stale.parts.insert(part(sample));
                stale.ages.push(sample.value);
            }
        }
        for sample in &answers.ages {
            if let Some(host) = self.speaker(sample) {
                host.age = Some(sample.value).filter(|age| age.is_finite());
            }
        }
        for sample in &answers.controllers {
            let product = ["product_name", "product"].map(|name| sample.own(name).to_owned());
            let product_name = product.into_iter().find(|name| !name.is_empty());
            if let (Some(controller), Some(host)) = (controller(sample), self.speaker(sample)) {
                host.controllers.insert(Controller {
                    controller,
                    product_name,
                });
            }
        }
        for sample in &answers.last_seen {
            if let Some(host) = self.find(sample) {
                host.last_seen = Some(sample.value).filter(|age| age.is_finite());
            }
        }
    }
}

/// What every series of a target has.
fn key(labels: &Labels) -> (String, String) {
    let label = |name| labels.get(name).cloned().unwrap_or_default();
    (label("job"), label("instance"))
}

/// How many labels two have in common; `None` where one has another value in the other.
fn common(one: &Labels, other: &Labels) -> Option<usize> {
    let mut same = 0_usize;
    for (name, value) in one.iter().filter(|(name, _)| *name != "__name__") {
        match other.get(name) {
            Some(known) if known == value => same = same.saturating_add(1),
            Some(_) => return None,
            None => {}
        }
    }
    Some(same)
}

fn controller(sample: &Sample) -> Option<ControllerId> {
    sample.own("controller").parse().ok()
}

/// The part that a collector reads, in words.
fn part(sample: &Sample) -> String {
    match sample.own("collector") {
        "" => "?".to_owned(),
        name => name.replace('_', " "),
    }
}

/// Parts in a sentence; where there are many, the first of them.
fn listed(parts: &BTreeSet<String>) -> String {
    const SHOWN: usize = 4;
    let first: Vec<&str> = parts.iter().take(SHOWN).map(String::as_str).collect();
    let first = first.join(", ");
    match parts.len().saturating_sub(SHOWN) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

impl Stale {
    fn reason(&self) -> String {
        let parts = listed(&self.parts);
        let least = self.ages.iter().copied().fold(f64::NAN, f64::min);
        let most = self.ages.iter().copied().fold(f64::NAN, f64::max);
        if self.ages.iter().any(|age| !age.is_finite()) {
            format!("nobody can say how old the data are: {parts}")
        } else if least < 0.0 {
            let ahead = human::seconds(-least);
            format!("the clock is {ahead} ahead of Prometheus's, which hides the age of: {parts}")
        } else if human::seconds(least) == human::seconds(most) {
            format!("not read for {}: {parts}", human::seconds(most))
        } else {
            format!(
                "not read for {} to {}: {parts}",
                human::seconds(least),
                human::seconds(most)
            )
        }
    }
}

impl Known {
    /// The host of a series that has no labels but those of its target.
    fn of(sample: &Sample) -> Self {
        let mut labels = sample.labels.clone();
        labels.remove("__name__");
        Self {
            labels,
            ..Self::default()
        }
    }

    fn name(&self) -> String {
        match self.labels.get("instance") {
            Some(instance) if !instance.is_empty() => instance.clone(),
            _ => {
                let labels = self.labels.iter();
                let labels: Vec<String> = labels
                    .map(|(name, value)| format!("{name}={value:?}"))
                    .collect();
                format!("{{{}}}", labels.join(","))
            }
        }
    }

    fn listed(self, verdict: Verdict) -> Host {
        Host {
            host: self.name(),
            verdict,
            age_seconds: self.age,
            controllers: self.controllers.into_iter().collect(),
            labels: self.labels,
        }
    }

    /// All that is to be said of it.
    fn judge(&self) -> Vec<Finding> {
        let mut found: Vec<Finding> = self.reachable().into_iter().collect();
        if !self.is_present {
            return found;
        }
        let told = self.findings.iter().filter(|it| !self.is_told_better(it));
        let told: Vec<Finding> = told.map(|sample| self.told(sample)).collect();
        found.extend(self.read(&told));
        found.extend(told);
        found.extend(self.contradiction(&found));
        found
    }

    /// What is wrong with the way from the host to Prometheus.
    fn reachable(&self) -> Option<Finding> {
        let (code, words) = match (self.is_present, self.scraped) {
            (true, None) => return None,
            (true, Some(scraped)) if scraped > 0.0 => return None,
            (_, Some(scraped)) if scraped > 0.0 => (
                Code::HostSilent,
                "it answers Prometheus, and delivers no metrics of controllers any more",
            ),
            (_, Some(_)) if self.was_seen => (Code::HostDown, "Prometheus gets no answer from it"),
            (_, Some(_)) => (
                Code::HostDown,
                "Prometheus gets no answer from it, and had none before, as far as it was asked",
            ),
            (false, None) => (Code::HostGone, "it is no target of Prometheus any more"),
        };
        let last = self.last_seen.filter(|age| *age >= 0.0);
        let reason = match last.map(human::seconds) {
            Some(ago) => format!("{words}; its last data are {ago} old"),
            None => words.to_owned(),
        };
        Some(self.finding(code, None, reason))
    }

    /// What could not be read there, or not lately. `told` is what the host itself has found.
    fn read(&self, told: &[Finding]) -> Vec<Finding> {
        let mut found = Vec::new();
        for (controller, parts) in &self.failed {
            let reason = format!("could not read: {}", listed(parts));
            found.push(self.finding(Code::NotRead, *controller, reason));
        }
        let unread = Code::NotRead.name();
        match self.up {
            Some(1.0) => {}
            None => {
                let reason = "it does not say whether its controllers could be read";
                found.push(self.finding(Code::HostSilent, None, reason.to_owned()));
            }
            Some(_) if !found.is_empty() || told.iter().any(|it| it.code == unread) => {}
            Some(_) => {
                let reason = "not every controller could be read";
                found.push(self.finding(Code::NotRead, None, reason.to_owned()));
            }
        }
        for (controller, stale) in &self.stale {
            let failed = self.failed.get(controller);
            let is_failed = |part: &String| failed.is_some_and(|parts| parts.contains(part));
            if !stale.parts.iter().all(is_failed) {
                found.push(self.finding(Code::HostStale, *controller, stale.reason()));
            }
        }
        if self.age.is_none() && self.stale.is_empty() {
            let reason = "it does not say how old its data are";
            found.push(self.finding(Code::HostStale, None, reason.to_owned()));
        }
        found
    }

    /// Whether a finding says less of what could not be read than the collectors do.
    fn is_told_better(&self, sample: &Sample) -> bool {
        sample.own("code") == Code::NotRead.name()
            && sample.own("severity") == Severity::Unknown.token()
            && self.failed.contains_key(&controller(sample))
    }

    /// A verdict of the host that no finding explains, or none at all.
    fn contradiction(&self, found: &[Finding]) -> Option<Finding> {
        let reason = match self.verdicts.iter().map(|word| worst(word)).max() {
            None => "it has no verdict over its health".to_owned(),
            Some(None) => return None,
            Some(Some(severity)) => {
                let explained = found.iter().map(|finding| finding.severity).max();
                if explained >= Some(severity) {
                    return None;
                }
                let words = self.verdicts.join(", ");
                format!("its own verdict is “{words}”, and no finding says why")
            }
        };
        Some(self.finding(Code::HostSilent, None, reason))
    }

    /// A finding of the host's own.
    fn told(&self, sample: &Sample) -> Finding {
        let name = sample.own("code");
        let code = Code::ALL.iter().copied().find(|code| code.name() == name);
        let (words, controller) = (sample.own("object"), controller(sample));
        let object = Object::of_words(words);
        let severity = Severity::of_token(sample.own("severity"));
        let reason = match code {
            Some(code) => reason(code),
            None => format!("this version of ironkeep does not know the finding “{name}”"),
        };
        let next = match code {
            Some(code) => health::next(
                code,
                object.as_ref().unwrap_or(&Object::Host),
                self.named(controller),
            ),
            None => "ironkeep health".to_owned(),
        };
        Finding {
            code: name.to_owned(),
            // A word that is not known is no reason to think well of it.
            severity: severity.unwrap_or(Severity::Unknown),
            object: words.to_owned(),
            count: Some(sample.value).filter(|count| count.is_finite()),
            reason,
            next,
            ..self.finding(Code::NotRead, controller, String::new())
        }
    }

    /// A finding about the host or one of its controllers.
    fn finding(&self, code: Code, controller: Option<ControllerId>, reason: String) -> Finding {
        let object = match controller {
            Some(_) => Object::Controller,
            None => Object::Host,
        };
        let known = self.controllers.iter();
        let mut known = known.filter(|it| Some(it.controller) == controller);
        Finding {
            code: code.name().to_owned(),
            severity: code.severity(),
            host: Some(self.name()),
            controller,
            next: health::next(code, &object, self.named(controller)),
            object: object.to_string(),
            count: None,
            reason,
            product_name: known.find_map(|it| it.product_name.clone()),
            labels: self.labels.clone(),
        }
    }

    /// The controller, where a command has to name it: on a host with one it need not.
    fn named(&self, controller: Option<ControllerId>) -> Option<ControllerId> {
        let mut known = self.controllers.iter().map(|it| it.controller);
        let is_alone = known.next() == controller && known.next().is_none();
        controller.filter(|_| !is_alone)
    }
}

/// What a code means, in the form of a reason: its first sentence. The host's own reason, with the figures,
/// is not among its metrics.
fn reason(code: Code) -> String {
    let first = code.meaning().split(". ").next().unwrap_or_default();
    let first = first.trim_end_matches('.');
    let mut letters = first.chars();
    match (letters.next(), letters.clone().next()) {
        // An abbreviation keeps its letters.
        (Some(letter), Some(next)) if !next.is_uppercase() => {
            letter.to_lowercase().chain(letters).collect()
        }
        _ => first.to_owned(),
    }
}

/// How bad a host's verdict is; `None` for a healthy one.
fn worst(verdict: &str) -> Option<Severity> {
    if verdict == Verdict::Healthy.token() {
        return None;
    }
    Some(Severity::of_token(verdict).unwrap_or(Severity::Unknown))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A series of `job=value,instance=value,…`.
    fn sample(labels: &str, value: f64) -> Sample {
        let pairs = labels.split(',').filter_map(|pair| pair.split_once('='));
        Sample {
            labels: pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            value,
        }
    }

    /// The answers about one host that is well.
    fn well(labels: &str) -> Answers {
        let verdict = format!("{labels},verdict=healthy");
        let controller = format!("{labels},controller=0,product=SAS 9271-8i");
        Answers {
            present: vec![sample(labels, 1.0)],
            scraped: vec![sample(labels, 1.0)],
            verdicts: vec![sample(&verdict, 1.0)],
            ages: vec![sample(labels, 12.0)],
            controllers: vec![sample(&controller, 1.0)],
            ..Answers::default()
        }
    }

    /// The findings, each as severity, host, code and reason.
    fn found(answers: &Answers) -> Vec<String> {
        let fleet = judge(answers);
        let findings = fleet.findings.iter();
        findings
            .map(|it| {
                let host = it.host.as_deref().unwrap_or("-");
                format!("{} {host} {}: {}", it.severity.token(), it.code, it.reason)
            })
            .collect()
    }

    #[test]
    fn a_host_is_healthy_when_all_is_known_and_good() {
        let fleet = judge(&well("job=m,instance=a,dc=x"));
        assert_eq!(fleet.verdict, Verdict::Healthy);
        assert_eq!((fleet.summary.hosts, fleet.summary.healthy), (1, 1));
        assert_eq!(fleet.hosts[0].age_seconds, Some(12.0));
        let product = fleet.hosts[0].controllers[0].product_name.as_deref();
        assert_eq!(product, Some("SAS 9271-8i"));
    }

    #[test]
    fn a_target_with_another_label_is_the_same_host_and_none_is_gone() {
        let mut answers = well("job=m,instance=a,dc=x");
        answers.gone = vec![sample("job=m,instance=a", 1.0)];
        assert_eq!(found(&answers), [""; 0]);
        // Another one of the same name is another host.
        answers.gone = vec![sample("job=m,instance=a,dc=y", 1.0)];
        answers.last_seen = vec![sample("job=m,instance=a,dc=y", 7200.0)];
        assert_eq!(
            found(&answers),
            [
                "unknown a host.gone: it is no target of Prometheus any more; its last data are 2 h old"
            ]
        );
    }

    #[test]
    fn two_hosts_of_one_name_keep_what_is_theirs() {
        let mut answers = well("job=m,instance=a,dc=x");
        let other = well("job=m,instance=a,dc=y");
        answers.present.extend(other.present);
        answers.verdicts.extend(other.verdicts);
        answers.ages.extend(other.ages);
        let failed =
            "job=m,instance=a,dc=y,code=pd.smart,severity=warning,object=pd 1:2,controller=0";
        answers.findings = vec![sample(failed, 1.0)];
        let fleet = judge(&answers);
        assert_eq!((fleet.summary.hosts, fleet.summary.healthy), (2, 1));
        assert_eq!(fleet.findings[0].labels["dc"], "y");
    }

    #[test]
    fn a_target_that_never_answered_is_a_host_where_the_job_is_of_hosts() {
        let mut answers = well("job=m,instance=a");
        answers.scraped.push(sample("job=m,instance=b", 0.0));
        let unheard = "unknown b host.down: Prometheus gets no answer from it, and had none before, as far as it was asked";
        assert_eq!(found(&answers), [unheard]);
        // One that answers and has no controller makes no difference.
        answers.scraped.push(sample("job=m,instance=c", 1.0));
        assert_eq!(found(&answers), [unheard]);
        assert_eq!(judge(&answers).summary.other_targets, 1);
        // Among many, nobody can say what it is.
        answers.scraped.push(sample("job=m,instance=d", 1.0));
        assert_eq!(found(&answers), [""; 0]);
        assert_eq!(judge(&answers).summary.other_targets, 3);
    }

    #[test]
    fn what_could_not_be_read_is_told_once_and_by_its_parts() {
        let mut answers = well("job=m,instance=a");
        answers.present = vec![sample("job=m,instance=a", 0.0)];
        answers.verdicts = vec![sample("job=m,instance=a,verdict=unknown", 1.0)];
        let unread =
            "job=m,instance=a,code=reading.unread,severity=unknown,object=controller,controller=0";
        answers.findings = vec![sample(unread, 2.0)];
        let alone = "a part of the state could not be read, so nothing can be said about it";
        assert_eq!(
            found(&answers),
            [format!("unknown a reading.unread: {alone}")]
        );
        let part = |name: &str| format!("job=m,instance=a,controller=0,collector={name}");
        let parts = ["battery", "physical_drives", "a", "b", "c"];
        answers.failed = parts.iter().map(|name| sample(&part(name), 0.0)).collect();
        answers.stale = vec![sample(&part("battery"), 3600.0)];
        assert_eq!(
            found(&answers),
            ["unknown a reading.unread: could not read: a, b, battery, c and 1 more"]
        );
    }

    #[test]
    fn a_verdict_that_no_finding_explains_is_not_healthy() {
        let mut answers = well("job=m,instance=a");
        answers.verdicts = vec![sample("job=m,instance=a,verdict=critical", 1.0)];
        assert_eq!(
            found(&answers),
            ["unknown a host.silent: its own verdict is “critical”, and no finding says why"]
        );
        // Prometheus renames what the host's own labels would hide.
        let failed = "job=m,instance=a,severity=gold,exported_severity=critical,code=vd.offline,object=vd 0,controller=0";
        answers.findings = vec![sample(failed, 1.0)];
        let reason = "too many members of a virtual drive are gone: the host cannot use it";
        assert_eq!(
            found(&answers),
            [format!("critical a vd.offline: {reason}")]
        );
    }

    #[test]
    fn old_data_say_how_old() {
        let mut answers = well("job=m,instance=a");
        let part = |name: &str| format!("job=m,instance=a,controller=0,collector={name}");
        let old = |first: f64, second: f64| {
            vec![
                sample(&part("battery"), first),
                sample(&part("foreign"), second),
            ]
        };
        for (ages, reason) in [
            (old(3600.0, 3601.0), "not read for 1 h: battery, foreign"),
            (
                old(3600.0, 7200.0),
                "not read for 1 h to 2 h: battery, foreign",
            ),
            (
                old(-3600.0, 10.0),
                "the clock is 1 h ahead of Prometheus's, which hides the age of: battery, foreign",
            ),
            (
                old(f64::NAN, 10.0),
                "nobody can say how old the data are: battery, foreign",
            ),
        ] {
            answers.stale = ages;
            assert_eq!(found(&answers), [format!("unknown a host.stale: {reason}")]);
        }
    }

    #[test]
    fn a_command_names_the_controller_unless_the_host_has_one() {
        let mut answers = well("job=m,instance=a");
        let smart = "job=m,instance=a,code=pd.smart,severity=warning,object=pd 1:2,controller=0";
        answers.findings = vec![sample(smart, 1.0)];
        let next = |answers: &Answers| judge(answers).findings[0].next.clone();
        assert_eq!(next(&answers), "ironkeep pd replace 1:2 --plan");
        let second = sample("job=m,instance=a,controller=1", 1.0);
        answers.controllers.push(second);
        assert_eq!(next(&answers), "ironkeep pd replace 1:2 --plan -c 0");
        answers.controllers.clear();
        assert_eq!(next(&answers), "ironkeep pd replace 1:2 --plan -c 0");
    }
}
