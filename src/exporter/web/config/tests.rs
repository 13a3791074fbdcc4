use proptest::prelude::*;

use super::*;

const HASH: &str = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

fn parse(text: &str) -> Result<WebConfig, String> {
    WebConfig::parse(text, Path::new("/etc/web")).map_err(|error| error.to_string())
}

fn tls(more: &str) -> Result<TlsSettings, String> {
    let lines: Vec<String> = more
        .lines()
        .map(|line| format!("  {}\n", line.trim()))
        .collect();
    let lines = lines.concat();
    let text = format!("tls_server_config:\n  cert_file: a.crt\n  key_file: /b.key\n{lines}");
    parse(&text).map(|config| config.tls.unwrap())
}

#[test]
fn everything_can_be_said() {
    let text = format!(
        r#"
tls_server_config:
  cert_file: server.crt
  key_file: /keys/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
  client_allowed_sans: [prometheus.example, 192.0.2.1]
  min_version: TLS12
  max_version: TLS13
  cipher_suites:
    - TLS_AES_128_GCM_SHA256
    - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
  prefer_server_cipher_suites: false
  curve_preferences: [X25519, CurveP256]
http_server_config:
  http2: true
  headers:
    Strict-Transport-Security: max-age=31536000
    X-Frame-Options: deny
    X-XSS-Protection: ""
basic_auth_users:
  alice: {HASH}
  12345: "{HASH}"
rate_limit:
  interval: 1m0.5s
  burst: 20
"#
    );
    let config = parse(&text).unwrap();
    let expected = TlsSettings {
        certificate: Pem::File("/etc/web/server.crt".into()),
        key: Pem::File("/keys/server.key".into()),
        client_auth: ClientAuth::RequireAndVerify,
        client_ca: Some(Pem::File("/etc/web/ca.crt".into())),
        client_names: vec!["prometheus.example".to_owned(), "192.0.2.1".to_owned()],
        min_version: TlsVersion::Tls12,
        max_version: TlsVersion::Tls13,
        ciphers: vec![Cipher::Aes128Sha256, Cipher::RsaAes256],
        prefer_own_ciphers: false,
        curves: vec![Curve::X25519, Curve::P256],
    };
    assert_eq!(config.tls, Some(expected));
    let headers: Vec<_> = config
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(headers, ["strict-transport-security", "x-frame-options"]);
    let users: Vec<_> = config.users.keys().collect();
    assert_eq!(users, ["12345", "alice"]);
    let rate = RateLimit {
        interval: Duration::from_millis(60_500),
        burst: 20,
    };
    assert_eq!(config.rate_limit, Some(rate));
    assert!(
        !format!("{config:?}").contains("$2y$"),
        "hashes are not shown"
    );
}

#[test]
fn nothing_need_be_said() {
    let nothing = [
        "",
        "# only a comment\n",
        "---\n",
        "{}",
        "tls_server_config:\nbasic_auth_users:\nhttp_server_config:\nrate_limit:\n",
        "tls_server_config: {}",
        "tls_server_config:\n  cert_file: ''\n  key_file: ''\n  min_version: TLS13",
        "rate_limit:\n  interval: 0\n  burst: 0",
        "rate_limit:\n  interval: 0s",
    ];
    for text in nothing {
        assert_eq!(parse(text), Ok(WebConfig::default()), "{text:?}");
    }
}

#[test]
fn the_five_policies_have_the_names_of_go() {
    for (name, expected) in [
        ("NoClientCert", ClientAuth::None),
        ("RequestClientCert", ClientAuth::Request),
        ("RequireAnyClientCert", ClientAuth::RequireAny),
        ("RequireClientCert", ClientAuth::RequireAny),
    ] {
        let tls = tls(&format!("client_auth_type: {name}")).unwrap();
        assert_eq!(tls.client_auth, expected);
    }
    for (name, expected) in [
        ("VerifyClientCertIfGiven", ClientAuth::VerifyIfGiven),
        ("RequireAndVerifyClientCert", ClientAuth::RequireAndVerify),
    ] {
        let with_ca = tls(&format!("client_auth_type: {name}\nclient_ca_file: ca"));
        assert_eq!(with_ca.unwrap().client_auth, expected);
        assert!(
            tls(&format!("client_auth_type: {name}")).is_err(),
            "who signs?"
        );
    }
}

