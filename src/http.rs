//! Asking an HTTP server: one GET, its whole answer, within bounds. Credentials come from files and go to
//! the server that was named, and to no other.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ureq::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use ureq::http::{HeaderValue, Uri};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

/// How to prove who asks, and how the server does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// User name of HTTP basic authentication.
    pub username: Option<String>,
    /// The file that holds its password.
    pub password_file: Option<PathBuf>,
    /// The file that holds a bearer token.
    pub bearer_token_file: Option<PathBuf>,
    /// Certificates that the server's has to come from, instead of those that the system trusts.
    pub ca_file: Option<PathBuf>,
    /// The client's certificate, with those that it comes from.
    pub cert_file: Option<PathBuf>,
    /// Its key.
    pub key_file: Option<PathBuf>,
    /// Do not check the server's certificate.
    pub insecure: bool,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address is none.
    #[error("{0}")]
    Url(String),
    /// Settings that do not go together.
    #[error("{0}")]
    Settings(&'static str),
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{} holds no {what}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        what: &'static str,
    },
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum GetError {
    /// No connection, or it broke off.
    #[error("{0}")]
    Connection(String),
    /// The certificate of the server, or that of the client, was not accepted.
    #[error("TLS: {0}")]
    Tls(String),
    /// The server wants the client to have a certificate.
    #[error("TLS: the server asks for a certificate")]
    NoCertificate,
    /// It took too long.
    #[error("no whole answer within {} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// The answer is larger than is read.
    #[error("its answer is larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
    /// It points elsewhere.
    #[error("it redirects to {0}, which is another server")]
    Elsewhere(String),
    /// It points in circles, or nowhere.
    #[error("its redirections lead nowhere")]
    Circles,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Whether it says that it is a page for people.
    pub is_html: bool,
    /// All of it.
    pub body: Vec<u8>,
}

/// More redirections than this are a circle.
const REDIRECTIONS: usize = 5;

/// One server, and how to ask it.
pub struct Client {
    agent: ureq::Agent,
    base: String,
    origin: Origin,
    authorization: Option<HeaderValue>,
    limit: Duration,
    insecure: bool,
}

impl Client {
    /// A client of the server at `url`, below which all paths lie. An answer may take as long as `limit`.
    ///
    /// # Errors
    /// If `url` is no address or holds a password, or a file of `settings` cannot be used.
    pub fn new(url: &str, settings: &Settings, limit: Duration) -> Result<Self, SetupError> {
        let (base, origin) = read_url(url)?;
        let config = ureq::Agent::config_builder()
            .tls_config(tls(settings)?)
            .timeout_global(Some(limit))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("ironkeep/", env!("CARGO_PKG_VERSION")))
            // What the environment names would see the credentials.
            .proxy(None)
            .build();
        Ok(Self {
            agent: config.new_agent(),
            base,
            origin,
            authorization: authorization(settings)?,
            limit,
            insecure: settings.insecure,
        })
    }

    /// The address of the server, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.base
    }

    /// What a person should know before anything is sent.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.insecure && self.origin.is_encrypted() {
            let words = "the certificate of {} is not checked (--insecure): whoever answers there is believed";
            warnings.push(words.replace("{}", &self.base));
        }
        if self.authorization.is_some() && !self.origin.is_encrypted() && !self.origin.is_here() {
            let words = "the password or token goes to {} without encryption";
            warnings.push(words.replace("{}", &self.base));
        }
        warnings
    }

    /// Gets `path` with `query`, at most `most` bytes of it. Follows redirections within the server.
    ///
    /// # Errors
    /// If there is no whole answer. Any status is an answer.
    pub fn get(&self, path: &str, query: &[(&str, &str)], most: u64) -> Result<Answer, GetError> {
        let mut target = format!("{}{path}", self.base);
        let mut query = query;
        for _ in 0..=REDIRECTIONS {
            let mut request = self.agent.get(&target).query_pairs(query.iter().copied());
            if let Some(value) = &self.authorization {
                request = request.header(AUTHORIZATION, value);
            }
            let mut response = request.call().map_err(|error| self.failed(error, most))?;
            let status = response.status();
            if status.is_redirection() {
                let location = response.headers().get(LOCATION);
                let location = location.and_then(|value| value.to_str().ok());
                target = self.follow(location.ok_or(GetError::Circles)?)?;
                query = &[];
                continue;
            }
            let kind = response.headers().get(CONTENT_TYPE);
            let is_html = kind
                .and_then(|value| value.to_str().ok())
                .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"));
            let body = response.body_mut().with_config().limit(most).read_to_vec();
            return Ok(Answer {
                status: status.as_u16(),
                is_html,
                body: body.map_err(|error| self.failed(error, most))?,
            });
        }
        Err(GetError::Circles)
    }

    /// The address that a redirection names, if it is on the same server.
    fn follow(&self, location: &str) -> Result<String, GetError> {
        if location.starts_with('/') && !location.starts_with("//") {
            return Ok(format!("{}{location}", self.origin));
        }
        let uri: Uri = location.parse().map_err(|_| GetError::Circles)?;
        match Origin::of(&uri) {
            Some(origin) if origin == self.origin => Ok(location.to_owned()),
            Some(other) => Err(GetError::Elsewhere(other.to_string())),
            None => Err(GetError::Circles),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other errors have words of their own that say enough"
    )]
    fn failed(&self, error: ureq::Error, most: u64) -> GetError {
        match error {
            ureq::Error::Timeout(_) => GetError::TimedOut(self.limit),
            ureq::Error::BodyExceedsLimit(_) => GetError::TooLarge(most),
            ureq::Error::Rustls(error) => GetError::Tls(error.to_string()),
            ureq::Error::Tls(words) => GetError::Tls(words.to_owned()),
            ureq::Error::HostNotFound => {
                GetError::Connection(format!("no such host: {}", self.origin.host))
            }
            // What rustls has to say comes as data that make no sense.
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                let words = error.to_string();
                if words.contains("CertificateRequired") {
                    GetError::NoCertificate
                } else {
                    GetError::Tls(words)
                }
            }
            ureq::Error::Io(error) => GetError::Connection(error.to_string()),
            other => GetError::Connection(other.to_string()),
        }
    }
}

