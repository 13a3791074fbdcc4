//! `export`: metrics for Prometheus, and a page for people.

mod healthcheck;
mod listening;
mod serve;
mod textfile;

use super::verbs;
use crate::cli::Session;
use crate::cli::failure::Failure;
use crate::exporter::collect::{Settings, Source};
use crate::exporter::collector::Collector;
use crate::reading::{Part, Reading};
pub use healthcheck::Healthcheck;

/// Serve metrics to Prometheus and a page to people, or write them to a file
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    Serve(serve::Args),
    Textfile(textfile::Args),
    Healthcheck(healthcheck::Args),
}

impl Source for Session {
    fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure> {
        Self::read(self, parts)
    }
}

/// How collections are made: by the configuration.
fn settings(session: &Session) -> Settings {
    let config = session.config();
    Settings {
        interval: config.export.interval(),
        slow_interval: config.export.slow_interval(),
        collectors: Collector::ALL
            .iter()
            .copied()
            .filter(|&it| it != Collector::Events)
            .filter(|&it| it != Collector::PhyErrors || config.export.phy_errors)
            .collect(),
        limits: config.health.clone(),
        host: session.host_name(),
        map: config.map.clone(),
    }
}
