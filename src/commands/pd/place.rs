//! `pd replace-missing`: a drive for an empty place.

use ironkeep_parsers::model::{Arm, MissingDrive};

use super::act::{read, request};
use crate::act::{self, ConsentArgs};
use crate::change::physical_drive::{EmptyPlace, PhysicalDriveAction as Action};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::commands::resolve::Resolver;
use crate::output::human;
use crate::reading::Controller;
use crate::selector::DriveSelector;

/// Put a usable drive into an empty place of a drive group
///
/// The drive has to be large enough for that place and of the group's kind: interface, media, sector
/// size, protection information, encryption. What is on it is overwritten. Where several places are
/// empty, --array and --row name one, in the numbers of MegaCLI's table of missing drives. The rebuild
/// may have to be started afterwards.
///
/// Example: ironkeep pd replace-missing 252:3 && ironkeep pd rebuild start 252:3
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// The drive: 252:3, sn=SERIAL, wwn=WWN, /dev/sdX
    #[arg(value_name = "DRIVE")]
    drive: DriveSelector,
    /// The controller's own number of the span that has the place
    #[arg(long, value_name = "NUMBER", requires = "row")]
    array: Option<u32>,
    /// The place in the span
    #[arg(long, value_name = "NUMBER", requires = "array")]
    row: Option<u32>,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        // Whichever the place is.
        let any = Action::ReplaceMissing(EmptyPlace {
            span_reference: 0,
            arm: Arm(0),
        });
        let (reading, join) = read(context, std::slice::from_ref(&self.drive), any.parts())?;
        let found = Resolver::new(&reading, &join).drive(&self.drive)?;
        let place = match self.array.zip(self.row) {
            Some((span_reference, row)) => EmptyPlace {
                span_reference,
                arm: Arm(row),
            },
            None => only(found.controller)?,
        };
        let request = request(found, Action::ReplaceMissing(place))?;
        let command = "pd replace-missing";
        act::carry_out(context, command, &self.consent, &reading, &[request])
    }
}

/// The only empty place of the controller.
fn only(controller: &Controller) -> Result<EmptyPlace, Failure> {
    let Some(table) = &controller.missing_drives else {
        let words = "which places are empty could not be read";
        return Err(Failure::new(Kind::Hardware, words).hint("what can be read: ironkeep health"));
    };
    match table.as_slice() {
        [row] => Ok(EmptyPlace {
            span_reference: row.span_reference,
            arm: row.arm,
        }),
        [] => Err(
            Failure::new(Kind::Refused, "no place of any drive group is empty")
                .hint("empty that of a drive that failed: ironkeep pd missing"),
        ),
        rows => {
            let word = |row: &MissingDrive| {
                format!(
                    "--array {} --row {} ({})",
                    row.span_reference,
                    row.arm,
                    human::bytes(row.expected_size)
                )
            };
            let words: Vec<String> = rows.iter().map(word).collect();
            Err(Failure::new(Kind::Usage, "several places are empty")
                .hint(format!("name one: {}", words.join(", "))))
        }
    }
}
