//! `foreign preview`: how foreign configurations would be after an import.

use super::show::{self, Foreign};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::parts::{self, OfController};
use crate::commands::{Provenance, Run};
use crate::output::{self, Envelope, Format, Section};
use crate::reading::Part;

/// Show how foreign configurations would be after an import, and import nothing
///
/// All of a controller together. A virtual drive that would be degraded or off line lacks drives: look
/// for them first.
///
/// Example: ironkeep foreign preview
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let reading = context.read(&[Part::ForeignPreviews])?;
        let found = parts::of(context, &reading, Part::ForeignPreviews, |controller| {
            controller.foreign_previews.as_ref()
        })?;
        let previews: Vec<OfController<Foreign>> = found
            .iter()
            .map(|(controller, all)| OfController {
                controller: controller.id,
                value: Foreign::previewed((*all).clone()),
            })
            .filter(|it| !it.value.is_empty())
            .collect();
        let envelope = Envelope::new("foreign preview", &previews).with(Provenance::of(&reading));
        if previews.is_empty() && context.output.format == Format::Table {
            context.say("", "No foreign configurations.")?;
            return Ok(Code::Done);
        }
        let several = reading.controllers.len() > 1;
        let mut sections: Vec<Section> = Vec::new();
        for preview in &previews {
            sections.extend(show::sections(preview, several));
        }
        output::print_record(context, &envelope, &sections)?;
        Ok(Code::Done)
    }
}
