//! `show`: all that is known of the things that selectors name.

use serde::Serialize;

use super::Provenance;
use super::parts::OfController;
use super::resolve::Found;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::output::{self, Envelope, Section};
use crate::reading::Reading;

/// Prints what `shown` makes of each thing that was found in `reading`, in the order in which they were
/// named. `sections` is told whether there are several, so that their titles say which one it is.
///
/// # Errors
/// The first thing that was not found; a stream that cannot be written.
pub(super) fn each<'a, T, D: Serialize>(
    context: &mut Context<'_>,
    command: &str,
    reading: &Reading,
    found: impl Iterator<Item = Result<Found<'a, T>, Failure>>,
    shown: impl Fn(Found<'a, T>) -> D,
    sections: impl Fn(&OfController<D>, bool) -> Vec<Section>,
) -> Result<Code, Failure>
where
    T: 'a,
{
    let shown = |found: Found<'a, T>| OfController {
        controller: found.controller.id,
        value: shown(found),
    };
    let things: Vec<_> = found
        .map(|found| found.map(shown))
        .collect::<Result<_, _>>()?;
    let several = things.len() > 1;
    let sections: Vec<Section> = things
        .iter()
        .flat_map(|thing| sections(thing, several))
        .collect();
    let envelope = Envelope::new(command, &things).with(Provenance::of(reading));
    output::print_record(context, &envelope, &sections)?;
    Ok(Code::Done)
}
