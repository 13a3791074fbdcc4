//! `export serve`.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::Fixed;
use super::reload::Reload;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Interrupt, duration};
use crate::commands::Run;
use crate::exporter::DEFAULT_ADDRESS;
use crate::exporter::collect::{self, Shared, Voice};
use crate::exporter::pages::Pages;
use crate::exporter::web::{self, Service};

/// Serve metrics and a page for people, read in the background
///
/// MegaCLI runs at an interval, never because somebody asks for the metrics. SIGHUP reads the configuration
/// again.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address to listen on; may be given several times
    #[arg(long = "web.listen-address", value_name = "ADDRESS", default_value = DEFAULT_ADDRESS)]
    addresses: Vec<SocketAddr>,

    /// The path of the metrics
    #[arg(
        long = "web.telemetry-path",
        value_name = "PATH",
        default_value = "/metrics"
    )]
    telemetry_path: String,

    /// The time between two collections, as 60s or 5m (default 60s)
    #[arg(long, value_name = "TIME", value_parser = duration)]
    interval: Option<Duration>,

    /// Where events and runs of MegaCLI are counted on from (default /var/lib/ironkeep/exporter.json)
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let fixed = Fixed::new(&context.session, self.interval);
        let settings = fixed.settings(context.session.config());
        let every = settings.interval.as_secs_f64();
        let shared = Shared::daemon(settings, Voice::new(context.stderr_is_journal));
        let service = Arc::new(Service::new(Arc::clone(&shared), self.telemetry_path));
        let mut listeners = Vec::new();
        let mut places = Vec::new();
        for address in self.addresses {
            let what = format!("cannot listen on {address}");
            let cannot = |error| Failure::because(Kind::Environment, what, error);
            let listener = TcpListener::bind(address).map_err(cannot)?;
            places.push(format!("http://{}", listener.local_addr()?));
            listener.set_nonblocking(true)?;
            listeners.push(listener);
        }
        shared.voice().say(&format!(
            "ironkeep {}: listening on {}, collecting every {every} s",
            env!("CARGO_PKG_VERSION"),
            places.join(", ")
        ));
        let interrupt = Interrupt::new();
        let reload = Reload::new(&context.session, fixed, &shared);
        let mut session = std::mem::take(&mut context.session);
        session.listen(interrupt.clone());
        super::attach(&mut session, &shared, self.state, "exporter.json");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        thread::scope(|scope| {
            let (publisher, publishing) = (Arc::clone(&shared), Arc::clone(&service));
            scope.spawn(move || {
                collect::publish(&publisher, |snapshot| {
                    publishing.publish(Pages::of(snapshot))
                });
            });
            let collecting = Arc::clone(&shared);
            scope.spawn(move || collect::collect(&collecting, &mut session));
            let ended = runtime.block_on(async {
                let listeners: Result<_, _> = listeners
                    .into_iter()
                    .map(tokio::net::TcpListener::from_std)
                    .collect();
                let (mut term, mut int, mut hup) = (
                    signal(SignalKind::terminate())?,
                    signal(SignalKind::interrupt())?,
                    signal(SignalKind::hangup())?,
                );
                let stop = async {
                    loop {
                        tokio::select! {
                            _ = term.recv() => break,
                            _ = int.recv() => break,
                            _ = hup.recv() => reload.run(),
                        }
                    }
                };
                web::serve(listeners?, service, stop).await
            });
            shared.voice().stopping();
            shared.stop();
            interrupt.ask();
            ended
        })?;
        Ok(Code::Done)
    }
}
