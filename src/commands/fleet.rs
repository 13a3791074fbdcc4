//! `fleet`: all hosts at once, as the Prometheus that collects their metrics tells.

mod status;

use super::verbs;

pub use status::{FleetStatus, Source};

/// Look at all hosts at once, through the Prometheus that collects them
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { Status(status::Args) }
