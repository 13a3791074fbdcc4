//! TLS: who gets through, who does not, and certificates that change.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use ironkeep::exporter::web::{Limits, san};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};
use tokio_rustls::rustls;

use crate::material::{Authority, Folder, Identity, TLS};
use crate::server::{FOREVER, Reply, Server, connect, ends, read_reply, try_get};

/// What a client shows and accepts.
struct Client<'a> {
    authority: &'a Authority,
    identity: Option<&'a Identity>,
    versions: &'a [&'static SupportedProtocolVersion],
}

impl<'a> Client<'a> {
    fn of(authority: &'a Authority) -> Self {
        Self {
            authority,
            identity: None,
            versions: rustls::ALL_VERSIONS,
        }
    }

    fn with(authority: &'a Authority, identity: &'a Identity) -> Self {
        Self {
            identity: Some(identity),
            ..Self::of(authority)
        }
    }

    /// The answer to a request over TLS; `None` where there is none to be had.
    fn get(&self, server: &Server) -> Option<Reply> {
        try_get(&mut self.connect(server), "/metrics", "")
    }

    fn is_let_in(&self, server: &Server) -> bool {
        self.get(server).is_some_and(|reply| reply.status == 200)
    }

    fn connect(&self, server: &Server) -> StreamOwned<ClientConnection, TcpStream> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(self.authority.pem.as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(self.versions)
            .unwrap()
            .with_root_certificates(roots);
        let config = match self.identity {
            None => config.with_no_client_auth(),
            Some(identity) => {
                let chain =
                    vec![CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap()];
                let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
                config.with_client_auth_cert(chain, key).unwrap()
            }
        };
        let name = "localhost".try_into().unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        StreamOwned::new(connection, connect(server.address))
    }
}

fn server(folder: &Folder, more: &str) -> Server {
    folder.write("web.yml", &format!("{TLS}{more}"));
    Server::start(Some(&folder.config()), Limits::default())
}

fn folder() -> (Folder, Authority) {
    let (folder, authority) = (Folder::new(), Authority::new());
    folder.write_identity(&authority.server());
    (folder, authority)
}

#[test]
fn both_versions_are_spoken_and_limited() {
    let (folder, authority) = folder();
    let [old, new] = [&rustls::version::TLS12, &rustls::version::TLS13];
    for (more, expected) in [
        ("", [true, true]),
        ("  min_version: TLS13\n", [false, true]),
        ("  max_version: TLS12\n", [true, false]),
        (
            "  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]\n",
            [true, true],
        ),
        (
            "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n",
            [false, true],
        ),
        ("  cipher_suites: [TLS_AES_128_GCM_SHA256]\n", [false, true]),
        (
            "  curve_preferences: [CurveP384]\n  prefer_server_cipher_suites: false\n",
            [true, true],
        ),
    ] {
        let server = server(&folder, more);
        let is_let_in = [old, new].map(|version| {
            Client {
                versions: &[version],
                ..Client::of(&authority)
            }
            .is_let_in(&server)
        });
        assert_eq!(is_let_in, expected, "{more}");
        server.join();
    }
}

#[test]
fn what_is_no_tls_is_refused() {
    let (folder, authority) = folder();
    let server = server(&folder, "");
    // To people, in words.
    let reply = server.get("/metrics", "");
    assert_eq!(reply.status, 400);
    assert!(reply.text().contains("https://"));
    // TLS 1.1: a ClientHello as such a client sends it.
    let random = [7; 32];
    let mut body = vec![3, 2];
    body.extend(random);
    body.extend([0, 0, 4, 0xc0, 0x14, 0, 0x35, 1, 0]);
    let mut hello = vec![
        0x16,
        3,
        1,
        0,
        u8::try_from(body.len() + 4).unwrap(),
        1,
        0,
        0,
    ];
    hello.push(u8::try_from(body.len()).unwrap());
    hello.extend(body);
    let mut stream = server.connect();
    stream.write_all(&hello).unwrap();
    let mut said = Vec::new();
    drop(stream.read_to_end(&mut said));
    assert_eq!(said.first(), Some(&0x15), "an alert, and then the end");
    // Anything.
    for bytes in [
        &b"\x16\x03\x01\xff\xff"[..],
        b"\x16",
        b"\x80\x2e\x01\x00\x02",
        b"\0\0\0\0",
        b"\xff\xff",
    ] {
        let mut stream = server.connect();
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(ends(&mut stream));
    }
    assert!(Client::of(&authority).is_let_in(&server));
    server.join();
}

