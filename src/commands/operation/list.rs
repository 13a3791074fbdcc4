//! `operation list`.

use super::running::{self, RunningOperation};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::{Provenance, Run, parts};
use crate::output::{self, Envelope};
use crate::reading::{Controller, Part, Reading, Unread};

/// List all running operations with their progress
///
/// The remaining time and the end, which is on this host's clock, are estimates from the time so far:
/// other work on the drives changes them. The rate is the share of the controller's power that the
/// operation may take. A dash stands for what the controller does not say.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// What has to be read to know what runs.
pub(crate) const NEEDED: &[Part] = &[
    Part::Controllers,
    Part::VirtualDrives,
    Part::PhysicalDrives,
    Part::DriveOperations,
    Part::PatrolRead,
    Part::ConsistencySchedule,
    Part::CacheProtection,
];

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<RunningOperation>(&context.output)?;
        let reading = context.read(NEEDED)?;
        let has = |part| reading.controllers.iter().any(|it| it.has(part));
        if !has(Part::VirtualDrives) && !has(Part::PhysicalDrives) {
            parts::of(context, &reading, Part::VirtualDrives, |it| {
                it.virtual_drives.as_ref()
            })?;
        }
        let rows = rows(context, &reading);
        let misses_progress = rows.iter().any(RunningOperation::misses_progress);
        for &part in NEEDED {
            // Nobody misses the progress where no drive is in such a state, or the rates where nothing
            // runs.
            let is_missed = (part != Part::DriveOperations || misses_progress)
                && (part != Part::Controllers || !rows.is_empty());
            if is_missed {
                parts::mention(context, &reading, part)?;
            }
        }
        let envelope = Envelope::new("operation list", &rows).with(Provenance::of(&reading));
        let nothing = if reading.controllers.iter().all(says_all) {
            "Nothing is running."
        } else {
            "Nothing is running in what was read."
        };
        output::print_list_as(context, &envelope, &rows, nothing)?;
        Ok(Code::Done)
    }
}

/// Whether what was read of `controller` shows everything that may run. What the controller does not
/// support does not run; rates and progress say nothing about that.
fn says_all(controller: &Controller) -> bool {
    use Unread::{Failed, NotAvailable, Partial};
    let misses = |part| {
        let unread = controller.unread.get(part);
        matches!(unread, Some(NotAvailable | Failed(_) | Partial(_)))
    };
    let beside = [Part::Controllers, Part::DriveOperations];
    let telling = NEEDED.iter().filter(|part| !beside.contains(part));
    !telling.into_iter().any(misses)
}

/// What runs on all controllers.
pub(super) fn rows(context: &Context<'_>, reading: &Reading) -> Vec<RunningOperation> {
    let taken = running::taken(context, reading);
    let controllers = reading.controllers.iter();
    controllers
        .flat_map(|controller| running::all(controller, taken.as_ref()))
        .collect()
}
