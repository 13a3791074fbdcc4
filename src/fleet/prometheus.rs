//! Asking a Prometheus over its HTTP API, and reading its answers. Any server that speaks it will do.

use std::time::Duration;

use serde::Deserialize;

use super::query::Matchers;
use super::{Answers, Labels, Sample};
use crate::http::{Client, GetError};

/// The most that is read of one answer: some hundred thousand series.
const MOST: u64 = 64 << 20;

/// Why there is no answer that means anything.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// No answer.
    #[error(transparent)]
    Get(#[from] GetError),
    /// It wants to know who asks, or does not allow it.
    #[error("it refuses who asks ({0})")]
    Denied(u16),
    /// Something answers, and it is no Prometheus.
    #[error("what answers there ({0}) is not the HTTP API of Prometheus")]
    Other(String),
    /// Prometheus could not answer.
    #[error("it could not answer: {kind}: {words}")]
    Refused {
        /// The kind of error, in Prometheus's word.
        kind: String,
        /// What Prometheus says.
        words: String,
    },
    /// The form of the answer is not known.
    #[error("its answer has a form that is not known: {0}")]
    Form(String),
}

impl AskError {
    /// What to try, where it can be told.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Get(GetError::Tls(_)) => {
                Some("name the certificates that its own comes from: --ca-file FILE")
            }
            Self::Get(GetError::NoCertificate) => {
                Some("prove who asks: --cert-file FILE --key-file FILE")
            }
            Self::Get(GetError::TimedOut(_)) => Some("give it longer: --timeout SECONDS"),
            Self::Get(GetError::TooLarge(_)) => {
                Some("ask for fewer hosts at once: --selector 'dc=\"ber\"'")
            }
            Self::Get(GetError::Elsewhere(_)) => {
                Some("if that is the right one, name it: --prometheus URL")
            }
            Self::Denied(_) => Some(
                "say who asks: --username NAME --password-file FILE, or --bearer-token-file FILE",
            ),
            Self::Get(GetError::Circles) | Self::Other(_) => Some(
                "name the address below which /api/v1/query lies; Grafana's is another server's",
            ),
            Self::Get(GetError::Connection(_)) | Self::Refused { .. } | Self::Form(_) => None,
        }
    }
}

/// Asks all that there is to ask about the hosts of `matchers`; those are looked for that delivered
/// something within `window`.
///
/// # Errors
/// If one of the questions gets no answer: half of them would tell half of the truth.
pub fn ask(client: &Client, matchers: &Matchers, window: Duration) -> Result<Answers, AskError> {
    let mut inquiry = Inquiry {
        client,
        answers: Answers::default(),
    };
    let present = inquiry.put(&matchers.present())?;
    let gone = inquiry.put(&matchers.gone(window))?;
    let mut jobs: Vec<&str> = present
        .iter()
        .chain(&gone)
        .map(|it| it.label("job"))
        .collect();
    jobs.sort_unstable();
    jobs.dedup();
    let scraped = if jobs.is_empty() {
        Vec::new()
    } else {
        inquiry.put(&matchers.scraped(jobs))?
    };
    let last_seen = if gone.is_empty() {
        Vec::new()
    } else {
        inquiry.put(&matchers.last_seen(window))?
    };
    let verdicts = inquiry.put(&matchers.verdicts())?;
    let findings = inquiry.put(&matchers.findings())?;
    let failed = inquiry.put(&matchers.failed())?;
    let stale = inquiry.put(&matchers.stale())?;
    let ages = inquiry.put(&matchers.ages())?;
    let controllers = inquiry.put(&matchers.controllers())?;
    Ok(Answers {
        present,
        gone,
        scraped,
        verdicts,
        findings,
        failed,
        stale,
        ages,
        controllers,
        last_seen,
        ..inquiry.answers
    })
}

/// Questions about one moment: that of the first answer.
struct Inquiry<'a> {
    client: &'a Client,
    answers: Answers,
}

impl Inquiry<'_> {
    fn put(&mut self, query: &str) -> Result<Vec<Sample>, AskError> {
        let time = self.answers.time.map(|time| time.to_string());
        let mut pairs = vec![("query", query)];
        pairs.extend(time.as_deref().map(|time| ("time", time)));
        let answer = self.client.get("/api/v1/query", &pairs, MOST)?;
        let vector = read(answer.status, answer.is_html, &answer.body)?;
        for warning in vector.warnings {
            if !self.answers.warnings.contains(&warning) {
                self.answers.warnings.push(warning);
            }
        }
        self.answers.time = self.answers.time.or(vector.time);
        Ok(vector.samples)
    }
}

