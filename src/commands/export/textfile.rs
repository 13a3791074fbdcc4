//! `export textfile`.

use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::Run;
use crate::exporter::collect::{self, Shared};
use crate::exporter::exposition::TextFormat;
use crate::exporter::metrics;

/// Read everything once and write the metrics for the textfile collector
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let shared = Shared::new(super::settings(&context.session));
        collect::once(&shared, &mut context.session);
        let metrics = metrics::describe(&shared.snapshot());
        write!(context.stdout, "{}", metrics.encode(TextFormat::Prometheus))?;
        Ok(Code::Done)
    }
}
