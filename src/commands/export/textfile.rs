//! `export textfile`.

use std::path::{Path, PathBuf};

use super::Fixed;
use crate::cli::config::MemoryBy;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::exporter::collect::{self, Shared};
use crate::exporter::exposition::TextFormat;
use crate::exporter::metrics;
use crate::exporter::snapshot::Snapshot;
use crate::files;

/// Read everything once and write the metrics for the textfile collector
///
/// A timer runs it. The file is replaced as a whole, also where MegaCLI does not answer: then it says so,
/// and the exit status is 1.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file, whose name should end in .prom; - is standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    output: PathBuf,

    /// Show who uses the memory, by units of systemd or by programs (default off)
    #[arg(long, value_name = "BY")]
    memory: Option<MemoryBy>,

    /// Where events and runs of MegaCLI are counted on from (default /var/lib/ironkeep/textfile.json)
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let fixed = Fixed::new(&context.session, None, self.memory);
        let shared = Shared::new(fixed.settings(context.session.config()));
        super::attach(&mut context.session, &shared, self.state, "textfile.json");
        if let Some(sources) = &fixed.system {
            collect::system_once(&shared, sources);
        }
        let collected = collect::once(&shared, &mut context.session);
        if collected
            .as_ref()
            .is_err_and(|failure| failure.kind() == Kind::Interrupted)
        {
            return collected.map(|()| Code::Done);
        }
        let snapshot = shared.snapshot();
        let text = metrics::describe(&snapshot).encode(TextFormat::Prometheus);
        if self.output == Path::new("-") {
            write!(context.stdout, "{text}")?;
        } else {
            files::replace(&self.output, text.as_bytes(), 0o644).map_err(|error| {
                let what = format!("cannot write {}", self.output.display());
                Failure::because(Kind::Environment, what, error)
                    .hint("what was there before is there still")
            })?;
        }
        collected.and_then(|()| complete(&snapshot))
    }
}

/// The metrics are written; a timer has to see, too, that they lack what is essential.
fn complete(snapshot: &Snapshot) -> Result<Code, Failure> {
    if snapshot.up {
        return Ok(Code::Done);
    }
    let outcomes = snapshot
        .collectors
        .iter()
        .flat_map(|(collector, status)| status.controllers.values().map(move |it| (collector, it)));
    let failed: Vec<String> = outcomes
        .filter_map(|(collector, outcome)| {
            Some(format!("{}: {}", collector.name(), outcome.why.as_ref()?))
        })
        .collect();
    let message = "the metrics are written, and lack what could not be read";
    Err(Failure::because(Kind::Hardware, message, failed.join("; "))
        .hint("what else is known: ironkeep health"))
}