#[test]
fn a_handshake_that_never_ends_ends_the_connection() {
    let (folder, authority) = folder();
    folder.write("web.yml", TLS);
    let limits = Limits {
        handshake: Duration::from_secs(1),
        ..Limits::default()
    };
    let server = Server::start(Some(&folder.config()), limits);
    for begin in [&b""[..], b"\x16\x03\x01"] {
        let mut stream = server.connect();
        stream.write_all(begin).unwrap();
        assert!(ends(&mut stream));
    }
    assert!(Client::of(&authority).is_let_in(&server));
    server.join();
}

#[test]
fn the_five_policies_for_clients_mean_what_they_mean_in_go() {
    let (folder, authority) = folder();
    let stranger = Authority::new();
    folder.write("ca.crt", &authority.pem);
    let (own, foreign, expired) = (
        authority.client(&["a.example"]),
        stranger.client(&["a.example"]),
        authority.expired_client(),
    );
    let ca = "  client_ca_file: ca.crt\n";
    // Nobody's certificate, ours, a stranger's, one that has expired, that of a server.
    let as_server = authority.server_only();
    for (policy, more, expected) in [
        ("NoClientCert", "", [true, true, true, true, true]),
        ("RequestClientCert", "", [true, true, true, true, true]),
        ("RequireAnyClientCert", "", [false, true, true, true, true]),
        (
            "VerifyClientCertIfGiven",
            ca,
            [true, true, false, false, false],
        ),
        (
            "RequireAndVerifyClientCert",
            ca,
            [false, true, false, false, false],
        ),
    ] {
        let server = server(&folder, &format!("  client_auth_type: {policy}\n{more}"));
        for version in rustls::ALL_VERSIONS {
            let is_let_in = [
                None,
                Some(&own),
                Some(&foreign),
                Some(&expired),
                Some(&as_server),
            ]
            .map(|identity| {
                Client {
                    authority: &authority,
                    identity,
                    versions: &[version],
                }
                .is_let_in(&server)
            });
            assert_eq!(is_let_in, expected, "{policy} {version:?}");
        }
        server.join();
    }
}

#[test]
fn the_names_of_clients_can_be_limited() {
    let (folder, authority) = folder();
    folder.write("ca.crt", &authority.pem);
    let allowed = "prometheus.example, 192.0.2.7, 2001:db8::7, me@a.example, spiffe://a/b";
    let server = server(
        &folder,
        &format!(
            "  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: ca.crt\n  client_allowed_sans: [{allowed}]\n"
        ),
    );
    for (name, expected) in [
        ("prometheus.example", true),
        ("192.0.2.7", true),
        ("2001:db8::7", true),
        ("me@a.example", true),
        ("spiffe://a/b", true),
        ("other.example", false),
        ("192.0.2.8", false),
        ("a.prometheus.example", false),
        ("*.example", false),
    ] {
        let identity = authority.client(&["first.example", name]);
        assert_eq!(
            Client::with(&authority, &identity).is_let_in(&server),
            expected,
            "{name}"
        );
    }
    assert!(
        !Client::with(&authority, &authority.client(&[])).is_let_in(&server),
        "no name at all"
    );
    assert!(
        !Client::of(&authority).is_let_in(&server),
        "and no certificate, no name"
    );
    server.join();
}

#[test]
fn names_are_found_in_certificates_and_nowhere_else() {
    let identity = Authority::new().client(&["a.example", "192.0.2.7", "me@a.example"]);
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap();
    assert_eq!(
        san::names(&certificate),
        ["a.example", "192.0.2.7", "me@a.example"]
    );
    for end in 0..certificate.len() {
        drop(san::names(&certificate[..end]));
        let mut damaged = certificate.to_vec();
        damaged[end] ^= 0xff;
        drop(san::names(&damaged));
    }
    assert!(san::names(b"\x30\x84\xff\xff\xff\xff").is_empty());
    assert!(san::names(b"").is_empty());
}

