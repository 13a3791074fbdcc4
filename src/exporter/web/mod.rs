//! The server: pages over HTTP, to whoever may see them.
//!
//! ```text
//! listen -> serve: places (limits) -> TLS (tls) -> connection: phases -> Service::respond
//!                                                   watched: config, users <-/   \-> auth -> answer
//! ```
//!
//! [`answer`] is a function of the request and of what is known; everything around it says who gets to
//! ask, how often, and for how long.

pub mod answer;
mod auth;
pub mod config;
mod connection;
mod limits;
mod listen;
mod negotiate;
pub mod san;
mod serve;
mod tls;
mod watched;

use std::convert::Infallible;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use hyper::body::Incoming;
use hyper::header::{
    CACHE_CONTROL, CONNECTION, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Request, StatusCode};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio_rustls::rustls::ServerConfig;

use answer::{Answer, View, plain, set};
use auth::{Admission, Gate};
use config::{Invalid, WebConfig};
use limits::{Bucket, Neighbour};
use watched::Watched;

use super::collect::Shared;
use super::pages::Pages;

pub use limits::Limits;
pub use listen::{Address, NoAddress, inherited};
pub use serve::serve;

/// Where the server tells what an operator should know, a line at a time.
#[derive(Clone)]
pub struct Log(Arc<dyn Fn(&str) + Send + Sync>);

impl Log {
    /// One that hands every line to `tell`.
    pub fn new(tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    fn line(&self, text: &str) {
        (self.0)(text);
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Log")
    }
}

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// The path of the metrics.
    pub telemetry_path: String,
    /// The Content Security Policy of the page for people.
    pub page_policy: &'static str,
    /// The file of the web configuration.
    pub config_file: Option<PathBuf>,
    /// The limits.
    pub limits: Limits,
    /// Where it tells of trouble.
    pub log: Log,
}

/// What is served, and to whom.
#[derive(Debug)]
pub struct Service {
    pages: RwLock<Arc<Pages>>,
    shared: Arc<Shared>,
    telemetry_path: String,
    page_policy: &'static str,
    limits: Arc<Limits>,
    log: Log,
    /// `None`: everybody may see everything, in plain text.
    watched: Option<Watched>,
    open: Arc<WebConfig>,
    gate: Gate,
    bucket: Bucket,
}

impl Service {
    /// Nothing yet, of what `shared` will know.
    ///
    /// # Errors
    /// If the web configuration is not valid, or what it names cannot be read.
    pub fn new(shared: Arc<Shared>, options: Options) -> Result<Self, Invalid> {
        let watched = options
            .config_file
            .map(|path| Watched::open(path, options.log.clone()));
        Ok(Self {
            pages: RwLock::default(),
            shared,
            telemetry_path: options.telemetry_path,
            page_policy: options.page_policy,
            gate: Gate::new(&options.limits)?,
            limits: Arc::new(options.limits),
            log: options.log,
            watched: watched.transpose()?,
            open: Arc::default(),
            bucket: Bucket::default(),
        })
    }

    /// Replaces what is served.
    pub fn publish(&self, pages: Pages) {
        *self.pages.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pages);
    }

    /// How URLs of this server begin.
    pub fn scheme(&self) -> &'static str {
        match &self.watched {
            Some(watched) if watched.is_tls() => "https",
            _ => "http",
        }
    }

    /// Answers what comes in through `stream`, as if from the address `from`, until it ends.
    pub async fn converse(&self, stream: impl AsyncRead + AsyncWrite + Unpin, from: IpAddr) {
        let (_never, stop) = watch::channel(false);
        connection::serve(stream, from.into(), self, stop).await;
    }

    fn pages(&self) -> Arc<Pages> {
        Arc::clone(&self.pages.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn config(&self) -> Result<Arc<WebConfig>, Invalid> {
        match &self.watched {
            Some(watched) => watched.config(),
            None => Ok(Arc::clone(&self.open)),
        }
    }

    /// How TLS is spoken now; `None` where it is not.
    fn tls(&self) -> Option<Result<Arc<ServerConfig>, Invalid>> {
        let watched = self.watched.as_ref().filter(|it| it.is_tls())?;
        Some(watched.tls())
    }

    async fn respond(
        &self,
        request: Request<Incoming>,
        from: Neighbour,
    ) -> Result<Answer, Infallible> {
        // Not Ok: the configuration is broken, and with it what it says of headers.
        let config = self.config().ok();
        let mut answer = match &config {
            Some(config) => self.admit(&request, config, from).await,
            None => plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the web configuration is not valid\n",
            ),
        };
        set(&mut answer, CACHE_CONTROL, "no-store");
        set(&mut answer, X_CONTENT_TYPE_OPTIONS, "nosniff");
        for (name, value) in config.iter().flat_map(|config| &config.headers) {
            answer
                .headers_mut()
                .insert(HeaderName::clone(name), value.clone());
        }
        Ok(answer)
    }

    async fn admit(
        &self,
        request: &Request<Incoming>,
        config: &WebConfig,
        from: Neighbour,
    ) -> Answer {
        if !self.bucket.admits(config.rate_limit, Instant::now()) {
            return busy("too many requests\n");
        }
        if let Some(refusal) = answer::refusal(request) {
            return refusal;
        }
        match self
            .gate
            .check(&config.users, request.headers(), from)
            .await
        {
            Admission::Granted => {
                let view = View {
                    telemetry_path: &self.telemetry_path,
                    pages: &self.pages(),
                    page_policy: self.page_policy,
                    health: &self.shared.health(),
                };
                answer::page(request, &view)
            }
            Admission::Refused => {
                let mut answer = plain(
                    StatusCode::UNAUTHORIZED,
                    "a user and a password are needed\n",
                );
                set(
                    &mut answer,
                    WWW_AUTHENTICATE,
                    "Basic realm=\"ironkeep\", charset=\"UTF-8\"",
                );
                answer
            }
            Admission::Busy => busy("too many passwords are being checked\n"),
        }
    }
}

/// "Not now." Ends the connection: the body of the request, if any, is not read.
fn busy(text: &'static str) -> Answer {
    let mut answer = plain(StatusCode::TOO_MANY_REQUESTS, text);
    set(&mut answer, RETRY_AFTER, "1");
    set(&mut answer, CONNECTION, "close");
    answer
}
