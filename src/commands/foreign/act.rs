//! `foreign import` and `foreign clear`.

use crate::act::{self, ConsentArgs};
use crate::change::foreign::{ForeignAction, NamedForeign, Which};
use crate::change::{ForeignChange, Request};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::commands::parts;
use crate::reading::{Controller, Part, Reading};

/// Which foreign configurations.
#[derive(Debug, clap::Args)]
struct Chosen {
    /// The index of one: see `foreign list`
    #[arg(value_name = "INDEX", required_unless_present = "all")]
    index: Option<u32>,
    /// All of the controller
    #[arg(long, conflicts_with = "index")]
    all: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Take over a foreign configuration: its virtual drives appear here
///
/// Right for drives that moved here from another controller. Wrong for a drive that was away while its
/// virtual drive was written to: its old data would take the place of newer ones. Refused where the
/// drives look like old members of a virtual drive that is here, and where some are missing. One
/// configuration at a time, told again by the serial numbers of its drives; look at it first with
/// `foreign show` and `foreign preview`.
///
/// Example: ironkeep foreign import 0
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Import {
    #[command(flatten)]
    chosen: Chosen,
}

/// Forget a foreign configuration: its drives are free, their data is lost
///
/// One configuration, told again by the serial numbers of its drives. All of them only with --all.
/// Refused while the cache holds data that could not be written: they may be meant for these drives.
///
/// Example: ironkeep foreign clear 0 --yes=foreign0
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Clear {
    #[command(flatten)]
    chosen: Chosen,
}

impl Run for Import {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        self.chosen
            .act(context, "foreign import", ForeignAction::Import)
    }
}

impl Run for Clear {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        self.chosen
            .act(context, "foreign clear", ForeignAction::Clear)
    }
}

/// What the checks look at.
const PARTS: &[Part] = &[
    Part::PhysicalDrives,
    Part::VirtualDrives,
    Part::DriveOperations,
    Part::ForeignConfigurations,
    Part::PreservedCache,
];

impl Chosen {
    fn act(
        self,
        context: &mut Context<'_>,
        command: &str,
        action: ForeignAction,
    ) -> Result<Code, Failure> {
        let reading = context.read(&act::parts(PARTS))?;
        parts::of(context, &reading, Part::ForeignConfigurations, |it| {
            it.foreign.as_ref()
        })?;
        let requests = match self.index {
            Some(index) => one(&reading, index, action)?,
            None => all(&reading, action)?,
        };
        act::carry_out(context, command, &self.consent, &reading, &requests)
    }
}

fn request(controller: &Controller, which: Which, action: ForeignAction) -> Option<Request> {
    Some(Request {
        controller: controller.id?,
        change: ForeignChange { which, action }.into(),
    })
}

/// The configurations of a controller that have a number.
fn named(controller: &Controller) -> Vec<NamedForeign> {
    let all = controller.foreign.iter().flatten();
    all.filter_map(NamedForeign::of).collect()
}

/// The request about the only configuration with that index.
fn one(reading: &Reading, index: u32, action: ForeignAction) -> Result<Vec<Request>, Failure> {
    let mut found = Vec::new();
    for controller in &reading.controllers {
        let those = named(controller).into_iter().filter(|it| it.index == index);
        found.extend(those.filter_map(|it| request(controller, Which::One(it), action)));
    }
    match found.len() {
        0 => {
            let all = reading.controllers.iter().flat_map(named);
            let indexes: Vec<String> = all.map(|it| it.index.to_string()).collect();
            let words = format!("there is no foreign configuration {index}");
            let failure = Failure::new(Kind::Usage, words);
            Err(if indexes.is_empty() {
                failure.hint("what is foreign: ironkeep foreign list")
            } else {
                failure.hint(format!("there is: {}", indexes.join(", ")))
            })
        }
        1 => Ok(found),
        count => {
            let words = format!("{count} controllers have a foreign configuration {index}");
            Err(Failure::new(Kind::Usage, words).hint("name the controller: --controller NUMBER"))
        }
    }
}

/// The request about all configurations of the only controller that has some.
fn all(reading: &Reading, action: ForeignAction) -> Result<Vec<Request>, Failure> {
    let mut found = Vec::new();
    for controller in &reading.controllers {
        let those = named(controller);
        if !those.is_empty() {
            found.extend(request(controller, Which::All(those), action));
        }
    }
    match found.len() {
        0 => Err(
            Failure::new(Kind::Usage, "there is no foreign configuration")
                .hint("what is foreign: ironkeep foreign list"),
        ),
        1 => Ok(found),
        count => {
            let words = format!("{count} controllers have foreign configurations");
            Err(Failure::new(Kind::Usage, words).hint("name the controller: --controller NUMBER"))
        }
    }
}
