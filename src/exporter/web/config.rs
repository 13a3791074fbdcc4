//! The web configuration: a file in the format that exporters share (`--web.config.file`). Pure.
//!
//! Its keys and their meaning are those of Prometheus' exporter-toolkit. What this program cannot do is
//! refused, never passed over: a file that promises more protection than there is would be worse than
//! none. `http2` alone is read and has no effect: HTTP/1.1 is all that is spoken here.

mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hyper::header::{HeaderName, HeaderValue};
use serde::Deserialize;

pub use words::{Cipher, ClientAuth, Curve, TlsVersion};

/// What a web configuration says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WebConfig {
    /// How TLS is spoken; `None`: it is not.
    pub tls: Option<TlsSettings>,
    /// Headers of every answer.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The bcrypt hashes of the passwords, by user; empty: everybody may see everything.
    pub users: BTreeMap<String, Secret>,
    /// How many requests are answered in a time; `None`: all.
    pub rate_limit: Option<RateLimit>,
}

/// How TLS is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSettings {
    /// The certificate and those that it is signed by, in PEM.
    pub certificate: Pem,
    /// Its private key, in PEM.
    pub key: Pem,
    /// Whether clients have to show a certificate.
    pub client_auth: ClientAuth,
    /// Who signs the certificates of clients, in PEM.
    pub client_ca: Option<Pem>,
    /// The names of which a client's certificate must bear one; empty: any.
    pub client_names: Vec<String>,
    /// The oldest version.
    pub min_version: TlsVersion,
    /// The newest version.
    pub max_version: TlsVersion,
    /// The cipher suites of TLS 1.2; empty: all that are safe.
    pub ciphers: Vec<Cipher>,
    /// Whether the server's order of cipher suites goes before the client's.
    pub prefer_own_ciphers: bool,
    /// The groups of the key exchange, the best first; empty: all.
    pub curves: Vec<Curve>,
}

/// Something in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pem {
    /// In a file, which is read again whenever it changes.
    File(PathBuf),
    /// In the configuration itself.
    Inline(Secret),
}

/// How many requests are answered in a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    /// The time in which one more is answered.
    pub interval: Duration,
    /// How many are answered at once.
    pub burst: u32,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(secret)")
    }
}

/// Why a web configuration is not valid. Quotes nothing that may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(String);

