//! A server in this process, and a client that says exactly what it is told to.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use ironkeep::exporter::collect::{Settings, Shared};
use ironkeep::exporter::collector::Collector;
use ironkeep::exporter::pages::{Encoded, Pages};
use ironkeep::exporter::system::SystemSettings;
use ironkeep::exporter::web::config::Invalid;
use ironkeep::exporter::web::{self, Limits, Log, Options, Service};
use tokio::sync::oneshot;

/// Longer than anything takes that works.
pub(crate) const FOREVER: Duration = Duration::from_mins(1);

pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < FOREVER, "waited in vain until {what}");
        sleep(Duration::from_millis(10));
    }
}

pub(crate) fn service(
    config: Option<&Path>,
    limits: Limits,
    lines: &Arc<Mutex<Vec<String>>>,
) -> Result<Service, Invalid> {
    let shared = Shared::new(Settings {
        interval: Duration::from_mins(1),
        slow_interval: Duration::from_mins(5),
        collectors: Collector::ALL.to_vec(),
        limits: ironkeep::health::Thresholds::default(),
        host: None,
        map: ironkeep::map::layout::Settings::default(),
        metrics_path: None,
        system: SystemSettings::default(),
    });
    let lines = Arc::clone(lines);
    let options = Options {
        telemetry_path: "/metrics".to_owned(),
        page_policy: "default-src 'none'",
        config_file: config.map(Path::to_owned),
        limits,
        log: Log::new(move |line| lines.lock().unwrap().push(line.to_owned())),
    };
    Service::new(shared, options)
}

/// Pages of which each says what it is.
pub(crate) fn pages(metrics: String) -> Pages {
    let encoded = |text: &str| Encoded {
        plain: text.to_owned().into(),
        gzip: format!("gzip of {text}").into(),
    };
    Pages {
        openmetrics: encoded("openmetrics"),
        html: encoded("html"),
        prometheus: Encoded {
            plain: metrics.into(),
            gzip: "gzip of text".into(),
        },
        ready: true,
    }
}

pub(crate) struct Server {
    pub address: SocketAddr,
    pub lines: Arc<Mutex<Vec<String>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(config: Option<&Path>, limits: Limits) -> Self {
        Self::with(config, limits, "text".to_owned())
    }

    pub(crate) fn with(config: Option<&Path>, limits: Limits, metrics: String) -> Self {
        let lines = Arc::default();
        let service = service(config, limits, &lines).unwrap();
        service.publish(pages(metrics));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let stopped = async { drop(stopped.await) };
                web::serve(vec![listener], Arc::new(service), stopped).await;
            });
        });
        Self {
            address,
            lines,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Asks it to stop, and goes on.
    pub(crate) fn ask_to_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits until it has stopped.
    pub(crate) fn join(mut self) {
        self.ask_to_stop();
        self.thread.take().unwrap().join().unwrap();
    }

    pub(crate) fn connect(&self) -> TcpStream {
        connect(self.address)
    }

    /// What it says to somebody who asks nicely.
    pub(crate) fn get(&self, path: &str, more: &str) -> Reply {
        let mut stream = self.connect();
        get(&mut stream, path, more)
    }

    /// Holds that it still answers.
    pub(crate) fn assert_well(&self) {
        let mut reply = None;
        wait_until("the server answers again", || {
            let stream = TcpStream::connect(self.address);
            reply = stream
                .ok()
                .and_then(|mut it| try_get(&mut it, "/metrics", ""));
            reply.is_some()
        });
        assert_eq!(reply.unwrap().status, 200);
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(FOREVER)).unwrap();
    stream.set_write_timeout(Some(FOREVER)).unwrap();
    stream
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// `GET` with a `Host`, and whatever lines `more` has.
pub(crate) fn request(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n")
}

pub(crate) fn get(stream: &mut (impl Read + Write), path: &str, more: &str) -> Reply {
    try_get(stream, path, more).unwrap()
}

pub(crate) fn try_get(stream: &mut (impl Read + Write), path: &str, more: &str) -> Option<Reply> {
    stream.write_all(request(path, more).as_bytes()).ok()?;
    read_reply(stream, true)
}

/// The next answer; `None` if the connection ends before it does.
pub(crate) fn read_reply(stream: &mut impl Read, has_body: bool) -> Option<Reply> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(read_byte(stream)?);
    }
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut reply = Reply {
        status,
        head,
        body: Vec::new(),
    };
    let length = reply
        .header("content-length")
        .map_or(0, |it| it.parse().unwrap());
    if has_body {
        reply.body = vec![0; length];
        stream.read_exact(&mut reply.body).ok()?;
    }
    Some(reply)
}

fn read_byte(stream: &mut impl Read) -> Option<u8> {
    let mut byte = [0];
    match stream.read(&mut byte) {
        Ok(1) => Some(byte[0]),
        Ok(_) => None,
        Err(error) => {
            assert_ne!(
                error.kind(),
                ErrorKind::WouldBlock,
                "waited in vain for a byte"
            );
            None
        }
    }
}

/// Whether the other side ends the connection, whatever it still says before.
pub(crate) fn ends(stream: &mut impl Read) -> bool {
    let mut waste = [0; 4096];
    loop {
        match stream.read(&mut waste) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
            Err(_) => return true,
        }
    }
}