#[test]
fn certificates_change_without_a_restart() {
    let (folder, first) = folder();
    let server = server(&folder, "");
    let mut old = Client::of(&first).connect(&server);
    assert_eq!(try_get(&mut old, "/metrics", "").unwrap().status, 200);
    let second = Authority::new();
    let identity = second.server();
    // Half of the way: the key is not that of the certificate.
    folder.write("server.crt", &identity.certificate);
    assert!(Client::of(&second).get(&server).is_none());
    assert!(Client::of(&first).get(&server).is_none());
    folder.write_identity(&identity);
    assert!(Client::of(&second).is_let_in(&server));
    assert!(
        Client::of(&first).get(&server).is_none(),
        "signed by somebody else now"
    );
    assert_eq!(
        try_get(&mut old, "/metrics", "").unwrap().status,
        200,
        "this one is through already"
    );
    folder.write("server.key", "");
    assert!(Client::of(&second).get(&server).is_none());
    assert!(Client::of(&second).get(&server).is_none());
    std::fs::remove_file(folder.path().join("server.key")).unwrap();
    assert!(Client::of(&second).get(&server).is_none());
    folder.write_identity(&identity);
    assert!(Client::of(&second).is_let_in(&server));
    let lines = server.lines.lock().unwrap().clone();
    let count = |word: &str| lines.iter().filter(|line| line.contains(word)).count();
    assert_eq!(
        [
            count("no private key"),
            count("No such file"),
            count("valid again")
        ],
        [1, 1, 2],
        "{lines:?}"
    );
    server.join();
}

#[test]
fn who_signs_for_clients_changes_without_a_restart() {
    let (folder, authority) = folder();
    let other = Authority::new();
    folder.write("ca.crt", &authority.pem);
    let server = server(
        &folder,
        "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n",
    );
    let identities = [authority.client(&["a"]), other.client(&["a"])];
    let is_let_in = || {
        identities
            .each_ref()
            .map(|it| Client::with(&authority, it).is_let_in(&server))
    };
    assert_eq!(is_let_in(), [true, false]);
    folder.write("ca.crt", &other.pem);
    assert_eq!(is_let_in(), [false, true]);
    folder.write("ca.crt", "");
    assert_eq!(is_let_in(), [false, false]);
    // Nor does a section that has gone let anybody in.
    folder.write("web.yml", "");
    assert_eq!(is_let_in(), [false, false]);
    server.join();
}

#[test]
fn keys_inline_and_requests_over_tls() {
    let (folder, authority) = (Folder::new(), Authority::new());
    let identity = authority.server();
    let indent = |text: &str| {
        let lines: Vec<String> = text.lines().map(|it| format!("    {it}\n")).collect();
        lines.concat()
    };
    let text = format!(
        "tls_server_config:\n  cert: |\n{}  key: |\n{}",
        indent(&identity.certificate),
        indent(&identity.key)
    );
    folder.write("web.yml", &text);
    let server = Server::start(Some(&folder.config()), Limits::default());
    let mut stream = Client::of(&authority).connect(&server);
    stream.sock.set_read_timeout(Some(FOREVER)).unwrap();
    for _ in 0..2 {
        assert_eq!(
            try_get(&mut stream, "/", "Accept-Encoding: gzip\r\n")
                .unwrap()
                .text(),
            "gzip of html"
        );
    }
    let long = format!(
        "GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
        "x".repeat(20_000)
    );
    stream.write_all(long.as_bytes()).unwrap();
    assert_eq!(read_reply(&mut stream, true).unwrap().status, 431);
    server.join();
}

#[test]
fn a_key_that_everybody_can_read_is_worth_a_word() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, _) = folder();
    let key = folder.path().join("server.key");
    for (mode, expected) in [(0o644, 1), (0o600, 0), (0o640, 0)] {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
        let server = server(&folder, "");
        let lines = server.lines.lock().unwrap().clone();
        assert_eq!(
            lines
                .iter()
                .filter(|line| line.contains("private key"))
                .count(),
            expected
        );
        server.join();
    }
}
