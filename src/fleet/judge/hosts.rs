//! Which hosts there are, and which series speaks of which host.

use std::collections::BTreeMap;

use super::Controller;
use super::known::{Known, controller, part};
use crate::fleet::{Answers, Labels, Sample};

#[derive(Debug, Default)]
pub(super) struct Hosts {
    pub(super) all: Vec<Known>,
    /// The places in `all` by job and instance, which every series of a target has.
    places: BTreeMap<(String, String), Vec<usize>>,
}

impl Hosts {
    /// Finds out which hosts there are. The result is the number of targets that are none.
    pub(super) fn find_all(&mut self, answers: &Answers) -> usize {
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
    pub(super) fn hear(&mut self, answers: &Answers) {
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
