//! `export serve`.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use tokio::signal::unix::{SignalKind, signal};

use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::exporter::DEFAULT_ADDRESS;
use crate::exporter::collect::{self, Shared};
use crate::exporter::pages::Pages;
use crate::exporter::web::{self, Service};
use crate::runner::interrupt::Interrupt;

/// Serve metrics and a page for people, read in the background
///
/// MegaCLI runs at an interval, never because somebody asks for the metrics.
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
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let shared = Shared::new(super::settings(&context.session));
        let service = Arc::new(Service::new(Arc::clone(&shared), self.telemetry_path));
        let mut listeners = Vec::new();
        for address in self.addresses {
            let what = format!("cannot listen on {address}");
            let cannot = |error| Failure::because(Kind::Environment, what, error);
            let listener = TcpListener::bind(address).map_err(cannot)?;
            writeln!(
                context.stderr,
                "listening on http://{}",
                listener.local_addr()?
            )?;
            listener.set_nonblocking(true)?;
            listeners.push(listener);
        }
        let interrupt = Interrupt::new();
        let mut session = std::mem::take(&mut context.session);
        session.listen(interrupt.clone());
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
                let (mut term, mut int) = (
                    signal(SignalKind::terminate())?,
                    signal(SignalKind::interrupt())?,
                );
                let stop = async {
                    tokio::select! {
                        _ = term.recv() => {}
                        _ = int.recv() => {}
                    }
                };
                web::serve(listeners?, service, stop).await
            });
            interrupt.ask();
            shared.stop();
            ended
        })?;
        Ok(Code::Done)
    }
}
