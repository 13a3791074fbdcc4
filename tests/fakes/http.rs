//! A server on this host for tests: what it is asked goes to a function, and what that says is the answer.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// What the server was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    /// Path and query, as they came.
    pub(crate) target: String,
    /// The headers, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// A parameter of the query, decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(known, _)| *known == name)?;
        let mut bytes = Vec::new();
        let mut rest = value.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits = [rest.next()?, rest.next()?];
                let digits = std::str::from_utf8(&digits).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).ok()
    }
}

/// What it answers.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// A whole answer: status, further headers, body.
    Whole(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// So many times the same bytes, without an end that is known before.
    Endless(&'static [u8]),
    /// Nothing, until whoever asked goes away.
    Silence,
    /// Half an answer, and the connection breaks off.
    Half,
}

impl Answer {
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let kind = ("Content-Type", "application/json".to_owned());
        Self::Whole(status, vec![kind], body.into())
    }

    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self::Whole(status, Vec::new(), body.as_bytes().to_vec())
    }

    pub(crate) fn redirect(location: &str) -> Self {
        Self::Whole(302, vec![("Location", location.to_owned())], Vec::new())
    }
}

/// A server that answers until the test ends.
pub(crate) struct Server {
    /// Host and port.
    pub(crate) address: String,
    scheme: &'static str,
    seen: Arc<Mutex<Vec<Request>>>,
}

type Handler = dyn Fn(&Request) -> Answer + Send + Sync;

impl Server {
    /// A server without encryption.
    pub(crate) fn plain(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(None, Arc::new(answer))
    }

    /// A server with this certificate and key. With `authority`, only a client with a certificate of that
    /// one gets in.
    pub(crate) fn encrypted(
        (certificate, key): (&str, &str),
        authority: Option<&str>,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let of = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let builder = ServerConfig::builder();
        let builder = if let Some(authority) = authority {
            let mut roots = RootCertStore::empty();
            roots.add(of(authority)).unwrap();
            let roots = WebPkiClientVerifier::builder(Arc::new(roots));
            builder.with_client_cert_verifier(roots.build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let config = builder
            .with_single_cert(vec![of(certificate)], key)
            .unwrap();
        Self::start(Some(Arc::new(config)), Arc::new(answer))
    }

    fn start(tls: Option<Arc<ServerConfig>>, handler: Arc<Handler>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap().to_string(),
            scheme: if tls.is_some() { "https" } else { "http" },
            seen: Arc::default(),
        };
        let seen = Arc::clone(&server.seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tls, handler) = (tls.clone(), Arc::clone(&handler));
                let seen = Arc::clone(&seen);
                // What a client breaks off is its own business.
                thread::spawn(move || {
                    drop(match tls {
                        None => serve(&mut BufReader::new(stream), &*handler, &seen),
                        Some(config) => ServerConnection::new(config)
                            .map_err(io::Error::other)
                            .and_then(|connection| {
                                let stream = StreamOwned::new(connection, stream);
                                serve(&mut BufReader::new(stream), &*handler, &seen)
                            }),
                    });
                });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        match self.scheme {
            // The name in its certificate.
            "https" => format!("https://{}", self.address.replace("127.0.0.1", "localhost")),
            scheme => format!("{scheme}://{}", self.address),
        }
    }

    /// What it was asked so far.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

/// A stream that can be ended.
trait End {
    fn end(&mut self);
}

impl End for TcpStream {
    fn end(&mut self) {
        drop(self.shutdown(Shutdown::Both));
    }
}

impl End for StreamOwned<ServerConnection, TcpStream> {
    fn end(&mut self) {
        self.conn.send_close_notify();
        drop(self.flush());
        self.sock.end();
    }
}

/// Answers one question.
fn serve<S: Read + Write + End>(
    stream: &mut BufReader<S>,
    handler: &Handler,
    seen: &Mutex<Vec<Request>>,
) -> io::Result<()> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let mut request = Request {
        target: line.split(' ').nth(1).unwrap_or_default().to_owned(),
        ..Request::default()
    };
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        let header = (name.to_ascii_lowercase(), value.trim().to_owned());
        request.headers.push(header);
    }
    seen.lock().unwrap().push(request.clone());
    let answer = handler(&request);
    let out = stream.get_mut();
    match answer {
        Answer::Whole(status, headers, body) => {
            write!(out, "HTTP/1.1 {status} X\r\nConnection: close\r\n")?;
            for (name, value) in headers {
                write!(out, "{name}: {value}\r\n")?;
            }
            write!(out, "Content-Length: {}\r\n\r\n", body.len())?;
            out.write_all(&body)?;
        }
        Answer::Endless(bytes) => {
            write!(out, "HTTP/1.1 200 X\r\nConnection: close\r\n\r\n")?;
            loop {
                out.write_all(bytes)?;
            }
        }
        Answer::Silence => {
            io::copy(stream, &mut io::sink())?;
        }
        Answer::Half => {
            write!(
                out,
                "HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n{{\"status\""
            )?;
        }
    }
    stream.get_mut().flush()?;
    stream.get_mut().end();
    Ok(())
}
