//! The flags of a server, as other exporters have them.

use std::net::TcpListener;
use std::path::PathBuf;

use rustix::process::{Resource, getrlimit};

use super::page::content_security_policy;
use crate::cli::failure::{Failure, Kind};
use crate::exporter::DEFAULT_ADDRESS;
use crate::exporter::web::{self, Address, Limits, Log};

/// File descriptors that are kept for everything but connections: the tool's pipes above all.
const OTHER_FILES: u64 = 64;

/// Where to listen, and to whom to answer.
#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// The address to listen on, :PORT for every address of the host; may be given several times
    #[arg(long = "web.listen-address", value_name = "ADDRESS", default_value = DEFAULT_ADDRESS)]
    addresses: Vec<Address>,

    /// Use the sockets that systemd passes, and no --web.listen-address
    #[arg(long = "web.systemd-socket")]
    systemd_socket: bool,

    /// The path of the metrics
    #[arg(long = "web.telemetry-path", value_name = "PATH", default_value = "/metrics", value_parser = path)]
    telemetry_path: String,

    /// A web configuration: TLS, passwords and headers, in the format that exporters share
    ///
    /// The file, and the certificates that it names, are read again when they change. While they are not
    /// valid, nobody is let in. HTTP/1.1 is spoken, also where the file allows HTTP/2.
    #[arg(long = "web.config.file", value_name = "FILE")]
    config_file: Option<PathBuf>,

    /// How many connections there may be; a quarter of them from one address
    #[arg(long = "web.max-connections", value_name = "NUMBER", default_value_t = 256,
          value_parser = clap::value_parser!(u32).range(1..=65536))]
    max_connections: u32,
}

impl Flags {
    /// The sockets that are listened on.
    ///
    /// # Errors
    /// If there is none, or one of them cannot be had.
    pub(super) fn listen(&self) -> Result<Vec<TcpListener>, Failure> {
        let listeners = if self.systemd_socket {
            let cannot = "cannot use what systemd passes: not a listening TCP socket";
            let cannot = |error| Failure::because(Kind::Environment, cannot, error);
            web::inherited().map_err(cannot)?
        } else {
            let listen = |address: &Address| {
                let what = format!("cannot listen on {address}");
                let cannot = |error| Failure::because(Kind::Environment, what, error);
                address.listen().map_err(cannot)
            };
            self.addresses
                .iter()
                .map(listen)
                .collect::<Result<_, _>>()?
        };
        if listeners.is_empty() {
            let what = "systemd passes no socket: is this started by a .socket unit?";
            return Err(Failure::new(Kind::Environment, what));
        }
        for listener in &listeners {
            listener.set_nonblocking(true)?;
        }
        Ok(listeners)
    }

    /// The path of the metrics.
    pub(super) fn metrics_path(&self) -> &str {
        &self.telemetry_path
    }

    /// How the server is set up, which tells `log` of trouble.
    pub(super) fn options(self, log: Log) -> web::Options {
        web::Options {
            telemetry_path: self.telemetry_path,
            page_policy: content_security_policy(),
            config_file: self.config_file.filter(|it| !it.as_os_str().is_empty()),
            limits: Limits::of(connections(self.max_connections)),
            log,
        }
    }
}

/// As many connections as were asked for, and as there may be open files.
fn connections(wanted: u32) -> usize {
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let possible = files.saturating_sub(OTHER_FILES).max(1);
    usize::try_from(possible.min(wanted.into())).unwrap_or(usize::MAX)
}

/// A path that a request can ask for, and that is not taken.
fn path(text: &str) -> Result<String, &'static str> {
    let is_plain = text
        .bytes()
        .all(|it| it.is_ascii_graphic() && it != b'?' && it != b'#');
    if !text.starts_with('/') || !is_plain {
        return Err("a path begins with / and has neither blanks nor ? nor #");
    }
    if text.starts_with("/-/") {
        return Err("/-/ is for the health of the exporter");
    }
    Ok(text.to_owned())
}
