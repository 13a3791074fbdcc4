//! `export`: metrics for Prometheus, and a page for people.

mod healthcheck;
mod listening;
mod page;
mod reload;
mod serve;
mod textfile;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::verbs;
use crate::backend::Tool;
use crate::cli::Session;
use crate::cli::config::{Config, Export, MemoryBy};
use crate::cli::failure::Failure;
use crate::cli::join::Join;
use crate::dimm::Sources;
use crate::exporter::collect::{Settings, Shared, Source};
use crate::exporter::collector::Collector;
use crate::exporter::system::{MemorySettings, SystemSettings};
use crate::follow::EventRequest;
use crate::memory::group::By;
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

    fn read_events(&mut self, request: &EventRequest) -> Result<Reading, Failure> {
        Self::read_events(self, request)
    }

    fn tool(&mut self, known: Option<Tool>) -> Option<Tool> {
        Self::tool(self, known)
    }

    fn join(&self, reading: &Reading) -> Join {
        Join::of(self.host(reading), self.controllers_on_host())
    }

    fn configure(&mut self, config: Config) {
        self.reconfigure(config);
    }

    fn longest_run(&self) -> Duration {
        Self::longest_run(self)
    }
}

/// What holds whatever the configuration says when it is read again.
#[derive(Debug, Clone)]
struct Fixed {
    /// What `--interval` gives.
    interval: Option<Duration>,
    /// The name of the host.
    host: Option<String>,
    /// The path of the metrics; `None` where nothing is served.
    metrics_path: Option<String>,
    /// Where the host is read beside its controllers; `None` of a capture and of a simulated host.
    system: Option<Sources>,
    /// What `--memory` gives.
    memory: Option<MemoryBy>,
}

impl Fixed {
    fn new(session: &Session, interval: Option<Duration>, memory: Option<MemoryBy>) -> Self {
        Self {
            interval,
            host: session.host_name(),
            metrics_path: None,
            system: session.modules(None, Timestamp::now()),
            memory,
        }
    }

    /// How collections are made.
    fn settings(&self, config: &Config) -> Settings {
        let export = &config.export;
        let interval = self.interval.unwrap_or_else(|| export.interval());
        let is_on = |collector: &Collector| {
            (*collector != Collector::Events || export.events)
                && (*collector != Collector::PhyErrors || export.phy_errors)
        };
        Settings {
            interval,
            slow_interval: export.slow_interval().max(interval),
            collectors: Collector::ALL.iter().copied().filter(is_on).collect(),
            limits: config.health.clone(),
            host: self.host.clone(),
            map: config.map.clone(),
            metrics_path: self.metrics_path.clone(),
            system: self.system(export),
        }
    }

    /// What is read of the host beside its controllers.
    fn system(&self, export: &Export) -> SystemSettings {
        if self.system.is_none() {
            return SystemSettings::default();
        }
        let by = match self.memory.unwrap_or(export.memory) {
            MemoryBy::Off => None,
            MemoryBy::Unit => Some(By::Unit),
            MemoryBy::Program => Some(By::Program),
        };
        let memory = by.map(|by| MemorySettings {
            by,
            groups: export.memory_groups,
            budget: export.memory_budget(),
            largest: export.memory_largest(),
        });
        SystemSettings {
            memory,
            modules: export.dimms,
        }
    }
}

/// Lets `shared` know of every run of the tool that `session` makes, and of what an earlier process has
/// counted: in the file `state`, or else in the one called `name` where such files stand.
fn attach(session: &mut Session, shared: &Arc<Shared>, state: Option<PathBuf>, name: &str) {
    session.observe(shared.observer());
    if let Some(path) = state.or_else(|| session.exporter_state(name)) {
        shared.remember(path);
    }
}
