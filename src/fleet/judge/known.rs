//! What is known of one host, and what is to be said of it.

use std::collections::{BTreeMap, BTreeSet};

use ironkeep_parsers::model::ControllerId;

use super::{Controller, Finding, Host};
use crate::fleet::{Labels, Sample};
use crate::health::{self, Code, Object, Severity, Verdict};
use crate::output::human;

/// What is known of one host.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) labels: Labels,
    /// Whether it delivers metrics now.
    pub(super) is_present: bool,
    /// Whether it ever delivered any, as far as Prometheus looked back.
    pub(super) was_seen: bool,
    /// `megaraid_up`.
    pub(super) up: Option<f64>,
    /// `up` of its target.
    pub(super) scraped: Option<f64>,
    pub(super) age: Option<f64>,
    pub(super) last_seen: Option<f64>,
    pub(super) verdicts: Vec<String>,
    pub(super) findings: Vec<Sample>,
    /// By controller, the parts that could not be read.
    pub(super) failed: BTreeMap<Option<ControllerId>, BTreeSet<String>>,
    /// By controller, the parts that are not fresh, and their ages.
    pub(super) stale: BTreeMap<Option<ControllerId>, Stale>,
    pub(super) controllers: BTreeSet<Controller>,
}

#[derive(Debug, Default)]
pub(super) struct Stale {
    pub(super) parts: BTreeSet<String>,
    pub(super) ages: Vec<f64>,
}

pub(super) fn controller(sample: &Sample) -> Option<ControllerId> {
    sample.own("controller").parse().ok()
}

/// The part that a collector reads, in words.
pub(super) fn part(sample: &Sample) -> String {
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
    pub(super) fn of(sample: &Sample) -> Self {
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

    pub(super) fn listed(self, verdict: Verdict) -> Host {
        Host {
            host: self.name(),
            verdict,
            age_seconds: self.age,
            controllers: self.controllers.into_iter().collect(),
            labels: self.labels,
        }
    }

    /// All that is to be said of it.
    pub(super) fn judge(&self) -> Vec<Finding> {
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
