//! Passwords, headers and rates, and what becomes of a running server when its configuration changes.

use ironkeep::exporter::web::Limits;

use crate::material::Folder;
use crate::server::{Server, get, service, wait_until};

/// A bcrypt hash that costs little.
fn hash(password: &str) -> String {
    bcrypt::hash(password, 4).unwrap()
}

/// `alice:secret` and so on, as a header.
fn basic(pair: &str) -> String {
    use base64::Engine;
    let pair = base64::prelude::BASE64_STANDARD.encode(pair);
    format!("Authorization: Basic {pair}\r\n")
}

fn users(pairs: &[(&str, &str)]) -> String {
    let line = |(user, password): &(&str, &str)| format!("  {user}: {}\n", hash(password));
    let lines: Vec<String> = pairs.iter().map(line).collect();
    format!("basic_auth_users:\n{}", lines.concat())
}

#[test]
fn only_those_with_a_password_see_anything() {
    let folder = Folder::new();
    folder.write(
        "web.yml",
        &users(&[("alice", "secret"), ("bob", "päss:word")]),
    );
    let server = Server::start(Some(&folder.config()), Limits::default());
    for path in ["/metrics", "/", "/-/healthy", "/-/ready", "/nowhere"] {
        for more in [
            String::new(),
            basic("alice:wrong"),
            basic("mallory:secret"),
            basic("alice"),
            basic("alice:"),
        ] {
            let reply = server.get(path, &more);
            assert_eq!(reply.status, 401, "{path} {more}");
            assert!(
                reply
                    .header("www-authenticate")
                    .unwrap()
                    .starts_with("Basic ")
            );
            assert_eq!(reply.text(), "a user and a password are needed\n");
        }
    }
    for pair in ["alice:secret", "bob:päss:word"] {
        let mut stream = server.connect();
        for _ in 0..3 {
            assert_eq!(get(&mut stream, "/metrics", &basic(pair)).status, 200);
        }
    }
    server.join();
}

#[test]
fn users_come_and_go_without_a_restart() {
    let folder = Folder::new();
    folder.write("web.yml", &users(&[("alice", "secret")]));
    let server = Server::start(Some(&folder.config()), Limits::default());
    let status = |pair: &str| server.get("/metrics", &basic(pair)).status;
    assert_eq!([status("alice:secret"), status("bob:new")], [200, 401]);
    folder.write("web.yml", &users(&[("bob", "new")]));
    assert_eq!([status("alice:secret"), status("bob:new")], [401, 200]);
    server.join();
}

#[test]
fn a_broken_configuration_lets_nobody_in_and_says_so_once() {
    let folder = Folder::new();
    folder.write("web.yml", &users(&[("alice", "secret")]));
    let server = Server::start(Some(&folder.config()), Limits::default());
    let mut old = server.connect();
    assert_eq!(
        get(&mut old, "/metrics", &basic("alice:secret")).status,
        200
    );
    for broken in [
        "basic_auth_user: {}\n",
        "",
        "basic_auth_users: {alice: secret}\n",
        "basic_auth_users:\n",
    ] {
        server.lines.lock().unwrap().clear();
        folder.write("web.yml", broken);
        for _ in 0..3 {
            assert_eq!(
                get(&mut old, "/metrics", &basic("alice:secret")).status,
                500
            );
            assert_eq!(server.get("/metrics", "").status, 500);
        }
        let lines = server.lines.lock().unwrap().clone();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].contains("web.yml: ") && lines[0].contains("nobody is let in"),
            "{lines:?}"
        );
    }
    std::fs::remove_file(folder.config()).unwrap();
    assert_eq!(server.get("/metrics", &basic("alice:secret")).status, 500);
    folder.write("web.yml", &users(&[("alice", "other")]));
    assert_eq!(get(&mut old, "/metrics", &basic("alice:other")).status, 200);
    assert_eq!(
        get(&mut old, "/metrics", &basic("alice:secret")).status,
        401
    );
    assert!(
        server
            .lines
            .lock()
            .unwrap()
            .last()
            .unwrap()
            .ends_with("valid again")
    );
    server.join();
}

