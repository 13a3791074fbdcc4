//! Clients that mean no good, or have none: after each of them the server answers as before.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::Duration;

use ironkeep::exporter::web::Limits;

use crate::server::{Server, ends, get, read_reply, request, try_get, wait_until};

/// Limits that end soon, but not before an honest request on a busy machine.
fn soon() -> Limits {
    Limits {
        handshake: Duration::from_secs(1),
        head: Duration::from_secs(1),
        answer: Duration::from_secs(1),
        idle: Duration::from_secs(1),
        linger: Duration::from_millis(200),
        ..Limits::default()
    }
}

#[test]
fn a_head_that_never_ends_ends_the_connection() {
    let server = Server::start(None, soon());
    let begins = [
        "",
        "G",
        "GET /metrics HTTP/1.1\r\n",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nX: ",
    ];
    let mut streams = begins.map(|begin| {
        let mut stream = server.connect();
        stream.write_all(begin.as_bytes()).unwrap();
        stream
    });
    server.assert_well();
    for stream in &mut streams {
        assert!(ends(stream));
    }
    server.assert_well();
    server.join();
}

#[test]
fn a_byte_now_and_then_gains_nothing() {
    let server = Server::start(None, soon());
    let is_over = AtomicBool::new(false);
    scope(|scope| {
        for has_asked in [false, true] {
            let mut stream = server.connect();
            if has_asked {
                // The next head has its own time, on a connection that was good until then.
                get(&mut stream, "/metrics", "");
            }
            let mut writer = stream.try_clone().unwrap();
            let is_over = &is_over;
            scope.spawn(move || {
                drop(writer.write_all(b"GET /metrics HTTP/1.1\r\nX: "));
                while !is_over.load(Ordering::SeqCst) && writer.write_all(b"x").is_ok() {
                    sleep(Duration::from_millis(20));
                }
            });
            assert!(ends(&mut stream));
        }
        is_over.store(true, Ordering::SeqCst);
    });
    server.assert_well();
    server.join();
}

#[test]
fn a_connection_that_asks_nothing_more_is_closed() {
    let server = Server::start(None, soon());
    let mut stream = server.connect();
    assert_eq!(get(&mut stream, "/metrics", "").status, 200);
    assert!(ends(&mut stream));
    server.join();
}

#[test]
fn a_client_that_does_not_read_is_let_go() {
    let limits = Limits {
        connections: 1,
        connections_each: 1,
        ..soon()
    };
    // More than the buffers of the system take.
    let server = Server::with(None, limits, "x".repeat(64 << 20));
    let mut stream = server.connect();
    stream
        .write_all(request("/metrics", "").as_bytes())
        .unwrap();
    let mut first = [0; 16];
    stream.read_exact(&mut first).unwrap();
    // The only place is free again although the client is still there.
    wait_until("somebody else has a turn", || {
        TcpStream::connect(server.address).is_ok_and(|mut it| try_get(&mut it, "/", "").is_some())
    });
    drop(stream);
    server.join();
}