#[test]
fn what_cannot_be_done_is_refused_in_words() {
    let with = |text: &str| tls(text).unwrap_err();
    for (text, word) in [
        ("min_version: TLS11", "broken"),
        ("min_version: TLS10", "broken"),
        ("max_version: SSL3", "unknown TLS version"),
        ("min_version: TLS13\nmax_version: TLS12", "above"),
        ("client_auth_type: Always", "unknown client_auth_type"),
        ("client_ca_file: ca.crt", "no effect"),
        ("client_allowed_sans: [a]", "no effect"),
        ("cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]", "CBC"),
        (
            "cipher_suites: [TLS_RSA_WITH_AES_128_GCM_SHA256]",
            "forward secrecy",
        ),
        ("cipher_suites: [ROT13]", "unknown"),
        (
            "cipher_suites: [TLS_AES_128_GCM_SHA256]\nmax_version: TLS12",
            "TLS 1.2",
        ),
        ("curve_preferences: [CurveP521]", "not spoken"),
        ("curve_preferences: [Curve25519]", "unknown curve"),
        ("cert: inline", "both cert and cert_file"),
        ("insecure_skip_verify: true", "insecure_skip_verify"),
    ] {
        let why = with(text);
        assert!(why.contains(word), "{text}: {why}");
    }
    for (text, word) in [
        ("tls_server_config:\n  cert_file: a", "key"),
        ("tls_server_config:\n  key_file: a", "cert"),
        (
            "tls_server_config:\n  client_auth_type: NoClientCert",
            "cert",
        ),
        ("tls_config:\n  cert_file: a", "tls_config"),
        ("basic_auth_users:\n  a: secret", "bcrypt"),
        (
            "basic_auth_users:\n  a: $2y$10$X0h1gDsPszWURQaxFh",
            "bcrypt",
        ),
        (
            "basic_auth_users:\n  a: $2x$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG",
            "bcrypt",
        ),
        (
            "basic_auth_users:\n  a: $2y$03$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG",
            "cost",
        ),
        ("basic_auth_users: [a, b]", ""),
        ("http_server_config:\n  headers:\n    Server: x", "Server"),
        (
            "http_server_config:\n  headers:\n    X-Frame-Options: ALLOW",
            "deny or sameorigin",
        ),
        (
            "http_server_config:\n  headers:\n    Content-Security-Policy: \"a\\nb\"",
            "cannot be sent",
        ),
        ("rate_limit:\n  interval: 1s", "burst"),
        ("rate_limit:\n  interval: soon\n  burst: 1", "duration"),
        ("[]", ""),
        ("a: b: c", ""),
        ("tls_server_config: 1", ""),
        ("basic_auth_users: {}\nbasic_auth_users: {}", "duplicate"),
    ] {
        let why = parse(text).unwrap_err();
        assert!(why.contains(word), "{text}: {why}");
    }
}

#[test]
fn no_failure_quotes_a_secret() {
    for text in [
        format!("basic_auth_users: \"{HASH}\""),
        format!("basic_auth_users:\n  - {HASH}"),
        format!("basic_auth_users:\n  a: {HASH}x"),
        format!("basic_auth_users:\n  a: {HASH}\n  a: {HASH}"),
        format!("tls_server_config: {HASH}"),
        format!("tls_server_config:\n  key: [{HASH}]\n"),
        format!("tls_server_config:\n  key: {{ a: {HASH} }}\n"),
        format!("basic_auth_users:\n  a: {HASH}\n b: {HASH}\n"),
        format!("http_server_config:\n  http2: {HASH}\n"),
    ] {
        let why = parse(&text).unwrap_err();
        assert!(!why.contains("X0h1gDs"), "{text}: {why}");
    }
}

#[test]
fn durations_are_those_of_go() {
    for (text, nanoseconds) in [
        ("0", 0),
        ("1s", 1_000_000_000),
        ("1.5h", 5_400_000_000_000),
        ("1m30s", 90_000_000_000),
        ("500ms", 500_000_000),
        ("10us", 10_000),
        ("7ns", 7),
    ] {
        assert_eq!(
            duration(text),
            Some(Duration::from_nanos(nanoseconds)),
            "{text}"
        );
    }
    for text in [
        "",
        "1",
        "s",
        "-1s",
        "1d",
        "1 s",
        "1e3s",
        "..s",
        "99999999999999999999999999h",
    ] {
        assert_eq!(duration(text), None, "{text}");
    }
}

/// Pieces of configurations, well and badly put together.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "tls_server_config:",
        "cert_file:",
        "key_file:",
        "client_auth_type:",
        "min_version:",
        "http_server_config:",
        "headers:",
        "basic_auth_users:",
        "rate_limit:",
        "interval:",
        "burst:",
        "cipher_suites:",
        "curve_preferences:",
        "client_allowed_sans:",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "'",
        "\"",
        "&a ",
        "*a",
        "<<: ",
        "!!binary ",
        "|",
        ">",
        "%YAML",
        "---\n",
        "...",
        "#",
        "\t",
        "\0",
        "TLS12",
        "a",
        "1s",
        "0",
        "1e999",
        "~",
        "x",
        "$2y$10$",
        HASH,
        ",",
        ": ",
        "é",
        "\u{feff}",
        "\u{2028}",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        drop(parse(&text));
    }

    #[test]
    fn no_configuration_makes_it_panic(text in pieces()) {
        drop(parse(&text));
    }
}
