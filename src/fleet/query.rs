//! What Prometheus is asked: the queries, and the label matchers that choose the hosts.

use std::str::FromStr;
use std::time::Duration;

/// The labels that belong to a metric and not to a host: they cannot choose hosts.
const NO_HOST: &[&str] = &[
    "__name__",
    "code",
    "severity",
    "controller",
    "object",
    "collector",
    "verdict",
];

/// A part is stale when it is older than so many times the interval in which it is read …
const INTERVALS: u32 = 3;
/// … and so many seconds more, for the scrape.
const SLACK: u32 = 60;
/// The age from which a part is stale whose interval is not known, in seconds.
const UNKNOWN_INTERVAL: u32 = 3600;
/// How far a host's clock may be ahead of Prometheus's, in seconds, before an age means nothing.
const AHEAD: u32 = 300;

/// Which hosts: label matchers as they stand between the braces of a selector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matchers(String);

/// The words are no label matchers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatcherError {
    /// They do not have the form of some.
    #[error("expected label matchers, as job=\"megaraid\",dc=~\"ber.*\"")]
    Form,
    /// They are about a metric instead of a host.
    #[error("the label {0} is not one of a host")]
    NoHost(String),
}

impl FromStr for Matchers {
    type Err = MatcherError;

    fn from_str(words: &str) -> Result<Self, MatcherError> {
        let words = words.trim();
        let inner = match words.strip_prefix('{') {
            Some(rest) => rest.strip_suffix('}').ok_or(MatcherError::Form)?,
            None => words,
        };
        let mut found = Vec::new();
        let mut rest = inner.trim();
        while !rest.is_empty() {
            let (matcher, behind) = matcher(rest)?;
            found.push(matcher);
            rest = match behind.strip_prefix(',') {
                Some(more) => more.trim_start(),
                None if behind.is_empty() => behind,
                None => return Err(MatcherError::Form),
            };
        }
        Ok(Self(found.join(",")))
    }
}

/// The first matcher of `text`, and what stands behind it.
fn matcher(text: &str) -> Result<(String, &str), MatcherError> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let behind = text.trim_start_matches(is_name);
    let name = text.strip_suffix(behind).unwrap_or_default();
    if name.is_empty() || name.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Err(MatcherError::Form);
    }
    if NO_HOST.contains(&name) {
        return Err(MatcherError::NoHost(name.to_owned()));
    }
    let behind = behind.trim_start();
    let (operator, behind) = ["=~", "!~", "!=", "="]
        .iter()
        .find_map(|sign| Some((*sign, behind.strip_prefix(sign)?)))
        .ok_or(MatcherError::Form)?;
    let behind = behind.trim_start();
    let mut letters = behind.char_indices();
    let (_, quote) = letters.next().ok_or(MatcherError::Form)?;
    if !['"', '\'', '`'].contains(&quote) {
        return Err(MatcherError::Form);
    }
    let mut is_escaped = false;
    for (at, letter) in letters {
        if is_escaped {
            is_escaped = false;
        } else if letter == '\\' && quote != '`' {
            is_escaped = true;
        } else if letter == quote {
            let (value, rest) = behind
                .split_at_checked(at.saturating_add(1))
                .ok_or(MatcherError::Form)?;
            return Ok((format!("{name}{operator}{value}"), rest.trim_start()));
        }
    }
    Err(MatcherError::Form)
}

impl Matchers {
    /// The selector of a metric's series of these hosts; `more` is one matcher more, or empty.
    fn of(&self, metric: &str, more: &str) -> String {
        let comma = if more.is_empty() || self.0.is_empty() {
            ""
        } else {
            ","
        };
        format!("{metric}{{{more}{comma}{}}}", self.0)
    }

    /// Those that deliver metrics now.
    pub fn present(&self) -> String {
        self.of("megaraid_up", "")
    }

    /// Those that did within `window` and do not now.
    pub fn gone(&self, window: Duration) -> String {
        let up = self.of("megaraid_up", "");
        format!("last_over_time({up}[{}]) unless {up}", span(window))
    }

    /// How long ago the last collection of those ended.
    pub fn last_seen(&self, window: Duration) -> String {
        let end = self.of("megaraid_collection_last_end_timestamp_seconds", "");
        let span = span(window);
        format!("time() - (last_over_time({end}[{span}]) unless {end})")
    }