impl Invalid {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    tls_server_config: Option<Tls>,
    http_server_config: Option<Http>,
    basic_auth_users: Option<BTreeMap<String, Secret>>,
    rate_limit: Option<Rate>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Tls {
    cert: Option<Secret>,
    key: Option<Secret>,
    client_ca: Option<Secret>,
    cert_file: Option<String>,
    key_file: Option<String>,
    client_ca_file: Option<String>,
    client_auth_type: Option<String>,
    client_allowed_sans: Option<Vec<String>>,
    min_version: Option<String>,
    max_version: Option<String>,
    cipher_suites: Option<Vec<String>>,
    prefer_server_cipher_suites: Option<bool>,
    curve_preferences: Option<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Http {
    /// Has no effect: HTTP/2 is never spoken.
    http2: Option<bool>,
    headers: Option<BTreeMap<String, String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rate {
    interval: Option<String>,
    burst: Option<u32>,
}

impl WebConfig {
    /// What `text` says, of a file in `folder`: relative paths begin there.
    ///
    /// # Errors
    /// If it is not a web configuration, or asks for what there is not.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Invalid> {
        let mut options = serde_saphyr::Options::default();
        // A picture of the lines around a mistake would bring hashes and keys to the log.
        options.with_snippet = false;
        let file: Option<File> = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| Invalid::new(error.to_string()))?;
        let file = file.unwrap_or_default();
        let users = file.basic_auth_users.unwrap_or_default();
        for (user, hash) in &users {
            is_bcrypt(hash.expose()).map_err(|why| Invalid(format!("user {user:?}: {why}")))?;
        }
        Ok(Self {
            tls: file
                .tls_server_config
                .and_then(|tls| tls.read(folder).transpose())
                .transpose()?,
            headers: headers(file.http_server_config.unwrap_or_default())?,
            users,
            rate_limit: file.rate_limit.map(Rate::read).transpose()?.flatten(),
        })
    }
}

impl Tls {
    /// `None` where nothing of it asks for TLS, as the toolkit judges.
    fn read(self, folder: &Path) -> Result<Option<TlsSettings>, Invalid> {
        let certificate = pem(self.cert, self.cert_file, "cert", folder)?;
        let key = pem(self.key, self.key_file, "key", folder)?;
        let client_ca = pem(self.client_ca, self.client_ca_file, "client_ca", folder)?;
        let policy = self.client_auth_type.filter(|it| !it.is_empty());
        let (certificate, key) = match (certificate, key) {
            (Some(certificate), Some(key)) => (certificate, key),
            (None, None) if client_ca.is_none() && policy.is_none() => return Ok(None),
            (None, _) => return Err(Invalid::new("neither cert nor cert_file")),
            (_, None) => return Err(Invalid::new("neither key nor key_file")),
        };
        let settings = TlsSettings {
            certificate,
            key,
            client_auth: ClientAuth::of(policy.as_deref().unwrap_or("NoClientCert"))?,
            client_ca,
            client_names: self.client_allowed_sans.unwrap_or_default(),
            min_version: version(self.min_version, TlsVersion::Tls12)?,
            max_version: version(self.max_version, TlsVersion::Tls13)?,
            ciphers: all(self.cipher_suites, Cipher::of)?,
            prefer_own_ciphers: self.prefer_server_cipher_suites.unwrap_or(true),
            curves: all(self.curve_preferences, Curve::of)?,
        };
        settings.check()?;
        Ok(Some(settings))
    }
}

impl TlsSettings {
    /// Refuses what contradicts itself, above all what looks like more protection than it is.
    fn check(&self) -> Result<(), Invalid> {
        let policy = self.client_auth;
        let why = if self.min_version > self.max_version {
            "min_version is above max_version"
        } else if self.client_ca.is_some() && policy == ClientAuth::None {
            "client_ca has no effect without a client_auth_type"
        } else if !self.client_names.is_empty() && policy == ClientAuth::None {
            "client_allowed_sans has no effect without a client_auth_type"
        } else if self.client_ca.is_none() && policy.verifies() {
            "this client_auth_type needs a client_ca_file: who signs the certificates of clients?"
        } else if self.max_version == TlsVersion::Tls12
            && !self.ciphers.is_empty()
            && self.ciphers.iter().all(|it| it.is_tls13())
        {
            "cipher_suites has none for TLS 1.2, and max_version allows nothing newer"
        } else {
            return Ok(());
        };
        Err(Invalid::new(why))
    }
}

fn pem(
    inline: Option<Secret>,
    file: Option<String>,
    name: &str,
    folder: &Path,
) -> Result<Option<Pem>, Invalid> {
    let inline = inline.filter(|it| !it.expose().is_empty());
    let file = file.filter(|it| !it.is_empty());
    match (inline, file) {
        (Some(_), Some(_)) => Err(Invalid(format!("both {name} and {name}_file"))),
        (Some(text), None) => Ok(Some(Pem::Inline(text))),
        (None, Some(path)) => Ok(Some(Pem::File(folder.join(path)))),
        (None, None) => Ok(None),
    }
}

fn version(name: Option<String>, default: TlsVersion) -> Result<TlsVersion, Invalid> {
    name.map_or(Ok(default), |name| TlsVersion::of(&name))
}

fn all<T>(
    names: Option<Vec<String>>,
    of: impl Fn(&str) -> Result<T, Invalid>,
) -> Result<Vec<T>, Invalid> {
    names
        .unwrap_or_default()
        .iter()
        .map(|name| of(name))
        .collect()
}

/// The headers of the toolkit's list, without those that are blank.
fn headers(http: Http) -> Result<Vec<(HeaderName, HeaderValue)>, Invalid> {
    let mut headers = Vec::new();
    for (name, value) in http.headers.unwrap_or_default() {
        let known: &[&str] = match name.as_str() {
            "Content-Security-Policy" | "Strict-Transport-Security" | "X-XSS-Protection" => &[],
            "X-Content-Type-Options" => &["nosniff"],
            "X-Frame-Options" => &["deny", "sameorigin"],
            _ => return Err(Invalid(format!("the header {name:?} cannot be configured"))),
        };
        if !known.is_empty() && !known.contains(&value.as_str()) {
            let known = known.join(" or ");
            return Err(Invalid(format!("{name} has to be {known}, not {value:?}")));
        }
        if value.is_empty() {
            continue;
        }
        let invalid = |_| Invalid(format!("the value of {name} cannot be sent in a header"));
        let value = HeaderValue::from_str(&value).map_err(invalid)?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Invalid(name.clone()))?;
        headers.push((name, value));
    }
    Ok(headers)
}

impl Rate {
    fn read(self) -> Result<Option<RateLimit>, Invalid> {
        let interval = self.interval.as_deref().unwrap_or("0");
        let interval = duration(interval)
            .ok_or_else(|| Invalid(format!("rate_limit: {interval:?} is not a duration")))?;
        if interval.is_zero() {
            return Ok(None);
        }
        match self.burst {
            Some(burst) if burst > 0 => Ok(Some(RateLimit { interval, burst })),
            _ => Err(Invalid::new(
                "rate_limit: a burst below 1 would refuse every request",
            )),
        }
    }
}

/// A duration as Go writes it: `1m30s`, `0.5s`, `0`.
fn duration(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let (number, tail) = rest.split_at_checked(end)?;
        let end = tail
            .find(|it: char| it.is_ascii_digit())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(end)?;
        let seconds = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        let part = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()?;
        total = total.checked_add(part)?;
        rest = tail;
    }
    (!text.is_empty()).then_some(total)
}

/// Whether this is a bcrypt hash: `$2y$10$`, and 53 letters of its own alphabet.
fn is_bcrypt(hash: &str) -> Result<(), &'static str> {
    let mut parts = hash.split('$');
    let (empty, kind, cost, rest) = (parts.next(), parts.next(), parts.next(), parts.next());
    if empty != Some("") || !matches!(kind, Some("2a" | "2b" | "2y")) || parts.next().is_some() {
        return Err("not a bcrypt hash ($2a$, $2b$ or $2y$)");
    }
    let is_cost = |cost: &str| cost.len() == 2 && matches!(cost.parse::<u8>(), Ok(4..=31));
    if !cost.is_some_and(is_cost) {
        return Err("the cost of a bcrypt hash is 04 to 31");
    }
    let is_letter = |it: u8| it.is_ascii_alphanumeric() || it == b'.' || it == b'/';
    match rest {
        Some(rest) if rest.len() == 53 && rest.bytes().all(is_letter) => Ok(()),
        _ => Err("a bcrypt hash ends with 53 letters and digits"),
    }
}

#[cfg(test)]
mod tests;
