//! What a client would rather have, by its `Accept` and `Accept-Encoding`.

use std::cmp::Reverse;

use hyper::HeaderMap;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, HeaderName};

use crate::exporter::exposition::TextFormat;

/// An element of a list with weights: `text/plain;version=0.0.4;q=0.5`.
#[derive(Debug)]
struct Item<'a> {
    name: &'a str,
    /// The version that it asks for, if it names one.
    version: Option<&'a str>,
    /// Thousandths; 0 is "not this".
    weight: u16,
}

/// The elements of a header, which may come several times. What nobody can read is skipped.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = Item<'_>> {
    let values = headers.get_all(name).into_iter();
    let lists = values.filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).filter_map(item)
}

fn item(text: &str) -> Option<Item<'_>> {
    let mut parts = text.split(';').map(str::trim);
    let mut item = Item {
        name: parts.next().filter(|name| !name.is_empty())?,
        version: None,
        weight: 1000,
    };
    for (key, value) in parts.filter_map(|part| part.split_once('=')) {
        match key.trim_end().to_ascii_lowercase().as_str() {
            "q" => item.weight = weight(value.trim_start())?,
            "version" => item.version = Some(value.trim_start().trim_matches('"')),
            _ => {}
        }
    }
    Some(item)
}

/// `0.75` as 750.
fn weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = decimals.len() <= 3 && decimals.bytes().all(|it| it.is_ascii_digit());
    if !are_digits {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// How much a client wants a format: by weight, and of equals what it named first. `None` where it
/// does not want it, or said nothing of it.
fn wish(headers: &HeaderMap, format: TextFormat) -> Option<(u16, Reverse<usize>)> {
    let (kind, essence, version) = match format {
        TextFormat::Prometheus => ("text/*", "text/plain", "0.0.4"),
        TextFormat::OpenMetrics => ("application/*", "application/openmetrics-text", "1.0.0"),
    };
    let matching = items(headers, ACCEPT).enumerate().filter_map(|(at, item)| {
        let is = |name: &str| item.name.eq_ignore_ascii_case(name);
        let precision = match item.version {
            Some(wanted) if is(essence) => (wanted == version).then_some(3)?,
            None if is(essence) => 2,
            _ if is(kind) => 1,
            _ if is("*/*") => 0,
            _ => return None,
        };
        Some((precision, Reverse(at), item.weight))
    });
    // The element that is most precise about the format decides, whatever the others weigh.
    let (_, at, weight) = matching.max()?;
    (weight > 0).then_some((weight, at))
}

/// The format that the client would rather have; the older one if it does not care, and if it wants
/// neither: a page in a format that it did not ask for is better than none.
pub(super) fn format(headers: &HeaderMap) -> TextFormat {
    let [older, newer] =
        [TextFormat::Prometheus, TextFormat::OpenMetrics].map(|format| wish(headers, format));
    if newer > older {
        TextFormat::OpenMetrics
    } else {
        TextFormat::Prometheus
    }
}

/// Whether the client would rather have the answer compressed with gzip.
pub(super) fn is_gzip_wanted(headers: &HeaderMap) -> bool {
    let weight_of = |names: &[&str]| {
        let mut items = items(headers, ACCEPT_ENCODING);
        let item = items.find(|item| names.iter().any(|it| item.name.eq_ignore_ascii_case(it)));
        item.map(|item| item.weight)
    };
    let gzip = weight_of(&["gzip", "x-gzip"])
        .or_else(|| weight_of(&["*"]))
        .unwrap_or(0);
    gzip > 0 && gzip >= weight_of(&["identity"]).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        headers
    }

    #[test]
    fn the_format_follows_the_weights() {
        let open = [
            "application/openmetrics-text",
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            "Application/OpenMetrics-Text;version=\"1.0.0\"",
            "text/plain;q=0.5, application/openmetrics-text",
            "text/plain;q=0, */*",
            "text/*;q=0.1, application/*;q=0.2",
            "application/openmetrics-text;version=1.0.0;q=0.001,*/*;q=0",
            // Prometheus 2 and 3 send these.
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
             text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
             application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
             text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            "application/openmetrics-text, text/plain",
        ];
        for accept in open {
            let chosen = format(&headers(ACCEPT, accept));
            assert_eq!(chosen, TextFormat::OpenMetrics, "{accept}");
        }
        let plain = [
            "",
            "*/*",
            "text/plain",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/plain, application/openmetrics-text",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=0, */*;q=0",
            "application/openmetrics-text;version=0.0.1",
            "application/openmetrics-text;q=0.5,text/plain",
            "application/openmetrics-text;q=2",
            "application/openmetrics-text;q=-1",
            "application/openmetrics-text;q=0.0001",
            "application/openmetrics-textual",
            "application/json",
            ";;,=;q=,,",
        ];
        for accept in plain {
            let chosen = format(&headers(ACCEPT, accept));
            assert_eq!(chosen, TextFormat::Prometheus, "{accept}");
        }
        assert_eq!(format(&HeaderMap::new()), TextFormat::Prometheus);
    }

    #[test]
    fn several_headers_are_one_list() {
        let mut headers = headers(ACCEPT, "text/plain;q=0.5");
        let more = HeaderValue::from_static("application/openmetrics-text;q=0.6");
        headers.append(ACCEPT, more);
        assert_eq!(format(&headers), TextFormat::OpenMetrics);
    }

    #[test]
    fn gzip_is_for_those_who_want_it() {
        for encoding in [
            "gzip",
            "GZIP",
            "x-gzip",
            "*",
            "br, gzip;q=0.1",
            "identity;q=0.5, gzip",
        ] {
            assert!(
                is_gzip_wanted(&headers(ACCEPT_ENCODING, encoding)),
                "{encoding}"
            );
        }
        let without = [
            "",
            "identity",
            "gzip;q=0",
            "gzip;q=0.000",
            "*, gzip;q=0",
            "*;q=0",
            "br",
            "gzipped",
        ];
        for encoding in without.into_iter().chain(["gzip;q=0.5, identity"]) {
            assert!(
                !is_gzip_wanted(&headers(ACCEPT_ENCODING, encoding)),
                "{encoding}"
            );
        }
        assert!(!is_gzip_wanted(&HeaderMap::new()));
    }
}
