//! `controller firmware`.

use std::path::PathBuf;

use crate::act::ConsentArgs;
use crate::change::FirmwareChange;
use crate::change::firmware::{Image, LARGEST};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::{Run, verbs, whole};

/// Write new firmware to the controller
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    Flash(Flash),
}

/// Write the firmware in a file to the controller
///
/// A wrong file or a power failure can leave the controller dead. The file is looked at first, and the
/// versions are compared; refused while something runs, while unwritten data waits in the cache, and
/// while a virtual drive is degraded. Takes minutes, and cannot be interrupted. The new firmware runs
/// after a restart of the host. Example: ironkeep controller firmware flash mr2208fw.rom --yes=controller0
#[derive(Debug, clap::Args)]
struct Flash {
    /// The image, as the maker publishes it: a .rom file
    file: PathBuf,
    /// Let the controller take an older version; needs `--override no_version_check` as well
    #[arg(long)]
    no_version_check: bool,
    /// Let the controller take an unsigned image; needs `--override no_signature_check` as well
    #[arg(long)]
    no_signature_check: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Flash {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let image = Image {
            name: self.file.display().to_string(),
            bytes: whole::load(&self.file, "the firmware", LARGEST)?,
        };
        let command = "controller firmware flash";
        whole::carry_out(context, command, &self.consent, |controller| {
            let change = FirmwareChange {
                controller,
                image,
                no_version_check: self.no_version_check,
                no_signature_check: self.no_signature_check,
            };
            vec![change.into()]
        })
    }
}
