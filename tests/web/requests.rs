//! Requests as they come over the wire, and what is answered.

use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;

use ironkeep::exporter::web::Limits;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::server::{Server, get, pages, read_reply, request, service};

#[test]
fn the_pages_come_in_every_form() {
    let server = Server::start(None, Limits::default());
    for (path, more, kind, body) in [
        (
            "/metrics",
            "",
            "text/plain; version=0.0.4; charset=utf-8",
            "text",
        ),
        (
            "/metrics?a=b",
            "Accept: application/openmetrics-text;version=1.0.0,*/*;q=0.5\r\n",
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            "openmetrics",
        ),
        (
            "/metrics",
            "Accept: application/openmetrics-text;q=0\r\n",
            "text/plain; version=0.0.4; charset=utf-8",
            "text",
        ),
        (
            "/",
            "Accept-Encoding: gzip;q=0\r\n",
            "text/html; charset=utf-8",
            "html",
        ),
    ] {
        let plain = server.get(path, more);
        assert_eq!((plain.status, plain.text().as_str()), (200, body));
        assert_eq!(plain.header("content-type"), Some(kind));
        assert_eq!(plain.header("content-encoding"), None);
        assert_eq!(plain.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(plain.header("cache-control"), Some("no-store"));
        assert!(plain.header("vary").unwrap().ends_with("Accept-Encoding"));
        assert_eq!(
            plain.header("content-security-policy").is_some(),
            path == "/"
        );
        let packed = server.get(
            path,
            &format!(
                "{}Accept-Encoding: gzip\r\n",
                more.replace("Accept-Encoding: gzip;q=0\r\n", "")
            ),
        );
        assert_eq!(packed.header("content-encoding"), Some("gzip"));
        assert_eq!(packed.text(), format!("gzip of {body}"));
    }
    server.join();
}

#[test]
fn head_tells_the_length_and_nothing_more() {
    let server = Server::start(None, Limits::default());
    let mut stream = server.connect();
    for path in ["/metrics", "/", "/-/healthy", "/nowhere"] {
        let full = server.get(path, "");
        let head = request(path, "").replacen("GET", "HEAD", 1);
        stream.write_all(head.as_bytes()).unwrap();
        // A body would be taken for the head of the next answer.
        let reply = read_reply(&mut stream, false).unwrap();
        assert_eq!(reply.status, full.status);
        if path != "/-/healthy" {
            assert_eq!(
                reply.header("content-length"),
                full.header("content-length")
            );
        }
    }
    server.join();
}

#[test]
fn requests_one_after_the_other_are_answered_in_order() {
    let server = Server::start(None, Limits::default());
    let mut stream = server.connect();
    let many = ["/metrics", "/nowhere", "/", "/metrics"]
        .map(|path| request(path, ""))
        .concat();
    stream.write_all(many.as_bytes()).unwrap();
    let texts = [0; 4].map(|_| read_reply(&mut stream, true).unwrap().text());
    assert_eq!(texts, ["text", "not found\n", "html", "text"]);
    assert_eq!(
        get(&mut stream, "/", "Connection: close\r\n").text(),
        "html"
    );
    assert!(read_reply(&mut stream, true).is_none(), "closed, as asked");
    server.join();
}

#[test]
fn tricks_with_paths_lead_nowhere() {
    let server = Server::start(None, Limits::default());
    for path in [
        "//metrics",
        "/metrics/",
        "/../metrics",
        "/./metrics",
        "/%6d%65trics",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/metrics%00",
        "/..%2f..%2fetc/passwd",
        "/metrics;x",
        "/\\metrics",
        "http://localhost//metrics",
        "/-/../metrics",
        "/debug/pprof/",
    ] {
        let status = server.get(path, "").status;
        assert!(status == 404 || status == 400, "{path}: {status}");
    }
    assert_eq!(
        server.get("http://elsewhere.example/metrics", "").status,
        200
    );
    server.assert_well();
    server.join();
}

#[test]
fn health_is_told_without_a_collection() {
    let server = Server::start(None, Limits::default());
    let reply = server.get("/-/healthy", "");
    let report: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((reply.status, report["status"].as_str()), (200, Some("ok")));
    assert_eq!(report["collections"], 0);
    assert!(report["last_collection_end"].is_null());
    assert!(report["limit_seconds"].as_f64() > report["collector_idle_seconds"].as_f64());
    server.join();
}

/// What is said on a connection on which `bytes` are said to us.
fn converse(bytes: &[u8]) -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let service = service(None, Limits::default(), &Arc::default()).unwrap();
    service.publish(pages("text".to_owned()));
    runtime.block_on(async {
        let (mut client, server) = tokio::io::duplex(1 << 20);
        let client = async {
            client.write_all(bytes).await.unwrap();
            client.shutdown().await.unwrap();
            let mut said = Vec::new();
            client.read_to_end(&mut said).await.unwrap();
            said
        };
        let (said, ()) = tokio::join!(
            client,
            service.converse(server, IpAddr::from([192, 0, 2, 1]))
        );
        said
    })
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer_or_an_end(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        words in prop::collection::vec(
            prop::sample::select(vec![
                "GET ", "HEAD ", "POST ", "/", "/metrics", " HTTP/1.1", " HTTP/1.0", "\r\n", "\n", "\r\n\r\n", "Host: a\r\n",
                "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", "Connection: close\r\n",
                "Upgrade: h2c\r\n", "Accept: ", "*/*", ":", " ", "\0", "\u{7f}", "é", "%", "..", "?", "#", "5\r\nhello\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "Accept-Encoding: gzip\r\n",
            ]),
            0..40,
        ),
    ) {
        for bytes in [words.concat().into_bytes(), bytes] {
            let said = converse(&bytes);
            prop_assert!(said.is_empty() || said.starts_with(b"HTTP/1."));
        }
    }
}