#[test]
fn a_configuration_that_is_not_valid_starts_nothing() {
    let folder = Folder::new();
    for (text, word) in [
        (None, "No such file"),
        (Some("a"), ""),
        (
            Some("tls_server_config: {cert_file: a.crt, key_file: a.key}"),
            "a.crt: No such file",
        ),
        (
            Some("tls_server_config: {cert_file: web.yml, key_file: a.key}"),
            "no certificate in",
        ),
        (
            Some("tls_server_config: {cert_file: ., key_file: a.key}"),
            "not a file",
        ),
        (
            Some("tls_server_config: {cert: x, key: y}"),
            "no certificate in the web configuration",
        ),
    ] {
        if let Some(text) = text {
            folder.write("web.yml", text);
        }
        let why = service(
            Some(&folder.config()),
            Limits::default(),
            &std::sync::Arc::default(),
        );
        let why = why.expect_err("refused").to_string();
        assert!(why.contains(word), "{text:?}: {why}");
    }
    let why = service(
        Some(folder.path()),
        Limits::default(),
        &std::sync::Arc::default(),
    );
    assert!(why.expect_err("refused").to_string().contains("not a file"));
    folder.write("web.yml", &"#".repeat(2 << 20));
    let why = service(
        Some(&folder.config()),
        Limits::default(),
        &std::sync::Arc::default(),
    );
    assert!(why.expect_err("refused").to_string().contains("longer"));
}

#[test]
fn headers_of_the_configuration_are_on_every_answer() {
    let folder = Folder::new();
    folder.write(
        "web.yml",
        "http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: deny\n    Content-Security-Policy: sandbox\n",
    );
    let server = Server::start(Some(&folder.config()), Limits::default());
    for path in ["/metrics", "/", "/nowhere"] {
        let reply = server.get(path, "");
        assert_eq!(reply.header("x-frame-options"), Some("deny"));
        assert_eq!(
            reply.header("content-security-policy"),
            Some("sandbox"),
            "in the place of our own"
        );
    }
    server.join();
}

#[test]
fn a_rate_is_kept() {
    let folder = Folder::new();
    folder.write("web.yml", "rate_limit:\n  interval: 1h\n  burst: 2\n");
    let server = Server::start(Some(&folder.config()), Limits::default());
    let statuses = [0; 4].map(|_| server.get("/metrics", "").status);
    assert_eq!(statuses, [200, 200, 429, 429]);
    assert_eq!(server.get("/metrics", "").header("retry-after"), Some("1"));
    folder.write("web.yml", "rate_limit:\n  interval: 1ns\n  burst: 2\n");
    wait_until("the new rate is in force", || {
        server.get("/metrics", "").status == 200
    });
    server.join();
}

#[test]
fn a_flood_of_passwords_does_not_stop_a_scrape() {
    let folder = Folder::new();
    let costly = bcrypt::hash("secret", 8).unwrap();
    folder.write(
        "web.yml",
        &format!("basic_auth_users:\n  alice: {costly}\n"),
    );
    let server = Server::start(Some(&folder.config()), Limits::default());
    let mut scraper = server.connect();
    assert_eq!(
        get(&mut scraper, "/metrics", &basic("alice:secret")).status,
        200
    );
    std::thread::scope(|scope| {
        let flood: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| server.get("/metrics", &basic("alice:wrong")).status))
            .collect();
        for _ in 0..20 {
            assert_eq!(
                get(&mut scraper, "/metrics", &basic("alice:secret")).status,
                200
            );
        }
        for attempt in flood {
            let status = attempt.join().unwrap();
            assert!(status == 401 || status == 429, "{status}");
        }
    });
    server.join();
}