/// Scheme, host and port of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme_str()?;
        let usual = match scheme {
            "http" => 80,
            "https" => 443,
            _ => return None,
        };
        Some(Self {
            scheme: scheme.to_owned(),
            host: uri.host()?.to_ascii_lowercase(),
            port: uri.port_u16().unwrap_or(usual),
        })
    }

    fn is_encrypted(&self) -> bool {
        self.scheme == "https"
    }

    /// Whether it is this host.
    fn is_here(&self) -> bool {
        let host = self.host.trim_matches(['[', ']']);
        let address: Option<std::net::IpAddr> = host.parse().ok();
        host == "localhost" || address.is_some_and(|it| it.is_loopback())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

/// Whether two addresses are of one server: then what proves who asks is meant for both.
pub fn is_same_server(one: &str, other: &str) -> bool {
    match (read_url(one), read_url(other)) {
        (Ok((_, one)), Ok((_, other))) => one == other,
        _ => false,
    }
}

/// The address without a slash at its end, and its server. The words of an error never repeat what may
/// hold a password.
fn read_url(url: &str) -> Result<(String, Origin), SetupError> {
    let wrong = |words: &str| SetupError::Url(words.to_owned());
    let uri: Uri = url
        .parse()
        .map_err(|_| wrong("it is no URL; expected one as http://prometheus.example:9090"))?;
    let authority = uri.authority().map_or("", |it| it.as_str());
    if authority.contains('@') {
        return Err(wrong(
            "it holds a user name or a password, which everybody on the host could read",
        ));
    }
    if uri.query().is_some() || url.contains('#') {
        return Err(wrong("it must end with a path: no “?” and no “#”"));
    }
    let Some(origin) = Origin::of(&uri) else {
        let words = format!("“{url}” does not begin with http:// or https:// and a host");
        return Err(SetupError::Url(words));
    };
    Ok((url.trim_end_matches('/').to_owned(), origin))
}

fn authorization(settings: &Settings) -> Result<Option<HeaderValue>, SetupError> {
    let words = match (
        &settings.username,
        &settings.password_file,
        &settings.bearer_token_file,
    ) {
        (None, None, None) => return Ok(None),
        (None, None, Some(path)) => format!("Bearer {}", secret(path, "token")?),
        (Some(name), Some(path), None) => {
            if name.contains(':') {
                return Err(SetupError::Settings("a user name cannot hold a colon"));
            }
            let password = secret(path, "password")?;
            let pair = BASE64_STANDARD.encode(format!("{name}:{password}"));
            format!("Basic {pair}")
        }
        (_, _, Some(_)) => {
            let words = "a bearer token and a user name cannot be used together";
            return Err(SetupError::Settings(words));
        }
        (Some(_), None, None) => {
            return Err(SetupError::Settings(
                "a user name needs the file that holds the password",
            ));
        }
        (None, Some(_), None) => {
            return Err(SetupError::Settings("a password needs a user name"));
        }
    };
    let mut value = HeaderValue::try_from(words)
        .map_err(|_| SetupError::Settings("the token holds characters that HTTP cannot carry"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// The secret in a file, without the white space around it, as Prometheus reads such files.
fn secret(path: &Path, what: &'static str) -> Result<String, SetupError> {
    let empty = || SetupError::Content {
        path: path.to_owned(),
        what,
    };
    let text = String::from_utf8(read(path)?).map_err(|_| empty())?;
    match text.trim() {
        "" => Err(empty()),
        secret => Ok(secret.to_owned()),
    }
}

fn tls(settings: &Settings) -> Result<TlsConfig, SetupError> {
    let roots = match &settings.ca_file {
        Some(path) => RootCerts::new_with_certs(&certificates(path)?),
        None => RootCerts::PlatformVerifier,
    };
    let client = match (&settings.cert_file, &settings.key_file) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some(ClientCert::new_with_certs(
            &certificates(certificate)?,
            private_key(key)?,
        )),
        _ => {
            return Err(SetupError::Settings(
                "the client's certificate and its key are needed together",
            ));
        }
    };
    Ok(TlsConfig::builder()
        .root_certs(roots)
        .client_cert(client)
        .disable_verification(settings.insecure)
        .build())
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, SetupError> {
    let mut found = Vec::new();
    for item in parse_pem(&read(path)?) {
        if let Ok(PemItem::Certificate(certificate)) = item {
            found.push(certificate);
        }
    }
    if found.is_empty() {
        return Err(SetupError::Content {
            path: path.to_owned(),
            what: "certificate in PEM form",
        });
    }
    Ok(found)
}

fn private_key(path: &Path) -> Result<PrivateKey<'static>, SetupError> {
    PrivateKey::from_pem(&read(path)?).map_err(|_| SetupError::Content {
        path: path.to_owned(),
        what: "private key in PEM form without a passphrase",
    })
}

fn read(path: &Path) -> Result<Vec<u8>, SetupError> {
    fs::read(path).map_err(|source| SetupError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(url: &str, settings: &Settings) -> Result<Client, String> {
        Client::new(url, settings, Duration::from_secs(1)).map_err(|error| error.to_string())
    }

    #[test]
    fn an_address_loses_its_last_slash_and_keeps_its_path() {
        let plain = Settings::default();
        let url = |text| client(text, &plain).map(|it| it.url().to_owned());
        assert_eq!(url("http://db1:9090/").unwrap(), "http://db1:9090");
        assert_eq!(url("https://x/prom/").unwrap(), "https://x/prom");
    }

    #[test]
    fn what_is_no_address_is_refused_and_no_password_is_repeated() {
        for (url, words) in [
            ("db1:9090", "does not begin with http"),
            ("ftp://db1", "does not begin with http"),
            ("http://", "no URL"),
            ("not an address", "no URL"),
            ("http://db1/graph?g0.expr=up", "no “?”"),
            ("http://me:secret@db1:9090", "a user name or a password"),
        ] {
            let error = client(url, &Settings::default()).err().unwrap();
            assert!(error.contains(words), "{url}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn redirections_stay_on_the_server() {
        let client = client("http://Db1/prom", &Settings::default()).unwrap();
        let follow = |location| client.follow(location).map_err(|error| error.to_string());
        assert_eq!(follow("/login").unwrap(), "http://db1:80/login");
        assert_eq!(follow("http://db1:80/x").unwrap(), "http://db1:80/x");
        for elsewhere in ["https://db1/x", "http://db2/x?token=1", "http://db1:81/"] {
            let error = follow(elsewhere).unwrap_err();
            assert!(error.contains("another server"), "{error}");
            assert!(!error.contains("token"), "{error}");
        }
        assert!(follow("//db2/x").is_err());
        assert!(follow("x").is_err());
    }

    #[test]
    fn settings_that_do_not_go_together_are_refused() {
        let path = || Some(PathBuf::from("/nonexistent"));
        let name = || Some("me".to_owned());
        for (settings, words) in [
            (
                Settings {
                    username: name(),
                    ..Settings::default()
                },
                "needs the file",
            ),
            (
                Settings {
                    password_file: path(),
                    ..Settings::default()
                },
                "needs a user name",
            ),
            (
                Settings {
                    username: name(),
                    bearer_token_file: path(),
                    ..Settings::default()
                },
                "cannot be used together",
            ),
            (
                Settings {
                    key_file: path(),
                    ..Settings::default()
                },
                "needed together",
            ),
            (
                Settings {
                    ca_file: path(),
                    ..Settings::default()
                },
                "cannot read /nonexistent",
            ),
        ] {
            let error = client("https://db1", &settings).err().unwrap();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn one_is_told_of_what_is_not_safe() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        fs::write(&file, "abc\n").unwrap();
        let token = Settings {
            bearer_token_file: Some(file),
            ..Settings::default()
        };
        let warnings = |url, settings| client(url, settings).unwrap().warnings().len();
        assert_eq!(warnings("http://db1", &token), 1);
        assert_eq!(warnings("https://db1", &token), 0);
        assert_eq!(warnings("http://127.0.0.1:9090", &token), 0);
        assert_eq!(warnings("http://[::1]:9090", &token), 0);
        let plain = Settings::default();
        assert_eq!(warnings("http://db1", &plain), 0);
        let insecure = Settings {
            insecure: true,
            ..Settings::default()
        };
        assert_eq!(warnings("https://db1", &insecure), 1);
    }

    #[test]
    fn a_secret_never_shows_in_debug_output_and_loses_its_newline() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs::write(&file, "open sesame\n").unwrap();
        let settings = Settings {
            username: Some("me".to_owned()),
            password_file: Some(file.clone()),
            ..Settings::default()
        };
        let value = authorization(&settings).unwrap().unwrap();
        assert_eq!(value.to_str().unwrap(), "Basic bWU6b3BlbiBzZXNhbWU=");
        assert_eq!(format!("{value:?}"), "Sensitive");
        fs::write(&file, " \n").unwrap();
        let error = authorization(&settings).unwrap_err().to_string();
        assert!(error.ends_with("holds no password"), "{error}");
    }
}
