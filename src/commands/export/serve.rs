//! `export serve`.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::listening::Flags;
use super::reload::Reload;
use super::{Fixed, page};
use crate::cli::config::MemoryBy;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Interrupt, duration};
use crate::commands::Run;
use crate::exporter::collect::{self, Shared, Voice};
use crate::exporter::pages::Press;
use crate::exporter::web::{self, Log, Service};

/// Serve metrics and a page for people, read in the background
///
/// MegaCLI runs at an interval, never because somebody asks for the metrics. SIGHUP reads the configuration
/// again.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    web: Flags,

    /// The time between two collections, as 60s or 5m (default 60s)
    #[arg(long, value_name = "TIME", value_parser = duration)]
    interval: Option<Duration>,

    /// Show who uses the memory, by units of systemd or by programs (default off)
    #[arg(long, value_name = "BY")]
    memory: Option<MemoryBy>,

    /// Where events and runs of MegaCLI are counted on from (default /var/lib/ironkeep/exporter.json)
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let fixed = Fixed {
            metrics_path: Some(self.web.metrics_path().to_owned()),
            ..Fixed::new(&context.session, self.interval, self.memory)
        };
        let settings = fixed.settings(context.session.config());
        let every = settings.interval.as_secs_f64();
        let shared = Shared::daemon(settings, Voice::new(context.stderr_is_journal));
        let listeners = self.web.listen()?;
        let invalid =
            |error| Failure::because(Kind::Config, "the web configuration is not valid", error);
        let teller = Arc::clone(&shared);
        let log = Log::new(move |line| teller.voice().warn(line));
        let service = Service::new(Arc::clone(&shared), self.web.options(log)).map_err(invalid)?;
        let service = Arc::new(service);
        let version = env!("CARGO_PKG_VERSION");
        shared
            .voice()
            .say(&format!("ironkeep {version} collects every {every} s"));
        for listener in &listeners {
            let (scheme, address) = (service.scheme(), listener.local_addr()?);
            shared
                .voice()
                .say(&format!("listening on {scheme}://{address}"));
        }
        let interrupt = Interrupt::new();
        let system = fixed.system.clone();
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
                let mut press = Press::new(page::render);
                collect::publish(&publisher, |snapshot| {
                    publishing.publish(press.print(snapshot));
                });
            });
            let collecting = Arc::clone(&shared);
            scope.spawn(move || collect::collect(&collecting, &mut session));
            if let Some(sources) = system {
                let collecting = Arc::clone(&shared);
                scope.spawn(move || collect::collect_system(&collecting, &sources));
            }
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
                web::serve(listeners?, service, stop).await;
                Ok::<_, io::Error>(())
            });
            // A password that is being checked need not be waited for.
            runtime.shutdown_background();
            shared.voice().stopping();
            shared.stop();
            interrupt.ask();
            ended
        })?;
        Ok(Code::Done)
    }
}