#[test]
fn heads_that_are_too_long_are_refused_in_words() {
    let server = Server::start(None, Limits::default());
    let long = "x".repeat(20_000);
    let many: Vec<String> = (0..200).map(|it| format!("X-{it}: y\r\n")).collect();
    let many = many.concat();
    for (request, expected) in [
        (request("/metrics", &format!("X: {long}\r\n")), [431, 431]),
        (
            request("/metrics", &format!("X: {}\r\n", long.repeat(50))),
            [431, 431],
        ),
        (request("/metrics", &many), [431, 431]),
        (request(&format!("/{long}"), ""), [414, 431]),
        (request(&format!("/{}", long.repeat(4)), ""), [414, 431]),
        ("x\r\n\r\n".to_owned(), [400, 400]),
        ("GET /metrics\r\n\r\n".to_owned(), [400, 400]),
        (
            "GET /metrics HTTP/1.1\r\nHost a\r\n\r\n".to_owned(),
            [400, 400],
        ),
        (
            "GET /metrics HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_owned(),
            [400, 400],
        ),
        ("GET /metrics HTTP/1.1\r\n\r\n".to_owned(), [400, 400]),
        (
            request("/metrics", "Content-Length: 1\r\nContent-Length: 2\r\n"),
            [400, 413],
        ),
        (request("/metrics", "Content-Length: -1\r\n"), [400, 413]),
        (
            request(
                "/metrics",
                "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            ),
            [400, 413],
        ),
    ] {
        let mut stream = server.connect();
        drop(stream.write_all(request.as_bytes()));
        let reply = read_reply(&mut stream, true).expect("an answer, although it closes");
        let start: String = request.chars().take(60).collect();
        assert!(expected.contains(&reply.status), "{start}: {}", reply.head);
    }
    // As much as is allowed, is allowed.
    assert_eq!(
        server
            .get("/metrics", &format!("X: {}\r\n", "x".repeat(15_000)))
            .status,
        200
    );
    server.assert_well();
    server.join();
}

#[test]
fn nobody_has_to_read_a_body() {
    let server = Server::start(None, Limits::default());
    let inner = request("/metrics", "");
    for (method, more) in [
        ("POST", format!("Content-Length: {}\r\n", inner.len())),
        ("GET", format!("Content-Length: {}\r\n", inner.len())),
        ("GET", "Transfer-Encoding: chunked\r\n".to_owned()),
        (
            "GET",
            "Content-Length: 99999999999\r\nExpect: 100-continue\r\n".to_owned(),
        ),
    ] {
        let mut stream = server.connect();
        let outer = request("/metrics", &more).replacen("GET", method, 1);
        stream
            .write_all(format!("{outer}{inner}").as_bytes())
            .unwrap();
        let reply = read_reply(&mut stream, true).unwrap();
        assert_eq!(
            (reply.status, reply.header("connection")),
            (413, Some("close"))
        );
        assert!(
            read_reply(&mut stream, true).is_none(),
            "the body is not taken for a request"
        );
    }
    server.assert_well();
    server.join();
}

#[test]
fn the_newest_connection_is_refused_not_an_old_one() {
    let limits = Limits {
        connections: 8,
        connections_each: 8,
        ..Limits::default()
    };
    let server = Server::start(None, limits);
    let mut old: Vec<_> = (0..8).map(|_| server.connect()).collect();
    for stream in &mut old {
        assert_eq!(get(stream, "/metrics", "").status, 200);
    }
    for _ in 0..20 {
        assert!(try_get(&mut server.connect(), "/metrics", "").is_none());
    }
    for stream in &mut old {
        assert_eq!(get(stream, "/metrics", "").status, 200);
    }
    drop(old);
    server.assert_well();
    server.join();
}

#[test]
fn one_address_cannot_take_every_connection() {
    let limits = Limits {
        connections: 8,
        connections_each: 2,
        ..Limits::default()
    };
    let server = Server::start(None, limits);
    let _own = [server.connect(), server.connect()].map(|mut stream| {
        get(&mut stream, "/metrics", "");
        stream
    });
    assert!(try_get(&mut server.connect(), "/metrics", "").is_none());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let other = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        socket
            .connect(server.address)
            .await
            .unwrap()
            .into_std()
            .unwrap()
    });
    other.set_nonblocking(false).unwrap();
    assert_eq!(get(&mut &other, "/metrics", "").status, 200);
    server.join();
}

#[test]
fn an_answer_that_is_under_way_comes_to_its_end() {
    let text = "x".repeat(32 << 20);
    let mut server = Server::with(
        None,
        Limits {
            grace: crate::server::FOREVER,
            ..Limits::default()
        },
        text.clone(),
    );
    let mut idle = server.connect();
    get(&mut idle, "/", "");
    let mut stream = server.connect();
    stream
        .write_all(request("/metrics", "").as_bytes())
        .unwrap();
    let mut first = [0; 1000];
    stream.read_exact(&mut first).unwrap();
    server.ask_to_stop();
    assert!(ends(&mut idle), "who asks nothing is not waited for");
    wait_until("nobody else is let in", || {
        TcpStream::connect(server.address).is_err()
    });
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(first.len() + rest.len() > text.len(), "and all of it");
    server.join();
}

#[test]
fn a_client_that_does_not_read_cannot_hold_up_the_stop() {
    let limits = Limits {
        grace: Duration::from_millis(300),
        ..Limits::default()
    };
    let server = Server::with(None, limits, "x".repeat(64 << 20));
    let mut stream = server.connect();
    stream
        .write_all(request("/metrics", "").as_bytes())
        .unwrap();
    let mut first = [0; 16];
    stream.read_exact(&mut first).unwrap();
    server.join();
}