    /// Whether the targets of `jobs` answer Prometheus.
    pub fn scraped<'a>(&self, jobs: impl IntoIterator<Item = &'a str>) -> String {
        let jobs: Vec<String> = jobs.into_iter().map(literal).collect();
        self.of("up", &format!("job=~{}", quoted(&jobs.join("|"))))
    }

    /// Each host's verdict over itself.
    pub fn verdicts(&self) -> String {
        format!("{} == 1", self.of("megaraid_health_verdict", ""))
    }

    /// Each host's findings.
    pub fn findings(&self) -> String {
        self.of("megaraid_finding", "")
    }

    /// The parts that could not be read: whatever is not known to have succeeded.
    pub fn failed(&self) -> String {
        format!("{} != 1", self.of("megaraid_collector_success", ""))
    }

    /// The controllers.
    pub fn controllers(&self) -> String {
        self.of("megaraid_controller_info", "")
    }

    /// The age of the newest part of each host.
    pub fn ages(&self) -> String {
        format!("min without (controller, collector) ({})", self.age())
    }

    /// The age of each part whose data are not known to be fresh. Asked for the other way round, a
    /// comparison with NaN or with an interval that is not there would pass for fresh.
    pub fn stale(&self) -> String {
        let age = self.age();
        let interval = self.of("megaraid_collector_interval_seconds", "");
        let limit = format!("({INTERVALS} * max without (controller) ({interval}) + {SLACK})");
        let in_time = format!("({age} <= ignoring (controller) group_left () {limit})");
        let recent =
            format!("(({age} <= {UNKNOWN_INTERVAL}) unless ignoring (controller) {limit})");
        format!("{age} unless (({in_time} or {recent}) >= -{AHEAD})")
    }

    fn age(&self) -> String {
        let read = self.of("megaraid_collector_last_success_timestamp_seconds", "");
        format!("(time() - {read})")
    }
}

/// A time span as Prometheus writes it.
fn span(span: Duration) -> String {
    format!("{}s", span.as_secs().max(1))
}

/// Text as a regular expression that matches it alone.
fn literal(text: &str) -> String {
    let mut expression = String::new();
    for letter in text.chars() {
        if letter.is_ascii_punctuation() && letter != '_' && letter != '-' {
            expression.push('\\');
        }
        expression.push(letter);
    }
    expression
}

/// Text as a string in a query.
fn quoted(text: &str) -> String {
    let mut string = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => string.extend(['\\', letter]),
            '\n' => string.push_str("\\n"),
            letter => string.push(letter),
        }
    }
    string.push('"');
    string
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matchers(words: &str) -> Result<String, MatcherError> {
        words.parse::<Matchers>().map(|it| it.present())
    }

    #[test]
    fn matchers_are_taken_as_they_are_typed_in_prometheus() {
        for (words, selector) in [
            ("", "megaraid_up{}"),
            ("{}", "megaraid_up{}"),
            (r#"job="megaraid""#, r#"megaraid_up{job="megaraid"}"#),
            (
                r#"{ job = "a" , dc=~'b.*', rack!~`\d`, x!="",}"#,
                r#"megaraid_up{job="a",dc=~'b.*',rack!~`\d`,x!=""}"#,
            ),
            (r#"a="}\"{,",b="ß""#, r#"megaraid_up{a="}\"{,",b="ß"}"#),
        ] {
            assert_eq!(matchers(words).as_deref(), Ok(selector), "{words}");
        }
    }

    #[test]
    fn what_would_leave_the_selector_is_refused() {
        for words in [
            r#"job="a"} or up{x="y""#,
            r#"job="a" or up"#,
            "job=a",
            r#"job="a"#,
            r#"job="a\""#,
            r#"="a""#,
            r#"1a="a""#,
            r#"a.b="a""#,
            r#"job="a",,b="c""#,
            "{job=\"a\"",
            "job",
            "job=",
        ] {
            assert_eq!(matchers(words), Err(MatcherError::Form), "{words}");
        }
        assert_eq!(
            matchers(r#"severity="critical""#),
            Err(MatcherError::NoHost("severity".to_owned()))
        );
    }

    #[test]
    fn names_of_jobs_are_no_expressions() {
        let all = Matchers::default();
        assert_eq!(
            all.scraped(["a.b|c", "it's \"d\""]),
            r#"up{job=~"a\\.b\\|c|it\\'s \\\"d\\\""}"#
        );
        let some: Matchers = r#"dc="x""#.parse().unwrap();
        assert_eq!(some.scraped(["m"]), r#"up{job=~"m",dc="x"}"#);
    }
}
