//! `controller config`: the whole configuration of a controller, saved, restored, cleared.

use std::path::{Path, PathBuf};

use ironkeep_parsers::model::ControllerId;
use serde::Serialize;

use crate::act::ConsentArgs;
use crate::backend::HandOut;
use crate::change::ConfigurationChange;
use crate::change::configuration::{self, ConfigurationAction, LARGEST, Note, SavedFile};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::{Run, verbs, whole};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Tabular};
use crate::reading::Part;

/// Save, restore or clear the configuration of a controller
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    Save(Save),
    Restore(Restore),
    Clear(Clear),
}

/// Save the configuration of the controller in a file
///
/// Changes nothing on the controller. Virtual drives, drive groups and hot spares are in it, data is
/// not. A note beside it, FILE.about, says of which controller it is and whether it is whole.
#[derive(Debug, clap::Args)]
struct Save {
    /// The file to write
    file: PathBuf,
    /// Replace the file if there is one
    #[arg(long)]
    overwrite: bool,
}

/// Put a saved configuration onto the controller
///
/// For a controller that lost its configuration, or that took the place of another with all its drives.
/// Data comes back only where every drive is in its place and was not written to since. Refused where
/// the file is damaged, is of another controller, or the controller has virtual drives.
/// Example: ironkeep controller config restore before.cfg
#[derive(Debug, clap::Args)]
struct Restore {
    /// The file that `config save` wrote
    file: PathBuf,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Give up every virtual drive and hot spare of the controller
///
/// All data on them is lost. Refused while the host uses one of them. Keep the configuration first:
/// ironkeep controller config save FILE
/// Example: ironkeep controller config clear --yes=controller0
#[derive(Debug, clap::Args)]
struct Clear {
    #[command(flatten)]
    consent: ConsentArgs,
}

/// The note beside a saved configuration.
fn note_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".about");
    PathBuf::from(name)
}

/// A configuration that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct SavedConfiguration {
    /// The controller.
    controller: ControllerId,
    /// The file.
    file: String,
    /// Its size.
    size_bytes: usize,
    /// The virtual drives in it.
    virtual_drives: Vec<String>,
}

impl Run for Save {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<SavedConfiguration>(&context.output)?;
        let note_path = note_path(&self.file);
        for path in [&self.file, &note_path] {
            whole::is_free(path, self.overwrite)?;
        }
        let (reading, controller) = whole::read(context, &[Part::VirtualDrives])?;
        let bytes = context
            .session
            .hand_out(HandOut::Configuration, controller)?;
        let at = whole::of(&reading, controller);
        let drives = at.and_then(|it| it.virtual_drives.as_deref());
        let drives = drives.unwrap_or_default();
        let virtual_drives: Vec<String> = drives.iter().map(configuration::describe).collect();
        let note = Note {
            controller_serial: at.and_then(|it| it.info.as_ref()?.serial.clone()),
            size_bytes: bytes.len(),
            checksum: configuration::checksum(&bytes),
            virtual_drives: virtual_drives.clone(),
            saved: context.now,
        };
        let mut text = serde_json::to_vec_pretty(&note)
            .map_err(|why| Failure::because(Kind::Internal, "cannot make the note", why))?;
        text.push(b'\n');
        whole::store(&self.file, &bytes, self.overwrite)?;
        whole::store(&note_path, &text, self.overwrite)?;
        let row = SavedConfiguration {
            controller,
            file: self.file.display().to_string(),
            size_bytes: bytes.len(),
            virtual_drives,
        };
        output::print_list(
            context,
            "controller config save",
            &[row],
            "Nothing was saved.",
        )?;
        Ok(Code::Done)
    }
}

impl Run for Restore {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let bytes = whole::load(&self.file, "the configuration", LARGEST)?;
        let note_path = note_path(&self.file);
        let note = if note_path.exists() {
            let text = whole::load(&note_path, "the note", LARGEST)?;
            let note = serde_json::from_slice(&text).map_err(|why| {
                let words = format!("{} is no note of a configuration", note_path.display());
                Failure::because(Kind::Environment, words, why)
            })?;
            Some(note)
        } else {
            None
        };
        let file = SavedFile {
            name: self.file.display().to_string(),
            bytes,
            note,
        };
        let command = "controller config restore";
        whole::carry_out(context, command, &self.consent, |controller| {
            let action = ConfigurationAction::Restore(file);
            vec![ConfigurationChange { controller, action }.into()]
        })
    }
}

impl Run for Clear {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let command = "controller config clear";
        whole::carry_out(context, command, &self.consent, |controller| {
            let action = ConfigurationAction::Clear;
            vec![ConfigurationChange { controller, action }.into()]
        })
    }
}

impl Tabular for SavedConfiguration {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            Cell::Number(row.controller.0.into())
        }),
        Column::new("file", "FILE", Align::Left, |row| row.file.as_str().into()),
        Column::new("size_bytes", "BYTES", Align::Right, |row| {
            Cell::Number(i128::try_from(row.size_bytes).unwrap_or(i128::MAX))
        }),
        Column::new("virtual_drives", "VIRTUAL DRIVES", Align::Prose, |row| {
            row.virtual_drives.join("; ").into()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::check_columns;

    #[test]
    fn columns_are_well_named() {
        check_columns::<SavedConfiguration>();
    }

    #[test]
    fn the_note_stands_beside_the_file() {
        assert_eq!(note_path(Path::new("/a/cfg")), Path::new("/a/cfg.about"));
    }
}
