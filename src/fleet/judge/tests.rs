use super::*;
use crate::fleet::Sample;

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
        ["unknown a host.gone: it is no target of Prometheus any more; its last data are 2 h old"]
    );
}

#[test]
fn two_hosts_of_one_name_keep_what_is_theirs() {
    let mut answers = well("job=m,instance=a,dc=x");
    let other = well("job=m,instance=a,dc=y");
    answers.present.extend(other.present);
    answers.verdicts.extend(other.verdicts);
    answers.ages.extend(other.ages);
    let failed = "job=m,instance=a,dc=y,code=pd.smart,severity=warning,object=pd 1:2,controller=0";
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
