//! `export serve`.

use std::io;
use std::sync::Arc;
use std::thread;

use tokio::signal::unix::{SignalKind, signal};

use super::listening::Flags;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::exporter::collect::{self, Shared};
use crate::exporter::pages::Pages;
use crate::exporter::web::{self, Service};
use crate::runner::interrupt::Interrupt;

/// Serve metrics and a page for people, read in the background
///
/// MegaCLI runs at an interval, never because somebody asks for the metrics.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    web: Flags,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let shared = Shared::new(super::settings(&context.session));
        let listeners = self.web.listen()?;
        let invalid =
            |error| Failure::because(Kind::Config, "the web configuration is not valid", error);
        let service = Service::new(Arc::clone(&shared), self.web.options()).map_err(invalid)?;
        let service = Arc::new(service);
        for listener in &listeners {
            let (scheme, address) = (service.scheme(), listener.local_addr()?);
            writeln!(context.stderr, "listening on {scheme}://{address}")?;
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
                web::serve(listeners?, service, stop).await;
                Ok::<_, io::Error>(())
            });
            // A password that is being checked need not be waited for.
            runtime.shutdown_background();
            interrupt.ask();
            shared.stop();
            ended
        })?;
        Ok(Code::Done)
    }
}
