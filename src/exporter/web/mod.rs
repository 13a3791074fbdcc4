//! The server: fixed pages over HTTP, to whoever may see them.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, VARY,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use super::collect::Shared;
use super::exposition::TextFormat;
use super::pages::{Encoded, Pages};

/// What is served.
#[derive(Debug)]
pub struct Service {
    pages: RwLock<Arc<Pages>>,
    shared: Arc<Shared>,
    telemetry_path: String,
}

impl Service {
    /// Nothing yet, of what `shared` will know.
    pub fn new(shared: Arc<Shared>, telemetry_path: String) -> Self {
        Self {
            pages: RwLock::default(),
            shared,
            telemetry_path,
        }
    }

    /// Replaces what is served.
    pub fn publish(&self, pages: Pages) {
        *self.pages.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pages);
    }

    fn pages(&self) -> Arc<Pages> {
        Arc::clone(&self.pages.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
            let methods = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(ALLOW, methods);
            return response;
        }
        let pages = self.pages();
        match request.uri().path() {
            path if path == self.telemetry_path => {
                let wanted = request
                    .headers()
                    .get(ACCEPT)
                    .and_then(|it| it.to_str().ok());
                let is_open = wanted.is_some_and(|it| it.contains("application/openmetrics-text"));
                let (page, format) = if is_open {
                    (&pages.openmetrics, TextFormat::OpenMetrics)
                } else {
                    (&pages.prometheus, TextFormat::Prometheus)
                };
                encoded(request, page, format.media_type())
            }
            "/" => encoded(request, &pages.html, "text/html; charset=utf-8"),
            "/-/ready" if pages.ready => plain(StatusCode::OK, "ready\n"),
            "/-/ready" => plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "no collection has ended yet\n",
            ),
            "/-/healthy" => {
                let idle = self.shared.pulse().idle().as_secs_f64();
                plain(
                    StatusCode::OK,
                    format!("{{\"collector_idle_seconds\":{idle}}}\n"),
                )
            }
            _ => plain(StatusCode::NOT_FOUND, "not found\n"),
        }
    }
}

fn plain(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

fn encoded(
    request: &Request<Incoming>,
    page: &Encoded,
    kind: &'static str,
) -> Response<Full<Bytes>> {
    let accepted = request.headers().get(ACCEPT_ENCODING);
    let accepted = accepted.and_then(|it| it.to_str().ok());
    let is_gzip = accepted.is_some_and(|it| it.contains("gzip"));
    let body = if is_gzip { &page.gzip } else { &page.plain };
    let mut response = Response::new(Full::new(body.clone()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    if is_gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Serves what comes in through `listeners` until `stop` ends.
///
/// # Errors
/// If a listener fails for good.
pub async fn serve(
    listeners: Vec<TcpListener>,
    service: Arc<Service>,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for listener in listeners {
        tasks.spawn(accept(listener, Arc::clone(&service)));
    }
    tokio::select! {
        () = stop => Ok(()),
        Some(ended) = tasks.join_next() => ended.unwrap_or_else(|error| Err(io::Error::other(error))),
    }
}

async fn accept(listener: TcpListener, service: Arc<Service>) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let service = Arc::clone(&service);
        tokio::spawn(async move {
            let answer = service_fn(|request| {
                let response = service.answer(&request);
                async { Ok::<_, Infallible>(response) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(Duration::from_secs(10))
                .serve_connection(TokioIo::new(stream), answer);
            // What a client does wrong is its own business.
            drop(connection.await);
        });
    }
}
