use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn pages() -> Pages {
    let encoded = |text: &'static str| Encoded {
        plain: text.into(),
        gzip: format!("gzip {text}").into(),
    };
    Pages {
        prometheus: encoded("text"),
        openmetrics: encoded("open"),
        html: encoded("page"),
        ready: true,
    }
}

fn health(idle: u64) -> Health {
    Health {
        idle: Duration::from_secs(idle),
        limit: Duration::from_secs(90),
        last_end: Some("2026-11-22T10:00:00Z".parse().unwrap()),
        collections: 7,
    }
}

fn ask(request: &Request<()>) -> Answer {
    let (pages, health) = (pages(), health(1));
    let view = View {
        telemetry_path: "/metrics",
        pages: &pages,
        page_policy: "default-src 'none'",
        health: &health,
    };
    refusal(request).unwrap_or_else(|| page(request, &view))
}

fn get(uri: &str) -> Request<()> {
    Request::builder()
        .uri(uri)
        .header(HOST, "localhost")
        .body(())
        .unwrap()
}

#[test]
fn a_path_is_ours_to_the_letter_or_not_at_all() {
    for (uri, kind) in [
        ("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
        (
            "/metrics?name[]=a&b=/../c",
            "text/plain; version=0.0.4; charset=utf-8",
        ),
        (
            "http://elsewhere.example/metrics",
            "text/plain; version=0.0.4; charset=utf-8",
        ),
        ("/", "text/html; charset=utf-8"),
        ("/?", "text/html; charset=utf-8"),
        ("http://elsewhere.example", "text/html; charset=utf-8"),
        ("/-/ready", "text/plain; charset=utf-8"),
        ("/-/healthy", "application/json"),
    ] {
        let answer = ask(&get(uri));
        assert_eq!(answer.status(), StatusCode::OK, "{uri}");
        assert_eq!(answer.headers()[CONTENT_TYPE], kind, "{uri}");
    }
    for uri in [
        "//metrics",
        "/metrics/",
        "/metrics/.",
        "/./metrics",
        "/a/../metrics",
        "/../metrics",
        "/%6detrics",
        "/%2e%2e/metrics",
        "/metrics%00",
        "/metrics%2f",
        "/metrics;a",
        "/METRICS",
        "/-/",
        "/-",
        "/-/healthy/",
        "/debug/pprof/",
        "/favicon.ico",
        "//",
        "/%2f",
        "/etc/passwd",
        "http://elsewhere.example//metrics",
        "http://metrics",
        "/index.html",
        "*",
    ] {
        let status = ask(&get(uri)).status();
        let expected = if uri == "http://metrics" {
            StatusCode::OK
        } else {
            StatusCode::NOT_FOUND
        };
        assert_eq!(status, expected, "{uri}");
    }
}

#[test]
fn only_reading_is_possible() {
    for method in [
        "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "get", "PRI",
    ] {
        let mut request = get("/metrics");
        *request.method_mut() = method.parse().unwrap();
        let answer = ask(&request);
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.headers()[ALLOW], "GET, HEAD");
    }
}

#[test]
fn bodies_and_doubtful_hosts_are_refused() {
    for (name, value) in [
        (CONTENT_LENGTH, "1"),
        (CONTENT_LENGTH, "00"),
        (TRANSFER_ENCODING, "chunked"),
    ] {
        let mut request = get("/metrics");
        request
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
        let answer = ask(&request);
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(answer.headers()[CONNECTION], "close");
    }
    let mut request = get("/metrics");
    request
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    assert_eq!(ask(&request).status(), StatusCode::OK);
    request
        .headers_mut()
        .append(HOST, HeaderValue::from_static("other"));
    assert_eq!(ask(&request).status(), StatusCode::BAD_REQUEST);
    request.headers_mut().remove(HOST);
    assert_eq!(ask(&request).status(), StatusCode::BAD_REQUEST);
    *request.version_mut() = Version::HTTP_10;
    assert_eq!(ask(&request).status(), StatusCode::OK);
}

#[test]
fn the_page_says_what_it_may_load() {
    let answer = ask(&get("/"));
    let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe-eval"), "{policy}");
}

#[test]
fn health_is_told_by_status_and_in_json() {
    let pages = Pages::default();
    let told = |idle| {
        let health = health(idle);
        let view = View {
            telemetry_path: "/metrics",
            pages: &pages,
            page_policy: "",
            health: &health,
        };
        [
            page(&get("/-/healthy"), &view),
            page(&get("/-/ready"), &view),
        ]
        .map(|it| it.status())
    };
    assert_eq!(told(90), [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE]);
    assert_eq!(
        told(91),
        [
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::SERVICE_UNAVAILABLE
        ]
    );
}

proptest! {
    #[test]
    fn no_request_makes_it_panic(
        method in "[A-Za-z!]{1,10}",
        path in "/[!-~]{0,40}",
        headers in prop::collection::vec(
            (prop::sample::select(vec!["accept", "accept-encoding", "host", "content-length", "range", "expect"]),
             prop::collection::vec(any::<u8>(), 0..60)),
            0..6,
        ),
        words in prop::collection::vec(
            prop::sample::select(vec!["text/plain", "*/*", ";", ",", "q=", "=", "0.5", "1", "0", "version=", "gzip", " ", "\"", "*"]),
            0..40,
        ),
    ) {
        let mut request = Request::builder().method(method.as_str()).uri(path).header(HOST, "a").body(());
        prop_assume!(request.is_ok());
        if let Ok(request) = &mut request {
            for (name, value) in headers {
                if let Ok(value) = HeaderValue::from_bytes(&value) {
                    request.headers_mut().append(name, value);
                }
            }
            let words = HeaderValue::from_str(&words.concat()).unwrap();
            request.headers_mut().append("accept", words.clone());
            request.headers_mut().append("accept-encoding", words);
            let status = ask(request).status();
            prop_assert!(status.is_success() || status.is_client_error());
        }
    }
}