/// A vector, as Prometheus answers it.
#[derive(Debug, Default, PartialEq)]
struct Vector {
    samples: Vec<Sample>,
    warnings: Vec<String>,
    time: Option<f64>,
}

#[derive(Deserialize)]
struct Envelope {
    status: String,
    data: Option<Data>,
    #[serde(rename = "errorType", default)]
    kind: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    warnings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
enum Data {
    Vector(Vec<Series>),
}

#[derive(Deserialize)]
struct Series {
    metric: Labels,
    value: (f64, String),
}

/// Reads what the API answers to a query for a vector.
fn read(status: u16, is_html: bool, body: &[u8]) -> Result<Vector, AskError> {
    if [401, 403].contains(&status) {
        return Err(AskError::Denied(status));
    }
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if is_html || first == Some(&b'<') {
        let words = format!("status {status}, a page for people");
        return Err(AskError::Other(words));
    }
    if first != Some(&b'{') {
        return Err(AskError::Other(format!("status {status}, no JSON")));
    }
    let envelope: Envelope = match serde_json::from_slice(body) {
        Ok(envelope) => envelope,
        Err(error) if status == 200 => return Err(AskError::Form(error.to_string())),
        Err(_) => return Err(AskError::Other(format!("status {status}"))),
    };
    match (envelope.status.as_str(), envelope.data) {
        ("success", Some(Data::Vector(series))) => {
            let time = series.first().map(|series| series.value.0);
            let samples = series.into_iter().map(Series::sample);
            Ok(Vector {
                samples: samples.collect::<Result<_, _>>()?,
                warnings: envelope.warnings,
                time,
            })
        }
        ("success", _) => Err(AskError::Form("no vector".to_owned())),
        ("error", _) => Err(AskError::Refused {
            kind: envelope.kind,
            words: envelope.error,
        }),
        (other, _) => Err(AskError::Form(format!("its status is “{other}”"))),
    }
}

impl Series {
    fn sample(self) -> Result<Sample, AskError> {
        let (_, value) = self.value;
        let number = value
            .parse()
            .map_err(|_| AskError::Form(format!("“{value}” is no number")))?;
        Ok(Sample {
            labels: self.metric,
            value: number,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(status: u16, body: &str) -> Result<Vector, String> {
        read(status, false, body.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_vector_is_read_whole() {
        let vector = read_text(
            200,
            r#"{"status":"success","data":{"resultType":"vector","result":[
                {"metric":{"__name__":"up","job":"a"},"value":[1795345678.5,"1"]},
                {"metric":{},"value":[1795345678.5,"NaN"]},
                {"metric":{},"value":[1795345678.5,"+Inf"]}]},
                "warnings":["half"],"infos":["x"]}"#,
        )
        .unwrap();
        assert_eq!(vector.time, Some(1_795_345_678.5));
        assert_eq!(vector.warnings, ["half"]);
        assert_eq!(vector.samples[0].label("job"), "a");
        assert!(vector.samples[1].value.is_nan());
        assert!(vector.samples[2].value.is_infinite());
    }

    #[test]
    fn what_is_no_answer_says_what_it_is() {
        for (status, body, words) in [
            (200, "<!doctype html><html>", "a page for people"),
            (200, "", "no JSON"),
            (404, "404 page not found\n", "status 404"),
            (401, "Unauthorized", "refuses who asks (401)"),
            (403, "{}", "refuses who asks (403)"),
            (404, r#"{"message":"Not found"}"#, "(status 404) is not"),
            (
                200,
                r#"{"message":"Not found"}"#,
                "a form that is not known",
            ),
            (
                400,
                r#"{"status":"error","errorType":"bad_data","error":"1:2: parse error"}"#,
                "it could not answer: bad_data: 1:2: parse error",
            ),
            (
                503,
                r#"{"status":"error","errorType":"timeout","error":"query timed out"}"#,
                "timeout: query timed out",
            ),
            (
                200,
                r#"{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}"#,
                "unknown variant `scalar`",
            ),
            (200, r#"{"status":"success"}"#, "no vector"),
            (200, r#"{"status":"later"}"#, "its status is “later”"),
            (
                200,
                r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"x"]}]}}"#,
                "“x” is no number",
            ),
            (
                200,
                r#"{"status":"success","data":{"resul"#,
                "a form that is not known",
            ),
        ] {
            let error = read_text(status, body).unwrap_err();
            assert!(error.contains(words), "{body}: {error}");
        }
    }
}
