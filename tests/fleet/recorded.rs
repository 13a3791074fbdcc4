//! A server that answers as a real Prometheus did: `recorded.json` has each query with its answer, of ten
//! hosts and of one that had been taken out. The queries are part of the file: one that changes has to be
//! asked again.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::http::{Answer, Request};

/// The answers, by query.
pub(crate) type Answers = BTreeMap<String, Value>;

pub(crate) fn answers() -> Answers {
    serde_json::from_str(include_str!("recorded.json")).unwrap()
}

/// Answers a request out of `answers`.
pub(crate) fn answer(answers: &Answers, request: &Request) -> Answer {
    let query = request.parameter("query").unwrap_or_default();
    match answers.get(&query) {
        Some(value) if request.path() == "/api/v1/query" => Answer::json(200, value.to_string()),
        _ => Answer::text(404, &format!("not recorded: {query}")),
    }
}
