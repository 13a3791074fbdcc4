//! What is answered to a request: a function of the request and of what is known.

use http_body_util::Full;
use hyper::header::{
    ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    HOST, HeaderName, HeaderValue, TRANSFER_ENCODING, VARY,
};
use hyper::{HeaderMap, Method, Request, Response, StatusCode, Version};
use serde::Serialize;

use super::negotiate;
use crate::exporter::collect::Health;
use crate::exporter::exposition::TextFormat;
use crate::exporter::pages::{Encoded, Pages};
use crate::exporter::pieces::Pieces;

/// An answer: a head, and at most one body, which is handed over as a whole.
pub type Answer = Response<Full<Pieces>>;

/// What can be asked for.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The path of the metrics.
    pub telemetry_path: &'a str,
    /// The pages.
    pub pages: &'a Pages,
    /// The Content Security Policy of the page for people.
    pub page_policy: &'static str,
    /// Whether the collections go on.
    pub health: &'a Health,
}

/// What is answered to `request`, which nothing speaks against ([`refusal`]). Its path has to be one of ours to the letter: nothing is decoded,
/// and nothing is resolved.
pub fn page<B>(request: &Request<B>, view: &View<'_>) -> Answer {
    let pages = view.pages;
    match request.uri().path() {
        path if path == view.telemetry_path => {
            let format = negotiate::format(request.headers());
            let page = match format {
                TextFormat::Prometheus => &pages.prometheus,
                TextFormat::OpenMetrics => &pages.openmetrics,
            };
            encoded(
                request.headers(),
                page,
                format.media_type(),
                "Accept, Accept-Encoding",
            )
        }
        "/" => {
            let kind = "text/html; charset=utf-8";
            let mut answer = encoded(request.headers(), &pages.html, kind, "Accept-Encoding");
            set(&mut answer, CONTENT_SECURITY_POLICY, view.page_policy);
            answer
        }
        "/-/ready" if pages.ready => plain(StatusCode::OK, "ready\n"),
        "/-/ready" => plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "no collection has ended yet\n",
        ),
        "/-/healthy" => healthy(view.health),
        _ => plain(StatusCode::NOT_FOUND, "not found\n"),
    }
}

/// The answer to a request that is refused, whatever it asks for.
pub fn refusal<B>(request: &Request<B>) -> Option<Answer> {
    let headers = request.headers();
    let length = headers.get(CONTENT_LENGTH);
    if headers.contains_key(TRANSFER_ENCODING) || length.is_some_and(|it| it != "0") {
        // The body is not read, so what follows on this connection could be taken for a request.
        let mut answer = plain(
            StatusCode::PAYLOAD_TOO_LARGE,
            "no request has a body here\n",
        );
        set(&mut answer, CONNECTION, "close");
        return Some(answer);
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        set(&mut answer, ALLOW, "GET, HEAD");
        return Some(answer);
    }
    let hosts = headers.get_all(HOST).into_iter().count();
    let is_named = hosts == 1 || (hosts == 0 && request.version() < Version::HTTP_11);
    (!is_named).then(|| plain(StatusCode::BAD_REQUEST, "not exactly one Host\n"))
}

fn healthy(health: &Health) -> Answer {
    #[derive(Serialize)]
    struct Report {
        status: &'static str,
        collector_idle_seconds: f64,
        last_collection_end: Option<jiff::Timestamp>,
        collections: u64,
        limit_seconds: f64,
    }
    let (status, word) = if health.is_stuck() {
        (StatusCode::SERVICE_UNAVAILABLE, "stuck")
    } else {
        (StatusCode::OK, "ok")
    };
    let report = Report {
        status: word,
        collector_idle_seconds: health.idle.as_secs_f64(),
        last_collection_end: health.last_end,
        collections: health.collections,
        limit_seconds: health.limit.as_secs_f64(),
    };
    // A structure of numbers and words can always be written.
    let mut text = serde_json::to_string(&report).unwrap_or_default();
    text.push('\n');
    let mut answer = plain(status, text);
    set(&mut answer, CONTENT_TYPE, "application/json");
    answer
}

/// A short text.
pub(super) fn plain(status: StatusCode, text: impl Into<Pieces>) -> Answer {
    let mut answer = Response::new(Full::new(text.into()));
    *answer.status_mut() = status;
    set(&mut answer, CONTENT_TYPE, "text/plain; charset=utf-8");
    answer
}

fn encoded(wishes: &HeaderMap, page: &Encoded, kind: &'static str, vary: &'static str) -> Answer {
    let is_gzip = negotiate::is_gzip_wanted(wishes);
    let body = if is_gzip { &page.gzip } else { &page.plain };
    let mut answer = Response::new(Full::new(body.clone()));
    set(&mut answer, CONTENT_TYPE, kind);
    set(&mut answer, VARY, vary);
    if is_gzip {
        set(&mut answer, CONTENT_ENCODING, "gzip");
    }
    answer
}

pub(super) fn set(answer: &mut Answer, name: HeaderName, value: &'static str) {
    let value = HeaderValue::from_static(value);
    answer.headers_mut().insert(name, value);
}

#[cfg(test)]
mod tests;
